package boxoffice

import (
	"encoding/base32"
	"encoding/binary"
	"io"
	"strings"
	"time"
)

// IDs makes the names of new things. Source must be cryptographically random
// outside tests: a ticket's id is also its secret.
type IDs struct {
	Source io.Reader
	Now    func() time.Time
}

// codeAlphabet leaves out what is misread or misheard (0 O 1 I L U) and the
// vowels, which make words.
const codeAlphabet = "23456789BCDFGHJKMNPQRSTVWXYZ"

// codeLength gives 480 million codes.
const codeLength = 6

// New returns prefix + "-" + 24 letters and digits: the milliseconds since 1970
// in 48 bits and 72 random ones, about as a UUIDv7 has them (RFC 9562). What is
// made later sorts later, so that the book is written to at its end and not all
// over, however large it is.
func (g IDs) New(prefix string) string {
	id := binary.BigEndian.AppendUint64(nil, uint64(g.Now().UnixMilli())<<16)[:6] // #nosec G115 -- after 1970
	id = append(id, g.bytes(9)...)
	return prefix + "-" + strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(id))
}

// Code returns an order's short name. It may be taken: the ledger refuses a
// second order of the same name.
func (g IDs) Code() string {
	const fair = 256 - 256%len(codeAlphabet) // beyond it, some letters would come more often
	code := make([]byte, 0, codeLength)
	for len(code) < codeLength {
		if b := int(g.bytes(1)[0]); b < fair {
			code = append(code, codeAlphabet[b%len(codeAlphabet)])
		}
	}
	return string(code)
}

// bytes panics when the source fails, as crypto/rand's own reader would: a
// box office without randomness must not sell.
func (g IDs) bytes(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(g.Source, b); err != nil {
		panic("boxoffice: no randomness: " + err.Error())
	}
	return b
}
