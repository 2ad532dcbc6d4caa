package boxoffice

import (
	"fmt"
	"slices"
)

// TicketsVoidedFact says that tickets admit nobody any more, and gives their
// seats free. With a refund it answers which tickets that was for; it may be
// none.
type TicketsVoidedFact struct {
	OrderID   string   `json:"orderId"`
	RefundID  string   `json:"refundId,omitempty"`
	TicketIDs []string `json:"ticketIds"`
	Claims    []Claim  `json:"claims"`         // the seats that come free
	By        string   `json:"by,omitempty"`   // who said so; "" where it followed from a refund of everything
	Note      string   `json:"note,omitempty"` // why
}

// Kind names the fact.
func (TicketsVoidedFact) Kind() Kind { return KindTicketsVoided }

// About is the order's id.
func (f TicketsVoidedFact) About() string { return f.OrderID }

// Valid are the tickets of the order that admit somebody.
func (o Order) Valid() []Ticket {
	return slices.DeleteFunc(slices.Clone(o.Tickets), func(t Ticket) bool { return t.Void })
}

// Unanswered are the refunds of which nobody has said yet which tickets they
// are for.
func (o Order) Unanswered() (open []Refund) {
	for _, r := range o.Refunds {
		if !r.Answered && r.Status.Gone() && len(o.Valid()) > 0 {
			open = append(open, r)
		}
	}
	return open
}

// Freed are the seats that come free when the tickets become void, as the
// quotas are now. With the last tickets goes all that the order still has.
func (o Order) Freed(quotas []Quota, ticketIDs []string) []Claim {
	var gone, rest []Ticket
	for _, t := range o.Valid() {
		if slices.Contains(ticketIDs, t.ID) {
			gone = append(gone, t)
		} else {
			rest = append(rest, t)
		}
	}
	if len(rest) == 0 {
		return slices.Clone(o.Hold.Claims)
	}
	freed := []Claim{}
	for _, c := range o.Hold.Claims {
		i := slices.IndexFunc(quotas, func(q Quota) bool { return q.ID == c.QuotaID })
		if i < 0 {
			continue
		}
		seats := 0
		for _, t := range gone {
			if quotas[i].Covers(t.PerformanceID, t.TicketTypeID) {
				seats++
			}
		}
		if seats = min(seats, c.Seats); seats > 0 {
			freed = append(freed, Claim{QuotaID: c.QuotaID, Seats: seats})
		}
	}
	return freed
}

// void makes the tickets void and gives up their seats.
func (o Order) void(f TicketsVoidedFact) (Order, error) {
	o.Tickets, o.Hold.Claims, o.Refunds = slices.Clone(o.Tickets), slices.Clone(o.Hold.Claims), slices.Clone(o.Refunds)
	for _, id := range f.TicketIDs {
		i := slices.IndexFunc(o.Tickets, func(t Ticket) bool { return t.ID == id })
		if i < 0 || o.Tickets[i].Void {
			return o, fmt.Errorf("order %s has no valid ticket %s", o.Code, id)
		}
		o.Tickets[i].Void = true
	}
	for _, c := range f.Claims {
		i := slices.IndexFunc(o.Hold.Claims, func(own Claim) bool { return own.QuotaID == c.QuotaID })
		if i < 0 || c.Seats < 0 || c.Seats > o.Hold.Claims[i].Seats {
			return o, fmt.Errorf("order %s has not %d seats of quota %s", o.Code, c.Seats, c.QuotaID)
		}
		o.Hold.Claims[i].Seats -= c.Seats
	}
	o.Hold.Claims = slices.DeleteFunc(o.Hold.Claims, func(c Claim) bool { return c.Seats == 0 })
	if f.RefundID != "" {
		i := slices.IndexFunc(o.Refunds, func(r Refund) bool { return r.ID == f.RefundID })
		if i < 0 {
			return o, fmt.Errorf("order %s has no refund %s", o.Code, f.RefundID)
		}
		o.Refunds[i].Answered, o.Refunds[i].TicketIDs = true, f.TicketIDs
	}
	return o, nil
}
