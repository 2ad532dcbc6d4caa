package reconcile

import (
	"context"
	"math/big"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// A buyer may have paid in a currency of their own, by Stripe's conversion
// (docs.stripe.com/payments/checkout/adaptive-pricing). Stripe tells what went
// back of that in the buyer's currency; the book has it in that of the sale.

// conversion is what a payment was sold for, and what the buyer paid.
type conversion struct{ sold, paid money.Amount }

// asSold is what an amount of the buyer's currency is in the sale's.
func (c conversion) asSold(a money.Amount) money.Amount {
	if c.paid.Minor == 0 || a.Currency == c.sold.Currency {
		return a
	}
	return share(c.sold, a.Minor, c.paid.Minor)
}

// conversionOf is how the payment was converted, of which an amount is told in
// a currency; the zero value where there is nothing to convert.
func (r *Reconciler) conversionOf(ctx context.Context, intentID string, told money.Currency) (c conversion, err error) {
	if err := r.known(ctx, intentID); err != nil {
		return c, err
	}
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		m, known, err := tx.MoneyByIntent(intentID)
		if err == nil && known {
			c.sold = m.Amount()
		}
		return err
	})
	if err != nil || c.sold.Currency == "" || c.sold.Currency == told {
		return conversion{}, err
	}
	s, err := r.opt.Stripe.Payment(ctx, intentID)
	c.paid = s.Amount
	return c, err
}

// part is a refund of a payment, beside what else went back of it.
type part struct {
	conversion
	of     stripeapi.Refund
	others []stripeapi.Refund // those that are the buyer's, or on the way; only of a payment that was converted
}

// partOf is the refund as a part of its payment.
func (r *Reconciler) partOf(ctx context.Context, f stripeapi.Refund) (p part, err error) {
	p.of = f
	if p.conversion, err = r.conversionOf(ctx, f.IntentID, f.Amount.Currency); err != nil || f.Amount.Minor >= p.paid.Minor {
		return p, err
	}
	return p, r.eachRefund(ctx, f.IntentID, func(other stripeapi.Refund) error {
		if other.ID != f.ID && refundStatus(other).Gone() {
			p.others = append(p.others, other)
		}
		return nil
	})
}

// sold is the refund in the currency of the sale. Whatever the parts are rounded
// to, the one with which everything is back makes them the whole: only then are
// all tickets void.
func (p part) sold(returns boxoffice.Returns) stripeapi.Refund {
	f := p.of
	f.Amount = p.asSold(p.of.Amount)
	if !refundStatus(f).Gone() {
		return f
	}
	rest, left := p.paid.Minor-p.of.Amount.Minor, p.conversion.sold.Minor
	for _, other := range p.others {
		has, known := returns.RefundByID(other.ID)
		if !known {
			return f // it comes after this one
		}
		rest, left = rest-other.Amount.Minor, left-has.Amount.Minor
	}
	if len(p.others) > 0 && rest == 0 {
		f.Amount.Minor = left
	}
	return f
}

// share is part/whole of an amount, to the nearest minor unit.
func share(of money.Amount, part, whole int64) money.Amount {
	n := new(big.Int).Mul(big.NewInt(of.Minor), big.NewInt(2*part))
	n.Add(n, big.NewInt(whole)).Div(n, big.NewInt(2*whole))
	return money.New(n.Int64(), of.Currency)
}

// asPaid is the request in the currency that the buyer paid in, which is the
// only one that Stripe gives back. The parts of a payment are rounded, in steps
// that Stripe takes (docs.stripe.com/currencies#three-decimal); none is more than
// Stripe has left, and the last is all of that.
func (r *Reconciler) asPaid(i boxoffice.Intent) (boxoffice.RefundRequest, error) {
	request := *i.Refund
	paid, err := r.opt.Stripe.Payment(r.life, request.PaymentIntentID)
	if err != nil || paid.Amount.Currency == request.Amount.Currency || request.Amount.Zero() {
		return request, err
	}
	var sold money.Amount
	var returns boxoffice.Returns
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		m, known, err := tx.MoneyByIntent(request.PaymentIntentID)
		if err == nil && known {
			sold, returns = m.Amount(), m.Returns()
		}
		return err
	})
	if err != nil || sold.Minor == 0 {
		return request, err
	}
	left, err := r.leftAtStripe(i, paid.Amount.Minor)
	if err != nil {
		return request, err
	}
	before, others, told := beside(returns, i.RefundID)
	step := paid.Amount.Currency.Step()
	upTo := func(minor int64) int64 { return share(paid.Amount, minor, sold.Minor).Minor / step * step }
	minor := upTo(before+request.Amount.Minor) - upTo(before)
	if last := told && others+request.Amount.Minor == sold.Minor; left > 0 && (last || minor > left) {
		minor = left / step * step
	}
	if request.Amount = money.New(minor, paid.Amount.Currency); minor < 1 { // which Stripe would take for all that is left
		return request, errTooSmall
	}
	return request, nil
}

// leftAtStripe is how much of what was paid can still go back, beside the refund
// that the intent is for, in minor units.
func (r *Reconciler) leftAtStripe(i boxoffice.Intent, paid int64) (left int64, err error) {
	left = paid
	err = r.eachRefund(r.life, i.Refund.PaymentIntentID, func(f stripeapi.Refund) error {
		if refundStatus(f).Gone() && f.Metadata[boxoffice.MetadataRefund] != i.RefundID {
			left -= f.Amount.Minor
		}
		return nil
	})
	return left, err
}

// beside is what the book has of the payment's other refunds, in minor units:
// those that go ahead of this one, which were asked for earlier, answered or not,
// or made by other programs; and all of them. Those that were asked for later
// reckon with this one. told says that none waits for Stripe's answer.
func beside(returns boxoffice.Returns, refundID string) (before, all int64, told bool) {
	earlier, told := true, true
	for _, f := range returns.Refunds {
		switch {
		case f.ID == refundID:
			earlier = false
		case f.Status.Gone():
			all += f.Amount.Minor
			if earlier || f.External {
				before += f.Amount.Minor
			}
			told = told && f.StripeID != ""
		}
	}
	return before, all, told
}

// disputeAsSold is the dispute in the currency of the sale. What the bank took is
// told in the currency of the account's balance; of the payment it is what is
// disputed.
func (r *Reconciler) disputeAsSold(ctx context.Context, d stripeapi.Dispute) (stripeapi.Dispute, error) {
	c, err := r.conversionOf(ctx, d.IntentID, d.Amount.Currency)
	moved := func(a money.Amount) money.Amount {
		switch {
		case a.Minor == 0:
			return money.New(0, d.Amount.Currency)
		case a.Currency != d.Amount.Currency:
			return d.Amount
		default:
			return a
		}
	}
	d.Withdrawn, d.Reinstated, d.Amount = c.asSold(moved(d.Withdrawn)), c.asSold(moved(d.Reinstated)), c.asSold(d.Amount)
	return d, err
}
