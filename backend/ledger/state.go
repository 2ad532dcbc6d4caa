package ledger

import (
	"encoding/json"
	"errors"
	"fmt"

	"willcall/backend/boxoffice"
)

// apply changes the state as the entry says. It is the only writer of the
// state, used when an entry is appended and again when the book is verified:
// it may look at nothing but the entry and the state.
func (tx *Tx) apply(e Entry, f boxoffice.Fact) error {
	if order := f.About(); order != "" {
		if err := tx.put(numbered("oe/"+order, e.Number), nil); err != nil {
			return err
		}
	}
	switch f := f.(type) {
	case boxoffice.BookOpenedFact:
		return errors.Join(tx.free(key("b")), tx.putJSON(key("b"), f))
	case boxoffice.EventAddedFact:
		return errors.Join(tx.free(key("v", f.Event.ID)), tx.putJSON(key("v", f.Event.ID), f.Event))
	case boxoffice.QuotaAddedFact:
		return errors.Join(tx.free(key("q", f.Quota.ID)), tx.putJSON(key("q", f.Quota.ID), f.Quota))
	case boxoffice.EventChangedFact, boxoffice.QuotaChangedFact, boxoffice.QuotaRemovedFact,
		boxoffice.AccountConnectedFact, boxoffice.AccountDisconnectedFact, boxoffice.MethodsOfferedFact, boxoffice.MethodsChosenFact:
		return tx.applySetting(f)
	case boxoffice.MirrorAskedFact, boxoffice.MirrorDoneFact, boxoffice.MirrorRefusedFact, boxoffice.MirrorAdoptedFact, boxoffice.MirrorLostFact:
		return tx.applyMirror(f)
	case boxoffice.PosterMadeFact, boxoffice.PosterOpenedFact, boxoffice.PosterRefusedFact, boxoffice.PosterCloseAskedFact, boxoffice.PosterClosedFact:
		return tx.applyPoster(f)
	case boxoffice.OrderArrivedFact:
		return tx.arrive(f)
	case boxoffice.DiscrepancyFoundFact:
		f.Discrepancy.FoundAt = e.At
		return tx.find(f.Discrepancy)
	case boxoffice.DiscrepancyResolvedFact:
		return tx.resolve(e, f)
	case boxoffice.StatementReadFact:
		return tx.applyStatement(f)
	case boxoffice.OrderPlacedFact:
		return errors.Join(tx.putNewOrder(f.Order), tx.putJSON(key("i", f.Intent.Key), f.Intent))
	}
	if of, ok := f.(interface{ Money() boxoffice.OfMoney }); ok && of.Money().OrderID == "" {
		return tx.applyKept(e, f, of.Money().DiscrepancyID)
	}
	return tx.applyOrder(e, f)
}

// applyOrder changes the order that f is about.
func (tx *Tx) applyOrder(e Entry, f boxoffice.Fact) error {
	before, err := tx.mustOrder(f.About())
	if err != nil {
		return err
	}
	if owner := tx.get(key("op", sessionOf(f))); owner != nil && string(owner) != before.ID {
		return fmt.Errorf("the session of this %s is that of order %s", f.Kind(), owner)
	}
	after, err := before.Apply(f, e.At)
	if err != nil {
		return err
	}
	return errors.Join(tx.putOrder(before, after), tx.settleIntents(f, after), tx.reopen(e, before.Returns, after.Returns))
}

// sessionOf is the session that f gives an order, or "".
func sessionOf(f boxoffice.Fact) string {
	switch f := f.(type) {
	case boxoffice.OpenedFact:
		return f.SessionID
	case boxoffice.PaidFact:
		return f.SessionID
	default:
		return ""
	}
}

// applySetting changes what is sold, and on which account.
func (tx *Tx) applySetting(f boxoffice.Fact) error {
	switch f := f.(type) {
	case boxoffice.EventChangedFact:
		return tx.changeEvent(f.Event)
	case boxoffice.QuotaChangedFact:
		return tx.changeQuota(f.QuotaID, func(q boxoffice.Quota) (boxoffice.Quota, error) { return q.Change(f) })
	case boxoffice.QuotaRemovedFact:
		return tx.removeQuota(f.QuotaID)
	case boxoffice.AccountConnectedFact:
		return tx.connect(f.Account)
	case boxoffice.AccountDisconnectedFact:
		return tx.disconnect(f)
	case boxoffice.MethodsOfferedFact:
		return tx.putJSON(key("am"), f.Methods)
	case boxoffice.MethodsChosenFact:
		return tx.putJSON(key("ad"), f.Delayed)
	default:
		return fmt.Errorf("%s sets nothing", f.Kind())
	}
}

// free is an error if there is a value at one of the keys: what is new must
// not take the place of what is there.
func (tx *Tx) free(keys ...[]byte) error {
	for _, k := range keys {
		if tx.get(k) != nil {
			return fmt.Errorf("%q is in the book already", k)
		}
	}
	return nil
}

// putOrder writes an order, its index keys, and the seats that its hold moved.
// before is the order as it stands in the book, empty for a new one.
func (tx *Tx) putOrder(before, after boxoffice.Order) error {
	if err := tx.reindex(append(orderKeys(before), orderIndex(before)...), append(orderKeys(after), orderIndex(after)...)); err != nil {
		return err
	}
	if err := tx.moveSeats(before.Hold, after.Hold); err != nil {
		return err
	}
	return tx.putJSON(key("o", after.ID), after)
}

// moveSeats makes the quotas have what after claims, in the place of what before
// did.
func (tx *Tx) moveSeats(before, after boxoffice.Hold) error {
	for _, m := range before.Moves(after) {
		err := tx.changeQuota(m.QuotaID, func(q boxoffice.Quota) (boxoffice.Quota, error) { return q.Move(m.Held, m.Sold) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) changeQuota(id string, change func(boxoffice.Quota) (boxoffice.Quota, error)) error {
	q, found, err := recall[boxoffice.Quota](tx, key("q", id))
	if err != nil || !found {
		return errors.Join(err, fmt.Errorf("quota %s is not in the book", id))
	}
	if q, err = change(q); err != nil {
		return err
	}
	return remember(tx, key("q", id), q)
}

func (tx *Tx) changeEvent(e boxoffice.Event) error {
	k := key("v", e.ID)
	if tx.get(k) == nil {
		return fmt.Errorf("event %q is not in the book", e.ID)
	}
	return tx.putJSON(k, e)
}

func (tx *Tx) removeQuota(id string) error {
	err := tx.changeQuota(id, func(q boxoffice.Quota) (boxoffice.Quota, error) {
		if q.Taken() > 0 {
			return q, fmt.Errorf("quota %s cannot be removed: %d are taken", id, q.Taken())
		}
		return q, nil
	})
	return errors.Join(err, tx.delete(key("q", id)))
}

// settleIntents adds the intent that f records, and drops those that f or the
// order's end answers.
func (tx *Tx) settleIntents(f boxoffice.Fact, o boxoffice.Order) error {
	switch f := f.(type) {
	case boxoffice.CancelAskedFact:
		return tx.putJSON(key("i", f.Intent.Key), f.Intent)
	case boxoffice.CodeCloseAskedFact:
		return tx.putJSON(key("i", f.Intent.Key), f.Intent)
	case boxoffice.CodeClosedFact:
		return tx.delete(key("i", ExpireKey(f.SessionID)))
	case boxoffice.OpenedFact:
		return tx.delete(key("i", CreateKey(f.TenderID)))
	case boxoffice.RefusedFact:
		if err := tx.delete(key("i", CreateKey(f.TenderID))); err != nil {
			return err
		}
	case boxoffice.RefundAskedFact, boxoffice.RefundRecordedFact, boxoffice.RefundRefusedFact:
		return tx.settleRefund(f)
	}
	if o.Status() == boxoffice.AwaitingPayment {
		return nil
	}
	for _, t := range o.Tenders {
		if err := tx.delete(key("i", ExpireKey(t.ID))); err != nil {
			return err
		}
	}
	return nil
}

// CreateKey is the idempotency key with which a tender's code is made.
func CreateKey(tenderID string) string { return tenderID + "-create" }

// ExpireKey is the idempotency key with which a tender's code is closed, or, by
// its session's id, one that is not the tender's.
func ExpireKey(id string) string { return id + "-expire" }

// RefundKey is the idempotency key with which a refund is made.
func RefundKey(refundID string) string { return refundID + "-refund" }

// settleRefund adds the intent of a refund, or drops it when it is answered.
func (tx *Tx) settleRefund(f boxoffice.Fact) error {
	switch f := f.(type) {
	case boxoffice.RefundAskedFact:
		return errors.Join(tx.free(key("i", f.Intent.Key)), tx.putJSON(key("i", f.Intent.Key), f.Intent))
	case boxoffice.RefundRecordedFact:
		return tx.delete(key("i", RefundKey(f.Refund.ID)))
	case boxoffice.RefundRefusedFact:
		return tx.delete(key("i", RefundKey(f.RefundID)))
	default:
		return nil
	}
}

func (tx *Tx) putJSON(k []byte, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("%q: %w", k, err)
	}
	return tx.put(k, text)
}

// getJSON reads the value at k into v, and reports whether there is one.
func (tx *Tx) getJSON(k []byte, v any) (bool, error) {
	text := tx.get(k)
	if text == nil {
		return false, nil
	}
	if err := json.Unmarshal(text, v); err != nil {
		return false, corrupt(fmt.Errorf("%q: %w", k, err))
	}
	return true, nil
}
