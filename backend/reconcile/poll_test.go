package reconcile

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

const (
	completed = "checkout.session.completed"
	expiredEv = "checkout.session.expired"
	asyncPaid = "checkout.session.async_payment_succeeded"
	asyncLost = "checkout.session.async_payment_failed"
)

// polling is a scene with a fake Stripe whose till looks only when it is told to.
func polling(t *testing.T, fn func(s *scene, f *fake)) {
	t.Helper()
	play(t, func(s *scene) {
		f := newFake()
		s.use(f)
		fn(s, f)
	})
}

// placed is an order with an open code, made without following it.
func (s *scene) placed(f *fake, seats int) boxoffice.Order {
	s.Helper()
	o := s.sold(seats)
	s.r.Close() // it follows the code; these tests look for themselves
	s.use(f)
	f.took()
	if s.session(o.ID) == "" {
		s.Fatal("the order has no code")
	}
	return o
}

// becomes changes what Stripe says of a session.
func (f *fake) becomes(id string, v verdict) {
	s := f.session(id)
	like := sessionThat(v)
	s.Status, s.Paid, s.Payment = like.Status, like.Paid, like.Payment
	f.has(s)
}

func (s *scene) poll() {
	s.Helper()
	if err := s.r.PollOnce(); err != nil {
		s.Fatal(err)
	}
}

func (s *scene) cursor() (at time.Time) {
	s.Helper()
	s.view(func(tx *ledger.Tx) (err error) {
		at, err = tx.Cursor()
		return err
	})
	return at
}

func TestPollFindsWhatNobodyLooksAt(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 2)
		f.becomes(s.session(o.ID), paid)
		f.tells("evt_1", completed, s.session(o.ID), time.Now())
		s.poll()
		if o = s.order(o.ID); o.Status() != boxoffice.Paid {
			s.Errorf("the order is %s", o.Status())
		}
		if f.took(); len(s.discrepancies()) > 0 {
			s.Errorf("kept: %+v", s.discrepancies())
		}
		s.poll()
		if calls := f.took(); len(calls) != 1 {
			s.Errorf("the same event cost %v the second time", calls)
		}
	})
}

// TestTwoEventsForOneFact: Stripe may make two. One look is enough.
func TestTwoEventsForOneFact(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 2)
		f.becomes(s.session(o.ID), paid)
		f.tells("evt_1", completed, s.session(o.ID), time.Now())
		f.tells("evt_2", completed, s.session(o.ID), time.Now())
		s.poll()
		if calls := f.took(); !slices.Equal(calls, []string{`events after ""`, "get " + s.session(o.ID)}) {
			s.Errorf("it asked %v", calls)
		}
		f.tells("evt_3", completed, s.session(o.ID), time.Now())
		s.poll()
		if calls := f.took(); len(calls) != 1 {
			s.Errorf("for what the book knows it asked %v", calls)
		}
	})
}

// TestAnEventIsTakenInOnce: what it was about is looked at once, whatever came
// of that; for two events of one poll too.
func TestAnEventIsTakenInOnce(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 2)
		id := s.session(o.ID)
		f.becomes(id, processing)
		f.has(stripeapi.Session{ID: "cs_other", Status: stripeapi.SessionOpen})
		f.tells("evt_1", completed, id, time.Now())
		f.tells("evt_2", completed, id, time.Now())
		f.tells("evt_3", completed, "cs_other", time.Now())
		f.tells("evt_4", completed, "cs_none", time.Now())
		for range 3 {
			s.poll()
		}
		calls := f.took()
		slices.Sort(calls)
		if want := []string{`events after ""`, `events after ""`, `events after ""`, "get " + id, "get cs_none", "get cs_other"}; !slices.Equal(slices.Sorted(slices.Values(want)), calls) {
			s.Errorf("it asked %v", calls)
		}
	})
}

// TestAKnownEventHidesNothing: the till knows that the code expired; that it
// was paid all the same is told by the next event.
func TestAKnownEventHidesNothing(t *testing.T) {
	for later, v := range map[string]verdict{asyncPaid: paid, completed: paid} {
		polling(t, func(s *scene, f *fake) {
			o := s.placed(f, 2)
			id := s.session(o.ID)
			f.becomes(id, lapsed)
			if _, err := s.r.look(s.Context(), id); err != nil {
				s.Fatal(err)
			}
			f.tells("evt_1", expiredEv, id, time.Now())
			f.tells("evt_2", later, id, time.Now().Add(time.Second))
			f.becomes(id, v)
			time.Sleep(2 * time.Second)
			s.poll()
			if o = s.order(o.ID); o.Status() != boxoffice.Paid {
				s.Errorf("%s: the order is %s, and the money is lost", later, o.Status())
			}
		})
	}
}

// TestALateEventIsNotMissed: it turns up behind the cursor, with a time that
// the poll has passed, among others that were seen.
func TestALateEventIsNotMissed(t *testing.T) {
	for _, late := range []time.Duration{time.Second, time.Minute, 10*time.Minute - 2*time.Second} {
		polling(t, func(s *scene, f *fake) {
			o := s.placed(f, 2)
			at := time.Now()
			time.Sleep(late)
			f.tells("evt_seen", completed, "cs_other", time.Now())
			s.poll()
			f.becomes(s.session(o.ID), paid)
			f.tells("evt_late", completed, s.session(o.ID), at)
			s.poll()
			if o = s.order(o.ID); o.Status() != boxoffice.Paid {
				s.Errorf("an event %v late: the order is %s", late, o.Status())
			}
		})
	}
}

// TestAPollReadsEveryPage: 250 events in one second.
func TestAPollReadsEveryPage(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		at := time.Now()
		for i := range 250 {
			id := fmt.Sprintf("cs_%03d", i)
			f.has(stripeapi.Session{ID: id, Status: stripeapi.SessionOpen})
			f.tells("evt_"+id, completed, id, at)
		}
		s.poll()
		if calls := f.took(); count(calls, "events") != 3 || count(calls, "get") != 250 {
			s.Errorf("it read %d pages and looked at %d of 250", count(calls, "events"), count(calls, "get"))
		}
	})
}

// TestTheCursorMovesOnlyWhenAllIsIn: a failure anywhere, and the next poll
// reads the same again.
func TestTheCursorMovesOnlyWhenAllIsIn(t *testing.T) {
	for name, fail := range map[string]func(string) error{
		"the first page":   fails(`events after ""`, stripeapi.Broken),
		"the second page":  fails(`events after "evt_2"`, stripeapi.NotStripe),
		"the first look":   fails("get cs_1", stripeapi.Lost),
		"the last look":    fails("get cs_3", stripeapi.Busy),
		"a key is revoked": fails("", stripeapi.BadKey),
	} {
		polling(t, func(s *scene, f *fake) {
			f.page = 2
			s.poll()
			before := s.cursor()
			time.Sleep(time.Minute)
			for i := range 3 {
				id := fmt.Sprintf("cs_%d", i+1)
				f.has(stripeapi.Session{ID: id, Status: stripeapi.SessionComplete, Paid: true, Amount: money.New(100, "eur")})
				f.tells(fmt.Sprintf("evt_%d", i+1), completed, id, time.Now().Add(time.Duration(i)))
			}
			f.fail = fail
			if err := s.r.PollOnce(); err == nil {
				s.Errorf("%s: the poll says nothing", name)
			}
			if !s.cursor().Equal(before) {
				s.Errorf("%s failed, and the cursor moved from %v to %v", name, before, s.cursor())
			}
			f.fail = nil
			s.poll()
			if n := len(s.discrepancies()); n != 3 || !s.cursor().After(before) {
				s.Errorf("%s failed, and afterwards %d of 3 were found", name, n)
			}
		})
	}
}

// TestACrashBetweenPageAndCursor: the sessions are in the book, the cursor is
// not. Reading them again changes nothing.
func TestACrashBetweenPageAndCursor(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 2)
		f.becomes(s.session(o.ID), paid)
		f.has(stripeapi.Session{ID: "cs_9", Status: stripeapi.SessionComplete, Paid: true, Amount: money.New(700, "eur")})
		f.tells("evt_1", completed, s.session(o.ID), time.Now())
		f.tells("evt_2", completed, "cs_9", time.Now())
		f.tells("evt_3", completed, "cs_never", time.Now())
		f.fail = fails("get cs_never", stripeapi.Lost)
		if err := s.r.PollOnce(); err == nil || !s.cursor().IsZero() {
			s.Fatalf("the poll should have ended before its cursor: %v", err)
		}
		f.fail = nil
		s.stop()
		s.use(f)
		s.poll() // cs_never is not there: skipped
		s.poll()
		if o = s.order(o.ID); o.Status() != boxoffice.Paid || len(o.Tickets) != 2 || len(s.discrepancies()) != 1 || s.cursor().IsZero() {
			s.Errorf("the order is %s with %d tickets, kept %+v", o.Status(), len(o.Tickets), s.discrepancies())
		}
	})
}

// TestStrangeMoneyIsKeptOnce: paid, and no order of this book asked for it.
func TestStrangeMoneyIsKeptOnce(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 2)
		first := s.session(o.ID)
		f.has(
			stripeapi.Session{ID: "cs_shop", Status: stripeapi.SessionComplete, Paid: true, Amount: money.New(1999, "usd"), Payment: stripeapi.Payment{IntentID: "pi_9"}},
			stripeapi.Session{ID: "cs_shop_open", Status: stripeapi.SessionOpen, Amount: money.New(500, "eur")},
			stripeapi.Session{ID: "cs_second", Status: stripeapi.SessionComplete, Paid: true, Amount: o.Total, Reference: o.ID, Metadata: map[string]string{boxoffice.MetadataTender: o.Tenders[0].ID}},
			stripeapi.Session{ID: "cs_forged", Status: stripeapi.SessionComplete, Paid: true, Amount: o.Total, Reference: o.ID, Metadata: map[string]string{boxoffice.MetadataTender: "tdr-none"}},
		)
		for n, id := range []string{"cs_shop", "cs_shop_open", "cs_second", "cs_forged"} {
			for again := range 2 {
				f.tells(fmt.Sprintf("evt_%d_%d", n, again), completed, id, time.Now())
			}
		}
		for range 3 {
			s.poll()
			time.Sleep(time.Minute)
		}
		got := map[string]string{}
		for _, d := range s.discrepancies() {
			got[d.ID] = d.OrderID + " " + d.Amount.String()
		}
		want := map[string]string{
			"cs_shop-elsewhere":       " 19.99 USD",
			"cs_forged-unknown_order": " 48.00 EUR",
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			s.Errorf("kept\n%v, want\n%v", got, want)
		}
		// The second code is the order's own, of an answer that came too late; and
		// then the first is paid too.
		if o = s.order(o.ID); o.Status() != boxoffice.Paid || o.Tenders[0].SessionID != "cs_second" {
			s.Errorf("the order is %s by %s", o.Status(), o.Tenders[0].SessionID)
		}
		f.becomes(first, paid)
		f.tells("evt_twice", completed, first, time.Now())
		s.poll()
		if kept := s.discrepancies(); len(kept) != 3 || !slices.ContainsFunc(kept, func(d boxoffice.Discrepancy) bool {
			return d.Reason == boxoffice.PaidTwice && d.OrderID == o.ID && d.SessionID == first
		}) {
			s.Errorf("paid twice, it keeps %+v", kept)
		}
	})
}

// TestTheCursorGoesByStripesClock: a laptop a day off, and what was paid
// between two runs is found.
func TestTheCursorGoesByStripesClock(t *testing.T) {
	for _, off := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		polling(t, func(s *scene, f *fake) {
			f.skew, f.unlearnt = -off, -off // before the first answer the laptop's clock is believed
			s.poll()
			if at := s.cursor(); at.After(f.Now().Add(time.Second)) || at.Before(f.Now().Add(-time.Minute)) {
				s.Errorf("the laptop is %v off: the cursor is %v, Stripe's time %v", off, at, f.Now())
			}
			s.stop() // and somebody sets the laptop's clock right
			f.skew = 0
			s.use(f)
			o := s.placed(f, 1)
			at := s.cursor().Add(time.Minute)
			time.Sleep(max(0, at.Sub(f.Now())+5*time.Hour))
			f.becomes(s.session(o.ID), paid)
			f.tells("evt_1", completed, s.session(o.ID), at)
			s.poll()
			if o = s.order(o.ID); o.Status() != boxoffice.Paid {
				s.Errorf("the laptop was %v off: the order is %s", off, o.Status())
			}
		})
	}
}

// TestAJumpOfTheLaptopsClock: it is set a day ahead while Willcall runs, and
// the answers of the very poll correct it.
func TestAJumpOfTheLaptopsClock(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.poll()
		f.sure, f.unlearnt = true, -24*time.Hour
		s.poll()
		if at := s.cursor(); at.After(f.Now()) {
			s.Errorf("the cursor is %v ahead of Stripe", at.Sub(f.Now()))
		}
	})
}

// TestWhereAPollBegins: what others paid before this book was begun is not its
// business.
func TestWhereAPollBegins(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		name   string
		cursor time.Duration // before now; 0 is none yet
		want   time.Duration // before now
	}{
		{"a new book", 0, 0},
		{"a moment ago", time.Minute, time.Minute},
		{"a week ago", 7 * day, 7 * day},
		{"a season ago", 90 * day, 90 * day},
		{"in the future, by a clock that was set back", -time.Hour, 0},
	} {
		polling(t, func(s *scene, f *fake) {
			now := f.Now()
			if c.cursor != 0 {
				if err := s.book.Update(func(tx *ledger.Tx) error { return tx.SetCursor(now.Add(-c.cursor)) }); err != nil {
					s.Fatal(err)
				}
			}
			from, err := s.r.cursor(now)
			if err != nil || now.Sub(from) != c.want {
				s.Errorf("%s: it begins %v ago, want %v: %v", c.name, now.Sub(from), c.want, err)
			}
		})
	}
}

// TestKnows: which events need no look, so that reads are saved.
func TestKnows(t *testing.T) {
	states := map[string]verdict{completed: paid, expiredEv: lapsed, asyncLost: undone, asyncPaid: paid}
	for became, v := range states {
		polling(t, func(s *scene, f *fake) {
			o := s.placed(f, 1)
			id := s.session(o.ID)
			f.becomes(id, v)
			if _, err := s.r.look(s.Context(), id); err != nil {
				s.Fatal(err)
			}
			for event, needs := range states {
				known, err := s.r.knows(stripeapi.Event{Type: event, ObjectID: id})
				if want := needs == v; known != want || err != nil {
					s.Errorf("after %s, %s is known: %v, want %v (%v)", became, event, known, want, err)
				}
			}
			for _, e := range []stripeapi.Event{{Type: "checkout.session.tomorrows", ObjectID: id}, {Type: completed, ObjectID: "cs_none"}, {Type: completed}} {
				if known, err := s.r.knows(e); known || err != nil {
					s.Errorf("%+v is known: %v", e, err)
				}
			}
		})
	}
}
