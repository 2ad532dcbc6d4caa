package desk

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
)

// hanging is a Stripe that never answers.
type hanging struct {
	*testkit.Sender
}

func (h hanging) Send(ctx context.Context, _ string) { <-ctx.Done() }

// A cashier does not wait for ever: after a few seconds the order is on the
// screen as it is, with its seats held.
func TestAStripeThatHangsKeepsNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		s.desk.opt.Stripe = hanging{s.stripe}
		began := time.Now()
		o, err := s.desk.Sell(t.Context(), adults("hanging-sale", 2))
		if err != nil || o.Status() != boxoffice.AwaitingPayment || o.Tenders[0].State != boxoffice.TenderStarting {
			t.Fatalf("the order is %+v, %v", o, err)
		}
		if took := time.Since(began); took != patience {
			t.Errorf("the tap waited %v, want %v", took, patience)
		}
		if q := testkit.Quota(t, s.book, "quota-house"); q.Held != 2 {
			t.Errorf("%d seats are held, want 2", q.Held)
		}
	})
}
