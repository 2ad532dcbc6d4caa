package ledger

import (
	"path/filepath"
	"testing"
	"time"

	"willcall/backend/boxoffice"
)

// TestWhatIsRecalledIsWhatIsThere: whoever writes past remember is seen all the
// same, in the same transaction and after one that failed.
func TestWhatIsRecalledIsWhatIsThere(t *testing.T) {
	book, err := Open(filepath.Join(t.TempDir(), "book.db"), Options{Register: "till", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	k := key("q", "house")
	size := func(tx *Tx, want int) {
		t.Helper()
		for range 2 {
			if q, found, err := recall[boxoffice.Quota](tx, k); err != nil || !found || q.Size != want {
				t.Errorf("recalled %+v, %t, %v; want the size %d", q, found, err, want)
			}
		}
	}
	err = book.Update(func(tx *Tx) error {
		if q, found, err := recall[boxoffice.Quota](tx, k); found || err != nil {
			t.Errorf("before anything was written there is %+v, %v", q, err)
		}
		if err := remember(tx, k, boxoffice.Quota{ID: "house", Size: 1}); err != nil {
			return err
		}
		size(tx, 1)
		if err := tx.putJSON(k, boxoffice.Quota{ID: "house", Size: 2}); err != nil {
			return err
		}
		size(tx, 2)
		if err := tx.delete(k); err != nil {
			return err
		}
		if q, found, _ := recall[boxoffice.Quota](tx, k); found {
			t.Errorf("%+v was deleted, and is recalled", q)
		}
		return remember(tx, k, boxoffice.Quota{ID: "house", Size: 3})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := book.View(func(tx *Tx) error { size(tx, 3); return nil }); err != nil {
		t.Fatal(err)
	}
	err = book.Update(func(tx *Tx) error {
		if err := tx.put(k, []byte("{")); err != nil {
			return err
		}
		_, _, err := recall[boxoffice.Quota](tx, k)
		return err
	})
	if err == nil {
		t.Error("what is no JSON was recalled")
	}
}
