package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/money"
)

// obliges is testkit's Stripe that obliges, and gives money back too.
func obliges(i boxoffice.Intent) []boxoffice.Fact {
	if i.Refund == nil {
		return testkit.Obliges(i)
	}
	return []boxoffice.Fact{boxoffice.RefundRecordedFact{
		OfMoney: boxoffice.OfMoney{OrderID: i.OrderID, DiscrepancyID: i.DiscrepancyID},
		Refund: boxoffice.Refund{
			ID: i.RefundID, StripeID: "re_" + i.RefundID, PaymentIntentID: i.Refund.PaymentIntentID, Amount: i.Refund.Amount,
			Status: boxoffice.RefundPending, CreatedAt: i.RecordedAt,
		},
	}}
}

// declines is a Stripe that gives nothing back.
func declines(i boxoffice.Intent) []boxoffice.Fact {
	return []boxoffice.Fact{boxoffice.RefundRefusedFact{
		OfMoney: boxoffice.OfMoney{OrderID: i.OrderID, DiscrepancyID: i.DiscrepancyID}, RefundID: i.RefundID,
		Problem: boxoffice.Problem{Code: boxoffice.CodeStripeRefused, Detail: "Stripe gave nothing back.", Next: "Look in the Dashboard."},
	}}
}

// refundRows are what can be given back of an order, and what not.
func refundRows() []row {
	refund := func(name, order, body string, status int, code string, has ...string) row {
		return row{name: "refund " + name, method: "POST", path: "/api/orders/" + order + "/refund", header: keyed("key-of-this-refund"), body: body, status: status, code: code, has: has}
	}
	void := func(name, order, body string, status int, code string, has ...string) row {
		return row{name: "void " + name, method: "POST", path: "/api/orders/" + order + "/void", body: body, status: status, code: code, has: has}
	}
	unkeyed := refund("without a key", "{paid.id}", `{"by":"Ada"}`, 400, "idempotency_key_missing")
	unkeyed.header = nil
	return []row{
		refund("of everything", "{paid.code}", `{"by":" Ada ","note":"ill","reason":"requested_by_customer"}`, 200, "",
			`"status":"refunded"`, `"refunded":2400,"disputed":0,"refundable":0`, `"stripeId":"re_rfd-`, `"amount":{"minor":2400,"currency":"eur"},"status":"pending","external":false,"by":"Ada","note":"ill"`, `"ticketIds":["{ticket}"],"answered":true`,
			`"kind":"refund.asked","amount":{"minor":2400,"currency":"eur"},"by":"Ada","note":"ill","tickets":1}`, `"kind":"refund.recorded","amount":{"minor":2400,"currency":"eur"},"status":"pending"}`),
		refund("of a ticket", "{paid.id}", `{"by":"Ada","ticketIds":["{ticket}"]}`, 200, "", `"refundable":0`),
		refund("of an amount", "{paid.id}", `{"by":"Ada","amount":400}`, 200, "", `"status":"paid"`, `"refunded":400,"disputed":0,"refundable":2000`, `"ticketIds":[],"answered":true`),
		refund("of more than there is", "{paid.id}", `{"by":"Ada","amount":2401}`, 422, "refund_too_large", `"params":{"left":"24.00 EUR"}`),
		refund("of what is not paid", "{open.id}", `{"by":"Ada"}`, 409, "not_refundable", `"params":{"status":"awaiting_payment"}`),
		refund("of no order", "ZZZZZZ", `{"by":"Ada"}`, 404, "unknown_order"),
		refund("of no ticket", "{paid.id}", `{"by":"Ada","ticketIds":["tkt-x"]}`, 404, "unknown_ticket"),
		refund("by nobody", "{paid.id}", `{"by":" "}`, 422, "who_missing"),
		refund("by somebody left out", "{paid.id}", `{"amount":1}`, 422, "invalid_request", "by"),
		refund("of less than nothing", "{paid.id}", `{"by":"Ada","amount":-1}`, 422, "invalid_request"),
		refund("for a reason of its own", "{paid.id}", `{"by":"Ada","reason":"sorry"}`, 422, "invalid_request"),
		refund("of a part of a cent", "{paid.id}", `{"by":"Ada","amount":0.5}`, 422, "invalid_request"),
		unkeyed,
		void("a ticket", "{paid.id}", `{"by":"Ada","note":"lost","ticketIds":["{ticket}"]}`, 200, "", `"void":true`, `"refundable":2400`, `"kind":"tickets.voided","by":"Ada","note":"lost","tickets":1}`),
		void("nothing", "{paid.id}", `{"by":"Ada","ticketIds":[]}`, 400, "invalid_request"),
		void("no ticket of it", "{paid.id}", `{"by":"Ada","ticketIds":["tkt-x"]}`, 404, "unknown_ticket"),
		void("for no refund", "{paid.id}", `{"by":"Ada","refundId":"re_x","ticketIds":[]}`, 409, "not_possible"),
		void("of no order", "ZZZZZZ", `{"by":"Ada","ticketIds":["{ticket}"]}`, 404, "unknown_order"),
		void("by nobody", "{paid.id}", `{"by":"","ticketIds":["{ticket}"]}`, 422, "who_missing"),
	}
}

// read asks for the path, and reads the answer.
func read[T any](s *scene, path string) (v T) {
	s.Helper()
	if err := json.Unmarshal([]byte(s.get(path, http.StatusOK)), &v); err != nil {
		s.Fatal(err)
	}
	return v
}

// All that an order says of money that went back: refunds of every sort,
// disputes, void tickets, and the story.
func TestOrderWithReturns(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.sell("key-of-the-order", testkit.Obliges, "", 3)
	testkit.Append(t, s.book, testkit.Pay(o))
	of, pi, at := boxoffice.OfMoney{OrderID: o.ID}, "pi_"+o.Tenders[0].ID, testkit.NewClock().Now()
	refund := func(id string, minor int64, status boxoffice.RefundStatus, failure string) boxoffice.Fact {
		return boxoffice.RefundRecordedFact{OfMoney: of, Refund: boxoffice.Refund{
			ID: id, StripeID: id, PaymentIntentID: pi, Amount: money.New(minor, "eur"), Status: status, External: true, CreatedAt: at, Failure: failure,
		}}
	}
	dispute := boxoffice.Dispute{
		ID: "dp_1", PaymentIntentID: pi, Amount: money.New(7200, "eur"), Status: boxoffice.DisputeNeedsResponse, Reason: "fraudulent",
		CreatedAt: at, DueBy: at.Add(7 * 24 * time.Hour), Withdrawn: 600,
	}
	testkit.Append(t, s.book,
		refund("re_1", 500, boxoffice.RefundSucceeded, ""), refund("re_2", 700, boxoffice.RefundPending, ""), refund("re_2", 700, boxoffice.RefundFailed, "lost_or_stolen_card"),
		boxoffice.DisputeRecordedFact{OfMoney: of, Dispute: dispute},
	)
	s.stripe.Says(declines)
	declined := row{
		name: "declined", method: "POST", path: "/api/orders/" + o.ID + "/refund", header: keyed("key-declined"), body: `{"by":"Ada","amount":100}`,
		status: http.StatusBadGateway, code: "stripe_refused", has: []string{"Stripe gave nothing back.", "Look in the Dashboard."},
	}
	declined.checkIn(s, s.emptyHouse())
	got := read[Order](s, "/api/orders/"+o.Code)
	id := got.Refunds[2].ID
	eur := func(minor int64) money.Amount { return money.New(minor, "eur") }
	due := dispute.DueBy
	want := Order{
		Refunds: []Refund{
			{ID: "re_1", StripeID: "re_1", Amount: eur(500), Status: boxoffice.RefundSucceeded, External: true, CreatedAt: at, TicketIDs: []string{}},
			{ID: "re_2", StripeID: "re_2", Amount: eur(700), Status: boxoffice.RefundFailed, External: true, CreatedAt: at, TicketIDs: []string{}, Failure: "lost_or_stolen_card"},
			{ID: id, Amount: eur(100), Status: boxoffice.RefundRefused, By: "Ada", CreatedAt: at.Add(time.Hour), TicketIDs: []string{}, Answered: true, Problem: &Trouble{Code: "stripe_refused", Detail: "Stripe gave nothing back.", Next: "Look in the Dashboard."}},
		},
		Disputes: []Dispute{{ID: "dp_1", Amount: eur(7200), Status: "needs_response", Reason: "fraudulent", CreatedAt: at, DueBy: &due, Withdrawn: 600}},
		Refunded: 500, Disputed: 600, Refundable: 6100,
	}
	if diff := cmp.Diff(want, Order{Refunds: got.Refunds, Disputes: got.Disputes, Refunded: got.Refunded, Disputed: got.Disputed, Refundable: got.Refundable}); diff != "" {
		t.Errorf("returns (-want +got):\n%s", diff)
	}
	told := func(kind boxoffice.Kind, m Moment) Moment { m.Kind = kind; return m }
	story := []Moment{
		told("refund.recorded", Moment{Amount: new(eur(500)), Status: "succeeded", External: true}),
		told("refund.recorded", Moment{Amount: new(eur(700)), Status: "pending", External: true}),
		told("refund.recorded", Moment{Amount: new(eur(700)), Status: "failed", Detail: "lost_or_stolen_card", External: true}),
		told("dispute.recorded", Moment{Amount: new(eur(7200)), Status: "needs_response", Detail: "fraudulent"}),
		told("refund.asked", Moment{Amount: new(eur(100)), By: "Ada"}),
		told("refund.refused", Moment{Detail: "Stripe gave nothing back."}),
	}
	moments := slices.Clone(got.Timeline[3:])
	for i := range moments {
		moments[i].Number, moments[i].At = 0, time.Time{}
	}
	if diff := cmp.Diff(story, moments); diff != "" {
		t.Errorf("story (-want +got):\n%s", diff)
	}
}

// A ticket whose refund Stripe has not answered admits somebody, and cannot be
// given back once more.
func TestTicketUnderRefund(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.emptyHouse()
	o := s.sell("key-of-two", testkit.Obliges, "", 2)
	testkit.Append(t, s.book, testkit.Pay(o))
	s.stripe.Says(testkit.Silent)
	ticket := read[Order](s, "/api/orders/"+o.ID).Tickets[1].ID
	path, body := "/api/orders/"+o.ID+"/refund", `{"by":"Ada","ticketIds":["`+ticket+`"]}`
	row{
		name: "refund of a ticket", method: "POST", path: path, header: keyed("key-of-this-refund"), body: body,
		status: 200, has: []string{`"number":1,"of":2,"void":false,"refunding":false`, `"number":2,"of":2,"void":false,"refunding":true`},
	}.checkIn(s, h)
	row{name: "and once more", method: "POST", path: path, header: keyed("key-of-another"), body: body, status: 409, code: "ticket_refunded"}.checkIn(s, h)
}

// A tap that comes twice gives back once, and orders that went back whole are
// found as such.
func TestRefundTwiceAndFind(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.house()
	for range 2 {
		row{
			name: "refund", method: "POST", path: "/api/orders/{paid.id}/refund", header: keyed("key-of-this-refund"), body: `{"by":"Ada"}`,
			status: 200, has: []string{`"refunded":2400`},
		}.checkIn(s, h)
	}
	if o := read[Order](s, "/api/orders/"+h.paid.ID); len(o.Refunds) != 1 {
		t.Errorf("there are %d refunds", len(o.Refunds))
	}
	if codes, _ := s.page("status=refunded"); !slices.Equal(codes, []string{h.paid.Code}) {
		t.Errorf("refunded are %q", codes)
	}
	if codes, _ := s.page("status=paid"); len(codes) != 0 {
		t.Errorf("paid are %q", codes)
	}
	row{
		name: "another refund with the key", method: "POST", path: "/api/orders/{paid.id}/refund", header: keyed("key-of-this-refund"), body: `{"by":"Bo"}`,
		status: 409, code: "idempotency_mismatch",
	}.checkIn(s, h)
}
