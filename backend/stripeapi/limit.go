package stripeapi

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// Stripe's limits are 100 requests a second for real money and 25 in a sandbox,
// and 25 for each endpoint (docs.stripe.com/rate-limits). One is left over for
// whoever else uses the account.
const (
	liveRate     = 96
	sandboxRate  = 24
	endpointRate = 24
)

// class is who goes first: a sale, then a look at something that somebody waits
// for, then what is read in bulk.
type class int

const (
	writing class = iota
	reading
	bulk
)

// The share of a bucket that a class leaves to those before it. Half of the
// whole is for sales, at once and whenever they come; while there are none, the
// rest goes at the whole rate.
const (
	keptForWrites = 0.5
	keptForReads  = 0.15
)

// limiter keeps to Stripe's limits, and learns them where they are lower than
// they should be.
type limiter struct {
	random func() float64 // from 0 up to 1
	each   float64        // the rate of an endpoint

	mu        sync.Mutex
	total     bucket
	writes    bucket // half: however much is sold, something is still read
	endpoints map[string]*bucket
	waiting   [bulk + 1][]*waiter
	timer     *time.Timer
	readsFrom time.Time // no read before; after Stripe has refused one
}

// waiter is one request before it is sent.
type waiter struct {
	class    class
	endpoint *bucket
	turn     chan struct{} // closed when it may
}

func newLimiter(total, each float64, random func() float64) *limiter {
	l := &limiter{random: random, each: each, endpoints: map[string]*bucket{}}
	l.setTotal(total)
	return l
}

// setTotal changes the rate of all requests together.
func (l *limiter) setTotal(perSecond float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.total.full != perSecond {
		now := time.Now()
		l.total, l.writes = newBucket(perSecond, now), newBucket(perSecond/2, now)
	}
}

// wait returns when the request may be sent, or with the context's error.
func (l *limiter) wait(ctx context.Context, c class, endpoint string) error {
	w := &waiter{class: c, turn: make(chan struct{})}
	l.mu.Lock()
	w.endpoint = l.of(endpoint)
	l.waiting[c] = append(l.waiting[c], w)
	l.next()
	l.mu.Unlock()
	select {
	case <-w.turn:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.waiting[c], w); i >= 0 {
		l.waiting[c] = slices.Delete(l.waiting[c], i, i+1)
	}
	return ctx.Err()
}

// of is the endpoint's own bucket. The caller holds mu.
func (l *limiter) of(endpoint string) *bucket {
	b := l.endpoints[endpoint]
	if b == nil {
		b = new(newBucket(l.each, time.Now()))
		l.endpoints[endpoint] = b
	}
	return b
}

// next lets all go whose turn it is, those of a class in the order in which
// they came, and sets the clock for the one after. The caller holds mu.
func (l *limiter) next() {
	now := time.Now()
	soonest := time.Duration(-1)
	for c := range l.waiting {
		l.waiting[c] = slices.DeleteFunc(l.waiting[c], func(w *waiter) bool {
			d := l.delay(w, now)
			if d > 0 {
				if soonest < 0 || d < soonest {
					soonest = d
				}
				return false
			}
			l.total.tokens--
			w.endpoint.tokens--
			if w.class == writing {
				l.writes.tokens--
			}
			close(w.turn)
			return true
		})
	}
	if l.timer != nil {
		l.timer.Stop()
	}
	if soonest > 0 {
		l.timer = time.AfterFunc(soonest, func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.next()
		})
	}
}

// delay is how long the request must wait yet, as things are.
func (l *limiter) delay(w *waiter, now time.Time) time.Duration {
	l.total.refill(now)
	w.endpoint.refill(now)
	switch w.class {
	case writing:
		l.writes.refill(now)
		return max(l.total.delay(0), l.writes.delay(0), w.endpoint.delay(0))
	case reading:
		return max(l.total.delay(keptForWrites), w.endpoint.delay(0), l.readsFrom.Sub(now))
	default:
		return max(l.total.delay(keptForWrites+keptForReads*(1-keptForWrites)), w.endpoint.delay(keptForReads), l.readsFrom.Sub(now))
	}
}

// maxPause is the longest that a refusal may stop all reads.
const maxPause = time.Minute

// refused is told of a rate limit that was crossed: which limit, in Stripe's
// words ("endpoint-rate", "global-concurrency", "" where it says nothing), and
// how long it asks to wait, which it does not always say
// (docs.stripe.com/rate-limits#handling-limiting-gracefully).
//
// The rate is halved and then grows back by itself. Reads wait a moment that is
// another at each till, lest all come back at once.
func (l *limiter) refused(endpoint, reason string, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	pause := time.Second/2 + time.Duration(l.random()*float64(time.Second))
	if wait > 0 {
		pause = min(wait, maxPause) + time.Duration(l.random()*float64(time.Second)/2)
	}
	if until := now.Add(pause); until.After(l.readsFrom) {
		l.readsFrom = until
	}
	l.of(endpoint).halve(now)
	if strings.HasPrefix(reason, "global") {
		l.total.halve(now)
	}
	l.next()
}

// bucket fills with tokens, of which each request takes one.
type bucket struct {
	full   float64 // the rate that Stripe is known for, and the most tokens
	rate   float64 // tokens a second; less than full for a while after a refusal
	tokens float64
	at     time.Time // when tokens was so
	halved time.Time
}

func newBucket(perSecond float64, now time.Time) bucket {
	return bucket{full: perSecond, rate: perSecond, tokens: max(perSecond, 1), at: now}
}

// regrowth is how much of its full rate a bucket wins back in a second.
const regrowth = 1.0 / 24

// most is how many tokens it can hold.
func (b *bucket) most() float64 { return max(b.rate, 1) }

func (b *bucket) refill(now time.Time) {
	passed := now.Sub(b.at).Seconds()
	if passed <= 0 {
		return
	}
	b.at = now
	b.tokens += passed * b.rate
	b.rate = min(b.full, b.rate+passed*b.full*regrowth)
	b.tokens = min(b.most(), b.tokens)
}

// delay is how long it takes until a token can be had that leaves the share.
func (b *bucket) delay(share float64) time.Duration {
	lacking := min(1+share*b.most(), b.most()) - b.tokens
	if lacking <= 0 {
		return 0
	}
	return time.Duration(lacking/b.rate*float64(time.Second)) + time.Nanosecond
}

// halve makes the bucket slower, once for all requests that were under way
// together.
func (b *bucket) halve(now time.Time) {
	b.refill(now)
	b.tokens = 0
	if now.Sub(b.halved) < time.Second {
		return
	}
	b.halved, b.rate = now, max(b.rate/2, min(1, b.full))
}

type bulkKey struct{}

// Bulk marks what is asked under the context as reading in bulk: it leaves a
// part of the rate to looks at what somebody waits for, and lets them go first.
func Bulk(ctx context.Context) context.Context { return context.WithValue(ctx, bulkKey{}, true) }

// classOf is whose turn a request is.
func classOf(ctx context.Context, write bool) class {
	switch {
	case write:
		return writing
	case ctx.Value(bulkKey{}) != nil:
		return bulk
	default:
		return reading
	}
}
