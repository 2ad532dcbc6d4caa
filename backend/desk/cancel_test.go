package desk

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

func ofTender(o boxoffice.Order) boxoffice.OfTender {
	return boxoffice.OfTender{OrderID: o.ID, TenderID: o.Tenders[0].ID}
}

// Canceling asks Stripe, and what Stripe says is what the order becomes.
func TestCancel(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		says   func(boxoffice.Order) testkit.Answer
		status boxoffice.OrderStatus
		left   int
		kinds  []boxoffice.Kind
	}{
		"Stripe closes the code": {
			says:   func(boxoffice.Order) testkit.Answer { return testkit.Obliges },
			status: boxoffice.Canceled, left: testkit.Seats, kinds: []boxoffice.Kind{"tender.cancel_asked", "tender.expired"},
		},
		"the buyer was faster": {
			says: func(o boxoffice.Order) testkit.Answer {
				return func(boxoffice.Intent) []boxoffice.Fact { return []boxoffice.Fact{testkit.Pay(o)} }
			},
			status: boxoffice.Paid, left: testkit.Seats - 2, kinds: []boxoffice.Kind{"tender.cancel_asked", "tender.paid"},
		},
		"the buyer was faster, and the bank is slow": {
			says: func(o boxoffice.Order) testkit.Answer {
				return func(boxoffice.Intent) []boxoffice.Fact {
					return []boxoffice.Fact{boxoffice.ProcessingFact{OfTender: ofTender(o)}}
				}
			},
			status: boxoffice.AwaitingPayment, left: testkit.Seats - 2, kinds: []boxoffice.Kind{"tender.cancel_asked", "tender.processing"},
		},
		"Stripe does not answer": {
			says:   func(boxoffice.Order) testkit.Answer { return testkit.Silent },
			status: boxoffice.AwaitingPayment, left: testkit.Seats - 2, kinds: []boxoffice.Kind{"tender.cancel_asked"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			o := s.sell(adults(key, 2))
			s.stripe.Says(c.says(o))
			got, err := s.desk.Cancel(t.Context(), strings.ToLower(o.Code))
			if err != nil || got.Status() != c.status || !got.Tenders[0].CancelAsked || s.available() != c.left {
				t.Errorf("%v: %s, %d seats left, %+v", err, got.Status(), s.available(), got.Tenders)
			}
			if diff := cmp.Diff(append([]boxoffice.Kind{"order.placed", "tender.opened"}, c.kinds...), s.kinds(o.ID)); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			if asked := s.stripe.Log(); asked[len(asked)-1] != "send "+ledger.ExpireKey(o.Tenders[0].ID) {
				t.Errorf("Stripe was asked: %q", asked)
			}
		})
	}
}

// The wish to cancel is in the book, with its own key, before Stripe is asked.
func TestCancelIntent(t *testing.T) {
	s := newScene(t)
	o := s.sell(adults(key, 1))
	s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact {
		want := boxoffice.Intent{Key: ledger.ExpireKey(i.TenderID), OrderID: o.ID, TenderID: o.Tenders[0].ID, Expire: o.Tenders[0].SessionID, RecordedAt: i.RecordedAt}
		if diff := cmp.Diff(want, i); diff != "" {
			t.Errorf("intent (-want +got):\n%s", diff)
		}
		if !i.RecordedAt.Equal(stripesTime()) {
			t.Errorf("the intent was recorded at %s, which is not Stripe's time", i.RecordedAt)
		}
		return testkit.Obliges(i)
	})
	if o, err := s.desk.Cancel(t.Context(), o.ID); err != nil || o.Status() != boxoffice.Canceled {
		t.Errorf("%v: %s", err, o.Status())
	}
}

// Twice is once: while Stripe is silent the same intent is sent again, and when
// the order is canceled nothing is written and nothing asked.
func TestCancelTwice(t *testing.T) {
	s := newScene(t)
	o := s.sell(adults(key, 2))
	s.stripe.Says(testkit.Silent)
	if _, err := s.desk.Cancel(t.Context(), o.ID); err != nil {
		t.Fatal(err)
	}
	if o, err := s.desk.Cancel(t.Context(), o.ID); err != nil || o.Status() != boxoffice.AwaitingPayment {
		t.Errorf("the second time: %v, %s", err, o.Status())
	}
	send := "send " + ledger.ExpireKey(o.Tenders[0].ID)
	if diff := cmp.Diff([]string{send, send}, s.stripe.Log()[1:]); diff != "" {
		t.Errorf("Stripe was asked (-want +got):\n%s", diff)
	}
	s.stripe.Says(testkit.Obliges)
	for range 2 {
		if o, err := s.desk.Cancel(t.Context(), o.ID); err != nil || o.Status() != boxoffice.Canceled {
			t.Errorf("when Stripe answers: %v, %s", err, o.Status())
		}
	}
	want := []boxoffice.Kind{"order.placed", "tender.opened", "tender.cancel_asked", "tender.expired"}
	if diff := cmp.Diff(want, s.kinds(o.ID)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if asked := s.stripe.Log(); len(asked) != 4 || s.available() != testkit.Seats {
		t.Errorf("Stripe was asked %q, and %d seats are left", asked, s.available())
	}
}

// What cannot be canceled says why, and what that means for the money; nothing
// is written and Stripe is not asked.
func TestNotCancelable(t *testing.T) {
	t.Parallel()
	refused := func(s *scene) boxoffice.Order {
		s.stripe.Says(testkit.Refuses)
		o, _ := s.desk.Sell(s.Context(), adults(key, 1))
		return o
	}
	after := func(facts ...func(boxoffice.Order) boxoffice.Fact) func(*scene) boxoffice.Order {
		return func(s *scene) boxoffice.Order {
			o := s.sell(adults(key, 1))
			for _, f := range facts {
				testkit.Append(s, s.book, f(o))
			}
			return o
		}
	}
	refunded := func(o boxoffice.Order) boxoffice.Fact {
		return boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: o.ID}, Refund: boxoffice.Refund{
			ID: "re_1", StripeID: "re_1", PaymentIntentID: "pi_1", Amount: o.Total, Status: boxoffice.RefundSucceeded, External: true,
		}}
	}
	tooLate := func(o boxoffice.Order) boxoffice.Fact {
		return boxoffice.DiscrepancyFoundFact{Discrepancy: boxoffice.Discrepancy{ID: "cs_9-no_room", OrderID: o.ID, SessionID: "cs_9", Amount: o.Total, Reason: boxoffice.NoRoom}}
	}
	processing := func(o boxoffice.Order) boxoffice.Fact { return boxoffice.ProcessingFact{OfTender: ofTender(o)} }
	expired := func(o boxoffice.Order) boxoffice.Fact { return boxoffice.ExpiredFact{OfTender: ofTender(o)} }
	failed := func(o boxoffice.Order) boxoffice.Fact {
		return boxoffice.FailedFact{OfTender: ofTender(o), Problem: boxoffice.Problem{Code: boxoffice.CodeStripeRefused}}
	}
	for name, c := range map[string]struct {
		order  func(*scene) boxoffice.Order
		says   string
		status string
	}{
		"paid":       {after(testkit.Pay), "is paid, so it was not canceled. Its tickets are valid.", "paid"},
		"starting":   {func(s *scene) boxoffice.Order { s.stripe.Says(testkit.Silent); return s.sell(adults(key, 1)) }, "The seats stay held.", "awaiting_payment"},
		"processing": {after(processing), "The seats stay held.", "awaiting_payment"},
		"expired":    {after(expired), "is closed already. Nobody was charged, and its seats are free.", "expired"},
		"failed":     {after(processing, failed), "is closed already. Nobody was charged, and its seats are free.", "failed"},
		"refunded":   {after(testkit.Pay, refunded), "was paid, and all of its money goes back or has gone back. It is over already, and no more was moved.", "refunded"},
		"paid late":  {after(expired, tooLate), "is closed already, and its seats are free. Money that came for it all the same did not fit; it is with the late money.", "expired"},
		"refused":    {refused, "is closed already. Nobody was charged, and its seats are free.", "failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			o := c.order(s)
			before, asked := s.bytes(), len(s.stripe.Log())
			_, err := s.desk.Cancel(t.Context(), o.ID)
			e := s.asError(err)
			if e.Code != boxoffice.CodeNotCancelable || !strings.Contains(e.Message, "Order "+o.Code) || !strings.Contains(e.Message, c.says) || e.Params["status"] != c.status {
				t.Errorf("refused as %s: %q %v", e.Code, e.Message, e.Params)
			}
			if len(s.stripe.Log()) != asked {
				t.Errorf("Stripe was asked: %q", s.stripe.Log()[asked:])
			}
			s.unchanged(before)
		})
	}
}

// Without a line to Stripe nothing is recorded that could not be carried out.
func TestCancelWithoutStripesClock(t *testing.T) {
	s := newScene(t)
	o := s.sell(adults(key, 1))
	s.stripe.Down(&boxoffice.Error{Code: boxoffice.CodeStripeUnreachable, Message: "Stripe cannot be reached. Nothing was changed.", Next: "Go online."})
	before := s.bytes()
	if _, err := s.desk.Cancel(t.Context(), o.ID); s.asError(err).Code != boxoffice.CodeStripeUnreachable {
		t.Errorf("refused as %v", err)
	}
	s.unchanged(before)
}
