package connect_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/connect"
	"willcall/backend/money"
)

// TestThePlatformsKeys are each in their place, of one mode, and secret.
func TestThePlatformsKeys(t *testing.T) {
	const sk, pk, ca = "sk_test_0123456789", "pk_test_0123456789", "ca_0123456789"
	for _, c := range []struct {
		name string
		keys connect.PlatformKeys
		word string // in the message; "" is taken
		want boxoffice.Code
	}{
		{"all three", connect.PlatformKeys{SecretKey: sk, PublishableKey: pk, ClientID: ca}, "", ""},
		{"with spaces around", connect.PlatformKeys{SecretKey: " " + sk, PublishableKey: pk + "\n", ClientID: "\t" + ca}, "", ""},
		{"without a publishable one", connect.PlatformKeys{SecretKey: sk, ClientID: ca}, "", ""},
		{"without a secret one", connect.PlatformKeys{PublishableKey: pk, ClientID: ca}, "secret key is missing", boxoffice.CodeBadPlatform},
		{"without an id", connect.PlatformKeys{SecretKey: sk}, "client id is missing", boxoffice.CodeBadPlatform},
		{"nothing", connect.PlatformKeys{}, "missing", boxoffice.CodeBadPlatform},
		{"keys swapped", connect.PlatformKeys{SecretKey: pk, PublishableKey: sk, ClientID: ca}, "secret key has a publishable key", boxoffice.CodeBadPlatform},
		{"an id for a key", connect.PlatformKeys{SecretKey: ca, ClientID: sk}, "secret key has a client id", boxoffice.CodeBadPlatform},
		{"a key for the id", connect.PlatformKeys{SecretKey: sk, ClientID: sk}, "client id has a secret key", boxoffice.CodeBadPlatform},
		{"a secret for the page", connect.PlatformKeys{SecretKey: sk, PublishableKey: sk, ClientID: ca}, "publishable key has a secret key", boxoffice.CodeBadPlatform},
		{"a webhook's secret", connect.PlatformKeys{SecretKey: "whsec_0123456789", ClientID: ca}, "webhook", boxoffice.CodeBadPlatform},
		{"a restricted key", connect.PlatformKeys{SecretKey: "rk_test_0123456789", ClientID: ca}, "restricted", boxoffice.CodeBadPlatform},
		{"a part of a key", connect.PlatformKeys{SecretKey: "sk_test_…wxyz", ClientID: ca}, "does not give out", boxoffice.CodeBadPlatform},
		{"half an id", connect.PlatformKeys{SecretKey: sk, ClientID: "ca_"}, "does not give out", boxoffice.CodeBadPlatform},
		{"modes mixed", connect.PlatformKeys{SecretKey: sk, PublishableKey: "pk_live_0123456789", ClientID: ca}, "test mode", boxoffice.CodeBadPlatform},
		{"real money", connect.PlatformKeys{SecretKey: "sk_live_0123456789", PublishableKey: "pk_live_0123456789", ClientID: ca}, "real money", boxoffice.CodeWrongMode},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			if c.keys.SecretKey != "" && !strings.HasPrefix(c.keys.SecretKey, "ca_") {
				s.secret(strings.TrimSpace(c.keys.SecretKey))
			}
			err := s.SetPlatform(t.Context(), c.keys)
			s.shown(err)
			wants(t, err, c.want)
			if e, ok := errors.AsType[*boxoffice.Error](err); ok && !strings.Contains(e.Message, c.word) {
				t.Errorf("it says %q, want %q", e.Message, c.word)
			}
			for range 2 {
				secret, publishable, id := s.PlatformSet()
				if want := c.want == ""; secret != want || id != want || publishable != (want && c.keys.PublishableKey != "") {
					t.Errorf("it is set: secret %v, publishable %v, id %v", secret, publishable, id)
				}
				s.restart()
				s.unlock()
			}
			if n := s.sim.Requests(); n.Reads+n.Writes != 0 {
				t.Errorf("Stripe was asked %+v", n)
			}
		})
	}
}

// TestAPlatformsKeyIsChangedAlone: what is left empty stays.
func TestAPlatformsKeyIsChangedAlone(t *testing.T) {
	s := newScene(t)
	keys := s.platform()
	must(t, s.SetPlatform(t.Context(), connect.PlatformKeys{PublishableKey: "pk_test_0123456789"}))
	address, _, err := s.Begin()
	must(t, err)
	if !strings.Contains(address, "client_id="+keys.ClientID) || strings.Contains(address, keys.SecretKey) {
		t.Errorf("the page is %s", address)
	}
	_, err = s.finish(s.consent("acct_playhouse"))
	must(t, err)
}

// TestThePlatformOfAConnectedBook: its key can be rotated, and nothing else.
func TestThePlatformOfAConnectedBook(t *testing.T) {
	s := newScene(t)
	keys := s.platform()
	_, err := s.finish(s.consent("acct_playhouse"))
	must(t, err)
	for name, c := range map[string]struct {
		keys connect.PlatformKeys
		want boxoffice.Code
	}{
		"another platform": {connect.PlatformKeys{ClientID: "ca_0123456789"}, boxoffice.CodeBadPlatform},
		"another's key":    {connect.PlatformKeys{SecretKey: s.secret(s.key(secretKey, anotherOnes))}, boxoffice.CodeBadPlatform},
		"nobody's key":     {connect.PlatformKeys{SecretKey: s.secret("sk_test_0123456789abcdef")}, boxoffice.CodeBadPlatform},
	} {
		err := s.SetPlatform(t.Context(), c.keys)
		s.shown(err)
		wants(t, err, c.want)
		if s.asks() != "acct_playhouse" {
			t.Errorf("%s: the till asks as %q", name, s.asks())
		}
	}
	fresh := s.secret(s.key(ofThePlatform))
	must(t, s.sim.RevokeKey(keys.SecretKey))
	must(t, s.Noticed(t.Context(), s.refusal()))
	s.is(connect.Revoked, boxoffice.CodeStripeKey)
	s.down = true
	wants(t, s.SetPlatform(t.Context(), connect.PlatformKeys{SecretKey: fresh}), boxoffice.CodeStripeUnreachable)
	s.down = false
	must(t, s.SetPlatform(t.Context(), connect.PlatformKeys{SecretKey: fresh}))
	s.is(connect.Connected, "")
	if s.asks() != "acct_playhouse" || s.book.kinds() != "account.connected" {
		t.Errorf("the till asks as %q, and the book says %s", s.asks(), s.book.kinds())
	}
}

func TestAnApplicationFee(t *testing.T) {
	for _, c := range []struct {
		name  string
		fee   connect.ApplicationFee
		total money.Amount
		want  int64
	}{
		{"none", connect.ApplicationFee{}, money.New(2400, "eur"), 0},
		{"two and a half percent", connect.ApplicationFee{Percent: 250}, money.New(2400, "eur"), 60},
		{"half a cent is rounded up", connect.ApplicationFee{Percent: 250}, money.New(20, "eur"), 1},
		{"less than half is not", connect.ApplicationFee{Percent: 250}, money.New(19, "eur"), 0},
		{"a fixed part", connect.ApplicationFee{Percent: 100, Fixed: 30, Currency: "eur"}, money.New(2400, "eur"), 54},
		{"of another currency", connect.ApplicationFee{Percent: 100, Fixed: 30, Currency: "eur"}, money.New(2400, "usd"), 24},
		{"never all of it", connect.ApplicationFee{Percent: 9999}, money.New(100, "eur"), 99},
		{"nor more", connect.ApplicationFee{Fixed: 500, Currency: "eur"}, money.New(100, "eur"), 99},
		{"of one", connect.ApplicationFee{Fixed: 500, Currency: "eur"}, money.New(1, "eur"), 0},
		{"of nothing", connect.ApplicationFee{Fixed: 500, Currency: "eur"}, money.New(0, "eur"), 0},
		{"of less", connect.ApplicationFee{Percent: 5000}, money.New(-100, "eur"), 0},
		{"whole yen", connect.ApplicationFee{Percent: 250}, money.New(2420, "jpy"), 61},
		{"whole crowns", connect.ApplicationFee{Percent: 250}, money.New(242000, "isk"), 6000},
		{"dinars end in 0", connect.ApplicationFee{Percent: 250}, money.New(5550, "kwd"), 130},
		{"the most", connect.ApplicationFee{Percent: 9999, Fixed: money.MaxMinor, Currency: "eur"}, money.New(money.MaxMinor, "eur"), money.MaxMinor - 1},
		{"past any", connect.ApplicationFee{Percent: 9999}, money.New(math.MaxInt64, "eur"), 9222449699651090329},
	} {
		if got := c.fee.Of(c.total); got != c.want {
			t.Errorf("%s: of %v it is %d, want %d", c.name, c.total, got, c.want)
		}
	}
}

// TestAFeeIsForConsentAlone: one's own key pays nobody.
func TestAFeeIsForConsentAlone(t *testing.T) {
	s := newScene(t)
	fee := connect.ApplicationFee{Percent: 250, Fixed: 10, Currency: "eur"}
	s.platform()
	must(t, s.SetApplicationFee(fee))
	for name, c := range map[string]connect.ApplicationFee{
		"less than nothing": {Percent: -1}, "all of it": {Percent: 10000}, "a negative part": {Fixed: -1, Currency: "eur"},
		"too much": {Fixed: money.MaxMinor + 1, Currency: "eur"}, "no currency": {Fixed: 1}, "a strange currency": {Fixed: 1, Currency: "€"},
	} {
		if err := s.SetApplicationFee(c); boxoffice.ErrorCode(err) != boxoffice.CodeBadPlatform {
			t.Errorf("%s: %v", name, err)
		}
	}
	total := money.New(2400, "eur")
	if got := s.Fee(total); got != 0 {
		t.Errorf("without a connection it is %d", got)
	}
	_, err := s.useKey(s.key())
	must(t, err)
	if got := s.Fee(total); got != 0 {
		t.Errorf("by a key it is %d", got)
	}
	_, err = s.finish(s.consent("acct_playhouse"))
	must(t, err)
	for range 2 {
		if got := s.Fee(total); got != 70 || s.ApplicationFee() != fee {
			t.Errorf("by consent it is %d of %+v", got, s.ApplicationFee())
		}
		s.restart()
		s.unlock()
	}
}
