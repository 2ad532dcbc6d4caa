package secrets

import (
	"errors"
	"strings"
	"testing"
)

// quick is the least that argon2id takes.
func quick() Cost { return Cost{Memory: 8, Passes: 1, Threads: 1} }

func TestAPINIsFourToTwelveDigits(t *testing.T) {
	for pin, good := range map[string]bool{
		"1234": true, "123456789012": true, "000000": true,
		"": false, "123": false, "1234567890123": false, "12a4": false, " 1234": false, "1234 ": false, "-1234": false, "１２３４": false, "12.4": false,
	} {
		hash, err := quick().HashPIN(pin)
		if good && (err != nil || !CheckPIN(hash, pin)) {
			t.Errorf("%q: %v", pin, err)
		}
		if !good && (!errors.Is(err, ErrBadPIN) || hash != "") {
			t.Errorf("%q is hashed to %q (%v)", pin, hash, err)
		}
	}
}

func TestAHashIsOfOnePIN(t *testing.T) {
	hash, err := quick().HashPIN("4711")
	must(t, err)
	another, err := quick().HashPIN("4711")
	if err != nil || another == hash {
		t.Errorf("two hashes of a PIN are the same: their salt is none (%v)", err)
	}
	for _, wrong := range []string{"4712", "47110", "0000", "", "abcd"} {
		if CheckPIN(hash, wrong) {
			t.Errorf("%q passes for 4711", wrong)
		}
	}
	if strings.Contains(hash, "4711") {
		t.Errorf("the hash says the PIN: %s", hash)
	}
}

// TestTheCostIsWhatIsRecommended: OWASP asks for 46 MiB and one pass, or less
// memory and more passes.
func TestTheCostIsWhatIsRecommended(t *testing.T) {
	if c := DefaultCost(); c.Memory < 46<<10 || c.Passes < 1 {
		t.Errorf("a PIN is tried at %+v", c)
	}
	hash, err := HashPIN("4711")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=1$") || !CheckPIN(hash, "4711") {
		t.Errorf("the hash is %s (%v)", hash, err)
	}
}

// TestAHashThatIsNoneIsOfNoPIN: what is not sound opens nothing, and costs
// nothing either.
func TestAHashThatIsNoneIsOfNoPIN(t *testing.T) {
	good, err := quick().HashPIN("4711")
	must(t, err)
	part := strings.Split(good, "$")
	with := func(i int, s string) string {
		p := append([]string{}, part...)
		p[i] = s
		return strings.Join(p, "$")
	}
	for name, hash := range map[string]string{
		"nothing":             "",
		"something else":      "4711",
		"another algorithm":   with(1, "argon2i"),
		"another version":     with(2, "v=16"),
		"no parameters":       with(3, ""),
		"a parameter is zero": with(3, "m=8,t=0,p=1"),
		"not a number":        with(3, "m=8,t=x,p=1"),
		"more memory than is": with(3, "m=4294967295,t=1,p=1"),
		"years of passes":     with(3, "m=8,t=4294967295,p=1"),
		"too many threads":    with(3, "m=8,t=1,p=256"),
		"in another order":    with(3, "t=1,m=8,p=1"),
		"no salt":             with(4, ""),
		"a salt in no base64": with(4, "??????????????????????"),
		"an empty hash":       with(5, ""),
		"half a hash":         with(5, part[5][:20]),
		"a part more":         good + "$x",
		"before it something": "x" + good,
	} {
		if CheckPIN(hash, "4711") {
			t.Errorf("%s: %s is taken", name, hash)
		}
	}
}
