package reconcile

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// Stripe keeps what is for real money, and deletes test data when it is told to.
// Whoever asks for what is deleted is told that there is no such thing, and so is
// whoever asks with another account's key or one of the other mode: that alone
// frees no seat. It does in a book of test money, once nobody could pay by time
// either, and where the same key is shown another code of the book.

// expireDeleted ends the tender of a code of which the asker was told that it is
// not there: nil if it did, and otherwise why not. Should money come by it all the
// same, it is late money.
func (r *Reconciler) expireDeleted(ctx context.Context, sessionID, asker string, told error) error {
	var of boxoffice.OfTender
	var end time.Time
	err := r.opt.Book.View(func(tx *ledger.Tx) error {
		o, _, err := tx.OrderBySession(sessionID)
		t, ok := o.TenderBySession(sessionID)
		if err != nil || !ok || t.State.Final() {
			return err
		}
		of, end = boxoffice.OfTender{OrderID: o.ID, TenderID: t.ID}, t.ExpiresAt
		if t.State == boxoffice.TenderProcessing {
			end = end.Add(debitLife)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if of.OrderID == "" {
		return told
	}
	if err := r.deleted(ctx, sessionID, asker, end, told); err != nil {
		return err
	}
	r.opt.Log.Warn("reconcile: Stripe has deleted a code of test money", slog.String("session", sessionID))
	return r.opt.Book.Update(func(tx *ledger.Tx) error {
		o, _, err := tx.Order(of.OrderID)
		if t, _ := o.Tender(of.TenderID); err != nil || t.State.Final() {
			return err
		}
		return r.record(tx, []boxoffice.Fact{boxoffice.ExpiredFact{OfTender: of}})
	})
}

// deleted is nil if what the asker was told is not there was provably deleted, and
// could be paid until the end at the most; otherwise what was told, or went wrong.
func (r *Reconciler) deleted(ctx context.Context, sessionID, asker string, end time.Time, told error) error {
	if r.opt.Livemode {
		return told
	}
	now, err := r.opt.Stripe.Clock(ctx)
	if err != nil || now.Before(end.Add(settled)) {
		return cmp.Or(err, told)
	}
	var other string
	err = r.opt.Book.View(func(tx *ledger.Tx) (err error) {
		other, err = tx.NewestSession(sessionID)
		return err
	})
	if err != nil || other == "" {
		return cmp.Or(err, told)
	}
	switch s, err := r.fetch(ctx, other); {
	case err != nil:
		return err // the other may be deleted too
	case s.Livemode || r.Asker() != asker:
		return told
	default:
		return nil
	}
}
