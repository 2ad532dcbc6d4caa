package secrets

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Gate lets the administrator in, by a PIN, for a while. The PIN's hash lies
// in a file of its own, since it must be checked while the vault is locked:
// whoever may change that file is the owner of the machine, whom a PIN does
// not stop.
//
// After five wrong PINs in a row the gate waits before it looks at another,
// longer each time. The count is in the file, and counts a try before the PIN
// is looked at, so that neither a restart nor a kill takes a wrong one back.
type Gate struct {
	dir    string
	now    func() time.Time
	random io.Reader
	cost   Cost

	mu   sync.Mutex // held while a PIN is tried, too: nobody tries two at once
	kept pinFile
	open []opened
}

// pinFile is what lies in admin.pin.
type pinFile struct {
	Hash  string    `json:"hash"`
	Wrong int       `json:"wrong,omitempty"` // in a row
	Wait  time.Time `json:"wait,omitzero"`   // until then no PIN is looked at
}

// opened is a token that was given out. Only its hash is kept.
type opened struct {
	token [sha256.Size]byte
	until time.Time
}

// GateOptions say where the gate is.
type GateOptions struct {
	Dir    string           // of the book
	Now    func() time.Time // nil is the machine's clock
	Random io.Reader        // nil is crypto/rand
	Cost   Cost             // zero is DefaultCost
}

const (
	gateFile  = "admin.pin"
	openFor   = 15 * time.Minute // from the last use
	triesFree = 5
	leastWait = 30 * time.Second
	mostWait  = 15 * time.Minute
)

// What a gate may say. ErrWait comes as a *WaitError.
var (
	ErrNoPIN    = errors.New("secrets: there is no PIN yet")
	ErrPINSet   = errors.New("secrets: there is a PIN already")
	ErrWrongPIN = errors.New("secrets: the PIN is wrong")
	ErrNotOpen  = errors.New("secrets: the gate is not open")
	ErrWait     = errors.New("secrets: too many wrong PINs")
)

// WaitError is ErrWait with the time from which a PIN is looked at again.
type WaitError struct{ Until time.Time }

// Error tells until when.
func (e *WaitError) Error() string {
	return ErrWait.Error() + ", wait until " + e.Until.Format(time.RFC3339)
}

// Is makes it an ErrWait.
func (*WaitError) Is(target error) bool { return target == ErrWait }

// OpenGate reads the folder's PIN. A file that cannot be read is an error: it
// must not pass for a gate without a PIN, which anybody could set.
func OpenGate(opt GateOptions) (*Gate, error) {
	g := &Gate{dir: opt.Dir, now: opt.Now, random: opt.Random, cost: opt.Cost}
	if g.now == nil {
		g.now = time.Now //nolint:forbidigo // the clock of whoever gives none
	}
	if g.random == nil {
		g.random = rand.Reader
	}
	if g.cost == (Cost{}) {
		g.cost = DefaultCost()
	}
	text, err := os.ReadFile(filepath.Join(g.dir, gateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return g, nil
	}
	if err != nil {
		return nil, fmt.Errorf("secrets: %w", err)
	}
	if json.Unmarshal(text, &g.kept) != nil {
		return nil, fmt.Errorf("secrets: %s is damaged", gateFile)
	}
	if _, _, _, ok := parsePHC(g.kept.Hash); !ok {
		return nil, fmt.Errorf("secrets: %s is damaged", gateFile)
	}
	return g, nil
}

// IsSet reports whether there is a PIN.
func (g *Gate) IsSet() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.kept.Hash != ""
}

// Set gives the gate its first PIN: ErrBadPIN, ErrPINSet.
func (g *Gate) Set(pin string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.kept.Hash != "" {
		return ErrPINSet
	}
	return g.replace(pin)
}

// Change gives it another PIN, and closes it for everybody: ErrBadPIN, and the
// errors of Open.
func (g *Gate) Change(from, to string) error {
	if !validPIN(to) {
		return ErrBadPIN
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.try(from); err != nil {
		return err
	}
	return g.replace(to)
}

func (g *Gate) replace(pin string) error {
	hash, err := g.cost.HashPIN(pin)
	if err != nil {
		return err
	}
	if err := g.keep(pinFile{Hash: hash}); err != nil {
		return err
	}
	g.open = nil
	return nil
}

// Open opens the gate to whoever has the token, until the time if it is not
// used before: ErrNoPIN, ErrWrongPIN, *WaitError.
func (g *Gate) Open(pin string) (token string, until time.Time, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.try(pin); err != nil {
		return "", time.Time{}, err
	}
	raw := make([]byte, 32)
	if _, err := io.ReadFull(g.random, raw); err != nil {
		return "", time.Time{}, fmt.Errorf("secrets: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(raw)
	until = g.now().Add(openFor)
	g.sweep()
	g.open = append(g.open, opened{token: sha256.Sum256([]byte(token)), until: until})
	return token, until, nil
}

// Check lets the token through and gives it its time anew: ErrNotOpen.
func (g *Gate) Check(token string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep()
	if i := g.find(token); i >= 0 {
		g.open[i].until = g.now().Add(openFor)
		return nil
	}
	return ErrNotOpen
}

// Close takes the token back. One that is not known is closed already.
func (g *Gate) Close(token string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := g.find(token); i >= 0 {
		g.open = append(g.open[:i], g.open[i+1:]...)
	}
}

// find compares with each token in constant time.
func (g *Gate) find(token string) int {
	hash := sha256.Sum256([]byte(token))
	found := -1
	for i := range g.open {
		if subtle.ConstantTimeCompare(hash[:], g.open[i].token[:]) == 1 {
			found = i
		}
	}
	return found
}

// sweep forgets tokens whose time is up. A clock that was set back does not
// make one live longer than it would have.
func (g *Gate) sweep() {
	now := g.now()
	kept := g.open[:0]
	for _, o := range g.open {
		if now.Before(o.until) && o.until.Sub(now) <= openFor {
			kept = append(kept, o)
		}
	}
	g.open = kept
}

// try looks at a PIN, and remembers a wrong one. The caller holds mu.
func (g *Gate) try(pin string) error {
	if g.kept.Hash == "" {
		return ErrNoPIN
	}
	now := g.now()
	// A wait longer than any is a clock that was set back since.
	if wait := g.kept.Wait.Sub(now); wait > 0 && wait <= mostWait {
		return &WaitError{Until: g.kept.Wait}
	}
	counted := pinFile{Hash: g.kept.Hash, Wrong: g.kept.Wrong + 1}
	if counted.Wrong >= triesFree {
		counted.Wait = now.Add(pause(counted.Wrong)).UTC()
	}
	if err := g.keep(counted); err != nil {
		return err
	}
	if !CheckPIN(counted.Hash, pin) {
		return ErrWrongPIN
	}
	return g.keep(pinFile{Hash: counted.Hash})
}

// pause is how long to wait after so many wrong PINs in a row: 30 s after the
// fifth, twice as long after each further one, a quarter of an hour at most.
func pause(wrong int) time.Duration {
	wait := leastWait
	for n := triesFree; n < wrong && wait < mostWait; n++ {
		wait *= 2
	}
	return min(wait, mostWait)
}

// keep writes the file, and only then believes it.
func (g *Gate) keep(f pinFile) error {
	text, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("secrets: %w", err)
	}
	if err := replace(g.dir, gateFile, append(text, '\n')); err != nil {
		return err
	}
	g.kept = f
	return nil
}
