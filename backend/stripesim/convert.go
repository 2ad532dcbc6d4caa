package stripesim

import "strings"

// currencyConversion is what a session says that its buyer pays in another
// currency than was asked for. Currency and amounts of the session, and its
// payment intent, are then the buyer's; what was asked for stands here.
// Source: docs.stripe.com/payments/currencies/localize-prices/adaptive-pricing.
type currencyConversion struct {
	AmountSubtotal int64  `json:"amount_subtotal"` // minor units of source_currency
	AmountTotal    int64  `json:"amount_total"`
	FxRate         string `json:"fx_rate"` // a decimal, from the source currency to the buyer's
	SourceCurrency string `json:"source_currency"`
}

// convert lets the buyer of s pay in another currency. It is too late once a
// payment was attempted.
func (s *session) convert(to string) *refusal {
	to = strings.ToLower(to)
	if to == "" || to == s.Currency {
		return nil
	}
	r, ok := rateOf(s.Currency, to)
	if !ok || s.PaymentIntent != nil || s.CurrencyConversion != nil {
		return &refusal{"currency_not_offered", "", "This cannot be paid in " + strings.ToUpper(to) + "."}
	}
	s.CurrencyConversion = &currencyConversion{AmountSubtotal: s.AmountSubtotal, AmountTotal: s.AmountTotal, FxRate: r.text(), SourceCurrency: s.Currency}
	extra, lines := s.AmountTotal-s.AmountSubtotal, s.Lines
	s.AmountSubtotal, s.Lines = 0, nil
	for _, l := range lines {
		l.Amount = r.of(l.Amount)
		taxes := l.Taxes
		l.Taxes = nil
		for _, tax := range taxes {
			tax.Amount, tax.Taxable = r.of(tax.Amount), r.of(tax.Taxable)
			l.Taxes = append(l.Taxes, tax)
		}
		s.AmountSubtotal += l.Amount
		s.Lines = append(s.Lines, l)
	}
	s.Currency, s.AmountTotal, s.TotalDetails.AmountTax = to, s.AmountSubtotal+r.of(extra), r.of(s.TotalDetails.AmountTax)
	if s.Intent.ApplicationFee != nil {
		s.Intent.ApplicationFee = new(r.of(*s.Intent.ApplicationFee))
	}
	return nil
}
