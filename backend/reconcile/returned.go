package reconcile

import (
	"context"
	"errors"
	"log/slog"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

// What went back is looked at like what came in: a refund or a dispute is
// fetched, and what the book lacks of it is recorded with the payment that it
// belongs to, wherever that is kept.

// lookAtRefund fetches a refund and records what the book lacks of it.
func (r *Reconciler) lookAtRefund(ctx context.Context, id string) error {
	f, err := r.opt.Stripe.RefundByID(ctx, id)
	if err != nil {
		return err
	}
	return r.observeRefund(ctx, f)
}

// lookAtRefunds records every refund of a payment.
func (r *Reconciler) lookAtRefunds(ctx context.Context, intentID string) error {
	return r.eachRefund(ctx, intentID, func(f stripeapi.Refund) error { return r.observeRefund(ctx, f) })
}

// eachRefund calls fn for each refund that Stripe has of a payment.
func (r *Reconciler) eachRefund(ctx context.Context, intentID string, fn func(stripeapi.Refund) error) error {
	for after := ""; ; {
		page, err := r.opt.Stripe.RefundsOf(ctx, intentID, after)
		if err != nil {
			return err
		}
		for _, f := range page.Refunds {
			if err := fn(f); err != nil {
				return err
			}
			after = f.ID
		}
		if !page.More {
			return nil
		}
	}
}

// lookAtDispute fetches a dispute and records what the book lacks of it.
func (r *Reconciler) lookAtDispute(ctx context.Context, id string) error {
	d, err := r.opt.Stripe.Dispute(ctx, id)
	if err != nil {
		return r.withoutDisputes(err)
	}
	return r.observeDispute(ctx, d)
}

// withoutDisputes lets everything else go on where the key may not read disputes:
// it need not have that permission. Stripe's sentence in the log names it, and
// the nightly sweep looks for all of them until it may.
func (r *Reconciler) withoutDisputes(err error) error {
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if !ok || failure.Failure != stripeapi.Forbidden || !failure.OfRequest() {
		return err
	}
	r.opt.Log.Warn("reconcile: the key may not read disputes", slog.Any("error", err))
	r.denied.Add(1)
	return r.opt.Book.Update(func(tx *ledger.Tx) error { return tx.SetDisputesUnread(true) })
}

func (r *Reconciler) observeRefund(ctx context.Context, f stripeapi.Refund) error {
	p, err := r.partOf(ctx, f)
	if err != nil {
		return err
	}
	return r.returned(ctx, f.IntentID, func(tx *ledger.Tx, m ledger.Money) ([]boxoffice.Fact, error) {
		quotas, err := orderQuotas(tx, m)
		return planRefund(m, p.sold(m.Returns()), quotas), err
	})
}

func (r *Reconciler) observeDispute(ctx context.Context, d stripeapi.Dispute) error {
	d, err := r.disputeAsSold(ctx, d)
	if err != nil {
		return err
	}
	return r.returned(ctx, d.IntentID, func(_ *ledger.Tx, m ledger.Money) ([]boxoffice.Fact, error) { return planDispute(m, d), nil })
}

// orderQuotas are the quotas that the money's order claims.
func orderQuotas(tx *ledger.Tx, m ledger.Money) ([]boxoffice.Quota, error) {
	if m.Order == nil || len(m.Order.Hold.Claims) == 0 {
		return nil, nil
	}
	c, err := tx.Catalogue()
	return c.Quotas, err
}

// returned records what a plan says of the payment. A payment that the book has
// never seen is looked at first: it may have been made while nobody looked.
func (r *Reconciler) returned(ctx context.Context, intentID string, plan func(*ledger.Tx, ledger.Money) ([]boxoffice.Fact, error)) error {
	facts := func(tx *ledger.Tx) (facts []boxoffice.Fact, known bool, err error) {
		m, known, err := tx.MoneyByIntent(intentID)
		if err == nil && known {
			facts, err = plan(tx, m)
		}
		return facts, known, err
	}
	look := func() (news, known bool, err error) {
		err = r.opt.Book.View(func(tx *ledger.Tx) error {
			f, found, err := facts(tx)
			news, known = len(f) > 0, found
			return err
		})
		return news, known, err
	}
	if err := r.known(ctx, intentID); err != nil {
		return err
	}
	news, known, err := look()
	switch {
	case err != nil:
		return err
	case !known:
		r.opt.Log.Warn("reconcile: money went back for a payment that is not in the book", slog.String("payment", intentID))
		return nil
	case !news:
		return nil
	}
	return r.opt.Book.Update(func(tx *ledger.Tx) error {
		f, _, err := facts(tx)
		if err != nil {
			return err
		}
		return r.record(tx, f)
	})
}

// known makes sure that the book has the payment, if Stripe has it. One that it
// has not must not stop what else is to be taken in; nor must one that is too
// new to be told apart, of which the next polls hear again (doneWith).
func (r *Reconciler) known(ctx context.Context, intentID string) error {
	known := false
	err := r.opt.Book.View(func(tx *ledger.Tx) (err error) {
		_, known, err = tx.MoneyByIntent(intentID)
		return err
	})
	if err != nil || known {
		return err
	}
	if err := r.lookAtIntent(ctx, intentID); err != nil && !missing(err) && !errors.Is(err, errTooSoon) {
		return err
	}
	return nil
}

// lookAtIntent records what the book lacks of a PaymentIntent: the session that
// it belongs to tells of it, and without one it speaks for itself.
func (r *Reconciler) lookAtIntent(ctx context.Context, intentID string) error {
	if intentID == "" {
		return nil
	}
	page, err := r.opt.Stripe.SessionsOfIntent(ctx, intentID)
	if err != nil {
		return err
	}
	for _, s := range page.Sessions {
		if err := r.observe(s); err != nil {
			return err
		}
	}
	if len(page.Sessions) > 0 {
		return nil
	}
	s, err := r.opt.Stripe.Payment(ctx, intentID)
	if err != nil {
		return err
	}
	if !foreign(s) {
		return r.observeAlone(s)
	}
	// A session's, perhaps, that the list does not show yet: kept by itself, it
	// would be found a second time.
	if r.opt.Stripe.Now().Sub(s.Payment.PaidAt) < settled {
		return errTooSoon
	}
	o, err := r.order(s.Reference)
	if t, ok := o.Tender(s.Metadata[boxoffice.MetadataTender]); err == nil && ok && t.SessionID != "" {
		_, err = r.look(ctx, t.SessionID)
		return err
	}
	return r.observeAlone(s)
}

// planRefund says which facts the book must record for the refund to be in it
// as Stripe has it. Whatever gives all of the money back makes the order's
// tickets void; a part of it does so for the tickets that it was asked for, or
// waits for somebody to say which.
func planRefund(m ledger.Money, f stripeapi.Refund, quotas []boxoffice.Quota) []boxoffice.Fact {
	returns := m.Returns()
	seen := boxoffice.Refund{
		ID: f.ID, StripeID: f.ID, PaymentIntentID: f.IntentID, ChargeID: f.ChargeID, Amount: f.Amount,
		Status: refundStatus(f), External: true, CreatedAt: f.Created, Failure: f.FailureReason,
	}
	old, known := returns.RefundByID(f.ID)
	if !known { // an answer that is not in the book; with Stripe's id it is another's, whose metadata was copied
		old, known = returns.RefundByID(f.Metadata[boxoffice.MetadataRefund])
		known = known && old.StripeID == ""
	}
	if known {
		seen.ID, seen.External, seen.TicketIDs, seen.Answered, seen.By, seen.Note = old.ID, old.External, old.TicketIDs, old.Answered, old.By, old.Note
	}
	if !returns.Brings(seen) {
		return nil
	}
	recorded := boxoffice.RefundRecordedFact{OfMoney: m.Of(), Refund: seen}
	if m.Order == nil {
		recorded.CameBack = known && old.Status.Gone() && !seen.Status.Gone()
		return []boxoffice.Fact{recorded}
	}
	facts, o := []boxoffice.Fact{recorded}, *m.Order
	after, err := returns.Apply(facts[0])
	if err != nil {
		return facts // the ledger will say why
	}
	void := boxoffice.TicketsVoidedFact{OrderID: o.ID, RefundID: seen.ID}
	switch {
	case !seen.Status.Gone():
		if known && old.Status != boxoffice.RefundAsked && old.Status.Gone() {
			facts = append(facts, cameBack(o, seen))
		}
		return facts
	case after.Accepted() >= o.Total.Minor:
		for _, t := range o.Valid() {
			void.TicketIDs = append(void.TicketIDs, t.ID)
		}
	case len(seen.TicketIDs) > 0:
		for _, t := range o.Valid() {
			for _, id := range seen.TicketIDs {
				if id == t.ID {
					void.TicketIDs = append(void.TicketIDs, t.ID)
				}
			}
		}
	}
	if len(void.TicketIDs) == 0 {
		return facts
	}
	void.By, void.Claims = seen.By, o.Freed(quotas, void.TicketIDs)
	return append(facts, void)
}

// refundStatus reads Stripe's; refunds of old had none, and were done.
func refundStatus(f stripeapi.Refund) boxoffice.RefundStatus {
	if f.Status == "" {
		return boxoffice.RefundSucceeded
	}
	return boxoffice.RefundStatus(f.Status)
}

// cameBack keeps the money of a refund that failed where somebody sees it: the
// buyer waits for it, and may have no ticket any more.
func cameBack(o boxoffice.Order, f boxoffice.Refund) boxoffice.Fact {
	d := boxoffice.Discrepancy{
		ID: f.ID + "-" + string(boxoffice.RefundCame), OrderID: o.ID, PaymentIntentID: f.PaymentIntentID, ChargeID: f.ChargeID,
		Amount: f.Amount, Reason: boxoffice.RefundCame, RefundID: f.ID, BuyerName: o.BuyerName, BuyerEmail: o.BuyerEmail,
	}
	for _, t := range o.Tenders {
		if t.PaymentIntentID == f.PaymentIntentID {
			d.Card, d.PaidAt = t.Card, t.PaidAt
		}
	}
	for _, r := range o.Refunds {
		if r.Answered && r.ID != f.ID { // any other may have been made in its place, before this till heard that it came back
			d.Besides = append(d.Besides, r.ID)
		}
	}
	return boxoffice.DiscrepancyFoundFact{Discrepancy: d}
}

// planDispute is planRefund for a dispute.
func planDispute(m ledger.Money, d stripeapi.Dispute) []boxoffice.Fact {
	seen := boxoffice.Dispute{
		ID: d.ID, PaymentIntentID: d.IntentID, ChargeID: d.ChargeID, Amount: d.Amount, Status: boxoffice.DisputeStatus(d.Status),
		Reason: d.Reason, CreatedAt: d.Created, DueBy: d.DueBy, Withdrawn: d.Withdrawn.Minor, Reinstated: d.Reinstated.Minor,
	}
	if !m.Returns().BringsDispute(seen) {
		return nil
	}
	return []boxoffice.Fact{boxoffice.DisputeRecordedFact{OfMoney: m.Of(), Dispute: seen}}
}
