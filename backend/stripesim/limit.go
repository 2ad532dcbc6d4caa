package stripesim

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Limits are how many requests Stripe answers of one account's side in a
// second; what is beyond is told to slow down. 0 is no limit. At Stripe it is
// 100 in live mode and 25 in a sandbox, and 25 for each endpoint.
// Source: docs.stripe.com/rate-limits.
type Limits struct {
	PerSecond   int `json:"per_second"`
	PerEndpoint int `json:"per_endpoint"` // a method and a path are an endpoint
}

// Limit replaces the limits; the buckets are full again.
func (s *Sim) Limit(l Limits) { s.limits.set(l) }

// postLimits is Limit: {"per_second": 25, "per_endpoint": 25}; what is left
// out has no limit.
func (s *Sim) postLimits(r *http.Request) (any, error) {
	var l Limits
	if err := readJSON(r, &l); err != nil {
		return nil, err
	}
	if l.PerSecond < 0 || l.PerEndpoint < 0 {
		return nil, fmt.Errorf("a limit is a number of requests in a second, or 0 for none")
	}
	s.Limit(l)
	return l, nil
}

// limiter has a bucket for each account's side, and for each endpoint of it.
type limiter struct {
	mu      sync.Mutex // guards all below
	limits  Limits
	buckets map[string]*bucket
}

// bucket holds what can still be answered: a second's worth at most.
type bucket struct {
	tokens float64
	at     time.Time // of the last look
}

func (l *limiter) set(limits Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limits, l.buckets = limits, map[string]*bucket{}
}

// admit takes one request out of both buckets, or out of none.
func (l *limiter) admit(book, pattern string, now time.Time) *apiError {
	l.mu.Lock()
	defer l.mu.Unlock()
	all, allow := l.look(book, l.limits.PerSecond, now)
	if !allow {
		return rateLimited(reasonGlobal)
	}
	own, allow := l.look(book+" "+pattern, l.limits.PerEndpoint, now)
	if !allow {
		return rateLimited(reasonEndpoint)
	}
	all.tokens--
	own.tokens--
	return nil
}

// look fills a bucket up to now and tells whether there is anything in it.
func (l *limiter) look(name string, rate int, now time.Time) (b *bucket, allow bool) {
	if b = l.buckets[name]; b == nil {
		b = &bucket{tokens: float64(rate), at: now}
		l.buckets[name] = b
	}
	if passed := now.Sub(b.at); passed > 0 { // a clock that is moved by hand can be late
		b.tokens, b.at = min(float64(rate), b.tokens+passed.Seconds()*float64(rate)), now
	}
	return b, rate == 0 || b.tokens >= 1
}
