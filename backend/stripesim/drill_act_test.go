package stripesim

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// aCode opens a till's code for an order.
func (b *box) aCode(order string) string {
	b.t.Helper()
	return b.openSession("&client_reference_id=" + order + "&metadata[order]=" + order)
}

// TestPaysTooLate: the buyer is faster than the expire, which is refused; the
// retry under its key is told the same.
func TestPaysTooLate(t *testing.T) {
	b := newBox(t)
	b.aCode("first")
	b.clock.advance(time.Second)
	id := b.aCode("second")
	b.clock.advance(time.Second)
	poster := b.openLink("")
	if _, err := b.sim.Visit(poster, Visitor{}); err != nil { // newer, but no code
		t.Fatal(err)
	}
	if got := b.drill(paysTooLate, DrillOptions{}); got != id {
		t.Fatalf("armed %s, not the newest code %s", got, id)
	}
	b.get("/v1/checkout/sessions/"+id).ok().has("status", "open")
	for range 2 {
		b.post("/v1/checkout/sessions/"+id+"/expire", "", "Idempotency-Key", "expire-1").fails(400, "", "", "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `complete`.")
	}
	b.get("/v1/checkout/sessions/"+id).ok().has("status", "complete", "payment_status", "paid", "amount_total", 2400)
	b.get("/v1/events?type=checkout.session.completed").ok().has("data.0.data.object.id", id, "data.0.request.id", nil)
	if d := b.state(paysTooLate); d.On {
		t.Errorf("it is on still: %+v", d)
	}
}

// TestPaysTooLateCanBeTakenBack, and is over when the code is.
func TestPaysTooLateCanBeTakenBack(t *testing.T) {
	b := newBox(t)
	id := b.aCode("a")
	b.drill(paysTooLate, DrillOptions{})
	if d := b.state(paysTooLate); !d.On || d.Object != id {
		t.Errorf("armed: %+v", d)
	}
	if err := b.sim.SetDrill(paysTooLate, false); err != nil {
		t.Fatal(err)
	}
	b.post("/v1/checkout/sessions/"+id+"/expire", "").ok().has("status", "expired")

	id = b.aCode("b")
	b.drill(paysTooLate, DrillOptions{Object: id})
	b.buy(id, Payment{}) // by itself
	if d := b.state(paysTooLate); d.On {
		t.Errorf("on for a code that is paid: %+v", d)
	}
	b.unsuitable(paysTooLate, DrillOptions{Object: id})
}

// state is a drill as the panel shows it.
func (b *box) state(name string) Drill {
	b.t.Helper()
	all := b.sim.Drills()
	return all[slices.IndexFunc(all, func(d Drill) bool { return d.Name == name })]
}

// TestSlowPayments are completed, and end either way.
func TestSlowPayments(t *testing.T) {
	for name, want := range map[string]string{"slow_payment_succeeds": "paid", "slow_payment_fails": "unpaid"} {
		b := newBox(t)
		id := b.aCode("a")
		b.unsuitable(name, DrillOptions{})
		if got := b.drill("pays_slowly", DrillOptions{}); got != id {
			t.Fatalf("paid %s, not %s", got, id)
		}
		b.get("/v1/checkout/sessions/"+id+"?expand[]=payment_intent").ok().has("status", "complete", "payment_status", "unpaid", "payment_intent.status", "processing")
		b.unsuitable("pays_slowly", DrillOptions{}) // there is no other code
		b.clock.advance(10 * 24 * time.Hour)
		if got := b.drill(name, DrillOptions{}); got != id {
			t.Fatalf("%s was about %s", name, got)
		}
		b.get("/v1/checkout/sessions/"+id).ok().has("payment_status", want)
		b.unsuitable(name, DrillOptions{})
	}
}

// TestPaidTwice: a link good for one sale has two.
func TestPaidTwice(t *testing.T) {
	b := newBox(t)
	id := b.openLink("&restrictions[completed_sessions][limit]=1")
	if got := b.drill("paid_twice", DrillOptions{}); got != id {
		t.Fatalf("paid %s", got)
	}
	r := b.get("/v1/checkout/sessions?payment_link="+id).ok().has("data.0.payment_status", "paid", "data.1.payment_status", "paid")
	if len(r.ids()) != 2 {
		t.Errorf("sessions: %v", r.ids())
	}
	b.get("/v1/payment_links/"+id).ok().has("active", false)
	b.unsuitable("paid_twice", DrillOptions{})
}

// TestAnotherCode of the same sale is paid: one that the till has replaced, or
// one for more.
func TestAnotherCode(t *testing.T) {
	for name, amount := range map[string]int{"old_code_paid": 2400, "wrong_amount": 3600} {
		b := newBox(t)
		id := b.aCode("order-7")
		made := b.drill(name, DrillOptions{})
		if made == id {
			t.Fatal("it is the same code")
		}
		b.get("/v1/checkout/sessions/"+made+"?expand[]=line_items&expand[]=payment_intent").ok().has(
			"status", "complete", "payment_status", "paid", "amount_total", amount, "client_reference_id", "order-7", "metadata.order", "order-7",
			"payment_intent.amount_received", amount, "line_items.data.0.amount_total", amount)
		b.get("/v1/checkout/sessions/"+id).ok().has("status", "open", "payment_status", "unpaid", "amount_total", 2400)
		b.buy(id, Payment{}) // and the right one, too
		again := b.drill(name, DrillOptions{Object: id})
		if a, b := b.get("/v1/checkout/sessions/"+id).ok().text("payment_intent"), b.get("/v1/checkout/sessions/"+again).ok().text("payment_intent"); a == b {
			t.Errorf("the paid code and the other one have one payment, %s", a)
		}
	}
}

// TestTheNewestIsMeant, whosever account it is in; or the one that is named.
func TestTheNewestIsMeant(t *testing.T) {
	b := newBox(t)
	var codes []string
	for _, id := range []string{"acct_one", "acct_two", "acct_three"} {
		if err := b.sim.AddAccount(id, "Theatre", "DE", "eur"); err != nil {
			t.Fatal(err)
		}
		b.account = id
		codes = append(codes, b.aCode("a"))
		b.clock.advance(time.Second)
	}
	for range 10 { // accounts come in no order
		if got := b.drill(paysTooLate, DrillOptions{}); got != codes[2] {
			t.Fatalf("armed %s, want %s of %v", got, codes[2], codes)
		}
		if got := b.drill(paysTooLate, DrillOptions{Object: codes[0]}); got != codes[0] {
			t.Fatalf("armed %s, want %s", got, codes[0])
		}
	}
}

// TestAnotherCodeIsTaxed as the sale was.
func TestAnotherCodeIsTaxed(t *testing.T) {
	b := newBox(t)
	rate := b.post("/v1/tax_rates", "display_name=VAT&inclusive=true&percentage=20").ok().text("id")
	b.openSession("&client_reference_id=a&line_items[0][tax_rates][0]=" + rate)
	made := b.drill("wrong_amount", DrillOptions{})
	b.get("/v1/checkout/sessions/"+made).ok().has("amount_total", 3600, "total_details.amount_tax", 600)
}

// TestStrangerPays: a sale that names nothing of ours, in the account's money.
func TestStrangerPays(t *testing.T) {
	b := newBox(t)
	id := b.drill("stranger_pays", DrillOptions{})
	b.get("/v1/checkout/sessions/"+id).ok().has("payment_status", "paid", "client_reference_id", nil, "currency", "eur", "amount_total", 500)
	b.get("/v1/events?type=checkout.session.completed").ok().has("data.0.request.id", nil)
}

// TestEventStorm: three pages of events, all of one second.
func TestEventStorm(t *testing.T) {
	b := newBox(t)
	b.drill("event_storm", DrillOptions{})
	second := b.clock.now().Unix()
	n, after := 0, ""
	for more := true; more; {
		r := b.get("/v1/events?limit=100&type=checkout.session.expired" + after).ok()
		for _, e := range r.at("data").([]any) {
			if got := dig(t, e, "created"); got != float64(second) {
				t.Fatalf("an event of %v, not of %d", got, second)
			}
			n++
		}
		ids := r.ids()
		after, more = "&starting_after="+ids[len(ids)-1], r.at("has_more") == true
	}
	if n != 250 {
		t.Errorf("%d events", n)
	}
	b.get("/v1/balance_transactions").ok().has("has_more", false)
	b.drill("event_storm", DrillOptions{Count: 3})
	if got := b.types("&type=product.created"); len(got) != 2 {
		t.Errorf("products: %v", got)
	}
}

// TestRefundsByHand: whole, in part, and failing afterwards.
func TestRefundsByHand(t *testing.T) {
	b := newBox(t)
	for _, order := range []string{"a", "b"} {
		b.buy(b.aCode(order), Payment{})
		b.clock.advance(time.Second)
	}
	half := b.drill("partial_refund_in_dashboard", DrillOptions{})
	r := b.get("/v1/refunds/"+half+"?expand[]=charge").ok().has("amount", 1200, "charge.amount_refunded", 1200, "charge.refunded", false)
	newest := b.get("/v1/charges?limit=1").ids()[0]
	if got := r.text("charge.id"); got != newest {
		t.Errorf("gave back %s, not the newest, %s", got, newest)
	}
	whole := b.drill("refund_in_dashboard", DrillOptions{}) // the rest of the same
	b.get("/v1/refunds/"+whole+"?expand[]=charge").ok().has("amount", 1200, "charge.id", newest, "charge.refunded", true)
	b.get("/v1/events?type=refund.created&limit=1").ok().has("data.0.request.id", nil)
	b.clock.advance(time.Hour)
	if got := b.drill("refund_fails_later", DrillOptions{Object: half}); got != half {
		t.Errorf("%s failed", got)
	}
	b.get("/v1/refunds/"+half).ok().has("status", "failed")
	b.unsuitable("refund_fails_later", DrillOptions{Object: half})
	b.unsuitable("refund_in_dashboard", DrillOptions{Object: "ch_nothing"})
}

// TestDisputeDrills: opened, refused a refund meanwhile, won or lost.
func TestDisputeDrills(t *testing.T) {
	for name, want := range map[string]string{"dispute_won": "won", "dispute_lost": "lost"} {
		b := newBox(t)
		b.buy(b.aCode("a"), Payment{})
		id := b.drill("dispute_opened", DrillOptions{})
		b.get("/v1/disputes/"+id).ok().has("amount", 2400, "status", "needs_response")
		b.unsuitable("dispute_opened", DrillOptions{})
		b.unsuitable("refund_in_dashboard", DrillOptions{})
		if got := b.drill(name, DrillOptions{}); got != id {
			t.Errorf("%s was about %s", name, got)
		}
		b.get("/v1/disputes/"+id).ok().has("status", want)
		b.unsuitable(name, DrillOptions{})
	}
}

// TestDaysOffline: the clock is days on, and the poster sold in between, each
// at its own time.
func TestDaysOffline(t *testing.T) {
	b := newBox(t)
	left := b.aCode("left open")
	link := b.openLink("")
	start := b.clock.now().Unix()
	if got := b.drill("days_offline", DrillOptions{Days: 2, Count: 5}); got != link {
		t.Errorf("sold by %s", got)
	}
	if d := b.sim.time().Unix() - start; d != 2*24*3600 {
		t.Errorf("the clock is %d s on", d)
	}
	last := b.sim.time().Unix()
	for _, s := range b.get("/v1/checkout/sessions?limit=100&payment_link=" + link).ok().at("data").([]any) {
		at := int64(dig(t, s, "created").(float64))
		if dig(t, s, "payment_status") != "paid" || at <= start || at >= last {
			t.Errorf("a sale at %d between %d and %d is %v", at, start, last, dig(t, s, "payment_status"))
		}
		last = at
	}
	if got := b.get("/v1/checkout/sessions?limit=100&payment_link=" + link).ids(); len(got) != 5 {
		t.Errorf("%d sales", len(got))
	}
	b.get("/v1/checkout/sessions/"+left).ok().has("status", "expired")
}

// TestMonthOffline: the first sales have no events any more.
func TestMonthOffline(t *testing.T) {
	b := newBox(t)
	link := b.openLink("")
	known := b.get("/v1/events?limit=1").ids()[0]
	b.drill("month_offline", DrillOptions{})
	b.get("/v1/events?starting_after="+known).fails(400, "resource_missing", "starting_after", "No such event")
	sold := b.sim.accounts[b.sim.main].sessions.order
	if len(sold) != 31*salesADay {
		t.Errorf("%d sales", len(sold))
	}
	told := map[string]bool{}
	for id, e := range b.sim.accounts[b.sim.main].events.byID {
		if e.Type == sessionCompleted && b.get("/v1/events/"+id).status == 200 {
			told[id] = true
		}
	}
	if len(told) == 0 || len(told) >= len(sold) {
		t.Errorf("%d of %d sales have their event still", len(told), len(sold))
	}
	b.get("/v1/payment_links/"+link).ok().has("active", true)
}

// TestOfflineWithAFullPoster: the days pass all the same.
func TestOfflineWithAFullPoster(t *testing.T) {
	b := newBox(t)
	link := b.openLink("&restrictions[completed_sessions][limit]=2")
	start := b.sim.time()
	b.drill("days_offline", DrillOptions{Days: 1, Count: 6})
	if got := b.get("/v1/checkout/sessions?payment_link=" + link).ids(); len(got) != 2 {
		t.Errorf("%d sales", len(got))
	}
	if passed := b.sim.time().Sub(start).Round(time.Second); passed != 24*time.Hour {
		t.Errorf("%v have passed", passed)
	}
}

// TestActsAreKept over a restart, as whatever else happens.
func TestActsAreKept(t *testing.T) {
	path := t.TempDir() + "/stripe.jsonl"
	b := newBox(t, journaled(path))
	b.aCode("a")
	b.openLink("")
	for name := range strings.FieldsSeq("pays_slowly slow_payment_succeeds paid_twice old_code_paid wrong_amount stranger_pays partial_refund_in_dashboard refund_fails_later dispute_opened dispute_won event_storm days_offline") {
		b.drill(name, DrillOptions{Count: 3})
	}
	for _, d := range b.sim.Drills() {
		if d.On {
			t.Errorf("%s is on", d.Name)
		}
	}
	same(t, dump(b.sim), dump(reopen(t, path)))
}
