package main

import (
	"context"
	"fmt"

	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// amountChecks hold money.Chargeable against what Stripe takes for a payment.
func amountChecks() []check {
	var table []check
	for i, a := range []money.Amount{
		money.New(15050, "isk"), money.New(15000, "isk"),
		money.New(1_500_050, "ugx"), money.New(1_500_000, "ugx"),
		money.New(12345, "kwd"), money.New(12340, "kwd"),
		money.New(49, "jpy"), money.New(49, "eur"),
		money.New(money.MaxMinor, "eur"), money.New(money.MaxMinor+1, "eur"),
	} {
		verb := "is charged"
		if a.Chargeable() != nil {
			verb = "is refused"
		}
		table = append(table, check{
			fmt.Sprintf("14.%d", i+1), fmt.Sprintf("%s (%d minor units) %s", a, a.Minor, verb), "money/rule.go",
			func(l *line, ctx context.Context) (string, error) { return l.charge(ctx, a) },
		})
	}
	return table
}

func (l *line) charge(ctx context.Context, a money.Amount) (string, error) {
	_, err := l.makePayment(ctx, a)
	if a.Chargeable() == nil {
		return "taken", err
	}
	saw, wrong := wantRefused(err, "it")
	least, published := money.MinCharge(a.Currency)
	if err == nil && published && a.Minor < least && l.settles != a.Currency {
		// docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
		return "", skip("taken, but the least is that of the currency an account settles in: %q here", l.settles)
	}
	return saw, wrong
}

// orderChecks are about what Stripe looks at first.
func orderChecks() []check {
	const probe = "stripeapi/probe.go"
	return []check{
		{"15.1", "a key's permission is looked at before the content of a request", probe, func(l *line, ctx context.Context) (string, error) {
			if l.without == "" {
				return "", skip("needs WILLCALL_STRIPE_KEY_WITHOUT: a restricted key without Payment Links")
			}
			lacking := l.As(stripeapi.Identity{Key: l.without})
			if _, err := lacking.Links(ctx, ""); err == nil {
				return "", skip("the key in WILLCALL_STRIPE_KEY_WITHOUT may read Payment Links: take the permission away")
			} else if f := failed(err); f == nil || f.Failure != stripeapi.Forbidden {
				return "", err
			}
			for _, p := range stripeapi.Permissions() {
				if p.Resource != "payment_links" {
					continue
				}
				err := lacking.Probe(ctx, p)
				f := failed(err)
				switch {
				case err == nil:
					return "", deny("it was answered %d to an empty link", l.watch.saw().status)
				case f == nil || f.Failure != stripeapi.Forbidden:
					return "", err
				}
				return told(f), nil
			}
			return "", skip("no permission for Payment Links is asked for")
		}},
		{"15.2", "a key is looked at before what is kept under an idempotency key", "stripeapi/error.go", func(l *line, ctx context.Context) (string, error) {
			if err := need(l.session.ID, "5.3"); err != nil {
				return "", err
			}
			_, err := l.As(stripeapi.Identity{Key: "sk_test_WillcallCheckHasNoSuchKey"}).CreateSession(ctx, l.key, l.request)
			f := failed(err)
			switch {
			case err == nil:
				return "", deny("a key that does not exist was given the session")
			case f != nil && f.Failure == stripeapi.BadKey:
				return told(f), nil
			default:
				return "", err
			}
		}},
	}
}
