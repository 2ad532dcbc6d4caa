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

// Down makes Clock and Check fail with the error; nil ends it.
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

// Obliges makes a code that is asked for, and closes one that is to be closed.
func Obliges(i boxoffice.Intent) []boxoffice.Fact {
	of := boxoffice.OfTender{OrderID: i.OrderID, TenderID: i.TenderID}
	if i.Create == nil {
		return []boxoffice.Fact{boxoffice.ExpiredFact{OfTender: of}}
	}
	session := "cs_test_" + i.TenderID
	return []boxoffice.Fact{boxoffice.OpenedFact{
		OfTender: of, SessionID: session, URL: "http://127.0.0.1:4381/c/pay/" + session + "#fid", ExpiresAt: i.Create.ExpiresAt,
	}}
}

// Silent answers nothing.
func Silent(boxoffice.Intent) []boxoffice.Fact { return nil }

// Refuses makes no code, for Stripe's reason.
func Refuses(i boxoffice.Intent) []boxoffice.Fact {
	return []boxoffice.Fact{boxoffice.RefusedFact{
		OfTender: boxoffice.OfTender{OrderID: i.OrderID, TenderID: i.TenderID},
		Problem:  boxoffice.Problem{Code: boxoffice.CodeStripeRefused, Detail: "Stripe refused: No such thing.", Next: "Ask the organizer."},
	}}
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
