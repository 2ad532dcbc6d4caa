package stripeapi_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/internal/testkit"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

const (
	code    = "ac_9kRw3TzL0pQx"
	granted = `{"access_token": "sk_test_access", "refresh_token": "rt_refresh", "livemode": false, "scope": "read_write",
		"stripe_publishable_key": "pk_test_page", "stripe_user_id": "acct_1", "token_type": "bearer"}`
)

// platform is the line of one whose Stripe is at the address.
func platform(base string, edits ...func(*stripeapi.Options)) *stripeapi.OAuth {
	return client(base, edits...).OAuth(base+"/", stripeapi.Platform{SecretKey: secret, ClientID: "ca_1"})
}

func TestThePageOfConsent(t *testing.T) {
	got := platform("https://connect.example").AuthorizeURL("http://127.0.0.1:4381/oauth/callback?a=b", "s_-1")
	u, err := url.Parse(got)
	if err != nil || !strings.HasPrefix(got, "https://connect.example/oauth/authorize?") {
		t.Fatalf("it is %s (%v)", got, err)
	}
	want := url.Values{
		"client_id": {"ca_1"}, "response_type": {"code"}, "scope": {"read_write"}, "state": {"s_-1"},
		"redirect_uri": {"http://127.0.0.1:4381/oauth/callback?a=b"},
	}
	if diff := cmp.Diff(want, u.Query()); diff != "" {
		t.Error(diff)
	}
}

// TestACodeIsExchanged with the platform's key, which no other address learns.
func TestACodeIsExchanged(t *testing.T) {
	var asked *http.Request
	var form url.Values
	base, _ := answering(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		asked = r
		if form, err = url.ParseQuery(string(body)); err != nil {
			t.Error(err)
		}
		says(200, granted)(w, r)
	})
	got, err := platform(base).Exchange(t.Context(), code)
	want := stripeapi.Grant{AccountID: "acct_1", PublishableKey: "pk_test_page", AccessToken: "sk_test_access", RefreshToken: "rt_refresh", Scope: "read_write"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Fatalf("%v\n%s", err, diff)
	}
	if asked.Method != http.MethodPost || asked.URL.Path != "/oauth/token" || who(asked) != (stripeapi.Identity{Key: secret}) {
		t.Errorf("it asked %s %s as %+v", asked.Method, asked.URL, who(asked))
	}
	if diff := cmp.Diff(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "client_secret": {secret}}, form); diff != "" {
		t.Error(diff)
	}
}

// TestWhatARefusedCodeMeans: Stripe's description comes through to the letter.
func TestWhatARefusedCodeMeans(t *testing.T) {
	for _, c := range []struct {
		name    string
		status  int
		body    string
		want    stripeapi.Failure
		code    string
		message string
	}{
		{"used", 400, `{"error": "invalid_grant", "error_description": "This authorization code has already been used."}`, stripeapi.Refused, "invalid_grant", "This authorization code has already been used."},
		{"a wrong key, by OAuth", 401, `{"error": "invalid_client", "error_description": "No such API key: sk_test_****"}`, stripeapi.BadKey, "invalid_client", "No such API key: sk_test_****"},
		{"a wrong key, by the API", 401, describes(invalid, "api_key_expired", "Expired API Key provided"), stripeapi.BadKey, "api_key_expired", "Expired API Key provided"},
		{"a fault", 500, `{"error": "server_error", "error_description": "Oh"}`, stripeapi.Broken, "server_error", "Oh"},
		{"down", 503, `<html>`, stripeapi.Broken, "", ""},
		{"no description", 400, `{"error": "invalid_grant"}`, stripeapi.NotStripe, "", ""},
		{"a number for an error", 400, `{"error": 7}`, stripeapi.NotStripe, "", ""},
		{"no error at all", 400, `{}`, stripeapi.NotStripe, "", ""},
		{"a portal", 200, portal, stripeapi.NotStripe, "", ""},
		{"a redirect", 302, "", stripeapi.NotStripe, "", ""},
		{"an empty grant", 200, `{}`, stripeapi.NotStripe, "", ""},
		{"a grant of nobody's", 200, strings.Replace(granted, "acct_1", "", 1), stripeapi.NotStripe, "", ""},
		{"a grant without a token", 200, strings.Replace(granted, "sk_test_access", "", 1), stripeapi.NotStripe, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			base, asked := answering(t, says(c.status, c.body))
			grant, err := platform(base).Exchange(t.Context(), code)
			failure := failed(t, err)
			if failure.Failure != c.want || failure.Code != c.code || c.message != "" && failure.Message != c.message {
				t.Errorf("it is %v, want %s, %q: %s", failure, c.want, c.code, c.message)
			}
			if grant != (stripeapi.Grant{}) || asked() != 1 {
				t.Errorf("it gave %+v after %d requests", grant, asked())
			}
		})
	}
	_, err := platform("http://127.0.0.1:1").Exchange(t.Context(), code)
	if failed(t, err).Failure != stripeapi.Unsent {
		t.Errorf("where nobody listens: %v", err)
	}
	_, err = client("http://127.0.0.1:1").OAuth("http://127.0.0.1:1", stripeapi.Platform{ClientID: "ca_1"}).Exchange(t.Context(), code)
	if failed(t, err).Failure != stripeapi.NotConnected {
		t.Errorf("without a key: %v", err)
	}
}

// TestNoSecretLeavesOAuth: not the platform's key, the code, nor a token.
func TestNoSecretLeavesOAuth(t *testing.T) {
	echo := func(status int, format string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			words, _ := url.QueryUnescape(string(body))
			says(status, strings.ReplaceAll(format, "%", words+" "+r.Header.Get("Authorization")))(w, r)
		}
	}
	for name, h := range map[string]http.HandlerFunc{
		"a description":                echo(400, `{"error": "invalid_grant", "error_description": "%"}`),
		"the API's way":                echo(401, describes(invalid, "", "%")),
		"a page":                       echo(502, "<pre>%"),
		"half a grant":                 says(200, granted[:len(granted)-20]),
		"nobody's grant":               says(200, strings.Replace(granted, "acct_1", "x", 1)),
		"a grant, said to be an error": says(400, granted),
	} {
		t.Run(name, func(t *testing.T) {
			base, _ := answering(t, h)
			log := &notes{}
			line := platform(base, log.logging)
			for call, err := range map[string]error{
				"Exchange":    func() error { _, err := line.Exchange(t.Context(), code); return err }(),
				"Deauthorize": line.Deauthorize(t.Context(), "acct_1"),
			} {
				said := failed(t, err).Error()
				for _, s := range []string{secret, code, "sk_test_access", "rt_refresh"} {
					if strings.Contains(said, s) || strings.Contains(log.String(), s) {
						t.Errorf("%s tells %s: %v\n%s", call, s, err, log)
					}
				}
			}
			if !strings.Contains(log.String(), "endpoint=/oauth/token") {
				t.Errorf("the log says\n%s", log)
			}
		})
	}
}

// TestConsentFromBeginningToEnd, at the simulated Stripe.
func TestConsentFromBeginningToEnd(t *testing.T) {
	const back = "http://127.0.0.1:4381/oauth/callback"
	sim, base := testkit.Stripe(t, stripesim.Options{Now: func() time.Time { return noon }})
	if err := sim.AddStranger("acct_playhouse", "Playhouse", "AT", "eur"); err != nil {
		t.Fatal(err)
	}
	id, err := sim.RegisterPlatform("", false, back)
	if err != nil {
		t.Fatal(err)
	}
	c := client(base, func(o *stripeapi.Options) { o.Key = stripesim.TrainingKey })
	line := c.OAuth(base, stripeapi.Platform{SecretKey: stripesim.TrainingKey, ClientID: id})
	as := c.As(stripeapi.Identity{Key: stripesim.TrainingKey, Account: "acct_playhouse"})
	if _, err := as.Livemode(t.Context()); failed(t, err).Code != "account_invalid" {
		t.Errorf("before consent: %v", err)
	}
	answer := consents(t.Context(), t, line.AuthorizeURL(back, "state-1"), "acct_playhouse")
	if answer.Get("state") != "state-1" {
		t.Errorf("the browser comes back with %v", answer)
	}
	grant, err := line.Exchange(t.Context(), answer.Get("code"))
	if err != nil || grant.AccountID != "acct_playhouse" || grant.Livemode || grant.Scope != "read_write" || !strings.HasPrefix(grant.PublishableKey, "pk_test_") {
		t.Fatalf("the grant is %+v (%v)", grant, err)
	}
	s := open(t, as, "tdr-1-create")
	if err := c.Owns(t.Context(), s.ID); failed(t, err).Failure != stripeapi.Missing {
		t.Errorf("the platform has the organizer's session itself: %v", err)
	}
	if err := line.Deauthorize(t.Context(), "acct_playhouse"); err != nil {
		t.Fatal(err)
	}
	if _, err := as.Livemode(t.Context()); failed(t, err).Code != "account_invalid" {
		t.Errorf("after the end: %v", err)
	}
	if err := line.Deauthorize(t.Context(), "acct_playhouse"); failed(t, err).Code != "invalid_client" {
		t.Errorf("the end of the end: %v", err)
	}
}

// consents presses Connect on the page, and returns what the browser is sent
// back with.
func consents(ctx context.Context, t *testing.T, page, account string) url.Values {
	t.Helper()
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	form := u.Query()
	form.Set("account", account)
	form.Set("decision", "connect")
	u.RawQuery = ""
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	to, err := res.Location()
	if err != nil {
		text, _ := io.ReadAll(res.Body)
		t.Fatalf("no redirect: %v %s", err, text)
	}
	return to.Query()
}
