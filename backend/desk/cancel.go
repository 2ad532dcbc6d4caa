package desk

import (
	"context"
	"slices"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// Cancel asks Stripe to close the order's code, and returns the order as it
// then is: canceled, or paid if the buyer was faster, or still awaiting
// payment while Stripe has not answered. The seats come free only when Stripe
// says that nobody can pay any more. Canceling twice is canceling once.
func (d *Desk) Cancel(ctx context.Context, idOrCode string) (boxoffice.Order, error) {
	var o boxoffice.Order
	stripeNow, err := d.clock(ctx)
	if err != nil {
		return o, err
	}
	var intents []string
	err = d.opt.Book.Update(func(tx *ledger.Tx) error {
		intents = nil
		if o, err = find(tx, idOrCode); err != nil {
			return err
		}
		if o.Status() == boxoffice.Canceled {
			return nil
		}
		for _, t := range o.Tenders {
			if t.State != boxoffice.TenderOpen {
				continue
			}
			i := boxoffice.Intent{Key: ledger.ExpireKey(t.ID), OrderID: o.ID, TenderID: t.ID, RecordedAt: stripeNow, Expire: t.SessionID}
			intents = append(intents, i.Key)
			if t.CancelAsked {
				continue
			}
			f := boxoffice.CancelAskedFact{OfTender: boxoffice.OfTender{OrderID: o.ID, TenderID: t.ID}, Intent: i}
			if _, err := tx.Append(f); err != nil {
				return err
			}
		}
		if len(intents) > 0 {
			return nil
		}
		about, err := tx.OrderEntries(o.ID)
		if err != nil {
			return err
		}
		return notCancelable(o, slices.ContainsFunc(about, func(e ledger.Entry) bool { return e.Kind == boxoffice.KindDiscrepancy }))
	})
	if err != nil {
		return o, err
	}
	for _, key := range intents {
		d.send(ctx, key)
	}
	return d.Order(o.ID)
}

// notCancelable says why nothing is canceled. Money that came and did not fit the
// order is not the order's, but somebody was charged.
func notCancelable(o boxoffice.Order, came bool) error {
	e := &boxoffice.Error{Code: boxoffice.CodeNotCancelable, Params: map[string]string{"status": string(o.Status())}}
	switch status := o.Status(); {
	case status == boxoffice.Paid:
		e.Message = "Order " + o.Code + " is paid, so it was not canceled. Its tickets are valid."
		e.Next = "Open the order to see its tickets."
	case status == boxoffice.Refunded:
		e.Message = "Order " + o.Code + " was paid, and all of its money goes back or has gone back. It is over already, and no more was moved."
		e.Next = "Open the order to see its refunds."
	case status == boxoffice.AwaitingPayment:
		e.Message = "Order " + o.Code + " cannot be canceled: its code is not open. Either Stripe has yet to answer, or the buyer has finished and the bank decides. The seats stay held."
		e.Next = "Wait for the answer; the order shows it by itself."
	case came:
		e.Message = "Order " + o.Code + " is closed already, and its seats are free. Money that came for it all the same did not fit; it is with the late money. Nothing was changed."
		e.Next = "Look at the late-money desk for what became of it."
	default:
		e.Message = "Order " + o.Code + " is closed already. Nobody was charged, and its seats are free."
		e.Next = "Sell again."
	}
	return e
}
