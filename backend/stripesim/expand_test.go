package stripesim

import (
	"slices"
	"testing"
)

func TestExpand(t *testing.T) {
	b := newBox(t)
	id := b.openSession("")
	unpaid := b.openSession("")
	b.buy(id, Payment{})
	s := b.get("/v1/checkout/sessions/" + id + "?expand[]=payment_intent.latest_charge.balance_transaction").ok()
	intent, charge, txn := s.text("payment_intent.id"), s.text("payment_intent.latest_charge.id"), s.text("payment_intent.latest_charge.balance_transaction.id")
	for _, c := range []struct {
		path string
		has  []any
	}{
		{"/v1/checkout/sessions/" + id, []any{"payment_intent", intent}},
		{"/v1/checkout/sessions/" + id + "?expand[]=payment_intent", []any{"payment_intent.latest_charge", charge}},
		{"/v1/checkout/sessions/" + id + "?expand[]=payment_intent&expand[]=payment_intent.latest_charge", []any{"payment_intent.latest_charge.balance_transaction", txn}},
		{"/v1/checkout/sessions/" + id + "?expand[0]=line_items&expand[1]=payment_intent.latest_charge", []any{"line_items.data.0.description", "Standard", "payment_intent.latest_charge.id", charge}},
		{"/v1/checkout/sessions/" + unpaid + "?expand[]=payment_intent.latest_charge", []any{"payment_intent", nil}},
		{"/v1/checkout/sessions/" + id + "?expand[]=customer&expand[]=payment_link", []any{"customer", nil, "payment_link", nil}},
		{"/v1/checkout/sessions?expand[]=data.payment_intent.latest_charge", []any{"data.0.payment_intent", nil, "data.1.payment_intent.latest_charge.id", charge}},
		{"/v1/checkout/sessions?expand[]=data.line_items", []any{"data.0.line_items.data.0.quantity", 2, "data.1.line_items.data.0.amount_total", 2400}},
		{"/v1/checkout/sessions/" + id + "/line_items?expand[]=data.price.product", []any{"data.0.price.product.name", "Standard"}},
		{"/v1/payment_intents/" + intent + "?expand[]=latest_charge.balance_transaction.source", []any{"latest_charge.balance_transaction.source.id", charge}},
		{"/v1/payment_intents?expand[]=data.latest_charge", []any{"data.0.latest_charge.payment_intent", intent}},
		{"/v1/charges/" + charge + "?expand[]=payment_intent&expand[]=balance_transaction", []any{"payment_intent.id", intent, "balance_transaction.net", 2300}},
		{"/v1/balance_transactions/" + txn + "?expand[]=source.payment_intent", []any{"source.payment_intent.id", intent}},
	} {
		b.get(c.path).ok().has(c.has...)
	}
	for path, message := range map[string]string{
		"/v1/checkout/sessions/" + id + "?expand[]=status":                          "This property cannot be expanded (status).",
		"/v1/checkout/sessions/" + id + "?expand[]=payment_intent.amount":           "This property cannot be expanded (payment_intent.amount).",
		"/v1/checkout/sessions/" + id + "?expand[]=data.payment_intent":             "This property cannot be expanded (data.payment_intent).",
		"/v1/checkout/sessions?expand[]=payment_intent":                             "This property cannot be expanded (payment_intent).",
		"/v1/checkout/sessions?expand[]=data":                                       "This property cannot be expanded (data).",
		"/v1/checkout/sessions?expand[]=data.payment_intent.latest_charge.x.source": "You cannot expand more than 4 levels of a property.",
		"/v1/balance?expand[]=available":                                            "This property cannot be expanded (available).",
		"/v1/account?expand[]=":                                                     "You passed an empty string for 'expand[0]'.",
	} {
		r := b.get(path)
		if r.status != 400 {
			t.Errorf("%s answered %d", path, r.status)
		}
		if got := r.text("error.message"); got[:min(len(got), len(message))] != message {
			t.Errorf("%s: %s", path, got)
		}
	}
	// An expansion that fails undoes the write that it came with.
	before := len(b.get("/v1/checkout/sessions").ids())
	b.post("/v1/checkout/sessions", sale+"&expand[]=amount_total").fails(400, "", "expand", "This property cannot be expanded (amount_total).")
	if after := len(b.get("/v1/checkout/sessions").ids()); after != before {
		t.Errorf("%d sessions became %d", before, after)
	}
}

// TestExpansionsAreStripes: what can be expanded here can be expanded there.
func TestExpansionsAreStripes(t *testing.T) {
	for _, object := range []string{"checkout.session", "payment_intent", "charge", "balance_transaction", "price", "product", "payment_link", "refund", "item"} {
		schema := document().Components.Schemas[object].Value
		includable := []string{"line_items", "refunds", "taxes"} // x-expandableFields has them
		for name := range expansions(object) {
			p := schema.Properties[name]
			if p == nil {
				t.Errorf("%s has no %s", object, name)
			} else if p.Value.Extensions["x-expansionResources"] == nil && !slices.Contains(includable, name) {
				t.Errorf("%s.%s cannot be expanded at Stripe", object, name)
			}
		}
	}
}
