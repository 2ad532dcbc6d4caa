package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// line is the way to the simulated Stripe without a socket, so that a test can
// let hours pass in no time. It can be unplugged.
type line struct {
	stripe    http.Handler
	unplugged atomic.Bool
}

// RoundTrip does what a transport does, with the errors that it has.
func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	if l.unplugged.Load() {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	in := r.Clone(r.Context())
	if in.Host = r.URL.Host; in.Body == nil {
		in.Body = http.NoBody
	}
	out := httptest.NewRecorder()
	broken := l.serve(out, in)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if broken && out.Body.Len() == 0 {
		return nil, io.EOF
	}
	answer := out.Result()
	if broken {
		answer.Body = io.NopCloser(io.MultiReader(answer.Body, breaks{}))
	}
	return answer, nil
}

func (l *line) serve(w http.ResponseWriter, r *http.Request) (broken bool) {
	defer func() {
		if p := recover(); p != nil {
			err, ok := p.(error)
			if broken = ok && errors.Is(err, http.ErrAbortHandler); !broken {
				panic(p)
			}
		}
	}()
	l.stripe.ServeHTTP(w, r)
	return false
}

type breaks struct{}

func (breaks) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// scene is a box office and its Stripe, in a bubble whose time passes when
// everybody waits.
type scene struct {
	*testing.T
	sim     *stripesim.Sim
	line    *line
	book    *ledger.Book
	client  *stripeapi.Client
	r       *Reconciler
	desk    *desk.Desk
	log     *testkit.Log
	sales   int
	debits  bool         // buyers are offered all that the account has, slow ways too
	reword  bool         // the till says what it asks in other words than the last version did
	real    bool         // the book is for real money
	key     string       // the till's; "" for firstKey
	ahead   atomic.Int64 // nanoseconds that the laptop's clock is ahead of the true time
	mu      sync.Mutex
	paidAt  map[string]time.Time // order id → when the book said so
	noticed uint64               // the newest entry of which that is known
}

// play runs fn on a new scene, in a bubble. Edits change the Stripe in it.
func play(t *testing.T, fn func(s *scene), edits ...func(*stripesim.Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &scene{T: t, log: &testkit.Log{}, paidAt: map[string]time.Time{}}
		opt := stripesim.Options{PublicURL: "http://127.0.0.1:4381"}
		for _, edit := range edits {
			edit(&opt)
		}
		var err error
		if s.sim, err = stripesim.Open(opt); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.sim.Close() })
		s.line = &line{stripe: s.sim.Handler()}
		s.book = testkit.Book(t, ledger.Options{Now: s.clock, Committed: s.notice})
		s.open()
		t.Cleanup(func() {
			s.r.Close()
			testkit.MustVerify(t, s.book)
			if t.Failed() {
				t.Log(s.log)
			}
		})
		fn(s)
	})
}

// firstKey is the key that a till begins with.
const firstKey = "sk_test_4eC39HqLyjWDarjt"

// open puts a till onto the book and the line, as a start of the program does.
func (s *scene) open() {
	s.client = stripeapi.New(stripeapi.Options{BaseURL: "http://stripe.test", Key: cmp.Or(s.key, firstKey), Transport: s.line, Now: s.clock, Steady: time.Now})
	switch {
	case s.debits:
		s.use(slow{s.client})
	case s.reword:
		s.use(reworded{s.client})
	default:
		s.use(s.client)
	}
}

// clock is what the laptop's shows.
func (s *scene) clock() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// reworded is another version of Willcall, which asks for the same in other
// words.
type reworded struct{ *stripeapi.Client }

func (c reworded) CreateSession(ctx context.Context, key string, r boxoffice.SessionRequest) (stripeapi.Session, error) {
	r.Description += ", by a newer Willcall"
	return c.Client.CreateSession(ctx, key, r)
}

// slow leaves it to Stripe how buyers pay: what every till did once, and what
// the account's other programs do.
type slow struct{ *stripeapi.Client }

func (c slow) CreateSession(ctx context.Context, key string, r boxoffice.SessionRequest) (stripeapi.Session, error) {
	r.Methods = nil
	return c.Client.CreateSession(ctx, key, r)
}

// overHTTP puts a till onto a new book and a Stripe at the address, outside of
// any bubble.
func (s *scene) overHTTP(url string) {
	s.Helper()
	s.log = &testkit.Log{}
	s.book = testkit.Book(s, ledger.Options{Now: time.Now})
	s.client = stripeapi.New(stripeapi.Options{BaseURL: url, Key: "sk_test_4eC39HqLyjWDarjt"})
	s.use(s.client)
}

// use puts a till onto the book and any Stripe.
func (s *scene) use(stripe Stripe) {
	ids := testkit.IDs(uint64(time.Now().UnixNano()))
	s.r = New(Options{Book: s.book, Stripe: stripe, IDs: ids, Livemode: s.real, Log: slog.New(slog.NewTextHandler(s.log, nil))})
	s.desk = desk.New(desk.Options{Book: s.book, Stripe: s.r, IDs: ids, Now: s.clock, ReturnURL: "http://127.0.0.1:4381/c/done"})
}

// start makes the till look by itself.
func (s *scene) start() {
	s.Helper()
	if err := s.r.Start(); err != nil {
		s.Fatal(err)
	}
}

// stop is the end of the program; what is in the book stays.
func (s *scene) stop() { s.r.Close() }

// notice remembers when an order was paid.
func (s *scene) notice() {
	if s.book == nil {
		return // still being opened
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.view(func(tx *ledger.Tx) error {
		return tx.Entries(s.noticed, func(e ledger.Entry) (bool, error) {
			s.noticed = e.Number
			if e.Kind != boxoffice.KindTenderPaid && e.Kind != boxoffice.KindOrderArrived {
				return true, nil
			}
			f, err := e.Fact()
			if err == nil {
				s.paidAt[f.About()] = time.Now()
			}
			return true, err
		})
	})
}

// seenPaid is when the book said that the order is paid.
func (s *scene) seenPaid(id string) (at time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok = s.paidAt[id]
	return at, ok
}

func (s *scene) view(fn func(*ledger.Tx) error) {
	s.Helper()
	if err := s.book.View(fn); err != nil {
		s.Fatal(err)
	}
}

func (s *scene) orders() (orders []boxoffice.Order) {
	s.Helper()
	s.view(func(tx *ledger.Tx) (err error) {
		orders, _, err = tx.Orders(ledger.OrderQuery{Limit: 10_000})
		return err
	})
	slices.Reverse(orders) // oldest first
	return orders
}

func (s *scene) order(id string) (o boxoffice.Order) {
	s.Helper()
	s.view(func(tx *ledger.Tx) (err error) {
		o, _, err = tx.Order(id)
		return err
	})
	return o
}

// session is the id of the order's code.
func (s *scene) session(id string) string { return s.order(id).Tenders[0].SessionID }

// sell sells so many of a type, and returns what the cashier is told.
func (s *scene) sell(quantity int, kind string) (boxoffice.Order, error) {
	return s.sellBy(boxoffice.Phone, quantity, kind)
}

func (s *scene) sellBy(tender boxoffice.TenderKind, quantity int, kind string) (boxoffice.Order, error) {
	s.sales++
	return s.desk.Sell(s.Context(), desk.Sale{
		Tender:    tender,
		Key:       fmt.Sprintf("sale-%08d", s.sales),
		LineItems: []desk.SaleLine{{PerformanceID: testkit.Performance, TicketTypeID: kind, Quantity: quantity}},
	})
}

// sold is a sale to so many adults, where nothing may go wrong.
func (s *scene) sold(seats int) boxoffice.Order {
	s.Helper()
	o, err := s.sell(seats, testkit.Adult)
	if err != nil {
		s.Fatal(err)
	}
	return o
}

// pay has the buyer pay the order's code by card.
func (s *scene) pay(id string) {
	s.Helper()
	if err := s.sim.Pay(s.session(id), stripesim.Payment{}); err != nil {
		s.Fatal(err)
	}
}

func (s *scene) discrepancies() (found []boxoffice.Discrepancy) {
	s.Helper()
	s.view(func(tx *ledger.Tx) (err error) {
		found, err = tx.Discrepancies()
		return err
	})
	return found
}

// made is how many sessions Stripe has, whoever knows of them.
func (s *scene) made() int {
	s.Helper()
	n := 0
	for after := ""; ; {
		page, err := stripeapi.New(stripeapi.Options{BaseURL: "http://stripe.test", Key: cmp.Or(s.key, firstKey), Transport: &line{stripe: s.sim.Handler()}}).
			Sessions(s.Context(), time.Now().Add(-24*time.Hour), time.Now(), after)
		if err != nil {
			s.Fatal(err)
		}
		for _, session := range page.Sessions {
			after = session.ID
			n++
		}
		if !page.More {
			return n
		}
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
