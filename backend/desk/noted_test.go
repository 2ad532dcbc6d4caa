package desk

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// cameBack is a refund of one adult that Stripe made and the bank did not take, and
// its money at the late-money desk.
func (s *scene) cameBack(o boxoffice.Order, id string, tickets ...string) boxoffice.Discrepancy {
	s.Helper()
	t := o.Tenders[0]
	refund := boxoffice.Refund{ID: id, StripeID: id, PaymentIntentID: t.PaymentIntentID, Amount: eur(2400), External: true, TicketIDs: tickets}
	for _, refund.Status = range []boxoffice.RefundStatus{boxoffice.RefundSucceeded, boxoffice.RefundFailed} {
		testkit.Append(s, s.book, boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: o.ID}, Refund: refund})
	}
	return s.found(boxoffice.Discrepancy{
		ID: id + "-came", SessionID: "-" + id, OrderID: o.ID, PaymentIntentID: t.PaymentIntentID, Amount: eur(2400), Reason: boxoffice.RefundCame, RefundID: id,
	})
}

// canDo is what is left of late money, and what can be done about it.
func (s *scene) canDo(d boxoffice.Discrepancy) (left int64, actions []boxoffice.LateAction) {
	s.Helper()
	err := s.book.View(func(tx *ledger.Tx) (err error) {
		if d, err = findLate(tx, d.ID); err != nil {
			return err
		}
		if left, err = LateLeft(tx, d); err == nil {
			actions, err = LateActions(tx, d)
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return left, actions
}

func both() []boxoffice.LateAction {
	return []boxoffice.LateAction{boxoffice.ActRefund, boxoffice.ActKeep}
}

// saw is a decision of who saw that so much is left.
func saw(left int64) Decision {
	c := decided("key-of-the-decision")
	c.Left = &left
	return c
}

// TestNothingIsDecidedBeforeStripeAnswers: what is left of a refund that came
// back is not known while another refund of the same money, of all or of a part,
// is only asked for. When Stripe refuses that one, all of it still waits here.
func TestNothingIsDecidedBeforeStripeAnswers(t *testing.T) {
	t.Parallel()
	for name, amount := range map[string]int64{"all of it": 2400, "a part": 400} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			o := s.paid(key, 1, 0)
			d := s.cameBack(o, "re_1")
			s.stripe.Says(testkit.Silent)
			if _, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-of-the-order"), Amount: amount}); err != nil {
				t.Fatal(err)
			}
			if _, can := s.canDo(d); len(can) > 0 {
				t.Errorf("before Stripe has answered one can %v", can)
			}
			before := s.bytes()
			_, err := s.desk.KeepLate(d.ID, decided("key-to-keep"))
			s.refuses("keeping it", err, boxoffice.CodeNotPossible)
			_, err = s.desk.KeepLate(d.ID, saw(2400-amount))
			s.refuses("keeping what is left", err, boxoffice.CodeNotPossible)
			_, err = s.desk.RefundLate(t.Context(), d.ID, decided("key-to-refund"))
			s.refuses("a refund", err, boxoffice.CodeNotPossible)
			s.unchanged(before)
			testkit.Append(t, s.book, declines(s.intent())...)
			if left, can := s.canDo(d); left != 2400 || !slices.Equal(can, both()) || !s.late(d.ID).Waiting() {
				t.Errorf("Stripe refused: %d are left, one can %v", left, can)
			}
		})
	}
}

// A refund of the order's other tickets has nothing to do with it.
func TestARefundOfOtherTicketsKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.paid(key, 2, 0)
	d := s.cameBack(o, "re_1", o.Tickets[0].ID)
	s.stripe.Says(testkit.Silent)
	if _, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-of-the-order"), TicketIDs: []string{o.Tickets[1].ID}}); err != nil {
		t.Fatal(err)
	}
	if left, can := s.canDo(d); left != 2400 || !slices.Equal(can, both()) {
		t.Errorf("%d are left, one can %v", left, can)
	}
}

// TestWhatIsNotedWasNothing: once Stripe has another refund of it, nothing is left
// of one that came back, and the book keeps that nothing was kept. Whoever saw
// something else, or saw nothing where there is something, is told.
func TestWhatIsNotedWasNothing(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.paid(key, 1, 0)
	d := s.cameBack(o, "re_1")
	before := s.bytes()
	_, err := s.desk.KeepLate(d.ID, saw(0))
	s.refuses("nothing was seen, and all of it is here", err, boxoffice.CodeMoneyMoved)
	s.unchanged(before)
	s.stripe.Says(gives(boxoffice.RefundPending))
	if _, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("key-of-the-order"), Amount: 2400}); err != nil {
		t.Fatal(err)
	}
	if left, can := s.canDo(d); left != 0 || !slices.Equal(can, []boxoffice.LateAction{boxoffice.ActKeep}) {
		t.Errorf("%d are left, one can %v", left, can)
	}
	before = s.bytes()
	_, err = s.desk.KeepLate(d.ID, saw(2400))
	s.refuses("all of it was seen, and it went back", err, boxoffice.CodeMoneyMoved)
	s.unchanged(before)
	got, err := s.desk.KeepLate(d.ID, saw(0))
	want := &boxoffice.Resolution{Action: boxoffice.ActKeep, By: "Ada", Note: "asked at the window", At: testkit.NewClock().Now(), Left: new(int64(0))}
	if diff := cmp.Diff(want, got.Resolution); err != nil || diff != "" {
		t.Errorf("%v, resolution (-want +got):\n%s", err, diff)
	}
}

// TestWhatWentBackForSomethingElse leaves what came back as it is, if that was
// known by then: goodwill, or what somebody had said to be for no ticket. What
// nobody had asked about may have been made in its place.
func TestWhatWentBackForSomethingElse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		besides []string
		left    int64
	}{
		"known":     {[]string{"re_2"}, 2400},
		"not known": {nil, 1},
	} {
		s := newScene(t)
		o := s.paid(key, 3, 0)
		s.external(o, "re_1", 2400, boxoffice.RefundSucceeded)
		s.external(o, "re_2", 2399, boxoffice.RefundSucceeded)
		s.external(o, "re_1", 2400, boxoffice.RefundFailed)
		d := s.found(boxoffice.Discrepancy{
			SessionID: "-", OrderID: o.ID, PaymentIntentID: o.Tenders[0].PaymentIntentID, Amount: eur(2400), Reason: boxoffice.RefundCame, RefundID: "re_1", Besides: c.besides,
		})
		if left, can := s.canDo(d); left != c.left || !slices.Equal(can, both()) {
			t.Errorf("%s: %d are left, one can %v", name, left, can)
		}
		s.external(o, "re_3", 500, boxoffice.RefundSucceeded)
		if left, _ := s.canDo(d); left != max(0, c.left-500) {
			t.Errorf("%s: after another refund %d are left", name, left)
		}
	}
}

// TestTwoRefundsThatCameBack: what goes back for one of them leaves the other.
func TestTwoRefundsThatCameBack(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.paid(key, 2, 0)
	one, other := s.cameBack(o, "re_1"), s.cameBack(o, "re_2")
	s.stripe.Says(gives(boxoffice.RefundSucceeded))
	if _, err := s.desk.RefundLate(t.Context(), one.ID, decided(key)); err != nil {
		t.Fatal(err)
	}
	if left, can := s.canDo(other); left != 2400 || !slices.Equal(can, both()) {
		t.Errorf("of the other %d are left, one can %v", left, can)
	}
	if _, err := s.desk.RefundLate(t.Context(), other.ID, decided("another-key")); err != nil || s.order(o.ID).Refunded() != 4800 {
		t.Errorf("%v: %d went back", err, s.order(o.ID).Refunded())
	}
}

// TestAnAskIsKnownAgainFromBefore: the fingerprint of a refund that was asked for
// with an older version is in the book, and its retry is the same ask.
func TestAnAskIsKnownAgainFromBefore(t *testing.T) {
	t.Parallel()
	ask := RefundAsk{Decision: saw(2400), Amount: 400, Reason: "duplicate"}
	if got := ask.fingerprint(); got != "6eca7028c68f6bcfbf3afa97ded515a8" {
		t.Errorf("it is %s now", got)
	}
}
