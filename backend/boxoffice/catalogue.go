package boxoffice

import (
	"time"

	"willcall/backend/money"
)

// Event is a show: what the poster names.
type Event struct {
	ID           string        `json:"id"`
	Name         string        `json:"name"`
	Place        string        `json:"place"`
	TimeZone     string        `json:"timeZone"`          // IANA name; times are stored in UTC and shown in it
	Picture      string        `json:"picture,omitempty"` // an https address, which Stripe's page shows too
	Performances []Performance `json:"performances"`
	TicketTypes  []TicketType  `json:"ticketTypes"` // in the order of the screen
	Archived     bool          `json:"archived,omitempty"`
	Revision     int           `json:"revision,omitempty"` // how often it was edited: two editors must not undo each other
}

// Performance is one dated occurrence of an event.
type Performance struct {
	ID       string    `json:"id"`
	DoorsAt  time.Time `json:"doorsAt"`
	StartsAt time.Time `json:"startsAt"`
}

// TicketType is a kind of ticket with a price, sold for every performance that
// has a quota over it.
type TicketType struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Price       money.Amount `json:"price"`              // with Bounds, what is suggested
	Bounds      *Bounds      `json:"bounds,omitempty"`   // the buyer says what it costs
	Donation    bool         `json:"donation,omitempty"` // admits nobody and takes no seat
	TaxRate     *TaxRate     `json:"taxRate,omitempty"`  // contained in the price
	SaleFrom    time.Time    `json:"saleFrom,omitzero"`  // on sale from then
	SaleUntil   time.Time    `json:"saleUntil,omitzero"` // and before then
	Least       int          `json:"least,omitempty"`    // of an order that has any; 0 is 1
	Most        int          `json:"most,omitempty"`     // 0 is as many as an order can have
	OffSale     bool         `json:"offSale,omitempty"`
}

// Bounds are the least and the most that a buyer can choose to pay.
type Bounds struct {
	Least int64 `json:"least"` // minor units of the price's currency
	Most  int64 `json:"most"`
}

// OnSale reports whether the type is sold at the time.
func (t TicketType) OnSale(at time.Time) bool {
	return !t.OffSale && (t.SaleFrom.IsZero() || !at.Before(t.SaleFrom)) && (t.SaleUntil.IsZero() || at.Before(t.SaleUntil))
}

// LeastPerOrder is how many an order must have, if it has any.
func (t TicketType) LeastPerOrder() int { return max(1, t.Least) }

// MostPerOrder is how many an order can have.
func (t TicketType) MostPerOrder() int {
	if t.Most == 0 {
		return mostPerOrder
	}
	return t.Most
}

// PerformanceByID finds a performance of e.
func (e Event) PerformanceByID(id string) (Performance, bool) {
	for _, p := range e.Performances {
		if p.ID == id {
			return p, true
		}
	}
	return Performance{}, false
}

// TicketTypeByID finds a ticket type of e.
func (e Event) TicketTypeByID(id string) (TicketType, bool) {
	for _, t := range e.TicketTypes {
		if t.ID == id {
			return t, true
		}
	}
	return TicketType{}, false
}

// Catalogue is everything on sale, with how much of it is left.
type Catalogue struct {
	Events []Event
	Quotas []Quota
}

// Available is how many tickets of a type are left for a performance, and out
// of how many: the scarcest quota over the two decides. Without a quota
// nothing is on sale.
func (c Catalogue) Available(performanceID, ticketTypeID string) (left, size int) {
	found := false
	for _, q := range c.Quotas {
		if !q.Covers(performanceID, ticketTypeID) {
			continue
		}
		if !found || q.Available() < left {
			left, size = q.Available(), q.Size
		}
		found = true
	}
	return left, size
}

// Find returns the event that has the performance.
func (c Catalogue) Find(performanceID string) (Event, Performance, bool) {
	for _, e := range c.Events {
		if p, ok := e.PerformanceByID(performanceID); ok {
			return e, p, true
		}
	}
	return Event{}, Performance{}, false
}

// HasRoom reports whether all the claims could be taken now. A claim on a
// quota that there is not cannot be.
func (c Catalogue) HasRoom(claims []Claim) bool {
	left := map[string]int{}
	for _, q := range c.Quotas {
		left[q.ID] = q.Available()
	}
	for _, claim := range claims {
		if left[claim.QuotaID] -= claim.Seats; left[claim.QuotaID] < 0 {
			return false
		}
	}
	return true
}

// EventByID finds an event.
func (c Catalogue) EventByID(id string) (Event, bool) {
	for _, e := range c.Events {
		if e.ID == id {
			return e, true
		}
	}
	return Event{}, false
}

// QuotaByID finds a quota.
func (c Catalogue) QuotaByID(id string) (Quota, bool) {
	for _, q := range c.Quotas {
		if q.ID == id {
			return q, true
		}
	}
	return Quota{}, false
}
