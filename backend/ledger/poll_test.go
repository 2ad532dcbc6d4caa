package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

func TestTheCursor(t *testing.T) {
	path := file(t)
	b := open(t, path)
	view(t, b, func(tx *ledger.Tx) error {
		at, err := tx.Cursor()
		if !at.IsZero() {
			t.Errorf("the first poll begins at %v", at)
		}
		return err
	})
	want := time.Date(2026, time.March, 5, 19, 0, 30, 0, time.FixedZone("", 3600))
	if err := b.Update(func(tx *ledger.Tx) error { return tx.SetCursor(want) }); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	view(t, open(t, path), func(tx *ledger.Tx) error {
		at, err := tx.Cursor()
		if !at.Equal(want) || at.Location() != time.UTC {
			t.Errorf("after a restart the cursor is %v, want %v in UTC", at, want)
		}
		return err
	})
}

func TestEventsAreSeenOnceAndForgotten(t *testing.T) {
	path := file(t)
	b := open(t, path)
	at := func(second int) time.Time { return time.Unix(1_700_000_000+int64(second), 0) }
	err := b.Update(func(tx *ledger.Tx) error {
		for second := range 10 {
			for _, which := range []string{"a", "b"} { // two events in one second
				if err := tx.MarkEvent(fmt.Sprint("evt_", second, which), at(second)); err != nil {
					return err
				}
			}
		}
		if !tx.SeenEvent("evt_3a", at(3)) {
			t.Error("an event is not remembered within the transaction")
		}
		return tx.MarkEvent("evt_old", time.Unix(-5, 0)) // a clock of before 1970 breaks nothing
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Update(func(tx *ledger.Tx) error { return tx.ForgetEvents(at(4)) }); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = open(t, path)
	view(t, b, func(tx *ledger.Tx) error {
		for second := range 10 {
			for _, which := range []string{"a", "b"} {
				id := fmt.Sprint("evt_", second, which)
				if seen, want := tx.SeenEvent(id, at(second)), second >= 4; seen != want {
					t.Errorf("%s is remembered: %v, want %v", id, seen, want)
				}
			}
		}
		if tx.SeenEvent("evt_9a", at(8)) || tx.SeenEvent("evt_9", at(9)) || tx.SeenEvent("evt_old", time.Unix(-5, 0)) {
			t.Error("an event is remembered that was not seen, or was forgotten")
		}
		return nil
	})
	for _, before := range []time.Time{{}, time.Unix(-9, 0), at(4)} { // nothing more to forget
		if err := b.Update(func(tx *ledger.Tx) error { return tx.ForgetEvents(before) }); err != nil {
			t.Fatal(err)
		}
	}
	view(t, b, func(tx *ledger.Tx) error {
		if !tx.SeenEvent("evt_4a", at(4)) {
			t.Error("an event was forgotten too early")
		}
		return nil
	})
	testkit.MustVerify(t, b) // the poller's memory is no part of what entries say
}

// TestTheMemoryIsOfTheSameTransaction is what makes a crash between reading
// and recording harmless: both or neither.
func TestTheMemoryIsOfTheSameTransaction(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	testkit.Append(t, b, placed(1, 1))
	at := time.Unix(1_700_000_000, 0)
	err := b.Update(func(tx *ledger.Tx) error {
		if err := tx.SetCursor(at); err != nil {
			return err
		}
		if err := tx.MarkEvent("evt_1", at); err != nil {
			return err
		}
		_, err := tx.Append(expired(1)) // not open yet
		return err
	})
	if err == nil {
		t.Fatal("the update went through")
	}
	view(t, b, func(tx *ledger.Tx) error {
		cursor, err := tx.Cursor()
		if !cursor.IsZero() || tx.SeenEvent("evt_1", at) {
			t.Error("the event counts as taken in, and what it told is not in the book")
		}
		return err
	})
}
