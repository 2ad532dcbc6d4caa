package boxoffice

import (
	"fmt"
	"slices"
	"time"

	"willcall/backend/money"
)

// RefundStatus is how far a refund has come.
type RefundStatus string

// The statuses of a refund, in the order they can follow each other. All but
// the first and the last are Stripe's. One that succeeded can still fail weeks
// later (docs.stripe.com/refunds#failed-refunds).
const (
	RefundAsked       RefundStatus = "asked" // recorded; Stripe's answer is not known yet
	RefundPending     RefundStatus = "pending"
	RefundNeedsAction RefundStatus = "requires_action" // Stripe waits for the buyer's bank details
	RefundSucceeded   RefundStatus = "succeeded"
	RefundFailed      RefundStatus = "failed"   // the money came back to the account
	RefundCanceled    RefundStatus = "canceled" // it never left
	RefundRefused     RefundStatus = "refused"  // Stripe provably made none
)

// rank orders the statuses: a refund only moves to a higher one. A word that is
// not known here, of a later version of Stripe's, is as pending: the money is
// taken to be on its way, and Stripe is asked again.
func (s RefundStatus) rank() int {
	switch s {
	case RefundAsked:
		return 1
	case RefundNeedsAction:
		return 3
	case RefundSucceeded:
		return 4
	case RefundFailed, RefundCanceled, RefundRefused:
		return 5
	default: // RefundPending
		return 2
	}
}

// follows reports whether Stripe's word seen can come after s. What the book
// believed to be refused, and Stripe has all the same, is what Stripe says.
func (s RefundStatus) follows(seen RefundStatus) bool {
	return seen.rank() > s.rank() || s == RefundRefused && seen != RefundRefused
}

// Final reports whether Stripe need not be asked for it any more. A success can
// still fail; Stripe's events and the nightly sweep tell.
func (s RefundStatus) Final() bool { return s.rank() >= RefundSucceeded.rank() }

// Gone reports whether its money is the buyer's, or on the way there.
func (s RefundStatus) Gone() bool { return s.rank() <= RefundSucceeded.rank() }

// Refund is money that goes back to the buyer.
type Refund struct {
	ID              string       `json:"id"`                 // ours, rfd_…; of one that another program made, Stripe's
	StripeID        string       `json:"stripeId,omitempty"` // re_…
	PaymentIntentID string       `json:"paymentIntentId"`
	ChargeID        string       `json:"chargeId,omitempty"`
	Amount          money.Amount `json:"amount"` // in the currency of the payment
	Status          RefundStatus `json:"status"`
	External        bool         `json:"external,omitempty"`  // made in the Dashboard, or by another program
	TicketIDs       []string     `json:"ticketIds,omitempty"` // the tickets that it pays back, as far as somebody said
	Answered        bool         `json:"answered,omitempty"`  // it is known which tickets it is for
	By              string       `json:"by,omitempty"`        // who asked for it
	Note            string       `json:"note,omitempty"`
	Asked           string       `json:"asked,omitempty"`   // fingerprint of what was asked for
	CreatedAt       time.Time    `json:"createdAt"`         // by Stripe's clock
	Failure         string       `json:"failure,omitempty"` // Stripe's word for why it failed, such as "expired_or_canceled_card"
	Problem         *Problem     `json:"problem,omitempty"` // why it was refused
}

// Returns is the money of a payment that went back, or may go back.
type Returns struct {
	Refunds  []Refund  `json:"refunds,omitempty"`
	Disputes []Dispute `json:"disputes,omitempty"`
}

// Refunded is how much went back by refunds, is on its way, or was asked for,
// in minor units: what cannot be asked for a second time.
func (r Returns) Refunded() int64 {
	sum := r.Accepted()
	for _, f := range r.Refunds {
		if f.Status == RefundAsked {
			sum += f.Amount.Minor
		}
	}
	return sum
}

// Accepted is how much went back or is on its way by refunds that Stripe has,
// in minor units. What was only asked for may still be refused.
func (r Returns) Accepted() int64 {
	var sum int64
	for _, f := range r.Refunds {
		if f.Status.Gone() && f.Status != RefundAsked {
			sum += f.Amount.Minor
		}
	}
	return sum
}

// Disputed is how much the buyers' banks hold back, in minor units.
func (r Returns) Disputed() int64 {
	var sum int64
	for _, d := range r.Disputes {
		sum += d.Withdrawn - d.Reinstated
	}
	return sum
}

// RefundByID finds a refund by our id or by Stripe's.
func (r Returns) RefundByID(id string) (Refund, bool) {
	for _, f := range r.Refunds {
		if f.ID == id || f.StripeID == id && id != "" {
			return f, true
		}
	}
	return Refund{}, false
}

// DisputeByID finds a dispute.
func (r Returns) DisputeByID(id string) (Dispute, bool) {
	for _, d := range r.Disputes {
		if d.ID == id {
			return d, true
		}
	}
	return Dispute{}, false
}

// OfMoney says whose money a fact is about: an order's, or what is kept as a
// discrepancy. One of the two is set.
type OfMoney struct {
	OrderID       string `json:"orderId,omitempty"`
	DiscrepancyID string `json:"discrepancyId,omitempty"`
}

// About is the order's id, or "".
func (f OfMoney) About() string { return f.OrderID }

// Money says whose money the fact is about.
func (f OfMoney) Money() OfMoney { return f }

// moneyFact is a fact that moves a payment's money.
type moneyFact interface {
	Fact
	Money() OfMoney
}

// RefundAskedFact records that somebody wants money to go back, before Stripe
// is asked.
type RefundAskedFact struct {
	OfMoney
	Refund Refund `json:"refund"`
	Intent Intent `json:"intent"`
}

// RefundRecordedFact is a refund as Stripe has it now.
type RefundRecordedFact struct {
	OfMoney
	Refund   Refund `json:"refund"`
	CameBack bool   `json:"cameBack,omitempty"` // of a discrepancy: the book had it as gone, so that somebody must hear of it
}

// RefundRefusedFact says that Stripe provably made no refund.
type RefundRefusedFact struct {
	OfMoney
	RefundID string  `json:"refundId"`
	Problem  Problem `json:"problem"`
}

// Kind names the fact.
func (RefundAskedFact) Kind() Kind    { return KindRefundAsked }
func (RefundRecordedFact) Kind() Kind { return KindRefundRecorded } //nolint:revive // as above
func (RefundRefusedFact) Kind() Kind  { return KindRefundRefused }  //nolint:revive // as above

// Apply returns r as f leaves it. A refund that would go back in its states is
// an error, with which r is what it was.
func (r Returns) Apply(f Fact) (Returns, error) {
	after := Returns{Refunds: slices.Clone(r.Refunds), Disputes: slices.Clone(r.Disputes)}
	switch f := f.(type) {
	case RefundAskedFact:
		if _, known := r.RefundByID(f.Refund.ID); known || f.Refund.Status != RefundAsked {
			return r, fmt.Errorf("refund %s is in the book already, or is not asked for but %s", f.Refund.ID, f.Refund.Status)
		}
		after.Refunds = append(after.Refunds, f.Refund)
	case RefundRecordedFact:
		i := r.same(f.Refund)
		if i < 0 {
			after.Refunds = append(after.Refunds, r.fresh(f.Refund))
			break
		}
		old := &after.Refunds[i]
		if !old.Status.follows(f.Refund.Status) {
			return r, fmt.Errorf("refund %s is %s: %s cannot follow", old.ID, old.Status, f.Refund.Status)
		}
		old.Status, old.StripeID, old.ChargeID = f.Refund.Status, f.Refund.StripeID, f.Refund.ChargeID
		old.Failure, old.Amount, old.CreatedAt, old.Problem = f.Refund.Failure, f.Refund.Amount, f.Refund.CreatedAt, nil
	case RefundRefusedFact:
		i := slices.IndexFunc(after.Refunds, func(old Refund) bool { return old.ID == f.RefundID && old.Status == RefundAsked })
		if i < 0 {
			return r, fmt.Errorf("no refund %s waits for an answer", f.RefundID)
		}
		after.Refunds[i].Status, after.Refunds[i].Problem = RefundRefused, &f.Problem
	case DisputeRecordedFact:
		i := slices.IndexFunc(after.Disputes, func(old Dispute) bool { return old.ID == f.Dispute.ID })
		if i < 0 {
			after.Disputes = append(after.Disputes, f.Dispute)
			break
		}
		after.Disputes[i] = after.Disputes[i].Merge(f.Dispute)
	}
	return after, nil
}

// Brings reports whether a refund as Stripe has it tells more than r.
func (r Returns) Brings(f Refund) bool {
	i := r.same(f)
	return i < 0 || r.Refunds[i].Status.follows(f.Status)
}

// same finds the refund of r that f is, or gives -1: by Stripe's id, or by ours
// where Stripe's is not known yet. Ours alone is not enough: it stands in the
// metadata, which can be copied to another refund in the Dashboard.
func (r Returns) same(f Refund) int {
	i := slices.IndexFunc(r.Refunds, func(old Refund) bool { return old.StripeID != "" && old.StripeID == f.StripeID })
	if i < 0 {
		i = slices.IndexFunc(r.Refunds, func(old Refund) bool { return old.StripeID == "" && old.ID == f.ID })
	}
	return i
}

// fresh is a refund that r does not have. One that carries the id of another is
// somebody else's, and goes by Stripe's id.
func (r Returns) fresh(f Refund) Refund {
	if _, taken := r.RefundByID(f.ID); taken {
		f.ID, f.External, f.Answered, f.TicketIDs, f.By, f.Note = f.StripeID, true, false, nil, "", ""
	}
	return f
}

// mayAsk refuses to ask for more than is left of a payment.
func (r Returns) mayAsk(f Refund, paid money.Amount) error {
	if left := paid.Minor - r.Refunded(); f.Amount.Currency != paid.Currency || f.Amount.Minor <= 0 || f.Amount.Minor > left {
		return fmt.Errorf("refund %s of %s cannot be asked for: %s are left", f.ID, f.Amount, money.New(left, paid.Currency))
	}
	return nil
}
