package secrets

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zalando/go-keyring"
)

// keychain is what go-keyring does on every system.
type keychain interface {
	Set(service, user, password string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

// system is the keychain of the person who is signed in.
type system struct{}

func (system) Set(service, user, password string) error { return keyring.Set(service, user, password) }
func (system) Get(service, user string) (string, error) { return keyring.Get(service, user) }
func (system) Delete(service, user string) error        { return keyring.Delete(service, user) }

// chainVault keeps each secret as an item of its own: Windows takes no more
// than 2560 bytes in one.
type chainVault struct {
	system   keychain
	service  string
	dir      string
	patience time.Duration

	mu     sync.Mutex   // one question at a time: not every keychain is safe for more
	late   <-chan error // of a question that nobody waits for any more; nil where there is none
	marked bool

	unusable atomic.Bool // has no part in mu: who wants to know does not wait for an answer
}

func openChain(opt VaultOptions) *chainVault {
	v := &chainVault{system: opt.system, service: opt.Service, dir: opt.Dir, patience: opt.patience}
	if v.system == nil {
		v.system = system{}
	}
	if v.patience == 0 {
		v.patience = 20 * time.Second
	}
	return v
}

// probe finds out whether the keychain keeps anything: some take a secret and
// have none.
func (v *chainVault) probe() error {
	name, value := "willcall.probe", rand.Text()
	return v.ask(func() error {
		if err := v.system.Set(v.service, name, value); err != nil {
			return err
		}
		got, err := v.system.Get(v.service, name)
		if err == nil && got != value {
			err = errors.New("it does not give back what it was given")
		}
		return errors.Join(err, v.system.Delete(v.service, name))
	}, value)
}

func (v *chainVault) Get(name string) (string, error) {
	type answer struct {
		value   string
		missing bool
	}
	got := make(chan answer, 1) // not a variable: after patience is lost somebody may still write to it
	err := v.ask(func() error {
		value, err := v.system.Get(v.service, name)
		missing := errors.Is(err, keyring.ErrNotFound)
		if missing {
			err = nil
		}
		got <- answer{value, missing}
		return err
	})
	if err != nil {
		return "", err
	}
	a := <-got
	if a.missing {
		return "", ErrMissing
	}
	return a.value, nil
}

func (v *chainVault) Set(name, value string) error {
	if err := v.mark(); err != nil {
		return err
	}
	return v.ask(func() error { return v.system.Set(v.service, name, value) }, value)
}

// mark notes in the folder that its secrets are in the keychain, before the
// first one is.
func (v *chainVault) mark() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.marked {
		return nil
	}
	f, err := os.OpenFile(filepath.Join(v.dir, chainMark), os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close(), syncFolder(v.dir))
	}
	if err != nil {
		return fmt.Errorf("secrets: %w", err)
	}
	v.marked = true
	return nil
}

func (v *chainVault) Delete(name string) error {
	return v.ask(func() error {
		if err := v.system.Delete(v.service, name); !errors.Is(err, keyring.ErrNotFound) {
			return err
		}
		return nil
	})
}

func (v *chainVault) State() State {
	return State{Kind: KindKeychain, Unusable: v.unusable.Load()}
}

func (*chainVault) Unlock(string) error { return nil }

func (*chainVault) ChangePassphrase(string, string) error { return ErrNoPassphrase }

// ask puts a question, unless an earlier one is unanswered. What the keychain
// says is repeated without the secrets.
func (v *chainVault) ask(question func() error, secrets ...string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	err := v.wait(question)
	if errors.Is(err, keyring.ErrSetDataTooBig) {
		return ErrTooLong
	}
	v.unusable.Store(err != nil)
	if err == nil {
		return nil
	}
	said := err.Error()
	for _, secret := range secrets {
		if secret != "" {
			said = strings.ReplaceAll(said, secret, "[secret]")
		}
	}
	return fmt.Errorf("%w: %s", ErrUnusable, said)
}

// wait waits for the answer, but not for ever: a keychain that wants to be
// unlocked and has no screen to ask on would never answer. Nothing is asked
// until it has: a secret that it keeps late would take a newer one's place.
func (v *chainVault) wait(question func() error) error {
	if v.late != nil && len(v.late) == 0 {
		return errors.New("it has not answered what it was asked before")
	}
	v.late = nil
	answered := make(chan error, 1)
	go func() { answered <- question() }()
	patience := time.NewTimer(v.patience)
	defer patience.Stop()
	select {
	case err := <-answered:
		return err
	case <-patience.C:
		v.late = answered
		return errors.New("it does not answer")
	}
}
