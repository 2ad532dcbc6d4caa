package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// RefundAsk is what somebody wants to give back of an order.
type RefundAsk struct {
	Decision
	TicketIDs []string // the tickets that it pays back: they become void when Stripe has made the refund
	Amount    int64    // minor units; 0 is what the tickets cost, and without tickets all that is left
	Reason    string   // Stripe's: requested_by_customer, duplicate, fraudulent; "" for none
}

// whole reports whether all that is left is to go back, with all tickets.
func (a RefundAsk) whole() bool { return a.Amount == 0 && len(a.TicketIDs) == 0 }

// Refund asks Stripe to give money back, and returns the order as it then is.
//
// The tickets that it is for stay valid until Stripe has made the refund:
// reconcile makes them void in the transaction that records it, so that a
// refund which Stripe refuses costs nobody a seat. Until then no other refund
// can be for them. An amount without tickets is goodwill, and leaves them be;
// but whatever takes all that is left is for all tickets, since nothing pays for
// them any more, unless a bank holds a part that may come back.
//
// The same ask with the same key gives the money back once. When Stripe
// refused, the error says why, and nothing went back.
func (d *Desk) Refund(ctx context.Context, idOrCode string, ask RefundAsk) (boxoffice.Order, error) {
	ask, err := ask.check()
	if err != nil {
		return boxoffice.Order{}, err
	}
	o, err := d.Order(idOrCode)
	if err != nil {
		return o, err
	}
	id := ask.refundID(o.ID)
	if _, asked := o.RefundByID(id); !asked {
		if o, err = d.askRefund(ctx, o.ID, id, ask); err != nil {
			return o, err
		}
	}
	refund, _ := o.RefundByID(id)
	if !ask.made(refund) {
		return o, otherDecision()
	}
	if refund.Status == boxoffice.RefundAsked {
		d.send(ctx, ledger.RefundKey(id))
		if o, err = d.Order(o.ID); err != nil {
			return o, err
		}
		refund, _ = o.RefundByID(id)
	}
	return o, whyNone(refund)
}

// whyNone is the reason why Stripe made no refund, where it made none.
func whyNone(r boxoffice.Refund) error {
	if r.Status != boxoffice.RefundRefused || r.Problem == nil {
		return nil
	}
	return &boxoffice.Error{Code: r.Problem.Code, Message: r.Problem.Detail, Next: r.Problem.Next}
}

// check looks at the ask alone.
func (a RefundAsk) check() (RefundAsk, error) {
	var err error
	if a.Decision, err = a.Decision.check(); err != nil {
		return a, err
	}
	a.TicketIDs = slices.Compact(slices.Sorted(slices.Values(a.TicketIDs)))
	if !slices.Contains([]string{"", "requested_by_customer", "duplicate", "fraudulent"}, a.Reason) {
		return a, &boxoffice.Error{
			Code:    boxoffice.CodeInvalid,
			Message: "Stripe knows no such reason for a refund. No money was moved.",
			Next:    "Choose that the buyer asked for it, that it was paid twice, or that it was fraud.",
		}
	}
	return a, nil
}

// fingerprint tells the ask from any other. What was seen is no part of it: books
// have it as 0.
func (a RefundAsk) fingerprint() string {
	a.Key, a.Left = "", new(int64)
	return fingerprint(a)
}

// made reports whether the refund is what the ask with its key made. What became
// of it is no measure: it can be of more tickets, or rounded to what the buyer
// paid in. One of an older book has nothing else.
func (a RefundAsk) made(r boxoffice.Refund) bool {
	switch {
	case r.Asked != "":
		return r.Asked == a.fingerprint()
	case a.By != r.By || a.Note != r.Note, a.Amount != 0 && a.Amount != r.Amount.Minor:
		return false
	case a.whole():
		return true
	default:
		return slices.Equal(a.TicketIDs, slices.Sorted(slices.Values(r.TicketIDs)))
	}
}

// askRefund records what Stripe will be asked, unless the key has done so: of
// any number who ask at once, no more goes back than there is.
func (d *Desk) askRefund(ctx context.Context, orderID, id string, ask RefundAsk) (o boxoffice.Order, err error) {
	stripeNow, err := d.clock(ctx)
	if err != nil {
		return o, err
	}
	err = d.opt.Book.Update(func(tx *ledger.Tx) error {
		if o, err = find(tx, orderID); err != nil {
			return err
		}
		if _, asked := o.RefundByID(id); asked {
			return nil
		}
		refund, err := refundOf(o, ask)
		if err != nil {
			return err
		}
		refund.ID = id
		if err := d.appendRefund(tx, boxoffice.OfMoney{OrderID: o.ID}, refund, ask.Reason, metadata(o.ID, o.Code), stripeNow); err != nil {
			return err
		}
		o, err = find(tx, orderID)
		return err
	})
	return o, err
}

func metadata(orderID, code string) map[string]string {
	m := map[string]string{}
	if orderID != "" {
		m[boxoffice.MetadataOrder] = orderID
	}
	if code != "" {
		m[boxoffice.MetadataCode] = code
	}
	return m
}

// appendRefund writes that the refund is wanted, with what Stripe will be asked
// for it.
func (d *Desk) appendRefund(tx *ledger.Tx, of boxoffice.OfMoney, r boxoffice.Refund, reason string, meta map[string]string, stripeNow time.Time) error {
	opened, _, err := tx.Opened()
	if err != nil {
		return err
	}
	r.Status, r.Answered, r.CreatedAt = boxoffice.RefundAsked, true, stripeNow
	meta[boxoffice.MetadataBook], meta[boxoffice.MetadataRefund] = opened.BookID, r.ID
	_, err = tx.Append(boxoffice.RefundAskedFact{OfMoney: of, Refund: r, Intent: boxoffice.Intent{
		Key: ledger.RefundKey(r.ID), OrderID: of.OrderID, DiscrepancyID: of.DiscrepancyID, RefundID: r.ID, RecordedAt: stripeNow, Asker: d.opt.Stripe.Asker(),
		Refund: &boxoffice.RefundRequest{PaymentIntentID: r.PaymentIntentID, Amount: r.Amount, Reason: reason, Metadata: meta},
	}})
	return err
}

// refundOf is the refund that the ask makes of the order, or says why there
// can be none.
func refundOf(o boxoffice.Order, ask RefundAsk) (r boxoffice.Refund, err error) {
	left := Refundable(o)
	if left <= 0 {
		return r, notRefundable(o)
	}
	t, _ := paidTender(o)
	open := refundableTickets(o)
	for _, id := range ask.TicketIDs {
		if !slices.Contains(open, id) {
			return r, ticketGone(o, id)
		}
	}
	amount, tickets := ask.Amount, ask.TicketIDs
	switch {
	case ask.whole():
		amount = left
	case ask.Amount == 0:
		costs := costs(o)
		for _, id := range ask.TicketIDs {
			amount += costs[id]
		}
	}
	if err := refundableAmount(o, amount, left); err != nil {
		return r, err
	}
	if ask.whole() || amount == left && o.Disputed() == 0 {
		if err := ask.sees(left, o.Total.Currency); err != nil {
			return r, err
		}
		tickets = open
	}
	return boxoffice.Refund{
		PaymentIntentID: t.PaymentIntentID, ChargeID: t.ChargeID, Amount: money.New(amount, o.Total.Currency), TicketIDs: tickets, By: ask.By, Note: ask.Note, Asked: ask.fingerprint(),
	}, nil
}

// Refundable is how much of the order Stripe can still give back, in minor
// units: nothing of what is not paid, went back before or is disputed.
func Refundable(o boxoffice.Order) int64 {
	if t, ok := paidTender(o); !ok || t.PaymentIntentID == "" {
		return 0
	}
	return max(0, o.Total.Minor-o.Refunded()-o.Disputed())
}

func paidTender(o boxoffice.Order) (boxoffice.Tender, bool) {
	i := slices.IndexFunc(o.Tenders, func(t boxoffice.Tender) bool { return t.State == boxoffice.TenderPaid })
	if i < 0 {
		return boxoffice.Tender{}, false
	}
	return o.Tenders[i], true
}

// refundableTickets are the valid tickets that no refund is for yet. One that
// Stripe has not answered has its tickets still valid.
func refundableTickets(o boxoffice.Order) []string {
	var open []string
	for _, t := range o.Valid() {
		if !Refunding(o, t.ID) {
			open = append(open, t.ID)
		}
	}
	return open
}

// Refunding reports whether a refund for the ticket is under way or made: it
// cannot be given back once more.
func Refunding(o boxoffice.Order, ticketID string) bool {
	return slices.ContainsFunc(o.Refunds, func(r boxoffice.Refund) bool {
		return r.Status.Gone() && slices.Contains(r.TicketIDs, ticketID)
	})
}

// costs is what each ticket of the order cost, in minor units: an equal share
// of its line, as far as the currency's step allows. Tickets follow each other
// as the lines do.
func costs(o boxoffice.Order) map[string]int64 {
	step, of, i := o.Total.Currency.Step(), map[string]int64{}, 0
	for _, l := range o.LineItems {
		seats := int64(l.Seats())
		for n := range seats {
			if i == len(o.Tickets) {
				return of
			}
			steps := l.Total.Minor / step
			of[o.Tickets[i].ID] = (steps*(n+1)/seats - steps*n/seats) * step
			i++
		}
	}
	return of
}

func notRefundable(o boxoffice.Order) error {
	e := &boxoffice.Error{Code: boxoffice.CodeNotRefundable, Params: map[string]string{"status": string(o.Status())}}
	switch t, ok := paidTender(o); {
	case !ok:
		e.Message = "Order " + o.Code + " is not paid, so there is nothing to give back."
		e.Next = "Cancel it if its code is still open."
	case t.PaymentIntentID == "":
		e.Message = "Order " + o.Code + " cost nothing at Stripe, so there is nothing to give back."
		e.Next = "Make its tickets void, if nobody comes."
	default:
		e.Message = "Nothing of order " + o.Code + " is left to give back: it went back before, or the buyer's bank holds it. No more was moved."
		e.Next = "Look at the order's refunds and disputes."
	}
	return e
}

// ticketGone says why nothing can be done with one of the tickets.
func ticketGone(o boxoffice.Order, ids ...string) error {
	if slices.ContainsFunc(ids, func(id string) bool { return Refunding(o, id) }) {
		return &boxoffice.Error{
			Code:    boxoffice.CodeTicketRefunded,
			Message: "A refund for one of these tickets of order " + o.Code + " is under way, or was made. No more money was moved, and no ticket was changed.",
			Next:    "Look at the order's refunds, and choose among its other tickets.",
		}
	}
	return &boxoffice.Error{
		Code:    boxoffice.CodeUnknownTicket,
		Message: "One of these tickets is no valid ticket of order " + o.Code + ". No money was moved, and no ticket was changed.",
		Next:    "Look at the order again, and choose among the tickets that are valid.",
	}
}

// refundableAmount holds what is to go back against what is left of the order
// and against the currency's rules: the last digit of three decimals must be 0
// in refunds too (docs.stripe.com/currencies#three-decimal).
func refundableAmount(o boxoffice.Order, minor, left int64) error {
	rest, step := money.New(left, o.Total.Currency), o.Total.Currency.Step()
	switch {
	case minor > left:
		return &boxoffice.Error{
			Code:    boxoffice.CodeRefundTooLarge,
			Message: fmt.Sprintf("Of order %s only %s is left to give back. No money was moved.", o.Code, rest),
			Next:    "Enter an amount up to that.",
			Params:  map[string]string{"left": rest.String()},
		}
	case minor < 1:
		return &boxoffice.Error{
			Code:    boxoffice.CodeBadAmount,
			Message: "That is nothing that could be given back. No money was moved.",
			Next:    "Enter an amount above nothing and up to " + rest.String() + ".",
		}
	case minor%step != 0:
		return &boxoffice.Error{
			Code:    boxoffice.CodeBadAmount,
			Message: fmt.Sprintf("Stripe does not give back %s. No money was moved.", money.New(minor, rest.Currency)),
			Next:    fmt.Sprintf("Enter a multiple of %s.", money.New(step, rest.Currency)),
		}
	default:
		return nil
	}
}
