package closing

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// matching is what happens, and what comes of it when the books are matched.
type matching struct {
	set   func(w *world)
	agree int
	want  []string // the differences and what is unread, in the order of their time
}

func compare(t *testing.T, tests map[string]matching) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			test.set(w)
			r := w.close()
			if diff := cmp.Diff(test.want, told(r)); diff != "" {
				t.Error(diff)
			}
			if r.Agree != test.agree || r.Of != r.Agree+r.Differ+r.Unread || r.Differ+r.Unread != len(test.want) {
				t.Errorf("%d of %d agree, %d differ, %d are unread; want %d", r.Agree, r.Of, r.Differ, r.Unread, test.agree)
			}
		})
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	compare(t, map[string]matching{
		"nothing":   {set: func(*world) {}},
		"a payment": {agree: 1, set: func(w *world) { w.pays(0, eur(2400), 61) }},
		"a payment, refunded and disputed, and paid out": {agree: 5, set: func(w *world) {
			p := w.pays(0, eur(2400), 61)
			w.refunds(p, 10, 900, boxoffice.RefundSucceeded)
			w.disputes(p, 20, 2000)
			w.reinstates(p, 30)
			w.paysOut(40, "eur")
		}},
		"sold elsewhere": {agree: 1, set: func(w *world) {
			p := w.pays(0, eur(2400), 61)
			p.order, p.kept, p.elsewhere = boxoffice.Order{}, "dsc_1", true
		}},

		"Stripe has a payment that the book has not": {want: []string{"payment: missing_in_book, nothing / 24.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.payments = nil
		}},
		"the book has a payment that Stripe has not": {want: []string{"payment: missing_at_stripe, 24.00 EUR / nothing"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.charges, w.transactions = nil, nil
		}},
		"the amounts differ": {want: []string{"payment: amount_differs, 24.00 EUR / 5.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.charges[0].Amount, w.transactions[0].Amount = eur(500), eur(500)
		}},
		"the balance was moved by less than the charge": {want: []string{"payment: amount_differs, 24.00 EUR / 23.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.transactions[0].Amount = eur(2300)
		}},
		"the currencies differ": {want: []string{"payment: amount_differs, 24.00 EUR / 24.00 CHF"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.charges[0].Amount, w.transactions[0].Amount = money.New(2400, "chf"), money.New(2400, "chf")
		}},
		"a charge that moved no balance": {want: []string{"payment: transaction_missing, 24.00 EUR / 24.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.transactions = nil
		}},
		"a charge that names no transaction": {want: []string{"payment: transaction_missing, 24.00 EUR / 24.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.transactions, w.charges[0].TransactionID = nil, ""
		}},
		"a transaction of no charge": {want: []string{"payment: charge_missing, 24.00 EUR / 24.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.charges = nil
		}},
		"a transaction of no charge and no payment": {want: []string{"payment: charge_missing, nothing / 24.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.charges, w.payments = nil, nil
		}},
		"a failed attempt before": {agree: 1, set: func(w *world) {
			p := w.pays(0, eur(2400), 61)
			w.charges = append(w.charges, boxoffice.Charge{ID: "ch_000", PaymentIntentID: p.intentID, Amount: eur(2400), CreatedAt: at(-5)})
		}},
		"a failed attempt, and the book kept no charge": {agree: 1, set: func(w *world) {
			p := w.pays(0, eur(2400), 61)
			w.charges = append(w.charges, boxoffice.Charge{ID: "ch_000", PaymentIntentID: p.intentID, Amount: eur(2400), CreatedAt: at(-5)})
			p.chargeID = ""
		}},
		"an attempt of somebody that came to nothing": {set: func(w *world) {
			w.charges = append(w.charges, boxoffice.Charge{ID: "ch_000", PaymentIntentID: "pi_000", Amount: eur(2400), CreatedAt: at(-5)})
		}},
		"charged twice": {agree: 1, want: []string{"payment: missing_in_book, nothing / 24.00 EUR"}, set: func(w *world) {
			p := w.pays(0, eur(2400), 61)
			w.charges = append(w.charges, boxoffice.Charge{ID: "ch_x", PaymentIntentID: p.intentID, Amount: eur(2400), CreatedAt: at(5), TransactionID: w.balance("charge", "ch_x", at(5), eur(2400), 61)})
		}},
		"one transaction for two charges": {agree: 1, want: []string{"payment: transaction_missing, 9.00 EUR / 9.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.pays(5, eur(900), 30)
			w.transactions, w.charges[1].TransactionID = w.transactions[:1], w.charges[0].TransactionID
		}},
		"one charge for two payments": {agree: 1, want: []string{"payment: missing_at_stripe, 24.00 EUR / nothing"}, set: func(w *world) {
			p := *w.pays(0, eur(2400), 61)
			p.intentID, p.at = "pi_other", at(1)
			w.payments = append(w.payments, p)
		}},

		"a refund that the book has not": {agree: 1, want: []string{"refund: refund_missing_in_book, nothing / 9.00 EUR"}, set: func(w *world) {
			p := w.pays(0, eur(2400), 61)
			w.refunds(p, 10, 900, boxoffice.RefundSucceeded)
			p.Refunds = nil
		}},
		"a refund that Stripe has not": {agree: 1, want: []string{"refund: refund_missing_at_stripe, 9.00 EUR / nothing"}, set: func(w *world) {
			w.refunds(w.pays(0, eur(2400), 61), 10, 900, boxoffice.RefundSucceeded)
			w.lose("refund")
		}},
		"a refund of another amount": {agree: 1, want: []string{"refund: refund_differs, 9.00 EUR / 8.00 EUR"}, set: func(w *world) {
			w.refunds(w.pays(0, eur(2400), 61), 10, 900, boxoffice.RefundSucceeded)
			w.transaction("refund").Amount.Minor = -800
		}},
		"a refund that moved the balance twice": {agree: 2, want: []string{"refund: refund_missing_in_book, nothing / 9.00 EUR"}, set: func(w *world) {
			re := w.refunds(w.pays(0, eur(2400), 61), 10, 900, boxoffice.RefundSucceeded)
			w.balance("refund", re, at(11), eur(-900), 0)
		}},
		"a refund that is under way": {agree: 1, set: func(w *world) {
			w.refunds(w.pays(0, eur(2400), 61), 10, 900, boxoffice.RefundPending)
			w.lose("refund")
		}},
		"a refund under way that moved the balance": {agree: 2, set: func(w *world) {
			w.refunds(w.pays(0, eur(2400), 61), 10, 900, boxoffice.RefundPending)
		}},
		"a refund that Stripe refused": {agree: 1, set: func(w *world) {
			p := w.pays(0, eur(2400), 61)
			p.Refunds = []boxoffice.Refund{{ID: "rfd_1", Amount: eur(900), Status: boxoffice.RefundRefused}}
		}},
		"a refund that came back": {agree: 3, set: func(w *world) {
			re := w.refunds(w.pays(0, eur(2400), 61), 10, 900, boxoffice.RefundFailed)
			w.balance("refund_failure", re, at(500), eur(900), 0)
		}},
		"a refund that failed before it left": {agree: 1, set: func(w *world) {
			w.refunds(w.pays(0, eur(2400), 61), 10, 900, boxoffice.RefundFailed)
			w.lose("refund")
		}},
		"a refund that failed, and nothing came back": {agree: 2, want: []string{"refund_failure: refund_missing_at_stripe, 9.00 EUR / nothing"}, set: func(w *world) {
			w.refunds(w.pays(0, eur(2400), 61), 10, 900, boxoffice.RefundFailed)
		}},
		"a refund came back of which the book does not know": {agree: 2, want: []string{"refund_failure: refund_missing_in_book, nothing / 9.00 EUR"}, set: func(w *world) {
			re := w.refunds(w.pays(0, eur(2400), 61), 10, 900, boxoffice.RefundSucceeded)
			w.balance("refund_failure", re, at(500), eur(900), 0)
		}},
		"less came back": {agree: 2, want: []string{"refund_failure: refund_differs, 9.00 EUR / 7.00 EUR"}, set: func(w *world) {
			re := w.refunds(w.pays(0, eur(2400), 61), 10, 900, boxoffice.RefundCanceled)
			w.balance("refund_failure", re, at(500), eur(700), 0)
		}},

		"an inquiry": {agree: 1, set: func(w *world) {
			w.disputes(w.pays(0, eur(2400), 61), 10, 0)
			w.payments[0].Disputes[0].Withdrawn = 0
			w.lose("dispute")
		}},
		"a dispute that the book has not": {agree: 1, want: []string{"dispute: dispute_missing_in_book, nothing / 24.00 EUR"}, set: func(w *world) {
			w.disputes(w.pays(0, eur(2400), 61), 10, 2000)
			w.payments[0].Disputes = nil
		}},
		"a dispute of which the book has an inquiry": {agree: 1, want: []string{"dispute: dispute_missing_in_book, nothing / 24.00 EUR"}, set: func(w *world) {
			w.disputes(w.pays(0, eur(2400), 61), 10, 2000)
			w.payments[0].Disputes[0].Withdrawn = 0
		}},
		"a dispute that Stripe has not": {agree: 1, want: []string{"dispute: dispute_missing_at_stripe, 24.00 EUR / nothing"}, set: func(w *world) {
			w.disputes(w.pays(0, eur(2400), 61), 10, 2000)
			w.lose("dispute")
		}},
		"a dispute of another amount": {agree: 1, want: []string{"dispute: dispute_differs, 24.00 EUR / 20.00 EUR"}, set: func(w *world) {
			w.disputes(w.pays(0, eur(2400), 61), 10, 2000)
			w.transaction("dispute").Amount.Minor = -2000
		}},
		"a dispute in two parts": {agree: 3, set: func(w *world) {
			dp := w.disputes(w.pays(0, eur(2400), 61), 10, 2000)
			w.transaction("dispute").Amount.Minor = -1000
			w.balance("dispute", dp, at(20), eur(-1400), 0)
		}},
		"a dispute in two parts, the second too much": {agree: 2, want: []string{"dispute: dispute_differs, 14.00 EUR / 15.00 EUR"}, set: func(w *world) {
			dp := w.disputes(w.pays(0, eur(2400), 61), 10, 2000)
			w.transaction("dispute").Amount.Minor = -1000
			w.balance("dispute", dp, at(20), eur(-1500), 0)
		}},
		"a dispute was won, and nothing came back": {agree: 2, want: []string{"dispute_reversal: dispute_missing_at_stripe, 24.00 EUR / nothing"}, set: func(w *world) {
			p := w.pays(0, eur(2400), 61)
			w.disputes(p, 10, 2000)
			w.reinstates(p, 20)
			w.lose("dispute_reversal")
		}},

		"fees and reserves are no differences": {agree: 1, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.balance("fee", "", at(5), eur(-200), 0)
			w.balance("risk_reserved_funds", "", at(6), eur(-500), 0)
		}},
	})
}

// Where the statement was not read, what is missing is unread and no
// difference.
func TestWhatWasNotReadIsNoDifference(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		covered []boxoffice.Span
		set     func(w *world)
		want    []string
	}{
		"nothing was read": {want: []string{"payment: unread"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.charges, w.transactions = nil, nil
		}},
		"read up to the second before": {want: []string{"payment: unread"}, covered: []boxoffice.Span{{From: at(-60), To: at(-1)}}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.charges, w.transactions = nil, nil
		}},
		"read up to that second": {want: []string{"payment: missing_at_stripe, 24.00 EUR / nothing"}, covered: []boxoffice.Span{{From: at(-60), To: at(0)}}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.charges, w.transactions = nil, nil
		}},
		"the charge was read before it was settled": {want: []string{"payment: unread"}, covered: []boxoffice.Span{{From: at(-60), To: at(600)}}, set: func(w *world) {
			p := w.pays(0, eur(2400), 61)
			p.known = at(10 * 86400) // the bank took its time
			w.charges[0].TransactionID, w.transactions = "", nil
		}},
		"a refund that failed after the last reading": {want: []string{"refund_failure: unread"}, covered: []boxoffice.Span{{From: at(-60), To: at(600)}}, set: func(w *world) {
			p := w.pays(0, eur(2400), 61)
			w.refunds(p, 10, 900, boxoffice.RefundFailed)
			p.known = at(86400)
		}},
		"a hole between": {want: []string{"refund_failure: unread"}, covered: []boxoffice.Span{{From: at(-60), To: at(600)}, {From: at(700), To: at(90_000)}}, set: func(w *world) {
			p := w.pays(0, eur(2400), 61)
			w.refunds(p, 10, 900, boxoffice.RefundFailed)
			p.known = at(86400)
		}},
		"a payout that failed after the last reading": {want: []string{"payout_reversal: unread"}, covered: []boxoffice.Span{{From: at(-60), To: at(600)}}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.paysOut(10, "eur")
			w.payouts[0].Status, w.payouts[0].EndedAt = "failed", at(86400)
		}},
		"a payout that an older book has as failed": {want: []string{"payout_reversal: unread"}, covered: []boxoffice.Span{{From: at(-60), To: at(600)}}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.paysOut(10, "eur")
			w.payouts[0].Status = "failed"
		}},
		"what Stripe has and the book has not is a difference all the same": {want: []string{"payment: missing_in_book, nothing / 24.00 EUR"}, set: func(w *world) {
			w.pays(0, eur(2400), 61)
			w.payments = nil
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			test.set(w)
			w.covered = test.covered
			r := w.close()
			if diff := cmp.Diff(test.want, told(r)); diff != "" {
				t.Error(diff)
			}
			if r.Complete || len(r.Missing) == 0 {
				t.Error("it says that all was read")
			}
		})
	}
}

// A payment belongs to the day on which the balance moved, whatever the other
// books say, and to no other day.
func TestAroundMidnight(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p := w.pays(0, eur(2400), 61)
	p.at = at(-1) // by the till's book it was the day before
	late := w.pays(-5, eur(900), 30)
	w.transactions[1].CreatedAt = at(10 * 86400) // settled ten days later
	late.known = at(10 * 86400)
	days := map[string]struct {
		from, to time.Time
		want     int
	}{
		"the day before": {at(-86400), at(-1), 0}, "the day": {at(0), at(86399), 1},
		"ten days later": {at(10 * 86400), at(11 * 86400), 1}, "all": {at(-86400), at(11 * 86400), 2},
	}
	for name, day := range days {
		if r := period(w.books, day.from, day.to); r.Of != day.want || r.Agree != day.want || !r.Complete {
			t.Errorf("%s: %d of %d agree, want %d: %v", name, r.Agree, r.Of, day.want, told(r))
		}
	}
}

func TestEveryDifferenceHasWords(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, d := range Differences() {
		w := d.Words()
		if w.Reason == "" || w.Next == "" || seen[w.Reason] {
			t.Errorf("%s: %+v", d, w)
		}
		seen[w.Reason] = true
	}
	if (Difference("")).Words() != (Words{}) {
		t.Error("what agrees has a reason")
	}
}

// TestAMovementJustAfterWhatWasRead is unread: a charge's transaction can be
// made a moment after it.
func TestAMovementJustAfterWhatWasRead(t *testing.T) {
	w := newWorld()
	w.pays(0, eur(2400), 61)
	w.transactions = nil
	w.covered = []boxoffice.Span{{From: at(-60), To: at(0)}}
	if diff := cmp.Diff([]string{"payment: unread"}, told(w.close())); diff != "" {
		t.Error(diff)
	}
}

// TestWhatIsNoSale is Stripe's affair: charges of other programs without a
// PaymentIntent, and debits that the bank has not decided or has refused.
func TestWhatIsNoSale(t *testing.T) {
	for name, set := range map[string]func(*boxoffice.Charge){
		"without an intent": func(c *boxoffice.Charge) { c.PaymentIntentID = "" },
		"undecided":         func(c *boxoffice.Charge) { c.Status = "pending" },
		"refused":           func(c *boxoffice.Charge) { c.Status = "failed" },
	} {
		w := newWorld()
		w.pays(0, eur(2400), 61)
		w.payments = nil
		set(&w.charges[0])
		w.covered = []boxoffice.Span{{From: at(-60), To: at(60)}}
		if r := w.close(); r.Of != 0 || len(r.Differences()) > 0 || r.Currencies[0].Net != 2339 {
			t.Errorf("%s: %d of %d, %v, net %d", name, r.Agree, r.Of, told(r), r.Currencies[0].Net)
		}
		w.covered = append(w.covered, boxoffice.Span{From: at(0).Add(20 * 24 * time.Hour), To: at(0).Add(21 * 24 * time.Hour)})
		want := 0
		if name == "undecided" {
			want = 1 // its bank has decided since, and nobody has read how
		}
		if r := w.close(); r.Unread != want || r.Of != want {
			t.Errorf("%s, three weeks later: %d of %d, %v", name, r.Agree, r.Of, told(r))
		}
	}
}
