package ledger_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// model is what a box office with a pencil would have on its sheet: seats,
// and where each order stands. It is told what is tried, and says whether the
// book must take it.
type model struct {
	held, sold map[string]int
	orders     map[int]modelOrder
	entries    uint64
}

type modelOrder struct {
	quota         string
	seats         int
	state         string
	cancel, asked bool // the cashier wants it closed; Stripe has been asked for a code and not answered
}

func newModel() *model {
	return &model{held: map[string]int{}, sold: map[string]int{}, orders: map[int]modelOrder{}, entries: uint64(len(testkit.House()))}
}

func (m *model) clone() *model {
	return &model{held: maps.Clone(m.held), sold: maps.Clone(m.sold), orders: maps.Clone(m.orders), entries: m.entries}
}

// step is one thing that is tried: a kind of fact, on an order.
type step struct {
	kind  boxoffice.Kind
	n     int
	quota string
	seats int
}

func kinds() []boxoffice.Kind {
	return []boxoffice.Kind{
		boxoffice.KindOrderPlaced, boxoffice.KindTenderOpened, boxoffice.KindTenderOpened, boxoffice.KindTenderRefused, boxoffice.KindTenderCancel,
		boxoffice.KindTenderProcessing, boxoffice.KindTenderPaid, boxoffice.KindTenderPaid, boxoffice.KindTenderExpired, boxoffice.KindTenderFailed,
	}
}

func sizes() map[string]int {
	return map[string]int{"quota-house": testkit.Seats, "quota-balcony": 2, "quota-yen": 5}
}

// fact is the step as the book is told it.
func (s step) fact() boxoffice.Fact {
	switch s.kind {
	case boxoffice.KindOrderPlaced:
		return placedIn(s.quota, s.n, s.seats)
	case boxoffice.KindTenderOpened:
		return opened(s.n)
	case boxoffice.KindTenderRefused:
		return refused(s.n)
	case boxoffice.KindTenderCancel:
		return cancelAsked(s.n)
	case boxoffice.KindTenderProcessing:
		return processing(s.n)
	case boxoffice.KindTenderPaid:
		return paid(s.n)
	case boxoffice.KindTenderExpired:
		return expired(s.n)
	default:
		return failed(s.n)
	}
}

// follows says which states a fact may find a tender in, and leaves it in.
func follows(kind boxoffice.Kind) (from []string, to string) {
	switch kind {
	case boxoffice.KindTenderOpened:
		return []string{"starting"}, "open"
	case boxoffice.KindTenderRefused:
		return []string{"starting"}, "refused"
	case boxoffice.KindTenderProcessing:
		return []string{"open"}, "processing"
	case boxoffice.KindTenderPaid:
		return []string{"open", "processing", "expired", "refused", "failed"}, "paid"
	case boxoffice.KindTenderExpired:
		return []string{"open", "processing"}, "expired"
	default:
		return []string{"processing"}, "failed"
	}
}

// take does the step, and reports whether it may be done.
func (m *model) take(s step) bool {
	m.entries++
	o, known := m.orders[s.n]
	switch s.kind {
	case boxoffice.KindOrderPlaced:
		if known || m.held[s.quota]+m.sold[s.quota]+s.seats > sizes()[s.quota] {
			return false
		}
		o = modelOrder{quota: s.quota, seats: s.seats, state: "starting", asked: true}
		m.held[s.quota] += s.seats
	case boxoffice.KindTenderCancel:
		if !known || o.cancel || !slices.Contains([]string{"starting", "open", "processing"}, o.state) {
			return false
		}
		o.cancel = true
	default:
		from, to := follows(s.kind)
		if !known || !slices.Contains(from, o.state) {
			return false
		}
		if !m.move(o, to) {
			return false
		}
		o.state, o.asked = to, false
	}
	m.orders[s.n] = o
	return true
}

// move moves the order's seats, and reports whether there is room.
func (m *model) move(o modelOrder, to string) bool {
	over := []string{"expired", "refused", "failed"}
	if !slices.Contains(over, o.state) {
		m.held[o.quota] -= o.seats
	}
	switch {
	case to == "paid":
		m.sold[o.quota] += o.seats
	case !slices.Contains(over, to):
		m.held[o.quota] += o.seats
	}
	return m.held[o.quota]+m.sold[o.quota] <= sizes()[o.quota]
}

// String is the sheet as text, in the words of sheet.
func (m *model) String() string {
	var text strings.Builder
	for _, q := range slices.Sorted(maps.Keys(sizes())) {
		fmt.Fprintf(&text, "%s: %d held, %d sold\n", q, m.held[q], m.sold[q])
	}
	var intents, awaiting []string
	for _, n := range slices.Sorted(maps.Keys(m.orders)) {
		o := m.orders[n]
		fmt.Fprintf(&text, "%s: %s, cancel asked %v\n", of(n).OrderID, o.state, o.cancel)
		open := slices.Contains([]string{"starting", "open", "processing"}, o.state)
		if open {
			awaiting = append(awaiting, of(n).OrderID)
		}
		if o.asked {
			intents = append(intents, of(n).TenderID+"-create")
		}
		if o.cancel && open {
			intents = append(intents, of(n).TenderID+"-expire")
		}
	}
	slices.Sort(intents)
	slices.Sort(awaiting)
	fmt.Fprintf(&text, "intents %v\nawaiting %v\n%d entries\n", intents, awaiting, m.entries)
	return text.String()
}

// sheet is what the book says, as a model's sheet.
func sheet(tx *ledger.Tx) (string, error) {
	var text strings.Builder
	c, err := tx.Catalogue()
	if err != nil {
		return "", err
	}
	for _, q := range c.Quotas { // sorted by id
		if q.Available() < 0 || q.Held < 0 || q.Sold < 0 {
			return "", fmt.Errorf("the quota %+v is below zero", q)
		}
		fmt.Fprintf(&text, "%s: %d held, %d sold\n", q.ID, q.Held, q.Sold)
	}
	orders, _, err := tx.Orders(ledger.OrderQuery{Limit: 1000})
	if err != nil {
		return "", err
	}
	slices.SortFunc(orders, func(a, b boxoffice.Order) int {
		return strings.Compare(fmt.Sprintf("%12s", a.ID), fmt.Sprintf("%12s", b.ID))
	})
	for _, o := range orders {
		fmt.Fprintf(&text, "%s: %s, cancel asked %v\n", o.ID, o.Tenders[0].State, o.Tenders[0].CancelAsked)
	}
	open, err := tx.Intents()
	var intents, awaiting []string
	for _, i := range open {
		intents = append(intents, i.Key)
	}
	waited, awaitErr := tx.Awaiting()
	for _, o := range waited {
		awaiting = append(awaiting, o.ID)
	}
	n, numberErr := tx.Number()
	fmt.Fprintf(&text, "intents %v\nawaiting %v\n%d entries\n", intents, awaiting, n)
	return text.String(), errors.Join(err, awaitErr, numberErr)
}

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
			quota: rapid.SampledFrom(slices.Sorted(maps.Keys(sizes()))).Draw(t, "quota"), seats: rapid.IntRange(1, 4).Draw(t, "seats"),
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
				facts = append(facts, s.fact())
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
					kind: kinds()[random.IntN(len(kinds()))], n: 1 + random.IntN(24),
					quota: quotas[random.IntN(len(quotas))], seats: 1 + random.IntN(2),
				}
				var allowed bool
				err := b.Update(func(tx *ledger.Tx) error {
					next := m.clone()
					allowed = next.take(s)
					if _, err := tx.Append(s.fact()); err != nil {
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
		claim := o.Hold.Claims[0]
		switch o.Status() {
		case boxoffice.AwaitingPayment:
			held[claim.QuotaID] += claim.Seats
		case boxoffice.Paid:
			sold[claim.QuotaID] += claim.Seats
		default:
		}
	}
	for _, q := range c.Quotas {
		if q.Held != held[q.ID] || q.Sold != sold[q.ID] || q.Available() < 0 {
			return fmt.Errorf("the quota is %+v, and its orders hold %d and bought %d", q, held[q.ID], sold[q.ID])
		}
	}
	return nil
}
