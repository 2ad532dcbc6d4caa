// Package secrets keeps what must never be in the book, a log, an answer or a
// command line.
//
// A [Vault] keeps what others gave into our hands, such as Stripe's keys: in
// the system's keychain, or in a file sealed with a passphrase. A [Store] keeps
// the key that signs tickets, which a till must have before anybody has typed
// anything. A [Gate] lets the administrator in, by a PIN.
//
// It must not know what a secret is used for. No error of this package holds a
// secret.
package secrets

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Store keeps secrets in a folder, each in a file that only its owner reads.
type Store struct {
	dir string
}

// In returns the store in the folder.
func In(dir string) Store { return Store{dir: dir} }

const ticketKeyFile = "ticket.key"

// ErrMissing says that a secret is not in the store.
var ErrMissing = errors.New("secrets: not in the store")

// TicketKey reads the key that signs tickets, or ErrMissing.
func (s Store) TicketKey() (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(filepath.Join(s.dir, ticketKeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	if err != nil {
		return nil, fmt.Errorf("secrets: %w", err)
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("secrets: %s is damaged", ticketKeyFile) // without its content
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// NewTicketKey makes a key and keeps it. One that is there already is not
// replaced: tickets that it signed are out.
func (s Store) NewTicketKey() (ed25519.PrivateKey, error) {
	if _, err := s.TicketKey(); !errors.Is(err, ErrMissing) {
		return nil, errors.Join(err, errors.New("secrets: there is a ticket key already"))
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("secrets: %w", err)
	}
	if err := s.write(ticketKeyFile, base64.StdEncoding.EncodeToString(key.Seed())+"\n"); err != nil {
		return nil, err // a key that is not kept must sign nothing
	}
	return key, nil
}

func (s Store) write(name, text string) error {
	return replace(s.dir, name, []byte(text))
}

// replace writes a file as a whole, for its owner alone: after a crash there
// is the old one or the new one, never half of one.
func replace(dir, name string, content []byte) error {
	f, err := os.CreateTemp(dir, name+".*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("secrets: %w", err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return fmt.Errorf("secrets: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return syncFolder(dir)
}

// syncFolder makes a rename last through a loss of power. Windows keeps names
// by itself, and lets no folder be synced.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err == nil {
		err = errors.Join(d.Sync(), d.Close())
	}
	if err != nil {
		return fmt.Errorf("secrets: %w", err)
	}
	return nil
}
