package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Book names a book by what it is sold on. Each has a folder of its own, of
// the same name, below the data folder.
type Book string

// The books.
const (
	Training Book = "training" // the simulator
	Test     Book = "test"     // an account's test mode at Stripe
	Live     Book = "live"     // real money
)

// Books lists them.
func Books() []Book { return []Book{Training, Test, Live} }

func (b Book) known() bool { return b == Training || b == Test || b == Live }

// lastFile keeps which book was open last.
const lastFile = "open-book"

// LastBook is the book that was open last; Training where none was, or where
// the file says something else.
func LastBook(data string) (Book, error) {
	text, err := os.ReadFile(filepath.Join(data, lastFile))
	b := Book(strings.TrimSpace(string(text)))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Training, nil
	case err != nil:
		return Training, fmt.Errorf("config: %w", err)
	case !b.known():
		return Training, nil
	default:
		return b, nil
	}
}

// KeepBook remembers which book is open, whole or not at all.
func KeepBook(data string, b Book) error {
	f, err := os.CreateTemp(data, lastFile+".*")
	if err != nil {
		return fmt.Errorf("config: %w", err)
	}
	_, err = f.WriteString(string(b) + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(data, lastFile))
	}
	if err != nil {
		return fmt.Errorf("config: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}
