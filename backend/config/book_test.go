package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What was open last is open again; what cannot be told is training, which
// costs nobody money.
func TestTheLastBook(t *testing.T) {
	data := t.TempDir()
	if b, err := LastBook(data); b != Training || err != nil {
		t.Errorf("where none was open, it is %q, %v", b, err)
	}
	for _, b := range []Book{Live, Test, Training, Live} {
		if err := KeepBook(data, b); err != nil {
			t.Fatal(err)
		}
		if got, err := LastBook(data); got != b || err != nil {
			t.Errorf("%q was kept, and is read as %q, %v", b, got, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(data, "*"))
	if err != nil || len(files) != 1 {
		t.Errorf("keeping it left %v, %v", files, err)
	}
}

func TestALastBookThatSaysSomethingElse(t *testing.T) {
	for text, want := range map[string]Book{
		"live\n": Live, "  test  ": Test, "": Training, "LIVE": Training, "live test": Training, "../live": Training, "\x00": Training,
		strings.Repeat("live", 1000): Training,
	} {
		data := t.TempDir()
		if err := os.WriteFile(filepath.Join(data, lastFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if b, err := LastBook(data); b != want || err != nil {
			t.Errorf("%q is read as %q, %v; want %q", text, b, err, want)
		}
	}
}

// What cannot be read is said, and is training all the same.
func TestALastBookThatCannotBeRead(t *testing.T) {
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, lastFile), 0o700); err != nil {
		t.Fatal(err)
	}
	if b, err := LastBook(data); b != Training || err == nil {
		t.Errorf("a folder is read as %q, %v", b, err)
	}
	if err := KeepBook(data, Live); err == nil {
		t.Error("the book was kept in the place of a folder")
	}
	if left, _ := filepath.Glob(filepath.Join(data, lastFile+".*")); len(left) > 0 {
		t.Errorf("what could not be kept was left as %v", left)
	}
	if err := KeepBook(filepath.Join(data, "nowhere"), Live); err == nil {
		t.Error("the book was kept in a folder that is not there")
	}
}

// Every book has a name that can be asked for, and a folder that is no other's.
func TestBooks(t *testing.T) {
	seen := map[Book]bool{}
	for _, b := range Books() {
		if seen[b] || !b.known() || b != Book(filepath.Base(string(b))) {
			t.Errorf("%q is no book's name", b)
		}
		seen[b] = true
	}
	if len(seen) != 3 {
		t.Errorf("there are %d books, want 3", len(seen))
	}
}
