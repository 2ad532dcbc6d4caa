package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// settled is after how long reconcile takes Stripe's lists for complete.
const settled = 2 * time.Minute

// endChecks are about lists, the end of a session, and prices that are gone.
func endChecks() []check {
	const carry, follow = "reconcile/carry.go", "reconcile/follow.go"
	return []check{
		{"8.1", fmt.Sprintf("the list shows a new session within %s, with reference and metadata", settled), carry, (*line).listSession},
		{"9.1", "an open session can be expired, and is expired at once", follow, (*line).expire},
		{"9.2", "the event checkout.session.expired is listed within 10 minutes", "reconcile/poll.go", func(l *line, ctx context.Context) (string, error) {
			if l.expiredAt.IsZero() {
				return "", need("", "9.1")
			}
			return l.event(ctx, "checkout.session.expired", l.session.ID, l.session.Created, l.expiredAt)
		}},
		{"9.3", "expiring it again is refused", follow, func(l *line, ctx context.Context) (string, error) {
			if l.expiredAt.IsZero() {
				return "", need("", "9.1")
			}
			_, err := l.ExpireSession(ctx, l.newKey(), l.session.ID)
			return wantRefused(err, "it")
		}},
		{"9.4", "fetched, it is expired, and has no address", "reconcile/plan.go", func(l *line, ctx context.Context) (string, error) {
			if l.expiredAt.IsZero() {
				return "", need("", "9.1")
			}
			s, err := l.Session(ctx, l.session.ID)
			if err == nil && (s.Status != stripeapi.SessionExpired || s.URL != "") {
				err = deny("it is %s, with an address of %d bytes", s.Status, len(s.URL))
			}
			return string(s.Status), err
		}},
		{"10.1", "a session with an archived price is refused about line_items", carry, func(l *line, ctx context.Context) (string, error) {
			if l.first.ID == "" || l.first.Active {
				return "", need("", "3.4")
			}
			return l.unsold(ctx, l.first.ID)
		}},
		{"10.2", "a session with an unknown price is refused about line_items", carry, func(l *line, ctx context.Context) (string, error) {
			return l.unsold(ctx, "price_willcallcheck")
		}},
	}
}

func (l *line) listSession(ctx context.Context) (string, error) {
	r := l.newRequest(l.Now().Add(codeLife))
	r.Methods, r.Descriptor = []string{"card"}, ""
	made, err := l.makeSession(ctx, l.newKey(), r)
	if err != nil {
		return "", err
	}
	took, err := l.soon(l.now(), settled, func() (bool, error) {
		s, found, err := search(func(after string) ([]stripeapi.Session, bool, error) {
			page, err := l.Sessions(ctx, made.Created, l.Now().Add(time.Minute), after)
			return page.Sessions, page.More, err
		}, func(s stripeapi.Session) string { return s.ID }, func(s stripeapi.Session) bool { return s.ID == made.ID })
		if found && (s.Reference != r.Reference || s.Metadata[boxoffice.MetadataTender] != r.Metadata[boxoffice.MetadataTender]) {
			err = deny("listed with the reference %q and the metadata %v", s.Reference, s.Metadata)
		}
		return found, err
	})
	return fmt.Sprintf("after %s", took), err
}

func (l *line) expire(ctx context.Context) (string, error) {
	if err := need(l.session.ID, "5.3"); err != nil {
		return "", err
	}
	s, err := l.ExpireSession(ctx, l.newKey(), l.session.ID)
	if err != nil {
		return "", err
	}
	if s.Status != stripeapi.SessionExpired || s.Paid {
		return "", deny("it is %s, paid %t", s.Status, s.Paid)
	}
	l.expiredAt = l.now()
	return string(s.Status), nil
}

// unsold wants a refusal by which reconcile.lostPrices finds the line.
func (l *line) unsold(ctx context.Context, price string) (string, error) {
	r := l.newRequest(l.Now().Add(codeLife))
	r.Methods, r.Descriptor = []string{"card"}, ""
	r.LineItems = []boxoffice.SessionLine{{PriceID: price, UnitPrice: l.first.Amount, Quantity: 1}}
	_, err := l.makeSession(ctx, l.newKey(), r)
	saw, wrong := wantRefused(err, "it")
	if wrong == nil && !strings.HasPrefix(failed(err).Param, "line_items") {
		wrong = deny("not about line_items: %s", saw)
	}
	return saw, wrong
}
