package reconcile

import (
	"cmp"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

// deletes makes Stripe forget sessions, as it does all of an account's test data.
func (f *fake) deletes(ids ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range ids {
		delete(f.sessions, id)
	}
}

// TestADeletedCode frees its seats in a book of test money, once nobody could
// pay it by time either, and whoever is told that it is not there is shown
// another code of the book. Another account's key is told the same, and so is one
// of the other mode: then the seats stay held, for ever if need be.
func TestADeletedCode(t *testing.T) {
	const soon, late = 25 * time.Minute, 45 * time.Minute // its time is over after 31
	for name, c := range map[string]struct {
		becomes func(s *scene, f *fake, code, other string)
		after   time.Duration
		free    bool
	}{
		"another is there":                    {nil, late, true},
		"its time is not over":                {nil, soon, false},
		"the other is deleted too":            {func(_ *scene, f *fake, _, other string) { f.deletes(other) }, 200 * time.Hour, false},
		"the other is for real money":         {func(_ *scene, f *fake, _, other string) { f.has(stripeapi.Session{ID: other, Livemode: true}) }, 200 * time.Hour, false},
		"the other cannot be had at present":  {func(_ *scene, f *fake, _, other string) { f.failing(fails("get "+other, stripeapi.Lost)) }, late, false},
		"the till is given another key there": {func(_ *scene, f *fake, _, other string) { f.failing(f.changingKeys("get " + other)) }, late, false},
		"it was canceled":                     {func(s *scene, _ *fake, code, _ string) { s.cancels(code) }, late, true},
		"it was canceled, and it is early":    {func(s *scene, _ *fake, code, _ string) { s.cancels(code) }, soon, false},
		"a bank was deciding":                 {func(s *scene, _ *fake, code, _ string) { s.decides(code) }, 300 * time.Hour, false},
		"a bank was deciding, weeks ago":      {func(s *scene, _ *fake, code, _ string) { s.decides(code) }, 340 * time.Hour, true},
		"the book is for real money":          {func(s *scene, _ *fake, _, _ string) { s.r.opt.Livemode = true }, 200 * time.Hour, false},
	} {
		polling(t, func(s *scene, f *fake) {
			o, other := s.placed(f, 2), s.placed(f, 1)
			code := s.session(o.ID)
			f.deletes(code)
			if c.becomes != nil {
				c.becomes(s, f, code, s.session(other.ID))
			}
			s.r.follow(o.ID)
			time.Sleep(c.after)
			want, held := boxoffice.AwaitingPayment, 3
			if c.free {
				want, held = boxoffice.Expired, 1
			}
			if o = s.order(o.ID); c.free && o.Tenders[0].CancelAsked {
				want = boxoffice.Canceled
			}
			if q := testkit.Quota(s, s.book, "quota-house"); o.Status() != want || q.Held != held {
				s.Errorf("%s: after %v the order is %s, and %d seats are held", name, c.after, o.Status(), q.Held)
			}
			if _, open, err := s.r.intent(ledger.ExpireKey(o.Tenders[0].ID)); err != nil || open != (o.Tenders[0].CancelAsked && !c.free) {
				s.Errorf("%s: it is still to be closed: %v, %v", name, open, err)
			}
		})
	}
}

// changingKeys gives the till another key in the moment of a call.
func (f *fake) changingKeys(at string) func(string) error {
	return func(call string) error {
		if call == at {
			f.asker += "'" // the lock is held
		}
		return nil
	}
}

func (s *scene) cancels(code string) {
	s.Helper()
	for _, o := range s.orders() {
		if _, ok := o.TenderBySession(code); ok {
			_, err := s.desk.Cancel(s.Context(), o.ID)
			s.check(err)
		}
	}
}

// decides says that the buyer of a code was done before it was deleted.
func (s *scene) decides(code string) {
	s.Helper()
	for _, o := range s.orders() {
		if t, ok := o.TenderBySession(code); ok {
			testkit.Append(s, s.book, boxoffice.ProcessingFact{OfTender: boxoffice.OfTender{OrderID: o.ID, TenderID: t.ID}, PaymentIntentID: "pi_x"})
		}
	}
}

// TestADeletedCodeThatIsPaid: should Stripe find it again all the same, its money
// is late money like any other.
func TestADeletedCodeThatIsPaid(t *testing.T) {
	for others, want := range map[int]string{1: "paid, 0 kept", testkit.Seats: "expired, 1 kept"} {
		polling(t, func(s *scene, f *fake) {
			o := s.placed(f, 2)
			s.placed(f, 1)
			lost := f.session(s.session(o.ID))
			f.deletes(lost.ID)
			s.check(s.r.lookAtUnfinished(s.Context(), nil)) // too early
			time.Sleep(time.Hour)
			s.check(s.r.lookAtUnfinished(s.Context(), nil))
			if s.order(o.ID).Status() != boxoffice.Expired {
				s.Fatalf("the order is %s", s.order(o.ID).Status())
			}
			if others > 1 {
				s.placed(f, others-1)
			}
			f.has(lost)
			f.becomes(lost.ID, paid)
			f.tells("evt_1", "checkout.session.completed", lost.ID, time.Now())
			s.poll()
			kept := s.discrepancies()
			if got := string(s.order(o.ID).Status()) + map[int]string{0: ", 0 kept", 1: ", 1 kept"}[len(kept)]; got != want || len(kept) == 1 && (kept[0].Reason != boxoffice.NoRoom || !kept[0].Waiting()) {
				s.Errorf("beside %d seats of others: %s, want %s: %+v", others, got, want, kept)
			}
		})
	}
}

// TestADeletedLink: its poster's seats come free as a code's do, when no page that
// it ever opened could be paid any more.
func TestADeletedLink(t *testing.T) {
	for name, c := range map[string]struct {
		other, real bool
		after       time.Duration
		free        bool
	}{
		"another is there":           {true, false, 25 * time.Hour, true},
		"a page may be open":         {true, false, 23 * time.Hour, false},
		"there is no other":          {false, false, 100 * time.Hour, false},
		"the book is for real money": {true, true, 100 * time.Hour, false},
	} {
		closing(t, func(s *scene, f *fake) {
			if c.other {
				s.placed(f, 1)
			}
			s.r.opt.Livemode = c.real
			f.failing(func(call string) error {
				return cmp.Or(fails("close", stripeapi.Missing)(call), fails("sessions", stripeapi.Refused)(call)) // what a list of it names is a parameter
			})
			<-s.r.carry(ledger.CloseLinkKey("pst-1"), false)
			time.Sleep(c.after)
			p, q := s.poster("pst-1"), testkit.Quota(s, s.book, "quota-house")
			if (p.State == boxoffice.PosterClosed) != c.free || (q.Allotted == 0) != c.free {
				s.Errorf("%s: after %v it is %s, and %d seats are set apart", name, c.after, p.State, q.Allotted)
			}
		})
	}
}
