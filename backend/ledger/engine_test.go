package ledger

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"willcall/backend/boxoffice"
)

// scratch is an engine with the keys a/1 … a/3, b/1 … b/3.
func scratch(t *testing.T) *engine {
	t.Helper()
	e, err := openEngine(filepath.Join(t.TempDir(), "store.db"), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.close(); err != nil {
			t.Error(err)
		}
	})
	err = e.update(func(tx txn) error {
		for _, k := range []string{"b/2", "a/1", "a/3", "b/1", "a/2", "b/3"} {
			if err := tx.put([]byte(k), []byte("v"+k)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestScanning(t *testing.T) {
	e := scratch(t)
	type visit = func(k, v []byte) (bool, error)
	tests := map[string]struct {
		scan func(txn, visit) error
		most int
		want string
	}{
		"a prefix":                     {func(tx txn, fn visit) error { return tx.scan([]byte("a/"), fn) }, 9, "a/1 a/2 a/3"},
		"all":                          {func(tx txn, fn visit) error { return tx.scan(nil, fn) }, 9, "a/1 a/2 a/3 b/1 b/2 b/3"},
		"two of it":                    {func(tx txn, fn visit) error { return tx.scan([]byte("a/"), fn) }, 2, "a/1 a/2"},
		"from a key on":                {func(tx txn, fn visit) error { return tx.scanFrom([]byte("a/"), []byte("a/2"), fn) }, 9, "a/2 a/3"},
		"from between keys":            {func(tx txn, fn visit) error { return tx.scanFrom([]byte("a/"), []byte("a/1x"), fn) }, 9, "a/2 a/3"},
		"a prefix that is not there":   {func(tx txn, fn visit) error { return tx.scan([]byte("aa"), fn) }, 9, ""},
		"backwards":                    {func(tx txn, fn visit) error { return tx.scanBack([]byte("a/"), after([]byte("a/")), fn) }, 9, "a/3 a/2 a/1"},
		"backwards from a key":         {func(tx txn, fn visit) error { return tx.scanBack([]byte("a/"), []byte("a/3"), fn) }, 9, "a/2 a/1"},
		"backwards from the last key":  {func(tx txn, fn visit) error { return tx.scanBack([]byte("b/"), after([]byte("b/")), fn) }, 9, "b/3 b/2 b/1"},
		"backwards, one":               {func(tx txn, fn visit) error { return tx.scanBack([]byte("b/"), after([]byte("b/")), fn) }, 1, "b/3"},
		"backwards from the first key": {func(tx txn, fn visit) error { return tx.scanBack([]byte("a/"), []byte("a/1"), fn) }, 9, ""},
		"backwards, nothing there":     {func(tx txn, fn visit) error { return tx.scanBack([]byte("c/"), after([]byte("c/")), fn) }, 9, ""},
	}
	for name, test := range tests {
		var got []string
		err := e.view(func(tx txn) error {
			return test.scan(tx, func(k, v []byte) (bool, error) {
				if string(v) != "v"+string(k) {
					t.Errorf("%s: %s holds %s", name, k, v)
				}
				got = append(got, string(k))
				return len(got) < test.most, nil
			})
		})
		if err != nil || strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v (%v), want %s", name, got, err, test.want)
		}
	}
	err := e.view(func(tx txn) error {
		stop := func(_, _ []byte) (bool, error) { return true, io.EOF }
		return errors.Join(tx.scan(nil, stop), tx.scanBack(nil, after(nil), stop))
	})
	if err == nil || strings.Count(err.Error(), "EOF") != 2 {
		t.Errorf("the visitor's own errors came back as %v", err)
	}
}

func TestKeysSortAsNumbersDo(t *testing.T) {
	last := ""
	for _, n := range []uint64{0, 1, 255, 256, 65_535, 1 << 32, 1<<64 - 1} {
		k := string(numbered("e", n))
		if k <= last {
			t.Errorf("the key of %d sorts before that of a lower number", n)
		}
		if lastNumber([]byte(k)) != n {
			t.Errorf("the number %d is read back as %d", n, lastNumber([]byte(k)))
		}
		if string(after([]byte("e/"))) <= k {
			t.Errorf("the key of %d is after all others", n)
		}
		last = k
	}
	if n := lastNumber([]byte("e/x")); n != 0 {
		t.Errorf("a key without a number has the number %d", n)
	}
}

// TestGuardKnowsWhosePanicItIs: damage makes bbolt panic, in many words and
// through the runtime too. Our own mistakes must not pass for damage, whatever
// they say.
func TestGuardKnowsWhosePanicItIs(t *testing.T) {
	e := scratch(t)
	var nothing *bbolt.Bucket
	var none []byte
	three := 3
	tests := map[string]struct {
		fn     func() error
		damage bool
	}{
		"bbolt's own words":   {func() error { return e.db.View(func(tx *bbolt.Tx) error { return tx.Commit() }) }, true},
		"a slip inside bbolt": {func() error { nothing.Get([]byte("x")); return nil }, true},
		"words that sound so": {func() error { panic("invalid page type: 3") }, false},
		"a slip of ours":      {func() error { _ = none[three]; return nil }, false},
		"ours, in a view":     {func() error { return e.view(func(txn) error { panic("page 7 already freed") }) }, false},
		"ours, in a visitor": {func() error {
			return e.view(func(tx txn) error { return tx.scan(nil, func(_, _ []byte) (bool, error) { panic("no") }) })
		}, false},
		"ours, in an update":   {func() error { return e.update(func(txn) error { panic("freelist") }) }, false},
		"an error is no panic": {func() error { return io.EOF }, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			defer func() {
				p := recover()
				if wantPanic := !test.damage && name != "an error is no panic"; wantPanic != (p != nil) {
					t.Errorf("the panic that came through is %v", p)
				}
			}()
			err := guard(test.fn)
			if damage := boxoffice.ErrorCode(err) == boxoffice.CodeBookCorrupt; damage != test.damage {
				t.Errorf("it ended with %v, want book_corrupt: %v", err, test.damage)
			}
		})
	}
	if err := e.update(func(tx txn) error { return tx.delete([]byte("a/1")) }); err != nil {
		t.Errorf("after panics of ours the store is not usable: %v", err)
	}
}

// TestAFaultInAValue: what the store returns lies in the file itself, so that
// damage can show in code of ours that reads it.
func TestAFaultInAValue(t *testing.T) {
	e := scratch(t)
	var sum byte
	err := e.view(func(tx txn) error {
		value := tx.get([]byte("a/1"))
		if err := os.Truncate(e.file.Name(), 0); err != nil {
			return err
		}
		for _, b := range value {
			sum += b
		}
		return nil
	})
	if boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt {
		t.Errorf("it was read as %d, with %v; want book_corrupt", sum, err)
	}
}

func TestWhatTheDiskSaid(t *testing.T) {
	path := func(errno syscall.Errno) error { return &fs.PathError{Op: "write", Path: "book.db", Err: errno} }
	soldOut := &boxoffice.Error{Code: boxoffice.CodeSoldOut, Message: "Sold out."}
	for name, test := range map[string]struct {
		err  error
		want boxoffice.Code
	}{
		"nothing":               {nil, ""},
		"full":                  {path(syscall.ENOSPC), boxoffice.CodeDiskFull},
		"the quota is used up":  {path(syscall.EDQUOT), boxoffice.CodeDiskFull},
		"the file is too large": {path(syscall.EFBIG), boxoffice.CodeDiskFull},
		"full, in bbolt's words": {
			fmt.Errorf("file resize error: %s", path(syscall.ENOSPC)), boxoffice.CodeDiskFull, //nolint:errorlint // as bbolt does
		},
		"broken":                 {path(syscall.EIO), boxoffice.CodeBookUnusable},
		"writing is not allowed": {path(syscall.EROFS), boxoffice.CodeBookUnusable},
		"no matter of the disk":  {io.EOF, boxoffice.CodeInternal},
		"told already":           {soldOut, boxoffice.CodeSoldOut},
		"only read":              {bolterrors.ErrDatabaseReadOnly, boxoffice.CodeInternal},
	} {
		if got := boxoffice.ErrorCode(writeError(test.err)); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestTwoBeginOneBook: of any number of programs that begin a book at the same
// moment one puts it there, and nobody's takes its place.
func TestTwoBeginOneBook(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "book.db")
	var first os.FileInfo
	var mu sync.Mutex
	var starters sync.WaitGroup
	for range 6 {
		starters.Go(func() {
			if err := createFile(path); err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			info, err := os.Stat(path)
			if first == nil {
				first = info
			}
			if err != nil || !os.SameFile(first, info) {
				t.Errorf("a book was put in another's place (%v)", err)
			}
		})
	}
	starters.Wait()
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("there are %v, want one book (%v)", files, err)
	}
}
