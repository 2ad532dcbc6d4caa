package stripesim

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestTruth tells of each movement once: a link's sale, a debit that waits and
// one that came, a payment of one's own, refunds, a dispute, a payout.
func TestTruth(t *testing.T) {
	b := newBox(t)
	link := b.openLink("&payment_intent_data[metadata][order]=9")
	session := b.visit(link)
	b.buy(session, Payment{})
	b.buy(b.openSession(""), Payment{Delayed: true})
	_ = b.sim.Pay(b.openSession(""), Payment{Card: "4000000000000002"})
	own := b.openIntent(never3ds)
	b.post("/v1/payment_intents/"+own+"/confirm", "payment_method=pm_card_visa").ok()
	refund := b.post("/v1/refunds", "payment_intent="+own+"&amount=100").ok().text("id")
	charges := b.get("/v1/payment_intents/" + own).text("latest_charge")
	sold := b.get("/v1/checkout/sessions/" + session + "?expand[]=payment_intent").ok()
	sale := sold.text("payment_intent.id")
	dispute := b.dispute(sale, `,"amount":500`)
	b.control("/_sim/disputes/"+dispute+"/close", `{"won":true}`, 200)
	at := b.clock.now().Unix()
	b.clock.advance(80 * time.Hour)
	r := b.get("/_sim/truth").ok()
	var truth Truth
	if err := json.Unmarshal(r.body, &truth); err != nil {
		t.Fatal(err)
	}
	direct, err := b.sim.Truth()
	if diff := cmp.Diff(direct, truth); err != nil || diff != "" {
		t.Errorf("%v, over HTTP (-want +got):\n%s", err, diff)
	}
	total := int64(sold.at("amount_total").(float64))
	saleCharge := sold.text("payment_intent.latest_charge")
	ownAmount := int64(b.get("/v1/payment_intents/" + own).at("amount").(float64))
	wantPaid := []PaidTruth{
		{IntentID: sale, ChargeID: saleCharge, SessionID: session, LinkID: link, Amount: total, Currency: "eur", At: at, Metadata: map[string]string{"order": "9"}},
		{IntentID: own, ChargeID: charges, Amount: ownAmount, Currency: "eur", At: at, Metadata: truth.Payments[1].Metadata},
	}
	if diff := cmp.Diff(wantPaid, truth.Payments); diff != "" {
		t.Errorf("payments (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]RefundTruth{{ID: refund, IntentID: own, ChargeID: charges, Amount: 100, Currency: "eur", Status: "succeeded"}}, truth.Refunds); diff != "" {
		t.Errorf("refunds (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]DisputeTruth{{ID: dispute, IntentID: sale, ChargeID: saleCharge, Amount: 500, Currency: "eur", Status: "won", Withdrawn: 500, Reinstated: 500}}, truth.Disputes); diff != "" {
		t.Errorf("disputes (-want +got):\n%s", diff)
	}
	var kinds []string
	var sum int64
	payout := b.get("/v1/payouts").text("data.0.id")
	for _, x := range truth.Transactions {
		if x.Type == "payment" { // the debit's, which its bank has not answered
			if x.Payout != "" {
				t.Errorf("%+v is paid out", x)
			}
			continue
		}
		kinds = append(kinds, x.Category)
		sum += x.Net
		if x.Payout != payout {
			t.Errorf("%+v is not in %s", x, payout)
		}
	}
	if diff := cmp.Diff([]string{"charge", "charge", "refund", "dispute", "dispute_reversal", "payout"}, kinds); diff != "" || sum != 0 {
		t.Errorf("transactions come to %d (-want +got):\n%s", sum, diff)
	}
	live, err := b.sim.TruthOf("", true)
	if err != nil || len(live.Transactions) != 0 {
		t.Errorf("the live side has %v, %v", live, err)
	}
	if _, err := b.sim.TruthOf("acct_x", false); err == nil {
		t.Error("there is truth of nobody")
	}
	if status := b.statusFor("stripe.example", "/_sim/truth"); status != 403 {
		t.Errorf("a stranger was told: %d", status)
	}
}
