package reconcile

import (
	"context"
	"log/slog"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

const (
	// sweepEvery is how often everything of the last days is looked at again.
	sweepEvery = 24 * time.Hour
	// sweepBack is how far back it looks.
	sweepBack = 48 * time.Hour
)

// sweepIfDue does the nightly sweep when it is a day since the last one: all
// events of two days, all refunds and disputes, and Stripe's own books.
func (r *Reconciler) sweepIfDue() error {
	now, err := r.opt.Stripe.Clock(r.life)
	if err != nil {
		return err
	}
	var last time.Time
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		last, err = tx.Swept()
		return err
	})
	if err != nil || now.Sub(last) < sweepEvery && !last.After(now) {
		return err
	}
	if last.IsZero() {
		return r.sweepFirst(now)
	}
	return r.sweep(earlier(last, now).Add(-sweepBack), now)
}

// sweepFirst looks for what went back of the money that the book has: one of an
// earlier version did not hear of that. A new book has nothing behind it.
func (r *Reconciler) sweepFirst(now time.Time) error {
	first, err := r.firstMoney(now)
	if err != nil {
		return err
	}
	if first.Before(now) {
		if _, err := r.coverReturns(stripeapi.Bulk(r.life), boxoffice.Span{From: first, To: now}); err != nil {
			return err
		}
	}
	return r.opt.Book.Update(func(tx *ledger.Tx) error { return tx.SetSwept(now) })
}

// firstMoney is when the first money of the book came, up to now.
func (r *Reconciler) firstMoney(now time.Time) (first time.Time, err error) {
	first = now
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		return tx.MoneyBetween(time.Time{}, now, func(_ string, m ledger.Money) (bool, error) {
			first = earlier(first, paidAt(m))
			return false, nil // they are in order
		})
	})
	return first, err
}

// paidAt is about when the money came: an older book did not keep it of all.
func paidAt(m ledger.Money) time.Time {
	if m.Discrepancy != nil {
		if at := m.Discrepancy.PaidAt; !at.IsZero() {
			return at
		}
		return m.Discrepancy.FoundAt
	}
	for _, t := range m.Order.Tenders {
		if t.State == boxoffice.TenderPaid && !t.PaidAt.IsZero() {
			return t.PaidAt
		}
	}
	return m.Order.PlacedAt
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// sweep looks at everything from one time to another again.
func (r *Reconciler) sweep(from, to time.Time) error {
	ctx := stripeapi.Bulk(r.life)
	events, more, err := r.unseen(later(from, to.Add(-eventLife)), to, fewEvents)
	if err != nil {
		return err
	}
	if more {
		if err = r.coverSessions(ctx, boxoffice.Span{From: from, To: to}); err == nil {
			err = r.lateEvents(ctx, later(from, to.Add(-eventLife)), to, nil)
		}
	} else {
		if len(events) > 0 {
			r.opt.Log.Info("reconcile: the sweep looks at events that no poll read", slog.Int("events", len(events)))
		}
		err = r.takeIn(ctx, events)
	}
	if err != nil {
		return err
	}
	returns, denied := boxoffice.Span{From: from, To: to}, r.denied.Load()
	unread, err := r.disputesUnread()
	if err != nil {
		return err
	}
	if unread {
		first, err := r.firstMoney(to)
		if err != nil {
			return err
		}
		returns.From = earlier(first, from)
	}
	seen, err := r.coverReturns(ctx, returns)
	if err != nil {
		return err
	}
	if err := r.lookAtUnfinished(ctx, seen); err != nil {
		return err
	}
	if err := r.readBooks(ctx, from, to); err != nil {
		return err
	}
	if to, err = r.notAhead(to); err != nil {
		return err
	}
	return r.opt.Book.Update(func(tx *ledger.Tx) error {
		if err := mark(tx, doneWith(events, to)); err != nil {
			return err
		}
		if unread && r.denied.Load() == denied {
			if err := tx.SetDisputesUnread(false); err != nil {
				return err
			}
		}
		return tx.SetSwept(to)
	})
}

func (r *Reconciler) disputesUnread() (unread bool, err error) {
	err = r.opt.Book.View(func(tx *ledger.Tx) error { unread = tx.DisputesUnread(); return nil })
	return unread, err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// readBooks reads Stripe's own books. A key that may not see them, as one from
// before they were asked for, must not stop the rest.
func (r *Reconciler) readBooks(ctx context.Context, from, to time.Time) error {
	err := r.ReadStatement(ctx, from, to)
	if err == nil {
		err = r.lookAtUndecided(ctx, to)
	}
	if failed(err, stripeapi.Forbidden) {
		r.opt.Log.Warn("reconcile: the key may not read Stripe's books", slog.Any("error", err))
		return nil
	}
	return err
}
