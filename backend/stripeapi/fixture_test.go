package stripeapi_test

import (
	"context"
	"encoding/json"
	"maps"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"github.com/stripe/stripe-mock/embedded"

	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// schemas are those of Stripe's OpenAPI document, by name.
var schemas = sync.OnceValue(func() openapi3.Schemas {
	document, err := openapi3.NewLoader().LoadFromData(embedded.OpenAPISpec)
	if err != nil {
		panic(err)
	}
	return document.Components.Schemas
})

// fixture is Stripe's own example of a resource, with fields of ours. It holds
// to Stripe's document.
func fixture(t *testing.T, kind string, fields map[string]any) map[string]any {
	t.Helper()
	var all struct {
		Resources map[string]json.RawMessage `json:"resources"`
	}
	if err := json.Unmarshal(embedded.OpenAPIFixtures, &all); err != nil {
		t.Fatal(err)
	}
	var one map[string]any
	if err := json.Unmarshal(all.Resources[kind], &one); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	var ours map[string]any
	if err := json.Unmarshal(text, &ours); err != nil {
		t.Fatal(err)
	}
	maps.Copy(one, ours)
	if err := schemas()[kind].Value.VisitJSON(one); err != nil {
		t.Fatalf("the %s is none of Stripe's: %v", kind, err)
	}
	return one
}

// body is the fixture as it comes.
func body(t *testing.T, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", "  ") // as Stripe writes
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestStripesBooksAreRead: each resource that tells what became of money, in
// the shape of Stripe's document, alone and in a list.
func TestStripesBooksAreRead(t *testing.T) {
	eur := func(minor int64) money.Amount { return money.New(minor, "eur") }
	at := noon.Unix()
	type fields = map[string]any
	moved := func(id string, minor, fee int64) any {
		return fixture(t, "balance_transaction", fields{"id": id, "amount": minor, "fee": fee, "net": minor - fee, "currency": "chf"})
	}
	for name, c := range map[string]struct {
		kind   string
		fields fields
		list   func(context.Context, *stripeapi.Client) (any, error) // the one on the page
		one    func(context.Context, *stripeapi.Client) (any, error)
		want   any
	}{
		"a refund that failed": {
			"refund", fields{
				"id": "re_1", "status": "failed", "amount": 900, "currency": "eur", "charge": fixture(t, "charge", fields{"id": "ch_1"}), "payment_intent": "pi_1", "created": at,
				"reason": "requested_by_customer", "failure_reason": "expired_or_canceled_card", "metadata": fields{"willcall_order": "ord-1", "ä\"\n": "b"},
				"balance_transaction": "txn_1", "failure_balance_transaction": "txn_2",
			}, listedRefund, func(ctx context.Context, c *stripeapi.Client) (any, error) { return c.RefundByID(ctx, "re_1") },
			stripeapi.Refund{
				ID: "re_1", Status: stripeapi.RefundFailed, Amount: eur(900), ChargeID: "ch_1", IntentID: "pi_1", Created: noon, Reason: "requested_by_customer",
				FailureReason: "expired_or_canceled_card", Metadata: map[string]string{"willcall_order": "ord-1", "ä\"\n": "b"}, TransactionID: "txn_1", FailureTransactionID: "txn_2",
			},
		},
		"a refund of a charge without an intent": {
			"refund", fields{
				"id": "re_1", "status": "pending", "amount": 900, "currency": "eur", "charge": "ch_1", "payment_intent": nil, "created": at, "reason": nil, "metadata": nil, "balance_transaction": nil,
			}, listedRefund, func(ctx context.Context, c *stripeapi.Client) (any, error) { return c.RefundByID(ctx, "re_1") },
			stripeapi.Refund{ID: "re_1", Status: stripeapi.RefundPending, Amount: eur(900), ChargeID: "ch_1", Created: noon},
		},
		"a dispute that was won": {
			"dispute", fields{
				"id": "dp_1", "status": "won", "amount": 2400, "currency": "eur", "charge": "ch_1", "payment_intent": "pi_1", "created": at, "reason": "fraudulent", "livemode": true,
				"evidence_details":     fields{"due_by": at + 3600, "has_evidence": true, "past_due": false, "submission_count": 1},
				"balance_transactions": []any{moved("txn_1", -2300, 1500), moved("txn_2", 2300, -1500)},
			}, listedDispute, func(ctx context.Context, c *stripeapi.Client) (any, error) { return c.Dispute(ctx, "dp_1") },
			stripeapi.Dispute{
				ID: "dp_1", Status: stripeapi.DisputeWon, Amount: eur(2400), ChargeID: "ch_1", IntentID: "pi_1", Created: noon, DueBy: noon.Add(3600e9), Reason: "fraudulent", Livemode: true,
				Withdrawn: money.New(2300, "chf"), Reinstated: money.New(2300, "chf"), Fee: 0,
			},
		},
		"an inquiry": {
			"dispute", fields{
				"id": "dp_1", "status": "warning_needs_response", "amount": 2400, "currency": "eur", "charge": "ch_1", "payment_intent": nil, "created": at, "reason": "general",
				"evidence_details": fields{"due_by": nil, "has_evidence": false, "past_due": false, "submission_count": 0}, "balance_transactions": []any{},
			}, listedDispute, func(ctx context.Context, c *stripeapi.Client) (any, error) { return c.Dispute(ctx, "dp_1") },
			stripeapi.Dispute{ID: "dp_1", Status: stripeapi.InquiryNeedsResponse, Amount: eur(2400), ChargeID: "ch_1", Created: noon, Reason: "general"},
		},
		"a charge": {
			"charge", fields{
				"id": "ch_1", "amount": 5200, "currency": "eur", "payment_intent": "pi_1", "captured": true, "paid": true, "status": "succeeded", "amount_refunded": 900, "disputed": true,
				"created": at, "balance_transaction": moved("txn_1", 5000, 100), "livemode": true, "metadata": fields{"willcall_order": "ord-1"}, "description": "Hamlet",
			}, func(ctx context.Context, c *stripeapi.Client) (any, error) {
				p, err := c.Charges(ctx, noon, noon, "")
				return first(p.Charges, p.More), err
			}, nil, stripeapi.Charge{
				ID: "ch_1", IntentID: "pi_1", Amount: eur(5200), Captured: true, Paid: true, Status: stripeapi.ChargeSucceeded, Refunded: 900, Disputed: true, Created: noon,
				TransactionID: "txn_1", Livemode: true, Metadata: order, Description: "Hamlet",
			},
		},
		"money that goes out, converted": {
			"balance_transaction", fields{
				"id": "txn_1", "type": "refund", "reporting_category": "refund", "amount": -900, "fee": -30, "net": -870, "currency": "eur", "created": at, "available_on": at + 60,
				"source": "re_1", "exchange_rate": 1.0796,
			}, func(ctx context.Context, c *stripeapi.Client) (any, error) {
				p, err := c.Transactions(ctx, noon, noon, "")
				return first(p.Transactions, p.More), err
			}, nil, stripeapi.Transaction{
				ID: "txn_1", Type: "refund", Category: "refund", Amount: eur(-900), Fee: -30, Net: -870, Created: noon, AvailableOn: noon.Add(60e9), SourceID: "re_1", ExchangeRate: "1.0796",
			},
		},
		"a payout that failed": {
			"payout", fields{
				"id": "po_1", "amount": -900, "currency": "eur", "status": "failed", "created": at, "arrival_date": at + 86400, "automatic": true, "reconciliation_status": "completed",
				"balance_transaction": "txn_1", "failure_balance_transaction": "txn_2", "failure_message": "The bank account has been closed.", "failure_code": "account_closed",
			}, func(ctx context.Context, c *stripeapi.Client) (any, error) {
				p, err := c.Payouts(ctx, noon, noon, "")
				return first(p.Payouts, p.More), err
			}, func(ctx context.Context, c *stripeapi.Client) (any, error) { return c.Payout(ctx, "po_1") },
			stripeapi.Payout{
				ID: "po_1", Amount: eur(-900), Status: stripeapi.PayoutFailed, Created: noon, ArrivalAt: noon.Add(24 * 3600e9), Automatic: true, Reconciled: true,
				TransactionID: "txn_1", ReturnID: "txn_2", FailureMessage: "The bank account has been closed.",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			thing := fixture(t, c.kind, c.fields)
			url, _ := answering(t, says(200, body(t, thing)))
			if c.one != nil {
				got, err := c.one(t.Context(), client(url))
				if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
					t.Errorf("alone: %v (-want +got):\n%s", err, diff)
				}
			}
			url, _ = answering(t, says(200, body(t, map[string]any{"object": "list", "has_more": true, "url": "/v1/x", "data": []any{thing}})))
			got, err := c.list(t.Context(), client(url))
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("listed: %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// first is the only one of a page, behind which there are more.
func first[T any](items []T, more bool) any {
	if len(items) != 1 || !more {
		return items
	}
	return items[0]
}

func listedRefund(ctx context.Context, c *stripeapi.Client) (any, error) {
	p, err := c.RefundsOf(ctx, "pi_1", "")
	return first(p.Refunds, p.More), err
}

func listedDispute(ctx context.Context, c *stripeapi.Client) (any, error) {
	p, err := c.DisputesOf(ctx, "pi_1", "")
	return first(p.Disputes, p.More), err
}

// TestTheStatusesAreStripes: each that Stripe's document has is known here.
func TestTheStatusesAreStripes(t *testing.T) {
	for kind, ours := range map[string][]any{
		"dispute": {
			string(stripeapi.InquiryNeedsResponse), string(stripeapi.InquiryUnderReview), string(stripeapi.InquiryClosed), string(stripeapi.DisputeNeedsResponse),
			string(stripeapi.DisputeUnderReview), string(stripeapi.DisputeWon), string(stripeapi.DisputeLost),
		},
		"charge": {string(stripeapi.ChargePending), string(stripeapi.ChargeSucceeded), string(stripeapi.ChargeFailed)},
	} {
		theirs := map[any]bool{}
		for _, status := range schemas()[kind].Value.Properties["status"].Value.Enum {
			theirs[status] = true
		}
		known := map[any]bool{}
		for _, status := range ours {
			known[status] = true
		}
		if diff := cmp.Diff(theirs, known); diff != "" {
			t.Errorf("%s (-Stripe's +ours):\n%s", kind, diff)
		}
	}
}
