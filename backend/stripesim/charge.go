package stripesim

// charge has the shape of Stripe's charge. A refused attempt leaves one too.
type charge struct {
	ID                            string            `json:"id"`
	Object                        string            `json:"object"`
	Amount                        int64             `json:"amount"` // minor units of currency
	AmountCaptured                int64             `json:"amount_captured"`
	AmountRefunded                int64             `json:"amount_refunded"`
	Application                   none              `json:"application"`
	ApplicationFee                *string           `json:"application_fee"`
	ApplicationFeeAmount          *int64            `json:"application_fee_amount"`
	BalanceTransaction            *string           `json:"balance_transaction"`
	BillingDetails                billingDetails    `json:"billing_details"`
	CalculatedStatementDescriptor *string           `json:"calculated_statement_descriptor"`
	Captured                      bool              `json:"captured"`
	Created                       int64             `json:"created"` // seconds
	Currency                      string            `json:"currency"`
	Customer                      none              `json:"customer"`
	Description                   *string           `json:"description"`
	Disputed                      bool              `json:"disputed"`
	FailureBalanceTransaction     *string           `json:"failure_balance_transaction"`
	FailureCode                   *string           `json:"failure_code"`
	FailureMessage                *string           `json:"failure_message"`
	FraudDetails                  struct{}          `json:"fraud_details"`
	Invoice                       none              `json:"invoice"`
	Livemode                      bool              `json:"livemode"`
	Metadata                      map[string]string `json:"metadata"`
	OnBehalfOf                    none              `json:"on_behalf_of"`
	Outcome                       *outcome          `json:"outcome"`
	Paid                          bool              `json:"paid"`
	PaymentIntent                 string            `json:"payment_intent"`
	PaymentMethod                 string            `json:"payment_method"`
	PaymentMethodDetails          methodDetails     `json:"payment_method_details"`
	ReceiptEmail                  *string           `json:"receipt_email"`
	ReceiptNumber                 none              `json:"receipt_number"`
	ReceiptURL                    *string           `json:"receipt_url"`
	Refunded                      bool              `json:"refunded"`
	Review                        none              `json:"review"`
	Shipping                      none              `json:"shipping"`
	SourceTransfer                none              `json:"source_transfer"`
	StatementDescriptor           *string           `json:"statement_descriptor"`
	StatementDescriptorSuffix     *string           `json:"statement_descriptor_suffix"`
	Status                        string            `json:"status"`
	TransferData                  none              `json:"transfer_data"`
	TransferGroup                 none              `json:"transfer_group"`
}

// States of a charge, besides succeeded.
const (
	pending = "pending"
	failed  = "failed"
)

type billingDetails struct {
	Address address `json:"address"`
	Email   *string `json:"email"`
	Name    *string `json:"name"`
	Phone   none    `json:"phone"`
}

type address struct {
	City       none    `json:"city"`
	Country    *string `json:"country"`
	Line1      none    `json:"line1"`
	Line2      none    `json:"line2"`
	PostalCode none    `json:"postal_code"`
	State      none    `json:"state"`
}

type outcome struct {
	NetworkStatus string  `json:"network_status"`
	Reason        *string `json:"reason"`
	RiskLevel     string  `json:"risk_level"`
	RiskScore     int64   `json:"risk_score"`
	SellerMessage string  `json:"seller_message"`
	Type          string  `json:"type"`
}

func (c *charge) key() string { return c.ID }
func (c *charge) born() int64 { return c.Created }

// view adds where the receipt can be seen now.
func (c *charge) view(t *tx) any {
	v := *c
	if v.Paid {
		v.ReceiptURL = new(t.sim.publicURL + "/c/receipts/" + c.ID)
	}
	return &v
}

// newCharge records an attempt to take the money of i from m.
func (t *tx) newCharge(i *intent, m *method, status string, r *refusal) *charge {
	prefix := "ch_3"
	if m.Type != card {
		prefix = "py_3" // bank debits have charges with an id of their own kind
	}
	c := &charge{
		ID: newID(prefix, 23), Object: "charge", Amount: i.Amount, Created: t.now, Currency: i.Currency,
		BillingDetails:       billingDetails{Email: m.email(), Name: m.name(), Address: address{Country: m.country()}},
		ApplicationFeeAmount: i.ApplicationFeeAmount, Description: i.Description, Metadata: i.Metadata, PaymentIntent: i.ID,
		PaymentMethod: m.ID, PaymentMethodDetails: m.details(r, i.Amount), ReceiptEmail: i.ReceiptEmail,
		StatementDescriptor: i.StatementDescriptor, StatementDescriptorSuffix: i.StatementDescriptorSuffix,
		CalculatedStatementDescriptor: new(t.acct.profile.statement(i.StatementDescriptor, i.StatementDescriptorSuffix)),
		Status:                        status, Outcome: m.outcome(r),
	}
	switch status {
	case succeeded:
		t.collect(c)
	case pending:
		c.Captured, c.AmountCaptured = true, c.Amount
		if !t.sim.assumed.DebitsBookOnSuccess {
			c.BalanceTransaction = &t.newTransaction(c).ID
		}
	default:
		c.FailureCode, c.FailureMessage = new(r.code), new(r.message)
	}
	put(&t.wrote.Charges, c)
	return c
}

// collect turns c into money on the balance, less Stripe's fee. That of a debit
// is there already, and its bank could take it back until now.
func (t *tx) collect(c *charge) {
	c.Status, c.Paid, c.Captured, c.AmountCaptured = succeeded, true, true, c.Amount
	if c.ApplicationFeeAmount != nil {
		c.ApplicationFee = new(newID("fee_1", 23))
	}
	if c.BalanceTransaction != nil {
		t.decide(*c.BalanceTransaction)
		return
	}
	c.BalanceTransaction = &t.newTransaction(c).ID
}

func (t *tx) getCharge() (any, error) {
	if c, ok := t.charge(t.path("charge")); ok {
		return c, nil
	}
	return nil, notFound("charge", t.path("charge"), "id")
}

func chargeListFields() fields {
	return listFields().with(fields{"created": timeRange(), "customer": text(5000), "payment_intent": text(5000), "transfer_group": text(5000)})
}

func (t *tx) listCharges() (any, error) {
	a, created := t.args, t.created()
	return list(t, &t.acct.charges, "charge", "/v1/charges", func(c *charge) bool {
		return created.has(c.Created) && matches(a.at("payment_intent"), &c.PaymentIntent) && !a.has("customer") && !a.has("transfer_group")
	})
}
