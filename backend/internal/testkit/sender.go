package testkit

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// Sender stands where the reconciler stands for a desk. It answers every
// intent at once, and an intent that was answered never again.
type Sender struct {
	t    testing.TB
	book *ledger.Book

	mu     sync.Mutex
	says   Answer
	down   error
	sold   []boxoffice.Importable
	events []string
}

// Answer says which facts become known when an intent is sent. None means that
// Stripe has not answered.
type Answer func(boxoffice.Intent) []boxoffice.Fact

// NewSender returns a Sender that makes the codes and closes them.
func NewSender(t testing.TB, book *ledger.Book) *Sender {
	t.Helper()
	return &Sender{t: t, book: book, says: Obliges}
}

// Says sets what is answered from now on.
func (s *Sender) Says(a Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says = a
}

// Sells sets what Stripe sells already.
func (s *Sender) Sells(found ...boxoffice.Importable) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sold = found
}

// Down makes Clock, Check and Products fail with the error; nil ends it.
func (s *Sender) Down(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = err
}

// Log is what was asked so far: "send tdr-…-create", "check ord-…".
func (s *Sender) Log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.events...)
}

// Send implements desk.Stripe.
func (s *Sender) Send(ctx context.Context, intentKey string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, "send "+intentKey)
	if ctx.Err() != nil {
		return
	}
	err := s.book.Update(func(tx *ledger.Tx) error {
		i, open, err := tx.Intent(intentKey)
		if err != nil || !open {
			return err
		}
		for _, f := range s.says(i) {
			if _, err := tx.Append(f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Errorf("the answer to %s does not fit the book: %v", intentKey, err)
	}
}

// Check implements desk.Stripe.
func (s *Sender) Check(_ context.Context, orderID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, "check "+orderID)
	return s.down
}

// Clock implements desk.Stripe. It shows one o'clock, an hour more than
// NewClock: whoever mixes the two up is seen.
func (s *Sender) Clock(context.Context) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return NewClock().Now().Add(time.Hour), s.down
}

// Asker implements desk.Stripe.
func (s *Sender) Asker() string { return "asker" }

// Mirror implements desk.Stripe. Nothing is mirrored: see AtStripe.
func (s *Sender) Mirror() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, "mirror")
}

// Wake implements desk.Stripe.
func (s *Sender) Wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, "wake")
}

// Products implements desk.Stripe.
func (s *Sender) Products(context.Context) ([]boxoffice.Importable, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, "products")
	return append([]boxoffice.Importable(nil), s.sold...), s.down
}

// Obliges makes a code, a payment or a link that is asked for, closes one that
// is to be closed, and takes a step of the mirror.
func Obliges(i boxoffice.Intent) []boxoffice.Fact {
	of := boxoffice.OfTender{OrderID: i.OrderID, TenderID: i.TenderID}
	ofPoster := boxoffice.OfPoster{PosterID: i.PosterID}
	switch {
	case i.Create != nil:
		session := "cs_test_" + i.TenderID
		return []boxoffice.Fact{boxoffice.OpenedFact{
			OfTender: of, SessionID: session, URL: "http://127.0.0.1:4381/c/pay/" + session + "#fid", ExpiresAt: i.Create.ExpiresAt,
		}}
	case i.Pay != nil: // a payment has no page and no end of its own
		return []boxoffice.Fact{boxoffice.OpenedFact{OfTender: of, SessionID: "pi_" + i.TenderID, ExpiresAt: i.RecordedAt.Add(31 * time.Minute)}}
	case i.Link != nil:
		return []boxoffice.Fact{boxoffice.PosterOpenedFact{OfPoster: ofPoster, LinkID: "plink_" + i.PosterID, URL: "http://127.0.0.1:4381/b/plink_" + i.PosterID}}
	case i.CloseLink != "":
		return []boxoffice.Fact{boxoffice.PosterClosedFact{OfPoster: ofPoster}}
	case i.Mirror != nil:
		return []boxoffice.Fact{boxoffice.MirrorDoneFact{IntentKey: i.Key, Request: *i.Mirror, ID: "made_" + i.Key}}
	default:
		return []boxoffice.Fact{boxoffice.ExpiredFact{OfTender: of}}
	}
}

// Silent answers nothing.
func Silent(boxoffice.Intent) []boxoffice.Fact { return nil }

// Refuses makes nothing, for Stripe's reason.
func Refuses(i boxoffice.Intent) []boxoffice.Fact {
	problem := boxoffice.Problem{Code: boxoffice.CodeStripeRefused, Detail: "Stripe refused: No such thing.", Next: "Ask the organizer."}
	switch {
	case i.Link != nil:
		return []boxoffice.Fact{boxoffice.PosterRefusedFact{OfPoster: boxoffice.OfPoster{PosterID: i.PosterID}, Problem: problem}}
	case i.Mirror != nil:
		return []boxoffice.Fact{boxoffice.MirrorRefusedFact{IntentKey: i.Key, Request: *i.Mirror, Problem: problem}}
	default:
		return []boxoffice.Fact{boxoffice.RefusedFact{OfTender: boxoffice.OfTender{OrderID: i.OrderID, TenderID: i.TenderID}, Problem: problem}}
	}
}

// AtStripe is the fact that Stripe has the ticket type, at the price that it
// has now: the product prod_… and the price price_… of its id.
func AtStripe(t boxoffice.TicketType) boxoffice.Fact {
	m := boxoffice.Mirror{TicketTypeID: t.ID, ProductID: "prod_" + t.ID, Product: boxoffice.ProductRequest{Name: t.Name}}
	if t.Bounds == nil {
		m.PriceID, m.DefaultPrice, m.Price = "price_"+t.ID, "price_"+t.ID, t.Price
	}
	return boxoffice.MirrorAdoptedFact{Mirror: m}
}

// Pay is the fact that the order's first tender was paid with a Visa card.
// Its tickets are named after the order.
func Pay(o boxoffice.Order) boxoffice.Fact {
	n := 0
	newID := func() string {
		n++
		return "tkt-" + o.ID + "-" + strconv.Itoa(n)
	}
	t := o.Tenders[0]
	return boxoffice.PaidFact{
		OfTender: boxoffice.OfTender{OrderID: o.ID, TenderID: t.ID}, SessionID: t.SessionID, Amount: t.Amount,
		PaymentIntentID: "pi_" + t.ID, ChargeID: "ch_" + t.ID, PaidAt: NewClock().Now(),
		Card: boxoffice.Card{Brand: "visa", Last4: "4242"}, Tickets: boxoffice.IssueTickets(o, newID),
	}
}
