package desk

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// room is what MeantFor says of it.
func (s *scene) room(d boxoffice.Discrepancy) (m Meant) {
	s.Helper()
	err := s.book.View(func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		if err == nil {
			m, err = MeantFor(tx, c, d)
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return m
}

// expired is an order of so many adults that nobody paid in time.
func (s *scene) expired(key string, n int) boxoffice.Order {
	s.Helper()
	o := s.sell(adults(key, n))
	testkit.Append(s, s.book, boxoffice.ExpiredFact{OfTender: ofTender(o)})
	return s.order(o.ID)
}

// Money that came too late is seated when there is room again: the order is
// all that a paid order is.
func TestSeatLate(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	was := s.expired("key-of-the-first", 2)
	full := s.sell(adults("key-of-the-second", 9))
	d := s.found(boxoffice.Discrepancy{SessionID: was.Tenders[0].SessionID, OrderID: was.ID, Amount: eur(4800), Expected: eur(4800), Reason: boxoffice.NoRoom})
	if m := s.room(d); m.Room || len(m.Lines) != 1 || m.Lines[0].Quantity != 2 {
		t.Errorf("with one seat left: %+v", m)
	}
	before := s.bytes()
	_, err := s.desk.SeatLate(d.ID, nil, decided(key))
	s.refuses("no room", err, boxoffice.CodeSoldOut)
	s.unchanged(before)
	if _, err := s.desk.Cancel(t.Context(), full.ID); err != nil {
		t.Fatal(err)
	}
	if m := s.room(d); !m.Room {
		t.Errorf("with all seats free: %+v", m)
	}
	got, err := s.desk.SeatLate(d.ID, nil, decided(key))
	if err != nil || got.Waiting() || got.Counts() {
		t.Fatalf("%v: %+v", err, got)
	}
	o := s.order(got.Resolution.OrderID)
	want := boxoffice.Order{
		ID: o.ID, Code: o.Code, Number: o.Number, Key: key, Asked: o.Asked, PlacedAt: testkit.NewClock().Now(), UpdatedAt: testkit.NewClock().Now(),
		BuyerName: "Bo Berg", BuyerEmail: "bo@example.org", LineItems: was.LineItems, Total: eur(4800), DiscrepancyID: d.ID,
		Hold: boxoffice.Hold{State: boxoffice.Sold, Claims: []boxoffice.Claim{{QuotaID: "quota-house", Seats: 2}}},
		Tenders: []boxoffice.Tender{{
			ID: o.Tenders[0].ID, Kind: boxoffice.Phone, State: boxoffice.TenderPaid, Amount: eur(4800), SessionID: d.SessionID,
			PaymentIntentID: d.PaymentIntentID, ChargeID: d.ChargeID, PaidAt: stripesTime(), Card: boxoffice.Card{Brand: "visa", Last4: "4242"},
		}},
		Tickets: o.Tickets,
	}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if len(o.Tickets) != 2 || o.Tickets[0].ID == o.Tickets[1].ID || o.Tickets[1].Of != 2 || o.Number == 0 || o.Code == was.Code || Refundable(o) != 4800 {
		t.Errorf("it has tickets %+v and number %d", o.Tickets, o.Number)
	}
	// The money is found at its new order, and the old one keeps its story.
	err = s.book.View(func(tx *ledger.Tx) error {
		m, ok, err := tx.MoneyByIntent(d.PaymentIntentID)
		if !ok || m.Order == nil || m.Order.ID != o.ID {
			t.Errorf("the payment leads to %+v", m)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]boxoffice.Kind{"order.placed", "tender.opened", "tender.expired", "discrepancy.found", "discrepancy.resolved"}, s.kinds(was.ID)); diff != "" {
		t.Errorf("the old order's entries (-want +got):\n%s", diff)
	}
	// Once more with the key it is the same order.
	if again, err := s.desk.SeatLate(d.ID, nil, decided(key)); err != nil || again.Resolution.OrderID != o.ID || s.orders("") != 3 {
		t.Errorf("%v: %+v", err, again.Resolution)
	}
	before = s.bytes()
	_, err = s.desk.SeatLate(d.ID, []SaleLine{line(testkit.Performance, testkit.Child, 1)}, decided(key))
	s.refuses("other seats with the key", err, boxoffice.CodeKeyMismatch)
	_, err = s.desk.SeatLate(d.ID, nil, byBo(key))
	s.refuses("somebody else with the key", err, boxoffice.CodeKeyMismatch)
	_, err = s.desk.SeatLate(d.ID, nil, decided("another-key"))
	s.refuses("seated twice", err, boxoffice.CodeAlreadyResolved)
	s.unchanged(before)
	sound(t, s.book)
}

// Seats that the order still holds for this money can be the ones: they come
// free first, and the old order ends.
func TestSeatLateInItsOwnSeats(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	was := s.sell(adults("key-of-the-first", testkit.Seats))
	testkit.Append(t, s.book, boxoffice.ProcessingFact{OfTender: ofTender(was), PaymentIntentID: "pi_1"})
	d := s.found(boxoffice.Discrepancy{
		SessionID: was.Tenders[0].SessionID, OrderID: was.ID, PaymentIntentID: "pi_1", Amount: eur(23_000), Expected: eur(24_000), Reason: boxoffice.WrongAmount,
	})
	if m := s.room(d); !m.Room || s.available() != 0 {
		t.Errorf("with its own seats held: %+v", m)
	}
	got, err := s.desk.SeatLate(d.ID, nil, decided(key))
	if err != nil {
		t.Fatal(err)
	}
	o, old := s.order(got.Resolution.OrderID), s.order(was.ID)
	if o.Total != eur(23_000) || len(o.Tickets) != testkit.Seats || o.LineItems[0].UnitPrice != eur(2300) || old.Status() != boxoffice.Failed || old.Hold.State != boxoffice.Released {
		t.Errorf("%s for %d tickets, and the old order is %s", o.Total, len(o.Tickets), old.Status())
	}
	sound(t, s.book)
}

// Whatever a person chooses can be had: other kinds, what is off sale, what is
// archived, and in another currency than the money's.
func TestSeatLateInOtherSeats(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		money boxoffice.Discrepancy
		lines []SaleLine
		want  []boxoffice.LineItem // unit price, quantity, total
		kind  boxoffice.TenderKind
	}{
		"in proportion to what they cost": {
			money: stray(5000), lines: []SaleLine{line(testkit.Performance, testkit.Adult, 1), line(testkit.Performance, testkit.Child, 2)}, kind: boxoffice.Phone,
			want: []boxoffice.LineItem{{UnitPrice: eur(2857), Quantity: 1, Total: eur(2857)}, {UnitPrice: eur(1072), Quantity: 1, Total: eur(1072)}, {UnitPrice: eur(1071), Quantity: 1, Total: eur(1071)}},
		},
		"three for ten": {
			money: stray(1000), lines: []SaleLine{line(testkit.Performance, testkit.Adult, 3)}, kind: boxoffice.Phone,
			want: []boxoffice.LineItem{{UnitPrice: eur(334), Quantity: 1, Total: eur(334)}, {UnitPrice: eur(333), Quantity: 2, Total: eur(666)}},
		},
		"in the money's own currency": {
			money: boxoffice.Discrepancy{Amount: money.New(3000, "jpy"), Reason: boxoffice.WrongCurrency}, kind: boxoffice.Phone,
			lines: []SaleLine{line(testkit.Performance, testkit.Balcony, 2)},
			want:  []boxoffice.LineItem{{UnitPrice: money.New(1500, "jpy"), Quantity: 2, Total: money.New(3000, "jpy")}},
		},
		"what costs nothing": {
			money: stray(900), lines: []SaleLine{line(studio, free, 2)}, kind: boxoffice.Phone,
			want: []boxoffice.LineItem{{UnitPrice: eur(450), Quantity: 2, Total: eur(900)}},
		},
		"a typed card": {
			money: boxoffice.Discrepancy{SessionID: "pi_9", PaymentIntentID: "pi_9", Amount: eur(2400), Reason: boxoffice.PaidTwice}, kind: boxoffice.CardTender,
			lines: []SaleLine{line(testkit.Performance, testkit.Adult, 1)},
			want:  []boxoffice.LineItem{{UnitPrice: eur(2400), Quantity: 1, Total: eur(2400)}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.archive()
			got, err := s.desk.SeatLate(s.found(c.money).ID, c.lines, decided(key))
			if err != nil {
				t.Fatal(err)
			}
			o := s.order(got.Resolution.OrderID)
			var items []boxoffice.LineItem
			for _, l := range o.LineItems {
				items = append(items, boxoffice.LineItem{UnitPrice: l.UnitPrice, Quantity: l.Quantity, Total: l.Total})
			}
			if diff := cmp.Diff(c.want, items); diff != "" || o.Tenders[0].Kind != c.kind || len(o.Tickets) != o.Seats() {
				t.Errorf("%s, %d tickets, items (-want +got):\n%s", o.Tenders[0].Kind, len(o.Tickets), diff)
			}
			sound(t, s.book)
		})
	}
}

// archive takes everything off sale.
func (s *scene) archive() {
	s.Helper()
	err := s.book.Update(func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		for _, e := range c.Events {
			e.Archived = true
			for i := range e.TicketTypes {
				e.TicketTypes[i].OffSale = true
			}
			if _, err := tx.Append(boxoffice.EventChangedFact{Event: e}); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
}

// What went back before it was seated is the new order's.
func TestSeatLateAfterAPartWentBack(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	d := s.found(stray(3000))
	testkit.Append(t, s.book, boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{DiscrepancyID: d.ID}, Refund: boxoffice.Refund{
		ID: "re_1", StripeID: "re_1", PaymentIntentID: d.PaymentIntentID, Amount: eur(600), Status: boxoffice.RefundSucceeded, External: true,
	}})
	got, err := s.desk.SeatLate(d.ID, []SaleLine{line(testkit.Performance, testkit.Adult, 1)}, decided(key))
	if err != nil {
		t.Fatal(err)
	}
	if o := s.order(got.Resolution.OrderID); o.Refunded() != 600 || Refundable(o) != 2400 || o.Total != eur(3000) {
		t.Errorf("%d went back of %s", o.Refunded(), o.Total)
	}
}

// A poster's money was to buy what the poster sells.
func TestSeatLateOfAPoster(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	testkit.Append(t, s.book, testkit.AtStripe(boxoffice.TicketType{ID: testkit.Balcony, Name: "Balcony", Price: eur(3200)}))
	p, err := s.desk.MakePoster(t.Context(), PosterRequest{Key: "key-of-the-poster", PerformanceID: testkit.Performance, TicketTypeID: testkit.Balcony, Allotment: 1})
	if err != nil {
		t.Fatal(err)
	}
	d := s.found(boxoffice.Discrepancy{PosterID: p.ID, Amount: eur(3200), Reason: boxoffice.NoRoom})
	if m := s.room(d); !m.Room || len(m.Lines) != 1 || m.Lines[0].TicketTypeID != testkit.Balcony {
		t.Errorf("it was meant for %+v", m)
	}
	got, err := s.desk.SeatLate(d.ID, nil, decided(key))
	if err != nil {
		t.Fatal(err)
	}
	if o := s.order(got.Resolution.OrderID); o.PosterID != p.ID || o.LineItems[0].UnitPrice != eur(3200) || len(o.Tickets) != 1 {
		t.Errorf("it is seated as %+v", o)
	}
	if m := s.room(s.found(stray(100))); m.Room || len(m.Lines) != 0 {
		t.Errorf("nobody knows what a stranger's money was for, and yet %+v", m)
	}
}

// Fifty clerks seat one payment, each with a key of their own: one order.
func TestFiftyClerksSeatOnePayment(t *testing.T) {
	s := newScene(t)
	d := s.found(stray(2400))
	var mu sync.Mutex
	codes := map[boxoffice.Code]int{}
	atOnce(func(till int) {
		_, err := s.desk.SeatLate(d.ID, []SaleLine{line(testkit.Performance, testkit.Adult, 1)}, decided(tillKey(till)))
		mu.Lock()
		defer mu.Unlock()
		codes[boxoffice.ErrorCode(err)]++
	})
	if codes[""] != 1 || codes[boxoffice.CodeAlreadyResolved] != tills-1 || s.orders("") != 1 || s.available() != testkit.Seats-1 {
		t.Errorf("fifty decisions ended as %v, with %d orders and %d seats", codes, s.orders(""), s.available())
	}
}

// Fifty payments, all late, for the last ten seats: ten are seated.
func TestFiftyLatePaymentsForTenSeats(t *testing.T) {
	s := newScene(t)
	for till := range tills {
		s.found(boxoffice.Discrepancy{SessionID: tillKey(till), Amount: eur(2400), Reason: boxoffice.UnknownOrder})
	}
	var mu sync.Mutex
	codes := map[boxoffice.Code]int{}
	atOnce(func(till int) {
		_, err := s.desk.SeatLate(tillKey(till)+"-unknown_order", []SaleLine{line(testkit.Performance, testkit.Adult, 1)}, decided(tillKey(till)))
		mu.Lock()
		defer mu.Unlock()
		codes[boxoffice.ErrorCode(err)]++
	})
	if codes[""] != testkit.Seats || codes[boxoffice.CodeSoldOut] != tills-testkit.Seats || s.available() != 0 {
		t.Errorf("fifty decisions ended as %v, with %d seats left", codes, s.available())
	}
	sound(t, s.book)
}
