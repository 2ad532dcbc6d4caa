package stripesim

import (
	"crypto/rand"
	"strings"
)

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// newID is prefix and n random letters and digits, like Stripe's ids.
func newID(prefix string, n int) string {
	return prefix + randomString(alphabet, n)
}

// randomString draws n characters of set, all equally likely.
func randomString(set string, n int) string {
	var b strings.Builder
	b.Grow(n)
	limit := byte(256 - 256%len(set))
	for buf := make([]byte, 2*n); b.Len() < n; {
		_, _ = rand.Read(buf) // never fails: crypto/rand ends the program instead
		for _, c := range buf {
			if c < limit && b.Len() < n {
				b.WriteByte(set[int(c)%len(set)])
			}
		}
	}
	return b.String()
}

// newSessionID has the length of Stripe's: cs_test_a1 or cs_live_a1 and 56 more.
func newSessionID(a *account) string { return newID("cs_"+a.mode()+"_a1", 56) }

// newFragment is what follows # in a session's URL. It is why that URL has
// some 385 characters and its QR code is dense.
func newFragment() string { return newID("fid", 287) }
