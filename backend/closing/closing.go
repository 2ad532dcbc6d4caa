// Package closing holds three books against each other: this till's, Stripe's
// charges, and the account's balance with what was paid out of it. For a period
// or a payout every movement of money is matched one to one, by id, and what
// has no partner or another amount is a difference with its reason.
//
// # How a close comes about
//
//	Period, ForPayout → gather.go reads the books → match*.go pairs them, purely → totals.go sums
//
// A movement belongs to the second in which Stripe moved the balance; before
// that is known, to that of its charge; and a payment that Stripe does not
// know, to when the till says it was paid. Rows are paired first and put into
// the period afterwards, so a payment at one side of midnight with its charge
// on the other is no difference.
//
// What Stripe's books were not read for is not a difference either: it is
// unread, and the report says for which times.
//
// The package writes nothing, and must not know Stripe's API, HTTP or the clock.
package closing

import (
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// Kind is what a movement of money was.
type Kind string

// The kinds of movement. They follow Stripe's reporting categories
// (docs.stripe.com/reports/reporting-categories); whatever else moves the
// balance, such as fees, top-ups, reserves and adjustments, is Other.
const (
	Payment         Kind = "payment"
	PaymentReturned Kind = "charge_failure" // a payment failed after all, and Stripe took it back
	Refund          Kind = "refund"
	RefundReturned  Kind = "refund_failure"   // a refund came back to the account
	Dispute         Kind = "dispute"          // a buyer's bank took the money
	DisputeReturned Kind = "dispute_reversal" // and gave it back
	Payout          Kind = "payout"
	PayoutReturned  Kind = "payout_reversal" // the organizer's bank sent it back
	Other           Kind = "other"
)

// State says whether the books agree about a movement.
type State string

// The states of a movement.
const (
	Agrees  State = "agrees"
	Differs State = "differs"
	Unread  State = "unread" // Stripe's books were not read for its time yet
	Listed  State = "listed" // Stripe's alone: there is nothing in this book to agree with
)

// Difference is why two books do not agree about a movement; "" where they do.
type Difference string

// The differences.
const (
	MissingInBook          Difference = "missing_in_book"
	MissingAtStripe        Difference = "missing_at_stripe"
	AmountDiffers          Difference = "amount_differs"
	TransactionMissing     Difference = "transaction_missing" // a charge or a payout that moved no balance
	ChargeMissing          Difference = "charge_missing"      // the balance was moved by a charge that is not listed
	PaymentFailed          Difference = "payment_failed"      // it is paid in the book, and failed at Stripe
	RefundMissingInBook    Difference = "refund_missing_in_book"
	RefundMissingAtStripe  Difference = "refund_missing_at_stripe"
	RefundDiffers          Difference = "refund_differs"
	DisputeMissingInBook   Difference = "dispute_missing_in_book"
	DisputeMissingAtStripe Difference = "dispute_missing_at_stripe"
	DisputeDiffers         Difference = "dispute_differs"
	PayoutMissing          Difference = "payout_missing"      // the balance was moved by a payout that is not listed
	PayoutDiffers          Difference = "payout_differs"      // what is in it is not what it is
	PayoutNotReturned      Difference = "payout_not_returned" // it failed or was canceled, and the balance did not get it back
	PayoutNotListed        Difference = "payout_not_listed"   // made by hand: Stripe does not say what is in it
)

// Differences lists every kind of difference, for the API's schema and for the
// words.
func Differences() []Difference {
	return []Difference{
		MissingInBook, MissingAtStripe, AmountDiffers, TransactionMissing, ChargeMissing, PaymentFailed,
		RefundMissingInBook, RefundMissingAtStripe, RefundDiffers,
		DisputeMissingInBook, DisputeMissingAtStripe, DisputeDiffers,
		PayoutMissing, PayoutDiffers, PayoutNotReturned, PayoutNotListed,
	}
}

// Movement is one movement of money as the books have it.
type Movement struct {
	Kind       Kind
	State      State
	Difference Difference // of a movement that differs
	At         time.Time  // the second that it belongs to

	// InBook and AtStripe are the amounts in the charge's currency, as each side
	// has them: what a buyer paid, or was given back, and always positive. Zero
	// where that side has nothing.
	InBook, AtStripe money.Amount

	// Transaction is the balance's side, in the balance's currency and with its
	// sign; nil where the balance was not moved.
	Transaction *boxoffice.BalanceTransaction

	PaymentIntentID string
	ChargeID        string
	RefundID        string // Stripe's, re_…
	DisputeID       string
	PayoutID        string // of a payout: its own
	PayoutStatus    string // Stripe's word for it
	OrderID         string
	OrderCode       string
	DiscrepancyID   string
	Elsewhere       bool // another program of the account sold it
}

// Converted is money that came in one currency and reached the balance in
// another.
type Converted struct {
	Charged money.Amount // in the buyers' currency
	Gross   int64        // the same in the balance's, minor units
}

// Totals sum up what moved the balance in one currency, in minor units. Net is
// Gross − Fees − Refunds − Disputes + Other: what the balance grew by before
// anything was paid out.
type Totals struct {
	Currency  money.Currency
	Payments  int
	Gross     int64
	Converted []Converted // part of Gross, by currency
	Fees      int64
	Refunds   int   // those that came back are counted too, and taken off the amount
	Refunded  int64 // positive when money left
	Disputes  int   // likewise
	Disputed  int64
	Other     int64 // positive when money came; payments that failed after all are in it
	Net       int64
	Payouts   int // likewise
	PaidOut   int64
}

// OtherSum is what one of Stripe's further categories moved.
type OtherSum struct {
	Category string
	Count    int
	Amount   money.Amount // negative when money left
	Fee      int64
}

// Report is the close of a period or of a payout.
type Report struct {
	From, To   time.Time         // both included, whole seconds
	Payout     *boxoffice.Payout // nil for a period
	Currencies []Totals          // by currency
	Others     []OtherSum        // by currency and category

	// Of is how many movements the books should agree about; Agree, Differ and
	// Unread add up to it.
	Of, Agree, Differ, Unread int

	// Complete says that Stripe's books were read for all of it; Missing are the
	// times for which they were not.
	Complete bool
	Missing  []boxoffice.Span

	Movements []Movement // in the order of their time
}

// Differences are the movements that the books do not agree about.
func (r Report) Differences() (found []Movement) {
	for _, m := range r.Movements {
		if m.State == Differs {
			found = append(found, m)
		}
	}
	return found
}
