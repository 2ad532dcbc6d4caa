package reconcile

import (
	"errors"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
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

// asPaid is the request in the currency that the buyer paid in, which is the
// only one that Stripe gives back. The parts of a payment are rounded so that
// together they are never more than the whole, in steps that Stripe takes
// (docs.stripe.com/currencies#three-decimal).
func (r *Reconciler) asPaid(i boxoffice.Intent) (boxoffice.RefundRequest, error) {
	request := *i.Refund
	paid, err := r.opt.Stripe.Payment(r.life, request.PaymentIntentID)
	if err != nil || paid.Amount.Currency == request.Amount.Currency || request.Amount.Zero() {
		return request, err
	}
	var sold money.Amount
	var before int64
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		m, known, err := tx.MoneyByIntent(request.PaymentIntentID)
		if err == nil && known {
			sold, before = m.Amount(), goneBefore(m.Returns(), i.RefundID)
		}
		return err
	})
	if err != nil || sold.Minor == 0 {
		return request, err
	}
	step := paid.Amount.Currency.Step()
	upTo := func(minor int64) int64 { return share(paid.Amount, minor, sold.Minor).Minor / step * step }
	request.Amount = money.New(upTo(before+request.Amount.Minor)-upTo(before), paid.Amount.Currency)
	if request.Amount.Minor < 1 { // which Stripe would take for all that is left
		return request, errTooSmall
	}
	return request, nil
}

// goneBefore is how much goes back ahead of a refund, in minor units: by those
// that were asked for earlier, answered or not, and by other programs. Those that
// were asked for later reckon with this one.
func goneBefore(returns boxoffice.Returns, refundID string) (sum int64) {
	earlier := true
	for _, f := range returns.Refunds {
		switch {
		case f.ID == refundID:
			earlier = false
		case f.Status.Gone() && (earlier || f.External):
			sum += f.Amount.Minor
		}
	}
	return sum
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
