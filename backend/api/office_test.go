package api

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

func asked(body bool, token string) map[string]string {
	h := map[string]string{}
	if token != "" {
		h["Willcall-Admin"] = token
	}
	if body {
		h["Content-Type"] = isJSON
	}
	return h
}

// Secrets that the rows send in.
const (
	sentKey     = "rk_test_51SENTKEY"
	sentPage    = "pk_test_51SENTPAGE"
	sentClient  = "ca_SENTCLIENT"
	sentHook    = "whsec_SENTHOOK"
	sentAddress = "http://127.0.0.1:4380/oauth/callback?code=ac_SENTCODE"
	sentPIN     = "73519462"
	sentPhrase  = "SENTPHRASE horse"
)

// officeRoutes are the routes of the connection, the administrator and the
// books.
func officeRoutes() []row {
	admin := asked(true, adminToken)
	return []row{
		{name: "connection", path: "/api/connection", status: 200, has: []string{`"state":"connected"`, `"accountId":"acct_1"`, `"warnings":[]`, `"methods":["card"]`, `"webhook":{"set":false,"received":0}`}},
		{name: "permissions", path: "/api/connection/permissions", status: 200, has: []string{`"name":"Checkout Sessions","access":"write","needed":true`}},
		{name: "use a key", method: "PUT", path: "/api/connection/key", header: admin, body: `{"key":"` + sentKey + `","publishableKey":"` + sentPage + `"}`, status: 200, has: []string{`"state":"connected"`}},
		{name: "ask for consent", method: "POST", path: "/api/connection/oauth", header: admin, status: 200, has: []string{`"url":"https://connect.stripe.com/oauth/authorize?state=s"`, `"opened":false`}},
		{name: "paste the address", method: "POST", path: "/api/connection/oauth/paste", header: admin, body: `{"address":"` + sentAddress + `"}`, status: 200, has: []string{`"accountName":"Playhouse"`}},
		{name: "disconnect", method: "DELETE", path: "/api/connection", header: admin, status: 200, has: []string{`"state"`}},
		{name: "allow slow ways to pay", method: "PUT", path: "/api/connection/methods", header: admin, body: `{"delayed":true}`, status: 200, has: []string{`"state"`}},
		{name: "set the webhook", method: "PUT", path: "/api/connection/webhook", header: admin, body: `{"secret":"` + sentHook + `"}`, status: 200, has: []string{`"state"`}},
		{name: "the platform", path: "/api/platform", header: admin, status: 200, has: []string{`"secretKey":true,"publishableKey":false,"clientId":true,"redirect":"http://127.0.0.1:4380/oauth/callback"`}},
		{name: "the platform, for anybody", path: "/api/platform", status: 401, code: "pin_needed"},
		{name: "set the platform", method: "PUT", path: "/api/platform", header: admin, body: `{"secretKey":"` + sentKey + `","clientId":"` + sentClient + `","fee":{"percent":150}}`, status: 200, has: []string{`"secretKey":true`}},

		{name: "access", path: "/api/access", status: 200, has: []string{`{"pinSet":false,"vault":{"kind":"file","state":"open"}}`}},
		{name: "set the PIN", method: "PUT", path: "/api/access/pin", header: asked(true, ""), body: `{"pin":"` + sentPIN + `"}`, status: 200, has: []string{`"token":"adm-1"`, `"until":"2026-03-05T12:00:00Z"`}},
		{name: "unlock", method: "POST", path: "/api/access/unlock", header: asked(true, ""), body: `{"pin":"` + sentPIN + `"}`, status: 200, has: []string{`"token":"adm-1"`}},
		{name: "open the vault", method: "POST", path: "/api/access/vault", header: asked(true, ""), body: `{"passphrase":"` + sentPhrase + `"}`, status: 200, has: []string{`"state":"open"`}},

		{name: "books", path: "/api/books", status: 200, has: []string{`"name":"training","mode":"training","open":true,"begun":true`, `"name":"live","mode":"live","open":false,"begun":false`}},
		{name: "open a book", method: "POST", path: "/api/books/live/open", header: admin, status: 200, has: []string{`"books":[`}},
		{name: "open no book", method: "POST", path: "/api/books/draft/open", header: admin, status: 422, code: "invalid_request"},
	}
}

// forAdministrators are the requests that only the administrator may make
// where there is a PIN; needed says that without one nobody may.
func forAdministrators() map[string]struct {
	method, path, body string
	needed             bool
} {
	type request = struct {
		method, path, body string
		needed             bool
	}
	return map[string]request{
		"useKey":      {"PUT", "/api/connection/key", `{"key":"k"}`, false},
		"beginOAuth":  {"POST", "/api/connection/oauth", "", false},
		"pasteOAuth":  {"POST", "/api/connection/oauth/paste", `{"address":"a"}`, false},
		"disconnect":  {"DELETE", "/api/connection", "", false},
		"setMethods":  {"PUT", "/api/connection/methods", `{"delayed":true}`, false},
		"setWebhook":  {"PUT", "/api/connection/webhook", `{"secret":"s"}`, false},
		"platform":    {"GET", "/api/platform", "", true},
		"setPlatform": {"PUT", "/api/platform", `{"secretKey":"s"}`, true},
		"openBook":    {"POST", "/api/books/live/open", "", false},
	}
}

// What only the administrator may needs the administrator's token, which the
// document says; and nothing is done without.
func TestAdministratorsAlone(t *testing.T) {
	t.Parallel()
	doc := document(t)
	for id, a := range forAdministrators() {
		for _, c := range []struct {
			pin    bool
			token  string
			status int
		}{
			{true, "", 401}, {true, "adm-0", 401}, {true, adminToken, 200}, {false, adminToken, 200}, {false, "", map[bool]int{true: 401, false: 200}[a.needed]},
		} {
			s := newScene(t)
			s.office.pin = c.pin
			r := row{method: a.method, path: a.path, body: a.body, header: asked(a.body != "", c.token)}
			got := s.ask(r.request(s, s.emptyHouse()))
			if got.status != c.status {
				t.Errorf("%s, with a PIN %v and the token %q: %d, want %d: %s", id, c.pin, c.token, got.status, c.status, got.body)
			}
			slow := false
			if err := s.book.View(func(tx *ledger.Tx) (err error) { slow, err = tx.Delayed(); return err }); err != nil {
				t.Error(err)
			}
			if did := len(s.office.asked) > 0 || slow; did != (c.status == 200 && id != "platform") {
				t.Errorf("%s, with a PIN %v and the token %q: it did %v", id, c.pin, c.token, s.office.asked)
			}
		}
		o := operation(doc, row{method: a.method, path: a.path})
		if o == nil || o.OperationID != id || o.Parameters.GetByInAndName("header", "Willcall-Admin") == nil {
			t.Errorf("%s does not say that it needs the administrator", id)
		}
	}
	for _, path := range doc.Paths.Map() {
		for _, o := range path.Operations() {
			_, listed := forAdministrators()[o.OperationID]
			if named := o.Parameters.GetByInAndName("header", "Willcall-Admin") != nil; named != (listed || o.OperationID == "lock") {
				t.Errorf("%s asks for the administrator: %v", o.OperationID, named)
			}
		}
	}
}

// Locking ends the right, and says nothing.
func TestLock(t *testing.T) {
	s := newScene(t)
	r := row{method: "POST", path: "/api/access/lock", header: asked(false, adminToken)}
	if a := s.ask(r.request(s, s.emptyHouse())); a.status != 204 || a.body != "" || len(s.office.asked) != 1 || s.office.asked[0] != "lock adm-1" {
		t.Errorf("%d %q, asked %v", a.status, a.body, s.office.asked)
	}
}

// No secret that is sent in comes out again, in an answer or in the log:
// neither when it is taken nor when it is refused, by the office or by huma.
func TestSecretsAreNotEchoed(t *testing.T) {
	t.Parallel()
	secrets := []string{"SENTKEY", "SENTPAGE", "SENTCLIENT", "SENTHOOK", "SENTCODE", sentPIN, "SENTPHRASE"}
	for _, r := range officeRoutes() {
		for what, spoil := range map[string]func(*row, *scene){
			"taken":          func(*row, *scene) {},
			"refused":        func(_ *row, s *scene) { s.office.refuseAll() },
			"a strange part": func(r *row, _ *scene) { r.body = strings.Replace(r.body, "{", `{"note":"`+sentKey+`",`, 1) },
			"half of it":     func(r *row, _ *scene) { r.body = strings.TrimSuffix(r.body, "}") },
			"a list":         func(r *row, _ *scene) { r.body = "[" + r.body + "]" },
			"in quotes":      func(r *row, _ *scene) { r.body = `"` + strings.ReplaceAll(r.body, `"`, "'") + `"` },
			"in a query":     func(r *row, _ *scene) { r.path += "?key=" + sentKey + "&force=" + sentKey },
		} {
			if what != "in a query" && r.body == "" && what != "refused" {
				continue
			}
			s := newScene(t)
			asks := r
			spoil(&asks, s)
			a := s.ask(asks.request(s, s.emptyHouse()))
			for _, secret := range secrets {
				if strings.Contains(a.body, secret) || strings.Contains(s.log.String(), secret) {
					t.Errorf("%s, %s: %s is in %s or in the log\n%s", r.name, what, secret, a.body, s.log)
				}
			}
		}
	}
}

// refuseAll makes all fail that can.
func (o *office) refuseAll() {
	for _, what := range []string{"key", "begin", "finish", "paste", "disconnect", "force", "set platform", "webhook", "set pin", "unlock", "vault", "open live", "connection", "platform", "access", "books"} {
		o.fails[what] = &boxoffice.Error{Code: boxoffice.CodeBadKey, Message: "It is not taken. Nothing was changed.", Next: "Enter another."}
	}
}

// What the office refuses is told with its code, and a book that cannot be
// asked is not taken for one that is well.
func TestTheOfficeRefuses(t *testing.T) {
	t.Parallel()
	for _, r := range officeRoutes() {
		if r.code != "" || r.name == "permissions" {
			continue
		}
		s := newScene(t)
		s.office.refuseAll()
		r.status, r.code, r.has = 422, "bad_key", []string{"It is not taken. Nothing was changed."}
		r.checkIn(s, s.emptyHouse())
	}
}

// Forcing a disconnection is asked for in so many words.
func TestForce(t *testing.T) {
	for query, want := range map[string]string{"": "disconnect", "?force=false": "disconnect", "?force=true": "force"} {
		s := newScene(t)
		row{name: query, method: "DELETE", path: "/api/connection" + query, status: 200}.checkIn(s, s.emptyHouse())
		if len(s.office.asked) != 1 || s.office.asked[0] != want {
			t.Errorf("%q: it did %v", query, s.office.asked)
		}
	}
}

// The browser is opened where there is a window, and the screen is told.
func TestTheBrowserOpens(t *testing.T) {
	for _, opens := range []bool{true, false} {
		s := newScene(t)
		var shown []string
		s.opt.OpenBrowser = func(url string) bool { shown = append(shown, url); return opens }
		h := s.house()
		want := map[bool]string{true: `"opened":true`, false: `"opened":false`}[opens]
		row{name: "consent", method: "POST", path: "/api/connection/oauth", status: 200, has: []string{want}}.checkIn(s, h)
		row{name: "page", method: "POST", path: "/api/orders/{typed.id}/page", status: 200, has: []string{want}}.checkIn(s, h)
		if len(shown) != 2 || !strings.HasPrefix(shown[0], "https://connect.stripe.com/") || !strings.HasSuffix(shown[1], h.typed.ID) {
			t.Errorf("it showed %v", shown)
		}
	}
}

// The page after consent says what came of it, whatever Stripe's words are,
// and keeps the code from whoever the browser asks next.
func TestCallback(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err    error
		status int
		has    []string
	}{
		"connected": {nil, 200, []string{"<h1>Connected</h1>", "Training: no real money"}},
		"refused": {
			&boxoffice.Error{Code: boxoffice.CodeOAuthRefused, Message: `Stripe said: <script>alert("x")</script> & no. Nothing was changed.`, Next: "Press Connect again."}, 422,
			[]string{"<h1>Not connected</h1>", "Stripe said: &lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; no.", "Press Connect again."},
		},
		"a mistake": {errors.New("dial 10.0.0.1"), 500, []string{"Willcall made a mistake of its own."}},
	} {
		s := newScene(t)
		s.office.fails["finish"] = c.err
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, CallbackPath+"?code=ac_SENTCODE&state=st_1", nil)
		a := s.ask(r)
		if a.status != c.status {
			t.Errorf("%s: %d", name, a.status)
		}
		for _, part := range c.has {
			if !strings.Contains(a.body, part) {
				t.Errorf("%s: there is no %s in %s", name, part, a.body)
			}
		}
		for header, want := range map[string]string{
			"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Content-Type": "text/html; charset=utf-8",
			"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
		} {
			if got := a.header.Get(header); got != want {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
		if strings.Contains(a.body+s.log.String(), "SENTCODE") || strings.Contains(a.body, "10.0.0.1") || strings.Contains(a.body, "<script") {
			t.Errorf("%s: %s\n%s", name, a.body, s.log)
		}
	}
}

// Whoever only looks at the address uses no code up.
func TestCallbackByHead(t *testing.T) {
	s := newScene(t)
	a := s.ask(httptest.NewRequestWithContext(t.Context(), http.MethodHead, CallbackPath+"?code=ac_1&state=st_1", nil))
	if a.status != 200 || len(s.office.asked) > 0 {
		t.Errorf("%d, asked %v", a.status, s.office.asked)
	}
}

// A hint is answered at once, with a status by which Stripe knows whether to
// send it again; and it reaches the office whole or not at all.
func TestWebhook(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, body string
		code         boxoffice.Code // of the office's refusal
		status       int
		asked        bool
	}{
		"good":                 {"POST", `{"id":"evt_1"}`, "", 204, true},
		"empty":                {"POST", ``, "", 204, true}, // whether it is Stripe's is told by its signature
		"forged":               {"POST", `{"id":"evt_1"}`, boxoffice.CodeWebhookRefused, 400, true},
		"no secret":            {"POST", `{"id":"evt_1"}`, boxoffice.CodeNotFound, 404, true},
		"as large as may be":   {"POST", strings.Repeat("x", maxHint), "", 204, true},
		"larger":               {"POST", strings.Repeat("x", maxHint+1), "", 413, false},
		"looked at":            {"GET", "", "", 404, false},
		"put":                  {"PUT", "{}", "", 404, false},
		"the office is broken": {"POST", "{}", boxoffice.CodeInternal, 500, true},
	} {
		s := newScene(t)
		if c.code != "" {
			s.office.fails["hint"] = &boxoffice.Error{Code: c.code, Message: "No. Nothing was changed.", Next: "Look."}
		}
		r := httptest.NewRequestWithContext(t.Context(), c.method, webhookPath, strings.NewReader(c.body))
		r.Host = "tunnel.example"
		r.Header.Set("Stripe-Signature", "t=1,v1=SIGNATURE")
		w := httptest.NewRecorder()
		Guard(New(s.opt)).ServeHTTP(w, r)
		want := c.status
		if c.method != http.MethodPost {
			want = http.StatusForbidden // under the tunnel's name there is nothing else
		}
		if w.Code != want || (len(s.office.asked) > 0) != c.asked {
			t.Errorf("%s: %d, want %d; asked %v", name, w.Code, want, s.office.asked)
		}
		if strings.Contains(w.Body.String()+s.log.String(), "SIGNATURE") {
			t.Errorf("%s: the signature is in %s or in the log", name, w.Body)
		}
	}
}

// drip sends a hint that never comes to its end, as a connection does.
type drip struct {
	*httptest.ResponseRecorder
	ends chan struct{}
}

func (d drip) SetReadDeadline(at time.Time) error {
	time.AfterFunc(time.Until(at), func() { close(d.ends) })
	return nil
}

func (d drip) Read([]byte) (int, error) {
	<-d.ends
	return 0, os.ErrDeadlineExceeded
}

func (d drip) Close() error { return nil }

// Anybody may send a hint as slowly as he likes; the book waits for nobody.
func TestASlowHint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		d := drip{httptest.NewRecorder(), make(chan struct{})}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, webhookPath, d)
		began := time.Now()
		Guard(New(s.opt)).ServeHTTP(d, r)
		if took := time.Since(began); took != hintPatience || d.Code != http.StatusRequestTimeout || len(s.office.asked) > 0 {
			t.Errorf("%d after %s, asked %v", d.Code, took, s.office.asked)
		}
	})
}

// Under the tunnel's name the till is a webhook and nothing else.
func TestTheTunnelLeadsNowhereElse(t *testing.T) {
	for _, path := range []string{"/", "/api/orders", "/webhooks/stripe/", "/webhooks/stripe/../../api/orders", "/webhooks", "/WEBHOOKS/STRIPE", "/webhooks//stripe", CallbackPath} {
		reached := false
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, nil)
		r.Host = "tunnel.example"
		w := httptest.NewRecorder()
		Guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })).ServeHTTP(w, r)
		if reached || w.Code != http.StatusForbidden {
			t.Errorf("%s: reached %v, %d", path, reached, w.Code)
		}
	}
}
