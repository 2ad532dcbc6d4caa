package stripesim

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// taxRate makes a rate of percent and returns its id.
func (b *box) taxRate(percent string, inclusive bool) string {
	b.t.Helper()
	return b.post("/v1/tax_rates", fmt.Sprintf("display_name=VAT&percentage=%s&inclusive=%t", percent, inclusive)).ok().text("id")
}

func TestTaxRates(t *testing.T) {
	b := newBox(t)
	r := b.post("/v1/tax_rates", "display_name=MwSt&percentage=7.0&inclusive=true&country=DE&jurisdiction=DE&tax_type=vat&description=Kultur&metadata[a]=b").ok()
	r.has("object", "tax_rate", "display_name", "MwSt", "percentage", 7, "inclusive", true, "country", "DE", "jurisdiction", "DE", "tax_type", "vat",
		"description", "Kultur", "metadata.a", "b", "active", true, "effective_percentage", nil)
	id := r.text("id")
	b.post("/v1/tax_rates/"+id, "active=false&display_name=USt&description=&metadata[a]=").fails(400, "parameter_invalid_empty", "description", "You passed an empty string")
	b.post("/v1/tax_rates/"+id, "active=false&display_name=USt&metadata[c]=d").ok().has("active", false, "display_name", "USt", "metadata.a", "b", "metadata.c", "d", "percentage", 7)
	b.get("/v1/tax_rates/"+id).ok().has("display_name", "USt", "active", false)
	exclusive := b.taxRate("8.8750", false)
	for query, want := range map[string][]string{
		"":                {exclusive, id},
		"active=true":     {exclusive},
		"active=false":    {id},
		"inclusive=true":  {id},
		"inclusive=false": {exclusive},
		"created[lt]=1":   {},
		"limit=1":         {exclusive},
	} {
		if diff := cmp.Diff(want, b.get("/v1/tax_rates?"+query).ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	for _, c := range []struct{ form, code, param, message string }{
		{"percentage=7&inclusive=true", "parameter_missing", "display_name", "Missing required param: display_name."},
		{"display_name=x&inclusive=true", "parameter_missing", "percentage", "Missing required param: percentage."},
		{"display_name=x&percentage=7", "parameter_missing", "inclusive", "Missing required param: inclusive."},
		{"display_name=x&percentage=seven&inclusive=true", "", "percentage", "Invalid decimal: seven"},
		{"display_name=x&percentage=-1&inclusive=true", "", "percentage", "Invalid percentage: -1."},
		{"display_name=x&percentage=100.1&inclusive=true", "", "percentage", "Invalid percentage: 100.1."},
		{"display_name=x&percentage=1.00001&inclusive=true", "", "percentage", "Invalid percentage: 1.00001."},
		{"display_name=x&percentage=7&inclusive=true&tax_type=tithe", "", "tax_type", "Invalid tax_type: must be one of"},
	} {
		b.post("/v1/tax_rates", c.form).fails(400, c.code, c.param, c.message)
	}
	b.post("/v1/tax_rates/"+id, "percentage=8").fails(400, "parameter_unknown", "percentage", "Received unknown parameter: percentage")
	b.get("/v1/tax_rates/txr_x").fails(404, "resource_missing", "tax_rate", "No such tax rate: 'txr_x'")
	if diff := cmp.Diff([]string{"tax_rate.created", "tax_rate.updated", "tax_rate.created"}, b.types("&type=tax_rate.*")); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestTaxOfALine: each line's tax is rounded by itself, half up.
func TestTaxOfALine(t *testing.T) {
	for _, c := range []struct {
		name            string
		currency        string
		unit            int
		inclusive       []string
		exclusive       []string
		tax, total, net int
	}{
		{"none", "eur", 1200, nil, nil, 0, 2400, 2400},
		{"in the price", "eur", 1200, []string{"7"}, nil, 157, 2400, 2243},               // 2400·7/107 = 157.009
		{"in the price, half up", "eur", 525, []string{"5"}, nil, 50, 1050, 1000},        // exactly 50
		{"in the price, a half", "eur", 105, []string{"25"}, nil, 42, 210, 168},          // 210·25/125 = 42
		{"on top", "eur", 1200, nil, []string{"19"}, 456, 2856, 2400},                    // exactly
		{"on top, a half goes up", "eur", 25, nil, []string{"1"}, 1, 51, 50},             // 0.5
		{"on top, four decimals", "usd", 1000, nil, []string{"8.8750"}, 178, 2178, 2000}, // 177.5
		{"two in the price", "eur", 1200, []string{"7", "3"}, nil, 218, 2400, 2182},      // 152.73 and 65.45, each rounded
		{"in it and on top", "eur", 1070, []string{"7"}, []string{"10"}, 140 + 200, 2340, 2000},
		{"yen", "jpy", 1000, []string{"10"}, nil, 182, 2000, 1818},
		{"a dinar's last digit is 0", "kwd", 1230, nil, []string{"5"}, 120, 2580, 2460}, // 123 → 120
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBox(t)
			form := fmt.Sprintf("mode=payment&success_url=https://x.example&line_items[0][quantity]=2&line_items[0][price_data][currency]=%s&line_items[0][price_data][unit_amount]=%d&line_items[0][price_data][product_data][name]=x", c.currency, c.unit)
			for _, p := range c.inclusive {
				form += "&line_items[0][tax_rates][]=" + b.taxRate(p, true)
			}
			for _, p := range c.exclusive {
				form += "&line_items[0][tax_rates][]=" + b.taxRate(p, false)
			}
			r := b.post("/v1/checkout/sessions", form+"&expand[]=line_items.data.taxes").ok()
			r.has("amount_subtotal", 2*c.unit, "amount_total", c.total, "total_details.amount_tax", c.tax,
				"line_items.data.0.amount_subtotal", 2*c.unit, "line_items.data.0.amount_tax", c.tax, "line_items.data.0.amount_total", c.total)
			taxes := r.at("line_items.data.0.taxes").([]any)
			if len(taxes) != len(c.inclusive)+len(c.exclusive) {
				t.Fatalf("%d taxes: %v", len(taxes), taxes)
			}
			sum := 0
			for _, tax := range taxes {
				sum += int(dig(t, tax, "amount").(float64))
				if got := int(dig(t, tax, "taxable_amount").(float64)); got != c.net {
					t.Errorf("taxed %d, want %d", got, c.net)
				}
			}
			if sum != c.tax {
				t.Errorf("the taxes come to %d, want %d", sum, c.tax)
			}
			b.buy(r.text("id"), Payment{})
			b.get("/v1/charges").has("data.0.amount", c.total)
		})
	}
}

// TestTaxRatesOfALine: only active rates, at most five, also with a price.
func TestTaxRatesOfALine(t *testing.T) {
	b := newBox(t)
	rate := b.taxRate("7", true)
	price := b.post("/v1/prices", "currency=eur&unit_amount=1070&product_data[name]=Seat").ok().text("id")
	const form = "mode=payment&success_url=https://x.example&line_items[0][quantity]=1&line_items[0][price]="
	id := b.post("/v1/checkout/sessions", form+price+"&line_items[0][tax_rates][]="+rate).ok().has("total_details.amount_tax", 70, "amount_total", 1070).text("id")
	b.get("/v1/checkout/sessions/"+id+"/line_items").has("data.0.amount_tax", 70).lacks("data.0.taxes")
	b.get("/v1/checkout/sessions/"+id+"/line_items?expand[]=data.taxes").has("data.0.taxes.0.rate.id", rate, "data.0.taxes.0.amount", 70)
	b.post("/v1/checkout/sessions", form+price+"&line_items[0][tax_rates][]=txr_x").fails(400, "resource_missing", "line_items[0][tax_rates][0]", "No such tax rate: 'txr_x'")
	six := url.Values{}
	for i := range 6 {
		six.Set(fmt.Sprintf("line_items[0][tax_rates][%d]", i), rate)
	}
	b.post("/v1/checkout/sessions", form+price+"&"+six.Encode()).fails(400, "", "line_items[0][tax_rates]", "Array line_items[0][tax_rates] exceeded maximum 5 allowed elements.")
	b.post("/v1/tax_rates/"+rate, "active=false").ok()
	b.post("/v1/checkout/sessions", form+price+"&line_items[0][tax_rates][]="+rate).fails(400, "", "line_items[0][tax_rates][0]", "The tax rate `"+rate+"` is inactive.")
	b.post("/v1/checkout/sessions", form+price+"&automatic_tax[enabled]=true").fails(400, "parameter_unknown", "automatic_tax", "Received unknown parameter")
}
