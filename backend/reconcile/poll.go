package reconcile

import (
	"cmp"
	"errors"
	"log/slog"
	"slices"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

const (
	// overlap is how far behind the cursor each poll begins: an event can turn
	// up late, with a time before one that was seen already.
	overlap = 10 * time.Minute
	// eventLife is how long Stripe lists an event (docs.stripe.com/api/events).
	eventLife = 30 * 24 * time.Hour
	// busyInterval, wallInterval and idleInterval are the time between polls with
	// codes out, with a poster on the wall, and with neither; reads are allotted,
	// so idle tills ask seldom. Whoever bought at a poster is at the desk minutes
	// later; a day of it costs 720 reads.
	busyInterval = 30 * time.Second
	wallInterval = 2 * time.Minute
	idleInterval = 10 * time.Minute
	// restAtLeast is the least time between two polls, however often somebody
	// rings: a storm of hints must not become a storm of questions.
	restAtLeast = time.Second
)

// poll reads events at intervals, beginning at once: what was paid while
// Willcall was closed is found now.
func (r *Reconciler) poll() {
	var last time.Time
	for failures := 0; ; {
		wait := busyInterval
		if r.codesOut() || time.Since(last) >= r.quiet() {
			err := r.PollOnce()
			if r.opt.Polled != nil && r.life.Err() == nil && (err == nil || refusal(err)) {
				r.opt.Polled(err)
			}
			switch {
			case err == nil || r.life.Err() != nil:
				last, failures = time.Now(), 0
			case failed(err, stripeapi.NotConnected):
				wait = idleInterval // whoever connects rings
			default:
				r.opt.Log.Warn("reconcile: cannot poll", slog.Any("error", err))
				failures++
				wait = backoff(failures)
			}
		}
		woken, alive := r.rest(r.pollNow, wait)
		if !alive {
			return
		}
		if woken {
			last = time.Time{}
		}
	}
}

// refusal reports whether Stripe was reached and did not take the key, which
// may have been revoked or cut short.
func refusal(err error) bool { return failed(err, stripeapi.BadKey, stripeapi.Forbidden) }

// failed reports whether a request to Stripe failed in one of the ways.
func failed(err error, ways ...stripeapi.Failure) bool {
	failure, ok := errors.AsType[*stripeapi.Error](err)
	return ok && slices.Contains(ways, failure.Failure)
}

// rest waits for restAtLeast and then for the rest of d, or until the bell
// rings: one ring is as good as many. alive is false when the program ends.
func (r *Reconciler) rest(bell <-chan struct{}, d time.Duration) (woken, alive bool) {
	if !pause(r.life, restAtLeast) {
		return false, false
	}
	t := time.NewTimer(max(0, d-restAtLeast))
	defer t.Stop()
	select {
	case <-t.C:
		return false, true
	case <-bell:
		return true, true
	case <-r.life.Done():
		return false, false
	}
}

// codesOut reports whether somebody may be paying at this moment. A bank that
// decides for days is nobody.
func (r *Reconciler) codesOut() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.followed {
		if time.Since(p.since) < longestCode {
			return true
		}
	}
	return false
}

// quiet is how long it may be without a poll while no code is out.
func (r *Reconciler) quiet() time.Duration {
	quiet := idleInterval
	err := r.opt.Book.View(func(tx *ledger.Tx) error {
		posters, err := tx.Posters()
		for _, p := range posters {
			if p.State == boxoffice.PosterOpen || p.State == boxoffice.PosterClosing {
				quiet = wallInterval
			}
		}
		return err
	})
	if err != nil {
		r.opt.Log.Error("reconcile: cannot read the posters", slog.Any("error", err))
	}
	return quiet
}

// PollOnce reads all events since the cursor, looks at each session they speak
// of, and only then moves the cursor, in the transaction that remembers which
// events were taken in. A crash anywhere makes it read the same again.
func (r *Reconciler) PollOnce() error {
	to, err := r.opt.Stripe.Clock(r.life)
	if err != nil {
		return err
	}
	from, err := r.pollFrom(to)
	if err != nil {
		return err
	}
	events, err := r.unseen(from, to)
	if err != nil {
		return err
	}
	if now := r.opt.Stripe.Now(); now.Before(to) {
		to = now // the laptop's clock was set back, and the answers have told
	}
	looked := map[string]bool{}
	// Oldest first, and sessions before payments: most payments are a
	// session's own, and known when it is.
	slices.Reverse(events)
	rank := func(e stripeapi.Event) int {
		if isPayment(e.ObjectID) {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(events, func(a, b stripeapi.Event) int { return cmp.Compare(rank(a), rank(b)) })
	for _, e := range events {
		if looked[e.ObjectID] {
			continue
		}
		known, err := r.knows(e)
		if err != nil {
			return err
		}
		if known {
			continue // the next event of the same session may tell more
		}
		if _, err := r.look(r.life, e.ObjectID); err != nil && !missing(err) {
			return err
		}
		looked[e.ObjectID] = true
	}
	return r.opt.Book.Update(func(tx *ledger.Tx) error {
		for _, e := range events {
			if err := tx.MarkEvent(e.ID, e.Created); err != nil {
				return err
			}
		}
		return errors.Join(tx.ForgetEvents(from.Add(-overlap)), tx.SetCursor(to))
	})
}

// pollFrom is where a poll up to the time begins.
func (r *Reconciler) pollFrom(to time.Time) (from time.Time, err error) {
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		from, err = tx.Cursor()
		return err
	})
	if err != nil {
		return from, err
	}
	if from.IsZero() || from.After(to) {
		from = to // a new book, or a clock that was set back
	}
	from = from.Add(-overlap)
	if oldest := to.Add(-eventLife); from.Before(oldest) {
		from = oldest
	}
	return from, nil
}

// unseen reads every page of the window, and returns the events that were not
// taken in before, newest first.
func (r *Reconciler) unseen(from, to time.Time) ([]stripeapi.Event, error) {
	var events []stripeapi.Event
	for after := ""; ; {
		page, err := r.opt.Stripe.Events(r.life, stripeapi.SessionEvents(), from, to, after)
		if err != nil {
			return nil, err
		}
		err = r.opt.Book.View(func(tx *ledger.Tx) error {
			for _, e := range page.Events {
				if !tx.SeenEvent(e.ID, e.Created) {
					events = append(events, e)
				}
				after = e.ID
			}
			return nil
		})
		if err != nil || !page.More {
			return events, err
		}
	}
}

// knows reports whether the book already has all that the event can tell, so
// that a read can be saved. When in doubt it does not.
func (r *Reconciler) knows(e stripeapi.Event) (known bool, err error) {
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		o, ok, err := tx.OrderBySession(e.ObjectID)
		if err != nil || !ok {
			return err
		}
		t, ok := o.TenderBySession(e.ObjectID)
		switch e.Type {
		case "payment_intent.succeeded":
			known = !ok || t.State == boxoffice.TenderPaid // not ok: it is a session's own, and the session is known
		case "payment_intent.canceled":
			known = !ok || t.State == boxoffice.TenderExpired
		case "checkout.session.completed", "checkout.session.async_payment_succeeded":
			known = t.State == boxoffice.TenderPaid
		case "checkout.session.expired":
			known = t.State == boxoffice.TenderExpired
		case "checkout.session.async_payment_failed":
			known = t.State == boxoffice.TenderFailed
		}
		return nil
	})
	return known, err
}

func missing(err error) bool { return failed(err, stripeapi.Missing) }
