package secrets

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// gated is a gate with the PIN 4711, in front of which time passes as told.
type gated struct {
	*Gate
	dir string
	now time.Time
}

func newGate(t *testing.T) *gated {
	t.Helper()
	g := &gated{dir: t.TempDir(), now: time.Date(2026, time.March, 5, 12, 0, 0, 0, time.UTC)}
	g.restart(t)
	must(t, g.Set("4711"))
	return g
}

func (g *gated) restart(t *testing.T) {
	t.Helper()
	var err error
	g.Gate, err = OpenGate(GateOptions{Dir: g.dir, Now: func() time.Time { return g.now }, Cost: quick()})
	must(t, err)
}

func (g *gated) opens(t *testing.T, pin string) string {
	t.Helper()
	token, until, err := g.Open(pin)
	if err != nil || !until.Equal(g.now.Add(15*time.Minute)) {
		t.Fatalf("Open(%s): until %v, %v", pin, until, err)
	}
	return token
}

func TestAGateHasOnePIN(t *testing.T) {
	g := &gated{dir: t.TempDir()}
	g.restart(t)
	if g.IsSet() {
		t.Error("a new gate has a PIN")
	}
	if _, _, err := g.Open("4711"); !errors.Is(err, ErrNoPIN) {
		t.Errorf("Open without a PIN: %v", err)
	}
	if err := g.Change("", "4711"); !errors.Is(err, ErrNoPIN) {
		t.Errorf("Change without a PIN: %v", err)
	}
	if err := g.Set("12"); !errors.Is(err, ErrBadPIN) || g.IsSet() {
		t.Errorf("Set(12): %v", err)
	}
	must(t, g.Set("4711"))
	if err := g.Set("0815"); !errors.Is(err, ErrPINSet) {
		t.Errorf("a second Set: %v", err)
	}
	g.restart(t)
	if !g.IsSet() {
		t.Error("after a restart there is no PIN")
	}
	g.opens(t, "4711")
	info, err := os.Stat(filepath.Join(g.dir, "admin.pin"))
	if err != nil || info.Mode() != fs.FileMode(0o600) {
		t.Errorf("the file's mode is %v (%v)", info.Mode(), err)
	}
}

// TestATokenLivesFromItsLastUse, in memory, and until it is given back.
func TestATokenLivesFromItsLastUse(t *testing.T) {
	g := newGate(t)
	token, other := g.opens(t, "4711"), g.opens(t, "4711")
	if token == other || len(token) < 43 {
		t.Errorf("the tokens are %s and %s", token, other)
	}
	for range 4 {
		g.now = g.now.Add(14 * time.Minute)
		must(t, g.Check(token))
	}
	if err := g.Check(other); !errors.Is(err, ErrNotOpen) {
		t.Errorf("unused for an hour: %v", err)
	}
	g.now = g.now.Add(15 * time.Minute)
	if err := g.Check(token); !errors.Is(err, ErrNotOpen) {
		t.Errorf("unused for 15 minutes: %v", err)
	}
	token, other = g.opens(t, "4711"), g.opens(t, "4711")
	for _, wrong := range []string{"", "x", token + "x", token[1:], strings.ToLower(token)} {
		if err := g.Check(wrong); !errors.Is(err, ErrNotOpen) {
			t.Errorf("%q: %v", wrong, err)
		}
		g.Close(wrong)
	}
	g.Close(token)
	if err := g.Check(token); !errors.Is(err, ErrNotOpen) {
		t.Errorf("given back: %v", err)
	}
	must(t, g.Check(other))
	g.restart(t)
	if err := g.Check(other); !errors.Is(err, ErrNotOpen) {
		t.Errorf("after a restart: %v", err)
	}
}

// TestAClockSetBackGivesNoTime: else a token could be kept for ever.
func TestAClockSetBackGivesNoTime(t *testing.T) {
	g := newGate(t)
	token := g.opens(t, "4711")
	g.now = g.now.Add(-time.Hour)
	if err := g.Check(token); !errors.Is(err, ErrNotOpen) {
		t.Errorf("it is open for an hour and a quarter: %v", err)
	}
}

func TestAnotherPINClosesTheGate(t *testing.T) {
	g := newGate(t)
	token := g.opens(t, "4711")
	if err := g.Change("4711", "nope"); !errors.Is(err, ErrBadPIN) {
		t.Errorf("to no PIN: %v", err)
	}
	if err := g.Change("1111", "0815"); !errors.Is(err, ErrWrongPIN) {
		t.Errorf("by a wrong one: %v", err)
	}
	must(t, g.Check(token))
	must(t, g.Change("4711", "0815"))
	if err := g.Check(token); !errors.Is(err, ErrNotOpen) {
		t.Errorf("who came in by the old PIN: %v", err)
	}
	if _, _, err := g.Open("4711"); !errors.Is(err, ErrWrongPIN) {
		t.Errorf("the old PIN: %v", err)
	}
	g.restart(t)
	g.opens(t, "0815")
}

// TestGuessingTakesLong: five tries, then 30 s, doubling to a quarter of an
// hour; and a restart, or a kill while the PIN is looked at, takes no try back.
func TestGuessingTakesLong(t *testing.T) {
	for name, restart := range map[string]bool{"running on": false, "restarting each time": true} {
		t.Run(name, func(t *testing.T) {
			g := newGate(t)
			guess := func(pin string) error {
				if restart {
					g.restart(t)
				}
				_, _, err := g.Open(pin)
				return err
			}
			for i := range 5 {
				if err := guess("0000"); !errors.Is(err, ErrWrongPIN) {
					t.Fatalf("guess %d: %v", i+1, err)
				}
			}
			for i, want := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
				for _, pin := range []string{"0000", "4711", "x"} {
					err := guess(pin)
					wait, ok := errors.AsType[*WaitError](err)
					if !ok || !errors.Is(err, ErrWait) || !wait.Until.Equal(g.now.Add(want)) {
						t.Fatalf("pause %d: %s gives %v, want to wait %v from %v", i+1, pin, err, want, g.now)
					}
				}
				g.now = g.now.Add(want - time.Nanosecond)
				if err := guess("4711"); !errors.Is(err, ErrWait) {
					t.Errorf("pause %d: a moment too early: %v", i+1, err)
				}
				g.now = g.now.Add(time.Nanosecond)
				if err := guess("0000"); !errors.Is(err, ErrWrongPIN) {
					t.Errorf("pause %d: after it: %v", i+1, err)
				}
			}
			g.now = g.now.Add(15 * time.Minute)
			if restart {
				g.restart(t)
			}
			g.opens(t, "4711")
			for range 4 { // counted from the start
				if err := guess("0000"); !errors.Is(err, ErrWrongPIN) {
					t.Errorf("after the right one: %v", err)
				}
			}
			g.opens(t, "4711")
		})
	}
}

// TestAClockSetBackIsNoLifeSentence: a laptop whose clock was a year ahead.
func TestAClockSetBackIsNoLifeSentence(t *testing.T) {
	g := newGate(t)
	for range 5 {
		_, _, _ = g.Open("0000")
	}
	g.now = g.now.AddDate(-1, 0, 0)
	g.opens(t, "4711")
}

// TestGuessingSideBySideGainsNothing: at most five are looked at.
func TestGuessingSideBySideGainsNothing(t *testing.T) {
	g := newGate(t)
	var all sync.WaitGroup
	looked := make(chan error, 50)
	for range cap(looked) {
		all.Go(func() {
			_, _, err := g.Open("0000")
			if errors.Is(err, ErrWrongPIN) {
				looked <- err
			}
		})
	}
	all.Wait()
	if n := len(looked); n != 5 {
		t.Errorf("%d guesses were looked at, want 5", n)
	}
}

// TestATryThatCannotBeCountedIsNotLookedAt: else a full disk would let
// somebody guess on and on.
func TestATryThatCannotBeCountedIsNotLookedAt(t *testing.T) {
	g := newGate(t)
	must(t, os.RemoveAll(g.dir))
	if _, _, err := g.Open("4711"); err == nil || errors.Is(err, ErrWrongPIN) {
		t.Errorf("Open: %v", err)
	}
}

// TestAGateThatCannotBeReadIsNotWithoutAPIN: it would be anybody's.
func TestAGateThatCannotBeReadIsNotWithoutAPIN(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "not JSON": "4711", "no hash": "{}", "half a hash": `{"hash": "$argon2id$v=19$m=8,t=1,p=1$"}`} {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, "admin.pin"), []byte(text), 0o600))
		if _, err := OpenGate(GateOptions{Dir: dir}); err == nil {
			t.Errorf("%s: it is opened", name)
		}
	}
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "admin.pin"), 0o700))
	if _, err := OpenGate(GateOptions{Dir: dir}); err == nil {
		t.Error("a folder in its place is opened")
	}
}
