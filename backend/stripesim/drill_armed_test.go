package stripesim

import (
	"testing"
	"time"
)

// TestRefundedFirst: another till gives the same back in that moment. Of the
// whole there is nothing left; of a part there is, and both have their refund.
func TestRefundedFirst(t *testing.T) {
	b := newBox(t)
	b.unsuitable(refundedFirst, DrillOptions{})
	for _, c := range []struct {
		amount string
		ours   bool
		left   int
	}{{"", false, 0}, {"&amount=800", true, 800}, {"&amount=1600", false, 800}} {
		session := b.aCode("a")
		b.buy(session, Payment{})
		intent := b.get("/v1/checkout/sessions/" + session).ok().text("payment_intent")
		charge := b.drill(refundedFirst, DrillOptions{})
		if d := b.state(refundedFirst); !d.On || !d.Lasting || d.Object != charge {
			t.Errorf("armed: %+v", d)
		}
		want := 1
		for range 2 { // the second is a retry
			r := b.post("/v1/refunds", "payment_intent="+intent+c.amount+"&metadata[by]=us", "Idempotency-Key", "refund-"+charge)
			if c.ours {
				r.ok().has("status", "succeeded")
				want = 2
			} else if r.status != 400 {
				t.Errorf("refund of %q: %d %s", c.amount, r.status, r.body)
			}
		}
		b.get("/v1/charges/"+charge).ok().has("amount_refunded", 2400-c.left)
		all := b.get("/v1/refunds?charge=" + charge).ok()
		if len(all.ids()) != want {
			t.Errorf("refunds of %q: %s", c.amount, all.body)
		}
		if d := b.state(refundedFirst); d.On {
			t.Errorf("it is on still: %+v", d)
		}
		b.clock.advance(time.Second)
	}
}

// TestOtherWords: what was asked for is done, once; and its key is said to be
// that of something else.
func TestOtherWords(t *testing.T) {
	b := newBox(t)
	b.serveRaw()
	if _, err := b.sim.RunDrill("other_words", DrillOptions{}); err != nil {
		t.Fatal(err)
	}
	if r, err := b.try("POST", "/v1/products", "name=Poster", "Idempotency-Key", "k"); err == nil {
		t.Errorf("answered: %d %s", r.status, r.body)
	}
	b.sim.EndDrills()
	b.post("/v1/products", "name=Poster", "Idempotency-Key", "k").fails(400, "", "", "Keys for idempotent requests can only be used with the same parameters")
	if all := b.get("/v1/products").ok(); len(all.ids()) != 1 {
		t.Errorf("products: %s", all.body)
	}
}

// TestKilledInTheMiddle: the till ends with a page in its hands that has news,
// once; not with one that is old.
func TestKilledInTheMiddle(t *testing.T) {
	kills := 0
	b := newBox(t, func(o *Options) { o.Kill = func() { kills++ } })
	b.post("/v1/products", "name=Poster").ok()
	if d, err := b.sim.RunDrill(killedInTheMiddle, DrillOptions{}); err != nil || !d.On || !d.Lasting {
		t.Fatalf("armed: %+v, %v", d, err)
	}
	ask := func(want int) {
		t.Helper()
		b.get("/v1/events").ok()
		b.get("/v1/products").ok()
		if kills != want {
			t.Errorf("killed %d times, want %d", kills, want)
		}
	}
	ask(0)
	b.clock.advance(2 * time.Second)
	b.post("/v1/products", "name=Programme").ok()
	ask(1)
	ask(1)
	if d := b.state(killedInTheMiddle); d.On {
		t.Errorf("it is on still: %+v", d)
	}
	newBox(t).unsuitable(killedInTheMiddle, DrillOptions{}) // a till of its own
}
