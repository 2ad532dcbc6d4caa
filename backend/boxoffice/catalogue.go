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
	TimeZone     string        `json:"timeZone"` // IANA name; times are stored in UTC and shown in it
	Performances []Performance `json:"performances"`
	TicketTypes  []TicketType  `json:"ticketTypes"`
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
	Price       money.Amount `json:"price"`
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
