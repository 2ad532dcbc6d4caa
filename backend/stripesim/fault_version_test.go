package stripesim

import (
	"slices"
	"testing"
	"time"
)

// TestPayloadVersions: what the events of a sale and of its refund carry in an
// account's old version, and that the objects themselves stay in ours.
func TestPayloadVersions(t *testing.T) {
	for _, c := range []struct {
		version string
		kind    string
		has     []string
		lacks   []string
	}{
		{"2022-11-15", "payment_intent.succeeded", []string{"latest_charge", "payment_method_types"}, []string{"charges"}},
		{"2022-11-15", "charge.succeeded", nil, []string{"refunds"}},
		{"2022-08-01", "payment_intent.succeeded", []string{"charges", "payment_method_types"}, []string{"latest_charge"}},
		{"2022-08-01", "charge.refunded", []string{"refunds"}, nil},
		{"2022-08-01", "checkout.session.completed", []string{"shipping_details", "amount_total"}, []string{"shipping"}},
		{"2020-08-27", "checkout.session.completed", []string{"shipping", "shipping_rate", "amount_total"}, []string{"shipping_details", "shipping_cost", "display_items"}},
		{"2019-02-11", "checkout.session.completed", []string{"display_items"}, []string{"amount_total", "payment_status"}},
		{"2019-02-11", "payment_intent.succeeded", []string{"charges", "payment_method"}, []string{"allowed_source_types"}},
		{"2016-07-06", "payment_intent.succeeded", []string{"charges", "allowed_source_types", "next_source_action"}, []string{"payment_method_types", "next_action", "latest_charge"}},
	} {
		t.Run(c.version+" "+c.kind, func(t *testing.T) {
			b := quirky(t, Quirks{PayloadVersion: c.version})
			id := b.openSession("")
			b.buy(id, Payment{})
			session := b.get("/v1/checkout/sessions/"+id).ok().has("payment_status", "paid", "amount_total", 2400)
			b.post("/v1/refunds", "amount=100&payment_intent="+session.text("payment_intent")).ok()
			e := b.get("/v1/events?type="+c.kind).ok().has("data.0.api_version", c.version).at("data.0.data.object").(map[string]any)
			for _, name := range c.has {
				if _, there := e[name]; !there {
					t.Errorf("there is no %s", name)
				}
			}
			for _, name := range c.lacks {
				if v, there := e[name]; there {
					t.Errorf("there is a %s: %v", name, v)
				}
			}
		})
	}
}

// TestOldPayloadsAreWhole: the lists in them have what belongs there.
func TestOldPayloadsAreWhole(t *testing.T) {
	b := quirky(t, Quirks{PayloadVersion: "2018-02-28"})
	other := b.openSession("")
	b.buy(other, Payment{})
	b.post("/v1/refunds", "amount=300&payment_intent="+b.get("/v1/checkout/sessions/"+other).ok().text("payment_intent")).ok() // is another charge's
	id := b.openSession("")
	if err := b.sim.Pay(id, Payment{Card: "4000000000009995"}); err == nil {
		t.Fatal("the card was not declined")
	}
	b.clock.advance(time.Second)
	b.buy(id, Payment{})
	intent := b.get("/v1/checkout/sessions/" + id).ok().text("payment_intent")
	charge := b.get("/v1/payment_intents/" + intent).ok().text("latest_charge")
	b.post("/v1/refunds", "amount=100&payment_intent="+intent).ok()
	last := b.post("/v1/refunds", "amount=200&payment_intent="+intent).ok().text("id")

	e := "data.0.data.object."
	b.get("/v1/events?type=payment_intent.payment_failed").ok().has(e+"status", "requires_source", e+"charges.total_count", 1)
	b.get("/v1/events?type=payment_intent.succeeded").ok().has(e+"charges.data.0.id", charge, e+"charges.data.0.refunds.total_count", 0)
	b.get("/v1/events?type=checkout.session.completed").ok().has(e+"display_items.0.quantity", 2, e+"display_items.0.amount", 1200)
	refunds := b.get("/v1/events?type=charge.refunded&limit=1").ok().has(e+"refunds.total_count", 2).at(e + "refunds.data").([]any)
	if !slices.ContainsFunc(refunds, func(r any) bool { return r.(map[string]any)["id"] == last }) {
		t.Errorf("the last refund is not among %v", refunds)
	}
}
