package ledger

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"willcall/backend/boxoffice"
)

// The indexes below follow from orders and discrepancies, as orderKeys do, and
// came later than the first books: they are no part of what Verify compares,
// and a book that lacks them is given them when it is opened.

// indexVersion is the newest of them; raising it makes every book index again.
const indexVersion = 1

// indexKey is one entry of an index: its key and where it leads.
type indexKey struct{ key, to []byte }

// orderIndex leads to an order by its money.
func orderIndex(o boxoffice.Order) (keys []indexKey) {
	if o.ID == "" {
		return nil
	}
	to := func(k []byte) { keys = append(keys, indexKey{k, []byte(o.ID)}) }
	for _, t := range o.Tenders {
		if t.PaymentIntentID != "" && t.PaymentIntentID != t.SessionID {
			to(key("xp", t.PaymentIntentID))
		}
		if t.State == boxoffice.TenderPaid {
			keys = append(keys, indexKey{moneyKey(t.PaidAt, t.PaymentIntentID, t.SessionID), []byte("o" + o.ID)})
		}
	}
	if len(o.Unanswered()) > 0 {
		to(key("xq", o.ID))
	}
	return append(keys, refundIndex("o"+o.ID, o.Returns)...)
}

// discrepancyIndex leads to a discrepancy by its money.
func discrepancyIndex(d boxoffice.Discrepancy) (keys []indexKey) {
	if d.ID == "" {
		return nil
	}
	if d.Counts() {
		if d.PaymentIntentID != "" {
			keys = append(keys, indexKey{key("xd", d.PaymentIntentID), []byte(d.ID)})
		}
		at := d.PaidAt
		if at.IsZero() {
			at = d.FoundAt // an older book did not keep when it was paid
		}
		keys = append(keys, indexKey{moneyKey(at, d.PaymentIntentID, d.SessionID), []byte("d" + d.ID)})
	}
	if d.Waiting() {
		keys = append(keys, indexKey{key("xw", d.ID), []byte{}})
	}
	return append(keys, refundIndex("d"+d.ID, d.Returns)...)
}

func refundIndex(to string, r boxoffice.Returns) (keys []indexKey) {
	for _, f := range r.Refunds {
		if !f.Status.Final() && f.StripeID != "" {
			keys = append(keys, indexKey{key("xr", f.StripeID), []byte(to)})
		}
	}
	return keys
}

// moneyKey is where money that came in stands, by when. A payment without an
// intent, of nothing, goes by its session.
func moneyKey(at time.Time, intentID, sessionID string) []byte {
	if intentID == "" {
		intentID = sessionID
	}
	return secondKey("xm", at, intentID)
}

// reindex puts the keys that are now in the place of those that were.
func (tx *Tx) reindex(was, is []indexKey) error {
	has := func(list []indexKey, k []byte) bool {
		for _, other := range list {
			if string(other.key) == string(k) {
				return true
			}
		}
		return false
	}
	for _, w := range was {
		if !has(is, w.key) {
			if err := tx.delete(w.key); err != nil {
				return err
			}
		}
	}
	for _, i := range is {
		if !has(was, i.key) {
			if err := tx.put(i.key, i.to); err != nil {
				return err
			}
		}
	}
	return nil
}

// indexBatch bounds how many orders are indexed in one transaction.
const indexBatch = 2000

// index gives the book the indexes that it lacks. A crash lets it begin again.
func (b *Book) index() error {
	current := false
	err := b.View(func(tx *Tx) error {
		var version int
		_, err := tx.getJSON(key("xv"), &version)
		current = version == indexVersion
		return err
	})
	if err != nil || current {
		return err
	}
	for from := []byte("o/"); from != nil; {
		if err := b.Update(func(tx *Tx) (err error) { from, err = tx.indexOrders(from); return err }); err != nil {
			return err
		}
	}
	return b.Update(func(tx *Tx) error {
		found, err := tx.Discrepancies()
		for _, d := range found {
			err = errors.Join(err, tx.reindex(nil, discrepancyIndex(d)))
		}
		return errors.Join(err, tx.putJSON(key("xv"), indexVersion))
	})
}

// indexOrders indexes some orders from the key on, and says where to go on; nil
// at the end.
func (tx *Tx) indexOrders(from []byte) (next []byte, err error) {
	var keys []indexKey
	n := 0
	err = tx.scanFrom([]byte("o/"), from, func(k, text []byte) (bool, error) {
		if n == indexBatch {
			next = append([]byte(nil), k...)
			return false, nil
		}
		n++
		var o boxoffice.Order
		if err := json.Unmarshal(text, &o); err != nil {
			return false, corrupt(err)
		}
		keys = append(keys, orderIndex(o)...)
		return true, nil
	})
	return next, errors.Join(err, tx.reindex(nil, keys))
}

// Money is a payment that came in, as the book has it: an order's, or kept
// without one.
type Money struct {
	Order       *boxoffice.Order
	Discrepancy *boxoffice.Discrepancy
}

// Of says whose money it is, as facts name it.
func (m Money) Of() boxoffice.OfMoney {
	if m.Order != nil {
		return boxoffice.OfMoney{OrderID: m.Order.ID}
	}
	return boxoffice.OfMoney{DiscrepancyID: m.Discrepancy.ID}
}

// Returns is what went back of it.
func (m Money) Returns() boxoffice.Returns {
	if m.Order != nil {
		return m.Order.Returns
	}
	return m.Discrepancy.Returns
}

// MoneyByIntent finds the payment in the book; false where it is not.
func (tx *Tx) MoneyByIntent(intentID string) (m Money, ok bool, err error) {
	if id := tx.get(key("xd", intentID)); id != nil {
		d, err := tx.mustDiscrepancy(string(id))
		return Money{Discrepancy: &d}, err == nil, err
	}
	o, ok, err := tx.OrderBySession(intentID)
	if err != nil || !ok || o.Hold.State != boxoffice.Sold {
		return m, false, err
	}
	return Money{Order: &o}, true, nil
}

// MoneyBetween calls fn for each payment that came in from a time up to
// another, both included, in order, until fn returns false.
func (tx *Tx) MoneyBetween(from, to time.Time, fn func(intentID string, m Money) (bool, error)) error {
	return tx.scanFrom([]byte("xm/"), numbered("xm", second(from)), func(k, to2 []byte) (bool, error) {
		if len(k) < 12 || string(k) >= string(numbered("xm", second(to)+1)) {
			return false, nil
		}
		m, err := tx.moneyAt(to2)
		if err != nil {
			return false, err
		}
		return fn(string(k[12:]), m)
	})
}

// UnfinishedRefunds calls fn for each refund that Stripe has not finished.
func (tx *Tx) UnfinishedRefunds(fn func(stripeID string, m Money) error) error {
	return tx.scan([]byte("xr/"), func(k, to []byte) (bool, error) {
		m, err := tx.moneyAt(to)
		if err != nil {
			return false, err
		}
		return true, fn(strings.TrimPrefix(string(k), "xr/"), m)
	})
}

// Unanswered are the orders with a refund of which nobody said what it is for.
func (tx *Tx) Unanswered() (orders []boxoffice.Order, err error) {
	err = tx.scan([]byte("xq/"), func(_, id []byte) (bool, error) {
		o, err := tx.indexed(id)
		orders = append(orders, o)
		return true, err
	})
	return orders, err
}

// Waiting is the money that waits for a person.
func (tx *Tx) Waiting() (found []boxoffice.Discrepancy, err error) {
	err = tx.scan([]byte("xw/"), func(k, _ []byte) (bool, error) {
		d, err := tx.mustDiscrepancy(strings.TrimPrefix(string(k), "xw/"))
		found = append(found, d)
		return true, err
	})
	return found, err
}

// moneyAt reads what an index leads to: "o<order>" or "d<discrepancy>".
func (tx *Tx) moneyAt(to []byte) (Money, error) {
	if len(to) == 0 {
		return Money{}, corrupt(errors.New("an index of money leads nowhere"))
	}
	if to[0] == 'd' {
		d, err := tx.mustDiscrepancy(string(to[1:]))
		return Money{Discrepancy: &d}, err
	}
	o, err := tx.indexed(to[1:])
	return Money{Order: &o}, err
}
