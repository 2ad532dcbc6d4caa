package ledger

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"
)

// engine is the ordered key-value store under the book: all keys in one space.
type engine struct {
	db   *bbolt.DB
	file *os.File // bbolt's own, to let go of where bbolt itself cannot

	writing sync.Mutex // before bbolt's own, which nobody may wait for once it is torn
	torn    bool       // a write ended in a panic; bbolt may hold its locks for ever
}

// txn is one transaction. Slices it returns are valid until it ends.
type txn struct {
	bucket *bbolt.Bucket
}

func space() []byte { return []byte("willcall") }

// openEngine opens the file, or creates it where there is none. Another
// process that has it open is CodeBookLocked, a file that is no book
// CodeBookCorrupt.
func openEngine(path string, readOnly bool) (*engine, error) {
	e := &engine{}
	err := guard(func() (err error) {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist) && !readOnly:
			if err := createFile(path); err != nil {
				return err
			}
		case err == nil && info.Mode().IsRegular() && info.Size() == 0:
			return corrupt(errors.New("the file is empty")) // bbolt would begin a new book in it
		}
		e.db, err = bbolt.Open(path, 0o600, &bbolt.Options{
			Timeout: time.Second, ReadOnly: readOnly, FreelistType: bbolt.FreelistMapType,
			OpenFile: func(name string, flag int, mode os.FileMode) (f *os.File, err error) {
				e.file, err = os.OpenFile(name, flag, mode)
				return e.file, err
			},
		})
		return err
	})
	if err != nil {
		return nil, openError(path, errors.Join(err, e.release()))
	}
	return e, nil
}

// createFile puts an empty store at the path, whole or not at all: after a
// crash there is none or a good one, and an empty file is always a lost book.
func createFile(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new") // made with mode 0600
	if err != nil {
		return err
	}
	made := f.Name()
	defer func() { _ = os.Remove(made) }() // gone already if it was renamed
	if err := f.Close(); err != nil {
		return err
	}
	db, err := bbolt.Open(made, 0o600, nil)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket(space())
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	err = os.Link(made, path) // unlike a renaming, never over a book that another process made meanwhile
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return os.Rename(made, path) // a file system without links
}

func (e *engine) close() error {
	e.writing.Lock()
	defer e.writing.Unlock()
	if e.torn {
		return e.release()
	}
	return e.db.Close()
}

// release lets go of the file, and so of its lock, without bbolt: after a
// panic in it, closing properly could wait for ever.
func (e *engine) release() error {
	if e.file == nil || e.file.Fd() == ^uintptr(0) {
		return nil // bbolt closed it
	}
	return errors.Join(unlock(e.file), e.file.Close())
}

// view runs fn on one unchanging sight of the store.
func (e *engine) view(fn func(txn) error) error {
	defer e.notNested()()
	return guard(func() error {
		return e.db.View(func(tx *bbolt.Tx) error {
			bucket := tx.Bucket(space())
			if bucket == nil {
				return corrupt(errors.New("the file has no space of keys"))
			}
			return fn(txn{bucket})
		})
	})
}

// update runs fn alone and commits what it wrote, or nothing if it fails.
func (e *engine) update(fn func(txn) error) error {
	defer e.notNested()()
	e.writing.Lock()
	defer e.writing.Unlock()
	if e.torn {
		return corrupt(errors.New("an earlier write met the damage"))
	}
	ended := false
	err := guard(func() error {
		err := e.db.Update(func(tx *bbolt.Tx) error { return fn(txn{tx.Bucket(space())}) })
		ended = true
		return err
	})
	e.torn = !ended
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
	step := c.Prev
	if k, _ := c.Seek(before); k == nil {
		step = c.Last
	}
	for k, v := step(); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Prev() {
		if more, err := fn(k, v); err != nil || !more {
			return err
		}
	}
	return nil
}
