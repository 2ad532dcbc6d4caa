package secrets

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Vault keeps secrets by name. Its methods may be called from any number of
// goroutines.
type Vault interface {
	// Get returns a secret; ErrMissing, ErrLocked or ErrUnusable where it cannot.
	Get(name string) (string, error)
	// Set keeps a secret, in place of one of the same name. When it returns
	// without an error the secret outlives a loss of power.
	Set(name, value string) error
	// Delete forgets a secret; one that is not there is no error.
	Delete(name string) error
	// State says where the secrets are, and whether they can be had.
	State() State
	// Unlock opens a sealed file, or makes it where there is none yet:
	// ErrWrongPassphrase, ErrWeakPassphrase, ErrDamaged. A keychain needs none.
	Unlock(passphrase string) error
	// ChangePassphrase seals the file with another one.
	ChangePassphrase(from, to string) error
}

// State is how a vault stands.
type State struct {
	Kind     Kind
	Locked   bool // nothing can be kept, nor read, before Unlock
	New      bool // the file is not made yet: the first Unlock makes it
	Unusable bool // the system's keychain refused when it was last asked
}

// Kind is where a vault keeps its secrets.
type Kind string

// The kinds.
const (
	KindKeychain Kind = "keychain"
	KindFile     Kind = "file"
)

// What a vault may say. None of them is wrapped around a secret.
var (
	ErrLocked          = errors.New("secrets: the vault is locked")
	ErrWrongPassphrase = errors.New("secrets: the passphrase is not the file's")
	ErrWeakPassphrase  = errors.New("secrets: the passphrase is shorter than eight characters")
	ErrDamaged         = errors.New("secrets: secrets.age is damaged; it is left as it is")
	ErrUnusable        = errors.New("secrets: the system's keychain refuses")
	ErrTooLong         = errors.New("secrets: the system's keychain takes no secret of this length")
	ErrNoPassphrase    = errors.New("secrets: the system's keychain has no passphrase of ours")
)

// Preference is whether the system's keychain may be used.
type Preference string

// The preferences.
const (
	Auto  Preference = ""      // the keychain where there is one that works
	Never Preference = "never" // a sealed file
)

// VaultOptions say where a vault is.
type VaultOptions struct {
	Dir        string     // the folder of the book
	Service    string     // the name in the keychain, one for each folder: "Willcall <book id>"
	Keychain   Preference //
	WorkFactor int        // of the sealed file: the logarithm of scrypt's cost; 0 is 18, about a second

	system   keychain      // nil is the system's own
	patience time.Duration // for one answer of the keychain; 0 is 20 s, since a person may have to unlock it
}

const (
	sealedFile = "secrets.age"
	// chainMark is an empty file that says that the secrets are in the keychain.
	chainMark = "secrets.keychain"
)

// OpenVault returns the vault of a folder. Once there is a secret its place
// does not change by itself: a folder with a sealed file keeps to it, and a
// folder whose secrets are in a keychain that refuses today gets a vault that
// says so, rather than an empty file. Otherwise the keychain is tried by
// writing, reading and deleting, and where that fails it will be a file.
func OpenVault(opt VaultOptions) (Vault, error) {
	sealed, err := there(filepath.Join(opt.Dir, sealedFile))
	if err != nil {
		return nil, err
	}
	if sealed || opt.Keychain == Never {
		return openFile(opt, sealed), nil
	}
	chain := openChain(opt)
	marked, err := there(filepath.Join(opt.Dir, chainMark))
	if err != nil {
		return nil, err
	}
	if err := chain.probe(); err != nil && !marked {
		return openFile(opt, false), nil // no keychain is no error: there is the file
	}
	return chain, nil
}

func there(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
