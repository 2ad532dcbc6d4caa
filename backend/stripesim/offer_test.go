package stripesim

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMethodConfigurations: the settings can be read, and what is on is what a
// session offers unasked.
func TestMethodConfigurations(t *testing.T) {
	journal := journaled(filepath.Join(t.TempDir(), "sim.jsonl"))
	b := newBox(t, journal)
	c := b.get("/v1/payment_method_configurations").ok()
	id := c.text("data.0.id")
	c.has("data.0.is_default", true, "data.0.active", true, "has_more", false,
		"data.0.card.available", true, "data.0.card.display_preference.value", "on", "data.0.card.display_preference.preference", "none",
		"data.0.link.available", true, "data.0.paypal.available", false, "data.0.paypal.display_preference.value", "off", "data.0.klarna.available", false)
	b.get("/v1/payment_method_configurations/"+id).ok().has("id", id, "card.available", true)
	b.get("/v1/payment_method_configurations/pmc_x").fails(404, "resource_missing", "configuration", "No such payment_method_configuration: 'pmc_x'")
	if got := b.get("/v1/payment_method_configurations?application=ca_1").ids(); len(got) != 0 {
		t.Errorf("an application has %v", got)
	}
	b.do("POST", "/_sim/methods", `{"paypal": true, "link": false}`, "Content-Type", "application/json").ok()
	b.do("POST", "/_sim/methods", `{"ideal": true}`, "Content-Type", "application/json").ok()
	if r := b.do("POST", "/_sim/methods", `{"barter": true}`, "Content-Type", "application/json"); r.status != 400 {
		t.Errorf("barter was accepted: %s", r.body)
	}
	again := newBox(t, journal)
	for _, box := range []*box{b, again} {
		box.get("/v1/payment_method_configurations/"+id).ok().has("paypal.available", true, "paypal.display_preference.preference", "on", "link.available", false, "ideal.available", true)
	}
	for currency, want := range map[string][]any{
		"eur": {"card", "paypal", "ideal", "sepa_debit"},
		"usd": {"card", "paypal", "us_bank_account"},
		"jpy": {"card"},
	} {
		r := b.post("/v1/checkout/sessions", "mode=payment&success_url=https://x.example&line_items[0][quantity]=1&line_items[0][price_data][currency]="+currency+"&line_items[0][price_data][unit_amount]=5000&line_items[0][price_data][product_data][name]=x").ok()
		if diff := cmp.Diff(want, r.at("payment_method_types")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", currency, diff)
		}
		r.has("payment_method_configuration_details.id", id)
	}
	for _, name := range wayNames() {
		if err := b.sim.SetMethods("", map[string]bool{name: false}); err != nil {
			t.Fatal(err)
		}
	}
	b.post("/v1/checkout/sessions", sale).fails(400, "", "", "No valid payment method types for this Checkout Session.")
	b.post("/v1/checkout/sessions", sale+"&payment_method_types[]=card").fails(400, "", "payment_method_types", "The payment method type provided: card is invalid.")
	if err := b.sim.SetMethods("acct_x", map[string]bool{card: true}); err == nil {
		t.Error("an unknown account has methods")
	}
}

// TestWaysToPay: every method that can be turned on takes a payment, and tells
// of it in its own shape.
func TestWaysToPay(t *testing.T) {
	for _, w := range ways() {
		if w.delayed || w.name == card {
			continue
		}
		t.Run(w.name, func(t *testing.T) {
			b := newBox(t)
			if err := b.sim.SetMethods("", map[string]bool{w.name: true}); err != nil {
				t.Fatal(err)
			}
			id := b.openSession("&payment_method_types[]=" + w.name)
			if err := b.sim.Pay(id, Payment{}); err == nil {
				t.Error("a card was taken")
			}
			if w.redirect {
				r := b.tap(id+"/pay", `{"email":"a@x.example","method":"`+w.name+`"}`).ok().has("status", "requires_action")
				b.get("/v1/payment_intents").has("data.0.next_action.type", "redirect_to_url", "data.0.status", "requires_action")
				r.has("message", w.label+" asks you to confirm this payment.")
				b.tap(id+"/authenticate", `{"outcome":"fail"}`).ok().has("status", "declined")
			}
			b.buy(id, Payment{Method: w.name, Email: "a@x.example"})
			c := b.get("/v1/charges").ok()
			c.has("data.0.status", "succeeded", "data.0.payment_method_details.type", w.name)
			c.at("data.0.payment_method_details." + w.name)
			if got := c.text("data.0.id")[:3]; got != "py_" {
				t.Errorf("the charge's id begins with %s", got)
			}
		})
	}
}
