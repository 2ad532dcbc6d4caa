package secrets

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is what trying one PIN costs, by argon2id's parameters.
type Cost struct {
	Memory  uint32 // in KiB
	Passes  uint32
	Threads uint8
}

// DefaultCost is above what OWASP asks for (cheatsheetseries.owasp.org,
// "Password Storage"): a PIN is short, and is tried seldom.
func DefaultCost() Cost { return Cost{Memory: 64 << 10, Passes: 3, Threads: 1} }

// The most that a stored hash may ask for: whoever spoils the file must not
// make the till run out of memory.
const (
	maxMemory = 1 << 20 // KiB
	maxPasses = 64
)

// ErrBadPIN says that a PIN is not four to twelve digits.
var ErrBadPIN = errors.New("secrets: a PIN is four to twelve digits")

const (
	saltLength = 16 // bytes
	hashLength = 32 // bytes
)

// HashPIN is DefaultCost().HashPIN.
func HashPIN(pin string) (string, error) { return DefaultCost().HashPIN(pin) }

// HashPIN returns the argon2id hash of a PIN as a PHC string, from which the
// PIN cannot be read but can be checked. ErrBadPIN.
func (c Cost) HashPIN(pin string) (string, error) {
	if !validPIN(pin) {
		return "", ErrBadPIN
	}
	salt := make([]byte, saltLength)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("secrets: %w", err)
	}
	hash := argon2.IDKey([]byte(pin), salt, c.Passes, c.Memory, c.Threads, hashLength)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes, c.Threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(hash)), nil
}

// CheckPIN reports whether the hash is of the PIN. A hash that is none is of
// no PIN.
func CheckPIN(hash, pin string) bool {
	cost, salt, want, ok := parsePHC(hash)
	if !ok || !validPIN(pin) {
		return false
	}
	got := argon2.IDKey([]byte(pin), salt, cost.Passes, cost.Memory, cost.Threads, hashLength)
	return subtle.ConstantTimeCompare(got, want) == 1
}

func validPIN(pin string) bool {
	return len(pin) >= 4 && len(pin) <= 12 && strings.Trim(pin, "0123456789") == ""
}

// parsePHC reads "$argon2id$v=19$m=…,t=…,p=…$salt$hash".
func parsePHC(phc string) (cost Cost, salt, hash []byte, ok bool) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return cost, nil, nil, false
	}
	params := strings.Split(parts[3], ",")
	if len(params) != 3 {
		return cost, nil, nil, false
	}
	memory, okM := parameter(params[0], "m=", maxMemory)
	passes, okT := parameter(params[1], "t=", maxPasses)
	threads, okP := parameter(params[2], "p=", 255)
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	hash, errHash := base64.RawStdEncoding.DecodeString(parts[5])
	ok = okM && okT && okP && errSalt == nil && errHash == nil && len(salt) >= 8 && len(hash) == hashLength
	return Cost{Memory: memory, Passes: passes, Threads: uint8(threads)}, salt, hash, ok
}

func parameter(text, name string, most uint64) (uint32, bool) {
	digits, ok := strings.CutPrefix(text, name)
	n, err := strconv.ParseUint(digits, 10, 32)
	return uint32(n), ok && err == nil && n >= 1 && n <= most
}
