package stripeapi

import (
	"context"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/money"
)

// Payout is money that Stripe sends to the organizer's bank.
type Payout struct {
	ID             string
	Amount         money.Amount // below zero where Stripe takes from the bank what is owed to it
	Status         PayoutStatus
	Created        time.Time
	ArrivalAt      time.Time // the day on which it should be there
	Automatic      bool      // by the account's schedule: only of such Stripe says what is in it
	Reconciled     bool      // and now it does
	TransactionID  string    // its own balance transaction
	ReturnID       string    // the one that put the money back, of a payout that failed or was canceled
	FailureMessage string    // Stripe's sentence; "" unless it failed
}

// PayoutStatus is Stripe's word for how far a payout has come.
type PayoutStatus string

// The statuses of a payout. One that is paid can still fail within days
// (docs.stripe.com/api/payouts/object#payout_object-status).
const (
	PayoutPending   PayoutStatus = "pending"
	PayoutInTransit PayoutStatus = "in_transit"
	PayoutPaid      PayoutStatus = "paid"
	PayoutFailed    PayoutStatus = "failed"
	PayoutCanceled  PayoutStatus = "canceled"
)

// Payout fetches one.
func (c *Client) Payout(ctx context.Context, id string) (Payout, error) {
	t := newTrip(ctx)
	params := &stripe.PayoutParams{Params: stripe.Params{Context: t.ctx}}
	return fetch(c, t, http.MethodGet, stripe.FormatURLPath("/v1/payouts/%s", id), params, func(in *scan) (Payout, bool) {
		p, ok := readPayout(in)
		return p, ok && p.ID == id
	})
}

// PayoutPage is one page of a list, newest first.
type PayoutPage struct {
	Payouts []Payout
	More    bool // ask again, after the last one's id
}

// Payouts lists those made from one time to another, both included, to the
// second. after is the id that the page before ended with, or "".
func (c *Client) Payouts(ctx context.Context, from, to time.Time, after string) (PayoutPage, error) {
	t := newTrip(ctx)
	params := &stripe.PayoutListParams{ListParams: page(t.ctx, after), CreatedRange: created(from, to)}
	payouts, more, err := list(c, t, "/v1/payouts", params, readPayout)
	return PayoutPage{Payouts: payouts, More: more}, err
}

func readPayout(in *scan) (p Payout, named bool) {
	object := ""
	in.object(func(name []byte) {
		switch string(name) {
		case "object":
			object = in.string()
		case "id":
			p.ID = in.string()
		case "amount":
			p.Amount.Minor = in.integer()
		case "currency":
			p.Amount.Currency = money.Currency(in.string())
		case "status":
			p.Status = PayoutStatus(in.string())
		case "created":
			p.Created = unix(in.integer())
		case "arrival_date":
			p.ArrivalAt = unix(in.integer())
		case "automatic":
			p.Automatic = in.boolean()
		case "reconciliation_status":
			p.Reconciled = in.string() == "completed"
		case "balance_transaction":
			p.TransactionID = in.id()
		case "failure_balance_transaction":
			p.ReturnID = in.id()
		case "failure_message":
			p.FailureMessage = in.string()
		}
	})
	return p, object == "payout" && p.ID != ""
}
