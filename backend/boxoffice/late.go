package boxoffice

import (
	"fmt"
	"slices"
	"time"

	"willcall/backend/money"
)

// Reason says why money fits no order.
type Reason string

// The reasons for a discrepancy.
const (
	UnknownOrder  Reason = "unknown_order"  // paid for an order of this book that it does not have
	WrongAmount   Reason = "wrong_amount"   // not what the order costs
	WrongCurrency Reason = "wrong_currency" // not the order's currency
	WrongMode     Reason = "wrong_mode"     // test money in a live book, or the reverse
	NoRoom        Reason = "no_room"        // paid after its seats were given free, and sold
	PaidTwice     Reason = "paid_twice"     // the order was paid before
	RefundCame    Reason = "refund_failed"  // a refund came back after its tickets were void; no new money
	Elsewhere     Reason = "elsewhere"      // another program of the account sold it; nobody here need do anything
)

// DiscrepancyFoundFact keeps money that fits no order, so that somebody sees it.
type DiscrepancyFoundFact struct {
	Discrepancy Discrepancy `json:"discrepancy"`
}

// Discrepancy is money at Stripe that the book could not place. One session
// and reason is one discrepancy, however often it is seen.
type Discrepancy struct {
	ID              string       `json:"id"`
	OrderID         string       `json:"orderId,omitempty"` // the order that it was meant for, if that is known
	PosterID        string       `json:"posterId,omitempty"`
	SessionID       string       `json:"sessionId"`
	PaymentIntentID string       `json:"paymentIntentId,omitempty"`
	Amount          money.Amount `json:"amount"`
	Reason          Reason       `json:"reason"`
	FoundAt         time.Time    `json:"foundAt,omitzero"` // when its entry was written

	ChargeID   string       `json:"chargeId,omitempty"`
	PaidAt     time.Time    `json:"paidAt,omitzero"`    // by Stripe's clock
	Expected   money.Amount `json:"expected,omitzero"`  // what the order costs
	RefundID   string       `json:"refundId,omitempty"` // of RefundCame: the refund that came back
	Besides    []string     `json:"besides,omitempty"`  // of RefundCame: the order's refunds of which somebody had said by then what they were for
	BuyerName  string       `json:"buyerName,omitempty"`
	BuyerEmail string       `json:"buyerEmail,omitempty"`
	Card       Card         `json:"card,omitzero"`
	Resolution *Resolution  `json:"resolution,omitempty"` // what somebody did about it
	Kept       int64        `json:"kept,omitempty"`       // what somebody kept of it before the rest came back, in minor units
	Returns
}

// LateAction is what can be done about money without a place.
type LateAction string

// The actions of the late-money desk.
const (
	ActSeat   LateAction = "seat"   // give seats for it
	ActRefund LateAction = "refund" // give it back
	ActKeep   LateAction = "keep"   // keep it as a donation, or as settled in another way
)

// Resolution is what somebody did about money without a place.
type Resolution struct {
	Action   LateAction `json:"action"`
	By       string     `json:"by"`
	Note     string     `json:"note,omitempty"`
	At       time.Time  `json:"at,omitzero"`        // when its entry was written
	OrderID  string     `json:"orderId,omitempty"`  // the order that it was seated as
	RefundID string     `json:"refundId,omitempty"` // the refund that gives it back
	Left     *int64     `json:"left,omitempty"`     // of ActKeep: what was left to keep, in minor units; nil in books of old
}

// Counts reports whether the money came in besides what the orders have: false
// where an order has it, or where it was an order's all along.
func (d Discrepancy) Counts() bool {
	return d.Reason != RefundCame && !d.seated()
}

// Left is what of the money is still here, in minor units, and was not kept
// before the rest came back. A bank takes of what was kept first: the buyer has
// that money again.
func (d Discrepancy) Left() int64 {
	return d.Amount.Minor - d.Refunded() - max(d.Disputed(), d.Kept)
}

// Waiting reports whether somebody has to do something about it. A payment of
// nothing waits too: its buyer has no seat.
func (d Discrepancy) Waiting() bool {
	return d.Reason != Elsewhere && d.Resolution == nil && (d.Left() > 0 || d.Amount.Zero())
}

// Actions are what can be done about it, by reason alone: whether there is
// room for it is for the desk to see.
func (d Discrepancy) Actions() []LateAction {
	switch {
	case !d.Waiting():
		return nil
	case d.Reason == RefundCame, d.Kept > 0:
		return []LateAction{ActRefund, ActKeep}
	case d.Reason == WrongMode || d.PaymentIntentID == "":
		return []LateAction{ActKeep}
	default:
		return []LateAction{ActSeat, ActRefund, ActKeep}
	}
}

// DiscrepancyResolvedFact says what somebody did about money without a place.
// OrderID is the order that it was meant for: if it still holds seats for this
// money, they come free, before the Order takes its own.
type DiscrepancyResolvedFact struct {
	DiscrepancyID string     `json:"discrepancyId"`
	OrderID       string     `json:"orderId,omitempty"`
	Resolution    Resolution `json:"resolution"`
	Order         *Order     `json:"order,omitempty"` // of ActSeat: what it was seated as
}

// Kind names the fact.
func (DiscrepancyResolvedFact) Kind() Kind { return KindDiscrepancyResolved }

// About is the order that the money was meant for.
func (f DiscrepancyResolvedFact) About() string { return f.OrderID }

// Apply returns the discrepancy as f leaves it, seen when the entry was
// written. A refund that came to nothing lets it wait again: all that is left, or
// what came back beside what somebody kept.
func (d Discrepancy) Apply(f Fact, at time.Time) (Discrepancy, error) {
	if resolved, ok := f.(DiscrepancyResolvedFact); ok {
		return d.resolve(resolved, at)
	}
	if d.seated() {
		return d, fmt.Errorf("discrepancy %s is seated: its money is that of order %s", d.ID, d.Resolution.OrderID)
	}
	if asked, ok := f.(RefundAskedFact); ok {
		if err := d.mayAsk(asked.Refund, d.Amount); err != nil {
			return d, fmt.Errorf("discrepancy %s: %w", d.ID, err)
		}
	}
	returns, err := d.Returns.Apply(f)
	if err != nil {
		return d, fmt.Errorf("discrepancy %s: %w", d.ID, err)
	}
	left := d.Left()
	d.Returns = returns
	if d.Resolution == nil {
		return d, nil
	}
	recorded, _ := f.(RefundRecordedFact)
	if recorded.CameBack && d.Resolution.Action == ActKeep {
		d.Kept += max(0, left)
	}
	if r, ok := d.RefundByID(d.Resolution.RefundID); recorded.CameBack || ok && !r.Status.Gone() {
		return d.Reopened(), nil
	}
	return d, nil
}

// resolve notes what somebody did. What is not there cannot be done: money is
// given back by a refund, and seated in an order, which takes over what was
// given back of it. A refund that Stripe may not have seen yet would be lost on
// the way to the order.
func (d Discrepancy) resolve(f DiscrepancyResolvedFact, at time.Time) (Discrepancy, error) {
	r := f.Resolution
	asked := slices.ContainsFunc(d.Refunds, func(r Refund) bool { return r.Status == RefundAsked })
	var why string
	switch seat := r.Action == ActSeat; {
	case d.Resolution != nil:
		why = "was resolved already"
	case f.OrderID != d.OrderID:
		why = "was not meant for order " + f.OrderID
	case seat != (f.Order != nil), seat && f.Order.ID != r.OrderID:
		why = "is seated by an order, and by nothing else"
	case seat && (!d.Waiting() || d.Reason == RefundCame || asked):
		why = "has no money to seat, or a refund on the way"
	case (r.Action == ActRefund) != (r.RefundID != ""):
		why = "is given back by a refund, and by nothing else"
	case !seat && r.Action != ActRefund && r.Action != ActKeep:
		why = "cannot have done to it: " + string(r.Action)
	default:
		r.At = at
		d.Resolution = &r
		return d, nil
	}
	return d, fmt.Errorf("discrepancy %s %s", d.ID, why)
}

// seated reports whether an order has the money.
func (d Discrepancy) seated() bool { return d.Resolution != nil && d.Resolution.Action == ActSeat }

// Reopened waits again: the refund that settled it came to nothing.
func (d Discrepancy) Reopened() Discrepancy {
	d.Resolution = nil
	return d
}

// Yield ends the tender that the money came by, when it was placed elsewhere:
// its order holds no seats for it any more.
func (o Order) Yield(f DiscrepancyResolvedFact, sessionID string, at time.Time) Order {
	i := slices.IndexFunc(o.Tenders, func(t Tender) bool { return sessionID != "" && t.SessionID == sessionID && !t.State.Final() })
	if i < 0 {
		return o
	}
	o.Tenders, o.UpdatedAt = slices.Clone(o.Tenders), at
	o.Tenders[i].State = TenderFailed
	o.Tenders[i].Problem = &Problem{
		Code:   CodeStripeRefused,
		Detail: "The money that came did not fit this order. The late-money desk dealt with it: " + string(f.Resolution.Action) + ".",
		Next:   "Look at the late-money desk for what became of it.",
	}
	o.Hold.State = o.holdState()
	return o
}
