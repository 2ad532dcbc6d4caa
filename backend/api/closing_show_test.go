package api

import (
	"encoding/json"
	"net/url"
	"testing"
)

// showClosingRoutes are a close that can be shown, and one that cannot.
func showClosingRoutes() []row {
	return []row{
		{name: "show a close", method: "POST", path: "/api/closing/show?file=pdf&from=2026-03-05T00:00:00Z&to=2026-03-05T12:00:00Z", status: 200, has: []string{`"opened":false`, `/api/closing.pdf?`}},
		{name: "show no close", method: "POST", path: "/api/closing/show?file=pdf", status: 400, code: "invalid_request"},
	}
}

// A close is shown in the system's browser by the address that its file has;
// what cannot be closed is told instead.
func TestShowClosing(t *testing.T) {
	t.Parallel()
	const day = "from=2026-03-05T00:00:00Z&to=2026-03-05T12:00:00Z"
	for _, c := range []struct {
		name, query string
		status      int
		url         string
	}{
		{"a period", "file=csv&" + day, 200, "/api/closing.csv?" + day},
		{"with a zone", "file=pdf&zone=Europe/Vienna&" + day, 200, "/api/closing.pdf?" + day + "&zone=Europe/Vienna"},
		{"another file", "file=exe&" + day, 422, ""},
		{"no file", day, 422, ""},
		{"no period", "file=csv", 400, ""},
		{"a period backwards", "file=csv&from=2026-03-05T12:00:00Z&to=2026-03-05T00:00:00Z", 400, ""},
	} {
		s := newScene(t)
		var shown string
		s.opt.OpenBrowser = func(address string) bool { shown = address; return true }
		a := s.send("POST", "/api/closing/show?"+c.query, "")
		if a.status != c.status {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
			continue
		}
		if c.status != 200 {
			a.problem(t)
			if shown != "" {
				t.Errorf("%s: %s is shown", c.name, shown)
			}
			continue
		}
		plain, err := url.QueryUnescape(shown)
		if err != nil || plain != "http://127.0.0.1:4380"+c.url {
			t.Errorf("%s: %s is shown, want %s (%v)", c.name, plain, c.url, err)
		}
		var told struct {
			URL    string
			Opened bool
		}
		if err := json.Unmarshal([]byte(a.body), &told); err != nil || told.URL != shown || !told.Opened {
			t.Errorf("%s: told %s (%v)", c.name, a.body, err)
		}
	}
}
