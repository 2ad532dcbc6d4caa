package ledger

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"willcall/backend/boxoffice"
)

// The key space. Numbers are eight bytes, big end first, so that keys sort as
// the numbers do. What begins with x is the poller's own memory, which is not
// rebuilt from entries, since losing it costs reads and never money; and the
// indexes of index.go, which are.
//
//	e/<number>                     an entry: its hash and its text
//	c/<register>                   the newest entry of a register's chain
//	n                              the newest number
//	b                              the book's first fact
//	a  am  ad                      the Stripe account, its ways to pay, and whether slow ones may be used
//	v/<event>  q/<quota>           the catalogue
//	m/<type>  t/<percent>/<name>   what Stripe has of it: products and prices, tax rates
//	p/<poster>  pl/<link>          posters
//	o/<order>                      an order
//	i/<intent key>                 an intent that Stripe has not answered
//	d/<discrepancy>                money without a place
//	de/<discrepancy>/<number>      what was done about it, and about its money
//	dr/<refund>                    the discrepancy that the refund was to settle
//	bc/<charge>  bt/<transaction>  bp/<payout>   what Stripe's own books say
//	ba/<second>/<charge>  bu/<second>/<transaction>  bq/<second>/<payout>   … by time
//	bo/<payout>/<transaction>      … by the payout that they went out with
//	bs                             the times for which the book has all of it
//	oa/<order>                     orders that somebody may still pay
//	oe/<order>/<number>            an order's entries
//	on/<number>                    orders by when they were placed
//	os/<status>/<number>           … by status
//	oc/<code>  ok/<till's key>  op/<session>  ot/<ticket>   … by what belongs to them
//	ow/<poster>/<number>
//	xc                             the poll's cursor
//	xi/<second>/<event>            Stripe's events that were seen
//	xp/<payment>                   orders by their session's own PaymentIntent
//	xd/<payment>                   discrepancies by theirs
//	xm/<second>/<order or discrepancy>   all money that came in, by when: "o<order>" or "d<discrepancy>"
//	xw/<discrepancy>               money that waits for a person
//	xq/<order>                     orders with a refund of which nobody said what it is for
//	xr/<refund>                    refunds that Stripe has not finished: "o<order>" or "d<discrepancy>"
//	xs/<dispute>                   disputes that are open, likewise
//	xt/<o|d><id>                   money of which some went back
//	xl/<number>                    what people search an order by; see search.go
//	xn                             when everything of the last days was looked at again
//	xnd                            that disputes could not be read
//	xu/<day>                       how many reads Stripe was asked that day
//	xv                             which of the indexes above the book has; see index.go
func key(parts ...string) []byte { return []byte(strings.Join(parts, "/")) }

func numbered(prefix string, n uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte(prefix+"/"), n)
}

// lastNumber is the number that k ends in; 0, which no entry has, if it is too
// short for one, as in a book that was tampered with.
func lastNumber(k []byte) uint64 {
	if len(k) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(k[len(k)-8:])
}

// after is the key that follows every key with the prefix.
func after(prefix []byte) []byte {
	return append(append([]byte(nil), prefix...), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
}

// operational reports whether k is the poller's memory and no state of the book.
func operational(k []byte) bool { return k[0] == 'x' }

// orderKeys lists the index keys that an order stands under, none for no order.
// They follow from the order alone, so that a change of the order is a change
// of the list.
func orderKeys(o boxoffice.Order) (keys []indexKey) {
	if o.ID == "" {
		return nil
	}
	id, status := []byte(o.ID), o.Status()
	to := func(k []byte) { keys = append(keys, indexKey{k, id}) }
	to(numbered("on", o.Number))
	to(numbered("os/"+string(status), o.Number))
	to(key("oc", o.Code))
	to(madeBy(o))
	if status == boxoffice.AwaitingPayment {
		to(key("oa", o.ID))
	}
	for _, t := range o.Tenders {
		if t.SessionID != "" {
			to(key("op", t.SessionID))
		}
	}
	if o.PosterID != "" {
		to(numbered("ow/"+o.PosterID, o.Number))
	}
	for _, t := range o.Tickets {
		to(key("ot", t.ID))
	}
	return keys
}

// madeBy is the key that only one order can have: of the till's own key, or of
// the session by which it arrived.
func madeBy(o boxoffice.Order) []byte {
	if slices.ContainsFunc(o.Tenders, func(t boxoffice.Tender) bool { return t.SessionID == o.Key }) {
		return key("op", o.Key)
	}
	return key("ok", o.Key)
}

// retired reports whether k is an index key of earlier versions that leads
// where the rest of the book does: Verify leaves it alone, and index takes it
// out.
func retired(t txn, k []byte) bool {
	for _, prefix := range searchedBefore() {
		if bytes.HasPrefix(k, []byte(prefix)) {
			return true
		}
	}
	session, ok := bytes.CutPrefix(k, []byte("ok/"))
	return ok && t.get(key("op", string(session))) != nil
}

// searchedBefore begin the keys by which earlier versions searched.
func searchedBefore() []string { return []string{"om/", "ob/", "o4/"} }

// secondKey is a key that sorts by time, to the second.
func secondKey(prefix string, at time.Time, id string) []byte {
	return append(append(numbered(prefix, second(at)), '/'), id...)
}

// afterSecond is the id at the end of a key by time whose prefix and second take
// up so many bytes.
func afterSecond(k []byte, head int) (id string, err error) {
	if len(k) <= head {
		return "", corrupt(fmt.Errorf("%q is no key by time", k))
	}
	return string(k[head+1:]), nil
}

func second(at time.Time) uint64 { return uint64(max(at.Unix(), 0)) }
