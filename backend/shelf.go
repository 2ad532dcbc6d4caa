package backend

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/config"
)

// leaving is how long going back to a book waits until what was under way in it
// has ended: longer than anything that is asked may take.
const leaving = 10 * time.Second

// Books implements api.Shelf.
func (b *Backend) Books() ([]api.Book, error) {
	open := b.current().name
	var books []api.Book
	for _, name := range config.Books() {
		_, err := os.Stat(bookPath(filepath.Join(b.cfg.Data, string(name))))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, unusableFolder(b.cfg.Data, err)
		}
		books = append(books, api.Book{Name: api.BookName(name), Mode: modeOf(name), Open: name == open, Begun: err == nil})
	}
	return books, nil
}

// Open implements api.Shelf. The book that was on the screens is put away only
// when the other one is open, so that a book that cannot be opened changes
// nothing.
func (b *Backend) Open(ctx context.Context, name api.BookName) error {
	b.switching.Lock()
	defer b.switching.Unlock()
	before := b.current()
	if before.name == config.Book(name) {
		return nil
	}
	b.mu.Lock()
	stopped := b.stopped
	b.mu.Unlock()
	if stopped {
		return &boxoffice.Error{Code: boxoffice.CodeBookUnusable, Message: "Willcall is closing. Nothing was changed.", Next: "Start it again."}
	}
	if err := b.untilPutAway(ctx, config.Book(name)); err != nil {
		return err
	}
	after, err := b.openBook(context.WithoutCancel(ctx), config.Book(name))
	if err != nil {
		return err
	}
	if err := config.KeepBook(b.cfg.Data, after.name); err != nil {
		return errors.Join(unusableFolder(b.cfg.Data, err), after.close())
	}
	b.mu.Lock()
	b.book = after
	b.mu.Unlock()
	// Its own requests may be under way, this one among them.
	away := make(chan struct{})
	b.left[before.name] = away
	go func() {
		defer close(away)
		if err := before.close(); err != nil {
			b.log.Error("backend: a book was not put away well", "book", string(before.name), "error", err)
		}
	}()
	return nil
}

// untilPutAway waits until the book, which may have been left a moment ago, can
// be opened again. It ends with ctx too: who asks may be what is waited for.
func (b *Backend) untilPutAway(ctx context.Context, name config.Book) error {
	away, left := b.left[name]
	if !left {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, leaving)
	defer cancel()
	select {
	case <-away:
		return nil
	case <-ctx.Done():
		return &boxoffice.Error{
			Code:    boxoffice.CodeBookLocked,
			Message: "The book was left a moment ago, and something that was asked of it is still under way. Nothing was changed.",
			Next:    "Try again in a moment.",
			Cause:   ctx.Err(),
		}
	}
}
