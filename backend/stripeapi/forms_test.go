package stripeapi_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// form is a call, exactly what must go out for it, and what Stripe would refuse
// instead.
type form struct {
	name    string
	call    func(context.Context, *stripeapi.Client) error
	to      string // method and path
	want    string // one name=value a line, by name; "" for nothing
	spoilts []spoilt
}

var (
	names   = scripts(200)
	order   = map[string]string{boxoffice.MetadataOrder: "ord-1"}
	message = strings.Repeat("Зá界🎟", 125) // 500 characters
)

// forms are the smallest and the largest of each request.
func forms() []form {
	adult := boxoffice.ProductRequest{Name: names, Description: scripts(1000), Picture: "https://example.org/hamlet.png?size=1&x=2", Metadata: order}
	poster := boxoffice.LinkRequest{
		PriceID: "price_1", Quantity: 2, Limit: 40, Metadata: order, Confirmation: message, Closed: message,
		Submit: scripts(1200), Methods: []string{"card", "ideal"}, Descriptor: "HAMLET 5 MAR", Fee: 45,
	}
	card := boxoffice.PaymentRequest{
		Amount: money.New(5700, "eur"), Description: scripts(300), ReceiptEmail: "jiří+till&1@příklad.example", Metadata: order, Descriptor: "HAMLET 5 MAR", Fee: 45,
	}
	return append(moneyForms(), []form{
		{"a product", createProduct(adult), "POST /v1/products", `
			description=` + scripts(1000) + `
			images[0]=https://example.org/hamlet.png?size=1&x=2
			metadata[willcall_order]=ord-1
			name=` + names, []spoilt{
			{"a parameter that Stripe has not", "seat", "A1", true},
			{"pictures that are no list", "images", "https://example.org", false},
			{"a name that is too long", "name", strings.Repeat("x", 5001), false},
		}},
		{"a product of a name alone", createProduct(boxoffice.ProductRequest{Name: "Adult"}), "POST /v1/products", `name=Adult`, []spoilt{
			{"no name", "name", "", true},
		}},
		{"all of a product changed", updateProduct(stripeapi.ProductUpdate{
			Name: new("Adult"), Description: new("Row A"), Picture: new("https://example.org/a.png"), Active: new(true), DefaultPrice: new("price_2"),
		}), "POST /v1/products/prod_1", `
			active=true
			default_price=price_2
			description=Row A
			images[0]=https://example.org/a.png
			name=Adult`, []spoilt{{"neither on sale nor off", "active", "perhaps", true}}},
		{"description and picture taken away", updateProduct(stripeapi.ProductUpdate{Description: new(""), Picture: new(""), Active: new(false)}), "POST /v1/products/prod_1", `
			active=false
			description=
			images=`, []spoilt{{"a name that is too long", "name", strings.Repeat("x", 5001), false}}},
		{"products", products(false, ""), "GET /v1/products", `limit=100`, []spoilt{{"more than a page", "limit", "101", false}}},
		{"products on sale, the next page", products(true, "prod_1"), "GET /v1/products", `
			active=true
			limit=100
			starting_after=prod_1`, []spoilt{{"a filter that there is not", "name", "Adult", true}}},
		{"a price", createPrice(money.New(2400, "eur")), "POST /v1/prices", `
			currency=eur
			metadata[willcall_order]=ord-1
			product=prod_1
			unit_amount=2400`, []spoilt{
			{"an amount that is none", "unit_amount", "24.00", true},
			{"a parameter that Stripe has not", "amount", "2400", true},
		}},
		{"a price of nothing", createPrice(money.New(0, "jpy")), "POST /v1/prices", `
			currency=jpy
			metadata[willcall_order]=ord-1
			product=prod_1
			unit_amount=0`, []spoilt{{"no currency", "currency", "", true}}},
		{"a price taken off", archivePrice, "POST /v1/prices/price_1", `active=false`, []spoilt{{"another amount", "unit_amount", "1", true}}},
		{"prices", prices("", ""), "GET /v1/prices", `limit=100`, []spoilt{{"more than a page", "limit", "101", false}}},
		{"prices of a product, the next page", prices("prod_1", "price_1"), "GET /v1/prices", `
			limit=100
			product=prod_1
			starting_after=price_1`, []spoilt{{"a type that there is not", "type", "twice", true}}},
		{"a tax that is contained", createTaxRate(boxoffice.TaxRateRequest{Name: scripts(50), Percent: 212500, Inclusive: true, Country: "FI", Metadata: order}), "POST /v1/tax_rates", `
			country=FI
			display_name=` + scripts(50) + `
			inclusive=true
			metadata[willcall_order]=ord-1
			percentage=21.25`, []spoilt{
			{"a percentage that is none", "percentage", "21,25", true},
			{"a name that is too long", "display_name", strings.Repeat("ä", 51), false},
		}},
		{"a tax that comes on top", createTaxRate(boxoffice.TaxRateRequest{Name: "VAT"}), "POST /v1/tax_rates", `
			display_name=VAT
			inclusive=false
			percentage=0`, []spoilt{{"no percentage", "percentage", "", true}}},
		{"a link", createLink(poster), "POST /v1/payment_links", `
			after_completion[hosted_confirmation][custom_message]=` + message + `
			after_completion[type]=hosted_confirmation
			application_fee_amount=45
			custom_text[submit][message]=` + scripts(1200) + `
			inactive_message=` + message + `
			line_items[0][price]=price_1
			line_items[0][quantity]=2
			metadata[willcall_order]=ord-1
			payment_intent_data[metadata][willcall_order]=ord-1
			payment_intent_data[statement_descriptor_suffix]=HAMLET 5 MAR
			payment_method_types[0]=card
			payment_method_types[1]=ideal
			restrictions[completed_sessions][limit]=40`, []spoilt{
			{"a tax on the line, which a link has not", "line_items[0][tax_rates][0]", "txr_1", false},
			{"a price that is described", "line_items[0][price_data][currency]", "eur", false},
			{"a way to pay that there is not", "payment_method_types[1]", "shells", true},
			{"a limit that is none", "restrictions[completed_sessions][limit]", "many", true},
			{"a confirmation that is too long", "after_completion[hosted_confirmation][custom_message]", message + "!", false},
			{"a text for the closed link that is too long", "inactive_message", message + "!", false},
			{"a text beside the button that is too long", "custom_text[submit][message]", scripts(1201), false},
			{"a descriptor that is too long", "payment_intent_data[statement_descriptor_suffix]", strings.Repeat("X", 23), false},
		}},
		{"a link with nothing to spare", createLink(boxoffice.LinkRequest{PriceID: "price_1", Quantity: 1, Limit: 1}), "POST /v1/payment_links", `
			after_completion[type]=hosted_confirmation
			line_items[0][price]=price_1
			line_items[0][quantity]=1
			restrictions[completed_sessions][limit]=1`, []spoilt{{"no price", "line_items[0][price]", "", true}}},
		{"a link closed", closeLink, "POST /v1/payment_links/plink_1", `active=false`, []spoilt{{"neither open nor closed", "active", "perhaps", true}}},
		{"a link fetched", fetchLink, "GET /v1/payment_links/plink_1", ``, []spoilt{{"a parameter that Stripe has not", "limit", "1", true}}},
		{"links", links(""), "GET /v1/payment_links", `limit=100`, []spoilt{{"more than a page", "limit", "101", false}}},
		{"links, the next page", links("plink_1"), "GET /v1/payment_links", `
			limit=100
			starting_after=plink_1`, []spoilt{{"a filter that there is not", "metadata[willcall_order]", "ord-1", true}}},
		{"the sessions of a link", linkSessions("", ""), "GET /v1/checkout/sessions", `
			expand[0]=data.payment_intent.latest_charge
			limit=100
			payment_link=plink_1`, []spoilt{{"a filter that there is not", "reference", "ord-1", true}}},
		{"its open sessions, the next page", linkSessions(stripeapi.SessionOpen, "cs_test_1"), "GET /v1/checkout/sessions", `
			expand[0]=data.payment_intent.latest_charge
			limit=100
			payment_link=plink_1
			starting_after=cs_test_1
			status=open`, []spoilt{{"a status that there is not", "status", "paid", true}}},
		{"a payment", createPayment(card), "POST /v1/payment_intents", `
			amount=5700
			application_fee_amount=45
			automatic_payment_methods[enabled]=true
			currency=eur
			description=` + scripts(300) + `
			expand[0]=latest_charge
			metadata[willcall_order]=ord-1
			receipt_email=jiří+till&1@příklad.example
			statement_descriptor_suffix=HAMLET 5 MAR`, []spoilt{
			{"an amount that is none", "amount", "57.00", true},
			{"a price", "price", "price_1", true},
			{"a descriptor that is too long", "statement_descriptor_suffix", strings.Repeat("X", 23), false},
		}},
		{"a payment of an amount alone", createPayment(boxoffice.PaymentRequest{Amount: money.New(3000, "jpy")}), "POST /v1/payment_intents", `
			amount=3000
			automatic_payment_methods[enabled]=true
			currency=jpy
			expand[0]=latest_charge`, []spoilt{{"no amount", "amount", "", true}}},
		{"a payment fetched", fetchPayment, "GET /v1/payment_intents/pi_1", `expand[0]=latest_charge`, []spoilt{{"a parameter that Stripe has not", "limit", "1", true}}},
		{"its client secret", clientSecret, "GET /v1/payment_intents/pi_1", ``, []spoilt{{"a parameter that Stripe has not", "limit", "1", true}}},
		{"a payment given up", cancelPayment, "POST /v1/payment_intents/pi_1/cancel", `expand[0]=latest_charge`, []spoilt{
			{"a reason that there is not", "cancellation_reason", "boredom", true},
		}},
		{"a payment confirmed", confirmPayment, "POST /v1/payment_intents/pi_1/confirm", `
			expand[0]=latest_charge
			payment_method=pm_card_visa
			return_url=http://127.0.0.1:4381/c/done`, []spoilt{{"a parameter that Stripe has not", "amount", "1", true}}},
		{"payments", payments(""), "GET /v1/payment_intents", `
			created[gte]=1772712000
			created[lte]=1772712000
			expand[0]=data.latest_charge
			limit=100`, []spoilt{{"a range with a wrong end", "created[until]", "1", false}}},
		{"payments, the next page", payments("pi_1"), "GET /v1/payment_intents", `
			created[gte]=1772712000
			created[lte]=1772712000
			expand[0]=data.latest_charge
			limit=100
			starting_after=pi_1`, []spoilt{{"a filter that there is not", "status", "succeeded", true}}},
		{"a refund of a part", refund(stripeapi.RefundRequest{PaymentIntentID: "pi_1", Amount: money.New(900, "eur"), Reason: "requested_by_customer", Metadata: order}), "POST /v1/refunds", `
			amount=900
			metadata[willcall_order]=ord-1
			payment_intent=pi_1
			reason=requested_by_customer`, []spoilt{
			{"a reason that there is not", "reason", "rain", true},
			{"an amount that is none", "amount", "9.00", true},
		}},
		{"a refund of all", refund(stripeapi.RefundRequest{PaymentIntentID: "pi_1"}), "POST /v1/refunds", `payment_intent=pi_1`, []spoilt{
			{"a parameter that Stripe has not", "session", "cs_test_1", true},
		}},
		{"the ways to pay", methods, "GET /v1/payment_method_configurations", ``, []spoilt{{"a length of page, which this list has not", "limit", "100", true}}},
		{"a session of prices that Stripe has", priced, "POST /v1/checkout/sessions", `
			cancel_url=http://127.0.0.1:4381/c/done?left=K7QF3M
			client_reference_id=ord-1
			custom_text[submit][message]=` + scripts(1200) + `
			expires_at=1772713860
			line_items[0][price]=price_1
			line_items[0][quantity]=2
			line_items[0][tax_rates][0]=txr_1
			line_items[1][price_data][currency]=eur
			line_items[1][price_data][product_data][name]=Programme
			line_items[1][price_data][unit_amount]=300
			line_items[1][quantity]=1
			line_items[1][tax_rates][0]=txr_2
			metadata[willcall_order]=ord-1
			mode=payment
			payment_intent_data[application_fee_amount]=45
			payment_intent_data[description]=` + scripts(1000) + `
			payment_intent_data[metadata][willcall_order]=ord-1
			payment_intent_data[statement_descriptor_suffix]=HAMLET 5 MAR
			payment_method_types[0]=card
			payment_method_types[1]=paypal
			success_url=http://127.0.0.1:4381/c/done?paid=K7QF3M`, []spoilt{
			{"a way to pay that there is not", "payment_method_types[1]", "shells", true},
			{"a text beside the button that is too long", "custom_text[submit][message]", scripts(1201), false},
			{"a descriptor that is too long", "payment_intent_data[statement_descriptor_suffix]", strings.Repeat("X", 23), false},
			{"a fee that is none", "payment_intent_data[application_fee_amount]", "1 %", true},
		}},
	}...)
}

// TestEachFormIsExact: every parameter of every request, and none besides; by
// Stripe's document and by Stripe's own stub it is right, and what is spoilt is
// seen by them.
func TestEachFormIsExact(t *testing.T) {
	for _, f := range forms() {
		t.Run(f.name, func(t *testing.T) {
			var out []sent
			err := f.call(t.Context(), client("http://stripe.invalid", recording(&out, ask)))
			if err != nil {
				t.Errorf("Stripe's stub answers %v", err)
			}
			if len(out) != 1 || out[0].method+" "+out[0].path != f.to {
				t.Fatalf("sent %+v, want one %s", out, f.to)
			}
			if diff := cmp.Diff(lines(f.want), shownForm(t, out[0].form)); diff != "" {
				t.Errorf("the form (-want +got):\n%s", diff)
			}
			if key := out[0].key; key != map[string]string{http.MethodPost: "key-1", http.MethodGet: ""}[out[0].method] {
				t.Errorf("the idempotency key is %q", key)
			}
			if err := keeps(t, out[0].method, out[0].path, out[0].form); err != nil {
				t.Errorf("Stripe's document does not allow it: %v", err)
			}
			for _, s := range f.spoilts {
				bad := s.spoil(t, out[0].form)
				if keeps(t, out[0].method, out[0].path, bad) == nil {
					t.Errorf("%s keeps to the document", s.name)
				}
				if status := stub(out[0].method, out[0].path, bad); s.strict && status != http.StatusBadRequest {
					t.Errorf("%s is answered %d by Stripe's stub", s.name, status)
				}
			}
			if len(f.spoilts) == 0 {
				t.Error("there is no control")
			}
		})
	}
}

// TestEveryMethodHasAForm: none of the client's requests is forgotten above.
func TestEveryMethodHasAForm(t *testing.T) {
	var out []sent
	c := client("http://stripe.invalid", recording(&out, deaf))
	kinds := map[string]bool{}
	kind := func(method, path string) string { // ids aside
		return method + " " + strings.Join(slices.DeleteFunc(strings.Split(path, "/"), func(part string) bool { return strings.Contains(part, "_1") }), "/")
	}
	for _, f := range forms() {
		kinds[kind(strings.Fields(f.to)[0], strings.Fields(f.to)[1])] = true
	}
	for name, call := range calls() {
		out = nil
		_ = call(t.Context(), c)
		if len(out) != 1 || !kinds[kind(out[0].method, out[0].path)] {
			t.Errorf("%s sends %+v, which has no form", name, out)
		}
	}
}

// stub is how Stripe's own stub answers.
func stub(method, path, form string) int {
	r := httptest.NewRequest(method, path+"?"+form, nil)
	if method == http.MethodPost {
		r = httptest.NewRequest(method, path, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	r.Header.Set("Stripe-Version", "2023-10-16")
	w := httptest.NewRecorder()
	mock().ServeHTTP(w, r)
	return w.Code
}

// shownForm is a form as the table writes it.
func shownForm(t *testing.T, form string) []string {
	t.Helper()
	values, err := url.ParseQuery(form)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, v := range values[name] {
			out = append(out, name+"="+strings.TrimSpace(v))
		}
	}
	return out
}

func lines(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return out
}
