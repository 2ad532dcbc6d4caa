package stripesim

import (
	"bytes"
	"path/filepath"
	"testing"
)

// TestTheSidesAreApart: one account, two books.
func TestTheSidesAreApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	live := b.with(b.register(Key{Live: true}))
	test := b.with(TrainingKey)
	made := live.post("/v1/checkout/sessions", sale+"&metadata[livemode]=false&expand[]=line_items", "Idempotency-Key", "k").ok()
	made.has("livemode", true, "line_items.data.0.price.livemode", true, "metadata.livemode", "false")
	id := made.text("id")
	if id[:10] != "cs_live_a1" || len(id) != len(test.openSession("")) {
		t.Errorf("the id is %s", id)
	}
	test.get("/v1/checkout/sessions/"+id).fails(404, "resource_missing", "session", "No such checkout.session")
	b.buy(id, Payment{})
	session := live.get("/v1/checkout/sessions/" + id + "?expand[]=payment_intent.latest_charge.balance_transaction").ok()
	session.has("livemode", true, "payment_status", "paid", "payment_intent.livemode", true, "payment_intent.latest_charge.livemode", true)
	live.get("/v1/balance").ok().has("livemode", true)
	test.get("/v1/balance").ok().has("livemode", false)
	for _, e := range live.get("/v1/events?limit=100").ok().at("data").([]any) {
		if dig(t, e, "livemode") != true || dig(t, e, "data.object.livemode") != true {
			t.Errorf("a live event says otherwise: %v", e)
		}
	}
	if types := test.types("&type=checkout.session.completed"); len(types) != 0 {
		t.Errorf("the test side heard of %v", types)
	}
	if a, b := live.get("/v1/account").ok().text("id"), test.get("/v1/account").ok().text("id"); a != b {
		t.Errorf("the sides are of %s and %s", a, b)
	}
	// One idempotency key on both sides is two keys.
	again := live.post("/v1/checkout/sessions", sale+"&metadata[livemode]=false&expand[]=line_items", "Idempotency-Key", "k")
	if !bytes.Equal(again.body, made.body) {
		t.Errorf("the key's first answer was %s, now %s", made.body, again.body)
	}
	test.post("/v1/checkout/sessions", sale, "Idempotency-Key", "k").ok().has("livemode", false)
	busy := func(live bool) string {
		return (&call{account: b.sim.accounts[bookName(b.sim.main, live)], key: "k"}).busyKey()
	}
	if busy(false) == busy(true) {
		t.Error("a request in progress on one side keeps the key from the other")
	}
	same(t, dump(b.sim), dump(reopen(t, path)))
}

// TestLiveKeysMustBeRegistered: nothing of the live side is open by accident.
func TestLiveKeysMustBeRegistered(t *testing.T) {
	b := newBox(t)
	for _, key := range []string{"sk_live_training", "rk_live_training", "pk_live_training"} {
		b.with(key).get("/v1/balance").fails(401, "", "", "Invalid API Key provided: ")
	}
}
