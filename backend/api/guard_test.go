package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const own = "127.0.0.1:4380"

// Who may ask the till for something: what a browser sends, and what becomes
// of it. An ask is allowed if it reaches the handler.
func TestGuard(t *testing.T) {
	h := func(pairs ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = pairs[i+1]
		}
		return m
	}
	const post, get = http.MethodPost, http.MethodGet
	for _, c := range []struct {
		name, method, host string
		header             map[string]string
		code               string // "" if it is let through
	}{
		{"the till's own page looks", get, own, h("Sec-Fetch-Site", "same-origin"), ""},
		{"the till's own page sells", post, own, h("Sec-Fetch-Site", "same-origin", "Origin", "http://"+own), ""},
		{"by name", post, "localhost:4380", h("Origin", "http://localhost:4380"), ""},
		{"by name, loudly", post, "LOCALHOST:4380", nil, ""},
		{"by IPv6", post, "[::1]:4380", h("Origin", "http://[::1]:4380"), ""},
		{"without a port", get, "127.0.0.1", nil, ""},
		{"IPv6 without a port", get, "[::1]", nil, ""},
		{"another loopback address", get, "127.8.8.8:4380", nil, ""},
		{"typed into the address bar", get, own, h("Sec-Fetch-Site", "none"), ""},
		{"a program", post, own, nil, ""},
		{"an old browser", post, own, h("Origin", "http://"+own), ""},

		{"another page sells", post, own, h("Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"), "foreign_origin"},
		{"another page sells, old browser", post, own, h("Origin", "https://evil.example"), "foreign_origin"},
		{"another page of this machine", post, own, h("Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:8000"), "foreign_origin"},
		{"another port of this machine, old browser", post, own, h("Origin", "http://127.0.0.1:8000"), "foreign_origin"},
		{"the same address by name", post, own, h("Origin", "http://localhost:4380"), "foreign_origin"},
		{"a page out of nowhere", post, own, h("Origin", "null"), "foreign_origin"},
		{"a file on the disk", post, own, h("Sec-Fetch-Site", "cross-site", "Origin", "null"), "foreign_origin"},
		{"an origin that is none", post, own, h("Origin", "evil"), "foreign_origin"},
		{"a site of an unknown sort", post, own, h("Sec-Fetch-Site", "elsewhere"), "foreign_origin"},
		{"another page deletes", http.MethodDelete, own, h("Sec-Fetch-Site", "cross-site"), "foreign_origin"},
		{"another page puts", http.MethodPut, own, h("Sec-Fetch-Site", "cross-site"), "foreign_origin"},
		{"another page cancels, with a plain form", post, own, h("Sec-Fetch-Site", "cross-site", "Content-Type", "text/plain"), "foreign_origin"},

		{"a name that leads here", get, "evil.example:4380", nil, "foreign_host"},
		{"a name that leads here sells", post, "evil.example:4380", h("Origin", "http://evil.example:4380", "Sec-Fetch-Site", "same-origin"), "foreign_host"},
		{"a name that begins like ours", get, "127.0.0.1.evil.example", nil, "foreign_host"},
		{"a name that begins like ours too", get, "localhost.evil.example:4380", nil, "foreign_host"},
		{"a name that ends like ours", get, "evil-localhost", nil, "foreign_host"},
		{"a name below ours", get, "app.localhost:4380", nil, "foreign_host"},
		{"ours with a point", get, "localhost.:4380", nil, "foreign_host"},
		{"an address by a public name", get, "127.0.0.1.nip.io:4380", nil, "foreign_host"},
		{"the address of the network", get, "192.168.1.20:4380", nil, "foreign_host"},
		{"every address", get, "0.0.0.0:4380", nil, "foreign_host"},
		{"every address, IPv6", get, "[::]:4380", nil, "foreign_host"},
		{"a number", get, "2130706433", nil, "foreign_host"},
		{"a short address", get, "127.1:4380", nil, "foreign_host"},
		{"no name", get, "", nil, "foreign_host"},
		{"a name with a user", get, "localhost@evil.example", nil, "foreign_host"},
		{"Wails' name, from the network", get, "wails", nil, "foreign_host"},
		{"the window's mark as a header", post, "wails", h("X-Window", "true", "Sec-Fetch-Site", "same-origin"), "foreign_host"},
	} {
		t.Run(c.name, func(t *testing.T) {
			reached := false
			guarded := Guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
			r := httptest.NewRequestWithContext(t.Context(), c.method, "/api/orders", nil)
			r.Host = c.host
			for name, value := range c.header {
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder()
			guarded.ServeHTTP(w, r)
			if reached != (c.code == "") {
				t.Fatalf("reached the till: %v", reached)
			}
			if c.code == "" {
				return
			}
			p := answer{w.Code, w.Header(), w.Body.String()}.problem(t)
			if string(p.Code) != c.code || w.Code != http.StatusForbidden || !strings.Contains(p.Detail, "Nothing was changed.") {
				t.Errorf("%d %+v", w.Code, p)
			}
		})
	}
}

// The desktop window has no address and no origin: its mark is in the context,
// which no request from a network can set.
func TestTheWindowNeedsNoGuard(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		reached := false
		guarded := Guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
		r := httptest.NewRequestWithContext(InWindow(t.Context()), method, "/api/orders", nil)
		r.Host = "wails"
		r.Header.Set("Origin", "wails://wails")
		guarded.ServeHTTP(httptest.NewRecorder(), r)
		if !reached {
			t.Errorf("%s from the window was refused", method)
		}
	}
}

// A sale that comes from another page changes nothing, and its own does.
func TestGuardedSale(t *testing.T) {
	s := newScene(t)
	till := Guard(New(s.opt))
	for origin, want := range map[string]int{"https://evil.example": http.StatusForbidden, "http://" + own: http.StatusCreated} {
		before := s.entries()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/orders", strings.NewReader(sale))
		r.Host = own
		r.Header.Set("Origin", origin)
		r.Header.Set("Idempotency-Key", "key-of-this-sale")
		w := httptest.NewRecorder()
		till.ServeHTTP(w, r)
		if w.Code != want || (s.entries() == before) != (want == http.StatusForbidden) {
			t.Errorf("from %s: %d, and %d entries: %s", origin, w.Code, s.entries()-before, w.Body)
		}
	}
}
