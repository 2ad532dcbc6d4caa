package ledger_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// A day with everything in it is cut after each write to the disk: bbolt writes
// its pages, in whatever order the disk takes them, and the page that makes them
// valid last. Until that is there the book is the old one, whole and sound;
// then it is the new one.
func TestACrashBetweenTwoWritesLeavesTheOldBook(t *testing.T) {
	for name, day := range map[string][]boxoffice.Fact{
		"orders, returns, late money":                          everyIndex(),
		"the account, the mirror, posters, Stripe's own books": today(),
		"refunds and voided tickets": {
			placed(1, 3), opened(1), paidFor(1, 3), refundAsked(1, 1, 2400), refundRefused(1, 1), refundAsked(1, 2, 1200),
			refundSays(1, 2, boxoffice.RefundPending, 1200), refundSays(1, 2, boxoffice.RefundSucceeded, 1200), voided(1, refundID(1, 2), 1),
			refundSays(1, 2, boxoffice.RefundFailed, 1200),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "book.db")
			b := open(t, path)
			testkit.Append(t, b, testkit.House()...)
			noticed := 0
			for _, f := range day {
				before, was := bytesOf(t, path), state(t, b)
				testkit.Append(t, b, f)
				after, is := bytesOf(t, path), state(t, b)
				changed := changedPages(before, after)
				if len(changed) < 2 {
					t.Fatalf("%s changed %d pages", f.Kind(), len(changed))
				}
				odd := slices.DeleteFunc(slices.Clone(changed), func(page int) bool { return page%2 == 0 })
				for _, written := range [][]int{nil, changed[:1], changed[:len(changed)/2], changed[len(changed)/2:], odd, changed} {
					crashed := withPages(before, after, written)
					if got := reopened(t, crashed); got != was {
						t.Errorf("%s: with %d of %d pages written the book is another (-before +then):\n%s", f.Kind(), len(written), len(changed), cmp.Diff(was, got))
					}
				}
				if got := reopened(t, after); got != is {
					t.Errorf("%s: all was written, and the book is another (-after +then):\n%s", f.Kind(), cmp.Diff(is, got))
				}
				// The control: a disk that says it has written what it has not. Such a book
				// is not the new one.
				lied := withPages(after, before, changed)
				if got := reopened(t, lied[:len(after)]); got != is {
					noticed++
				}
			}
			if noticed < len(day) {
				t.Errorf("of %d books without their new pages %d were noticed: the test sees nothing", len(day), noticed)
			}
		})
	}
}

func bytesOf(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// firstPage is the first that is no meta page: those two make the others valid.
const firstPage = 2

// pageOf is a page of a file, empty where the file is shorter.
func pageOf(file []byte, n int) []byte {
	size := os.Getpagesize()
	page := make([]byte, size)
	copy(page, file[min(n*size, len(file)):])
	return page
}

// changedPages are those that differ, but for the meta pages.
func changedPages(before, after []byte) (changed []int) {
	for n := firstPage; n*os.Getpagesize() < len(after); n++ {
		if !slices.Equal(pageOf(before, n), pageOf(after, n)) {
			changed = append(changed, n)
		}
	}
	return changed
}

// withPages is the file with some pages of another.
func withPages(file, other []byte, pages []int) []byte {
	made := make([]byte, max(len(file), len(other)))
	copy(made, file)
	for _, n := range pages {
		copy(made[n*os.Getpagesize():], pageOf(other, n))
	}
	return made
}

// reopened is the state of a book that is opened from the file, if it is sound;
// else what is wrong with it.
func reopened(t *testing.T, file []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := ledger.Open(path, options())
	if err != nil {
		return err.Error()
	}
	defer b.Close()
	report, err := b.Verify(filepath.Dir(path))
	switch {
	case err != nil:
		return err.Error()
	case len(report.Problems) > 0:
		return report.Problems[0]
	}
	return state(t, b)
}
