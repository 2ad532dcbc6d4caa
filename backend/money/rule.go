package money

import (
	"fmt"
	"strings"
)

// RuleError says which of Stripe's rules an amount breaks, in words for the
// person who entered it.
type RuleError struct {
	Rule    string // "currency", "least", "most", "step"
	Message string
}

// Error is the message.
func (e *RuleError) Error() string { return e.Message }

// Chargeable is nil where Stripe charges the amount, and a *RuleError where it
// does not. Sources: docs.stripe.com/currencies#zero-decimal, #special-cases,
// #three-decimal and #minimum-and-maximum-charge-amounts.
func (a Amount) Chargeable() error {
	code := strings.ToUpper(string(a.Currency))
	least, published := MinCharge(a.Currency)
	switch step := a.Currency.Step(); {
	case !a.Currency.WellFormed():
		return &RuleError{"currency", fmt.Sprintf("%q is no currency: write three letters, such as EUR.", string(a.Currency))}
	case a.Minor < least && published:
		return &RuleError{"least", fmt.Sprintf("%s is too little: Stripe charges %s at the least.", a, New(least, a.Currency))}
	case a.Minor < least:
		return &RuleError{"least", fmt.Sprintf("%s is no price: Stripe charges more than nothing.", a)}
	case a.Minor > MaxMinor:
		return &RuleError{"most", fmt.Sprintf("%s is too much: Stripe charges %s at the most.", a, New(MaxMinor-MaxMinor%step, a.Currency))}
	case a.Minor%step != 0 && a.Currency.Decimals() == 3:
		return &RuleError{"step", fmt.Sprintf("%s ends in a digit that Stripe does not take: the last of %s's three decimals must be 0.", a, code)}
	case a.Minor%step != 0:
		return &RuleError{"step", fmt.Sprintf("%s is not whole: Stripe takes %s without cents.", a, code)}
	default:
		return nil
	}
}
