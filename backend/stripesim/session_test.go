package stripesim

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCreateSessionRefusals(t *testing.T) {
	b := newBox(t)
	now := b.clock.now().Unix()
	price := b.post("/v1/prices", "currency=usd&unit_amount=500&product_data[name]=Dollar").ok().text("id")
	archived := b.post("/v1/prices", "currency=eur&unit_amount=500&product_data[name]=Old&active=false").ok().text("id")
	item := func(fields string) string {
		return "mode=payment&success_url=https://x.example&line_items[0][quantity]=1&line_items[0][price_data][product_data][name]=x&line_items[0][price_data]" + fields
	}
	var metadata strings.Builder
	for i := range 51 {
		fmt.Fprintf(&metadata, "&metadata[key%d]=v", i)
	}
	var lines strings.Builder
	for i := range 101 {
		fmt.Fprintf(&lines, "&line_items[%d][quantity]=1&line_items[%d][price]=%s", i, i, price)
	}
	for _, c := range []struct{ name, form, code, param, message string }{
		{"unknown parameter", sale + "&colour=red", "parameter_unknown", "colour", "Received unknown parameter: colour"},
		{"unknown nested", sale + "&line_items[0][price_data][seat]=A1", "parameter_unknown", "line_items[0][price_data][seat]", "Received unknown parameter: line_items[0][price_data][seat]"},
		{"no mode", strings.Replace(sale, "mode=payment&", "", 1), "parameter_missing", "mode", "Missing required param: mode."},
		{"no success_url", strings.Replace(sale, "success_url=https://theatre.example/thanks&", "", 1), "parameter_missing", "success_url", "Missing required param: success_url."},
		{"no line items", "mode=payment&success_url=https://x.example", "parameter_missing", "line_items", "Missing required param: line_items."},
		{"a subscription", strings.Replace(sale, "mode=payment", "mode=subscription", 1), "", "mode", "This simulated Stripe takes payments only"},
		{"a mode that is none", strings.Replace(sale, "mode=payment", "mode=gift", 1), "", "mode", "Invalid mode: must be one of payment, setup, or subscription"},
		{"embedded", sale + "&ui_mode=embedded", "", "ui_mode", "This simulated Stripe has the hosted page only"},
		{"no currency", item("[unit_amount]=500"), "parameter_missing", "line_items[0][price_data][currency]", "Missing required param: line_items[0][price_data][currency]."},
		{"no unit amount", item("[currency]=eur"), "parameter_missing", "line_items[0][price_data][unit_amount]", "Missing required param"},
		{"unknown currency", item("[currency]=xyz&line_items[0][price_data][unit_amount]=500"), "", "line_items[0][price_data][currency]", "Invalid currency: xyz. Stripe currently supports these currencies: usd, aed,"},
		{"currency with a comma", item("[currency]=d,+&line_items[0][price_data][unit_amount]=500"), "", "line_items[0][price_data][currency]", "Invalid currency: d, "},
		{"no product", "mode=payment&success_url=https://x.example&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=500", "parameter_missing", "line_items[0][price_data][product]", "You must specify either `product` or `product_data`"},
		{"unknown product", "mode=payment&success_url=https://x.example&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=500&line_items[0][price_data][product]=prod_x", "resource_missing", "line_items[0][price_data][product]", "No such product: 'prod_x'"},
		{"no quantity", strings.Replace(sale, "line_items[0][quantity]=2&", "", 1), "parameter_missing", "line_items[0][quantity]", "Missing required param: line_items[0][quantity]."},
		{"quantity 0", strings.Replace(sale, "[quantity]=2", "[quantity]=0", 1), "parameter_invalid_integer", "line_items[0][quantity]", "This value must be greater than or equal to 1."},
		{"quantity of text", strings.Replace(sale, "[quantity]=2", "[quantity]=two", 1), "parameter_invalid_integer", "line_items[0][quantity]", "Invalid integer: two"},
		{"fraction of a cent", strings.Replace(sale, "[unit_amount]=1200", "[unit_amount]=12.5", 1), "parameter_invalid_integer", "line_items[0][price_data][unit_amount]", "Invalid integer: 12.5"},
		{"negative amount", strings.Replace(sale, "[unit_amount]=1200", "[unit_amount]=-1", 1), "parameter_invalid_integer", "line_items[0][price_data][unit_amount]", "This value must be greater than or equal to 0."},
		{"unit too large", strings.Replace(sale, "[unit_amount]=1200", "[unit_amount]=100000000", 1), "amount_too_large", "line_items[0][price_data][unit_amount]", "Amount must be no more than 999999.99 EUR"},
		{"total too large", strings.Replace(sale, "[unit_amount]=1200", "[unit_amount]=50000000", 1), "amount_too_large", "line_items[0]", "The Checkout Session's total amount due must be no more than 999999.99 EUR."},
		{"total overflows", strings.Replace(strings.Replace(sale, "[unit_amount]=1200", "[unit_amount]=99999999", 1), "[quantity]=2", "[quantity]=9223372036854775807", 1), "amount_too_large", "line_items[0]", "The Checkout Session's total"},
		{"total too small", strings.Replace(sale, "[unit_amount]=1200", "[unit_amount]=24", 1), "amount_too_small", "", "The Checkout Session's total amount due must add up to at least 0.50 EUR"},
		{"total zero", strings.Replace(sale, "[unit_amount]=1200", "[unit_amount]=0", 1), "", "", "The Checkout Session's total amount due cannot be zero in `payment` mode."},
		{"third decimal of a dinar", strings.NewReplacer("=eur", "=kwd", "=1200", "=12345").Replace(sale), "parameter_invalid_integer", "line_items[0][price_data][unit_amount]", "Amounts in kwd must be a multiple of 10"},
		{"broken króna", strings.NewReplacer("=eur", "=isk", "=1200", "=12345").Replace(sale), "parameter_invalid_integer", "line_items[0][price_data][unit_amount]", "Amounts in isk must be a multiple of 100"},
		{"two currencies", sale + "&line_items[1][quantity]=1&line_items[1][price]=" + price, "", "line_items[1]", "All prices in `line_items` must have the same currency."},
		{"another currency", sale + "&currency=usd", "", "currency", "The currency usd differs"},
		{"archived price", "mode=payment&success_url=https://x.example&line_items[0][quantity]=1&line_items[0][price]=" + archived, "", "line_items[0][price]", "The price specified is inactive."},
		{"unknown price", "mode=payment&success_url=https://x.example&line_items[0][quantity]=1&line_items[0][price]=price_x", "resource_missing", "line_items[0][price]", "No such price: 'price_x'"},
		{"price and price_data", sale + "&line_items[0][price]=" + price, "", "line_items[0]", "You may only specify one of these parameters: price, price_data."},
		{"neither", "mode=payment&success_url=https://x.example&line_items[0][quantity]=1", "parameter_missing", "line_items[0][price]", "Missing required param"},
		{"101 lines", "mode=payment&success_url=https://x.example" + lines.String(), "", "line_items", "Array line_items exceeded maximum 100 allowed elements."},
		{"line items of names", "mode=payment&success_url=https://x.example&line_items[first][quantity]=1", "", "line_items", "Invalid array: line_items[first] is not an index"},
		{"line items of text", "mode=payment&success_url=https://x.example&line_items=two", "", "line_items", "Invalid line_items: must be an array"},
		{"url without scheme", sale + "&cancel_url=theatre.example", "url_invalid", "cancel_url", "Not a valid URL"},
		{"url too long", sale + "&cancel_url=https://x.example/" + strings.Repeat("a", 5000), "", "cancel_url", "Invalid string: https...aaaaa; must be at most 5000 characters"},
		{"reference too long", sale + "&client_reference_id=" + strings.Repeat("r", 201), "", "client_reference_id", "Invalid string: rrrrr...rrrrr; must be at most 200 characters"},
		{"51 metadata keys", sale + metadata.String(), "", "metadata", "You can have at most 50 metadata keys; you passed 51."},
		{"long metadata key", sale + "&metadata[" + strings.Repeat("k", 41) + "]=v", "", "metadata", "Metadata keys can have at most 40 characters"},
		{"long metadata value", sale + "&metadata[k]=" + strings.Repeat("v", 501), "", "metadata[k]", "Metadata values can have up to 500 characters, but you passed in a value that is 501 characters. Invalid value: vvvvv...vvvvv"},
		{"deep metadata", sale + "&metadata[k][l]=v", "", "metadata[k]", "Metadata values must be strings"},
		{"metadata of text", sale + "&metadata=x", "", "metadata", "Invalid metadata: must be a hash"},
		{"too early an end", sale + fmt.Sprintf("&expires_at=%d", now+1799), "", "expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 hours"},
		{"too late an end", sale + fmt.Sprintf("&expires_at=%d", now+86401), "", "expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 hours"},
		{"an empty value", sale + "&client_reference_id=", "parameter_invalid_empty", "client_reference_id", "You passed an empty string for 'client_reference_id'."},
		{"bad e-mail", sale + "&customer_email=jenny", "email_invalid", "customer_email", "Invalid email address: jenny"},
		{"a way to pay of another currency", sale + "&payment_method_types[]=us_bank_account", "", "payment_method_types", "The payment method `us_bank_account` cannot be used with the currency eur."},
		{"a way to pay that is not here", sale + "&payment_method_types[]=boleto", "", "payment_method_types[0]", "Invalid payment_method_types[0]: must be one of card, link"},
		{"a way to pay that is off", sale + "&payment_method_types[]=paypal", "", "payment_method_types", "The payment method type provided: paypal is invalid."},
		{"bad receipt e-mail", sale + "&payment_intent_data[receipt_email]=jenny", "email_invalid", "payment_intent_data[receipt_email]", "Invalid email address: jenny"},
		{"a star in the suffix", sale + "&payment_intent_data[statement_descriptor_suffix]=A*B", "", "payment_intent_data[statement_descriptor_suffix]", "The statement descriptor cannot contain any of these characters"},
		{"a suffix of digits", sale + "&payment_intent_data[statement_descriptor_suffix]=1234567", "", "payment_intent_data[statement_descriptor_suffix]", "The statement descriptor must contain at least one alphabetic character."},
		{"a suffix in Greek", sale + "&payment_intent_data[statement_descriptor_suffix]=A%CE%A9", "", "payment_intent_data[statement_descriptor_suffix]", "The statement descriptor can contain Latin characters only."},
		{"a short descriptor", sale + "&payment_intent_data[statement_descriptor]=ABCD", "", "payment_intent_data[statement_descriptor]", "The statement descriptor must be at least 5 characters."},
		{"long words", sale + "&custom_text[submit][message]=" + strings.Repeat("w", 1201), "", "custom_text[submit][message]", "Invalid string: wwwww...wwwww; must be at most 1200 characters"},
		{"a fee that no platform takes", sale + "&payment_intent_data[application_fee_amount]=10", "", "payment_intent_data[application_fee_amount]", "Can only apply an "},
		{"an invoice", sale + "&invoice_creation[enabled]=true", "parameter_unknown", "invoice_creation", "Received unknown parameter: invoice_creation"},
		{"four questions", sale + question("a") + question("b") + question("c") + question("d"), "", "custom_fields", "Array custom_fields exceeded maximum 3 allowed elements."},
		{"a question twice", sale + question("a") + strings.ReplaceAll(question("a"), "[0]", "[1]"), "", "custom_fields[1][key]", "The key a is used by more than one custom field."},
		{"a question with a poor key", sale + question("a-b"), "", "custom_fields[0][key]", "Invalid key: a-b."},
		{"a text question with options", sale + question("a") + "&custom_fields[0][dropdown][options][0][label]=x&custom_fields[0][dropdown][options][0][value]=x", "", "custom_fields[0][dropdown]", "You may only specify `dropdown` for a custom field of the type `dropdown`."},
		{"a dropdown without options", sale + strings.Replace(question("a"), "=text", "=dropdown", 1), "parameter_missing", "custom_fields[0][dropdown]", "Missing required param"},
		{"long suffix", sale + "&payment_intent_data[statement_descriptor_suffix]=" + strings.Repeat("s", 23), "", "payment_intent_data[statement_descriptor_suffix]", "Invalid string: sssss...sssss; must be at most 22 characters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.post("/v1/checkout/sessions", c.form).fails(400, c.code, c.param, c.message)
		})
	}
	if ids := b.get("/v1/checkout/sessions").ids(); len(ids) != 0 {
		t.Errorf("refused requests left the sessions %v", ids)
	}
	if n := len(b.get("/v1/products").ids()); n != 2 {
		t.Errorf("refused requests left products: %d, want the 2 of the prices", n)
	}
}

func TestCreateSessionAccepts(t *testing.T) {
	b := newBox(t)
	now := b.clock.now().Unix()
	for _, c := range []struct {
		name, more string
		has        []any
	}{
		{"defaults", "", []any{"expires_at", int(now + 86400), "payment_method_types.2", "sepa_debit", "customer_email", nil, "submit_type", nil}},
		{"shortest", fmt.Sprintf("&expires_at=%d", now+1800), []any{"expires_at", int(now + 1800)}},
		{"longest", fmt.Sprintf("&expires_at=%d", now+86400), []any{"expires_at", int(now + 86400)}},
		{"longest reference", "&client_reference_id=" + strings.Repeat("r", 200), []any{"client_reference_id", strings.Repeat("r", 200)}},
		{"longest metadata", "&metadata[" + strings.Repeat("k", 40) + "]=" + url.QueryEscape(strings.Repeat("ü", 500)), []any{"metadata." + strings.Repeat("k", 40), strings.Repeat("ü", 500)}},
		{"card only", "&payment_method_types[0]=card&payment_method_types[1]=card", []any{"payment_method_types.0", "card", "payment_method_configuration_details", nil}},
		{"known buyer", "&customer_email=jenny@example.com", []any{"customer_email", "jenny@example.com", "customer_details.email", "jenny@example.com", "customer_details.tax_ids", nil}},
		{"words for the buyer", "&custom_text[submit][message]=Doors+at+7&custom_text[after_submit][message]=See+you&submit_type=book&locale=en-GB",
			[]any{"custom_text.submit.message", "Doors at 7", "custom_text.after_submit.message", "See you", "submit_type", "book", "locale", "en-GB"}},
		{"a second line of the same product", "&currency=eur&line_items[1][quantity]=1&line_items[1][price_data][currency]=eur&line_items[1][price_data][unit_amount]=700&line_items[1][price_data][product_data][name]=Child", []any{"amount_total", 3100, "amount_subtotal", 3100, "currency", "eur"}},
		{"a free line beside a paid one", "&line_items[1][quantity]=3&line_items[1][price_data][currency]=eur&line_items[1][price_data][unit_amount]=0&line_items[1][price_data][product_data][name]=Carer", []any{"amount_total", 2400}},
		{"ignored empty pairs", "&&", []any{"status", "open"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := b.post("/v1/checkout/sessions", sale+c.more).ok().has(c.has...)
			b.get("/v1/checkout/sessions/" + r.text("id")).ok().has(c.has...)
		})
	}
}

func TestExpireSession(t *testing.T) {
	b := newBox(t)
	id := b.openSession("")
	b.post("/v1/checkout/sessions/"+id+"/expire", "expand[]=line_items").ok().has("status", "expired", "payment_status", "unpaid", "url", nil, "line_items.data.0.quantity", 2)
	b.post("/v1/checkout/sessions/"+id+"/expire", "").fails(400, "", "", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `expired`.")
	err := b.sim.Pay(id, Payment{})
	if err == nil || err.Error() != "stripesim: expired: This payment page has expired. Nothing was charged." {
		t.Errorf("paying an expired session gave %v", err)
	}
	bought := b.openSession("")
	b.buy(bought, Payment{})
	b.post("/v1/checkout/sessions/"+bought+"/expire", "").fails(400, "", "", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `complete`.")
	b.get("/v1/checkout/sessions/"+bought).ok().has("status", "complete", "payment_status", "paid")
	event := b.get("/v1/events?type=checkout.session.expired").ok()
	event.has("data.0.data.object.id", id, "data.0.data.object.status", "expired", "data.0.data.object.url", nil, "has_more", false)
}

// TestExpiryByTheClock: never a second early, and seen by whoever looks next.
func TestExpiryByTheClock(t *testing.T) {
	b := newBox(t)
	end := b.clock.now().Add(30 * time.Minute).Unix()
	id := b.openSession(fmt.Sprintf("&expires_at=%d", end))
	later := b.openSession("")
	b.clock.advance(30*time.Minute - time.Second)
	b.get("/v1/checkout/sessions/"+id).ok().has("status", "open")
	b.clock.advance(time.Second)
	for name, look := range map[string]func() string{
		"get":    func() string { return b.get("/v1/checkout/sessions/" + id).ok().text("status") },
		"list":   func() string { return b.get("/v1/checkout/sessions?status=expired").ok().text("data.0.status") },
		"events": func() string { return b.get("/v1/events?limit=1").ok().text("data.0.data.object.status") },
	} {
		if got := look(); got != "expired" {
			t.Errorf("%s says %s", name, got)
		}
	}
	b.clock.advance(5 * time.Minute) // the event tells the time of the expiry, not of the look
	b.get("/v1/events?type=checkout.session.expired").ok().has("data.0.created", int(end), "data.0.request.id", nil, "data.0.data.object.id", id)
	b.get("/v1/checkout/sessions/"+later).ok().has("status", "open")
	if n := len(b.get("/v1/events?type=checkout.session.expired").ids()); n != 1 {
		t.Errorf("%d events of the expiry", n)
	}
}

// TestExpiryCancelsAnUndecidedIntent: a buyer who stands before the bank's
// question when the session ends is not charged afterwards.
func TestExpiryCancelsAnUndecidedIntent(t *testing.T) {
	for name, first := range map[string]Payment{
		"before 3-D Secure": {Card: "4000002760003184", Challenge: Leave},
		"after a refusal":   {Card: "4000000000000002"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBox(t)
			id := b.openSession("")
			if err := b.sim.Pay(id, first); err == nil {
				t.Fatal("paid")
			}
			b.post("/v1/checkout/sessions/"+id+"/expire", "expand[]=payment_intent").ok().
				has("status", "expired", "payment_intent.status", "canceled", "payment_intent.next_action", nil, "payment_intent.cancellation_reason", "automatic")
			if diff := cmp.Diff([]string{"checkout.session.expired", "payment_intent.canceled"}, b.types("")[:2]); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			if r, err := b.sim.authenticate(id, true); err != nil || r.Status != expired {
				t.Errorf("the bank's page then said %+v, %v", r, err)
			}
			if n := len(b.get("/v1/balance_transactions").ids()); n != 0 {
				t.Errorf("%d balance transactions", n)
			}
		})
	}
}

func TestListSessions(t *testing.T) {
	b := newBox(t)
	first := b.openSession("&customer_email=ann@example.com")
	b.clock.advance(10 * time.Second)
	second := b.openSession("")
	b.clock.advance(10 * time.Second)
	third := b.openSession("")
	b.buy(second, Payment{Email: "Bob@example.com"})
	b.post("/v1/checkout/sessions/"+third+"/expire", "").ok()
	intent := b.get("/v1/checkout/sessions/" + second).ok().text("payment_intent")
	at := func(d int64) string { return fmt.Sprint(newClock().at.Unix() + d) }
	for query, want := range map[string][]string{
		"":                         {third, second, first},
		"status=open":              {first},
		"status=complete":          {second},
		"status=expired":           {third},
		"payment_intent=" + intent: {second},
		"payment_intent=pi_x":      {},
		"payment_link=plink_1":     {},
		"customer=cus_1":           {},
		"subscription=sub_1":       {},
		"created=" + at(10):        {second},
		"created[gte]=" + at(10):   {third, second},
		"created[gt]=" + at(10):    {third},
		"created[lte]=" + at(10):   {second, first},
		"created[lt]=" + at(10):    {first},
		"created[gte]=" + at(5) + "&created[lt]=" + at(15): {second},
		"created[gte]=" + at(5) + "&status=open":           {},
		"limit=2":                                          {third, second},
		"limit=2&starting_after=" + second:                 {first},
		"limit=1&ending_before=" + first:                   {second},
		"limit=2&ending_before=" + first:                   {third, second},
		"status=open&starting_after=" + third:              {first},
		"customer_details[email]=bob@example.com":          {second},
		"customer_details[email]=ann@example.com":          {first},
		"customer_details[email]=eve@example.com":          {},
	} {
		if diff := cmp.Diff(want, b.get("/v1/checkout/sessions?"+query).ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

func TestListLineItems(t *testing.T) {
	b := newBox(t)
	var more strings.Builder
	for i := 1; i <= 12; i++ {
		fmt.Fprintf(&more, "&line_items[%d][quantity]=%d&line_items[%d][price_data][currency]=eur&line_items[%d][price_data][unit_amount]=100&line_items[%d][price_data][product_data][name]=Line+%d", i, i, i, i, i, i)
	}
	id := b.openSession(more.String())
	base := "/v1/checkout/sessions/" + id + "/line_items"
	all := b.get(base+"?limit=100").ok().has("data.0.description", "Standard", "data.12.description", "Line 12", "data.12.amount_total", 1200, "has_more", false).ids()
	if diff := cmp.Diff(all[:10], b.get(base).has("has_more", true).ids()); diff != "" {
		t.Errorf("first page (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(all[10:], b.get(base+"?starting_after="+all[9]).has("has_more", false).ids()); diff != "" {
		t.Errorf("second page (-want +got):\n%s", diff)
	}
	if n := len(b.get("/v1/checkout/sessions/" + id + "?expand[]=line_items").at("line_items.data").([]any)); n != 10 {
		t.Errorf("%d expanded line items, want a page of 10", n)
	}
}

// TestManyExpireAtOnce: after a long sleep they end in the order of their
// times, and the list of events is in that order too.
func TestManyExpireAtOnce(t *testing.T) {
	b := newBox(t)
	var want []string
	for i := range 5 {
		end := b.clock.now().Add(30*time.Minute + time.Duration(10*(i%3)+i)*time.Minute)
		want = append(want, b.openSession(fmt.Sprintf("&expires_at=%d", end.Unix())))
	}
	want = []string{want[2], want[4], want[1], want[3], want[0]} // at 52, 44, 41, 33 and 30 minutes
	b.clock.advance(12 * time.Hour)
	var got []string
	for _, e := range b.get("/v1/events?type=checkout.session.expired").at("data").([]any) {
		got = append(got, dig(t, e, "data.object.id").(string))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("expired (-want +got):\n%s", diff)
	}
}

// question is a text question with that key; questions count from 0 in the
// order a, b, c, d.
func question(key string) string {
	at := fmt.Sprintf("&custom_fields[%d]", max(0, strings.Index("abcd", key)))
	return at + "[key]=" + key + at + "[label][type]=custom" + at + "[label][custom]=Question" + at + "[type]=text"
}

// TestApplicationFee: a platform's share is on the charge, and off the net.
func TestApplicationFee(t *testing.T) {
	b := newBox(t)
	if err := b.sim.AddAccount("acct_1Troupe", "Troupe", "DE", "eur"); err != nil {
		t.Fatal(err)
	}
	b.account = "acct_1Troupe"
	b.post("/v1/checkout/sessions", sale+"&payment_intent_data[application_fee_amount]=2401").fails(400, "", "payment_intent_data[application_fee_amount]", "The application fee (24.01 EUR) must not be greater")
	b.buy(b.openSession("&payment_intent_data[application_fee_amount]=120"), Payment{})
	b.get("/v1/payment_intents").has("data.0.application_fee_amount", 120)
	c := b.get("/v1/charges?expand[]=data.balance_transaction").has("data.0.application_fee_amount", 120)
	c.text("data.0.application_fee")
	c.has("data.0.balance_transaction.fee", 100+120, "data.0.balance_transaction.net", 2400-220,
		"data.0.balance_transaction.fee_details.1.type", "application_fee", "data.0.balance_transaction.fee_details.1.amount", 120)
}

// TestCustomFields: what must be answered must be, within its bounds, and the
// session tells the answers.
func TestCustomFields(t *testing.T) {
	b := newBox(t)
	id := b.openSession(question("a") + "&custom_fields[0][text][maximum_length]=5" +
		"&custom_fields[1][key]=age&custom_fields[1][label][type]=custom&custom_fields[1][label][custom]=Age&custom_fields[1][type]=numeric&custom_fields[1][optional]=true" +
		"&custom_fields[2][key]=meal&custom_fields[2][label][type]=custom&custom_fields[2][label][custom]=Meal&custom_fields[2][type]=dropdown&custom_fields[2][optional]=true&custom_fields[2][dropdown][options][0][label]=Fish&custom_fields[2][dropdown][options][0][value]=fish")
	b.get("/v1/checkout/sessions/"+id).has("custom_fields.0.text.maximum_length", 5, "custom_fields.1.optional", true, "custom_fields.2.dropdown.options.0.value", "fish")
	for _, wrong := range []map[string]string{
		nil, {"a": "  "}, {"a": "toolong"}, {"a": "x", "age": "old"}, {"a": "x", "meal": "meat"},
	} {
		if err := b.sim.Pay(id, Payment{Fields: wrong}); err == nil || !strings.Contains(err.Error(), "Please check") {
			t.Errorf("%v was told %v", wrong, err)
		}
	}
	b.get("/v1/checkout/sessions/"+id).has("payment_intent", nil)
	b.buy(id, Payment{Name: "Jenny Rosen", Fields: map[string]string{"a": "x", "age": "42", "meal": "fish"}})
	b.get("/v1/checkout/sessions/"+id).has("custom_fields.0.text.value", "x", "custom_fields.1.numeric.value", "42", "custom_fields.2.dropdown.value", "fish", "customer_details.name", "Jenny Rosen")
	b.get("/v1/charges").has("data.0.billing_details.name", "Jenny Rosen")
}

// TestStatementDescriptors: each character that no bank prints is refused.
func TestStatementDescriptors(t *testing.T) {
	for line, ok := range map[string]bool{
		"": true, "K7QF3M": true, "Théâtre 7": true, "A-B.C/D": true,
		"A<B": false, "A>B": false, `A\B`: false, "A'B": false, `A"B`: false, "A*B": false, "1234567": false, "Θέατρο": false, "A\nB": false,
	} {
		if err := checkStatement(line, "statement_descriptor_suffix"); (err == nil) != ok {
			t.Errorf("%q: %v", line, err)
		}
	}
	for line, ok := range map[string]bool{"ABCD": false, "ABCDE": true} {
		for _, param := range []string{"statement_descriptor", "payment_intent_data[statement_descriptor]"} {
			if err := checkStatement(line, param); (err == nil) != ok {
				t.Errorf("%s=%q: %v", param, line, err)
			}
		}
	}
}
