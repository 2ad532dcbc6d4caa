package reconcile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

func (s *scene) swept() (at time.Time) {
	s.Helper()
	s.view(func(tx *ledger.Tx) (err error) {
		at, err = tx.Swept()
		return err
	})
	return at
}

func (s *scene) setSwept(at time.Time) {
	s.Helper()
	s.check(s.book.Update(func(tx *ledger.Tx) error { return tx.SetSwept(at) }))
}

// stranger is money of another program, paid at a time.
func stranger(id string, at time.Time) stripeapi.Session {
	return stripeapi.Session{
		ID: "cs_" + id, Status: stripeapi.SessionComplete, Paid: true, Amount: money.New(700, "eur"), Created: at,
		Payment: stripeapi.Payment{IntentID: "pi_" + id, ChargeID: "ch_" + id, Status: stripeapi.PaymentSucceeded, PaidAt: at},
	}
}

// TestTheSweepIsOnceADay by Stripe's clock, whatever the laptop's shows.
func TestTheSweepIsOnceADay(t *testing.T) {
	const years = 3 * 365 * 24 * time.Hour
	for _, off := range []time.Duration{0, years, -years} {
		for _, c := range []struct {
			since time.Duration // the last one, by Stripe's clock
			due   bool
		}{
			{0, false}, {23*time.Hour + 59*time.Minute, false}, {24 * time.Hour, true}, {40 * 24 * time.Hour, true},
			{-time.Minute, true}, {-years, true}, // remembered by a clock that was ahead
		} {
			polling(t, func(s *scene, f *fake) {
				f.skew = off
				last := f.Now().Add(-c.since)
				s.setSwept(last)
				s.check(s.r.sweepIfDue())
				if calls := f.took(); (len(calls) > 0) != c.due || s.swept().Equal(last) == c.due {
					s.Errorf("%v after the last, the laptop %v off: it asked %q, and remembers %v", c.since, off, calls, s.swept())
				}
				f.took()
				s.check(s.r.sweepIfDue())
				if calls := f.took(); len(calls) > 0 {
					s.Errorf("at once again it asked %q", calls)
				}
			})
		}
	}
}

// TestANewBookHasNothingBehindIt: what the account did before is not its
// business.
func TestANewBookHasNothingBehindIt(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.check(s.r.sweepIfDue())
		if calls := f.took(); len(calls) > 0 || s.swept().IsZero() {
			s.Errorf("it asked %q, and remembers %v", calls, s.swept())
		}
	})
}

// TestABookThatWasNeverSwept, of a version that knew no refunds, hears of all
// that went back of its sales.
func TestABookThatWasNeverSwept(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := soldOrder()
		o.Tenders[0].PaidAt = time.Now()
		s.holds(o)
		time.Sleep(time.Hour)
		f.books.refunds = []stripeapi.Refund{{ID: "re_1", IntentID: "pi_1", Amount: o.Total, Status: "succeeded", Created: time.Now()}}
		time.Sleep(40 * 24 * time.Hour)
		s.check(s.r.sweepIfDue())
		if got := s.back(); got != "succeeded 4800, void t1, void t2" || s.swept().IsZero() {
			s.Errorf("%s; it remembers %v", got, s.swept())
		}
		f.took()
		s.check(s.r.sweepIfDue())
		if calls := f.took(); len(calls) > 0 {
			s.Errorf("again it asked %q", calls)
		}
	})
}

// TestTheSweepFindsWhatNoPollSaw: an event that turned up behind the cursor by
// more than the polls overlap, and a refund of which no event tells.
func TestTheSweepFindsWhatNoPollSaw(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.holds(soldOrder())
		s.poll()
		s.check(s.r.sweepIfDue())
		at := time.Now()
		time.Sleep(time.Hour)
		s.poll()
		f.has(stranger("late", at))
		f.tells("evt_late", completed, "cs_late", at)
		f.books.refunds = []stripeapi.Refund{{ID: "re_1", IntentID: "pi_1", Amount: money.New(4800, "eur"), Status: "succeeded", Created: at}}
		time.Sleep(12 * time.Hour)
		s.poll()
		s.check(s.r.sweepIfDue())
		if len(s.discrepancies()) > 0 || s.back() != "" {
			s.Fatalf("a poll has it already: %+v, %s", s.discrepancies(), s.back())
		}
		time.Sleep(12 * time.Hour)
		s.poll()
		f.took()
		s.check(s.r.sweepIfDue())
		if len(s.discrepancies()) != 1 || s.back() != "succeeded 4800, void t1, void t2" {
			s.Errorf("it keeps %+v; the order has %q", s.discrepancies(), s.back())
		}
		if n := count(f.took(), "get cs_late"); n != 1 {
			s.Errorf("it looked %d times", n)
		}
		time.Sleep(24 * time.Hour)
		s.check(s.r.sweepIfDue())
		if n := count(f.took(), "get cs_late"); n != 0 {
			s.Errorf("the next night it looked again")
		}
	})
}

// TestEventsThatComeAnHourLate: the till at work, at a Stripe that inserts each
// event an hour behind the cursor; within a day and a bit all of it is there.
func TestEventsThatComeAnHourLate(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		began := time.Now()
		o := s.sold(2)
		time.Sleep(5 * time.Second)
		s.pay(o.ID)
		time.Sleep(time.Hour)
		s.check(s.sim.Quirk(stripesim.Quirks{LateEvents: time.Hour}))
		intent := s.order(o.ID).Tenders[0].PaymentIntentID
		_, err := s.sim.RefundInDashboard(intent, 2400, stripesim.RefundOptions{})
		s.check(err)
		dispute, err := s.sim.Dispute(intent, stripesim.DisputeOptions{})
		s.check(err)
		s.check(s.sim.CloseDispute(dispute, false))
		time.Sleep(5 * time.Hour)
		if o := s.order(o.ID); len(o.Refunds)+len(o.Disputes) > 0 {
			s.Fatalf("the polls have it already: %+v", o.Returns)
		}
		time.Sleep(25 * time.Hour)
		o = s.order(o.ID)
		if len(o.Refunds) != 1 || len(o.Disputes) != 1 || o.Disputes[0].Status != boxoffice.DisputeLost || o.Accepted()+o.Disputed() != 4800 {
			s.Errorf("the order has %+v", o.Returns)
		}
		s.agrees(s.closed(began, began.Add(20*time.Hour)), 3) // the payment and both
	})
}

// TestASweepOfMany: more events than are looked at one by one. Among them, one
// tells of a refund of long ago, which no list of the last days shows.
func TestASweepOfMany(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.holds(soldOrder())
		f.books.refunds = []stripeapi.Refund{{ID: "re_1", IntentID: "pi_1", Amount: money.New(4800, "eur"), Status: "succeeded", Created: time.Now()}}
		s.check(s.r.lookAtRefunds(s.Context(), "pi_1"))
		time.Sleep(30 * 24 * time.Hour)
		s.setSwept(time.Now())
		time.Sleep(time.Hour)
		f.books.refunds[0].Status = "failed"
		at := time.Now()
		for i := range fewEvents + 200 {
			id := fmt.Sprintf("%04d", i)
			f.has(stranger(id, at))
			f.events = append(f.events, stripeapi.Event{ID: "evt_" + id, Type: completed, ObjectID: "cs_" + id, Created: at.Truncate(time.Second)})
		}
		f.events = append(f.events, stripeapi.Event{ID: "evt_failed", Type: "refund.updated", Object: "refund", ObjectID: "re_1", IntentID: "pi_1", Created: at.Truncate(time.Second)})
		time.Sleep(23 * time.Hour)
		f.took()
		s.check(s.r.sweepIfDue())
		calls := f.took()
		if n := len(s.discrepancies()); n != fewEvents+200+1 || count(calls, "get cs_") > 0 {
			s.Errorf("it keeps %d, and looked at %d one by one", n, count(calls, "get cs_"))
		}
		if got := s.back(); !strings.HasPrefix(got, "failed 4800") {
			s.Errorf("of the old refund it has %s", got)
		}
	})
}

// TestASweepThatBreaks: whatever fails, it is not done, and the next one begins
// again from where the last good one was. Only Stripe's books may be forbidden.
func TestASweepThatBreaks(t *testing.T) {
	for call, kind := range map[string]stripeapi.Failure{
		"events": stripeapi.Broken, "get cs_late": stripeapi.Lost, "refunds after": stripeapi.Forbidden, "disputes after": stripeapi.NotStripe,
		"get re_open": stripeapi.Busy, "charges": stripeapi.Broken, "transactions after": stripeapi.Lost, "payouts": stripeapi.BadKey,
	} {
		polling(t, func(s *scene, f *fake) {
			s.holds(soldOrder())
			at := time.Now()
			f.books.refunds = []stripeapi.Refund{{ID: "re_open", IntentID: "pi_1", Amount: money.New(100, "eur"), Status: "pending", Created: at}}
			s.check(s.r.lookAtRefunds(s.Context(), "pi_1"))
			time.Sleep(5 * 24 * time.Hour)
			s.setSwept(time.Now())
			before := s.swept()
			f.has(stranger("late", time.Now()))
			f.tells("evt_late", completed, "cs_late", time.Now())
			time.Sleep(25 * time.Hour)
			f.failing(fails(call, kind))
			if err := s.r.sweepIfDue(); !failed(err, kind) || !s.swept().Equal(before) {
				s.Errorf("without %s it says %v, and remembers %v, before %v", call, err, s.swept(), before)
			}
			s.stop()
			f.failing(nil)
			s.use(f)
			f.took()
			s.check(s.r.sweepIfDue())
			calls := f.took()
			if !s.swept().After(before) || len(s.discrepancies()) != 1 || !slices.ContainsFunc(calls, func(c string) bool { return strings.HasPrefix(c, "payouts") }) {
				s.Errorf("after %s failed it asked %q, keeps %+v, and remembers %v", call, calls, s.discrepancies(), s.swept())
			}
		})
	}
}

// TestBooksThatMayNotBeRead stop nothing else.
func TestBooksThatMayNotBeRead(t *testing.T) {
	for _, call := range []string{"charges", "transactions after", "payouts"} {
		polling(t, func(s *scene, f *fake) {
			at := time.Now()
			s.setSwept(at)
			f.has(stranger("late", at))
			f.tells("evt_late", completed, "cs_late", at)
			time.Sleep(24 * time.Hour)
			f.failing(fails(call, stripeapi.Forbidden))
			if err := s.r.sweepIfDue(); err != nil || s.swept().Equal(at) || len(s.discrepancies()) != 1 {
				s.Errorf("without %s: %v; it remembers %v, and keeps %+v", call, err, s.swept(), s.discrepancies())
			}
			if !strings.Contains(s.log.String(), "may not read Stripe's books") {
				s.Errorf("without %s nobody is told", call)
			}
			// To read them by itself says so.
			if err := s.r.ReadStatement(s.Context(), at, time.Now()); !failed(err, stripeapi.Forbidden) {
				s.Errorf("without %s the statement says %v", call, err)
			}
		})
	}
}

// TestASweepReadsTheBooks of the days that it looks at.
func TestASweepReadsTheBooks(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.setSwept(time.Now())
		last := s.swept()
		time.Sleep(24 * time.Hour)
		s.check(s.r.sweepIfDue())
		s.view(func(tx *ledger.Tx) error {
			spans, err := tx.Covered()
			if len(spans) != 1 || !spans[0].From.Equal(last.Add(-sweepBack)) || time.Since(spans[0].To) > settled+time.Second {
				return errors.Join(err, fmt.Errorf("it covers %v", spans))
			}
			return err
		})
	})
}
