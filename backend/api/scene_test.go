package api

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/feed"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/paper"
)

// scene is the API over a real book and a real desk, with a Stripe that
// answers as it is told.
type scene struct {
	*testing.T
	opt    Options
	book   *ledger.Book
	stripe *testkit.Sender
	office *office
	log    *strings.Builder

	mu   sync.Mutex
	line Stripe // what the status says of the line
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{T: t, office: newOffice(), log: &strings.Builder{}, line: Stripe{State: LineOK, Reads: 7}}
	bell := &feed.Bell{}
	s.book = testkit.Book(t, ledger.Options{Committed: bell.Ring})
	s.stripe = testkit.NewSender(t, s.book)
	s.stripe.Says(obliges)
	s.opt = Options{
		Desk: desk.New(desk.Options{
			Book: s.book, Stripe: s.stripe, IDs: testkit.IDs(1), Now: testkit.NewClock().Now, ReturnURL: "http://127.0.0.1:4381/c/done",
		}),
		Book: s.book, Bell: bell, Stripe: s.lineNow, Mode: boxoffice.Training, Register: "till-1", Version: "1.2.3",
		TicketKey: ticketKey, Now: testkit.NewClock().Now, StripeNow: testkit.NewClock().Now, BookName: BookTraining,
		Connector: s.office, Access: s.office, Shelf: s.office, Typed: s.office, Home: func() string { return "http://127.0.0.1:4380" }, Fonts: paper.NewFonts,
		Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Screens: fstest.MapFS{
			"index.html":         {Data: []byte("<!doctype html><title>Willcall</title>")},
			"favicon.svg":        {Data: []byte("<svg xmlns=\"http://www.w3.org/2000/svg\"/>")},
			"assets/app-1a2b.js": {Data: []byte("start()")},
			".secret":            {Data: []byte("hidden")},
			".git/config":        {Data: []byte("hidden")},
		},
	}
	return s
}

func (s *scene) lineNow() Stripe {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.line
}

// setLine changes how the line to Stripe is.
func (s *scene) setLine(line Stripe) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line = line
}

func ticketKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) }

// answer is what a request was told.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request to the handler, as this machine's own browser would.
func (s *scene) ask(r *http.Request) answer {
	s.Helper()
	w := httptest.NewRecorder()
	New(s.opt).ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

// get asks for a path, and for a status.
func (s *scene) get(path string, want int) string {
	s.Helper()
	a := s.ask(httptest.NewRequestWithContext(s.Context(), http.MethodGet, path, nil))
	if a.status != want {
		s.Fatalf("GET %s: %d, want %d: %s", path, a.status, want, a.body)
	}
	return a.body
}

// problem reads the answer as a problem, which it must be in every respect.
func (a answer) problem(t testing.TB) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Fatalf("%d is no problem: %v: %s", a.status, err, a.body)
	}
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("the problem comes as %q", got)
	}
	if p.Status != a.status || p.Title != http.StatusText(a.status) || p.Detail == "" || p.Next == "" || p.Code == "" {
		t.Errorf("status %d comes with %+v", a.status, p)
	}
	return p
}

// sell makes an order of so many tickets, while Stripe answers so.
func (s *scene) sell(key string, says testkit.Answer, email string, n int) boxoffice.Order {
	s.Helper()
	s.stripe.Says(says)
	defer s.stripe.Says(obliges)
	o, err := s.opt.Desk.Sell(s.Context(), desk.Sale{
		Key: key, BuyerEmail: email, LineItems: []desk.SaleLine{{PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, Quantity: n}},
	})
	if e, ok := errors.AsType[*boxoffice.Error](err); err != nil && (!ok || e.Code != boxoffice.CodeStripeRefused) {
		s.Fatal(err)
	}
	return o
}

// house is one order of each sort: what the rows of the table speak of.
type house struct {
	open, paid, starting, refused, canceled, typed boxoffice.Order

	wall, closed boxoffice.Poster

	late boxoffice.Discrepancy
}

func (s *scene) house() house {
	s.Helper()
	h := house{
		open:     s.sell("key-open", testkit.Obliges, "anna@example.org", 2),
		paid:     s.sell("key-paid", testkit.Obliges, "", 1),
		starting: s.sell("key-starting", testkit.Silent, "", 1),
		refused:  s.sell("key-refused", testkit.Refuses, "", 1),
		canceled: s.sell("key-canceled", testkit.Obliges, "", 1),
	}
	testkit.Append(s, s.book, testkit.Pay(h.paid))
	var err error
	if h.paid, err = s.opt.Desk.Order(h.paid.ID); err != nil {
		s.Fatal(err)
	}
	if h.canceled, err = s.opt.Desk.Cancel(s.Context(), h.canceled.ID); err != nil {
		s.Fatal(err)
	}
	h.typed, err = s.opt.Desk.Sell(s.Context(), desk.Sale{
		Key: "key-typed", Tender: boxoffice.CardTender, LineItems: []desk.SaleLine{{PerformanceID: testkit.Performance, TicketTypeID: testkit.Yen, Quantity: 1}},
	})
	if err != nil {
		s.Fatal(err)
	}
	h.wall, h.closed = s.poster("key-wall"), s.poster("key-closed")
	if h.closed, err = s.opt.Desk.ClosePoster(s.Context(), h.closed.ID); err != nil {
		s.Fatal(err)
	}
	h.late = s.found(boxoffice.Discrepancy{SessionID: "cs_late", Amount: money.New(2400, "eur"), Reason: boxoffice.UnknownOrder, PaidAt: testkit.NewClock().Now().AddDate(-1, 0, 0)})
	return h
}

// poster sets one seat on the balcony apart.
func (s *scene) poster(key string) boxoffice.Poster {
	s.Helper()
	testkit.Append(s, s.book, testkit.AtStripe(boxoffice.TicketType{ID: testkit.Balcony, Name: "Balcony", Price: money.New(3200, "eur")}))
	p, err := s.opt.Desk.MakePoster(s.Context(), desk.PosterRequest{Key: key, PerformanceID: testkit.Performance, TicketTypeID: testkit.Balcony, Allotment: 1})
	if err != nil {
		s.Fatal(err)
	}
	return p
}

// fill puts the house's names into a text: {open.id}, {paid.code}, {ticket}.
func (h house) fill(text string) string {
	var names []string
	for name, o := range map[string]boxoffice.Order{"open": h.open, "paid": h.paid, "starting": h.starting, "refused": h.refused, "canceled": h.canceled, "typed": h.typed} {
		names = append(names, "{"+name+".id}", o.ID, "{"+name+".code}", o.Code)
	}
	names = append(names, "{late}", h.late.ID, "{wall.id}", h.wall.ID, "{wall.code}", h.wall.Code, "{closed.id}", h.closed.ID, "{closed.code}", h.closed.Code)
	return strings.NewReplacer(append(names, "{ticket}", h.paid.Tickets[0].ID)...).Replace(text)
}

// entries is how many entries the book has.
func (s *scene) entries() (n uint64) {
	s.Helper()
	if err := s.book.View(func(tx *ledger.Tx) (err error) { n, err = tx.Number(); return err }); err != nil {
		s.Fatal(err)
	}
	return n
}
