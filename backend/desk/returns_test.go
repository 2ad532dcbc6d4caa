package desk

import (
	"slices"
	"strings"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// A scene in which money has come in already, and may go back.

// decided is a decision of Ada's with the key.
func decided(key string) Decision { return Decision{Key: key, By: "Ada", Note: "asked at the window"} }

// paid sells so many adults and children, and has them paid.
func (s *scene) paid(key string, adults, children int) boxoffice.Order {
	s.Helper()
	sale := Sale{Key: key, LineItems: []SaleLine{line(testkit.Performance, testkit.Adult, adults)}}
	if children > 0 {
		sale.LineItems = append(sale.LineItems, line(testkit.Performance, testkit.Child, children))
	}
	o := s.sell(sale)
	testkit.Append(s, s.book, testkit.Pay(o))
	return s.order(o.ID)
}

func (s *scene) order(id string) boxoffice.Order {
	s.Helper()
	o, err := s.desk.Order(id)
	if err != nil {
		s.Fatal(err)
	}
	return o
}

func (s *scene) late(id string) (d boxoffice.Discrepancy) {
	s.Helper()
	err := s.book.View(func(tx *ledger.Tx) (err error) { d, err = findLate(tx, id); return err })
	if err != nil {
		s.Fatal(err)
	}
	return d
}

// gives is a Stripe that makes each refund, as far as the status says.
func gives(status boxoffice.RefundStatus) testkit.Answer {
	return func(i boxoffice.Intent) []boxoffice.Fact {
		return []boxoffice.Fact{boxoffice.RefundRecordedFact{
			OfMoney: boxoffice.OfMoney{OrderID: i.OrderID, DiscrepancyID: i.DiscrepancyID},
			Refund: boxoffice.Refund{
				ID: i.RefundID, StripeID: "re_" + i.RefundID, PaymentIntentID: i.Refund.PaymentIntentID, Amount: i.Refund.Amount,
				Status: status, CreatedAt: stripesTime(), Answered: true,
			},
		}}
	}
}

// declines is a Stripe that makes no refund, for its reason.
func declines(i boxoffice.Intent) []boxoffice.Fact {
	return []boxoffice.Fact{boxoffice.RefundRefusedFact{
		OfMoney:  boxoffice.OfMoney{OrderID: i.OrderID, DiscrepancyID: i.DiscrepancyID},
		RefundID: i.RefundID,
		Problem:  boxoffice.Problem{Code: boxoffice.CodeStripeRefused, Detail: "Stripe gave nothing back: the charge is disputed.", Next: "Answer the dispute."},
	}}
}

// found keeps money without a place, filled up so that it is Stripe's.
func (s *scene) found(d boxoffice.Discrepancy) boxoffice.Discrepancy {
	s.Helper()
	if d.SessionID == "" {
		d.SessionID = "cs_late_" + string(d.Reason)
	}
	if d.ID == "" {
		d.ID = d.SessionID + "-" + string(d.Reason)
	}
	if d.PaymentIntentID == "" {
		d.PaymentIntentID = "pi_" + d.ID
	}
	d.ChargeID, d.PaidAt, d.BuyerName, d.BuyerEmail = "ch_"+d.ID, stripesTime(), "Bo Berg", "bo@example.org"
	d.Card = boxoffice.Card{Brand: "visa", Last4: "4242"}
	testkit.Append(s, s.book, boxoffice.DiscrepancyFoundFact{Discrepancy: d})
	return s.late(d.ID)
}

// intent is the only write that Stripe has not answered.
func (s *scene) intent() (found boxoffice.Intent) {
	s.Helper()
	err := s.book.View(func(tx *ledger.Tx) error {
		intents, err := tx.Intents()
		if len(intents) != 1 {
			s.Fatalf("there are %d intents", len(intents))
		}
		found = intents[0]
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return found
}

// refuses holds an error against the code, and what it tells a person of the
// money.
func (s *scene) refuses(name string, err error, code boxoffice.Code) {
	s.Helper()
	if err == nil {
		s.Errorf("%s: it was done", name)
		return
	}
	e := s.asError(err)
	if e.Code != code {
		s.Errorf("%s: %s, want %s", name, e.Code, code)
	}
	said := []string{"No money", "nothing", "Nothing", "here is no", "where it was", "as they were", "No seats", "still here", "No more"}
	if !slices.ContainsFunc(said, func(word string) bool { return strings.Contains(e.Message, word) }) {
		s.Errorf("%s: it does not say what became of the money: %s", name, e.Message)
	}
}

func eur(minor int64) money.Amount { return money.New(minor, "eur") }

// byBo is somebody else's decision with the key.
func byBo(key string) Decision { return Decision{Key: key, By: "Bo"} }

// sound fails the test if a seat is sold that no valid ticket sits on, or the
// reverse.
func sound(t interface {
	Helper()
	Errorf(string, ...any)
	Fatal(...any)
}, book *ledger.Book,
) {
	t.Helper()
	err := book.View(func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		if err != nil {
			return err
		}
		orders, _, err := tx.Orders(ledger.OrderQuery{Limit: 10_000})
		for _, q := range c.Quotas {
			sold, held := 0, 0
			for _, o := range orders {
				for _, ticket := range o.Valid() {
					if q.Covers(ticket.PerformanceID, ticket.TicketTypeID) {
						sold++
					}
				}
				if o.Hold.State != boxoffice.Held {
					continue
				}
				for _, claim := range o.Hold.Claims {
					if claim.QuotaID == q.ID {
						held += claim.Seats
					}
				}
			}
			if q.Sold != sold || q.Held != held || q.Available() < 0 {
				t.Errorf("%s: %d sold and %d held, and there are %d valid tickets and claims of %d", q.ID, q.Sold, q.Held, sold, held)
			}
		}
		for _, o := range orders {
			if o.Refunded() > o.Total.Minor {
				t.Errorf("order %s of %s: %d go back", o.Code, o.Total, o.Refunded())
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
