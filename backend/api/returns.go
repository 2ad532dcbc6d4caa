package api

import (
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// Refund is money that goes back to the buyer.
type Refund struct {
	ID        string                 `json:"id"`
	StripeID  string                 `json:"stripeId,omitempty"`
	Amount    money.Amount           `json:"amount"`
	Status    boxoffice.RefundStatus `json:"status" enum:"asked,pending,requires_action,succeeded,failed,canceled,refused" doc:"asked: Stripe has not answered. refused: Stripe made none. All others are Stripe's; one that succeeded can still fail."`
	External  bool                   `json:"external" doc:"Made in Stripe's Dashboard, or by another program."`
	By        string                 `json:"by,omitempty" doc:"Who asked for it."`
	Note      string                 `json:"note,omitempty"`
	CreatedAt time.Time              `json:"createdAt"`
	Failure   string                 `json:"failure,omitempty" doc:"Stripe's word for why it came back."`
	Problem   *Trouble               `json:"problem,omitempty" doc:"Why Stripe made none."`
	TicketIDs []string               `json:"ticketIds" doc:"The tickets that it pays back, as far as somebody said."`
	Answered  bool                   `json:"answered" doc:"It is known which tickets it is for, and be it none."`
}

// Dispute is a buyer's bank asking for the money back.
type Dispute struct {
	ID         string                  `json:"id"`
	Amount     money.Amount            `json:"amount"`
	Status     boxoffice.DisputeStatus `json:"status" enum:"warning_needs_response,warning_under_review,warning_closed,needs_response,under_review,lost,won"`
	Reason     string                  `json:"reason" doc:"Stripe's word, such as fraudulent."`
	CreatedAt  time.Time               `json:"createdAt"`
	DueBy      *time.Time              `json:"dueBy,omitempty" doc:"Until when Stripe takes evidence."`
	Withdrawn  int64                   `json:"withdrawn" doc:"Taken from the account, in minor units."`
	Reinstated int64                   `json:"reinstated" doc:"And given back."`
}

func refundViews(refunds []boxoffice.Refund) []Refund {
	views := []Refund{}
	for _, r := range refunds {
		v := Refund{
			ID: r.ID, StripeID: r.StripeID, Amount: r.Amount, Status: r.Status, External: r.External, By: r.By, Note: r.Note,
			CreatedAt: r.CreatedAt, Failure: r.Failure, TicketIDs: append([]string{}, r.TicketIDs...), Answered: r.Answered,
		}
		if p := r.Problem; p != nil {
			v.Problem = &Trouble{Code: Code(p.Code), Detail: p.Detail, Next: p.Next}
		}
		views = append(views, v)
	}
	return views
}

func disputeViews(disputes []boxoffice.Dispute) []Dispute {
	views := []Dispute{}
	for _, d := range disputes {
		v := Dispute{ID: d.ID, Amount: d.Amount, Status: d.Status, Reason: d.Reason, CreatedAt: d.CreatedAt, Withdrawn: d.Withdrawn, Reinstated: d.Reinstated}
		if !d.DueBy.IsZero() {
			v.DueBy = &d.DueBy
		}
		views = append(views, v)
	}
	return views
}

// tellReturns is what an entry of an order's or a discrepancy's story says of
// money that went back, or of what was decided about it.
func tellReturns(m Moment, f boxoffice.Fact) Moment {
	switch f := f.(type) {
	case boxoffice.RefundAskedFact:
		m.Amount, m.By, m.Note, m.Tickets = &f.Refund.Amount, f.Refund.By, f.Refund.Note, len(f.Refund.TicketIDs)
	case boxoffice.RefundRecordedFact:
		m.Amount, m.Status = &f.Refund.Amount, string(f.Refund.Status)
		m.Detail, m.External = f.Refund.Failure, f.Refund.External
	case boxoffice.RefundRefusedFact:
		m.Detail = f.Problem.Detail
	case boxoffice.DisputeRecordedFact:
		m.Amount, m.Status, m.Detail = &f.Dispute.Amount, string(f.Dispute.Status), f.Dispute.Reason
	case boxoffice.TicketsVoidedFact:
		m.By, m.Note, m.Tickets = f.By, f.Note, len(f.TicketIDs)
	case boxoffice.DiscrepancyResolvedFact:
		m.Detail, m.By, m.Note = string(f.Resolution.Action), f.Resolution.By, f.Resolution.Note
		if left := f.Resolution.Left; left != nil && *left == 0 {
			m.Detail = "noted"
		}
	}
	return m
}
