package boxoffice

import (
	"fmt"
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

// rank orders the statuses: a refund only moves to a higher one.
func (s RefundStatus) rank() int {
	switch s {
	case RefundAsked:
		return 1
	case RefundPending:
		return 2
	case RefundNeedsAction:
		return 3
	case RefundSucceeded:
		return 4
	case RefundFailed, RefundCanceled, RefundRefused:
		return 5
	default:
		return 0
	}
}

// Final reports whether Stripe need not be asked for it any more. A success can
// still fail; Stripe's events and the nightly sweep tell.
func (s RefundStatus) Final() bool { return s.rank() >= RefundSucceeded.rank() }

// Gone reports whether its money is the buyer's, or on the way there.
func (s RefundStatus) Gone() bool {
	return s.rank() >= RefundAsked.rank() && s.rank() <= RefundSucceeded.rank()
}

// Refund is money that goes back to the buyer.
type Refund struct {
	ID              string       `json:"id"`                 // ours, rfd_…; of one that another program made, Stripe's
	StripeID        string       `json:"stripeId,omitempty"` // re_…
	PaymentIntentID string       `json:"paymentIntentId"`
	ChargeID        string       `json:"chargeId,omitempty"`
	Amount          money.Amount `json:"amount"`
	Status          RefundStatus `json:"status"`
	External        bool         `json:"external,omitempty"`  // made in the Dashboard, or by another program
	TicketIDs       []string     `json:"ticketIds,omitempty"` // the tickets that it pays back, as far as somebody said
	Answered        bool         `json:"answered,omitempty"`  // it is known which tickets it is for
	By              string       `json:"by,omitempty"`        // who asked for it
	Note            string       `json:"note,omitempty"`
	CreatedAt       time.Time    `json:"createdAt"`         // by Stripe's clock
	Failure         string       `json:"failure,omitempty"` // Stripe's word for why it failed, such as "expired_or_canceled_card"
	Problem         *Problem     `json:"problem,omitempty"` // why it was refused
}

// Returns is the money of a payment that went back, or may go back.
type Returns struct {
	Refunds  []Refund  `json:"refunds,omitempty"`
	Disputes []Dispute `json:"disputes,omitempty"`
}

// Refunded is how much went back by refunds or is on its way, in minor units.
func (r Returns) Refunded() int64 {
	var sum int64
	for _, f := range r.Refunds {
		if f.Status.Gone() {
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
	Refund Refund `json:"refund"`
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
// an error.
func (r Returns) Apply(f Fact) (Returns, error) {
	r.Refunds = append([]Refund(nil), r.Refunds...)
	r.Disputes = append([]Dispute(nil), r.Disputes...)
	switch f := f.(type) {
	case RefundAskedFact:
		if _, known := r.RefundByID(f.Refund.ID); known {
			return r, fmt.Errorf("refund %s is in the book already", f.Refund.ID)
		}
		r.Refunds = append(r.Refunds, f.Refund)
	case RefundRecordedFact:
		for i, old := range r.Refunds {
			if old.ID != f.Refund.ID && (old.StripeID == "" || old.StripeID != f.Refund.StripeID) {
				continue
			}
			if f.Refund.Status.rank() <= old.Status.rank() {
				return r, fmt.Errorf("refund %s is %s: %s cannot follow", old.ID, old.Status, f.Refund.Status)
			}
			r.Refunds[i].Status, r.Refunds[i].StripeID, r.Refunds[i].ChargeID = f.Refund.Status, f.Refund.StripeID, f.Refund.ChargeID
			r.Refunds[i].Failure, r.Refunds[i].Amount, r.Refunds[i].CreatedAt = f.Refund.Failure, f.Refund.Amount, f.Refund.CreatedAt
			return r, nil
		}
		r.Refunds = append(r.Refunds, f.Refund)
	case RefundRefusedFact:
		for i, old := range r.Refunds {
			if old.ID == f.RefundID && old.Status == RefundAsked {
				r.Refunds[i].Status, r.Refunds[i].Problem = RefundRefused, &f.Problem
				return r, nil
			}
		}
		return r, fmt.Errorf("no refund %s waits for an answer", f.RefundID)
	case DisputeRecordedFact:
		for i, old := range r.Disputes {
			if old.ID == f.Dispute.ID {
				r.Disputes[i] = old.Merge(f.Dispute)
				return r, nil
			}
		}
		r.Disputes = append(r.Disputes, f.Dispute)
	}
	return r, nil
}

// Brings reports whether a refund as Stripe has it tells more than r.
func (r Returns) Brings(f Refund) bool {
	old, known := r.RefundByID(f.ID)
	if !known {
		old, known = r.RefundByID(f.StripeID)
	}
	return !known || f.Status.rank() > old.Status.rank()
}
