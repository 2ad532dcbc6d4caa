package stripesim

import "crypto/sha256"

// method is what the buyer handed over, as the bank sees it.
type method struct {
	ID            string `json:"id"`   // pm_…
	Type          string `json:"type"` // card, sepa_debit, …
	Email         string `json:"email"`
	Name          string `json:"name,omitempty"`   // as typed; "" if the page was not told
	Number        string `json:"number,omitempty"` // a test card's: nothing secret
	ExpMonth      int64  `json:"exp_month,omitempty"`
	ExpYear       int64  `json:"exp_year,omitempty"`
	Authenticated bool   `json:"authenticated,omitempty"` // the buyer passed 3-D Secure
}

// methodDetails has the shape of Stripe's payment_method_details, for the
// types that exist here.
type methodDetails struct {
	Type          string             `json:"type"`
	Card          *cardDetails       `json:"card,omitempty"`
	Link          *linkDetails       `json:"link,omitempty"`
	PayPal        *payPalDetails     `json:"paypal,omitempty"`
	IDEAL         *idealDetails      `json:"ideal,omitempty"`
	Bancontact    *bancontactDetails `json:"bancontact,omitempty"`
	EPS           *epsDetails        `json:"eps,omitempty"`
	Klarna        *klarnaDetails     `json:"klarna,omitempty"`
	SEPADebit     *sepaDetails       `json:"sepa_debit,omitempty"`
	USBankAccount *achDetails        `json:"us_bank_account,omitempty"`
	BACSDebit     *bacsDetails       `json:"bacs_debit,omitempty"`
}

type cardDetails struct {
	AmountAuthorized         *int64       `json:"amount_authorized"`
	Brand                    string       `json:"brand"`
	Checks                   cardChecks   `json:"checks"`
	Country                  string       `json:"country"`
	ExpMonth                 int64        `json:"exp_month"`
	ExpYear                  int64        `json:"exp_year"`
	ExtendedAuthorization    status       `json:"extended_authorization"`
	Fingerprint              string       `json:"fingerprint"`
	Funding                  string       `json:"funding"`
	IncrementalAuthorization status       `json:"incremental_authorization"`
	Installments             none         `json:"installments"`
	Last4                    string       `json:"last4"`
	Mandate                  none         `json:"mandate"`
	Multicapture             status       `json:"multicapture"`
	Network                  string       `json:"network"`
	NetworkToken             networkToken `json:"network_token"`
	Overcapture              overcapture  `json:"overcapture"`
	ThreeDSecure             *threeD      `json:"three_d_secure"`
	Wallet                   none         `json:"wallet"`
}

type cardChecks struct {
	AddressLine1Check      none   `json:"address_line1_check"`
	AddressPostalCodeCheck none   `json:"address_postal_code_check"`
	CVCCheck               string `json:"cvc_check"`
}

type status struct {
	Status string `json:"status"`
}

type networkToken struct {
	Used bool `json:"used"`
}

type overcapture struct {
	MaximumAmountCapturable int64  `json:"maximum_amount_capturable"`
	Status                  string `json:"status"`
}

type threeD struct {
	AuthenticationFlow          string `json:"authentication_flow"`
	ElectronicCommerceIndicator string `json:"electronic_commerce_indicator"`
	Result                      string `json:"result"`
	ResultReason                none   `json:"result_reason"`
	TransactionID               none   `json:"transaction_id"`
	Version                     string `json:"version"`
}

type linkDetails struct {
	Country *string `json:"country"`
}

type payPalDetails struct {
	PayerEmail    string `json:"payer_email"`
	PayerID       string `json:"payer_id"`
	PayerName     string `json:"payer_name"`
	TransactionID string `json:"transaction_id"`
}

type idealDetails struct {
	Bank      string `json:"bank"`
	BIC       string `json:"bic"`
	IBANLast4 string `json:"iban_last4"`
}

type bancontactDetails struct {
	BankName  string `json:"bank_name"`
	BIC       string `json:"bic"`
	IBANLast4 string `json:"iban_last4"`
}

type epsDetails struct {
	Bank         string `json:"bank"`
	VerifiedName string `json:"verified_name"`
}

type klarnaDetails struct {
	PaymentMethodCategory string `json:"payment_method_category"`
	PreferredLocale       string `json:"preferred_locale"`
}

type sepaDetails struct {
	BankCode    string `json:"bank_code"`
	BranchCode  string `json:"branch_code"`
	Country     string `json:"country"`
	Fingerprint string `json:"fingerprint"`
	Last4       string `json:"last4"`
	Mandate     none   `json:"mandate"`
}

type achDetails struct {
	AccountHolderType string `json:"account_holder_type"`
	AccountType       string `json:"account_type"`
	BankName          string `json:"bank_name"`
	Fingerprint       string `json:"fingerprint"`
	Last4             string `json:"last4"`
	RoutingNumber     string `json:"routing_number"`
}

type bacsDetails struct {
	Fingerprint string `json:"fingerprint"`
	Last4       string `json:"last4"`
	Mandate     none   `json:"mandate"`
	SortCode    string `json:"sort_code"`
}

// details are the bank's view of m after an attempt to take amount minor
// units; the accounts are Stripe's own for tests.
func (m *method) details(r *refusal, amount int64) methodDetails {
	switch m.Type {
	case "link":
		return methodDetails{Type: m.Type, Link: &linkDetails{Country: new("DE")}}
	case "paypal":
		return methodDetails{Type: m.Type, PayPal: &payPalDetails{PayerEmail: m.Email, PayerID: fingerprint(m.Email)[:13], PayerName: *m.name(), TransactionID: fingerprint(m.ID)}}
	case "ideal":
		return methodDetails{Type: m.Type, IDEAL: &idealDetails{Bank: "ing", BIC: "INGBNL2A", IBANLast4: "5264"}}
	case "bancontact":
		return methodDetails{Type: m.Type, Bancontact: &bancontactDetails{BankName: "VAN DE PUT & CO", BIC: "VAPEBE22", IBANLast4: "7061"}}
	case "eps":
		return methodDetails{Type: m.Type, EPS: &epsDetails{Bank: "erste_bank_und_sparkassen", VerifiedName: *m.name()}}
	case "klarna":
		return methodDetails{Type: m.Type, Klarna: &klarnaDetails{PaymentMethodCategory: "pay_now", PreferredLocale: "en-DE"}}
	case sepaDebit:
		return methodDetails{Type: sepaDebit, SEPADebit: &sepaDetails{BankCode: "37040044", Country: "DE", Fingerprint: fingerprint("DE89370400440532013000"), Last4: "3000"}}
	case usBankAccount:
		return methodDetails{Type: usBankAccount, USBankAccount: &achDetails{
			AccountHolderType: "individual", AccountType: "checking", BankName: "STRIPE TEST BANK",
			Fingerprint: fingerprint("000123456789"), Last4: "6789", RoutingNumber: "110000000",
		}}
	case bacsDebit:
		return methodDetails{Type: bacsDebit, BACSDebit: &bacsDetails{Fingerprint: fingerprint("00012345"), Last4: "2345", SortCode: "108800"}}
	}
	c, _ := findCard(m.Number)
	d := &cardDetails{
		Brand: c.brand, Checks: cardChecks{CVCCheck: "pass"}, Country: c.country, ExpMonth: m.ExpMonth, ExpYear: m.ExpYear,
		ExtendedAuthorization: status{"disabled"}, Fingerprint: fingerprint(m.Number), Funding: "credit",
		IncrementalAuthorization: status{"unavailable"}, Last4: m.Number[len(m.Number)-4:], Multicapture: status{"unavailable"},
		Network: c.brand, Overcapture: overcapture{amount, "unavailable"},
	}
	if c.funding != "" {
		d.Funding = c.funding
	}
	if r == nil {
		d.AmountAuthorized = &amount
	} else if r.code == "incorrect_cvc" {
		d.Checks.CVCCheck = "fail"
	}
	if m.Authenticated {
		d.ThreeDSecure = &threeD{AuthenticationFlow: "challenge", ElectronicCommerceIndicator: "05", Result: "authenticated", Version: "2.2.0"}
	}
	return methodDetails{Type: card, Card: d}
}

// outcome is the network's word on the attempt.
func (m *method) outcome(r *refusal) *outcome {
	o := &outcome{NetworkStatus: "approved_by_network", RiskLevel: "normal", RiskScore: 12, SellerMessage: "Payment complete.", Type: "authorized"}
	if m.Type != card {
		o.RiskLevel, o.RiskScore = "not_assessed", 0
	}
	if r != nil {
		reason := r.decline
		if reason == "" {
			reason = r.code
		}
		o.NetworkStatus, o.Type, o.Reason = "declined_by_network", "issuer_declined", &reason
		o.SellerMessage = "The bank returned the decline code `" + reason + "`."
		if reason == "generic_decline" {
			o.SellerMessage = "The bank did not return any further details with this decline."
		}
	}
	return o
}

// name is who pays: as typed, else the holder of the account that every
// method but a card knows.
func (m *method) name() *string {
	switch {
	case m.Name != "":
		return &m.Name
	case m.Type == card:
		return nil
	}
	return new("Jenny Rosen")
}

func (m *method) email() *string {
	if m.Email == "" {
		return nil
	}
	return &m.Email
}

func (m *method) country() *string {
	if c, refused := findCard(m.Number); refused == nil {
		return &c.country
	}
	return nil
}

// fingerprint is the same for the same number, as at Stripe.
func fingerprint(number string) string {
	sum := sha256.Sum256([]byte(number))
	out := make([]byte, 16)
	for i := range out {
		out[i] = alphabet[int(sum[i])%len(alphabet)]
	}
	return string(out)
}
