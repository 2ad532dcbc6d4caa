package desk

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// Two adults and a child, tapped one after the other, with a code that can be
// paid: what the order says, what the book says, and what is left.
func TestSell(t *testing.T) {
	s := newScene(t)
	o := s.sell(Sale{Key: key, BuyerEmail: " anna@example.org ", LineItems: []SaleLine{
		line(testkit.Performance, testkit.Adult, 1), line(testkit.Performance, testkit.Child, 1), line(testkit.Performance, testkit.Adult, 1),
	}})

	eur := func(minor int64) money.Amount { return money.New(minor, "eur") }
	start := time.Date(2026, time.March, 5, 18, 30, 0, 0, time.UTC)
	item := func(id, name string, price int64, n int) boxoffice.LineItem {
		return boxoffice.LineItem{
			PerformanceID: testkit.Performance, TicketTypeID: id, EventName: "Hamlet", Name: name, Place: "Playhouse",
			StartsAt: start, TimeZone: "Europe/Vienna", UnitPrice: eur(price), Quantity: n, Total: eur(price * int64(n)),
		}
	}
	if diff := cmp.Diff([]boxoffice.LineItem{item(testkit.Adult, "Adult", 2400, 2), item(testkit.Child, "Child", 900, 1)}, o.LineItems); diff != "" {
		t.Errorf("line items (-want +got):\n%s", diff)
	}
	if o.Total != eur(5700) || o.Seats() != 3 || o.BuyerEmail != "anna@example.org" || o.Status() != boxoffice.AwaitingPayment {
		t.Errorf("the order is %+v", o)
	}
	if !o.PlacedAt.Equal(testkit.NewClock().Now()) {
		t.Errorf("placed at %s, which is not the till's time", o.PlacedAt)
	}
	if p := o.Tenders[0]; p.State != boxoffice.TenderOpen || p.Amount != o.Total || p.URL == "" || p.SessionID == "" {
		t.Errorf("the tender is %+v", p)
	}
	if diff := cmp.Diff([]boxoffice.Claim{{QuotaID: "quota-house", Seats: 3}}, o.Hold.Claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if got := s.available(); got != testkit.Seats-3 {
		t.Errorf("%d seats are left", got)
	}
	if diff := cmp.Diff([]boxoffice.Kind{"order.placed", "tender.opened"}, s.kinds(o.ID)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	for _, name := range []string{o.ID, o.Code} {
		found, err := s.desk.Order(name)
		if diff := cmp.Diff(o, found); err != nil || diff != "" {
			t.Errorf("Order(%s): %v\n%s", name, err, diff)
		}
	}
}

// The intent is in the book before Stripe is asked for anything.
func TestIntentBeforeAction(t *testing.T) {
	s := newScene(t)
	asked := false
	s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact {
		asked = true
		// Send reads the intent from the book, in a transaction of its own.
		if i.Create == nil || i.Key != ledger.CreateKey(i.TenderID) {
			t.Errorf("the intent is %+v", i)
		}
		return testkit.Obliges(i)
	})
	if o := s.sell(adults(key, 1)); !asked || s.stripe.Log()[0] != "send "+ledger.CreateKey(o.Tenders[0].ID) {
		t.Errorf("Stripe was asked: %q", s.stripe.Log())
	}
}

// The same key again, and the same order: one sale, whatever became of it.
func TestTheSameKeyIsTheSameSale(t *testing.T) {
	s := newScene(t)
	first := s.sell(adults(key, 2))
	before, asked := s.bytes(), len(s.stripe.Log())

	again := s.sell(adults(key, 2))
	if again.ID != first.ID || len(s.stripe.Log()) != asked {
		t.Errorf("the second tap made order %s beside %s", again.ID, first.ID)
	}
	split := s.sell(Sale{Key: key, LineItems: []SaleLine{line(testkit.Performance, testkit.Adult, 1), line(testkit.Performance, testkit.Adult, 1)}})
	if split.ID != first.ID {
		t.Error("the same two tickets, tapped one by one, were another sale")
	}
	s.unchanged(before)

	testkit.Append(t, s.book, testkit.Pay(first))
	before = s.bytes()
	if paid := s.sell(adults(key, 2)); paid.ID != first.ID || paid.Status() != boxoffice.Paid {
		t.Errorf("after the payment, the key gives %s, %s", paid.ID, paid.Status())
	}
	s.unchanged(before)
	if other := s.sell(adults("another-key", 2)); other.ID == first.ID || other.Code == first.Code {
		t.Error("another key gave the same order")
	}
}

// Keys of 8 and of 64 characters are taken, and a key is no part of another.
func TestKeysThatAreTaken(t *testing.T) {
	s := newScene(t)
	keys := []string{"12345678", "12345678/9", "0f8fad5b-d9cb-469f-a165-70867728950e", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", string(bytes.Repeat([]byte("k"), 64))}
	seen := map[string]bool{}
	for _, k := range keys {
		seen[s.sell(adults(k, 1)).ID] = true
	}
	if len(seen) != len(keys) {
		t.Errorf("%d keys made %d orders", len(keys), len(seen))
	}
}

// Twenty taps at once with one key make one order, and ask for one code.
func TestDoubleTap(t *testing.T) {
	s := newScene(t)
	made := 0
	s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact {
		made++ // Send holds a lock
		return testkit.Obliges(i)
	})
	const taps = 20
	ids := make([]string, taps)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range taps {
		all.Go(func() {
			<-start
			o, err := s.desk.Sell(t.Context(), adults(key, 2))
			if err != nil || len(o.Tenders) != 1 || o.Tenders[0].State != boxoffice.TenderOpen {
				t.Errorf("tap %d: %v, %+v", i, err, o.Tenders)
			}
			ids[i] = o.ID
		})
	}
	close(start)
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("two orders: %s and %s", ids[0], id)
		}
	}
	if n := s.orders(""); n != 1 || made != 1 || s.available() != testkit.Seats-2 {
		t.Errorf("%d orders, %d codes, %d seats left", n, made, s.available())
	}
}

// Stripe does not answer: the seats are kept, the buyer's screen says so, and
// the next tap with the key, or the answer when it comes, gives the code.
func TestSellWhileStripeIsSilent(t *testing.T) {
	s := newScene(t)
	s.stripe.Says(testkit.Silent)
	o := s.sell(adults(key, 4))
	if o.Status() != boxoffice.AwaitingPayment || o.Tenders[0].State != boxoffice.TenderStarting || s.available() != testkit.Seats-4 {
		t.Fatalf("%s, %s, %d seats left", o.Status(), o.Tenders[0].State, s.available())
	}
	if again := s.sell(adults(key, 4)); again.ID != o.ID || again.Tenders[0].State != boxoffice.TenderStarting || s.available() != testkit.Seats-4 {
		t.Error("a second tap while Stripe is silent was not the same sale")
	}
	s.stripe.Says(testkit.Obliges)
	if open := s.sell(adults(key, 4)); open.ID != o.ID || open.Tenders[0].State != boxoffice.TenderOpen || s.available() != testkit.Seats-4 {
		t.Errorf("when Stripe answered, the order was %+v", open)
	}
}

// A browser that goes away while the sale is on its way loses nothing.
func TestSellForSomebodyWhoLeft(t *testing.T) {
	s := newScene(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o, err := s.desk.Sell(ctx, adults(key, 1))
	if err != nil || o.Tenders[0].State != boxoffice.TenderStarting {
		t.Fatalf("%v, %+v", err, o)
	}
	if back := s.sell(adults(key, 1)); back.ID != o.ID || back.Tenders[0].State != boxoffice.TenderOpen {
		t.Errorf("the same key afterwards gives %+v", back)
	}
}

// Stripe makes no code: the cashier hears Stripe's sentence, the seats are free,
// and the order stays in the book as failed. The same key says so again.
func TestSellWhenStripeRefuses(t *testing.T) {
	s := newScene(t)
	s.stripe.Says(testkit.Refuses)
	for tap := range 2 {
		o, err := s.desk.Sell(t.Context(), adults(key, 3))
		if e := s.asError(err); e.Code != boxoffice.CodeStripeRefused || e.Message != "Stripe refused: No such thing." || e.Next != "Ask the organizer." {
			t.Errorf("tap %d: %+v", tap, e)
		}
		if o.Status() != boxoffice.Failed || s.available() != testkit.Seats || s.orders("") != 1 || s.orders(boxoffice.Failed) != 1 {
			t.Errorf("tap %d: %s, %d seats, %d orders", tap, o.Status(), s.available(), s.orders(""))
		}
	}
	s.stripe.Says(testkit.Obliges)
	if o := s.sell(adults("a-new-key", 3)); o.Status() != boxoffice.AwaitingPayment {
		t.Errorf("with a new key: %s", o.Status())
	}
}

// Two orders never share a code, even if chance gives the same one twice.
func TestCodesAreUnique(t *testing.T) {
	s := newScene(t)
	constant := newScene(t)
	constant.desk.opt.IDs.Source = &zeroes{until: 200}
	first, second := constant.sell(adults(key, 1)), constant.sell(adults("another-key", 1))
	if first.Code != "222222" || second.Code == first.Code {
		t.Errorf("the codes are %s and %s", first.Code, second.Code)
	}
	seen := map[string]bool{}
	for i := range testkit.Seats {
		seen[s.sell(adults("a-key-of-a-sale-"+string(rune('a'+i)), 1)).Code] = true
	}
	if len(seen) != testkit.Seats {
		t.Errorf("%d orders have %d codes", testkit.Seats, len(seen))
	}
}

// zeroes is a source of randomness that begins badly: so many zeroes, and then
// numbers that count.
type zeroes struct{ read, until int }

func (z *zeroes) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0
		if z.read++; z.read > z.until {
			p[i] = byte(z.read)
		}
	}
	return len(p), nil
}

// Order and Check know orders by id and by code, and no others.
func TestOrderAndCheck(t *testing.T) {
	s := newScene(t)
	o := s.sell(adults(key, 1))
	for _, unknown := range []string{"", "ord-x", "ZZZZZZ", o.ID + "x"} {
		for name, find := range map[string]func() (boxoffice.Order, error){
			"Order":  func() (boxoffice.Order, error) { return s.desk.Order(unknown) },
			"Check":  func() (boxoffice.Order, error) { return s.desk.Check(t.Context(), unknown) },
			"Cancel": func() (boxoffice.Order, error) { return s.desk.Cancel(t.Context(), unknown) },
		} {
			if _, err := find(); s.asError(err).Code != boxoffice.CodeUnknownOrder {
				t.Errorf("%s(%q): %v", name, unknown, err)
			}
		}
	}
	asked := len(s.stripe.Log())
	checked, err := s.desk.Check(t.Context(), o.Code)
	if err != nil || checked.ID != o.ID || s.stripe.Log()[asked] != "check "+o.ID {
		t.Errorf("Check: %v, %+v, asked %q", err, checked, s.stripe.Log()[asked:])
	}
	down := &boxoffice.Error{Code: boxoffice.CodeStripeUnreachable, Message: "Stripe cannot be reached.", Next: "Go online."}
	s.stripe.Down(down)
	if o, err := s.desk.Check(t.Context(), o.ID); !errors.Is(err, down) || o.Code == "" {
		t.Errorf("Check without a line: %v", err)
	}
}
