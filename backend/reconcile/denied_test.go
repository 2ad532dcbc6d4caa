package reconcile

import (
	"strings"
	"testing"
	"time"

	"willcall/backend/stripeapi"
)

// TestDisputesThatMayNotBeRead stop nothing else: a key need not have that
// permission. Without it, what came in by other ways is taken in, and refunds that
// may not be read are a failure as before.
func TestDisputesThatMayNotBeRead(t *testing.T) {
	for _, c := range []struct {
		call    string
		failure stripeapi.Error
		stops   bool
	}{
		{"dispute", stripeapi.Error{Failure: stripeapi.Forbidden}, false},
		{"dispute", stripeapi.Error{Failure: stripeapi.Forbidden, Code: "account_invalid"}, true},
		{"dispute", stripeapi.Error{Failure: stripeapi.Broken}, true},
		{"refund", stripeapi.Error{Failure: stripeapi.Forbidden}, true},
	} {
		polling(t, func(s *scene, f *fake) {
			at := time.Now()
			s.setSwept(at)
			s.poll()
			f.has(stranger("late", at))
			f.tells("evt_late", completed, "cs_late", at)
			f.tells("evt_disputed", "charge.dispute.created", "dp_1", at)
			f.failing(func(call string) error {
				if strings.HasPrefix(call, c.call+"s") || strings.HasPrefix(call, "get dp_") && c.call == "dispute" {
					return &c.failure
				}
				return nil
			})
			if err := s.r.PollOnce(); (err != nil) != (c.stops && c.call == "dispute") || len(s.discrepancies()) != 1 {
				s.Errorf("without %s (%s): the poll says %v, and it keeps %+v", c.call, c.failure.Failure, err, s.discrepancies())
			}
			time.Sleep(24 * time.Hour)
			if err := s.r.sweepIfDue(); (err != nil) != c.stops || s.swept().Equal(at) != c.stops {
				s.Errorf("without %s (%s): the sweep says %v, and remembers %v", c.call, c.failure.Failure, err, s.swept())
			}
			if told := strings.Contains(s.log.String(), "may not read disputes"); told == c.stops {
				s.Errorf("without %s (%s): it is told: %v", c.call, c.failure.Failure, told)
			}
		})
	}
}

// TestDisputesAreFoundOnceTheyMayBeRead: days later, when no list of the last
// two has them.
func TestDisputesAreFoundOnceTheyMayBeRead(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := soldOrder()
		o.PlacedAt, o.Tenders[0].PaidAt = time.Now(), time.Now()
		s.holds(o)
		s.setSwept(time.Now())
		time.Sleep(time.Hour)
		f.books.disputes = []stripeapi.Dispute{{ID: "dp_1", IntentID: "pi_1", Status: "needs_response", Amount: o.Total, Withdrawn: o.Total, Created: time.Now()}}
		f.tells("evt_disputed", "charge.dispute.created", "dp_1", time.Now())
		f.failing(func(call string) error {
			if strings.HasPrefix(call, "disputes") || strings.HasPrefix(call, "get dp_") {
				return &stripeapi.Error{Failure: stripeapi.Forbidden}
			}
			return nil
		})
		s.poll()
		night := func(disputes int, unread bool) {
			s.Helper()
			time.Sleep(24 * time.Hour)
			s.check(s.r.sweepIfDue())
			if got := len(s.order(o.ID).Disputes); got != disputes {
				s.Errorf("the order has %d disputes, want %d", got, disputes)
			}
			if still, err := s.r.disputesUnread(); still != unread || err != nil {
				s.Errorf("there are unread ones: %v, %v", still, err)
			}
		}
		for range 8 {
			night(0, true)
		}
		f.failing(nil)
		night(1, false)
	})
}
