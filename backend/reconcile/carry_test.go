package reconcile

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// count is how many of the calls begin with the text.
func count(calls []string, start string) (n int) {
	for _, c := range calls {
		if strings.HasPrefix(c, start) {
			n++
		}
	}
	return n
}

// TestTheLaptopsClockDecidesNothing: after a crash, whether a key is alive is
// told by Stripe's clock, however far off the laptop's is.
func TestTheLaptopsClockDecidesNothing(t *testing.T) {
	for _, c := range []struct {
		name string
		age  time.Duration // of the intent, by Stripe's clock
		off  time.Duration // the laptop's clock
		want string        // what Stripe is asked first about the session
	}{
		{"a young key, the laptop right", time.Minute, 0, "create"},
		{"a young key, the laptop two days ahead", time.Minute, 48 * time.Hour, "create"},
		{"an old key, the laptop right", 24 * time.Hour, 0, "list"},
		{"an old key, the laptop two days behind", 24 * time.Hour, -48 * time.Hour, "list"},
	} {
		polling(t, func(s *scene, f *fake) {
			f.fail = fails("create", stripeapi.Lost)
			o := s.sold(2)
			s.stop()
			time.Sleep(c.age)
			f.fail = fails("get", stripeapi.Lost)
			f.unlearnt = -c.off // the laptop's clock is believed until Stripe has answered
			f.took()
			s.use(f)
			s.r.carry(ledger.CreateKey(o.Tenders[0].ID), true) // as Start does
			synctest.Wait()
			calls := slices.DeleteFunc(f.took(), func(call string) bool { return call == "balance" })
			if len(calls) == 0 || !strings.HasPrefix(calls[0], c.want) {
				s.Errorf("%s: it asked %v, want %s first", c.name, calls, c.want)
			}
			if state := s.order(o.ID).Tenders[0].State; c.want == "create" && state != boxoffice.TenderOpen {
				s.Errorf("%s: the tender is %s", c.name, state)
			}
		})
	}
}

// TestASearchReadsEveryPage, and takes no other order's session.
func TestASearchReadsEveryPage(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		f.page = 1
		f.fail = fails("create", stripeapi.KeyReused)
		now := time.Now()
		o := s.sold(2)
		if state := s.order(o.ID).Tenders[0].State; state != boxoffice.TenderStarting {
			s.Fatalf("the tender is %s: too soon to know", state)
		}
		tender := map[string]string{boxoffice.MetadataTender: o.Tenders[0].ID}
		f.has(
			stripeapi.Session{ID: "cs_a", Created: now, Status: stripeapi.SessionOpen, Reference: "ord-other", Metadata: tender},
			stripeapi.Session{ID: "cs_b", Created: now, Status: stripeapi.SessionOpen, Reference: o.ID, Metadata: map[string]string{boxoffice.MetadataTender: "tdr-other"}},
			stripeapi.Session{ID: "cs_c", Created: now, Status: stripeapi.SessionOpen, Reference: o.ID, Metadata: tender, Amount: o.Total},
			stripeapi.Session{ID: "cs_old", Created: now.Add(-24 * time.Hour), Status: stripeapi.SessionOpen, Reference: o.ID, Metadata: tender},
		)
		time.Sleep(2 * time.Second)
		if got := s.session(o.ID); got != "cs_c" {
			s.Errorf("the code is %q, want cs_c", got)
		}
	})
}

// TestAListThatFailsProvesNothing: the seats stay held.
func TestAListThatFailsProvesNothing(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		f.fail = func(call string) error {
			if count([]string{call}, "create") == 1 {
				return &stripeapi.Error{Failure: stripeapi.Broken, Replayed: true}
			}
			return fails("list", stripeapi.NotStripe)(call)
		}
		o := s.sold(2)
		time.Sleep(2 * time.Hour)
		if q := testkit.Quota(s, s.book, "quota-house"); s.order(o.ID).Tenders[0].State != boxoffice.TenderStarting || q.Held != 2 {
			s.Errorf("the tender is %s, %d seats held", s.order(o.ID).Tenders[0].State, q.Held)
		}
	})
}

// TestAnAnswerThatDoesNotFitIsNoLoop: a session that is well, and somebody
// else's, or one that is closed and still open. Stripe is asked again, slowly.
func TestAnAnswerThatDoesNotFitIsNoLoop(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 1)
		f.answer = stripeapi.Session{ID: "cs_x", Reference: "ord-x", Status: stripeapi.SessionOpen}
		testkit.Append(s, s.book, boxoffice.OrderPlacedFact{
			Order:  boxoffice.Order{ID: "ord-y", Code: "YYYYYY", Key: "sale-y", Tenders: []boxoffice.Tender{{ID: "tdr-x", State: boxoffice.TenderStarting}}},
			Intent: boxoffice.Intent{Key: ledger.CreateKey("tdr-x"), OrderID: "ord-y", TenderID: "tdr-x", RecordedAt: time.Now(), Create: &boxoffice.SessionRequest{Reference: "ord-y"}},
		})
		go s.r.Send(s.Context(), ledger.CreateKey("tdr-x"))
		go func() { _, _ = s.desk.Cancel(s.Context(), o.ID) }() // the fake gives the session back open
		time.Sleep(10 * time.Minute)
		calls := f.took()
		if made, closed := count(calls, "create"), count(calls, "expire"); made < 5 || made > 20 || closed < 5 || closed > 20 {
			s.Errorf("in ten minutes it asked %d times to make and %d times to close", made, closed)
		}
	})
}

// TestOneTapOneRequest: however many wait for it.
func TestOneTapOneRequest(t *testing.T) {
	play(t, func(s *scene) {
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				_, err := s.desk.Sell(s.Context(), desk.Sale{
					Key: "sale-00000001", LineItems: []desk.SaleLine{{PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, Quantity: 1}},
				})
				if err != nil {
					s.Error(err)
				}
			})
		}
		all.Wait()
		if writes := s.client.Usage().Writes; writes != 1 || len(s.orders()) != 1 {
			s.Errorf("%d requests for %d orders", writes, len(s.orders()))
		}
	}, overTheAtlantic)
}

// TestSendWaitsNoLongerThanItsCaller, and the request goes on.
func TestSendWaitsNoLongerThanItsCaller(t *testing.T) {
	play(t, func(s *scene) {
		o := s.placedUnsent()
		s.sim.SetFaults(stripesim.Fault{Kind: stripesim.FaultDelay, Delay: 10 * time.Second, Times: 1})
		ctx, cancel := context.WithTimeout(s.Context(), time.Second)
		defer cancel()
		began := time.Now()
		s.r.Send(ctx, ledger.CreateKey(o.Tenders[0].ID))
		if waited := time.Since(began); waited != time.Second {
			s.Errorf("it waited %v", waited)
		}
		time.Sleep(10 * time.Second)
		if s.session(o.ID) == "" {
			s.Error("the code did not come")
		}
	})
}

// placedUnsent is an order whose intent is in the book and was not sent.
func (s *scene) placedUnsent() boxoffice.Order {
	s.Helper()
	if _, err := s.client.Livemode(s.Context()); err != nil {
		s.Fatal(err)
	}
	ids := testkit.IDs(7)
	d := desk.New(desk.Options{Book: s.book, Stripe: mute{s.r}, IDs: ids, Now: time.Now, ReturnURL: "http://127.0.0.1:4381/c/done"})
	o, err := d.Sell(s.Context(), desk.Sale{Key: "sale-unsent", LineItems: []desk.SaleLine{{PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, Quantity: 1}}})
	if err != nil {
		s.Fatal(err)
	}
	return o
}

// mute sends nothing.
type mute struct{ *Reconciler }

func (mute) Send(context.Context, string) {}

// TestCloseEndsEverything: with a request under way, waits that would last an
// hour, and calls that come too late.
func TestCloseEndsEverything(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		open := s.sold(1)
		s.sim.SetFaults(stripesim.Fault{Kind: stripesim.FaultHang})
		asking, err := s.sell(1, testkit.Adult)
		if err != nil {
			s.Fatal(err)
		}
		began := time.Now()
		s.r.Close()
		s.r.Send(s.Context(), ledger.CreateKey(asking.Tenders[0].ID)) // does nothing, and returns
		s.r.follow(open.ID)
		if took := time.Since(began); took > 0 {
			s.Errorf("closing took %v", took)
		}
		if len(s.r.followed)+len(s.r.carried) > 0 {
			s.Errorf("it still follows %d and carries %d", len(s.r.followed), len(s.r.carried))
		}
		s.r.Close() // twice is once
		if strings.Contains(s.log.String(), "canceled") {
			s.Errorf("closing is logged as trouble:\n%s", s.log)
		}
		s.sim.SetFaults()
		s.open()
		s.start()
		time.Sleep(time.Second)
		if state := s.order(asking.ID).Tenders[0].State; state != boxoffice.TenderOpen || s.made() != 2 {
			s.Errorf("after the restart the tender is %s, with %d sessions", state, s.made())
		}
	})
}

// TestBackoff: half a second, twice as long each time, a minute at most.
func TestBackoff(t *testing.T) {
	for try, want := range map[int]time.Duration{0: time.Second / 2, 1: time.Second, 3: 4 * time.Second, 6: 32 * time.Second, 7: time.Minute, 100: time.Minute} {
		if got := backoff(try); got != want {
			t.Errorf("after try %d it is %v, want %v", try, got, want)
		}
	}
}
