// Package money holds amounts as Stripe counts them: whole numbers of a
// currency's minor unit, never a float.
//
// The package knows Stripe's rules about amounts (which currencies have no
// decimals, the least and the most that can be charged) and nothing of
// orders, tickets or the network.
package money

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Errors of arithmetic. They are wrapped with the operands.
var (
	ErrCurrency = errors.New("money: currencies differ")
	ErrOverflow = errors.New("money: amount out of range")
	ErrSyntax   = errors.New("money: not an amount")
)

// Currency is an ISO 4217 code in lower case, as Stripe writes it: "eur".
type Currency string

// Amount is a sum of money in Stripe's minor unit of its currency: 2400 "eur"
// is €24.00, 2400 "jpy" is ¥2400. The zero value has no currency and adds to
// any amount.
type Amount struct {
	Minor    int64    `json:"minor" doc:"Whole number of the currency's minor unit as Stripe counts it: 2400 is €24.00, and ¥2400." example:"2400"`
	Currency Currency `json:"currency" doc:"ISO 4217 code in lower case." example:"eur" minLength:"3" maxLength:"3"`
}

// New returns minor units of c.
func New(minor int64, c Currency) Amount { return Amount{Minor: minor, Currency: c} }

// Zero reports whether a is nothing, in whatever currency.
func (a Amount) Zero() bool { return a.Minor == 0 }

// Add returns a + b. Different currencies are ErrCurrency, a sum past int64 is
// ErrOverflow.
func (a Amount) Add(b Amount) (Amount, error) {
	switch {
	case a == Amount{}:
		return b, nil
	case b == Amount{}:
		return a, nil
	case a.Currency != b.Currency:
		return Amount{}, fmt.Errorf("%w: %s and %s", ErrCurrency, a.Currency, b.Currency)
	}
	sum := a.Minor + b.Minor
	if (sum > a.Minor) != (b.Minor > 0) {
		return Amount{}, fmt.Errorf("%w: %d + %d", ErrOverflow, a.Minor, b.Minor)
	}
	return Amount{Minor: sum, Currency: a.Currency}, nil
}

// Times returns a × n, or ErrOverflow.
func (a Amount) Times(n int64) (Amount, error) {
	if a.Minor == 0 || n == 0 {
		return Amount{Currency: a.Currency}, nil
	}
	product := a.Minor * n
	if product/n != a.Minor || (a.Minor == math.MinInt64 && n == -1) || (n == math.MinInt64 && a.Minor == -1) {
		return Amount{}, fmt.Errorf("%w: %d × %d", ErrOverflow, a.Minor, n)
	}
	return Amount{Minor: product, Currency: a.Currency}, nil
}

// String writes the amount in major units with its code: "24.00 EUR",
// "2400 JPY", "-0.05 USD". ParseAmount reads it back.
func (a Amount) String() string {
	digits := strconv.FormatInt(a.Minor, 10)
	sign := ""
	if a.Minor < 0 {
		sign, digits = "-", digits[1:]
	}
	if d := a.Currency.Decimals(); d > 0 {
		if len(digits) <= d {
			digits = strings.Repeat("0", d-len(digits)+1) + digits
		}
		digits = digits[:len(digits)-d] + "." + digits[len(digits)-d:]
	}
	return sign + digits + " " + strings.ToUpper(string(a.Currency))
}

// ParseAmount reads what String writes. Anything else is ErrSyntax.
func ParseAmount(s string) (Amount, error) {
	number, code, ok := strings.Cut(s, " ")
	c := Currency(strings.ToLower(code))
	if !ok || !c.WellFormed() {
		return Amount{}, fmt.Errorf("%w: %q", ErrSyntax, s)
	}
	whole, fraction, _ := strings.Cut(number, ".")
	if len(fraction) != c.Decimals() {
		return Amount{}, fmt.Errorf("%w: %q has not %d decimals", ErrSyntax, s, c.Decimals())
	}
	minor, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		return Amount{}, fmt.Errorf("%w: %q", ErrSyntax, s)
	}
	a := Amount{Minor: minor, Currency: c}
	if a.String() != strings.ToUpper(s) {
		return Amount{}, fmt.Errorf("%w: %q is written %s", ErrSyntax, s, a)
	}
	return a, nil
}
