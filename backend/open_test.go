package backend

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/config"
	"willcall/backend/ledger"
)

// tryOpen opens a backend without serving, and closes it.
func tryOpen(t *testing.T, cfg config.Config) error {
	t.Helper()
	b, err := Open(t.Context(), cfg, Options{Version: "test", Log: quiet()})
	if err != nil {
		return err
	}
	return b.Close()
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// files are the files of a folder and what is in them.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		found[path] = string(text)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return found
}

// obstacle is something that keeps Willcall from opening.
type obstacle struct {
	name string
	// lay puts it in the way, and returns what takes it away again.
	lay   func(t *testing.T, cfg *config.Config) (mend func())
	fresh bool // there was no book before
	code  boxoffice.Code
	says  string
	next  string
}

func bookOf(cfg *config.Config) string { return bookPath(filepath.Join(cfg.Data, "training")) }
func keyOf(cfg *config.Config) string  { return filepath.Join(cfg.Data, "training", "ticket.key") }

// change puts other content into a file, or takes the file away for nil. mend
// puts back what was there.
func change(t *testing.T, path string, edit func([]byte) []byte) (mend func()) {
	t.Helper()
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text := edit(bytes.Clone(was)); text == nil {
		err = os.Remove(path)
	} else {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.WriteFile(path, was, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// occupy listens on an address and returns it.
func occupy(t *testing.T) (addr string, leave func()) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l.Addr().String(), func() { l.Close() }
}

func damaged(part, other string) func(t *testing.T, cfg *config.Config) func() {
	return func(t *testing.T, cfg *config.Config) func() {
		t.Helper()
		return change(t, bookOf(cfg), func(text []byte) []byte {
			if !bytes.Contains(text, []byte(part)) {
				t.Fatalf("the book has no %q", part)
			}
			return bytes.ReplaceAll(text, []byte(part), []byte(other))
		})
	}
}

func ticketKeyIs(text string) func(t *testing.T, cfg *config.Config) func() {
	return func(t *testing.T, cfg *config.Config) func() {
		t.Helper()
		return change(t, keyOf(cfg), func([]byte) []byte {
			if text == "" {
				return nil
			}
			return []byte(text)
		})
	}
}

func obstacles() []obstacle {
	foreign := base64.StdEncoding.EncodeToString(make([]byte, ed25519.SeedSize))
	const backCopy, keyBack = "Put back a copy of the data folder", "Put the file ticket.key or secrets.age back"
	return []obstacle{
		{
			name: "another Willcall has the book", code: "book_locked", says: "already runs with this book", next: "Go to the window that is open",
			lay: func(t *testing.T, cfg *config.Config) func() {
				t.Helper()
				book, err := ledger.Open(bookOf(cfg), ledger.Options{})
				if err != nil {
					t.Fatal(err)
				}
				return func() { book.Close() }
			},
		},
		{
			name: "another program has the till's address", code: "address_taken", says: "Another program uses the address 127.0.0.1:", next: "WILLCALL_ADDR",
			lay: func(t *testing.T, cfg *config.Config) (leave func()) {
				t.Helper()
				cfg.Addr, leave = occupy(t)
				return leave
			},
		},
		{
			name: "another program has the simulated Stripe's address", code: "address_taken", says: "Another program uses the address 127.0.0.1:", next: "WILLCALL_SIM_ADDR",
			lay: func(t *testing.T, cfg *config.Config) (leave func()) {
				t.Helper()
				cfg.SimAddr, leave = occupy(t)
				return leave
			},
		},
		{
			name: "an address of another machine", code: "address_taken", says: "cannot listen on 192.0.2.1:4380", next: "WILLCALL_ADDR",
			lay: func(_ *testing.T, cfg *config.Config) func() {
				was := cfg.Addr
				cfg.Addr = "192.0.2.1:4380"
				return func() { cfg.Addr = was }
			},
		},
		{name: "the newest entry was changed", code: "book_corrupt", says: "is damaged", next: backCopy, lay: damaged(`"kind":"quota.added"`, `"kind":"quota.edded"`)},
		{
			name: "the book is something else", code: "book_corrupt", says: "is damaged", next: backCopy,
			lay: func(t *testing.T, cfg *config.Config) func() {
				t.Helper()
				return change(t, bookOf(cfg), func(text []byte) []byte { return bytes.Repeat([]byte("Hamlet\n"), len(text)/7) })
			},
		},
		{
			name: "half of the book", code: "book_corrupt", says: "is damaged", next: backCopy,
			lay: func(t *testing.T, cfg *config.Config) func() {
				t.Helper()
				return change(t, bookOf(cfg), func(text []byte) []byte { return text[:len(text)/8] })
			},
		},
		{
			name: "an empty book", code: "book_corrupt", says: "is damaged", next: backCopy,
			lay: func(t *testing.T, cfg *config.Config) func() {
				t.Helper()
				return change(t, bookOf(cfg), func([]byte) []byte { return []byte{} })
			},
		},
		{name: "the ticket key is missing", code: "ticket_key", says: "missing or damaged", next: keyBack, lay: ticketKeyIs("")},
		{name: "the ticket key is another book's", code: "ticket_key", says: "missing or damaged", next: keyBack, lay: ticketKeyIs(foreign)},
		{name: "the ticket key is damaged", code: "ticket_key", says: "missing or damaged", next: keyBack, lay: ticketKeyIs("not base64!")},
		{name: "the ticket key is cut off", code: "ticket_key", says: "missing or damaged", next: keyBack, lay: ticketKeyIs(foreign[:20])},
		{
			name: "the simulated Stripe's memory is damaged", code: "book_unusable", says: "cannot read its own memory", next: "Move the folder",
			lay: func(t *testing.T, cfg *config.Config) func() {
				t.Helper()
				return change(t, filepath.Join(cfg.Data, "training", "stripe-sim.jsonl"), func(text []byte) []byte { return append([]byte("{\n"), text...) })
			},
		},
		{
			name: "the data folder is a file", code: "book_unusable", says: "cannot be used", next: "WILLCALL_DATA", fresh: true,
			lay: func(t *testing.T, cfg *config.Config) func() {
				t.Helper()
				if err := os.WriteFile(cfg.Data+"/folder", nil, 0o600); err != nil {
					t.Fatal(err)
				}
				was := cfg.Data
				cfg.Data += "/folder"
				return func() { cfg.Data = was }
			},
		},
		{
			name: "the book is a folder", code: "book_unusable", says: "cannot be opened", next: "WILLCALL_DATA", fresh: true,
			lay: func(t *testing.T, cfg *config.Config) func() {
				t.Helper()
				if err := os.MkdirAll(bookOf(cfg), 0o700); err != nil {
					t.Fatal(err)
				}
				return func() {
					if err := os.Remove(bookOf(cfg)); err != nil {
						t.Fatal(err)
					}
				}
			},
		},
		{
			name: "a book for real money lies in training's folder", code: "book_unusable", says: "is for live and was opened for training", next: "Put it back", fresh: true,
			lay: layLiveBook,
		},
	}
}

func layLiveBook(t *testing.T, cfg *config.Config) (mend func()) {
	t.Helper()
	seed := make([]byte, ed25519.SeedSize)
	if err := os.MkdirAll(filepath.Dir(bookOf(cfg)), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(keyOf(cfg), []byte(base64.StdEncoding.EncodeToString(seed)), 0o600); err != nil {
		t.Fatal(err)
	}
	book, err := ledger.Open(bookOf(cfg), ledger.Options{Register: register, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	err = book.Update(func(tx *ledger.Tx) error {
		public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
		_, err := tx.Append(boxoffice.BookOpenedFact{BookID: "book-live", Mode: boxoffice.Live, TicketKey: public})
		return err
	})
	if err := errors.Join(err, book.Close()); err != nil {
		t.Fatal(err)
	}
	return func() { cfg.Data = t.TempDir() }
}

// What keeps Willcall from opening is told in words, with what to do; nothing
// on the disk is changed by the attempt; and when the obstacle is gone it
// opens, so nothing was left locked, listening or half written.
func TestObstacles(t *testing.T) {
	t.Parallel()
	for _, o := range obstacles() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			cfg := testConfig(t)
			if !o.fresh {
				if err := tryOpen(t, cfg); err != nil {
					t.Fatal(err)
				}
			}
			mend := o.lay(t, &cfg)
			before := files(t, cfg.Data)
			err := tryOpen(t, cfg)
			e, ok := errors.AsType[*boxoffice.Error](err)
			if !ok || e.Code != o.code || !strings.Contains(e.Message, o.says) || !strings.Contains(e.Next, o.next) {
				t.Errorf("opening ended with %+v", err)
			}
			if diff := cmp.Diff(before, files(t, cfg.Data)); diff != "" {
				t.Errorf("the attempt changed the data folder (-before +after):\n%.2000s", diff)
			}
			mend()
			if err := tryOpen(t, cfg); err != nil {
				t.Errorf("without the obstacle: %v", err)
			}
		})
	}
}

// An attempt on a new folder that fails for its address leaves a book that the
// next one goes on with, instead of a second one.
func TestOpenAfterAFailedFirstTime(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	addr, leave := occupy(t)
	taken := cfg
	taken.SimAddr = addr
	if err := tryOpen(t, taken); boxoffice.ErrorCode(err) != boxoffice.CodeAddressTaken {
		t.Fatal(err)
	}
	before := files(t, cfg.Data)
	leave()
	if err := tryOpen(t, cfg); err != nil {
		t.Fatal(err)
	}
	after := files(t, cfg.Data)
	if before[keyOf(&cfg)] == "" || before[keyOf(&cfg)] != after[keyOf(&cfg)] {
		t.Error("the ticket key is not the first one's")
	}
	var out bytes.Buffer
	if err := Verify(t.Context(), cfg, &out); err != nil || !strings.HasPrefix(out.String(), "The book is sound: ") {
		t.Errorf("%v: %s", err, &out)
	}
}

// Opened again and again, the book is the same one: same name, same key, no
// second sample event.
func TestOpenAgain(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	var books []string
	for range 3 {
		till := openTill(t, cfg)
		status := call[map[string]any](till, "GET", "/api/status", "", "", 200)
		books = append(books, status["bookId"].(string))
		if c := call[api.Catalogue](till, "GET", "/api/catalogue", "", "", 200); len(c.Events) != 1 || len(c.Events[0].Performances) != 2 {
			t.Errorf("the book has %d events", len(c.Events))
		}
		till.close()
	}
	if books[0] == "" || books[0] != books[1] || books[1] != books[2] {
		t.Errorf("three books: %q", books)
	}
	kept := files(t, cfg.Data)
	names := map[string]bool{}
	for name := range maps.Keys(kept) {
		names[filepath.Base(name)] = true
		if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may read %s: %v", name, err)
		}
	}
	if diff := cmp.Diff(map[string]bool{"book.db": true, "ticket.key": true, "stripe-sim.jsonl": true}, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// A backend that is half open closes, whatever it has so far, and twice.
func TestHalfOpenBackendsClose(t *testing.T) {
	t.Parallel()
	if err := (&Backend{}).Close(); err != nil {
		t.Errorf("with nothing: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	b, err := Open(ctx, testConfig(t), Options{Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	cancel() // the start was given up; what was opened must still close
	for range 2 {
		if err := b.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	}
}
