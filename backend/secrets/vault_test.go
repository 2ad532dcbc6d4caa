package secrets

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"
)

const passphrase = "correct horse battery"

// cheap is a sealed file that tests do not wait for.
func cheap(dir string) VaultOptions {
	return VaultOptions{Dir: dir, Service: "Willcall book-1", Keychain: Never, WorkFactor: 2}
}

// ring is a keychain that does as it is told.
type ring struct {
	mu     sync.Mutex
	items  map[string]string
	err    error // of every answer
	forget bool  // takes what it is given, and has nothing
	garble bool  // gives something else
	most   int   // bytes; 0 is any
	hang   chan struct{}
}

func (r *ring) ready() error {
	r.mu.Lock()
	hang, err := r.hang, r.err
	r.mu.Unlock()
	if hang != nil {
		<-hang
		return errors.New("the prompt was dismissed")
	}
	return err
}

func (r *ring) behave(err error, hang chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err, r.hang = err, hang
}

func (r *ring) Set(service, user, password string) error {
	if err := r.ready(); err != nil {
		return fmt.Errorf("set %s: %w", password, err) // the worst that one could do
	}
	if r.most > 0 && len(password) > r.most {
		return keyring.ErrSetDataTooBig
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.items == nil {
		r.items = map[string]string{}
	}
	if !r.forget {
		r.items[service+"/"+user] = password
	}
	return nil
}

func (r *ring) Get(service, user string) (string, error) {
	if err := r.ready(); err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	value, ok := r.items[service+"/"+user]
	if !ok {
		return "", keyring.ErrNotFound
	}
	if r.garble {
		return strings.ToLower(value), nil
	}
	return value, nil
}

func (r *ring) Delete(service, user string) error {
	if err := r.ready(); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.items[service+"/"+user]; !ok {
		return keyring.ErrNotFound
	}
	delete(r.items, service+"/"+user)
	return nil
}

func opening(t *testing.T, opt VaultOptions) Vault {
	t.Helper()
	v, err := OpenVault(opt)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var found []string
	for _, e := range entries {
		found = append(found, e.Name())
	}
	return found
}

// TestAVaultKeepsSecrets is what both kinds promise.
func TestAVaultKeepsSecrets(t *testing.T) {
	for _, kind := range []Kind{KindFile, KindKeychain} {
		t.Run(string(kind), func(t *testing.T) {
			opt := cheap(t.TempDir())
			if kind == KindKeychain {
				opt.Keychain, opt.system = Auto, &ring{}
			}
			v := opening(t, opt)
			if _, err := v.Get("a"); !errors.Is(err, ErrMissing) {
				t.Errorf("in a new vault: %v, want ErrMissing", err)
			}
			must(t, v.Unlock(passphrase))
			for name, value := range map[string]string{"a": "one", "b": "", "c": strings.Repeat("ü\x00\"", 500)} {
				must(t, v.Set(name, "older"))
				must(t, v.Set(name, value))
				must(t, v.Set("gone", value))
				must(t, v.Delete("gone"))
				must(t, v.Delete("never was"))
				for _, vault := range []Vault{v, opening(t, opt)} {
					must(t, vault.Unlock(passphrase))
					if got, err := vault.Get(name); err != nil || got != value {
						t.Errorf("%s is %q (%v), want %q", name, got, err, value)
					}
					if _, err := vault.Get("gone"); !errors.Is(err, ErrMissing) {
						t.Errorf("what was deleted: %v", err)
					}
				}
			}
			if s := v.State(); s != (State{Kind: kind}) {
				t.Errorf("the state is %+v", s)
			}
		})
	}
}

// TestAVaultIsForManyAtOnce is for the race detector, too.
func TestAVaultIsForManyAtOnce(t *testing.T) {
	for _, opt := range []VaultOptions{cheap(t.TempDir()), {Dir: t.TempDir(), system: &ring{}}} {
		v := opening(t, opt)
		must(t, v.Unlock(passphrase))
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				name := fmt.Sprint("name-", i)
				err := errors.Join(v.Set(name, name), v.Set("gone", "x"), v.Delete("gone"))
				_ = v.State()
				if got, _ := v.Get(name); err != nil || got != name {
					t.Errorf("%s is %q (%v)", name, got, err)
				}
			})
		}
		all.Wait()
		again := opening(t, opt)
		must(t, again.Unlock(passphrase))
		for i := range 8 {
			if got, err := again.Get(fmt.Sprint("name-", i)); err != nil || got == "" {
				t.Errorf("name-%d is lost: %v", i, err)
			}
		}
	}
}

// TestWhereSecretsAre: the place of a book's secrets must not change by
// itself, or they would seem to be lost.
func TestWhereSecretsAre(t *testing.T) {
	broken := &ring{err: errors.New("no session bus")}
	for _, c := range []struct {
		name  string
		first VaultOptions // kept a secret
		then  VaultOptions
		want  State
	}{
		{"a keychain, and again", VaultOptions{system: &ring{}}, VaultOptions{system: &ring{}}, State{Kind: KindKeychain}},
		{"a keychain that refuses today", VaultOptions{system: &ring{}}, VaultOptions{system: broken}, State{Kind: KindKeychain, Unusable: true}},
		{"no keychain, and then there is one", VaultOptions{system: broken}, VaultOptions{system: &ring{}}, State{Kind: KindFile, Locked: true}},
		{"no keychain at all", VaultOptions{system: broken}, VaultOptions{system: broken}, State{Kind: KindFile, Locked: true}},
		{"one that forgets", VaultOptions{system: &ring{forget: true}}, VaultOptions{system: broken}, State{Kind: KindFile, Locked: true}},
		{"one that gives something else", VaultOptions{system: &ring{garble: true}}, VaultOptions{system: broken}, State{Kind: KindFile, Locked: true}},
		{"one that is not wanted", VaultOptions{system: &ring{}, Keychain: Never}, VaultOptions{system: &ring{}}, State{Kind: KindFile, Locked: true}},
		{"one that is not wanted any more", VaultOptions{system: &ring{}}, VaultOptions{system: &ring{}, Keychain: Never}, State{Kind: KindFile, Locked: true, New: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, opt := range []*VaultOptions{&c.first, &c.then} {
				opt.Dir, opt.Service, opt.WorkFactor = dir, "Willcall book-1", 2
			}
			v := opening(t, c.first)
			must(t, v.Unlock(passphrase))
			must(t, v.Set("a", "one"))
			if got := opening(t, c.then).State(); got != c.want {
				t.Errorf("it is %+v, want %+v", got, c.want)
			}
		})
	}
}

// TestAKeychainIsNotMarkedBeforeItIsUsed: a till that only looked may choose
// anew tomorrow; and nothing of the probe is left.
func TestAKeychainIsNotMarkedBeforeItIsUsed(t *testing.T) {
	dir, r := t.TempDir(), &ring{}
	v := opening(t, VaultOptions{Dir: dir, system: r})
	if left := names(t, dir); len(left) != 0 || len(r.items) != 0 {
		t.Errorf("opening left %v and %v", left, slices.Collect(maps.Keys(r.items)))
	}
	must(t, v.Set("a", "one"))
	if left := names(t, dir); !slices.Equal(left, []string{"secrets.keychain"}) {
		t.Errorf("the folder holds %v", left)
	}
}

// TestFoldersDoNotMixInTheKeychain: training and live have one keychain.
func TestFoldersDoNotMixInTheKeychain(t *testing.T) {
	r := &ring{}
	one := opening(t, VaultOptions{Dir: t.TempDir(), Service: "Willcall book-1", system: r})
	two := opening(t, VaultOptions{Dir: t.TempDir(), Service: "Willcall book-2", system: r})
	must(t, one.Set("stripe.key", "one"))
	if got, err := two.Get("stripe.key"); !errors.Is(err, ErrMissing) {
		t.Errorf("the other folder has %q (%v)", got, err)
	}
}

// TestAKeychainThatRefuses says so, and never what it was given; and is used
// again when it has come back.
func TestAKeychainThatRefuses(t *testing.T) {
	const value = "rk_test_very_secret"
	r := &ring{}
	const usual = time.Minute
	v := opening(t, VaultOptions{Dir: t.TempDir(), system: r, patience: usual})
	must(t, v.Set("a", value))
	patience, silence := &v.(*chainVault).patience, make(chan struct{})
	for name, spoil := range map[string]func(){
		"with an error": func() { r.behave(errors.New("the collection is locked"), nil) },
		"with silence":  func() { r.behave(nil, silence); *patience = 20 * time.Millisecond },
	} {
		spoil()
		for call, err := range map[string]error{"Set": v.Set("a", value), "Get": second(v.Get("a")), "Delete": v.Delete("a")} {
			if !errors.Is(err, ErrUnusable) || strings.Contains(err.Error(), value) {
				t.Errorf("%s %s: %v", call, name, err)
			}
		}
		if s := v.State(); !s.Unusable {
			t.Errorf("%s: the state is %+v", name, s)
		}
		if r.hang != nil {
			close(r.hang)
			for late := v.(*chainVault).late; len(late) == 0; {
				time.Sleep(time.Millisecond)
			}
		}
		r.behave(nil, nil)
		*patience = usual
		must(t, v.Set("a", value))
		if got, err := v.Get("a"); err != nil || got != value || v.State().Unusable {
			t.Errorf("come back: %q, %v, %+v", got, err, v.State())
		}
	}
	r.most = 10
	if err := v.Set("a", value); !errors.Is(err, ErrTooLong) || v.State().Unusable {
		t.Errorf("a secret too long for it: %v, %+v", err, v.State())
	}
	if err := v.ChangePassphrase(passphrase, passphrase+"2"); !errors.Is(err, ErrNoPassphrase) {
		t.Errorf("ChangePassphrase: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestAFolderThatCannotBeRead must not pass for one without secrets.
func TestAFolderThatCannotBeRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	if v, err := OpenVault(cheap(filepath.Join(file, "dir"))); err == nil {
		t.Errorf("it is opened as %+v", v.State())
	}
}
