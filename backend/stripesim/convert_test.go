package stripesim

import (
	"errors"
	"path/filepath"
	"testing"
)

// TestABuyerPaysInTheirOwnCurrency: the session tells both, the balance has
// what was asked for.
func TestABuyerPaysInTheirOwnCurrency(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	id := b.openSession("")
	b.get("/v1/checkout/sessions/"+id).ok().has("currency_conversion", nil)
	b.buy(id, Payment{Convert: "USD"})
	b.get("/v1/checkout/sessions/"+id+"?expand[]=line_items&expand[]=payment_intent.latest_charge.balance_transaction").ok().has(
		"currency", "usd", "amount_total", 2609, "amount_subtotal", 2609, "line_items.data.0.amount_total", 2609, "line_items.data.0.currency", "usd", "line_items.data.0.price.currency", "eur",
		"currency_conversion.amount_total", 2400, "currency_conversion.amount_subtotal", 2400, "currency_conversion.source_currency", "eur", "currency_conversion.fx_rate", "1.08695652",
		"payment_intent.amount", 2609, "payment_intent.currency", "usd", "payment_intent.latest_charge.amount", 2609,
		"payment_intent.latest_charge.balance_transaction.amount", 2400, "payment_intent.latest_charge.balance_transaction.currency", "eur")
	same(t, dump(b.sim), dump(reopen(t, path)))
}

// TestTaxesAreConvertedToo, those in the price and those on top of it.
func TestTaxesAreConvertedToo(t *testing.T) {
	b := newBox(t)
	vat, levy := b.taxRate("7", true), b.taxRate("10", false)
	id := b.openSession("&line_items[0][tax_rates][0]=" + vat + "&line_items[0][tax_rates][1]=" + levy)
	before := b.get("/v1/checkout/sessions/" + id).ok()
	b.buy(id, Payment{Convert: "gbp"})
	after := b.get("/v1/checkout/sessions/" + id + "?expand[]=line_items.data.taxes").ok()
	for _, path := range []string{"amount_total", "amount_subtotal", "total_details.amount_tax"} {
		r, _ := rateOf("eur", "gbp")
		want, got := r.of(int64(before.at(path).(float64))), int64(after.at(path).(float64))
		if got < want-1 || got > want+1 {
			t.Errorf("%s is %d, want about %d", path, got, want)
		}
	}
	if subtotal, total := after.at("amount_subtotal").(float64), after.at("amount_total").(float64); total <= subtotal {
		t.Errorf("%v with the levy is %v", subtotal, total)
	}
}

// TestConversionsRefused: what has no rate, and what comes after an attempt.
func TestConversionsRefused(t *testing.T) {
	b := newBox(t)
	tried := b.openSession("")
	_ = b.sim.Pay(tried, Payment{Card: "4000000000000002"})
	for id, currency := range map[string]string{b.openSession(""): "vnd", tried: "usd"} {
		refused := (*Refused)(nil)
		if err := b.sim.Pay(id, Payment{Convert: currency}); !errors.As(err, &refused) || refused.Code != "currency_not_offered" {
			t.Errorf("paying in %s gave %v", currency, err)
		}
		b.get("/v1/checkout/sessions/"+id).has("status", "open", "currency", "eur", "currency_conversion", nil, "amount_total", 2400)
		b.buy(id, Payment{Convert: "eur"})
	}
}
