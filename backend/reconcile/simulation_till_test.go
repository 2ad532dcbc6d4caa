package reconcile

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// simulation is one run: a till, its book on disk, and the Stripe that it sells
// by. It lives in a bubble, whose time passes when everybody waits.
type simulation struct {
	*testing.T
	seed uint64
	path string // of the book
	sim  *stripesim.Sim
	log  bytes.Buffer

	// The till, while it runs.
	wire   *longWire
	book   *ledger.Book
	client *stripeapi.Client
	r      *Reconciler
	desk   *desk.Desk
	ids    boxoffice.IDs
	lie    func(Stripe) Stripe // nil, or what makes the till's Stripe lie

	mu     sync.Mutex
	wrong  []string       // what must not be, as it was seen
	jumped time.Duration  // how far the laptop's clock is off
	people sync.WaitGroup // at the till
	buyers sync.WaitGroup
	tills  int // how often it was opened

	sales, decisions int
	visits           []string // sessions that visitors of posters opened

	knobs     sync.Mutex // guards how Stripe is set
	quirks    stripesim.Quirks
	faults    []stripesim.Fault
	unplugged bool

	head     string   // of the book in the end
	happened []string // the kinds of its entries
}

// simulate lets the steps happen, and says what was wrong afterwards.
func simulate(t *testing.T, seed uint64, steps []step, lie func(Stripe) Stripe) *simulation {
	t.Helper()
	s := &simulation{T: t, seed: seed, lie: lie, ids: testkit.IDs(seed)}
	dir, err := os.MkdirTemp(memory(), "simulation") //nolint:usetesting // TempDir is on the disk, and there until the last run has ended
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s.path = filepath.Join(dir, "book.db")
	if s.sim, err = stripesim.Open(stripesim.Options{PublicURL: "http://127.0.0.1:4381", Seed: seed}); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.sim.Close() }()
	s.open()
	testkit.Append(t, s.book, testkit.House()...)
	s.start()
	if seed%2 == 0 {
		s.debits(step{N: 1})
	}
	time.Sleep(time.Minute) // the catalogue goes to Stripe
	for n, does := range steps {
		s.logf("step %d: %+v", n, does)
		s.take(does)
		s.checkCodes()
	}
	s.settle()
	s.head, s.happened = s.newest(), s.kinds()
	s.close()
	return s
}

// memory is a folder without a disk where there is one. What a crash leaves on a
// disk is for the test that kills processes; here it would only take time.
func memory() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

func (s *simulation) failf(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
	s.log.WriteString("WRONG: " + s.wrong[len(s.wrong)-1] + "\n")
}

func (s *simulation) logf(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(&s.log, "%s "+format+"\n", append([]any{time.Now().UTC().Format("01-02T15:04:05.000")}, args...)...)
}

// Errorf makes it a failer.
func (s *simulation) Errorf(format string, args ...any) { s.failf(format, args...) }

// Write takes the till's log.
func (s *simulation) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

// now is what the laptop's clock shows.
func (s *simulation) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.jumped)
}

// open puts a till onto the book, as a start of the program does.
func (s *simulation) open() {
	s.tills++
	book, err := ledger.Open(s.path, ledger.Options{Register: "till-1", Now: s.now, Committed: s.committed})
	if err != nil {
		s.Fatal(err)
	}
	s.book = book
	slow := 200 * time.Millisecond
	if s.wire != nil {
		slow = s.wire.slow
	}
	s.wire = newLongWire(s.sim.Handler(), s.seed+uint64(s.tills))
	s.wire.set(s.unplugged, slow)
	luck := mixed(s.seed)
	s.client = stripeapi.New(stripeapi.Options{
		BaseURL: "http://stripe.test", Key: "sk_test_4eC39HqLyjWDarjt", Transport: s.wire, Now: s.now, Steady: time.Now,
		Random: func() float64 { return float64(luck%997) / 997 },
	})
	var stripe Stripe = s.client
	if s.lie != nil {
		stripe = s.lie(stripe)
	}
	logger := slog.New(slog.NewTextHandler(s, &slog.HandlerOptions{Level: slog.LevelInfo}))
	s.r = New(Options{Book: book, Stripe: stripe, IDs: s.ids, Log: logger})
	s.desk = desk.New(desk.Options{Book: book, Stripe: s.r, IDs: s.ids, Now: s.now, ReturnURL: "http://127.0.0.1:4381/c/done"})
}

func (s *simulation) start() {
	if err := s.r.Start(); err != nil {
		s.failf("the till does not start: %v", err)
	}
}

// close ends the program properly.
func (s *simulation) close() {
	s.r.Close()
	s.people.Wait()
	if err := s.book.Close(); err != nil {
		s.failf("the book does not close: %v", err)
	}
}

// kill ends the program in the middle of whatever it does: from this moment on
// nothing is written, and no answer arrives. What it sent is on its way.
func (s *simulation) kill() {
	close(s.wire.cut)
	if err := s.book.Close(); err != nil {
		s.failf("the book does not close: %v", err)
	}
	s.r.Close()
	s.people.Wait()
}

// somebody does something on their own, while the rest goes on.
func (s *simulation) somebody(name string, does func() error) {
	s.people.Go(func() {
		err := does()
		s.logf("%s: %v", name, err)
		if err != nil && boxoffice.ErrorCode(err) == boxoffice.CodeInternal && s.alive() {
			s.failf("%s: %v", name, err)
		}
	})
}

// alive reports whether the till has power.
func (s *simulation) alive() bool {
	select {
	case <-s.wire.cut:
		return false
	default:
		return true
	}
}

// committed looks at the seats after each commit.
func (s *simulation) committed() {
	if s.book != nil && s.alive() {
		s.checkSeats()
	}
}

func (s *simulation) view(fn func(*ledger.Tx) error) {
	if err := s.book.View(fn); err != nil {
		s.failf("the book cannot be read: %v", err)
	}
}

func (s *simulation) orders() (orders []boxoffice.Order) {
	s.view(func(tx *ledger.Tx) (err error) {
		orders, _, err = tx.Orders(ledger.OrderQuery{Limit: 10_000})
		return err
	})
	return orders
}

// newest is the number and the hash of the newest entry: of two books with the
// same head nothing differs.
func (s *simulation) newest() (head string) {
	s.view(func(tx *ledger.Tx) error {
		n, err := tx.Number()
		if err != nil || n == 0 {
			return err
		}
		return tx.Entries(n-1, func(e ledger.Entry) (bool, error) {
			head = fmt.Sprintf("%d %s", e.Number, e.Prev)
			return true, nil
		})
	})
	return head
}

// kinds are those of all entries, with what each found.
func (s *simulation) kinds() (kinds []string) {
	s.view(func(tx *ledger.Tx) error {
		return tx.Entries(0, func(e ledger.Entry) (bool, error) {
			kind := string(e.Kind)
			f, err := e.Fact()
			switch f := f.(type) {
			case boxoffice.DiscrepancyFoundFact:
				kind += " " + string(f.Discrepancy.Reason)
			case boxoffice.DiscrepancyResolvedFact:
				kind += " " + string(f.Resolution.Action)
			case boxoffice.RefundRecordedFact:
				kind += " " + string(f.Refund.Status)
			case boxoffice.DisputeRecordedFact:
				kind += " " + string(f.Dispute.Status)
			}
			kinds = append(kinds, kind)
			return true, err
		})
	})
	return kinds
}
