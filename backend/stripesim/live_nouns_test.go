package stripesim

import (
	"strings"
	"testing"
)

// TestNounsOnTheLiveSide: what is made with a live key is live to its depths,
// and the test side has none of it.
func TestNounsOnTheLiveSide(t *testing.T) {
	b := newBox(t)
	secret, err := b.sim.RegisterKey(Key{Live: true})
	if err != nil {
		t.Fatal(err)
	}
	page, err := b.sim.RegisterKey(Key{Live: true, Kind: KeyPublishable})
	if err != nil {
		t.Fatal(err)
	}
	live := func(method, path, form string) reply {
		t.Helper()
		return b.do(method, path, form, "Authorization", "Bearer "+secret)
	}
	price := live("POST", "/v1/prices", "currency=eur&unit_amount=1200&product_data[name]=Seat&expand[]=product").ok().has("livemode", true, "product.livemode", true).text("id")
	link := live("POST", "/v1/payment_links", "line_items[0][quantity]=1&line_items[0][price]="+price+"&expand[]=line_items").ok().has("livemode", true, "line_items.data.0.price.livemode", true)
	if u := link.text("url"); strings.Contains(u, "test_") || !strings.HasPrefix(u, "http://127.0.0.1:4381/c/link/") {
		t.Errorf("the live link is %s", u)
	}
	session := b.visit(link.text("id"))
	live("GET", "/v1/checkout/sessions/"+session, "").ok().has("livemode", true, "payment_link", link.text("id"))
	live("POST", "/v1/tax_rates", "display_name=VAT&percentage=7&inclusive=true").ok().has("livemode", true)
	live("GET", "/v1/payment_method_configurations", "").ok().has("data.0.livemode", true)
	intent := live("POST", "/v1/payment_intents", "amount=1200&currency=eur"+never3ds).ok().has("livemode", true)
	id, clientSecret := intent.text("id"), intent.text("client_secret")
	live("POST", "/v1/payment_intents/"+id+"/confirm", "payment_method=pm_card_chargeDeclined").has("error.payment_intent.livemode", true)
	b.element(id, typed(clientSecret)).has("error.code", "resource_missing")
	b.element(id+"/confirm", typed(clientSecret, "key", page)).ok().has("paymentIntent.status", succeeded, "paymentIntent.livemode", true)
	live("POST", "/v1/refunds", "payment_intent="+id).ok()
	live("GET", "/v1/events?type=charge.refunded", "").has("data.0.livemode", true, "data.0.data.object.livemode", true)
	b.get("/v1/payment_links/"+link.text("id")).fails(404, "resource_missing", "payment_link", "No such payment_link")
	for _, path := range []string{"/v1/prices", "/v1/payment_links", "/v1/tax_rates", "/v1/payment_intents", "/v1/refunds"} {
		if got := b.get(path).ids(); len(got) != 0 {
			t.Errorf("the test side has %v of %s", got, path)
		}
	}
}
