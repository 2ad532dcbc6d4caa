package desk

import (
	"slices"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// VoidAsk says which tickets admit nobody any more.
type VoidAsk struct {
	Decision           // the key is not used: a ticket becomes void once
	RefundID  string   // the refund that they answer; "" for none
	TicketIDs []string // of a refund it may be none: it was for no ticket
}

// Void makes tickets void and their seats free, and returns the order. With a
// refund it says which tickets that was for. Saying the same twice is saying
// it once.
func (d *Desk) Void(idOrCode string, ask VoidAsk) (o boxoffice.Order, err error) {
	if ask.Decision, err = ask.signed(); err != nil {
		return o, err
	}
	ask.TicketIDs = slices.Compact(slices.Sorted(slices.Values(ask.TicketIDs)))
	err = d.opt.Book.Update(func(tx *ledger.Tx) error {
		if o, err = find(tx, idOrCode); err != nil {
			return err
		}
		again, err := voidable(o, ask)
		if err != nil || again {
			return err
		}
		c, err := tx.Catalogue()
		if err != nil {
			return err
		}
		f := boxoffice.TicketsVoidedFact{
			OrderID: o.ID, RefundID: ask.RefundID, TicketIDs: append([]string{}, ask.TicketIDs...), Claims: []boxoffice.Claim{}, By: ask.By, Note: ask.Note,
		}
		if len(ask.TicketIDs) > 0 {
			f.Claims = append(f.Claims, o.Freed(c.Quotas, ask.TicketIDs)...)
		}
		if _, err = tx.Append(f); err != nil {
			return err
		}
		o, err = find(tx, o.ID)
		return err
	})
	return o, err
}

// voidable says why the tickets cannot be made void, or that they were so by
// the same ask before.
func voidable(o boxoffice.Order, ask VoidAsk) (again bool, err error) {
	if ask.RefundID != "" {
		r, ok := o.RefundByID(ask.RefundID)
		switch {
		case !ok || r.ID != ask.RefundID:
			return false, &boxoffice.Error{
				Code:    boxoffice.CodeNotPossible,
				Message: "Order " + o.Code + " has no such refund. Its tickets are as they were.",
				Next:    "Reload the order.",
			}
		case r.Answered && slices.Equal(ask.TicketIDs, slices.Sorted(slices.Values(r.TicketIDs))):
			return true, nil
		case r.Answered:
			return false, &boxoffice.Error{
				Code:    boxoffice.CodeAlreadyResolved,
				Message: "Somebody has said before which tickets this refund was for. Nothing was changed.",
				Next:    "Look at the order again.",
			}
		case !r.Status.Gone():
			return false, &boxoffice.Error{
				Code:    boxoffice.CodeNotPossible,
				Message: "This refund came to nothing: the money is still here, and the tickets stay valid.",
				Next:    "Look at the order again.",
			}
		}
	} else if len(ask.TicketIDs) == 0 {
		return false, &boxoffice.Error{
			Code:    boxoffice.CodeInvalid,
			Message: "No ticket was chosen. Nothing was changed.",
			Next:    "Choose the tickets that admit nobody any more.",
		}
	}
	void := 0
	open := refundableTickets(o)
	for _, id := range ask.TicketIDs {
		i := slices.IndexFunc(o.Tickets, func(t boxoffice.Ticket) bool { return t.ID == id })
		switch {
		case i >= 0 && o.Tickets[i].Void && ask.RefundID == "":
			void++
		case !slices.Contains(open, id):
			return false, ticketGone(o, id)
		}
	}
	if void > 0 && void < len(ask.TicketIDs) {
		return false, ticketGone(o, ask.TicketIDs...)
	}
	return void > 0, nil
}
