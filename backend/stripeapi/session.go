package stripeapi

import (
	"context"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// Session is a Checkout Session as far as a till needs it.
type Session struct {
	ID        string
	Status    SessionStatus
	Paid      bool   // payment_status is paid or no_payment_required: fulfil
	URL       string // the buyer's page; "" unless open
	Reference string // client_reference_id
	LinkID    string // the Payment Link whose visitor opened it; "" for one that the till made
	Metadata  map[string]string
	Amount    money.Amount // amount_total
	Livemode  bool
	Created   time.Time
	ExpiresAt time.Time
	Payment   Payment // zero until a buyer has confirmed

	BuyerName, BuyerEmail string // what the buyer entered on Stripe's page; "" until it is complete
}

// SessionStatus is Stripe's word for how far a session has come.
type SessionStatus string

// Stripe's statuses of a Checkout Session (docs.stripe.com/api/checkout/sessions/object#checkout_session_object-status).
const (
	SessionOpen     SessionStatus = "open"
	SessionComplete SessionStatus = "complete"
	SessionExpired  SessionStatus = "expired"
)

// Payment is the PaymentIntent of a session with its newest charge.
type Payment struct {
	IntentID string
	Status   PaymentStatus
	ChargeID string
	PaidAt   time.Time // when the charge was made; zero without one
	Card     boxoffice.Card
	Problem  string // Stripe's sentence on the last failed attempt
}

// PaymentStatus is Stripe's word for how far a payment has come.
type PaymentStatus string

// The statuses of a PaymentIntent that decide about a seat
// (docs.stripe.com/payments/paymentintents/lifecycle).
const (
	PaymentProcessing PaymentStatus = "processing"
	PaymentSucceeded  PaymentStatus = "succeeded"
	PaymentCanceled   PaymentStatus = "canceled"
	PaymentNeedsOther PaymentStatus = "requires_payment_method"
)

// expansion asks for the payment along with the session: one read, not three.
func expansion() []*string { return stripe.StringSlice([]string{"payment_intent.latest_charge"}) }

// CreateSession makes a Checkout Session. The same key and request make it
// once, however often they are sent within 24 hours. A fee is taken only by a
// platform, from an account that it is connected with.
func (c *Client) CreateSession(ctx context.Context, idempotencyKey string, r boxoffice.SessionRequest) (Session, error) {
	t := newTrip(ctx)
	params := &stripe.CheckoutSessionParams{
		Params:            stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey},
		Mode:              stripe.String(string(stripe.CheckoutSessionModePayment)),
		ClientReferenceID: &r.Reference,
		CustomerEmail:     optional(r.BuyerEmail),
		ExpiresAt:         new(r.ExpiresAt.Unix()),
		SuccessURL:        &r.SuccessURL,
		CancelURL:         &r.CancelURL,
		Metadata:          r.Metadata,
		PaymentIntentData: &stripe.CheckoutSessionPaymentIntentDataParams{
			Metadata:                  r.Metadata,
			Description:               optional(r.Description),
			StatementDescriptorSuffix: optional(r.Descriptor),
			ApplicationFeeAmount:      optionalAmount(r.Fee),
		},
	}
	if r.Submit != "" {
		params.CustomText = &stripe.CheckoutSessionCustomTextParams{Submit: &stripe.CheckoutSessionCustomTextSubmitParams{Message: &r.Submit}}
	}
	if len(r.Methods) > 0 { // else Stripe offers what the account has
		params.PaymentMethodTypes = stripe.StringSlice(r.Methods)
	}
	for _, l := range r.LineItems {
		params.LineItems = append(params.LineItems, lineItem(l))
	}
	answer := &stripe.CheckoutSession{}
	err := c.send(t, http.MethodPost, "/v1/checkout/sessions", params, answer, func() bool { return isSession(answer, "") })
	return session(answer), err
}

// lineItem names a price that Stripe has, or else describes one.
func lineItem(l boxoffice.SessionLine) *stripe.CheckoutSessionLineItemParams {
	item := &stripe.CheckoutSessionLineItemParams{Quantity: &l.Quantity, Price: optional(l.PriceID)}
	if l.TaxRateID != "" {
		item.TaxRates = []*string{&l.TaxRateID}
	}
	if l.PriceID == "" {
		item.PriceData = &stripe.CheckoutSessionLineItemPriceDataParams{
			Currency:   new(string(l.UnitPrice.Currency)),
			UnitAmount: &l.UnitPrice.Minor,
			ProductData: &stripe.CheckoutSessionLineItemPriceDataProductDataParams{
				Name: &l.Name, Description: optional(l.Description),
			},
		}
	}
	return item
}

// Session fetches a Checkout Session and its payment.
func (c *Client) Session(ctx context.Context, id string) (Session, error) {
	t := newTrip(ctx)
	params := &stripe.CheckoutSessionParams{Params: stripe.Params{Context: t.ctx}, Expand: expansion()}
	answer := &stripe.CheckoutSession{}
	err := c.send(t, http.MethodGet, stripe.FormatURLPath("/v1/checkout/sessions/%s", id), params, answer,
		func() bool { return isSession(answer, id) })
	return session(answer), err
}

// ExpireSession closes an open session, so that nobody can pay it. Stripe
// refuses it for a session that is not open: fetch it then, and obey.
func (c *Client) ExpireSession(ctx context.Context, idempotencyKey, id string) (Session, error) {
	t := newTrip(ctx)
	params := &stripe.CheckoutSessionExpireParams{Params: stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey}, Expand: expansion()}
	answer := &stripe.CheckoutSession{}
	err := c.send(t, http.MethodPost, stripe.FormatURLPath("/v1/checkout/sessions/%s/expire", id), params, answer,
		func() bool { return isSession(answer, id) })
	return session(answer), err
}

// SessionPage is one page of a list, newest first.
type SessionPage struct {
	Sessions []Session
	More     bool // ask again, after the last one's id
}

// Sessions lists what was created from one time to another, both included, to
// the second. after is the id that the page before ended with, or "".
func (c *Client) Sessions(ctx context.Context, from, to time.Time, after string) (SessionPage, error) {
	t := newTrip(ctx)
	return c.sessions(t, &stripe.CheckoutSessionListParams{ListParams: page(t.ctx, after), CreatedRange: created(from, to)})
}

// sessions asks for one page of sessions with their payments.
func (c *Client) sessions(t *trip, params *stripe.CheckoutSessionListParams) (SessionPage, error) {
	params.Expand = stripe.StringSlice([]string{"data.payment_intent.latest_charge"})
	answer := &answered[*stripe.CheckoutSession]{}
	err := c.list(t, "/v1/checkout/sessions", params, answer, func() bool {
		return answer.sound(func(s *stripe.CheckoutSession) bool { return s != nil && isSession(s, "") })
	})
	if err != nil {
		return SessionPage{}, err
	}
	p := SessionPage{More: answer.HasMore}
	for _, s := range answer.Data {
		p.Sessions = append(p.Sessions, session(s))
	}
	return p, nil
}

func isSession(s *stripe.CheckoutSession, id string) bool {
	return s.Object == "checkout.session" && s.ID != "" && (id == "" || s.ID == id)
}

func session(s *stripe.CheckoutSession) Session {
	out := Session{
		ID: s.ID, Status: SessionStatus(s.Status), URL: s.URL, Reference: s.ClientReferenceID, Metadata: s.Metadata,
		Paid:     s.PaymentStatus == stripe.CheckoutSessionPaymentStatusPaid || s.PaymentStatus == stripe.CheckoutSessionPaymentStatusNoPaymentRequired,
		Amount:   money.New(s.AmountTotal, money.Currency(s.Currency)),
		Livemode: s.Livemode,
		Created:  unix(s.Created), ExpiresAt: unix(s.ExpiresAt),
	}
	if d := s.CustomerDetails; d != nil {
		out.BuyerName, out.BuyerEmail = d.Name, d.Email
	}
	if s.PaymentLink != nil {
		out.LinkID = s.PaymentLink.ID
	}
	if s.PaymentIntent != nil {
		out.Payment = payment(s.PaymentIntent)
	}
	return out
}

func payment(i *stripe.PaymentIntent) Payment {
	p := Payment{IntentID: i.ID, Status: PaymentStatus(i.Status)}
	if i.LastPaymentError != nil {
		p.Problem = i.LastPaymentError.Msg
	}
	if c := i.LatestCharge; c != nil {
		p.ChargeID, p.PaidAt = c.ID, unix(c.Created)
		if d := c.PaymentMethodDetails; d != nil && d.Card != nil {
			p.Card = boxoffice.Card{Brand: string(d.Card.Brand), Last4: d.Card.Last4}
		}
	}
	return p
}

// unix reads Stripe's time; 0 is no time.
func unix(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
