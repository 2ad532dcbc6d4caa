package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"willcall/backend/boxoffice"
)

// Options say who writes a book and by which clock.
type Options struct {
	Register  string               // the till; its entries are one chain
	Now       func() time.Time     // the register's clock
	Committed func()               // called after each commit that wrote entries; it must not block
	Updating  func() (done func()) // called when an Update begins, and its answer when that has ended; nil for nobody
	Log       *slog.Logger
	ReadOnly  bool // for Verify: nothing can be written
}

// Book is an open book of record. Its methods may be called from any number of
// goroutines; writers wait for each other.
type Book struct {
	engine *engine
	opt    Options
}

// Open opens the book in the file, or begins an empty one. The errors are
// *boxoffice.Error: locked by another process, damaged, no room, no access.
func Open(path string, opt Options) (*Book, error) {
	e, err := openEngine(path, opt.ReadOnly)
	if err != nil {
		return nil, err
	}
	b := &Book{engine: e, opt: opt}
	if err := b.View(func(tx *Tx) error { return tx.checkHead() }); err != nil {
		return nil, errors.Join(openError(path, err), e.close())
	}
	if !opt.ReadOnly {
		if err := b.index(); err != nil {
			return nil, errors.Join(openError(path, err), e.close())
		}
	}
	return b, nil
}

// Close waits for open transactions and releases the file.
func (b *Book) Close() error { return b.engine.close() }

// View runs fn on one unchanging sight of the book.
func (b *Book) View(fn func(*Tx) error) error {
	return b.engine.view(func(t txn) error { return fn(&Tx{txn: t, opt: &b.opt}) })
}

// Update runs fn alone. What it appends is committed together, or not at all
// if it returns an error. fn may be run again by a shared store, so it must do
// nothing but read and write the book; effects wait for Update to return.
func (b *Book) Update(fn func(*Tx) error) error {
	if b.opt.Updating != nil {
		defer b.opt.Updating()()
	}
	appended := false
	err := b.engine.update(func(t txn) error {
		tx := &Tx{txn: t, opt: &b.opt, writable: true}
		err := fn(tx)
		appended = tx.appended
		if err == nil {
			err = tx.failed
		}
		return err
	})
	if err == nil && appended && b.opt.Committed != nil {
		b.opt.Committed()
	}
	return err
}

// Tx is one transaction on the book.
type Tx struct {
	txn
	opt      *Options
	writable bool
	appended bool
	failed   error // the first Append that failed: nothing is committed after it
	recalled map[string]recollection
}

// Append writes an entry for the fact and the state that it changes. A fact
// that the state does not allow is an error, and fails the whole Update, even
// where fn goes on: nothing is ever half written.
func (tx *Tx) Append(f boxoffice.Fact) (Entry, error) {
	e, err := tx.append(f)
	if err != nil && tx.failed == nil {
		tx.failed = err
	}
	return e, err
}

func (tx *Tx) append(f boxoffice.Fact) (Entry, error) {
	if !tx.writable {
		return Entry{}, errors.New("ledger: append outside Update")
	}
	head, err := tx.chain(tx.opt.Register)
	if err != nil {
		return Entry{}, err
	}
	number, err := tx.Number()
	if err != nil {
		return Entry{}, err
	}
	e := Entry{Number: number + 1, Register: tx.opt.Register, At: tx.opt.Now().UTC().Truncate(time.Millisecond), Kind: f.Kind(), Prev: head.Hash}
	switch placed := f.(type) {
	case boxoffice.OrderPlacedFact:
		placed.Order.Number = e.Number
		f = placed
	case boxoffice.OrderArrivedFact:
		placed.Order.Number = e.Number
		f = placed
	case boxoffice.DiscrepancyResolvedFact:
		if placed.Order != nil {
			o := *placed.Order
			o.Number = e.Number
			placed.Order = &o
		}
		f = placed
	}
	if e.Data, err = json.Marshal(f); err != nil {
		return Entry{}, err
	}
	// What is applied is what will be read again, not what was in memory.
	if !readAgain(e.Data) {
		if f, err = e.Fact(); err != nil {
			return Entry{}, err
		}
	}
	stored, hash, err := e.seal()
	if err != nil {
		return Entry{}, err
	}
	tx.appended = true
	return e, errors.Join(
		tx.put(numbered("e", e.Number), stored),
		remember(tx, key("c", e.Register), link{Number: e.Number, Hash: hash}),
		tx.putJSON(key("n"), e.Number),
		tx.apply(e, f),
	)
}

// readAgain reports whether the fact of this text is read again as it was. Facts
// are plain data, of which JSON changes one thing alone: bytes of a string that
// are no UTF-8 are written as \ufffd.
func readAgain(text []byte) bool { return !bytes.Contains(text, []byte(`\ufffd`)) }

// Number is the number of the newest entry, 0 in an empty book.
func (tx *Tx) Number() (uint64, error) {
	var n uint64
	_, err := tx.getJSON(key("n"), &n)
	return n, err
}

// Entries calls fn for each entry after the number, in order, until fn returns
// false. An entry that does not match its hash is an error.
func (tx *Tx) Entries(after uint64, fn func(Entry) (bool, error)) error {
	return tx.scanFrom([]byte("e/"), numbered("e", after+1), func(k, v []byte) (bool, error) {
		e, _, err := unseal(v)
		if err != nil {
			return false, corrupt(fmt.Errorf("entry %d: %w", lastNumber(k), err))
		}
		return fn(e)
	})
}

// OrderEntries returns the entries about an order, oldest first.
func (tx *Tx) OrderEntries(orderID string) ([]Entry, error) {
	return tx.entriesAt(key("oe", orderID, ""))
}

// entriesAt are the entries whose numbers follow the prefix.
func (tx *Tx) entriesAt(prefix []byte) ([]Entry, error) {
	var entries []Entry
	err := tx.scan(prefix, func(k, _ []byte) (bool, error) {
		e, _, err := unseal(tx.get(numbered("e", lastNumber(k))))
		if err != nil {
			return false, corrupt(fmt.Errorf("entry %d: %w", lastNumber(k), err))
		}
		entries = append(entries, e)
		return true, nil
	})
	return entries, err
}

func (tx *Tx) chain(register string) (link, error) {
	head, _, err := recall[link](tx, key("c", register))
	return head, err
}

// checkHead is the quick look at a book when it is opened: the newest entry is
// unchanged, has the number that the next one is counted from, and is the one
// that its chain ends in.
func (tx *Tx) checkHead() error {
	n, err := tx.Number()
	if err != nil {
		return err
	}
	var last, stored []byte
	err = tx.scanBack([]byte("e/"), after([]byte("e/")), func(k, v []byte) (bool, error) {
		last, stored = k, v
		return false, nil
	})
	if err != nil || last == nil && n == 0 {
		return err
	}
	if last == nil || lastNumber(last) != n {
		return corrupt(fmt.Errorf("the newest entry is not entry %d", n))
	}
	e, hash, err := unseal(stored)
	if err != nil {
		return corrupt(fmt.Errorf("entry %d: %w", n, err))
	}
	head, err := tx.chain(e.Register)
	if err != nil {
		return err
	}
	if head.Number != n || head.Hash != hash {
		return corrupt(fmt.Errorf("entry %d is not the end of its chain", n))
	}
	return nil
}
