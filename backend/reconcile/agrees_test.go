package reconcile

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripesim"
)

// failer is what a check tells of a difference: *testing.T, or *rapid.T.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

// agrees holds the money of the book against what really moved at Stripe: every
// cent that Stripe took or gave back is in the book once, and nothing else is.
// It reads the book from end to end, and trusts none of its indexes.
func agrees(t failer, book *ledger.Book, truth stripesim.Truth) {
	t.Helper()
	a, err := accountOf(book)
	if err != nil {
		t.Errorf("the book cannot be read: %v", err)
		return
	}
	for _, d := range a.differences(truth) {
		t.Errorf("the book and Stripe differ: %s", d)
	}
}

// account is the money of a book, read from end to end.
type account struct {
	paid     map[string][]payment // by payment
	refunds  map[string][]boxoffice.Refund
	disputes map[string][]boxoffice.Dispute
	wrong    []string // what the book says and must not, whatever Stripe has
}

// payment is money that came in, and who has it in the book.
type payment struct {
	amount money.Amount
	owner  string
}

func accountOf(book *ledger.Book) (*account, error) {
	a := &account{paid: map[string][]payment{}, refunds: map[string][]boxoffice.Refund{}, disputes: map[string][]boxoffice.Dispute{}}
	return a, book.View(func(tx *ledger.Tx) error {
		orders, _, err := tx.Orders(ledger.OrderQuery{Limit: 1_000_000})
		if err != nil {
			return err
		}
		for _, o := range orders {
			a.order(o)
		}
		kept, err := tx.Discrepancies()
		for _, d := range kept {
			if d.Counts() && !d.Amount.Zero() {
				a.takes(d.PaymentIntentID, d.Amount, "discrepancy "+d.ID, d.Returns)
			}
		}
		return err
	})
}

func (a *account) order(o boxoffice.Order) {
	name := "order " + o.ID
	for _, t := range o.Tenders {
		if t.State != boxoffice.TenderPaid {
			continue
		}
		if t.Amount.Zero() {
			continue // Stripe makes no payment of nothing
		}
		a.takes(cmp.Or(t.PaymentIntentID, t.SessionID), t.Amount, name, o.Returns)
	}
	switch valid := len(o.Valid()); {
	case o.Hold.State != boxoffice.Sold && len(o.Tickets) > 0:
		a.wrong = append(a.wrong, fmt.Sprintf("%s is %s, and has %d tickets", name, o.Status(), len(o.Tickets)))
	case o.Hold.State != boxoffice.Sold && len(o.Refunds)+len(o.Disputes) > 0:
		a.wrong = append(a.wrong, fmt.Sprintf("%s is %s, and money went back of it", name, o.Status()))
	case o.Status() == boxoffice.Refunded && valid > 0:
		a.wrong = append(a.wrong, fmt.Sprintf("%s is refunded, and %d tickets admit somebody", name, valid))
	}
}

func (a *account) takes(intent string, amount money.Amount, owner string, returns boxoffice.Returns) {
	a.paid[intent] = append(a.paid[intent], payment{amount, owner})
	for _, r := range returns.Refunds {
		switch {
		case r.StripeID != "":
			a.refunds[r.StripeID] = append(a.refunds[r.StripeID], r)
		case r.Status.Gone() && r.Status != boxoffice.RefundAsked:
			a.wrong = append(a.wrong, fmt.Sprintf("refund %s of %s is %s, and has no refund at Stripe", r.ID, owner, r.Status))
		}
	}
	for _, d := range returns.Disputes {
		a.disputes[d.ID] = append(a.disputes[d.ID], d)
	}
}

// differences says what is in one of the two books and not in the other, or
// not as often, or not alike.
func (a *account) differences(truth stripesim.Truth) []string {
	found := slices.Clone(a.wrong)
	differ := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	settled := map[string]money.Amount{} // what it was on the balance, by what moved it
	for _, m := range truth.Transactions {
		if _, known := settled[m.Source]; !known {
			settled[m.Source] = money.New(m.Amount, money.Currency(m.Currency))
		}
	}
	known := map[string]bool{}
	for _, p := range truth.Payments {
		known[p.IntentID] = true
		took := money.New(p.Amount, money.Currency(p.Currency))
		has := a.paid[p.IntentID]
		if len(has) != 1 {
			differ("Stripe took %s by %s, and the book has it %d times: %v", took, p.IntentID, len(has), has)
			continue
		}
		// What a buyer pays in a currency of their own is in the book as it was
		// asked for, and so it is on the balance.
		if has[0].amount != took && has[0].amount != settled[p.ChargeID] {
			differ("Stripe took %s by %s, and in the book it is %s", took, p.IntentID, has[0].amount)
		}
	}
	for _, intent := range slices.Sorted(maps.Keys(a.paid)) {
		if !known[intent] {
			differ("the book has %v by %s, which Stripe never took", a.paid[intent], intent)
		}
	}
	found = append(found, a.returnsDiffer(truth, settled)...)
	return found
}

func (a *account) returnsDiffer(truth stripesim.Truth, settled map[string]money.Amount) (found []string) {
	differ := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	known := map[string]bool{}
	for _, r := range truth.Refunds {
		known[r.ID] = true
		gave := money.New(r.Amount, money.Currency(r.Currency))
		has := a.refunds[r.ID]
		if len(has) != 1 {
			differ("Stripe gave %s back by %s of %s, and the book has it %d times", gave, r.ID, r.IntentID, len(has))
			continue
		}
		if !sameReturn(has[0].Amount, gave, settled[r.ID]) || string(has[0].Status) != r.Status {
			differ("refund %s is %s %s at Stripe, and in the book %s %s", r.ID, gave, r.Status, has[0].Amount, has[0].Status)
		}
	}
	for _, d := range truth.Disputes {
		known[d.ID] = true
		has := a.disputes[d.ID]
		if len(has) != 1 {
			differ("dispute %s of %s is in the book %d times", d.ID, d.IntentID, len(has))
			continue
		}
		taken, back := d.Withdrawn, d.Reinstated
		if moved, ok := settled[d.ID]; ok && moved.Currency != money.Currency(d.Currency) {
			// The bank moved the account's currency; the book tells it in the sale's.
			taken, back = has[0].Amount.Minor*min(taken, 1), has[0].Amount.Minor*min(back, 1)
		}
		if has[0].Withdrawn != taken || has[0].Reinstated != back || string(has[0].Status) != d.Status {
			differ("of dispute %s Stripe says %s, %d taken and %d given back; the book %s, %d and %d",
				d.ID, d.Status, d.Withdrawn, d.Reinstated, has[0].Status, has[0].Withdrawn, has[0].Reinstated)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(a.refunds)) {
		if !known[id] {
			differ("the book has refund %s, which Stripe has not", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(a.disputes)) {
		if !known[id] {
			differ("the book has dispute %s, which Stripe has not", id)
		}
	}
	return found
}

// sameReturn reports whether a refund's amount in the book is what Stripe gave
// back: to the cent, and where the buyer had paid in a currency of their own to
// the cent that lies nearest on the balance, which rounds once more.
func sameReturn(book, gave, balance money.Amount) bool {
	off := book.Minor + balance.Minor // what goes out is negative
	return book == gave || gave.Currency != book.Currency && balance.Currency == book.Currency && off >= -1 && off <= 1
}

// moved says how much came in and how much went back, by currency: "48.00 EUR
// in, 0.00 EUR out". A refund that Stripe may yet refuse has not gone.
func (a *account) moved() string {
	in, out := map[money.Currency]int64{}, map[money.Currency]int64{}
	for _, has := range a.paid {
		for _, p := range has {
			in[p.amount.Currency] += p.amount.Minor
		}
	}
	for _, has := range a.refunds {
		for _, r := range has {
			if r.Status.Gone() {
				out[r.Amount.Currency] += r.Amount.Minor
			}
		}
	}
	for _, has := range a.disputes {
		for _, d := range has {
			out[d.Amount.Currency] += d.Withdrawn - d.Reinstated
		}
	}
	if len(in) == 0 {
		return "nothing"
	}
	var said []string
	for _, c := range slices.Sorted(maps.Keys(in)) {
		said = append(said, money.New(in[c], c).String()+" in, "+money.New(out[c], c).String()+" out")
	}
	return strings.Join(said, "; ")
}
