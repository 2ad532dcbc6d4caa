package stripeapi

import (
	"context"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// RefundRequest asks to give money back.
type RefundRequest = boxoffice.RefundRequest

// Refund is money that goes back to the buyer, or was on its way there.
type Refund struct {
	ID            string
	Status        RefundStatus
	Amount        money.Amount // of the charge's currency, above zero
	ChargeID      string
	IntentID      string // "" for a charge without one
	Created       time.Time
	Reason        string // duplicate, fraudulent, requested_by_customer; "" where none was given
	FailureReason string // such as "expired_or_canceled_card"; "" unless it failed
	Metadata      map[string]string

	TransactionID        string // the balance transaction that took the money; "" until it did
	FailureTransactionID string // the one that brought it back after a failure
}

// RefundStatus is Stripe's word for how far a refund has come.
type RefundStatus string

// The statuses of a refund. One that is pending, or even succeeded, can still
// fail weeks later (docs.stripe.com/refunds#failed-refunds).
const (
	RefundPending     RefundStatus = "pending"
	RefundNeedsAction RefundStatus = "requires_action"
	RefundSucceeded   RefundStatus = "succeeded"
	RefundFailed      RefundStatus = "failed"
	RefundCanceled    RefundStatus = "canceled"
)

// Refund gives money back: a part, or with no amount all that is left. The same
// key and request give it once.
func (c *Client) Refund(ctx context.Context, idempotencyKey string, r RefundRequest) (Refund, error) {
	t := newTrip(ctx)
	params := &stripe.RefundParams{
		Params:        stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey},
		PaymentIntent: &r.PaymentIntentID, Amount: optionalAmount(r.Amount.Minor), Reason: optional(r.Reason), Metadata: r.Metadata,
	}
	return fetch(c, t, http.MethodPost, "/v1/refunds", params, func(in *scan) (Refund, bool) {
		got, ok := readRefund(in)
		return got, ok && (got.IntentID == "" || got.IntentID == r.PaymentIntentID)
	})
}

// RefundByID fetches a refund, whoever made it.
func (c *Client) RefundByID(ctx context.Context, id string) (Refund, error) {
	t := newTrip(ctx)
	params := &stripe.RefundParams{Params: stripe.Params{Context: t.ctx}}
	return fetch(c, t, http.MethodGet, stripe.FormatURLPath("/v1/refunds/%s", id), params, func(in *scan) (Refund, bool) {
		got, ok := readRefund(in)
		return got, ok && got.ID == id
	})
}

// RefundPage is one page of a list, newest first.
type RefundPage struct {
	Refunds []Refund
	More    bool // ask again, after the last one's id
}

// Refunds lists what was made from one time to another, both included, to the
// second. after is the id that the page before ended with, or "".
func (c *Client) Refunds(ctx context.Context, from, to time.Time, after string) (RefundPage, error) {
	t := newTrip(ctx)
	return c.refunds(t, &stripe.RefundListParams{ListParams: page(t.ctx, after), CreatedRange: created(from, to)})
}

// RefundsOf lists the refunds of one payment.
func (c *Client) RefundsOf(ctx context.Context, intentID, after string) (RefundPage, error) {
	t := newTrip(ctx)
	return c.refunds(t, &stripe.RefundListParams{ListParams: page(t.ctx, after), PaymentIntent: &intentID})
}

func (c *Client) refunds(t *trip, params *stripe.RefundListParams) (RefundPage, error) {
	refunds, more, err := list(c, t, "/v1/refunds", params, readRefund)
	return RefundPage{Refunds: refunds, More: more}, err
}

func readRefund(in *scan) (r Refund, named bool) {
	object := ""
	in.object(func(name []byte) {
		switch string(name) {
		case "object":
			object = in.string()
		case "id":
			r.ID = in.string()
		case "status":
			r.Status = RefundStatus(in.string())
		case "amount":
			r.Amount.Minor = in.integer()
		case "currency":
			r.Amount.Currency = money.Currency(in.string())
		case "charge":
			r.ChargeID = in.id()
		case "payment_intent":
			r.IntentID = in.id()
		case "created":
			r.Created = unix(in.integer())
		case "reason":
			r.Reason = in.string()
		case "failure_reason":
			r.FailureReason = in.string()
		case "metadata":
			r.Metadata = in.strings()
		case "balance_transaction":
			r.TransactionID = in.id()
		case "failure_balance_transaction":
			r.FailureTransactionID = in.id()
		}
	})
	return r, object == "refund" && r.ID != ""
}
