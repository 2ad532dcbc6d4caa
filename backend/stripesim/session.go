package stripesim

import (
	"iter"
	"time"
)

// How long a session can be open. Source: docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at.
const (
	minOpen = int64(30 * time.Minute / time.Second)
	maxOpen = int64(24 * time.Hour / time.Second)
)

// States of a session.
const (
	open     = "open"
	complete = "complete"
	expired  = "expired"

	unpaid = "unpaid"
	paid   = "paid"
)

// session is a Checkout Session and what Stripe keeps beside it.
type session struct {
	checkoutSession `json:"session"`

	Fragment string     `json:"fragment"` // what follows # in the URL
	Lines    []line     `json:"lines"`
	Intent   intentData `json:"intent"` // for the payment intent, once there is one

	Prefilled string  `json:"prefilled,omitempty"` // the e-mail address that a link's URL gave
	Thanks    *string `json:"thanks,omitempty"`    // a link's words after the payment
	Untold    bool    `json:"untold,omitempty"`    // that it is complete: see Quirks.Reordered
}

// checkoutSession has the shape of Stripe's checkout.session.
type checkoutSession struct {
	ID                               string              `json:"id"`
	Object                           string              `json:"object"`
	AfterExpiration                  none                `json:"after_expiration"`
	AllowPromotionCodes              *bool               `json:"allow_promotion_codes"`
	AmountSubtotal                   int64               `json:"amount_subtotal"` // minor units of currency
	AmountTotal                      int64               `json:"amount_total"`
	AutomaticTax                     automaticTax        `json:"automatic_tax"`
	BillingAddressCollection         *string             `json:"billing_address_collection"`
	CancelURL                        *string             `json:"cancel_url"`
	ClientReferenceID                *string             `json:"client_reference_id"`
	ClientSecret                     none                `json:"client_secret"`
	Consent                          none                `json:"consent"`
	ConsentCollection                none                `json:"consent_collection"`
	Created                          int64               `json:"created"` // seconds
	Currency                         string              `json:"currency"`
	CurrencyConversion               *currencyConversion `json:"currency_conversion"` // null unless the buyer pays in a currency of their own
	CustomFields                     []customField       `json:"custom_fields"`
	CustomText                       customText          `json:"custom_text"`
	Customer                         none                `json:"customer"`
	CustomerCreation                 string              `json:"customer_creation"`
	CustomerDetails                  *customerDetails    `json:"customer_details"`
	CustomerEmail                    *string             `json:"customer_email"`
	ExpiresAt                        int64               `json:"expires_at"` // seconds
	Invoice                          none                `json:"invoice"`
	InvoiceCreation                  none                `json:"invoice_creation"`
	Livemode                         bool                `json:"livemode"`
	Locale                           *string             `json:"locale"`
	Metadata                         map[string]string   `json:"metadata"`
	Mode                             string              `json:"mode"`
	PaymentIntent                    *string             `json:"payment_intent"` // null until the buyer confirms
	PaymentLink                      *string             `json:"payment_link"`
	PaymentMethodCollection          string              `json:"payment_method_collection"`
	PaymentMethodConfigurationDetail *methodConfig       `json:"payment_method_configuration_details"`
	PaymentMethodOptions             struct{}            `json:"payment_method_options"`
	PaymentMethodTypes               []string            `json:"payment_method_types"`
	PaymentStatus                    string              `json:"payment_status"`
	PhoneNumberCollection            enabled             `json:"phone_number_collection"`
	RecoveredFrom                    none                `json:"recovered_from"`
	SetupIntent                      none                `json:"setup_intent"`
	ShippingAddressCollection        none                `json:"shipping_address_collection"`
	ShippingCost                     none                `json:"shipping_cost"`
	ShippingDetails                  none                `json:"shipping_details"`
	ShippingOptions                  []struct{}          `json:"shipping_options"`
	Status                           string              `json:"status"`
	SubmitType                       *string             `json:"submit_type"`
	Subscription                     none                `json:"subscription"`
	SuccessURL                       *string             `json:"success_url"` // null where the page itself thanks
	TotalDetails                     totalDetails        `json:"total_details"`
	UIMode                           string              `json:"ui_mode"`
	URL                              *string             `json:"url"` // null unless open
}

type enabled struct {
	Enabled bool `json:"enabled"`
}

type automaticTax struct {
	Enabled   bool `json:"enabled"`
	Liability none `json:"liability"`
	Status    none `json:"status"`
}

type customText struct {
	AfterSubmit              *message `json:"after_submit"`
	ShippingAddress          none     `json:"shipping_address"`
	Submit                   *message `json:"submit"`
	TermsOfServiceAcceptance none     `json:"terms_of_service_acceptance"`
}

type message struct {
	Message string `json:"message"`
}

type customerDetails struct {
	Address   *address    `json:"address"`
	Email     string      `json:"email"`
	Name      *string     `json:"name"`
	Phone     none        `json:"phone"`
	TaxExempt string      `json:"tax_exempt"`
	TaxIDs    *[]struct{} `json:"tax_ids"`
}

type methodConfig struct {
	ID     string `json:"id"`
	Parent none   `json:"parent"`
}

type totalDetails struct {
	AmountDiscount int64  `json:"amount_discount"`
	AmountShipping *int64 `json:"amount_shipping"`
	AmountTax      int64  `json:"amount_tax"`
}

// line is one line item; its price is looked up when it is shown.
type line struct {
	ID          string `json:"id"`
	Price       string `json:"price"`
	Description string `json:"description"`
	Quantity    int64  `json:"quantity"`
	Amount      int64  `json:"amount"` // minor units, for the whole line, before exclusive taxes

	Taxes      []lineTax   `json:"taxes,omitempty"`
	Adjustable *adjustable `json:"adjustable,omitempty"` // on a payment link
}

// tax is what all rates take of the line; extra is how much of it the price
// does not contain.
func (l *line) tax() (sum, extra int64) {
	for _, tax := range l.Taxes {
		sum += tax.Amount
		if !tax.Inclusive {
			extra += tax.Amount
		}
	}
	return sum, extra
}

// lineItem has the shape of Stripe's item.
type lineItem struct {
	ID             string `json:"id"`
	Object         string `json:"object"`
	AmountDiscount int64  `json:"amount_discount"`
	AmountSubtotal int64  `json:"amount_subtotal"`
	AmountTax      int64  `json:"amount_tax"`
	AmountTotal    int64  `json:"amount_total"`
	Currency       string `json:"currency"`
	Description    string `json:"description"`
	Price          *price `json:"price"`
	Quantity       int64  `json:"quantity"`
}

func (s *session) key() string { return s.ID }
func (s *session) born() int64 { return s.Created }

// view is the session as the API shows it; only an open one has a URL.
func (s *session) view(t *tx) any {
	v := s.checkoutSession
	if s.Status == open {
		v.URL = new(t.sim.publicURL + "/c/pay/" + s.ID + "#" + s.Fragment)
	}
	return &v
}

// lineItems are lines as Stripe shows them. Their taxes are kept for expand[].
func (t *tx) lineItems(lines []line, currency string) iter.Seq[row] {
	return func(yield func(row) bool) {
		for _, l := range lines {
			p, _ := t.price(l.Price)
			tax, extra := l.tax()
			v := &lineItem{
				ID: l.ID, Object: "item", AmountSubtotal: l.Amount, AmountTax: tax, AmountTotal: l.Amount + extra,
				Currency: currency, Description: l.Description, Price: p, Quantity: l.Quantity,
			}
			t.taxed[l.ID] = l.Taxes
			if !yield(row{id: l.ID, at: never, kept: true, value: v}) {
				return
			}
		}
	}
}

func (t *tx) pathSession() (*session, error) {
	if s, ok := t.session(t.path("session")); ok {
		return s, nil
	}
	return nil, notFound("checkout.session", t.path("session"), "session")
}

func (t *tx) getSession() (any, error) { return t.pathSession() }

func (t *tx) listLineItems() (any, error) {
	s, err := t.pathSession()
	if err != nil {
		return nil, err
	}
	return t.cut(t.lineItems(s.Lines, s.Currency), "line item", "/v1/checkout/sessions/"+s.ID+"/line_items")
}

// expireSession ends an open session at the merchant's wish. Wording of the
// refusal: github.com/Sylius/PayumStripePlugin/issues/70.
func (t *tx) expireSession() (any, error) {
	s, err := t.pathSession()
	if err != nil {
		return nil, err
	}
	s, beaten, err := t.race(s)
	if err != nil {
		return nil, err
	}
	if s.Status != open {
		e := badRequest("", "", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `%s`.", s.Status)
		e.stays = beaten // the buyer's payment is no part of this request
		return nil, e
	}
	return t.expire(s)
}

// expire ends an open session, and the payment intent that a buyer left
// undecided on it.
func (t *tx) expire(old *session) (*session, error) {
	s := *old
	s.Status = expired
	put(&t.wrote.Sessions, &s)
	if s.PaymentIntent != nil {
		if err := t.cancelIntent(*s.PaymentIntent, new("automatic")); err != nil {
			return nil, err
		}
	}
	return &s, t.emit("checkout.session.expired", &s)
}

// expireDue ends every open session whose time has come, as of that time, and
// lets the purses do what was due. The caller holds mu; all that is asked or
// told afterwards is true of now.
func (s *Sim) expireDue() error {
	now := s.now()
	if now < s.nextDue {
		return nil
	}
	for _, a := range s.accounts {
		for _, id := range a.due(now) {
			t := s.begin(a)
			t.now = a.sessions.byID[id].ExpiresAt
			if _, err := t.expire(a.sessions.byID[id]); err != nil {
				return err
			}
			if err := t.commit(); err != nil {
				return err
			}
		}
		if err := s.payDue(a, now); err != nil {
			return err
		}
	}
	s.nextDue = never
	for _, a := range s.accounts {
		s.nextDue = min(s.nextDue, a.nextDue())
	}
	return nil
}

func sessionListFields() fields {
	return listFields().with(fields{
		"created": timeRange(), "customer": text(5000), "customer_details": hash(fields{"email": text(0).must()}),
		"payment_intent": text(5000), "payment_link": text(5000), "status": choice(complete, expired, open), "subscription": text(5000),
	})
}

func (t *tx) listSessions() (any, error) {
	a, created := t.args, t.created()
	return list(t, &t.acct.sessions, "checkout.session", "/v1/checkout/sessions", func(s *session) bool {
		var email *string
		if s.CustomerDetails != nil {
			email = &s.CustomerDetails.Email
		}
		return created.has(s.Created) &&
			(!a.has("status") || s.Status == a.text("status")) &&
			matches(a.at("payment_intent"), s.PaymentIntent) &&
			matches(a.at("payment_link"), s.PaymentLink) &&
			matches(a.at("customer_details", "email"), email) &&
			!a.has("customer") && !a.has("subscription") // guests only: these never match
	})
}
