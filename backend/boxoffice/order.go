package boxoffice

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"willcall/backend/money"
)

// OrderStatus sums an order up in a word. It is derived from the tenders.
type OrderStatus string

// What an order can be.
const (
	AwaitingPayment OrderStatus = "awaiting_payment" // somebody may still pay; its seats are held
	Paid            OrderStatus = "paid"             // Stripe said so; the tickets are valid
	Canceled        OrderStatus = "canceled"         // canceled at the till, and Stripe closed the code
	Expired         OrderStatus = "expired"          // nobody paid in time, and Stripe closed the code
	Refunded        OrderStatus = "refunded"         // paid, and Stripe has given all of it back or is about to; the tickets are void
	Failed          OrderStatus = "failed"           // Stripe made no code, or the bank refused afterwards
)

// Order is one purchase.
type Order struct {
	ID         string       `json:"id"`
	Code       string       `json:"code"`   // its short human name, unique in the book: "K7QF3M"
	Number     uint64       `json:"number"` // of the entry that placed it: orders sort by it
	Key        string       `json:"key"`    // the till's idempotency key: one tap, one order
	Asked      string       `json:"asked"`  // fingerprint of the request that came with the key
	PlacedAt   time.Time    `json:"placedAt"`
	UpdatedAt  time.Time    `json:"updatedAt"`
	BuyerName  string       `json:"buyerName,omitempty"`
	BuyerEmail string       `json:"buyerEmail,omitempty"` // what the cashier entered, or else what the buyer told Stripe
	LineItems  []LineItem   `json:"lineItems"`
	Total      money.Amount `json:"total"`
	Hold       Hold         `json:"hold"`
	Tenders    []Tender     `json:"tenders"`
	Tickets    []Ticket     `json:"tickets,omitempty"`
	PosterID   string       `json:"posterId,omitempty"` // it began at this poster

	DiscrepancyID string `json:"discrepancyId,omitempty"` // the money without a place that it was made for
	Returns
}

// LineItem is so many tickets of one type for one performance, with the names
// and the price of the moment of sale.
type LineItem struct {
	PerformanceID string       `json:"performanceId"`
	TicketTypeID  string       `json:"ticketTypeId"`
	EventName     string       `json:"eventName"`
	Name          string       `json:"name"`
	Place         string       `json:"place"`
	StartsAt      time.Time    `json:"startsAt"`
	TimeZone      string       `json:"timeZone"`
	UnitPrice     money.Amount `json:"unitPrice"`
	Quantity      int          `json:"quantity"`
	Total         money.Amount `json:"total"`
	Donation      bool         `json:"donation,omitempty"` // admits nobody
	TaxRate       *TaxRate     `json:"taxRate,omitempty"`  // contained in the total
}

// Seats is how many admissions the line is for.
func (l LineItem) Seats() int {
	if l.Donation {
		return 0
	}
	return l.Quantity
}

// Seats is how many admissions the order is for.
func (o Order) Seats() int {
	n := 0
	for _, l := range o.LineItems {
		n += l.Seats()
	}
	return n
}

// Status derives the order's status from its tenders.
func (o Order) Status() OrderStatus {
	status := Failed
	for _, t := range o.Tenders {
		switch {
		case t.State == TenderPaid && o.Total.Minor > 0 && o.Accepted() >= o.Total.Minor:
			return Refunded
		case t.State == TenderPaid:
			return Paid
		case !t.State.Final():
			status = AwaitingPayment
		case status == AwaitingPayment:
		case t.State == TenderExpired && t.CancelAsked:
			status = Canceled
		case t.State == TenderExpired:
			status = Expired
		default:
			status = Failed
		}
	}
	return status
}

// Tender finds one of the order's tenders by its id.
func (o Order) Tender(id string) (Tender, bool) {
	for _, t := range o.Tenders {
		if t.ID == id {
			return t, true
		}
	}
	return Tender{}, false
}

// TenderBySession finds the tender whose code is the Checkout Session.
func (o Order) TenderBySession(sessionID string) (Tender, bool) {
	for _, t := range o.Tenders {
		if t.SessionID == sessionID && sessionID != "" {
			return t, true
		}
	}
	return Tender{}, false
}

// Apply returns the order as f leaves it, seen at the time the entry was
// written. A fact that cannot follow the order's state is an error and changes
// nothing: states only move forward.
func (o Order) Apply(f Fact, at time.Time) (Order, error) {
	switch f := f.(type) {
	case moneyFact:
		returns, err := o.moved(f)
		if err != nil {
			return o, fmt.Errorf("order %s: %w", o.Code, err)
		}
		o.Returns, o.UpdatedAt = returns, at
		return o, nil
	case TicketsVoidedFact:
		after, err := o.void(f)
		if err == nil {
			after.UpdatedAt = at
		}
		return after, err
	}
	t, ok := f.(tenderFact)
	if !ok {
		return o, nil // a fact about the order that changes no state of it
	}
	if _, isPaid := f.(PaidFact); isPaid && o.Hold.State == Sold {
		return o, fmt.Errorf("order %s is paid already", o.Code)
	}
	tenders := append([]Tender(nil), o.Tenders...)
	for i := range tenders {
		if tenders[i].ID != t.Tender() {
			continue
		}
		next, err := tenders[i].apply(f)
		if err != nil {
			return o, fmt.Errorf("order %s: %w", o.Code, err)
		}
		tenders[i] = next
		o.Tenders, o.UpdatedAt = tenders, at
		if paid, ok := f.(PaidFact); ok {
			o.Tickets = paid.Tickets
			o.BuyerName, o.BuyerEmail = cmp.Or(o.BuyerName, paid.BuyerName), cmp.Or(o.BuyerEmail, paid.BuyerEmail)
		}
		o.Hold.State = o.holdState()
		return o, nil
	}
	return o, fmt.Errorf("order %s has no tender %s", o.Code, t.Tender())
}

// moved is what f makes of the order's money.
func (o Order) moved(f moneyFact) (Returns, error) {
	if o.Hold.State != Sold {
		return o.Returns, errors.New("it is not paid: nothing can go back")
	}
	if asked, ok := f.(RefundAskedFact); ok {
		if err := o.mayAsk(asked.Refund, o.Total); err != nil {
			return o.Returns, err
		}
	}
	return o.Returns.Apply(f)
}

// holdState follows from the status: seats are sold when it is paid, and free
// only when no tender can be paid any more.
func (o Order) holdState() HoldState {
	switch o.Status() {
	case Paid, Refunded:
		return Sold // what is void of it is in no claim any more
	case AwaitingPayment:
		return Held
	default:
		return Released
	}
}
