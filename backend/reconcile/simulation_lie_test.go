package reconcile

import (
	"context"
	"testing"
	"time"

	"willcall/backend/stripeapi"
)

// TestTheSimulationFindsLies: the control. A till that is told something untrue,
// or is kept from hearing something, is found out in a few runs.
func TestTheSimulationFindsLies(t *testing.T) {
	for name, lie := range map[string]func(Stripe) Stripe{
		"Stripe has no events":              func(s Stripe) Stripe { return noEvents{s} },
		"a closed code is not closed":       func(s Stripe) Stripe { return notClosed{s} },
		"whoever pays, pays a cent less":    func(s Stripe) Stripe { return centLess{s} },
		"refunds that others made are none": func(s Stripe) Stripe { return noRefunds{s} },
		"whoever has a code has paid":       func(s Stripe) Stripe { return alwaysPaid{s} },
	} {
		t.Run(name, func(t *testing.T) {
			const most = 120
			for seed := range most {
				if s := run(t, uint64(seed), happenings().Example(seed), lie); len(s.wrong) > 0 {
					t.Logf("found by seed %d: %s", seed, s.wrong[0])
					return
				}
			}
			t.Errorf("nothing was found in %d runs", most)
		})
	}
}

// noEvents hears of no event, in polls and in sweeps.
type noEvents struct{ Stripe }

func (noEvents) Events(context.Context, []string, time.Time, time.Time, string) (stripeapi.EventPage, error) {
	return stripeapi.EventPage{}, nil
}

// notClosed believes a code closed that it has not closed.
type notClosed struct{ Stripe }

func (l notClosed) ExpireSession(ctx context.Context, _, id string) (stripeapi.Session, error) {
	s, err := l.Session(ctx, id)
	if s.Status == stripeapi.SessionOpen {
		s.Status = stripeapi.SessionExpired
	}
	return s, err
}

// centLess reads an amount that is not what was paid.
type centLess struct{ Stripe }

func (l centLess) Sessions(ctx context.Context, from, to time.Time, after string) (stripeapi.SessionPage, error) {
	page, err := l.Stripe.Sessions(ctx, from, to, after)
	for i := range page.Sessions {
		page.Sessions[i].Amount.Minor--
	}
	return page, err
}

func (l centLess) Session(ctx context.Context, id string) (stripeapi.Session, error) {
	s, err := l.Stripe.Session(ctx, id)
	s.Amount.Minor--
	return s, err
}

// noRefunds sees only the refunds that it made itself.
type noRefunds struct{ Stripe }

func (noRefunds) RefundsOf(context.Context, string, string) (stripeapi.RefundPage, error) {
	return stripeapi.RefundPage{}, nil
}

func (noRefunds) Refunds(context.Context, time.Time, time.Time, string) (stripeapi.RefundPage, error) {
	return stripeapi.RefundPage{}, nil
}

// alwaysPaid takes a code that is open for one that is paid.
type alwaysPaid struct{ Stripe }

func (l alwaysPaid) Session(ctx context.Context, id string) (stripeapi.Session, error) {
	s, err := l.Stripe.Session(ctx, id)
	s.Paid = s.Paid || s.Status == stripeapi.SessionOpen
	return s, err
}
