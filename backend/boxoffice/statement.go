package boxoffice

import (
	"time"

	"willcall/backend/money"
)

// Charge is one charge as Stripe has it: money that a buyer's bank gave.
type Charge struct {
	ID              string       `json:"id"` // ch_… or py_…
	PaymentIntentID string       `json:"paymentIntentId,omitempty"`
	Amount          money.Amount `json:"amount"`
	Refunded        int64        `json:"refunded,omitempty"` // minor units
	Disputed        bool         `json:"disputed,omitempty"`
	CreatedAt       time.Time    `json:"createdAt"`
	TransactionID   string       `json:"transactionId,omitempty"`
	Status          string       `json:"status,omitempty"` // "" is done, and else Stripe's word: "pending", "failed"
	Description     string       `json:"description,omitempty"`
}

// BalanceTransaction is one movement of the account's balance. Amount less Fee
// is Net; the currency is the balance's, which may not be the charge's.
type BalanceTransaction struct {
	ID          string       `json:"id"`                 // txn_…
	Type        string       `json:"type"`               // Stripe's word: "charge", "payment", "refund", "adjustment", "payout" …
	Category    string       `json:"category,omitempty"` // reporting_category: "charge", "refund", "refund_failure", "dispute", "dispute_reversal", "payout" …
	Amount      money.Amount `json:"amount"`             // negative when money leaves
	Fee         int64        `json:"fee,omitempty"`
	Net         int64        `json:"net"`
	SourceID    string       `json:"sourceId,omitempty"` // the charge, refund, dispute or payout that it belongs to
	CreatedAt   time.Time    `json:"createdAt"`
	AvailableAt time.Time    `json:"availableAt,omitzero"`
	PayoutID    string       `json:"payoutId,omitempty"` // the payout that it went out with
	ChargeID    string       `json:"chargeId,omitempty"` // of a refund or dispute that names no PaymentIntent: its charge
}

// Payout is money that Stripe sends to the organizer's bank.
type Payout struct {
	ID            string       `json:"id"` // po_…
	Amount        money.Amount `json:"amount"`
	Status        string       `json:"status"` // Stripe's: paid, pending, in_transit, canceled, failed
	CreatedAt     time.Time    `json:"createdAt"`
	ArrivesAt     time.Time    `json:"arrivesAt"`
	Automatic     bool         `json:"automatic,omitempty"`
	Reconciled    bool         `json:"reconciled,omitempty"` // Stripe lists all that it paid out (reconciliation_status completed)
	Matched       bool         `json:"matched,omitempty"`    // … and the book has that list
	TransactionID string       `json:"transactionId,omitempty"`
	ReturnID      string       `json:"returnId,omitempty"` // the transaction that put the money of a failed or canceled one back
	EndedAt       time.Time    `json:"endedAt,omitzero"`   // when the book heard that it failed or was canceled, by Stripe's clock
}

// Undone reports whether the money was not sent in the end, or was sent back.
func (p Payout) Undone() bool { return p.Status == "failed" || p.Status == "canceled" }

// Span is a time from and up to, both included.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// StatementReadFact is what Stripe's own books say, as far as this book did not
// have it. Covered, when set, says that for all of that time the book now has
// every charge and every balance transaction that Stripe listed.
type StatementReadFact struct {
	Charges      []Charge             `json:"charges,omitempty"`
	Transactions []BalanceTransaction `json:"transactions,omitempty"`
	Payouts      []Payout             `json:"payouts,omitempty"`
	Covered      *Span                `json:"covered,omitempty"`
}

// Kind names the fact.
func (StatementReadFact) Kind() Kind { return KindStatementRead }

// About is no order.
func (StatementReadFact) About() string { return "" }

// Cover returns the spans with one more, joined where they touch, in order. They
// touch when no whole second, by which Stripe lists, lies between them. A span
// that ends before it begins covers nothing.
func Cover(spans []Span, more Span) []Span {
	if more.To.Before(more.From) {
		return spans
	}
	joined := []Span{}
	for _, s := range spans {
		switch {
		case s.To.Before(more.From.Add(-time.Second)):
			joined = append(joined, s)
		case more.To.Before(s.From.Add(-time.Second)):
			joined = append(joined, more)
			more = s
		default:
			if s.From.Before(more.From) {
				more.From = s.From
			}
			if s.To.After(more.To) {
				more.To = s.To
			}
		}
	}
	return append(joined, more)
}
