package reconcile

import (
	"slices"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// overTheAtlantic is a Stripe that takes 150 ms to answer.
func overTheAtlantic(o *stripesim.Options) { o.Latency = 150 * time.Millisecond }

// TestPaidIsSeenSoonAndCheaply: buyers who take 15 to 90 seconds. The median
// wait for "Paid" is below a second, the longest below two and a half, and no
// sale costs more than 60 reads, polls included.
func TestPaidIsSeenSoonAndCheaply(t *testing.T) {
	var waits []time.Duration
	for took := 15 * time.Second; took <= 90*time.Second; took += 5789 * time.Millisecond { // evenly out of step with the looks
		play(t, func(s *scene) {
			s.start()
			time.Sleep(time.Minute) // the till has been open for a while
			before := s.client.Usage().Reads
			o := s.sold(2)
			time.Sleep(took)
			paid := time.Now()
			s.pay(o.ID)
			time.Sleep(5 * time.Second)
			at, seen := s.seenPaid(o.ID)
			if !seen {
				s.Fatalf("paid after %v, and not seen", took)
			}
			waits = append(waits, at.Sub(paid))
			reads := s.client.Usage().Reads - before
			if wait := at.Sub(paid); wait > 2500*time.Millisecond || reads > 60 {
				s.Errorf("paid after %v: seen %v later, at %d reads", took, wait, reads)
			}
		}, overTheAtlantic)
	}
	slices.Sort(waits)
	if median := waits[len(waits)/2]; median > time.Second {
		t.Errorf("the median is %v", median)
	}
	t.Logf("median %v, longest %v of %d sales", waits[len(waits)/2], waits[len(waits)-1], len(waits))
}

// TestIntervals: never shorter as time goes by, but for the first moments in
// which nobody can have paid yet.
func TestIntervals(t *testing.T) {
	last := time.Duration(0)
	for followed := 8 * time.Second; followed < 3*time.Hour; followed += time.Second {
		d := interval(followed)
		if d < last || d < time.Second {
			t.Fatalf("after %v it is %v, and before it was %v", followed, d, last)
		}
		last = d
	}
	reads := 0
	for at := time.Duration(0); at < 31*time.Minute; at += interval(at) {
		reads++
	}
	if reads > 250 {
		t.Errorf("a code that nobody pays costs %d reads", reads)
	}
	for at := time.Hour; at < 14*24*time.Hour; at += interval(at) {
		reads++
	}
	if reads > 600 {
		t.Errorf("a debit that takes two weeks costs %d reads", reads)
	}
}

// TestACheckIsAnsweredAtOnce, and makes the till look often again.
func TestACheckIsAnsweredAtOnce(t *testing.T) {
	play(t, func(s *scene) {
		o := s.sold(1)
		time.Sleep(20*time.Minute + 3*time.Second) // by now it looks every quarter of a minute
		if err := s.r.Check(s.Context(), o.ID); err != nil {
			s.Fatal(err)
		}
		before := s.client.Usage().Reads
		time.Sleep(15 * time.Second)
		if reads := s.client.Usage().Reads - before; reads < 7 {
			s.Errorf("%d looks in the 15 seconds after the check", reads)
		}
		s.pay(o.ID)
		if err := s.r.Check(s.Context(), o.ID); err != nil || s.order(o.ID).Status() != boxoffice.Paid {
			s.Errorf("checked, it is %s: %v", s.order(o.ID).Status(), err)
		}
	})
}

// TestLooksThatFailComeLessOften, and the code is found paid when the line is
// back.
func TestLooksThatFailComeLessOften(t *testing.T) {
	play(t, func(s *scene) {
		o := s.sold(1)
		s.sim.SetFaults(stripesim.Fault{Kind: stripesim.FaultStatus, Status: 503})
		before := s.client.Usage().Reads
		time.Sleep(10 * time.Minute)
		if reads := s.client.Usage().Reads - before; reads < 10 || reads > 25 {
			s.Errorf("%d looks in ten minutes of an outage", reads)
		}
		s.pay(o.ID)
		s.sim.SetFaults()
		time.Sleep(61 * time.Second)
		if s.order(o.ID).Status() != boxoffice.Paid {
			s.Errorf("the order is %s", s.order(o.ID).Status())
		}
	})
}

// TestMoneyThatDoesNotFitIsNotAskedForForEver: it is kept, its seats are held
// for a person to decide, and nobody goes on asking; nor does a restart.
func TestMoneyThatDoesNotFitIsNotAskedForForEver(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.sold(2)
		wrong := sessionThat(paid)
		wrong.ID, wrong.Reference, wrong.Amount = s.session(o.ID), o.ID, money.New(4799, "eur")
		f.has(wrong)
		time.Sleep(3 * time.Second)
		if kept := s.discrepancies(); len(kept) != 1 || kept[0].Reason != boxoffice.WrongAmount || kept[0].OrderID != o.ID {
			s.Fatalf("kept: %+v", kept)
		}
		for _, restart := range []bool{false, true} {
			if restart {
				s.stop()
				s.use(f)
				s.start()
				time.Sleep(time.Second)
			}
			f.took()
			time.Sleep(5 * time.Minute)
			if calls := f.took(); len(calls) > 0 {
				s.Errorf("restart %v: in five minutes it asked %v", restart, calls)
			}
		}
		if o, q := s.order(o.ID), testkit.Quota(s, s.book, "quota-house"); o.Status() != boxoffice.AwaitingPayment || q.Held != 2 {
			s.Errorf("the order is %s, with %d seats held", o.Status(), q.Held)
		}
		if _, err := s.desk.Cancel(s.Context(), o.ID); said(err) != "not_cancelable" {
			s.Errorf("canceling it says %v", err)
		}
	})
}

// TestLateMoney: paid after its seats were given free.
func TestLateMoney(t *testing.T) {
	for _, resold := range []bool{false, true} {
		polling(t, func(s *scene, f *fake) {
			o := s.placed(f, testkit.Seats)
			id := s.session(o.ID)
			late := f.session(id)
			late.Status = stripeapi.SessionExpired
			f.has(late)
			look := func() {
				s.Helper()
				if _, err := s.r.look(s.Context(), id); err != nil {
					s.Fatal(err)
				}
			}
			look()
			if resold {
				other := s.sold(testkit.Seats)
				defer func() {
					gone := f.session(s.session(other.ID))
					gone.Status = stripeapi.SessionExpired
					f.has(gone)
					time.Sleep(3 * time.Second)
					look() // there is room now; but the money may have gone back meanwhile
					if o := s.order(o.ID); s.order(other.ID).Status() != boxoffice.Expired || o.Status() != boxoffice.Expired {
						s.Errorf("kept money was seated by itself: %s", o.Status())
					}
				}()
			}
			late.Payment = stripeapi.Payment{IntentID: "pi_1", Status: stripeapi.PaymentSucceeded, ChargeID: "ch_1"}
			f.has(late)
			look()
			look()
			o = s.order(o.ID)
			switch kept := s.discrepancies(); {
			case resold && (o.Status() != boxoffice.Expired || len(kept) != 1 || kept[0].Reason != boxoffice.NoRoom):
				s.Errorf("without room: %s, kept %+v", o.Status(), kept)
			case !resold && (o.Status() != boxoffice.Paid || len(o.Tickets) != testkit.Seats || len(kept) > 0):
				s.Errorf("with room: %s, %d tickets, kept %+v", o.Status(), len(o.Tickets), kept)
			}
		})
	}
}
