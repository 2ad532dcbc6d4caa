package reconcile

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

const (
	// overlap is how far behind the cursor each poll begins: an event can turn
	// up late, with a time before one that was seen already.
	overlap = 10 * time.Minute
	// ahead is how far beyond what Stripe's clock is thought to say a poll looks:
	// its answers tell the time to the second, and an event of this moment must
	// not wait for the next poll.
	ahead = 5 * time.Second
	// eventLife is how long Stripe lists an event (docs.stripe.com/api/events).
	eventLife = 30 * 24 * time.Hour
	// fewEvents is how many events are looked at one by one. Where there are more,
	// listing the objects costs less.
	fewEvents = 500
	// longAway is a time that is judged by a part of it. In a shorter one a page of
	// events can be one rush at the doors.
	longAway = 6 * time.Hour
	// remembered is how long events that were taken in are known again: as long
	// as the nightly sweep looks back, and a little more.
	remembered = sweepBack + time.Hour
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
		if pace := r.pace(); time.Since(last) >= pace {
			err := r.PollOnce()
			if err == nil {
				err = r.sweepIfDue()
			}
			if r.opt.Polled != nil && r.life.Err() == nil && (err == nil || refusal(err)) {
				r.opt.Polled(err)
			}
			r.polled(err)
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
		} else {
			wait = min(wait, pace-time.Since(last))
		}
		r.nextPoll(last, wait, failures)
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

// PollOnce reads all events since the cursor, looks at each object they speak
// of, and only then moves the cursor, in the transaction that remembers which
// events were taken in. A crash anywhere makes it read the same again. Whoever
// calls it while somebody else polls waits for that, and then has little to do.
func (r *Reconciler) PollOnce() error {
	select {
	case r.polling <- struct{}{}:
		defer func() { <-r.polling }()
	case <-r.life.Done():
		return r.life.Err()
	}
	to, err := r.opt.Stripe.Clock(r.life)
	if err != nil {
		return err
	}
	from, err := r.cursor(to)
	if err != nil {
		return err
	}
	if to.Sub(from) > eventsTrusted {
		return r.catchUp(from, to)
	}
	events, more, err := r.unseen(from.Add(-overlap), to.Add(ahead), fewEvents)
	if err != nil {
		return err
	}
	if more {
		return r.catchUp(from, to)
	}
	if err := r.takeIn(r.life, events); err != nil {
		return err
	}
	if to, err = r.notAhead(to); err != nil {
		return err
	}
	return r.opt.Book.Update(func(tx *ledger.Tx) error {
		return errors.Join(mark(tx, doneWith(events, to)), tx.ForgetEvents(from.Add(-remembered)), tx.SetCursor(to), r.countReads(tx, to))
	})
}

// Poll is PollOnce for a person who asked: it returns when the book has all
// that is new, or ctx ends.
func (r *Reconciler) Poll(ctx context.Context) error {
	ended := make(chan error, 1)
	r.mu.Lock()
	if r.life.Err() == nil { // else Close may be waiting for what is under way already
		r.work.Go(func() {
			err := r.PollOnce()
			r.polled(err)
			ended <- err
		})
	} else {
		ended <- r.life.Err()
	}
	r.mu.Unlock()
	select {
	case err := <-ended:
		return Explain(err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// doneWith are the events that need no other look. A list may not show yet what
// its events speak of, neither refunds nor the session of a payment: of what
// went back the newest events are read again by the next polls.
func doneWith(events []stripeapi.Event, to time.Time) []stripeapi.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e stripeapi.Event) bool {
		return hintOf(e).rank >= ofRefunds && e.Created.After(to.Add(-settled))
	})
}

func mark(tx *ledger.Tx, events []stripeapi.Event) error {
	for _, e := range events {
		if err := tx.MarkEvent(e.ID, e.Created); err != nil {
			return err
		}
	}
	return nil
}

// cursor is up to when everything was taken in, for a poll up to the time.
func (r *Reconciler) cursor(to time.Time) (from time.Time, err error) {
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		from, err = tx.Cursor()
		return err
	})
	if from.IsZero() || from.After(to) {
		from = to // a new book, or a clock that was set back
	}
	return from, err
}

// unseen reads the window's events that were not taken in before, newest
// first. More than most of them is not read to the end.
func (r *Reconciler) unseen(from, to time.Time, most int) (events []stripeapi.Event, more bool, err error) {
	for after := ""; ; {
		page, err := r.opt.Stripe.Events(r.life, stripeapi.MoneyEvents(), from, to, after)
		if err != nil {
			return nil, false, err
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
		switch {
		case err != nil || !page.More:
			return events, false, err
		case len(events) > most, crowded(page.Events, from, to, most):
			return nil, true, nil
		}
	}
}

// crowded reports whether a long time has several times more events than most, if
// all of it is as busy as this page: to read on would only tell so later.
func crowded(page []stripeapi.Event, from, to time.Time, most int) bool {
	told := page[0].Created.Sub(page[len(page)-1].Created)
	return to.Sub(from) >= longAway && time.Duration(len(page))*to.Sub(from) > 4*time.Duration(most)*max(told, time.Second) // counts beside times
}

// takeIn looks at what the events speak of: each object once, sessions before
// payments, since most payments are a session's own, and what went back last.
func (r *Reconciler) takeIn(ctx context.Context, events []stripeapi.Event) error {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b stripeapi.Event) int { return a.Created.Compare(b.Created) })
	slices.SortStableFunc(events, func(a, b stripeapi.Event) int { return cmp.Compare(hintOf(a).rank, hintOf(b).rank) })
	looked := map[hint]bool{}
	returns := map[int][]string{} // by rank: no seat hangs on which of them is first
	for _, e := range events {
		h := hintOf(e)
		if h.id == "" || looked[h] {
			continue
		}
		known, err := r.knows(e)
		if err != nil {
			return err
		}
		if known {
			continue // the next event of the same session may tell more
		}
		looked[h] = true
		if h.rank >= ofRefunds {
			returns[h.rank] = append(returns[h.rank], h.id)
			continue
		}
		if err := h.look(ctx, r); err != nil && !missing(err) {
			return err
		}
	}
	for rank := ofRefunds; rank <= ofDispute; rank++ {
		if err := sideBySide(ctx, returns[rank], func(ctx context.Context, id string) error { return hint{rank, id}.look(ctx, r) }); err != nil {
			return err
		}
	}
	return nil
}

// hint is what an event says that there is to look at.
type hint struct {
	rank int
	id   string // "" where there is nothing
}

// The ranks of hints, in the order in which they are looked at.
const (
	ofSession = iota
	ofPayment
	ofRefunds // of a payment: all of them cost one read
	ofRefund
	ofDispute
)

func hintOf(e stripeapi.Event) hint {
	kind, _, _ := strings.Cut(e.Type, ".")
	switch {
	case kind == "checkout":
		return hint{ofSession, e.ObjectID}
	case kind == "payment_intent":
		return hint{ofPayment, e.ObjectID}
	case strings.HasPrefix(e.Type, "charge.dispute."):
		return hint{ofDispute, e.ObjectID}
	case kind == "charge" || kind == "refund":
		if e.IntentID != "" {
			return hint{ofRefunds, e.IntentID}
		}
		if e.Type == "charge.refunded" {
			return hint{} // a charge without a PaymentIntent is none of a till's
		}
		return hint{ofRefund, e.ObjectID}
	default:
		return hint{} // payouts: the nightly sweep reads Stripe's books
	}
}

func (h hint) look(ctx context.Context, r *Reconciler) error {
	switch h.rank {
	case ofRefunds:
		return r.lookAtRefunds(ctx, h.id)
	case ofRefund:
		return r.lookAtRefund(ctx, h.id)
	case ofDispute:
		return r.lookAtDispute(ctx, h.id)
	case ofPayment:
		return r.lookAtPayment(ctx, h.id)
	default:
		_, err := r.look(ctx, h.id)
		return err
	}
}

// lookAtPayment looks at a card's payment; and of a session's own, that went
// through after the session had ended, at the session.
func (r *Reconciler) lookAtPayment(ctx context.Context, id string) error {
	s, err := r.fetch(ctx, id)
	if err != nil {
		return err
	}
	if !foreign(s) || judge(s) != paid {
		return r.observe(s)
	}
	o, err := r.order(s.Reference)
	if t, ok := o.Tender(s.Metadata[boxoffice.MetadataTender]); err == nil && ok && t.SessionID != "" {
		_, err = r.look(ctx, t.SessionID)
		return err
	}
	return nil // the sweep finds it by its charge
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
			known = t.State == boxoffice.TenderPaid || !ok && o.Hold.State == boxoffice.Sold // not ok: it is a session's own
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
