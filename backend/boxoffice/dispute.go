package boxoffice

import (
	"cmp"
	"time"

	"willcall/backend/money"
)

// DisputeStatus is Stripe's word for how far a dispute has come
// (docs.stripe.com/api/disputes/object#dispute_object-status).
type DisputeStatus string

// The statuses of a dispute. Those that begin with warning are inquiries, in
// which no money moves.
const (
	DisputeWarningNeedsResponse DisputeStatus = "warning_needs_response"
	DisputeWarningUnderReview   DisputeStatus = "warning_under_review"
	DisputeWarningClosed        DisputeStatus = "warning_closed"
	DisputeNeedsResponse        DisputeStatus = "needs_response"
	DisputeUnderReview          DisputeStatus = "under_review"
	DisputeLost                 DisputeStatus = "lost"
	DisputeWon                  DisputeStatus = "won"
)

// rank orders the statuses: a dispute only moves to a higher one. An inquiry
// can become a dispute after it was closed.
func (s DisputeStatus) rank() int {
	switch s {
	case DisputeWarningNeedsResponse:
		return 1
	case DisputeWarningUnderReview:
		return 2
	case DisputeWarningClosed:
		return 3
	case DisputeNeedsResponse:
		return 4
	case DisputeUnderReview:
		return 5
	case DisputeLost:
		return 6
	case DisputeWon:
		return 7
	default:
		return 0
	}
}

// Open reports whether the organizer can still do something about it.
func (s DisputeStatus) Open() bool {
	switch s {
	case DisputeWarningNeedsResponse, DisputeWarningUnderReview, DisputeNeedsResponse, DisputeUnderReview:
		return true
	default:
		return false
	}
}

// Dispute is a buyer's bank asking for the money back.
type Dispute struct {
	ID              string        `json:"id"` // dp_…
	PaymentIntentID string        `json:"paymentIntentId"`
	ChargeID        string        `json:"chargeId,omitempty"`
	Amount          money.Amount  `json:"amount"`
	Status          DisputeStatus `json:"status"`
	Reason          string        `json:"reason"` // Stripe's word, such as "fraudulent"
	CreatedAt       time.Time     `json:"createdAt"`
	DueBy           time.Time     `json:"dueBy,omitzero"`       // until when evidence is taken
	Withdrawn       int64         `json:"withdrawn,omitempty"`  // taken from the account, minor units
	Reinstated      int64         `json:"reinstated,omitempty"` // and given back
}

// Merge is what is known after both sights, in whatever order they come: what
// Stripe said last, as far as it can be told, and all money that moved.
func (d Dispute) Merge(seen Dispute) Dispute {
	after := d
	if seen.after(d) {
		after = seen
	}
	after.Withdrawn, after.Reinstated = max(d.Withdrawn, seen.Withdrawn), max(d.Reinstated, seen.Reinstated)
	return after
}

// after reports whether d is the later of two sights of one dispute. Sights
// have no time: a status goes forward, a bank moves its date on, and what is
// left is any rule that is the same for both.
func (d Dispute) after(other Dispute) bool {
	return cmp.Or(
		cmp.Compare(d.Status.rank(), other.Status.rank()),
		d.DueBy.Compare(other.DueBy),
		cmp.Compare(d.Amount.Minor, other.Amount.Minor),
		cmp.Compare(d.Reason, other.Reason),
	) > 0
}

// BringsDispute reports whether a dispute as Stripe has it tells more than r.
func (r Returns) BringsDispute(seen Dispute) bool {
	old, known := r.DisputeByID(seen.ID)
	return !known || old.Merge(seen) != old
}

// DisputeRecordedFact is a dispute as Stripe has it now.
type DisputeRecordedFact struct {
	OfMoney
	Dispute Dispute `json:"dispute"`
}

// Kind names the fact.
func (DisputeRecordedFact) Kind() Kind { return KindDisputeRecorded }
