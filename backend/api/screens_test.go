package api

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"

	"willcall/backend/internal/testkit"
	"willcall/backend/stripesim"
)

// The screens: what is a file of the frontend is shown, and nothing else.
func TestScreens(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, c := range []struct {
		path   string
		status int
		is     string
		cache  string
		has    string
	}{
		{"/", 200, "text/html; charset=utf-8", "no-cache", "<title>Willcall"},
		{"/index.html", 200, "text/html; charset=utf-8", "no-cache", "<title>Willcall"},
		{"/favicon.svg", 200, "image/svg+xml", "no-cache", "<svg"},
		{"/assets/app-1a2b.js", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "start()"},
		{"/assets/app-1a2b.js?x=/../..", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "start()"},

		{"/sales", 404, problemType, "", "no page of this name"},
		{"/assets/app-0000.js", 404, problemType, "", "no page of this name"},
		{"/assets", 404, problemType, "", "no page of this name"},
		{"/assets/", 404, problemType, "", "no page of this name"},
		{"/.secret", 404, problemType, "", "no page of this name"},
		{"/.git/config", 404, problemType, "", "no page of this name"},
		{"/%2e%67it/config", 404, problemType, "", "no page of this name"},
		{"/..%2f..%2fetc%2fpasswd", 404, problemType, "", "no page of this name"},
		{"/assets/..%2ffavicon.svg", 404, problemType, "", "no page of this name"},
		{"/assets/%2e%2e/favicon.svg", 404, problemType, "", "no page of this name"},
		{"/%2ffavicon.svg", 404, problemType, "", "no page of this name"},
		{"/..%5c..%5cwindows%5cwin.ini", 404, problemType, "", "no page of this name"},
		{"/favicon.svg%00.js", 404, problemType, "", "no page of this name"},
	} {
		a := s.ask(httptest.NewRequestWithContext(t.Context(), http.MethodGet, c.path, nil))
		if a.status != c.status || a.header.Get("Content-Type") != c.is || a.header.Get("Cache-Control") != c.cache || !strings.Contains(a.body, c.has) {
			t.Errorf("%s: %d %q %q\n%s", c.path, a.status, a.header.Get("Content-Type"), a.header.Get("Cache-Control"), a.body)
		}
		if c.status != 200 {
			a.problem(t)
			continue
		}
		if p := a.header.Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'self'") || !strings.Contains(p, "frame-ancestors 'none'") || a.header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s may load and tell anything: %v", c.path, a.header)
		}
	}
}

// Dots in the path of a request line are taken out before anything is looked
// for, by sending the browser to the plain path.
func TestScreensWithDots(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for from, to := range map[string]string{"/../../etc/passwd": "/etc/passwd", "//favicon.svg": "/favicon.svg", "/assets/../favicon.svg": "/favicon.svg"} {
		a := s.ask(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1"+from, nil))
		if a.status/100 != 3 || a.header.Get("Location") != to {
			t.Errorf("%s: %d to %q", from, a.status, a.header.Get("Location"))
		}
	}
}

// A program that was built without its screens says so; the API works.
func TestWithoutScreens(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.opt.Screens = nil
	a := s.ask(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if p := a.problem(t); a.status != 404 || p.Code != "not_found" || !strings.Contains(p.Detail, "built without its screens") || p.Next != "Build it with: make build" {
		t.Errorf("%d %+v", a.status, p)
	}
	s.get("/api/catalogue", 200)
}

// phone gives the scene a simulated Stripe whose buyer's pages it shows. The
// paths that reach the simulator are noted.
func (s *scene) phone() (sim *stripesim.Sim, reached *[]string) {
	s.Helper()
	sim, _ = testkit.Stripe(s, stripesim.Options{})
	reached = &[]string{}
	handler := sim.Handler()
	between := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*reached = append(*reached, r.URL.EscapedPath())
		handler.ServeHTTP(w, r)
	}))
	s.Cleanup(between.Close)
	u, err := url.Parse(between.URL)
	if err != nil {
		s.Fatal(err)
	}
	s.opt.Phone = u
	return sim, reached
}

// Through the till's training phone a buyer's page can be reached, and nothing
// else of the simulator: not its API, not its controls, by no spelling.
func TestPhoneShowsOnlyBuyersPages(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	_, reached := s.phone()
	till := httptest.NewServer(New(s.opt))
	t.Cleanup(till.Close)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, p := range []string{
		"/training/phone/", "/training/phone", "/training/phone/c", "/training/phone/c/", "/training/phone/_sim/faults", "/training/phone/v1/balance", "/training/phone/v1/checkout/sessions",
		"/training/phone/c/../_sim/faults", "/training/phone/c/..%2f_sim/faults", "/training/phone/c/%2e%2e/_sim/faults", "/training/phone/c/%2e%2e%2f_sim%2ffaults",
		"/training/phone/c%2f..%2f_sim/faults", "/training/phone/c/x%2f..%2f..%2f_sim/faults", "/training/phone/c/.%2e/_sim/faults", "/training/phone/c/%252e%252e/_sim/faults",
		"/training/phone/c/..%5c_sim/faults", "/training/phone/_sim/..%2fc/x", "/training/phone/_sim/faults%2f..%2f..%2fc/x", "/training/phone//_sim/faults", "/training/phone/%2f_sim/faults",
		"/training/phone/C/pay/x", "/training/phone/c/%00", "/training/phone/c/..", "/training/phone/c/../../../_sim/clock", "/training/phone/c/pay/%2e%2e/%2e%2e/%2e%2e/_sim/clock", "/training/phonec/pay/x",
		"/training/elements", "/training/elements/..%2f_sim/faults", "/training/elements/../_sim/faults", "/training/elements/%2e%2e%2fv1%2fbalance", "/training/elements/%2e%2e/%2e%2e/_sim/clock",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			r, err := http.NewRequestWithContext(t.Context(), method, till.URL, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.URL.Opaque = p // sent as it is spelled here
			*reached = nil
			got, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, got.Body)
			got.Body.Close()
			for _, r := range *reached {
				plain, err := url.PathUnescape(r)
				if err != nil || !strings.HasPrefix(plain, "/c/") && !strings.HasPrefix(plain, "/elements/") || path.Clean(plain) != plain {
					t.Errorf("%s %s reached the simulator as %s: %d", method, p, r, got.StatusCode)
				}
			}
		}
	}
}

// The buyer pays on the phone beside the till; what the page needs comes
// through, and the order's view says where it is.
func TestPhone(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	sim, reached := s.phone()
	o := s.sell("key-open", testkit.Obliges, "", 1)
	if !strings.Contains(s.get("/api/orders/"+o.ID, 200), `"trainingPhone":"/training/phone/c/pay/`+o.Tenders[0].SessionID+`"`) {
		t.Error("the order does not say where its page is")
	}
	page := s.get("/training/phone/c/pay/cs_test_unknown?left", 404)
	if !strings.Contains(page, "<html") {
		t.Errorf("the page is %s", page)
	}
	s.get("/training/phone/c/assets/page.css", 200)
	if got := strings.Join(*reached, " "); got != "/c/pay/cs_test_unknown /c/assets/page.css" {
		t.Errorf("the simulator was asked for %s", got)
	}
	if n := sim.Requests().Writes; n != 0 {
		t.Errorf("the simulator's API was asked %d times", n)
	}
}

// Outside training there is no phone.
func TestNoPhoneInEarnest(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.sell("key-open", testkit.Obliges, "", 1)
	s.get("/training/phone/c/pay/"+o.Tenders[0].SessionID, 404)
	if strings.Contains(s.get("/api/orders/"+o.ID, 200), "trainingPhone") {
		t.Error("the order names a page of training")
	}
}

// A simulator that is gone is a problem that says so, and not a blank frame.
func TestPhoneWithoutALine(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	s.opt.Phone, _ = url.Parse(gone.URL)
	gone.Close()
	a := s.ask(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/training/phone/c/pay/x", nil))
	if p := a.problem(t); a.status != 503 || p.Code != "stripe_unreachable" || strings.Contains(a.body, "refused") || !strings.Contains(s.log.String(), "the training phone has no line") {
		t.Errorf("%d %s, and the log says %q", a.status, a.body, s.log)
	}
}
