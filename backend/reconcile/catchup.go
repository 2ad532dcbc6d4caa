package reconcile

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

const (
	// sessionLife is the longest that a Checkout Session can be paid
	// (docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at).
	sessionLife = 24 * time.Hour
	// eventsTrusted is how long events are relied on: Stripe lists them for 30
	// days, and reading takes its time.
	eventsTrusted = 25 * 24 * time.Hour
	// debitLife is how long a bank can take to decide
	// (docs.stripe.com/payments/bank-debits).
	debitLife = 14 * 24 * time.Hour
	// refundLife is how long after it was made a refund can still fail, as far as
	// a till that was away for more than a month looks for it.
	refundLife = 60 * 24 * time.Hour
)

// catchUp takes in a long time, from the cursor to another, and only then moves
// the cursor. It lists the sessions, refunds and disputes themselves, a hundred
// a read, instead of fetching what each event speaks of; events tell only of
// what was made long before. Where there are none any more it looks further
// back, and at everything that is not final.
func (r *Reconciler) catchUp(from, to time.Time) error {
	r.opt.Log.Info("reconcile: catching up", slog.Time("from", from), slog.Time("to", to))
	r.caughtUp(&CatchUp{From: from, To: to})
	defer r.caughtUp(nil)
	forgotten := to.Sub(from) > eventsTrusted
	sessions, returns := from.Add(-overlap-sessionLife), from.Add(-overlap)
	if forgotten {
		sessions, returns = sessions.Add(-debitLife), returns.Add(-refundLife)
	}
	ctx, stop := context.WithCancel(stripeapi.Bulk(r.life))
	defer stop()
	// Sessions first: what went back belongs to them.
	if err := r.coverSessions(ctx, boxoffice.Span{From: sessions, To: to}); err != nil {
		return err
	}
	seen, err := r.coverReturns(ctx, boxoffice.Span{From: returns, To: to})
	if err != nil {
		return err
	}
	if !forgotten {
		if err := r.lateEvents(ctx, from.Add(-overlap), to, seen); err != nil {
			return err
		}
	}
	if err := r.lookAtUnfinished(ctx, seen); err != nil {
		return err
	}
	if to, err = r.notAhead(to); err != nil {
		return err
	}
	return r.opt.Book.Update(func(tx *ledger.Tx) error { return tx.SetCursor(to) })
}

// notAhead is the time, or what Stripe's clock says now if that is before it:
// the laptop's clock was set, and the answers have told. One of them alone
// proves nothing, so that it may ask for another.
func (r *Reconciler) notAhead(to time.Time) (time.Time, error) {
	now, err := r.opt.Stripe.Clock(r.life)
	return earlier(to, now), err
}

// coverSessions takes in every session that was made in the time.
func (r *Reconciler) coverSessions(ctx context.Context, whole boxoffice.Span) error {
	return cover(ctx, whole, func(ctx context.Context, from, to time.Time, after string) (pageRead, error) {
		page, err := r.opt.Stripe.Sessions(ctx, from, to, after)
		if err != nil {
			return pageRead{}, err
		}
		found, err := r.observeAll(page.Sessions)
		r.found(found)
		return pageOf(page.Sessions, page.More, func(s stripeapi.Session) (string, time.Time) { return s.ID, s.Created }), err
	}, r.share)
}

// noted are the ids of what a list has shown just now, as it is now.
type noted struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (n *noted) note(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ids[id] = true
}

// coverReturns takes in every refund and dispute that was made in the time, and
// says which: nobody needs to look at those again.
func (r *Reconciler) coverReturns(ctx context.Context, whole boxoffice.Span) (map[string]bool, error) {
	seen := &noted{ids: map[string]bool{}}
	err := cover(ctx, whole, func(ctx context.Context, from, to time.Time, after string) (pageRead, error) {
		page, err := r.opt.Stripe.Refunds(ctx, from, to, after)
		for _, f := range page.Refunds {
			if err == nil {
				seen.note(f.ID)
				err = r.observeRefund(ctx, f)
			}
		}
		return pageOf(page.Refunds, page.More, func(f stripeapi.Refund) (string, time.Time) { return f.ID, f.Created }), err
	}, nobody)
	if err != nil {
		return nil, err
	}
	err = cover(ctx, whole, func(ctx context.Context, from, to time.Time, after string) (pageRead, error) {
		page, err := r.opt.Stripe.Disputes(ctx, from, to, after)
		if err != nil {
			return pageRead{}, r.withoutDisputes(err)
		}
		for _, d := range page.Disputes {
			if err == nil {
				seen.note(d.ID)
				err = r.observeDispute(ctx, d)
			}
		}
		return pageOf(page.Disputes, page.More, func(d stripeapi.Dispute) (string, time.Time) { return d.ID, d.Created }), err
	}, nobody)
	return seen.ids, err
}

func pageOf[T any](items []T, more bool, of func(T) (string, time.Time)) pageRead {
	p := pageRead{count: len(items), more: more}
	if len(items) > 0 {
		p.last, p.oldest = of(items[len(items)-1])
	}
	return p
}

// lateEvents looks at what events of a time speak of that no list of new
// objects has shown.
func (r *Reconciler) lateEvents(ctx context.Context, from, to time.Time, seen map[string]bool) error {
	var mu sync.Mutex
	var events []stripeapi.Event
	err := cover(ctx, boxoffice.Span{From: from, To: to}, func(ctx context.Context, from, to time.Time, after string) (pageRead, error) {
		page, err := r.opt.Stripe.Events(ctx, stripeapi.LateEvents(), from, to, after)
		mu.Lock()
		defer mu.Unlock()
		for _, e := range page.Events {
			if !seen[e.ObjectID] {
				events = append(events, e)
			}
		}
		return pageOf(page.Events, page.More, func(e stripeapi.Event) (string, time.Time) { return e.ID, e.Created }), err
	}, nobody)
	if err != nil {
		return err
	}
	return r.takeIn(ctx, events)
}

// lookAtUnfinished looks at each order that somebody may still pay, each refund
// that is not done, and each dispute that is open, but for those seen just now.
func (r *Reconciler) lookAtUnfinished(ctx context.Context, seen map[string]bool) error {
	var ids, refunds, disputes []string
	err := r.opt.Book.View(func(tx *ledger.Tx) error {
		orders, err := tx.Awaiting()
		for _, o := range orders {
			for _, t := range o.Tenders {
				if !t.State.Final() && t.SessionID != "" {
					ids = append(ids, t.SessionID)
				}
			}
		}
		if err != nil {
			return err
		}
		unseen := func(ids *[]string) func(string, ledger.Money) error {
			return func(id string, _ ledger.Money) error {
				if !seen[id] {
					*ids = append(*ids, id)
				}
				return nil
			}
		}
		if err := tx.UnfinishedRefunds(unseen(&refunds)); err != nil {
			return err
		}
		return tx.OpenDisputes(unseen(&disputes))
	})
	if err != nil {
		return err
	}
	look := func(ctx context.Context, id string) error { _, err := r.look(ctx, id); return err }
	if err := sideBySide(ctx, ids, look); err != nil {
		return err
	}
	if err := sideBySide(ctx, refunds, r.lookAtRefund); err != nil {
		return err
	}
	return sideBySide(ctx, disputes, r.lookAtDispute)
}

// sideBySide calls fn for each id, some at once, and returns the first error.
// What Stripe does not have is no error.
func sideBySide(ctx context.Context, ids []string, fn func(context.Context, string) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	work := make(chan string)
	var all sync.WaitGroup
	for range min(workers, len(ids)) {
		all.Go(func() {
			for id := range work {
				if err := fn(ctx, id); err != nil && !missing(err) {
					stop(err)
				}
			}
		})
	}
	for _, id := range ids {
		if ctx.Err() != nil {
			break
		}
		work <- id
	}
	close(work)
	all.Wait()
	return context.Cause(ctx)
}

// observeAll records what the book lacks of a page of sessions, in one
// transaction, and says of how many it lacked something.
func (r *Reconciler) observeAll(sessions []stripeapi.Session) (found int, err error) {
	// Oldest first, as they were paid: seats are given in that order.
	sessions = slices.Clone(sessions)
	slices.SortStableFunc(sessions, func(a, b stripeapi.Session) int {
		return cmp.Or(a.Payment.PaidAt.Compare(b.Payment.PaidAt), a.Created.Compare(b.Created))
	})
	known := 0 // so many from the first on bring no news; where all do, nothing is written
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		for ; known < len(sessions); known++ {
			if facts, err := r.lacking(tx, sessions[known]); err != nil || len(facts) > 0 {
				return err
			}
		}
		return nil
	})
	if err != nil || known == len(sessions) {
		return 0, err
	}
	var all []boxoffice.Fact
	err = r.opt.Book.Update(func(tx *ledger.Tx) error {
		found, all = 0, nil
		for _, s := range sessions[known:] {
			facts, err := r.lacking(tx, s)
			if err != nil {
				return err
			}
			if len(facts) > 0 {
				found++
			}
			all = append(all, facts...)
			if err := r.recordTold(tx, s.RequestID, facts); err != nil {
				return err
			}
		}
		return nil
	})
	r.carryAsked(all, err)
	return found, err
}
