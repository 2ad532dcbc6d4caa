package boxoffice

import (
	"crypto/ed25519"
	"strings"
	"testing"
)

func testKey(seed byte) (ed25519.PrivateKey, ed25519.PublicKey) {
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune(seed)), ed25519.SeedSize)))
	return key, key.Public().(ed25519.PublicKey)
}

const testTicket = "tkt-0123456789abcdefghijklmn"

func TestTicketCodeIsReadBack(t *testing.T) {
	key, public := testKey('a')
	code := TicketCode(key, testTicket)
	id, ok := ReadTicketCode(public, code)
	if !ok || id != testTicket {
		t.Errorf("%s is read as %q, %v", code, id, ok)
	}
	if code != TicketCode(key, testTicket) {
		t.Error("the code of a ticket is another each time: a reprint would look forged")
	}
	if rest := strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."); rest != "" {
		t.Errorf("%s leaves the compact form of QR codes with %q", code, rest)
	}
}

// TestTicketCodeGolden holds the form of the codes that are printed: a ticket
// sold today must open the door in a month, with a newer Willcall.
func TestTicketCodeGolden(t *testing.T) {
	const want = "WCT1.TKT-0123456789ABCDEFGHIJKLMN.TVJB3QYZILALCQG44LFIHFMLENJ3OQZ3H3YV2ZZAVVGUXO4INTYYQAYTIWDF3NBPDJ4ZJLJ2CCVN5TGMI22FOY42GOD2S64DAVA7SDY"
	key, _ := testKey('a')
	if got := TicketCode(key, testTicket); got != want {
		t.Errorf("a ticket's code is now written\n%s, and was\n%s", got, want)
	}
}

func TestForgedCodesAreRefused(t *testing.T) {
	key, public := testKey('a')
	otherKey, otherPublic := testKey('b')
	code := TicketCode(key, testTicket)
	another := TicketCode(key, "tkt-zzzzzzzzzzzzzzzzzzzzzzzz")
	signature := code[strings.LastIndex(code, ".")+1:]
	tests := map[string]struct {
		key  ed25519.PublicKey
		code string
	}{
		"nothing":                      {public, ""},
		"the prefix alone":             {public, "WCT1."},
		"no signature":                 {public, "WCT1.TKT-0123456789ABCDEFGHIJKLMN"},
		"an empty signature":           {public, "WCT1.TKT-0123456789ABCDEFGHIJKLMN."},
		"a payment page":               {public, "https://checkout.stripe.com/c/pay/cs_1"},
		"signed by another box office": {public, TicketCode(otherKey, testTicket)},
		"read for another box office":  {otherPublic, code},
		"another ticket's signature":   {public, code[:strings.LastIndex(code, ".")+1] + another[strings.LastIndex(another, ".")+1:]},
		"in lower case":                {public, strings.ToLower(code)},
		"the id in lower case":         {public, "WCT1." + testTicket + "." + signature},
		"a letter that only looks so":  {public, strings.Replace(code, "TKT", "T\u212aT", 1)},
		"space before":                 {public, " " + code},
		"a line end within":            {public, code[:80] + "\n" + code[80:]},
		"a line end after":             {public, code + "\r\n"},
		"more after it":                {public, code + "A"},
		"a point after it":             {public, code + "."},
		"padded":                       {public, code + "="},
		"a later format":               {public, "WCT2" + code[4:]},
		"no key":                       {nil, code},
		"half a key":                   {public[:16], code},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if id, ok := ReadTicketCode(test.key, test.code); ok || id != "" {
				t.Errorf("%q was taken for ticket %q", test.code, id)
			}
		})
	}
}

func TestNoLetterOfACodeCanBeLostOrChanged(t *testing.T) {
	key, public := testKey('a')
	code := TicketCode(key, testTicket)
	for n := range len(code) {
		if _, ok := ReadTicketCode(public, code[:n]); ok {
			t.Errorf("cut after %d of %d letters it is still a ticket", n, len(code))
		}
		letters := "A7-."
		if n == len(code)-1 {
			letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567-." // base32 itself ignores some of its bits
		}
		for _, letter := range []byte(letters) {
			if letter == code[n] {
				continue
			}
			if _, ok := ReadTicketCode(public, code[:n]+string(letter)+code[n+1:]); ok {
				t.Errorf("with letter %d changed to %c it is still a ticket", n, letter)
			}
		}
	}
}

func FuzzReadTicketCode(f *testing.F) {
	key, public := testKey('a')
	f.Add(TicketCode(key, testTicket))
	f.Add(TicketCode(key, testTicket) + "\n")
	f.Add("WCT1..")
	f.Add("WCT1.\xff.AAAA")
	f.Add("WCT1.\u212a.")
	f.Fuzz(func(t *testing.T, code string) {
		// Nothing but a code that key wrote may be read, and to the letter.
		if id, ok := ReadTicketCode(public, code); ok && code != TicketCode(key, id) {
			t.Errorf("%q was taken for ticket %q, whose code is %q", code, id, TicketCode(key, id))
		}
	})
}
