package stripeapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/form"
)

// Access is how much of a resource a restricted key may use.
type Access string

// The accesses, by the words of Stripe's Dashboard. Write includes Read
// (docs.stripe.com/keys/restricted-api-keys).
const (
	Read  Access = "Read"
	Write Access = "Write"
)

// Permission is one that a restricted key is given in Stripe's Dashboard.
type Permission struct {
	Resource string // "checkout_sessions"
	Access   Access
	Needed   bool   // without it nothing can be sold
	Words    string // what the Dashboard calls the resource
	For      string // what is lost without it, as the end of "Without it …"
	rak      string // Stripe's own name of it, which its errors use
	path     string // asked to find out
	form     string // sent along, of which Stripe makes nothing
}

// Permissions is the table of what a restricted key is asked for: the screen
// shows it, Probe tries it.
//
// What Stripe's Dashboard calls each is [not verified here]: it groups them, and
// has renamed them before. The rak names are those of Stripe's error messages.
func Permissions() []Permission {
	const one = "limit=1"
	return []Permission{
		{"checkout_sessions", Write, true, "Checkout Sessions", "no code can be made for a buyer", "checkout_session", "/v1/checkout/sessions", "mode=none"},
		{"products", Write, true, "Products", "the catalogue cannot be kept at Stripe", "product", "/v1/products", ""},
		{"prices", Write, true, "Prices", "prices cannot be kept at Stripe", "plan", "/v1/prices", ""},
		{"payment_links", Write, true, "Payment Links", "no poster can be made", "payment_link", "/v1/payment_links", ""},
		{"refunds", Write, true, "Refunds", "no money can be given back from here", "refund", "/v1/refunds", "payment_intent=pi_none"},
		{"events", Read, true, "Events", "a payment is not noticed", "event", "/v1/events", one},
		{"payment_intents", Read, true, "Payment Intents", "a payment cannot be looked at", "payment_intent", "/v1/payment_intents", one},
		{"charges", Read, true, "Charges", "the card of a payment is not known", "charge", "/v1/charges", one},
		{"balance", Read, true, "Balance", "test and real money cannot be told apart", "balance", "/v1/balance", ""},
		{"payment_intents", Write, false, "Payment Intents", "no card can be typed in at this screen", "payment_intent", "/v1/payment_intents", "amount=0"},
		{"tax_rates", Write, false, "Tax Rates", "no tax is shown on receipts", "tax_rate", "/v1/tax_rates", ""},
		{"payment_method_configurations", Read, false, "Payment Method Configurations", "it is not shown which ways to pay are on", "payment_method_configuration", "/v1/payment_method_configurations", ""},
		{"balance_transactions", Read, false, "Balance Transactions", "Stripe's fees are not shown", "balance_transaction_source", "/v1/balance_transactions", one},
		{"payouts", Read, false, "Payouts", "payouts are not shown", "payout", "/v1/payouts", one},
		{"disputes", Read, false, "Disputes", "a disputed payment is not noticed", "dispute", "/v1/disputes", one},
	}
}

// Probe asks whether the key has one permission: nil, or Forbidden if it has
// not. It makes nothing at Stripe: what it writes lacks what Stripe requires,
// and is refused for that once the key has passed.
//
// That Stripe looks at the permission before the content is [not verified
// here]; if it did not, a permission that is missing would pass, and be told of
// by the first write.
func (c *Client) Probe(ctx context.Context, p Permission) error {
	t := newTrip(ctx)
	values, err := url.ParseQuery(p.form)
	if err != nil {
		return err
	}
	body := &form.Values{}
	for name := range values {
		body.Add(name, values.Get(name))
	}
	method := http.MethodGet
	if p.Access == Write {
		method = http.MethodPost
	}
	err = c.raw(t, method, p.path, body)
	if failure, ok := errors.AsType[*Error](err); ok && (failure.Failure == Refused || failure.Failure == Missing) {
		return nil // Stripe has read it
	}
	return err
}

// raw asks for anything that is an object of Stripe's.
func (c *Client) raw(t *trip, method, path string, body *form.Values) error {
	id := *c.identity.Load()
	if id.Key == "" {
		return notConnected()
	}
	params := &stripe.Params{Context: t.ctx}
	if id.Account != "" {
		params.SetStripeAccount(id.Account)
	}
	answer := &named{}
	return c.judged(t, c.backend.CallRaw(method, path, id.Key, body, params, answer), func() bool { return answer.Object != "" }, id.Key)
}

// KeyForm is the page of Stripe's Dashboard on which a restricted key is made,
// with what is asked for ticked where the Dashboard still heeds it.
func KeyForm(livemode bool) string {
	asked := url.Values{"name": {"Willcall"}}
	written := map[string]bool{}
	for _, p := range Permissions() {
		written[p.Resource] = written[p.Resource] || p.Access == Write
	}
	for _, p := range Permissions() {
		switch {
		case p.Access == Write:
			asked.Add("permissions[]", "rak_"+p.rak+"_write")
		case !written[p.Resource]:
			asked.Add("permissions[]", "rak_"+p.rak+"_read")
		}
	}
	if livemode {
		return "https://dashboard.stripe.com/apikeys/create?" + asked.Encode()
	}
	return "https://dashboard.stripe.com/test/apikeys/create?" + asked.Encode()
}
