package stripeapi

import (
	"context"
	"time"
)

// Now is the time by Stripe's clock, as far as its answers have told: windows
// and expiries must not hang on a laptop's.
func (c *Client) Now() time.Time { return c.wire.stripeNow() }

// Clock is Now, after asking Stripe if no answer has told its time yet. An answer
// that says another time than this machine's clock, or than those before it, is
// asked for again: one of them is wrong. So is the time after this machine's clock
// was set, or it slept; where Stripe cannot be asked, that is left as it is.
func (c *Client) Clock(ctx context.Context) (time.Time, error) {
	for c.wire.doubtsClock() {
		q, mine := c.wire.question()
		if mine {
			c.askTime(ctx, q)
		}
		select {
		case <-q.answered:
		case <-ctx.Done():
			q = &question{err: &Error{Failure: Unsent, Message: "the time was not asked for", cause: ctx.Err()}}
		}
		if q.left && !mine {
			continue
		}
		if q.err != nil && !c.wire.sureOfClock() {
			return time.Time{}, q.err
		}
		break
	}
	return c.Now(), nil
}

// askTime asks for Stripe's time, a few times where the answers do not agree, and
// tells all who wait for it.
func (c *Client) askTime(ctx context.Context, q *question) {
	const enough = 3
	defer c.wire.answer(q)
	for asked := 0; asked < enough && q.err == nil && c.wire.doubtsClock(); asked++ {
		_, q.err = c.Livemode(ctx)
	}
	q.left = q.err != nil && ctx.Err() != nil
}

// question is the one about Stripe's time that is on its way: one asks for all
// who want to know.
type question struct {
	answered chan struct{} // closed when the rest is set
	err      error
	left     bool // whoever asked waits no longer, and another has to ask
}

// question is the one that is on its way, or a new one, which is the caller's to
// ask.
func (w *wire) question() (q *question, mine bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.asking == nil {
		w.asking, mine = &question{answered: make(chan struct{})}, true
	}
	return w.asking, mine
}

func (w *wire) answer(q *question) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asking = nil
	close(q.answered)
}

func (w *wire) stripeNow() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now().Add(w.dates.offset).UTC()
}

func (w *wire) sureOfClock() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dates.sure && !w.dates.hasDoubts
}

// doubtsClock reports whether Stripe has to be asked for its time.
func (w *wire) doubtsClock() bool {
	if !w.sureOfClock() {
		return true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dates.jumped(w.read())
}
