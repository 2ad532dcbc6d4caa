package connect_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/connect"
	"willcall/backend/money"
)

// TestConsentConnects: charges are made on the organizer's account, by the
// platform's key; and after a restart still.
func TestConsentConnects(t *testing.T) {
	for name, live := range map[string]bool{"test": false, "live": true} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, func(s *scene) { s.live = live })
			s.platform()
			report, err := s.finish(s.consent("acct_playhouse"))
			must(t, err)
			want := connect.Report{Key: connect.PlatformKey, Account: boxoffice.Account{
				ID: "acct_playhouse", Name: "Playhouse", Livemode: live, Via: boxoffice.ViaOAuth, Country: "AT", Currency: "eur", Scope: "read_write",
			}}
			if diff := cmp.Diff(want, report); diff != "" {
				t.Error(diff)
			}
			for range 2 {
				s.is(connect.Connected, "")
				if s.asks() != "acct_playhouse" {
					t.Errorf("the till asks as %q", s.asks())
				}
				if key := s.Publishable(); !strings.HasPrefix(key, "pk_"+map[bool]string{false: "test", true: "live"}[live]+"_") {
					t.Errorf("the publishable key is %q", key)
				}
				s.restart()
				s.unlock()
			}
			if a, connected, _, _ := s.book.Account(); a != want.Account || !connected || s.book.kinds() != "account.connected" {
				t.Errorf("the book says %s: %+v", s.book.kinds(), a)
			}
		})
	}
}

// TestTheStateIsGoodOnce, for ten minutes, as it was given.
func TestTheStateIsGoodOnce(t *testing.T) {
	for name, spoil := range map[string]func(*scene, url.Values){
		"changed":     func(_ *scene, q url.Values) { q.Set("state", q.Get("state")+"x") },
		"missing":     func(_ *scene, q url.Values) { q.Del("state") },
		"there twice": func(_ *scene, q url.Values) { q.Add("state", q.Get("state")) },
		"too old":     func(s *scene, _ url.Values) { s.now = s.now.Add(10 * time.Minute) },
		"used": func(s *scene, q url.Values) {
			_, _ = s.finish(url.Values{"state": q["state"], "error": {"access_denied"}})
		},
		"before a stop": func(s *scene, _ url.Values) { s.restart(); s.unlock() },
		"changed, and Stripe is said to refuse": func(_ *scene, q url.Values) {
			q.Set("state", "x")
			q.Set("error", "access_denied")
			q.Set("error_description", "Call this number")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.platform()
			q := s.consent("acct_playhouse")
			spoil(s, q)
			_, err := s.finish(q)
			wants(t, err, boxoffice.CodeOAuthState)
			if strings.Contains(err.Error(), "Call this number") {
				t.Errorf("a stranger's words are shown: %v", err)
			}
			s.is(connect.None, "")
			// The code was not spent: with a state of its own it still works.
			again := s.consent("")
			again.Del("error")
			again.Set("code", q.Get("code"))
			_, err = s.finish(again)
			wants(t, err, "")
		})
	}
}

func TestAnAnswerJustInTime(t *testing.T) {
	s := newScene(t)
	s.platform()
	address, expires, err := s.Begin()
	must(t, err)
	if !expires.Equal(s.now.Add(10 * time.Minute)) {
		t.Errorf("it expires at %v, now is %v", expires, s.now)
	}
	q := s.press(address, "acct_playhouse")
	s.now = expires.Add(-time.Nanosecond)
	_, err = s.finish(q)
	must(t, err)
}

// TestStripesWordsAreShownAsTheyAre.
func TestStripesWordsAreShownAsTheyAre(t *testing.T) {
	for _, c := range []struct {
		name, want string
		query      func(*scene) url.Values
	}{
		{"the organizer presses Cancel", "The user denied your request", func(s *scene) url.Values { return s.consent("") }},
		{"an error without words", "access_denied", func(s *scene) url.Values {
			q := s.consent("")
			q.Del("error_description")
			return q
		}},
		{"a used code", "This authorization code has already been used. All tokens issued with this code have been revoked.", func(s *scene) url.Values {
			q := s.consent("acct_playhouse")
			_, err := s.finish(q)
			must(s.t, err)
			q.Set("state", s.consent("").Get("state"))
			return q
		}},
		{"a code that nobody gave out", "Authorization code does not exist: [key]", func(s *scene) url.Values {
			q := s.consent("")
			q.Del("error")
			q.Set("code", "ac_0123456789")
			return q
		}},
		{"another platform's code", "Authorization code provided does not belong to you", func(s *scene) url.Values {
			id, err := s.sim.RegisterPlatform("acct_other", false, callback)
			must(s.t, err)
			address, _, err := s.Begin()
			must(s.t, err)
			u, err := url.Parse(address)
			must(s.t, err)
			q := u.Query()
			q.Set("client_id", id)
			u.RawQuery = q.Encode()
			return s.press(u.String(), "acct_playhouse")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			s.platform()
			_, err := s.finish(c.query(s))
			wants(t, err, boxoffice.CodeOAuthRefused)
			if e, ok := errors.AsType[*boxoffice.Error](err); !ok || e.Message != c.want {
				t.Errorf("it says %v, want %q", err, c.want)
			}
		})
	}
}

// TestAPastedAddress is found in whatever somebody copied.
func TestAPastedAddress(t *testing.T) {
	for name, around := range map[string]string{
		"whole":                  "http://127.0.0.1:4381/oauth/callback?QUERY",
		"of the registered page": "https://box.example/back?QUERY",
		"its query":              "?QUERY",
		"its query's text":       "QUERY",
		"with a fragment":        "https://box.example/back?QUERY#top",
		"in spaces":              " \t\nhttps://box.example/back?QUERY\r\n",
		"in quotes":              `"https://box.example/back?QUERY"`,
		"in a sentence":          "It says https://box.example/back?QUERY. Then nothing happens?",
		"in a mail":              "<https://box.example/back?QUERY>",
		"from a page's source":   "https://box.example/back?HTML",
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.platform()
			query := s.consent("acct_playhouse")
			s.secret(query.Get("code"))
			text := strings.ReplaceAll(around, "QUERY", query.Encode())
			text = strings.ReplaceAll(text, "HTML", strings.ReplaceAll(query.Encode(), "&", "&amp;"))
			report, err := s.Paste(t.Context(), text)
			s.shown(report, err)
			if err != nil || report.Account.ID != "acct_playhouse" {
				t.Errorf("%s: %+v, %v", text, report, err)
			}
		})
	}
	s := newScene(t)
	s.platform()
	q := s.consent("acct_playhouse")
	s.secret(q.Get("code"))
	for _, text := range []string{"", " ", "?", "https://connect.stripe.com/oauth/authorize", "https://x/?state=" + q.Get("state"), "https://x/?code=" + q.Get("code"), "%zz?%zz=%"} {
		_, err := s.Paste(t.Context(), text)
		s.shown(err)
		wants(t, err, boxoffice.CodeOAuthState)
	}
	_, err := s.Paste(t.Context(), "?error=access_denied&error_description=No&state="+q.Get("state"))
	wants(t, err, boxoffice.CodeOAuthRefused)
}

// TestAnotherAccountsConsent is given back; the book's own connection stays.
func TestAnotherAccountsConsent(t *testing.T) {
	s := newScene(t)
	s.platform()
	_, err := s.finish(s.consent("acct_playhouse"))
	must(t, err)
	_, err = s.finish(s.consent("acct_other"))
	wants(t, err, boxoffice.CodeOtherAccount)
	if s.asks() != "acct_playhouse" || s.book.kinds() != "account.connected" {
		t.Errorf("the till asks as %q, and the book says %s", s.asks(), s.book.kinds())
	}
	other := s.platformAlone()
	other.Account = "acct_other"
	if _, err := s.client.As(other).Livemode(t.Context()); err == nil {
		t.Error("the platform still has the other account")
	}
	_, err = s.finish(s.consent("acct_playhouse")) // once more, which is no news
	must(t, err)
	if s.book.kinds() != "account.connected" {
		t.Errorf("the book says %s", s.book.kinds())
	}
}

// TestAnAccountWithoutChargesGivesItsConsentInVain, in live mode.
func TestAnAccountWithoutChargesGivesItsConsentInVain(t *testing.T) {
	s := newScene(t, isLive)
	s.platform()
	must(t, s.sim.SetChargesEnabled("acct_playhouse", false))
	_, err := s.finish(s.consent("acct_playhouse"))
	wants(t, err, boxoffice.CodeChargesDisabled)
	as := s.platformAlone()
	as.Account = "acct_playhouse"
	if _, err := s.client.As(as).Livemode(t.Context()); err == nil {
		t.Error("the consent was not given back")
	}
	s.is(connect.None, "")
}

// TestAGrantThatDoesNotFit the book is given back: a Stripe that gives what it
// was not asked for.
func TestAGrantThatDoesNotFit(t *testing.T) {
	for _, c := range []struct {
		name    string
		edit    func(map[string]any)
		want    boxoffice.Code
		deaf    bool // Stripe does not take it back
		keeping error
	}{
		{"of the other mode", func(g map[string]any) { g["livemode"] = true }, boxoffice.CodeWrongMode, false, nil},
		{"to read only", func(g map[string]any) { g["scope"] = "read_only" }, boxoffice.CodeOAuthRefused, false, nil},
		{"of another account, whatever it says of itself", func(g map[string]any) { g["stripe_user_id"] = "acct_other" }, boxoffice.CodeOtherAccount, false, nil},
		{"that cannot be taken back", func(g map[string]any) { g["livemode"] = true }, boxoffice.CodeWrongMode, true, nil},
		{"that cannot be kept", func(map[string]any) {}, boxoffice.CodeVaultUnusable, false, errors.New("no space left on device")},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t)
			s.platform()
			s.book.facts = []boxoffice.Fact{boxoffice.AccountConnectedFact{Account: boxoffice.Account{ID: "acct_playhouse"}}}
			q := s.consent("acct_playhouse")
			grant := map[string]any{"access_token": "sk_test_given", "refresh_token": "rt_given", "livemode": false, "scope": "read_write", "stripe_user_id": "acct_playhouse", "stripe_publishable_key": "pk_test_given"}
			c.edit(grant)
			var paths []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				paths = append(paths, r.URL.Path)
				switch {
				case r.URL.Path == "/oauth/token":
					must(t, json.NewEncoder(w).Encode(grant))
				case r.URL.Path == "/v1/account":
					s.vault.err = c.keeping
					_, _ = w.Write([]byte(`{"object": "account", "id": "acct_playhouse", "charges_enabled": true}`))
				case c.deaf:
					w.WriteHeader(http.StatusServiceUnavailable)
				default:
					must(t, json.NewEncoder(w).Encode(map[string]string{"stripe_user_id": r.PostFormValue("stripe_user_id")}))
				}
			}))
			defer server.Close()
			s.mustAsk(server.URL)
			address, _, err := s.Begin()
			must(t, err)
			u, err := url.Parse(address)
			must(t, err)
			q.Set("state", u.Query().Get("state"))
			_, err = s.finish(q)
			wants(t, err, c.want)
			if len(paths) == 0 || paths[len(paths)-1] != "/oauth/deauthorize" {
				t.Errorf("Stripe was asked %q", paths)
			}
			if e, ok := errors.AsType[*boxoffice.Error](err); ok && strings.Contains(e.Message, "could not be told") != c.deaf {
				t.Errorf("it says %s", e.Message)
			}
			s.vault.err = nil
			s.is(connect.None, "")
		})
	}
}

// TestALockedVaultSpendsNoConsent: the passphrase first, and the same address
// once more.
func TestALockedVaultSpendsNoConsent(t *testing.T) {
	s := newScene(t)
	s.platform()
	q := s.consent("acct_playhouse")
	s.vault.lock(t, s)
	_, err := s.finish(q)
	wants(t, err, boxoffice.CodeVaultLocked)
	must(t, s.vault.Unlock(passphrase))
	_, err = s.finish(q)
	must(t, err)
}

func TestWithoutAPlatformThereIsNoConsent(t *testing.T) {
	s := newScene(t)
	_, _, err := s.Begin()
	wants(t, err, boxoffice.CodeBadPlatform)
}

// TestNobodyFillsTheMemory by pressing Connect; the newest page works.
func TestNobodyFillsTheMemory(t *testing.T) {
	s := newScene(t)
	s.platform()
	states := map[string]bool{}
	for range 100 {
		address, _, err := s.Begin()
		must(t, err)
		u, err := url.Parse(address)
		must(t, err)
		states[u.Query().Get("state")] = true
		if len(u.Query().Get("state")) < 43 {
			t.Fatalf("the state is %q", u.Query().Get("state"))
		}
	}
	if len(states) != 100 {
		t.Errorf("of 100 states %d are different", len(states))
	}
	first := s.consent("acct_playhouse")
	for range 20 {
		_, _, err := s.Begin()
		must(t, err)
	}
	_, err := s.finish(first)
	wants(t, err, boxoffice.CodeOAuthState)
	_, err = s.finish(s.consent("acct_playhouse"))
	must(t, err)
}

// TestTheBooksOwnConsentIsNotGivenBack: what is wrong with the second does not
// end the first, by which the book sells.
func TestTheBooksOwnConsentIsNotGivenBack(t *testing.T) {
	s := newScene(t, isLive)
	s.platform()
	_, err := s.finish(s.consent("acct_playhouse"))
	must(t, err)
	must(t, s.sim.SetChargesEnabled("acct_playhouse", false))
	_, err = s.finish(s.consent("acct_playhouse"))
	wants(t, err, boxoffice.CodeChargesDisabled)
	s.is(connect.Connected, "")
	if s.asks() != "acct_playhouse" {
		t.Errorf("the till asks as %q", s.asks())
	}
}

// TestWithoutTheInternetAConsentCannotBeFinished, and the words say to begin
// anew.
func TestWithoutTheInternetAConsentCannotBeFinished(t *testing.T) {
	s := newScene(t)
	s.platform()
	q := s.consent("acct_playhouse")
	s.down = true
	_, err := s.finish(q)
	wants(t, err, boxoffice.CodeStripeUnreachable)
	s.is(connect.None, "")
	if fee := s.Fee(money.New(1000, "eur")); fee != 0 {
		t.Errorf("the fee of a book that is not connected is %d", fee)
	}
}
