package stripesim

import (
	"strconv"

	"willcall/backend/money"
)

// price has the shape of Stripe's price; only one-time prices per unit exist
// here.
type price struct {
	ID                string            `json:"id"`
	Object            string            `json:"object"`
	Active            bool              `json:"active"`
	BillingScheme     string            `json:"billing_scheme"`
	Created           int64             `json:"created"`
	Currency          string            `json:"currency"`
	CustomUnitAmount  none              `json:"custom_unit_amount"`
	Livemode          bool              `json:"livemode"`
	LookupKey         *string           `json:"lookup_key"`
	Metadata          map[string]string `json:"metadata"`
	Nickname          *string           `json:"nickname"`
	Product           string            `json:"product"`
	Recurring         none              `json:"recurring"`
	TaxBehavior       string            `json:"tax_behavior"`
	TiersMode         none              `json:"tiers_mode"`
	TransformQuantity none              `json:"transform_quantity"`
	Type              string            `json:"type"`
	UnitAmount        int64             `json:"unit_amount"`         // Stripe's minor unit
	UnitAmountDecimal string            `json:"unit_amount_decimal"` // the same, as text
}

func (p *price) key() string { return p.ID }
func (p *price) born() int64 { return p.Created }

func taxBehavior() field { return choice("exclusive", "inclusive", "unspecified") }

func priceCreateFields() fields {
	return fields{
		"active":       boolean(),
		"currency":     text(0).must(),
		"lookup_key":   text(200),
		"metadata":     metadata(),
		"nickname":     text(5000),
		"product":      text(5000),
		"product_data": hash(priceProductFields().with(fields{"active": boolean(), "id": text(5000), "statement_descriptor": text(22), "unit_label": text(12)})),
		"tax_behavior": taxBehavior(),
		"unit_amount":  integer(0),
	}
}

// priceProductFields are what a price says of a product that it makes.
func priceProductFields() fields {
	return fields{"name": text(5000).must(), "metadata": metadata()}
}

func (t *tx) createPrice() (any, error) {
	a := t.args
	p, err := t.newPrice(a, "", a.flag(true, "active"))
	if err != nil {
		return nil, err
	}
	p.LookupKey, p.Nickname, p.Metadata = a.maybe("lookup_key"), a.maybe("nickname"), a.metadata("metadata")
	if err := t.lookupKeyFree(p); err != nil {
		return nil, err
	}
	put(&t.wrote.Prices, p)
	return p, t.emit("price.created", p)
}

// newPrice makes the price that a describes at prefix, and the product if a
// brings its own. It does not record the price.
func (t *tx) newPrice(a *form, prefix string, active bool) (*price, error) {
	currency := a.text("currency")
	if err := checkCurrency(currency, nested(prefix, "currency")); err != nil {
		return nil, err
	}
	if !a.has("unit_amount") {
		param := nested(prefix, "unit_amount")
		return nil, badRequest("parameter_missing", param, "Missing required param: %s.", param)
	}
	unit := a.number(0, "unit_amount")
	if err := checkUnitAmount(unit, currency, nested(prefix, "unit_amount")); err != nil {
		return nil, err
	}
	productID, err := t.priceProduct(a, prefix, active)
	if err != nil {
		return nil, err
	}
	behavior := a.text("tax_behavior")
	if behavior == "" {
		behavior = "unspecified"
	}
	return &price{
		ID: newID("price_1", 23), Object: "price", Type: "one_time", BillingScheme: "per_unit",
		Active: active, Created: t.now, Currency: currency, Product: productID, Metadata: map[string]string{},
		TaxBehavior: behavior, UnitAmount: unit, UnitAmountDecimal: strconv.FormatInt(unit, 10),
	}, nil
}

// priceProduct is the product that a names, or a new one of its product_data.
func (t *tx) priceProduct(a *form, prefix string, active bool) (string, error) {
	id, data := a.text("product"), a.at("product_data")
	switch {
	case id != "" && data != nil:
		return "", badRequest("", prefix, "You may only specify one of these parameters: product, product_data.")
	case id == "" && data == nil:
		return "", badRequest("parameter_missing", nested(prefix, "product"), "You must specify either `product` or `product_data` when creating a price.")
	case id != "":
		if _, ok := t.product(id); !ok {
			return "", missing("product", id, nested(prefix, "product"))
		}
		return id, nil
	}
	made, err := t.newProduct(data, active)
	if err != nil {
		return "", err
	}
	return made.ID, nil
}

// checkUnitAmount holds a unit's price against Stripe's bounds.
// Source: docs.stripe.com/currencies.
func checkUnitAmount(unit int64, currency, param string) error {
	if unit > money.MaxMinor {
		return badRequest("amount_too_large", param, "Amount must be no more than %s", display(money.MaxMinor, currency))
	}
	if step := money.Currency(currency).Step(); unit%step != 0 {
		return badRequest("parameter_invalid_integer", param, "Amounts in %s must be a multiple of %d in the smallest unit; %d is not.", currency, step, unit)
	}
	return nil
}

// display writes an amount for a person: "24.00 EUR".
func display(minor int64, currency string) string {
	return money.New(minor, money.Currency(currency)).String()
}

func (t *tx) getPrice() (any, error) {
	if p, ok := t.price(t.path("price")); ok {
		return p, nil
	}
	return nil, notFound("price", t.path("price"), "price")
}

func priceUpdateFields() fields {
	return fields{
		"active": boolean(), "lookup_key": text(200).clearable(), "metadata": metadata(), "nickname": text(5000).clearable(), "tax_behavior": taxBehavior(),
	}
}

// updatePrice changes what can be changed of a price: never its amount.
// Source: docs.stripe.com/api/prices/update.
func (t *tx) updatePrice() (any, error) {
	old, ok := t.price(t.path("price"))
	if !ok {
		return nil, notFound("price", t.path("price"), "price")
	}
	a, p := t.args, *old
	p.Active = a.flag(p.Active, "active")
	if owner, ok := t.product(p.Product); ok && !p.Active && owner.DefaultPrice != nil && *owner.DefaultPrice == p.ID {
		return nil, badRequest("", "", "This price cannot be archived because it is the default price of its product.")
	}
	if b := a.text("tax_behavior"); b != "" && b != p.TaxBehavior {
		if p.TaxBehavior != "unspecified" {
			return nil, badRequest("", "tax_behavior", "You cannot change the tax behavior of a price once it has been set to `%s`.", p.TaxBehavior)
		}
		p.TaxBehavior = b
	}
	if a.has("nickname") {
		p.Nickname = a.maybe("nickname")
	}
	if a.has("lookup_key") {
		p.LookupKey = a.maybe("lookup_key")
	}
	if err := t.lookupKeyFree(&p); err != nil {
		return nil, err
	}
	p.Metadata = mergeMetadata(p.Metadata, a.at("metadata"))
	put(&t.wrote.Prices, &p)
	return &p, t.emit("price.updated", &p)
}

// lookupKeyFree refuses a key that another price has.
func (t *tx) lookupKeyFree(p *price) error {
	for _, other := range t.acct.prices.byID {
		if p.LookupKey != nil && other.ID != p.ID && other.LookupKey != nil && *other.LookupKey == *p.LookupKey {
			return badRequest("", "lookup_key", "A price (`%s`) already uses that lookup key.", other.ID)
		}
	}
	return nil
}

// activePrice is the price of that id if it can be sold; param is where the
// request names it. Wordings: github.com/invertase/stripe-firebase-extensions/issues/560
// for the price; that for the product is not verified.
func (t *tx) activePrice(id, param string) (*price, error) {
	p, ok := t.price(id)
	if !ok {
		return nil, missing("price", id, param)
	}
	if !p.Active {
		return nil, badRequest("", param, "The price specified is inactive. This field only accepts active prices.")
	}
	if owner, ok := t.product(p.Product); !ok || !owner.Active {
		return nil, badRequest("", param, "This price is not available to be purchased because its product is not active.")
	}
	return p, nil
}

func priceListFields() fields {
	return listFields().with(fields{
		"active": boolean(), "created": timeRange(), "currency": text(0), "lookup_keys": array(10, text(5000)),
		"product": text(5000), "type": choice("one_time", "recurring"),
	})
}

func (t *tx) listPrices() (any, error) {
	a, created := t.args, t.created()
	keys := map[string]bool{}
	for _, k := range a.texts("lookup_keys") {
		keys[k] = true
	}
	return list(t, &t.acct.prices, "price", "/v1/prices", func(p *price) bool {
		return created.has(p.Created) &&
			(!a.has("active") || p.Active == a.flag(false, "active")) &&
			(!a.has("currency") || p.Currency == a.text("currency")) &&
			(!a.has("product") || p.Product == a.text("product")) &&
			(!a.has("type") || p.Type == a.text("type")) &&
			(len(keys) == 0 || p.LookupKey != nil && keys[*p.LookupKey])
	})
}
