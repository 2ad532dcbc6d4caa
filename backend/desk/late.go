package desk

import (
	"context"
	"errors"
	"slices"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// RefundLate gives back what is left of money without a place. The same
// decision with the same key gives it back once. When Stripe refused, the error
// says why, and the money waits again.
//
// Money of a refund that came back is its order's: the new refund is the
// order's too.
func (d *Desk) RefundLate(ctx context.Context, id string, c Decision) (boxoffice.Discrepancy, error) {
	c, err := c.check()
	if err != nil {
		return boxoffice.Discrepancy{}, err
	}
	found, refund, asked, err := d.lateRefund(id, c)
	if err != nil {
		return found, err
	}
	if !asked {
		if err := d.askLateRefund(ctx, id, c); err != nil {
			return found, err
		}
		if found, refund, _, err = d.lateRefund(id, c); err != nil {
			return found, err
		}
	}
	if refund.By != c.By || refund.Note != c.Note {
		return found, otherDecision()
	}
	if refund.Status == boxoffice.RefundAsked {
		d.send(ctx, ledger.RefundKey(refund.ID))
		if found, refund, _, err = d.lateRefund(id, c); err != nil {
			return found, err
		}
	}
	return found, whyNone(refund)
}

// lateRefund is the refund that the key made of the money, if it did.
func (d *Desk) lateRefund(id string, c Decision) (found boxoffice.Discrepancy, r boxoffice.Refund, asked bool, err error) {
	err = d.opt.Book.View(func(tx *ledger.Tx) error {
		if found, err = findLate(tx, id); err != nil {
			return err
		}
		returns := found.Returns
		if found.Reason == boxoffice.RefundCame {
			o, _, err := tx.Order(found.OrderID)
			if err != nil {
				return err
			}
			returns = o.Returns
		}
		r, asked = returns.RefundByID(c.refundID(id))
		return nil
	})
	return found, r, asked, err
}

func (d *Desk) askLateRefund(ctx context.Context, id string, c Decision) error {
	stripeNow, err := d.clock(ctx)
	if err != nil {
		return err
	}
	return d.opt.Book.Update(func(tx *ledger.Tx) error {
		found, err := findLate(tx, id)
		if err != nil {
			return err
		}
		of, returns := boxoffice.OfMoney{DiscrepancyID: found.ID}, found.Returns
		refund := boxoffice.Refund{
			ID: c.refundID(id), PaymentIntentID: found.PaymentIntentID, ChargeID: found.ChargeID,
			Amount: money.New(found.Left(), found.Amount.Currency), By: c.By, Note: c.Note,
		}
		o, known, err := tx.Order(found.OrderID)
		if err != nil {
			return err
		}
		if found.Reason == boxoffice.RefundCame && known {
			t, _ := paidTender(o)
			of, returns = boxoffice.OfMoney{OrderID: o.ID}, o.Returns
			refund.PaymentIntentID, refund.ChargeID = t.PaymentIntentID, t.ChargeID
			if refund.Amount.Minor, err = LateLeft(tx, found); err != nil {
				return err
			}
		}
		if _, asked := returns.RefundByID(refund.ID); asked {
			return nil
		}
		if err := possible(tx, found, boxoffice.ActRefund); err != nil {
			return err
		}
		if refund.Amount.Minor <= 0 {
			return nothingLeft()
		}
		if err := c.sees(refund.Amount.Minor, refund.Amount.Currency); err != nil {
			return err
		}
		f := boxoffice.DiscrepancyResolvedFact{
			DiscrepancyID: id, OrderID: found.OrderID,
			Resolution: boxoffice.Resolution{Action: boxoffice.ActRefund, By: c.By, Note: c.Note, RefundID: refund.ID},
		}
		if _, err := tx.Append(f); err != nil {
			return err
		}
		return d.appendRefund(tx, of, refund, "", metadata(found.OrderID, o.Code), stripeNow)
	})
}

// LateLeft is what of the money can still go back or stay, in minor units. That
// of a refund which came back is its order's, and may have gone back since.
func LateLeft(tx *ledger.Tx, d boxoffice.Discrepancy) (int64, error) {
	o, known, err := tx.Order(d.OrderID)
	if err != nil || !known || d.Reason != boxoffice.RefundCame {
		return d.Left(), err
	}
	return leftOf(tx, o, d), nil
}

// leftOf is what can still be given back of a refund of the order that came back,
// in minor units: less what went back since, unless for other tickets or for
// another refund that came back. What went back before may have been in its place
// too, as long as nobody had said what it was for, or where it was as much and for
// no ticket.
func leftOf(tx *ledger.Tx, o boxoffice.Order, d boxoffice.Discrepancy) int64 {
	left, came := d.Left(), slices.IndexFunc(o.Refunds, func(r boxoffice.Refund) bool { return r.ID == d.RefundID })
	for _, r := range o.Refunds[came+1:] {
		others := len(r.TicketIDs) > 0 && !slices.ContainsFunc(r.TicketIDs, func(id string) bool { return slices.Contains(o.Refunds[max(came, 0)].TicketIDs, id) })
		if of := tx.GivesBack(r.ID); of != "" {
			others = of != d.ID
		}
		if slices.Contains(d.Besides, r.ID) {
			others = others || len(r.TicketIDs) > 0 || r.Amount.Minor < d.Amount.Minor
		}
		if r.Status.Gone() && !others {
			left -= r.Amount.Minor
		}
	}
	return max(0, min(left, Refundable(o)))
}

// awaitsStripe reports whether what is left of the money depends on a refund that
// Stripe has not answered yet. Nobody can decide about it: once decided, it would
// wait for nobody if Stripe then refused.
func awaitsStripe(tx *ledger.Tx, d boxoffice.Discrepancy) (bool, error) {
	o, known, err := tx.Order(d.OrderID)
	if err != nil || !d.Waiting() {
		return false, err
	}
	if !known || d.Reason != boxoffice.RefundCame {
		return slices.ContainsFunc(d.Refunds, isAsked), nil
	}
	refused := o
	refused.Refunds = slices.DeleteFunc(slices.Clone(o.Refunds), isAsked)
	return leftOf(tx, refused, d) != leftOf(tx, o, d), nil
}

func isAsked(r boxoffice.Refund) bool { return r.Status == boxoffice.RefundAsked }

// KeepLate keeps money without a place: as a donation, or as settled in another
// way. Where nothing is left, that is all that is noted. Keeping it twice is
// keeping it once.
func (d *Desk) KeepLate(id string, c Decision) (found boxoffice.Discrepancy, err error) {
	if c, err = c.check(); err != nil {
		return found, err
	}
	err = d.opt.Book.Update(func(tx *ledger.Tx) error {
		if found, err = findLate(tx, id); err != nil {
			return err
		}
		if r := found.Resolution; r != nil && r.Action == boxoffice.ActKeep && r.By == c.By && r.Note == c.Note {
			return nil
		}
		if err := possible(tx, found, boxoffice.ActKeep); err != nil {
			return err
		}
		left, err := LateLeft(tx, found)
		if err != nil {
			return err
		}
		if err := c.sees(left, found.Amount.Currency); err != nil {
			return err
		}
		f := boxoffice.DiscrepancyResolvedFact{
			DiscrepancyID: id, OrderID: found.OrderID, Resolution: boxoffice.Resolution{Action: boxoffice.ActKeep, By: c.By, Note: c.Note, Left: &left},
		}
		if _, err := tx.Append(f); err != nil {
			return err
		}
		found, err = findLate(tx, id)
		return err
	})
	return found, err
}

func findLate(tx *ledger.Tx, id string) (boxoffice.Discrepancy, error) {
	d, ok, err := tx.Discrepancy(id)
	if err == nil && !ok {
		err = boxoffice.ErrUnknownDiscrepancy()
	}
	return d, err
}

// LateActions are what can be done about the money now. Money that an order was
// paid with after it had been found, as books of old have it, can be noted as
// settled and nothing else; a refund that came back is not made again once its
// order's money went back in another way; and what Stripe may be giving back just
// now waits for what Stripe says.
func LateActions(tx *ledger.Tx, d boxoffice.Discrepancy) ([]boxoffice.LateAction, error) {
	has, err := owner(tx, d)
	left, problem := LateLeft(tx, d)
	again := d.Reason != boxoffice.RefundCame || left > 0
	waits, unread := awaitsStripe(tx, d)
	return slices.DeleteFunc(d.Actions(), func(a boxoffice.LateAction) bool {
		return waits || has != "" && a != boxoffice.ActKeep || !again && a == boxoffice.ActRefund
	}), errors.Join(err, problem, unread)
}

// owner is the code of the order that was paid with the money, "" for none.
func owner(tx *ledger.Tx, d boxoffice.Discrepancy) (string, error) {
	if d.Reason == boxoffice.RefundCame { // which is its order's all along
		return "", nil
	}
	o, ok, err := tx.OrderBySession(d.SessionID)
	if t, _ := o.TenderBySession(d.SessionID); err != nil || !ok || t.State != boxoffice.TenderPaid {
		return "", err
	}
	return o.Code, nil
}

// possible says why the action cannot be taken, where it cannot.
func possible(tx *ledger.Tx, d boxoffice.Discrepancy, act boxoffice.LateAction) error {
	can, err := LateActions(tx, d)
	if err != nil {
		return err
	}
	code, err := owner(tx, d)
	if err != nil {
		return err
	}
	waits, err := awaitsStripe(tx, d)
	if err != nil {
		return err
	}
	switch r := d.Resolution; {
	case waits:
		return &boxoffice.Error{
			Code:    boxoffice.CodeNotPossible,
			Message: "Another refund of this money was asked for, and Stripe has not answered yet, so that nobody knows what is left. No more money was moved.",
			Next:    "Wait for Stripe's answer, and look at the late-money desk again.",
			Params:  map[string]string{"reason": string(d.Reason), "action": string(act)},
		}
	case slices.Contains(can, act), act == boxoffice.ActRefund && d.Reason == boxoffice.RefundCame && d.Waiting():
		return nil // the order says whether anything is left of a refund that came back
	case r != nil:
		return &boxoffice.Error{
			Code:    boxoffice.CodeAlreadyResolved,
			Message: r.By + " has dealt with this money before. Nothing more was done with it.",
			Next:    "Reload the late-money desk to see what was decided.",
			Params:  map[string]string{"by": r.By, "action": string(r.Action)},
		}
	case code != "":
		return &boxoffice.Error{
			Code:    boxoffice.CodeAlreadyResolved,
			Message: "Order " + code + " was paid with this money, and has its tickets. Nothing more was done with it.",
			Next:    "Look at the order; here, keep the money as settled.",
			Params:  map[string]string{"order": code},
		}
	case d.Reason != boxoffice.Elsewhere && !d.Waiting():
		return nothingLeft()
	default:
		return &boxoffice.Error{
			Code:    boxoffice.CodeNotPossible,
			Message: "This cannot be done with money of this sort. It is where it was.",
			Next:    "Choose among what the late-money desk offers for it.",
			Params:  map[string]string{"reason": string(d.Reason), "action": string(act)},
		}
	}
}

func nothingLeft() error {
	return &boxoffice.Error{
		Code:    boxoffice.CodeNotRefundable,
		Message: "Nothing of this money is left here: it went back before, or the buyer's bank holds it. No more was moved.",
		Next:    "Reload the late-money desk to see its refunds and disputes.",
	}
}
