package stripesim

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestLimits: a second's worth at once, then as the clock fills the buckets.
func TestLimits(t *testing.T) {
	b := newBox(t, func(o *Options) { o.Limits = Limits{PerSecond: 6, PerEndpoint: 4} })
	answered := func(paths ...string) (n int) {
		for _, path := range paths {
			if r := b.get(path); r.status == 200 {
				n++
			} else {
				r.fails(429, "rate_limit", "", "Request rate limit exceeded.")
			}
		}
		return n
	}
	balance, events := "/v1/balance", "/v1/events"
	for _, c := range []struct {
		passes time.Duration
		ask    []string
		want   int
	}{
		{0, []string{balance, balance, balance, balance, balance, balance}, 4}, // the endpoint's own limit
		{0, []string{events, events, events}, 2},                               // the account's
		{0, []string{balance, events}, 0},
		{500 * time.Millisecond, []string{balance, balance, balance}, 2},
		{0, []string{events, events}, 1},
		{time.Hour, []string{balance, balance, balance, balance, balance}, 4}, // never more than a second's worth
	} {
		b.clock.advance(c.passes)
		if got := answered(c.ask...); got != c.want {
			t.Errorf("after %v, %d of %v were answered, want %d", c.passes, got, c.ask, c.want)
		}
	}
	if diff := cmp.Diff(map[string]int{"GET /v1/balance": 2 + 1 + 1 + 1, "GET /v1/events": 1 + 1 + 1}, b.sim.Requests().Limited); diff != "" {
		t.Errorf("limited (-want +got):\n%s", diff)
	}
}

// TestLimitsTellWhy, do not touch pages and controls, and can be lifted.
func TestLimitsTellWhy(t *testing.T) {
	b := newBox(t)
	id := b.openSession("")
	for limits, want := range map[Limits]string{{PerSecond: 1}: reasonGlobal, {PerEndpoint: 1}: reasonEndpoint} {
		b.sim.Limit(limits)
		b.get("/v1/balance").ok()
		if got := b.get("/v1/balance").fails(429, "rate_limit", "", "Request").header.Get("Stripe-Rate-Limited-Reason"); got != want {
			t.Errorf("%+v: refused for %q, want %q", limits, got, want)
		}
	}
	b.sim.Limit(Limits{PerEndpoint: 1})
	b.get("/v1/balance").ok()
	b.post("/v1/checkout/sessions/"+id+"/expire", "").ok() // an endpoint of its own
	b.get("/_sim/requests").ok()
	if r := b.get("/c/pay/" + id); r.status != 200 {
		t.Errorf("the page answered %d", r.status)
	}
	b.do("POST", "/_sim/limits", `{}`).ok()
	for range 5 {
		b.get("/v1/balance").ok()
	}
}

// TestLimitsAreOfOneAccount: another one's requests are its own.
func TestLimitsAreOfOneAccount(t *testing.T) {
	b := newBox(t)
	if err := b.sim.AddAccount("acct_other", "Other", "DE", "eur"); err != nil {
		t.Fatal(err)
	}
	b.sim.Limit(Limits{PerSecond: 1})
	b.get("/v1/balance").ok()
	b.do("GET", "/v1/balance", "", "Stripe-Account", "acct_other").ok()
	b.do("GET", "/v1/balance", "", "Stripe-Account", "acct_other").fails(429, "rate_limit", "", "Request")
}

// TestLimitedKeysStayFree: a request that was one too many had not begun.
func TestLimitedKeysStayFree(t *testing.T) {
	b := newBox(t)
	b.sim.Limit(Limits{PerEndpoint: 1})
	b.post("/v1/products", "name=A", "Idempotency-Key", "a").ok()
	b.post("/v1/products", "name=B", "Idempotency-Key", "b").fails(429, "rate_limit", "", "Request")
	b.clock.advance(time.Second)
	b.post("/v1/products", "name=B", "Idempotency-Key", "b").ok().has("name", "B")
}
