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

// timeless is a Stripe whose time nobody can be told, until they leave.
type timeless struct {
	*testkit.Sender
}

func (timeless) Clock(ctx context.Context) (time.Time, error) {
	<-ctx.Done()
	return time.Time{}, ctx.Err()
}

// Whatever a tap begins, it does not wait longer for Stripe's time than for its
// answer.
func TestStripesTimeKeepsNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		s.desk.opt.Stripe = timeless{s.stripe}
		for name, tap := range map[string]func() error{
			"a sale":   func() error { _, err := s.desk.Sell(t.Context(), adults("timeless-sale", 2)); return err },
			"a cancel": func() error { _, err := s.desk.Cancel(t.Context(), "ord-1"); return err },
			"a refund": func() error {
				_, err := s.desk.Refund(t.Context(), "ord-1", RefundAsk{Decision: Decision{Key: "timeless-refund", By: "Ada"}})
				return err
			},
			"a poster's end": func() error { _, err := s.desk.ClosePoster(t.Context(), "pst-1"); return err },
		} {
			began := time.Now()
			if err := tap(); err == nil || time.Since(began) > patience {
				t.Errorf("%s: %v after %v", name, err, time.Since(began))
			}
		}
	})
}
