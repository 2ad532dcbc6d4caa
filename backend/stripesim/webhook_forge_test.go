package stripesim

import "testing"

// TestForgedWebhooks: what each kind is, to an endpoint that looks closely.
func TestForgedWebhooks(t *testing.T) {
	b := newBox(t, quickly)
	r := newReceiver(t)
	b.post("/_sim/webhooks", `{"url":"`+r.url+`","secret":"whsec_test"}`).ok()
	if answer := b.post("/_sim/webhooks/send", `{"kind":"again"}`); answer.status != 400 {
		t.Errorf("an event that never happened was sent: %s", answer.body)
	}
	b.post("/v1/products", "name=Poster").ok()
	first := r.next(t, "product.created")
	b.settled()
	for _, c := range []struct {
		kind    string
		signed  bool // and just now
		sameID  bool
		atLeast int
	}{
		{SendReplayed, true, true, 1},
		{SendAgain, true, true, 1},
		{SendForged, false, true, 1},
		{SendUnsigned, false, true, 1},
		{SendOld, false, true, 1},
		{SendAltered, false, false, 1},
		{SendOversized, true, false, 64*1024 + 1},
		{SendUnknown, true, false, 1},
		{SendGarbage, true, false, 1},
	} {
		t.Run(c.kind, func(t *testing.T) {
			b.post("/_sim/webhooks/send", `{"kind":"`+c.kind+`"}`).ok().has("status", 200)
			d := <-r.got
			if got := d.proves("whsec_test", b.clock.now()); got != c.signed {
				t.Errorf("the signature holds: %v, want %v: %s", got, c.signed, d.header.Get("Stripe-Signature"))
			}
			if got := d.event["id"] == first.event["id"]; got != c.sameID {
				t.Errorf("it is the same event: %v, want %v: %s", got, c.sameID, d.body)
			}
			if len(d.body) < c.atLeast {
				t.Errorf("it has %d bytes, want %d", len(d.body), c.atLeast)
			}
			if c.kind == SendReplayed && d.header.Get("Stripe-Signature") != first.header.Get("Stripe-Signature") {
				t.Error("a replay has another signature")
			}
		})
	}
	for _, body := range []string{`{"kind":"postcard"}`, `{"kind":"again","webhook":"we_gone"}`, `{`} {
		if answer := b.post("/_sim/webhooks/send", body); answer.status != 400 {
			t.Errorf("%s was answered %d %s", body, answer.status, answer.body)
		}
	}
	r.status.Store(400)
	b.post("/_sim/webhooks/send", `{"kind":"forged"}`).ok().has("status", 400)
}

// TestNothingToReplay: a simulator that has just started has sent nothing.
func TestNothingToReplay(t *testing.T) {
	b := newBox(t)
	b.post("/v1/products", "name=Poster").ok()
	r := newReceiver(t)
	id := b.listen(Webhook{URL: r.url})
	if status, err := b.sim.SendWebhook(id, SendReplayed); err == nil {
		t.Errorf("something was replayed, and answered %d", status)
	}
	if status, err := b.sim.SendWebhook(id, SendAgain); err != nil || status != 200 {
		t.Errorf("what happened before it was registered can be sent: %d, %v", status, err)
	}
}
