package ledger

import (
	"errors"
	"fmt"

	"willcall/backend/boxoffice"
)

// Discrepancy finds money that fits no order.
func (tx *Tx) Discrepancy(id string) (d boxoffice.Discrepancy, ok bool, err error) {
	ok, err = tx.getJSON(key("d", id), &d)
	return d, ok, err
}

// DiscrepancyEntries returns the entries about it after it was found, oldest
// first.
func (tx *Tx) DiscrepancyEntries(id string) ([]Entry, error) { return tx.entriesAt(key("de", id, "")) }

// GivesBack is the discrepancy that the refund was asked for to settle, "" for
// none.
func (tx *Tx) GivesBack(refundID string) string { return string(tx.get(key("dr", refundID))) }

func (tx *Tx) mustDiscrepancy(id string) (boxoffice.Discrepancy, error) {
	d, ok, err := tx.Discrepancy(id)
	if err == nil && !ok {
		err = fmt.Errorf("discrepancy %q is not in the book", id)
	}
	return d, err
}

// putDiscrepancy writes a discrepancy and its index keys. before is how it
// stands in the book, empty for a new one.
func (tx *Tx) putDiscrepancy(before, after boxoffice.Discrepancy) error {
	if err := tx.reindex(discrepancyIndex(before), discrepancyIndex(after)); err != nil {
		return err
	}
	return tx.putJSON(key("d", after.ID), after)
}

// applyKept changes money that is kept without an order.
func (tx *Tx) applyKept(e Entry, f boxoffice.Fact, id string) error {
	before, err := tx.mustDiscrepancy(id)
	if err != nil {
		return err
	}
	if err := tx.unplaced(before); err != nil {
		return err
	}
	after, err := before.Apply(f, e.At)
	if err != nil {
		return err
	}
	return errors.Join(tx.putDiscrepancy(before, after), tx.settleRefund(f), tx.put(numbered("de/"+id, e.Number), nil))
}

// unplaced refuses to spend money that an order was paid with after it had been
// found: books of issue 3 did so when there was room again.
func (tx *Tx) unplaced(d boxoffice.Discrepancy) error {
	o, ok, err := tx.orderAt(key("op", d.SessionID))
	if t, _ := o.TenderBySession(d.SessionID); ok && t.State == boxoffice.TenderPaid {
		return fmt.Errorf("the money of discrepancy %s is that of order %s", d.ID, o.ID)
	}
	return err
}

// find writes money that fits no order. Found a second time, it keeps what was
// done about it.
func (tx *Tx) find(d boxoffice.Discrepancy) error {
	before, _, err := tx.Discrepancy(d.ID)
	if err != nil {
		return err
	}
	d.Returns, d.Resolution, d.Kept = before.Returns, before.Resolution, before.Kept
	return tx.putDiscrepancy(before, d)
}

// resolve writes what somebody did about money without a place: seats that it
// still holds come free, and the order that it was seated as takes its own, and
// takes over what was given back.
func (tx *Tx) resolve(e Entry, f boxoffice.DiscrepancyResolvedFact) error {
	before, err := tx.mustDiscrepancy(f.DiscrepancyID)
	if err != nil {
		return err
	}
	after, err := before.Apply(f, e.At)
	if err != nil {
		return err
	}
	if err := errors.Join(tx.putDiscrepancy(before, after), tx.put(numbered("de/"+f.DiscrepancyID, e.Number), nil)); err != nil {
		return err
	}
	if refund := f.Resolution.RefundID; refund != "" {
		if err := tx.put(key("dr", refund), []byte(before.ID)); err != nil {
			return err
		}
	}
	if was, ok, err := tx.Order(before.OrderID); err != nil {
		return err
	} else if ok {
		is := was.Yield(f, before.SessionID, e.At)
		if err := errors.Join(tx.putOrder(was, is), tx.settleIntents(f, is)); err != nil {
			return err
		}
	}
	if f.Order == nil {
		return nil
	}
	o := *f.Order
	o.Returns = before.Returns
	return errors.Join(tx.unplaced(before), tx.putNewOrder(o), tx.put(numbered("oe/"+o.ID, e.Number), nil))
}

// reopen lets money wait again that was to be given back out of an order's,
// when Stripe made no refund of what was asked. One that Stripe made, and that
// failed afterwards, is found as money of its own (boxoffice.RefundCame).
func (tx *Tx) reopen(e Entry, before, after boxoffice.Returns) error {
	for _, was := range before.Refunds {
		is, _ := after.RefundByID(was.ID)
		if was.Status != boxoffice.RefundAsked || is.Status.Gone() {
			continue
		}
		id := tx.GivesBack(was.ID)
		if id == "" {
			continue
		}
		d, err := tx.mustDiscrepancy(id)
		if err != nil || d.Resolution == nil || d.Resolution.RefundID != was.ID {
			return err
		}
		if err := errors.Join(tx.putDiscrepancy(d, d.Reopened()), tx.put(numbered("de/"+d.ID, e.Number), nil)); err != nil {
			return err
		}
	}
	return nil
}

// putNewOrder writes an order that the book does not have.
func (tx *Tx) putNewOrder(o boxoffice.Order) error {
	if err := tx.free(key("o", o.ID), key("oc", o.Code), madeBy(o)); err != nil {
		return err
	}
	return tx.putOrder(boxoffice.Order{}, o)
}
