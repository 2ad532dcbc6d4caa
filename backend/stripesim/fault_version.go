package stripesim

import "encoding/json"

// API versions that changed what payloads look like, the latest first.
// Source: docs.stripe.com/changelog, below the version's date.
const (
	latestChargeSince  = "2022-11-15" // payment_intent.latest_charge in place of charges; charge.refunds not included
	shippingCostSince  = "2022-08-01" // session.shipping_details and shipping_cost in place of shipping and shipping_rate
	lineItemsSince     = "2020-08-27" // session.display_items removed
	paymentMethodSince = "2019-02-11" // payment_intent: a payment method where there was a source
)

// inVersion renders a payload as an account of that API version would have it.
// Not verified: that sessions had no amounts as long as they had display_items.
func (t *tx) inVersion(raw []byte, version string) ([]byte, error) {
	v, err := decode(raw)
	if err != nil {
		return nil, err
	}
	switch v["object"] {
	case "payment_intent":
		t.oldIntent(v, version)
	case "charge":
		t.oldCharge(v, version)
	case "checkout.session":
		t.oldSession(v, version)
	}
	return json.Marshal(v)
}

func (t *tx) oldIntent(v map[string]any, version string) {
	if version < latestChargeSince {
		data := []any{}
		if id, ok := v["latest_charge"].(string); ok {
			c, _ := t.charge(id)
			if shown, err := render(t.view(c)); err == nil {
				t.oldCharge(shown, version)
				data = append(data, shown)
			}
		}
		id, _ := v["id"].(string)
		v["charges"] = map[string]any{"object": "list", "data": data, "has_more": false, "total_count": len(data), "url": "/v1/charges?payment_intent=" + id}
		delete(v, "latest_charge")
	}
	if version < paymentMethodSince {
		for was, now := range map[string]string{"allowed_source_types": "payment_method_types", "next_source_action": "next_action", "source": "payment_method"} {
			v[was] = v[now]
			delete(v, now)
		}
		switch v["status"] {
		case requiresMethod:
			v["status"] = "requires_source"
		case requiresAction:
			v["status"] = "requires_source_action"
		}
	}
}

func (t *tx) oldCharge(v map[string]any, version string) {
	if version >= latestChargeSince {
		return
	}
	id, _ := v["id"].(string)
	data := []any{}
	for _, r := range t.wrote.Refunds {
		if r.Charge == id {
			data = append(data, r)
		}
	}
	for r := range t.refundsOf(id) {
		if r.kept {
			data = append(data, r.value)
		}
	}
	v["refunds"] = map[string]any{"object": "list", "data": data, "has_more": false, "total_count": len(data), "url": "/v1/charges/" + id + "/refunds"}
}

func (t *tx) oldSession(v map[string]any, version string) {
	if version < shippingCostSince {
		v["shipping"], v["shipping_rate"] = nil, nil
		delete(v, "shipping_details")
		delete(v, "shipping_cost")
	}
	if version < lineItemsSince {
		items := []any{}
		id, _ := v["id"].(string)
		s, _ := t.session(id)
		for _, l := range s.Lines {
			p, _ := t.price(l.Price)
			items = append(items, map[string]any{
				"amount": p.UnitAmount, "currency": s.Currency, "quantity": l.Quantity, "type": "custom",
				"custom": map[string]any{"name": l.Description, "description": nil, "images": nil},
			})
		}
		v["display_items"] = items
		for _, name := range []string{"amount_subtotal", "amount_total", "total_details", "payment_status"} {
			delete(v, name)
		}
	}
}
