package stripeapi

import (
	"context"
	"net/http"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/money"
)

// RefundRequest asks to give money back.
type RefundRequest struct {
	PaymentIntentID string
	Amount          money.Amount // a part of it; the zero value is all that is left
	Metadata        map[string]string
}

// Refund is money that goes back to the buyer.
type Refund struct {
	ID     string
	Status RefundStatus
	Amount money.Amount
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

// Refund gives money back. The same key and request give it once.
func (c *Client) Refund(ctx context.Context, idempotencyKey string, r RefundRequest) (Refund, error) {
	t := newTrip(ctx)
	params := &stripe.RefundParams{
		Params:        stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey},
		PaymentIntent: &r.PaymentIntentID, Amount: optionalAmount(r.Amount.Minor), Metadata: r.Metadata,
	}
	answer := &stripe.Refund{}
	err := c.send(t, http.MethodPost, "/v1/refunds", params, answer, func() bool {
		return answer.Object == "refund" && answer.ID != "" && (answer.PaymentIntent == nil || answer.PaymentIntent.ID == r.PaymentIntentID)
	})
	return Refund{ID: answer.ID, Status: RefundStatus(answer.Status), Amount: money.New(answer.Amount, money.Currency(answer.Currency))}, err
}
