package ledger_test

import (
	"os"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// TestABookDamagedWhileOpen: the disk fails under a running till. bbolt then
// panics while it undoes a write, and keeps its lock; nobody may wait for it.
func TestABookDamagedWhileOpen(t *testing.T) {
	path := manySales(t)
	b := open(t, path)
	raw := content(t, path)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(make([]byte, len(raw)-2*4096), 2*4096); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		for n := range 3 {
			err := b.Update(func(tx *ledger.Tx) error { _, err := tx.Append(placed(n, 1)); return err })
			if boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt {
				t.Errorf("sale %d: %v, want book_corrupt", n+1, err)
			}
			if err := b.View(func(tx *ledger.Tx) error { _, _, err := tx.Order("ord-1"); return err }); boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt {
				t.Errorf("a look after sale %d: %v, want book_corrupt", n+1, err)
			}
		}
		ended <- b.Close()
	}()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("closing it: %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("a damaged book is waited for without end")
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil { // the copy put back, by the window's "again"
		t.Fatal(err)
	}
	testkit.MustVerify(t, open(t, path))
}

// TestWhoWaitsHearsOfTheDamage: the disk fails under one write while others, and
// the closing, wait for their turn.
func TestWhoWaitsHearsOfTheDamage(t *testing.T) {
	path := manySales(t)
	opt := options()
	begun, ended := make(chan bool, 3), make(chan error, 4)
	opt.Updating = func() func() { begun <- true; return func() {} }
	b, err := ledger.Open(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	damage := make([]byte, len(content(t, path))-2*4096)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sell := func(n int, before func() error) {
		ended <- b.Update(func(tx *ledger.Tx) error {
			if err := before(); err != nil {
				return err
			}
			_, err := tx.Append(placed(n, 1))
			return err
		})
	}
	go sell(100, func() error {
		<-begun // itself
		for n := range 2 {
			go sell(101+n, func() error { return nil })
			<-begun
		}
		go func() { ended <- b.Close() }()
		time.Sleep(100 * time.Millisecond) // by now they wait; if not, there is less to see
		_, err := f.WriteAt(damage, 2*4096)
		return err
	})
	told := map[boxoffice.Code]int{}
	for range 4 {
		select {
		case err := <-ended:
			told[boxoffice.ErrorCode(err)]++
		case <-time.After(20 * time.Second):
			t.Fatalf("some wait without end; the others heard %v", told)
		}
	}
	if told[boxoffice.CodeBookCorrupt] != 3 || told[""] != 1 {
		t.Errorf("they heard %v, want book_corrupt three times, and a book that is closed", told)
	}
}
