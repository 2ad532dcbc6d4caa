package stripesim

import (
	"strconv"

	"willcall/backend/money"
)

// lineFields are the parameters of a session's line.
func lineFields() fields {
	return fields{
		"price": text(5000),
		"price_data": hash(fields{
			"currency":     text(0).must(),
			"product":      text(5000),
			"product_data": hash(priceProductFields().with(fields{"description": text(40000), "images": array(8, text(0))})),
			"tax_behavior": taxBehavior(),
			"unit_amount":  integer(0),
		}),
		"quantity":  integer(1),
		"tax_rates": array(5, text(5000)),
	}
}

// sums are what lines come to, in minor units.
type sums struct{ subtotal, tax, total int64 }

// readLines makes the lines that the request wants, and what they come to.
// What is too much or too little is said of a noun.
func (t *tx) readLines(noun string) (lines []line, currency string, s sums, err error) {
	for i, item := range t.args.items("line_items") {
		at := "line_items[" + strconv.Itoa(i) + "]"
		p, err := t.linePrice(item, at)
		if err != nil {
			return nil, "", sums{}, err
		}
		if currency == "" {
			currency = p.Currency
		}
		if p.Currency != currency {
			return nil, "", sums{}, badRequest("", at, "All prices in `line_items` must have the same currency. Found %s and %s.", currency, p.Currency)
		}
		if !item.has("quantity") {
			param := nested(at, "quantity")
			return nil, "", sums{}, badRequest("parameter_missing", param, "Missing required param: %s.", param)
		}
		product, _ := t.product(p.Product)
		l := line{ID: newID("li_1", 23), Price: p.ID, Description: product.Name}
		if err := l.order(p, item.number(0, "quantity"), noun, at); err != nil {
			return nil, "", sums{}, err
		}
		if l.Taxes, err = t.taxes(item.texts("tax_rates"), l.Amount, currency, nested(at, "tax_rates")); err != nil {
			return nil, "", sums{}, err
		}
		lines = append(lines, l)
	}
	if c := t.args.text("currency"); c != "" && c != currency {
		return nil, "", sums{}, badRequest("", "currency", "The currency %s differs from that of `line_items`, %s.", c, currency)
	}
	s, err = addUp(lines, currency, noun)
	return lines, currency, s, err
}

// order sets how many of the price the line has.
func (l *line) order(p *price, quantity int64, noun, at string) error {
	amount, err := money.New(p.UnitAmount, money.Currency(p.Currency)).Times(quantity)
	if err != nil || amount.Minor > money.MaxMinor {
		return tooMuch(p.Currency, noun, at)
	}
	l.Quantity, l.Amount = quantity, amount.Minor
	return nil
}

func tooMuch(currency, noun, at string) error {
	return badRequest("amount_too_large", at, "The %s's total amount due must be no more than %s.", noun, display(money.MaxMinor, currency))
}

// linePrice is the price that the item names, or a new one of its price_data,
// which Stripe makes with its product, both archived.
func (t *tx) linePrice(item *form, at string) (*price, error) {
	id, data := item.text("price"), item.at("price_data")
	switch {
	case id != "" && data != nil:
		return nil, badRequest("", at, "You may only specify one of these parameters: price, price_data.")
	case id == "" && data == nil:
		return nil, badRequest("parameter_missing", nested(at, "price"), "Missing required param: %s.", nested(at, "price"))
	case id != "":
		return t.activePrice(id, nested(at, "price"))
	}
	if owner, ok := t.product(data.text("product")); ok && !owner.Active {
		return nil, badRequest("", nested(at, "price_data")+"[product]", "The product specified is inactive. This field only accepts active products.")
	}
	p, err := t.newPrice(data, nested(at, "price_data"), false)
	if err != nil {
		return nil, err
	}
	put(&t.wrote.Prices, p)
	return p, t.emit("price.created", p)
}

// addUp is what the lines come to, within Stripe's bounds for one charge.
func addUp(lines []line, currency, noun string) (sums, error) {
	var s sums
	for i, l := range lines {
		tax, extra := l.tax()
		s.subtotal += l.Amount
		s.tax += tax
		if s.total += l.Amount + extra; s.total > money.MaxMinor { // each line is less: this cannot overflow
			return sums{}, tooMuch(currency, noun, "line_items["+strconv.Itoa(i)+"]")
		}
	}
	least, _ := money.MinCharge(money.Currency(currency))
	switch {
	case s.total == 0:
		return sums{}, badRequest("", "", "The %s's total amount due cannot be zero in `payment` mode.", noun)
	case s.total < least:
		return sums{}, badRequest("amount_too_small", "", "The %s's total amount due must add up to at least %s", noun, display(least, currency))
	}
	return s, nil
}

// adjustable is how many of a payment link's line a buyer can choose.
type adjustable struct {
	Maximum int64 `json:"maximum"`
	Minimum int64 `json:"minimum"`
}
