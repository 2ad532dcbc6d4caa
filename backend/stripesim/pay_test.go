package stripesim

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestPaidSale follows one sale from the till's request to the money.
func TestPaidSale(t *testing.T) {
	b := newBox(t)
	id := b.openSession("&client_reference_id=order-7&metadata[order]=7&payment_intent_data[metadata][order]=7&payment_intent_data[description]=Order+7&payment_intent_data[statement_descriptor_suffix]=K7QF3M")
	b.get("/v1/checkout/sessions/"+id).ok().has("payment_intent", nil, "status", "open", "payment_status", "unpaid", "amount_total", 2400, "customer_details", nil)

	b.buy(id, Payment{Email: "jenny@example.com"})

	s := b.get("/v1/checkout/sessions/" + id + "?expand[]=payment_intent.latest_charge.balance_transaction&expand[]=line_items.data.price.product").ok()
	s.has(
		"status", "complete", "payment_status", "paid", "url", nil, "client_reference_id", "order-7", "metadata.order", "7",
		"customer_details.email", "jenny@example.com",
		"payment_intent.status", "succeeded", "payment_intent.amount_received", 2400, "payment_intent.metadata.order", "7", "payment_intent.description", "Order 7",
		"payment_intent.latest_charge.status", "succeeded", "payment_intent.latest_charge.paid", true,
		"payment_intent.latest_charge.billing_details.email", "jenny@example.com",
		"payment_intent.latest_charge.payment_method_details.card.brand", "visa", "payment_intent.latest_charge.payment_method_details.card.last4", "4242",
		"payment_intent.latest_charge.calculated_statement_descriptor", "WILLCALL* K7QF3M",
		"payment_intent.latest_charge.balance_transaction.amount", 2400, "payment_intent.latest_charge.balance_transaction.fee", 100,
		"payment_intent.latest_charge.balance_transaction.net", 2300, "payment_intent.latest_charge.balance_transaction.fee_details.0.type", "stripe_fee",
		"line_items.data.0.quantity", 2, "line_items.data.0.amount_total", 2400, "line_items.data.0.price.product.name", "Standard", "line_items.data.0.price.product.active", false,
	)
	want := []string{
		"checkout.session.completed", "payment_intent.succeeded", "charge.succeeded", "payment_intent.created",
		"price.created", "product.created",
	}
	if diff := cmp.Diff(want, b.types("")); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestRefusedCards plays every way in which a bank says no.
func TestRefusedCards(t *testing.T) {
	for _, c := range []struct {
		card, code, message string
		charged             bool // the bank was asked
	}{
		{"4000 0000 0000 0002", "generic_decline", "Your card was declined.", true},
		{"4000 0000 0000 9995", "insufficient_funds", "Your card has insufficient funds.", true},
		{"4000 0000 0000 9987", "lost_card", "Your card was declined.", true},
		{"4000-0000-0000-9979", "stolen_card", "Your card was declined.", true},
		{"4000000000000069", "expired_card", "Your card has expired.", true},
		{"4000000000000127", "incorrect_cvc", "Your card's security code is incorrect.", true},
		{"4000000000000119", "processing_error", "An error occurred while processing your card. Try again in a little bit.", true},
		{"4242424242424241", "incorrect_number", "Your card number is invalid.", false},
		{"0000", "incorrect_number", "Your card number is invalid.", false},
		{"four two", "incorrect_number", "Your card number is invalid.", false},
		{"4111111111111111", "card_declined", "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.", false},
	} {
		t.Run(c.card, func(t *testing.T) {
			b := newBox(t)
			id := b.openSession("")
			err := b.sim.Pay(id, Payment{Card: c.card})
			refused := (*Refused)(nil)
			if !errors.As(err, &refused) {
				t.Fatalf("paying gave %v", err)
			}
			if diff := cmp.Diff(&Refused{Status: "declined", Code: c.code, Message: c.message}, refused); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
			s := b.get("/v1/checkout/sessions/" + id + "?expand[]=payment_intent.latest_charge").ok()
			s.has("status", "open", "payment_status", "unpaid")
			if !c.charged {
				s.has("payment_intent", nil)
				return
			}
			s.has("payment_intent.status", "requires_payment_method", "payment_intent.last_payment_error.message", c.message,
				"payment_intent.last_payment_error.type", "card_error", "payment_intent.latest_charge.status", "failed",
				"payment_intent.latest_charge.paid", false, "payment_intent.latest_charge.failure_message", c.message,
				"payment_intent.latest_charge.balance_transaction", nil, "payment_intent.latest_charge.receipt_url", nil)
			if diff := cmp.Diff([]string{"payment_intent.payment_failed", "charge.failed", "payment_intent.created"}, b.types("")[:3]); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			b.buy(id, Payment{}) // another card, the same page, the same intent
			b.get("/v1/checkout/sessions/"+id+"?expand[]=payment_intent").ok().has("payment_status", "paid", "payment_intent.id", s.text("payment_intent.id"), "payment_intent.last_payment_error", nil)
			if n := len(b.get("/v1/charges?payment_intent=" + s.text("payment_intent.id")).ids()); n != 2 {
				t.Errorf("%d charges, want the refused and the paid one", n)
			}
		})
	}
}

// TestChallenge plays 3-D Secure: asked, refused, asked again, passed.
func TestChallenge(t *testing.T) {
	for _, number := range []string{"4000 0027 6000 3184", "4000 0025 0000 3155"} {
		t.Run(number, func(t *testing.T) {
			b := newBox(t)
			id := b.openSession("")
			session := "/v1/checkout/sessions/" + id + "?expand[]=payment_intent.latest_charge"
			refused := (*Refused)(nil)
			if err := b.sim.Pay(id, Payment{Card: number, Challenge: Leave}); !errors.As(err, &refused) || refused.Status != "requires_action" {
				t.Fatalf("paying gave %v", err)
			}
			b.get(session).ok().has("status", "open", "payment_intent.status", "requires_action", "payment_intent.next_action.type", "use_stripe_sdk", "payment_intent.latest_charge", nil)
			if r, err := b.sim.authenticate(id, false); err != nil || r.Status != "declined" || r.Code != "payment_intent_authentication_failure" {
				t.Fatalf("failing the challenge gave %+v, %v", r, err)
			}
			b.get(session).ok().has("payment_intent.status", "requires_payment_method", "payment_intent.next_action", nil,
				"payment_intent.last_payment_error.code", "payment_intent_authentication_failure", "payment_intent.last_payment_error.type", "invalid_request_error")
			if r, err := b.sim.authenticate(id, true); err != nil || r.Status != "declined" {
				t.Fatalf("passing a challenge that is over gave %+v, %v", r, err)
			}
			b.buy(id, Payment{Card: number})
			b.get(session).ok().has("payment_status", "paid", "payment_intent.latest_charge.payment_method_details.card.three_d_secure.result", "authenticated",
				"payment_intent.latest_charge.payment_method_details.card.last4", number[len(number)-4:])
			want := []string{
				"checkout.session.completed", "payment_intent.succeeded", "charge.succeeded", "payment_intent.requires_action",
				"payment_intent.payment_failed", "payment_intent.requires_action", "payment_intent.created",
			}
			if diff := cmp.Diff(want, b.types("")[:7]); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("passed, then refused by the bank", func(t *testing.T) {
		b := newBox(t)
		id := b.openSession("")
		refused := (*Refused)(nil)
		if err := b.sim.Pay(id, Payment{Card: "4000008400001629"}); !errors.As(err, &refused) || refused.Code != "generic_decline" {
			t.Fatalf("paying gave %v", err)
		}
		b.get("/v1/checkout/sessions/"+id+"?expand[]=payment_intent.latest_charge").ok().has("status", "open", "payment_intent.latest_charge.status", "failed")
	})
	t.Run("nothing to answer", func(t *testing.T) {
		b := newBox(t)
		if r, err := b.sim.authenticate(b.openSession(""), true); err != nil || r.Status != "declined" {
			t.Fatalf("answering gave %+v, %v", r, err)
		}
		if _, err := b.sim.authenticate("cs_x", true); err == nil {
			t.Error("an unknown session was authenticated")
		}
	})
	t.Run("another card instead", func(t *testing.T) {
		b := newBox(t)
		id := b.openSession("")
		_ = b.sim.Pay(id, Payment{Card: "4000002760003184", Challenge: Leave})
		b.buy(id, Payment{})
		b.get("/v1/checkout/sessions/"+id+"?expand[]=payment_intent").ok().has("payment_status", "paid", "payment_intent.next_action", nil)
	})
}

// TestDelayedMethods complete unpaid and are settled, or not, days later.
func TestDelayedMethods(t *testing.T) {
	for _, c := range []struct {
		currency, method, last4 string
		net                     int // in euros, of 24.00
	}{
		{"eur", "sepa_debit", "3000", 2300}, {"usd", "us_bank_account", "6789", 2208 - 94}, {"gbp", "bacs_debit", "2345", 2760 - 110},
	} {
		for _, ok := range []bool{true, false} {
			t.Run(c.method, func(t *testing.T) {
				b := newBox(t)
				id := b.post("/v1/checkout/sessions", strings.Replace(sale, "=eur", "="+c.currency, 1)).ok().text("id")
				path := "/v1/checkout/sessions/" + id + "?expand[]=payment_intent.latest_charge.balance_transaction"
				b.buy(id, Payment{Delayed: true})
				b.get(path).ok().has("status", "complete", "payment_status", "unpaid", "payment_intent.status", "processing",
					"payment_intent.latest_charge.status", "pending", "payment_intent.latest_charge.paid", false,
					"payment_intent.latest_charge.balance_transaction.net", c.net, "payment_intent.latest_charge.balance_transaction.status", "pending",
					"payment_intent.latest_charge.payment_method_details.type", c.method,
					"payment_intent.latest_charge.payment_method_details."+c.method+".last4", c.last4)
				if diff := cmp.Diff([]string{"checkout.session.completed", "payment_intent.processing", "charge.pending", "payment_intent.created"}, b.types("")[:4]); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
				b.buy(id, Payment{Delayed: true}) // a second tap does nothing
				b.clock.advance(10 * 24 * time.Hour)
				b.get("/v1/balance").ok().has("pending.0.amount", c.net, "available.0.amount", 0) // though its day is past
				if err := b.sim.Settle(id, ok); err != nil {
					t.Fatal(err)
				}
				left := 0
				if ok {
					left = c.net
				}
				b.get("/v1/balance").ok().has("pending.0.amount", 0, "available.0.amount", left)
				if ok {
					b.get(path).ok().has("payment_status", "paid", "payment_intent.status", "succeeded", "payment_intent.latest_charge.balance_transaction.net", c.net,
						"payment_intent.latest_charge.balance_transaction.type", "payment")
					if diff := cmp.Diff([]string{"checkout.session.async_payment_succeeded", "payment_intent.succeeded", "charge.succeeded"}, b.types("")[:3]); diff != "" {
						t.Errorf("events (-want +got):\n%s", diff)
					}
				} else {
					b.get(path).ok().has("status", "complete", "payment_status", "unpaid", "payment_intent.status", "requires_payment_method",
						"payment_intent.latest_charge.status", "failed", "payment_intent.latest_charge.failure_code", "debit_not_authorized")
					b.get(strings.Replace(path, "latest_charge.", "latest_charge.failure_", 1)).ok().has("payment_intent.latest_charge.failure_balance_transaction.net", -c.net,
						"payment_intent.latest_charge.failure_balance_transaction.type", "payment_failure_refund")
					if diff := cmp.Diff([]string{"checkout.session.async_payment_failed", "payment_intent.payment_failed", "charge.failed"}, b.types("")[:3]); diff != "" {
						t.Errorf("events (-want +got):\n%s", diff)
					}
				}
				if err := b.sim.Settle(id, ok); err == nil || !strings.Contains(err.Error(), "there is nothing to settle") {
					t.Errorf("settling twice gave %v", err)
				}
				b.clock.advance(24 * time.Hour)
				if n := len(b.get("/v1/payouts").ids()); (n == 1) != ok {
					t.Errorf("%d payouts", n)
				}
			})
		}
	}
	b := newBox(t)
	if err := b.sim.Settle(b.openSession(""), true); err == nil {
		t.Error("settled what nobody paid")
	}
	if err := b.sim.Settle("cs_x", true); err == nil {
		t.Error("settled an unknown session")
	}
}

// TestWhatTheBuyerTypes is checked before anything reaches Stripe.
func TestWhatTheBuyerTypes(t *testing.T) {
	for name, c := range map[string]struct {
		p       Payment
		more    string
		message string
	}{
		"no domain":             {Payment{Email: "jenny"}, "", "Your email is invalid."},
		"no dot":                {Payment{Email: "jenny@localhost"}, "", "Your email is invalid."},
		"two at signs":          {Payment{Email: "jenny@x@y.example"}, "", "Your email is invalid."},
		"a space":               {Payment{Email: "jenny rosen@x.example"}, "", "Your email is invalid."},
		"last year":             {Payment{ExpMonth: 12, ExpYear: 2025}, "", "Your card's expiration date is in the past."},
		"last month":            {Payment{ExpMonth: 10, ExpYear: 2026}, "", "Your card's expiration date is in the past."},
		"month 13":              {Payment{ExpMonth: 13, ExpYear: 2027}, "", "Your card's expiration date is invalid."},
		"far future":            {Payment{ExpMonth: 1, ExpYear: 2099}, "", "Your card's expiration date is invalid."},
		"debit not offered":     {Payment{Delayed: true}, "&payment_method_types[]=card", "This way to pay is not offered here."},
		"card not offered":      {Payment{}, "&payment_method_types[]=sepa_debit", "This way to pay is not offered here."},
		"an empty card's blank": {Payment{Card: " "}, "", "Your card number is incomplete."},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBox(t)
			id := b.openSession(c.more)
			refused := (*Refused)(nil)
			if err := b.sim.Pay(id, c.p); !errors.As(err, &refused) || refused.Message != c.message || refused.Status != "declined" {
				t.Fatalf("paying gave %v", err)
			}
			b.get("/v1/checkout/sessions/"+id).ok().has("payment_intent", nil)
		})
	}
	b := newBox(t)
	id := b.openSession("&customer_email=known@example.com")
	b.buy(id, Payment{ExpMonth: 11, ExpYear: 2026}) // this month is still good
	b.get("/v1/checkout/sessions/"+id).ok().has("customer_details.email", "known@example.com")
	if err := b.sim.Pay("cs_x", Payment{}); err == nil {
		t.Error("paid an unknown session")
	}
}

// TestBrands: what the till shows of a card is what was paid with.
func TestBrands(t *testing.T) {
	b := newBox(t)
	for number, want := range map[string][]any{
		"5555555555554444": {"mastercard", "4444", "credit"},
		"2223003122003222": {"mastercard", "3222", "credit"},
		"378282246310005":  {"amex", "0005", "credit"},
		"4000056655665556": {"visa", "5556", "debit"},
		"4000002760000016": {"visa", "0016", "credit"},
	} {
		id := b.openSession("")
		b.buy(id, Payment{Card: number, ExpMonth: 4, ExpYear: 2031})
		card := "payment_intent.latest_charge.payment_method_details.card."
		b.get("/v1/checkout/sessions/"+id+"?expand[]=payment_intent.latest_charge").ok().
			has(card+"brand", want[0], card+"last4", want[1], card+"funding", want[2], card+"exp_month", 4, card+"exp_year", 2031)
	}
	for _, c := range testCards() {
		if !luhn(c.number) {
			t.Errorf("%s is no card number", c.number)
		}
	}
}
