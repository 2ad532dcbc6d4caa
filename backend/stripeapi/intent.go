package stripeapi

import (
	"context"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// CreatePayment makes a PaymentIntent: a card that is typed at the till. The
// same key and request make it once. A fee is taken only by a platform.
//
// A payment is handed out as a Session, so that both are judged alike: see
// [Client.Payment].
func (c *Client) CreatePayment(ctx context.Context, idempotencyKey string, r boxoffice.PaymentRequest) (Session, error) {
	t := newTrip(ctx)
	return c.intent(t, http.MethodPost, "/v1/payment_intents", &stripe.PaymentIntentParams{
		Params: stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey},
		Amount: &r.Amount.Minor, Currency: new(string(r.Amount.Currency)),
		AutomaticPaymentMethods:   &stripe.PaymentIntentAutomaticPaymentMethodsParams{Enabled: new(true)},
		Description:               optional(r.Description),
		ReceiptEmail:              optional(r.ReceiptEmail),
		Metadata:                  r.Metadata,
		StatementDescriptorSuffix: optional(r.Descriptor),
		ApplicationFeeAmount:      optionalAmount(r.Fee),
		Expand:                    chargeExpansion(),
	}, "")
}

// Payment fetches a PaymentIntent, seen as a Session: open while it can be
// paid, complete once it is processing or has succeeded, expired when it is
// canceled. Its reference is the order of its metadata; it has no URL and no
// end of its own.
func (c *Client) Payment(ctx context.Context, id string) (Session, error) {
	t := newTrip(ctx)
	params := &stripe.PaymentIntentParams{Params: stripe.Params{Context: t.ctx}, Expand: chargeExpansion()}
	return c.intent(t, http.MethodGet, stripe.FormatURLPath("/v1/payment_intents/%s", id), params, id)
}

// CancelPayment makes sure that nobody can pay it any more. Stripe refuses it
// for a payment that is processing, has succeeded, is canceled, or belongs to a
// Checkout Session: fetch it then, and obey
// (docs.stripe.com/api/payment_intents/cancel).
func (c *Client) CancelPayment(ctx context.Context, idempotencyKey, id string) (Session, error) {
	t := newTrip(ctx)
	params := &stripe.PaymentIntentCancelParams{Params: stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey}, Expand: chargeExpansion()}
	return c.intent(t, http.MethodPost, stripe.FormatURLPath("/v1/payment_intents/%s/cancel", id), params, id)
}

// ConfirmPayment pays with a way to pay that Stripe has already, such as the
// "pm_card_visa" of its test mode. A buyer's card is never confirmed here, but
// by the buyer's page. A decline is Refused, with the code "card_declined".
func (c *Client) ConfirmPayment(ctx context.Context, idempotencyKey, id, method, returnURL string) (Session, error) {
	t := newTrip(ctx)
	return c.intent(t, http.MethodPost, stripe.FormatURLPath("/v1/payment_intents/%s/confirm", id), &stripe.PaymentIntentConfirmParams{
		Params:        stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey},
		PaymentMethod: &method, ReturnURL: &returnURL, Expand: chargeExpansion(),
	}, id)
}

// Payments lists the PaymentIntents created from one time to another, both
// included, to the second, as Payment sees them. Those of Checkout Sessions
// are among them: what tells them apart is that the session names its intent.
// after is the id that the page before ended with, or "".
func (c *Client) Payments(ctx context.Context, from, to time.Time, after string) (SessionPage, error) {
	t := newTrip(ctx)
	params := &stripe.PaymentIntentListParams{
		ListParams:   page(t.ctx, after),
		CreatedRange: created(from, to),
		Expand:       stripe.StringSlice([]string{"data.latest_charge"}),
	}
	answer := &answered[*stripe.PaymentIntent]{}
	err := c.list(t, "/v1/payment_intents", params, answer, func() bool {
		return answer.sound(func(i *stripe.PaymentIntent) bool { return i != nil && isIntent(i, "") })
	})
	if err != nil {
		return SessionPage{}, err
	}
	p := SessionPage{More: answer.HasMore}
	for _, i := range answer.Data {
		p.Sessions = append(p.Sessions, intentSession(i))
	}
	return p, nil
}

// ClientSecret fetches what the buyer's page needs to pay a PaymentIntent.
// Whoever has it can pay and read that one payment: it is handed out here and
// is in no struct, log or error (docs.stripe.com/api/payment_intents/object#payment_intent_object-client_secret).
func (c *Client) ClientSecret(ctx context.Context, id string) (string, error) {
	t := newTrip(ctx)
	params := &stripe.PaymentIntentParams{Params: stripe.Params{Context: t.ctx}}
	answer := &stripe.PaymentIntent{}
	err := c.send(t, http.MethodGet, stripe.FormatURLPath("/v1/payment_intents/%s", id), params, answer,
		func() bool { return isIntent(answer, id) && answer.ClientSecret != "" })
	if err != nil {
		return "", err
	}
	return answer.ClientSecret, nil
}

func chargeExpansion() []*string { return stripe.StringSlice([]string{"latest_charge"}) }

// intent makes one request that is answered with the PaymentIntent.
func (c *Client) intent(t *trip, method, path string, params stripe.ParamsContainer, id string) (Session, error) {
	answer := &stripe.PaymentIntent{}
	err := c.send(t, method, path, params, answer, func() bool { return isIntent(answer, id) })
	return intentSession(answer), err
}

func isIntent(i *stripe.PaymentIntent, id string) bool {
	return i.Object == "payment_intent" && i.ID != "" && (id == "" || i.ID == id)
}

func intentSession(i *stripe.PaymentIntent) Session {
	out := Session{
		ID: i.ID, Status: SessionOpen, Paid: i.Status == stripe.PaymentIntentStatusSucceeded,
		Reference: i.Metadata[boxoffice.MetadataOrder], Metadata: i.Metadata,
		Amount:   money.New(i.Amount, money.Currency(i.Currency)),
		Livemode: i.Livemode, Created: unix(i.Created),
		Payment: payment(i), BuyerEmail: i.ReceiptEmail,
	}
	switch out.Payment.Status {
	case PaymentProcessing, PaymentSucceeded:
		out.Status = SessionComplete
	case PaymentCanceled:
		out.Status = SessionExpired
	case PaymentNeedsOther: // and the other requires_…: it can still be paid
	}
	if out.Paid && i.AmountReceived != 0 { // another program may have captured less than it asked for
		out.Amount.Minor = i.AmountReceived
	}
	if i.LatestCharge != nil && i.LatestCharge.BillingDetails != nil {
		d := i.LatestCharge.BillingDetails
		out.BuyerName = d.Name
		if out.BuyerEmail == "" {
			out.BuyerEmail = d.Email
		}
	}
	return out
}
