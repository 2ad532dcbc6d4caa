package desk

import (
	"context"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// Cancel asks Stripe to close the order's code, and returns the order as it
// then is: canceled, or paid if the buyer was faster, or still awaiting
// payment while Stripe has not answered. The seats come free only when Stripe
// says that nobody can pay any more. Canceling twice is canceling once.
func (d *Desk) Cancel(ctx context.Context, idOrCode string) (boxoffice.Order, error) {
	var o boxoffice.Order
	stripeNow, err := d.opt.Stripe.Clock(ctx)
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
		if len(intents) == 0 {
			return notCancelable(o)
		}
		return nil
	})
	if err != nil {
		return o, err
	}
	for _, key := range intents {
		d.send(ctx, key)
	}
	return d.Order(o.ID)
}

func notCancelable(o boxoffice.Order) error {
	e := &boxoffice.Error{Code: boxoffice.CodeNotCancelable, Params: map[string]string{"status": string(o.Status())}}
	switch o.Status() {
	case boxoffice.Paid:
		e.Message = "Order " + o.Code + " is paid, so it was not canceled. Its tickets are valid."
		e.Next = "Open the order to see its tickets."
	case boxoffice.AwaitingPayment:
		e.Message = "Order " + o.Code + " cannot be canceled: its code is not open. Either Stripe has yet to answer, or the buyer has finished and the bank decides. The seats stay held."
		e.Next = "Wait for the answer; the order shows it by itself."
	default:
		e.Message = "Order " + o.Code + " is closed already. Nobody was charged, and its seats are free."
		e.Next = "Sell again."
	}
	return e
}
