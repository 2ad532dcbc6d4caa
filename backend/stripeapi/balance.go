package stripeapi

import (
	"context"
	"time"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/money"
)

// Transaction is one movement of the account's balance: Stripe's own account of
// the money.
type Transaction struct {
	ID           string
	Type         string       // "charge", "payment", "refund", "adjustment", "payout", …
	Category     string       // reporting_category: "charge", "refund", "dispute", "payout", … (docs.stripe.com/reports/reporting-categories)
	Amount       money.Amount // before fees, in the currency that the account is paid in; below zero for what goes out
	Fee          int64        // in minor units of the same; below zero for a fee that is given back
	Net          int64        // the amount less the fee
	Created      time.Time
	AvailableOn  time.Time // when it can be paid out
	SourceID     string    // the charge, refund, dispute or payout that it is of; "" for a fee of Stripe's own
	ExchangeRate string    // as Stripe writes it; "" where nothing was converted
}

// TransactionPage is one page of a list, newest first.
type TransactionPage struct {
	Transactions []Transaction
	More         bool // ask again, after the last one's id
}

// Transactions lists those made from one time to another, both included, to the
// second. after is the id that the page before ended with, or "".
func (c *Client) Transactions(ctx context.Context, from, to time.Time, after string) (TransactionPage, error) {
	t := newTrip(ctx)
	return c.transactions(t, &stripe.BalanceTransactionListParams{ListParams: page(t.ctx, after), CreatedRange: created(from, to)})
}

// TransactionsOf lists what was paid out by a payout, and the payout's own.
// Stripe knows it only of automatic payouts, once they are Reconciled
// (docs.stripe.com/api/balance_transactions/list#balance_transaction_list-payout).
func (c *Client) TransactionsOf(ctx context.Context, payoutID, after string) (TransactionPage, error) {
	t := newTrip(ctx)
	return c.transactions(t, &stripe.BalanceTransactionListParams{ListParams: page(t.ctx, after), Payout: &payoutID})
}

func (c *Client) transactions(t *trip, params *stripe.BalanceTransactionListParams) (TransactionPage, error) {
	transactions, more, err := list(c, t, "/v1/balance_transactions", params, readTransaction)
	return TransactionPage{Transactions: transactions, More: more}, err
}

func readTransaction(in *scan) (b Transaction, named bool) {
	object := ""
	in.object(func(name []byte) {
		switch string(name) {
		case "object":
			object = in.string()
		case "id":
			b.ID = in.string()
		case "type":
			b.Type = in.string()
		case "reporting_category":
			b.Category = in.string()
		case "amount":
			b.Amount.Minor = in.integer()
		case "currency":
			b.Amount.Currency = money.Currency(in.string())
		case "fee":
			b.Fee = in.integer()
		case "net":
			b.Net = in.integer()
		case "created":
			b.Created = unix(in.integer())
		case "available_on":
			b.AvailableOn = unix(in.integer())
		case "source":
			b.SourceID = in.id()
		case "exchange_rate":
			b.ExchangeRate = in.decimal()
		}
	})
	return b, object == "balance_transaction" && b.ID != ""
}
