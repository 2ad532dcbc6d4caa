package boxoffice

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/money"
)

// all is every way to pay that a session can offer at API version 2023-10-16.
func all() []string {
	return []string{
		"acss_debit", "affirm", "afterpay_clearpay", "alipay", "au_becs_debit", "bacs_debit", "bancontact", "blik", "boleto", "card", "cashapp",
		"customer_balance", "eps", "fpx", "giropay", "grabpay", "ideal", "klarna", "konbini", "link", "oxxo", "p24", "paynow", "paypal", "pix",
		"promptpay", "revolut_pay", "sepa_debit", "sofort", "swish", "us_bank_account", "wechat_pay", "zip",
	}
}

// What is offered in each currency, of all that Stripe has: nothing that takes
// days, and nothing in a currency that it does not take.
func TestImmediate(t *testing.T) {
	for currency, want := range map[money.Currency][]string{
		"eur": {"card", "link", "paypal", "ideal", "bancontact", "eps", "giropay", "p24", "revolut_pay"},
		"usd": {"card", "link", "paypal", "cashapp"},
		"gbp": {"card", "link", "paypal", "revolut_pay"},
		"pln": {"card", "link", "paypal", "p24", "blik"},
		"sek": {"card", "link", "paypal", "swish"},
		"sgd": {"card", "link", "paypal", "grabpay", "paynow"},
		"myr": {"card", "link", "grabpay"},
		"thb": {"card", "link", "promptpay"},
		"jpy": {"card", "link"},
		"isk": {"card", "link"},
		"":    {"card", "link"},
	} {
		got := Immediate(all(), currency)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", currency, diff)
		}
		wanted := slices.DeleteFunc(slices.Clone(want), func(m string) bool { return m == "revolut_pay" })
		if diff := cmp.Diff(wanted, ImmediateByLink(all(), currency)); diff != "" {
			t.Errorf("%s by link (-want +got):\n%s", currency, diff)
		}
	}
	for _, c := range []money.Currency{"eur", "gbp", "usd", "chf", "czk", "dkk", "nok", "pln", "sek", "aud", "cad", "hkd", "nzd", "sgd", "huf"} {
		if got := slices.Contains(Immediate(all(), c), "paypal"); got != (c != "huf") {
			t.Errorf("PayPal in %s is %v", c, got)
		}
	}
}

// An account offers what it offers; a card is always taken.
func TestImmediateIsOffered(t *testing.T) {
	for _, test := range []struct{ offered, want []string }{
		{nil, []string{"card"}},
		{[]string{}, []string{"card"}},
		{[]string{"paypal"}, []string{"card", "paypal"}},
		{[]string{"paypal", "card", "card"}, []string{"card", "paypal"}},
		{[]string{"sepa_debit", "klarna", "something_new", "Card", ""}, []string{"card"}},
		{[]string{"revolut_pay", "ideal", "link"}, []string{"card", "link", "ideal", "revolut_pay"}},
	} {
		if diff := cmp.Diff(test.want, Immediate(test.offered, "eur")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.offered, diff)
		}
	}
	for _, row := range immediate() {
		if !slices.Contains(all(), row.method) {
			t.Errorf("Stripe has no %s at this version", row.method)
		}
	}
}
