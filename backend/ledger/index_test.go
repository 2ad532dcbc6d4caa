package ledger_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// indexes are the keys of the indexes that Verify does not compare, and where
// they lead.
func indexes(t testing.TB, path string) (found []string) {
	t.Helper()
	tamper(t, path, func(b *bbolt.Bucket) error {
		return b.ForEach(func(k, v []byte) error {
			for _, p := range []string{"xp/", "xd/", "xm/", "xw/", "xq/", "xr/", "xs/", "xv"} {
				if strings.HasPrefix(string(k), p) {
					found = append(found, fmt.Sprintf("%q %s", k, v))
				}
			}
			return nil
		})
	})
	return found
}

// unindexed takes the indexes out of a closed book, as it was before there were
// any, but for the first few.
func unindexed(t testing.TB, path string, but int) {
	t.Helper()
	tamper(t, path, func(b *bbolt.Bucket) error {
		var keys [][]byte
		c := b.Cursor()
		for k, _ := c.Seek([]byte("x")); k != nil; k, _ = c.Next() {
			if but--; but < 0 || bytes.Equal(k, []byte("xv")) {
				keys = append(keys, bytes.Clone(k))
			}
		}
		for _, k := range keys {
			if err := b.Delete(k); err != nil {
				return err
			}
		}
		return nil
	})
}

// everyIndex is a book in which each index has something.
func everyIndex() []boxoffice.Fact {
	return []boxoffice.Fact{
		placed(1, 2), opened(1), paidFor(1, 2), dashboard(1, 1, boxoffice.RefundPending, 100), disputed(boxoffice.DisputeNeedsResponse, 0),
		placed(2, 1), opened(2), processing(2), late(2, "ord-2"), dashboard(-2, 1, boxoffice.RefundPending, 100),
		placed(3, 1), opened(3), processing(3), late(3, "ord-3"), seatedAs(3, "ord-3", "quota-house", 13, 1),
		placed(4, 1), opened(4), expired(4), late(4, "ord-4"), paidFor(4, 1), late(5, ""), kept(5, ""),
	}
}

// TestABookIsIndexedWhenItIsOpened as it would have been from the first day on,
// from whatever moment it was killed at while it was being indexed.
func TestABookIsIndexedWhenItIsOpened(t *testing.T) {
	path := file(t, everyIndex()...)
	want := indexes(t, path)
	if len(want) < 18 {
		t.Fatalf("the book has too little to index:\n%s", strings.Join(want, "\n"))
	}
	for but := range len(want) + 2 {
		unindexed(t, path, but)
		if err := open(t, path).Close(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, indexes(t, path)); diff != "" {
			t.Fatalf("killed after %d keys it is indexed otherwise (-want +got):\n%s", but, diff)
		}
	}
	b := open(t, path)
	before := number(t, b)
	testkit.MustVerify(t, b)
	if number(t, b) != before {
		t.Error("indexing wrote entries")
	}
}

// TestABookOfThousandsIsIndexed in more than one transaction.
func TestABookOfThousandsIsIndexed(t *testing.T) {
	t.Parallel()
	const orders = 5000
	path := filepath.Join(t.TempDir(), "book.db")
	b := open(t, path)
	testkit.Append(t, b, testkit.House()...)
	testkit.Append(t, b, boxoffice.QuotaChangedFact{QuotaID: "quota-house", TicketTypeIDs: []string{testkit.Adult}, Size: orders}, made(1, orders), linked(1))
	var facts []boxoffice.Fact
	for n := range orders {
		f := arrived(1, n, true)
		f.Order.Tenders[0].PaidAt = testkit.NewClock().Now().Add(time.Duration(n) * time.Second)
		facts = append(facts, f)
	}
	for some := range slices.Chunk(facts, 250) { // bbolt grows slow on large transactions
		if err := b.Update(func(tx *ledger.Tx) error { return appendAll(tx, some) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	want := indexes(t, path)
	unindexed(t, path, orders/2)
	b = open(t, path)
	n, last := 0, time.Time{}
	view(t, b, func(tx *ledger.Tx) error {
		return tx.MoneyBetween(time.Time{}, time.Unix(1<<40, 0), func(_ string, m ledger.Money) (bool, error) {
			if at := m.Order.Tenders[0].PaidAt; at.Before(last) {
				t.Errorf("%s is out of order", m.Order.ID)
			} else {
				last = at
			}
			n++
			return true, nil
		})
	})
	if n != orders {
		t.Errorf("%d payments came in, want %d", n, orders)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, indexes(t, path)); diff != "" {
		t.Errorf("it is indexed otherwise than it was written:\n%.2000s", diff)
	}
}

// TestMoneyBetweenTwoTimes has both ends, and stops when it is told to.
func TestMoneyBetweenTwoTimes(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	for n := 1; n <= 4; n++ {
		f := paidFor(n, 1).(boxoffice.PaidFact)
		f.PaidAt = minute(n)
		testkit.Append(t, b, placed(n, 1), opened(n), f)
	}
	found := late(5, "")
	found.Discrepancy.PaidAt = time.Time{} // an older book did not keep it: it goes by when it was found
	testkit.Append(t, b, found)
	for _, test := range []struct {
		from, to, most int
		want           string
	}{{1, 4, 9, "pi_1 pi_2 pi_3 pi_4"}, {2, 3, 9, "pi_2 pi_3"}, {1, 4, 2, "pi_1 pi_2"}, {0, 0, 9, "pi_5"}, {5, 9, 9, ""}, {3, 2, 9, ""}} {
		var got []string
		view(t, b, func(tx *ledger.Tx) error {
			return tx.MoneyBetween(minute(test.from), minute(test.to), func(id string, _ ledger.Money) (bool, error) {
				got = append(got, id)
				return len(got) < test.most, nil
			})
		})
		if text := strings.Join(got, " "); text != test.want {
			t.Errorf("from minute %d to %d came %q, want %q", test.from, test.to, text, test.want)
		}
		view(t, b, func(tx *ledger.Tx) error {
			n, err := tx.CountMoney(minute(test.from), minute(test.to), int64(test.most))
			if n != int64(len(got)) {
				t.Errorf("from minute %d to %d it counts %d, want %d", test.from, test.to, n, len(got))
			}
			return err
		})
	}
}

// TestAPaymentOfNothing has no intent, and is found by its session.
func TestAPaymentOfNothing(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	f := paidFor(1, 1).(boxoffice.PaidFact)
	f.PaymentIntentID, f.PaidAt = "", time.Time{}
	free := late(2, "")
	free.Discrepancy.PaymentIntentID, free.Discrepancy.Amount.Minor = "", 0
	tell(t, b, lines("ord-1 paid, 1 valid", "cs_2-no_room open", "to do: look at cs_2-no_room", "money: cs_1 ord-1, cs_2 cs_2-no_room", "house held 0 sold 1"), placed(1, 1), opened(1), f, free)
}
