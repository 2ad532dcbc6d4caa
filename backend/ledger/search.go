package ledger

import (
	"slices"
	"strings"

	"willcall/backend/boxoffice"
)

// searchMost bounds how many matches of a start are looked at: a single letter
// matches half the book, and nobody reads more than a screen of it.
const searchMost = 1000

// search finds orders by what people say at the window: the start of a code or
// of an e-mail address, or the last four digits of a card.
func (tx *Tx) search(q OrderQuery) (orders []boxoffice.Order, more bool, err error) {
	text := strings.TrimSpace(q.Text)
	starts := []string{"oc/" + strings.ToUpper(text), "om/" + strings.ToLower(text)}
	if len(text) == 4 && strings.Trim(text, "0123456789") == "" {
		starts = append(starts, "o4/"+text+"/")
	}
	found := map[string]boxoffice.Order{}
	for _, start := range starts {
		err := tx.scan([]byte(start), func(_, id []byte) (bool, error) {
			if len(found) == searchMost {
				more = true
				return false, nil
			}
			o, err := tx.mustOrder(string(id))
			if (q.Status == "" || o.Status() == q.Status) && (q.Before == 0 || o.Number < q.Before) {
				found[o.ID] = o
			}
			return true, err
		})
		if err != nil {
			return nil, false, err
		}
	}
	for _, o := range found {
		orders = append(orders, o)
	}
	slices.SortFunc(orders, func(a, b boxoffice.Order) int { return int(int64(b.Number) - int64(a.Number)) })
	if len(orders) > q.Limit {
		orders, more = orders[:q.Limit], true
	}
	return orders, more, nil
}
