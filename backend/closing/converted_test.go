package closing

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// Buyers who pay in a currency that is not the balance's.
func TestConverted(t *testing.T) {
	t.Parallel()
	w := newWorld()
	usd := money.New(5000, "usd")
	p := w.pays(0, usd, 0)
	*w.transaction("charge") = boxoffice.BalanceTransaction{ID: w.charges[0].TransactionID, Category: "charge", SourceID: p.chargeID, CreatedAt: at(0), Amount: eur(4600), Fee: 200, Net: 4400}
	w.refunds(p, 10, 1000, boxoffice.RefundSucceeded)
	w.transaction("refund").Amount = eur(-930)
	w.disputes(p, 20, 0)
	w.transaction("dispute").Amount = eur(-3700)
	// This buyer was shown dollars; the till asked for euros, and the balance has them.
	shownDollars := w.pays(30, eur(2400), 61)
	w.charges[1].Amount = money.New(2790, "usd")
	// Dollars went back: by proportion it is a cent less than the balance's euros.
	w.refunds(shownDollars, 40, 1799, boxoffice.RefundSucceeded)
	rounded := &w.transactions[len(w.transactions)-1]
	rounded.Amount, rounded.Net = eur(-1800), -1800
	r := w.close()
	if diff := cmp.Diff([]string(nil), told(r)); diff != "" || r.Agree != 5 {
		t.Errorf("%d agree; %s (%s)", r.Agree, diff, shownDollars.intentID)
	}
	want := []Totals{{
		Currency: "eur", Payments: 2, Gross: 7000, Converted: []Converted{{Charged: money.New(7790, "usd"), Gross: 7000}}, Fees: 261,
		Refunds: 2, Refunded: 2730, Disputes: 1, Disputed: 3700, Net: 7000 - 261 - 2730 - 3700,
	}}
	if diff := cmp.Diff(want, r.Currencies); diff != "" {
		t.Error(diff)
	}
	disputed := w.pays(50, eur(3200), 61)
	w.charges[2].Amount = money.New(3720, "usd")
	w.disputes(disputed, 60, 0)
	w.transactions[len(w.transactions)-1].Amount = eur(-3201)
	if r := w.close(); r.Differ != 0 || r.Agree != 7 {
		t.Errorf("a disputed cent was rounded too: %v", told(r))
	}
	rounded.Amount = eur(-1801)
	if r := w.close(); r.Differ != 1 {
		t.Errorf("two cents are more than rounding: %v", told(r))
	}
	rounded.Amount, w.charges[1].Amount = eur(-1800), eur(2400)
	if r := w.close(); r.Differ != 1 {
		t.Errorf("nothing was converted, so nothing was rounded: %v", told(r))
	}
}
