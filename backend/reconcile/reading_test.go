package reconcile

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	books "willcall/backend/closing"
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

// Another program charged without a PaymentIntent, and gave it back: the close
// has nothing against it, and what it knows is not asked for again.
func TestAChargeWithoutAnIntentGoesBack(t *testing.T) {
	play(t, func(s *scene) {
		f := bookkeeping()
		at := f.books.charges[0].Created
		f.books.charges = append(f.books.charges, stripeapi.Charge{ID: "ch_old", Amount: money.New(900, "eur"), Paid: true, Captured: true, Status: stripeapi.ChargeSucceeded, Created: at, TransactionID: "txn_old"})
		f.books.refunds = []stripeapi.Refund{{ID: "re_old", ChargeID: "ch_old", Amount: money.New(400, "eur"), Status: stripeapi.RefundSucceeded, Created: at}}
		f.books.disputes = []stripeapi.Dispute{{ID: "dp_old", ChargeID: "ch_old", Amount: money.New(500, "eur"), Status: stripeapi.DisputeLost, Created: at}}
		move := func(id, category, source string, minor int64, when time.Time) {
			f.books.transactions = slices.Insert(f.books.transactions, 0, stripeapi.Transaction{ID: id, Type: category, Category: category, Amount: money.New(minor, "eur"), Net: minor, Created: when, SourceID: source})
		}
		move("txn_old", "charge", "ch_old", 900, at)
		move("txn_back", "refund", "re_old", -400, at)
		move("txn_bank", "dispute", "dp_old", -200, at)
		move("txn_more", "dispute", "dp_old", -200, at)
		s.use(f)
		now := f.Now()
		s.read(now.Add(-24*time.Hour), now)
		s.agrees(s.closed(now.Add(-24*time.Hour), now.Add(-settled-time.Second)), 3)
		f.took()
		f.mu.Lock()
		move("txn_rest", "dispute", "dp_old", -100, at.Add(time.Minute))
		f.mu.Unlock()
		s.read(now.Add(-24*time.Hour), now)
		got := slices.DeleteFunc(f.took(), func(call string) bool { return !strings.HasPrefix(call, "get ") })
		if diff := cmp.Diff([]string{"get dp_old"}, got); diff != "" {
			t.Errorf("for what it does not know yet, it asked: %s", diff)
		}
		s.agrees(s.closed(now.Add(-24*time.Hour), now.Add(-settled-time.Second)), 3)
	})
}

// A debit that is paid in the book, and that its bank takes back: the close tells.
func TestAPaidDebitThatFailed(t *testing.T) {
	play(t, func(s *scene) {
		f := bookkeeping()
		at := f.books.charges[0].Created
		s.use(f)
		now := f.Now()
		s.read(now.Add(-24*time.Hour), now)
		f.mu.Lock()
		f.books.charges[0].Status, f.books.charges[0].Paid = stripeapi.ChargeFailed, false
		f.books.transactions = append(f.books.transactions, stripeapi.Transaction{
			ID: "txn_failed", Type: "payment_failure_refund", Category: "charge_failure", Amount: money.New(-2400, "eur"), Net: -2400, Created: at, SourceID: "ch_shop",
		})
		f.mu.Unlock()
		s.read(now.Add(-24*time.Hour), now)
		differ := s.closed(now.Add(-24*time.Hour), now.Add(-settled-time.Second)).Differences()
		if len(differ) != 1 || differ[0].Difference != books.PaymentFailed || differ[0].DiscrepancyID == "" {
			t.Errorf("the close has %+v", differ)
		}
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
