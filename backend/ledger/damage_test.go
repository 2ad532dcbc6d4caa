package ledger_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// use does with a book all that Willcall does with one, and returns the first
// error. Whatever is wrong with the file, it must come back.
func use(t *testing.T, path string) error {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- useAll(path, t.TempDir()) }()
	select {
	case err := <-ended:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("a damaged book is waited for without end")
		return nil
	}
}

func useAll(path, dir string) (err error) {
	b, err := ledger.Open(path, options())
	if err != nil {
		return err
	}
	keep := func(next error) {
		if err == nil {
			err = next
		}
	}
	keep(b.View(func(tx *ledger.Tx) error {
		_, err := tx.Catalogue()
		keep(err)
		_, err = tx.Awaiting()
		keep(err)
		orders, _, err := tx.Orders(ledger.OrderQuery{Limit: 1000})
		keep(err)
		for _, o := range orders {
			_, err := tx.OrderEntries(o.ID)
			keep(err)
		}
		_, _, err = tx.Orders(ledger.OrderQuery{Text: "4242", Limit: 10})
		keep(err)
		_, err = tx.Cursor()
		return err
	}))
	keep(b.View(func(tx *ledger.Tx) error {
		return tx.Entries(0, func(ledger.Entry) (bool, error) { return true, nil })
	}))
	for n := 100; n < 103; n++ {
		keep(b.Update(func(tx *ledger.Tx) error {
			for _, f := range []boxoffice.Fact{placed(n, 1), opened(n), expired(n)} {
				if _, err := tx.Append(f); err != nil {
					return err
				}
			}
			return tx.ForgetEvents(time.Now())
		}))
	}
	report, verifyErr := b.Verify(dir)
	keep(verifyErr)
	if len(report.Problems) > 0 {
		keep(&boxoffice.Error{Code: boxoffice.CodeBookCorrupt, Message: report.Problems[0]})
	}
	keep(b.Close())
	return err
}

// manySales is a book of some hundred pages.
func manySales(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.db")
	b := open(t, path)
	testkit.Append(t, b, testkit.House()...)
	for n := range 30 {
		testkit.Append(t, b, placed(n, 1), opened(n), expired(n))
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// copyOf writes the changed content of a file to a new one.
func copyOf(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func content(t testing.TB, path string) []byte {
	t.Helper()
	all, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestATruncatedBookIsToldAsDamaged(t *testing.T) {
	whole := content(t, manySales(t))
	lengths := []int{0, 1, 15, 16, 100, 4095, 4096, 4097, 8191, 8192, 12288, 16384, len(whole) / 2, len(whole) - 4096*9}
	for step := 4096 * 7; step < len(whole)*3/4; step += 4096*9 + 77 {
		lengths = append(lengths, step)
	}
	for _, length := range lengths {
		path := copyOf(t, whole[:length])
		err := use(t, path)
		if err == nil && length > len(whole)/4 {
			continue // nothing but free pages was cut off
		}
		if boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt {
			t.Errorf("cut to %d of %d bytes: %v, want book_corrupt", length, len(whole), err)
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := open(t, path).Close(); err != nil { // the copy put back, by the window's "again"
			t.Error(err)
		}
	}
}

// TestGarbageInABook writes noise over single pages, over the start of pages
// and over single bytes. Nothing may panic or hang; if the book can be used
// without an error the noise was in a page that is free.
func TestGarbageInABook(t *testing.T) {
	t.Parallel()
	whole := content(t, manySales(t))
	pages := len(whole) / 4096
	random := rand.New(rand.NewPCG(1, 2))
	noise := func(b []byte) {
		for i := range b {
			b[i] = byte(random.Uint32())
		}
	}
	outcomes := map[boxoffice.Code]int{}
	for n := range 40 {
		damaged := append([]byte(nil), whole...)
		page := damaged[4096*random.IntN(pages):][:4096]
		what := ""
		switch n % 5 {
		case 0:
			noise(page)
			what = "a page of noise"
		case 1:
			noise(page[16:]) // behind a header that looks right
			what = "noise behind a page's header"
		case 2:
			noise(page[8:16])
			what = "noise in a page's header"
		case 3:
			clear(page)
			what = "a page of nothing"
		case 4:
			page[random.IntN(200)] ^= byte(1 + random.IntN(255))
			what = "a byte of noise"
		}
		err := use(t, copyOf(t, damaged))
		code := boxoffice.ErrorCode(err)
		outcomes[code]++
		if code != "" && code != boxoffice.CodeBookCorrupt {
			t.Errorf("%d: %s: %v, want book_corrupt", n, what, err)
		}
	}
	if outcomes[boxoffice.CodeBookCorrupt] < 15 {
		t.Errorf("only %v: the noise hardly met the book", outcomes)
	}
}

func TestAFileThatIsNoBook(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.db")
	db, err := bbolt.Open(other, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	for name, path := range map[string]string{
		"a text":                  copyOf(t, []byte(strings.Repeat("this is no book\n", 9000))),
		"another program's store": other,
	} {
		for _, readOnly := range []bool{false, true} {
			opt := options()
			opt.ReadOnly = readOnly
			before := content(t, path)
			if _, err := ledger.Open(path, opt); boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt {
				t.Errorf("%s (read only %v): %v, want book_corrupt", name, readOnly, err)
			}
			if string(before) != string(content(t, path)) {
				t.Errorf("%s (read only %v): it was changed", name, readOnly)
			}
		}
	}
}

func TestAnEmptyFileIsALostBook(t *testing.T) {
	path := copyOf(t, nil)
	for _, readOnly := range []bool{false, true} {
		opt := options()
		opt.ReadOnly = readOnly
		if _, err := ledger.Open(path, opt); boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt {
			t.Errorf("read only %v: %v, want book_corrupt", readOnly, err)
		}
	}
	if len(content(t, path)) > 0 {
		t.Error("a new book was begun in its place")
	}
}

func TestANewBookIsMadeWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "book.db")
	b := open(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the book is readable by others: %v %v", info.Mode(), err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("beside the book something was left: %v", files)
	}
	testkit.Append(t, b, testkit.House()...)
	testkit.MustVerify(t, b)
}

func TestWhereABookCannotBe(t *testing.T) {
	dir := t.TempDir()
	blocked := filepath.Join(dir, "a file")
	if err := os.WriteFile(blocked, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	locked := filepath.Join(dir, "locked")
	if err := os.Mkdir(locked, 0o700); err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{
		"a folder":            dir,
		"in no folder":        filepath.Join(dir, "nowhere", "book.db"),
		"below a file":        filepath.Join(blocked, "book.db"),
		"a name that is long": filepath.Join(dir, strings.Repeat("x", 5000)),
	}
	if os.Geteuid() != 0 { // root may write anywhere
		if err := os.Chmod(locked, 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(locked, 0o700) })
		paths["in a folder that may not be read"] = filepath.Join(locked, "book.db")
	}
	for name, path := range paths {
		_, err := ledger.Open(path, options())
		full, ok := errors.AsType[*boxoffice.Error](err)
		if !ok || full.Code != boxoffice.CodeBookUnusable || full.Next == "" || full.Message == "" {
			t.Errorf("%s: %v, want book_unusable with what to do", name, err)
		}
	}
}

func TestABookIsOpenOnce(t *testing.T) {
	t.Parallel()
	path := file(t, placed(1, 1))
	first := open(t, path)
	for _, readOnly := range []bool{false, true} {
		opt := options()
		opt.ReadOnly = readOnly
		_, err := ledger.Open(path, opt)
		if boxoffice.ErrorCode(err) != boxoffice.CodeBookLocked {
			t.Errorf("read only %v: %v, want book_locked", readOnly, err)
		}
	}
	testkit.Append(t, first, opened(1)) // the first goes on
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	testkit.MustVerify(t, open(t, path))
}

// TestStateThatCannotBeRead: a value that is no JSON, or an index that leads
// nowhere, is told as damage wherever it is met.
func TestStateThatCannotBeRead(t *testing.T) {
	path := file(t, placed(1, 1), opened(1), paid(1), placed(2, 1))
	tamper(t, path, func(b *bbolt.Bucket) error {
		var errs []error
		for _, k := range []string{"o/ord-1", "q/quota-house", "i/tdr-2-create", "d/x", "xc", "b"} {
			errs = append(errs, b.Put([]byte(k), []byte("{")))
		}
		return errors.Join(append(errs, b.Put([]byte("op/cs_5"), []byte("ord-5")), b.Put([]byte("oa/ord-6"), []byte("ord-6")),
			b.Put(append([]byte("oe/ord-7/"), 0, 0, 0, 0, 0, 0, 0, 99), nil), b.Put([]byte("oe/ord-8/"), nil))...)
	})
	b := open(t, path)
	for name, read := range map[string]func(*ledger.Tx) error{
		"an order":             func(tx *ledger.Tx) error { _, _, err := tx.Order("ord-1"); return err },
		"an order by its code": func(tx *ledger.Tx) error { _, _, err := tx.OrderByCode(code(1)); return err },
		"orders":               func(tx *ledger.Tx) error { _, _, err := tx.Orders(ledger.OrderQuery{Limit: 9}); return err },
		"orders of a card": func(tx *ledger.Tx) error {
			_, _, err := tx.Orders(ledger.OrderQuery{Text: "4242", Limit: 9})
			return err
		},
		"an index astray":    func(tx *ledger.Tx) error { _, _, err := tx.OrderBySession("cs_5"); return err },
		"awaited":            func(tx *ledger.Tx) error { _, err := tx.Awaiting(); return err },
		"the catalogue":      func(tx *ledger.Tx) error { _, err := tx.Catalogue(); return err },
		"an intent":          func(tx *ledger.Tx) error { _, _, err := tx.Intent("tdr-2-create"); return err },
		"intents":            func(tx *ledger.Tx) error { _, err := tx.Intents(); return err },
		"discrepancies":      func(tx *ledger.Tx) error { _, err := tx.Discrepancies(); return err },
		"the cursor":         func(tx *ledger.Tx) error { _, err := tx.Cursor(); return err },
		"whose book":         func(tx *ledger.Tx) error { _, _, err := tx.Opened(); return err },
		"an entry not there": func(tx *ledger.Tx) error { _, err := tx.OrderEntries("ord-7"); return err },
		"an index cut short": func(tx *ledger.Tx) error { _, err := tx.OrderEntries("ord-8"); return err },
	} {
		if err := b.View(read); boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt {
			t.Errorf("%s: %v, want book_corrupt", name, err)
		}
	}
	for name, f := range map[string]boxoffice.Fact{"on an order": expired(1), "on a quota": placed(3, 1)} {
		err := b.Update(func(tx *ledger.Tx) error { _, err := tx.Append(f); return err })
		if boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt {
			t.Errorf("a fact %s: %v, want book_corrupt", name, err)
		}
	}
}

func TestAChangedEntryIsNotRead(t *testing.T) {
	path := file(t, placed(1, 1), opened(1))
	tamper(t, path, func(b *bbolt.Bucket) error { return replace(b, string(entryKey(6)), "2400", "2401") })
	b := open(t, path)
	var read []uint64
	err := b.View(func(tx *ledger.Tx) error {
		return tx.Entries(4, func(e ledger.Entry) (bool, error) { read = append(read, e.Number); return true, nil })
	})
	if boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt || fmt.Sprint(read) != "[5]" {
		t.Errorf("read %v, then %v; want entry 5, then book_corrupt", read, err)
	}
	if err := b.View(func(tx *ledger.Tx) error { _, err := tx.OrderEntries("ord-1"); return err }); boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt {
		t.Errorf("the order's entries: %v, want book_corrupt", err)
	}
}
