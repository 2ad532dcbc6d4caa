package stripeapi_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/stripeapi"
)

// moneyCalls are those of calls that ask what became of money.
func moneyCalls() map[string]call {
	return map[string]call{
		"SessionsOfIntent": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.SessionsOfIntent(ctx, "pi_1")
			return err
		},
		"RefundByID": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.RefundByID(ctx, "re_1")
			return err
		},
		"Refunds": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.Refunds(ctx, noon, noon, "re_1")
			return err
		},
		"RefundsOf": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.RefundsOf(ctx, "pi_1", "re_1")
			return err
		},
		"Dispute": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.Dispute(ctx, "dp_1")
			return err
		},
		"Disputes": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.Disputes(ctx, noon, noon, "dp_1")
			return err
		},
		"DisputesOf": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.DisputesOf(ctx, "pi_1", "dp_1")
			return err
		},
		"Charge": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.Charge(ctx, "ch_1")
			return err
		},
		"Charges": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.Charges(ctx, noon, noon, "ch_1")
			return err
		},
		"Transactions": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.Transactions(ctx, noon, noon, "txn_1")
			return err
		},
		"TransactionsOf": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.TransactionsOf(ctx, "po_1", "txn_1")
			return err
		},
		"Payout": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.Payout(ctx, "po_1")
			return err
		},
		"Payouts": func(ctx context.Context, c *stripeapi.Client) error {
			_, err := c.Payouts(ctx, noon, noon, "po_1")
			return err
		},
	}
}

// moneyLists are those of moneyCalls that are answered with a list.
func moneyLists() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(moneyCalls())), func(name string) bool {
		return slices.Contains([]string{"RefundByID", "Dispute", "Charge", "Payout"}, name)
	})
}

// moneyForms are exactly what must go out for each of moneyCalls.
func moneyForms() []form {
	all := moneyCalls()
	window := func(more ...string) string {
		return strings.Join(append([]string{"created[gte]=1772712000", "created[lte]=1772712000", "limit=100"}, more...), "\n")
	}
	of := func(more ...string) string { return strings.Join(append([]string{"limit=100"}, more...), "\n") }
	one := []spoilt{{"a parameter that Stripe has not", "limit", "1", true}}
	filter := []spoilt{{"a filter that there is not", "metadata[willcall_order]", "ord-1", true}}
	end := []spoilt{{"a range with a wrong end", "created[until]", "1", false}}
	return []form{
		{"the session of a payment", all["SessionsOfIntent"], "GET /v1/checkout/sessions", of("expand[0]=data.payment_intent.latest_charge", "payment_intent=pi_1"), filter},
		{"a refund fetched", all["RefundByID"], "GET /v1/refunds/re_1", "", one},
		{"refunds", all["Refunds"], "GET /v1/refunds", window("starting_after=re_1"), end},
		{"the refunds of a payment", all["RefundsOf"], "GET /v1/refunds", of("payment_intent=pi_1", "starting_after=re_1"), filter},
		{"a dispute fetched", all["Dispute"], "GET /v1/disputes/dp_1", "", one},
		{"disputes", all["Disputes"], "GET /v1/disputes", window("starting_after=dp_1"), end},
		{"the disputes of a payment", all["DisputesOf"], "GET /v1/disputes", of("payment_intent=pi_1", "starting_after=dp_1"), filter},
		{"a charge fetched", all["Charge"], "GET /v1/charges/ch_1", "", one},
		{"charges", all["Charges"], "GET /v1/charges", window("starting_after=ch_1"), end},
		{"balance transactions", all["Transactions"], "GET /v1/balance_transactions", window("starting_after=txn_1"), end},
		{"those of a payout", all["TransactionsOf"], "GET /v1/balance_transactions", of("payout=po_1", "starting_after=txn_1"), filter},
		{"a payout fetched", all["Payout"], "GET /v1/payouts/po_1", "", one},
		{"payouts", all["Payouts"], "GET /v1/payouts", window("starting_after=po_1"), []spoilt{{"a filter that there is not", "automatic", "true", true}}},
	}
}

// TestTheTypesOfEvents: Stripe lists 20 types at most in one request, and knows
// each at the version that is sent.
func TestTheTypesOfEvents(t *testing.T) {
	all := stripeapi.MoneyEvents()
	if len(all) > 20 || len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
		t.Errorf("there are %d types, or one twice: %q", len(all), all)
	}
	known := documented(t, "POST", "/v1/webhook_endpoints").Properties["enabled_events"].Items.Enum
	for _, e := range all {
		if !slices.Contains(known, e) {
			t.Errorf("Stripe %s has no %s", stripe.APIVersion, e)
		}
	}
	for _, e := range slices.Concat(stripeapi.SessionEvents(), stripeapi.LateEvents()) {
		if !slices.Contains(all, e) {
			t.Errorf("%s is not listened to", e)
		}
	}
	// What is made new is in a list of new objects; of all others a till hears
	// by events alone.
	fresh := []string{"checkout.session.completed", "checkout.session.expired", "payment_intent.succeeded", "payment_intent.canceled", "charge.refunded", "refund.created"}
	for _, e := range all {
		if slices.Contains(fresh, e) == slices.Contains(stripeapi.LateEvents(), e) {
			t.Errorf("%s: new or late?", e)
		}
	}
}
