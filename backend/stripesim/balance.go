package stripesim

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Stripe's price for a payment, and how long it keeps the money back: that of a
// debit until the bank has had its time.
// Source: stripe.com/pricing (2.9 % + 30) and docs.stripe.com/payouts (2 days);
// a debit's days are made up, for each way has its own.
const (
	feePerMille      = 29
	feeFixed         = 30
	settleAfter      = int64(48 * time.Hour / time.Second)
	debitSettleAfter = 5 * day
)

// balanceTransaction has the shape of Stripe's balance_transaction.
type balanceTransaction struct {
	ID                string       `json:"id"`
	Object            string       `json:"object"`
	Amount            int64        `json:"amount"` // minor units of currency
	AvailableOn       int64        `json:"available_on"`
	Created           int64        `json:"created"` // seconds
	Currency          string       `json:"currency"`
	Description       *string      `json:"description"`
	ExchangeRate      *json.Number `json:"exchange_rate"` // null unless the payment was in another currency
	Fee               int64        `json:"fee"`
	FeeDetails        []fee        `json:"fee_details"`
	Net               int64        `json:"net"`
	ReportingCategory string       `json:"reporting_category"`
	Source            string       `json:"source"`
	Status            string       `json:"status"`
	Type              string       `json:"type"`
	Undecided         bool         `json:"undecided,omitempty"` // of a debit that its bank has not answered; Stripe does not tell it
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
	v.Status, v.Undecided = b.statusAt(t.now), false
	return &v
}

func (b *balanceTransaction) statusAt(now int64) string {
	if now >= b.AvailableOn && !b.Undecided {
		return "available"
	}
	return pending
}

// book moves money on the balance: amount, in the currency of what moves it,
// and less the fees. It is there at available, which is a second.
func (t *tx) book(kind, category, source string, amount int64, currency string, available int64, fees ...fee) *balanceTransaction {
	b := &balanceTransaction{
		ID: newID("txn_3", 23), Object: "balance_transaction", Type: kind, ReportingCategory: category,
		Created: t.now, AvailableOn: available, Source: source, FeeDetails: append([]fee{}, fees...), Status: pending,
	}
	b.Amount, b.Currency, b.ExchangeRate = t.acct.settlement(amount, currency)
	for _, f := range fees {
		b.Fee += f.Amount
	}
	b.Net = b.Amount - b.Fee
	put(&t.wrote.Transactions, b)
	return b
}

// newTransaction books the money of c, in the account's currency.
func (t *tx) newTransaction(c *charge) *balanceTransaction {
	kind := "charge"
	if strings.HasPrefix(c.ID, "py_") {
		kind = "payment"
	}
	amount, currency, _ := t.acct.settlement(c.Amount, c.Currency)
	cost := (amount*feePerMille+500)/1000 + feeFixed
	fees := []fee{{Amount: cost, Currency: currency, Description: "Stripe processing fees", Type: "stripe_fee"}}
	if c.ApplicationFeeAmount != nil {
		platform, _, _ := t.acct.settlement(*c.ApplicationFeeAmount, c.Currency)
		fees = append(fees, fee{Amount: platform, Currency: currency, Description: "Application fee", Type: "application_fee"})
	}
	b := t.book(kind, "charge", c.ID, c.Amount, c.Currency, t.now+settleAfter, fees...)
	b.Description = c.Description
	if c.Status == pending {
		b.AvailableOn, b.Undecided = t.now+debitSettleAfter, true
	}
	return b
}

// decide ends the time in which the bank could say no to the debit that made
// the transaction.
func (t *tx) decide(id string) *balanceTransaction {
	old, _ := t.transaction(id)
	b := *old
	b.AvailableOn, b.Undecided = max(b.AvailableOn, t.now), false
	put(&t.wrote.Transactions, &b)
	return &b
}

// reverse takes back from the balance what a debit that failed had put there,
// and gives its fees back.
func (t *tx) reverse(c *charge) *balanceTransaction {
	b := t.decide(*c.BalanceTransaction)
	back := make([]fee, len(b.FeeDetails))
	for i, f := range b.FeeDetails {
		back[i] = f
		back[i].Amount = -f.Amount
	}
	return t.book("payment_failure_refund", "charge_failure", c.ID, -c.Amount, c.Currency, b.AvailableOn, back...)
}

func (t *tx) getTransaction() (any, error) {
	if b, ok := t.transaction(t.path("id")); ok {
		return b, nil
	}
	return nil, notFound("balance transaction", t.path("id"), "id")
}

func transactionListFields() fields {
	return listFields().with(fields{"created": timeRange(), "currency": text(0), "payout": text(5000), "source": text(5000), "type": text(5000)})
}

func (t *tx) listTransactions() (any, error) {
	a, created := t.args, t.created()
	if a.has("payout") {
		if err := t.checkReconciled(a.text("payout")); err != nil {
			return nil, err
		}
	}
	return list(t, &t.acct.transactions, "balance transaction", "/v1/balance_transactions", func(b *balanceTransaction) bool {
		in := t.acct.purse.payout[b.ID]
		return created.has(b.Created) && matches(a.at("currency"), &b.Currency) && matches(a.at("source"), &b.Source) && matches(a.at("type"), &b.Type) &&
			matches(a.at("payout"), &in)
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
