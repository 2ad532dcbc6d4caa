package stripeapi

import (
	"context"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/money"
)

// Dispute is a buyer's bank that asks for a payment back.
type Dispute struct {
	ID       string
	ChargeID string
	IntentID string       // "" for a charge without one
	Amount   money.Amount // what is disputed: of the charge's currency, and sometimes less than the charge
	Status   DisputeStatus
	Reason   string // such as "fraudulent" or "product_not_received"
	Created  time.Time
	DueBy    time.Time // when evidence must be there; zero where none can be given
	Livemode bool

	// What its balance transactions have moved so far, above zero, in the
	// currency that the account is paid in. An inquiry moves nothing.
	Withdrawn, Reinstated money.Amount
	Fee                   int64 // Stripe's for it, in minor units of the same; less what it gave back
}

// DisputeStatus is Stripe's word for how far a dispute has come.
type DisputeStatus string

// The statuses of a dispute. Those that begin with "warning" are inquiries,
// which move no money (docs.stripe.com/disputes/how-disputes-work#inquiries).
const (
	InquiryNeedsResponse DisputeStatus = "warning_needs_response"
	InquiryUnderReview   DisputeStatus = "warning_under_review"
	InquiryClosed        DisputeStatus = "warning_closed"
	DisputeNeedsResponse DisputeStatus = "needs_response"
	DisputeUnderReview   DisputeStatus = "under_review"
	DisputeWon           DisputeStatus = "won"
	DisputeLost          DisputeStatus = "lost"
)

// Dispute fetches one.
func (c *Client) Dispute(ctx context.Context, id string) (Dispute, error) {
	t := newTrip(ctx)
	params := &stripe.DisputeParams{Params: stripe.Params{Context: t.ctx}}
	return fetch(c, t, http.MethodGet, stripe.FormatURLPath("/v1/disputes/%s", id), params, func(in *scan) (Dispute, bool) {
		d, ok := readDispute(in)
		return d, ok && d.ID == id
	})
}

// DisputePage is one page of a list, newest first.
type DisputePage struct {
	Disputes []Dispute
	More     bool // ask again, after the last one's id
}

// Disputes lists those opened from one time to another, both included, to the
// second. after is the id that the page before ended with, or "".
func (c *Client) Disputes(ctx context.Context, from, to time.Time, after string) (DisputePage, error) {
	t := newTrip(ctx)
	return c.disputes(t, &stripe.DisputeListParams{ListParams: page(t.ctx, after), CreatedRange: created(from, to)})
}

// DisputesOf lists the disputes of one payment.
func (c *Client) DisputesOf(ctx context.Context, intentID, after string) (DisputePage, error) {
	t := newTrip(ctx)
	return c.disputes(t, &stripe.DisputeListParams{ListParams: page(t.ctx, after), PaymentIntent: &intentID})
}

func (c *Client) disputes(t *trip, params *stripe.DisputeListParams) (DisputePage, error) {
	disputes, more, err := list(c, t, "/v1/disputes", params, readDispute)
	return DisputePage{Disputes: disputes, More: more}, err
}

func readDispute(in *scan) (d Dispute, named bool) {
	object := ""
	in.object(func(name []byte) {
		switch string(name) {
		case "object":
			object = in.string()
		case "id":
			d.ID = in.string()
		case "charge":
			d.ChargeID = in.id()
		case "payment_intent":
			d.IntentID = in.id()
		case "amount":
			d.Amount.Minor = in.integer()
		case "currency":
			d.Amount.Currency = money.Currency(in.string())
		case "status":
			d.Status = DisputeStatus(in.string())
		case "reason":
			d.Reason = in.string()
		case "created":
			d.Created = unix(in.integer())
		case "livemode":
			d.Livemode = in.boolean()
		case "evidence_details":
			in.object(func(name []byte) {
				if string(name) == "due_by" {
					d.DueBy = unix(in.integer())
				}
			})
		case "balance_transactions":
			in.array(func() {
				moved, _ := readTransaction(in)
				d.add(moved)
			})
		}
	})
	return d, object == "dispute" && d.ID != ""
}

// add takes in one balance transaction. Those of a dispute are all in one
// currency.
func (d *Dispute) add(moved Transaction) {
	c := moved.Amount.Currency
	d.Withdrawn.Currency, d.Reinstated.Currency = c, c
	if moved.Amount.Minor < 0 {
		d.Withdrawn.Minor -= moved.Amount.Minor
	} else {
		d.Reinstated.Minor += moved.Amount.Minor
	}
	d.Fee += moved.Fee
}
