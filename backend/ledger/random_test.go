package ledger_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

func agree(t rapid.TB, b *ledger.Book, m *model) {
	t.Helper()
	err := b.View(func(tx *ledger.Tx) error {
		got, err := sheet(tx)
		if diff := cmp.Diff(m.String(), got); diff != "" {
			t.Errorf("the book is not what the model says (-model +book):\n%s", diff)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestTheBookIsItsModel tries random steps in random transactions. A step that
// the model refuses must fail its whole transaction.
func TestTheBookIsItsModel(t *testing.T) {
	t.Parallel()
	drawn := rapid.Custom(func(t *rapid.T) step {
		return step{
			kind: rapid.SampledFrom(kinds()).Draw(t, "kind"), n: rapid.IntRange(1, 8).Draw(t, "order"),
			poster: rapid.IntRange(1, 4).Draw(t, "poster"), apart: rapid.Bool().Draw(t, "apart"),
			quota: rapid.SampledFrom(slices.Sorted(maps.Keys(sizes()))).Draw(t, "quota"), seats: rapid.IntRange(1, 4).Draw(t, "seats"),
			refund: rapid.IntRange(1, 3).Draw(t, "refund"), status: rapid.SampledFrom(said()).Draw(t, "status"),
		}
	})
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		path := filepath.Join(dir, fmt.Sprint(run, ".db"))
		b, err := ledger.Open(path, options())
		if err != nil {
			t.Fatal(err)
		}
		m := newModel()
		if err := b.Update(func(tx *ledger.Tx) error { return appendAll(tx, testkit.House()) }); err != nil {
			t.Fatal(err)
		}
		for _, steps := range rapid.SliceOfN(rapid.SliceOfN(drawn, 1, 4), 1, 12).Draw(t, "transactions") {
			next, allowed := m.clone(), true
			var facts []boxoffice.Fact
			for _, s := range steps {
				facts = append(facts, s.fact(next))
				allowed = allowed && next.take(s)
			}
			err := b.Update(func(tx *ledger.Tx) error { return appendAll(tx, facts) })
			if allowed != (err == nil) {
				t.Fatalf("%+v ended with %v; the model allows it: %v", steps, err, allowed)
			}
			if allowed {
				m = next
			}
		}
		agree(t, b, m)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		if b, err = ledger.Open(path, options()); err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		agree(t, b, m)
		if report, err := b.Verify(dir); err != nil || len(report.Problems) > 0 || report.Entries != m.entries {
			t.Errorf("the book is not sound: %+v, %v", report, err)
		}
	})
}

func appendAll(tx *ledger.Tx, facts []boxoffice.Fact) error {
	for _, f := range facts {
		if _, err := tx.Append(f); err != nil {
			return err
		}
	}
	return nil
}

// TestManyTillsOneBook does random steps from many goroutines at once, while
// others look. The model is moved on inside each transaction, which the book
// must keep apart.
func TestManyTillsOneBook(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "book.db")
	b := open(t, path)
	testkit.Append(t, b, testkit.House()...)
	m := newModel()
	quotas := slices.Sorted(maps.Keys(sizes()))
	var sellers, watchers sync.WaitGroup
	for seed := range uint64(8) {
		sellers.Go(func() {
			random := rand.New(rand.NewPCG(seed, 4))
			for range 60 {
				s := step{
					kind: kinds()[random.IntN(len(kinds()))], n: 1 + random.IntN(24), poster: 1 + random.IntN(9), apart: random.IntN(2) == 0,
					quota: quotas[random.IntN(len(quotas))], seats: 1 + random.IntN(2),
					refund: 1 + random.IntN(3), status: said()[random.IntN(len(said()))],
				}
				var allowed bool
				err := b.Update(func(tx *ledger.Tx) error {
					next, fact := m.clone(), s.fact(m)
					allowed = next.take(s)
					if _, err := tx.Append(fact); err != nil {
						return err
					}
					m = next
					return nil
				})
				if allowed != (err == nil) {
					t.Errorf("%+v ended with %v; the model allows it: %v", s, err, allowed)
				}
			}
		})
	}
	over := make(chan struct{})
	for range 2 {
		watchers.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				if err := b.View(consistent); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	sellers.Wait()
	close(over)
	watchers.Wait()
	agree(t, b, m)
	testkit.MustVerify(t, b)
	before := state(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, state(t, open(t, path))); diff != "" {
		t.Errorf("reopened it is another book:\n%s", diff)
	}
	if m.entries < 40 || len(m.orders) < 8 {
		t.Errorf("only %d entries and %d orders came about: the test tries too little", m.entries, len(m.orders))
	}
}

// consistent holds a sight of the book against itself: seats are held and sold
// exactly by the orders that say so.
func consistent(tx *ledger.Tx) error {
	c, err := tx.Catalogue()
	if err != nil {
		return err
	}
	orders, _, err := tx.Orders(ledger.OrderQuery{Limit: 1000})
	if err != nil {
		return err
	}
	held, sold := map[string]int{}, map[string]int{}
	for _, o := range orders {
		seats := 0
		for _, claim := range o.Hold.Claims {
			seats += claim.Seats
			switch o.Status() {
			case boxoffice.AwaitingPayment:
				held[claim.QuotaID] += claim.Seats
			case boxoffice.Paid, boxoffice.Refunded:
				sold[claim.QuotaID] += claim.Seats
			default:
			}
		}
		if o.Hold.State == boxoffice.Sold && len(o.Valid()) != seats {
			return fmt.Errorf("order %s has %d valid tickets on %d seats", o.ID, len(o.Valid()), seats)
		}
	}
	posters, err := tx.Posters()
	apart := map[string]int{}
	for _, p := range posters {
		apart[p.Claims[0].QuotaID] += p.Left()
	}
	for _, q := range c.Quotas {
		if q.Held != held[q.ID] || q.Sold != sold[q.ID] || q.Allotted != apart[q.ID] || q.Available() < 0 {
			return fmt.Errorf("the quota is %+v, and its orders hold %d and bought %d, its posters have %d", q, held[q.ID], sold[q.ID], apart[q.ID])
		}
	}
	return err
}
