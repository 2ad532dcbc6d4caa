package stripesim

import "bytes"

// An account has two sides, test and live: one acct_ id, and books of which
// neither sees the other. The key of a request decides the side.
// Source: docs.stripe.com/keys#test-live-modes.

// liveMark tells the name of the live books from the name of the test books.
const liveMark = "/live"

// bookName is the name of one side's books: in the list of accounts, and in
// the journal.
func bookName(id string, live bool) string {
	if live {
		return id + liveMark
	}
	return id
}

func (a *account) book() string { return bookName(a.profile.ID, a.live) }

// mode is the word in ids and keys.
func (a *account) mode() string { return modeWord(a.live) }

func modeWord(live bool) string {
	if live {
		return "live"
	}
	return "test"
}

// stamp gives JSON that leaves these books the livemode of their side, at any
// depth. Objects are kept with a livemode of false, which is why no noun has
// to know its side. The pattern cannot occur inside a text, where its quotes
// would be escaped.
func (a *account) stamp(raw []byte) []byte {
	if !a.live {
		return raw
	}
	return bytes.ReplaceAll(raw, []byte(`"livemode":false`), []byte(`"livemode":true`))
}
