package stripesim

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const never3ds = "&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never"

// openIntent makes a payment of €12.00 that no session belongs to.
func (b *box) openIntent(more string) string {
	b.t.Helper()
	return b.post("/v1/payment_intents", "amount=1200&currency=eur"+more).ok().text("id")
}

func TestCreateIntents(t *testing.T) {
	b := newBox(t)
	for _, c := range []struct {
		more string
		has  []any
	}{
		{"", []any{"automatic_payment_methods.enabled", true, "automatic_payment_methods.allow_redirects", "always", "payment_method_types.0", "card"}},
		{never3ds, []any{"automatic_payment_methods.allow_redirects", "never"}},
		{"&payment_method_types[]=card", []any{"automatic_payment_methods", nil, "payment_method_types.0", "card"}},
		{"&automatic_payment_methods[enabled]=false", []any{"automatic_payment_methods", nil, "payment_method_types.0", "card"}},
		{"&metadata[order]=7&description=Order+7&receipt_email=a@x.example&statement_descriptor_suffix=K7QF3M",
			[]any{"metadata.order", "7", "description", "Order 7", "receipt_email", "a@x.example", "statement_descriptor_suffix", "K7QF3M"}},
	} {
		r := b.post("/v1/payment_intents", "amount=1200&currency=eur"+c.more).ok().has(c.has...)
		r.has("object", "payment_intent", "status", "requires_payment_method", "amount", 1200, "latest_charge", nil, "capture_method", "automatic")
		id := r.text("id")
		if !strings.HasPrefix(r.text("client_secret"), id+"_secret_") {
			t.Errorf("the secret of %s is %s", id, r.text("client_secret"))
		}
		b.get("/v1/payment_intents/" + id).ok().has(c.has...)
		b.get("/v1/payment_intents/" + id + "?client_secret=" + r.text("client_secret")).ok()
		b.get("/v1/payment_intents/"+id+"?client_secret=x").fails(400, "payment_intent_invalid_parameter", "client_secret", "The client_secret provided does not match")
	}
	for _, c := range []struct{ form, code, param, message string }{
		{"currency=eur", "parameter_missing", "amount", "Missing required param: amount."},
		{"amount=1200", "parameter_missing", "currency", "Missing required param: currency."},
		{"amount=0&currency=eur", "parameter_invalid_integer", "amount", "This value must be greater than or equal to 1."},
		{"amount=49&currency=eur", "amount_too_small", "amount", "Amount must be at least 0.50 EUR"},
		{"amount=29&currency=gbp", "amount_too_small", "amount", "Amount must be at least 0.30 GBP"},
		{"amount=100000000&currency=eur", "amount_too_large", "amount", "Amount must be no more than 999999.99 EUR"},
		{"amount=12345&currency=kwd", "parameter_invalid_integer", "amount", "Amounts in kwd must be a multiple of 10"},
		{"amount=12345&currency=isk", "parameter_invalid_integer", "amount", "Amounts in isk must be a multiple of 100"},
		{"amount=1200&currency=EUR", "", "currency", "Invalid currency: EUR."},
		{"amount=1200&currency=eur&capture_method=manual", "", "capture_method", "Invalid capture_method: must be one of automatic"},
		{"amount=1200&currency=eur&payment_method_types[]=barter", "", "payment_method_types", "The payment method type provided: barter is invalid"},
		{"amount=1200&currency=usd&payment_method_types[]=ideal", "", "payment_method_types", "The payment method `ideal` cannot be used with the currency usd."},
		{"amount=1200&currency=eur&payment_method_types[]=card" + never3ds, "", "", "You may only specify one of these parameters"},
		{"amount=1200&currency=eur&receipt_email=x", "email_invalid", "receipt_email", "Invalid email address: x"},
		{"amount=1200&currency=eur&statement_descriptor_suffix=%22", "", "statement_descriptor_suffix", "The statement descriptor cannot contain"},
		{"amount=1200&currency=eur&application_fee_amount=1", "", "application_fee_amount", "Can only apply an application_fee_amount"},
		{"amount=1200&currency=eur&off_session=true", "parameter_unknown", "off_session", "Received unknown parameter: off_session"},
	} {
		b.post("/v1/payment_intents", c.form).fails(400, c.code, c.param, c.message)
	}
}

// TestConfirmIntents: what each ready-made card comes to.
func TestConfirmIntents(t *testing.T) {
	for _, c := range []struct {
		method string
		status int
		code   string // of the error
		after  string
		events []string // newest first
	}{
		{"pm_card_visa", 200, "", succeeded, []string{"payment_intent.succeeded", "charge.succeeded"}},
		{"pm_card_amex", 200, "", succeeded, []string{"payment_intent.succeeded", "charge.succeeded"}},
		{"pm_card_visa_chargeDeclined", 402, "card_declined", requiresMethod, []string{"payment_intent.payment_failed", "charge.failed"}},
		{"pm_card_chargeDeclinedInsufficientFunds", 402, "card_declined", requiresMethod, []string{"payment_intent.payment_failed", "charge.failed"}},
		{"pm_card_chargeDeclinedExpiredCard", 402, "expired_card", requiresMethod, []string{"payment_intent.payment_failed", "charge.failed"}},
		{"pm_card_chargeDeclinedIncorrectCvc", 402, "incorrect_cvc", requiresMethod, []string{"payment_intent.payment_failed", "charge.failed"}},
		{"pm_card_authenticationRequired", 200, "", requiresAction, []string{"payment_intent.requires_action"}},
	} {
		t.Run(c.method, func(t *testing.T) {
			b := newBox(t)
			id := b.openIntent(never3ds + "&receipt_email=a@x.example")
			r := b.post("/v1/payment_intents/"+id+"/confirm", "payment_method="+c.method, "Idempotency-Key", "once")
			if r.status != c.status {
				t.Fatalf("answered %d: %s", r.status, r.body)
			}
			if c.code != "" {
				r.has("error.code", c.code, "error.type", "card_error", "error.payment_intent.id", id, "error.payment_intent.status", c.after)
				b.get("/v1/payment_intents/"+id).has("last_payment_error.code", c.code, "latest_charge", r.text("error.charge"))
				b.get("/v1/charges/"+r.text("error.charge")).has("status", failed, "failure_code", c.code)
			}
			b.get("/v1/payment_intents/"+id).has("status", c.after)
			if diff := cmp.Diff(append(c.events, "payment_intent.created"), b.types("")); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			again := b.post("/v1/payment_intents/"+id+"/confirm", "payment_method="+c.method, "Idempotency-Key", "once")
			if string(again.body) != string(r.body) || again.header.Get("Idempotent-Replayed") != "true" {
				t.Errorf("the same key again answered %s", again.body)
			}
		})
	}
}

// TestAfterADecline the same intent takes another card.
func TestAfterADecline(t *testing.T) {
	path := journaled(filepath.Join(t.TempDir(), "sim.jsonl"))
	b := newBox(t, path)
	id := b.openIntent(never3ds)
	b.post("/v1/payment_intents/"+id+"/confirm", "payment_method=pm_card_chargeDeclined").has("error.decline_code", "generic_decline")
	b.post("/v1/payment_intents/"+id+"/confirm", "payment_method=pm_card_mastercard").ok().has("status", succeeded, "amount_received", 1200, "last_payment_error", nil)
	c := b.get("/v1/charges?payment_intent="+id).has("data.0.status", succeeded, "data.1.status", failed, "data.0.billing_details.email", nil)
	c.has("data.0.payment_method_details.card.brand", "mastercard")
	b.post("/v1/payment_intents/"+id+"/confirm", "payment_method=pm_card_visa").fails(400, "payment_intent_unexpected_state", "", "You cannot confirm this PaymentIntent because it has already succeeded")
	b.post("/v1/refunds", "payment_intent="+id).ok().has("amount", 1200)
	newBox(t, path).get("/v1/payment_intents/"+id).ok().has("status", succeeded)
}

func TestConfirmRefusals(t *testing.T) {
	b := newBox(t)
	id := b.openIntent(never3ds)
	session := b.openSession("")
	_ = b.sim.Pay(session, Payment{Card: "4000000000000002"})
	own := b.get("/v1/checkout/sessions/" + session).text("payment_intent")
	debit := b.openIntent("&payment_method_types[]=sepa_debit")
	for _, c := range []struct{ path, form, code, param, message string }{
		{id + "/confirm", "", "payment_intent_unexpected_state", "", "You cannot confirm this PaymentIntent because it's missing a payment method."},
		{id + "/confirm", "payment_method=pm_card_gold", "resource_missing", "payment_method", "No such PaymentMethod: 'pm_card_gold'"},
		{id + "/confirm", "payment_method=pm_card_visa&return_url=x", "url_invalid", "return_url", "Not a valid URL"},
		{id + "/confirm", "payment_method=pm_card_visa&off_session=true", "parameter_unknown", "off_session", "Received unknown parameter"},
		{b.openIntent("") + "/confirm", "payment_method=pm_card_visa", "", "", "This PaymentIntent is configured to accept payment methods enabled in your Dashboard."},
		{debit + "/confirm", "payment_method=pm_card_visa", "", "payment_method", "The PaymentMethod provided (card) is not allowed for this PaymentIntent."},
		{own + "/confirm", "payment_method=pm_card_visa", "payment_intent_unexpected_state", "", "You cannot confirm this PaymentIntent because it was created by a Checkout Session."},
		{own + "/cancel", "", "payment_intent_unexpected_state", "", "You cannot cancel this PaymentIntent because it was created by a Checkout Session."},
		{own, "amount=5000", "payment_intent_unexpected_state", "", "This PaymentIntent's amount could not be updated"},
		{id + "/cancel", "cancellation_reason=weather", "", "cancellation_reason", "Invalid cancellation_reason"},
		{id, "currency=xxx", "", "currency", "Invalid currency: xxx"},
		{id, "amount=10", "amount_too_small", "amount", "Amount must be at least"},
	} {
		b.post("/v1/payment_intents/"+c.path, c.form).fails(400, c.code, c.param, c.message)
	}
	b.post("/v1/payment_intents/pi_x/confirm", "").fails(404, "resource_missing", "intent", "No such payment_intent: 'pi_x'")
	b.get("/v1/payment_intents/"+id).has("status", requiresMethod, "amount", 1200)
}

func TestUpdateAndCancelIntents(t *testing.T) {
	b := newBox(t)
	id := b.openIntent(never3ds + "&metadata[a]=1")
	b.post("/v1/payment_intents/"+id, "amount=1500&metadata[b]=2&description=Two&receipt_email=a@x.example&statement_descriptor_suffix=AB").ok().
		has("amount", 1500, "metadata.a", "1", "metadata.b", "2", "description", "Two", "receipt_email", "a@x.example")
	b.post("/v1/payment_intents/"+id, "receipt_email=&payment_method_types[]=card").ok().has("receipt_email", nil, "automatic_payment_methods", nil)
	b.post("/v1/payment_intents/"+id, "currency=usd").ok().has("currency", "usd")
	b.post("/v1/payment_intents/"+id+"/cancel", "cancellation_reason=abandoned").ok().has("status", canceled, "cancellation_reason", "abandoned", "canceled_at", int(b.clock.now().Unix()))
	b.post("/v1/payment_intents/"+id+"/cancel", "").fails(400, "payment_intent_unexpected_state", "", "You cannot cancel this PaymentIntent because it has a status of canceled.")
	b.post("/v1/payment_intents/"+id+"/confirm", "payment_method=pm_card_visa").fails(400, "payment_intent_unexpected_state", "", "You cannot confirm this PaymentIntent because it has a status of canceled.")
	b.post("/v1/payment_intents/"+id, "amount=1600").fails(400, "payment_intent_unexpected_state", "", "This PaymentIntent's amount could not be updated because it has a status of canceled.")
	b.post("/v1/payment_intents/"+id, "metadata[late]=yes").ok().has("metadata.late", "yes", "status", canceled)
	if diff := cmp.Diff([]string{"payment_intent.canceled", "payment_intent.created"}, b.types("")); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestBankOfAnIntent: 3-D Secure is passed, or not, in the merchant's page or
// on the bank's own.
func TestBankOfAnIntent(t *testing.T) {
	for _, c := range []struct {
		answer Challenge
		after  string
	}{{Complete, succeeded}, {Fail, requiresMethod}} {
		t.Run(string(c.answer), func(t *testing.T) {
			b := newBox(t)
			inPage := b.openIntent(never3ds)
			b.post("/v1/payment_intents/"+inPage+"/confirm", "payment_method=pm_card_authenticationRequired").ok().has("next_action.type", "use_stripe_sdk")
			if err := b.sim.AnswerBank(inPage, c.answer); err != nil {
				t.Fatal(err)
			}
			if err := b.sim.AnswerBank(inPage, c.answer); err == nil {
				t.Error("the bank was answered twice")
			}
			b.get("/v1/payment_intents/"+inPage).has("status", c.after)

			away := b.openIntent("")
			r := b.post("/v1/payment_intents/"+away+"/confirm", "payment_method=pm_card_authenticationRequired&return_url=https://x.example/back?a=b").ok()
			r.has("next_action.type", "redirect_to_url", "next_action.redirect_to_url.return_url", "https://x.example/back?a=b")
			path := strings.TrimPrefix(r.text("next_action.redirect_to_url.url"), "http://127.0.0.1:4381")
			if page := string(b.get(path).body); !strings.Contains(page, "3-D Secure test page") || !strings.Contains(page, "€12.00") {
				t.Errorf("the bank shows %s", page)
			}
			outcome := map[Challenge]string{Complete: succeeded, Fail: failed}[c.answer]
			b.do("POST", path+"/authenticate", `{"outcome":"`+string(c.answer)+`"}`, "Content-Type", "application/json", "Authorization", "").ok().
				has("next", "https://x.example/back?a=b&payment_intent="+away+"&payment_intent_client_secret="+r.text("client_secret")+"&redirect_status="+outcome)
			b.get("/v1/payment_intents/"+away).has("status", c.after, "next_action", nil)
			if c.answer == Fail {
				b.get("/v1/payment_intents/"+away).has("last_payment_error.code", "payment_intent_authentication_failure", "latest_charge", nil)
			}
			b.do("POST", path+"/authenticate", `{"outcome":"complete"}`, "Content-Type", "application/json", "Authorization", "").ok().has("status", "declined")
		})
	}
	b := newBox(t)
	if r := b.get("/c/intents/pi_x"); r.status != 404 {
		t.Errorf("an intent that is not there answered %d", r.status)
	}
}
