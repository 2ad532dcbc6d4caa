package stripesim

import (
	"strings"
)

// intentData is what a session or a payment link says about the payment
// intent to come.
type intentData struct {
	ApplicationFee            *int64            `json:"application_fee,omitempty"` // minor units, for the platform
	Description               *string           `json:"description,omitempty"`
	Metadata                  map[string]string `json:"metadata,omitempty"`
	ReceiptEmail              *string           `json:"receipt_email,omitempty"`
	StatementDescriptor       *string           `json:"statement_descriptor,omitempty"`
	StatementDescriptorSuffix *string           `json:"statement_descriptor_suffix,omitempty"`
}

// intentDataFields are what sessions and links accept of it alike.
func intentDataFields() fields {
	return fields{
		"capture_method":              choice("automatic"),
		"description":                 text(1000),
		"metadata":                    metadata(),
		"statement_descriptor":        text(22),
		"statement_descriptor_suffix": text(22),
	}
}

func intentDataOf(a *form) intentData {
	d := intentData{
		Description: a.maybe("description"), Metadata: a.metadata("metadata"), ReceiptEmail: a.maybe("receipt_email"),
		StatementDescriptor: a.maybe("statement_descriptor"), StatementDescriptorSuffix: a.maybe("statement_descriptor_suffix"),
	}
	if a.has("application_fee_amount") {
		d.ApplicationFee = new(a.number(0, "application_fee_amount"))
	}
	return d
}

// checkIntentData holds what a says of a payment against the rules that a
// table of fields has no room for. Prefix is where a stands in the request.
func (t *tx) checkIntentData(a *form, prefix string) error {
	if e := a.text("receipt_email"); e != "" && !emailAddress(e) {
		return badRequest("email_invalid", nested(prefix, "receipt_email"), "Invalid email address: %s", e)
	}
	for _, name := range []string{"statement_descriptor", "statement_descriptor_suffix"} {
		if err := checkStatement(a.text(name), nested(prefix, name)); err != nil {
			return err
		}
	}
	if a.has("application_fee_amount") {
		return t.mayTakeFee(nested(prefix, "application_fee_amount"))
	}
	return nil
}

// checkStatement holds a line for the card's statement, or the end of one,
// against the banks' rules; only a whole one has a least length.
// Source: docs.stripe.com/get-started/account/statement-descriptors#requirements; wordings not verified.
func checkStatement(line, param string) error {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	whole := strings.HasSuffix(strings.TrimSuffix(param, "]"), "statement_descriptor")
	switch {
	case line == "":
		return nil
	case strings.ContainsAny(line, `<>\'"*`):
		return badRequest("", param, "The statement descriptor cannot contain any of these characters: <, >, \\, ', \", *.")
	case strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > 'ÿ' || r >= 0x7f && r < 0xa0 }):
		return badRequest("", param, "The statement descriptor can contain Latin characters only.")
	case !strings.ContainsAny(line, letters):
		return badRequest("", param, "The statement descriptor must contain at least one alphabetic character.")
	case whole && len([]rune(line)) < 5:
		return badRequest("", param, "The statement descriptor must be at least 5 characters.")
	}
	return nil
}

// feeTooLarge refuses a platform's fee beyond the payment. The wording is not
// verified.
func feeTooLarge(param string, fee, amount int64, currency string) error {
	return badRequest("", param, "The application fee (%s) must not be greater than the amount of the payment (%s).", display(fee, currency), display(amount, currency))
}
