package boxoffice

import (
	"slices"

	"willcall/backend/money"
)

// wayToPay is one of Stripe's, and the currencies it takes; none means any.
type wayToPay struct {
	method     string
	currencies []money.Currency
}

// immediate are the ways to pay that are decided while the buyer stands at the
// till. A delayed one would hold seats for days. Source: docs.stripe.com/payments/payment-methods/payment-method-support
// (payment confirmation, and presentment currencies).
func immediate() []wayToPay {
	euro := []money.Currency{"eur"}
	return []wayToPay{
		{"card", nil},
		{"link", nil},
		{"paypal", []money.Currency{"eur", "gbp", "usd", "chf", "czk", "dkk", "nok", "pln", "sek", "aud", "cad", "hkd", "nzd", "sgd"}},
		{"ideal", euro},
		{"bancontact", euro},
		{"eps", euro},
		{"giropay", euro},
		{"p24", []money.Currency{"eur", "pln"}},
		{"blik", []money.Currency{"pln"}},
		{"swish", []money.Currency{"sek"}},
		{"cashapp", []money.Currency{"usd"}},
		{"revolut_pay", []money.Currency{"eur", "gbp"}},
		{"grabpay", []money.Currency{"sgd", "myr"}},
		{"paynow", []money.Currency{"sgd"}},
		{"promptpay", []money.Currency{"thb"}},
	}
}

// Immediate are those of the account's ways to pay that a till can use: decided
// at once, and in the currency. A card is always one.
func Immediate(offered []string, c money.Currency) []string {
	methods := []string{"card"}
	for _, row := range immediate() {
		if row.method != "card" && slices.Contains(offered, row.method) && (row.currencies == nil || slices.Contains(row.currencies, c)) {
			methods = append(methods, row.method)
		}
	}
	return methods
}

// ImmediateByLink are those of Immediate that a Payment Link can offer: at API
// version 2023-10-16 its payment_method_types have no revolut_pay.
func ImmediateByLink(offered []string, c money.Currency) []string {
	return slices.DeleteFunc(Immediate(offered, c), func(method string) bool { return method == "revolut_pay" })
}

// IsImmediate reports whether a way to pay is decided at once.
func IsImmediate(method string) bool {
	for _, row := range immediate() {
		if row.method == method {
			return true
		}
	}
	return false
}
