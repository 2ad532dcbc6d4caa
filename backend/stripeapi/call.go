package stripeapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Call is one request that has come to its end.
type Call struct {
	Method         string // GET or POST
	Endpoint       string // the path without ids: "/v1/checkout/sessions/{id}/expire"
	ObjectID       string // whose id was in the path; "" for none
	Status         int    // HTTP status; 0 without an answer
	Failure        Failure
	Code           string // Stripe's error code
	RequestID      string // req_…
	IdempotencyKey string // "" for a read
	Took           time.Duration
	Waited         time.Duration // before that, for its turn under the rate limit
	At             time.Time     // the end, by Stripe's clock
	Read           bool          // Stripe counts it against the reads that it allots
	Sent           bool          // it came to its turn: an Unsent one that did not is no read
	Bytes          int64         // of the answer's body
}

// outcome is how the call went, in one word.
func (c Call) outcome() string {
	if c.Failure == "" {
		return "done"
	}
	return string(c.Failure)
}

// call is what is told of the trip.
func (t *trip) call(failure *Error, at time.Time, took time.Duration) Call {
	c := Call{
		Method: t.method, Status: t.status, RequestID: t.header.Get("Request-Id"), IdempotencyKey: t.key,
		Took: took, Waited: t.waited, At: at, Read: t.method == http.MethodGet, Sent: t.sent, Bytes: t.bytes,
	}
	c.Endpoint, c.ObjectID = endpoint(t.path)
	if failure != nil {
		c.Failure, c.Code = failure.Failure, failure.Code
	}
	return c
}

// log writes one line for the call: what changes something at Stripe, and what
// failed, always. Bodies, queries and headers are never in it.
func (c Call) log(ctx context.Context, log *slog.Logger, failure *Error) {
	level := slog.LevelDebug
	if !c.Read || failure != nil && !errors.Is(failure, context.Canceled) {
		level = slog.LevelInfo
	}
	attrs := []slog.Attr{
		slog.String("method", c.Method), slog.String("endpoint", c.Endpoint), slog.String("outcome", c.outcome()),
		slog.Int("status", c.Status), slog.Duration("took", c.Took),
	}
	said := func(key, text string) {
		if text != "" {
			attrs = append(attrs, slog.String(key, text))
		}
	}
	said("object", c.ObjectID)
	said("idempotency_key", c.IdempotencyKey)
	said("request_id", c.RequestID)
	if failure != nil {
		said("code", c.Code)
		said("error", failure.Message)
	}
	log.LogAttrs(ctx, level, "stripe: asked", attrs...)
}

// endpoint is the path without the id in it, and the id. Stripe's paths are a
// resource, the id of one, and what is done with it; checkout's resources have
// two parts.
func endpoint(path string) (pattern, id string) {
	parts := strings.Split(path, "/")
	at := 3 // after "", "v1" and the resource
	if len(parts) > 2 && parts[2] == "checkout" {
		at++
	}
	if len(parts) <= at || parts[1] != "v1" {
		return path, ""
	}
	id, parts[at] = parts[at], "{id}"
	return strings.Join(parts, "/"), id
}
