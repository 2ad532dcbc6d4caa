package desk

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// An order of two adults at 24.00 and one child at 9.00; tickets are numbered
// from 0 in the order of sale.
func TestRefund(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tickets []int
		amount  int64
		want    int64
		pays    []int // the tickets that the refund is for
		left    int64
	}{
		"all of it":                             {want: 5700, pays: []int{0, 1, 2}},
		"one adult":                             {tickets: []int{1}, want: 2400, pays: []int{1}, left: 3300},
		"an adult and the child":                {tickets: []int{0, 2}, want: 3300, pays: []int{0, 2}, left: 2400},
		"the child twice is once":               {tickets: []int{2, 2}, want: 900, pays: []int{2}, left: 4800},
		"a part of a ticket's price":            {tickets: []int{0}, amount: 1000, want: 1000, pays: []int{0}, left: 4700},
		"goodwill, and all tickets stay":        {amount: 500, want: 500, left: 5200},
		"goodwill of everything":                {amount: 5700, want: 5700, pays: []int{0, 1, 2}},
		"one ticket, for all the money":         {tickets: []int{2}, amount: 5700, want: 5700, pays: []int{0, 1, 2}},
		"all tickets, and less than they cost":  {tickets: []int{0, 1, 2}, amount: 5699, want: 5699, pays: []int{0, 1, 2}, left: 1},
		"one ticket and more than it had cost":  {tickets: []int{2}, amount: 2000, want: 2000, pays: []int{2}, left: 3700},
		"the least that there is":               {amount: 1, want: 1, left: 5699},
		"each ticket by name is what they cost": {tickets: []int{0, 1, 2}, want: 5700, pays: []int{0, 1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			o := s.paid(key, 2, 1)
			ids := func(numbers []int) (ids []string) {
				for _, n := range numbers {
					ids = append(ids, o.Tickets[n].ID)
				}
				return ids
			}
			s.stripe.Says(testkit.Silent)
			ask := RefundAsk{Decision: decided("key-of-the-refund"), TicketIDs: ids(c.tickets), Amount: c.amount, Reason: "requested_by_customer"}
			got, err := s.desk.Refund(t.Context(), strings.ToLower(o.Code), ask)
			if err != nil {
				t.Fatal(err)
			}
			pays := slices.Sorted(slices.Values(ids(c.pays)))
			if len(got.Refunds) == 1 {
				slices.Sort(got.Refunds[0].TicketIDs)
			}
			id := got.Refunds[0].ID
			if ask, err = ask.check(); err != nil {
				t.Fatal(err)
			}
			want := []boxoffice.Refund{{
				ID: id, PaymentIntentID: "pi_" + o.Tenders[0].ID, ChargeID: "ch_" + o.Tenders[0].ID, Amount: eur(c.want), Status: boxoffice.RefundAsked,
				TicketIDs: pays, Answered: true, By: "Ada", Note: "asked at the window", Asked: ask.fingerprint(), CreatedAt: stripesTime(),
			}}
			if diff := cmp.Diff(want, got.Refunds); diff != "" {
				t.Errorf("refunds (-want +got):\n%s", diff)
			}
			wanted := boxoffice.Intent{
				Key: ledger.RefundKey(id), OrderID: o.ID, RefundID: id, RecordedAt: stripesTime(), Asker: "asker",
				Refund: &boxoffice.RefundRequest{
					PaymentIntentID: "pi_" + o.Tenders[0].ID, Amount: eur(c.want), Reason: "requested_by_customer",
					Metadata: map[string]string{"willcall_order": o.ID, "willcall_code": o.Code, "willcall_book": "book-1", "willcall_refund": id},
				},
			}
			if diff := cmp.Diff(wanted, s.intent()); diff != "" {
				t.Errorf("intent (-want +got):\n%s", diff)
			}
			// Until Stripe has made it, nobody loses a seat.
			if len(got.Valid()) != 3 || s.available() != testkit.Seats-3 || Refundable(got) != c.left {
				t.Errorf("%d tickets are valid, %d seats are left, %d can be given back", len(got.Valid()), s.available(), Refundable(got))
			}
			if log := s.stripe.Log(); log[len(log)-1] != "send "+ledger.RefundKey(id) {
				t.Errorf("Stripe was asked: %q", log)
			}
		})
	}
}

// TestTheLastOfTheMoneyTakesAllTickets: whatever takes all that is left makes all
// tickets void, and so must say it before Stripe has it; unless a bank holds a part.
func TestTheLastOfTheMoneyTakesAllTickets(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o, held := s.paid(key, 2, 0), s.paid("key-disputed", 2, 0)
	s.stripe.Says(gives(boxoffice.RefundSucceeded))
	if _, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-goodwill"), Amount: 2400}); err != nil {
		t.Fatal(err)
	}
	testkit.Append(t, s.book, boxoffice.DisputeRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: held.ID}, Dispute: boxoffice.Dispute{
		ID: "dp_1", PaymentIntentID: held.Tenders[0].PaymentIntentID, Amount: eur(2400), Status: boxoffice.DisputeNeedsResponse, Withdrawn: 2400,
	}})
	s.stripe.Says(testkit.Silent)
	stale := RefundAsk{Decision: decided("key-of-before"), Amount: 2400}
	stale.Left = new(int64(4800))
	before := s.bytes()
	_, err := s.desk.Refund(t.Context(), o.ID, stale)
	s.refuses("whoever saw more has seen that no ticket becomes void", err, boxoffice.CodeMoneyMoved)
	s.unchanged(before)
	for name, c := range map[string]struct {
		order boxoffice.Order
		ask   RefundAsk
		want  int
	}{
		"what one ticket costs":            {o, RefundAsk{TicketIDs: []string{o.Tickets[0].ID}}, 2},
		"an amount, and a bank holds more": {held, RefundAsk{Amount: 2400}, 0},
	} {
		c.ask.Decision = decided("key-of-the-last")
		got, err := s.desk.Refund(t.Context(), c.order.ID, c.ask)
		if err != nil || Refundable(got) != 0 || len(got.Refunds[len(got.Refunds)-1].TicketIDs) != c.want {
			t.Errorf("%s: %v, and not %d tickets: %+v", name, err, c.want, got.Refunds)
		}
	}
}

// What Stripe says within the call is what the clerk sees.
func TestRefundThatStripeAnswers(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.paid(key, 2, 0)
	s.stripe.Says(gives(boxoffice.RefundPending))
	got, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-pending"), Amount: 1000})
	if err != nil || got.Refunds[0].Status != boxoffice.RefundPending || got.Refunds[0].By != "Ada" || got.Status() != boxoffice.Paid {
		t.Errorf("%v: %+v", err, got.Refunds)
	}
	s.stripe.Says(declines)
	_, err = s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-declined")})
	if e := s.asError(err); e.Code != boxoffice.CodeStripeRefused || e.Message != "Stripe gave nothing back: the charge is disputed." || e.Next != "Answer the dispute." {
		t.Errorf("a refund that Stripe declines is told as %+v", e)
	}
	if got = s.order(o.ID); Refundable(got) != 3800 || len(got.Refunds) != 2 || len(refundableTickets(got)) != 2 {
		t.Errorf("afterwards %d can be given back, for %d tickets: %+v", Refundable(got), len(refundableTickets(got)), got.Refunds)
	}
	s.stripe.Says(gives(boxoffice.RefundSucceeded))
	if got, err = s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-of-the-rest")}); err != nil || got.Status() != boxoffice.Refunded || Refundable(got) != 0 {
		t.Errorf("%v: the rest leaves the order %s", err, got.Status())
	}
}

// One tap is one refund: the same ask with the same key gives back once, in
// whatever state it is found.
func TestRefundIsOne(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.paid(key, 2, 1)
	ask := RefundAsk{Decision: decided("key-of-the-refund"), TicketIDs: []string{o.Tickets[0].ID}}
	for i, says := range []testkit.Answer{testkit.Silent, testkit.Silent, gives(boxoffice.RefundSucceeded), testkit.Silent} {
		s.stripe.Says(says)
		got, err := s.desk.Refund(t.Context(), o.Code, ask)
		if err != nil || len(got.Refunds) != 1 || got.Refunded() != 2400 {
			t.Fatalf("the %d. time: %v, %+v", i+1, err, got.Refunds)
		}
	}
	sends := 0
	for _, asked := range s.stripe.Log() {
		if strings.HasSuffix(asked, "-refund") {
			sends++
		}
	}
	if sends != 3 {
		t.Errorf("Stripe was asked %d times; once it has answered, it is asked no more", sends)
	}
	for name, change := range map[string]func(*RefundAsk){
		"another ticket": func(a *RefundAsk) { a.TicketIDs = []string{o.Tickets[1].ID} },
		"another amount": func(a *RefundAsk) { a.Amount = 100 },
		"goodwill":       func(a *RefundAsk) { a.TicketIDs, a.Amount = nil, 2400 },
		"another clerk":  func(a *RefundAsk) { a.By = "Bo" },
		"another note":   func(a *RefundAsk) { a.Note = "" },
	} {
		other, before := ask, s.bytes()
		change(&other)
		_, err := s.desk.Refund(t.Context(), o.ID, other)
		s.refuses(name, err, boxoffice.CodeKeyMismatch)
		s.unchanged(before)
	}
	s.stripe.Down(&boxoffice.Error{Code: boxoffice.CodeStripeUnreachable, Message: "Stripe does not answer. Nothing was changed.", Next: "Wait."})
	if _, err := s.desk.Refund(t.Context(), o.ID, ask); err != nil {
		t.Errorf("what was made before needs no Stripe: %v", err)
	}
	before := s.bytes()
	_, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-while-down")})
	s.refuses("while Stripe is away", err, boxoffice.CodeStripeUnreachable)
	s.unchanged(before)
}

// A refund that Stripe declined is told again with its key, and never asked
// again; a new key asks anew.
func TestDeclinedRefundIsDeclined(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.paid(key, 1, 0)
	s.stripe.Says(declines)
	for range 2 {
		_, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-of-the-refund")})
		s.refuses("declined", err, boxoffice.CodeStripeRefused)
	}
	if n := len(s.order(o.ID).Refunds); n != 1 {
		t.Errorf("it was asked for %d times", n)
	}
	s.stripe.Says(gives(boxoffice.RefundPending))
	if got, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-anew")}); err != nil || got.Refunded() != 2400 {
		t.Errorf("%v: %+v", err, got.Refunds)
	}
}

// What cannot be given back is refused with a reason, and nothing is written.
func TestRefundRefuses(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o, other := s.paid(key, 2, 0), s.paid("key-of-another", 1, 0)
	open := s.sell(adults("key-that-is-open", 1))
	disputed := s.paid("key-disputed", 1, 0)
	testkit.Append(t, s.book, boxoffice.DisputeRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: disputed.ID}, Dispute: boxoffice.Dispute{
		ID: "dp_1", PaymentIntentID: disputed.Tenders[0].PaymentIntentID, Amount: eur(2400), Status: boxoffice.DisputeNeedsResponse, Withdrawn: 2400,
	}})
	void := s.paid("key-void", 2, 0)
	if _, err := s.desk.Void(void.ID, VoidAsk{Decision: decided(""), TicketIDs: []string{void.Tickets[0].ID}}); err != nil {
		t.Fatal(err)
	}
	s.stripe.Says(testkit.Silent)
	if _, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-before"), TicketIDs: []string{o.Tickets[0].ID}}); err != nil {
		t.Fatal(err)
	}
	by := func(d Decision) RefundAsk { return RefundAsk{Decision: d, Amount: 1} }
	ok := decided("key-of-this-one")
	before := s.bytes()
	for name, c := range map[string]struct {
		order string
		ask   RefundAsk
		code  boxoffice.Code
	}{
		"no such order":           {"ZZZZZZ", by(ok), boxoffice.CodeUnknownOrder},
		"not paid":                {open.ID, by(ok), boxoffice.CodeNotRefundable},
		"held by a bank":          {disputed.ID, by(ok), boxoffice.CodeNotRefundable},
		"more than is left":       {o.ID, RefundAsk{Decision: ok, Amount: 2401}, boxoffice.CodeRefundTooLarge},
		"more than anybody has":   {o.ID, RefundAsk{Decision: ok, Amount: 1 << 62}, boxoffice.CodeRefundTooLarge},
		"less than nothing":       {o.ID, RefundAsk{Decision: ok, Amount: -1}, boxoffice.CodeBadAmount},
		"a ticket under way":      {o.ID, RefundAsk{Decision: ok, TicketIDs: []string{o.Tickets[0].ID}}, boxoffice.CodeTicketRefunded},
		"another order's ticket":  {o.ID, RefundAsk{Decision: ok, TicketIDs: []string{other.Tickets[0].ID}}, boxoffice.CodeUnknownTicket},
		"one that is void":        {void.ID, RefundAsk{Decision: ok, TicketIDs: []string{void.Tickets[0].ID}}, boxoffice.CodeUnknownTicket},
		"no ticket of this name":  {o.ID, RefundAsk{Decision: ok, TicketIDs: []string{""}}, boxoffice.CodeUnknownTicket},
		"no key":                  {o.ID, by(Decision{By: "Ada"}), boxoffice.CodeKeyMissing},
		"nobody":                  {o.ID, by(Decision{Key: ok.Key, By: " \t "}), boxoffice.CodeWhoMissing},
		"a name beyond all names": {o.ID, by(Decision{Key: ok.Key, By: strings.Repeat("ä", 61)}), boxoffice.CodeWhoMissing},
		"a name that is none":     {o.ID, by(Decision{Key: ok.Key, By: "A\x00da"}), boxoffice.CodeWhoMissing},
		"a long note":             {o.ID, by(Decision{Key: ok.Key, By: "Ada", Note: strings.Repeat("ä", 501)}), boxoffice.CodeInvalid},
		"a note that is none":     {o.ID, by(Decision{Key: ok.Key, By: "Ada", Note: "a\xff"}), boxoffice.CodeInvalid},
		"a reason of its own":     {o.ID, RefundAsk{Decision: ok, Amount: 1, Reason: "sorry"}, boxoffice.CodeInvalid},
	} {
		_, err := s.desk.Refund(t.Context(), c.order, c.ask)
		s.refuses(name, err, c.code)
		s.unchanged(before)
	}
	if got, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: Decision{Key: ok.Key, By: " " + strings.Repeat("ä", 60) + " ", Note: " two\nlines "}, Amount: 1}); err != nil ||
		got.Refunds[1].By != strings.Repeat("ä", 60) || got.Refunds[1].Note != "two\nlines" {
		t.Errorf("a long name and a note of two lines: %v", err)
	}
}

// Stripe's rule of the last digit holds for refunds too, and a ticket's share
// of an uneven line keeps to it.
func TestRefundsOfThreeDecimals(t *testing.T) {
	t.Parallel()
	kwd := func(minor int64) money.Amount { return money.New(minor, "kwd") }
	o := boxoffice.Order{
		Code: "K7QF3M", Total: kwd(10_000), LineItems: []boxoffice.LineItem{{Quantity: 3, UnitPrice: kwd(3333), Total: kwd(10_000)}},
		Tickets: []boxoffice.Ticket{{ID: "a"}, {ID: "b"}, {ID: "c"}},
		Tenders: []boxoffice.Tender{{State: boxoffice.TenderPaid, PaymentIntentID: "pi_1"}},
	}
	if diff := cmp.Diff(map[string]int64{"a": 3330, "b": 3330, "c": 3340}, costs(o)); diff != "" {
		t.Errorf("what each ticket cost (-want +got):\n%s", diff)
	}
	for minor, code := range map[int64]boxoffice.Code{1234: boxoffice.CodeBadAmount, 1230: "", 10_000: "", 10_010: boxoffice.CodeRefundTooLarge, 9: boxoffice.CodeBadAmount} {
		if _, err := refundOf(o, RefundAsk{Amount: minor}); boxoffice.ErrorCode(err) != code {
			t.Errorf("%d: %v, want %q", minor, err, code)
		}
	}
	o.Tenders[0].PaymentIntentID = ""
	if _, err := refundOf(o, RefundAsk{}); boxoffice.ErrorCode(err) != boxoffice.CodeNotRefundable {
		t.Errorf("an order without a payment: %v", err)
	}
}

// A donation is paid back by its amount alone: it has no ticket.
func TestCostsSkipDonations(t *testing.T) {
	t.Parallel()
	o := boxoffice.Order{
		Total: eur(7400), Tickets: []boxoffice.Ticket{{ID: "a"}, {ID: "b"}},
		LineItems: []boxoffice.LineItem{{Quantity: 1, Total: eur(2400)}, {Quantity: 2, Total: eur(4000), Donation: true}, {Quantity: 1, Total: eur(1000)}},
	}
	if diff := cmp.Diff(map[string]int64{"a": 2400, "b": 1000}, costs(o)); diff != "" {
		t.Errorf("what each ticket cost (-want +got):\n%s", diff)
	}
}
