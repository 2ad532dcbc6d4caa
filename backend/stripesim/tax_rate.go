package stripesim

import (
	"math"
	"strconv"
	"strings"

	"willcall/backend/money"
)

// taxRate has the shape of Stripe's tax_rate.
type taxRate struct {
	ID                  string            `json:"id"`
	Object              string            `json:"object"`
	Active              bool              `json:"active"`
	Country             *string           `json:"country"`
	Created             int64             `json:"created"` // seconds
	Description         *string           `json:"description"`
	DisplayName         string            `json:"display_name"`
	EffectivePercentage none              `json:"effective_percentage"`
	Inclusive           bool              `json:"inclusive"`
	Jurisdiction        *string           `json:"jurisdiction"`
	JurisdictionLevel   none              `json:"jurisdiction_level"`
	Livemode            bool              `json:"livemode"`
	Metadata            map[string]string `json:"metadata"`
	Percentage          float64           `json:"percentage"` // 19 is 19 %
	State               *string           `json:"state"`
	TaxType             *string           `json:"tax_type"`
}

func (r *taxRate) key() string { return r.ID }
func (r *taxRate) born() int64 { return r.Created }

// hundred is 100 % in the unit that taxes are reckoned in: the ten-thousandth
// of a percent, Stripe's last decimal.
const hundred = 1_000_000

// share is the rate in that unit.
func (r *taxRate) share() int64 { return int64(math.Round(r.Percentage * (hundred / 100))) }

// taxRateFields are what creating and updating have in common.
func taxRateFields() fields {
	return fields{
		"active": boolean(), "country": text(2), "description": text(5000), "jurisdiction": text(50), "metadata": metadata(), "state": text(2),
		"tax_type": choice("gst", "hst", "jct", "pst", "qst", "rst", "sales_tax", "vat"),
	}
}

func taxRateCreateFields() fields {
	return taxRateFields().with(fields{"display_name": text(50).must(), "inclusive": boolean().must(), "percentage": decimal().must()})
}

func taxRateUpdateFields() fields { return taxRateFields().with(fields{"display_name": text(50)}) }

func (t *tx) createTaxRate() (any, error) {
	a := t.args
	percentage, err := readPercentage(a.text("percentage"))
	if err != nil {
		return nil, err
	}
	r := &taxRate{
		ID: newID("txr_1", 23), Object: "tax_rate", Active: true, Created: t.now,
		Inclusive: a.flag(false, "inclusive"), Percentage: percentage,
	}
	r.fill(a)
	put(&t.wrote.TaxRates, r)
	return r, t.emit("tax_rate.created", r)
}

// readPercentage takes 0 to 100 with four decimals at most.
// Source: docs.stripe.com/api/tax_rates/create#create_tax_rate-percentage; the bounds' wording is not verified.
func readPercentage(typed string) (float64, error) {
	p, _ := strconv.ParseFloat(typed, 64)
	_, decimals, _ := strings.Cut(typed, ".")
	if p < 0 || p > 100 || len(decimals) > 4 {
		return 0, badRequest("", "percentage", "Invalid percentage: %s. It must be between 0 and 100, with at most 4 decimal places.", typed)
	}
	return p, nil
}

// updateTaxRate changes what can be changed: neither the percentage nor
// whether it is in the price. Source: docs.stripe.com/api/tax_rates/update.
func (t *tx) updateTaxRate() (any, error) {
	old, err := t.pathTaxRate()
	if err != nil {
		return nil, err
	}
	r := *old
	r.fill(t.args)
	put(&t.wrote.TaxRates, &r)
	return &r, t.emit("tax_rate.updated", &r)
}

// fill copies what a says over what r has.
func (r *taxRate) fill(a *form) {
	r.Active = a.flag(r.Active, "active")
	if a.has("display_name") {
		r.DisplayName = a.text("display_name")
	}
	for name, target := range map[string]**string{
		"country": &r.Country, "description": &r.Description, "jurisdiction": &r.Jurisdiction, "state": &r.State, "tax_type": &r.TaxType,
	} {
		if a.has(name) {
			*target = a.maybe(name)
		}
	}
	r.Metadata = mergeMetadata(r.Metadata, a.at("metadata"))
}

func (t *tx) pathTaxRate() (*taxRate, error) {
	if r, ok := t.taxRate(t.path("tax_rate")); ok {
		return r, nil
	}
	return nil, notFound("tax rate", t.path("tax_rate"), "tax_rate")
}

func (t *tx) getTaxRate() (any, error) { return t.pathTaxRate() }

func taxRateListFields() fields {
	return listFields().with(fields{"active": boolean(), "created": timeRange(), "inclusive": boolean()})
}

func (t *tx) listTaxRates() (any, error) {
	a, created := t.args, t.created()
	return list(t, &t.acct.taxRates, "tax rate", "/v1/tax_rates", func(r *taxRate) bool {
		return created.has(r.Created) &&
			(!a.has("active") || r.Active == a.flag(false, "active")) &&
			(!a.has("inclusive") || r.Inclusive == a.flag(false, "inclusive"))
	})
}

// lineTax is one rate's tax on one line.
type lineTax struct {
	Rate      string `json:"rate"`
	Inclusive bool   `json:"inclusive,omitempty"`
	Amount    int64  `json:"amount"`  // minor units
	Taxable   int64  `json:"taxable"` // what the rate is taken of
}

// lineItemTax has the shape of Stripe's line_items_tax_amount.
type lineItemTax struct {
	Amount           int64    `json:"amount"`
	Rate             *taxRate `json:"rate"`
	TaxabilityReason none     `json:"taxability_reason"`
	TaxableAmount    int64    `json:"taxable_amount"`
}

// taxes are what the rates named at param take of a line's amount. Each tax
// of each line is rounded by itself, half up, to what the currency can charge:
// the choice of this simulator, for Stripe documents no more than that it
// rounds by the line. An inclusive rate's tax is its share of the amount; exclusive
// rates come on top of what is left when the inclusive ones are taken out.
func (t *tx) taxes(ids []string, amount int64, currency, param string) ([]lineTax, error) {
	rates := make([]*taxRate, 0, len(ids))
	contained := int64(0)
	for i, id := range ids {
		at := nested(param, strconv.Itoa(i))
		r, ok := t.taxRate(id)
		switch {
		case !ok:
			return nil, missing("tax rate", id, at)
		case !r.Active:
			return nil, badRequest("", at, "The tax rate `%s` is inactive. This field only accepts active tax rates.", id)
		case r.Inclusive:
			contained += r.share()
		}
		rates = append(rates, r)
	}
	net := amount
	out := make([]lineTax, len(rates))
	for i, r := range rates {
		if r.Inclusive {
			out[i] = lineTax{Rate: r.ID, Inclusive: true, Amount: halfUp(amount*r.share(), hundred+contained, 1)}
			net -= out[i].Amount
		}
	}
	for i, r := range rates {
		out[i].Taxable = net
		if !r.Inclusive {
			out[i] = lineTax{Rate: r.ID, Amount: halfUp(net*r.share(), hundred, money.Currency(currency).Step()), Taxable: net}
		}
	}
	return out, nil
}

// halfUp is n/d to the nearest multiple of step; neither n nor d is negative.
func halfUp(n, d, step int64) int64 { return (2*n + d*step) / (2 * d * step) * step }
