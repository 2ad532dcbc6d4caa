package reconcile

import (
	"context"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

// longDebit is the longest that a bank takes to decide on a debit, with time to
// spare (docs.stripe.com/payments/bank-debits).
const longDebit = 35 * 24 * time.Hour

// lookAtCharged looks at the charges of which the balance has the money and the
// book has not. Another program may have reserved it on a card long before.
func (r *Reconciler) lookAtCharged(ctx context.Context, movements []stripeapi.Transaction) error {
	var charges []string
	err := r.opt.Book.View(func(tx *ledger.Tx) error {
		for _, t := range movements {
			if t.Category != "charge" {
				continue
			}
			c, listed, err := tx.Charge(t.SourceID)
			if err != nil {
				return err
			}
			known := t.SourceID == "" || listed && (c.Status != "" || c.PaymentIntentID == "") // no money yet, or none of a till's
			if listed && !known {
				if _, known, err = tx.MoneyByIntent(c.PaymentIntentID); err != nil {
					return err
				}
			}
			if !known {
				charges = append(charges, t.SourceID)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return sideBySide(ctx, charges, r.lookAtCharge)
}

// lookAtUndecided looks at the debits on which a bank had not decided when they
// were read. Their money is in the balance since they were sent, so nothing
// there tells of a decision. Many are listed, with what lies between them, where
// that takes fewer reads.
func (r *Reconciler) lookAtUndecided(ctx context.Context, now time.Time) error {
	const page = 100
	var charges []string
	var between boxoffice.Span
	listed, pages := 0, 0
	err := r.opt.Book.View(func(tx *ledger.Tx) error {
		return tx.Charges(now.Add(-longDebit), now.Add(-sweepBack), func(c boxoffice.Charge) (bool, error) {
			listed++
			if c.Status != string(stripeapi.ChargePending) || c.PaymentIntentID == "" {
				return true, nil
			}
			if len(charges) == 0 {
				between.From, listed = c.CreatedAt, 1
			}
			charges, between.To, pages = append(charges, c.ID), c.CreatedAt, 1+listed/page
			return true, nil
		})
	})
	switch {
	case err != nil:
		return err
	case len(charges) > 2*pages: // the list has too what the book did not keep
		return r.readCharges(ctx, between)
	default:
		return sideBySide(ctx, charges, r.lookAtCharge)
	}
}

// lookAtCharge records what the book lacks of a charge, and of its payment.
func (r *Reconciler) lookAtCharge(ctx context.Context, id string) error {
	c, err := r.opt.Stripe.Charge(ctx, id)
	if err != nil {
		return err
	}
	unknown, err := r.keepCharges([]stripeapi.Charge{c})
	if err != nil {
		return err
	}
	for _, intent := range unknown {
		if err := r.lookAtIntent(ctx, intent); err != nil {
			return err
		}
	}
	return nil
}
