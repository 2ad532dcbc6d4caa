package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"willcall/backend/boxoffice"
	"willcall/backend/closing"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

const (
	// longestClose is the longest period that is closed at once: a year.
	longestClose = 366 * 24 * time.Hour
	// longestRead is the longest period that Stripe is asked for at once.
	longestRead = 92 * 24 * time.Hour
	// mostDifferences is how many are sent to a screen; the CSV has them all.
	mostDifferences = 500
)

// Closing is a period or a payout with this till's book, Stripe's charges and
// the account's balance matched one to one.
type Closing struct {
	From        time.Time          `json:"from"`
	To          time.Time          `json:"to" doc:"Included; never later than now."`
	Payout      *Payout            `json:"payout,omitempty" doc:"The payout that is closed, if it is no period."`
	Currencies  []ClosingTotals    `json:"currencies" doc:"What moved the balance, by the balance's currency."`
	Others      []OtherMovements   `json:"others" doc:"Fees, top-ups, reserves, what other programs charged without a PaymentIntent, and charges that failed: what of it this book should have is in differences."`
	Agree       int                `json:"agree" doc:"Movements about which the books agree."`
	Of          int                `json:"of" doc:"All movements: agree + differ + unread."`
	Differ      int                `json:"differ"`
	Unread      int                `json:"unread" doc:"Movements for whose time Stripe's books were not read."`
	Complete    bool               `json:"complete" doc:"Stripe's books were read for all of it."`
	Missing     []ClosingSpan      `json:"missing" doc:"The times for which they were not."`
	Differences []ClosingDifferent `json:"differences" doc:"In the order of their time, 500 at most; the CSV has all."`
}

// ClosingSpan is a time from and up to, both included.
type ClosingSpan struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// ClosingTotals sum up one currency of the balance, in minor units: net is
// gross − fees − refunded − disputed + other.
type ClosingTotals struct {
	Currency  money.Currency     `json:"currency"`
	Payments  int                `json:"payments"`
	Gross     int64              `json:"gross"`
	Converted []ClosingConverted `json:"converted" doc:"The part of gross that buyers paid in other currencies."`
	Fees      int64              `json:"fees"`
	Refunds   int                `json:"refunds"`
	Refunded  int64              `json:"refunded" doc:"Positive when money left; less what came back."`
	Disputes  int                `json:"disputes"`
	Disputed  int64              `json:"disputed" doc:"Positive when banks took money; less what they gave back."`
	Other     int64              `json:"other" doc:"Positive when money came."`
	Net       int64              `json:"net" doc:"What the balance grew by, before payouts."`
	Payouts   int                `json:"payouts"`
	PaidOut   int64              `json:"paidOut" doc:"Sent to the bank, less what came back."`
}

// ClosingConverted is money that was charged in one currency and reached the
// balance in another.
type ClosingConverted struct {
	Charged money.Amount `json:"charged" doc:"In the buyers' currency."`
	Gross   int64        `json:"gross" doc:"The same in the balance's, in minor units."`
}

// OtherMovements are what one of Stripe's further categories moved.
type OtherMovements struct {
	Category string       `json:"category" doc:"Stripe's reporting category." example:"fee"`
	Count    int          `json:"count"`
	Amount   money.Amount `json:"amount" doc:"Negative when money left."`
	Fee      int64        `json:"fee"`
}

// ClosingDifferent is a movement about which the books do not agree.
type ClosingDifferent struct {
	Kind            Difference    `json:"kind"`
	Movement        closing.Kind  `json:"movement" enum:"payment,charge_failure,refund,refund_failure,dispute,dispute_reversal,payout,payout_reversal"`
	At              time.Time     `json:"at"`
	InBook          *money.Amount `json:"inBook,omitempty"`
	AtStripe        *money.Amount `json:"atStripe,omitempty"`
	PaymentIntentID string        `json:"paymentIntentId,omitempty"`
	ChargeID        string        `json:"chargeId,omitempty"`
	TransactionID   string        `json:"transactionId,omitempty"`
	RefundID        string        `json:"refundId,omitempty"`
	DisputeID       string        `json:"disputeId,omitempty"`
	PayoutID        string        `json:"payoutId,omitempty"`
	OrderID         string        `json:"orderId,omitempty"`
	OrderCode       string        `json:"orderCode,omitempty"`
	DiscrepancyID   string        `json:"discrepancyId,omitempty" doc:"The late money that it is."`
	Reason          string        `json:"reason" doc:"What is the matter, in English."`
	Next            string        `json:"next" doc:"What to do about it, in English."`
}

// Difference is closing's, with its values in the schema.
type Difference closing.Difference

// Schema lists every kind of difference.
func (Difference) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Description: "Why the books do not agree, for programs."}
	for _, d := range closing.Differences() {
		s.Enum = append(s.Enum, string(d))
	}
	return s
}

// Payout is money that Stripe sends to the organizer's bank.
type Payout struct {
	ID        string       `json:"id"`
	Amount    money.Amount `json:"amount"`
	Status    string       `json:"status" doc:"Stripe's: paid, pending, in_transit, canceled, failed."`
	CreatedAt time.Time    `json:"createdAt"`
	ArrivesAt time.Time    `json:"arrivesAt"`
	Automatic bool         `json:"automatic" doc:"Only an automatic payout can be split into its payments."`
	Matched   bool         `json:"matched" doc:"The book has the list of what is in it."`
}

type closingBody struct {
	Body Closing
}

type payoutsBody struct {
	Body struct {
		Payouts []Payout `json:"payouts" doc:"Newest first."`
	}
}

type closingInput struct {
	From   time.Time `query:"from" doc:"RFC 3339; with to, the period."`
	To     time.Time `query:"to" doc:"Included."`
	Payout string    `query:"payout" maxLength:"255" doc:"Instead of a period."`
}

type periodInput struct {
	From time.Time `query:"from" required:"true" doc:"RFC 3339."`
	To   time.Time `query:"to" required:"true" doc:"Included."`
}

type readInput struct {
	Body struct {
		From time.Time `json:"from"`
		To   time.Time `json:"to" doc:"Included; at most 92 days after from."`
	}
}

func (s *server) closingRoutes(api huma.API) {
	huma.Get(api, "/api/closing", s.closing, named("closing", "A period or a payout, with the book and Stripe matched one to one"))
	huma.Post(api, "/api/closing/read", s.readStatement, named("readStatement", "Read Stripe's books for a period, and close it"))
	huma.Get(api, "/api/payouts", s.payouts, named("payouts", "Payouts that Stripe made in a period"))
}

func (s *server) closing(ctx context.Context, in *closingInput) (*closingBody, error) {
	r, err := s.report(in)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return &closingBody{closingView(r)}, nil
}

// report makes the close that is asked for; the error is not explained yet.
func (s *server) report(in *closingInput) (r closing.Report, err error) {
	if in.Payout != "" {
		err = s.Book.View(func(tx *ledger.Tx) (err error) {
			r, err = closing.ForPayout(tx, in.Payout)
			return err
		})
		return r, err
	}
	from, to, err := s.period(in.From, in.To, longestClose)
	if err != nil {
		return r, err
	}
	err = s.Book.View(func(tx *ledger.Tx) (err error) {
		r, err = closing.Period(tx, from, to)
		return err
	})
	return r, err
}

// period checks a period and ends it now at the latest.
func (s *server) period(from, to time.Time, longest time.Duration) (time.Time, time.Time, error) {
	wrong := func(message, next string) (time.Time, time.Time, error) {
		return from, to, &boxoffice.Error{Code: boxoffice.CodeInvalid, Message: message, Next: next}
	}
	now := s.StripeNow()
	switch {
	case from.IsZero() || to.IsZero():
		return wrong("A close is of a period, from and to, or of a payout. Nothing was changed.", "Choose a period, or a payout from the list.")
	case to.Before(from):
		return wrong("The period ends before it begins. Nothing was changed.", "Choose its first day first.")
	case from.After(now):
		return wrong("The period has not begun yet. Nothing was changed.", "Choose one that has, and check this laptop's clock.")
	case to.Sub(from) > longest:
		return wrong("The period is too long for one close. Nothing was changed.", "Choose a shorter one, such as a month.")
	case to.After(now):
		to = now
	}
	return from.UTC(), to.UTC(), nil
}

func (s *server) readStatement(ctx context.Context, in *readInput) (*closingBody, error) {
	from, to, err := s.period(in.Body.From, in.Body.To, longestRead)
	if err == nil && s.ReadStatement == nil {
		err = &boxoffice.Error{Code: boxoffice.CodeNotConnected, Message: "Willcall is not connected to Stripe. Nothing was read.", Next: "Connect a Stripe account in Settings."}
	}
	if err == nil {
		err = s.ReadStatement(ctx, from, to)
	}
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.closing(ctx, &closingInput{From: from, To: to})
}

func (s *server) payouts(ctx context.Context, in *periodInput) (*payoutsBody, error) {
	from, to, err := s.period(in.From, in.To, longestClose)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &payoutsBody{}
	out.Body.Payouts = []Payout{}
	return out, s.view(ctx, func(tx *ledger.Tx) error {
		found, err := tx.Payouts(from, to)
		for _, p := range found {
			out.Body.Payouts = append(out.Body.Payouts, payoutView(p))
		}
		return err
	})
}

func payoutView(p boxoffice.Payout) Payout {
	return Payout{
		ID: p.ID, Amount: p.Amount, Status: p.Status, CreatedAt: p.CreatedAt, ArrivesAt: p.ArrivesAt, Automatic: p.Automatic, Matched: p.Matched,
	}
}

func closingView(r closing.Report) Closing {
	v := Closing{
		From: r.From, To: r.To, Agree: r.Agree, Of: r.Of, Differ: r.Differ, Unread: r.Unread, Complete: r.Complete,
		Currencies: []ClosingTotals{}, Others: []OtherMovements{}, Missing: []ClosingSpan{}, Differences: []ClosingDifferent{},
	}
	if r.Payout != nil {
		v.Payout = new(payoutView(*r.Payout))
	}
	for _, t := range r.Currencies {
		v.Currencies = append(v.Currencies, totalsView(t))
	}
	for _, o := range r.Others {
		v.Others = append(v.Others, OtherMovements(o))
	}
	for _, span := range r.Missing {
		v.Missing = append(v.Missing, ClosingSpan(span))
	}
	for _, m := range r.Differences() {
		if len(v.Differences) == mostDifferences {
			break
		}
		v.Differences = append(v.Differences, differenceView(m))
	}
	return v
}

func totalsView(t closing.Totals) ClosingTotals {
	v := ClosingTotals{
		Currency: t.Currency, Payments: t.Payments, Gross: t.Gross, Converted: []ClosingConverted{}, Fees: t.Fees,
		Refunds: t.Refunds, Refunded: t.Refunded, Disputes: t.Disputes, Disputed: t.Disputed, Other: t.Other, Net: t.Net,
		Payouts: t.Payouts, PaidOut: t.PaidOut,
	}
	for _, c := range t.Converted {
		v.Converted = append(v.Converted, ClosingConverted(c))
	}
	return v
}

func differenceView(m closing.Movement) ClosingDifferent {
	words := m.Difference.Words()
	v := ClosingDifferent{
		Kind: Difference(m.Difference), Movement: m.Kind, At: m.At,
		PaymentIntentID: m.PaymentIntentID, ChargeID: m.ChargeID, RefundID: m.RefundID, DisputeID: m.DisputeID, PayoutID: m.PayoutID,
		OrderID: m.OrderID, OrderCode: m.OrderCode, DiscrepancyID: m.DiscrepancyID, Reason: words.Reason, Next: words.Next,
	}
	if m.InBook != (money.Amount{}) {
		v.InBook = &m.InBook
	}
	if m.AtStripe != (money.Amount{}) {
		v.AtStripe = &m.AtStripe
	}
	if m.Transaction != nil {
		v.TransactionID = m.Transaction.ID
	}
	return v
}
