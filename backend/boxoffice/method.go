package boxoffice

import (
	"slices"

	"willcall/backend/money"
)

// immediate are the ways to pay that are decided while the buyer stands at the
// till, with the currencies they take; none means any. A delayed one would
// hold seats for days. Source: docs.stripe.com/payments/payment-methods/payment-method-support
// (payment confirmation, and presentment currencies).
func immediate() []struct {
	method     string
	currencies []money.Currency
} {
	type row = struct {
		method     string
		currencies []money.Currency
	}
	euro := []money.Currency{"eur"}
	return []row{
		{"card", nil},
		{"link", nil},
		{"paypal", []money.Currency{"eur", "gbp", "usd", "chf", "czk", "dkk", "nok", "pln", "sek", "aud", "cad", "hkd", "nzd", "sgd"}},
		{"ideal", euro},
		{"bancontact", euro},
		{"eps", []money.Currency{"eur", "pln"}},
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
