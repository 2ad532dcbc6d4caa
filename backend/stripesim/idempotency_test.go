package stripesim

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestReplay(t *testing.T) {
	b := newBox(t)
	first := b.post("/v1/checkout/sessions", sale, "Idempotency-Key", "order-1").ok()
	if first.header.Get("Idempotent-Replayed") != "" {
		t.Error("the first answer says that it is a replay")
	}
	b.buy(first.text("id"), Payment{})
	b.clock.advance(24*time.Hour - time.Second)
	parts := strings.Split(sale, "&") // the same parameters in another order
	again := b.post("/v1/checkout/sessions", strings.Join(append(parts[3:], parts[:3]...), "&"), "Idempotency-Key", "order-1").ok()
	if !bytes.Equal(first.body, again.body) {
		t.Errorf("the replay differs:\n%s\n%s", first.body, again.body)
	}
	for name, want := range map[string]string{"Idempotent-Replayed": "true", "Original-Request": first.header.Get("Request-Id"), "Idempotency-Key": "order-1"} {
		if got := again.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if again.header.Get("Request-Id") == first.header.Get("Request-Id") {
		t.Error("the replay has the first request's id")
	}
	b.clock.advance(time.Second)
	if fresh := b.post("/v1/checkout/sessions", sale, "Idempotency-Key", "order-1").ok(); fresh.text("id") == first.text("id") {
		t.Error("after 24 hours the key still replays")
	}
}

func TestKeyWithOtherParameters(t *testing.T) {
	b := newBox(t)
	b.post("/v1/products", "name=Poster", "Idempotency-Key", "k").ok()
	for _, c := range []struct{ path, form, message string }{
		{"/v1/products", "name=Programme", "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than 'k' if you meant to execute a different request."},
		{"/v1/products", "name=Poster&active=true", "Keys for idempotent requests can only be used with the same parameters"},
		{"/v1/prices", "currency=eur&unit_amount=100&product_data[name]=x", "Keys for idempotent requests can only be used for the same endpoint they were first used for ('/v1/prices' vs '/v1/products')."},
	} {
		r := b.post(c.path, c.form, "Idempotency-Key", "k").fails(400, "", "", c.message)
		r.has("error.type", "idempotency_error")
		if r.header.Get("Stripe-Should-Retry") != "false" {
			t.Error("the answer does not say that retrying is useless")
		}
	}
	if n := len(b.get("/v1/products").ids()); n != 1 {
		t.Errorf("%d products", n)
	}
	b.get("/v1/products?limit=1").ok()
	b.do("GET", "/v1/events", "", "Idempotency-Key", "k").ok() // reads ignore keys
	b.post("/v1/products", "name=Poster", "Idempotency-Key", strings.Repeat("k", 256)).fails(400, "", "", "Idempotency keys can be at most 255 characters long.")
	b.post("/v1/products", "name=Poster", "Idempotency-Key", strings.Repeat("k", 255)).ok()
}

// TestKeysBelongToAnAccount: the same key of two accounts is two keys.
func TestKeysBelongToAnAccount(t *testing.T) {
	b := newBox(t)
	if err := b.sim.AddAccount("acct_1Other", "Other", "DE", "eur"); err != nil {
		t.Fatal(err)
	}
	mine := b.post("/v1/products", "name=Poster", "Idempotency-Key", "k").ok().text("id")
	b.account = "acct_1Other"
	if theirs := b.post("/v1/products", "name=Programme", "Idempotency-Key", "k").ok().text("id"); theirs == mine {
		t.Error("the other account got our answer")
	}
}

// TestKeysBelongToAnAPIKey: another of the account is a stranger to its keys,
// unless that is assumed to be otherwise.
func TestKeysBelongToAnAPIKey(t *testing.T) {
	for _, shared := range []bool{false, true} {
		b := newBox(t)
		b.sim.Assume(Assumptions{KeysAreShared: shared})
		first := b.post("/v1/products", "name=Poster", "Idempotency-Key", "k").ok().text("id")
		if b.post("/v1/products", "name=Poster", "Idempotency-Key", "k").ok().text("id") != first {
			t.Errorf("shared is %t: the same key got another answer", shared)
		}
		value, err := b.sim.RegisterKey(Key{})
		if err != nil {
			t.Fatal(err)
		}
		b.key = value
		if got := b.post("/v1/products", "name=Poster", "Idempotency-Key", "k").ok().text("id"); (got == first) != shared {
			t.Errorf("shared is %t: another key got %s after %s", shared, got, first)
		}
	}
}

// TestWhichErrorsAKeyKeeps: those of a request that had begun to work.
func TestWhichErrorsAKeyKeeps(t *testing.T) {
	for _, c := range []struct {
		name, path, form string
		fault            *Fault
		status           int
		kept             bool
	}{
		{"unknown parameter", "/v1/checkout/sessions", sale + "&x=1", nil, 400, false},
		{"missing parameter", "/v1/products", "", nil, 400, false},
		{"no such account's key", "/v1/products", "name=x", &Fault{Kind: FaultStatus, Status: 401, Times: 1}, 401, false},
		{"a permission", "/v1/products", "name=x", &Fault{Kind: FaultStatus, Status: 403, Times: 1}, 403, false},
		{"another in progress", "/v1/products", "name=x", &Fault{Kind: FaultStatus, Status: 409, Times: 1}, 409, false},
		{"rate limit", "/v1/products", "name=x", &Fault{Kind: FaultStatus, Status: 429, Times: 1}, 429, false},
		{"unavailable", "/v1/products", "name=x", &Fault{Kind: FaultStatus, Status: 503, Times: 1}, 503, false},
		{"a total too small", "/v1/checkout/sessions", strings.Replace(sale, "=1200", "=1", 1), nil, 400, true},
		{"an unknown session", "/v1/checkout/sessions/cs_x/expire", "", nil, 404, true},
		{"a decline", "/v1/products", "name=x", &Fault{Kind: FaultStatus, Status: 402, Times: 1}, 402, true},
		{"a fault of Stripe's", "/v1/products", "name=x", &Fault{Kind: FaultStatus, Status: 500, Times: 1}, 500, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBox(t)
			if c.fault != nil {
				b.sim.SetFaults(*c.fault)
			}
			first := b.post(c.path, c.form, "Idempotency-Key", "k")
			if first.status != c.status {
				t.Fatalf("answered %d: %s", first.status, first.body)
			}
			again := b.post(c.path, c.form, "Idempotency-Key", "k")
			if kept := again.header.Get("Idempotent-Replayed") == "true"; kept != c.kept {
				t.Errorf("kept is %v: then answered %d: %s", kept, again.status, again.body)
			}
			if c.kept && (again.status != c.status || !bytes.Equal(again.body, first.body)) {
				t.Errorf("the replay differs: %d %s", again.status, again.body)
			}
			if !c.kept && c.fault != nil && again.status != 200 {
				t.Errorf("without the fault it answered %d", again.status)
			}
		})
	}
}

// TestKeyInUse: two at once, and the second is told so; afterwards it gets the
// first one's answer.
func TestKeyInUse(t *testing.T) {
	b := newBox(t)
	entered := make(chan struct{})
	leave := make(chan struct{})
	c := &call{id: "req_first", key: "k", http: mustRequest(t, b.url+"/v1/products"), endpoint: endpoints()[0]}
	go func() {
		defer close(leave)
		<-entered
		b.post("/v1/products", "name=Poster", "Idempotency-Key", "k").fails(409, "idempotency_key_in_use", "",
			"There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): k.")
		b.post("/v1/products", "name=Poster", "Idempotency-Key", "other").ok()
	}()
	if err := b.sim.prepare(c); err != nil {
		t.Fatal(err)
	}
	if first, kept, err := b.sim.reserve(c); kept || err != nil {
		t.Fatal(first, err)
	}
	close(entered)
	<-leave
	if _, err := b.sim.perform(c); err != nil {
		t.Fatal(err)
	}
	b.sim.release(c)
	if got := b.post("/v1/products", "name=Poster", "Idempotency-Key", "k").ok().header.Get("Original-Request"); got != "req_first" {
		t.Errorf("the answer is that of %q", got)
	}
}

func mustRequest(t *testing.T, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("name=Poster"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+testKey)
	return r
}

// TestOneKeyManyTaps: thirty at once under one key make one session.
func TestOneKeyManyTaps(t *testing.T) {
	b := newBox(t)
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			if r := b.post("/v1/checkout/sessions", sale, "Idempotency-Key", "cart"); r.status != 200 && r.status != 409 {
				t.Errorf("answered %d: %s", r.status, r.body)
			}
		})
	}
	wg.Wait()
	if n := len(b.get("/v1/checkout/sessions").ids()); n != 1 {
		t.Errorf("%d sessions", n)
	}
}
