package stripeapi

import (
	"context"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"
)

// Event is a hint that something happened to an object. Its payload is not
// looked at: it is written in the account's own API version, not in ours.
type Event struct {
	ID       string
	Type     string
	Created  time.Time // whole seconds
	ObjectID string    // what to fetch
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

// Events lists events of the types created from one time to another, both
// included. after is the id that the page before ended with, or "".
func (c *Client) Events(ctx context.Context, types []string, from, to time.Time, after string) (EventPage, error) {
	t := newTrip(ctx)
	params := &stripe.EventListParams{ListParams: page(t.ctx, after), CreatedRange: created(from, to), Types: stripe.StringSlice(types)}
	answer := &answered[event]{}
	err := c.list(t, "/v1/events", params, answer, func() bool {
		return answer.sound(func(e event) bool { return e.ID != "" && e.Type != "" })
	})
	if err != nil {
		return EventPage{}, err
	}
	p := EventPage{More: answer.HasMore}
	for _, e := range answer.Data {
		p.Events = append(p.Events, Event{ID: e.ID, Type: e.Type, Created: unix(e.Created), ObjectID: e.Data.Object.ID})
	}
	return p, nil
}

// event is the little that is read of Stripe's. stripe-go's own would refuse a
// whole page for one event in the shape of an old API version.
type event struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Created int64  `json:"created"` // seconds
	Data    struct {
		Object struct {
			ID string `json:"id"`
		} `json:"object"`
	} `json:"data"`
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
