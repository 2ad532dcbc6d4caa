package connect_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/connect"
	"willcall/backend/stripesim"
)

func warned(r connect.Report) (codes []connect.WarningCode) {
	for _, w := range r.Warnings {
		codes = append(codes, w.Code)
	}
	return codes
}

// TestWhatIsNoKey is refused by what it is, and before anything is sent.
func TestWhatIsNoKey(t *testing.T) {
	for _, c := range []struct {
		text, word string
		code       boxoffice.Code
	}{
		{"", "empty", boxoffice.CodeBadKey},
		{" \n", "empty", boxoffice.CodeBadKey},
		{"pk_test_0123456789", "publishable", boxoffice.CodeBadKey},
		{"whsec_0123456789", "signing secret", boxoffice.CodeBadKey},
		{"ca_0123456789", "client id", boxoffice.CodeBadKey},
		{"acct_0123456789", "account", boxoffice.CodeBadKey},
		{"sk_test_...wxyz", "part of a key", boxoffice.CodeBadKey},
		{"rk_live_•••••wxyz", "part of a key", boxoffice.CodeBadKey},
		{"rk_test_short", "part of a key", boxoffice.CodeBadKey},
		{"rk_test_01234 56789", "part of a key", boxoffice.CodeBadKey},
		{"correct horse", "no key", boxoffice.CodeBadKey},
		{"RK_TEST_0123456789", "no key", boxoffice.CodeBadKey},
		{"rk_live_0123456789", "real money", boxoffice.CodeWrongMode},
		{"sk_live_0123456789", "real money", boxoffice.CodeWrongMode},
	} {
		t.Run(c.text, func(t *testing.T) {
			s := newScene(t)
			_, err := s.UseKey(t.Context(), c.text)
			wants(t, err, c.code)
			if e, ok := errors.AsType[*boxoffice.Error](err); !ok || !strings.Contains(e.Message, c.word) || len(c.text) > 9 && strings.Contains(err.Error(), c.text) {
				t.Errorf("it says %v, want %q, without what was entered", err, c.word)
			}
			if n := s.sim.Requests(); n.Reads+n.Writes != 0 || len(s.book.facts) != 0 {
				t.Errorf("Stripe was asked %+v, and the book says %s", n, s.book.kinds())
			}
		})
	}
	s := newScene(t, isLive)
	_, err := s.UseKey(t.Context(), "rk_test_0123456789")
	wants(t, err, boxoffice.CodeWrongMode)
}

// TestARestrictedKeyConnects, survives a restart, and is rotated without a word
// in the book.
func TestARestrictedKeyConnects(t *testing.T) {
	for name, live := range map[string]bool{"test": false, "live": true} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, func(s *scene) { s.live = live })
			report, err := s.useKey("  " + s.key() + "\n")
			must(t, err)
			want := connect.Report{Key: connect.RestrictedKey, Account: boxoffice.Account{Livemode: live, Via: boxoffice.ViaKey}}
			if codes := warned(report); !slices.Equal(codes, []connect.WarningCode{connect.WarnUnchecked}) {
				t.Errorf("it warns of %v", report.Warnings)
			}
			report.Warnings = nil
			if diff := cmp.Diff(want, report); diff != "" {
				t.Error(diff)
			}
			s.is(connect.Connected, "")
			s.restart()
			s.is(connect.None, "")
			s.unlock()
			s.is(connect.Connected, "")
			if _, err := s.client.Livemode(t.Context()); err != nil {
				t.Errorf("after a restart: %v", err)
			}
			_, err = s.useKey(s.key())
			must(t, err)
			if got := s.book.kinds(); got != "account.connected" {
				t.Errorf("the book says %s", got)
			}
			if state, _ := s.State(); state.Key != connect.RestrictedKey {
				t.Errorf("the key is %q", state.Key)
			}
		})
	}
}

func TestASecretKeyIsTakenWithAWarning(t *testing.T) {
	s := newScene(t)
	report, err := s.useKey(s.key(secretKey))
	must(t, err)
	want := boxoffice.Account{ID: "acct_playhouse", Name: "Playhouse", Via: boxoffice.ViaKey, Country: "AT", Currency: "eur"}
	if diff := cmp.Diff(want, report.Account); diff != "" {
		t.Error(diff)
	}
	if codes := warned(report); !slices.Equal(codes, []connect.WarningCode{connect.WarnSecretKey}) {
		t.Errorf("it warns of %v", report.Warnings)
	}
	if s.asks() != "acct_playhouse" {
		t.Errorf("the till asks as %q", s.asks())
	}
}

// TestMissingPermissionsAreNamed, all of them at once; one that is not needed
// for selling is a warning.
func TestMissingPermissionsAreNamed(t *testing.T) {
	without := func(resources ...string) func(*stripesim.Key) {
		return func(k *stripesim.Key) {
			for _, r := range resources {
				delete(k.Permissions, r)
			}
		}
	}
	for _, c := range []struct {
		name, missing string
		edit          func(*stripesim.Key)
		warnings      int
	}{
		{"one", "Events: Read", without("events"), 0},
		{"a write that can only be read", "Prices: Write", func(k *stripesim.Key) { k.Permissions["prices"] = "read" }, 0},
		{"the balance, which tells the mode", "Balance: Read", without("balance"), 0},
		{"several", "Checkout Sessions: Write, Events: Read, Charges: Read", without("checkout_sessions", "events", "charges", "tax_rates"), 0},
		{"what is not needed", "", without("tax_rates", "balance_transactions"), 3},
		{"cards on this screen", "", func(k *stripesim.Key) { k.Permissions["payment_intents"] = "read" }, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			report, err := s.useKey(s.key(c.edit))
			if c.missing == "" {
				if err != nil || len(report.Warnings) != c.warnings {
					t.Errorf("%v, and it warns of %v", err, report.Warnings)
				}
				return
			}
			wants(t, err, boxoffice.CodeKeyPermissions)
			if e, ok := errors.AsType[*boxoffice.Error](err); !ok || e.Params["missing"] != c.missing || !strings.Contains(e.Message, c.missing) {
				t.Errorf("it says %v, want %s", err, c.missing)
			}
			s.is(connect.None, "")
		})
	}
}

// TestAnotherAccountsKey is told by its account's id, and where that may not be
// asked for by what the book has at Stripe.
func TestAnotherAccountsKey(t *testing.T) {
	s := newScene(t)
	_, err := s.useKey(s.key(secretKey))
	must(t, err)
	_, err = s.useKey(s.key(secretKey, anotherOnes))
	wants(t, err, boxoffice.CodeOtherAccount)
	made, err := s.client.CreateProduct(t.Context(), "key-1", boxoffice.ProductRequest{Name: "Adult"})
	must(t, err)
	s.book.object = made.ID
	_, err = s.useKey(s.key(anotherOnes))
	wants(t, err, boxoffice.CodeOtherAccount)
	if s.asks() != "acct_playhouse" {
		t.Errorf("the till asks as %q", s.asks())
	}
	before := s.book.kinds()
	report, err := s.useKey(s.key())
	must(t, err)
	if report.Account.ID != "acct_playhouse" || len(report.Warnings) != 0 || s.book.kinds() != before {
		t.Errorf("its own restricted key: %+v, and the book says %s", report, s.book.kinds())
	}
}

// TestTheBookLearnsItsAccount from a key that may say it, when what was sold
// shows that it is the same.
func TestTheBookLearnsItsAccount(t *testing.T) {
	s := newScene(t)
	_, err := s.useKey(s.key())
	must(t, err)
	made, err := s.client.CreateProduct(t.Context(), "key-1", boxoffice.ProductRequest{Name: "Adult"})
	must(t, err)
	s.book.object = made.ID
	_, err = s.useKey(s.key(secretKey, anotherOnes))
	wants(t, err, boxoffice.CodeOtherAccount)
	_, err = s.useKey(s.key(secretKey))
	must(t, err)
	if a, _, _, _ := s.book.Account(); a.ID != "acct_playhouse" {
		t.Errorf("the book's account is %+v", a)
	}
}

// TestAPrefixCanLie: the balance says which money it is.
func TestAPrefixCanLie(t *testing.T) {
	s := newScene(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`{"object": "balance", "livemode": true}`))
	}))
	defer server.Close()
	s.url = server.URL
	s.restart()
	s.unlock()
	_, err := s.useKey("sk_test_0123456789")
	wants(t, err, boxoffice.CodeWrongMode)
	s.is(connect.None, "")
}

func TestAnAccountThatCannotTakeMoney(t *testing.T) {
	for name, c := range map[string]struct {
		live bool
		want boxoffice.Code
	}{"test mode": {false, ""}, "live mode": {true, boxoffice.CodeChargesDisabled}} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, func(s *scene) { s.live = c.live })
			must(t, s.sim.SetChargesEnabled("acct_playhouse", false))
			report, err := s.useKey(s.key(secretKey))
			wants(t, err, c.want)
			if c.want == "" && !slices.Contains(warned(report), connect.WarnCharges) {
				t.Errorf("it warns of %v", report.Warnings)
			}
		})
	}
}

// TestAKeyThatStripeDoesNotTake leaves the one that is there.
func TestAKeyThatStripeDoesNotTake(t *testing.T) {
	s := newScene(t)
	_, err := s.useKey(s.key(secretKey))
	must(t, err)
	s.key(ofThePlatform) // from now on the simulator knows its keys
	revoked := s.key()
	must(t, s.sim.RevokeKey(revoked))
	for name, key := range map[string]string{"unknown": "rk_test_0123456789abcdef", "revoked": revoked} {
		_, err := s.useKey(key)
		wants(t, err, boxoffice.CodeBadKey)
		if s.asks() != "acct_playhouse" {
			t.Errorf("%s: the till asks as %q", name, s.asks())
		}
	}
	s.down = true
	_, err = s.useKey(s.key())
	wants(t, err, boxoffice.CodeStripeUnreachable)
	s.is(connect.Connected, "")
}

// TestALockedVaultTakesNoKey, and Stripe is not asked.
func TestALockedVaultTakesNoKey(t *testing.T) {
	s := newScene(t)
	s.restart()
	_, err := s.useKey(s.key())
	wants(t, err, boxoffice.CodeVaultLocked)
	if n := s.sim.Requests(); n.Reads+n.Writes != 0 {
		t.Errorf("Stripe was asked %+v", n)
	}
	wants(t, s.SetWebhookSecret("whsec_0123456789"), boxoffice.CodeVaultLocked)
	_, _, err = s.Begin()
	wants(t, err, boxoffice.CodeVaultLocked)
}

func TestTextsThatAreEntered(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       boxoffice.Code
		set        func(*scene, string) error
		get        func(*scene) string
	}{
		{"a webhook's secret", "whsec_0123456789", "", webhook, heard},
		{"nothing", "", "", webhook, heard},
		{"a key", "sk_test_0123456789", boxoffice.CodeBadKey, webhook, heard},
		{"half of one", "whsec_", boxoffice.CodeBadKey, webhook, heard},
		{"a publishable key", "pk_test_0123456789", "", page, shownKey},
		{"no publishable key", "", "", page, shownKey},
		{"a secret key", "sk_test_0123456789", boxoffice.CodeBadKey, page, shownKey},
		{"one for real money", "pk_live_0123456789", boxoffice.CodeWrongMode, page, shownKey},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			err := c.set(s, " "+c.text+"\n")
			s.shown(err)
			wants(t, err, c.want)
			for range 2 {
				if got := c.get(s); c.want == "" && got != c.text || c.want != "" && got != "" {
					t.Errorf("it is %q", got)
				}
				s.restart()
				s.unlock()
			}
			must(t, c.set(s, ""))
			for range 2 {
				if got := c.get(s); got != "" {
					t.Errorf("taken away, it is %q", got)
				}
				s.restart()
				s.unlock()
			}
		})
	}
}

func webhook(s *scene, text string) error { return s.SetWebhookSecret(text) }
func page(s *scene, text string) error    { return s.SetPublishable(text) }
func heard(s *scene) string               { return s.WebhookSecret() }
func shownKey(s *scene) string            { return s.Publishable() }
