package secrets

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sealed makes a vault that keeps "a" = "one".
func sealed(t *testing.T) (dir string, v Vault) {
	t.Helper()
	dir = t.TempDir()
	v = opening(t, cheap(dir))
	must(t, v.Unlock(passphrase))
	must(t, v.Set("a", "one"))
	return dir, v
}

func content(t *testing.T, dir string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "secrets.age"))
	must(t, err)
	return text
}

// TestALockedVaultGivesNothing, and takes nothing.
func TestALockedVaultGivesNothing(t *testing.T) {
	dir, _ := sealed(t)
	before := content(t, dir)
	v := opening(t, cheap(dir))
	if s := v.State(); s != (State{Kind: KindFile, Locked: true}) {
		t.Errorf("the state is %+v", s)
	}
	for name, err := range map[string]error{"Get": second(v.Get("a")), "Set": v.Set("a", "two"), "Delete": v.Delete("a")} {
		if !errors.Is(err, ErrLocked) {
			t.Errorf("%s: %v, want ErrLocked", name, err)
		}
	}
	if !bytes.Equal(content(t, dir), before) {
		t.Error("the file was written")
	}
	must(t, v.Unlock(passphrase))
	if got, err := v.Get("a"); err != nil || got != "one" {
		t.Errorf("unlocked: %q, %v", got, err)
	}
}

// TestANewVault is made by the first passphrase, which must be worth it.
func TestANewVault(t *testing.T) {
	dir := t.TempDir()
	v := opening(t, cheap(dir))
	if s := v.State(); s != (State{Kind: KindFile, Locked: true, New: true}) {
		t.Errorf("the state is %+v", s)
	}
	if err := v.Set("a", "one"); !errors.Is(err, ErrLocked) {
		t.Errorf("Set before there is a passphrase: %v", err)
	}
	if err := v.ChangePassphrase("", passphrase); !errors.Is(err, ErrLocked) {
		t.Errorf("ChangePassphrase before there is one: %v", err)
	}
	must(t, v.Delete("a"))
	for _, weak := range []string{"", "seven77", "äöüäöüä"} {
		if err := v.Unlock(weak); !errors.Is(err, ErrWeakPassphrase) || len(names(t, dir)) != 0 {
			t.Errorf("with %q: %v, and the folder holds %v", weak, err, names(t, dir))
		}
	}
	must(t, v.Unlock("äöüäöüäö"))
	if s := v.State(); s != (State{Kind: KindFile}) || !slices.Equal(names(t, dir), []string{"secrets.age"}) {
		t.Errorf("made, it is %+v in %v", s, names(t, dir))
	}
}

// TestTheWrongPassphrase opens nothing and changes nothing.
func TestTheWrongPassphrase(t *testing.T) {
	dir, open := sealed(t)
	before := content(t, dir)
	locked := opening(t, cheap(dir))
	for _, wrong := range []string{"", "x", passphrase + " ", strings.ToUpper(passphrase)} {
		for name, v := range map[string]Vault{"locked": locked, "unlocked": open} {
			for call, err := range map[string]error{"Unlock": v.Unlock(wrong), "ChangePassphrase": v.ChangePassphrase(wrong, "another passphrase")} {
				if !errors.Is(err, ErrWrongPassphrase) || strings.Contains(err.Error(), passphrase) {
					t.Errorf("%s of the %s vault with %q: %v", call, name, wrong, err)
				}
			}
			if locks := v.State().Locked; locks != (name == "locked") {
				t.Errorf("the %s vault has Locked %v after %q", name, locks, wrong)
			}
		}
	}
	if !bytes.Equal(content(t, dir), before) {
		t.Error("the file was written")
	}
}

func TestAPassphraseIsChanged(t *testing.T) {
	dir, v := sealed(t)
	if err := v.ChangePassphrase(passphrase, "short"); !errors.Is(err, ErrWeakPassphrase) {
		t.Errorf("to a short one: %v", err)
	}
	must(t, v.ChangePassphrase(passphrase, "another passphrase"))
	must(t, v.Set("b", "two"))
	again := opening(t, cheap(dir))
	if err := again.Unlock(passphrase); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("the old one: %v", err)
	}
	must(t, again.Unlock("another passphrase"))
	a, errA := again.Get("a")
	b, errB := again.Get("b")
	if a != "one" || b != "two" || errA != nil || errB != nil {
		t.Errorf("it keeps %q (%v) and %q (%v)", a, errA, b, errB)
	}
}

// TestADamagedVaultIsLeftAsItIs: somebody may have the other half of it.
func TestADamagedVaultIsLeftAsItIs(t *testing.T) {
	dir, _ := sealed(t)
	good := content(t, dir)
	for name, bad := range map[string][]byte{
		"empty":            {},
		"not of age":       []byte(`{"a": "one"}`),
		"cut in its head":  good[:40],
		"cut in its body":  good[:len(good)-1],
		"a bit turned":     append(bytes.Clone(good[:len(good)-1]), good[len(good)-1]^1),
		"something behind": append(bytes.Clone(good), "more"...),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			must(t, os.WriteFile(filepath.Join(dir, "secrets.age"), bad, 0o600))
			v := opening(t, cheap(dir))
			for call, err := range map[string]error{"Unlock": v.Unlock(passphrase), "ChangePassphrase": v.ChangePassphrase(passphrase, "another passphrase")} {
				if !errors.Is(err, ErrDamaged) {
					t.Errorf("%s: %v, want ErrDamaged", call, err)
				}
			}
			if err := v.Set("a", "two"); !errors.Is(err, ErrLocked) {
				t.Errorf("Set: %v", err)
			}
			if !bytes.Equal(content(t, dir), bad) {
				t.Error("the file was written")
			}
		})
	}
}

// TestNothingIsReadableInTheFile, nor by others.
func TestNothingIsReadableInTheFile(t *testing.T) {
	dir := t.TempDir()
	v := opening(t, cheap(dir))
	must(t, v.Unlock(passphrase))
	const value = "rk_live_of_a_test_not_of_stripe"
	must(t, v.Set("stripe.key", value))
	for _, secret := range []string{value, "stripe.key", passphrase} {
		if bytes.Contains(content(t, dir), []byte(secret)) {
			t.Errorf("the file says %q", secret)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "secrets.age"))
	if err != nil || info.Mode() != fs.FileMode(0o600) {
		t.Errorf("its mode is %v (%v)", info.Mode(), err)
	}
}

// TestASecretThatIsNotKeptIsNotBelieved: a folder that takes no file.
func TestASecretThatIsNotKeptIsNotBelieved(t *testing.T) {
	dir, v := sealed(t)
	must(t, os.Rename(dir, dir+".away"))
	if err := v.Set("a", "two"); err == nil || strings.Contains(err.Error(), "two") {
		t.Errorf("Set without a folder: %v", err)
	}
	if err := v.Delete("a"); err == nil {
		t.Error("Delete without a folder succeeds")
	}
	if got, err := v.Get("a"); err != nil || got != "one" {
		t.Errorf("it believes %q (%v)", got, err)
	}
	must(t, os.Rename(dir+".away", dir))
	must(t, v.Set("a", "three"))
}
