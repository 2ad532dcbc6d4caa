package stripesim

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAdmission(t *testing.T) {
	b := newBox(t)
	if err := b.sim.AddAccount("acct_1Connected", "Little Theatre", "FR", "eur"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		headers []string
		status  int
		code    string
		message string
	}{
		{"bearer", []string{"Authorization", "Bearer sk_test_12345678"}, 200, "", ""},
		{"basic, as curl -u sends it", []string{"Authorization", "Basic c2tfdGVzdF8xMjM0NTY3ODo="}, 200, "", ""},
		{"restricted key", []string{"Authorization", "Bearer rk_test_abcdefghij"}, 200, "", ""},
		{"lower-case scheme", []string{"Authorization", "bearer sk_test_12345678"}, 200, "", ""},
		{"no key", []string{"Authorization", ""}, 401, "", "You did not provide an API key."},
		{"empty key", []string{"Authorization", "Bearer "}, 401, "", "You did not provide an API key."},
		{"short key", []string{"Authorization", "Bearer sk_test_1234567"}, 401, "", "Invalid API Key provided: sk_test_*******"},
		{"key with a space in it", []string{"Authorization", "Bearer sk_test_1234 5678"}, 401, "", "Invalid API Key provided: sk_test_*****5678"},
		{"live key", []string{"Authorization", "Bearer sk_live_12345678abcd"}, 401, "", "Invalid API Key provided: sk_live_********abcd"},
		{"publishable key", []string{"Authorization", "Bearer pk_test_12345678abcd"}, 403, "secret_key_required", "This API call cannot be made with a publishable API key."},
		{"nonsense", []string{"Authorization", "Bearer hello"}, 401, "", "Invalid API Key provided: *****"},
		{"our version", []string{"Stripe-Version", APIVersion}, 200, "", ""},
		{"another version", []string{"Stripe-Version", "2022-11-15"}, 400, "", "Invalid Stripe API version: 2022-11-15."},
		{"known account", []string{"Stripe-Account", "acct_1Connected"}, 200, "", ""},
		{"unknown account", []string{"Stripe-Account", "acct_1Gone"}, 403, "account_invalid",
			"The provided key 'sk_test_" + strings.Repeat("*", len(testKey)-12) + "5678' does not have access to account 'acct_1Gone' (or that account does not exist)."},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := b.do("GET", "/v1/balance", "", c.headers...)
			if c.status == 200 {
				r.ok()
				return
			}
			r.fails(c.status, c.code, "", c.message)
		})
	}
}

func TestAnswerHeaders(t *testing.T) {
	b := newBox(t)
	r := b.post("/v1/products", "name=Poster", "Idempotency-Key", "k1", "Stripe-Version", APIVersion).ok()
	want := map[string]string{
		"Content-Type":     "application/json",
		"Stripe-Version":   APIVersion,
		"Idempotency-Key":  "k1",
		"Original-Request": r.header.Get("Request-Id"),
		"Date":             b.clock.now().Format(http.TimeFormat),
	}
	for name, value := range want {
		if got := r.header.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	if id := r.header.Get("Request-Id"); !strings.HasPrefix(id, "req_") || len(id) != 18 {
		t.Errorf("Request-Id is %q", id)
	}
	if b.get("/v1/balance").header.Get("Request-Id") == r.header.Get("Request-Id") {
		t.Error("two requests had one id")
	}
	b.clock.advance(time.Hour)
	if got := b.get("/v1/balance").header.Get("Date"); got != b.clock.now().Format(http.TimeFormat) {
		t.Errorf("an hour later the Date was %q", got)
	}
}

func TestUnknownAddresses(t *testing.T) {
	b := newBox(t)
	for _, c := range []struct{ method, path string }{
		{"GET", "/v1/nothing"}, {"GET", "/v1/charges/"}, {"DELETE", "/v1/prices/price_1"}, {"POST", "/v1/balance"}, {"PUT", "/v1/products"},
	} {
		r := b.do(c.method, c.path, "")
		r.fails(404, "", "", "Unrecognized request URL ("+c.method+": "+c.path+").")
	}
	for path, want := range map[string][2]string{
		"/v1/products/prod_x":                    {"No such product: 'prod_x'", "id"},
		"/v1/prices/price_x":                     {"No such price: 'price_x'", "price"},
		"/v1/checkout/sessions/cs_x":             {"No such checkout.session: 'cs_x'", "session"},
		"/v1/checkout/sessions/cs_x/line_items":  {"No such checkout.session: 'cs_x'", "session"},
		"/v1/payment_intents/pi_x":               {"No such payment_intent: 'pi_x'", "intent"},
		"/v1/charges/ch_x":                       {"No such charge: 'ch_x'", "id"},
		"/v1/balance_transactions/txn_x":         {"No such balance transaction: 'txn_x'", "id"},
		"/v1/events/evt_x":                       {"No such event: 'evt_x'", "id"},
		"/v1/events/evt_x?expand[]=anything":     {"No such event: 'evt_x'", "id"},
		"/v1/products?starting_after=prod_x":     {"", ""},
		"/v1/checkout/sessions?ending_before=cs": {"", ""},
	} {
		r := b.get(path)
		if want[0] != "" {
			r.fails(404, "resource_missing", want[1], want[0])
		} else if r.status != 400 || r.text("error.code") != "resource_missing" {
			t.Errorf("%s answered %d: %s", path, r.status, r.body)
		}
	}
	b.post("/v1/checkout/sessions/cs_x/expire", "").fails(404, "resource_missing", "session", "No such checkout.session: 'cs_x'")
	b.post("/v1/products/prod_x", "name=x").fails(404, "resource_missing", "id", "No such product: 'prod_x'")
}

func TestUnreadableBodies(t *testing.T) {
	b := newBox(t)
	for name, c := range map[string]struct {
		body, param, message string
		status               int
	}{
		"bad escape":         {"name=%zz", "", "Invalid request: a parameter is not properly URL-encoded.", 400},
		"open bracket":       {"metadata[a=b", "metadata[a", "Received unknown parameter", 400},
		"nested too deep":    {"a" + strings.Repeat("[b]", 40) + "=1", "a" + strings.Repeat("[b]", 40), "Received unknown parameter", 400},
		"both value, hash":   {"metadata=x&metadata[a]=b", "metadata[a]", "Invalid request: metadata[a] is given twice", 400},
		"both hash, value":   {"metadata[a]=b&metadata=x", "metadata", "Invalid request: metadata is given twice", 400},
		"too many":           {strings.Repeat("a=1&", maxParams+1), "", "Too many parameters", 400},
		"larger than a till": {"name=" + strings.Repeat("x", maxBody), "", "The request is too large.", 413},
		"JSON":               {`{"name":"x"}`, `{"name":"x"}`, "Received unknown parameter", 400},
	} {
		t.Run(name, func(t *testing.T) {
			code := ""
			if strings.HasPrefix(c.message, "Received unknown") {
				code = "parameter_unknown"
			}
			b.post("/v1/products", c.body).fails(c.status, code, c.param, c.message)
		})
	}
	b.post("/v1/products", `{"name":"x"}`, "Content-Type", "application/json").fails(400, "", "", "Invalid request (check that your POST content type is application/x-www-form-urlencoded).")
	if n := len(b.get("/v1/products").ids()); n != 0 {
		t.Errorf("%d products were made", n)
	}
}

// TestAccountsAreApart: what belongs to one account is not there for another.
func TestAccountsAreApart(t *testing.T) {
	b := newBox(t)
	if err := b.sim.AddAccount("acct_1Other", "Little Theatre", "GB", "gbp"); err != nil {
		t.Fatal(err)
	}
	mine := b.openSession("")
	b.buy(mine, Payment{})
	b.account = "acct_1Other"
	b.get("/v1/checkout/sessions/"+mine).fails(404, "resource_missing", "session", "No such checkout.session")
	for _, path := range []string{"/v1/checkout/sessions", "/v1/events", "/v1/charges", "/v1/payment_intents", "/v1/products", "/v1/prices", "/v1/balance_transactions"} {
		if ids := b.get(path).ids(); len(ids) != 0 {
			t.Errorf("%s shows %v to another account", path, ids)
		}
	}
	b.get("/v1/balance").ok().has("pending.0.amount", 0, "pending.0.currency", "gbp")
	b.get("/v1/account").ok().has("id", "acct_1Other", "country", "GB", "business_profile.name", "Little Theatre")
	if got := b.get("/v1/balance").header.Get("Stripe-Account"); got != "acct_1Other" {
		t.Errorf("Stripe-Account is %q in the answer", got)
	}
	theirs := b.openSession("")
	b.buy(theirs, Payment{}) // a buyer needs no account, only the address
	b.get("/v1/checkout/sessions/"+theirs).ok().has("payment_status", "paid")
	for _, bad := range []struct{ id, currency string }{{"acct_1Other", "eur"}, {"1Other", "eur"}, {"acct_2", "xyz"}} {
		if err := b.sim.AddAccount(bad.id, "x", "DE", bad.currency); err == nil {
			t.Errorf("account %v was added", bad)
		}
	}
}

// TestLatency: half of it passes before the work, half after.
func TestLatency(t *testing.T) {
	b := newBox(t, func(o *Options) { o.Latency = 6 * time.Millisecond })
	start := time.Now()
	b.get("/v1/balance").ok()
	if took := time.Since(start); took < 6*time.Millisecond {
		t.Errorf("answered in %v", took)
	}
}

func TestSetPublicURL(t *testing.T) {
	b := newBox(t)
	id := b.openSession("")
	b.sim.SetPublicURL("http://192.0.2.7:4381")
	url := b.get("/v1/checkout/sessions/" + id).ok().text("url")
	if !strings.HasPrefix(url, "http://192.0.2.7:4381/c/pay/"+id+"#fid") {
		t.Errorf("url is %s", url)
	}
	if len(url) < 370 || len(url) > 400 {
		t.Errorf("the url has %d characters; Stripe's have some 385", len(url))
	}
}
