package reconcile

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// Another program reserves money on a card, or sends a debit to a bank, and it
// becomes money days later, when its charge is too old for the nightly reading.
func TestMoneyOfAnOldCharge(t *testing.T) {
	const (
		reserved = "reserved on a card, and taken later"
		before   = "reserved before the till was there"
		debit    = "a debit that a bank decides"
	)
	for _, kind := range []string{reserved, before, debit} {
		t.Run(kind, func(t *testing.T) {
			polling(t, func(s *scene, f *fake) {
				at := time.Now().UTC().Truncate(time.Second)
				charge := stripeapi.Charge{ID: "ch_shop", IntentID: "pi_shop", Amount: money.New(2400, "eur"), Paid: true, Status: stripeapi.ChargeSucceeded, Created: at}
				sale := stripeapi.Session{
					ID: "pi_shop", Status: stripeapi.SessionOpen, Amount: charge.Amount, Created: at,
					Payment: stripeapi.Payment{IntentID: "pi_shop", ChargeID: "ch_shop", Status: "requires_capture", PaidAt: at},
				}
				moved := stripeapi.Transaction{ID: "txn_shop", Type: "charge", Category: "charge", Amount: charge.Amount, Net: 2400, SourceID: charge.ID}
				if kind == debit {
					charge.Paid, charge.Captured, charge.Status, charge.TransactionID = false, true, stripeapi.ChargePending, moved.ID
					sale.Status, sale.Payment.Status = stripeapi.SessionComplete, stripeapi.PaymentProcessing
				}
				shop := func(transactions ...stripeapi.Transaction) {
					f.mu.Lock()
					f.books.charges, f.books.transactions = []stripeapi.Charge{charge}, transactions
					f.mu.Unlock()
					f.has(sale)
				}
				nights := func(n int) {
					for range n {
						time.Sleep(sweepEvery + time.Minute)
						s.check(s.r.sweepIfDue())
					}
				}
				switch kind {
				case reserved:
					shop()
					s.poll()
				case before:
					time.Sleep(5 * 24 * time.Hour)
					s.poll()
				case debit:
					moved.Created = at // Stripe moves the balance when the debit is sent
					shop(moved)
					s.poll()
				}
				s.setSwept(time.Now())
				nights(5)

				if moved.Created.IsZero() {
					moved.Created = time.Now().UTC().Truncate(time.Second)
				}
				charge.Paid, charge.Captured, charge.Status, charge.TransactionID = true, true, stripeapi.ChargeSucceeded, moved.ID
				sale.Status, sale.Paid, sale.Payment.Status = stripeapi.SessionComplete, true, stripeapi.PaymentSucceeded
				shop(moved)
				nights(2)
				if found := s.discrepancies(); len(found) != 1 || found[0].Reason != boxoffice.Elsewhere || found[0].Amount != charge.Amount {
					t.Errorf("the book has %+v", found)
				}
				s.agrees(s.closed(moved.Created, moved.Created.Add(time.Minute)), 1)

				f.took()
				nights(2)
				if calls := f.took(); slices.Contains(calls, "get ch_shop") {
					t.Errorf("what is in the book is asked for again: %q", calls)
				}
			})
		})
	}
}

// Many debits that a bank takes days over cost a few pages a night, and not a
// read each.
func TestManyUndecidedDebits(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.poll()
		s.setSwept(time.Now())
		at := time.Now().UTC().Truncate(time.Second)
		for i := range 300 {
			f.books.charges = append(f.books.charges, stripeapi.Charge{
				ID: fmt.Sprint("py_", i), IntentID: fmt.Sprint("pi_", i), Amount: money.New(2400, "eur"), Captured: true, Status: stripeapi.ChargePending,
				TransactionID: fmt.Sprint("txn_", i), Created: at.Add(time.Duration(i) * time.Second),
			})
		}
		for night := range 6 {
			time.Sleep(sweepEvery + time.Minute)
			f.took()
			s.check(s.r.sweepIfDue())
			if calls := f.took(); len(calls) > 40 {
				t.Errorf("night %d takes %d reads, such as %q", night, len(calls), calls[:40])
			}
		}
		f.books.charges[7].Paid, f.books.charges[7].Status = true, stripeapi.ChargeSucceeded
		f.has(stripeapi.Session{
			ID: "pi_7", Status: stripeapi.SessionComplete, Paid: true, Amount: money.New(2400, "eur"), Created: at,
			Payment: stripeapi.Payment{IntentID: "pi_7", ChargeID: "py_7", Status: stripeapi.PaymentSucceeded, PaidAt: at},
		})
		time.Sleep(sweepEvery + time.Minute)
		s.check(s.r.sweepIfDue())
		if found := s.discrepancies(); len(found) != 1 || found[0].PaymentIntentID != "pi_7" {
			t.Errorf("the book has %+v", found)
		}
	})
}
