package main

import (
	"context"
	"fmt"

	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// refundedAlready is Stripe's code where nothing is left to give back.
const refundedAlready = "charge_already_refunded"

// refundChecks give the payment of 11.2 back, bit by bit.
func refundChecks() []check {
	const used = "stripeapi/refund.go"
	return []check{
		{"12.1", "a part can be given back", used, func(l *line, ctx context.Context) (string, error) {
			l.part = l.newKey()
			r, err := l.giveBack(ctx, l.part, 900)
			if err == nil {
				l.refund = r
			}
			return fmt.Sprintf("%s, %s", r.Amount, r.Status), err
		}},
		{"12.2", "the same key and request give it back once", used, func(l *line, ctx context.Context) (string, error) {
			r, err := l.giveBack(ctx, l.part, 900)
			if err == nil && !l.watch.saw().replayed {
				err = deny("another %s was given back", r.Amount)
			}
			return "replayed", err
		}},
		{"12.3", "more than is left is refused", used, func(l *line, ctx context.Context) (string, error) {
			r, err := l.giveBack(ctx, l.newKey(), 4301)
			if err != nil && failed(err) == nil {
				return "", err
			}
			return wantRefused(err, r.Amount.String())
		}},
		{"12.4", "a refund without an amount gives back all that is left", used, func(l *line, ctx context.Context) (string, error) {
			r, err := l.giveBack(ctx, l.newKey(), 0)
			if want := money.New(4300, "eur"); err == nil && r.Amount != want {
				err = deny("it gave back %s of %s", r.Amount, want)
			}
			if err == nil {
				l.rest = r
			}
			return fmt.Sprintf("%s, %s", r.Amount, r.Status), err
		}},
		{"12.5", "then nothing more is given back: " + refundedAlready, used, func(l *line, ctx context.Context) (string, error) {
			r, err := l.giveBack(ctx, l.newKey(), 900)
			if err != nil && failed(err) == nil {
				return "", err
			}
			saw, wrong := wantRefused(err, r.Amount.String())
			if wrong == nil && failed(err).Code != refundedAlready {
				wrong = deny("%s", saw)
			}
			return saw, wrong
		}},
	}
}

// giveBack gives back so many cents of the payment; 0 is what is left.
func (l *line) giveBack(ctx context.Context, key string, cents int64) (stripeapi.Refund, error) {
	if l.paidAt.IsZero() {
		return stripeapi.Refund{}, need("", "11.2")
	}
	asked := stripeapi.RefundRequest{PaymentIntentID: l.paid.ID, Metadata: l.metadata()}
	if cents != 0 {
		asked.Amount = money.New(cents, "eur")
	}
	r, err := l.Refund(ctx, key, asked)
	if err == nil && cents != 0 && r.Amount != asked.Amount {
		err = deny("it gave back %s of %s", r.Amount, asked.Amount)
	}
	return r, err
}
