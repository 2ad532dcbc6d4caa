package money

import "strings"

// MaxMinor is the most that Stripe charges at once, in minor units of any
// currency: eight digits. Source: docs.stripe.com/currencies#minimum-and-maximum-charge-amounts.
const MaxMinor = 99_999_999

// WellFormed reports whether c is three lower-case letters. Whether Stripe
// takes the currency is for Stripe to say.
func (c Currency) WellFormed() bool {
	return len(c) == 3 && strings.Trim(string(c), "abcdefghijklmnopqrstuvwxyz") == ""
}

// Decimals is how many of an amount's last digits stand behind the point.
// Stripe's minor unit is not always ISO 4217's: ISK and UGX have no decimals
// but are sent times 100. Source: docs.stripe.com/currencies#zero-decimal.
func (c Currency) Decimals() int {
	switch c {
	case "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf":
		return 0
	case "bhd", "jod", "kwd", "omr", "tnd":
		return 3
	default:
		return 2
	}
}

// Step is the amount that every charge must be a multiple of: 100 for ISK and
// UGX (whole hundreds), 10 where a third decimal must be 0, else 1.
// Source: docs.stripe.com/currencies#special-cases and #three-decimal.
func (c Currency) Step() int64 {
	switch {
	case c == "isk" || c == "ugx":
		return 100
	case c.Decimals() == 3:
		return 10
	default:
		return 1
	}
}

// MinCharge is the least that Stripe charges in c, in minor units, where it
// publishes one for accounts that settle in c. For others it is 1 and false:
// Stripe converts, and decides. Source: docs.stripe.com/currencies#minimum-and-maximum-charge-amounts.
func MinCharge(c Currency) (minor int64, published bool) {
	switch c {
	case "usd", "eur", "chf", "aud", "cad", "nzd", "sgd", "jpy":
		return 50, true
	case "gbp":
		return 30, true
	case "dkk":
		return 250, true
	case "nok", "sek":
		return 300, true
	case "pln", "ron", "aed", "myr":
		return 200, true
	case "czk":
		return 1500, true
	case "huf":
		return 17500, true
	case "hkd":
		return 400, true
	case "mxn", "thb":
		return 1000, true
	default:
		return 1, false
	}
}
