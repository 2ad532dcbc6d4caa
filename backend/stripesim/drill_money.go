package stripesim

import (
	"cmp"
	"time"

	"willcall/backend/money"
)

func chargesOf(a *account) *table[*charge] { return &a.charges }

// refundByHand gives the newest payment back in the Dashboard: what is left of
// it, or half of that.
func refundByHand(half bool) func(*Sim, DrillOptions) (string, error) {
	return func(s *Sim, o DrillOptions) (string, error) {
		amount := func(c *charge) int64 {
			rest, step := c.Amount-c.AmountRefunded, money.Currency(c.Currency).Step()
			if half {
				return rest / 2 / step * step
			}
			return rest
		}
		c, ok, err := pick(s, o.Object, chargesOf, func(t *tx, c *charge) bool {
			return c.Status == succeeded && amount(c) > 0 && t.checkNotChargedBack(c) == nil
		})
		if err != nil {
			return "", err
		}
		if !ok {
			return "", &Unsuitable{"There is no payment to give back."}
		}
		return s.RefundInDashboard(c.ID, amount(c), RefundOptions{Reason: "requested_by_customer"})
	}
}

// armRefundedFirst has another till ready that gives the newest payment back in
// the moment in which this one does; see refundFirst.
func armRefundedFirst(s *Sim, o DrillOptions) (string, error) {
	return pickOr("There is no payment to give back.", s, o.Object, chargesOf, (*tx).canGiveBack)
}

func (t *tx) canGiveBack(c *charge) bool {
	return c.Status == succeeded && c.AmountRefunded < c.Amount && t.checkNotChargedBack(c) == nil
}

// isRefundable tells whether some of a payment can still be given back. The
// caller holds mu.
func (s *Sim) isRefundable(charge string) bool {
	for _, a := range s.accounts {
		if c, ok := a.charges.byID[charge]; ok {
			return s.begin(a).canGiveBack(c)
		}
	}
	return false
}

// refundFirst lets the other till give the same amount of an armed payment
// back before the request does anything, as far as there is that much.
func (t *tx) refundFirst(c *charge, amount int64) (now *charge, beaten bool, err error) {
	d := t.sim.drills[refundedFirst]
	if d == nil || d.object != c.ID || amount > c.Amount-c.AmountRefunded {
		return c, false, nil
	}
	delete(t.sim.drills, refundedFirst)
	request := t.request
	t.request = eventRequest{}
	_, err = t.giveBack(c, amount, RefundOptions{})
	t.request = request
	now, _ = t.charge(c.ID)
	return now, true, err
}

// failRefund is the bank that could not give the newest refund to its buyer.
func failRefund(s *Sim, o DrillOptions) (string, error) {
	id, err := pickOr("There is no refund that could fail.", s, o.Object, func(a *account) *table[*refund] { return &a.refunds }, func(_ *tx, r *refund) bool {
		return r.Status == succeeded || undecidedRefund(r.Status)
	})
	if err != nil {
		return "", err
	}
	return id, s.SettleRefund(id, false)
}

// openDispute is the newest payment disputed at the buyer's bank.
func openDispute(s *Sim, o DrillOptions) (string, error) {
	id, err := pickOr("There is no payment to dispute.", s, o.Object, chargesOf, func(t *tx, c *charge) bool {
		_, before := t.lastDispute(c.ID)
		return c.Status == succeeded && !before && c.AmountRefunded < c.Amount
	})
	if err != nil {
		return "", err
	}
	return s.Dispute(id, DisputeOptions{})
}

// closeDispute is the decision on the newest dispute that is open.
func closeDispute(ok bool) func(*Sim, DrillOptions) (string, error) {
	return func(s *Sim, o DrillOptions) (string, error) {
		id, err := pickOr("There is no open dispute.", s, o.Object, func(a *account) *table[*dispute] { return &a.disputes }, func(_ *tx, d *dispute) bool {
			return !d.closed() && !d.inquiry()
		})
		if err != nil {
			return "", err
		}
		return id, s.CloseDispute(id, ok)
	}
}

// salesADay is what a poster sells while nobody asks.
const salesADay = 4

// beAway moves the clock on by days, while the newest poster sells. It is one
// step: nobody who asks meanwhile sees a part of it.
func beAway(usual int) func(*Sim, DrillOptions) (string, error) {
	return func(s *Sim, o DrillOptions) (string, error) {
		id, err := pickOr(noPoster, s, o.Object, linksOf, (*tx).sells)
		if err != nil {
			return "", err
		}
		days := cmp.Or(o.Days, usual)
		sales := cmp.Or(o.Count, days*salesADay)
		s.mu.Lock()
		defer s.mu.Unlock()
		step := time.Duration(days) * 24 * time.Hour / time.Duration(sales+1)
		for n := range sales + 1 {
			skew := int64(s.skew + step)
			if err := s.commit(&change{Account: s.main, Skew: &skew}); err != nil {
				return "", err
			}
			if err := s.expireDue(); err != nil {
				return "", err
			}
			if n == sales {
				break // the last stretch is quiet, so that the sales lie in between
			}
			if err := s.sellOne(id); err != nil {
				return "", err
			}
		}
		return id, nil
	}
}

// sellOne is a visit to a link and its payment. A link that has had all its
// sales sells no more, and that is no error. The caller holds mu.
func (s *Sim) sellOne(link string) error {
	for _, a := range s.accounts {
		l, ok := a.links.byID[link]
		t := s.begin(a)
		if !ok || !t.sells(l) {
			continue
		}
		x, err := t.visit(l, Visitor{})
		if err != nil {
			return err
		}
		if err := t.mustPay(x); err != nil {
			return err
		}
		return t.commit()
	}
	return nil
}
