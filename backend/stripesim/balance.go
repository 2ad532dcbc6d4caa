package stripesim

import (
	"slices"
	"strings"
	"time"
)

// Stripe's price for a payment, and how long it keeps the money back.
// Source: stripe.com/pricing (2.9 % + 30) and docs.stripe.com/payouts (2 days).
const (
	feePerMille = 29
	feeFixed    = 30
	settleAfter = int64(48 * time.Hour / time.Second)
)

// balanceTransaction has the shape of Stripe's balance_transaction.
type balanceTransaction struct {
	ID                string  `json:"id"`
	Object            string  `json:"object"`
	Amount            int64   `json:"amount"` // minor units of currency
	AvailableOn       int64   `json:"available_on"`
	Created           int64   `json:"created"` // seconds
	Currency          string  `json:"currency"`
	Description       *string `json:"description"`
	ExchangeRate      none    `json:"exchange_rate"`
	Fee               int64   `json:"fee"`
	FeeDetails        []fee   `json:"fee_details"`
	Net               int64   `json:"net"`
	ReportingCategory string  `json:"reporting_category"`
	Source            string  `json:"source"`
	Status            string  `json:"status"`
	Type              string  `json:"type"`
}

type fee struct {
	Amount      int64  `json:"amount"`
	Application none   `json:"application"`
	Currency    string `json:"currency"`
	Description string `json:"description"`
	Type        string `json:"type"`
}

func (b *balanceTransaction) key() string { return b.ID }
func (b *balanceTransaction) born() int64 { return b.Created }

// view tells whether the money is there yet.
func (b *balanceTransaction) view(t *tx) any {
	v := *b
	v.Status = b.statusAt(t.now)
	return &v
}

func (b *balanceTransaction) statusAt(now int64) string {
	if now >= b.AvailableOn {
		return "available"
	}
	return pending
}

// newTransaction books the money of c.
func (t *tx) newTransaction(c *charge) *balanceTransaction {
	cost := (c.Amount*feePerMille+500)/1000 + feeFixed
	kind := "charge"
	if strings.HasPrefix(c.ID, "py_") {
		kind = "payment"
	}
	b := &balanceTransaction{
		ID: newID("txn_3", 23), Object: "balance_transaction", Type: kind, ReportingCategory: "charge",
		Amount: c.Amount, Fee: cost, Net: c.Amount - cost, Currency: c.Currency,
		FeeDetails: []fee{{Amount: cost, Currency: c.Currency, Description: "Stripe processing fees", Type: "stripe_fee"}},
		Created:    t.now, AvailableOn: t.now + settleAfter, Source: c.ID, Description: c.Description, Status: pending,
	}
	if platform := c.ApplicationFeeAmount; platform != nil {
		b.Fee, b.Net = b.Fee+*platform, b.Net-*platform
		b.FeeDetails = append(b.FeeDetails, fee{Amount: *platform, Currency: c.Currency, Description: "Application fee", Type: "application_fee"})
	}
	put(&t.wrote.Transactions, b)
	return b
}

func (t *tx) getTransaction() (any, error) {
	if b, ok := t.transaction(t.path("id")); ok {
		return b, nil
	}
	return nil, notFound("balance transaction", t.path("id"), "id")
}

func transactionListFields() fields {
	return listFields().with(fields{"created": timeRange(), "currency": text(0), "source": text(5000), "type": text(0)})
}

func (t *tx) listTransactions() (any, error) {
	a, created := t.args, t.created()
	return list(t, &t.acct.transactions, "balance transaction", "/v1/balance_transactions", func(b *balanceTransaction) bool {
		return created.has(b.Created) && matches(a.at("currency"), &b.Currency) && matches(a.at("source"), &b.Source) && matches(a.at("type"), &b.Type)
	})
}

// balance has the shape of Stripe's balance.
type balance struct {
	Object    string          `json:"object"`
	Available []balanceAmount `json:"available"`
	Livemode  bool            `json:"livemode"`
	Pending   []balanceAmount `json:"pending"`
}

type balanceAmount struct {
	Amount      int64            `json:"amount"`
	Currency    string           `json:"currency"`
	SourceTypes map[string]int64 `json:"source_types"`
}

func (t *tx) getBalance() (any, error) {
	sums := map[string]map[string]int64{"available": {t.acct.profile.Currency: 0}, pending: {t.acct.profile.Currency: 0}}
	for _, b := range t.acct.transactions.byID {
		sums[b.statusAt(t.now)][b.Currency] += b.Net
	}
	return &balance{Object: "balance", Available: balanceAmounts(sums["available"]), Pending: balanceAmounts(sums[pending])}, nil
}

func balanceAmounts(sums map[string]int64) []balanceAmount {
	out := []balanceAmount{}
	for c, sum := range sums {
		out = append(out, balanceAmount{Amount: sum, Currency: c, SourceTypes: map[string]int64{"card": sum}})
	}
	slices.SortFunc(out, func(a, b balanceAmount) int { return strings.Compare(a.Currency, b.Currency) })
	return out
}
