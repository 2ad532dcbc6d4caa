package ledger

import (
	"bytes"
	"strings"

	"willcall/backend/boxoffice"
)

// What people say at the window stands in one line an order, under its number:
// its code, the buyer's address and the words of the name, and the last four
// digits of the card, each between two ends. A search reads the lines from the
// newest on. That takes a fifth of a second in a book of a million, where an
// index of each word would cost every sale three more pages of the file.
const (
	lineEnd  = "\n"
	lineCard = "\x01" // before a card's digits: half a card finds nothing
)

// searchLine is the order's.
func searchLine(o boxoffice.Order) []byte {
	line := append([]string{"", o.Code, o.BuyerEmail}, strings.Fields(o.BuyerName)...)
	for _, t := range o.Tenders {
		if t.Card.Last4 != "" {
			line = append(line, lineCard+t.Card.Last4)
		}
	}
	return []byte(strings.ToLower(strings.Join(append(line, ""), lineEnd)))
}

// found says of a line of search whether the text is the start of a code, of an
// e-mail address or of a word of a name in it, or a card's last four digits.
func found(text string) func(line []byte) bool {
	text = strings.ToLower(text)
	start, card := []byte(lineEnd+text), []byte(lineEnd+lineCard+text+lineEnd)
	return func(line []byte) bool { return bytes.Contains(line, start) || bytes.Contains(line, card) }
}
