package reconcile

import (
	"time"

	"willcall/backend/ledger"
)

// Health says how well the book keeps up with Stripe.
type Health struct {
	LastSuccess  time.Time     // when a poll last went to its end, by the local clock; zero before the first
	NextPoll     time.Time     // when the next is due, by the local clock
	Interval     time.Duration // between polls, at the moment
	CoveredUntil time.Time     // up to when everything was taken in, by Stripe's clock; zero in a new book
	Now          time.Time     // by Stripe's clock
	Budget       Budget
	CatchUp      *CatchUp // nil when there is nothing to catch up with
	Problem      error    // why the last poll failed; nil when it did not
}

// CatchUp is a long time that is being taken in.
type CatchUp struct {
	From, To time.Time // by Stripe's clock
	Share    int       // of it that was read, in percent
	Found    int       // sessions that brought news
}

// Health says how well the book keeps up with Stripe.
func (r *Reconciler) Health() (Health, error) {
	b, err := r.budget()
	if err != nil {
		return Health{}, err
	}
	r.mu.Lock()
	h := r.health
	if h.CatchUp != nil {
		h.CatchUp = new(*h.CatchUp)
	}
	r.mu.Unlock()
	h.Budget, h.Now = b, r.opt.Stripe.Now()
	err = r.opt.Book.View(func(tx *ledger.Tx) (err error) {
		h.CoveredUntil, err = tx.Cursor()
		return err
	})
	return h, err
}

// change changes what Health says.
func (r *Reconciler) change(fn func(h *Health)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fn(&r.health)
}

func (r *Reconciler) polled(err error) {
	r.change(func(h *Health) {
		if h.Problem = err; err == nil {
			h.LastSuccess = time.Now().UTC()
		}
	})
}

func (r *Reconciler) paced(_ Budget, wait time.Duration) {
	r.change(func(h *Health) { h.Interval = wait })
}

// nextPoll notes when a poll is due: after a failure when it is tried again,
// and else when the interval since the last is over.
func (r *Reconciler) nextPoll(last time.Time, wait time.Duration, failures int) {
	r.change(func(h *Health) {
		if h.NextPoll = last.Add(h.Interval); failures > 0 || last.IsZero() {
			h.NextPoll = time.Now().Add(wait)
		}
		h.NextPoll = h.NextPoll.UTC()
	})
}

func (r *Reconciler) caughtUp(c *CatchUp) { r.change(func(h *Health) { h.CatchUp = c }) }

func (r *Reconciler) share(percent int) {
	r.change(func(h *Health) {
		if h.CatchUp != nil {
			h.CatchUp.Share = percent
		}
	})
}

func (r *Reconciler) found(n int) {
	r.change(func(h *Health) {
		if h.CatchUp != nil {
			h.CatchUp.Found += n
		}
	})
}
