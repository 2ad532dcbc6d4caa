package stripeapi_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

const done = "http://127.0.0.1:4381/c/done"

// typed asks for two adults and a child, by card at the till.
func typed() boxoffice.PaymentRequest {
	return boxoffice.PaymentRequest{
		Amount: money.New(5700, "eur"), Description: "Hamlet, 5 March", ReceiptEmail: "ana@example.org", Metadata: order, Descriptor: "HAMLET 5 MAR",
	}
}

// TestTheLifeOfATypedCard is what a till sees of each way that it can go.
func TestTheLifeOfATypedCard(t *testing.T) {
	nobody := func(context.Context, *stripeapi.Client, string) error { return nil }
	confirm := func(method string) func(context.Context, *stripeapi.Client, string) error {
		return func(ctx context.Context, c *stripeapi.Client, id string) error {
			_, err := c.ConfirmPayment(ctx, "confirm-"+method, id, method, done)
			return err
		}
	}
	visa := boxoffice.Card{Brand: "visa", Last4: "4242"}
	declined := boxoffice.Card{Brand: "visa", Last4: "0002"}
	for _, c := range []struct {
		name string
		do   func(context.Context, *stripeapi.Client, string) error
		code string // of the refusal; "" for none
		want stripeapi.Session
	}{
		{"nobody has typed", nobody, "", stripeapi.Session{Status: "open", Payment: stripeapi.Payment{Status: "requires_payment_method"}}},
		{"paid", confirm("pm_card_visa"), "", stripeapi.Session{
			Status: "complete", Paid: true, Payment: stripeapi.Payment{Status: "succeeded", ChargeID: "ch", PaidAt: noon, Card: visa},
		}},
		{"declined, and another card may be tried", confirm("pm_card_visa_chargeDeclined"), "card_declined", stripeapi.Session{
			Status: "open", Payment: stripeapi.Payment{Status: "requires_payment_method", ChargeID: "ch", PaidAt: noon, Card: declined, Problem: "Your card was declined."},
		}},
		{"the bank asks for 3-D Secure", confirm("pm_card_authenticationRequired"), "", stripeapi.Session{
			Status: "open", Payment: stripeapi.Payment{Status: "requires_action"},
		}},
		{"given up", func(ctx context.Context, c *stripeapi.Client, id string) error {
			_, err := c.CancelPayment(ctx, "cancel", id)
			return err
		}, "", stripeapi.Session{Status: "expired", Payment: stripeapi.Payment{Status: "canceled"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cl, _ := sale(t)
			s := made[stripeapi.Session](t)(cl.CreatePayment(t.Context(), "tdr-1-create", typed()))
			err := c.do(t.Context(), cl, s.ID)
			if c.code != "" {
				if failure := failed(t, err); failure.Failure != stripeapi.Refused || failure.Code != c.code {
					t.Errorf("it is %v, want %s", failure, c.code)
				}
			} else if err != nil {
				t.Error(err)
			}
			c.want.ID, c.want.Reference, c.want.Metadata, c.want.BuyerEmail = s.ID, "ord-1", order, "ana@example.org"
			c.want.Amount, c.want.Created, c.want.Payment.IntentID = money.New(5700, "eur"), noon, s.ID
			got := made[stripeapi.Session](t)(cl.Payment(t.Context(), s.ID))
			if diff := cmp.Diff(c.want, got, idsByPrefix()); diff != "" {
				t.Errorf("fetched (-want +got):\n%s", diff)
			}
			page := made[stripeapi.SessionPage](t)(cl.Payments(t.Context(), noon, noon, ""))
			if diff := cmp.Diff(stripeapi.SessionPage{Sessions: []stripeapi.Session{got}}, page, byAnyRequest()); diff != "" {
				t.Errorf("listed (-want +got):\n%s", diff)
			}
			if secret := made[string](t)(cl.ClientSecret(t.Context(), s.ID)); !strings.HasPrefix(secret, s.ID+"_secret_") {
				t.Error("the client secret is not of this payment")
			}
		})
	}
}

// TestCancelIsRefusedOncePaid: the buyer was faster. A session's own payment
// ends with its session.
func TestCancelIsRefusedOncePaid(t *testing.T) {
	c, sim := sale(t)
	s := made[stripeapi.Session](t)(c.CreatePayment(t.Context(), "tdr-1-create", typed()))
	made[stripeapi.Session](t)(c.ConfirmPayment(t.Context(), "confirm", s.ID, "pm_card_visa", done))
	_, err := c.CancelPayment(t.Context(), "cancel-1", s.ID)
	if failure := failed(t, err); failure.Failure != stripeapi.Refused {
		t.Errorf("once paid it is %v", failure)
	}
	of := open(t, c, "tdr-2-create")
	pay(stripesim.Payment{Card: "4000000000009995"})(t, c, sim, of.ID) // declined: there is an intent now
	_, err = c.CancelPayment(t.Context(), "cancel-2", fetch(t, c, of.ID).Payment.IntentID)
	if failure := failed(t, err); failure.Failure != stripeapi.Refused {
		t.Errorf("a session's own is %v", failure)
	}
}

// TestMoneyGoesBack: a part, the same part again by its key, the rest, and no
// more than there was.
func TestMoneyGoesBack(t *testing.T) {
	c, _ := sale(t)
	ctx, refunded := t.Context(), made[stripeapi.Refund](t)
	s := made[stripeapi.Session](t)(c.CreatePayment(ctx, "tdr-1-create", typed()))
	made[stripeapi.Session](t)(c.ConfirmPayment(ctx, "confirm", s.ID, "pm_card_visa", done))
	part := stripeapi.RefundRequest{PaymentIntentID: s.ID, Amount: money.New(900, "eur"), Metadata: order}
	first, again := refunded(c.Refund(ctx, "refund-1", part)), refunded(c.Refund(ctx, "refund-1", part))
	if !cmp.Equal(first, again) || first.Amount != part.Amount || first.Status != stripeapi.RefundSucceeded {
		t.Errorf("a part is %+v, and then %+v", first, again)
	}
	_, err := c.Refund(ctx, "refund-2", stripeapi.RefundRequest{PaymentIntentID: s.ID, Amount: money.New(4801, "eur")})
	if failure := failed(t, err); failure.Failure != stripeapi.Refused {
		t.Errorf("more than is left is %v", failure)
	}
	if rest := refunded(c.Refund(ctx, "refund-3", stripeapi.RefundRequest{PaymentIntentID: s.ID})); rest.Amount != money.New(4800, "eur") || rest.ID == first.ID {
		t.Errorf("the rest is %+v", rest)
	}
	_, err = c.Refund(ctx, "refund-4", part)
	if failure := failed(t, err); failure.Failure != stripeapi.Refused || failure.Code != "charge_already_refunded" {
		t.Errorf("once more is %v", failure)
	}
}

// TestPaymentsOfManyPages: no typed card stays behind on a page.
func TestPaymentsOfManyPages(t *testing.T) {
	c, _ := sale(t)
	want, got := map[string]bool{}, map[string]bool{}
	for i := range 103 {
		want[made[stripeapi.Session](t)(c.CreatePayment(t.Context(), fmt.Sprintf("tdr-%d-create", i), typed())).ID] = true
	}
	for after, more := "", true; more; {
		page := made[stripeapi.SessionPage](t)(c.Payments(t.Context(), noon, noon, after))
		for _, s := range page.Sessions {
			got[s.ID], after = true, s.ID
		}
		more = page.More
	}
	if !cmp.Equal(got, want) {
		t.Errorf("%d payments are listed, want %d", len(got), len(want))
	}
}

// TestAFeeIsAPlatforms: who asks with the account's own key can take none.
func TestAFeeIsAPlatforms(t *testing.T) {
	c, _ := sale(t)
	payment, session := typed(), request()
	payment.Fee, session.Fee = 45, 45
	_, err := c.CreatePayment(t.Context(), "tdr-1-create", payment)
	if failure := failed(t, err); failure.Failure != stripeapi.Refused || failure.Param != "application_fee_amount" {
		t.Errorf("of a payment it is %v, about %q", failure, failure.Param)
	}
	_, err = c.CreateSession(t.Context(), "tdr-2-create", session)
	if failure := failed(t, err); failure.Failure != stripeapi.Refused || failure.Param != "payment_intent_data[application_fee_amount]" {
		t.Errorf("of a session it is %v, about %q", failure, failure.Param)
	}
}
