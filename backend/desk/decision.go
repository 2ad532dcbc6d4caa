package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

const (
	longestWho  = 60  // characters of a name
	longestNote = 500 // characters of a note
)

// Decision is who decides about money that is here already, and why. It
// becomes part of the book.
type Decision struct {
	Key  string // idempotency key, as a sale's: the same decision with it is made once
	By   string // 1 to 60 characters
	Note string // at most 500 characters, "" for none
	Left *int64 // what was left when whoever decides saw it, in minor units; nil where nobody says
}

// sees is an error if something else is left now than was seen: what happened
// meanwhile may change the decision, and all that is left is what goes back.
func (c Decision) sees(left int64, currency money.Currency) error {
	if c.Left == nil || *c.Left == left {
		return nil
	}
	is, was := money.New(left, currency), money.New(*c.Left, currency)
	return &boxoffice.Error{
		Code:    boxoffice.CodeMoneyMoved,
		Message: fmt.Sprintf("Meanwhile %s is left of this money, and not %s. No money was moved.", is, was),
		Next:    "Look at its refunds and disputes, and decide again.",
		Params:  map[string]string{"left": is.String(), "was": was.String()},
	}
}

// check returns the decision trimmed, or says what is wrong with it.
func (c Decision) check() (Decision, error) {
	if !wellFormedKey(c.Key) {
		return c, &boxoffice.Error{
			Code:    boxoffice.CodeKeyMissing,
			Message: "The decision came without an idempotency key, which keeps two taps from giving money back twice. Nothing was changed.",
			Next:    "Send an Idempotency-Key header of 8 to 64 letters, digits or signs, new for each decision.",
		}
	}
	return c.signed()
}

// signed is check for what cannot be done twice anyway, and needs no key.
func (c Decision) signed() (Decision, error) {
	c.By, c.Note = strings.TrimSpace(c.By), strings.TrimSpace(c.Note)
	if c.By == "" || utf8.RuneCountInString(c.By) > longestWho || !printable(c.By) {
		return c, &boxoffice.Error{
			Code:    boxoffice.CodeWhoMissing,
			Message: "Nobody said who decides this, and the book must know. No money was moved.",
			Next:    fmt.Sprintf("Enter your name, of %d characters at most.", longestWho),
		}
	}
	if utf8.RuneCountInString(c.Note) > longestNote || !printable(strings.ReplaceAll(c.Note, "\n", "")) {
		return c, &boxoffice.Error{
			Code:    boxoffice.CodeInvalid,
			Message: "The note cannot be kept as it is. No money was moved.",
			Next:    fmt.Sprintf("Write %d characters at most, and only letters, digits and signs.", longestNote),
		}
	}
	return c, nil
}

func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// refundID is the refund that the key makes of the money, an order's or a
// discrepancy's: a retry finds it by its name.
func (c Decision) refundID(of string) string {
	sum := sha256.Sum256([]byte("refund\x00" + of + "\x00" + c.Key))
	return "rfd-" + hex.EncodeToString(sum[:12])
}

// otherDecision says that the key was used for something else.
func otherDecision() error {
	return &boxoffice.Error{
		Code:    boxoffice.CodeKeyMismatch,
		Message: "Another decision was made with this idempotency key. This one changed nothing.",
		Next:    "Use a new key for each decision.",
	}
}
