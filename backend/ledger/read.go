package ledger

import (
	"encoding/json"
	"fmt"
	"strings"

	"willcall/backend/boxoffice"
)

// Opened is the book's first fact: whose it is and for what. False in an empty
// book.
func (tx *Tx) Opened() (f boxoffice.BookOpenedFact, ok bool, err error) {
	ok, err = tx.getJSON(key("b"), &f)
	return f, ok, err
}

// Catalogue is everything on sale, with its quotas.
func (tx *Tx) Catalogue() (c boxoffice.Catalogue, err error) {
	if c.Events, err = all[boxoffice.Event](tx, "v"); err != nil {
		return c, err
	}
	c.Quotas, err = all[boxoffice.Quota](tx, "q")
	return c, err
}

// HasRoom reports whether all the claims could be taken now.
func (tx *Tx) HasRoom(claims []boxoffice.Claim) (bool, error) {
	var c boxoffice.Catalogue
	for _, claim := range claims {
		q, ok, err := recall[boxoffice.Quota](tx, key("q", claim.QuotaID))
		if err != nil || !ok {
			return false, err
		}
		if _, twice := c.QuotaByID(q.ID); !twice {
			c.Quotas = append(c.Quotas, q)
		}
	}
	return c.HasRoom(claims), nil
}

// Intents returns the writes that Stripe has not answered, by key.
func (tx *Tx) Intents() ([]boxoffice.Intent, error) { return all[boxoffice.Intent](tx, "i") }

// Intent returns one of them; false when it is answered or never was.
func (tx *Tx) Intent(intentKey string) (i boxoffice.Intent, ok bool, err error) {
	ok, err = tx.getJSON(key("i", intentKey), &i)
	return i, ok, err
}

// Discrepancies returns the money that fits no order.
func (tx *Tx) Discrepancies() ([]boxoffice.Discrepancy, error) {
	return all[boxoffice.Discrepancy](tx, "d")
}

// HasDiscrepancy reports whether it is in the book.
func (tx *Tx) HasDiscrepancy(id string) bool { return tx.get(key("d", id)) != nil }

// Order finds an order by its id.
func (tx *Tx) Order(id string) (o boxoffice.Order, ok bool, err error) {
	ok, err = tx.getJSON(key("o", id), &o)
	return o, ok, err
}

// OrderByCode finds an order by its short name, in either case.
func (tx *Tx) OrderByCode(code string) (boxoffice.Order, bool, error) {
	return tx.orderAt(key("oc", strings.ToUpper(code)))
}

// OrderByKey finds the order that the till's idempotency key made.
func (tx *Tx) OrderByKey(idempotencyKey string) (boxoffice.Order, bool, error) {
	return tx.orderAt(key("ok", idempotencyKey))
}

// OrderBySession finds the order that the Checkout Session is to pay, or the
// PaymentIntent, be it a typed card's or a session's own.
func (tx *Tx) OrderBySession(id string) (boxoffice.Order, bool, error) {
	o, ok, err := tx.orderAt(key("op", id))
	if err == nil && !ok {
		o, ok, err = tx.orderAt(key("xp", id))
	}
	return o, ok, err
}

// OrderByTicket finds the order that bought the ticket.
func (tx *Tx) OrderByTicket(ticketID string) (boxoffice.Order, bool, error) {
	return tx.orderAt(key("ot", ticketID))
}

// Awaiting returns the orders that somebody may still pay.
func (tx *Tx) Awaiting() ([]boxoffice.Order, error) {
	var orders []boxoffice.Order
	err := tx.scan([]byte("oa/"), func(_, id []byte) (bool, error) {
		o, err := tx.indexed(id)
		orders = append(orders, o)
		return true, err
	})
	return orders, err
}

func (tx *Tx) orderAt(index []byte) (boxoffice.Order, bool, error) {
	id := tx.get(index)
	if id == nil {
		return boxoffice.Order{}, false, nil
	}
	o, err := tx.indexed(id)
	return o, err == nil, err
}

// indexed reads the order that an index leads to. An index that leads nowhere
// is damage.
func (tx *Tx) indexed(id []byte) (boxoffice.Order, error) {
	o, ok, err := tx.Order(string(id))
	if err == nil && !ok {
		err = corrupt(fmt.Errorf("an index leads to order %q, which is not in the book", id))
	}
	return o, err
}

func (tx *Tx) mustOrder(id string) (boxoffice.Order, error) {
	o, ok, err := tx.Order(id)
	if err == nil && !ok {
		err = fmt.Errorf("order %q is not in the book", id)
	}
	return o, err
}

func all[T any](tx *Tx, prefix string) ([]T, error) {
	var values []T
	err := tx.scan([]byte(prefix+"/"), func(k, text []byte) (bool, error) {
		var v T
		if err := json.Unmarshal(text, &v); err != nil {
			return false, corrupt(fmt.Errorf("%q: %w", k, err))
		}
		values = append(values, v)
		return true, nil
	})
	return values, err
}

// OrderQuery asks for orders, newest first.
type OrderQuery struct {
	Text   string                // the start of a code, an e-mail address or a word of a name, or a card's last four digits; "" for all
	Status boxoffice.OrderStatus // "" for all
	Poster string                // only those that began at the poster; "" for all
	Before uint64                // only orders placed before this number; 0 for the newest
	Limit  int                   // how many at most
}

// Orders answers the query. More reports whether older ones are left. But for a
// text it takes no longer in a book of a million.
func (tx *Tx) Orders(q OrderQuery) (orders []boxoffice.Order, more bool, err error) {
	index, fits := "on", func([]byte) bool { return true }
	if text := strings.TrimSpace(q.Text); text != "" {
		index, fits = "xl", found(text)
	} else if q.Poster != "" {
		index = "ow/" + q.Poster
	} else if q.Status != "" {
		index = "os/" + string(q.Status)
	}
	err = tx.scanNewest(index, q.Before, func(k, value []byte) (bool, error) {
		number := lastNumber(k)
		if !fits(value) || !tx.among(q, number) {
			return true, nil
		}
		if len(orders) >= q.Limit {
			more = true
			return false, nil
		}
		o, err := tx.indexed(tx.get(numbered("on", number)))
		orders = append(orders, o)
		return true, err
	})
	return orders, more, err
}

// among reports whether the order of the number has the status and the poster
// that are asked for. It reads no order.
func (tx *Tx) among(q OrderQuery, number uint64) bool {
	return (q.Status == "" || tx.get(numbered("os/"+string(q.Status), number)) != nil) &&
		(q.Poster == "" || tx.get(numbered("ow/"+q.Poster, number)) != nil)
}

// scanNewest calls fn for each key prefix/<number> with a number below before,
// or for all if that is 0, from the highest number down.
func (tx *Tx) scanNewest(prefix string, before uint64, fn func(key, value []byte) (bool, error)) error {
	from := after([]byte(prefix + "/"))
	if before > 0 {
		from = numbered(prefix, before)
	}
	return tx.scanBack([]byte(prefix+"/"), from, fn)
}

// CountAwaiting is how many orders somebody may still pay.
func (tx *Tx) CountAwaiting() int {
	n := 0
	_ = tx.scan([]byte("oa/"), func(_, _ []byte) (bool, error) { n++; return true, nil }) // fn never fails
	return n
}
