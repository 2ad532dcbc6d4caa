package desk

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// The types that the tests sell beside those of testkit.House.
const (
	free     = "type-free"     // €0.00
	cheap    = "type-cheap"    // €0.30, less than Stripe charges
	dear     = "type-dear"     // €999,999.99, the most that Stripe charges
	vast     = "type-vast"     // more than any amount times two
	boxSeat  = "type-box"      // €50.00; 5 of them by one quota and 3 by another
	unlisted = "type-unlisted" // in the catalogue, and no quota over it
	studio   = "perf-studio"   // the performance of all these
)

// scene is a desk over a real book, and a Stripe that answers as it is told.
type scene struct {
	*testing.T
	path   string
	book   *ledger.Book
	stripe *testkit.Sender
	desk   *Desk
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{T: t, path: filepath.Join(t.TempDir(), "book.db")}
	var err error
	if s.book, err = ledger.Open(s.path, ledger.Options{Register: "till-1", Now: testkit.NewClock().Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		testkit.MustVerify(t, s.book)
		if err := s.book.Close(); err != nil {
			t.Error(err)
		}
	})
	testkit.Append(t, s.book, append(testkit.House(), studioHouse()...)...)
	s.stripe = testkit.NewSender(t, s.book)
	s.desk = New(Options{
		Book: s.book, Stripe: s.stripe, IDs: testkit.IDs(1), Now: testkit.NewClock().Now, ReturnURL: "http://127.0.0.1:4381/c/done",
	})
	return s
}

// studioHouse is a second event, with prices that Stripe does not take.
func studioHouse() []boxoffice.Fact {
	kind := func(id, name string, minor int64) boxoffice.TicketType {
		return boxoffice.TicketType{ID: id, Name: name, Price: money.New(minor, "eur")}
	}
	quota := func(id string, size int, types ...string) boxoffice.Fact {
		return boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: id, PerformanceID: studio, TicketTypeIDs: types, Size: size}}
	}
	return []boxoffice.Fact{
		boxoffice.EventAddedFact{Event: boxoffice.Event{
			ID: "evt-2", Name: "Faust", Place: "Studio", TimeZone: "Europe/Vienna",
			Performances: []boxoffice.Performance{{ID: studio, StartsAt: testkit.NewClock().Now()}},
			TicketTypes: []boxoffice.TicketType{
				kind(free, "Free", 0), kind(cheap, "Programme", 30), kind(dear, "Patron", money.MaxMinor),
				kind(vast, "Moon", math.MaxInt64), kind(boxSeat, "Box", 5000), kind(unlisted, "Ghost", 1000),
			},
		}},
		quota("quota-1-studio", 500, free, cheap, dear, vast),
		quota("quota-2-boxes", 5, boxSeat),
		quota("quota-3-left-boxes", 3, boxSeat),
	}
}

// line is so many tickets at a fixed price.
func line(performance, ticketType string, n int) SaleLine {
	return SaleLine{PerformanceID: performance, TicketTypeID: ticketType, Quantity: n}
}

// adults is a sale of so many adults, with the key.
func adults(key string, n int) Sale {
	return Sale{Key: key, LineItems: []SaleLine{line(testkit.Performance, testkit.Adult, n)}}
}

// sell sells, and must.
func (s *scene) sell(sale Sale) boxoffice.Order {
	s.Helper()
	o, err := s.desk.Sell(s.Context(), sale)
	if err != nil {
		s.Fatal(err)
	}
	return o
}

// bytes is the whole book as it lies on the disk.
func (s *scene) bytes() []byte {
	s.Helper()
	text, err := os.ReadFile(s.path)
	if err != nil {
		s.Fatal(err)
	}
	return text
}

// unchanged fails the test if the book is not what it was.
func (s *scene) unchanged(before []byte) {
	s.Helper()
	if !bytes.Equal(before, s.bytes()) {
		s.Error("the book was changed")
	}
}

// orders counts the orders of the status, "" for all.
func (s *scene) orders(status boxoffice.OrderStatus) (n int) {
	s.Helper()
	err := s.book.View(func(tx *ledger.Tx) error {
		orders, more, err := tx.Orders(ledger.OrderQuery{Status: status, Limit: 1000})
		if n = len(orders); more {
			s.Error("there are more orders than a test has")
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return n
}

// available is how many of the house's seats are left.
func (s *scene) available() int {
	s.Helper()
	return testkit.Quota(s, s.book, "quota-house").Available()
}

// kinds are the kinds of the order's entries, in order.
func (s *scene) kinds(orderID string) (kinds []boxoffice.Kind) {
	s.Helper()
	err := s.book.View(func(tx *ledger.Tx) error {
		entries, err := tx.OrderEntries(orderID)
		for _, e := range entries {
			kinds = append(kinds, e.Kind)
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return kinds
}

// asError is err as a person is told of it; every error of a desk is one, and
// says something and what to do.
func (s *scene) asError(err error) *boxoffice.Error {
	s.Helper()
	e, ok := errors.AsType[*boxoffice.Error](err)
	if !ok {
		s.Fatalf("%v is no *boxoffice.Error", err)
	}
	if e.Message == "" || e.Next == "" {
		s.Errorf("the error says %q and then to do %q", e.Message, e.Next)
	}
	return e
}

// stripesTime is what the time is by testkit.Sender's clock.
func stripesTime() time.Time { return testkit.NewClock().Now().Add(time.Hour) }
