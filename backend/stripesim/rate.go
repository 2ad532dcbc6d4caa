package stripesim

import (
	"encoding/json"
	"math/big"
	"strings"
)

// worths are what one minor unit of a currency is worth, in millionths of a
// euro cent. They are made up, near the truth of 2023, and never move.
func worths() map[string]int64 {
	return map[string]int64{
		"eur": 1_000_000, "usd": 920_000, "gbp": 1_150_000, "chf": 1_040_000, "cad": 680_000, "aud": 610_000, "nzd": 560_000, "sgd": 690_000, "hkd": 118_000,
		"dkk": 134_000, "sek": 88_000, "nok": 86_000, "isk": 6_700, "pln": 230_000, "czk": 40_000, "huf": 2_500, "ron": 201_000,
		"jpy": 625_000, "krw": 70_000, "inr": 11_000, "brl": 185_000, "mxn": 54_000, "zar": 49_000, "try": 31_000, "aed": 250_000,
		"ugx": 250, "kwd": 300_000, "bhd": 244_000,
	}
}

// rate is how one currency turns into another, both in minor units.
type rate struct{ from, to int64 }

// rateOf is the rate between two currencies; there is none where one of them
// has no known worth, nor between a currency and itself.
func rateOf(from, to string) (rate, bool) {
	known := worths()
	r := rate{known[from], known[to]}
	return r, from != to && r.from > 0 && r.to > 0
}

// of is amount converted, to the nearest minor unit, halves away from zero.
func (r rate) of(amount int64) int64 {
	if amount < 0 {
		return -r.of(-amount)
	}
	return (amount*r.from + r.to/2) / r.to
}

// text is the rate as a decimal, in the smallest units of both currencies, as
// Stripe tells it: 1000 of one times 1.234 is 1234 of the other.
// Source: docs.stripe.com/api/balance_transactions/object, exchange_rate.
func (r rate) text() string {
	return strings.TrimRight(strings.TrimRight(big.NewRat(r.from, r.to).FloatString(8), "0"), ".")
}

// settlement is what an amount of a payment is on the account's balance: it is
// converted to the account's own currency. What has no known rate stays as it
// is, as for an account with a bank account in that currency.
// Source: docs.stripe.com/currencies/conversions.
func (a *account) settlement(amount int64, currency string) (int64, string, *json.Number) {
	r, converts := rateOf(currency, a.profile.Currency)
	if !converts {
		return amount, currency, nil
	}
	return r.of(amount), a.profile.Currency, new(json.Number(r.text()))
}
