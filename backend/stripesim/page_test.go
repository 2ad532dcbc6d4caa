package stripesim

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// tap does what the page's script does.
func (b *box) tap(path, body string) reply {
	b.t.Helper()
	return b.do("POST", "/c/pay/"+path, body, "Content-Type", "application/json", "Authorization", "")
}

// TestPages shows every state of the buyer's page as a golden file.
func TestPages(t *testing.T) {
	ids := regexp.MustCompile(`(cs_test_a1|ch_3)\w+`)
	for _, c := range []struct {
		name   string
		more   string
		before func(b *box, id string)
		path   func(b *box, id string) string
		status int
	}{
		{name: "pay"},
		{name: "pay-known-buyer", more: "&customer_email=jenny@example.com&submit_type=book&custom_text[submit][message]=Doors+at+<7>&payment_method_types[]=card"},
		{name: "pay-with-questions-and-tax", more: question("a") + "&custom_fields[1][key]=meal&custom_fields[1][label][type]=custom&custom_fields[1][label][custom]=Meal&custom_fields[1][type]=dropdown&custom_fields[1][optional]=true&custom_fields[1][dropdown][options][0][label]=Fish&custom_fields[1][dropdown][options][0][value]=fish&line_items[0][tax_rates][0]=txr_a"},
		{name: "pay-by-paypal", more: "&payment_method_types[]=paypal"},
		{name: "paypal", more: "&payment_method_types[]=paypal", before: func(b *box, id string) { _ = b.sim.Pay(id, Payment{Method: "paypal", Challenge: Leave}) }},
		{name: "pay-by-debit-only", more: "&payment_method_types[]=sepa_debit"},
		{name: "pay-after-a-refusal", before: func(b *box, id string) { _ = b.sim.Pay(id, Payment{Card: "4000000000009995"}) }},
		{name: "challenge", before: func(b *box, id string) { _ = b.sim.Pay(id, Payment{Card: "4000002760003184", Challenge: Leave}) }},
		{
			name: "thank-you", more: "&custom_text[after_submit][message]=See+you+there", before: func(b *box, id string) { b.buy(id, Payment{}) },
			path: func(_ *box, id string) string { return "/c/pay/" + id + "?done=1" },
		},
		{name: "paid-already", before: func(b *box, id string) { b.buy(id, Payment{}) }},
		{name: "processing", before: func(b *box, id string) { b.buy(id, Payment{Delayed: true}) }},
		{name: "expired", before: func(b *box, id string) { b.clock.advance(25 * time.Hour) }},
		{name: "left", more: "&cancel_url=https://theatre.example/", path: func(_ *box, id string) string { return "/c/pay/" + id + "?left=1" }},
		{name: "left-after-paying", before: func(b *box, id string) { b.buy(id, Payment{}) }, path: func(_ *box, id string) string { return "/c/pay/" + id + "?left=1" }},
		{name: "unknown", path: func(*box, string) string { return "/c/pay/cs_test_gone" }, status: 404},
		{
			name: "receipt", before: func(b *box, id string) { b.buy(id, Payment{}) },
			path: func(b *box, _ string) string { return "/c/receipts/" + b.get("/v1/charges").ids()[0] },
		},
		{
			name: "no-receipt", before: func(b *box, id string) { _ = b.sim.Pay(id, Payment{Card: "4000000000000002"}) },
			path: func(b *box, _ string) string { return "/c/receipts/" + b.get("/v1/charges").ids()[0] }, status: 404,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBox(t)
			if err := b.sim.SetMethods("", map[string]bool{"paypal": true}); err != nil {
				t.Fatal(err)
			}
			id := b.openSession(strings.Replace(c.more, "txr_a", b.taxRate("5", false), 1))
			if c.before != nil {
				c.before(b, id)
			}
			path := "/c/pay/" + id
			if c.path != nil {
				path = c.path(b, id)
			}
			r := b.get(path)
			if want := max(c.status, 200); r.status != want {
				t.Errorf("answered %d, want %d", r.status, want)
			}
			golden(t, filepath.Join("testdata", "page", c.name+".html"), ids.ReplaceAllString(string(r.body), "$1-"))
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// TestPageIsSafe: nothing from elsewhere, nothing kept, and no markup from
// those who name products.
func TestPageIsSafe(t *testing.T) {
	b := newBox(t)
	id := b.post("/v1/checkout/sessions", strings.Replace(sale, "[name]=Standard", "[name]="+url.QueryEscape(`<script>alert(1)</script>`), 1)+"&cancel_url=https://x.example/%22onclick=").ok().text("id")
	r := b.get("/c/pay/" + id).ok()
	if strings.Contains(string(r.body), "<script>alert") || !strings.Contains(string(r.body), "&lt;script&gt;alert") {
		t.Error("a product's name is not escaped")
	}
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'",
		"Cache-Control":           "no-store",
		"Content-Type":            "text/html; charset=utf-8",
		"Referrer-Policy":         "no-referrer",
	} {
		if got := r.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, outside := range []string{`src="http`, `href="http`, `src="/`, `href="/`, "@import", "style="} {
		if strings.Contains(string(r.body), outside) {
			t.Errorf("the page has %s", outside)
		}
	}
	left := string(b.get("/c/pay/" + id + "?left=1").body)
	if strings.Contains(left, `"onclick=`) {
		t.Error("the cancel_url breaks out of its attribute")
	}
	for path, kind := range map[string]string{"/c/assets/page.css": "text/css; charset=utf-8", "/c/assets/page.js": "text/javascript; charset=utf-8"} {
		if r := b.get(path).ok(); r.header.Get("Content-Type") != kind || len(r.body) < 500 {
			t.Errorf("%s is %d bytes of %s", path, len(r.body), r.header.Get("Content-Type"))
		}
	}
	if r := b.get("/c/assets/checkout.html"); r.status != 404 {
		t.Errorf("a template was served: %d", r.status)
	}
}

func TestTaps(t *testing.T) {
	pay := func(card string) string {
		return fmt.Sprintf(`{"email":"jenny@example.com","method":"card","card":%q,"expiry":"11 / 29","cvc":"123"}`, card)
	}
	for _, c := range []struct {
		name string
		taps [][2]string // step, body
		want []any       // of the last answer
		paid string
	}{
		{"paid", [][2]string{{"pay", pay("4242 4242 4242 4242")}}, []any{"status", "succeeded", "message", "Thank you. Your payment succeeded."}, "paid"},
		{"tapped twice", [][2]string{{"pay", pay("4242424242424242")}, {"pay", pay("4242424242424242")}}, []any{"status", "succeeded", "message", "This is already paid."}, "paid"},
		{"declined", [][2]string{{"pay", pay("4000000000000002")}}, []any{"status", "declined", "code", "generic_decline", "message", "Your card was declined."}, "unpaid"},
		{"declined, then paid", [][2]string{{"pay", pay("4000000000000002")}, {"pay", pay("4242424242424242")}}, []any{"status", "succeeded"}, "paid"},
		{"asked by the bank", [][2]string{{"pay", pay("4000002500003155")}}, []any{"status", "requires_action"}, "unpaid"},
		{"confirmed", [][2]string{{"pay", pay("4000002500003155")}, {"authenticate", `{"outcome":"complete"}`}}, []any{"status", "succeeded"}, "paid"},
		{"confirmed twice", [][2]string{{"pay", pay("4000002500003155")}, {"authenticate", `{"outcome":"complete"}`}, {"authenticate", `{"outcome":"complete"}`}}, []any{"status", "succeeded"}, "paid"},
		{"not confirmed", [][2]string{{"pay", pay("4000002500003155")}, {"authenticate", `{"outcome":"fail"}`}}, []any{"status", "declined", "code", "payment_intent_authentication_failure"}, "unpaid"},
		{"by debit", [][2]string{{"pay", `{"email":"jenny@example.com","method":"bank"}`}}, []any{"status", "processing"}, "unpaid"},
		{"by debit, twice", [][2]string{{"pay", `{"email":"jenny@example.com","method":"bank"}`}, {"pay", pay("4242424242424242")}}, []any{"status", "processing", "message", "Your bank is still deciding."}, "unpaid"},
		{"a bad address", [][2]string{{"pay", `{"email":"jenny","card":"4242424242424242"}`}}, []any{"status", "declined", "code", "email_invalid"}, "unpaid"},
		{"a card of last year", [][2]string{{"pay", `{"email":"j@x.example","card":"4242424242424242","expiry":"12/25"}`}}, []any{"status", "declined", "message", "Your card's expiration date is in the past."}, "unpaid"},
		{"a year in full", [][2]string{{"pay", `{"email":"j@x.example","card":"4242424242424242","expiry":"12/2030"}`}}, []any{"status", "succeeded"}, "paid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBox(t)
			id := b.openSession("")
			var last reply
			for _, tap := range c.taps {
				last = b.tap(id+"/"+tap[0], tap[1]).ok()
			}
			last.has(c.want...)
			b.get("/v1/checkout/sessions/"+id).ok().has("payment_status", c.paid)
			taken := last.text("status") == "succeeded" || last.text("status") == "processing" // by a debit, until the bank says no
			if n := len(b.get("/v1/balance_transactions").ids()); (n == 1) != taken {
				t.Errorf("%d balance transactions", n)
			}
		})
	}
}

func TestBadTaps(t *testing.T) {
	b := newBox(t)
	id := b.openSession("")
	for _, c := range []struct {
		name, path, body, kind string
		status                 int
	}{
		{"a form of a foreign page", id + "/pay", "card=4242424242424242", "application/x-www-form-urlencoded", 415},
		{"text of a foreign page", id + "/pay", `{"card":"4242424242424242"}`, "text/plain", 415},
		{"no JSON", id + "/pay", `{`, "application/json", 400},
		{"no JSON for the bank", id + "/authenticate", ``, "application/json; charset=utf-8", 400},
		{"another answer to the bank", id + "/authenticate", `{"outcome":"perhaps"}`, "application/json", 400},
		{"an unknown session", "cs_test_gone/pay", `{"email":"a@b.example"}`, "application/json", 404},
		{"an unknown session at the bank", "cs_test_gone/authenticate", `{"outcome":"complete"}`, "application/json", 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := b.do("POST", "/c/pay/"+c.path, c.body, "Content-Type", c.kind)
			if r.status != c.status || r.text("status") != "error" || r.text("message") == "" {
				t.Errorf("answered %d %s", r.status, r.body)
			}
		})
	}
	b.get("/v1/checkout/sessions/"+id).ok().has("payment_intent", nil)
}

// TestBehindAProxy: mounted under another prefix, the page finds its parts.
func TestBehindAProxy(t *testing.T) {
	b := newBox(t)
	id := b.openSession("")
	target, err := url.Parse(b.url)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/training/phone/", http.StripPrefix("/training/phone", httputil.NewSingleHostReverseProxy(target)))
	proxy := httptest.NewServer(mux)
	defer proxy.Close()
	b.url = proxy.URL
	page := "/training/phone/c/pay/" + id
	links := regexp.MustCompile(`(?:href|src|data-action)="([^"]+)"`).FindAllStringSubmatch(string(b.get(page).ok().body), -1)
	if len(links) < 4 {
		t.Fatalf("the page has the links %v", links)
	}
	base, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		at, err := base.Parse(link[1])
		if err != nil {
			t.Fatal(err)
		}
		method := "GET"
		if strings.HasSuffix(at.Path, "/pay") {
			method = "POST"
		}
		if at.Scheme == "data" {
			continue
		}
		if r := b.do(method, at.String(), `{"email":"a@b.example"}`, "Content-Type", "application/json"); r.status != 200 {
			t.Errorf("%s leads to %s: %d", link[1], at, r.status)
		}
	}
}

func TestShopPrice(t *testing.T) {
	for _, c := range []struct {
		minor    int64
		currency string
		want     string
	}{
		{2400, "eur", "€24.00"}, {5, "usd", "$0.05"}, {123456, "gbp", "£1234.56"}, {1500, "jpy", "¥1500"}, {2400, "sek", "24.00 SEK"}, {12340, "kwd", "12.340 KWD"},
	} {
		if got := shopPrice(c.minor, c.currency); got != c.want {
			t.Errorf("%d %s is shown as %s, want %s", c.minor, c.currency, got, c.want)
		}
	}
	for submit, want := range map[string]string{"": "Pay", "auto": "Pay", "pay": "Pay", "book": "Book", "donate": "Donate"} {
		kind := &submit
		if submit == "" {
			kind = nil
		}
		if got := verb(kind); got != want {
			t.Errorf("submit_type %q says %s, want %s", submit, got, want)
		}
	}
}

var linkIDs = regexp.MustCompile(`(li_1|test_)[0-9A-Za-z]{14,}`)
