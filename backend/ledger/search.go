package ledger

import (
	"cmp"
	"slices"
	"strings"

	"willcall/backend/boxoffice"
)

// searchMost bounds how many matches of a start are looked at: a single letter
// matches half the book, and nobody reads more than a screen of it. Those
// beyond are found by typing one letter more.
const searchMost = 500

// search finds orders by what people say at the window: the start of a code of
// an e-mail address or of a word of a name, or the last four digits of a card.
func (tx *Tx) search(q OrderQuery) (orders []boxoffice.Order, more bool, err error) {
	found := map[string]boxoffice.Order{}
	looked := 0
	look := func(_, id []byte) (bool, error) {
		if looked++; looked > searchMost {
			return false, nil
		}
		o, err := tx.indexed(id)
		if (q.Status == "" || o.Status() == q.Status) && (q.Before == 0 || o.Number < q.Before) {
			found[o.ID] = o
		}
		return true, err
	}
	for _, start := range []string{"oc/" + strings.ToUpper(q.Text), "om/" + strings.ToLower(q.Text), "ob/" + strings.ToLower(q.Text)} {
		looked = 0
		if err := tx.scan([]byte(start), look); err != nil {
			return nil, false, err
		}
	}
	if len(q.Text) == 4 && strings.Trim(q.Text, "0123456789") == "" {
		looked = 0
		if err := tx.scanNewest("o4/"+q.Text, q.Before, look); err != nil {
			return nil, false, err
		}
	}
	for _, o := range found {
		orders = append(orders, o)
	}
	slices.SortFunc(orders, func(a, b boxoffice.Order) int { return cmp.Compare(b.Number, a.Number) })
	if len(orders) > q.Limit {
		orders, more = orders[:max(q.Limit, 0)], true
	}
	return orders, more, nil
}
