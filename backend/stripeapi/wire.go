package stripeapi

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// maxAnswer is the most of an answer that is read, in bytes: a page of 100
// expanded objects is far below it.
const maxAnswer = 16 << 20

// wire is the way to Stripe: it keeps to the rate limit, counts, logs, and
// learns Stripe's clock from the Date of its answers.
type wire struct {
	next http.RoundTripper
	now  func() time.Time
	log  *slog.Logger

	// Looking at a hundred open codes must not make the next sale wait, so
	// writes have half of the rate to themselves.
	readLimit, writeLimit *rate.Limiter

	reads, writes atomic.Int64

	mu          sync.Mutex
	offset      time.Duration // Stripe's clock less ours
	offsetKnown bool
	lastSuccess time.Time
	lastError   *Error
}

func newWire(opt Options) *wire {
	limiter := func(perSecond float64) *rate.Limiter {
		return rate.NewLimiter(rate.Limit(perSecond), max(int(perSecond), 1))
	}
	return &wire{
		next: opt.Transport, now: opt.Now, log: opt.Log,
		readLimit: limiter(opt.PerSecond / 2), writeLimit: limiter(opt.PerSecond / 2),
	}
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	limit, count := w.writeLimit, &w.writes
	if r.Method == http.MethodGet {
		limit, count = w.readLimit, &w.reads
	}
	if err := limit.Wait(r.Context()); err != nil {
		return nil, err
	}
	count.Add(1)
	began := w.now()
	answer, err := w.next.RoundTrip(r)
	attrs := []slog.Attr{
		slog.String("method", r.Method), slog.String("path", r.URL.Path),
		slog.String("idempotency_key", r.Header.Get("Idempotency-Key")), slog.Duration("took", w.now().Sub(began)),
	}
	if err != nil {
		w.log.LogAttrs(r.Context(), slog.LevelWarn, "stripe: no answer", append(attrs, slog.String("error", err.Error()))...)
		return nil, err
	}
	if t, ok := r.Context().Value(tripKey{}).(*trip); ok {
		t.answered(answer, w.now())
	}
	w.log.LogAttrs(r.Context(), slog.LevelDebug, "stripe: answered",
		append(attrs, slog.Int("status", answer.StatusCode), slog.String("request_id", answer.Header.Get("Request-Id")))...)
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	return answer, nil
}

// learnClock sets the offset from a Date header. It has whole seconds, so the
// true time is up to a second later: half a second is added. The caller holds
// mu.
func (w *wire) learnClock(date string, local time.Time) {
	if at, err := http.ParseTime(date); err == nil {
		w.offset, w.offsetKnown = at.Add(time.Second/2).Sub(local), true
	}
}

func (w *wire) stripeNow() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now().Add(w.offset).UTC()
}

func (w *wire) knowsClock() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.offsetKnown
}

// note remembers how a request ended. Only Stripe's own answers tell its time:
// a captive portal's clock may be years off. A request that was given up here
// says nothing about the line.
func (w *wire) note(t *trip, failure *Error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if failure == nil || failure.Failure != NotStripe && failure.RequestID != "" {
		w.learnClock(t.header.Get("Date"), t.at)
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
	return Usage{Reads: w.reads.Load(), Writes: w.writes.Load(), LastSuccess: w.lastSuccess, LastError: w.lastError}
}

// trip is what becomes known of one request on its way.
type trip struct {
	ctx       context.Context //nolint:containedctx // it is the request's own, handed to stripe-go
	connected atomic.Int32    // how often a connection was there: the request may have been sent as often
	status    int
	header    http.Header
	at        time.Time // when the answer began to come, by the local clock
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

func (t *trip) answered(r *http.Response, at time.Time) {
	t.status, t.header, t.at = r.StatusCode, r.Header, at
}
