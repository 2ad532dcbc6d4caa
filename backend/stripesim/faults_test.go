package stripesim

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStatusFaults(t *testing.T) {
	b := newBox(t)
	for _, c := range []struct {
		fault               Fault
		kind, code, message string
	}{
		{Fault{Status: 401}, "invalid_request_error", "", "Invalid API Key provided: sk_test_"},
		{Fault{Status: 402}, "card_error", "card_declined", "Your card was declined."},
		{Fault{Status: 403}, "invalid_request_error", "", "The provided key 'sk_test_"},
		{Fault{Status: 409}, "invalid_request_error", "idempotency_key_in_use", "There is currently another in-progress request"},
		{Fault{Status: 429}, "invalid_request_error", "rate_limit", "Request rate limit exceeded."},
		{Fault{Status: 429, Code: "lock_timeout"}, "invalid_request_error", "lock_timeout", "This object cannot be accessed right now"},
		{Fault{Status: 500}, "api_error", "", "An unknown error occurred."},
		{Fault{Status: 503}, "api_error", "", "An unknown error occurred."},
		{Fault{Status: 424, Code: "odd"}, "api_error", "odd", "An unknown error occurred."},
	} {
		c.fault.Kind, c.fault.Times = FaultStatus, 1
		b.sim.SetFaults(c.fault)
		r := b.get("/v1/balance").fails(c.fault.Status, c.code, "", c.message)
		r.has("error.type", c.kind)
		if r.header.Get("Request-Id") == "" {
			t.Errorf("%d: the error has no request id", c.fault.Status)
		}
		b.get("/v1/balance").ok() // once was enough
	}
}

func TestBrokenAnswers(t *testing.T) {
	for _, c := range []struct {
		kind string
		done bool // what was asked has happened
		seen func(reply, error) bool
	}{
		{FaultHTML, false, func(r reply, err error) bool {
			return err == nil && r.status == 200 && strings.HasPrefix(r.header.Get("Content-Type"), "text/html") && bytes.HasPrefix(r.body, []byte("<!doctype html>"))
		}},
		{FaultEmpty, false, func(r reply, err error) bool { return err == nil && r.status == 200 && string(r.body) == "{}" }},
		{FaultGarbage, false, func(r reply, err error) bool {
			return err == nil && r.status == 200 && r.json == nil && len(r.body) > 0
		}},
		{FaultDropBefore, false, func(_ reply, err error) bool { return err != nil }},
		{FaultDropAfter, true, func(_ reply, err error) bool { return err != nil }},
	} {
		t.Run(c.kind, func(t *testing.T) {
			b := newBox(t)
			b.sim.SetFaults(Fault{Method: "post", Path: "/v1/products", Kind: c.kind, Times: 1})
			if r, err := b.try("POST", "/v1/products", "name=Poster"); !c.seen(r, err) {
				t.Errorf("the client saw %d %q, %v", r.status, r.body, err)
			}
			if n := len(b.get("/v1/products").ids()); (n == 1) != c.done {
				t.Errorf("%d products were made", n)
			}
			b.post("/v1/products", "name=Programme").ok()
		})
	}
}

// TestCutAnswer goes straight to the simulator, whose own connection breaks.
func TestCutAnswer(t *testing.T) {
	b := newBox(t)
	b.serveRaw()
	b.sim.SetFaults(Fault{Path: "/v1/products", Kind: FaultCut, Times: 1})
	r, err := b.try("POST", "/v1/products", "name=Poster")
	if err == nil || r.status != 200 || len(r.body) == 0 || r.json != nil {
		t.Errorf("the client saw %d %q, %v", r.status, r.body, err)
	}
	if n := len(b.get("/v1/products").ids()); n != 1 {
		t.Errorf("%d products were made", n)
	}
}

func TestSlowAnswers(t *testing.T) {
	b := newBox(t)
	b.sim.SetFaults(Fault{Path: "/v1/balance", Kind: FaultDelay, Delay: 5 * time.Millisecond, Times: 1}, Fault{Path: "/v1/events", Kind: FaultHang})
	start := time.Now()
	b.get("/v1/balance").ok()
	if took := time.Since(start); took < 5*time.Millisecond {
		t.Errorf("answered in %v", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := http.DefaultClient.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Error("a hanging request was answered")
	}
}

func TestWhichRequestsAFaultHits(t *testing.T) {
	request := func(method, path string) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://x"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, c := range []struct {
		fault  Fault
		method string
		path   string
		want   bool
	}{
		{Fault{}, "GET", "/v1/balance", true},
		{Fault{}, "GET", "/c/pay/cs_1", false},
		{Fault{Method: "POST"}, "GET", "/v1/balance", false},
		{Fault{Path: "/v1/checkout/sessions"}, "POST", "/v1/checkout/sessions/cs_1/expire", true},
		{Fault{Path: "/v1/checkout/sessions/*/expire"}, "POST", "/v1/checkout/sessions/cs_1/expire", true},
		{Fault{Path: "/v1/checkout/sessions/*/expire"}, "POST", "/v1/checkout/sessions", false},
		{Fault{Path: "/v1/checkout/sessions/*"}, "GET", "/v1/checkout/sessions/cs_1/line_items", false},
		{Fault{Path: "/v1/[*"}, "GET", "/v1/balance", false},
		{Fault{Path: "/c/"}, "GET", "/c/pay/cs_1", true},
	} {
		if got := c.fault.matches(request(c.method, c.path)); got != c.want {
			t.Errorf("%+v hits %s %s: %v", c.fault, c.method, c.path, got)
		}
	}
}

// TestFaultsRunOut in their order.
func TestFaultsRunOut(t *testing.T) {
	b := newBox(t)
	b.sim.SetFaults(
		Fault{Kind: FaultStatus, Status: 429, Times: 2},
		Fault{Kind: FaultStatus, Status: 503, Times: 1},
	)
	var got []int
	for range 5 {
		got = append(got, b.get("/v1/balance").status)
	}
	if diff := cmp.Diff([]int{429, 429, 503, 200, 200}, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	b.sim.SetFaults(Fault{Kind: FaultStatus, Status: 503})
	for range 3 {
		b.get("/v1/balance").fails(503, "", "", "An unknown error")
	}
	b.sim.SetFaults()
	b.get("/v1/balance").ok()
}

// TestFaultOnThePage: the buyer's phone can lose the network too.
func TestFaultOnThePage(t *testing.T) {
	b := newBox(t)
	id := b.openSession("")
	b.sim.SetFaults(Fault{Path: "/c/pay/", Kind: FaultDropAfter, Times: 1})
	if _, err := b.try("POST", "/c/pay/"+id+"/pay", `{"email":"a@b.example"}`, "Content-Type", "application/json"); err == nil {
		t.Error("the answer came through")
	}
	b.get("/v1/checkout/sessions/"+id).ok().has("payment_status", "paid")
	b.sim.SetFaults(Fault{Path: "/c/", Kind: FaultStatus, Status: 503})
	if r := b.get("/c/pay/" + id); r.status != 503 || string(r.body) != "Service Unavailable" {
		t.Errorf("the page answered %d %s", r.status, r.body)
	}
}

// TestRequestsAreCounted, faulty ones too: Stripe counts what it receives.
func TestRequestsAreCounted(t *testing.T) {
	b := newBox(t)
	id := b.openSession("")
	for range 3 {
		b.get("/v1/checkout/sessions/" + id)
	}
	b.sim.SetFaults(Fault{Kind: FaultStatus, Status: 429, Times: 1})
	b.get("/v1/events")
	b.get("/v1/nothing")
	b.get("/c/pay/" + id) // not the API
	want := Counts{Reads: 5, Writes: 1, Paths: map[string]int{
		"POST /v1/checkout/sessions":          1,
		"GET /v1/checkout/sessions/{session}": 3,
		"GET /v1/events":                      1,
		"/v1/":                                1,
	}, Limited: map[string]int{"GET /v1/events": 1}}
	if diff := cmp.Diff(want, b.sim.Requests()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	b.get("/_sim/requests").ok().has("reads", 5, "writes", 1)

	before := b.sim.Requests()
	b.get("/v1/balance")
	if diff := cmp.Diff(Counts{Reads: 1, Paths: map[string]int{"GET /v1/balance": 1}}, b.sim.Requests().Since(before)); diff != "" {
		t.Errorf("counts since (-want +got):\n%s", diff)
	}
}
