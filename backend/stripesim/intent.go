package stripesim

// States of a payment intent that occur here.
const (
	requiresMethod = "requires_payment_method"
	requiresAction = "requires_action"
	processing     = "processing"
	succeeded      = "succeeded"
	canceled       = "canceled"
)

// intent is a PaymentIntent and what Stripe keeps beside it.
type intent struct {
	paymentIntent `json:"intent"`

	Session string  `json:"session,omitempty"` // the Checkout Session it belongs to
	Back    *string `json:"back,omitempty"`    // where the bank's page leads
	Waiting *method `json:"waiting,omitempty"` // the card whose bank asks for 3-D Secure
}

// paymentIntent has the shape of Stripe's payment_intent.
type paymentIntent struct {
	ID                               string            `json:"id"`
	Object                           string            `json:"object"`
	Amount                           int64             `json:"amount"` // minor units of currency
	AmountCapturable                 int64             `json:"amount_capturable"`
	AmountDetails                    amountDetails     `json:"amount_details"`
	AmountReceived                   int64             `json:"amount_received"`
	Application                      none              `json:"application"`
	ApplicationFeeAmount             *int64            `json:"application_fee_amount"`
	AutomaticPaymentMethods          *automaticMethods `json:"automatic_payment_methods"`
	CanceledAt                       *int64            `json:"canceled_at"`
	CancellationReason               *string           `json:"cancellation_reason"`
	CaptureMethod                    string            `json:"capture_method"`
	ClientSecret                     string            `json:"client_secret"`
	ConfirmationMethod               string            `json:"confirmation_method"`
	Created                          int64             `json:"created"` // seconds
	Currency                         string            `json:"currency"`
	Customer                         none              `json:"customer"`
	Description                      *string           `json:"description"`
	Invoice                          none              `json:"invoice"`
	LastPaymentError                 *paymentError     `json:"last_payment_error"`
	LatestCharge                     *string           `json:"latest_charge"`
	Livemode                         bool              `json:"livemode"`
	Metadata                         map[string]string `json:"metadata"`
	NextAction                       *nextAction       `json:"next_action"`
	OnBehalfOf                       none              `json:"on_behalf_of"`
	PaymentMethod                    *string           `json:"payment_method"`
	PaymentMethodConfigurationDetail *methodConfig     `json:"payment_method_configuration_details"`
	PaymentMethodOptions             struct{}          `json:"payment_method_options"`
	PaymentMethodTypes               []string          `json:"payment_method_types"`
	Processing                       none              `json:"processing"`
	ReceiptEmail                     *string           `json:"receipt_email"`
	Review                           none              `json:"review"`
	SetupFutureUsage                 none              `json:"setup_future_usage"`
	Shipping                         none              `json:"shipping"`
	StatementDescriptor              *string           `json:"statement_descriptor"`
	StatementDescriptorSuffix        *string           `json:"statement_descriptor_suffix"`
	Status                           string            `json:"status"`
	TransferData                     none              `json:"transfer_data"`
	TransferGroup                    none              `json:"transfer_group"`
}

type automaticMethods struct {
	AllowRedirects string `json:"allow_redirects,omitempty"`
	Enabled        bool   `json:"enabled"`
}

type amountDetails struct {
	Tip struct{} `json:"tip"`
}

// paymentError has the shape of Stripe's api_errors, as an intent keeps it.
type paymentError struct {
	Type        string `json:"type"`
	Charge      string `json:"charge,omitempty"`
	Code        string `json:"code"`
	DeclineCode string `json:"decline_code,omitempty"`
	DocURL      string `json:"doc_url"`
	Message     string `json:"message"`
}

type redirectToURL struct {
	ReturnURL *string `json:"return_url"`
	URL       string  `json:"url"`
}

type nextAction struct {
	Type          string            `json:"type"`
	RedirectToURL *redirectToURL    `json:"redirect_to_url,omitempty"`
	UseStripeSDK  map[string]string `json:"use_stripe_sdk,omitempty"`
}

func (i *intent) key() string      { return i.ID }
func (i *intent) born() int64      { return i.Created }
func (i *intent) view(_ *tx) any   { return &i.paymentIntent }
func (i *intent) undecided() bool  { return i.Status == requiresMethod || i.Status == requiresAction }
func (i *intent) challenged() bool { return i.Status == requiresAction && i.Waiting != nil }

// newIntent makes the payment intent of a session whose buyer confirms for the
// first time.
func (t *tx) newIntent(s *session) (*intent, error) {
	i := &intent{Session: s.ID, paymentIntent: paymentIntent{
		Amount: s.AmountTotal, Currency: s.Currency,
		ApplicationFeeAmount: s.Intent.ApplicationFee, Description: s.Intent.Description, Metadata: s.Intent.Metadata, ReceiptEmail: s.Intent.ReceiptEmail,
		PaymentMethodConfigurationDetail: s.PaymentMethodConfigurationDetail, PaymentMethodTypes: s.PaymentMethodTypes,
		StatementDescriptor: s.Intent.StatementDescriptor, StatementDescriptorSuffix: s.Intent.StatementDescriptorSuffix,
	}}
	if s.PaymentMethodConfigurationDetail != nil {
		i.AutomaticPaymentMethods = &automaticMethods{Enabled: true}
	}
	return i, t.addIntent(i)
}

// cancelIntent ends an undecided intent.
func (t *tx) cancelIntent(id string, reason *string) error {
	old, ok := t.intent(id)
	if !ok || !old.undecided() {
		return nil
	}
	i := *old
	i.Status, i.CanceledAt, i.CancellationReason = canceled, new(t.now), reason
	i.NextAction, i.Waiting = nil, nil
	put(&t.wrote.Intents, &i)
	return t.emit("payment_intent.canceled", &i)
}

// getIntent also serves a page in the browser, which proves itself by the
// client_secret.
func (t *tx) getIntent() (any, error) {
	i, err := t.pathIntent()
	if err != nil {
		return nil, err
	}
	if secret := t.args.text("client_secret"); secret != "" && secret != i.ClientSecret {
		return nil, badRequest("payment_intent_invalid_parameter", "client_secret", "The client_secret provided does not match the client_secret associated with the PaymentIntent.")
	}
	return i, nil
}

func intentListFields() fields {
	return listFields().with(fields{"created": timeRange(), "customer": text(5000)})
}

func (t *tx) listIntents() (any, error) {
	created := t.created()
	return list(t, &t.acct.intents, "payment_intent", "/v1/payment_intents", func(i *intent) bool {
		return created.has(i.Created) && !t.args.has("customer")
	})
}
