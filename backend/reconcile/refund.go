package reconcile

import (
	"errors"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// errNotGiven is why a refund that Stripe's list does not have was refused.
var errNotGiven = &stripeapi.Error{Failure: stripeapi.Missing, Message: "Stripe has no such refund of this payment."}

// errTooSmall is why a refund is not sent that is nothing in the buyer's currency.
var errTooSmall = &stripeapi.Error{Failure: stripeapi.Refused, Message: "It is less than the least amount of the currency that the buyer paid in."}

// giveBack sends a refund that somebody asked for. Two refunds of one order are
// told apart by their ids, so an unknown outcome is settled by asking again
// with the same key, and when that is too old by Stripe's list.
func (r *Reconciler) giveBack(i boxoffice.Intent, try int, earlier bool) (fresh bool, err error) {
	if old, err := r.outlived(i, earlier); err != nil {
		return false, err
	} else if old {
		return false, r.searchRefund(i, errNotGiven)
	}
	request, err := r.asPaid(i)
	switch {
	case errors.Is(err, errTooSmall) && earlier:
		return false, r.searchRefund(i, err)
	case err != nil && (earlier || r.life.Err() != nil):
		return !earlier, err
	case err != nil:
		return true, r.refuseRefund(i, err) // nothing was sent
	}
	f, err := r.opt.Stripe.Refund(r.life, i.Key, request)
	r.doubt(i, err)
	if err == nil {
		if f.IntentID == "" {
			f.IntentID = i.Refund.PaymentIntentID
		}
		return false, r.observeRefund(r.life, f)
	}
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if !ok {
		return false, err
	}
	earlier = earlier || failure.Resent
	switch {
	case failure.Failure == stripeapi.Busy && !earlier && try+1 < busyTries:
		return true, err
	case failure.NothingDone(earlier) && !earlier:
		return true, r.refuseRefund(i, err)
	case failure.NothingDone(true), failure.Failure == stripeapi.KeyReused, failure.Failure == stripeapi.Broken && failure.Replayed:
		return false, r.searchRefund(i, err)
	default:
		return false, err
	}
}

// searchRefund finds out from Stripe's list whether the refund was made.
func (r *Reconciler) searchRefund(i boxoffice.Intent, why error) error {
	for after := ""; ; {
		page, err := r.opt.Stripe.RefundsOf(r.life, i.Refund.PaymentIntentID, after)
		if err != nil {
			return err
		}
		for _, f := range page.Refunds {
			if f.Metadata[boxoffice.MetadataRefund] == i.RefundID {
				return r.observeRefund(r.life, f)
			}
			after = f.ID
		}
		if !page.More {
			break
		}
	}
	if r.tooSoon(i) {
		return errTooSoon
	}
	return r.refuseRefund(i, why)
}

// refuseRefund records that Stripe provably made no refund. What made it
// impossible, a refund in the Dashboard, is looked for at once.
func (r *Reconciler) refuseRefund(i boxoffice.Intent, why error) error {
	err := r.answer(i, boxoffice.RefundRefusedFact{
		OfMoney:  boxoffice.OfMoney{OrderID: i.OrderID, DiscrepancyID: i.DiscrepancyID},
		RefundID: i.RefundID, Problem: refundProblem(why),
	})
	if err != nil || !failed(why, stripeapi.Refused) {
		return err
	}
	return r.lookAtRefunds(r.life, i.Refund.PaymentIntentID)
}
