package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"willcall/backend/ledger"
	"willcall/backend/reconcile"
)

const (
	// stretch is how many sales are timed at each size of the book.
	stretch = 5_000
	// page is how many of them Stripe tells at once.
	page = 100
	// filling is how many are made at once to fill a book that is to be large, and
	// fillPage how many of those are one transaction: nobody times that.
	filling, fillPage = 50_000, 5_000
)

// apply measures how fast sales go into books of several sizes where Stripe
// takes no time, beside bare bbolt: a copy of the same file, into which the very
// keys and values that the book wrote are put, in the same transactions.
func apply(ctx context.Context, dir string, quick bool) (rows []row, err error) {
	sizes, note := []int{10_000, 100_000, 1_000_000}, ""
	if quick {
		sizes, note = []int{1_000, 10_000, 100_000}, " (BENCH_QUICK)"
	}
	path := filepath.Join(dir, "apply.db")
	s := &stripe{Link: "plink_bench", From: firstSale()}
	book, err := openBook(path, sizes[len(sizes)-1]+len(sizes)*stretch, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(path)) }()
	began, sold := time.Now(), 0
	var measured []sideMeasure
	for _, size := range sizes {
		for sold < size && err == nil {
			n := min(filling, size-sold)
			_, _, err = fill(book, sold, n, fillPage)
			sold += n
		}
		if err := errors.Join(err, book.Close()); err != nil {
			return nil, err
		}
		m, err := side(ctx, path, filepath.Join(dir, "bare.db"), sold)
		if err != nil {
			return nil, err
		}
		sold += stretch
		measured = append(measured, m)
		rows = append(rows,
			row{fmt.Sprintf("applying sales to a book of %d, no latency%s: sales a second", size, note), fmt.Sprintf("%.0f", m.ours), ""},
			row{fmt.Sprintf("  bare bbolt, the same %d keys and %.1f kB a sale in the same batches", m.keys/stretch, float64(m.bytes)/stretch/1e3), fmt.Sprintf("%.0f", m.bare), ""},
			row{"  of bare bbolt", fmt.Sprintf("%.0f %%", 100*m.ours/m.bare), "≥ 40 %"})
		if book, err = ledger.Open(path, ledger.Options{Register: "bench", Now: time.Now}); err != nil {
			return nil, err
		}
	}
	first, last := measured[0], measured[len(measured)-1]
	rows = append(rows,
		row{fmt.Sprintf("  the rate at %d in the book, of that at %d (all of it took %v)", sizes[len(sizes)-1], sizes[0], time.Since(began).Round(time.Second)), fmt.Sprintf("%.0f %%", 100*last.ours/first.ours), "flat"},
		row{"  bare bbolt's", fmt.Sprintf("%.0f %%", 100*last.bare/first.bare), ""})
	began = time.Now()
	err = book.View(func(tx *ledger.Tx) error {
		_, _, err := tx.Orders(ledger.OrderQuery{Text: "nobody", Limit: 1})
		return err
	})
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	rows = append(rows, row{fmt.Sprintf("a search in a book of %d that finds nothing", sold), ms(time.Since(began)), ""})
	return rows, book.Close()
}

// sideMeasure is one stretch, and what it wrote.
type sideMeasure struct {
	ours, bare  float64 // sales a second
	keys, bytes int
}

// side times a stretch of sales into the book, and then the same into a copy of
// the book as it was before.
func side(ctx context.Context, path, copied string, sold int) (m sideMeasure, err error) {
	if err := copyFile(path, copied); err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, os.Remove(copied)) }()
	book, err := ledger.Open(path, ledger.Options{Register: "bench", Now: time.Now})
	if err != nil {
		return m, err
	}
	took, pages, err := fill(book, sold, stretch, page)
	if err := errors.Join(err, book.Close()); err != nil {
		return m, err
	}
	batches, sales, err := written(path, copied, pages)
	if err != nil {
		return m, err
	}
	if sales != stretch {
		return m, fmt.Errorf("%d sales were written, not %d", sales, stretch)
	}
	bare, err := putBatches(ctx, copied, batches)
	if err != nil {
		return m, err
	}
	m.ours, m.bare = stretch/took.Seconds(), stretch/bare.Seconds()
	for _, batch := range batches {
		m.keys += len(batch)
		for _, p := range batch {
			m.bytes += len(p.key) + len(p.value)
		}
	}
	return m, nil
}

// fill lets a Reconciler that was away too long for events list so many sales,
// the first of which is number from. pages says on which page each session came.
func fill(book *ledger.Book, from, n, size int) (took time.Duration, pages map[string]int, err error) {
	told := listed(from, n, size)
	err = book.Update(func(tx *ledger.Tx) error { return tx.SetCursor(told.now.Add(-26 * 24 * time.Hour)) })
	if err != nil {
		return 0, nil, err
	}
	r := reconcile.New(reconcile.Options{Book: book, IDs: ids(), Log: discard(), Stripe: told})
	defer r.Close()
	began := time.Now()
	err = r.PollOnce()
	return time.Since(began), told.pages, err
}

// pair is what one Put puts.
type pair struct{ key, value []byte }

// written are the keys that the book has and its copy of before has not, or has
// with another value, in the batches in which they were committed. What each
// batch wrote over is put once in each. sales is how many there are.
func written(path, before string, pages map[string]int) (batches [][]pair, sales int, err error) {
	order := regexp.MustCompile(`ord-[0-9a-v]{24}`)
	session := regexp.MustCompile(`cs_live_[0-9a-f]+`)
	ofOrder := map[string][]pair{}
	placed := map[string]string{} // number → order
	var orders []string           // in the order in which they were entered
	came := map[string]int{}
	var over []pair
	err = differences(path, before, func(k, v []byte) {
		p := pair{bytes.Clone(k), bytes.Clone(v)}
		id := string(order.Find(k))
		if id == "" {
			id = string(order.Find(v))
		}
		switch number := k[max(0, len(k)-8):]; {
		case bytes.HasPrefix(k, []byte("e/")):
			placed[string(number)] = id
		case bytes.HasPrefix(k, []byte("xl/")): // what the order is searched by, under the number of its entry
			id = placed[string(number)]
		}
		if id == "" {
			over = append(over, p)
			return
		}
		ofOrder[id] = append(ofOrder[id], p)
		if bytes.HasPrefix(k, []byte("e/")) {
			orders = append(orders, id)
			came[id] = pages[string(session.Find(v))]
		}
	})
	for i, id := range orders {
		if i == 0 || came[id] != came[orders[i-1]] {
			batches = append(batches, slices.Clone(over))
		}
		last := &batches[len(batches)-1]
		*last = append(*last, ofOrder[id]...)
	}
	return batches, len(orders), err
}

// differences calls fn for each key of the file that the other has not so.
func differences(path, other string, fn func(k, v []byte)) error {
	return inside(path, func(is *bbolt.Cursor) error {
		return inside(other, func(was *bbolt.Cursor) error {
			wk, wv := was.First()
			for k, v := is.First(); k != nil; k, v = is.Next() {
				for wk != nil && bytes.Compare(wk, k) < 0 {
					wk, wv = was.Next()
				}
				if !bytes.Equal(wk, k) || !bytes.Equal(wv, v) {
					fn(k, v)
				}
			}
			return nil
		})
	})
}

// inside runs fn on all keys of a book's file.
func inside(path string, fn func(*bbolt.Cursor) error) (err error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.View(func(tx *bbolt.Tx) error { return fn(tx.Bucket([]byte("willcall")).Cursor()) })
}

// putBatches times the batches into the file, with bbolt alone.
func putBatches(ctx context.Context, path string, batches [][]pair) (took time.Duration, err error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	began := time.Now()
	for _, batch := range batches {
		err := db.Update(func(tx *bbolt.Tx) error {
			bucket := tx.Bucket([]byte("willcall"))
			for _, p := range batch {
				if err := bucket.Put(p.key, p.value); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
		if err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}
