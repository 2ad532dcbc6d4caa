package reconcile

import (
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/stripesim"
)

// readsOf is what so many codes cost in a minute, each seen paid soon.
func readsOf(t *testing.T, codes int) (perMinute float64) {
	t.Helper()
	play(t, func(s *scene) {
		testkit.Append(s, s.book, boxoffice.QuotaChangedFact{QuotaID: "quota-house", TicketTypeIDs: []string{testkit.Adult, testkit.Child}, Size: wide})
		s.start()
		time.Sleep(time.Minute)
		before, began := s.client.Usage().Reads, time.Now()
		var orders []boxoffice.Order
		for range codes {
			orders = append(orders, s.sold(1))
			time.Sleep(217 * time.Millisecond) // one after the other, and not in step
		}
		time.Sleep(35 * time.Second)
		for _, o := range orders {
			paid := time.Now()
			s.pay(o.ID)
			time.Sleep(2500 * time.Millisecond)
			if at, seen := s.seenPaid(o.ID); !seen || at.Sub(paid) > 2500*time.Millisecond {
				s.Errorf("with %d codes one was not seen paid in time", codes)
			}
		}
		perMinute = float64(s.client.Usage().Reads-before) / time.Since(began).Minutes()
	}, overTheAtlantic)
	return perMinute
}

// TestManyCodesCostLittleMoreThanOne.
func TestManyCodesCostLittleMoreThanOne(t *testing.T) {
	one, twenty := readsOf(t, 1), readsOf(t, 20)
	if twenty > 2*one {
		t.Errorf("20 codes cost %.0f reads a minute, and one %.0f", twenty, one)
	}
	t.Logf("one code: %.0f reads a minute; 20 codes: %.0f", one, twenty)
}

// TestAListThatLagsHidesNoCode: what the list does not show yet is asked for by
// itself.
func TestAListThatLagsHidesNoCode(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		if err := s.sim.Quirk(stripesim.Quirks{ListLag: time.Hour}); err != nil {
			s.Fatal(err)
		}
		a, b := s.sold(1), s.sold(1)
		time.Sleep(20 * time.Second)
		s.pay(a.ID)
		s.pay(b.ID)
		time.Sleep(3 * time.Second)
		for _, o := range []boxoffice.Order{a, b} {
			if status := s.order(o.ID).Status(); status != boxoffice.Paid {
				s.Errorf("%s is %s", o.Code, status)
			}
		}
	})
}
