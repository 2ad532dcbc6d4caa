package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"willcall/backend/boxoffice"
)

// Entry is one line of the book. Its text is stored byte for byte as it was
// hashed, so that the chain does not depend on how JSON is written.
type Entry struct {
	Number   uint64          `json:"number"`   // order of commit, from 1, without gaps
	Register string          `json:"register"` // whose chain it belongs to
	At       time.Time       `json:"at"`       // the register's clock, UTC
	Kind     boxoffice.Kind  `json:"kind"`
	Prev     string          `json:"prev"` // hash of the register's entry before, in hex; "" for its first
	Data     json.RawMessage `json:"data"` // the fact
}

// Fact decodes what the entry says.
func (e Entry) Fact() (boxoffice.Fact, error) { return boxoffice.DecodeFact(e.Kind, e.Data) }

// seal returns the entry as it is stored: SHA-256 of its text, then the text.
// Data is JSON as json.Marshal writes it, and is put in as it is: reading it
// through once more would cost as much as all the rest.
func (e Entry) seal() (stored []byte, hash string, err error) {
	data := e.Data
	e.Data = json.RawMessage("0")
	text, err := json.Marshal(e)
	if err != nil {
		return nil, "", fmt.Errorf("entry %d: %w", e.Number, err)
	}
	stored = slices.Grow(make([]byte, sha256.Size), len(text)+len(data))
	stored = append(append(append(stored, text[:len(text)-2]...), data...), '}')
	sum := sha256.Sum256(stored[sha256.Size:])
	copy(stored, sum[:])
	return stored, hex.EncodeToString(sum[:]), nil
}

// errChanged says that an entry is not what was written.
var errChanged = errors.New("its text does not match its hash")

// unseal reads a stored entry and checks it against its hash.
func unseal(stored []byte) (e Entry, hash string, err error) {
	if len(stored) < sha256.Size {
		return e, "", errChanged
	}
	sum := sha256.Sum256(stored[sha256.Size:])
	if !bytes.Equal(sum[:], stored[:sha256.Size]) {
		return e, "", errChanged
	}
	if err := json.Unmarshal(stored[sha256.Size:], &e); err != nil {
		return e, "", err
	}
	return e, hex.EncodeToString(sum[:]), nil
}

// link is the newest entry of a register's chain.
type link struct {
	Number uint64 `json:"number"`
	Hash   string `json:"hash"`
}
