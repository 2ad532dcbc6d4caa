package ledger

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// The indexes below follow from orders and discrepancies, as orderKeys do, and
// came later than the first books: a book that lacks them is given them when it
// is opened, and Verify compares them where they are all there.

// indexVersion is the newest of them; raising it makes every book index again.
const indexVersion = 3

// indexKey is one entry of an index: its key and where it leads.
type indexKey struct{ key, to []byte }

// orderIndex leads to an order by its money and by what it is searched by.
func orderIndex(o boxoffice.Order) (keys []indexKey) {
	if o.ID == "" {
		return nil
	}
	id := []byte(o.ID)
	keys = append(keys, indexKey{numbered("xl", o.Number), searchLine(o)})
	for _, t := range o.Tenders {
		if t.PaymentIntentID != "" && t.PaymentIntentID != t.SessionID {
			keys = append(keys, indexKey{key("xp", t.PaymentIntentID), id})
		}
		if t.State == boxoffice.TenderPaid {
			keys = append(keys, indexKey{moneyKey(t.PaidAt, o.PlacedAt, o.ID), []byte("o" + o.ID)})
		}
	}
	if len(o.Unanswered()) > 0 {
		keys = append(keys, indexKey{key("xq", o.ID), id})
	}
	return append(keys, refundIndex("o"+o.ID, o.Returns)...)
}

// discrepancyIndex leads to a discrepancy by its money. What is seated is found
// by its order.
func discrepancyIndex(d boxoffice.Discrepancy) (keys []indexKey) {
	if d.ID == "" {
		return nil
	}
	if d.Waiting() {
		keys = append(keys, indexKey{key("xw", d.ID), []byte{}})
	}
	if !d.Counts() {
		return keys
	}
	if d.PaymentIntentID != "" {
		keys = append(keys, indexKey{key("xd", d.PaymentIntentID), []byte(d.ID)})
	}
	keys = append(keys, indexKey{moneyKey(d.PaidAt, d.FoundAt, d.ID), []byte("d" + d.ID)})
	return append(keys, refundIndex("d"+d.ID, d.Returns)...)
}

func refundIndex(to string, r boxoffice.Returns) (keys []indexKey) {
	if len(r.Refunds)+len(r.Disputes) > 0 {
		keys = append(keys, indexKey{key("xt", to), []byte(to)})
	}
	for _, f := range r.Refunds {
		if !f.Status.Final() && f.StripeID != "" {
			keys = append(keys, indexKey{key("xr", f.StripeID), []byte(to)})
		}
	}
	for _, d := range r.Disputes {
		if d.Status.Open() {
			keys = append(keys, indexKey{key("xs", d.ID), []byte(to)})
		}
	}
	return keys
}

// moneyKey is where money that came in stands, by when; by another time where
// an older book did not keep it.
func moneyKey(at, other time.Time, id string) []byte {
	if at.IsZero() {
		at = other
	}
	return secondKey("xm", at, id)
}

// reindex puts the keys that are now in the place of those that were. A key
// that leads to another order by now, as a session's does after its money was
// seated anew, is left to that one.
func (tx *Tx) reindex(was, is []indexKey) error {
	for _, w := range was {
		if !w.in(is) && bytes.Equal(tx.get(w.key), w.to) {
			if err := tx.delete(w.key); err != nil {
				return err
			}
		}
	}
	for _, i := range is {
		if !i.in(was) {
			if err := tx.put(i.key, i.to); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k indexKey) in(list []indexKey) bool {
	return slices.ContainsFunc(list, func(other indexKey) bool { return bytes.Equal(other.key, k.key) && bytes.Equal(other.to, k.to) })
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
	for more := true; more; {
		if err := b.Update(func(tx *Tx) (err error) { more, err = tx.retire(); return err }); err != nil {
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

// retire takes out some of the search keys of earlier versions, and says
// whether there are more.
func (tx *Tx) retire() (more bool, err error) {
	var keys [][]byte
	for _, prefix := range searchedBefore() {
		err := tx.scan([]byte(prefix), func(k, _ []byte) (bool, error) {
			if more = len(keys) == indexBatch; !more {
				keys = append(keys, bytes.Clone(k))
			}
			return !more, nil
		})
		if err != nil {
			return false, err
		}
	}
	for _, k := range keys {
		err = errors.Join(err, tx.delete(k))
	}
	return more, err
}

// indexOrders indexes some orders from the key on, and says where to go on; nil
// at the end. Where a payment is named by two orders, it is that one's which it
// paid.
func (tx *Tx) indexOrders(from []byte) (next []byte, err error) {
	var sold, rest []indexKey
	var gone [][]byte
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
		if k := key("ok", o.Key); retired(tx.txn, k) {
			gone = append(gone, k)
		}
		if o.Hold.State == boxoffice.Sold {
			sold = append(sold, orderIndex(o)...)
			return true, nil
		}
		for _, k := range orderIndex(o) {
			if tx.get(k.key) == nil {
				rest = append(rest, k)
			}
		}
		return true, nil
	})
	for _, k := range gone {
		err = errors.Join(err, tx.delete(k))
	}
	return next, errors.Join(err, tx.reindex(nil, rest), tx.reindex(nil, sold))
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

// Amount is how much came in.
func (m Money) Amount() money.Amount {
	if m.Order != nil {
		return m.Order.Total
	}
	return m.Discrepancy.Amount
}

// IntentID is the PaymentIntent that brought it; a payment of nothing has none,
// and goes by its session.
func (m Money) IntentID() string {
	if m.Order != nil {
		return paidBy(*m.Order)
	}
	return cmp.Or(m.Discrepancy.PaymentIntentID, m.Discrepancy.SessionID)
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
	o, ok, err := tx.OrderBySession(intentID)
	if err != nil || ok && paidBy(o) == intentID {
		return Money{Order: &o}, err == nil, err
	}
	if id := tx.get(key("xd", intentID)); id != nil {
		d, err := tx.mustDiscrepancy(string(id))
		return Money{Discrepancy: &d}, err == nil, err
	}
	return m, false, nil
}

// paidBy is the payment by which the order's money came, or "". An order that
// was paid by one does not have another's.
func paidBy(o boxoffice.Order) string {
	for _, t := range o.Tenders {
		if t.State == boxoffice.TenderPaid {
			return cmp.Or(t.PaymentIntentID, t.SessionID)
		}
	}
	return ""
}

// MoneyBetween calls fn for each payment that came in from a time up to
// another, both included, in order of seconds, until fn returns false. A
// payment of nothing has no intent, and goes by its session.
func (tx *Tx) MoneyBetween(from, to time.Time, fn func(intentID string, m Money) (bool, error)) error {
	end := numbered("xm", second(to)+1)
	return tx.scanFrom([]byte("xm/"), numbered("xm", second(from)), func(k, owner []byte) (bool, error) {
		if bytes.Compare(k, end) >= 0 {
			return false, nil
		}
		m, err := tx.moneyAt(owner)
		if err != nil {
			return false, err
		}
		if m.Discrepancy != nil {
			id := m.IntentID()
			first, known, err := tx.MoneyByIntent(id)
			if err != nil || known && first.Of() != m.Of() {
				return err == nil, err // told of where it is found by its payment
			}
			return fn(id, m)
		}
		return fn(m.IntentID(), m)
	})
}

// CountMoney is how many payments came in from a time up to another, both
// included, or most. It reads none of them.
func (tx *Tx) CountMoney(from, to time.Time, most int64) (n int64, err error) {
	end := numbered("xm", second(to)+1)
	err = tx.scanFrom([]byte("xm/"), numbered("xm", second(from)), func(k, _ []byte) (bool, error) {
		if n == most || bytes.Compare(k, end) >= 0 {
			return false, nil
		}
		n++
		return true, nil
	})
	return n, err
}

// MoneyReturned calls fn for each payment of which some went back, or was to
// go back.
func (tx *Tx) MoneyReturned(fn func(m Money) error) error {
	return tx.eachMoney("xt/", func(_ string, m Money) error { return fn(m) })
}

// UnfinishedRefunds calls fn for each refund that Stripe has not finished.
func (tx *Tx) UnfinishedRefunds(fn func(stripeID string, m Money) error) error {
	return tx.eachMoney("xr/", fn)
}

// OpenDisputes calls fn for each dispute that is open.
func (tx *Tx) OpenDisputes(fn func(stripeID string, m Money) error) error {
	return tx.eachMoney("xs/", fn)
}

func (tx *Tx) eachMoney(prefix string, fn func(id string, m Money) error) error {
	return tx.scan([]byte(prefix), func(k, to []byte) (bool, error) {
		m, err := tx.moneyAt(to)
		if err != nil {
			return false, err
		}
		return true, fn(strings.TrimPrefix(string(k), prefix), m)
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
