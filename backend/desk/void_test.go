package desk

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
)

// external is a refund of a part that somebody made in the Dashboard.
func (s *scene) external(o boxoffice.Order, id string, minor int64, status boxoffice.RefundStatus) {
	s.Helper()
	testkit.Append(s, s.book, boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: o.ID}, Refund: boxoffice.Refund{
		ID: id, StripeID: id, PaymentIntentID: o.Tenders[0].PaymentIntentID, Amount: eur(minor), Status: status, External: true, CreatedAt: stripesTime(),
	}})
}

// A refund of a part, made elsewhere, asks which tickets it was for: all
// answers, and what each does to the seats.
func TestVoidAnswersARefund(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tickets []int
		valid   int
	}{
		"one of them":  {[]int{1}, 2},
		"none of them": {nil, 3},
		"all of them":  {[]int{2, 0, 1}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			o := s.paid(key, 2, 1)
			s.external(o, "re_1", 1200, boxoffice.RefundSucceeded)
			if open := s.order(o.ID).Unanswered(); len(open) != 1 {
				t.Fatalf("%d refunds ask which tickets they are for", len(open))
			}
			ask := VoidAsk{Decision: Decision{By: " Ada ", Note: "as the buyer said"}, RefundID: "re_1"}
			for _, n := range c.tickets {
				ask.TicketIDs = append(ask.TicketIDs, o.Tickets[n].ID)
			}
			for i := range 2 {
				got, err := s.desk.Void(o.Code, ask)
				if err != nil || len(got.Valid()) != c.valid || len(got.Unanswered()) != 0 || !got.Refunds[0].Answered {
					t.Fatalf("the %d. time: %v, %d tickets are valid, %+v", i+1, err, len(got.Valid()), got.Refunds)
				}
			}
			if s.available() != testkit.Seats-c.valid {
				t.Errorf("%d seats are free", s.available())
			}
			sound(t, s.book)
			want := []boxoffice.Kind{"order.placed", "tender.opened", "tender.paid", "refund.recorded", "tickets.voided"}
			if diff := cmp.Diff(want, s.kinds(o.ID)); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			before := s.bytes()
			if c.valid > 0 {
				ask.TicketIDs = []string{o.Tickets[0].ID}
				_, err := s.desk.Void(o.Code, ask)
				s.refuses("another answer", err, boxoffice.CodeAlreadyResolved)
				s.unchanged(before)
			}
		})
	}
}

// Tickets can be made void without a refund, once, and never while a refund
// for them is under way.
func TestVoidWithoutARefund(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o, open := s.paid(key, 3, 0), s.sell(adults("key-that-is-open", 1))
	s.stripe.Says(testkit.Silent)
	if _, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-of-the-refund"), TicketIDs: []string{o.Tickets[0].ID}}); err != nil {
		t.Fatal(err)
	}
	asked := s.order(o.ID).Refunds[0].ID
	void := VoidAsk{Decision: decided(""), TicketIDs: []string{o.Tickets[1].ID}}
	for range 2 {
		if got, err := s.desk.Void(o.ID, void); err != nil || len(got.Valid()) != 2 || s.available() != testkit.Seats-3 || Refundable(got) != 4800 {
			t.Fatalf("%v: %d are valid, %d seats free", err, len(got.Valid()), s.available())
		}
	}
	s.external(o, "re_back", 100, boxoffice.RefundFailed)
	before := s.bytes()
	for name, c := range map[string]struct {
		order string
		ask   VoidAsk
		code  boxoffice.Code
	}{
		"no order":                     {"ZZZZZZ", void, boxoffice.CodeUnknownOrder},
		"nobody":                       {o.ID, VoidAsk{TicketIDs: void.TicketIDs}, boxoffice.CodeWhoMissing},
		"nothing":                      {o.ID, VoidAsk{Decision: decided("")}, boxoffice.CodeInvalid},
		"a ticket whose refund is out": {o.ID, VoidAsk{Decision: decided(""), TicketIDs: []string{o.Tickets[0].ID}}, boxoffice.CodeTicketRefunded},
		"one void and one valid":       {o.ID, VoidAsk{Decision: decided(""), TicketIDs: []string{o.Tickets[1].ID, o.Tickets[2].ID}}, boxoffice.CodeUnknownTicket},
		"no ticket of the order":       {o.ID, VoidAsk{Decision: decided(""), TicketIDs: []string{"tkt-x"}}, boxoffice.CodeUnknownTicket},
		"an order that is not paid":    {open.ID, VoidAsk{Decision: decided(""), TicketIDs: []string{"tkt-x"}}, boxoffice.CodeUnknownTicket},
		"no refund of the order":       {o.ID, VoidAsk{Decision: decided(""), RefundID: "re_x"}, boxoffice.CodeNotPossible},
		"a refund that came back":      {o.ID, VoidAsk{Decision: decided(""), RefundID: "re_back"}, boxoffice.CodeNotPossible},
		"a refund that says for which": {o.ID, VoidAsk{Decision: decided(""), RefundID: asked}, boxoffice.CodeAlreadyResolved},
	} {
		_, err := s.desk.Void(c.order, c.ask)
		s.refuses(name, err, c.code)
		s.unchanged(before)
	}
}
