// Package testkit builds what tests of the backend share: a clock that is set
// by hand, ids that repeat, a book in a temporary folder with a small house on
// sale, and a simulated Stripe on a loopback port.
//
// Only tests import it. It must not decide anything that a test is about.
package testkit

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripesim"
)

// Clock is a clock that stands still until it is moved.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that shows noon of an ordinary day, UTC.
func NewClock() *Clock { return &Clock{now: time.Date(2026, time.March, 5, 12, 0, 0, 0, time.UTC)} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move moves the clock, back too.
func (c *Clock) Move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// Log is a log in memory that several may write, and read meanwhile.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write notes what is said.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is all that was said.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// IDs returns ids that are the same in every run with the seed.
func IDs(seed uint64) boxoffice.IDs {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return boxoffice.IDs{Source: &steady{source: rand.NewChaCha8(key)}, Now: NewClock().Now}
}

// steady lets any number of goroutines read.
type steady struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func (s *steady) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Read(p)
}

// The names of the house that Book puts on sale.
const (
	Performance = "perf-1"
	Adult       = "type-adult"   // €24.00, Seats of them together with Child
	Child       = "type-child"   // €9.00
	Balcony     = "type-balcony" // €32.00, 2 of them
	Yen         = "type-yen"     // ¥3000, 5 of them
	Seats       = 10
)

// House is the facts that put the house on sale.
func House() []boxoffice.Fact {
	kind := func(id, name string, minor int64, c money.Currency) boxoffice.TicketType {
		return boxoffice.TicketType{ID: id, Name: name, Price: money.New(minor, c)}
	}
	start := time.Date(2026, time.March, 5, 18, 30, 0, 0, time.UTC)
	quota := func(id string, size int, types ...string) boxoffice.Fact {
		return boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: id, PerformanceID: Performance, TicketTypeIDs: types, Size: size}}
	}
	return []boxoffice.Fact{
		boxoffice.BookOpenedFact{BookID: "book-1", Mode: boxoffice.Training},
		boxoffice.EventAddedFact{Event: boxoffice.Event{
			ID: "evt-1", Name: "Hamlet", Place: "Playhouse", TimeZone: "Europe/Vienna",
			Performances: []boxoffice.Performance{{ID: Performance, DoorsAt: start.Add(-time.Hour), StartsAt: start}},
			TicketTypes: []boxoffice.TicketType{
				kind(Adult, "Adult", 2400, "eur"), kind(Child, "Child", 900, "eur"),
				kind(Balcony, "Balcony", 3200, "eur"), kind(Yen, "Guest", 3000, "jpy"),
			},
		}},
		quota("quota-house", Seats, Adult, Child),
		quota("quota-balcony", 2, Balcony),
		quota("quota-yen", 5, Yen),
	}
}

// Book opens a book in a temporary folder with the house on sale. It is closed
// when the test ends.
func Book(t testing.TB, opt ledger.Options) *ledger.Book {
	t.Helper()
	if opt.Register == "" {
		opt.Register = "till-1"
	}
	if opt.Now == nil {
		opt.Now = NewClock().Now
	}
	b, err := ledger.Open(filepath.Join(t.TempDir(), "book.db"), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	Append(t, b, House()...)
	return b
}

// Append writes the facts in one transaction.
func Append(t testing.TB, b *ledger.Book, facts ...boxoffice.Fact) {
	t.Helper()
	err := b.Update(func(tx *ledger.Tx) error {
		for _, f := range facts {
			if _, err := tx.Append(f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Quota reads a quota of the book.
func Quota(t testing.TB, b *ledger.Book, id string) boxoffice.Quota {
	t.Helper()
	var found boxoffice.Quota
	err := b.View(func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		for _, q := range c.Quotas {
			if q.ID == id {
				found = q
			}
		}
		return err
	})
	if err != nil || found.ID == "" {
		t.Fatalf("quota %s: %v", id, err)
	}
	return found
}

// MustVerify fails the test unless the book proves sound.
func MustVerify(t testing.TB, b *ledger.Book) {
	t.Helper()
	report, err := b.Verify(t.TempDir())
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("the book is not sound: %v %q", err, report.Problems)
	}
}

// Stripe serves a simulated Stripe on a loopback port until the test ends.
func Stripe(t testing.TB, opt stripesim.Options) (sim *stripesim.Sim, url string) {
	t.Helper()
	sim, err := stripesim.Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	sim.SetPublicURL(server.URL)
	t.Cleanup(func() {
		server.Close()
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return sim, server.URL
}
