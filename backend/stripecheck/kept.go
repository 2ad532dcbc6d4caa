package main

import (
	"context"
	"fmt"
	"time"

	"willcall/backend/stripeapi"
)

// keptChecks are about what Stripe keeps under an idempotency key, and about
// the times that it takes.
func keptChecks() []check {
	const carry, sell = "reconcile/carry.go", "desk/sell.go"
	return []check{
		{"6.1", "the same key and request again are answered with the same session, marked as replayed", carry, func(l *line, ctx context.Context) (string, error) {
			if err := need(l.session.ID, "5.3"); err != nil {
				return "", err
			}
			s, err := l.CreateSession(ctx, l.key, l.request)
			if err == nil && (s.ID != l.session.ID || !l.watch.saw().replayed) {
				err = deny("same session: %t, marked: %t", s.ID == l.session.ID, l.watch.saw().replayed)
			}
			l.strays(s)
			return "Idempotent-Replayed: true", err
		}},
		{"6.2", "the same key with another request is refused for that", carry, func(l *line, ctx context.Context) (string, error) {
			if err := need(l.session.ID, "5.3"); err != nil {
				return "", err
			}
			r := l.request
			r.Description = "Another order"
			s, err := l.CreateSession(ctx, l.key, r)
			f := failed(err)
			switch {
			case err == nil:
				l.strays(s)
				return "", deny("it was taken")
			case f != nil && f.Failure == stripeapi.KeyReused:
				return told(f), nil
			default:
				return "", err
			}
		}},
		// Willcall is right whichever way this turns out, as with 16.
		{"6.3", "the same key and request of another API key make another session", "stripesim/visit.go", func(l *line, ctx context.Context) (string, error) {
			if l.without == "" || l.without == l.target.key {
				return "", skip("needs WILLCALL_STRIPE_KEY_WITHOUT: another key of the account")
			}
			if err := need(l.session.ID, "5.3"); err != nil {
				return "", err
			}
			s, err := l.As(stripeapi.Identity{Key: l.without}).CreateSession(ctx, l.key, l.request)
			if err == nil && s.ID == l.session.ID {
				err = deny("it is the same session: idempotency keys are the account's, and stripesim's KeysAreShared should be so")
			}
			l.strays(s)
			return "another session", err
		}},
		{"7.1", "a session can end 31 minutes ahead", sell, func(l *line, ctx context.Context) (string, error) {
			return l.endsIn(ctx, codeLife, true)
		}},
		{"7.2", "a session cannot end 29 minutes ahead", sell, func(l *line, ctx context.Context) (string, error) {
			return l.endsIn(ctx, 29*time.Minute, false)
		}},
		{"7.3", "a session cannot end 25 hours ahead", sell, func(l *line, ctx context.Context) (string, error) {
			return l.endsIn(ctx, 25*time.Hour, false)
		}},
	}
}

// strays has a session expired that should be the run's own, and is another.
func (l *line) strays(s stripeapi.Session) {
	if s.ID != "" && s.ID != l.session.ID {
		l.later("session "+s.ID, func(ctx context.Context) error { return l.endSession(ctx, s.ID) })
	}
}

func (l *line) endsIn(ctx context.Context, d time.Duration, taken bool) (string, error) {
	r := l.newRequest(l.Now().Add(d))
	r.Methods, r.Descriptor = []string{"card"}, ""
	s, err := l.makeSession(ctx, l.newKey(), r)
	if !taken {
		return wantRefused(err, d.String())
	}
	if err == nil && !s.ExpiresAt.Equal(r.ExpiresAt) {
		err = deny("it ends at %s instead of %s", s.ExpiresAt, r.ExpiresAt)
	}
	return fmt.Sprintf("expires_at %d s after created", int64(s.ExpiresAt.Sub(s.Created).Seconds())), err
}
