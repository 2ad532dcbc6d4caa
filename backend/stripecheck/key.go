package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// nearby is how far Stripe's clock and a laptop's may lie apart before it is
// worth a word.
const nearby = 5 * time.Minute

func keyChecks() []check {
	return []check{
		{"1.1", "Stripe takes the key, and says that its mode is test", "connect/key.go", func(l *line, ctx context.Context) (string, error) {
			live, err := l.Livemode(ctx)
			if f := failed(err); f != nil && (f.Failure == stripeapi.BadKey || f.Failure == stripeapi.Forbidden) {
				return "", deny("%s", told(f))
			}
			if live {
				return "", deny("livemode is true: nothing more is tried")
			}
			return "livemode false", err
		}},
		{"1.2", "each answer has a Date, which is near this machine's time", "stripeapi/wire.go", func(l *line, _ context.Context) (string, error) {
			date, err := http.ParseTime(l.watch.saw().date)
			if err != nil {
				return "", deny("the Date was %q", l.watch.saw().date)
			}
			ahead := date.Sub(l.now()).Round(time.Second)
			if ahead.Abs() > nearby {
				return "", deny("Stripe's clock is %s ahead of this machine's: one of them is wrong", ahead)
			}
			return fmt.Sprintf("%s ahead of this machine's clock", ahead), nil
		}},
		{"1.3", "the account's own currency can be asked for", "connect/key.go", func(l *line, ctx context.Context) (string, error) {
			a, err := l.Account(ctx)
			l.settles = money.Currency(a.Currency)
			return fmt.Sprintf("%s, %s, charges enabled: %t", a.Country, a.Currency, a.ChargesEnabled), err
		}},
	}
}

// permissionChecks try each permission by the probe that the screen uses.
func permissionChecks() []check {
	var table []check
	for i, p := range stripeapi.Permissions() {
		table = append(table, check{
			fmt.Sprintf("2.%d", i+1), fmt.Sprintf("the key has %s: %s, and the probe of it makes nothing", p.Words, p.Access), "stripeapi/probe.go",
			func(l *line, ctx context.Context) (string, error) { return l.permission(ctx, p) },
		})
	}
	return table
}

func (l *line) permission(ctx context.Context, p stripeapi.Permission) (string, error) {
	err := l.Probe(ctx, p)
	status := l.watch.saw().status
	if f := failed(err); f != nil && f.Failure == stripeapi.Forbidden && p.Needed {
		return "", deny("%s", told(f))
	}
	if err == nil && p.Access == stripeapi.Write && status < http.StatusBadRequest {
		return "", deny("it was answered %d, as if something was made", status)
	}
	if err == nil && p.Access == stripeapi.Read && status != http.StatusOK {
		return "", skip("answered %d: there is no such list here", status)
	}
	return fmt.Sprintf("answered %d", status), err
}
