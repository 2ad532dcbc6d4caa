package reconcile

import (
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

// TestWhatBecomesOfALink: by how Stripe answers, and whether its list has the
// link. An answer that proves nothing is asked for again with the same key.
func TestWhatBecomesOfALink(t *testing.T) {
	for name, c := range map[string]struct {
		first   stripeapi.Error // to every request
		earlier bool            // a run before this one may have asked
		age     time.Duration   // of the intent
		listed  bool            // Stripe's list has it
		state   boxoffice.PosterState
		asked   string // the first request
		tries   bool   // it asks again
	}{
		"refused":                         {stripeapi.Error{Failure: stripeapi.Refused}, false, 0, false, "refused", "link", false},
		"the key is not taken":            {stripeapi.Error{Failure: stripeapi.BadKey}, false, 0, false, "refused", "link", false},
		"not connected":                   {stripeapi.Error{Failure: stripeapi.NotConnected}, false, 0, false, "refused", "link", false},
		"unplugged":                       {stripeapi.Error{Failure: stripeapi.Unsent}, false, 0, false, "refused", "link", false},
		"lost":                            {stripeapi.Error{Failure: stripeapi.Lost}, false, 0, true, "starting", "link", true},
		"a portal":                        {stripeapi.Error{Failure: stripeapi.NotStripe}, false, 0, true, "starting", "link", true},
		"a fresh 500":                     {stripeapi.Error{Failure: stripeapi.Broken}, false, 0, true, "starting", "link", true},
		"a stored 500, and it is there":   {stripeapi.Error{Failure: stripeapi.Broken, Replayed: true}, false, 0, true, "open", "link", false},
		"a stored 500":                    {stripeapi.Error{Failure: stripeapi.Broken, Replayed: true}, false, time.Hour, false, "refused", "link", false},
		"a stored 500, too soon":          {stripeapi.Error{Failure: stripeapi.Broken, Replayed: true}, false, 0, false, "starting", "link", true},
		"the key was used for another":    {stripeapi.Error{Failure: stripeapi.KeyReused}, false, time.Hour, true, "open", "link", false},
		"refused after doubt":             {stripeapi.Error{Failure: stripeapi.Refused}, true, time.Hour, false, "refused", "link", false},
		"refused after doubt, it's there": {stripeapi.Error{Failure: stripeapi.Refused}, true, time.Hour, true, "open", "link", false},
		"not taken after doubt":           {stripeapi.Error{Failure: stripeapi.BadKey}, true, time.Hour, true, "starting", "link", true},
		"the key is dead":                 {stripeapi.Error{Failure: stripeapi.Lost}, true, 24 * time.Hour, true, "open", "links", false},
		"the key is dead, and no link":    {stripeapi.Error{Failure: stripeapi.Lost}, true, 24 * time.Hour, false, "refused", "links", false},
		"the key lives":                   {stripeapi.Error{Failure: stripeapi.Lost}, true, 22 * time.Hour, true, "starting", "link", true},
	} {
		polling(t, func(s *scene, f *fake) {
			s.onTheWall(f, 3)
			time.Sleep(c.age)
			f.page = 1
			for _, of := range []string{"pst-other", "pst-1", ""} {
				if of != "pst-1" || c.listed {
					f.shop.links = append(f.shop.links, stripeapi.Link{ID: "plink_" + of, URL: "https://buy.stripe.com/" + of, Metadata: map[string]string{boxoffice.MetadataPoster: of}})
				}
			}
			f.failing(func(call string) error {
				if strings.HasPrefix(call, "link ") {
					return new(c.first)
				}
				return nil
			})
			<-s.r.carry(ledger.LinkKey("pst-1"), c.earlier)
			time.Sleep(time.Second)
			calls := f.took()
			if got := s.poster("pst-1").State; got != c.state || len(calls) == 0 || !strings.HasPrefix(calls[0], c.asked+" ") {
				s.Errorf("%s: the poster is %s, and it asked %v", name, got, calls)
			}
			if keys := slices.Compact(slices.DeleteFunc(slices.Clone(calls), func(call string) bool { return !strings.HasPrefix(call, "link ") })); len(keys) > 1 {
				s.Errorf("%s: it asked with the keys %v", name, keys)
			}
			if c.state == boxoffice.PosterOpen && s.poster("pst-1").LinkID != "plink_pst-1" {
				s.Errorf("%s: it has %q", name, s.poster("pst-1").LinkID)
			}
			f.took()
			time.Sleep(time.Minute)
			if again := len(f.took()) > 0; again != c.tries {
				s.Errorf("%s: it goes on asking: %v", name, again)
			}
			if q := testkit.Quota(s, s.book, "quota-house"); q.Allotted != map[bool]int{true: 3}[c.state != "refused" && s.poster("pst-1").State != "refused"] {
				s.Errorf("%s: %d seats are set apart", name, q.Allotted)
			}
		})
	}
}

// closing is a poster that somebody wants closed, with visitors' pages.
func closing(t *testing.T, fn func(s *scene, f *fake)) {
	t.Helper()
	polling(t, func(s *scene, f *fake) {
		s.opened(s.onTheWall(f, 5))
		testkit.Append(s, s.book, boxoffice.PosterCloseAskedFact{OfPoster: boxoffice.OfPoster{PosterID: "pst-1"}, Intent: boxoffice.Intent{
			Key: ledger.CloseLinkKey("pst-1"), PosterID: "pst-1", RecordedAt: f.Now(), CloseLink: "plink_1",
		}})
		f.page = 1
		fn(s, f)
	})
}

// page puts a visitor's page into the account.
func (f *fake) visitor(id string, v verdict) {
	p := posterSold()
	like := sessionThat(v)
	p.ID, p.Status, p.Paid, p.Payment = id, like.Status, like.Paid, like.Payment
	f.has(p)
}

// TestClosingAPoster closes the link first, then every page that is open, then
// takes in what was paid; and its seats come free only after all that.
func TestClosingAPoster(t *testing.T) {
	closing(t, func(s *scene, f *fake) {
		f.visitor("cs_a", paid)
		f.visitor("cs_b", waiting)
		f.visitor("cs_c", lapsed)
		f.visitor("cs_d", waiting)
		f.visitor("cs_e", paid)
		f.failing(func(call string) error {
			if id, ok := strings.CutPrefix(call, "expire pst-1-close-"); ok {
				gone := f.sessions[id] // the lock is held
				gone.Status = stripeapi.SessionExpired
				f.sessions[id] = gone
			}
			return nil
		})
		<-s.r.carry(ledger.CloseLinkKey("pst-1"), false)
		calls := f.took()
		if calls[0] != "close pst-1-close" || count(calls, "expire") != 2 || !slices.Contains(calls, "expire pst-1-close-cs_b") || !slices.Contains(calls, "expire pst-1-close-cs_d") {
			s.Errorf("it asked %v", calls)
		}
		if p := s.poster("pst-1"); p.State != boxoffice.PosterClosing || p.Arrived != 2 {
			s.Errorf("a page that was opened just now may not be in Stripe's list, and the poster is %+v", p)
		}
		time.Sleep(4 * time.Minute)
		p, q := s.poster("pst-1"), testkit.Quota(s, s.book, "quota-house")
		if p.State != boxoffice.PosterClosed || p.Arrived != 2 || q.Allotted != 0 || q.Sold != 2 {
			s.Errorf("the poster is %+v, the house %+v", p, q)
		}
	})
}

// TestClosingWaits while somebody can still pay, or a bank decides: no seat is
// given free before. Each try has keys of its own, and a bank is given time.
func TestClosingWaits(t *testing.T) {
	for name, c := range map[string]struct {
		v          verdict
		wait, then time.Duration
	}{"a page that is open": {waiting, 10 * time.Minute, 2 * time.Minute}, "a bank": {processing, 7 * time.Hour, 2 * time.Hour}} {
		v := c.v
		closing(t, func(s *scene, f *fake) {
			f.visitor("cs_a", v)
			f.visitor("cs_b", paid)
			<-s.r.carry(ledger.CloseLinkKey("pst-1"), false)
			time.Sleep(c.wait)
			p, q := s.poster("pst-1"), testkit.Quota(s, s.book, "quota-house")
			if p.State != boxoffice.PosterClosing || p.Arrived != 1 || q.Allotted != 4 {
				s.Errorf("%s: the poster is %+v, and %d seats are set apart", name, p, q.Allotted)
			}
			calls := f.took()
			if n := count(calls, "close"); n < 5 || n > 20 {
				s.Errorf("%s: in %v it asked %d times", name, c.wait, n)
			}
			if !slices.Contains(calls, "close pst-1-close") || !slices.Contains(calls, "close pst-1-close-1") || v == waiting && !slices.Contains(calls, "expire pst-1-close-cs_a-1") {
				s.Errorf("%s: its keys are %v", name, calls)
			}
			f.visitor("cs_a", map[verdict]verdict{waiting: lapsed, processing: paid}[v])
			time.Sleep(c.then)
			if p := s.poster("pst-1"); p.State != boxoffice.PosterClosed || p.Arrived != map[verdict]int{waiting: 1, processing: 2}[v] {
				s.Errorf("%s: in the end the poster is %+v", name, p)
			}
		})
	}
}

// TestClosingGoesOnAfterARestart, wherever the first run was stopped.
func TestClosingGoesOnAfterARestart(t *testing.T) {
	for _, at := range []string{"close", `sessions "open"`, "expire", `sessions ""`} {
		closing(t, func(s *scene, f *fake) {
			f.visitor("cs_a", lapsed)
			f.visitor("cs_b", paid)
			if at == "expire" {
				f.visitor("cs_a", waiting)
			}
			f.failing(fails(at, stripeapi.Lost))
			<-s.r.carry(ledger.CloseLinkKey("pst-1"), false)
			if state := s.poster("pst-1").State; state != boxoffice.PosterClosing {
				s.Errorf("stopped at %s it is %s", at, state)
			}
			s.stop()
			f.failing(nil)
			f.visitor("cs_a", lapsed)
			s.use(f)
			s.start()
			time.Sleep(4 * time.Minute)
			if p := s.poster("pst-1"); p.State != boxoffice.PosterClosed || p.Arrived != 1 {
				s.Errorf("stopped at %s, and started again: %+v", at, p)
			}
		})
	}
}

// TestALinkWhosePriceIsLost: the poster is refused with words, and Stripe is
// told of the type again, so that the next can be made.
func TestALinkWhosePriceIsLost(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		time.Sleep(5 * time.Second)
		before := s.mirrorOf(testkit.Adult)
		if _, err := s.client.UpdateProduct(s.Context(), "dashboard-1", before.ProductID, stripeapi.ProductUpdate{Active: new(false)}); err != nil {
			s.Fatal(err)
		}
		p := &player{scene: s, ids: map[string]string{}, at: "a lost price"}
		p.line("post P 3 adult → stripe_refused")
		p.line("P is refused, 0 of 3, 0 arrived")
		p.line("house = 10 left 0 held 0 sold")
		p.line("wait 5s")
		p.line("post Q 3 adult")
		p.line("Q is open, 0 of 3, 0 arrived")
	})
}
