package secrets

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func keyFile(dir string) string { return filepath.Join(dir, "ticket.key") }

func TestATicketKeyIsKept(t *testing.T) {
	dir := t.TempDir()
	if _, err := In(dir).TicketKey(); !errors.Is(err, ErrMissing) {
		t.Errorf("in an empty folder: %v, want ErrMissing", err)
	}
	made, err := In(dir).NewTicketKey()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		read, err := In(dir).TicketKey()
		if err != nil || !bytes.Equal(read, made) {
			t.Fatalf("another key is read than was made: %v", err)
		}
	}
	message := []byte("tkt-1")
	if !ed25519.Verify(made.Public().(ed25519.PublicKey), message, ed25519.Sign(made, message)) {
		t.Error("the key does not sign")
	}
	another, err := In(t.TempDir()).NewTicketKey()
	if err != nil || bytes.Equal(another, made) {
		t.Errorf("two box offices have one key (%v)", err)
	}
}

func TestASecretIsItsOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	if _, err := In(dir).NewTicketKey(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || files[0].Name() != "ticket.key" {
		t.Fatalf("the folder holds %v, want ticket.key alone (%v)", files, err)
	}
	info, err := files[0].Info()
	if err != nil || info.Mode() != fs.FileMode(0o600) {
		t.Errorf("the file's mode is %v, want only its owner to read it (%v)", info.Mode(), err)
	}
}

// TestAKeyIsNeverReplaced: tickets that it signed are out, and would all look
// forged at the door.
func TestAKeyIsNeverReplaced(t *testing.T) {
	for name, content := range map[string]string{
		"a good one":    base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32)),
		"a damaged one": "half of a key, of which somebody may have the other",
		"an empty file": "",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(keyFile(dir), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if key, err := In(dir).NewTicketKey(); err == nil || key != nil {
			t.Errorf("%s was replaced", name)
		}
		if got, err := os.ReadFile(keyFile(dir)); err != nil || string(got) != content {
			t.Errorf("%s is now %q (%v)", name, got, err)
		}
	}
}

// TestADamagedKeyIsToldWithoutItsContent: an error goes into the log.
func TestADamagedKeyIsToldWithoutItsContent(t *testing.T) {
	seed := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	for name, content := range map[string]string{
		"nothing":       "",
		"cut short":     seed[:20],
		"too long":      base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 33)),
		"a whole key":   base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 64)),
		"not base64":    strings.Repeat("?", 44),
		"without an =":  seed[:43],
		"two keys":      seed + seed,
		"something raw": "\x00\xff\x00",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(keyFile(dir), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		key, err := In(dir).TicketKey()
		if err == nil || errors.Is(err, ErrMissing) || key != nil {
			t.Errorf("%s: the key is %v and the error %v, want one that says that it is damaged", name, key, err)
			continue
		}
		if content != "" && strings.Contains(err.Error(), content) {
			t.Errorf("%s: the error tells the secret: %v", name, err)
		}
	}
}

func TestAKeyIsReadHoweverItsLineEnds(t *testing.T) {
	seed := bytes.Repeat([]byte{7}, 32)
	for _, end := range []string{"", "\n", "\r\n", " \n\n"} {
		dir := t.TempDir()
		if err := os.WriteFile(keyFile(dir), []byte(base64.StdEncoding.EncodeToString(seed)+end), 0o600); err != nil {
			t.Fatal(err)
		}
		if key, err := In(dir).TicketKey(); err != nil || !bytes.Equal(key.Seed(), seed) {
			t.Errorf("with the line end %q: %v", end, err)
		}
	}
}

func TestAKeyThatCannotBeKeptSignsNothing(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	if key, err := In(nowhere).NewTicketKey(); err == nil || key != nil {
		t.Errorf("without a folder a key was made (%v)", err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(keyFile(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	if key, err := In(dir).TicketKey(); err == nil || errors.Is(err, ErrMissing) || key != nil {
		t.Errorf("a folder in the key's place is read as %v", err)
	}
}

func TestWriteLeavesNothingHalf(t *testing.T) {
	dir := t.TempDir()
	s := In(dir)
	for _, text := range []string{"first", "second, which is longer"} {
		if err := s.write("name", text); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, "name")); err != nil || string(got) != text {
			t.Errorf("the file holds %q (%v), want %q", got, err, text)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.write("taken", "text"); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 2 {
		t.Errorf("a write that failed left something behind: %v (%v)", files, err)
	}
}
