package backend

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/config"
)

// Five wrong PINs in a row, and the gate waits; a restart does not help.
func TestWrongPINs(t *testing.T) {
	t.Parallel()
	_, cfg := away(t)
	till := openLogged(t, cfg, io.Discard)
	call[api.Admin](till, http.MethodPut, "/api/access/pin", "", `{"pin":"1234"}`, http.StatusOK)
	if p := till.refused(http.MethodPut, "/api/access/pin", `{"pin":"9999"}`); p.Code != "pin_wrong" {
		t.Errorf("another PIN without the first: %+v", p)
	}
	for range 4 {
		till.refused(http.MethodPost, "/api/access/unlock", `{"pin":"4321"}`)
	}
	if p := till.refused(http.MethodPost, "/api/access/unlock", `{"pin":"1234"}`); p.Code != "pin_wait" || p.Params["seconds"] == "" {
		t.Errorf("after five wrong ones: %+v", p)
	}
	till.close()
	again := openLogged(t, cfg, io.Discard)
	if p := again.refused(http.MethodPost, "/api/access/unlock", `{"pin":"1234"}`); p.Code != "pin_wait" {
		t.Errorf("after a restart: %+v", p)
	}
	if p := again.refused(http.MethodPost, "/api/books/test/open", ""); p.Code != "pin_needed" {
		t.Errorf("another book without the PIN: %+v", p)
	}
}

// One till, three books: each in its folder, with its own orders; the screens
// follow, and what was open goes on when it is opened again.
func TestBooksAreApart(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	cfg.Keychain = "never"
	till := openLogged(t, cfg, io.Discard)
	o := till.sell("a-sale-in-training")
	stream, err := http.NewRequestWithContext(t.Context(), http.MethodGet, till.url+"/api/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	listening, err := http.DefaultClient.Do(stream) //nolint:bodyclose // closed below
	if err != nil {
		t.Fatal(err)
	}
	defer listening.Body.Close()
	ended := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, listening.Body); close(ended) }()

	call[any](till, http.MethodPost, "/api/books/live/open", "", "", http.StatusOK)
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the stream of the other book goes on")
	}
	s := call[api.Status](till, http.MethodGet, "/api/status", "", "", http.StatusOK)
	if s.Book != "live" || s.Mode != "live" || s.Connection != "none" {
		t.Errorf("the book is %+v", s)
	}
	till.refused(http.MethodGet, "/api/orders/"+o.ID, "")
	if e := call[api.Catalogue](till, http.MethodGet, "/api/catalogue", "", "", http.StatusOK).Events; len(e) != 0 {
		t.Errorf("the live book begins with %+v", e)
	}
	till.pay(sim, o)
	call[any](till, http.MethodPost, "/api/books/training/open", "", "", http.StatusOK)
	till.until(o.ID, "paid")
	till.close()
	for _, folder := range []string{"training", "live"} {
		if _, err := os.Stat(filepath.Join(cfg.Data, folder, "book.db")); err != nil {
			t.Errorf("the book %s: %v", folder, err)
		}
	}
	if name, err := config.LastBook(cfg.Data); err != nil || name != config.Training {
		t.Errorf("the next start opens %s: %v", name, err)
	}
}

// Somebody's request is under way in a book that is left: going back waits for
// its end, and so does closing Willcall.
func TestABookThatWasLeftIsPutAway(t *testing.T) {
	t.Parallel()
	_, cfg := away(t)
	cfg.Keychain = "never"
	till := openLogged(t, cfg, io.Discard)
	training := till.b.current()
	training.serving.RLock()
	call[any](till, http.MethodPost, "/api/books/live/open", "", "", http.StatusOK)

	gone, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := till.b.Open(gone, api.BookTraining); boxoffice.ErrorCode(err) != boxoffice.CodeBookLocked {
		t.Errorf("back before it is put away: %v, want book_locked", err)
	}
	if name := till.b.current().name; name != config.Live {
		t.Errorf("then %s is on the screens", name)
	}
	time.AfterFunc(1500*time.Millisecond, training.serving.RUnlock) // longer than bbolt waits for its file
	call[any](till, http.MethodPost, "/api/books/training/open", "", "", http.StatusOK)

	again := till.b.current()
	again.serving.RLock()
	call[any](till, http.MethodPost, "/api/books/live/open", "", "", http.StatusOK)
	closed := make(chan struct{})
	go func() { till.close(); close(closed) }()
	select {
	case <-closed:
		t.Error("Willcall is closed, and the book that was left is open")
	case <-time.After(time.Second):
	}
	again.serving.RUnlock()
	<-closed
}

// Who asks for another book while Willcall is closing is told so, and closing
// does not wait for the answer.
func TestAnotherBookWhileClosing(t *testing.T) {
	t.Parallel()
	_, cfg := away(t)
	till := openLogged(t, cfg, io.Discard)
	open := till.b.current()
	open.serving.RLock() // the request's
	closed := make(chan struct{})
	go func() { till.close(); close(closed) }()
	for open.life.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	asked := make(chan error, 1)
	go func() { asked <- till.b.Open(t.Context(), api.BookLive) }()
	select {
	case err := <-asked:
		if boxoffice.ErrorCode(err) != boxoffice.CodeBookUnusable {
			t.Errorf("another book: %v, want book_unusable", err)
		}
	case <-time.After(20 * time.Second):
		t.Error("closing waits for a request that waits for closing")
	}
	open.serving.RUnlock()
	<-closed
}
