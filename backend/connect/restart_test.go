package connect_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/connect"
	"willcall/backend/money"
	"willcall/backend/secrets"
)

// TestACrashBetweenVaultAndBook is harmless on either side. The vault comes
// first, in connecting and in disconnecting.
func TestACrashBetweenVaultAndBook(t *testing.T) {
	full := errors.New("no space left on device")
	t.Run("the vault has it, the book does not", func(t *testing.T) {
		s := newScene(t)
		s.book.err = full
		if _, err := s.useKey(s.key(secretKey)); !errors.Is(err, full) {
			t.Fatalf("it is %v", err)
		}
		s.restart()
		s.unlock()
		s.is(connect.Connected, "")
		if s.asks() != "acct_playhouse" || s.book.kinds() != "account.connected" {
			t.Errorf("the till asks as %q, and the book says %q", s.asks(), s.book.kinds())
		}
	})
	t.Run("the vault does not have it", func(t *testing.T) {
		s := newScene(t)
		s.vault.err = full
		_, err := s.useKey(s.key(secretKey))
		wants(t, err, boxoffice.CodeVaultUnusable)
		if s.book.kinds() != "" {
			t.Errorf("the book says %s", s.book.kinds())
		}
		s.restart()
		s.unlock()
		s.is(connect.None, "")
	})
	t.Run("the vault has forgotten, the book has not", func(t *testing.T) {
		s := newScene(t)
		key := s.key(secretKey)
		_, err := s.useKey(key)
		must(t, err)
		s.book.err = full
		if err := s.disconnect(false); !errors.Is(err, full) {
			t.Fatalf("it is %v", err)
		}
		s.restart()
		s.unlock()
		s.is(connect.None, "")
		if s.asks() != "" {
			t.Errorf("the till asks as %q", s.asks())
		}
		_, err = s.useKey(key)
		must(t, err)
		if s.is(connect.Connected, ""); s.book.kinds() != "account.connected" {
			t.Errorf("the book says %s", s.book.kinds())
		}
	})
	t.Run("Stripe has ended it, the vault has not", func(t *testing.T) {
		s := newScene(t)
		s.platform()
		_, err := s.finish(s.consent("acct_playhouse"))
		must(t, err)
		must(t, s.sim.Deauthorize("", "acct_playhouse"))
		s.restart()
		s.unlock()
		must(t, s.Noticed(t.Context(), s.refusal()))
		s.gone(boxoffice.DisconnectedRevoked)
	})
}

// TestALockedVaultSellsCash: the till opens, and knows whose book it is.
func TestALockedVaultSellsCash(t *testing.T) {
	s := newScene(t)
	_, err := s.useKey(s.key(secretKey))
	must(t, err)
	s.restart()
	state, err := s.Restore()
	must(t, err)
	if state.Status != connect.Locked || state.Account.ID != "acct_playhouse" || !state.Vault.Locked {
		t.Errorf("it is %+v", state)
	}
	if s.asks() != "" {
		t.Errorf("the till asks as %q", s.asks())
	}
	wants(t, s.disconnect(true), boxoffice.CodeVaultLocked)
	_, err = s.Unlock("not the passphrase")
	wants(t, err, boxoffice.CodeBadPassphrase)
	s.is(connect.Locked, boxoffice.CodeVaultLocked)
	state, err = s.Unlock(passphrase)
	if err != nil || state.Status != connect.Connected || s.asks() != "acct_playhouse" {
		t.Errorf("unlocked, it is %+v (%v)", state, err)
	}
}

// TestAVaultThatCannotBeRead keeps nobody from opening the box office.
func TestAVaultThatCannotBeRead(t *testing.T) {
	for _, cause := range []error{fmt.Errorf("%w: the collection is locked", secrets.ErrUnusable), errors.New("input/output error")} {
		s := newScene(t)
		_, err := s.useKey(s.key(secretKey))
		must(t, err)
		s.restart()
		s.vault.err = cause
		state, err := s.Restore()
		if err != nil || state.Status != connect.Unusable || state.Problem != boxoffice.CodeVaultUnusable || s.asks() != "" {
			t.Errorf("%v: %+v, %v", cause, state, err)
		}
	}
}

func TestPassphrasesInWords(t *testing.T) {
	s := newScene(t)
	s.dir = t.TempDir()
	s.restart()
	_, err := s.useKey(s.key())
	wants(t, err, boxoffice.CodeVaultLocked) // there is none yet
	_, err = s.Unlock("short")
	wants(t, err, boxoffice.CodeBadPassphrase)
	must(t, os.WriteFile(filepath.Join(s.dir, "secrets.age"), []byte("half"), 0o600))
	s.restart()
	_, err = s.Unlock(passphrase)
	wants(t, err, boxoffice.CodeVaultUnusable)
}

// TestAVaultOfAnotherFolder: one that was copied, or a name in the keychain
// that two folders share. Its keys are not used.
func TestAVaultOfAnotherFolder(t *testing.T) {
	for name, c := range map[string]struct {
		book *book
		live bool
		want boxoffice.Code
	}{
		"of another account": {&book{facts: []boxoffice.Fact{boxoffice.AccountConnectedFact{Account: boxoffice.Account{ID: "acct_other"}}}}, false, boxoffice.CodeOtherAccount},
		"of the other mode":  {&book{}, true, boxoffice.CodeWrongMode},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			_, err := s.useKey(s.key(secretKey))
			must(t, err)
			s.book, s.live = c.book, c.live
			before := s.book.kinds()
			s.restart()
			s.unlock()
			s.is(connect.None, c.want)
			if s.asks() != "" || s.book.kinds() != before {
				t.Errorf("the till asks as %q, and the book says %s", s.asks(), s.book.kinds())
			}
		})
	}
}

// TestADamagedItemIsNotRepeated: its content may be half a key.
func TestADamagedItemIsNotRepeated(t *testing.T) {
	s := newScene(t)
	must(t, s.vault.Set("stripe.connection", `{"key": "`+s.secret("rk_test_half")))
	state, err := s.Restore()
	s.shown(state, err)
	if err != nil || state.Status != connect.Unusable {
		t.Errorf("it is %+v, %v", state, err)
	}
}

// TestManyAtOnce: screens, the poller and two administrators. It ends connected
// to the one account, with one word in the book.
func TestManyAtOnce(t *testing.T) {
	s := newScene(t)
	s.platform()
	_, err := s.useKey(s.key(secretKey))
	must(t, err)
	keys := []string{s.secret(s.key(secretKey)), s.secret(s.key(secretKey)), s.secret(s.key(secretKey, anotherOnes))}
	var all sync.WaitGroup
	for _, key := range keys {
		all.Go(func() { _, _ = s.UseKey(t.Context(), key) })
		all.Go(func() { _ = s.Noticed(t.Context(), s.refusal()) })
		all.Go(func() { _, _, _ = s.Begin() })
		all.Go(func() { _ = s.SetWebhookSecret("whsec_0123456789") })
		all.Go(func() {
			_, _ = s.State()
			_, _, _ = s.PlatformSet()
			_, _, _ = s.Publishable(), s.WebhookSecret(), s.Fee(money.New(1, "eur"))
		})
	}
	all.Wait()
	s.is(connect.Connected, "")
	if s.asks() != "acct_playhouse" || s.book.kinds() != "account.connected" {
		t.Errorf("the till asks as %q, and the book says %s", s.asks(), s.book.kinds())
	}
}
