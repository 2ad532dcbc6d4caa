package money

import (
	"errors"
	"strings"
	"testing"
)

// Stripe's rules about what can be charged, each at its bound and one past it.
func TestChargeable(t *testing.T) {
	type row struct {
		minor int64
		rule  string // "" where it can be charged
		says  string
	}
	tests := map[Currency][]row{
		"isk": {
			{100, "", ""}, {99_999_900, "", ""},
			{150, "step", "1.50 ISK is not whole: Stripe takes ISK without cents."},
			{101, "step", "1.01 ISK is not whole"}, {99, "step", "0.99 ISK is not whole"}, {99_999_999, "step", "999999.99 ISK is not whole"},
			{100_000_000, "most", "1000000.00 ISK is too much: Stripe charges 999999.00 ISK at the most."},
			{0, "least", "0.00 ISK is no price: Stripe charges more than nothing."},
		},
		"ugx": {{100, "", ""}, {199, "step", "1.99 UGX is not whole: Stripe takes UGX without cents."}},
		"":    {{2400, "currency", `"" is no currency: write three letters, such as EUR.`}},
		"EUR": {{2400, "currency", `"EUR" is no currency`}},
		"eu":  {{2400, "currency", "no currency"}}, "euro": {{2400, "currency", "no currency"}}, "e r": {{2400, "currency", "no currency"}}, "€€€": {{2400, "currency", "no currency"}},
		"inr": {{1, "", ""}, {0, "least", "0.00 INR is no price"}, {-1, "least", "-0.01 INR is no price"}, {MaxMinor, "", ""}, {MaxMinor + 1, "most", "1000000.00 INR is too much: Stripe charges 999999.99 INR at the most."}},
	}
	leasts := map[int64]string{
		50: "usd eur chf aud cad nzd sgd jpy", 30: "gbp", 250: "dkk", 300: "nok sek", 200: "pln ron aed myr", 1500: "czk", 17500: "huf", 400: "hkd", 1000: "mxn thb",
		1: "brl zar bif clp djf gnf kmf krw mga pyg rwf vnd vuv xaf xof xpf",
	}
	for least, currencies := range leasts {
		for c := range strings.FieldsSeq(currencies) {
			tests[Currency(c)] = []row{
				{least, "", ""}, {least + 1, "", ""}, {least - 1, "least", "Stripe charges"}, {0, "least", "Stripe charges"}, {-least, "least", "Stripe charges"},
				{MaxMinor, "", ""}, {MaxMinor + 1, "most", New(MaxMinor, Currency(c)).String() + " at the most."},
			}
		}
	}
	for c := range strings.FieldsSeq("bhd jod kwd omr tnd") {
		tests[Currency(c)] = []row{
			{10, "", ""}, {1230, "", ""}, {99_999_990, "", ""},
			{1234, "step", "1.234 " + strings.ToUpper(c) + " ends in a digit that Stripe does not take: the last of " + strings.ToUpper(c) + "'s three decimals must be 0."},
			{5, "step", "0.005"}, {0, "least", "no price"}, {100_000_000, "most", "99999.990 " + strings.ToUpper(c) + " at the most."},
		}
	}
	for c, rows := range tests {
		for _, row := range rows {
			err := New(row.minor, c).Chargeable()
			rule, ok := errors.AsType[*RuleError](err)
			switch {
			case row.rule == "" && err != nil:
				t.Errorf("%d %s: %v", row.minor, c, err)
			case row.rule == "":
			case !ok || rule.Rule != row.rule || !strings.Contains(rule.Message, row.says) || err.Error() != rule.Message:
				t.Errorf("%d %s: %v, want the rule %q and %q", row.minor, c, err, row.rule, row.says)
			}
		}
	}
}

// The least is said where it is published, in the currency's own decimals.
func TestTheLeastIsSaid(t *testing.T) {
	for c, want := range map[Currency]string{
		"eur": "0.49 EUR is too little: Stripe charges 0.50 EUR at the least.", "jpy": "49 JPY is too little: Stripe charges 50 JPY at the least.",
		"gbp": "0.29 GBP is too little: Stripe charges 0.30 GBP at the least.", "huf": "174.99 HUF is too little: Stripe charges 175.00 HUF at the least.",
		"czk": "14.99 CZK is too little: Stripe charges 15.00 CZK at the least.",
	} {
		least, _ := MinCharge(c)
		if err := New(least-1, c).Chargeable(); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
