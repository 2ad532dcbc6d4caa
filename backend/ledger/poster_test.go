package ledger_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// A poster of the tests is known by its number: pst-3 is made with so many
// seats of the house and has the link plink_3. An order that arrives is known
// as every order is, and has the session cs_….

func ofPoster(n int) boxoffice.OfPoster { return boxoffice.OfPoster{PosterID: fmt.Sprint("pst-", n)} }

func made(n, allotment int) boxoffice.Fact { return madeIn("quota-house", n, allotment) }

func madeIn(quota string, n, allotment int) boxoffice.PosterMadeFact {
	id := ofPoster(n).PosterID
	return boxoffice.PosterMadeFact{
		Poster: boxoffice.Poster{
			ID: id, Code: fmt.Sprintf("P%02d", n), PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, Price: money.New(2400, "eur"), Allotment: allotment,
			Claims: []boxoffice.Claim{{QuotaID: quota, Seats: 1}}, State: boxoffice.PosterStarting, MadeAt: testkit.NewClock().Now().Add(time.Duration(n) * time.Minute),
		},
		Intent: boxoffice.Intent{Key: ledger.LinkKey(id), PosterID: id, Link: &boxoffice.LinkRequest{Limit: int64(allotment)}},
	}
}

func linked(n int) boxoffice.Fact {
	return boxoffice.PosterOpenedFact{OfPoster: ofPoster(n), LinkID: fmt.Sprint("plink_", n), URL: "https://buy/" + fmt.Sprint(n)}
}

func linkRefused(n int) boxoffice.Fact { return boxoffice.PosterRefusedFact{OfPoster: ofPoster(n)} }

func closeAsked(n int) boxoffice.Fact {
	return boxoffice.PosterCloseAskedFact{OfPoster: ofPoster(n), Intent: boxoffice.Intent{Key: ledger.CloseLinkKey(ofPoster(n).PosterID), PosterID: ofPoster(n).PosterID, CloseLink: fmt.Sprint("plink_", n)}}
}

func linkClosed(n int) boxoffice.Fact { return boxoffice.PosterClosedFact{OfPoster: ofPoster(n)} }

// arrived is order n, that was paid at the poster.
func arrived(poster, n int, allotted bool) boxoffice.OrderArrivedFact {
	return arrivedIn("quota-house", poster, n, allotted)
}

func arrivedIn(quota string, poster, n int, allotted bool) boxoffice.OrderArrivedFact {
	o := placedIn(quota, n, 1).Order
	o.Key, o.PosterID, o.Hold.State = session(n), ofPoster(poster).PosterID, boxoffice.Sold
	o.Tenders[0].State, o.Tenders[0].SessionID, o.Tenders[0].PaymentIntentID = boxoffice.TenderPaid, session(n), fmt.Sprint("pi_", n)
	o.Tickets = []boxoffice.Ticket{{ID: fmt.Sprint("tkt-", n), OrderID: o.ID}}
	return boxoffice.OrderArrivedFact{PosterID: ofPoster(poster).PosterID, Order: o, Allotted: allotted}
}

func poster(t testing.TB, b *ledger.Book, n int) (p boxoffice.Poster) {
	t.Helper()
	view(t, b, func(tx *ledger.Tx) error {
		found, ok, err := tx.Poster(ofPoster(n).PosterID)
		if p = found; err == nil && !ok {
			err = fmt.Errorf("poster %d is not in the book", n)
		}
		return err
	})
	return p
}

// house is what the book says of a poster, of the house, and of what Stripe
// has yet to answer.
func house(t testing.TB, b *ledger.Book, n int) string {
	t.Helper()
	p, q := poster(t, b, n), testkit.Quota(t, b, "quota-house")
	var intents []string
	view(t, b, func(tx *ledger.Tx) error {
		open, err := tx.Intents()
		for _, i := range open {
			intents = append(intents, i.Key)
		}
		return err
	})
	return fmt.Sprintf("%s, %d of %d left; allotted %d, sold %d, free %d; %v", p.State, p.Left(), p.Allotment, q.Allotted, q.Sold, q.Available(), intents)
}

// TestTheLifeOfAPoster reads as the organizer would tell it.
func TestTheLifeOfAPoster(t *testing.T) {
	type step struct {
		fact boxoffice.Fact
		want string
	}
	begins := []step{
		{made(1, 4), "starting, 4 of 4 left; allotted 4, sold 0, free 6; [pst-1-link]"},
		{linked(1), "open, 4 of 4 left; allotted 4, sold 0, free 6; []"},
	}
	for name, life := range map[string][]step{
		"sold, and closed": append(begins[:2:2],
			step{arrived(1, 1, true), "open, 3 of 4 left; allotted 3, sold 1, free 6; []"},
			step{arrived(1, 2, true), "open, 2 of 4 left; allotted 2, sold 2, free 6; []"},
			step{closeAsked(1), "closing, 2 of 4 left; allotted 2, sold 2, free 6; [pst-1-close]"},
			step{arrived(1, 3, true), "closing, 1 of 4 left; allotted 1, sold 3, free 6; [pst-1-close]"},
			step{linkClosed(1), "closed, 0 of 4 left; allotted 0, sold 3, free 7; []"},
			step{arrived(1, 4, false), "closed, 0 of 4 left; allotted 0, sold 4, free 6; []"}),
		"Stripe made no link": {
			begins[0], {linkRefused(1), "refused, 0 of 4 left; allotted 0, sold 0, free 10; []"},
		},
		"a sale that was faster than the answer": {
			begins[0],
			{arrived(1, 1, true), "starting, 3 of 4 left; allotted 3, sold 1, free 6; [pst-1-link]"},
			{linked(1), "open, 3 of 4 left; allotted 3, sold 1, free 6; []"},
		},
		"one sold too many, and there is room": {
			{made(1, 1), "starting, 1 of 1 left; allotted 1, sold 0, free 9; [pst-1-link]"},
			{linked(1), "open, 1 of 1 left; allotted 1, sold 0, free 9; []"},
			{arrived(1, 1, true), "open, 0 of 1 left; allotted 0, sold 1, free 9; []"},
			{arrived(1, 2, false), "open, 0 of 1 left; allotted 0, sold 2, free 8; []"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := testkit.Book(t, ledger.Options{})
			for _, step := range life {
				testkit.Append(t, b, step.fact)
				if got := house(t, b, 1); got != step.want {
					t.Errorf("after %s the book says\n%s, want\n%s", step.fact.Kind(), got, step.want)
				}
			}
			testkit.MustVerify(t, b)
		})
	}
}

// refusedFacts appends each fact to a book of the others, and must fail.
func refusedFacts(t *testing.T, begin func(testing.TB) *ledger.Book, tests map[string]refusedFact) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := begin(t)
			before := everything(t, b)
			err := b.Update(func(tx *ledger.Tx) error { _, err := tx.Append(test.fact); return err })
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want one with %q", err, test.want)
			}
			if diff := cmp.Diff(before, everything(t, b)); diff != "" {
				t.Errorf("it was written all the same:\n%s", diff)
			}
		})
	}
}

type refusedFact struct {
	fact boxoffice.Fact
	want string
}

// everything is state, with what is not of orders.
func everything(t testing.TB, b *ledger.Book) string {
	t.Helper()
	text := state(t, b)
	view(t, b, func(tx *ledger.Tx) error {
		posters, err := tx.Posters()
		if err != nil {
			return err
		}
		mirrors, err := tx.Mirrors()
		if err != nil {
			return err
		}
		account, connected, ok, err := tx.Account()
		if err != nil {
			return err
		}
		methods, err := tx.Methods()
		text += fmt.Sprintf("%+v\n%+v\n%+v %v %v\n%v", posters, mirrors, account, connected, ok, methods)
		return err
	})
	return text
}

func TestWhatAPosterDoesNotAllow(t *testing.T) {
	begin := func(t testing.TB) *ledger.Book {
		t.Helper()
		b := testkit.Book(t, ledger.Options{})
		testkit.Append(t, b, made(1, 4), linked(1), arrived(1, 1, true), made(2, 5))
		return b
	}
	twice := arrived(1, 1, true)
	sameSession := arrived(1, 7, true)
	sameSession.Order.Key, sameSession.Order.Tenders[0].SessionID = session(1), session(1)
	refusedFacts(t, begin, map[string]refusedFact{
		"more seats than are left":        {made(3, 2), "cannot have 10 set apart"},
		"a poster a second time":          {made(1, 1), `"p/pst-1" is in the book already`},
		"seats of no quota":               {madeIn("quota-attic", 3, 1), "quota-attic is not in the book"},
		"an answer for no poster":         {linked(9), `poster "pst-9" is not in the book`},
		"a link a second time":            {linked(1), "poster.opened cannot follow"},
		"a refusal of what was made":      {linkRefused(1), "poster.refused cannot follow"},
		"closing what has no link":        {closeAsked(2), "poster.close_asked cannot follow"},
		"closed, and nobody asked":        {linkClosed(1), "poster.closed cannot follow"},
		"an order of no poster":           {arrived(9, 5, true), `poster "pst-9" is not in the book`},
		"an order a second time":          {twice, `"o/ord-1" is in the book already`},
		"a session a second time":         {sameSession, `"op/cs_1" is in the book already`},
		"two of the poster's last":        {func() boxoffice.Fact { f := arrived(1, 5, true); f.Order.LineItems[0].Quantity = 4; return f }(), "has 3 seats left, not 4"},
		"a sale of seats that are apart":  {placed(6, 2), "cannot have 2 held"},
		"a quota below what is set apart": {boxoffice.QuotaChangedFact{QuotaID: "quota-house", TicketTypeIDs: []string{testkit.Adult}, Size: 8}, "cannot shrink to 8: 9 are taken"},
		"a quota of what is set apart":    {boxoffice.QuotaRemovedFact{QuotaID: "quota-house"}, "9 are taken"},
	})
}

// Two tills of one book each make posters and hear of arrivals; no seat is
// lost or sold twice.
func TestTwoTillsAndTheirPosters(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	var mu sync.Mutex
	ok := 0
	var tills sync.WaitGroup
	for till := range 2 {
		tills.Go(func() {
			for i := range 20 {
				n := 1 + till*20 + i
				if err := b.Update(func(tx *ledger.Tx) error {
					return appendAll(tx, []boxoffice.Fact{made(n, 1), linked(n), arrived(n, n, true)})
				}); err == nil {
					mu.Lock()
					ok++
					mu.Unlock()
				}
			}
		})
	}
	tills.Wait()
	if q := testkit.Quota(t, b, "quota-house"); ok != testkit.Seats || q.Sold != testkit.Seats || q.Allotted != 0 {
		t.Errorf("%d posters sold, and the house is %+v", ok, q)
	}
	testkit.MustVerify(t, b)
}

// What began at a poster is found by it, newest first, page after page, and
// nothing of a poster whose id only begins alike.
func TestOrdersOfAPoster(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	testkit.Append(t, b, made(1, 4), linked(1), made(10, 2), linked(10), arrived(1, 1, true), placed(2, 1), arrived(10, 3, true), arrived(1, 4, true), arrived(1, 5, false))
	page := func(q ledger.OrderQuery) (text string, last uint64) {
		view(t, b, func(tx *ledger.Tx) error {
			orders, more, err := tx.Orders(q)
			for _, o := range orders {
				text, last = text+o.ID+" ", o.Number
			}
			if more {
				text += "…"
			}
			return err
		})
		return text, last
	}
	for name, test := range map[string]struct {
		query ledger.OrderQuery
		want  string
	}{
		"all":       {ledger.OrderQuery{Limit: 9}, "ord-5 ord-4 ord-3 ord-2 ord-1 "},
		"the first": {ledger.OrderQuery{Poster: "pst-1", Limit: 9}, "ord-5 ord-4 ord-1 "},
		"the tenth": {ledger.OrderQuery{Poster: "pst-10", Limit: 9}, "ord-3 "},
		"no poster": {ledger.OrderQuery{Poster: "pst-", Limit: 9}, ""},
		"one":       {ledger.OrderQuery{Poster: "pst-1", Limit: 1}, "ord-5 …"},
	} {
		if got, _ := page(test.query); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	_, last := page(ledger.OrderQuery{Poster: "pst-1", Limit: 2})
	if got, _ := page(ledger.OrderQuery{Poster: "pst-1", Limit: 2, Before: last}); got != "ord-1 " {
		t.Errorf("the second page is %q", got)
	}
	view(t, b, func(tx *ledger.Tx) error {
		for link, want := range map[string]string{"plink_1": "pst-1", "plink_10": "pst-10", "plink_": "", "": "", "plink_2": ""} {
			if p, ok, err := tx.PosterByLink(link); err != nil || ok != (want != "") || p.ID != want {
				t.Errorf("%q leads to %q, %v", link, p.ID, err)
			}
		}
		posters, err := tx.Posters()
		if len(posters) != 2 || posters[0].ID != "pst-10" || posters[1].Arrived != 2 {
			t.Errorf("the posters are %+v", posters)
		}
		o, ok, _ := tx.OrderBySession("pi_3")
		if !ok || o.ID != "ord-3" || o.Number == 0 {
			t.Errorf("by its payment the order is %+v", o)
		}
		return err
	})
}
