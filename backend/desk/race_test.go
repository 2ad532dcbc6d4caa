package desk

import (
	"strconv"
	"sync"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// tills is how many people sell at the same moment.
const tills = 50

// atOnce runs sell once for each till, all of them started together.
func atOnce(sell func(till int)) {
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range tills {
		all.Go(func() {
			<-start
			sell(i)
		})
	}
	close(start)
	all.Wait()
}

func tillKey(till int) string { return "key-of-till-" + strconv.Itoa(till) }

// Fifty sales for the last ten seats make exactly ten, and nobody is refused
// while there is a seat.
func TestFiftySalesForTenSeats(t *testing.T) {
	s := newScene(t)
	var mu sync.Mutex
	codes := map[string]int{}
	atOnce(func(till int) {
		_, err := s.desk.Sell(t.Context(), adults(tillKey(till), 1))
		code := "sold"
		if err != nil {
			e := s.asError(err)
			if code = string(e.Code); e.Params["available"] != "0" {
				t.Errorf("till %d was refused: %v", till, e)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		codes[code]++
	})
	if codes["sold"] != testkit.Seats || codes[string(boxoffice.CodeSoldOut)] != tills-testkit.Seats {
		t.Errorf("fifty sales ended as %v", codes)
	}
	if q := testkit.Quota(t, s.book, "quota-house"); q.Available() != 0 || q.Held != testkit.Seats || s.orders("") != testkit.Seats {
		t.Errorf("%d left, %d held, %d orders", q.Available(), q.Held, s.orders(""))
	}
}

// The same in ones, twos and threes, of two kinds under one quota: whoever is
// refused wanted more than there was at that moment, and the sum is right.
func TestFiftyMixedSalesForTenSeats(t *testing.T) {
	s := newScene(t)
	var mu sync.Mutex
	sold := 0
	least := testkit.Seats
	atOnce(func(till int) {
		n := till%3 + 1
		sale := of(testkit.Performance, []string{testkit.Adult, testkit.Child}[till%2], n)
		sale.Key = tillKey(till)
		_, err := s.desk.Sell(t.Context(), sale)
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			sold += n
			return
		}
		e := s.asError(err)
		left, atoi := strconv.Atoi(e.Params["available"])
		if e.Code != boxoffice.CodeSoldOut || atoi != nil || left >= n {
			t.Errorf("till %d wanted %d and was refused: %v", till, n, e)
		}
		least = min(least, n)
	})
	if got := s.available(); sold != testkit.Seats-got || got < 0 || got >= least {
		t.Errorf("%d sold, %d left, and a sale of %d was refused", sold, got, least)
	}
}

// unguarded sells as Sell does, but looks and takes in two transactions: what
// the guard is there against. It returns when it has looked and all others
// have, so that the race is run every time.
func unguarded(d *Desk, s Sale, looked *sync.WaitGroup, claims func([]boxoffice.Claim) []boxoffice.Claim) error {
	var o boxoffice.Order
	err := d.opt.Book.View(func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		if err != nil {
			return err
		}
		if o.LineItems, o.Total, err = price(c, s, d.opt.Now()); err != nil {
			return err
		}
		o.Hold.Claims, err = claim(c, o.LineItems)
		return err
	})
	looked.Done()
	if err != nil {
		return err
	}
	looked.Wait()
	return d.opt.Book.Update(func(tx *ledger.Tx) error {
		t := boxoffice.Tender{ID: d.opt.IDs.New("tdr"), Kind: boxoffice.Phone, State: boxoffice.TenderStarting, Amount: o.Total}
		o.ID, o.Code, o.Key, o.Tenders = d.opt.IDs.New("ord"), d.opt.IDs.Code(), s.Key, []boxoffice.Tender{t}
		o.Hold.State, o.Hold.Claims = boxoffice.Held, claims(o.Hold.Claims)
		intent, err := d.intent(tx, o, t, "book-1", d.opt.Now())
		if err != nil {
			return err
		}
		_, err = tx.Append(boxoffice.OrderPlacedFact{Order: o, Intent: intent})
		return err
	})
}

// The control: with the guard off the race is real, and all fifty are sold ten
// seats. If this test fails, the one above proves nothing.
func TestWithoutTheGuardItOversells(t *testing.T) {
	s := newScene(t)
	var looked sync.WaitGroup
	looked.Add(tills)
	atOnce(func(till int) {
		none := func([]boxoffice.Claim) []boxoffice.Claim { return nil }
		if err := unguarded(s.desk, adults(tillKey(till), 1), &looked, none); err != nil {
			t.Errorf("till %d saw that there was none left: %v", till, err)
		}
	})
	if n := s.orders(boxoffice.AwaitingPayment); n != tills {
		t.Errorf("%d sales of %d seats; the race was not run", n, testkit.Seats)
	}
}

// The second control: the ledger itself keeps a quota from going below zero,
// but without the desk's guard the other forty hear of a mistake of Willcall's
// instead of a house that is sold out.
func TestWithoutTheGuardTheLedgerStillHolds(t *testing.T) {
	s := newScene(t)
	var looked sync.WaitGroup
	looked.Add(tills)
	var mu sync.Mutex
	codes := map[boxoffice.Code]int{}
	atOnce(func(till int) {
		same := func(c []boxoffice.Claim) []boxoffice.Claim { return c }
		err := unguarded(s.desk, adults(tillKey(till), 1), &looked, same)
		mu.Lock()
		defer mu.Unlock()
		codes[boxoffice.ErrorCode(err)]++
	})
	if codes[""] != testkit.Seats || codes[boxoffice.CodeInternal] != tills-testkit.Seats || s.available() != 0 {
		t.Errorf("fifty sales ended as %v, with %d seats left", codes, s.available())
	}
}
