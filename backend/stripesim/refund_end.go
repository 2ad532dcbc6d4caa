package stripesim

import (
	"fmt"
	"net/http"
)

// RefundOptions say how a refund begins.
type RefundOptions struct {
	Status   string            // succeeded, pending or requires_action; "" is as the way of paying has it
	Reason   string            // duplicate, fraudulent, requested_by_customer, or ""
	Metadata map[string]string // nil is none
}

// RefundInDashboard gives money back as the organizer does by hand: no API
// request is behind it. Payment is a charge or a payment intent; amount is in
// minor units, 0 is all that is left. It returns the refund's id.
func (s *Sim) RefundInDashboard(payment string, amount int64, o RefundOptions) (id string, err error) {
	if o.Status != "" && o.Status != succeeded && !undecidedRefund(o.Status) {
		return "", fmt.Errorf("stripesim: a refund begins as succeeded, pending or requires_action, not as %q", o.Status)
	}
	err = s.onPayment(payment, func(t *tx, c *charge) error {
		if err := t.checkNotChargedBack(c); err != nil {
			return err
		}
		if amount < 0 {
			return badRequest("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
		}
		if amount == 0 {
			amount = c.Amount - c.AmountRefunded
		}
		r, err := t.giveBack(c, amount, o)
		if err == nil {
			id = r.ID
		}
		return err
	})
	return id, err
}

// onPayment runs do on a charge that took money, named by its id or its
// payment intent's, whoever's it is, and commits.
func (s *Sim) onPayment(id string, do func(*tx, *charge) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return err
	}
	for _, a := range s.accounts {
		c, ok := a.charges.byID[id]
		if i, paid := a.intents.byID[id]; paid && i.LatestCharge != nil {
			c, ok = a.charges.byID[*i.LatestCharge]
		}
		if !ok {
			continue
		}
		if c.Status != succeeded {
			return fmt.Errorf("stripesim: the charge %s is %s, no money was taken by it", c.ID, c.Status)
		}
		t := s.begin(a)
		if err := do(t, c); err != nil {
			return err
		}
		return t.commit()
	}
	return notFound("charge", id, "charge")
}

func undecidedRefund(status string) bool { return status == pending || status == requiresAction }

// SettleRefund is the bank's word on a refund, which can come weeks later: a
// pending one succeeds, or any fails and its money returns to the balance.
// Whether Stripe takes a failed refund off the charge's amount_refunded is not
// verified; here it does.
func (s *Sim) SettleRefund(id string, ok bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return err
	}
	for _, a := range s.accounts {
		if old, found := a.refunds.byID[id]; found {
			t := s.begin(a)
			if err := t.settleRefund(old, ok); err != nil {
				return err
			}
			return t.commit()
		}
	}
	return notFound("refund", id, "refund")
}

func (t *tx) settleRefund(old *refund, ok bool) error {
	if !undecidedRefund(old.Status) && (ok || old.Status != succeeded) {
		return fmt.Errorf("stripesim: the refund %s is %s already", old.ID, old.Status)
	}
	r := *old
	if r.Status, r.NextAction = succeeded, nil; !ok {
		t.takeBack(&r, failed, "expired_or_canceled_card")
	}
	return t.changed(&r)
}

// takeBack ends a refund without the buyer having the money: it is on the
// balance again, and on the charge.
func (t *tx) takeBack(r *refund, status, reason string) {
	r.Status, r.FailureReason, r.NextAction = status, &reason, nil
	r.FailureBalanceTransaction = &t.bookRefund(r, r.Amount, "refund_failure").ID
	was, _ := t.charge(r.Charge)
	c := *was
	c.AmountRefunded, c.Refunded = c.AmountRefunded-r.Amount, false
	put(&t.wrote.Charges, &c)
}

func (t *tx) changed(r *refund) error {
	put(&t.wrote.Refunds, r)
	if err := t.emit("refund.updated", r); err != nil {
		return err
	}
	return t.emit("charge.refund.updated", r)
}

// cancelRefund takes back a refund that waits for its buyer.
// Source: docs.stripe.com/api/refunds/cancel; the wording is not verified.
func (t *tx) cancelRefund() (any, error) {
	old, err := t.pathRefund()
	if err != nil {
		return nil, err
	}
	if old.Status != requiresAction {
		return nil, badRequest("", "", "You cannot cancel a refund with a status of %s. Only refunds with a status of requires_action can be canceled.", old.Status)
	}
	r := *old
	t.takeBack(&r, canceled, "merchant_request")
	return &r, t.changed(&r)
}

// postSettleRefund is SettleRefund: {"outcome": "succeeded" or "failed"}.
func (s *Sim) postSettleRefund(r *http.Request) (any, error) {
	var body struct{ Outcome string }
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	if body.Outcome != succeeded && body.Outcome != failed {
		return nil, fmt.Errorf("the outcome is succeeded or failed, not %q", body.Outcome)
	}
	return map[string]string{"outcome": body.Outcome}, s.SettleRefund(r.PathValue("id"), body.Outcome == succeeded)
}

// postRefund is RefundInDashboard: {"payment": "pi_… or ch_…", "amount": 0,
// "status": "pending", "reason": ""}; all but the payment have defaults.
func (s *Sim) postRefund(r *http.Request) (any, error) {
	var body struct {
		Payment, Status, Reason string
		Amount                  int64
	}
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	id, err := s.RefundInDashboard(body.Payment, body.Amount, RefundOptions{Status: body.Status, Reason: body.Reason})
	return map[string]string{"id": id}, err
}
