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
		covered := func(tickets []Ticket) (n int) {
			for _, t := range tickets {
				if quotas[i].Covers(t.PerformanceID, t.TicketTypeID) {
					n++
				}
			}
			return n
		}
		// The quota may have been changed to cover more than it did at the sale:
		// those that stay keep what they sit on.
		if seats := min(covered(gone), c.Seats-covered(rest)); seats > 0 {
			freed = append(freed, Claim{QuotaID: c.QuotaID, Seats: seats})
		}
	}
	return freed
}

// void makes the tickets void and gives up their seats. An error leaves o as it
// is.
func (o Order) void(f TicketsVoidedFact) (Order, error) {
	after := o
	after.Tickets, after.Hold.Claims, after.Refunds = slices.Clone(o.Tickets), slices.Clone(o.Hold.Claims), slices.Clone(o.Refunds)
	for _, id := range f.TicketIDs {
		i := slices.IndexFunc(after.Tickets, func(t Ticket) bool { return t.ID == id && !t.Void })
		if i < 0 {
			return o, fmt.Errorf("order %s has no valid ticket %s", o.Code, id)
		}
		after.Tickets[i].Void = true
	}
	for _, c := range f.Claims {
		i := slices.IndexFunc(after.Hold.Claims, func(own Claim) bool { return own.QuotaID == c.QuotaID })
		if i < 0 || c.Seats < 0 || c.Seats > after.Hold.Claims[i].Seats {
			return o, fmt.Errorf("order %s has not %d seats of quota %s", o.Code, c.Seats, c.QuotaID)
		}
		after.Hold.Claims[i].Seats -= c.Seats
	}
	after.Hold.Claims = slices.DeleteFunc(after.Hold.Claims, func(c Claim) bool { return c.Seats == 0 })
	if err := o.seated(f, after); err != nil {
		return o, err
	}
	if f.RefundID == "" {
		return after, nil
	}
	i := slices.IndexFunc(after.Refunds, func(r Refund) bool { return r.ID == f.RefundID })
	if i < 0 {
		return o, fmt.Errorf("order %s has no refund %s", o.Code, f.RefundID)
	}
	after.Refunds[i].Answered = true
	for _, id := range f.TicketIDs {
		if !slices.Contains(after.Refunds[i].TicketIDs, id) {
			after.Refunds[i].TicketIDs = append(slices.Clone(after.Refunds[i].TicketIDs), id)
		}
	}
	return after, nil
}

// seated refuses a fact after which somebody with a valid ticket would have no
// seat, or a seat nobody.
func (o Order) seated(f TicketsVoidedFact, after Order) error {
	switch valid := len(after.Valid()); {
	case o.Hold.State != Sold:
		return fmt.Errorf("order %s is not paid: it has no tickets", o.Code)
	case len(f.TicketIDs) == 0 && (f.RefundID == "" || len(f.Claims) > 0):
		return fmt.Errorf("order %s: no ticket is said to be void", o.Code)
	case valid == 0 && len(f.TicketIDs) > 0 && len(after.Hold.Claims) > 0:
		return fmt.Errorf("order %s would keep seats for nobody", o.Code)
	case valid > 0 && slices.ContainsFunc(f.Claims, func(c Claim) bool { return c.Seats > len(f.TicketIDs) }):
		return fmt.Errorf("order %s would give up more seats than tickets", o.Code)
	}
	return nil
}
