package stripesim

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

// typed is what the frame sends on behalf of a page with the secret.
func typed(secret string, more ...string) string {
	body := map[string]string{"key": TrainingPublishableKey, "client_secret": secret, "number": "4242424242424242", "expiry": "12 / 40", "cvc": "123"}
	for i := 0; i < len(more); i += 2 {
		body[more[i]] = more[i+1]
	}
	raw, _ := json.Marshal(body) // a map of strings always has a JSON
	return string(raw)
}

// element calls as the frame does; path is "pi_…/confirm".
func (b *box) element(path, body string, headers ...string) reply {
	b.t.Helper()
	return b.do("POST", "/elements/intents/"+path, body, append([]string{"Content-Type", "application/json", "Authorization", ""}, headers...)...)
}

// intentSecret makes an intent for a page, and tells its secret.
func (b *box) intentSecret() (id, secret string) {
	b.t.Helper()
	r := b.post("/v1/payment_intents", "amount=1200&currency=eur&metadata[order]=7&receipt_email=a@x.example").ok()
	return r.text("id"), r.text("client_secret")
}

// TestElementConfirms: what each card comes to, and what the page is told.
func TestElementConfirms(t *testing.T) {
	for _, c := range []struct {
		name    string
		more    []string
		status  int
		code    string
		after   string // of the intent
		charges int
	}{
		{"a card that pays", nil, 200, "", succeeded, 1},
		{"with spaces and a long year", []string{"number", "5555 5555 5555 4444", "expiry", "1/2040"}, 200, "", succeeded, 1},
		{"declined", []string{"number", "4000000000000002"}, 402, "card_declined", requiresMethod, 1},
		{"no funds", []string{"number", "4000000000009995"}, 402, "card_declined", requiresMethod, 1},
		{"wrong code", []string{"number", "4000000000000127"}, 402, "incorrect_cvc", requiresMethod, 1},
		{"the bank asks", []string{"number", "4000002760003184"}, 200, "", requiresAction, 0},
		{"no number", []string{"number", ""}, 402, "incomplete_number", requiresMethod, 0},
		{"a mistyped number", []string{"number", "4242424242424241"}, 402, "incorrect_number", requiresMethod, 0},
		{"a real card", []string{"number", "4539578763621486"}, 402, "card_declined", requiresMethod, 0},
		{"last year's card", []string{"expiry", "12/25"}, 402, "invalid_expiry", requiresMethod, 0},
		{"a thirteenth month", []string{"expiry", "13/40"}, 402, "invalid_expiry", requiresMethod, 0},
		{"no code", []string{"cvc", ""}, 402, "incomplete_cvc", requiresMethod, 0},
		{"a code of letters", []string{"cvc", "abc"}, 402, "incomplete_cvc", requiresMethod, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBox(t)
			id, secret := b.intentSecret()
			r := b.element(id+"/confirm", typed(secret, c.more...))
			if r.status != c.status {
				t.Fatalf("answered %d: %s", r.status, r.body)
			}
			if c.code == "" {
				r.has("paymentIntent.status", c.after, "paymentIntent.id", id, "paymentIntent.amount", 1200).lacks("paymentIntent.metadata").lacks("paymentIntent.latest_charge")
			} else {
				r.has("error.code", c.code, "error.type", "card_error", "error.payment_intent.status", c.after)
				r.text("error.message")
			}
			b.get("/v1/payment_intents/"+id).has("status", c.after)
			if got := len(b.get("/v1/charges").ids()); got != c.charges {
				t.Errorf("%d charges, want %d", got, c.charges)
			}
			if c.after == succeeded {
				b.get("/v1/charges").has("data.0.billing_details.email", "a@x.example")
				b.element(id+"/confirm", typed(secret)).has("error.code", "payment_intent_unexpected_state", "error.payment_intent.status", succeeded)
			}
		})
	}
}

// TestElementBank: the answer to the bank, once.
func TestElementBank(t *testing.T) {
	for outcome, after := range map[string]string{"complete": succeeded, "fail": requiresMethod} {
		t.Run(outcome, func(t *testing.T) {
			b := newBox(t)
			id, secret := b.intentSecret()
			b.element(id+"/authenticate", typed(secret, "outcome", outcome)).has("error.code", "payment_intent_unexpected_state")
			b.element(id+"/confirm", typed(secret, "number", "4000002760003184")).has("paymentIntent.next_action.type", "use_stripe_sdk")
			b.element(id+"/authenticate", typed(secret, "outcome", "maybe")).has("error.param", "outcome")
			r := b.element(id+"/authenticate", typed(secret, "outcome", outcome))
			if outcome == "complete" {
				r.ok().has("paymentIntent.status", succeeded)
			} else {
				r.has("error.code", "payment_intent_authentication_failure", "error.payment_intent.status", requiresMethod)
			}
			b.get("/v1/payment_intents/"+id).has("status", after)
			b.element(id, typed(secret)).ok().has("paymentIntent.status", after)
		})
	}
}

// TestElementAdmission: a publishable key, the intent's own secret, and a page
// on this machine.
func TestElementAdmission(t *testing.T) {
	b := newBox(t)
	id, secret := b.intentSecret()
	if err := b.sim.AddAccount("acct_1Troupe", "Troupe", "DE", "eur"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"a wrong secret", typed(id + "_secret_x"), 404},
		{"no secret", typed(""), 404},
		{"a secret key", typed(secret, "key", TrainingKey), 403},
		{"no key", typed(secret, "key", ""), 401},
		{"a live key", typed(secret, "key", "pk_live_12345678"), 401},
		{"another account's", typed(secret, "account", "acct_1Troupe"), 404},
		{"an unknown account's", typed(secret, "account", "acct_1Gone"), 403},
		{"no JSON", "{", 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, step := range []string{"", "/confirm", "/authenticate"} {
				if r := b.element(id+step, c.body); r.status != c.status {
					t.Errorf("%s answered %d, want %d: %s", step, r.status, c.status, r.body)
				}
			}
		})
	}
	b.get("/v1/payment_intents/"+id).has("status", requiresMethod)
	if r := b.do("POST", "/elements/intents/"+id, typed(secret)); r.status != http.StatusUnsupportedMediaType {
		t.Errorf("a foreign form answered %d", r.status)
	}
	session := b.openSession("")
	_ = b.sim.Pay(session, Payment{Card: "4000002760003184", Challenge: Leave})
	own := b.get("/v1/payment_intents?limit=1").ok()
	b.element(own.text("data.0.id")+"/confirm", typed(own.text("data.0.client_secret"))).has("error.code", "payment_intent_unexpected_state")
	b.element(own.text("data.0.id")+"/authenticate", typed(own.text("data.0.client_secret"), "outcome", "complete")).has("error.code", "payment_intent_unexpected_state")
	if err := b.sim.SetChargesEnabled(b.sim.AccountID(), false); err != nil {
		t.Fatal(err)
	}
	b.element(id+"/confirm", typed(secret)).has("error.message", "Your account cannot currently make live charges. If you are a customer trying to make a purchase, please contact the owner of this site. Your transaction has not been processed.")
}

func TestElementOrigins(t *testing.T) {
	b := newBox(t)
	id, secret := b.intentSecret()
	for origin, allowed := range map[string]bool{
		"http://127.0.0.1:5173": true, "https://localhost:8443": true, "http://127.0.0.1:4381": true,
		"https://evil.example": false, "http://127.0.0.1.evil.example": false, "http://192.168.1.2:80": false, "null": false,
	} {
		want := map[bool]int{true: 200, false: 403}[allowed]
		r := b.element(id, typed(secret), "Origin", origin)
		if got := r.header.Get("Access-Control-Allow-Origin"); r.status != want || (got == origin) != allowed {
			t.Errorf("%s: answered %d, allowed for %q", origin, r.status, got)
		}
		pre := b.do("OPTIONS", "/elements/intents/"+id+"/confirm", "", "Origin", origin, "Authorization", "", "Access-Control-Request-Method", "POST")
		if want := map[bool]int{true: 204, false: 403}[allowed]; pre.status != want {
			t.Errorf("%s: the preflight answered %d, want %d", origin, pre.status, want)
		}
	}
}

// TestElementFiles are served so that a page can load them, and only a page on
// this machine can frame the card form.
func TestElementFiles(t *testing.T) {
	b := newBox(t)
	for path, want := range map[string][2]string{
		"/elements/stripe.js": {"text/javascript", "window.Stripe = Stripe"},
		"/elements/frame.js":  {"text/javascript", "loopback"},
		"/elements/frame.css": {"text/css", "--primary"},
		"/elements/frame":     {"text/html", `data-card="4242 4242 4242 4242"`},
	} {
		r := b.get(path)
		if r.status != 200 || !strings.HasPrefix(r.header.Get("Content-Type"), want[0]) || !strings.Contains(string(r.body), want[1]) {
			t.Errorf("%s answered %d %s", path, r.status, r.header.Get("Content-Type"))
		}
	}
	if policy := b.get("/elements/frame").header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors http://127.0.0.1:*") || strings.Contains(policy, "unsafe") {
		t.Errorf("the frame's policy is %s", policy)
	}
}

// TestElementsKeepCardsToThemselves: no log line and no answer has a number, a
// security code or a client secret that the page did not send.
func TestElementsKeepCardsToThemselves(t *testing.T) {
	var log bytes.Buffer
	b := newBox(t, func(o *Options) {
		o.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	id, secret := b.intentSecret()
	var told []byte
	for _, number := range []string{"4539578763621486", "4000000000000002", "4242424242424242"} {
		told = append(told, b.element(id+"/confirm", typed(secret, "number", number, "cvc", "9173")).body...)
	}
	for _, secretWord := range []string{"4539578763621486", "4000000000000002", "4242424242424242", "9173"} {
		if strings.Contains(log.String(), secretWord) || bytes.Contains(told, []byte(secretWord)) {
			t.Errorf("%s was told or logged", secretWord)
		}
	}
	if strings.Contains(log.String(), secret) {
		t.Error("the client secret was logged")
	}
}
