package connect_test

import (
	"errors"
	"strings"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/connect"
	"willcall/backend/secrets"
	"willcall/backend/stripeapi"
)

// refusal is how Stripe answers the till now.
func (s *scene) refusal() error {
	_, err := s.client.Livemode(s.t.Context())
	return err
}

// gone holds that nothing of the connection is left, here and in the vault.
func (s *scene) gone(reason string) {
	s.t.Helper()
	for _, item := range []string{"stripe.connection", "stripe.publishable", "stripe.webhook"} {
		if _, err := s.vault.Vault.Get(item); !errors.Is(err, secrets.ErrMissing) {
			s.t.Errorf("the vault still has %s (%v)", item, err)
		}
	}
	failure, ok := errors.AsType[*stripeapi.Error](s.refusal())
	if !ok || failure.Failure != stripeapi.NotConnected || s.Publishable() != "" || s.WebhookSecret() != "" {
		s.t.Errorf("Stripe is still asked: %v", failure)
	}
	if len(s.book.facts) == 0 {
		s.t.Fatal("the book says nothing")
	}
	if f, ok := s.book.facts[len(s.book.facts)-1].(boxoffice.AccountDisconnectedFact); !ok || f.Reason != reason || f.AccountID != "acct_playhouse" {
		s.t.Errorf("the book says %+v, want disconnected: %s", f, reason)
	}
}

func TestAKeyIsForgotten(t *testing.T) {
	s := newScene(t)
	wants(t, s.disconnect(false), boxoffice.CodeNotConnected)
	_, err := s.useKey(s.key(secretKey))
	must(t, err)
	must(t, s.SetPublishable("pk_test_0123456789"))
	must(t, s.SetWebhookSecret(s.secret("whsec_0123456789")))
	s.down = true // a key is forgotten without Stripe
	must(t, s.disconnect(false))
	s.gone(boxoffice.DisconnectedHere)
	s.is(connect.None, "")
	s.restart()
	s.unlock()
	s.is(connect.None, "")
	s.down = false
	_, err = s.useKey(s.key(secretKey, anotherOnes))
	wants(t, err, boxoffice.CodeOtherAccount) // the book has one account for ever
	_, err = s.useKey(s.key(secretKey))
	must(t, err)
	if got := s.book.kinds(); got != "account.connected account.disconnected account.connected" {
		t.Errorf("the book says %s", got)
	}
}

// TestAccessIsGivenUp at Stripe, and the platform is there for the next.
func TestAccessIsGivenUp(t *testing.T) {
	s := newScene(t)
	s.platform()
	_, err := s.finish(s.consent("acct_playhouse"))
	must(t, err)
	as := s.platformAlone()
	as.Account = "acct_playhouse"
	must(t, s.disconnect(false))
	s.gone(boxoffice.DisconnectedHere)
	if _, err := s.client.As(as).Livemode(t.Context()); err == nil {
		t.Error("the platform still has the account")
	}
	_, err = s.finish(s.consent("acct_playhouse"))
	must(t, err)
	s.is(connect.Connected, "")
}

// TestAccessThatStripeWasNotTold: it is said that the platform may still have
// it, and a person decides.
func TestAccessThatStripeWasNotTold(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*scene, connect.PlatformKeys)
		want  boxoffice.Code
	}{
		"no internet":            {func(s *scene, _ connect.PlatformKeys) { s.down = true }, boxoffice.CodeStripeUnreachable},
		"a platform key revoked": {func(s *scene, k connect.PlatformKeys) { must(s.t, s.sim.RevokeKey(k.SecretKey)) }, boxoffice.CodeOAuthRefused},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			keys := s.platform()
			_, err := s.finish(s.consent("acct_playhouse"))
			must(t, err)
			c.spoil(s, keys)
			err = s.disconnect(false)
			wants(t, err, c.want)
			if e, ok := errors.AsType[*boxoffice.Error](err); !ok || !strings.Contains(e.Message, "may still have it") {
				t.Errorf("it says %v", err)
			}
			s.is(connect.Connected, "")
			must(t, s.disconnect(true))
			s.gone(boxoffice.DisconnectedHere)
		})
	}
}

// TestTheOrganizerCutsThePlatformOff: whoever notices, it is believed when
// Stripe says so, and forgotten.
func TestTheOrganizerCutsThePlatformOff(t *testing.T) {
	for name, notice := range map[string]func(*scene) error{
		"the poller":             func(s *scene) error { return s.Noticed(s.t.Context(), s.refusal()) },
		"a webhook":              func(s *scene) error { return s.Ask(s.t.Context()) },
		"somebody, disconnected": func(s *scene) error { return s.disconnect(false) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.platform()
			_, err := s.finish(s.consent("acct_playhouse"))
			must(t, err)
			must(t, s.sim.Deauthorize("", "acct_playhouse"))
			must(t, notice(s))
			if strings.Contains(name, "disconnected") {
				s.gone(boxoffice.DisconnectedHere)
				return
			}
			s.gone(boxoffice.DisconnectedRevoked)
			s.is(connect.Revoked, boxoffice.CodeNotConnected)
			must(t, s.Noticed(t.Context(), s.refusal()))
			must(t, s.Ask(t.Context()))
			if got := s.book.kinds(); got != "account.connected account.disconnected" {
				t.Errorf("the book says %s", got)
			}
			_, err = s.finish(s.consent("acct_playhouse"))
			must(t, err)
			s.is(connect.Connected, "")
		})
	}
}

// TestAHintAloneDisconnectsNobody: it may be forged, or of another platform.
func TestAHintAloneDisconnectsNobody(t *testing.T) {
	s := newScene(t)
	s.platform()
	_, err := s.finish(s.consent("acct_playhouse"))
	must(t, err)
	must(t, s.Ask(t.Context()))
	s.is(connect.Connected, "")
	s.down = true
	wants(t, s.Ask(t.Context()), boxoffice.CodeStripeUnreachable)
	must(t, s.Noticed(t.Context(), s.refusal())) // that is the line's trouble
	s.is(connect.Connected, "")
	if s.book.kinds() != "account.connected" {
		t.Errorf("the book says %s", s.book.kinds())
	}
}

// TestAKeyIsRevokedInTheMiddle of a sale: the till says so, the book does not
// forget its account, and the new key goes on.
func TestAKeyIsRevokedInTheMiddle(t *testing.T) {
	s := newScene(t)
	first := s.key(secretKey)
	_, err := s.useKey(first)
	must(t, err)
	must(t, s.sim.RevokeKey(first))
	for i := range 3 {
		refusal := s.refusal()
		before := s.sent
		must(t, s.Noticed(t.Context(), refusal))
		s.is(connect.Revoked, boxoffice.CodeStripeKey)
		if more, most := s.sent-before, max(0, 1-i); more > most {
			t.Errorf("time %d: it cost %d requests, want %d: it is known by then", i+1, more, most)
		}
	}
	if s.book.kinds() != "account.connected" {
		t.Errorf("the book says %s", s.book.kinds())
	}
	late := s.refusal() // an answer to the old key, which comes after the new one is there
	_, err = s.useKey(s.key(secretKey))
	must(t, err)
	s.is(connect.Connected, "")
	must(t, s.Noticed(t.Context(), late))
	s.is(connect.Connected, "")
}

// TestAWithdrawnPermissionIsNoRevocation: the rest of the till goes on.
func TestAWithdrawnPermissionIsNoRevocation(t *testing.T) {
	s := newScene(t)
	key := s.key()
	_, err := s.useKey(key)
	must(t, err)
	must(t, s.sim.PermitKey(key, map[string]string{"checkout_sessions": "write"}))
	must(t, s.Noticed(t.Context(), s.refusal()))
	must(t, s.Ask(t.Context()))
	s.is(connect.Connected, "")
}

// TestAKeyThatIsGoodAgain: a revocation that was Stripe's mistake.
func TestAKeyThatIsGoodAgain(t *testing.T) {
	s := newScene(t)
	_, err := s.useKey(s.key(secretKey))
	must(t, err)
	s.closed = true
	must(t, s.Noticed(t.Context(), s.refusal()))
	s.is(connect.Revoked, boxoffice.CodeStripeKey)
	s.closed = false
	must(t, s.Noticed(t.Context(), s.refusal()))
	s.is(connect.Connected, "")
}

// TestAKeyAfterConsent: the platform's access is spoken of.
func TestAKeyAfterConsent(t *testing.T) {
	s := newScene(t)
	s.platform()
	_, err := s.finish(s.consent("acct_playhouse"))
	must(t, err)
	report, err := s.useKey(s.key(secretKey))
	must(t, err)
	if codes := warned(report); len(codes) != 2 || codes[1] != connect.WarnPlatform {
		t.Errorf("it warns of %v", report.Warnings)
	}
	if a, _, _, _ := s.book.Account(); a.Via != boxoffice.ViaKey || a.ID != "acct_playhouse" {
		t.Errorf("the book says %+v", a)
	}
}
