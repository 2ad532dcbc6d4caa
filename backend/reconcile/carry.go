package reconcile

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

const (
	// keyLife is how long an idempotency key is trusted: Stripe keeps a result
	// for at least 24 hours (docs.stripe.com/api/idempotent_requests).
	keyLife = 23 * time.Hour
	// settled is how long after a write Stripe's list is trusted to show it.
	settled = 2 * time.Minute
	// lookBack is how long before an intent was recorded a search begins.
	lookBack = 2 * time.Hour
	// busyTries is how often a first attempt is made again when Stripe says
	// that there are too many requests, before the cashier is told.
	busyTries = 4
	maxWait   = time.Minute
)

// Send carries out a recorded intent, and returns when its first attempt is
// over or ctx ends. The intent is carried on either way: what became of it is
// in the book.
func (r *Reconciler) Send(ctx context.Context, intentKey string) {
	select {
	case <-r.carry(intentKey, false):
	case <-ctx.Done():
	}
}

// carry makes sure that somebody carries the intent, and returns a channel
// that is closed when the first attempt is over. earlier says that it may have
// been sent before, by a run that did not live to record the answer.
func (r *Reconciler) carry(intentKey string, earlier bool) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if first, ok := r.carried[intentKey]; ok {
		return first
	}
	first := make(chan struct{})
	if r.life.Err() != nil {
		close(first)
		return first
	}
	tried := sync.OnceFunc(func() { close(first) })
	r.carried[intentKey] = first
	r.work.Go(func() {
		defer func() {
			r.mu.Lock()
			delete(r.carried, intentKey)
			delete(r.doubted, intentKey)
			r.mu.Unlock()
			tried()
		}()
		r.persist(intentKey, earlier, tried)
	})
	return first
}

var (
	// errOver says that there is nothing left to close: the buyer was faster.
	errOver = errors.New("the code is not open any more")
	// errStillOpen says that Stripe closed a code and gave it back open.
	errStillOpen = errors.New("the code is still open after it was closed")
	// errElse says that Stripe answered well, and about something else.
	errElse = errors.New("the answer does not belong to what was asked for")
	// errTooSoon says that Stripe's list cannot prove anything yet.
	errTooSoon = errors.New("the outcome is unknown, and it is too soon to search for it")
	// errUnmade is why an order that Stripe's list does not have was refused.
	errUnmade = &stripeapi.Error{Failure: stripeapi.Missing, Message: "Stripe has no session for this order."}
)

// persist tries until the intent is answered or the program ends.
func (r *Reconciler) persist(intentKey string, earlier bool, tried func()) {
	answered := false
	for try := 0; ; try++ {
		intent, open, err := r.intent(intentKey)
		switch {
		case err == nil && !open:
			return
		case err == nil && answered:
			answered, err = false, errElse // and yet it is open
		case err == nil:
			var fresh bool
			fresh, err = r.attempt(intent, try, earlier)
			earlier = earlier || !fresh
			if answered = err == nil; answered {
				continue // look at the book
			}
		}
		if errors.Is(err, errOver) || r.life.Err() != nil {
			return
		}
		r.opt.Log.Warn("reconcile: an intent is not answered yet",
			slog.String("intent", intentKey), slog.Int("try", try), slog.Any("error", err))
		failure, ok := errors.AsType[*stripeapi.Error](err)
		if !ok || failure.Failure != stripeapi.Busy || earlier {
			tried()
		}
		wait := backoff(try)
		if errors.Is(err, errDecides) && !errors.Is(err, errStillOpen) {
			wait = max(wait, interval(longestCode)) // days, and the poll takes in what becomes of it
		}
		if !pause(r.life, wait) {
			return
		}
	}
}

func (r *Reconciler) intent(intentKey string) (i boxoffice.Intent, open bool, err error) {
	err = r.opt.Book.View(func(tx *ledger.Tx) (err error) {
		i, open, err = tx.Intent(intentKey)
		return err
	})
	return i, open, err
}

// attempt makes one try. fresh reports that it provably did nothing, so that
// the next is still a first one. A nil error means that the book has changed.
func (r *Reconciler) attempt(i boxoffice.Intent, try int, earlier bool) (fresh bool, err error) {
	switch {
	case i.Expire != "":
		return false, r.expire(i, try)
	case i.Link != nil:
		return r.makeLink(i, earlier)
	case i.CloseLink != "":
		return false, r.closeLink(i, try)
	case i.Refund != nil:
		return r.giveBack(i, try, earlier)
	case i.Mirror != nil:
		return false, r.mirrorStep(i, earlier)
	default:
		return r.create(i, try, earlier)
	}
}

// outlived reports whether Stripe may not know the key any more of an intent that
// may have been sent before. It is older than Stripe keeps keys: not by the
// laptop's clock, by which, a day off, a living one would be searched for, or a
// dead one sent. Or it was sent as somebody else, with another API key or through
// a platform: Stripe does not say whose a key is, so it is taken for unknown.
func (r *Reconciler) outlived(i boxoffice.Intent, earlier bool) (bool, error) {
	if !earlier {
		return false, nil
	}
	now, err := r.opt.Stripe.Clock(r.life)
	if err != nil || i.Asker == "" || i.Asker == r.Asker() {
		return now.Sub(i.RecordedAt) > keyLife, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.doubted[i.Key]; !known {
		r.doubted[i.Key] = now // an earlier run may have sent it a moment ago
	}
	return true, err
}

// create makes a code, or a payment for a card that is typed.
func (r *Reconciler) create(i boxoffice.Intent, try int, earlier bool) (fresh bool, err error) {
	if old, err := r.outlived(i, earlier); err != nil {
		return false, err
	} else if old {
		return false, r.search(i, errUnmade)
	}
	var s stripeapi.Session
	if i.Pay != nil {
		s, err = r.opt.Stripe.CreatePayment(r.life, i.Key, *i.Pay)
	} else {
		s, err = r.opt.Stripe.CreateSession(r.life, i.Key, *i.Create)
	}
	r.doubt(i, err)
	if err == nil {
		if err = r.take(s); err == nil {
			r.follow(i.OrderID)
		}
		return false, err
	}
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if !ok {
		return false, err
	}
	earlier = earlier || failure.Resent
	switch {
	case failure.Failure == stripeapi.Busy && !earlier && try+1 < busyTries:
		return true, err
	case failure.NothingDone(earlier) && !earlier:
		return true, r.refuse(i, err)
	case failure.NothingDone(earlier):
		// By Stripe's documentation this is proof. Seats are worth a second one.
		return false, r.search(i, err)
	case failure.Failure == stripeapi.KeyReused, failure.Failure == stripeapi.Broken && failure.Replayed:
		// Stripe will say the same for ever: only its list tells the truth.
		return false, r.search(i, errUnmade)
	default:
		return false, err
	}
}

// doubt remembers when an intent was sent last without its being known whether
// Stripe did it.
func (r *Reconciler) doubt(i boxoffice.Intent, err error) {
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if !ok || failure.NothingDone(false) || failure.Failure == stripeapi.KeyReused || failure.Replayed {
		return
	}
	r.unsure(i.Key)
}

func (r *Reconciler) unsure(intentKey string) {
	now := r.opt.Stripe.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.doubted[intentKey] = now
}

// tooSoon reports whether Stripe's list may not show yet what the intent did.
func (r *Reconciler) tooSoon(i boxoffice.Intent) bool {
	now, err := r.opt.Stripe.Clock(r.life)
	if err != nil {
		return true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	last := r.doubted[i.Key]
	if last.Before(i.RecordedAt) {
		last = i.RecordedAt
	}
	return now.Sub(last) < settled
}

// search finds out from Stripe's list whether the session was made, by the
// order's id that it carries. Not being there is proof only after a while, and
// then the book is told why.
func (r *Reconciler) search(i boxoffice.Intent, why error) error {
	now := r.opt.Stripe.Now()
	for after := ""; ; {
		list := r.opt.Stripe.Sessions
		if i.Pay != nil {
			list = r.opt.Stripe.Payments
		}
		page, err := list(r.life, i.RecordedAt.Add(-lookBack), now, after)
		if err != nil {
			return err
		}
		for _, s := range page.Sessions {
			if s.Reference == i.OrderID && s.Metadata[boxoffice.MetadataTender] == i.TenderID {
				if err := r.observe(s); err != nil {
					return err
				}
				r.follow(i.OrderID)
				return nil
			}
			after = s.ID
		}
		if !page.More {
			break
		}
	}
	if r.tooSoon(i) {
		return errTooSoon
	}
	return r.refuse(i, why)
}

// expire closes a code. Whatever Stripe answers, the session itself tells what
// is true: the buyer may have been faster.
func (r *Reconciler) expire(i boxoffice.Intent, try int) error {
	idempotencyKey := i.Key
	if try > 0 {
		// Closing twice does no harm, and a stored failure would be said for ever.
		idempotencyKey += "-" + strconv.Itoa(try)
	}
	end := r.opt.Stripe.ExpireSession
	if isPayment(i.Expire) {
		end = r.opt.Stripe.CancelPayment
	}
	closed := boxoffice.CodeClosedFact{OfTender: boxoffice.OfTender{OrderID: i.OrderID, TenderID: i.TenderID}, SessionID: i.Expire}
	other := i.Key == ledger.ExpireKey(i.Expire) // not the tender's own code: no seat hangs on it
	s, err := end(r.life, idempotencyKey, i.Expire)
	refused := err
	if err != nil {
		switch s, err = r.fetch(r.life, i.Expire); {
		case other && failed(err, stripeapi.Missing):
			return r.answer(i, closed) // Stripe deletes test data when it is told to: nobody can pay it
		case err != nil:
			return err
		}
	}
	if err := r.observe(s); err != nil {
		return err
	}
	switch {
	case judge(s) != waiting && other:
		return r.answer(i, closed)
	case judge(s) != waiting:
		return errOver // closed now; or paid, or the bank decides, which follow sees to
	case refused != nil:
		return refused
	default:
		return errStillOpen
	}
}

// backoff is how long to wait after a try that failed: half a second, then
// twice as long each time, up to maxWait.
func backoff(try int) time.Duration {
	if try > 6 {
		return maxWait
	}
	return min(time.Second/2<<try, maxWait)
}

// pause waits, and reports false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
