package reconcile

import (
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/stripesim"
)

// TestARefundIsListedLate: Stripe's events speak of a refund that its list does
// not show for a minute. The polls after that look again, and not for ever.
func TestARefundIsListedLate(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		o := s.sold(2)
		s.pay(o.ID)
		time.Sleep(10 * time.Second)
		if err := s.sim.Quirk(stripesim.Quirks{ListLag: 100 * time.Second}); err != nil {
			s.Fatal(err)
		}
		if _, err := s.sim.RefundInDashboard(s.order(o.ID).Tenders[0].PaymentIntentID, 0, stripesim.RefundOptions{}); err != nil {
			s.Fatal(err)
		}
		for range 20 {
			s.r.Wake()
			time.Sleep(30 * time.Second)
		}
		if o = s.order(o.ID); o.Status() != boxoffice.Refunded {
			s.Errorf("the order is %s, and its money went back", o.Status())
		}
		listed := func() int { return s.sim.Requests().Paths["GET /v1/refunds"] }
		before := listed()
		if time.Sleep(2 * time.Hour); listed() != before {
			s.Errorf("it was listed %d times more", listed()-before)
		}
	})
}
