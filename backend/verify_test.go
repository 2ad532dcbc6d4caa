package backend

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// A book with a sale in it is sound, and says of how much.
func TestVerify(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	till := openTill(t, cfg)
	till.sell("a-sale-in-the-book")
	var out bytes.Buffer
	if err := Verify(t.Context(), cfg, &out); boxoffice.ErrorCode(err) != boxoffice.CodeBookLocked {
		t.Errorf("while the till has the book: %v", err)
	}
	till.close()
	before := files(t, cfg.Data)
	out.Reset()
	if err := Verify(t.Context(), cfg, &out); err != nil || !regexp.MustCompile(`^The book is sound: \d+ entries, each chained to the one before; the state of \d+ keys is what they say\.`).MatchString(out.String()) {
		t.Errorf("%v: %s", err, &out)
	}
	if after := files(t, cfg.Data); len(after) != len(before) || after[bookOf(&cfg)] != before[bookOf(&cfg)] {
		t.Error("verifying changed the data folder")
	}
}

// An entry that was changed long ago is found, named, and is an error.
func TestVerifyFindsAChange(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	till := openTill(t, cfg)
	till.sell("a-sale-in-the-book")
	till.close()
	mend := damaged(`"kind":"event.added"`, `"kind":"event.edded"`)(t, &cfg)
	var out bytes.Buffer
	err := Verify(t.Context(), cfg, &out)
	e, ok := errors.AsType[*boxoffice.Error](err)
	if !ok || e.Code != boxoffice.CodeBookCorrupt || e.Next == "" || !strings.Contains(out.String(), "- Entry 2 was changed after it was written") || strings.Contains(out.String(), "sound") {
		t.Errorf("%v: %s", err, &out)
	}
	mend()
	if err := Verify(t.Context(), cfg, &out); err != nil {
		t.Errorf("put back as it was: %v", err)
	}
}

// There is nothing to verify, and nothing is made.
func TestVerifyWithoutABook(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	err := Verify(t.Context(), cfg, &bytes.Buffer{})
	if e, ok := errors.AsType[*boxoffice.Error](err); !ok || e.Code != boxoffice.CodeBookUnusable || e.Next == "" {
		t.Errorf("%v", err)
	}
	if made := files(t, cfg.Data); len(made) > 0 {
		t.Errorf("verifying made %d files", len(made))
	}
}

// A writer that takes nothing is an error, not a book that is sound.
func TestVerifyToNobody(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	if err := tryOpen(t, cfg); err != nil {
		t.Fatal(err)
	}
	for name, lay := range map[string]func() func(){
		"sound":   func() func() { return func() {} },
		"damaged": func() func() { return damaged(`"kind":"event.added"`, `"kind":"event.edded"`)(t, &cfg) },
	} {
		mend := lay()
		if err := Verify(t.Context(), cfg, broken{}); !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
		mend()
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, os.ErrClosed }

// The first line of a simulated Stripe that runs by itself is its address; it
// answers there until it is told to stop, and remembers for the next time.
func TestSimulate(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	for range 2 {
		ctx, stop := context.WithCancel(t.Context())
		lines, ended := make(chan string, 1), make(chan error, 1)
		go func() { ended <- Simulate(ctx, cfg, quiet(), sink(lines)) }()
		select {
		case line := <-lines:
			url, ok := strings.CutPrefix(strings.TrimSpace(line), "A simulated Stripe is at ")
			status, text, err := send(t.Context(), http.MethodGet, url+"/v1/balance", "", "")
			if !ok || err != nil || status != http.StatusOK {
				t.Errorf("%q: %v %d %s", line, err, status, text)
			}
		case err := <-ended:
			t.Fatalf("it ended: %v", err)
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("it ended with %v", err)
		}
	}
}

// sink passes on what is written.
type sink chan string

func (s sink) Write(p []byte) (int, error) { s <- string(p); return len(p), nil }

func TestSimulateWhereItCannot(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	addr, leave := occupy(t)
	defer leave()
	cfg.SimAddr = addr
	if err := Simulate(t.Context(), cfg, quiet(), sink(make(chan string, 1))); boxoffice.ErrorCode(err) != boxoffice.CodeAddressTaken {
		t.Errorf("on a taken address: %v", err)
	}
	cfg.SimAddr = "127.0.0.1:0"
	if err := Simulate(t.Context(), cfg, quiet(), broken{}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("to nobody: %v", err)
	}
	if err := os.WriteFile(cfg.Data+"/file", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg.Data += "/file"
	err := Simulate(t.Context(), cfg, quiet(), broken{})
	if e, ok := errors.AsType[*boxoffice.Error](err); !ok || e.Code != boxoffice.CodeBookUnusable || e.Next == "" {
		t.Errorf("in a folder that is a file: %v", err)
	}
}

// The book that Willcall begins is the sample event's, and nobody's else.
func TestTheFirstBook(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	if err := tryOpen(t, cfg); err != nil {
		t.Fatal(err)
	}
	book, err := ledger.Open(bookOf(&cfg), ledger.Options{ReadOnly: true, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	err = book.View(func(tx *ledger.Tx) error {
		opened, ok, err := tx.Opened()
		if err != nil || !ok || opened.Mode != boxoffice.Training || len(opened.TicketKey) != 32 || !strings.HasPrefix(opened.BookID, "book-") {
			t.Errorf("%v: the book is %+v", err, opened)
		}
		c, err := tx.Catalogue()
		if len(c.Events) != 1 || len(c.Quotas) != 4 || !c.Events[0].Performances[0].StartsAt.After(time.Now().Add(-24*time.Hour)) {
			t.Errorf("the catalogue is %+v", c)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
