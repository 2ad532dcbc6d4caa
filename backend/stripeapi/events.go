package stripeapi

import (
	"context"
	"encoding/json"
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

// SessionEvents lists the types of event that tell of a Checkout Session's
// end. There can be 20 at most in one request.
func SessionEvents() []string {
	return []string{
		"checkout.session.completed", "checkout.session.expired",
		"checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
	}
}

// Events lists events of the types created from one time to another, both
// included. after is the id that the page before ended with, or "".
func (c *Client) Events(ctx context.Context, types []string, from, to time.Time, after string) (EventPage, error) {
	t := newTrip(ctx)
	params := &stripe.EventListParams{ListParams: page(t.ctx, after), CreatedRange: created(from, to), Types: stripe.StringSlice(types)}
	answer := &stripe.EventList{}
	err := c.list(t, "/v1/events", params, answer, func() *stripe.APIResponse { return answer.LastResponse })
	p := EventPage{More: answer.HasMore && len(answer.Data) > 0}
	for _, e := range answer.Data {
		hint := Event{ID: e.ID, Type: string(e.Type), Created: unix(e.Created)}
		if e.Data != nil {
			hint.ObjectID, _ = e.Data.Object["id"].(string)
		}
		p.Events = append(p.Events, hint)
	}
	return p, err
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

// isList reports whether the answer says that it is a list. stripe-go reads
// any JSON object as an empty one.
func isList(r *stripe.APIResponse) bool {
	var answer struct {
		Object string `json:"object"`
	}
	return r != nil && json.Unmarshal(r.RawJSON, &answer) == nil && answer.Object == "list"
}
