package api

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// drillRoutes are the drills outside training: there are none.
func drillRoutes() []row {
	body := map[string]string{"Content-Type": isJSON}
	return []row{
		{name: "drills in earnest", path: "/api/training/drills", status: 404, code: "not_found", has: []string{"Drills are for training", "nothing was changed"}},
		{name: "a drill in earnest", method: "PUT", path: "/api/training/drills/slow", header: body, body: `{"on":true}`, status: 404, code: "not_found"},
		{name: "quiet in earnest", method: "DELETE", path: "/api/training/drills", status: 404, code: "not_found"},
		{name: "a drill whose name is a path", method: "PUT", path: "/api/training/drills/..%2ffaults", header: body, body: `{"on":true}`, status: 422, code: "invalid_request"},
		{name: "a drill of a lifetime", method: "PUT", path: "/api/training/drills/days_offline", header: body, body: `{"days":61}`, status: 422, code: "invalid_request"},
	}
}

// knobs stands for the simulator's drill control: it keeps one lasting drill,
// and answers as it is told where it is told.
type knobs struct {
	asked  []string
	on     bool
	status int    // of the next answer; 0 as it should be
	says   string // with the status
}

func (k *knobs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if r.Method == http.MethodGet {
		body = nil
	}
	k.asked = append(k.asked, strings.TrimSpace(r.Method+" "+r.URL.EscapedPath()+" "+string(body)))
	if k.status != 0 {
		w.WriteHeader(k.status)
		_, _ = io.WriteString(w, k.says)
		return
	}
	switch r.Method {
	case http.MethodPut:
		k.on = strings.Contains(string(body), "true")
	case http.MethodDelete:
		k.on = false
	}
	drills := []map[string]any{
		{"name": "slow", "group": "network", "lasting": true, "on": k.on, "cases": []int{19}},
		{"name": "refund_in_dashboard", "group": "money", "on": false},
	}
	if k.on {
		drills[0]["since"] = time.Unix(1_772_712_000, 0).UTC()
	}
	_ = json.NewEncoder(w).Encode(drills)
}

// control gives the scene a simulator of which only the drills are there.
func (s *scene) control() *knobs {
	s.Helper()
	k := &knobs{}
	sim := httptest.NewServer(k)
	s.Cleanup(sim.Close)
	var err error
	if s.opt.Phone, err = url.Parse(sim.URL); err != nil {
		s.Fatal(err)
	}
	return k
}

func (s *scene) send(method, path, body string) answer {
	s.Helper()
	r := httptest.NewRequestWithContext(s.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", isJSON)
	return s.ask(r)
}

// What a trainer does reaches the simulator word for word, and the answer is
// how the drills then stand.
func TestDrills(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	k := s.control()
	const (
		still  = `{"name":"slow","group":"network","lasting":true,"on":false,"cases":[19]}`
		goes   = `{"name":"slow","group":"network","lasting":true,"on":true,"since":"2026-03-05T12:00:00Z","cases":[19]}`
		atOnce = `{"name":"refund_in_dashboard","group":"money","lasting":false,"on":false,"cases":[]}`
	)
	for _, c := range []struct {
		method, path, body string
		want               string
		asked              []string
	}{
		{"GET", "/api/training/drills", "", still, []string{"GET /_sim/drills"}},
		{"PUT", "/api/training/drills/slow", `{"on":true}`, goes, []string{`PUT /_sim/drills/slow {"on":true}`, "GET /_sim/drills"}},
		{"PUT", "/api/training/drills/slow", `{"on":false}`, still, []string{`PUT /_sim/drills/slow {"on":false}`, "GET /_sim/drills"}},
		{"PUT", "/api/training/drills/days_offline", `{"days":31}`, goes, []string{`PUT /_sim/drills/days_offline {"days":31,"on":true}`, "GET /_sim/drills"}},
		{"DELETE", "/api/training/drills", "", still, []string{"DELETE /_sim/drills null", "GET /_sim/drills"}},
	} {
		k.asked = nil
		a := s.send(c.method, c.path, c.body)
		if want := `{"drills":[` + c.want + `,` + atOnce + `]}`; a.status != 200 || strings.TrimSpace(a.body) != want {
			t.Errorf("%s %s: %d %s\nwant %s", c.method, c.path, a.status, a.body, want)
		}
		if diff := cmp.Diff(c.asked, k.asked); diff != "" {
			t.Errorf("%s %s asked the simulator (-want +got):\n%s", c.method, c.path, diff)
		}
	}
}

// A drill that cannot be done says why, in the simulator's words where they
// are meant for a person.
func TestDrillThatIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		status int
		says   string
		want   int
		code   string
		detail string
	}{
		{"nothing to do it to", 409, `{"error":"there is no open code to pay"}`, 409, "drill_refused", "There is no open code to pay."},
		{"in a whole sentence", 409, `{"error":"There is no open code to pay."}`, 409, "drill_refused", "There is no open code to pay."},
		{"without a reason", 409, `<html>`, 409, "drill_refused", "The drill found nothing to work on."},
		{"no such drill", 404, `{"error":"no drill slow"}`, 404, "not_found", "The simulated Stripe knows no such drill. Nothing was changed."},
		{"a simulator that is older", 400, `{}`, 404, "not_found", "The simulated Stripe knows no such drill. Nothing was changed."},
		{"broken", 500, `{"error":"bolt: disk"}`, 503, "stripe_unreachable", "The simulated Stripe does not answer. The drill may not have begun."},
	} {
		s := newScene(t)
		k := s.control()
		k.status, k.says = c.status, c.says
		a := s.send("PUT", "/api/training/drills/slow", `{"on":true}`)
		if p := a.problem(t); a.status != c.want || string(p.Code) != c.code || p.Detail != c.detail {
			t.Errorf("%s: %d %+v", c.name, a.status, p)
		}
		if strings.Contains(a.body, "bolt") {
			t.Errorf("%s: the cause is shown: %s", c.name, a.body)
		}
		if len(k.asked) != 1 {
			t.Errorf("%s: the simulator was asked %q", c.name, k.asked)
		}
	}
}

// A simulator that is gone, or answers nonsense, is no list of drills.
func TestDrillsWithoutALine(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	s.opt.Phone, _ = url.Parse(gone.URL)
	gone.Close()
	a := s.send("GET", "/api/training/drills", "")
	if p := a.problem(t); a.status != 503 || p.Code != "stripe_unreachable" {
		t.Errorf("%d %+v", a.status, p)
	}
	k := s.control()
	k.status, k.says = 200, `<html>log in to the hotel</html>`
	if a := s.send("GET", "/api/training/drills", ""); a.status != 500 || strings.Contains(a.body, "hotel") {
		t.Errorf("%d %s", a.status, a.body)
	}
}
