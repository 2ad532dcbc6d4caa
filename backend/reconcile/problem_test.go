package reconcile

import (
	"errors"
	"strings"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// TestWords: what a cashier reads, for each failure.
func TestWords(t *testing.T) {
	for failure, want := range map[stripeapi.Failure]struct {
		code   boxoffice.Code
		detail string
	}{
		stripeapi.Unsent:    {boxoffice.CodeStripeUnreachable, "Stripe cannot be reached."},
		stripeapi.Lost:      {boxoffice.CodeStripeUnreachable, "Stripe cannot be reached."},
		stripeapi.NotStripe: {boxoffice.CodeStripeUnreachable, "Stripe cannot be reached."},
		stripeapi.Broken:    {boxoffice.CodeStripeUnreachable, "Stripe cannot be reached."},
		stripeapi.Busy:      {boxoffice.CodeStripeBusy, "Stripe has more requests than it takes at the moment."},
		stripeapi.Conflict:  {boxoffice.CodeStripeRefused, "Stripe refused: So it said."},
		stripeapi.KeyReused: {boxoffice.CodeStripeRefused, "Stripe refused: So it said."},
		stripeapi.Missing:   {boxoffice.CodeStripeRefused, "Stripe refused: So it said."},
		stripeapi.Refused:   {boxoffice.CodeStripeRefused, "Stripe refused: So it said."},
		stripeapi.BadKey:    {boxoffice.CodeStripeKey, "Stripe does not accept this till's key."},
		stripeapi.Forbidden: {boxoffice.CodeStripePermission, "This till's key is not allowed to do that: So it said."},
	} {
		p := Words(&stripeapi.Error{Failure: failure, Message: "So it said."})
		if p.Code != want.code || p.Detail != want.detail || !strings.HasSuffix(p.Next, ".") {
			t.Errorf("%s: %+v, want %+v", failure, p, want)
		}
	}
}

// TestWhatARefusalMeansForTheMoney is told along with it.
func TestWhatARefusalMeansForTheMoney(t *testing.T) {
	busy := &stripeapi.Error{Failure: stripeapi.Busy}
	if p := problem(busy); p.Detail != "Stripe has more requests than it takes at the moment. No code was made, nobody was charged, and the seats are free again." {
		t.Errorf("a refused sale says %q", p.Detail)
	}
	if p := problem(errors.New("anything")); p.Code != boxoffice.CodeStripeUnreachable {
		t.Errorf("an unknown failure is %+v", p)
	}
	err := Explain(busy)
	if boxoffice.ErrorCode(err) != boxoffice.CodeStripeBusy || !strings.Contains(err.Error(), "Nothing was changed.") || !errors.Is(err, busy) {
		t.Errorf("a refused check says %v", err)
	}
	if other := errors.New("anything"); !errors.Is(Explain(other), other) || boxoffice.ErrorCode(Explain(other)) != boxoffice.CodeInternal {
		t.Error("an error of our own is explained by Stripe")
	}
}

// TestAskingByHand: the errors of Check and Clock are for a person.
func TestAskingByHand(t *testing.T) {
	play(t, func(s *scene) {
		o := s.sold(1)
		if err := s.r.Check(s.Context(), "ord-none"); boxoffice.ErrorCode(err) != boxoffice.CodeUnknownOrder {
			s.Errorf("an unknown order: %v", err)
		}
		s.sim.SetFaults(stripesim.Fault{Kind: stripesim.FaultHTML})
		if err := s.r.Check(s.Context(), o.ID); boxoffice.ErrorCode(err) != boxoffice.CodeStripeUnreachable {
			s.Errorf("behind a portal: %v", err)
		}
		s.stop()
		s.open()
		if _, err := s.r.Clock(s.Context()); boxoffice.ErrorCode(err) != boxoffice.CodeStripeUnreachable {
			s.Errorf("the clock behind a portal: %v", err)
		}
		s.sim.SetFaults()
		if at, err := s.r.Clock(s.Context()); err != nil || time.Until(at).Abs() > time.Second {
			s.Errorf("the clock: %v, %v", at, err)
		}
		unsent := s.placedUnsent()
		if err := s.r.Check(s.Context(), unsent.ID); err != nil {
			s.Errorf("an order without a code yet: %v", err)
		}
	})
}

// TestOverRealSockets: the first sale once more, with the very client, over
// real HTTP: the first answer is lost, the second code is closed.
func TestOverRealSockets(t *testing.T) {
	t.Parallel()
	sim, url := testkit.Stripe(t, stripesim.Options{})
	s := &scene{T: t, sim: sim}
	s.overHTTP(url)
	defer s.r.Close()
	sim.SetFaults(stripesim.Fault{Method: "POST", Path: "/v1/checkout/sessions", Kind: stripesim.FaultDropAfter, Times: 1})
	o := s.sold(2)
	for began := time.Now(); s.session(o.ID) == "" && time.Since(began) < 10*time.Second; {
		time.Sleep(10 * time.Millisecond)
	}
	s.pay(o.ID)
	if err := s.r.Check(t.Context(), o.ID); err != nil {
		t.Fatal(err)
	}
	if got := s.order(o.ID); got.Status() != boxoffice.Paid || len(got.Tickets) != 2 || got.Tenders[0].Card.Last4 != "4242" {
		t.Errorf("the order is %+v", got)
	}
	second := s.sold(1)
	if got, err := s.desk.Cancel(t.Context(), second.ID); err != nil || got.Status() != boxoffice.Canceled {
		t.Errorf("canceled, it is %s: %v", got.Status(), err)
	}
	if n := sim.Requests().Writes; n != 4 {
		t.Errorf("%d writes, want 4: two to make the first code", n)
	}
	testkit.MustVerify(t, s.book)
}
