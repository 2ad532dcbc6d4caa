package desk

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// Fifty clerks give back 10.00 of an order of 48.00, each with a key of their
// own: four do, and no more than was paid goes back.
func TestFiftyClerksRefundOneOrder(t *testing.T) {
	s := newScene(t)
	o := s.paid(key, 2, 0)
	s.stripe.Says(gives(boxoffice.RefundSucceeded))
	var mu sync.Mutex
	codes := map[boxoffice.Code]int{}
	atOnce(func(till int) {
		_, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided(tillKey(till)), Amount: 1000})
		mu.Lock()
		defer mu.Unlock()
		codes[boxoffice.ErrorCode(err)]++
	})
	if o = s.order(o.ID); codes[""] != 4 || codes[boxoffice.CodeRefundTooLarge] != tills-4 || o.Refunded() != 4000 {
		t.Errorf("fifty refunds ended as %v, and %d went back", codes, o.Refunded())
	}
}

// Fifty clerks give one ticket back: it is paid back once, though the order has
// money for more.
func TestFiftyClerksRefundOneTicket(t *testing.T) {
	s := newScene(t)
	o := s.paid(key, 5, 0)
	s.stripe.Says(gives(boxoffice.RefundPending))
	var mu sync.Mutex
	codes := map[boxoffice.Code]int{}
	atOnce(func(till int) {
		_, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided(tillKey(till)), TicketIDs: []string{o.Tickets[3].ID}})
		mu.Lock()
		defer mu.Unlock()
		codes[boxoffice.ErrorCode(err)]++
	})
	if o = s.order(o.ID); codes[""] != 1 || codes[boxoffice.CodeTicketRefunded] != tills-1 || o.Refunded() != 2400 {
		t.Errorf("fifty refunds ended as %v, and %d went back", codes, o.Refunded())
	}
}

// One clerk taps fifty times: one refund.
func TestFiftyTapsAreOneRefund(t *testing.T) {
	s := newScene(t)
	o := s.paid(key, 5, 0)
	s.stripe.Says(gives(boxoffice.RefundPending))
	atOnce(func(int) {
		if _, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided("one-key-for-all"), Amount: 700}); err != nil {
			t.Error(err)
		}
	})
	if o = s.order(o.ID); len(o.Refunds) != 1 || o.Refunded() != 700 {
		t.Errorf("%d refunds, and %d went back", len(o.Refunds), o.Refunded())
	}
}

// The control: looking and writing in two transactions, all fifty see that
// there is money for them, and all fifty would ask. The ledger itself still
// holds the sum, but forty-six hear of a mistake of Willcall's.
func TestWithoutTheGuardAllWouldRefund(t *testing.T) {
	s := newScene(t)
	o := s.paid(key, 2, 0)
	var looked sync.WaitGroup
	looked.Add(tills)
	var mu sync.Mutex
	codes := map[boxoffice.Code]int{}
	atOnce(func(till int) {
		ask := RefundAsk{Decision: decided(tillKey(till)), Amount: 1000}
		refund, err := refundOf(s.order(o.ID), ask)
		looked.Done()
		if err != nil {
			t.Errorf("clerk %d saw that there is too little: %v", till, err)
			return
		}
		looked.Wait()
		refund.ID = ask.refundID(o.ID)
		err = s.book.Update(func(tx *ledger.Tx) error {
			return s.desk.appendRefund(tx, boxoffice.OfMoney{OrderID: o.ID}, refund, "", map[string]string{}, stripesTime())
		})
		mu.Lock()
		defer mu.Unlock()
		codes[boxoffice.ErrorCode(err)]++
	})
	if o = s.order(o.ID); codes[""] != 4 || codes[boxoffice.CodeInternal] != tills-4 || o.Refunded() > o.Total.Minor {
		t.Errorf("fifty refunds ended as %v, and %d of %s go back; the race was not run", codes, o.Refunded(), o.Total)
	}
}

// clerk is a desk that rapid drives: whatever is tried, in whatever order, each
// seat sold is a valid ticket's, and no more goes back than came in.
type clerk struct {
	book   *ledger.Book
	stripe *testkit.Sender
	desk   *Desk
	taps   int
}

// do takes one step; what the desk refuses must be a refusal and no mistake.
func (c *clerk) do(t *rapid.T) {
	c.taps++
	key := fmt.Sprintf("key-of-tap-%d", c.taps)
	order := func() (o boxoffice.Order) {
		_ = c.book.View(func(tx *ledger.Tx) error {
			orders, _, err := tx.Orders(ledger.OrderQuery{Limit: 1000})
			if len(orders) > 0 {
				o = rapid.SampledFrom(orders).Draw(t, "order")
			}
			return err
		})
		return o
	}
	tickets := func(o boxoffice.Order) (ids []string) {
		for _, ticket := range o.Tickets {
			if rapid.Bool().Draw(t, "chosen") {
				ids = append(ids, ticket.ID)
			}
		}
		return ids
	}
	late := func() (id string) {
		_ = c.book.View(func(tx *ledger.Tx) error {
			found, err := tx.Discrepancies()
			if len(found) > 0 {
				id = rapid.SampledFrom(found).Draw(t, "money").ID
			}
			return err
		})
		return id
	}
	lines := func() []SaleLine {
		kind := rapid.SampledFrom([]string{testkit.Adult, testkit.Child, testkit.Balcony}).Draw(t, "type")
		return []SaleLine{line(testkit.Performance, kind, rapid.IntRange(1, 4).Draw(t, "quantity"))}
	}
	var err error
	switch what := rapid.SampledFrom([]string{"sell", "pay", "pay", "refund", "refund", "void", "outside", "stray", "seat", "seat", "give back", "keep"}).Draw(t, "what"); what {
	case "sell":
		c.stripe.Says(testkit.Obliges)
		_, err = c.desk.Sell(t.Context(), Sale{Key: key, LineItems: lines()})
	case "pay":
		if o := order(); o.Status() == boxoffice.AwaitingPayment {
			c.append(t, testkit.Pay(o))
		}
	case "refund":
		o := order()
		c.answer(t)
		_, err = c.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: decided(key), TicketIDs: tickets(o), Amount: rapid.SampledFrom([]int64{0, 0, 1, 900, 2400}).Draw(t, "amount")})
		c.catchUp(t, o.ID)
	case "void":
		o := order()
		ask := VoidAsk{Decision: decided(""), TicketIDs: tickets(o)}
		if open := o.Unanswered(); len(open) > 0 {
			ask.RefundID = open[0].ID
		}
		_, err = c.desk.Void(o.ID, ask)
	case "outside":
		if o := order(); Refundable(o) > 1 {
			id := "re_" + key
			c.append(t, boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: o.ID}, Refund: boxoffice.Refund{
				ID: id, StripeID: id, PaymentIntentID: o.Tenders[0].PaymentIntentID, Amount: eur(1), Status: boxoffice.RefundSucceeded, External: true,
			}})
		}
	case "stray":
		d := boxoffice.Discrepancy{ID: key, SessionID: "cs_" + key, PaymentIntentID: "pi_" + key, Amount: eur(int64(rapid.IntRange(1, 9999).Draw(t, "amount"))), Reason: boxoffice.UnknownOrder}
		if o := order(); o.ID != "" && rapid.Bool().Draw(t, "for an order") {
			d.OrderID, d.SessionID, d.Reason = o.ID, o.Tenders[0].SessionID, boxoffice.WrongAmount
		}
		c.append(t, boxoffice.DiscrepancyFoundFact{Discrepancy: d})
	case "seat":
		_, err = c.desk.SeatLate(late(), rapid.SampledFrom([][]SaleLine{nil, lines()}).Draw(t, "lines"), decided(key))
	case "give back":
		c.answer(t)
		_, err = c.desk.RefundLate(t.Context(), late(), decided(key))
	case "keep":
		_, err = c.desk.KeepLate(late(), decided(key))
	}
	if boxoffice.ErrorCode(err) == boxoffice.CodeInternal {
		t.Errorf("a mistake: %v", err)
	}
}

// answer lets Stripe be of one of its moods.
func (c *clerk) answer(t *rapid.T) {
	c.stripe.Says([]testkit.Answer{testkit.Silent, declines, gives(boxoffice.RefundPending), gives(boxoffice.RefundSucceeded)}[rapid.IntRange(0, 3).Draw(t, "mood")])
}

// catchUp makes the tickets void that the newest refund was for, as reconcile
// does in the transaction that records it.
func (c *clerk) catchUp(t *rapid.T, orderID string) {
	o, err := c.desk.Order(orderID)
	if err != nil {
		return
	}
	for _, r := range o.Refunds {
		if r.Status != boxoffice.RefundPending && r.Status != boxoffice.RefundSucceeded {
			continue
		}
		var gone []string
		for _, ticket := range o.Valid() {
			if slices.Contains(r.TicketIDs, ticket.ID) {
				gone = append(gone, ticket.ID)
			}
		}
		if len(gone) == 0 {
			continue
		}
		c.write(t, func(tx *ledger.Tx) (boxoffice.Fact, error) {
			catalogue, err := tx.Catalogue()
			return boxoffice.TicketsVoidedFact{OrderID: o.ID, RefundID: r.ID, TicketIDs: gone, Claims: o.Freed(catalogue.Quotas, gone)}, err
		})
		if o, err = c.desk.Order(orderID); err != nil {
			t.Fatal(err)
		}
	}
}

func (c *clerk) append(t *rapid.T, f boxoffice.Fact) {
	c.write(t, func(*ledger.Tx) (boxoffice.Fact, error) { return f, nil })
}

func (c *clerk) write(t *rapid.T, fact func(*ledger.Tx) (boxoffice.Fact, error)) {
	err := c.book.Update(func(tx *ledger.Tx) error {
		f, err := fact(tx)
		if err == nil {
			_, err = tx.Append(f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSeatsAndMoneyStayRight(t *testing.T) {
	t.Parallel()
	dir, run := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		book, err := ledger.Open(filepath.Join(dir, fmt.Sprint(run, ".db")), ledger.Options{Register: "till-1", Now: testkit.NewClock().Now})
		if err != nil {
			rt.Fatal(err)
		}
		defer func() {
			if err := book.Close(); err != nil {
				rt.Error(err)
			}
		}()
		testkit.Append(t, book, testkit.House()...)
		c := &clerk{book: book, stripe: testkit.NewSender(t, book)}
		c.desk = New(Options{Book: book, Stripe: c.stripe, IDs: testkit.IDs(uint64(run)), Now: testkit.NewClock().Now})
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			c.do(rt)
			sound(rt, book)
		}
		testkit.MustVerify(t, book)
	})
}

// Whatever is divided, nothing is lost and nobody is favoured: the shares add
// up, are whole steps but for what the amount itself lacks, and none is more
// than a step away from its part.
func TestShares(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]money.Currency{"eur", "jpy", "isk", "kwd"}).Draw(t, "currency")
		amount := money.New(rapid.Int64Range(0, money.MaxMinor).Draw(t, "amount"), currency)
		weights := rapid.SliceOfN(rapid.Int64Range(0, money.MaxMinor), 1, 200).Draw(t, "weights")
		parts := shares(amount, weights)
		var sum, all int64
		for i, p := range parts {
			sum, all = sum+p, all+weights[i]
		}
		if sum != amount.Minor || len(parts) != len(weights) {
			t.Fatalf("%d become %d in %d parts", amount.Minor, sum, len(parts))
		}
		step := currency.Step()
		for i, p := range parts {
			if i > 0 && p%step != 0 || p < 0 {
				t.Errorf("part %d is %d, and a step is %d", i, p, step)
			}
			if all == 0 {
				continue
			}
			exact := amount.Minor / all * weights[i] // and less than weights[i] more
			if i > 0 && (p < exact-step || p > exact+amount.Minor%all*weights[i]/all+step) {
				t.Errorf("part %d of %d by %d of %d is %d", i, amount.Minor, weights[i], all, p)
			}
		}
	})
}
