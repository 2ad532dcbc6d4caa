package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"willcall/backend/boxoffice"
)

// engine is the ordered key-value store under the book: all keys in one space.
type engine struct {
	db *bbolt.DB
}

// txn is one transaction. Slices it returns are valid until it ends.
type txn struct {
	bucket *bbolt.Bucket
}

func space() []byte { return []byte("willcall") }

// openEngine opens or creates the file. Another process that has it open is
// CodeBookLocked, a file that is no book CodeBookCorrupt.
func openEngine(path string, readOnly bool) (*engine, error) {
	var e *engine
	err := guard(func() error {
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second, ReadOnly: readOnly, FreelistType: bbolt.FreelistMapType})
		if err != nil {
			return err
		}
		e = &engine{db: db}
		if readOnly {
			return nil
		}
		return db.Update(func(tx *bbolt.Tx) error {
			_, err := tx.CreateBucketIfNotExists(space())
			return err
		})
	})
	if err != nil {
		if e != nil {
			err = errors.Join(err, e.close())
		}
		return nil, openError(path, err)
	}
	return e, nil
}

func (e *engine) close() error { return e.db.Close() }

// view runs fn on one unchanging sight of the store.
func (e *engine) view(fn func(txn) error) error {
	return guard(func() error {
		return e.db.View(func(tx *bbolt.Tx) error {
			bucket := tx.Bucket(space())
			if bucket == nil {
				return errors.New("the file has no space of keys")
			}
			return fn(txn{bucket})
		})
	})
}

// update runs fn alone and commits what it wrote, or nothing if it fails.
func (e *engine) update(fn func(txn) error) error {
	err := guard(func() error {
		return e.db.Update(func(tx *bbolt.Tx) error { return fn(txn{tx.Bucket(space())}) })
	})
	return writeError(err)
}

func (t txn) get(key []byte) []byte       { return t.bucket.Get(key) }
func (t txn) put(key, value []byte) error { return t.bucket.Put(key, value) }
func (t txn) delete(key []byte) error     { return t.bucket.Delete(key) }

// scan calls fn for each key that starts with prefix, in order, until fn
// returns false.
func (t txn) scan(prefix []byte, fn func(key, value []byte) (bool, error)) error {
	return t.scanFrom(prefix, prefix, fn)
}

// scanFrom is scan, beginning at the key from.
func (t txn) scanFrom(prefix, from []byte, fn func(key, value []byte) (bool, error)) error {
	c := t.bucket.Cursor()
	for k, v := c.Seek(from); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if more, err := fn(k, v); err != nil || !more {
			return err
		}
	}
	return nil
}

// scanBack calls fn for each key with prefix that sorts before the key before,
// from the last to the first, until fn returns false.
func (t txn) scanBack(prefix, before []byte, fn func(key, value []byte) (bool, error)) error {
	c := t.bucket.Cursor()
	k, v := c.Seek(before)
	if k == nil {
		k, v = c.Last()
	} else {
		k, v = c.Prev()
	}
	for ; k != nil && bytes.HasPrefix(k, prefix); k, v = c.Prev() {
		if more, err := fn(k, v); err != nil || !more {
			return err
		}
	}
	return nil
}

// guard runs fn and turns what a damaged file does to bbolt (a panic about a
// page, a fault in the memory map) into CodeBookCorrupt. Any other panic is a
// mistake of ours and goes on.
func guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch p := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }:
			err = corrupt(fmt.Errorf("memory fault at %#x", p.Addr()))
		default:
			text := fmt.Sprint(p)
			if !strings.Contains(text, "page") && !strings.Contains(text, "freelist") && !strings.Contains(text, "assertion failed") {
				panic(p)
			}
			err = corrupt(errors.New(text))
		}
	}()
	return fn()
}

func openError(path string, err error) error {
	switch {
	case boxoffice.ErrorCode(err) == boxoffice.CodeBookCorrupt:
		return err
	case errors.Is(err, bolterrors.ErrTimeout):
		return &boxoffice.Error{
			Code:    boxoffice.CodeBookLocked,
			Message: "Willcall already runs with this book (" + path + "). Nothing was changed.",
			Next:    "Go to the window that is open, or close it and start again.",
			Cause:   err,
		}
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return corrupt(err)
	case strings.Contains(err.Error(), "file size too small"), strings.Contains(err.Error(), "no space of keys"):
		return corrupt(err)
	case noRoom(err):
		return writeError(err)
	default:
		return &boxoffice.Error{
			Code:    boxoffice.CodeBookUnusable,
			Message: "The book (" + path + ") cannot be opened. Nothing was changed.",
			Next:    "Check that the folder exists and that you may write in it, or set WILLCALL_DATA to another one.",
			Cause:   err,
		}
	}
}

func writeError(err error) error {
	if !noRoom(err) {
		return err
	}
	return &boxoffice.Error{
		Code:    boxoffice.CodeDiskFull,
		Message: "The disk is full, so this was not written down and did not happen. What was in the book is safe.",
		Next:    "Free some space, then try again.",
		Cause:   err,
	}
}

func noRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

func corrupt(cause error) error {
	return &boxoffice.Error{
		Code:    boxoffice.CodeBookCorrupt,
		Message: "The book is damaged and was not opened, so that nothing is built on it. Stripe still has every payment.",
		Next:    "Put back a copy of the data folder, or move it away to start a new book; keep the damaged one.",
		Cause:   cause,
	}
}
