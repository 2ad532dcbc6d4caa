// Package desk is what people do at the till: sell, check, cancel.
//
// A desk writes intents and never outcomes. It takes the seats and records
// what Stripe will be asked in one transaction, has it sent, and returns the
// order as the book then holds it.
//
// The package must not know Stripe's API or HTTP.
package desk

import (
	"context"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// Stripe is how a desk reaches Stripe: by having its intents sent.
type Stripe interface {
	// Send carries out a recorded intent, and returns when its first attempt is
	// over or ctx ends. What became of it is in the book.
	Send(ctx context.Context, intentKey string)
	// Check asks for the order's code now.
	Check(ctx context.Context, orderID string) error
	// Clock is the time by Stripe's clock, asking for it if need be.
	Clock(ctx context.Context) (time.Time, error)
	// Asker marks as whom Stripe is asked: see boxoffice.Intent.
	Asker() string
	// Mirror has Stripe's catalogue made what the book's is, without waiting.
	Mirror()
	// Wake has Stripe asked for news at once, without waiting.
	Wake()
	// Products lists what Stripe sells already.
	Products(ctx context.Context) ([]boxoffice.Importable, error)
}

// Options are what a Desk works with.
type Options struct {
	Book   *ledger.Book
	Stripe Stripe
	IDs    boxoffice.IDs
	Now    func() time.Time
	// ReturnURL is where Stripe sends buyers afterwards, with ?paid or ?left.
	// "" is the organizer's website, as Stripe knows it.
	ReturnURL string
	// Fee is the platform's share of a payment, in minor units; nil for none.
	Fee func(money.Amount) int64
}

// patience is how long a tap waits for Stripe's first answer before the screen
// shows the order as it is; Willcall goes on asking.
const patience = 6 * time.Second

// Desk is one till's. Its methods may be called from any number of goroutines,
// and return *boxoffice.Error.
type Desk struct {
	opt Options
}

// New returns a desk.
func New(opt Options) *Desk { return &Desk{opt: opt} }

func (d *Desk) fee(a money.Amount) int64 {
	if d.opt.Fee == nil {
		return 0
	}
	return d.opt.Fee(a)
}

// Check asks Stripe for the order's code now, and returns the order.
func (d *Desk) Check(ctx context.Context, idOrCode string) (boxoffice.Order, error) {
	o, err := d.Order(idOrCode)
	if err != nil {
		return o, err
	}
	if err := d.opt.Stripe.Check(ctx, o.ID); err != nil {
		return o, err
	}
	return d.Order(o.ID)
}

// Order finds an order by its id or its code.
func (d *Desk) Order(idOrCode string) (o boxoffice.Order, err error) {
	err = d.opt.Book.View(func(tx *ledger.Tx) error {
		o, err = find(tx, idOrCode)
		return err
	})
	return o, err
}

func find(tx *ledger.Tx, idOrCode string) (boxoffice.Order, error) {
	o, ok, err := tx.Order(idOrCode)
	if err == nil && !ok {
		o, ok, err = tx.OrderByCode(idOrCode)
	}
	if err == nil && !ok {
		err = boxoffice.ErrUnknownOrder(idOrCode)
	}
	return o, err
}

// clock is Stripe's time, for whose asking a person waits no longer than for an
// answer.
func (d *Desk) clock(ctx context.Context) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return d.opt.Stripe.Clock(ctx)
}

// send has the intent sent, for as long as a person waits.
func (d *Desk) send(ctx context.Context, intentKey string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	d.opt.Stripe.Send(ctx, intentKey)
}
