package stripeapi

import (
	"cmp"
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
	sessions, more, err := list(c, t, "/v1/payment_intents", params, intentNamed(""))
	return SessionPage{Sessions: sessions, More: more}, err
}

// ClientSecret fetches what the buyer's page needs to pay a PaymentIntent.
// Whoever has it can pay and read that one payment: it is handed out here and
// is in no struct, log or error (docs.stripe.com/api/payment_intents/object#payment_intent_object-client_secret).
func (c *Client) ClientSecret(ctx context.Context, id string) (string, error) {
	t := newTrip(ctx)
	params := &stripe.PaymentIntentParams{Params: stripe.Params{Context: t.ctx}}
	answer := &stripe.PaymentIntent{}
	err := c.send(t, http.MethodGet, stripe.FormatURLPath("/v1/payment_intents/%s", id), params, answer,
		func() bool { return answer.Object == "payment_intent" && answer.ID == id && answer.ClientSecret != "" })
	if err != nil {
		return "", err
	}
	return answer.ClientSecret, nil
}

func chargeExpansion() []*string { return stripe.StringSlice([]string{"latest_charge"}) }

// intent makes one request that is answered with the PaymentIntent.
func (c *Client) intent(t *trip, method, path string, params stripe.ParamsContainer, id string) (Session, error) {
	return fetch(c, t, method, path, params, intentNamed(id))
}

// intentNamed reads a PaymentIntent that has the id, as a session; "" is any.
func intentNamed(id string) func(*scan) (Session, bool) {
	return func(in *scan) (Session, bool) {
		i := readIntent(in)
		return i.session(), i.object == "payment_intent" && i.payment.IntentID != "" && (id == "" || i.payment.IntentID == id)
	}
}

// intent is a PaymentIntent as it comes.
type intent struct {
	object       string
	payment      Payment
	amount       money.Amount
	received     int64
	livemode     bool
	created      time.Time
	metadata     map[string]string
	receiptEmail string
	name, email  string // of the charge
}

// readIntent reads one, or the id alone where it was not expanded.
func readIntent(in *scan) (i intent) {
	if in.peek() == '"' {
		i.payment.IntentID = in.string()
		return i
	}
	in.object(func(name []byte) {
		switch string(name) {
		case "object":
			i.object = in.string()
		case "id":
			i.payment.IntentID = in.string()
		case "status":
			i.payment.Status = PaymentStatus(in.string())
		case "last_payment_error":
			i.payment.Problem = readMessage(in)
		case "latest_charge":
			readLatestCharge(in, &i)
		case "amount":
			i.amount.Minor = in.integer()
		case "amount_received":
			i.received = in.integer()
		case "currency":
			i.amount.Currency = money.Currency(in.string())
		case "livemode":
			i.livemode = in.boolean()
		case "created":
			i.created = unix(in.integer())
		case "metadata":
			i.metadata = in.strings()
		case "receipt_email":
			i.receiptEmail = in.string()
		}
	})
	return i
}

func readMessage(in *scan) (message string) {
	in.object(func(name []byte) {
		if string(name) == "message" {
			message = in.string()
		}
	})
	return message
}

// readLatestCharge reads the newest charge, or its id alone.
func readLatestCharge(in *scan, i *intent) {
	if in.peek() == '"' {
		i.payment.ChargeID = in.string()
		return
	}
	in.object(func(name []byte) {
		switch string(name) {
		case "id":
			i.payment.ChargeID = in.string()
		case "created":
			i.payment.PaidAt = unix(in.integer())
		case "billing_details":
			i.name, i.email = readPerson(in)
		case "payment_method_details":
			i.payment.Card = readCard(in)
		}
	})
}

func readCard(in *scan) (card boxoffice.Card) {
	in.object(func(name []byte) {
		if string(name) != "card" {
			return
		}
		in.object(func(name []byte) {
			switch string(name) {
			case "brand":
				card.Brand = in.string()
			case "last4":
				card.Last4 = in.string()
			}
		})
	})
	return card
}

func (i intent) session() Session {
	s := Session{
		ID: i.payment.IntentID, Status: SessionOpen, Paid: i.payment.Status == PaymentSucceeded,
		Reference: i.metadata[boxoffice.MetadataOrder], Metadata: i.metadata, Amount: i.amount,
		Livemode: i.livemode, Created: i.created, Payment: i.payment, BuyerName: i.name, BuyerEmail: cmp.Or(i.receiptEmail, i.email),
	}
	switch s.Payment.Status {
	case PaymentProcessing, PaymentSucceeded:
		s.Status = SessionComplete
	case PaymentCanceled:
		s.Status = SessionExpired
	case PaymentNeedsOther: // and the other requires_…: it can still be paid
	}
	if s.Paid && i.received != 0 { // another program may have captured less than it asked for
		s.Amount.Minor = i.received
	}
	return s
}
