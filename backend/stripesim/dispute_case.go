package stripesim

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"willcall/backend/money"
)

// disputeFee is what Stripe takes for a dispute, in minor units of the
// account's currency: 15.00 in most countries (stripe.com/pricing), booked in
// one transaction with the amount (support.stripe.com/questions/dispute-fees-faq).
// Since June 2025 a won dispute no longer brings it back; until then it did, by
// a negative fee: Assumptions.WonReturnsFee.
const disputeFee = 1500

// answerWithin is how long a merchant has to send evidence.
// Source: docs.stripe.com/disputes/responding, 7 to 21 days.
const answerWithin = 14 * day

// DisputeOptions say what a buyer claims of their bank.
type DisputeOptions struct {
	Amount  int64  // minor units of the charge's currency; 0 is all that has not been refunded
	Reason  string // Stripe's: "fraudulent", "product_not_received", …; "" is fraudulent
	Inquiry bool   // the bank asks first, and takes no money
}

func disputeReasons() []string {
	return []string{
		"bank_cannot_process", "check_returned", "credit_not_processed", "customer_initiated", "debit_not_authorized", "duplicate", "fraudulent", "general",
		"incorrect_account_details", "insufficient_funds", "product_not_received", "product_unacceptable", "subscription_canceled", "unrecognized",
	}
}

// Dispute opens a dispute of a payment, named by its charge or its payment
// intent, and returns its id. Where an inquiry is open, the bank goes on from
// there: the same dispute now takes the money.
func (s *Sim) Dispute(payment string, o DisputeOptions) (id string, err error) {
	o.Reason = cmp.Or(o.Reason, "fraudulent")
	if !slices.Contains(disputeReasons(), o.Reason) {
		return "", fmt.Errorf("stripesim: a dispute has no reason %q", o.Reason)
	}
	err = s.onPayment(payment, func(t *tx, c *charge) error {
		d, err := t.openDispute(c, o)
		if err == nil {
			id = d.ID
		}
		return err
	})
	return id, err
}

// UpdateDispute is the bank looking at what was sent: the dispute is under
// review.
func (s *Sim) UpdateDispute(id string) error {
	return s.onDispute(id, func(t *tx, old *dispute) error {
		d := *old
		d.review()
		put(&t.wrote.Disputes, &d)
		return t.emit("charge.dispute.updated", &d)
	})
}

// CloseDispute is the bank's decision. A won dispute brings its money back; an
// inquiry can only come to nothing (ok), or be gone on with by Dispute.
func (s *Sim) CloseDispute(id string, ok bool) error {
	return s.onDispute(id, func(t *tx, d *dispute) error {
		status := map[bool]string{true: won, false: lost}[ok]
		if d.inquiry() {
			if !ok {
				return fmt.Errorf("stripesim: the inquiry %s has taken no money and cannot be lost; open a dispute of the charge to go on with it", d.ID)
			}
			status = warningClosed
		}
		_, err := t.endDispute(d, status)
		return err
	})
}

// onDispute runs do on a dispute that is open, whoever's it is, and commits.
func (s *Sim) onDispute(id string, do func(*tx, *dispute) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return err
	}
	for _, a := range s.accounts {
		if d, ok := a.disputes.byID[id]; ok {
			if d.closed() {
				return fmt.Errorf("stripesim: the dispute %s is %s already", id, d.Status)
			}
			t := s.begin(a)
			if err := do(t, d); err != nil {
				return err
			}
			return t.commit()
		}
	}
	return notFound("dispute", id, "dispute")
}

// lastDispute is the newest dispute of a charge.
func (t *tx) lastDispute(charge string) (last *dispute, ok bool) {
	for _, id := range t.acct.disputes.order {
		if d := t.acct.disputes.byID[id]; d.Charge == charge {
			last, ok = d, true
		}
	}
	return last, ok
}

// checkNotChargedBack refuses to give back what the bank has taken already. An
// inquiry takes nothing, and a won dispute has brought it back.
// Source: docs.stripe.com/api/disputes/object, is_charge_refundable.
func (t *tx) checkNotChargedBack(c *charge) error {
	if d, ok := t.lastDispute(c.ID); ok && !d.inquiry() && d.Status != won {
		return badRequest("charge_disputed", "charge", "Charge %s has been charged back; cannot issue a refund.", c.ID)
	}
	return nil
}

func (t *tx) openDispute(c *charge, o DisputeOptions) (*dispute, error) {
	rest := c.Amount - c.AmountRefunded
	old, again := t.lastDispute(c.ID)
	amount := cmp.Or(o.Amount, rest)
	goesOn := again && old.inquiry() && !old.closed()
	switch {
	case goesOn && o.Inquiry:
		return nil, fmt.Errorf("stripesim: the inquiry %s of the charge %s is open already", old.ID, c.ID)
	case again && !goesOn && old.Status != warningClosed:
		return nil, fmt.Errorf("stripesim: the charge %s has been disputed already (%s, %s)", c.ID, old.ID, old.Status)
	case rest == 0:
		return nil, fmt.Errorf("stripesim: the charge %s is refunded; a buyer who has the money back cannot dispute it", c.ID)
	case amount < 0 || amount > rest || amount%money.Currency(c.Currency).Step() != 0:
		return nil, fmt.Errorf("stripesim: %s of the charge %s cannot be disputed; %s are not refunded", display(amount, c.Currency), c.ID, display(rest, c.Currency))
	}
	d := &dispute{}
	if goesOn {
		*d = *old
		d.Amount, d.Reason = amount, o.Reason
	} else {
		d.paymentDispute = t.newDispute(c, amount, o)
	}
	d.EvidenceDetails.DueBy = t.now + answerWithin
	if d.Status = needsResponse; o.Inquiry {
		d.Status = warning + needsResponse
	} else {
		t.withdraw(d)
	}
	disputed := *c
	disputed.Disputed = true
	put(&t.wrote.Charges, &disputed)
	put(&t.wrote.Disputes, d)
	first := "charge.dispute.created"
	if goesOn {
		first = "charge.dispute.updated"
	}
	if err := t.emit(first, d); err != nil || o.Inquiry {
		return d, err
	}
	return d, t.emit("charge.dispute.funds_withdrawn", d)
}

func (t *tx) newDispute(c *charge, amount int64, o DisputeOptions) paymentDispute {
	d := paymentDispute{
		ID: newID("du_1", 23), Object: "dispute", Amount: amount, Charge: c.ID, Created: t.now, Currency: c.Currency, Evidence: noEvidence(),
		Metadata: map[string]string{}, PaymentIntent: c.PaymentIntent, Reason: o.Reason,
	}
	d.Evidence["customer_email_address"], d.Evidence["customer_name"] = c.BillingDetails.Email, c.BillingDetails.Name
	if m := c.PaymentMethodDetails; m.Type == card && m.Card != nil {
		d.PaymentMethodDetails = &disputedMethod{Type: card, Card: disputedCard{Brand: m.Card.Brand}}
	}
	return d
}

// withdraw takes the disputed amount, and the fee.
func (t *tx) withdraw(d *dispute) {
	_, currency, _ := t.acct.settlement(d.Amount, d.Currency)
	b := t.book("adjustment", "dispute", d.ID, -d.Amount, d.Currency, t.now, disputeFeeOf(disputeFee, currency))
	b.Description = new("Chargeback withdrawal for " + d.Charge)
	d.Moves = append(slices.Clone(d.Moves), b.ID)
}

// reinstate gives a won dispute's amount back: what was taken, to the cent.
func (t *tx) reinstate(d *dispute) {
	taken, _ := t.transaction(d.Moves[len(d.Moves)-1])
	var fees []fee
	if t.sim.assumed.WonReturnsFee {
		fees = append(fees, disputeFeeOf(-disputeFee, taken.Currency))
	}
	b := t.book("adjustment", "dispute_reversal", d.ID, -taken.Amount, taken.Currency, t.now, fees...)
	b.ExchangeRate, b.Description = taken.ExchangeRate, new("Chargeback reversal for "+d.Charge)
	d.Moves = append(slices.Clone(d.Moves), b.ID)
}

func disputeFeeOf(amount int64, currency string) fee {
	return fee{Amount: amount, Currency: currency, Description: "Dispute fee", Type: "stripe_fee"}
}

// endDispute is the last word on a dispute.
func (t *tx) endDispute(old *dispute, status string) (*dispute, error) {
	d := *old
	d.Status = status
	if status == won {
		t.reinstate(&d)
	}
	put(&t.wrote.Disputes, &d)
	if status == won {
		if err := t.emit("charge.dispute.funds_reinstated", &d); err != nil {
			return nil, err
		}
	}
	return &d, t.emit("charge.dispute.closed", &d)
}

// postDispute is Dispute: {"payment": "pi_… or ch_…", "amount": 0, "reason":
// "fraudulent", "inquiry": false}; all but the payment have defaults.
func (s *Sim) postDispute(r *http.Request) (any, error) {
	var body struct {
		Payment, Reason string
		Amount          int64
		Inquiry         bool
	}
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	id, err := s.Dispute(body.Payment, DisputeOptions{Amount: body.Amount, Reason: body.Reason, Inquiry: body.Inquiry})
	return map[string]string{"id": id}, err
}

// postCloseDispute is CloseDispute: {"won": true}.
func (s *Sim) postCloseDispute(r *http.Request) (any, error) {
	var body struct{ Won bool }
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	return body, s.CloseDispute(r.PathValue("id"), body.Won)
}

func (s *Sim) postReviewDispute(r *http.Request) (any, error) {
	return map[string]string{"id": r.PathValue("id")}, s.UpdateDispute(r.PathValue("id"))
}
