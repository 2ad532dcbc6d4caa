package ledger_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// TestAnEntrysTextIsItsJSON: an entry is put together by hand, and is the text
// that the books of before have, to the letter.
func TestAnEntrysTextIsItsJSON(t *testing.T) {
	path := file(t, append(everyIndex(), boxoffice.StatementReadFact{}, by("<anna&ö\u2028>@example.org", placed(9, 1)))...)
	b := open(t, path)
	var want []string
	view(t, b, func(tx *ledger.Tx) error {
		return tx.Entries(0, func(e ledger.Entry) (bool, error) {
			text, err := json.Marshal(e)
			want = append(want, string(text))
			return true, err
		})
	})
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	tamper(t, path, func(bucket *bbolt.Bucket) error {
		for i, text := range want {
			if diff := cmp.Diff(text, string(bucket.Get(entryKey(uint64(i + 1)))[32:])); diff != "" {
				t.Errorf("entry %d is stored otherwise (-JSON +stored):\n%s", i+1, diff)
			}
		}
		return nil
	})
}

// TestWhatIsAppliedIsWhatIsReadAgain puts names into the book that are any
// bytes at all: the state, which is applied from memory where it can be, is
// that which the entries give.
func TestWhatIsAppliedIsWhatIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	b := open(t, filepath.Join(dir, "book.db"))
	testkit.Append(t, b, testkit.House()...)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		f := placed(n, 0)
		f.Order.BuyerName = string(rapid.SliceOf(rapid.SampledFrom([]byte("a <&\\\xff\xc3\xbc\xe2\x80\xa8ufd"))).Draw(t, "name"))
		if rapid.Bool().Draw(t, "any") {
			f.Order.BuyerName = rapid.String().Draw(t, "text")
		}
		if err := b.Update(func(tx *ledger.Tx) error { return appendAll(tx, []boxoffice.Fact{f}) }); err != nil {
			t.Fatal(err)
		}
	})
	if report, err := b.Verify(dir); err != nil || len(report.Problems) > 0 {
		t.Errorf("the book is not sound: %+v, %v", report, err)
	}
}
