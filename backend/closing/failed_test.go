package closing

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A payment that the book has as paid, and that Stripe took back.
func TestMatchFailed(t *testing.T) {
	t.Parallel()
	compare(t, map[string]matching{
		"a payment that failed after all": {agree: 1, want: []string{"charge_failure: payment_failed, 24.00 EUR / 0.00 EUR"}, set: func(w *world) {
			w.fails(w.pays(0, eur(2400), 61), 100, 61)
		}},
		"a payment that failed, and its charge was read again": {agree: 1, want: []string{"charge_failure: payment_failed, 24.00 EUR / 0.00 EUR"}, set: func(w *world) {
			w.fails(w.pays(0, eur(2400), 61), 100, 61)
			w.charges[0].Status = "failed"
		}},
		"a payment that failed, by its charge alone": {want: []string{"payment: payment_failed, 24.00 EUR / 0.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.charges[0].Status = "failed"
		}},
		"a payment that failed before it moved the balance": {want: []string{"payment: payment_failed, 24.00 EUR / 0.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.charges[0].Status, w.charges[0].TransactionID, w.transactions = "failed", "", nil
		}},
		"a payment that failed, and is not listed": {want: []string{"payment: charge_missing, 24.00 EUR / 24.00 EUR", "charge_failure: payment_failed, 24.00 EUR / 0.00 EUR"}, set: func(w *world) {
			w.fails(w.pays(0, eur(2400), 61), 100, 61)
			w.charges = nil
		}},
		"a debit that failed before a card paid": {agree: 1, set: func(w *world) {
			debit := *w.pays(0, eur(2400), 35)
			w.fails(&debit, 50, 35)
			p := w.pays(60, eur(2400), 61)
			w.charges[0].Status, w.charges[1].PaymentIntentID = "failed", debit.intentID
			p.intentID = debit.intentID
			w.payments = []payment{*p}
		}},
		"a debit that failed before a card paid, and the book kept no charge": {agree: 1, set: func(w *world) {
			debit := *w.pays(0, eur(2400), 35)
			w.fails(&debit, 50, 35)
			p := w.pays(-60, eur(2400), 61) // Stripe's times need not be in order
			w.charges[1].PaymentIntentID = debit.intentID
			p.intentID, p.chargeID = debit.intentID, ""
			w.payments = []payment{*p}
		}},
		"a debit that failed before a card paid whose charge is not listed": {want: []string{"payment: charge_missing, 24.00 EUR / 24.00 EUR"}, set: func(w *world) {
			debit := *w.pays(0, eur(2400), 35)
			w.fails(&debit, 50, 35)
			p := w.pays(60, eur(2400), 61)
			w.charges[0].Status, w.charges = "failed", w.charges[:1]
			p.intentID = debit.intentID
			w.payments = []payment{*p}
		}},
	})
}

// A debit that a bank refused is no sale, even if its charge was read before.
func TestADebitThatWasRefusedIsNoSale(t *testing.T) {
	for _, read := range []string{"pending", "failed", ""} {
		w := newWorld()
		p := w.pays(0, eur(2400), 35)
		w.fails(p, 5*86400, 35)
		w.charges[0].Status, w.payments = read, nil
		r := period(w.books, at(-1), at(20*86400))
		if r.Of != 0 || r.Currencies[0].Net != 0 {
			t.Errorf("read as %q: %d of %d, %v, net %d", read, r.Agree, r.Of, told(r), r.Currencies[0].Net)
		}
		if diff := cmp.Diff([]OtherSum{{Category: "charge", Count: 1, Amount: eur(2400), Fee: 35}, {Category: "charge_failure", Count: 1, Amount: eur(-2400), Fee: -35}}, r.Others); diff != "" {
			t.Errorf("read as %q: %s", read, diff)
		}
	}
}

// What another program of the account charged without a PaymentIntent is its own
// affair, and so is what went back of it.
func TestMatchElsewhere(t *testing.T) {
	t.Parallel()
	compare(t, map[string]matching{
		"another program's charge went back, and came back": {agree: 1, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			ch := w.elsewhere(5, eur(900))
			w.returns(ch, "refund", 10, eur(-900))
			w.returns(ch, "refund_failure", 20, eur(900))
			w.returns(ch, "dispute", 30, eur(-900))
			w.returns(ch, "dispute_reversal", 40, eur(900))
		}},
		"another program's charge of long ago went back": {set: func(w *world) { w.returns("ch_old", "refund", 10, eur(-900)) }},
		"a refund without a payment, of a charge that has one": {agree: 1, want: []string{"refund: refund_missing_in_book, nothing / 9.00 EUR"}, set: func(w *world) {
			w.returns(w.pays(0, eur(2400), 61).chargeID, "refund", 10, eur(-900))
		}},
	})
}
