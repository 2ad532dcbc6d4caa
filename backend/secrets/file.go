package secrets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"unicode/utf8"

	"filippo.io/age"
)

// minPassphrase is the least length of a passphrase, in characters.
const minPassphrase = 8

// fileVault keeps all secrets in one file, sealed with a passphrase by age
// (age-encryption.org/v1, scrypt). It is written anew as a whole at each
// change, which is why the passphrase is kept in memory while it is unlocked.
type fileVault struct {
	dir        string
	workFactor int

	mu         sync.Mutex
	made       bool // there is a file
	passphrase string
	values     map[string]string // nil while locked
}

func openFile(opt VaultOptions, made bool) *fileVault {
	return &fileVault{dir: opt.Dir, workFactor: opt.WorkFactor, made: made}
}

// Get returns ErrMissing while there is no file yet: there is nothing to miss.
func (v *fileVault) Get(name string) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.values == nil && v.made {
		return "", ErrLocked
	}
	value, ok := v.values[name]
	if !ok {
		return "", ErrMissing
	}
	return value, nil
}

func (v *fileVault) Set(name, value string) error {
	return v.change(func(values map[string]string) { values[name] = value })
}

func (v *fileVault) Delete(name string) error {
	v.mu.Lock()
	nothing := !v.made
	if v.values != nil {
		_, has := v.values[name]
		nothing = !has
	}
	v.mu.Unlock()
	if nothing {
		return nil
	}
	return v.change(func(values map[string]string) { delete(values, name) })
}

// change writes the file anew, and only then believes it.
func (v *fileVault) change(edit func(map[string]string)) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.values == nil {
		return ErrLocked
	}
	values := maps.Clone(v.values)
	edit(values)
	return v.seal(values, v.passphrase)
}

func (v *fileVault) State() State {
	v.mu.Lock()
	defer v.mu.Unlock()
	return State{Kind: KindFile, Locked: v.values == nil, New: !v.made}
}

func (v *fileVault) Unlock(passphrase string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.made {
		return v.seal(map[string]string{}, passphrase)
	}
	values, err := v.open(passphrase)
	if err == nil {
		v.values, v.passphrase = values, passphrase
	}
	return err
}

func (v *fileVault) ChangePassphrase(from, to string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.made {
		return ErrLocked
	}
	values, err := v.open(from)
	if err != nil {
		return err
	}
	return v.seal(values, to)
}

// open reads the file. The caller holds mu.
func (v *fileVault) open(passphrase string) (map[string]string, error) {
	sealed, err := os.ReadFile(filepath.Join(v.dir, sealedFile))
	if err != nil {
		return nil, fmt.Errorf("secrets: %w", err)
	}
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil { // it is empty
		return nil, ErrWrongPassphrase
	}
	plain, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if _, wrong := errors.AsType[*age.NoIdentityMatchError](err); wrong {
		return nil, ErrWrongPassphrase
	}
	if err != nil {
		return nil, ErrDamaged
	}
	text, err := io.ReadAll(plain)
	var values map[string]string
	if err != nil || json.Unmarshal(text, &values) != nil || values == nil { // without their words: they may repeat a value
		return nil, ErrDamaged
	}
	return values, nil
}

// seal writes the file. The caller holds mu.
func (v *fileVault) seal(values map[string]string, passphrase string) error {
	if utf8.RuneCountInString(passphrase) < minPassphrase {
		return ErrWeakPassphrase
	}
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return ErrWeakPassphrase
	}
	if v.workFactor != 0 {
		recipient.SetWorkFactor(v.workFactor)
	}
	text, err := json.Marshal(values)
	if err != nil {
		return errors.New("secrets: the secrets cannot be written as JSON")
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipient)
	if err == nil {
		_, err = w.Write(text)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return fmt.Errorf("secrets: sealing: %w", err)
	}
	if err := replace(v.dir, sealedFile, sealed.Bytes()); err != nil {
		return err
	}
	v.made, v.values, v.passphrase = true, values, passphrase
	return nil
}
