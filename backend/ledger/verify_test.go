package ledger_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// story is the sales of the book that is tampered with: entries 6 to 12.
func story() []boxoffice.Fact {
	return []boxoffice.Fact{placed(1, 2), opened(1), paid(1), placed(2, 1), placed(3, 1), opened(3), cancelAsked(3)}
}

// reseal stores an entry's text with a hash that fits it, as somebody would
// who knows how the book is made.
func reseal(b *bbolt.Bucket, n uint64, text []byte) error {
	sum := sha256.Sum256(text)
	return b.Put(entryKey(n), append(sum[:], text...))
}

func replace(b *bbolt.Bucket, key, old, fresh string) error {
	value := b.Get([]byte(key))
	if !bytes.Contains(value, []byte(old)) {
		return fmt.Errorf("%q has no %q", key, old)
	}
	return b.Put([]byte(key), bytes.Replace(value, []byte(old), []byte(fresh), 1))
}

// TestVerifyFindsTampering: whatever is changed in a closed book is found, and
// nothing else is blamed for it.
func TestVerifyFindsTampering(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		how  func(*bbolt.Bucket) error
		want string // a part of each problem, one a line
	}{
		"nothing": {func(*bbolt.Bucket) error { return nil }, ""},
		"the poller's memory, which is none of it": {func(b *bbolt.Bucket) error { return b.Put([]byte("xi/something"), nil) }, ""},
		"a price in an entry": {
			func(b *bbolt.Bucket) error { return replace(b, string(entryKey(8)), `2400`, `2401`) },
			"Entry 8 was changed\nEntry 9 does not follow",
		},
		"a price in an entry, and its hash": {
			func(b *bbolt.Bucket) error {
				text := bytes.Replace(b.Get(entryKey(8))[sha256.Size:], []byte(`2400`), []byte(`2401`), 1)
				return reseal(b, 8, text)
			},
			"Entry 9 does not follow",
		},
		"an entry's hash": {
			func(b *bbolt.Bucket) error {
				stored := bytes.Clone(b.Get(entryKey(7)))
				stored[3] ^= 1
				return b.Put(entryKey(7), stored)
			},
			"Entry 7 was changed\nEntry 8 does not follow",
		},
		"an entry cut short": {
			func(b *bbolt.Bucket) error { return b.Put(entryKey(7), b.Get(entryKey(7))[:9]) },
			"Entry 7 was changed\nEntry 8 does not follow",
		},
		"an entry that is no entry": {
			func(b *bbolt.Bucket) error { return reseal(b, 7, []byte("{}")) }, "Entry 7 stands where entry 7 should",
		},
		"an entry that is not even text": {
			func(b *bbolt.Bucket) error { return reseal(b, 7, []byte("\x00\xff")) }, "Entry 7 was changed\nEntry 8 does not follow",
		},
		"an entry is gone":  {func(b *bbolt.Bucket) error { return b.Delete(entryKey(7)) }, "Entry 8 stands where entry 7 should"},
		"the first is gone": {func(b *bbolt.Bucket) error { return b.Delete(entryKey(1)) }, "Entry 2 stands where entry 1 should"},
		"an entry is twice": {func(b *bbolt.Bucket) error { return b.Put(entryKey(7), b.Get(entryKey(6))) }, "Entry 7 stands where entry 7 should"},
		"two have changed places": {
			func(b *bbolt.Bucket) error {
				seven, eight := bytes.Clone(b.Get(entryKey(7))), bytes.Clone(b.Get(entryKey(8)))
				if err := b.Put(entryKey(7), eight); err != nil {
					return err
				}
				return b.Put(entryKey(8), seven)
			},
			"Entry 7 stands where entry 7 should",
		},
		"a key among the entries that is none": {
			func(b *bbolt.Bucket) error { return b.Put(append(entryKey(7), 9), []byte("y")) }, "was changed\nEntry 8 stands where entry 9 should",
		},
		"a key before the entries": {func(b *bbolt.Bucket) error { return b.Put([]byte("e/"), []byte("y")) }, `state has "e/", and no entry`},
		"an entry of another book": {
			func(b *bbolt.Bucket) error {
				var e map[string]any
				if err := json.Unmarshal(b.Get(entryKey(7))[sha256.Size:], &e); err != nil {
					return err
				}
				e["prev"] = strings.Repeat("0", 64)
				text, err := json.Marshal(e)
				if err != nil {
					return err
				}
				return reseal(b, 7, text)
			},
			"Entry 7 does not follow\nEntry 8 does not follow",
		},
		"a price in an order": {func(b *bbolt.Bucket) error { return replace(b, "o/ord-1", `4800`, `4801`) }, `state of "o/ord-1" is not what`},
		"a seat in a quota":   {func(b *bbolt.Bucket) error { return replace(b, "q/quota-house", `"sold":2`, `"sold":1`) }, `state of "q/quota-house" is not what`},
		"a quota's size":      {func(b *bbolt.Bucket) error { return replace(b, "q/quota-house", `"size":10`, `"size":99`) }, `state of "q/quota-house" is not what`},
		"an order added":      {func(b *bbolt.Bucket) error { return b.Put([]byte("o/ord-9"), []byte("{}")) }, `state has "o/ord-9", and no entry`},
		"an order lost":       {func(b *bbolt.Bucket) error { return b.Delete([]byte("o/ord-1")) }, `there is "o/ord-1", and the book's state has lost it`},
		"an intent lost":      {func(b *bbolt.Bucket) error { return b.Delete([]byte("i/tdr-2-create")) }, `there is "i/tdr-2-create", and`},
		"an intent invented":  {func(b *bbolt.Bucket) error { return b.Put([]byte("i/tdr-1-create"), []byte("{}")) }, `state has "i/tdr-1-create", and no entry`},
		"an index lost":       {func(b *bbolt.Bucket) error { return b.Delete([]byte("op/cs_1")) }, `there is "op/cs_1", and`},
		"an index astray":     {func(b *bbolt.Bucket) error { return b.Put([]byte("op/cs_1"), []byte("ord-2")) }, `state of "op/cs_1" is not what`},
		"the last key lost":   {func(b *bbolt.Bucket) error { return b.Delete([]byte("v/evt-1")) }, `there is "v/evt-1", and`},
		"a key before all":    {func(b *bbolt.Bucket) error { return b.Put([]byte("A"), []byte("1")) }, `state has "A", and no entry`},
		"a key after all":     {func(b *bbolt.Bucket) error { return b.Put([]byte("zz"), []byte("1")) }, `state has "zz", and no entry`},
		"another register's chain": {
			func(b *bbolt.Bucket) error { return b.Put([]byte("c/till-9"), []byte(`{"number":3,"hash":"00"}`)) }, `state has "c/till-9", and no entry`,
		},
		"whose book it is": {func(b *bbolt.Bucket) error { return replace(b, "b", "training", "live") }, `state of "b" is not what`},
		"three things": {
			func(b *bbolt.Bucket) error {
				if err := b.Delete([]byte("o/ord-2")); err != nil {
					return err
				}
				if err := b.Put([]byte("o/ord-4"), []byte("{}")); err != nil {
					return err
				}
				return replace(b, "q/quota-house", `"sold":2`, `"sold":1`)
			},
			"\"o/ord-2\", and the book's state has lost it\nstate has \"o/ord-4\"\nstate of \"q/quota-house\"",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := file(t, story()...)
			tamper(t, path, test.how)
			dir := t.TempDir()
			report, err := open(t, path).Verify(dir)
			if err != nil {
				t.Fatal(err)
			}
			checkProblems(t, report, test.want)
			if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
				t.Errorf("verifying left %v behind", left)
			}
		})
	}
}

func checkProblems(t *testing.T, report ledger.Report, want string) {
	t.Helper()
	var parts []string
	if want != "" {
		parts = strings.Split(want, "\n")
	}
	if len(report.Problems) != len(parts) {
		t.Fatalf("the report is %q, want %d problems", report.Problems, len(parts))
	}
	for i, p := range report.Problems {
		if !strings.Contains(p, parts[i]) {
			t.Errorf("problem %d is %q, want one with %q", i+1, p, parts[i])
		}
	}
}

// TestABookWithoutItsEndIsNotOpened: to go on from a wrong end would number
// and chain new entries over old ones.
func TestABookWithoutItsEndIsNotOpened(t *testing.T) {
	last := func(b *bbolt.Bucket) []byte { return b.Get(entryKey(12)) }
	tests := map[string]func(*bbolt.Bucket) error{
		"the newest entry is gone":    func(b *bbolt.Bucket) error { return b.Delete(entryKey(12)) },
		"the newest entry is changed": func(b *bbolt.Bucket) error { return b.Put(entryKey(12), append(bytes.Clone(last(b)), ' ')) },
		"the newest entry is another, well made": func(b *bbolt.Bucket) error {
			return reseal(b, 12, bytes.Replace(last(b)[sha256.Size:], []byte("cs_3"), []byte("cs_4"), 1))
		},
		"a key after the entries that is none": func(b *bbolt.Bucket) error { return b.Put([]byte("e/x"), []byte("y")) },
		"an entry after the newest":            func(b *bbolt.Bucket) error { return b.Put(entryKey(13), last(b)) },
		"all entries are gone": func(b *bbolt.Bucket) error {
			for n := range uint64(12) {
				if err := b.Delete(entryKey(n + 1)); err != nil {
					return err
				}
			}
			return nil
		},
		"the newest number is gone":       func(b *bbolt.Bucket) error { return b.Delete([]byte("n")) },
		"the newest number is lower":      func(b *bbolt.Bucket) error { return b.Put([]byte("n"), []byte("11")) },
		"the newest number is higher":     func(b *bbolt.Bucket) error { return b.Put([]byte("n"), []byte("13")) },
		"the newest number is no number":  func(b *bbolt.Bucket) error { return b.Put([]byte("n"), []byte("many")) },
		"the chain's end is gone":         func(b *bbolt.Bucket) error { return b.Delete([]byte("c/till-1")) },
		"the chain's end is another":      func(b *bbolt.Bucket) error { return replace(b, "c/till-1", `"number":12`, `"number":11`) },
		"the chain's end has another sum": func(b *bbolt.Bucket) error { return b.Put([]byte("c/till-1"), []byte(`{"number":12,"hash":"00"}`)) },
		"the chain's end is no JSON":      func(b *bbolt.Bucket) error { return b.Put([]byte("c/till-1"), []byte(`{`)) },
	}
	for name, how := range tests {
		t.Run(name, func(t *testing.T) {
			path := file(t, story()...)
			tamper(t, path, how)
			b, err := ledger.Open(path, options())
			if boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt {
				t.Errorf("it was opened with %v, want book_corrupt", err)
			}
			if err == nil {
				b.Close()
			}
			sound := file(t, story()...)
			if err := os.Rename(sound, path); err != nil {
				t.Fatal(err)
			}
			testkit.MustVerify(t, open(t, path)) // a copy put back opens at once: no lock was left
		})
	}
}

func TestVerifyOfAnUnknownKind(t *testing.T) {
	path := file(t)
	tamper(t, path, func(b *bbolt.Bucket) error {
		var head struct{ Hash string }
		if err := json.Unmarshal(b.Get([]byte("c/till-1")), &head); err != nil {
			return err
		}
		text := fmt.Appendf(nil, `{"number":6,"register":"till-1","at":"2026-03-05T12:00:00Z","kind":"ticket.eaten","prev":%q,"data":{}}`, head.Hash)
		sum := sha256.Sum256(text)
		head.Hash = hex.EncodeToString(sum[:])
		return errorsOf(
			reseal(b, 6, text), b.Put([]byte("n"), []byte("6")),
			b.Put([]byte("c/till-1"), fmt.Appendf(nil, `{"number":6,"hash":%q}`, head.Hash)))
	})
	report, err := open(t, path).Verify(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	checkProblems(t, report, `"ticket.eaten", which this version of Willcall does not know`)
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestAReportHasAnEnd(t *testing.T) {
	for name, how := range map[string]func(*bbolt.Bucket, uint64) error{
		"entries": func(b *bbolt.Bucket, n uint64) error { return b.Put(entryKey(n), []byte("?")) },
		"changed": func(b *bbolt.Bucket, n uint64) error { return b.Put(fmt.Appendf(nil, "o/ord-%d", n), []byte("?")) },
		"lost":    func(b *bbolt.Bucket, n uint64) error { return b.Delete(fmt.Appendf(nil, "o/ord-%d", n)) },
		"added":   func(b *bbolt.Bucket, n uint64) error { return b.Put(fmt.Appendf(nil, "added-%d", n), []byte("?")) },
	} {
		t.Run(name, func(t *testing.T) {
			var facts []boxoffice.Fact
			for n := range 60 {
				facts = append(facts, placed(n, 1), opened(n), expired(n))
			}
			path := filepath.Join(t.TempDir(), "book.db")
			b := open(t, path)
			testkit.Append(t, b, append(testkit.House(), facts...)...)
			b.Close()
			tamper(t, path, func(b *bbolt.Bucket) error {
				for n := range uint64(40) {
					if err := how(b, n+7); err != nil {
						return err
					}
				}
				return nil
			})
			report, err := open(t, path).Verify(t.TempDir())
			if err != nil || len(report.Problems) != 20 {
				t.Fatalf("%d problems are told, want 20 (%v)", len(report.Problems), err)
			}
			for _, p := range report.Problems {
				if name == "changed" && !strings.Contains(p, "is not what its entries say") {
					t.Errorf("a wrong problem is told: %s", p)
				}
			}
		})
	}
}

// TestVerifyOfManyEntries crosses the bounds of the transactions in which the
// state is rebuilt.
func TestVerifyOfManyEntries(t *testing.T) {
	t.Parallel()
	const many = 2_600
	b := testkit.Book(t, ledger.Options{})
	for n := 0; n < many/4; n += 500 {
		var facts []boxoffice.Fact
		for i := n; i < min(n+500, many/4); i++ {
			facts = append(facts, placed(i, 1), opened(i), cancelAsked(i), expired(i))
		}
		testkit.Append(t, b, facts...)
	}
	report, err := b.Verify(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if want := uint64(many) + 5; report.Entries != want || len(report.Problems) > 0 || report.Keys < many {
		t.Errorf("the report is %+v, want %d entries", report, want)
	}
}

func TestVerifyOfAnEmptyBook(t *testing.T) {
	dir := t.TempDir()
	left := filepath.Join(dir, "willcall-verify.db") // of a verify that was killed
	if err := os.WriteFile(left, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := open(t, filepath.Join(dir, "book.db")).Verify(dir)
	if diff := cmp.Diff(ledger.Report{}, report); err != nil || diff != "" {
		t.Errorf("an empty book is not sound: %v %s", err, diff)
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("the rebuilt state is still there: %v", err)
	}
	if _, err := open(t, filepath.Join(dir, "book2.db")).Verify(filepath.Join(dir, "nowhere")); boxoffice.ErrorCode(err) != boxoffice.CodeBookUnusable {
		t.Errorf("without a folder to rebuild in: %v", err)
	}
}

func TestVerifyBesideSales(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	done := make(chan error, 1)
	go func() {
		var err error
		for n := 1; n <= 10 && err == nil; n++ {
			err = b.Update(func(tx *ledger.Tx) error { _, err := tx.Append(placed(n, 1)); return err })
		}
		done <- err
	}()
	for range 3 {
		testkit.MustVerify(t, b)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := number(t, b); got != 15 {
		t.Errorf("after ten sales the newest entry is %d, want 15", got)
	}
}

// TestVerifyFindsLostMoney: money that waits, and all money by its time, are
// found by indexes alone, so a book that lost one is not sound.
func TestVerifyFindsLostMoney(t *testing.T) {
	for _, prefix := range []string{"xw/", "xm/", "xt/", "xr/", "xl/"} {
		t.Run(prefix, func(t *testing.T) {
			path := file(t, everyIndex()...)
			tamper(t, path, func(b *bbolt.Bucket) error {
				k, _ := b.Cursor().Seek([]byte(prefix))
				if !bytes.HasPrefix(k, []byte(prefix)) {
					return fmt.Errorf("there is no %s", prefix)
				}
				return b.Delete(bytes.Clone(k))
			})
			report, err := open(t, path).Verify(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			checkProblems(t, report, "and the book's state has lost it")
		})
	}
}
