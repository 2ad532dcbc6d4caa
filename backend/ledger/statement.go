package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"willcall/backend/boxoffice"
)

// applyStatement keeps what Stripe's own books say.
func (tx *Tx) applyStatement(f boxoffice.StatementReadFact) (err error) {
	for _, c := range f.Charges {
		err = errors.Join(err, tx.putJSON(key("bc", c.ID), c), tx.put(secondKey("ba", c.CreatedAt, c.ID), nil))
	}
	for _, t := range f.Transactions {
		var before boxoffice.BalanceTransaction
		if _, failed := tx.getJSON(key("bt", t.ID), &before); failed != nil {
			return failed
		}
		if t.PayoutID == "" {
			t.PayoutID = before.PayoutID // only the payout's own list tells
		}
		if t.ChargeID == "" {
			t.ChargeID = before.ChargeID // only what it is of tells
		}
		err = errors.Join(err, tx.putJSON(key("bt", t.ID), t), tx.put(secondKey("bu", t.CreatedAt, t.ID), nil))
		if t.PayoutID != "" {
			err = errors.Join(err, tx.put(key("bo", t.PayoutID, t.ID), nil))
		}
		if before.PayoutID != "" && before.PayoutID != t.PayoutID {
			err = errors.Join(err, tx.delete(key("bo", before.PayoutID, t.ID)))
		}
	}
	for _, p := range f.Payouts {
		before, _, failed := tx.Payout(p.ID)
		if failed != nil {
			return failed
		}
		p.Matched = p.Matched || before.Matched // the list that the book has stays in it
		err = errors.Join(err, tx.putJSON(key("bp", p.ID), p), tx.put(secondKey("bq", p.CreatedAt, p.ID), nil))
	}
	if f.Covered == nil {
		return err
	}
	spans, failed := tx.Covered()
	return errors.Join(err, failed, tx.putJSON(key("bs"), boxoffice.Cover(spans, *f.Covered)))
}

// Covered are the times for which the book has all charges and balance
// transactions, in order, and apart from each other.
func (tx *Tx) Covered() (spans []boxoffice.Span, err error) {
	_, err = tx.getJSON(key("bs"), &spans)
	return spans, err
}

// Charge finds a charge in Stripe's books as this book has them.
func (tx *Tx) Charge(id string) (c boxoffice.Charge, ok bool, err error) {
	ok, err = tx.getJSON(key("bc", id), &c)
	return c, ok, err
}

// Transaction finds a balance transaction.
func (tx *Tx) Transaction(id string) (t boxoffice.BalanceTransaction, ok bool, err error) {
	ok, err = tx.getJSON(key("bt", id), &t)
	return t, ok, err
}

// Payout finds a payout.
func (tx *Tx) Payout(id string) (p boxoffice.Payout, ok bool, err error) {
	ok, err = tx.getJSON(key("bp", id), &p)
	return p, ok, err
}

// Charges calls fn for each charge made from a time up to another, both
// included, in order, until fn returns false.
func (tx *Tx) Charges(from, to time.Time, fn func(boxoffice.Charge) (bool, error)) error {
	return between(tx, "ba", "bc", from, to, fn)
}

// Transactions calls fn for each balance transaction, likewise.
func (tx *Tx) Transactions(from, to time.Time, fn func(boxoffice.BalanceTransaction) (bool, error)) error {
	return between(tx, "bu", "bt", from, to, fn)
}

// Payouts are those made from a time up to another, both included, newest
// first.
func (tx *Tx) Payouts(from, to time.Time) (payouts []boxoffice.Payout, err error) {
	err = between(tx, "bq", "bp", from, to, func(p boxoffice.Payout) (bool, error) {
		payouts = append(payouts, p)
		return true, nil
	})
	slices.Reverse(payouts)
	return payouts, err
}

// TransactionsOf are the balance transactions that went out with the payout.
func (tx *Tx) TransactionsOf(payoutID string) (found []boxoffice.BalanceTransaction, err error) {
	prefix := key("bo", payoutID, "")
	err = tx.scan(prefix, func(k, _ []byte) (bool, error) {
		t, _, err := tx.Transaction(strings.TrimPrefix(string(k), string(prefix)))
		found = append(found, t)
		return true, err
	})
	return found, err
}

// between reads what an index by time leads to.
func between[T any](tx *Tx, index, prefix string, from, to time.Time, fn func(T) (bool, error)) error {
	start, end := numbered(index, second(from)), numbered(index, second(to)+1)
	return tx.scanFrom([]byte(index+"/"), start, func(k, _ []byte) (bool, error) {
		if bytes.Compare(k, end) >= 0 {
			return false, nil
		}
		id, err := afterSecond(k, len(end))
		if err != nil {
			return false, err
		}
		var v T
		if ok, err := tx.getJSON(key(prefix, id), &v); err != nil || !ok {
			return false, errors.Join(err, corrupt(fmt.Errorf("%q leads nowhere", k)))
		}
		return fn(v)
	})
}

// AddReads counts requests that Stripe allots, on a day of its clock.
func (tx *Tx) AddReads(day time.Time, reads int64) error {
	k := numbered("xu", uint64(max(day.Unix(), 0)/86400))
	var before int64
	if _, err := tx.getJSON(k, &before); err != nil {
		return err
	}
	return tx.putJSON(k, before+reads)
}

// Reads is how many were counted on the days from a time up to another.
func (tx *Tx) Reads(from, to time.Time) (sum int64, err error) {
	end := uint64(max(to.Unix(), 0) / 86400)
	err = tx.scanFrom([]byte("xu/"), numbered("xu", uint64(max(from.Unix(), 0)/86400)), func(k, _ []byte) (bool, error) {
		if lastNumber(k) > end {
			return false, nil
		}
		var n int64
		_, err := tx.getJSON(k, &n)
		sum += n
		return true, err
	})
	return sum, err
}
