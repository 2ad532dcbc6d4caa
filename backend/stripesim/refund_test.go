package stripesim

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sold sells the sale by card and returns its intent and charge.
func (b *box) sold() (intent, charge string) {
	b.t.Helper()
	b.buy(b.openSession(""), Payment{})
	c := b.get("/v1/charges?limit=1").ok()
	return c.text("data.0.payment_intent"), c.text("data.0.id")
}

func TestRefunds(t *testing.T) {
	b := newBox(t, journaled(filepath.Join(t.TempDir(), "sim.jsonl")))
	intent, charge := b.sold()
	first := b.post("/v1/refunds", "payment_intent="+intent+"&amount=400&reason=requested_by_customer&metadata[order]=7&expand[]=balance_transaction").ok()
	first.has("object", "refund", "amount", 400, "currency", "eur", "charge", charge, "payment_intent", intent, "status", "succeeded", "reason", "requested_by_customer",
		"metadata.order", "7", "balance_transaction.amount", -400, "balance_transaction.net", -400, "balance_transaction.fee", 0, "balance_transaction.type", "refund", "balance_transaction.reporting_category", "refund")
	b.get("/v1/charges/"+charge).has("amount_refunded", 400, "refunded", false)
	b.post("/v1/refunds", "charge="+charge+"&amount=2001").fails(400, "", "amount", "Refund amount (€20.01) is greater than unrefunded amount on charge (€20.00)")
	second := b.post("/v1/refunds", "charge="+charge).ok().has("amount", 2000, "reason", nil)
	b.get("/v1/charges/"+charge+"?expand[]=refunds").has("amount_refunded", 2400, "refunded", true, "refunds.data.0.id", second.text("id"), "refunds.data.1.id", first.text("id"))
	b.post("/v1/refunds", "charge="+charge).fails(400, "charge_already_refunded", "", "Charge "+charge+" has already been refunded.")
	b.post("/v1/refunds/"+first.text("id"), "metadata[order]=&metadata[till]=2").ok().has("metadata.till", "2").lacks("metadata.order")
	b.get("/v1/refunds/"+first.text("id")+"?expand[]=charge").ok().has("charge.id", charge, "metadata.till", "2")
	b.get("/v1/balance_transactions?type=refund&expand[]=data.source").has("data.0.source.id", second.text("id"))
	b.get("/v1/balance").has("pending.0.amount", 2400-100, "available.0.amount", -2400) // Stripe keeps its fee

	_, other := b.sold()
	third := b.post("/v1/refunds", "charge="+other+"&amount=1").ok().text("id")
	for query, want := range map[string][]string{
		"":                         {third, second.text("id"), first.text("id")},
		"charge=" + charge:         {second.text("id"), first.text("id")},
		"payment_intent=" + intent: {second.text("id"), first.text("id")},
		"limit=1":                  {third},
		"created[lt]=1":            {},
	} {
		if diff := cmp.Diff(want, b.get("/v1/refunds?"+query).ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	want := []string{"charge.refunded", "refund.created", "refund.updated", "charge.refunded", "refund.created", "charge.refunded", "refund.created"}
	if diff := cmp.Diff(want, b.types("&types[]=refund.*&types[]=charge.refunded")); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestRefundRefusals(t *testing.T) {
	b := newBox(t)
	intent, charge := b.sold()
	session := b.openSession("")
	_ = b.sim.Pay(session, Payment{Card: "4000000000000002"})
	declined := b.get("/v1/charges?limit=1").text("data.0.id")
	open := b.get("/v1/checkout/sessions/" + session).text("payment_intent")
	_, other := b.sold()
	for _, c := range []struct{ form, code, param, message string }{
		{"", "parameter_missing", "", "One of the following params should be provided"},
		{"charge=ch_x", "resource_missing", "charge", "No such charge: 'ch_x'"},
		{"payment_intent=pi_x", "resource_missing", "payment_intent", "No such payment_intent: 'pi_x'"},
		{"charge=" + declined, "", "charge", "Charge " + declined + " cannot be refunded because it has a status of failed."},
		{"payment_intent=" + open, "", "payment_intent", "This PaymentIntent (" + open + ") does not have a successful charge to refund."},
		{"payment_intent=" + intent + "&charge=" + other, "", "charge", "The charge " + other + " does not belong"},
		{"charge=" + charge + "&amount=0", "parameter_invalid_integer", "amount", "This value must be greater than or equal to 1."},
		{"charge=" + charge + "&amount=1.5", "parameter_invalid_integer", "amount", "Invalid integer: 1.5"},
		{"charge=" + charge + "&reason=boredom", "", "reason", "Invalid reason: must be one of"},
		{"charge=" + charge + "&reverse_transfer=true", "parameter_unknown", "reverse_transfer", "Received unknown parameter"},
	} {
		b.post("/v1/refunds", c.form).fails(400, c.code, c.param, c.message)
	}
	b.get("/v1/refunds/re_x").fails(404, "resource_missing", "refund", "No such refund: 're_x'")
	b.get("/v1/charges/"+charge).has("amount_refunded", 0)
}

// TestRefundOfADinar: its last digit must be 0.
func TestRefundOfADinar(t *testing.T) {
	b := newBox(t)
	b.buy(b.post("/v1/checkout/sessions", strings.NewReplacer("=eur", "=kwd", "=1200", "=12340").Replace(sale)).ok().text("id"), Payment{})
	charge := b.get("/v1/charges").text("data.0.id")
	b.post("/v1/refunds", "charge="+charge+"&amount=12345").fails(400, "parameter_invalid_integer", "amount", "Amounts in kwd must be a multiple of 10")
	b.post("/v1/refunds", "charge="+charge+"&amount=12340").ok().has("amount", 12340)
}

// TestRefundsThatTheBankDecides: a debit's is pending; any can fail weeks
// later, and its money is back.
func TestRefundsThatTheBankDecides(t *testing.T) {
	b := newBox(t)
	session := b.openSession("")
	b.buy(session, Payment{Delayed: true})
	if err := b.sim.Settle(session, true); err != nil {
		t.Fatal(err)
	}
	debit := b.get("/v1/charges").text("data.0.id")
	pendingRefund := b.post("/v1/refunds", "charge="+debit+"&amount=1000&expand[]=balance_transaction").ok().has("status", "pending", "balance_transaction.type", "payment_refund").text("id")
	_, charge := b.sold()
	done := b.post("/v1/refunds", "charge="+charge).ok().has("status", "succeeded").text("id")
	settle := func(id, outcome string) reply {
		return b.do("POST", "/_sim/refunds/"+id+"/settle", `{"outcome":"`+outcome+`"}`, "Content-Type", "application/json")
	}
	settle(pendingRefund, "succeeded").ok()
	b.get("/v1/refunds/"+pendingRefund).has("status", "succeeded")
	b.get("/v1/charges/"+debit).has("amount_refunded", 1000)
	settle(done, "failed").ok()
	b.get("/v1/refunds/"+done+"?expand[]=failure_balance_transaction").has("status", "failed", "failure_reason", "expired_or_canceled_card",
		"failure_balance_transaction.amount", 2400, "failure_balance_transaction.type", "refund_failure")
	b.get("/v1/charges/"+charge).has("amount_refunded", 0, "refunded", false)
	for _, again := range [][2]string{{done, "failed"}, {pendingRefund, "succeeded"}, {done, "lost"}} {
		if r := settle(again[0], again[1]); r.status != 400 {
			t.Errorf("settling %v answered %d: %s", again, r.status, r.body)
		}
	}
	b.post("/v1/refunds", "charge="+charge).ok().has("amount", 2400)
	if got := b.types("&types[]=charge.refund.updated&types[]=refund.updated"); len(got) != 4 {
		t.Errorf("events: %v", got)
	}
}

// TestRefundsInAPageOfCharges: what a request says of the page is not said of
// the refunds in it.
func TestRefundsInAPageOfCharges(t *testing.T) {
	b := newBox(t)
	_, older := b.sold()
	b.clock.advance(time.Hour)
	_, newer := b.sold()
	refund := b.post("/v1/refunds", "charge="+older).ok().text("id")
	at := itoa(b.get("/v1/charges/" + older).at("created").(float64))
	for _, query := range []string{"starting_after=" + newer, "created[lte]=" + at, "limit=1&starting_after=" + newer} {
		b.get("/v1/charges?expand[]=data.refunds&"+query).ok().has("data.0.id", older, "data.0.refunds.data.0.id", refund)
	}
}
