package stripeapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/stripe/stripe-go/v76"
)

// Event is a hint that something happened to an object. Its payload is written
// in the account's own API version, not in ours: of it only ids are read, and
// only where they are texts.
type Event struct {
	ID       string
	Type     string
	Created  time.Time // whole seconds
	ObjectID string    // what to fetch
	Object   string    // its kind: "checkout.session", "payment_intent", "charge", "refund", "dispute", "payout"
	IntentID string    // the PaymentIntent that the payload is or names; "" where it says none
	ChargeID string    // likewise
}

// EventPage is one page of events, newest first.
type EventPage struct {
	Events []Event
	More   bool
}

// SessionEvents lists the types of event that tell of the end of a Checkout
// Session or a PaymentIntent; the object is a cs_… or a pi_…. The intents of
// sessions tell of themselves, too. There can be 20 types at most in one
// request.
func SessionEvents() []string {
	return []string{
		"checkout.session.completed", "checkout.session.expired",
		"checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
		"payment_intent.succeeded", "payment_intent.canceled",
	}
}

// MoneyEvents lists all types of event that a till must hear of: the ends of
// sessions and payments, money that went back, disputes, and payouts.
func MoneyEvents() []string {
	return slices.Concat(SessionEvents(), []string{
		"charge.refunded", "charge.refund.updated", "refund.created", "refund.updated",
		"charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
		"payout.paid", "payout.failed", "payout.reconciliation_completed",
	})
}

// LateEvents lists those of MoneyEvents that can be about what was made long
// ago: lists of new objects do not show them.
func LateEvents() []string {
	return []string{
		"checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
		"charge.refund.updated", "refund.updated",
		"charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
		"payout.paid", "payout.failed", "payout.reconciliation_completed",
	}
}

// Events lists events of the types created from one time to another, both
// included. after is the id that the page before ended with, or "".
func (c *Client) Events(ctx context.Context, types []string, from, to time.Time, after string) (EventPage, error) {
	t := newTrip(ctx)
	params := &stripe.EventListParams{ListParams: page(t.ctx, after), CreatedRange: created(from, to), Types: stripe.StringSlice(types)}
	events, more, err := list(c, t, "/v1/events", params, readEvent)
	return EventPage{Events: events, More: more}, err
}

func readEvent(in *scan) (e Event, named bool) {
	in.object(func(name []byte) {
		switch string(name) {
		case "id":
			e.ID = in.string()
		case "type":
			e.Type = in.string()
		case "created":
			e.Created = unix(in.integer())
		case "data":
			in.object(func(name []byte) {
				if string(name) == "object" {
					e.readPayload(in)
				}
			})
		}
	})
	return e, e.ID != "" && e.Type != ""
}

// readPayload reads the ids of an object in the shape of any API version.
func (e *Event) readPayload(in *scan) {
	if in.peek() != '{' {
		return
	}
	in.object(func(name []byte) {
		switch string(name) {
		case "id":
			e.ObjectID = in.hint()
		case "object":
			e.Object = in.hint()
		case "payment_intent":
			e.IntentID = in.hint()
		case "charge", "latest_charge":
			e.ChargeID = in.hint()
		}
	})
	switch e.Object {
	case "payment_intent":
		e.IntentID = e.ObjectID
	case "charge":
		e.ChargeID = e.ObjectID
	}
}

// Livemode asks whether the key is for real money. It is the cheapest question
// that proves that Stripe is there and takes the key.
func (c *Client) Livemode(ctx context.Context) (bool, error) {
	t := newTrip(ctx)
	params := &stripe.BalanceParams{Params: stripe.Params{Context: t.ctx}}
	answer := &stripe.Balance{}
	err := c.send(t, http.MethodGet, "/v1/balance", params, answer, func() bool { return answer.Object == "balance" })
	return answer.Livemode, err
}

// page asks for the most that Stripe gives at once.
func page(ctx context.Context, after string) stripe.ListParams {
	p := stripe.ListParams{Context: ctx, Limit: stripe.Int64(100)}
	if after != "" {
		p.StartingAfter = &after
	}
	return p
}

func created(from, to time.Time) *stripe.RangeQueryParams {
	return &stripe.RangeQueryParams{GreaterThanOrEqual: from.Unix(), LesserThanOrEqual: to.Unix()}
}
