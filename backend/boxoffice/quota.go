package boxoffice

import (
	"fmt"
	"slices"
)

// Quota limits how many tickets of some types a performance has. Seats are
// held from the moment a sale is recorded and sold when Stripe says paid; what
// is left is derived, never stored.
type Quota struct {
	ID            string   `json:"id"`
	PerformanceID string   `json:"performanceId"`
	TicketTypeIDs []string `json:"ticketTypeIds"`
	Size          int      `json:"size"`
	Held          int      `json:"held"`
	Sold          int      `json:"sold"`
	Allotted      int      `json:"allotted,omitempty"` // set apart for posters, and not sold by them yet
}

// Covers reports whether a ticket of the type for the performance counts
// against q.
func (q Quota) Covers(performanceID, ticketTypeID string) bool {
	return q.PerformanceID == performanceID && slices.Contains(q.TicketTypeIDs, ticketTypeID)
}

// Available is size − held − sold − allotted, in seats.
func (q Quota) Available() int { return q.Size - q.Held - q.Sold - q.Allotted }

// Taken is how many seats the quota cannot do without.
func (q Quota) Taken() int { return q.Held + q.Sold + q.Allotted }

// Allot returns q with so many more seats set apart for posters, or fewer.
func (q Quota) Allot(seats int) (Quota, error) {
	q.Allotted += seats
	if q.Allotted < 0 || q.Available() < 0 {
		return q, fmt.Errorf("quota %s of %d cannot have %d set apart beside %d held and %d sold", q.ID, q.Size, q.Allotted, q.Held, q.Sold)
	}
	return q, nil
}

// Change returns q as the fact has it. A size below what is taken is an error.
func (q Quota) Change(f QuotaChangedFact) (Quota, error) {
	if f.Size < q.Taken() {
		return q, fmt.Errorf("quota %s cannot shrink to %d: %d are taken", q.ID, f.Size, q.Taken())
	}
	q.TicketTypeIDs, q.Size = f.TicketTypeIDs, f.Size
	return q, nil
}

// Move returns q with seats moved into and out of held and sold. A move that
// would take more than there is, or give back more than was taken, is an
// error: the book would contradict itself.
func (q Quota) Move(held, sold int) (Quota, error) {
	q.Held += held
	q.Sold += sold
	if q.Held < 0 || q.Sold < 0 || q.Available() < 0 {
		return q, fmt.Errorf("quota %s of %d cannot have %d held and %d sold", q.ID, q.Size, q.Held, q.Sold)
	}
	return q, nil
}

// Claim is the seats that one order takes out of one quota.
type Claim struct {
	QuotaID string `json:"quotaId"`
	Seats   int    `json:"seats"`
}

// HoldState says what an order's claims are at the moment.
type HoldState string

// The states of a hold.
const (
	Held     HoldState = "held"     // somebody may still pay for the seats
	Sold     HoldState = "sold"     // paid
	Released HoldState = "released" // Stripe proved that nobody can pay
)

// Hold is an order's claim on quotas.
type Hold struct {
	State  HoldState `json:"state"`
	Claims []Claim   `json:"claims"`
}

// SeatMove is what a change of hold does to one quota, in seats.
type SeatMove struct {
	QuotaID    string
	Held, Sold int
}

// Moves says what it does to each quota when after takes h's place.
func (h Hold) Moves(after Hold) (moves []SeatMove) {
	add := func(hold Hold, sign int) {
		if hold.State != Held && hold.State != Sold {
			return
		}
		for _, c := range hold.Claims {
			i := slices.IndexFunc(moves, func(m SeatMove) bool { return m.QuotaID == c.QuotaID })
			if i < 0 {
				i = len(moves)
				moves = append(moves, SeatMove{QuotaID: c.QuotaID})
			}
			if hold.State == Held {
				moves[i].Held += sign * c.Seats
			} else {
				moves[i].Sold += sign * c.Seats
			}
		}
	}
	add(h, -1)
	add(after, +1)
	return slices.DeleteFunc(moves, func(m SeatMove) bool { return m.Held == 0 && m.Sold == 0 })
}
