package reconcile

import (
	"strconv"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/stripesim"
)

// TestDaysAway: a poster goes on selling while the till is shut. However long,
// all of it is found, once, with what went back of it; and the cursor moves only
// at the end.
func TestDaysAway(t *testing.T) {
	const sales, refunds, disputes = 350, 20, 10
	for name, away := range map[string]time.Duration{"three days": 72 * time.Hour, "a month": 31 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *scene) {
				s.start()
				time.Sleep(5 * time.Second)
				poster := s.widePoster()
				s.stop()
				began := time.Now()
				time.Sleep(away)
				err := s.sim.Seed(stripesim.SeedOptions{Link: poster.LinkID, Sales: sales, From: began.Add(time.Minute), To: began.Add(away - time.Minute), Refunds: refunds, Disputes: disputes})
				if err != nil {
					s.Fatal(err)
				}
				s.open()
				s.start()
				time.Sleep(time.Minute)
				orders, went, disputed := 0, 0, 0
				s.view(func(tx *ledger.Tx) error {
					return tx.MoneyBetween(time.Time{}, time.Now(), func(_ string, m ledger.Money) (bool, error) {
						if m.Order != nil {
							orders++
						}
						went += len(m.Returns().Refunds)
						disputed += len(m.Returns().Disputes)
						return true, nil
					})
				})
				if orders != sales || went != refunds || disputed != disputes {
					s.Errorf("of %d sales %d found a seat; %d refunds, %d disputes", sales, orders, went, disputed)
				}
				if q := testkit.Quota(s, s.book, "quota-house"); q.Sold != sales-refunds || q.Allotted != wide-sales {
					s.Errorf("the house is %+v", q)
				}
				if reads := s.client.Usage().Reads; reads > 120 {
					s.Errorf("it took %d reads", reads)
				}
				number := s.number()
				if err := s.r.catchUp(began, time.Now()); err != nil {
					s.Fatal(err)
				}
				if again := s.number(); again != number {
					s.Errorf("taking it in again wrote %d entries", again-number)
				}
			})
		})
	}
}

// TestACatchUpThatBreaksBeginsAgain, and what was taken in stays.
func TestACatchUpThatBreaksBeginsAgain(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		time.Sleep(5 * time.Second)
		link := s.widePoster().LinkID
		time.Sleep(time.Hour)
		s.stop()
		before := s.cursor()
		time.Sleep(48 * time.Hour)
		if err := s.sim.Seed(stripesim.SeedOptions{Link: link, Sales: 350, From: time.Now().Add(-40 * time.Hour), To: time.Now().Add(-time.Hour)}); err != nil {
			s.Fatal(err)
		}
		s.sim.SetFaults(stripesim.Fault{Path: "/v1/refunds", Kind: stripesim.FaultCut})
		s.open()
		s.start()
		time.Sleep(3 * time.Minute)
		if found := len(s.orders()); found < 350 || !s.cursor().Equal(before) {
			s.Errorf("broken, it has %d and its cursor is %v, before %v", found, s.cursor(), before)
		}
		h, err := s.r.Health()
		if err != nil || h.Problem == nil {
			s.Errorf("nobody is told: %+v, %v", h, err)
		}
		s.sim.SetFaults()
		time.Sleep(10 * time.Minute)
		h, err = s.r.Health()
		if err != nil || h.Problem != nil || h.CatchUp != nil || s.cursor().Equal(before) || h.LastSuccess.IsZero() {
			s.Errorf("then it goes on: %+v, %v", h, err)
		}
	})
}

// wide is how many seats there are where a poster sells for days.
const wide = 1000

// widePoster is a poster that has them all to sell.
func (s *scene) widePoster() boxoffice.Poster {
	s.Helper()
	testkit.Append(s, s.book, boxoffice.QuotaChangedFact{QuotaID: "quota-house", TicketTypeIDs: []string{testkit.Adult, testkit.Child}, Size: wide})
	p := &player{scene: s, ids: map[string]string{}}
	p.is(p.wall([]string{"post", "P", strconv.Itoa(wide), "adult"}), "")
	return s.poster(p.ids["P"])
}

// number is how many entries the book has.
func (s *scene) number() (n uint64) {
	s.Helper()
	s.view(func(tx *ledger.Tx) (err error) { n, err = tx.Number(); return err })
	return n
}
