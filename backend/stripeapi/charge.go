package stripeapi

import (
	"context"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/money"
)

// Charge is one attempt to take money, and what came of it.
type Charge struct {
	ID            string // ch_…, or py_… for what is no card
	IntentID      string // "" for one that another program made without one
	Amount        money.Amount
	Captured      bool // false for what is only authorized
	Paid          bool // it went through, or was authorized
	Status        ChargeStatus
	Refunded      int64 // of the amount, in its minor units
	Disputed      bool
	Created       time.Time
	TransactionID string // the balance transaction of its money; "" until there is one
	Livemode      bool
	Metadata      map[string]string
	Description   string
}

// ChargeStatus is Stripe's word for how far a charge has come.
type ChargeStatus string

// The statuses of a charge (docs.stripe.com/api/charges/object#charge_object-status).
const (
	ChargePending   ChargeStatus = "pending" // a debit that the bank has not decided
	ChargeSucceeded ChargeStatus = "succeeded"
	ChargeFailed    ChargeStatus = "failed"
)

// Charge fetches one.
func (c *Client) Charge(ctx context.Context, id string) (Charge, error) {
	t := newTrip(ctx)
	params := &stripe.ChargeParams{Params: stripe.Params{Context: t.ctx}}
	return fetch(c, t, http.MethodGet, stripe.FormatURLPath("/v1/charges/%s", id), params, func(in *scan) (Charge, bool) {
		one, ok := readCharge(in)
		return one, ok && one.ID == id
	})
}

// ChargePage is one page of a list, newest first.
type ChargePage struct {
	Charges []Charge
	More    bool // ask again, after the last one's id
}

// Charges lists those made from one time to another, both included, to the
// second. after is the id that the page before ended with, or "".
func (c *Client) Charges(ctx context.Context, from, to time.Time, after string) (ChargePage, error) {
	t := newTrip(ctx)
	params := &stripe.ChargeListParams{ListParams: page(t.ctx, after), CreatedRange: created(from, to)}
	charges, more, err := list(c, t, "/v1/charges", params, readCharge)
	return ChargePage{Charges: charges, More: more}, err
}

func readCharge(in *scan) (c Charge, named bool) {
	object := ""
	in.object(func(name []byte) {
		switch string(name) {
		case "object":
			object = in.string()
		case "id":
			c.ID = in.string()
		case "payment_intent":
			c.IntentID = in.id()
		case "amount":
			c.Amount.Minor = in.integer()
		case "currency":
			c.Amount.Currency = money.Currency(in.string())
		case "captured":
			c.Captured = in.boolean()
		case "paid":
			c.Paid = in.boolean()
		case "status":
			c.Status = ChargeStatus(in.string())
		case "amount_refunded":
			c.Refunded = in.integer()
		case "disputed":
			c.Disputed = in.boolean()
		case "created":
			c.Created = unix(in.integer())
		case "balance_transaction":
			c.TransactionID = in.id()
		case "livemode":
			c.Livemode = in.boolean()
		case "metadata":
			c.Metadata = in.strings()
		case "description":
			c.Description = in.string()
		}
	})
	return c, object == "charge" && c.ID != ""
}
