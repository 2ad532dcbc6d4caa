package stripesim

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seatPrice makes an active price of a product of its own.
func (b *box) seatPrice(minor int) string {
	b.t.Helper()
	return b.post("/v1/prices", fmt.Sprintf("currency=eur&unit_amount=%d&product_data[name]=Seat", minor)).ok().text("id")
}

// openLink makes a link for one seat, with more parameters.
func (b *box) openLink(more string) string {
	b.t.Helper()
	return b.post("/v1/payment_links", "line_items[0][price]="+b.seatPrice(1200)+"&line_items[0][quantity]=1"+more).ok().text("id")
}

// visit opens a session on the link.
func (b *box) visit(link string) string {
	b.t.Helper()
	id, err := b.sim.Visit(link, Visitor{})
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

func TestPaymentLinks(t *testing.T) {
	b := newBox(t)
	first := b.openLink("&metadata[campaign]=poster&restrictions[completed_sessions][limit]=3&inactive_message=Sold+out&payment_method_types[]=card" +
		"&after_completion[type]=hosted_confirmation&after_completion[hosted_confirmation][custom_message]=See+you&custom_text[submit][message]=Doors+at+7" +
		"&payment_intent_data[metadata][campaign]=poster&payment_intent_data[description]=Poster&submit_type=book" + question("a"))
	l := b.get("/v1/payment_links/" + first + "?expand[]=line_items").ok()
	l.has("object", "payment_link", "active", true, "currency", "eur", "metadata.campaign", "poster", "restrictions.completed_sessions.limit", 3,
		"restrictions.completed_sessions.count", 0, "inactive_message", "Sold out", "payment_method_types.0", "card",
		"after_completion.hosted_confirmation.custom_message", "See you", "custom_text.submit.message", "Doors at 7", "payment_intent_data.description", "Poster",
		"submit_type", "book", "custom_fields.0.key", "a", "line_items.data.0.amount_total", 1200, "line_items.data.0.price.unit_amount", 1200)
	if u := l.text("url"); len(u) > 60 || !strings.HasPrefix(u, "http://127.0.0.1:4381/c/link/test_") {
		t.Errorf("the address is %s, of %d characters", u, len(u))
	}
	second := b.openLink("")
	b.get("/v1/payment_links/"+second).has("payment_method_types", nil, "restrictions", nil, "inactive_message", nil, "after_completion.hosted_confirmation.custom_message", nil)
	b.get("/v1/payment_links/"+first+"/line_items").has("data.0.quantity", 1, "data.0.description", "Seat")
	b.post("/v1/payment_links/"+second, "active=false").ok().has("active", false)
	for query, want := range map[string][]string{"": {second, first}, "active=true": {first}, "active=false": {second}, "limit=1": {second}} {
		if diff := cmp.Diff(want, b.get("/v1/payment_links?"+query).ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	if diff := cmp.Diff([]string{"payment_link.updated", "payment_link.created", "payment_link.created"}, b.types("&type=payment_link.*")); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestUpdatePaymentLinks(t *testing.T) {
	b := newBox(t)
	id := b.openLink("&metadata[a]=1&custom_text[submit][message]=x&inactive_message=Closed&restrictions[completed_sessions][limit]=2&payment_method_types[]=card&payment_intent_data[description]=Old")
	b.buy(b.visit(id), Payment{})
	for _, c := range []struct {
		form string
		has  []any
	}{
		{"metadata[b]=2", []any{"metadata.a", "1", "metadata.b", "2"}},
		{"custom_text[submit]=&custom_text[after_submit][message]=y", []any{"custom_text.submit", nil, "custom_text.after_submit.message", "y"}},
		{"inactive_message=", []any{"inactive_message", nil}},
		{"restrictions[completed_sessions][limit]=5", []any{"restrictions.completed_sessions.limit", 5, "restrictions.completed_sessions.count", 1}},
		{"restrictions=", []any{"restrictions", nil}},
		{"payment_method_types=", []any{"payment_method_types", nil}},
		{"payment_intent_data[description]=&payment_intent_data[statement_descriptor_suffix]=POSTER", []any{"payment_intent_data.description", nil, "payment_intent_data.statement_descriptor_suffix", "POSTER"}},
		{"after_completion[type]=redirect&after_completion[redirect][url]=https://x.example", []any{"after_completion.redirect.url", "https://x.example", "after_completion.type", "redirect"}},
		{"active=false", []any{"active", false}},
		{"active=true", []any{"active", true}},
	} {
		b.post("/v1/payment_links/"+id, c.form).ok().has(c.has...)
		b.get("/v1/payment_links/" + id).has(c.has...)
	}
}

func TestPaymentLinkRefusals(t *testing.T) {
	b := newBox(t)
	price := b.seatPrice(1200)
	archived := b.post("/v1/prices", "currency=eur&unit_amount=900&active=false&product_data[name]=Old").ok().text("id")
	good := "line_items[0][quantity]=1&line_items[0][price]=" + price
	var many strings.Builder
	for i := range 21 {
		fmt.Fprintf(&many, "&line_items[%d][quantity]=1&line_items[%d][price]=%s", i, i, price)
	}
	for _, c := range []struct{ form, code, param, message string }{
		{"", "parameter_missing", "line_items", "Missing required param: line_items."},
		{"line_items[0][quantity]=1", "parameter_missing", "line_items[0][price]", "Missing required param"},
		{"line_items[0][quantity]=1&line_items[0][price_data][currency]=eur", "parameter_unknown", "line_items[0][price_data]", "Received unknown parameter"},
		{"line_items[0][price]=" + price, "parameter_missing", "line_items[0][quantity]", "Missing required param"},
		{"line_items[0][quantity]=1&line_items[0][price]=price_x", "resource_missing", "line_items[0][price]", "No such price: 'price_x'"},
		{"line_items[0][quantity]=1&line_items[0][price]=" + archived, "", "line_items[0][price]", "The price specified is inactive."},
		{many.String()[1:], "", "line_items", "Array line_items exceeded maximum 20 allowed elements."},
		{good + "&line_items[0][adjustable_quantity][enabled]=true&line_items[0][adjustable_quantity][maximum]=1000", "", "line_items[0][adjustable_quantity][maximum]", "This value must be less than or equal to 999"},
		{good + "&line_items[0][adjustable_quantity][enabled]=true&line_items[0][adjustable_quantity][minimum]=2", "", "line_items[0][adjustable_quantity]", "The quantity must be between"},
		{good + "&inactive_message=" + strings.Repeat("m", 501), "", "inactive_message", "Invalid string"},
		{good + "&after_completion[type]=hosted_confirmation&after_completion[hosted_confirmation][custom_message]=" + strings.Repeat("m", 501), "", "after_completion[hosted_confirmation][custom_message]", "Invalid string"},
		{good + "&after_completion[type]=redirect", "parameter_missing", "after_completion[redirect]", "Missing required param"},
		{good + "&after_completion[type]=redirect&after_completion[redirect][url]=x.example", "url_invalid", "after_completion[redirect][url]", "Not a valid URL"},
		{good + "&after_completion[type]=redirect&after_completion[hosted_confirmation][custom_message]=x", "", "after_completion[hosted_confirmation]", "You may only specify"},
		{good + "&restrictions[completed_sessions][limit]=0", "parameter_invalid_integer", "restrictions[completed_sessions][limit]", "This value must be greater than or equal to 1."},
		{good + "&payment_method_types[]=us_bank_account", "", "payment_method_types", "The payment method `us_bank_account` cannot be used with the currency eur."},
		{good + "&payment_intent_data[statement_descriptor_suffix]=%3CA", "", "payment_intent_data[statement_descriptor_suffix]", "The statement descriptor cannot contain"},
		{good + "&application_fee_amount=1", "", "application_fee_amount", "Can only apply an application_fee_amount"},
		{good + "&success_url=https://x.example", "parameter_unknown", "success_url", "Received unknown parameter: success_url"},
		{good + question("a") + question("b") + question("c") + question("d"), "", "custom_fields", "Array custom_fields exceeded maximum 3"},
		{good + "&currency=usd", "", "currency", "The currency usd differs"},
	} {
		b.post("/v1/payment_links", c.form).fails(400, c.code, c.param, c.message)
	}
	b.get("/v1/payment_links/plink_x").fails(404, "resource_missing", "payment_link", "No such payment_link: 'plink_x'")
	if got := b.get("/v1/payment_links").ids(); len(got) != 0 {
		t.Errorf("refused requests left %v", got)
	}
}

// TestVisitors: each has a session of their own, which names the link and
// carries what the link says.
func TestVisitors(t *testing.T) {
	b := newBox(t)
	id := b.openLink("&metadata[campaign]=poster&payment_intent_data[metadata][campaign]=poster&payment_intent_data[description]=Poster" +
		"&line_items[0][adjustable_quantity][enabled]=true&line_items[0][adjustable_quantity][maximum]=4&after_completion[type]=hosted_confirmation&after_completion[hosted_confirmation][custom_message]=See+you")
	line := b.get("/v1/payment_links/" + id + "/line_items").text("data.0.id")
	token := strings.TrimPrefix(b.get("/v1/payment_links/"+id).text("url"), "http://127.0.0.1:4381/c/link/")
	for _, c := range []struct {
		visitor  Visitor
		quantity int
		has      []any
	}{
		{Visitor{}, 1, []any{"client_reference_id", nil, "customer_email", nil}},
		{Visitor{Reference: "Order-7_b"}, 1, []any{"client_reference_id", "Order-7_b"}},
		{Visitor{Reference: "order 7"}, 1, []any{"client_reference_id", nil}},
		{Visitor{Reference: strings.Repeat("r", 201)}, 1, []any{"client_reference_id", nil}},
		{Visitor{Email: "jenny@x.example", Quantities: map[string]int64{line: 3, "li_other": 9}}, 3, []any{"customer_email", nil}},
		{Visitor{Quantities: map[string]int64{line: 50}}, 4, nil},
	} {
		session, err := b.sim.Visit(token, c.visitor)
		if err != nil {
			t.Fatal(err)
		}
		r := b.get("/v1/checkout/sessions/" + session + "?expand[]=payment_link&expand[]=line_items").ok()
		r.has("payment_link.id", id, "metadata.campaign", "poster", "status", "open", "amount_total", 1200*c.quantity, "success_url", nil, "line_items.data.0.quantity", c.quantity).has(c.has...)
	}
	if _, err := b.sim.Visit(token, Visitor{Quantities: map[string]int64{line: 0}}); err == nil {
		t.Error("a session of nothing was opened")
	}
	session := b.visit(id)
	if diff := cmp.Diff(session, b.get("/v1/checkout/sessions?payment_link=" + id + "&status=open").ids()[0]); diff != "" {
		t.Errorf("the newest of the link (-want +got):\n%s", diff)
	}
	if got := b.get("/v1/checkout/sessions?payment_link=plink_x").ids(); len(got) != 0 {
		t.Errorf("another link has %v", got)
	}
	b.buy(session, Payment{})
	b.get("/v1/payment_intents").has("data.0.metadata.campaign", "poster", "data.0.description", "Poster")
	if page := string(b.get("/c/pay/" + session + "?done=1").body); !strings.Contains(page, "See you") || strings.Contains(page, "page</a>") {
		t.Errorf("the confirmation is %s", page)
	}
	if _, err := b.sim.Visit("plink_x", Visitor{}); err == nil {
		t.Error("a link that is not there was opened")
	}
}

// TestLinkLimit: the link closes itself after its last sale. What becomes of
// the sessions that were open by then is assumed one way or the other.
func TestLinkLimit(t *testing.T) {
	for _, c := range []struct {
		name     string
		assumed  Assumptions
		overtake string // status of a payment past the limit
	}{
		{"one too many, as far as we know", Assumptions{}, succeeded},
		{"an atomic limit", Assumptions{LimitIsAtomic: true}, expired},
		{"closing ends sessions", Assumptions{ClosingEndsSessions: true}, expired},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBox(t, func(o *Options) { o.Assumptions = c.assumed })
			id := b.openLink("&restrictions[completed_sessions][limit]=2&inactive_message=Sold+out")
			open := []string{b.visit(id), b.visit(id), b.visit(id)}
			b.buy(open[0], Payment{})
			b.get("/v1/payment_links/"+id).has("active", true, "restrictions.completed_sessions.count", 1)
			b.buy(open[1], Payment{})
			b.get("/v1/payment_links/"+id).has("active", false, "restrictions.completed_sessions.count", 2)
			b.post("/v1/payment_links/"+id, "active=true").fails(400, "", "active", "This payment link has reached its limit of 2")
			refused := (*Refused)(nil)
			if _, err := b.sim.Visit(id, Visitor{}); !errors.As(err, &refused) || refused.Message != "Sold out" {
				t.Errorf("a visitor was told %v", err)
			}
			got := succeeded
			if err := b.sim.Pay(open[2], Payment{}); errors.As(err, &refused) {
				got = refused.Status
			}
			if got != c.overtake {
				t.Errorf("the third payment %s, want %s", got, c.overtake)
			}
			want := map[string]int{succeeded: 3, expired: 2}[c.overtake]
			b.get("/v1/payment_links/"+id).has("restrictions.completed_sessions.count", want)
			if got := len(b.get("/v1/charges").ids()); got != want {
				t.Errorf("%d charges, want %d", got, want)
			}
		})
	}
}

// TestClosedLink: nobody new comes in; who is in already stays, or does not.
func TestClosedLink(t *testing.T) {
	for _, ends := range []bool{false, true} {
		t.Run(fmt.Sprint("sessions end: ", ends), func(t *testing.T) {
			b := newBox(t)
			b.do("POST", "/_sim/assumptions", fmt.Sprintf(`{"closing_ends_sessions": %t}`, ends), "Content-Type", "application/json").ok()
			id := b.openLink("")
			session, other := b.visit(id), b.visit(b.openLink(""))
			b.post("/v1/payment_links/"+id, "active=false").ok()
			refused := (*Refused)(nil)
			if _, err := b.sim.Visit(id, Visitor{}); !errors.As(err, &refused) || refused.Status != "inactive" || refused.Message != "This link is no longer active." {
				t.Errorf("a visitor was told %v", err)
			}
			b.get("/v1/checkout/sessions/"+session).has("status", map[bool]string{true: expired, false: open}[ends])
			b.get("/v1/checkout/sessions/"+other).has("status", open)
			if err := b.sim.Pay(session, Payment{}); (err == nil) == ends {
				t.Errorf("paying after the end gave %v", err)
			}
		})
	}
}

// TestLinkOfArchivedPrice sells nothing any more.
func TestLinkOfArchivedPrice(t *testing.T) {
	b := newBox(t)
	price := b.seatPrice(500)
	id := b.post("/v1/payment_links", "line_items[0][quantity]=1&line_items[0][price]="+price).ok().text("id")
	b.post("/v1/prices/"+price, "active=false").ok()
	if _, err := b.sim.Visit(id, Visitor{}); err == nil {
		t.Error("an archived price was sold")
	}
	b.get("/v1/payment_links/"+id).has("active", true)
}

// TestLinkPages: what the phone shows before and after the link is open.
func TestLinkPages(t *testing.T) {
	b := newBox(t)
	id := b.openLink("&line_items[0][adjustable_quantity][enabled]=true&line_items[0][adjustable_quantity][minimum]=1&line_items[0][adjustable_quantity][maximum]=6&inactive_message=Sold+out")
	path := strings.TrimPrefix(b.get("/v1/payment_links/"+id).text("url"), "http://127.0.0.1:4381")
	golden(t, filepath.Join("testdata", "page", "link.html"), linkIDs.ReplaceAllString(string(b.get(path+"?client_reference_id=a").body), "$1-"))
	start := func(body string) reply {
		return b.do("POST", path+"/start", body, "Content-Type", "application/json", "Authorization", "")
	}
	session := start(`{"reference":"order-7","email":"jenny@x.example"}`).ok().has("status", "open").text("session")
	b.get("/v1/checkout/sessions/"+session).has("client_reference_id", "order-7", "payment_link", id)
	if page := string(b.get("/c/pay/" + session).body); !strings.Contains(page, `value="jenny@x.example"`) || strings.Contains(page, "readonly") {
		t.Errorf("the e-mail address is not prefilled:\n%s", page)
	}
	line := b.get("/v1/payment_links/" + id + "/line_items").text("data.0.id")
	start(`{"quantities":{"`+line+`":100}}`).ok().has("status", "open")
	b.post("/v1/payment_links/"+id, "active=false").ok()
	golden(t, filepath.Join("testdata", "page", "link-closed.html"), linkIDs.ReplaceAllString(string(b.get(path).body), "$1-"))
	start(`{}`).ok().has("status", "inactive", "message", "Sold out")
	if r := b.get("/c/link/test_gone"); r.status != 404 {
		t.Errorf("a link that is not there answered %d", r.status)
	}
	if r := b.do("POST", path+"/start", "{}"); r.status != 415 {
		t.Errorf("a foreign page's form answered %d", r.status)
	}
}
