package stripeapi

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// maxAnswer is the most of an answer that is read, in bytes: a page of 100
// expanded objects is far below it.
const maxAnswer = 16 << 20

// wire is the way to Stripe: it keeps to the rate limit, counts, logs, and
// learns Stripe's clock.
type wire struct {
	next http.RoundTripper
	now  func() time.Time
	read func() moment
	log  *slog.Logger

	limit *limiter

	reads, writes, bytes atomic.Int64

	mu          sync.Mutex
	dates       dates
	asking      *question // about Stripe's time; nil where nobody asks
	ends        map[Failure]int64
	lastSuccess time.Time
	lastError   *Error
}

func newWire(opt Options, l *limiter) *wire {
	return &wire{next: opt.Transport, now: opt.Now, read: func() moment { return moment{opt.Now(), opt.Steady()} }, log: opt.Log, limit: l, ends: map[Failure]int64{}}
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	t := tripOf(r)
	pattern, _ := endpoint(t.path)
	held := time.Now()
	if err := w.limit.wait(r.Context(), classOf(r.Context(), r.Method != http.MethodGet), r.Method+" "+pattern); err != nil {
		return nil, err
	}
	if r.Method == http.MethodGet {
		w.reads.Add(1)
	} else {
		w.writes.Add(1)
	}
	t.sent, t.began = true, time.Now()
	t.waited = t.began.Sub(held)
	answer, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	t.answered(answer, w.read())
	answer.Body = &counted{Reader: io.LimitReader(answer.Body, maxAnswer), Closer: answer.Body, trip: t}
	return answer, nil
}

// counted is a body of which the trip hears how much was read.
type counted struct {
	io.Reader
	io.Closer

	trip *trip
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.trip.bytes += int64(n)
	return n, err
}

// note remembers how a request ended, writes it down, and says what is to be
// told of it.
func (w *wire) note(t *trip, failure *Error) Call {
	if failure != nil && failure.Failure == Busy {
		pattern, _ := endpoint(t.path)
		seconds, _ := strconv.ParseInt(t.header.Get("Retry-After"), 10, 32) // 0 where it says nothing, or a date
		w.limit.refused(t.method+" "+pattern, t.header.Get("Stripe-Rate-Limited-Reason"), time.Duration(seconds)*time.Second)
	}
	w.remember(t, failure)
	var took time.Duration
	if t.sent {
		took = time.Since(t.began)
	}
	c := t.call(failure, w.stripeNow(), took)
	c.log(t.ctx, w.log, failure)
	return c
}

// remember keeps what the end of a request says of the line. Only Stripe's own
// answers tell its time: a captive portal's clock may be years off. A request
// that was given up here says nothing about the line.
func (w *wire) remember(t *trip, failure *Error) {
	w.bytes.Add(t.bytes)
	w.mu.Lock()
	defer w.mu.Unlock()
	if failure == nil {
		w.ends[""]++
	} else {
		w.ends[failure.Failure]++
	}
	if failure == nil || failure.Failure != NotStripe && failure.RequestID != "" {
		w.dates.learn(t.header.Get("Date"), t.at)
	}
	if failure != nil && errors.Is(failure, context.Canceled) {
		return
	}
	w.lastError = failure
	if failure == nil {
		w.lastSuccess = w.now().UTC()
	}
}

func (w *wire) usage() Usage {
	w.mu.Lock()
	defer w.mu.Unlock()
	return Usage{Reads: w.reads.Load(), Writes: w.writes.Load(), Bytes: w.bytes.Load(), LastSuccess: w.lastSuccess, LastError: w.lastError}
}

func (w *wire) outcomes() map[Failure]int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.ends)
}

// trip is what becomes known of one request on its way.
type trip struct {
	ctx       context.Context //nolint:containedctx // it is the request's own, handed to stripe-go
	connected atomic.Int32    // how often a connection was there: the request may have been sent as often

	method, path, key string        // of the request; key is the idempotency key
	sent              bool          // its turn under the rate limit came
	waited            time.Duration // until then
	began             time.Time     // when that was; it has the monotonic clock

	status int
	header http.Header
	at     moment // when the answer began to come
	bytes  int64  // of its body
}

type tripKey struct{}

// newTrip follows a request made under ctx.
//
// Go's transport may send a request that has an Idempotency-Key again by
// itself when a kept connection breaks, so the error of the last try does not
// tell whether an earlier one got through; a connection that was ever had does.
func newTrip(ctx context.Context) *trip {
	t := &trip{}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { t.connected.Add(1) }})
	t.ctx = context.WithValue(ctx, tripKey{}, t)
	return t
}

// tripOf is the trip of the request, which now is on its way.
func tripOf(r *http.Request) *trip {
	t, ok := r.Context().Value(tripKey{}).(*trip)
	if !ok {
		t = newTrip(r.Context())
	}
	t.method, t.path, t.key = r.Method, r.URL.Path, r.Header.Get("Idempotency-Key")
	return t
}

func (t *trip) answered(r *http.Response, at moment) {
	t.status, t.header, t.at = r.StatusCode, r.Header, at
}
