package stripesim

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// control turns a knob, and insists on the status.
func (b *box) control(path, body string, status int) reply {
	b.t.Helper()
	r := b.do("POST", path, body, "Content-Type", "application/json")
	if r.status != status {
		b.t.Fatalf("%s %s answered %d, want %d: %s", path, body, r.status, status, r.body)
	}
	return r
}

// dispute opens a dispute of a payment by the control.
func (b *box) dispute(payment, more string) string {
	b.t.Helper()
	return b.control("/_sim/disputes", `{"payment":"`+payment+`"`+more+`}`, 200).text("id")
}

const disputeEvents = "&type=charge.dispute.*"

// TestADisputeIsWon: the money goes with a fee, and comes back without it.
func TestADisputeIsWon(t *testing.T) {
	b := newBox(t)
	intent, charge := b.sold()
	id := b.dispute(intent, `,"reason":"product_not_received"`)
	d := b.get("/v1/disputes/" + id + "?expand[]=charge&expand[]=payment_intent").ok()
	d.has("object", "dispute", "amount", 2400, "currency", "eur", "status", "needs_response", "reason", "product_not_received", "is_charge_refundable", false, "charge.id", charge, "charge.disputed", true,
		"payment_intent.id", intent, "evidence_details.due_by", int(b.clock.now().Add(14*24*time.Hour).Unix()), "evidence.customer_email_address", "buyer@example.com", "payment_method_details.card.brand", "visa",
		"balance_transactions.0.amount", -2400, "balance_transactions.0.fee", 1500, "balance_transactions.0.net", -3900, "balance_transactions.0.type", "adjustment", "balance_transactions.0.reporting_category", "dispute",
		"balance_transactions.0.source", id, "balance_transactions.0.description", "Chargeback withdrawal for "+charge, "balance_transactions.0.fee_details.0.description", "Dispute fee")
	b.get("/v1/balance").has("available.0.amount", -3900)
	b.post("/v1/refunds", "charge="+charge).fails(400, "charge_disputed", "charge", "Charge "+charge+" has been charged back; cannot issue a refund.")
	b.control("/_sim/refunds", `{"payment":"`+charge+`"}`, 400)
	b.control("/_sim/disputes/"+id+"/review", "", 200)
	b.get("/v1/disputes/"+id).has("status", "under_review")
	b.clock.advance(time.Hour)
	b.control("/_sim/disputes/"+id+"/close", `{"won":true}`, 200)
	b.get("/v1/disputes/"+id).has("status", "won", "is_charge_refundable", true, "balance_transactions.1.amount", 2400, "balance_transactions.1.fee", 0, "balance_transactions.1.reporting_category", "dispute_reversal")
	b.get("/v1/balance").has("available.0.amount", -1500)
	b.get("/v1/balance_transactions?source="+id+"&expand[]=data.source").ok().has("data.0.source.object", "dispute", "data.1.source.id", id)
	want := []string{"charge.dispute.closed", "charge.dispute.funds_reinstated", "charge.dispute.updated", "charge.dispute.funds_withdrawn", "charge.dispute.created"}
	if diff := cmp.Diff(want, b.types(disputeEvents)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	b.get("/v1/events?limit=1").has("data.0.request.id", nil, "data.0.data.object.balance_transactions.1.amount", 2400)
	b.control("/_sim/disputes/"+id+"/close", `{"won":false}`, 400)
	b.control("/_sim/disputes", `{"payment":"`+charge+`"}`, 400)
	b.post("/v1/refunds", "charge="+charge).ok().has("amount", 2400)
}

// TestTheFeeOfAWonDispute comes back where that is assumed.
func TestTheFeeOfAWonDispute(t *testing.T) {
	b := newBox(t, func(o *Options) { o.Assumptions.WonReturnsFee = true })
	_, charge := b.sold()
	id := b.dispute(charge, "")
	b.control("/_sim/disputes/"+id+"/close", `{"won":true}`, 200)
	b.get("/v1/disputes/"+id).has("balance_transactions.1.fee", -1500, "balance_transactions.1.net", 3900)
	b.get("/v1/balance").has("available.0.amount", 0)
}

// TestADisputeIsLost, by the bank's word or by the organizer giving in; the
// money stays away.
func TestADisputeIsLost(t *testing.T) {
	for name, end := range map[string]func(*box, string){
		"the bank's word": func(b *box, id string) { b.control("/_sim/disputes/"+id+"/close", `{"won":false}`, 200) },
		"given in":        func(b *box, id string) { b.post("/v1/disputes/"+id+"/close", "").ok().has("status", "lost") },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBox(t)
			_, charge := b.sold()
			id := b.dispute(charge, `,"amount":1000`)
			end(b, id)
			b.get("/v1/disputes/"+id).has("status", "lost", "amount", 1000, "is_charge_refundable", false)
			b.get("/v1/balance").has("available.0.amount", -2500)
			b.post("/v1/refunds", "charge="+charge).fails(400, "charge_disputed", "charge", "Charge")
			b.post("/v1/disputes/"+id+"/close", "").fails(400, "", "", "This dispute is already closed: its status is lost.")
			b.post("/v1/disputes/"+id, "evidence[uncategorized_text]=Late").fails(400, "", "", "This dispute is already closed")
			b.post("/v1/disputes/"+id, "metadata[order]=7").ok().has("metadata.order", "7", "status", "lost")
			if got := b.types(disputeEvents); got[1] != "charge.dispute.closed" || strings.Contains(strings.Join(got, " "), "reinstated") {
				t.Errorf("events: %v", got)
			}
		})
	}
}

// TestADisputeThenARefundThenFundsReinstated is case 24: while the bank only
// asks, a refund is possible; the rest is disputed after it, and won.
func TestADisputeThenARefundThenFundsReinstated(t *testing.T) {
	b := newBox(t)
	intent, charge := b.sold()
	id := b.dispute(intent, `,"inquiry":true`)
	b.get("/v1/disputes/"+id).ok().has("status", "warning_needs_response", "is_charge_refundable", true)
	b.get("/v1/charges/"+charge).has("disputed", true)
	b.get("/v1/balance").has("available.0.amount", 0)
	b.control("/_sim/disputes/"+id+"/close", `{"won":false}`, 400)
	b.post("/v1/disputes/"+id+"/close", "").fails(400, "", "", "This dispute is an inquiry")
	b.control("/_sim/disputes", `{"payment":"`+charge+`","inquiry":true}`, 400)
	b.post("/v1/refunds", "charge="+charge+"&amount=900").ok()
	b.control("/_sim/disputes", `{"payment":"`+charge+`","amount":1501}`, 400)
	if again := b.dispute(charge, ""); again != id {
		t.Errorf("the inquiry %s went on as %s", id, again)
	}
	b.get("/v1/disputes/"+id).has("status", "needs_response", "amount", 1500, "balance_transactions.0.amount", -1500)
	b.post("/v1/refunds", "charge="+charge).fails(400, "charge_disputed", "charge", "Charge")
	b.control("/_sim/disputes/"+id+"/close", `{"won":true}`, 200)
	b.post("/v1/refunds", "charge="+charge).ok().has("amount", 1500)
	b.get("/v1/balance").has("available.0.amount", -2400-1500)
	want := []string{"charge.dispute.closed", "charge.dispute.funds_reinstated", "charge.dispute.funds_withdrawn", "charge.dispute.updated", "charge.dispute.created"}
	if diff := cmp.Diff(want, b.types(disputeEvents)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestAnInquiryComesToNothing, and a dispute can still follow.
func TestAnInquiryComesToNothing(t *testing.T) {
	b := newBox(t)
	_, charge := b.sold()
	id := b.dispute(charge, `,"inquiry":true`)
	b.control("/_sim/disputes/"+id+"/review", "", 200)
	b.get("/v1/disputes/"+id).has("status", "warning_under_review")
	b.control("/_sim/disputes/"+id+"/close", `{"won":true}`, 200)
	b.get("/v1/disputes/"+id).has("status", "warning_closed")
	b.get("/v1/balance").has("available.0.amount", 0)
	if next := b.dispute(charge, ""); next == id {
		t.Error("a closed inquiry was opened again")
	}
}

func TestEvidence(t *testing.T) {
	b := newBox(t)
	_, charge := b.sold()
	id := b.dispute(charge, "")
	b.post("/v1/disputes/"+id, "evidence[uncategorized_text]=Seen+at+the+door&submit=false&metadata[order]=7").ok().has(
		"status", "needs_response", "evidence.uncategorized_text", "Seen at the door", "evidence.customer_name", nil, "evidence_details.has_evidence", true, "evidence_details.submission_count", 0)
	b.post("/v1/disputes/"+id, "evidence[customer_name]=Jenny").ok().has("status", "under_review", "evidence.uncategorized_text", "Seen at the door", "evidence.customer_name", "Jenny",
		"evidence_details.submission_count", 1, "evidence_details.past_due", false, "metadata.order", "7")
	b.post("/v1/disputes/"+id, "evidence[receipt]=file_1").fails(400, "parameter_unknown", "evidence[receipt]", "Received unknown parameter")
	b.clock.advance(15 * 24 * time.Hour)
	b.post("/v1/disputes/"+id, "evidence[uncategorized_text]=").ok().has("evidence.uncategorized_text", nil, "evidence_details.past_due", true)
	b.post("/v1/disputes/du_x", "").fails(404, "resource_missing", "dispute", "No such dispute: 'du_x'")
}

func TestDisputeRefusals(t *testing.T) {
	b := newBox(t)
	_, charge := b.sold()
	session := b.openSession("")
	_ = b.sim.Pay(session, Payment{Card: "4000000000000002"})
	declined := b.get("/v1/charges?limit=1").text("data.0.id")
	_, refunded := b.sold()
	b.post("/v1/refunds", "charge="+refunded).ok()
	for body, want := range map[string]string{
		`{"payment":"ch_x"}`:                               "No such charge: 'ch_x'",
		`{"payment":"` + declined + `"}`:                   "is failed, no money was taken",
		`{"payment":"` + refunded + `"}`:                   "is refunded",
		`{"payment":"` + charge + `","amount":2401}`:       "cannot be disputed",
		`{"payment":"` + charge + `","amount":-1}`:         "cannot be disputed",
		`{"payment":"` + charge + `","reason":"mischief"}`: "no reason",
		`nonsense`: "not the JSON",
	} {
		if r := b.do("POST", "/_sim/disputes", body); r.status < 400 || !strings.Contains(r.text("error"), want) {
			t.Errorf("%s answered %d %s, want %s", body, r.status, r.body, want)
		}
	}
	for _, id := range []string{"/review", "/close"} {
		b.control("/_sim/disputes/du_x"+id, "{}", 404)
	}
	if got := b.get("/v1/disputes").ids(); len(got) != 0 {
		t.Errorf("there are disputes: %v", got)
	}
}

// TestListDisputes, and that they outlive a restart.
func TestListDisputes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	intent, charge := b.sold()
	old := b.dispute(charge, "")
	b.control("/_sim/disputes/"+old+"/close", `{"won":true}`, 200)
	b.clock.advance(time.Hour)
	_, other := b.sold()
	recent := b.dispute(other, `,"inquiry":true`)
	for query, want := range map[string][]string{
		"":                         {recent, old},
		"charge=" + charge:         {old},
		"payment_intent=" + intent: {old},
		"limit=1":                  {recent},
		"starting_after=" + recent: {old},
		"created[lt]=1":            {},
	} {
		if diff := cmp.Diff(want, b.get("/v1/disputes?"+query).ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	same(t, dump(b.sim), dump(reopen(t, path)))
}

// TestADisputeOfAConvertedPayment takes what the payment was on the balance,
// and a debit has no card in it.
func TestADisputeOfAConvertedPayment(t *testing.T) {
	b := newBox(t)
	session := b.openIn("usd", 2400)
	b.buy(session, Payment{Delayed: true})
	if err := b.sim.Settle(session, true); err != nil {
		t.Fatal(err)
	}
	id := b.dispute(b.get("/v1/charges").text("data.0.id"), "")
	b.get("/v1/disputes/"+id).ok().has("amount", 2400, "currency", "usd", "balance_transactions.0.amount", -2208, "balance_transactions.0.currency", "eur", "balance_transactions.0.fee_details.0.currency", "eur")
	if _, told := b.get("/v1/disputes/" + id).json["payment_method_details"]; told {
		t.Error("a debit has details of a card")
	}
	b.control("/_sim/disputes/"+id+"/close", `{"won":true}`, 200)
	b.get("/v1/disputes/"+id).has("balance_transactions.1.amount", 2208, "balance_transactions.1.exchange_rate", 0.92)
}
