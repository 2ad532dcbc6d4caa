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
	Mode      string // payment; setup and subscription name no payment of their own
	Paid      bool   // payment_status is paid or no_payment_required: fulfil
	URL       string // the buyer's page; "" unless open
	Reference string // client_reference_id
	LinkID    string // the Payment Link whose visitor opened it; "" for one that the till made
	Metadata  map[string]string
	Amount    money.Amount // amount_total, in the currency that was asked for
	Presented money.Amount // what the buyer saw and paid, in a currency of their own; zero where that is no other
	Livemode  bool
	Created   time.Time
	ExpiresAt time.Time
	Payment   Payment // zero until a buyer has confirmed
	RequestID string  // req_…: which request told all this, for the log

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
	return fetch(c, t, http.MethodPost, "/v1/checkout/sessions", params, sessionNamed(""))
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
	return fetch(c, t, http.MethodGet, stripe.FormatURLPath("/v1/checkout/sessions/%s", id), params, sessionNamed(id))
}

// ExpireSession closes an open session, so that nobody can pay it. Stripe
// refuses it for a session that is not open: fetch it then, and obey.
func (c *Client) ExpireSession(ctx context.Context, idempotencyKey, id string) (Session, error) {
	t := newTrip(ctx)
	params := &stripe.CheckoutSessionExpireParams{Params: stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey}, Expand: expansion()}
	return fetch(c, t, http.MethodPost, stripe.FormatURLPath("/v1/checkout/sessions/%s/expire", id), params, sessionNamed(id))
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

// SessionsOfIntent lists the session that a PaymentIntent belongs to: one at
// most, and none for a card that was typed at the till.
func (c *Client) SessionsOfIntent(ctx context.Context, intentID string) (SessionPage, error) {
	t := newTrip(ctx)
	return c.sessions(t, &stripe.CheckoutSessionListParams{ListParams: page(t.ctx, ""), PaymentIntent: &intentID})
}

// sessions asks for one page of sessions with their payments.
func (c *Client) sessions(t *trip, params *stripe.CheckoutSessionListParams) (SessionPage, error) {
	params.Expand = stripe.StringSlice([]string{"data.payment_intent.latest_charge"})
	sessions, more, err := list(c, t, "/v1/checkout/sessions", params, sessionNamed(""))
	return SessionPage{Sessions: sessions, More: more}, err
}

// sessionNamed reads a session that has the id; "" is any.
func sessionNamed(id string) func(*scan) (Session, bool) {
	return func(in *scan) (Session, bool) {
		s, object := readSession(in)
		return s, object == "checkout.session" && s.ID != "" && (id == "" || s.ID == id)
	}
}

func readSession(in *scan) (s Session, object string) {
	var paid string
	var source money.Amount
	in.object(func(name []byte) {
		switch string(name) {
		case "object":
			object = in.string()
		case "id":
			s.ID = in.string()
		case "status":
			s.Status = SessionStatus(in.string())
		case "mode":
			s.Mode = in.string()
		case "payment_status":
			paid = in.string()
		case "url":
			s.URL = in.string()
		case "client_reference_id":
			s.Reference = in.string()
		case "metadata":
			s.Metadata = in.strings()
		case "amount_total":
			s.Amount.Minor = in.integer()
		case "currency":
			s.Amount.Currency = money.Currency(in.string())
		case "currency_conversion":
			source = readSource(in)
		case "livemode":
			s.Livemode = in.boolean()
		case "created":
			s.Created = unix(in.integer())
		case "expires_at":
			s.ExpiresAt = unix(in.integer())
		case "customer_details":
			s.BuyerName, s.BuyerEmail = readPerson(in)
		case "payment_link":
			s.LinkID = in.id()
		case "payment_intent":
			s.Payment = readIntent(in).payment
		}
	})
	s.Paid = paid == "paid" || paid == "no_payment_required"
	if source.Currency != "" {
		s.Amount, s.Presented = source, s.Amount
	}
	return s, object
}

// readSource is what was asked for, where the buyer pays in a currency of
// their own (docs.stripe.com/api/checkout/sessions/object#checkout_session_object-currency_conversion).
func readSource(in *scan) (a money.Amount) {
	in.object(func(name []byte) {
		switch string(name) {
		case "amount_total":
			a.Minor = in.integer()
		case "source_currency":
			a.Currency = money.Currency(in.string())
		}
	})
	return a
}

// readPerson reads who somebody is.
func readPerson(in *scan) (name, email string) {
	in.object(func(member []byte) {
		switch string(member) {
		case "name":
			name = in.string()
		case "email":
			email = in.string()
		}
	})
	return name, email
}

// unix reads Stripe's time; 0 is no time.
func unix(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
