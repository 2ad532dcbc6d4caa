package reconcile

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// TestShare: a part of the whole is that part of the amount, to the nearest
// minor unit, however large the numbers.
func TestShare(t *testing.T) {
	for _, c := range []struct{ of, part, whole, want int64 }{
		{4800, 5184, 5184, 4800}, {4800, 2592, 5184, 2400}, {4800, 1, 5184, 1}, {4800, 0, 5184, 0},
		{100, 1, 3, 33}, {100, 2, 3, 67}, {3, 1, 2, 2}, {1, 1, 2, 1}, {1, 1, 3, 0},
		{99999999, 99999998, 99999999, 99999998}, {4800, 864000, 864000, 4800}, {864000, 4800, 4800, 864000},
	} {
		if got := share(money.New(c.of, "eur"), c.part, c.whole); got != money.New(c.want, "eur") {
			t.Errorf("%d/%d of %d is %s, want %d", c.part, c.whole, c.of, got, c.want)
		}
	}
}

// inDollars is a till whose order of 48.00 EUR was paid with so many cents.
func inDollars(t *testing.T, cents int64, fn func(s *scene, f *fake)) {
	t.Helper()
	polling(t, func(s *scene, f *fake) {
		s.holds(soldOrder())
		f.has(stripeapi.Session{ID: "pi_1", Status: stripeapi.SessionComplete, Paid: true, Amount: money.New(cents, "usd"), Payment: stripeapi.Payment{IntentID: "pi_1", Status: stripeapi.PaymentSucceeded}})
		fn(s, f)
	})
}

// TestADisputeInAnotherCurrency: what is disputed is told in the buyer's
// currency, what the bank moved in the account's, and the book has both in the
// sale's.
func TestADisputeInAnotherCurrency(t *testing.T) {
	for _, c := range []struct {
		name              string
		amount, took, got money.Amount
		want              string
	}{
		{"all, moved in the account's currency", money.New(5184, "usd"), money.New(4795, "eur"), money.New(0, "eur"), "4800 taken 4800 given 0"},
		{"all, moved and given back", money.New(5184, "usd"), money.New(4795, "eur"), money.New(4802, "eur"), "4800 taken 4800 given 4800"},
		{"half, moved in the buyer's", money.New(2592, "usd"), money.New(2592, "usd"), money.New(0, "usd"), "2400 taken 2400 given 0"},
		{"an inquiry, which moves nothing", money.New(5184, "usd"), money.Amount{}, money.Amount{}, "4800 taken 0 given 0"},
		{"in the sale's own", money.New(4800, "eur"), money.New(4800, "eur"), money.Amount{}, "4800 taken 4800 given 0"},
		{"in the sale's own, moved in francs", money.New(4800, "eur"), money.New(4512, "chf"), money.Amount{}, "4800 taken 4800 given 0"},
	} {
		inDollars(t, 5184, func(s *scene, _ *fake) {
			s.check(s.r.observeDispute(s.Context(), stripeapi.Dispute{ID: "dp_1", IntentID: "pi_1", Status: "needs_response", Amount: c.amount, Withdrawn: c.took, Reinstated: c.got}))
			d := s.order("ord-1").Disputes[0]
			if got := fmt.Sprint(d.Amount.Minor, " taken ", d.Withdrawn, " given ", d.Reinstated); got != c.want || d.Amount.Currency != "eur" {
				s.Errorf("%s: %s %s, want %s", c.name, d.Amount.Currency, got, c.want)
			}
		})
	}
}

// TestPartsMakeTheWhole: whatever is given back in the buyer's currency in
// however many parts, in whatever order they are seen, all of it is all of the
// sale's price, to the cent: then its tickets are void.
func TestPartsMakeTheWhole(t *testing.T) {
	for _, c := range []struct {
		paid  int64
		parts []int64
		fails int // so many of the first parts failed
	}{
		{5184, []int64{5184}, 0},
		{5184, []int64{2592, 2592}, 0},
		{5185, []int64{1728, 1728, 1729}, 0},
		{14400, []int64{4799, 4799, 4802}, 0},
		{14401, []int64{1, 1, 1, 14398}, 0},
		{14400, []int64{4799, 4799, 4799, 4802}, 1},
		{37, []int64{12, 12, 13}, 0},
	} {
		for turn := range len(c.parts) {
			inDollars(t, c.paid, func(s *scene, f *fake) {
				for i, part := range c.parts {
					made := stripeapi.Refund{ID: fmt.Sprint("re_", i), IntentID: "pi_1", Status: "succeeded", Amount: money.New(part, "usd"), Created: time.Now()}
					if i < c.fails {
						made.Status = "failed"
					}
					f.books.refunds = append(f.books.refunds, made)
				}
				for i := range c.parts {
					s.check(s.r.lookAtRefund(s.Context(), f.books.refunds[(i+turn)%len(c.parts)].ID))
				}
				o := s.order("ord-1")
				if o.Accepted() != o.Total.Minor || o.Status() != boxoffice.Refunded || len(o.Valid()) > 0 {
					s.Errorf("%v of %d cents, from the %dth: %d came back of %s, %d tickets are valid", c.parts, c.paid, turn+1, o.Accepted(), o.Total, len(o.Valid()))
				}
			})
		}
	}
}

// TestAsPaid: what is sent is in the buyer's currency, never more than Stripe has
// left, and in steps that Stripe takes.
func TestAsPaid(t *testing.T) {
	usd := func(cents int64) money.Amount { return money.New(cents, "usd") }
	for _, c := range []struct {
		name          string
		paid          money.Amount
		before, asked int64 // of 48.00 EUR
		gone          int64 // of paid
		want          money.Amount
	}{
		{"the sale's own", money.New(4800, "eur"), 0, 2400, 0, money.New(2400, "eur")},
		{"all", usd(5184), 0, 4800, 0, usd(5184)},
		{"half", usd(5185), 0, 2400, 0, usd(2593)},
		{"the other half", usd(5185), 2400, 2400, 2593, usd(2592)},
		{"the rest, after a part that was rounded in the Dashboard", money.New(53760, "sek"), 446, 4354, 5000, money.New(48760, "sek")},
		{"less than Stripe has left, which is nothing of the book's", usd(5184), 0, 4700, 200, usd(4984)},
		{"Stripe has nothing left, and says so", usd(5184), 0, 2400, 5184, usd(2592)},
		{"a third of what is coarser", money.New(8001, "jpy"), 1600, 1600, 2667, money.New(2667, "jpy")},
		{"in dinars, whose last digit is 0", money.New(15990, "kwd"), 0, 2400, 0, money.New(7990, "kwd")},
		{"the rest in dinars", money.New(15990, "kwd"), 2400, 2400, 7990, money.New(8000, "kwd")},
		{"all that is left", usd(5184), 0, 0, 0, money.Amount{}},
	} {
		refunding(t, func(s *scene, f *fake) {
			f.has(stripeapi.Session{ID: "pi_1", Paid: true, Amount: c.paid})
			if c.gone > 0 {
				f.books.refunds = append(f.books.refunds, stripeapi.Refund{ID: "re_0", IntentID: "pi_1", Status: "succeeded", Amount: money.New(c.gone, c.paid.Currency)})
			}
			if c.before > 0 {
				testkit.Append(s, s.book, boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: "ord-1"}, Refund: boxoffice.Refund{
					ID: "re_0", StripeID: "re_0", PaymentIntentID: "pi_1", Amount: money.New(c.before, "eur"), Status: boxoffice.RefundSucceeded,
				}})
			}
			i := boxoffice.Intent{RefundID: "rfd_1", Refund: &boxoffice.RefundRequest{PaymentIntentID: "pi_1"}}
			if c.asked > 0 {
				i.Refund.Amount = money.New(c.asked, "eur")
			}
			got, err := s.r.asPaid(i)
			if diff := cmp.Diff(c.want, got.Amount); diff != "" || err != nil {
				s.Errorf("%s: %v %s", c.name, err, diff)
			}
		})
	}
}

// TestRefundsAtOnce: parts that are asked for at the same moment are together
// what was paid, whichever is sent first, and stay what they are when one is
// answered: Stripe would refuse a cent too much, and a key with another amount.
func TestRefundsAtOnce(t *testing.T) {
	refunding(t, func(s *scene, f *fake) {
		f.has(stripeapi.Session{ID: "pi_1", Paid: true, Amount: money.New(5185, "usd")})
		of := boxoffice.OfMoney{OrderID: "ord-1"}
		refund := func(id string, status boxoffice.RefundStatus) boxoffice.Refund {
			return boxoffice.Refund{ID: id, PaymentIntentID: "pi_1", Amount: money.New(1200, "eur"), Status: status}
		}
		intent := func(id string) boxoffice.Intent {
			return boxoffice.Intent{Key: ledger.RefundKey(id), OrderID: "ord-1", RefundID: id, Refund: &boxoffice.RefundRequest{PaymentIntentID: "pi_1", Amount: money.New(1200, "eur")}}
		}
		ids := []string{"rfd_1", "rfd_2", "rfd_3"}
		for _, id := range ids {
			testkit.Append(s, s.book, boxoffice.RefundAskedFact{OfMoney: of, Refund: refund(id, boxoffice.RefundAsked), Intent: intent(id)})
		}
		sent := func() (cents []int64) {
			for _, id := range ids {
				request, err := s.r.asPaid(intent(id))
				s.check(err)
				cents = append(cents, request.Amount.Minor)
			}
			return cents
		}
		want := []int64{1296, 1297, 1296}
		if diff := cmp.Diff(want, sent()); diff != "" {
			s.Error(diff)
		}
		done := refund("rfd_2", boxoffice.RefundSucceeded)
		done.StripeID = "re_2"
		testkit.Append(s, s.book, boxoffice.RefundRecordedFact{OfMoney: of, Refund: done})
		if diff := cmp.Diff(want, sent()); diff != "" {
			s.Errorf("once one is answered: %s", diff)
		}
		outside := refund("re_9", boxoffice.RefundSucceeded)
		outside.StripeID, outside.External = "re_9", true
		testkit.Append(s, s.book, boxoffice.RefundRecordedFact{OfMoney: of, Refund: outside})
		if diff := cmp.Diff([]int64{1297, 1296, 1296}, sent()); diff != "" {
			s.Errorf("once another program gave a part back: %s", diff)
		}
	})
}
