package stripesim

import (
	"cmp"
	"encoding/json"
	"slices"
	"sort"
	"time"
)

// resource is one of Stripe's objects in its table. What a table holds is
// never altered: a change puts an altered copy.
type resource interface {
	key() string
	born() int64 // seconds; never changes
}

// table holds the objects of one noun, oldest first, in the order of their
// time and then of their arrival.
type table[T resource] struct {
	byID  map[string]T
	order []string
}

// put adds an object, or takes v in the place of its earlier version.
func (t *table[T]) put(v T) {
	if t.byID == nil {
		t.byID = map[string]T{}
	}
	_, known := t.byID[v.key()]
	t.byID[v.key()] = v
	if known {
		return
	}
	at := len(t.order)
	if at > 0 && t.bornAt(at-1) > v.born() {
		at = t.until(v.born())
	}
	t.order = slices.Insert(t.order, at, v.key())
}

// putAll is put for many: their order is found once for all of them.
func (t *table[T]) putAll(values []T) {
	if len(values) < 64 {
		for _, v := range values {
			t.put(v)
		}
		return
	}
	if t.byID == nil {
		t.byID = make(map[string]T, len(values))
	}
	for _, v := range values {
		if _, known := t.byID[v.key()]; !known {
			t.order = append(t.order, v.key())
		}
		t.byID[v.key()] = v
	}
	byTime := func(a, b string) int { return cmp.Compare(t.byID[a].born(), t.byID[b].born()) }
	if !slices.IsSortedFunc(t.order, byTime) {
		slices.SortStableFunc(t.order, byTime)
	}
}

func (t *table[T]) bornAt(i int) int64 { return t.byID[t.order[i]].born() }

// until is how many objects were born at that second or before it.
func (t *table[T]) until(second int64) int {
	return sort.Search(len(t.order), func(i int) bool { return t.bornAt(i) > second })
}

// place is where an object stands in the order.
func (t *table[T]) place(id string) (at int, known bool) {
	v, known := t.byID[id]
	if !known {
		return 0, false
	}
	at = t.until(v.born()) - 1
	for t.order[at] != id { // another of the same second
		at--
	}
	return at, true
}

// remove forgets an object.
func (t *table[T]) remove(id string) {
	delete(t.byID, id)
	t.order = slices.DeleteFunc(t.order, func(other string) bool { return other == id })
}

// tx is one request's view of one account, and what it will write. Reads see
// its own writes. It lives while the Sim's mu is held.
type tx struct {
	sim     *Sim
	acct    *account
	now     int64   // seconds
	caller  *apiKey // nil where the buyer or the clock acts
	request eventRequest
	path    func(string) string // the id in the URL's path
	args    *form
	taxed   map[string][]lineTax // of the lines that were shown, by the line's id
	lags    bool                 // the list that is asked for has not caught up yet
	wrote   change
}

// begin opens a transaction on an account. The caller holds mu.
func (s *Sim) begin(a *account) *tx {
	return &tx{sim: s, acct: a, now: s.now(), taxed: map[string][]lineTax{}, wrote: change{Account: a.book()}}
}

func (t *tx) commit() error {
	t.shuffle()
	return t.sim.commit(&t.wrote)
}

// find looks among what was just written, then in the table.
func find[T resource](wrote []T, t *table[T], id string) (T, bool) {
	for _, v := range wrote {
		if v.key() == id {
			return v, true
		}
	}
	v, ok := t.byID[id]
	return v, ok
}

// put records v, in place of an earlier version in the same change.
func put[T resource](wrote *[]T, v T) {
	for i, w := range *wrote {
		if w.key() == v.key() {
			(*wrote)[i] = v
			return
		}
	}
	*wrote = append(*wrote, v)
}

func (t *tx) product(id string) (*product, bool) {
	return find(t.wrote.Products, &t.acct.products, id)
}

func (t *tx) price(id string) (*price, bool) {
	return find(t.wrote.Prices, &t.acct.prices, id)
}

func (t *tx) taxRate(id string) (*taxRate, bool) {
	return find(t.wrote.TaxRates, &t.acct.taxRates, id)
}

func (t *tx) link(id string) (*link, bool) {
	return find(t.wrote.Links, &t.acct.links, id)
}

func (t *tx) session(id string) (*session, bool) {
	return find(t.wrote.Sessions, &t.acct.sessions, id)
}

func (t *tx) intent(id string) (*intent, bool) {
	return find(t.wrote.Intents, &t.acct.intents, id)
}

func (t *tx) charge(id string) (*charge, bool) {
	return find(t.wrote.Charges, &t.acct.charges, id)
}

func (t *tx) refund(id string) (*refund, bool) {
	return find(t.wrote.Refunds, &t.acct.refunds, id)
}

func (t *tx) dispute(id string) (*dispute, bool) {
	return find(t.wrote.Disputes, &t.acct.disputes, id)
}

func (t *tx) payout(id string) (*payout, bool) {
	return find(t.wrote.Payouts, &t.acct.payouts, id)
}

func (t *tx) transaction(id string) (*balanceTransaction, bool) {
	return find(t.wrote.Transactions, &t.acct.transactions, id)
}

// render is v as it goes over the wire, with keys that can be expanded.
func render(v any) (map[string]any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return decode(raw)
}

func skewOf(nanoseconds int64) time.Duration { return time.Duration(nanoseconds) }
