package reconcile

import (
	"testing"
	"time"

	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// A time of one second is a time: what the close of a payout asks for before
// its list was read.
func TestAStatementOfOneSecond(t *testing.T) {
	play(t, func(s *scene) {
		f := bookkeeping()
		s.use(f)
		at := f.books.payouts[0].Created
		s.read(at, at)
		s.view(func(tx *ledger.Tx) error {
			p, known, err := tx.Payout("po_1")
			if !known || !p.Matched {
				s.Errorf("the payout: known %v, %+v", known, p)
			}
			if spans, _ := tx.Covered(); len(spans) != 1 {
				s.Errorf("it covers %v", spans)
			}
			return err
		})
	})
}

// Since 2024 Stripe moves the balance when a debit is sent to the bank, and back
// when the bank refuses.
func TestADebitThatTheBankHasNotDecided(t *testing.T) {
	play(t, func(s *scene) {
		f := bookkeeping()
		at := f.books.charges[0].Created
		debit := stripeapi.Charge{ID: "py_debit", IntentID: "pi_debit", Amount: money.New(900, "eur"), Captured: true, Status: stripeapi.ChargePending, Created: at, TransactionID: "txn_debit"}
		f.books.charges = append(f.books.charges, debit)
		move := func(id, kind, category string, minor int64) {
			f.books.transactions = append(f.books.transactions, stripeapi.Transaction{ID: id, Type: kind, Category: category, Amount: money.New(minor, "eur"), Net: minor, Created: at, SourceID: "py_debit"})
		}
		move("txn_debit", "payment", "charge", 900)
		s.use(f)
		now := f.Now()
		s.read(now.Add(-24*time.Hour), now)
		s.agrees(s.closed(now.Add(-24*time.Hour), now.Add(-settled-time.Second)), 3)
		f.mu.Lock()
		f.books.charges[len(f.books.charges)-1].Status = stripeapi.ChargeFailed
		move("txn_failed", "payment_failure_refund", "charge_failure", -900)
		f.mu.Unlock()
		s.read(now.Add(-24*time.Hour), now)
		s.agrees(s.closed(now.Add(-24*time.Hour), now.Add(-settled-time.Second)), 3)
	})
}

// Reading Stripe's books takes in what went back, as the close says that it does.
func TestAStatementTakesInRefundsAndDisputes(t *testing.T) {
	play(t, func(s *scene) {
		f := bookkeeping()
		at := f.books.charges[0].Created
		f.books.refunds = []stripeapi.Refund{{ID: "re_1", IntentID: "pi_shop", ChargeID: "ch_shop", Amount: money.New(400, "eur"), Status: stripeapi.RefundSucceeded, Created: at, TransactionID: "txn_re"}}
		f.books.transactions = append(f.books.transactions, stripeapi.Transaction{ID: "txn_re", Type: "refund", Category: "refund", Amount: money.New(-400, "eur"), Net: -400, Created: at, SourceID: "re_1"})
		s.use(f)
		now := f.Now()
		for range 2 { // "Read Stripe's books again; the refund then shows on its order."
			s.read(now.Add(-24*time.Hour), now)
		}
		s.agrees(s.closed(now.Add(-24*time.Hour), now.Add(-settled-time.Second)), 4)
	})
}
