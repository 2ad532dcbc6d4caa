package ledger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

func TestEntriesAreNumberedAndChained(t *testing.T) {
	clock := testkit.NewClock()
	b := testkit.Book(t, ledger.Options{Now: clock.Now})
	clock.Move(90 * time.Second)
	testkit.Append(t, b, placed(1, 2), opened(1))
	clock.Move(-time.Hour) // a laptop's clock that was set back does not reorder the book
	testkit.Append(t, b, paid(1))

	var got []string
	chain := map[string]bool{"": true}
	view(t, b, func(tx *ledger.Tx) error {
		return tx.Entries(0, func(e ledger.Entry) (bool, error) {
			got = append(got, fmt.Sprintf("%d %s %s %s", e.Number, e.Register, e.At.Format("15:04:05"), e.Kind))
			if (e.Prev == "") != (e.Number == 1) || len(e.Prev) != 64 && e.Number > 1 {
				t.Errorf("entry %d follows %q", e.Number, e.Prev)
			}
			if chain[e.Prev] && e.Number > 1 {
				t.Errorf("entry %d follows what another follows", e.Number)
			}
			chain[e.Prev] = true
			_, err := e.Fact()
			return true, err
		})
	})
	want := []string{
		"1 till-1 12:00:00 book.opened", "2 till-1 12:00:00 event.added", "3 till-1 12:00:00 quota.added",
		"4 till-1 12:00:00 quota.added", "5 till-1 12:00:00 quota.added",
		"6 till-1 12:01:30 order.placed", "7 till-1 12:01:30 tender.opened", "8 till-1 11:01:30 tender.paid",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the book is not as it should be (-want +got):\n%s", diff)
	}
	if n := number(t, b); n != 8 {
		t.Errorf("the newest entry is %d, want 8", n)
	}
}

func TestEntriesAfterANumber(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	for _, test := range []struct {
		after uint64
		most  int
		want  string
	}{{0, 99, "1 2 3 4 5"}, {0, 2, "1 2"}, {3, 99, "4 5"}, {4, 1, "5"}, {5, 99, ""}, {900, 99, ""}} {
		var got []string
		view(t, b, func(tx *ledger.Tx) error {
			return tx.Entries(test.after, func(e ledger.Entry) (bool, error) {
				got = append(got, fmt.Sprint(e.Number))
				return len(got) < test.most, nil
			})
		})
		if strings.Join(got, " ") != test.want {
			t.Errorf("after %d, %d at most: entries %v, want %s", test.after, test.most, got, test.want)
		}
	}
	stop := errors.New("stop")
	err := b.View(func(tx *ledger.Tx) error {
		return tx.Entries(0, func(ledger.Entry) (bool, error) { return true, stop })
	})
	if !errors.Is(err, stop) {
		t.Errorf("the reader's own error came back as %v", err)
	}
}

// TestAppendReturnsWhatIsStored holds the entry that Append returns against
// the one in the book, and the number that a placed order gets from it.
func TestAppendReturnsWhatIsStored(t *testing.T) {
	now := time.Date(2026, time.March, 5, 13, 0, 0, 123_456_789, time.FixedZone("", 3600))
	b := testkit.Book(t, ledger.Options{Now: func() time.Time { return now }})
	var returned ledger.Entry
	if err := b.Update(func(tx *ledger.Tx) (err error) { returned, err = tx.Append(placed(1, 2)); return err }); err != nil {
		t.Fatal(err)
	}
	view(t, b, func(tx *ledger.Tx) error {
		return tx.Entries(5, func(e ledger.Entry) (bool, error) {
			if diff := cmp.Diff(returned, e); diff != "" {
				t.Errorf("the stored entry is another (-returned +stored):\n%s", diff)
			}
			return true, nil
		})
	})
	if want := time.Date(2026, time.March, 5, 12, 0, 0, 123e6, time.UTC); !returned.At.Equal(want) || returned.At.Location() != time.UTC {
		t.Errorf("the entry's time is %v, want %v", returned.At, want)
	}
	var f boxoffice.OrderPlacedFact
	if err := json.Unmarshal(returned.Data, &f); err != nil || f.Order.Number != returned.Number || order(t, b, 1).Number != returned.Number {
		t.Errorf("the order's number is %d in the entry and %d in the book, want %d (%v)", f.Order.Number, order(t, b, 1).Number, returned.Number, err)
	}
}

func TestAnUpdateIsAllOrNothing(t *testing.T) {
	stop := errors.New("the caller thought better of it")
	tests := map[string]func(*ledger.Tx) error{
		"the caller fails": func(tx *ledger.Tx) error {
			if _, err := tx.Append(placed(2, 1)); err != nil {
				return err
			}
			return errors.Join(tx.SetCursor(time.Unix(9, 0)), tx.MarkEvent("evt_1", time.Unix(9, 0)), stop)
		},
		"the second fact is not allowed": func(tx *ledger.Tx) error {
			if _, err := tx.Append(expired(1)); err != nil {
				return err
			}
			_, err := tx.Append(paid(99))
			return err
		},
		"the refusal is swallowed": func(tx *ledger.Tx) error {
			_, _ = tx.Append(placed(2, testkit.Seats)) // more than are left
			_, err := tx.Append(expired(1))
			return err
		},
		"the last refusal is swallowed": func(tx *ledger.Tx) error {
			_, _ = tx.Append(opened(1))
			return nil
		},
	}
	for name, fn := range tests {
		t.Run(name, func(t *testing.T) {
			rings := 0
			b := testkit.Book(t, ledger.Options{Committed: func() { rings++ }})
			testkit.Append(t, b, placed(1, 2), opened(1))
			before := state(t, b)
			rings = 0
			if err := b.Update(fn); err == nil {
				t.Fatal("the update went through")
			}
			if diff := cmp.Diff(before, state(t, b)); diff != "" {
				t.Errorf("something of it was written:\n%s", diff)
			}
			if rings != 0 {
				t.Errorf("the bell rang %d times for nothing", rings)
			}
			testkit.Append(t, b, paid(1)) // and the book goes on
			testkit.MustVerify(t, b)
		})
	}
}

func TestAPanicOfOursIsNotSwallowed(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	before := state(t, b)
	func() {
		defer func() {
			if p := recover(); p != "a mistake about a page" {
				t.Errorf("the panic became %v", p)
			}
		}()
		t.Errorf("the update ended with %v", b.Update(func(tx *ledger.Tx) error {
			if _, err := tx.Append(placed(1, 1)); err != nil {
				return err
			}
			panic("a mistake about a page")
		}))
	}()
	if diff := cmp.Diff(before, state(t, b)); diff != "" {
		t.Errorf("the update that panicked was written:\n%s", diff)
	}
	if err := b.View(func(tx *ledger.Tx) error { _, err := tx.Append(placed(1, 1)); return err }); err == nil {
		t.Error("an entry was appended in a view")
	}
}

func TestTheBellRingsAfterTheCommit(t *testing.T) {
	var b *ledger.Book
	var seen []uint64
	b = testkit.Book(t, ledger.Options{Committed: func() {
		if b != nil {
			seen = append(seen, number(t, b)) // what is rung for can be read, and reading does not block
		}
	}})
	testkit.Append(t, b, placed(1, 1), opened(1))
	if err := b.Update(func(tx *ledger.Tx) error { return tx.SetCursor(time.Unix(9, 0)) }); err != nil {
		t.Fatal(err) // the poller's memory concerns nobody
	}
	testkit.Append(t, b, paid(1))
	if diff := cmp.Diff([]uint64{7, 8}, seen); diff != "" {
		t.Errorf("the bell rang otherwise than once a commit with entries (-want +got):\n%s", diff)
	}
}

func TestEachRegisterHasItsChain(t *testing.T) {
	path := file(t, placed(1, 1))
	for n, register := range []string{"till-2", "till-1", "till-2"} {
		opt := options()
		opt.Register = register
		b, err := ledger.Open(path, opt)
		if err != nil {
			t.Fatal(err)
		}
		testkit.Append(t, b, placed(n+2, 1))
		testkit.MustVerify(t, b)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
	first := map[string]uint64{}
	view(t, open(t, path), func(tx *ledger.Tx) error {
		return tx.Entries(0, func(e ledger.Entry) (bool, error) {
			if e.Prev == "" {
				first[e.Register] = e.Number
			}
			return true, nil
		})
	})
	if diff := cmp.Diff(map[string]uint64{"till-1": 1, "till-2": 7}, first); diff != "" {
		t.Errorf("the chains begin elsewhere (-want +got):\n%s", diff)
	}
}

func TestReopenedItIsTheSameBook(t *testing.T) {
	path := file(t, placed(1, 2), opened(1), paid(1), placed(2, 1), placed(3, 1), opened(3), cancelAsked(3))
	first := open(t, path)
	if err := first.Update(func(tx *ledger.Tx) error { return tx.SetCursor(time.Unix(1_700_000_000, 0)) }); err != nil {
		t.Fatal(err)
	}
	before := state(t, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	if diff := cmp.Diff(before, state(t, again)); diff != "" {
		t.Errorf("reopened it is another book:\n%s", diff)
	}
	testkit.Append(t, again, opened(2))
	testkit.MustVerify(t, again)
}

func TestABookThatIsOnlyReadTakesNothing(t *testing.T) {
	path := file(t, placed(1, 1))
	opt := options()
	opt.ReadOnly = true
	b, err := ledger.Open(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Update(func(tx *ledger.Tx) error { _, err := tx.Append(opened(1)); return err }); err == nil {
		t.Error("it was written to")
	}
	if report, err := b.Verify(t.TempDir()); err != nil || report.Entries != 6 || len(report.Problems) > 0 {
		t.Errorf("verifying it gives %+v, %v", report, err)
	}
	missing := filepath.Join(t.TempDir(), "book.db")
	if _, err := ledger.Open(missing, opt); boxoffice.ErrorCode(err) != boxoffice.CodeBookUnusable {
		t.Errorf("a book that there is not gives %v", err)
	}
}
