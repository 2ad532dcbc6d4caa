package stripesim

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRefundsInTheDashboard have no request behind them, and begin as they are
// told to.
func TestRefundsInTheDashboard(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	intent, charge := b.sold()
	first, err := b.sim.RefundInDashboard(intent, 400, RefundOptions{Reason: "duplicate", Metadata: map[string]string{"by": "hand"}})
	if err != nil {
		t.Fatal(err)
	}
	b.get("/v1/refunds/"+first).ok().has("amount", 400, "status", "succeeded", "reason", "duplicate", "metadata.by", "hand", "payment_intent", intent)
	for _, e := range []int{0, 1} {
		b.get("/v1/events?limit=2").has("data."+itoa(float64(e))+".request.id", nil, "data."+itoa(float64(e))+".request.idempotency_key", nil)
	}
	second := b.control("/_sim/refunds", `{"payment":"`+charge+`","amount":500,"status":"pending"}`, 200).text("id")
	b.get("/v1/refunds/"+second).has("status", "pending", "reason", nil)
	b.control("/_sim/refunds", `{"payment":"`+charge+`","amount":1501}`, 400)
	third := b.control("/_sim/refunds", `{"payment":"`+intent+`"}`, 200).text("id")
	b.get("/v1/refunds/"+third).has("amount", 1500)
	b.get("/v1/charges/"+charge).has("amount_refunded", 2400, "refunded", true)
	for body, want := range map[string]string{
		`{"payment":"ch_x"}`:                                         "No such charge",
		`{"payment":"` + charge + `"}`:                               "has already been refunded",
		`{"payment":"` + charge + `","amount":-5}`:                   "greater than or equal to 1",
		`{"payment":"` + charge + `","status":"failed"}`:             "not as \"failed\"",
		`{"payment":"` + charge + `","amount":1,"status":"pending"}`: "has already been refunded",
		`[]`: "not the JSON",
	} {
		if r := b.do("POST", "/_sim/refunds", body); r.status < 400 || !strings.Contains(r.text("error"), want) {
			t.Errorf("%s answered %d %s, want %s", body, r.status, r.body, want)
		}
	}
	same(t, dump(b.sim), dump(reopen(t, path)))
}

// TestARefundThatAsksItsBuyer waits for an answer; it succeeds, fails, or is
// canceled, and then the money is back.
func TestARefundThatAsksItsBuyer(t *testing.T) {
	for end, want := range map[string][]any{
		"succeeded": {"status", "succeeded"},
		"failed":    {"status", "failed", "failure_reason", "expired_or_canceled_card", "failure_balance_transaction.amount", 2400},
		"canceled":  {"status", "canceled", "failure_reason", "merchant_request", "failure_balance_transaction.amount", 2400, "failure_balance_transaction.type", "refund_failure"},
	} {
		t.Run(end, func(t *testing.T) {
			b := newBox(t)
			_, charge := b.sold()
			id := b.control("/_sim/refunds", `{"payment":"`+charge+`","status":"requires_action"}`, 200).text("id")
			b.get("/v1/refunds/"+id).ok().has("status", "requires_action", "instructions_email", "buyer@example.com", "next_action.type", "display_details",
				"next_action.display_details.email_sent.email_sent_to", "buyer@example.com", "next_action.display_details.expires_at", int(b.clock.now().Add(45*24*time.Hour).Unix()))
			b.get("/v1/charges/"+charge).has("amount_refunded", 2400)
			kept := 0
			if end == "canceled" {
				b.post("/v1/refunds/"+id+"/cancel", "").ok()
			} else {
				b.control("/_sim/refunds/"+id+"/settle", `{"outcome":"`+end+`"}`, 200)
			}
			b.get("/v1/refunds/" + id + "?expand[]=failure_balance_transaction").ok().has(want...)
			if end == "succeeded" {
				kept = 2400
			}
			b.get("/v1/charges/"+charge).has("amount_refunded", kept, "refunded", kept == 2400)
			b.get("/v1/balance").has("available.0.amount", -kept)
			b.post("/v1/refunds/"+id+"/cancel", "").fails(400, "", "", "You cannot cancel a refund with a status of "+end+".")
			if diff := cmp.Diff([]string{"charge.refund.updated", "refund.updated", "charge.refunded", "refund.created"}, b.types("&types[]=refund.*&types[]=charge.refund*&types[]=charge.refunded&types[]=charge.refund.updated")); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
	newBox(t).post("/v1/refunds/re_x/cancel", "").fails(404, "resource_missing", "refund", "No such refund: 're_x'")
}

// TestARefundFailsWeeksLater, when its money was paid out as gone already.
func TestARefundFailsWeeksLater(t *testing.T) {
	b := newBox(t)
	b.sold()
	_, charge := b.sold()
	id := b.post("/v1/refunds", "charge="+charge).ok().text("id")
	b.clock.advance(24 * 24 * time.Hour)
	b.get("/v1/payouts").ok().has("data.0.amount", 2200)
	b.control("/_sim/refunds/"+id+"/settle", `{"outcome":"failed"}`, 200)
	b.get("/v1/refunds/"+id).has("status", "failed")
	b.get("/v1/charges/"+charge).has("amount_refunded", 0)
	b.clock.advance(24 * time.Hour)
	b.get("/v1/payouts").ok().has("data.0.amount", 2400, "has_more", false)
	b.control("/_sim/refunds/"+id+"/settle", `{"outcome":"failed"}`, 400)
}

// TestTwoRefundsThatExceed: the second, by hand, has the rest only.
func TestTwoRefundsThatExceed(t *testing.T) {
	b := newBox(t)
	_, charge := b.sold()
	b.post("/v1/refunds", "charge="+charge+"&amount=2000").ok()
	if _, err := b.sim.RefundInDashboard(charge, 2000, RefundOptions{}); err == nil || !strings.Contains(err.Error(), "Refund amount (€20.00) is greater than unrefunded amount on charge (€4.00)") {
		t.Errorf("refunded: %v", err)
	}
	b.get("/v1/charges/"+charge+"?expand[]=refunds").has("amount_refunded", 2000, "refunds.has_more", false)
}
