package stripesim

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestFaultsOnTheWire go over a real connection: what is asked, what the
// client sees, and whether Stripe has done it.
func TestFaultsOnTheWire(t *testing.T) {
	for _, c := range []struct {
		fault Fault
		done  bool
		seen  func(b *box, r reply, err error) bool
	}{
		{Fault{Kind: FaultReset}, false, func(_ *box, _ reply, err error) bool { return errors.Is(err, syscall.ECONNRESET) }},
		{Fault{Kind: FaultTLS}, false, func(_ *box, _ reply, err error) bool {
			return err != nil && strings.Contains(err.Error(), "malformed HTTP response")
		}},
		{Fault{Kind: FaultPortal}, false, func(b *box, r reply, err error) bool {
			return err == nil && r.status == 200 && r.asked == b.url+portalPath && strings.HasPrefix(string(r.body), "<!doctype html>")
		}},
		{Fault{Kind: Fault503}, false, func(_ *box, r reply, err error) bool {
			return err == nil && r.status == 503 && r.json == nil && r.header.Get("Request-Id") == "" && strings.HasPrefix(string(r.body), "<html>")
		}},
		{Fault{Kind: FaultStorm}, false, func(_ *box, r reply, err error) bool {
			_, retry := r.header["Stripe-Should-Retry"]
			_, after := r.header["Retry-After"]
			return err == nil && r.status == 429 && dig(r.t, r.json, "error.code") == "rate_limit" && r.header.Get("Stripe-Rate-Limited-Reason") == "global-rate" && !retry && !after
		}},
		{Fault{Kind: FaultStorm, RetryAfter: 1500 * time.Millisecond}, false, func(_ *box, r reply, err error) bool {
			return err == nil && r.status == 429 && r.header.Get("Retry-After") == "2"
		}},
		{Fault{Kind: FaultStatus, Status: 429, RetryAfter: time.Minute}, false, func(_ *box, r reply, err error) bool {
			return err == nil && r.status == 429 && r.header.Get("Retry-After") == "60"
		}},
		{Fault{Kind: FaultLock}, false, func(_ *box, r reply, err error) bool {
			return err == nil && r.status == 429 && dig(r.t, r.json, "error.code") == "lock_timeout" && r.header.Get("Stripe-Should-Retry") == "true"
		}},
		{Fault{Kind: FaultDate, Delay: -3 * time.Hour}, true, func(b *box, r reply, err error) bool {
			return err == nil && r.status == 200 && r.header.Get("Date") == b.clock.now().Add(-3*time.Hour).Format(http.TimeFormat)
		}},
		{Fault{Kind: FaultNoDate}, true, func(_ *box, r reply, err error) bool {
			_, dated := r.header["Date"]
			return err == nil && r.status == 200 && !dated
		}},
		{Fault{Kind: FaultShort}, true, func(_ *box, r reply, err error) bool {
			return err == nil && r.status == 200 && r.json == nil && r.header.Get("Content-Length") == fmt.Sprint(len(r.body)) && strings.HasPrefix(string(r.body), `{"id":"prod_`)
		}},
		{Fault{Kind: FaultTrickle, Delay: time.Second}, true, func(_ *box, r reply, err error) bool {
			return err == nil && r.status == 200 && r.json != nil && r.pieces > 5
		}},
		{Fault{Kind: FaultEmptyPage}, true, func(_ *box, r reply, err error) bool { // no list: nothing to empty
			return err == nil && r.status == 200 && r.json["object"] == "product"
		}},
	} {
		t.Run(fmt.Sprint(c.fault.Kind, c.fault.RetryAfter), func(t *testing.T) {
			b := newBox(t)
			b.serveRaw()
			c.fault.Method, c.fault.Path, c.fault.Times = "POST", "/v1/products", 1
			if err := c.fault.validate(); err != nil {
				t.Fatal(err)
			}
			b.sim.SetFaults(c.fault)
			if r, err := b.watch("/v1/products", "name=Poster"); !c.seen(b, r, err) {
				t.Errorf("the client saw %d %v %q in %d pieces of %s, %v", r.status, r.header, r.body, r.pieces, r.asked, err)
			}
			if n := len(b.get("/v1/products").ids()); (n == 1) != c.done {
				t.Errorf("%d products were made", n)
			}
			b.sim.SetFaults()
			b.post("/v1/products", "name=Programme").ok()
		})
	}
}

// watch posts, follows redirects, and counts the pieces in which the body comes.
func (b *box) watch(path, form string) (reply, error) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.url+path, strings.NewReader(form))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testKey)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return reply{t: b.t}, err
	}
	defer func() { _ = resp.Body.Close() }()
	r := reply{t: b.t, status: resp.StatusCode, header: resp.Header, asked: resp.Request.URL.String()}
	for buf := make([]byte, 4096); err == nil; {
		var n int
		n, err = resp.Body.Read(buf)
		r.body, r.pieces = append(r.body, buf[:n]...), r.pieces+1
	}
	r.json, _ = decode(r.body)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return r, err
}

// TestEmptyPage says that there is more, and gives nothing to go on from.
func TestEmptyPage(t *testing.T) {
	b := newBox(t)
	id := b.openSession("")
	b.sim.SetFaults(Fault{Kind: FaultEmptyPage, Times: 2})
	b.get("/v1/checkout/sessions/"+id).ok().has("id", id) // not a list: no use of the fault
	b.get("/v1/balance").ok()
	for _, path := range []string{"/v1/checkout/sessions", "/v1/events"} {
		if got := b.get(path).has("has_more", true, "url", path).ids(); len(got) != 0 {
			t.Errorf("%s has %v", path, got)
		}
	}
	if got := b.get("/v1/checkout/sessions").has("has_more", false).ids(); len(got) != 1 {
		t.Errorf("afterwards: %v", got)
	}
}

// TestStormPasses by the simulator's clock, or with its times.
func TestStormPasses(t *testing.T) {
	b := newBox(t)
	b.sim.SetFaults(Fault{Kind: FaultStorm, Delay: time.Minute})
	b.get("/v1/balance").fails(429, "rate_limit", "", "Request rate limit exceeded.")
	b.do("POST", "/_sim/clock", `{"advance":"59s"}`).ok()
	b.get("/v1/balance").fails(429, "rate_limit", "", "Request rate limit exceeded.")
	b.do("POST", "/_sim/clock", `{"advance":"1s"}`).ok()
	b.get("/v1/balance").ok()

	b.sim.SetFaults(Fault{Kind: FaultStorm, Times: 1})
	b.get("/v1/balance").fails(429, "rate_limit", "", "Request rate limit exceeded.")
	b.get("/v1/balance").ok()
}

// TestRefusedKeysStayFree: what a storm or a lock refused had not begun, so
// that the same key works when it has passed.
func TestRefusedKeysStayFree(t *testing.T) {
	b := newBox(t)
	b.sim.SetFaults(Fault{Kind: FaultStorm, Times: 1}, Fault{Kind: FaultLock, Times: 1})
	b.post("/v1/products", "name=A", "Idempotency-Key", "one").fails(429, "rate_limit", "", "Request")
	b.post("/v1/products", "name=A", "Idempotency-Key", "one").fails(429, "lock_timeout", "", "This object")
	if r := b.post("/v1/products", "name=A", "Idempotency-Key", "one").ok(); r.header.Get("Idempotent-Replayed") != "" {
		t.Error("the refusal was kept as the key's first answer")
	}
}

// TestChanceReplays: the same seed has the same luck, another seed another.
func TestChanceReplays(t *testing.T) {
	luck := func(seed uint64) (got []int) {
		b := newBox(t, func(o *Options) { o.Seed = seed })
		b.sim.SetFaults(Fault{Kind: FaultStatus, Status: 503, Chance: 0.4})
		for range 60 {
			got = append(got, b.get("/v1/balance").status)
		}
		return got
	}
	first := luck(7)
	if diff := cmp.Diff(first, luck(7)); diff != "" {
		t.Errorf("the same seed (-first +second):\n%s", diff)
	}
	if cmp.Equal(first, luck(8)) {
		t.Error("another seed has the same luck")
	}
	refused := 0
	for _, status := range first {
		if status == 503 {
			refused++
		}
	}
	if refused < 12 || refused > 36 {
		t.Errorf("%d of 60 were refused at a chance of 0.4", refused)
	}
}

// TestOneOfEach: a scripted fault and those of drills come together.
func TestOneOfEach(t *testing.T) {
	b := newBox(t)
	b.sim.SetFaults(Fault{Kind: FaultNoDate, Times: 1}, Fault{Kind: FaultStatus, Status: 503})
	b.sim.faults.set("a", b.sim.time(), []Fault{{Kind: FaultDelay, Delay: time.Millisecond}})
	start := time.Now()
	b.get("/v1/balance").fails(503, "", "", "An unknown")
	if took := time.Since(start); took < time.Millisecond {
		t.Errorf("answered in %v", took)
	}
	b.sim.SetFaults()
	if got := b.sim.faults.current("a"); len(got) != 1 {
		t.Errorf("the drill's faults are %v after the scripted ones were cleared", got)
	}
}
