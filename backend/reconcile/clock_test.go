package reconcile

import (
	"testing"
	"time"

	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

// TestTheLaptopsClockIsSetAhead while the till runs: nothing that it says was
// taken in, swept or read may lie in the future, or what is paid until then is
// never looked at. One answer alone proves nothing about the time.
func TestTheLaptopsClockIsSetAhead(t *testing.T) {
	for name, look := range map[string]func(s *scene) error{
		"a poll":     func(s *scene) error { return s.r.PollOnce() },
		"a catch-up": func(s *scene) error { return s.r.catchUp(time.Now().Add(-time.Hour), s.client.Now()) },
		"a sweep":    func(s *scene) error { return s.r.sweep(time.Now().Add(-time.Hour), s.client.Now()) },
		"Stripe's own": func(s *scene) error {
			return s.r.ReadStatement(s.Context(), time.Now().Add(-time.Hour), s.client.Now())
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *scene) {
				jump := time.Duration(0)
				s.client = stripeapi.New(stripeapi.Options{
					BaseURL: "http://stripe.test", Key: "sk_test_4eC39HqLyjWDarjt", Transport: s.line,
					Now: func() time.Time { return time.Now().Add(jump) },
				})
				s.use(s.client)
				if err := s.r.PollOnce(); err != nil {
					s.Fatal(err)
				}
				time.Sleep(time.Hour)
				jump = 40 * time.Hour
				if err := look(s); err != nil {
					s.Fatal(err)
				}
				s.view(func(tx *ledger.Tx) error {
					cursor, err := tx.Cursor()
					if err != nil {
						return err
					}
					swept, err := tx.Swept()
					if err != nil {
						return err
					}
					covered, err := tx.Covered()
					for _, span := range covered {
						cursor = later(cursor, span.To)
					}
					if ahead := time.Until(later(cursor, swept)); ahead > leapOfAnswers {
						s.Errorf("it is %v ahead", ahead)
					}
					return err
				})
			})
		})
	}
}

// leapOfAnswers is how exactly answers tell the time.
const leapOfAnswers = 5 * time.Second
