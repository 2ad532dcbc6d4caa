package backend

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/config"
)

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
	go func() {
		if err := before.close(); err != nil {
			b.log.Error("backend: a book was not put away well", "book", string(before.name), "error", err)
		}
	}()
	return nil
}
