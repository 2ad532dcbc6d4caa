package ledger

import (
	"errors"
	"time"
)

// The poller's memory is written in the transaction that records what it
// learned, so that after a crash it has either done both or neither.

// Cursor is the time, by Stripe's clock, up to which events have been read;
// zero before the first poll.
func (tx *Tx) Cursor() (at time.Time, err error) {
	_, err = tx.getJSON(key("xc"), &at)
	return at, err
}

// SetCursor moves the cursor.
func (tx *Tx) SetCursor(at time.Time) error { return tx.putJSON(key("xc"), at.UTC()) }

// SeenEvent reports whether the Stripe event was taken in before.
func (tx *Tx) SeenEvent(id string, created time.Time) bool {
	return tx.get(eventKey(id, created)) != nil
}

// MarkEvent remembers that the Stripe event was taken in.
func (tx *Tx) MarkEvent(id string, created time.Time) error {
	return tx.put(eventKey(id, created), []byte{})
}

// ForgetEvents drops the memory of events created before the time: no poll
// asks for them again.
func (tx *Tx) ForgetEvents(before time.Time) error {
	var old [][]byte
	limit := string(eventKey("", before))
	err := tx.scan([]byte("xi/"), func(k, _ []byte) (bool, error) {
		if string(k) >= limit {
			return false, nil
		}
		old = append(old, append([]byte(nil), k...))
		return true, nil
	})
	for _, k := range old {
		err = errors.Join(err, tx.delete(k))
	}
	return err
}

func eventKey(id string, created time.Time) []byte {
	return secondKey("xi", created, id)
}

// Swept is when everything of the last days was looked at again; zero before
// the first time.
func (tx *Tx) Swept() (at time.Time, err error) {
	_, err = tx.getJSON(key("xn"), &at)
	return at, err
}

// SetSwept remembers it.
func (tx *Tx) SetSwept(at time.Time) error { return tx.putJSON(key("xn"), at.UTC()) }

// DisputesUnread reports that disputes could not be read once: the book may lack
// any, however old.
func (tx *Tx) DisputesUnread() bool { return tx.get(key("xnd")) != nil }

// SetDisputesUnread remembers it, or forgets it.
func (tx *Tx) SetDisputesUnread(unread bool) error {
	if unread {
		return tx.put(key("xnd"), []byte{})
	}
	return tx.delete(key("xnd"))
}
