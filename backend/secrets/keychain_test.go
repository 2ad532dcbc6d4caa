package secrets

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// slow is a keychain that keeps nothing before somebody has allowed it.
type slow struct {
	*ring
	allowed chan struct{}
}

func (s slow) Set(service, user, password string) error {
	<-s.allowed
	return s.ring.Set(service, user, password)
}

// TestAKeychainThatAnswersLate: what it was asked is over only when it says so,
// or a secret that it keeps late would take the place of a newer one.
func TestAKeychainThatAnswersLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slow{&ring{}, make(chan struct{})}
		v := openChain(VaultOptions{Dir: t.TempDir(), system: s})
		began := time.Now()
		if err := v.Set("a", "older"); !errors.Is(err, ErrUnusable) || strings.Contains(err.Error(), "older") || time.Since(began) != v.patience {
			t.Errorf("without an answer: %v after %s", err, time.Since(began))
		}
		began = time.Now()
		for call, err := range map[string]error{"Set": v.Set("a", "newer"), "Get": second(v.Get("a")), "Delete": v.Delete("a")} {
			if !errors.Is(err, ErrUnusable) || time.Since(began) != 0 {
				t.Errorf("%s beside it: %v after %s", call, err, time.Since(began))
			}
		}
		if !v.State().Unusable {
			t.Error("it passes for usable")
		}
		close(s.allowed)
		synctest.Wait()
		must(t, v.Set("a", "newer"))
		if got, err := v.Get("a"); got != "newer" || err != nil || v.State().Unusable {
			t.Errorf("it keeps %q (%v), %+v", got, err, v.State())
		}
	})
}

// TestAKeychainsStateIsKnownAtOnce, though it is being asked: screens show it.
func TestAKeychainsStateIsKnownAtOnce(t *testing.T) {
	s := slow{&ring{}, make(chan struct{})}
	v := openChain(VaultOptions{Dir: t.TempDir(), system: s, patience: time.Hour})
	must(t, v.mark())
	kept := make(chan error, 1)
	go func() { kept <- v.Set("a", "one") }()
	for v.mu.TryLock() { // until it is asked
		v.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
	known := make(chan State, 1)
	go func() { known <- v.State() }()
	select {
	case state := <-known:
		if state != (State{Kind: KindKeychain}) {
			t.Errorf("it is %+v", state)
		}
	case <-time.After(10 * time.Second):
		t.Error("its state is waited for")
	}
	close(s.allowed)
	must(t, <-kept)
}
