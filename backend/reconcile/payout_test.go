package reconcile

import (
	"testing"
	"time"

	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

// A payout that fails is known to have failed since it was heard of, once, and by
// which transaction its money is back: without that, it is a difference only
// when all the time up to then was read.
func TestAPayoutThatFails(t *testing.T) {
	play(t, func(s *scene) {
		f := bookkeeping()
		s.use(f)
		now := f.Now()
		from, to := now.Add(-24*time.Hour), now.Add(240*time.Hour)
		s.read(from, to)
		f.mu.Lock()
		f.books.payouts[0].Status, f.books.payouts[0].ReturnID = stripeapi.PayoutFailed, "txn_back"
		f.mu.Unlock()
		var heard time.Time
		for n, want := range []closed{{3, 0, 1}, {3, 1, 0}, {4, 0, 0}} {
			time.Sleep(24 * time.Hour)
			if n == 2 {
				f.mu.Lock()
				back := f.books.transactions[1]
				back.ID, back.Category, back.Type, back.SourceID, back.Amount.Minor, back.Net = "txn_back", "payout_reversal", "payout_failure", "", 2400, 2400
				f.books.transactions = append(f.books.transactions, back)
				f.mu.Unlock()
			}
			s.read(from, to)
			r := s.closed(from, from.Add(24*time.Hour))
			if got := (closed{r.Agree, r.Differ, r.Unread}); got != want {
				s.Errorf("day %d: %+v agree, differ and are unread, want %+v: %+v", n, got, want, r.Movements)
			}
			s.view(func(tx *ledger.Tx) error {
				p, _, err := tx.Payout("po_1")
				if heard.IsZero() {
					heard = p.EndedAt
				}
				if p.EndedAt.IsZero() || p.EndedAt != heard || p.ReturnID != "txn_back" {
					s.Errorf("day %d: the book has %+v", n, p)
				}
				return err
			})
		}
	})
}

type closed struct{ agree, differ, unread int }
