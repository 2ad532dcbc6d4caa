package reconcile

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

// payoutLife is how long before the time that is read a payout may have been
// made of which Stripe has finished the list only now.
const payoutLife = 21 * 24 * time.Hour

// ReadStatement reads Stripe's own books of a time: its charges, the movements
// of the balance, and the payouts with what went out by each. The book records
// what it does not have already; a charge of which it has no payment is looked
// at, and finds its place. The last moments are left for the next time, since a
// list may not show them yet.
func (r *Reconciler) ReadStatement(ctx context.Context, from, to time.Time) error {
	now, err := r.opt.Stripe.Clock(ctx)
	if err != nil {
		return err
	}
	whole := boxoffice.Span{From: from.UTC(), To: earlier(to, now.Add(-settled)).UTC().Truncate(time.Second)}
	whole.From = whole.From.Truncate(time.Second)
	if whole.To.Before(whole.From) {
		return nil
	}
	ctx = stripeapi.Bulk(ctx)
	if err := r.readCharges(ctx, whole); err != nil {
		return err
	}
	if err := r.readTransactions(ctx, whole); err != nil {
		return err
	}
	if err := r.readPayouts(ctx, boxoffice.Span{From: whole.From.Add(-payoutLife), To: whole.To}); err != nil {
		return err
	}
	// What is to come is not read, whatever the laptop's clock said at first.
	if now, err = r.opt.Stripe.Clock(ctx); err != nil {
		return err
	}
	if whole.To = earlier(whole.To, now.Add(-settled)).UTC().Truncate(time.Second); whole.To.Before(whole.From) {
		return nil
	}
	return r.opt.Book.Update(func(tx *ledger.Tx) error {
		return r.record(tx, []boxoffice.Fact{boxoffice.StatementReadFact{Covered: &whole}})
	})
}

func nobody(int) {}

func (r *Reconciler) readCharges(ctx context.Context, whole boxoffice.Span) error {
	return cover(ctx, whole, func(ctx context.Context, from, to time.Time, after string) (pageRead, error) {
		page, err := r.opt.Stripe.Charges(ctx, from, to, after)
		if err != nil {
			return pageRead{}, err
		}
		unknown, err := r.keepCharges(page.Charges)
		if err == nil {
			err = sideBySide(ctx, unknown, r.lookAtIntent)
		}
		return pageOf(page.Charges, page.More, func(c stripeapi.Charge) (string, time.Time) { return c.ID, c.Created }), err
	}, nobody)
}

// keepCharges records what the book does not have of the charges that brought
// money, moved the balance, or still may, and returns the payments that it does
// not know. What a bank has not decided, or is only reserved on a card, is kept as
// it is: it may become money on a day when the charge is too old to be read.
func (r *Reconciler) keepCharges(charges []stripeapi.Charge) (unknown []string, err error) {
	var fact boxoffice.StatementReadFact
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		for _, c := range charges {
			row := boxoffice.Charge{
				ID: c.ID, PaymentIntentID: c.IntentID, Amount: c.Amount, Refunded: c.Refunded, Disputed: c.Disputed,
				CreatedAt: c.Created, TransactionID: c.TransactionID, Description: c.Description,
			}
			if c.Status != stripeapi.ChargeSucceeded {
				row.Status = string(c.Status)
			}
			old, known, err := tx.Charge(c.ID)
			if err != nil {
				return err
			}
			if c.Status == stripeapi.ChargeFailed && c.TransactionID == "" && !known {
				continue
			}
			if !known || old != row {
				fact.Charges = append(fact.Charges, row)
			}
			if _, known, err = tx.MoneyByIntent(c.IntentID); err != nil {
				return err
			}
			if !known && c.Paid && c.Captured && c.IntentID != "" {
				unknown = append(unknown, c.IntentID)
			}
		}
		return nil
	})
	if err != nil || len(fact.Charges) == 0 {
		return unknown, err
	}
	return unknown, r.keepRows(fact)
}

func (r *Reconciler) readTransactions(ctx context.Context, whole boxoffice.Span) error {
	return cover(ctx, whole, func(ctx context.Context, from, to time.Time, after string) (pageRead, error) {
		page, err := r.opt.Stripe.Transactions(ctx, from, to, after)
		if err != nil {
			return pageRead{}, err
		}
		err = r.keepTransactions(page.Transactions, "", "")
		if err == nil {
			err = r.lookAtCharged(ctx, page.Transactions)
		}
		if err == nil {
			err = r.lookAtReturns(ctx, page.Transactions)
		}
		return pageOf(page.Transactions, page.More, func(t stripeapi.Transaction) (string, time.Time) { return t.ID, t.Created }), err
	}, nobody)
}

// lookAtReturns looks at what the balance says went back, or came back, of which
// the book does not know: it may be older than any event or sweep.
func (r *Reconciler) lookAtReturns(ctx context.Context, movements []stripeapi.Transaction) error {
	looks := map[string][]stripeapi.Transaction{} // by category and id
	err := r.opt.Book.View(func(tx *ledger.Tx) error {
		for _, t := range movements {
			switch t.Category {
			case "refund", "refund_failure", "dispute", "dispute_reversal":
				row, _, err := tx.Transaction(t.ID)
				if err != nil {
					return err
				}
				if what := t.Category + " " + t.SourceID; row.ChargeID == "" {
					looks[what] = append(looks[what], t)
				}
			}
		}
		if len(looks) == 0 {
			return nil
		}
		return tx.MoneyReturned(func(m ledger.Money) error {
			for _, f := range m.Returns().Refunds {
				delete(looks, "refund "+f.StripeID)
				if f.Status.Final() && !f.Status.Gone() {
					delete(looks, "refund_failure "+f.StripeID)
				}
			}
			for _, d := range m.Returns().Disputes {
				if d.Withdrawn > 0 {
					delete(looks, "dispute "+d.ID)
				}
				if d.Reinstated > 0 {
					delete(looks, "dispute_reversal "+d.ID)
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return sideBySide(ctx, slices.Sorted(maps.Keys(looks)), func(ctx context.Context, what string) error {
		return r.lookAtReturn(ctx, looks[what])
	})
}

// lookAtReturn looks at the refund or dispute that the movements are of. One that
// names no PaymentIntent is of a charge that another program made without: no
// payment of the book has it, and the movements keep the charge instead.
func (r *Reconciler) lookAtReturn(ctx context.Context, movements []stripeapi.Transaction) error {
	id := movements[0].SourceID
	if strings.HasPrefix(movements[0].Category, "refund") {
		f, err := r.opt.Stripe.RefundByID(ctx, id)
		switch {
		case err != nil:
			return err
		case f.IntentID == "":
			return r.keepTransactions(movements, "", f.ChargeID)
		}
		return r.observeRefund(ctx, f)
	}
	d, err := r.opt.Stripe.Dispute(ctx, id)
	switch {
	case err != nil:
		return r.withoutDisputes(err)
	case d.IntentID == "":
		return r.keepTransactions(movements, "", d.ChargeID)
	}
	return r.observeDispute(ctx, d)
}

// keepTransactions records what the book does not have of the movements, by which
// payout they went out, and of which charge without a PaymentIntent they are, if
// that is known.
func (r *Reconciler) keepTransactions(movements []stripeapi.Transaction, payoutID, chargeID string) error {
	var fact boxoffice.StatementReadFact
	err := r.opt.Book.View(func(tx *ledger.Tx) error {
		for _, t := range movements {
			row := boxoffice.BalanceTransaction{
				ID: t.ID, Type: t.Type, Category: t.Category, Amount: t.Amount, Fee: t.Fee, Net: t.Net, SourceID: t.SourceID,
				CreatedAt: t.Created, AvailableAt: t.AvailableOn, PayoutID: payoutID, ChargeID: chargeID,
			}
			old, known, err := tx.Transaction(t.ID)
			if err != nil {
				return err
			}
			if row.PayoutID == "" {
				row.PayoutID = old.PayoutID
			}
			if row.ChargeID == "" {
				row.ChargeID = old.ChargeID
			}
			if !known || old != row {
				fact.Transactions = append(fact.Transactions, row)
			}
		}
		return nil
	})
	if err != nil || len(fact.Transactions) == 0 {
		return err
	}
	return r.keepRows(fact)
}

func (r *Reconciler) readPayouts(ctx context.Context, whole boxoffice.Span) error {
	for after := ""; ; {
		page, err := r.opt.Stripe.Payouts(ctx, whole.From, whole.To, after)
		if err != nil {
			return err
		}
		for _, p := range page.Payouts {
			if err := r.readPayout(ctx, p); err != nil {
				return err
			}
			after = p.ID
		}
		if !page.More {
			return nil
		}
	}
}

// readPayout records a payout, and what went out by it as soon as Stripe has
// that list complete. Manual payouts have none
// (docs.stripe.com/api/balance_transactions/list#balance_transaction_list-payout).
func (r *Reconciler) readPayout(ctx context.Context, p stripeapi.Payout) error {
	row := boxoffice.Payout{
		ID: p.ID, Amount: p.Amount, Status: string(p.Status), CreatedAt: p.Created, ArrivesAt: p.ArrivalAt,
		Automatic: p.Automatic, Reconciled: p.Reconciled, TransactionID: p.TransactionID, ReturnID: p.ReturnID,
	}
	var old boxoffice.Payout
	err := r.opt.Book.View(func(tx *ledger.Tx) (err error) {
		old, _, err = tx.Payout(p.ID)
		return err
	})
	if err != nil {
		return err
	}
	row.Matched, row.EndedAt = old.Matched, old.EndedAt
	if row.Undone() && row.EndedAt.IsZero() {
		row.EndedAt = r.opt.Stripe.Now().Truncate(time.Second)
	}
	if p.Automatic && p.Reconciled && !old.Matched {
		if err := r.readMembers(ctx, p.ID); err != nil {
			return err
		}
		row.Matched = true
	}
	if row == old {
		return nil
	}
	return r.keepRows(boxoffice.StatementReadFact{Payouts: []boxoffice.Payout{row}})
}

func (r *Reconciler) readMembers(ctx context.Context, payoutID string) error {
	for after := ""; ; {
		page, err := r.opt.Stripe.TransactionsOf(ctx, payoutID, after)
		if err != nil {
			return err
		}
		if err := r.keepTransactions(page.Transactions, payoutID, ""); err != nil {
			return err
		}
		for _, t := range page.Transactions {
			after = t.ID
		}
		if !page.More {
			return nil
		}
	}
}

func (r *Reconciler) keepRows(f boxoffice.StatementReadFact) error {
	return r.opt.Book.Update(func(tx *ledger.Tx) error { return r.record(tx, []boxoffice.Fact{f}) })
}
