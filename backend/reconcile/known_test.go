package reconcile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// TestLookAtIntent: a payment is known by its session; one without is another
// program's, or a card that was typed here; one whose session a list does not
// show yet is not taken for either.
func TestLookAtIntent(t *testing.T) {
	long := time.Date(1999, time.December, 31, 0, 0, 0, 0, time.UTC) // a bubble begins the day after
	book := map[string]string{boxoffice.MetadataBook: "book-1"}
	payment := func(at time.Time, meta map[string]string) stripeapi.Session {
		return stripeapi.Session{
			ID: "pi_7", Status: stripeapi.SessionComplete, Paid: true, Amount: money.New(4800, "eur"), Metadata: meta, Reference: meta[boxoffice.MetadataOrder],
			Payment: stripeapi.Payment{IntentID: "pi_7", ChargeID: "ch_7", Status: stripeapi.PaymentSucceeded, PaidAt: at},
		}
	}
	session := payment(long, nil)
	session.ID = "cs_7"
	own := func(o boxoffice.Order) map[string]string {
		return map[string]string{boxoffice.MetadataBook: "book-1", boxoffice.MetadataOrder: o.ID, boxoffice.MetadataTender: o.Tenders[0].ID}
	}
	for _, c := range []struct {
		name string
		has  func(s *scene, f *fake)
		want string // what the book has of it: "order paid", or why it is kept
		err  error
	}{
		{"another program's session", func(_ *scene, f *fake) { f.has(session, payment(long, nil)) }, "cs_7-elsewhere", nil},
		{"another program's, without a session", func(_ *scene, f *fake) { f.has(payment(long, nil)) }, "pi_7-elsewhere", nil},
		{"of this book, and of no order", func(_ *scene, f *fake) { f.has(payment(long, book)) }, "pi_7-unknown_order", nil},
		{"of this book, and of no order, by a session", func(_ *scene, f *fake) {
			s := session
			s.Metadata = book
			f.has(s, payment(long, book))
		}, "cs_7-unknown_order", nil},
		{"an order's, by its session", func(s *scene, f *fake) {
			o := s.placed(f, 2)
			f.becomes(s.session(o.ID), paid)
			x := f.session(s.session(o.ID))
			x.Payment.IntentID = "pi_7"
			f.has(x, payment(long, own(o)))
		}, "order paid", nil},
		{"an order's, whose session no list shows", func(s *scene, f *fake) {
			o := s.placed(f, 2)
			f.becomes(s.session(o.ID), paid)
			x := f.session(s.session(o.ID))
			x.Payment.IntentID = "pi_7"
			f.has(x, payment(long, own(o)))
			f.books.unlisted = true
		}, "order paid", nil},
		{"of a moment ago, whose session no list shows", func(_ *scene, f *fake) {
			f.has(session, payment(time.Now(), book))
			f.books.unlisted = true
		}, "", errTooSoon},
		{"not paid", func(_ *scene, f *fake) {
			p := payment(long, nil)
			p.Paid, p.Status, p.Payment.Status = false, stripeapi.SessionOpen, "requires_action"
			f.has(p)
		}, "", nil},
	} {
		polling(t, func(s *scene, f *fake) {
			c.has(s, f)
			for range 2 { // twice is once
				if err := s.r.lookAtIntent(s.Context(), "pi_7"); err != c.err { //nolint:errorlint // the very one
					s.Errorf("%s: %v, want %v", c.name, err, c.err)
				}
			}
			var has []string
			for _, o := range s.orders() {
				has = append(has, "order "+string(o.Status()))
			}
			for _, d := range s.discrepancies() {
				has = append(has, d.ID)
			}
			if got := strings.Join(has, ", "); got != c.want {
				s.Errorf("%s: the book has %q, want %q", c.name, got, c.want)
			}
		})
	}
}

// TestARefundBeforeItsPayment: somebody gave the money back in the Dashboard
// before any poll had seen it come.
func TestARefundBeforeItsPayment(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 2)
		f.becomes(s.session(o.ID), paid)
		f.books.refunds = []stripeapi.Refund{{ID: "re_1", IntentID: "pi_1", Amount: money.New(4800, "eur"), Status: "succeeded", Created: time.Now()}}
		s.check(s.r.lookAtRefund(s.Context(), "re_1"))
		if o = s.order(o.ID); o.Status() != boxoffice.Refunded || len(o.Tickets) != 2 || len(o.Valid()) != 0 {
			s.Errorf("the order is %s, %d tickets are valid", o.Status(), len(o.Valid()))
		}
		if q := testkit.Quota(s, s.book, "quota-house"); q.Available() != testkit.Seats {
			s.Errorf("%d seats are left", q.Available())
		}
	})
}

// TestMoneyBackOfNoPayment: of a charge without a PaymentIntent, of a payment
// that never succeeded, and of one that Stripe has not; none of them stops the
// others.
func TestMoneyBackOfNoPayment(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.holds(soldOrder())
		at := time.Now()
		f.has(stripeapi.Session{ID: "pi_open", Status: stripeapi.SessionOpen, Amount: money.New(100, "eur")})
		for _, intent := range []string{"", "pi_open", "pi_none", "pi_1"} {
			f.books.refunds = append(f.books.refunds, stripeapi.Refund{ID: "re_of_" + intent, IntentID: intent, Status: "succeeded", Amount: money.New(100, "eur"), Created: at})
			f.books.disputes = append(f.books.disputes, stripeapi.Dispute{ID: "dp_of_" + intent, IntentID: intent, Status: "lost", Amount: money.New(100, "eur"), Created: at})
		}
		time.Sleep(time.Minute)
		s.check(s.r.catchUp(at.Add(-time.Hour), time.Now()))
		if o := s.order("ord-1"); len(o.Refunds) != 1 || len(o.Disputes) != 1 || len(s.discrepancies()) > 0 {
			s.Errorf("the book has %+v, and keeps %+v", o.Returns, s.discrepancies())
		}
		if n := strings.Count(s.log.String(), "not in the book"); n != 6 {
			s.Errorf("the log tells of %d:\n%s", n, s.log)
		}
	})
}

// TestATerminalThatGivesBackAtOnce: another program sells, and gives the money
// back at once, every minute. It is too soon to tell that no session is behind
// it, which must not stop the polls, nor the sweep, nor catching up; a while
// later the book has all of it.
func TestATerminalThatGivesBackAtOnce(t *testing.T) {
	looks := map[string]func(s *scene) error{
		"polls":       func(s *scene) error { return s.r.PollOnce() },
		"sweeps":      func(s *scene) error { return s.r.sweep(time.Now().Add(-sweepBack), time.Now()) },
		"catching up": func(s *scene) error { return s.r.catchUp(time.Now().Add(-time.Hour), time.Now()) },
	}
	for name, look := range looks {
		polling(t, func(s *scene, f *fake) {
			s.poll()
			for i := range 5 {
				at := time.Now().UTC().Truncate(time.Second)
				id := fmt.Sprint(i)
				f.has(stripeapi.Session{
					ID: "pi_" + id, Status: stripeapi.SessionComplete, Paid: true, Amount: money.New(2400, "eur"), Created: at,
					Payment: stripeapi.Payment{IntentID: "pi_" + id, ChargeID: "ch_" + id, Status: stripeapi.PaymentSucceeded, PaidAt: at},
				})
				back := stripeapi.Refund{ID: "re_" + id, Status: stripeapi.RefundSucceeded, Amount: money.New(2400, "eur"), IntentID: "pi_" + id, Created: at}
				f.mu.Lock()
				f.books.refunds = append([]stripeapi.Refund{back}, f.books.refunds...)
				f.events = append([]stripeapi.Event{{ID: "evt_" + id, Type: "charge.refunded", Created: at, ObjectID: "ch_" + id, Object: "charge", IntentID: "pi_" + id}}, f.events...)
				f.mu.Unlock()
				time.Sleep(30 * time.Second)
				if err := look(s); err != nil {
					s.Fatalf("%s: %v", name, err)
				}
				time.Sleep(30 * time.Second)
			}
			time.Sleep(settled)
			s.poll()
			found := s.discrepancies()
			for _, d := range found {
				if d.Reason != boxoffice.Elsewhere || d.Left() != 0 {
					s.Errorf("%s: %s %s, %d left", name, d.ID, d.Reason, d.Left())
				}
			}
			if len(found) != 5 {
				s.Errorf("%s: the book has %d of 5", name, len(found))
			}
		})
	}
}
