package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Report is what Verify found.
type Report struct {
	Entries  uint64   // how many were read
	Keys     int      // how many keys of state were compared
	Problems []string // each a sentence; none when the book is sound
}

// maxProblems bounds a report on a book that is altogether broken.
const maxProblems = 20

// Verify proves the book: every entry matches its hash and follows the one
// before it in its register's chain, numbers have no gap, and the state
// rebuilt from the entries alone is byte for byte the state in the book. The
// rebuilt state is kept in a temporary file in dir meanwhile.
func (b *Book) Verify(dir string) (Report, error) {
	var report Report
	path := filepath.Join(dir, "willcall-verify.db")
	_ = os.Remove(path) // left behind by a verify that was killed
	scratch, err := openEngine(path, false)
	if err != nil {
		return report, err
	}
	scratch.db.NoSync = true
	err = b.View(func(tx *Tx) error {
		rest := rebuild{Report: &report, book: tx, chains: map[string]string{}, more: true}
		for rest.more {
			if err := scratch.update(func(t txn) error {
				return rest.batch(&Tx{txn: t, opt: tx.opt, writable: true})
			}); err != nil {
				return err
			}
		}
		return scratch.view(func(t txn) error { return report.compare(tx.txn, t) })
	})
	return report, errors.Join(err, scratch.close(), os.Remove(path))
}

// rebuild is the reading of every entry from the first on.
type rebuild struct {
	*Report
	book   *Tx
	chains map[string]string // register → hash of its newest entry
	more   bool
}

// rebuildBatch bounds how many entries are applied in one transaction, and so
// the memory that Verify takes.
const rebuildBatch = 1000

// batch follows the chains through the next entries, and applies what they say
// to the scratch book.
func (r *rebuild) batch(scratch *Tx) error {
	r.more = false
	last := r.Entries + rebuildBatch
	return r.book.scanFrom([]byte("e/"), numbered("e", r.Entries+1), func(k, stored []byte) (bool, error) {
		if r.Entries == last {
			r.more = true
			return false, nil
		}
		r.Entries++
		number := lastNumber(k)
		e, hash, err := unseal(stored)
		switch {
		case err != nil:
			return r.problem("Entry %d was changed after it was written: %v.", number, err), nil
		case number != r.Entries || e.Number != number:
			r.problem("Entry %d stands where entry %d should: one is missing or out of place.", number, r.Entries)
			return false, nil
		case e.Prev != r.chains[e.Register]:
			r.chains[e.Register] = hash // so that one break is told once
			return r.problem("Entry %d does not follow the entry before it in the chain of %s.", number, e.Register), nil
		}
		r.chains[e.Register] = hash
		if len(r.Problems) > 0 {
			return true, nil // what is missing before would be missed again by all that follows
		}
		f, err := e.Fact()
		if err == nil {
			err = errors.Join(
				scratch.put(k, stored),
				scratch.putJSON(key("c", e.Register), link{Number: number, Hash: hash}),
				scratch.putJSON(key("n"), number),
				scratch.apply(e, f),
			)
		}
		if err != nil {
			return r.problem("Entry %d cannot follow what the book says before it: %v.", number, err), nil
		}
		return true, nil
	})
}

// compare walks both key spaces side by side.
func (r *Report) compare(book, rebuilt txn) error {
	if len(r.Problems) > 0 {
		return nil // a state rebuilt from half the entries differs anyway
	}
	// The poller's own memory is in no entry, and which of two owners a payment is
	// found by (xd, xp) depends on when the book was indexed. The other indexes
	// lead to money that nobody would see without them.
	indexed := bytes.Equal(book.get(key("xv")), []byte(strconv.Itoa(indexVersion)))
	operational := func(k []byte) bool {
		return operational(k) && (!indexed || len(k) < 2 || strings.IndexByte("cdinpuv", k[1]) >= 0)
	}
	other := rebuilt.bucket.Cursor()
	next := func(k, v []byte) ([]byte, []byte) {
		for k != nil && operational(k) {
			k, v = other.Next()
		}
		return k, v
	}
	ok, ov := next(other.First())
	err := book.scan(nil, func(k, v []byte) (bool, error) {
		if operational(k) {
			return true, nil
		}
		r.Keys++
		for ok != nil && bytes.Compare(ok, k) < 0 {
			if !r.problem("The entries say that there is %q, and the book's state has lost it.", ok) {
				return false, nil
			}
			ok, ov = next(other.Next())
		}
		switch {
		case !bytes.Equal(ok, k) && retired(rebuilt, k):
			return true, nil
		case !bytes.Equal(ok, k):
			return r.problem("The book's state has %q, and no entry says so.", k), nil
		case !bytes.Equal(ov, v):
			ok, ov = next(other.Next())
			return r.problem("The book's state of %q is not what its entries say.", k), nil
		}
		ok, ov = next(other.Next())
		return true, nil
	})
	for ; err == nil && ok != nil && len(r.Problems) < maxProblems; ok, _ = next(other.Next()) {
		r.problem("The entries say that there is %q, and the book's state has lost it.", ok)
	}
	return err
}

// problem notes one, and reports whether to look for more.
func (r *Report) problem(format string, args ...any) bool {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	return len(r.Problems) < maxProblems
}
