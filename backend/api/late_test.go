package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// found keeps money without a place.
func (s *scene) found(d boxoffice.Discrepancy) boxoffice.Discrepancy {
	s.Helper()
	d.ID = d.SessionID + "-" + string(d.Reason)
	if d.PaymentIntentID == "" {
		d.PaymentIntentID = "pi_" + d.SessionID
	}
	testkit.Append(s, s.book, boxoffice.DiscrepancyFoundFact{Discrepancy: d})
	return d
}

// lateRows are what can be done with late money, and what not; and how
// reconciling goes.
func lateRows() []row {
	post := func(name, what, body string, status int, code string, has ...string) row {
		return row{name: "late money, " + name, method: "POST", path: "/api/late-money/" + what, header: keyed("key-of-this-one"), body: body, status: status, code: code, has: has}
	}
	unkeyed := post("without a key", "{late}/keep", `{"by":"Ada"}`, 400, "idempotency_key_missing")
	unkeyed.header = nil
	return []row{
		{name: "late money", path: "/api/late-money", status: 200, has: []string{
			`"id":"{late}"`, `"reason":"unknown_order"`, `"left":2400`, `"paidAt":"2025-03-05T12:00:00Z"`, `"actions":["seat","refund","keep"]`, `"room":false`, `"waiting":1`, `"questions":[]`, `"lines":[]`,
			`"story":[{"number":0,"at":"2026-03-05T12:00:00Z","kind":"discrepancy.found","amount":{"minor":2400,"currency":"eur"},"detail":"unknown_order"}]`,
		}, hasNot: []string{`"expected"`, `"card"`, `"resolution"`, `"next"`}},
		{name: "late money, done", path: "/api/late-money?state=done", status: 200, has: []string{`"items":[]`, `"waiting":1`}},
		{name: "late money in no state", path: "/api/late-money?state=lost", status: 422, code: "invalid_request"},
		{name: "no late money at once", path: "/api/late-money?limit=0", status: 422, code: "invalid_request"},
		post("seats for it", "{late}/seat", `{"by":"Ada","note":"friend","lines":[{"performanceId":"perf-1","ticketTypeId":"type-child","quantity":2}]}`, 200, "",
			`"resolution":{"action":"seat","by":"Ada","note":"friend","at":"2026-03-05T12:00:00Z","orderId":"ord-`, `"orderCode":"`, `"actions":[]`, `"kind":"discrepancy.resolved","detail":"seat","by":"Ada","note":"friend"`),
		post("seats that there are not", "{late}/seat", `{"by":"Ada","lines":[{"performanceId":"perf-1","ticketTypeId":"type-child","quantity":99}]}`, 409, "sold_out"),
		post("seats for nobody knows what", "{late}/seat", `{"by":"Ada","lines":[]}`, 422, "empty_order"),
		post("seats for nothing", "nothing/seat", `{"by":"Ada","lines":[]}`, 404, "unknown_discrepancy"),
		post("given back", "{late}/refund", `{"by":"Ada"}`, 200, "", `"action":"refund","by":"Ada"`, `"refundId":"rfd-`, `"status":"pending"`, `"left":0`, `"kind":"refund.asked"`, `"kind":"refund.recorded"`),
		post("nothing given back", "nothing/refund", `{"by":"Ada"}`, 404, "unknown_discrepancy"),
		post("kept", "{late}/keep", `{"by":"Ada","note":"a gift"}`, 200, "", `"action":"keep","by":"Ada","note":"a gift","at":"2026-03-05T12:00:00Z","left":2400}`, `"actions":[]`),
		post("kept as nothing, and all of it is here", "{late}/keep", `{"by":"Ada","left":0}`, 409, "money_moved"),
		post("kept by nobody", "{late}/keep", `{"by":"  "}`, 422, "who_missing"),
		post("kept by somebody left out", "{late}/keep", `{}`, 422, "invalid_request"),
		unkeyed,
		{name: "reconciliation", path: "/api/reconciliation", status: 200, has: []string{`"state":"stopped"`, `"waiting":1,"questions":0,"openRefunds":0,"openDisputes":0`}},
		{name: "poll", method: "POST", path: "/api/reconciliation/poll", status: 200, has: []string{`"state":"stopped"`}},
	}
}

// The desk's list: all that is known of the money, of what it was for and of
// what became of it.
func TestLateMoney(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.sell("key-of-the-order", testkit.Obliges, "", 2)
	at := testkit.NewClock().Now()
	testkit.Append(t, s.book, boxoffice.ExpiredFact{OfTender: boxoffice.OfTender{OrderID: o.ID, TenderID: o.Tenders[0].ID}})
	d := s.found(boxoffice.Discrepancy{
		OrderID: o.ID, SessionID: o.Tenders[0].SessionID, Amount: money.New(4700, "eur"), Expected: money.New(4800, "eur"), Reason: boxoffice.WrongAmount,
		PaidAt: at.Add(time.Minute), BuyerName: "Bo Berg", BuyerEmail: "bo@example.org", Card: boxoffice.Card{Brand: "visa", Last4: "4242"},
	})
	refund := boxoffice.Refund{
		ID: "re_1", StripeID: "re_1", PaymentIntentID: d.PaymentIntentID, Amount: money.New(300, "eur"), Status: boxoffice.RefundSucceeded, External: true, CreatedAt: at,
	}
	dispute := boxoffice.Dispute{ID: "dp_1", PaymentIntentID: d.PaymentIntentID, Amount: money.New(200, "eur"), Status: boxoffice.DisputeWarningClosed, CreatedAt: at}
	of := boxoffice.OfMoney{DiscrepancyID: d.ID}
	testkit.Append(t, s.book, boxoffice.RefundRecordedFact{OfMoney: of, Refund: refund}, boxoffice.DisputeRecordedFact{OfMoney: of, Dispute: dispute})
	list := read[struct{ Items []LateMoney }](s, "/api/late-money")
	if len(list.Items) != 1 {
		t.Fatalf("%d items", len(list.Items))
	}
	got := list.Items[0]
	want := LateMoney{
		ID: d.ID, Reason: boxoffice.WrongAmount, FoundAt: at, PaidAt: new(at.Add(time.Minute)), Amount: money.New(4700, "eur"), Left: 4400, Expected: new(money.New(4800, "eur")),
		OrderID: o.ID, OrderCode: o.Code, SessionID: d.SessionID, PaymentIntentID: d.PaymentIntentID, BuyerName: "Bo Berg", BuyerEmail: "bo@example.org",
		Card: &Card{Brand: "visa", Last4: "4242"}, Refunds: refundViews([]boxoffice.Refund{refund}), Disputes: disputeViews([]boxoffice.Dispute{dispute}),
		Actions: []string{"seat", "refund", "keep"}, Room: true, Lines: []MeantLine{{
			PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, EventName: "Hamlet", Name: "Adult", StartsAt: o.LineItems[0].StartsAt, TimeZone: "Europe/Vienna", Quantity: 2,
		}},
		Story: got.Story,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("late money (-want +got):\n%s", diff)
	}
	var kinds []boxoffice.Kind
	for i, m := range got.Story {
		if kinds = append(kinds, m.Kind); i > 0 && m.Number <= got.Story[i-1].Number {
			t.Errorf("entry %d is told after %d", m.Number, got.Story[i-1].Number)
		}
	}
	if diff := cmp.Diff([]boxoffice.Kind{"order.placed", "tender.opened", "tender.expired", "discrepancy.found", "refund.recorded", "dispute.recorded"}, kinds); diff != "" {
		t.Errorf("story (-want +got):\n%s", diff)
	}
	// With the seats gone there is no room, and the action stays: others may do.
	s.sell("key-of-the-rest", testkit.Obliges, "", 9)
	if got = read[struct{ Items []LateMoney }](s, "/api/late-money").Items[0]; got.Room || !slices.Contains(got.Actions, "seat") {
		t.Errorf("room %v, actions %q", got.Room, got.Actions)
	}
	// It is kept, and then what had gone back before comes back: that alone waits.
	refund.Status = boxoffice.RefundFailed
	testkit.Append(t, s.book, boxoffice.DiscrepancyResolvedFact{DiscrepancyID: d.ID, OrderID: o.ID, Resolution: boxoffice.Resolution{Action: boxoffice.ActKeep, By: "Ada"}},
		boxoffice.RefundRecordedFact{OfMoney: of, Refund: refund, CameBack: true})
	if got = read[struct{ Items []LateMoney }](s, "/api/late-money").Items[0]; got.Left != 300 || got.Kept != 4400 || !slices.Equal(got.Actions, []string{"refund", "keep"}) {
		t.Errorf("%d left, %d kept, actions %q", got.Left, got.Kept, got.Actions)
	}
}

// Each state has its own list, in its order, and pages of it miss nothing when
// something is dealt with in between.
func TestLateMoneyPages(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for n := range 7 {
		s.found(boxoffice.Discrepancy{SessionID: fmt.Sprint("cs_", n), Amount: money.New(100, "eur"), Reason: boxoffice.UnknownOrder})
	}
	s.found(boxoffice.Discrepancy{SessionID: "cs_e", Amount: money.New(100, "eur"), Reason: boxoffice.Elsewhere})
	type page struct {
		Items   []LateMoney
		Next    string
		Waiting int
	}
	ask := func(state, after string, limit int) (p page, ids []string) {
		p = read[page](s, "/api/late-money?"+url.Values{"state": {state}, "after": {after}, "limit": {fmt.Sprint(limit)}}.Encode())
		for _, m := range p.Items {
			ids = append(ids, m.SessionID)
		}
		return p, ids
	}
	first, ids := ask("waiting", "", 3)
	if !slices.Equal(ids, []string{"cs_0", "cs_1", "cs_2"}) || first.Waiting != 7 || first.Next == "" {
		t.Fatalf("%q, %d wait, next %q", ids, first.Waiting, first.Next)
	}
	for _, id := range []string{"cs_2", "cs_0"} { // the one that the page ended in, too
		row{name: "keep", method: "POST", path: "/api/late-money/" + id + "-unknown_order/keep", header: keyed("key-" + id + "-keep"), body: `{"by":"Ada"}`, status: 200}.checkIn(s, s.emptyHouse())
	}
	second, ids := ask("waiting", first.Next, 4)
	if !slices.Equal(ids, []string{"cs_3", "cs_4", "cs_5", "cs_6"}) || second.Waiting != 5 || second.Next != "" {
		t.Errorf("%q, %d wait, next %q", ids, second.Waiting, second.Next)
	}
	done, ids := ask("done", "", 1)
	if !slices.Equal(ids, []string{"cs_2"}) || done.Next == "" || done.Items[0].Resolution.By != "Ada" {
		t.Errorf("done are %q, then %q", ids, done.Next)
	}
	if done, ids = ask("done", done.Next, 50); !slices.Equal(ids, []string{"cs_0"}) || done.Next != "" {
		t.Errorf("then %q, then %q", ids, done.Next)
	}
	if elsewhere, ids := ask("elsewhere", "", 50); !slices.Equal(ids, []string{"cs_e"}) || len(elsewhere.Items[0].Actions) != 0 {
		t.Errorf("elsewhere are %q", ids)
	}
	if _, ids := ask("waiting", "nothing", 50); len(ids) != 0 {
		t.Errorf("after what there is not come %q", ids)
	}
}

// A refund of a part, made in the Dashboard, asks which tickets it was for, and
// asks no more when somebody has said.
func TestQuestions(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.house()
	h.paid = s.sell("key-of-two", testkit.Obliges, "", 2)
	testkit.Append(t, s.book, testkit.Pay(h.paid))
	h.paid, _ = s.opt.Desk.Order(h.paid.ID)
	row{name: "void", method: "POST", path: "/api/orders/{paid.id}/void", body: `{"by":"Ada","ticketIds":["{ticket}"]}`, status: 200}.checkIn(s, h)
	refund := boxoffice.Refund{
		ID: "re_1", StripeID: "re_1", PaymentIntentID: h.paid.Tenders[0].PaymentIntentID, Amount: money.New(1200, "eur"), Status: boxoffice.RefundPending,
		External: true, CreatedAt: testkit.NewClock().Now(),
	}
	testkit.Append(t, s.book, boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: h.paid.ID}, Refund: refund})
	type page struct{ Questions []Question }
	got := read[page](s, "/api/late-money").Questions
	o := read[Order](s, "/api/orders/"+h.paid.ID)
	want := []Question{{OrderID: h.paid.ID, OrderCode: h.paid.Code, Refund: refundViews([]boxoffice.Refund{refund})[0], Tickets: o.Tickets[1:]}}
	if diff := cmp.Diff(want, got); diff != "" || len(o.Tickets) != 2 {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
	for range 2 {
		row{
			name: "answer", method: "POST", path: "/api/orders/{paid.id}/void", body: `{"by":"Ada","refundId":"re_1","ticketIds":[]}`,
			status: 200, has: []string{`"answered":true`, `"void":false`, `"kind":"tickets.voided","by":"Ada","tickets":1}`},
		}.checkIn(s, h)
	}
	if left := read[page](s, "/api/late-money").Questions; len(left) != 0 {
		t.Errorf("it still asks: %+v", left)
	}
}

// What the reconciler says is told as it is, and what waits is counted from the
// book.
func TestReconciliation(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.house()
	at := testkit.NewClock().Now()
	of := boxoffice.OfMoney{OrderID: h.paid.ID}
	pi := h.paid.Tenders[0].PaymentIntentID
	s.stripe.Says(testkit.Silent)
	row{name: "asked", method: "POST", path: "/api/orders/{paid.id}/refund", header: keyed("key-of-this-refund"), body: `{"by":"Ada","amount":100}`, status: 200, has: []string{`"status":"asked"`}}.checkIn(s, h)
	testkit.Append(t, s.book,
		boxoffice.RefundRecordedFact{OfMoney: of, Refund: boxoffice.Refund{ID: "re_1", StripeID: "re_1", PaymentIntentID: pi, Amount: money.New(300, "eur"), Status: boxoffice.RefundPending, External: true}},
		boxoffice.DisputeRecordedFact{OfMoney: of, Dispute: boxoffice.Dispute{ID: "dp_1", PaymentIntentID: pi, Amount: money.New(300, "eur"), Status: boxoffice.DisputeUnderReview}},
		boxoffice.DisputeRecordedFact{OfMoney: of, Dispute: boxoffice.Dispute{ID: "dp_2", PaymentIntentID: pi, Amount: money.New(300, "eur"), Status: boxoffice.DisputeLost}},
	)
	said := Reconciliation{
		State: ReconciliationCatchingUp, LastSuccessAt: &at, NextPollAt: new(at.Add(time.Second)), CoveredUntil: new(at.Add(-time.Hour)), LagSeconds: 3600, IntervalSeconds: 15,
		Reads: Reads{Used: 4000, Allotted: 10_000, Today: 120, Projected: 3600}, CatchUp: &CatchUp{From: at.Add(-time.Hour), To: at, Share: 43, Found: 7},
		Problem: &Trouble{Code: "stripe_busy", Detail: "Stripe is busy. No money is concerned.", Next: "Wait."},
	}
	polls := 0
	s.opt.Reconciliation = func() Reconciliation { return said }
	s.opt.Poll = func(context.Context) error { polls++; return nil }
	want := said
	want.Waiting, want.Questions, want.OpenRefunds, want.OpenDisputes = 1, 1, 2, 1
	if diff := cmp.Diff(want, read[Reconciliation](s, "/api/reconciliation")); diff != "" {
		t.Errorf("reconciliation (-want +got):\n%s", diff)
	}
	poll := row{name: "poll", method: "POST", path: "/api/reconciliation/poll", status: http.StatusOK, has: []string{`"state":"catching_up"`, `"share":43`}}
	if poll.checkIn(s, h); polls != 1 {
		t.Errorf("it polled %d times", polls)
	}
	s.opt.Poll = func(context.Context) error {
		return &boxoffice.Error{Code: boxoffice.CodeStripeUnreachable, Message: "Stripe does not answer. Nothing was changed.", Next: "Wait."}
	}
	poll.status, poll.code, poll.has = http.StatusServiceUnavailable, "stripe_unreachable", nil
	poll.checkIn(s, h)
}

// Whatever happens to late money is told of all that it changes.
func TestStreamTellsOfLateMoney(t *testing.T) {
	const late = `"kind":"discrepancy","id":"cs_1-unknown_order"}`
	hear(t, func(s *scene, _ *listener) {
		d := s.found(boxoffice.Discrepancy{SessionID: "cs_1", Amount: money.New(2400, "eur"), Reason: boxoffice.UnknownOrder})
		refund := boxoffice.Refund{ID: "re_1", StripeID: "re_1", PaymentIntentID: d.PaymentIntentID, Amount: money.New(1, "eur"), Status: boxoffice.RefundSucceeded, External: true}
		testkit.Append(s, s.book, boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{DiscrepancyID: d.ID}, Refund: refund})
		row{
			name: "seat", method: "POST", path: "/api/late-money/" + d.ID + "/seat", header: keyed("key-to-seat"), status: 200,
			body: `{"by":"Ada","lines":[{"performanceId":"perf-1","ticketTypeId":"type-adult","quantity":1}]}`,
		}.checkIn(s, s.emptyHouse())
		order := ""
		if err := s.book.View(func(tx *ledger.Tx) error {
			orders, _, err := tx.Orders(ledger.OrderQuery{Limit: 1})
			order = orders[0].ID
			return err
		}); err != nil {
			s.Fatal(err)
		}
		testkit.Append(s, s.book, boxoffice.DisputeRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: order}, Dispute: boxoffice.Dispute{ID: "dp_1", Amount: money.New(1, "eur"), Status: boxoffice.DisputeLost}})
		testkit.Append(s, s.book, boxoffice.StatementReadFact{})
	}, hello, `change {"number":6,`+late, `change {"number":7,`+late, `change {"number":8,`+late, `change {"number":8,"kind":"order","id":"ord-06ebrnjq03khmrlohdpq93mi"}`,
		`change {"number":9,"kind":"order","id":"ord-06ebrnjq03khmrlohdpq93mi"}`, `change {"number":10,"kind":"statement"}`)
}

// The story of late money is its own: what became of other money of the same
// order is told there.
func TestTheStoryOfLateMoneyIsItsOwn(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.sell("key-of-the-order", testkit.Obliges, "", 2)
	testkit.Append(t, s.book, boxoffice.ExpiredFact{OfTender: boxoffice.OfTender{OrderID: o.ID, TenderID: o.Tenders[0].ID}})
	late := func(session string) boxoffice.Discrepancy {
		return s.found(boxoffice.Discrepancy{OrderID: o.ID, SessionID: session, PaymentIntentID: "pi_" + session, Amount: money.New(4700, "eur"), Reason: boxoffice.WrongAmount})
	}
	kept, waits := late("cs_kept"), late("cs_waits")
	testkit.Append(t, s.book, boxoffice.DiscrepancyResolvedFact{DiscrepancyID: kept.ID, OrderID: o.ID, Resolution: boxoffice.Resolution{Action: boxoffice.ActKeep, By: "Ada"}})
	for _, item := range read[struct{ Items []LateMoney }](s, "/api/late-money").Items {
		if item.ID != waits.ID {
			continue
		}
		for _, m := range item.Story {
			if m.Kind == boxoffice.KindDiscrepancyResolved {
				t.Errorf("the story of money that waits ends with %+v", m)
			}
		}
		return
	}
	t.Error("nothing waits")
}

// The story says of money that was kept whether there was any.
func TestTheStoryOfWhatWasKept(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for want, left := range map[string]*int64{"keep": new(int64(2400)), "noted": new(int64)} {
		d := s.found(boxoffice.Discrepancy{SessionID: "cs_" + want, Amount: money.New(2400, "eur"), Reason: boxoffice.WrongMode})
		testkit.Append(t, s.book, boxoffice.DiscrepancyResolvedFact{DiscrepancyID: d.ID, Resolution: boxoffice.Resolution{Action: boxoffice.ActKeep, By: "Ada", Left: left}})
	}
	for _, item := range read[struct{ Items []LateMoney }](s, "/api/late-money?state=done").Items {
		if told := item.Story[len(item.Story)-1]; "cs_"+told.Detail != item.SessionID || told.By != "Ada" {
			t.Errorf("%s: the story ends with %+v", item.SessionID, told)
		}
	}
}
