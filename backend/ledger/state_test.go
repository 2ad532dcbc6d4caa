package ledger_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// standing is what the book says of order 1 and of the house after a fact.
func standing(t *testing.T, b *ledger.Book) string {
	t.Helper()
	o := order(t, b, 1)
	q := testkit.Quota(t, b, "quota-house")
	var intents, awaiting []string
	view(t, b, func(tx *ledger.Tx) error {
		open, err := tx.Intents()
		if err != nil {
			return err
		}
		for _, i := range open {
			intents = append(intents, i.Key)
		}
		orders, err := tx.Awaiting()
		for _, o := range orders {
			awaiting = append(awaiting, o.ID)
		}
		if tx.CountAwaiting() != len(orders) {
			t.Errorf("%d orders are awaited and counted as %d", len(orders), tx.CountAwaiting())
		}
		return err
	})
	return fmt.Sprintf("%s, %s; held %d, sold %d; intents %v; awaiting %v", o.Status(), o.Tenders[0].State, q.Held, q.Sold, intents, awaiting)
}

// TestTheLifeOfAnOrder reads as a cashier would tell it: what happened, and
// what the book says of the order, the house, what Stripe has yet to answer,
// and who is waited for.
func TestTheLifeOfAnOrder(t *testing.T) {
	const waiting = "; awaiting [ord-1]"
	const over = "; intents []; awaiting []"
	steps := map[string][]struct {
		fact boxoffice.Fact
		want string
	}{
		"paid": {
			{placed(1, 2), "awaiting_payment, starting; held 2, sold 0; intents [tdr-1-create]" + waiting},
			{opened(1), "awaiting_payment, open; held 2, sold 0; intents []" + waiting},
			{paid(1), "paid, paid; held 0, sold 2" + over},
		},
		"Stripe made no code": {
			{placed(1, 2), "awaiting_payment, starting; held 2, sold 0; intents [tdr-1-create]" + waiting},
			{refused(1), "failed, refused; held 0, sold 0" + over},
		},
		"canceled": {
			{placed(1, 2), "awaiting_payment, starting; held 2, sold 0; intents [tdr-1-create]" + waiting},
			{opened(1), "awaiting_payment, open; held 2, sold 0; intents []" + waiting},
			{cancelAsked(1), "awaiting_payment, open; held 2, sold 0; intents [tdr-1-expire]" + waiting},
			{expired(1), "canceled, expired; held 0, sold 0" + over},
		},
		"the buyer was faster than the cancel": {
			{placed(1, 2), "awaiting_payment, starting; held 2, sold 0; intents [tdr-1-create]" + waiting},
			{opened(1), "awaiting_payment, open; held 2, sold 0; intents []" + waiting},
			{cancelAsked(1), "awaiting_payment, open; held 2, sold 0; intents [tdr-1-expire]" + waiting},
			{paid(1), "paid, paid; held 0, sold 2" + over},
		},
		"canceled before Stripe answered, which then refused": {
			{placed(1, 2), "awaiting_payment, starting; held 2, sold 0; intents [tdr-1-create]" + waiting},
			{cancelAsked(1), "awaiting_payment, starting; held 2, sold 0; intents [tdr-1-create tdr-1-expire]" + waiting},
			{refused(1), "failed, refused; held 0, sold 0" + over},
		},
		"nobody came, and the money came late": {
			{placed(1, 2), "awaiting_payment, starting; held 2, sold 0; intents [tdr-1-create]" + waiting},
			{opened(1), "awaiting_payment, open; held 2, sold 0; intents []" + waiting},
			{expired(1), "expired, expired; held 0, sold 0" + over},
			{paid(1), "paid, paid; held 0, sold 2" + over},
		},
		"the bank took its time, and refused": {
			{placed(1, 2), "awaiting_payment, starting; held 2, sold 0; intents [tdr-1-create]" + waiting},
			{opened(1), "awaiting_payment, open; held 2, sold 0; intents []" + waiting},
			{processing(1), "awaiting_payment, processing; held 2, sold 0; intents []" + waiting},
			{failed(1), "failed, failed; held 0, sold 0" + over},
		},
	}
	for name, life := range steps {
		t.Run(name, func(t *testing.T) {
			b := testkit.Book(t, ledger.Options{})
			for _, step := range life {
				testkit.Append(t, b, step.fact)
				if got := standing(t, b); got != step.want {
					t.Errorf("after %s the book says\n%s, want\n%s", step.fact.Kind(), got, step.want)
				}
			}
			testkit.MustVerify(t, b)
		})
	}
}

func TestWhatTheStateDoesNotAllow(t *testing.T) {
	same := func(change func(*boxoffice.OrderPlacedFact)) boxoffice.Fact {
		f := placed(2, 1)
		change(&f)
		return f
	}
	tests := map[string]struct {
		fact boxoffice.Fact
		want string
	}{
		"more seats than are left":       {placed(2, testkit.Seats-1), "cannot have"},
		"seats of no quota":              {placedIn("quota-attic", 2, 1), "quota-attic is not in the book"},
		"a tender of no order":           {paid(99), `order "ord-99" is not in the book`},
		"a fact out of turn":             {opened(1), "tender.opened cannot follow"},
		"an order's id a second time":    {same(func(f *boxoffice.OrderPlacedFact) { f.Order.ID = "ord-1" }), `"o/ord-1" is in the book already`},
		"an order's code a second time":  {same(func(f *boxoffice.OrderPlacedFact) { f.Order.Code = code(1) }), "in the book already"},
		"one tap's key for a second one": {same(func(f *boxoffice.OrderPlacedFact) { f.Order.Key = "tap-1" }), `"ok/tap-1" is in the book already`},
		"a book that begins again":       {boxoffice.BookOpenedFact{BookID: "book-2", Mode: boxoffice.Live}, "in the book already"},
		"an event a second time":         {boxoffice.EventAddedFact{Event: boxoffice.Event{ID: "evt-1"}}, "in the book already"},
		"a quota that forgets its seats": {boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: "quota-house", Size: 10}}, "in the book already"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := testkit.Book(t, ledger.Options{})
			testkit.Append(t, b, placed(1, 2), opened(1))
			before := state(t, b)
			err := b.Update(func(tx *ledger.Tx) error { _, err := tx.Append(test.fact); return err })
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want one with %q", err, test.want)
			}
			if diff := cmp.Diff(before, state(t, b)); diff != "" {
				t.Errorf("it was written all the same:\n%s", diff)
			}
		})
	}
}

func TestLateMoneyTakesNoSeatTwice(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	testkit.Append(t, b, placed(1, 6), opened(1), expired(1), placed(2, 5))
	if err := b.Update(func(tx *ledger.Tx) error { _, err := tx.Append(paid(1)); return err }); err == nil {
		t.Error("six seats were sold out of the five that are left")
	}
	if q := testkit.Quota(t, b, "quota-house"); q.Held != 5 || q.Sold != 0 {
		t.Errorf("the house has %d held and %d sold, want 5 and 0", q.Held, q.Sold)
	}
}

func TestAnOrderIsFoundByWhatBelongsToIt(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	testkit.Append(t, b, placed(1, 1), opened(1), paid(1), placed(2, 1), opened(2), placed(3, 1))
	type find func(*ledger.Tx) (boxoffice.Order, bool, error)
	tests := map[string]struct {
		find find
		want string
	}{
		"by id":                    {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.Order("ord-2") }, "ord-2"},
		"by code":                  {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.OrderByCode(code(2)) }, "ord-2"},
		"by code in lower case":    {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.OrderByCode(strings.ToLower(code(3))) }, "ord-3"},
		"by the till's key":        {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.OrderByKey("tap-3") }, "ord-3"},
		"by session":               {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.OrderBySession("cs_1") }, "ord-1"},
		"by ticket":                {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.OrderByTicket("tkt-1") }, "ord-1"},
		"by the start of a code":   {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.OrderByCode(code(2)[:5]) }, ""},
		"by a session to come":     {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.OrderBySession("cs_3") }, ""},
		"by a ticket not paid":     {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.OrderByTicket("tkt-2") }, ""},
		"by a key in other case":   {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.OrderByKey("TAP-3") }, ""},
		"by nothing":               {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.Order("") }, ""},
		"by no code":               {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.OrderByCode("") }, ""},
		"by no session":            {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.OrderBySession("") }, ""},
		"by an index's own prefix": {func(tx *ledger.Tx) (boxoffice.Order, bool, error) { return tx.Order("/") }, ""},
	}
	view(t, b, func(tx *ledger.Tx) error {
		for name, test := range tests {
			o, ok, err := test.find(tx)
			if err != nil || ok != (test.want != "") || o.ID != test.want {
				t.Errorf("%s: found %q (%v, %v), want %q", name, o.ID, ok, err, test.want)
			}
		}
		return nil
	})
}

func TestAnOrdersEntries(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	found := boxoffice.Discrepancy{ID: "cs_9-wrong_amount", OrderID: "ord-1", SessionID: "cs_9", Amount: money.New(1, "eur"), Reason: boxoffice.WrongAmount}
	testkit.Append(t, b, placed(1, 1), placed(10, 1), opened(1), opened(10), expired(1), boxoffice.DiscrepancyFoundFact{Discrepancy: found})
	for id, want := range map[string]string{
		"ord-1":  "order.placed tender.opened tender.expired discrepancy.found",
		"ord-10": "order.placed tender.opened",
		"ord-2":  "", "ord": "", "": "",
	} {
		var kinds []string
		view(t, b, func(tx *ledger.Tx) error {
			entries, err := tx.OrderEntries(id)
			for _, e := range entries {
				kinds = append(kinds, string(e.Kind))
			}
			return err
		})
		if got := strings.Join(kinds, " "); got != want {
			t.Errorf("the entries of %q are %q, want %q", id, got, want)
		}
	}
}

func TestDiscrepanciesAreKept(t *testing.T) {
	clock := testkit.NewClock()
	b := testkit.Book(t, ledger.Options{Now: clock.Now})
	found := boxoffice.Discrepancy{ID: "cs_9-unknown_order", SessionID: "cs_9", Amount: money.New(2400, "eur"), Reason: boxoffice.UnknownOrder}
	clock.Move(time.Minute)
	testkit.Append(t, b, boxoffice.DiscrepancyFoundFact{Discrepancy: found})
	view(t, b, func(tx *ledger.Tx) error {
		kept, err := tx.Discrepancies()
		found.FoundAt = clock.Now()
		if diff := cmp.Diff([]boxoffice.Discrepancy{found}, kept); diff != "" {
			t.Errorf("the money is kept otherwise than it was found (-want +got):\n%s", diff)
		}
		if !tx.HasDiscrepancy("cs_9-unknown_order") || tx.HasDiscrepancy("cs_9-no_room") || tx.HasDiscrepancy("") {
			t.Error("it is not known by its id alone")
		}
		return err
	})
	testkit.MustVerify(t, b)
}

func TestWhoseBookItIs(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	view(t, b, func(tx *ledger.Tx) error {
		f, ok, err := tx.Opened()
		if !ok || f.BookID != "book-1" || f.Mode != boxoffice.Training {
			t.Errorf("the book is %+v, %v", f, ok)
		}
		return err
	})
	view(t, open(t, t.TempDir()+"/new.db"), func(tx *ledger.Tx) error {
		_, ok, err := tx.Opened()
		if n, _ := tx.Number(); ok || n != 0 {
			t.Errorf("a new book is somebody's already, or has %d entries", n)
		}
		return err
	})
}

func TestAnIntentIsFoundByItsKey(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	testkit.Append(t, b, placed(1, 1))
	view(t, b, func(tx *ledger.Tx) error {
		i, ok, err := tx.Intent("tdr-1-create")
		if !ok || i.Create == nil || i.Create.Metadata["a"] != "1" {
			t.Errorf("the intent is %+v, %v", i, ok)
		}
		if _, ok, _ := tx.Intent("tdr-1-expire"); ok {
			t.Error("an intent was found that nobody had")
		}
		return err
	})
}
