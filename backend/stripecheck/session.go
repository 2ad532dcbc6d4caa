package main

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// longestURL is what a code of QR version 13 holds at error correction Low, in
// bytes: what a phone still reads off a till's screen.
const longestURL = 425

// orderCode stands on the buyer's statement.
const orderCode = "K7QF3M"

func sessionChecks() []check {
	const sell = "desk/sell.go"
	return []check{
		{"5.1", "the account's ways to pay can be read", "reconcile/mirror.go", func(l *line, ctx context.Context) (saw string, err error) {
			if l.offered, err = l.Methods(ctx); err == nil && len(l.offered) == 0 {
				err = deny("there are none")
			}
			return strings.Join(l.offered, " "), err
		}},
		{"5.2", "a tax rate that prices contain can be made", "reconcile/mirror.go", (*line).newTaxRate},
		{"5.3", "a session is taken as the till asks for it, and says the same", sell, (*line).newSession},
		{"5.4", "a contained tax does not change what the buyer pays", sell, func(l *line, _ context.Context) (string, error) {
			if err := need(l.session.ID, "5.3"); err != nil {
				return "", err
			}
			if err := need(l.taxRate, "5.2"); err != nil {
				return "", err
			}
			if want := money.New(5200, "eur"); l.session.Amount != want {
				return "", deny("two at 26.00 EUR come to %s", l.session.Amount)
			}
			return "two at 26.00 EUR come to " + l.session.Amount.String(), nil
		}},
		{"5.5", fmt.Sprintf("the buyer's address has a #fragment, and %d bytes at most", longestURL), "paper/qr.go", func(l *line, _ context.Context) (string, error) {
			if err := need(l.session.ID, "5.3"); err != nil {
				return "", err
			}
			if _, fragment, _ := strings.Cut(l.session.URL, "#"); fragment == "" || len(l.session.URL) > longestURL {
				return "", deny("%d bytes, %d of them in the fragment", len(l.session.URL), len(fragment))
			}
			return fmt.Sprintf("%d bytes", len(l.session.URL)), nil
		}},
		{"5.6", "fetched, an unpaid session is open and has no payment", "reconcile/plan.go", func(l *line, ctx context.Context) (string, error) {
			if err := need(l.session.ID, "5.3"); err != nil {
				return "", err
			}
			s, err := l.Session(ctx, l.session.ID)
			if err == nil && (s.Status != stripeapi.SessionOpen || s.Paid || s.Payment.IntentID != "") {
				err = deny("it is %s, paid %t, payment %q", s.Status, s.Paid, s.Payment.IntentID)
			}
			return string(s.Status), err
		}},
	}
}

func (l *line) newTaxRate(ctx context.Context) (string, error) {
	rate, err := l.CreateTaxRate(ctx, l.newKey(), boxoffice.TaxRateRequest{Name: "Willcall check", Percent: 100_000, Inclusive: true, Metadata: l.metadata()})
	if err != nil {
		return "", err
	}
	l.taxRate = rate.ID
	l.later("tax rate "+rate.ID, func(ctx context.Context) error {
		return l.write(ctx, "/v1/tax_rates/"+rate.ID, map[string][]string{"active": {"false"}})
	})
	return rate.ID, nil
}

// newRequest is one as the till makes it, by its own words where there is no
// price of Stripe's to name.
func (l *line) newRequest(expires time.Time) boxoffice.SessionRequest {
	order := "ord-" + l.newKey()
	item := boxoffice.SessionLine{PriceID: l.second.ID, UnitPrice: money.New(2600, "eur"), Quantity: 2, TaxRateID: l.taxRate}
	if item.PriceID == "" {
		item.Name, item.Description = "Hamlet · Adult", "Playhouse, Thu 5 Mar 2026, 19:30"
	}
	return boxoffice.SessionRequest{
		Reference: order, LineItems: []boxoffice.SessionLine{item}, BuyerEmail: "buyer@example.com",
		Metadata:  l.metadata(boxoffice.MetadataOrder, order, boxoffice.MetadataCode, orderCode, boxoffice.MetadataTender, "tdr-"+l.run),
		ExpiresAt: expires.Truncate(time.Second), Submit: "Playhouse, Thu 5 Mar 2026, 19:30",
		SuccessURL: "http://127.0.0.1:4380/c/done?paid=" + orderCode, CancelURL: "http://127.0.0.1:4380/c/done?left=" + orderCode,
		Description: "Willcall " + orderCode + " · 2 × Hamlet · Adult", Descriptor: boxoffice.Descriptor(orderCode),
		Methods: boxoffice.Immediate(l.offered, "eur"),
	}
}

// makeSession makes one, and has it expired at the end if it is open then.
func (l *line) makeSession(ctx context.Context, key string, r boxoffice.SessionRequest) (stripeapi.Session, error) {
	s, err := l.CreateSession(ctx, key, r)
	if err == nil {
		l.later("session "+s.ID, func(ctx context.Context) error { return l.endSession(ctx, s.ID) })
	}
	return s, err
}

func (l *line) endSession(ctx context.Context, id string) error {
	s, err := l.Session(ctx, id)
	if err != nil || s.Status != stripeapi.SessionOpen {
		return err
	}
	_, err = l.ExpireSession(ctx, l.newKey(), id)
	return err
}

// newSession makes the session of the checks that follow. If Stripe refuses
// what the till asks for, they go on with a plainer one.
func (l *line) newSession(ctx context.Context) (string, error) {
	l.key, l.request = l.newKey(), l.newRequest(l.Now().Add(codeLife))
	s, err := l.makeSession(ctx, l.key, l.request)
	if f := failed(err); f != nil && f.Failure == stripeapi.Refused {
		l.key, l.request.Methods, l.request.Descriptor = l.newKey(), []string{"card"}, ""
		if plain, plainErr := l.makeSession(ctx, l.key, l.request); plainErr == nil {
			l.session = plain
		}
	}
	if err != nil {
		return "", err
	}
	l.session = s
	r := l.request
	if s.Status != stripeapi.SessionOpen || s.Paid || s.Livemode || s.Reference != r.Reference || !maps.Equal(s.Metadata, r.Metadata) || !s.ExpiresAt.Equal(r.ExpiresAt) {
		return "", deny("it came back %s, paid %t, livemode %t, reference %q, metadata %v, expires %s of %s", s.Status, s.Paid, s.Livemode, s.Reference, s.Metadata, s.ExpiresAt, r.ExpiresAt)
	}
	return "paid by " + strings.Join(r.Methods, " "), nil
}
