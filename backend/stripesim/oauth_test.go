package stripesim

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const callback = "http://127.0.0.1:4380/connected"

// practice is a platform in test mode and a theatre that it wants to connect.
type practice struct {
	*box
	client string // client_id
	secret string // the platform's key
}

func newPractice(t *testing.T, edit ...func(*Options)) *practice {
	t.Helper()
	b := newBox(t, edit...)
	b.stranger("acct_1Theatre")
	client, err := b.sim.RegisterPlatform("", false, callback, callback+"?from=desk")
	if err != nil {
		t.Fatal(err)
	}
	secret := b.register(Key{})
	return &practice{box: b.with(secret), client: client, secret: secret}
}

// wish are the parameters of /oauth/authorize; more wins, "" leaves one out.
func (p *practice) wish(more ...string) url.Values {
	v := url.Values{"client_id": {p.client}, "response_type": {"code"}, "scope": {"read_write"}, "redirect_uri": {callback}, "state": {"s1"}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
		if more[i+1] == "" {
			v.Del(more[i])
		}
	}
	return v
}

// answer presses a button of the page; it returns where the browser is sent.
func (p *practice) answer(form url.Values) *url.URL {
	p.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(p.url+"/oauth/authorize", form)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	to, err := resp.Location()
	if resp.StatusCode != http.StatusSeeOther || err != nil {
		p.t.Fatalf("the button led to %d, %v", resp.StatusCode, err)
	}
	return to
}

func (p *practice) code() string {
	p.t.Helper()
	return p.answer(p.wish("account", "acct_1Theatre", "decision", "connect")).Query().Get("code")
}

func (p *practice) redeem(code string) reply {
	p.t.Helper()
	return p.post("/oauth/token", url.Values{"grant_type": {"authorization_code"}, "code": {code}}.Encode())
}

// declines checks an OAuth error.
func (r reply) declines(status int, code, description string) {
	r.t.Helper()
	got, _ := r.json["error"].(string)
	said, _ := r.json["error_description"].(string)
	if r.status != status || got != code || !strings.HasPrefix(said, description) {
		r.t.Errorf("answered %d %s\nwant %d %s: %s", r.status, r.body, status, code, description)
	}
}

// TestConnecting is the whole way: page, consent, exchange, use, the end.
func TestConnecting(t *testing.T) {
	p := newPractice(t)
	page := p.get("/oauth/authorize?" + p.wish().Encode())
	for _, want := range []string{"Connect your account to Willcall Training", `value="acct_1Theatre"`, `name="state" value="s1"`, `value="cancel"`} {
		if !strings.Contains(string(page.body), want) {
			t.Errorf("the page has no %s:\n%s", want, page.body)
		}
	}
	p.do("GET", "/v1/balance", "", "Stripe-Account", "acct_1Theatre").fails(403, "account_invalid", "", "The provided key")

	back := p.answer(p.wish("account", "acct_1Theatre", "decision", "connect"))
	if got := back.Query(); back.Host != "127.0.0.1:4380" || got.Get("state") != "s1" || got.Get("scope") != "read_write" || !strings.HasPrefix(got.Get("code"), "ac_") {
		t.Fatalf("the browser came back with %s", back)
	}
	tokens := p.redeem(back.Query().Get("code")).ok()
	tokens.has("stripe_user_id", "acct_1Theatre", "scope", "read_write", "livemode", false, "token_type", "bearer")
	token, refresh, page1 := tokens.text("access_token"), tokens.text("refresh_token"), tokens.text("stripe_publishable_key")
	if !strings.HasPrefix(token, "sk_test_") || !strings.HasPrefix(refresh, "rt_") || !strings.HasPrefix(page1, "pk_test_") {
		t.Errorf("the tokens are %s", tokens.body)
	}
	p.do("GET", "/v1/account", "", "Stripe-Account", "acct_1Theatre").ok().has("id", "acct_1Theatre")
	p.get("/v1/accounts/acct_1Theatre").ok()
	p.with(token).get("/v1/account").ok().has("id", "acct_1Theatre")
	p.with(page1).get("/v1/balance").fails(403, "secret_key_required", "", "This API call")
	sold := p.with(token).openSession("")
	p.do("GET", "/v1/checkout/sessions/"+sold, "", "Stripe-Account", "acct_1Theatre").ok()

	second := p.post("/oauth/token", "grant_type=refresh_token&scope=read_only&refresh_token="+refresh).ok()
	second.has("scope", "read_only", "refresh_token", refresh, "stripe_publishable_key", page1)
	reader := p.with(second.text("access_token"))
	reader.get("/v1/balance").ok()
	reader.post("/v1/products", "name=Poster").fails(403, "", "", "This application does not have the required permissions")

	p.post("/oauth/deauthorize", "client_id="+p.client+"&stripe_user_id=acct_1Theatre").ok().has("stripe_user_id", "acct_1Theatre")
	p.do("GET", "/v1/account", "", "Stripe-Account", "acct_1Theatre").fails(403, "account_invalid", "", "The provided key")
	p.with(token).get("/v1/account").fails(401, "platform_api_key_expired", "", "The API key provided by your Connect platform has expired.")
	p.post("/oauth/token", "grant_type=refresh_token&refresh_token="+refresh).declines(400, "invalid_grant", "This refresh token has been revoked.")
	p.post("/oauth/deauthorize", "client_id="+p.client+"&stripe_user_id=acct_1Theatre").
		declines(401, "invalid_client", "This application is not connected to stripe account acct_1Theatre, or that account does not exist.")

	p.redeem(p.code()).ok() // and once more
	p.do("GET", "/v1/account", "", "Stripe-Account", "acct_1Theatre").ok()
}

// TestTokensReachOneAccount: what a token's account may do as a platform, the
// token's holder may not.
func TestTokensReachOneAccount(t *testing.T) {
	p := newPractice(t)
	p.stranger("acct_1Branch")
	client, err := p.sim.RegisterPlatform("acct_1Theatre", false, callback)
	if err != nil {
		t.Fatal(err)
	}
	theatre := p.with(p.register(Key{Account: "acct_1Theatre"}))
	branch := p.answer(p.wish("client_id", client, "account", "acct_1Branch", "decision", "connect")).Query().Get("code")
	theatre.post("/oauth/token", "grant_type=authorization_code&code="+branch).ok().has("stripe_user_id", "acct_1Branch")
	theatre.do("GET", "/v1/balance", "", "Stripe-Account", "acct_1Branch").ok()
	token := p.with(p.redeem(p.code()).ok().text("access_token"))
	token.do("GET", "/v1/balance", "", "Stripe-Account", "acct_1Theatre").ok()
	token.do("GET", "/v1/balance", "", "Stripe-Account", "acct_1Branch").fails(403, "account_invalid", "", "The provided key")
	p.do("GET", "/v1/balance", "", "Stripe-Account", "acct_1Branch").fails(403, "account_invalid", "", "The provided key")
}

func TestAuthorizeRefusals(t *testing.T) {
	p := newPractice(t)
	live, err := p.sim.RegisterPlatform("", true, callback, "https://till.example/connected")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name        string
		change      []string
		code, about string
	}{
		{"unknown client", []string{"client_id", "ca_gone"}, "", "No application matches the supplied client identifier"},
		{"no client", []string{"client_id", ""}, "", "No application matches the supplied client identifier"},
		{"another address", []string{"redirect_uri", "http://evil.example/"}, "invalid_redirect_uri", "Invalid redirect URI 'http://evil.example/'. Ensure this uri exactly matches"},
		{"a longer address", []string{"redirect_uri", callback + "/more"}, "invalid_redirect_uri", "Invalid redirect URI"},
		{"plain http in live mode", []string{"client_id", live}, "invalid_redirect_uri", "Livemode requests must always be redirected via HTTPS."},
		{"no response_type", []string{"response_type", ""}, "invalid_request", "No response_type was provided."},
		{"another response_type", []string{"response_type", "token"}, "unsupported_response_type", "The response_type 'token' is not supported."},
		{"another scope", []string{"scope", "everything"}, "invalid_scope", "The scope 'everything' is not supported."},
	} {
		t.Run(c.name, func(t *testing.T) {
			wish := p.wish(c.change...)
			for _, r := range []reply{p.get("/oauth/authorize?" + wish.Encode()), p.post("/oauth/authorize", wish.Encode()+"&decision=connect&account=acct_1Theatre")} {
				if c.code == "" {
					if r.status != 400 || r.text("error.message") != c.about {
						t.Errorf("answered %d %s", r.status, r.body)
					}
					continue
				}
				r.declines(400, c.code, c.about)
				if r.text("state") != "s1" {
					t.Errorf("the state is lost: %s", r.body)
				}
			}
		})
	}
	for _, form := range []string{"decision=connect", "decision=connect&account=acct_1Gone", "decision=connect&account=acct_1Theatre/live", "decision=connect&account=" + p.sim.AccountID(), "decision=maybe&account=acct_1Theatre", ""} {
		if r := p.post("/oauth/authorize", p.wish().Encode()+"&"+form); r.status != 400 {
			t.Errorf("%q was answered %d %s", form, r.status, r.body)
		}
	}
	p.get("/oauth/authorize?"+p.wish("client_id", live, "redirect_uri", "https://till.example/connected").Encode()).page(200, "Simulated live mode")
}

func (r reply) page(status int, part string) {
	r.t.Helper()
	if r.status != status || !strings.Contains(string(r.body), part) {
		r.t.Errorf("answered %d without %q: %s", r.status, part, r.body)
	}
}

// TestAuthorizeAnswers are the addresses that the browser comes back to.
func TestAuthorizeAnswers(t *testing.T) {
	p := newPractice(t)
	if got, want := p.answer(p.wish("decision", "cancel")).String(), callback+"?error=access_denied&error_description=The+user+denied+your+request&state=s1"; got != want {
		t.Errorf("a refusal led to %s, want %s", got, want)
	}
	back := p.answer(p.wish("decision", "connect", "account", "acct_1Theatre", "redirect_uri", callback+"?from=desk", "state", "", "scope", ""))
	if q := back.Query(); q.Get("from") != "desk" || q.Has("state") || q.Get("scope") != "read_only" || q.Get("code") == "" {
		t.Errorf("the browser came back with %s", back)
	}
	back = p.answer(p.wish("decision", "connect", "account", "acct_1Theatre", "redirect_uri", ""))
	if !strings.HasPrefix(back.String(), callback+"?") {
		t.Errorf("without a redirect_uri the browser came back to %s", back)
	}
}

func TestTokenRefusals(t *testing.T) {
	p := newPractice(t)
	p.stranger("acct_1Rival")
	if _, err := p.sim.RegisterPlatform("acct_1Rival", false, callback); err != nil {
		t.Fatal(err)
	}
	rival, live := p.register(Key{Account: "acct_1Rival"}), p.register(Key{Live: true})
	restricted, public := p.register(Key{Kind: KeyRestricted}), p.register(Key{Kind: KeyPublishable})
	code := p.code()
	grant := "grant_type=authorization_code&code=" + code
	first := p.redeem(p.code()).ok()
	refresh := "grant_type=refresh_token&refresh_token=" + first.text("refresh_token")
	for _, c := range []struct {
		name, key, path, form string
		status                int
		code, about           string
	}{
		{"nobody", "", "token", grant, 401, "invalid_client", "No authentication was provided."},
		{"an unknown key", "sk_test_gone12345", "token", grant, 401, "invalid_client", "No such API key: sk_test_"},
		{"a restricted key", restricted, "token", grant, 401, "invalid_client", "No such API key"},
		{"a publishable key", public, "token", grant, 401, "invalid_client", "No such API key"},
		{"a connected account's token", first.text("access_token"), "token", grant, 401, "invalid_client", "No such API key"},
		{"no grant type", p.secret, "token", "code=" + code, 400, "invalid_request", "No grant_type was provided."},
		{"another grant type", p.secret, "token", "grant_type=password", 400, "unsupported_grant_type", "The grant_type 'password' is not supported."},
		{"no code", p.secret, "token", "grant_type=authorization_code", 400, "invalid_request", "No code was provided."},
		{"an unknown code", p.secret, "token", "grant_type=authorization_code&code=ac_x", 400, "invalid_grant", "Authorization code does not exist: ac_x"},
		{"a foreign code", rival, "token", grant, 400, "invalid_grant", "Authorization code provided does not belong to you"},
		{"live key, test code", live, "token", grant, 400, "invalid_grant", "Authorization code provided does not belong to you"},
		{"no refresh token", p.secret, "token", "grant_type=refresh_token", 400, "invalid_request", "No refresh_token was provided."},
		{"an unknown refresh token", p.secret, "token", "grant_type=refresh_token&refresh_token=rt_x", 400, "invalid_grant", "Refresh token does not exist: rt_x"},
		{"a foreign refresh token", rival, "token", refresh, 400, "invalid_grant", "Refresh token provided does not belong to you"},
		{"live key, test refresh token", live, "token", refresh, 400, "invalid_grant", "Refresh token provided does not belong to you"},
		{"more scope", p.secret, "token", refresh + "&scope=everything", 400, "invalid_scope", "The scope 'everything' is more"},
		{"no client to leave", p.secret, "deauthorize", "stripe_user_id=acct_1Theatre", 400, "invalid_request", "No client_id was provided."},
		{"no account to leave", p.secret, "deauthorize", "client_id=" + p.client, 400, "invalid_request", "No stripe_user_id was provided."},
		{"a foreign client", rival, "deauthorize", "stripe_user_id=acct_1Theatre&client_id=" + p.client, 401, "invalid_client", "No such application"},
		{"leaving a stranger", p.secret, "deauthorize", "stripe_user_id=acct_1Rival&client_id=" + p.client, 401, "invalid_client", "This application is not connected to stripe account acct_1Rival"},
	} {
		t.Run(c.name, func(t *testing.T) {
			auth := "Bearer " + c.key
			if c.key == "" {
				auth = ""
			}
			p.post("/oauth/"+c.path, c.form, "Authorization", auth).declines(c.status, c.code, c.about)
		})
	}
	// None of that has spoilt the code; the key may come as client_secret.
	p.post("/oauth/token", grant+"&client_secret="+p.secret, "Authorization", "").ok()
}

// TestCodesAge: five minutes, and then a new one is needed.
func TestCodesAge(t *testing.T) {
	p := newPractice(t)
	fresh, stale := p.code(), p.code()
	p.clock.advance(5*time.Minute - time.Second)
	p.redeem(fresh).ok()
	p.clock.advance(time.Second)
	p.redeem(stale).declines(400, "invalid_grant", "Authorization code expired: ac_")
}

// TestCodesWorkOnce, and the second use ends what the first one gave.
func TestCodesWorkOnce(t *testing.T) {
	p := newPractice(t)
	code := p.code()
	token := p.redeem(code).ok().text("access_token")
	other := p.redeem(p.code()).ok().text("access_token")
	p.redeem(code).declines(400, "invalid_grant", "This authorization code has already been used. All tokens issued with this code have been revoked.")
	p.with(token).get("/v1/account").fails(401, "platform_api_key_expired", "", "The API key")
	p.with(other).get("/v1/account").ok()
}

// TestTwoExchangesOfOneCode at the same moment: one wins.
func TestTwoExchangesOfOneCode(t *testing.T) {
	p := newPractice(t)
	for range 5 {
		code := p.code()
		var wg sync.WaitGroup
		var won [8]bool
		for i := range won {
			wg.Go(func() {
				form := strings.NewReader("grant_type=authorization_code&code=" + code)
				req := httptest.NewRequest(http.MethodPost, "/oauth/token", form)
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				req.Header.Set("Authorization", "Bearer "+p.secret)
				rec := httptest.NewRecorder()
				p.sim.Handler().ServeHTTP(rec, req)
				won[i] = rec.Code == http.StatusOK
			})
		}
		wg.Wait()
		count := map[bool]int{}
		for _, w := range won {
			count[w]++
		}
		if diff := cmp.Diff(map[bool]int{true: 1, false: 7}, count); diff != "" {
			t.Fatalf("exchanges that won (-want +got):\n%s", diff)
		}
	}
}

// TestLiveConnections serve both modes; test ones only theirs.
func TestLiveConnections(t *testing.T) {
	p := newPractice(t)
	live := p.register(Key{Live: true})
	p.redeem(p.code()).ok()
	p.with(live).do("GET", "/v1/balance", "", "Stripe-Account", "acct_1Theatre").fails(403, "account_invalid", "", "The provided key")
	client, err := p.sim.RegisterPlatform("", true, "https://till.example/")
	if err != nil {
		t.Fatal(err)
	}
	code := p.answer(p.wish("client_id", client, "redirect_uri", "https://till.example/", "account", "acct_1Theatre", "decision", "connect")).Query().Get("code")
	p.redeem(code).declines(400, "invalid_grant", "Authorization code provided does not belong to you")
	tokens := p.with(live).post("/oauth/token", "grant_type=authorization_code&code="+code).ok()
	tokens.has("livemode", true)
	if token := tokens.text("access_token"); !strings.HasPrefix(token, "sk_live_") {
		t.Errorf("the token is %s", token)
	}
	p.with(live).do("GET", "/v1/balance", "", "Stripe-Account", "acct_1Theatre").ok().has("livemode", true)
	p.do("GET", "/v1/balance", "", "Stripe-Account", "acct_1Theatre").ok().has("livemode", false)
}

// TestCutOff: the organizer ends it in the Dashboard, and a restart remembers.
func TestCutOff(t *testing.T) {
	path := t.TempDir() + "/stripe.jsonl"
	p := newPractice(t, journaled(path))
	token := p.redeem(p.code()).ok().text("access_token")
	p.post("/_sim/deauthorize", `{"account":"acct_1Theatre"}`).ok()
	p.with(token).get("/v1/account").fails(401, "platform_api_key_expired", "", "The API key")
	p.do("GET", "/v1/account", "", "Stripe-Account", "acct_1Theatre").fails(403, "account_invalid", "", "The provided key")
	if r := p.post("/_sim/deauthorize", `{"account":"acct_1Theatre"}`); r.status != 404 {
		t.Errorf("cutting off twice: %d %s", r.status, r.body)
	}
	again := reopen(t, path)
	same(t, dump(p.sim), dump(again))
	if again.connectedTo(again.main, "acct_1Theatre").serves(false) {
		t.Error("after the restart the account is connected")
	}
	own := p.with(p.register(Key{Account: "acct_1Theatre"}))
	own.get("/v1/events?type=account.application.deauthorized").ok().has("data.0.data.object.id", p.client, "data.0.data.object.object", "application")
}

func TestPlatformsThatCannotBe(t *testing.T) {
	b := newBox(t)
	for _, body := range []string{`{}`, `{"redirect_uris":["javascript:1"]}`, `{"redirect_uris":["http://a.example","b"]}`, `{"account":"acct_1Gone","redirect_uris":["http://a.example"]}`} {
		if r := b.post("/_sim/platforms", body); r.status != 400 {
			t.Errorf("%s was answered %d %s", body, r.status, r.body)
		}
	}
	if id := b.post("/_sim/platforms", `{"redirect_uris":["http://127.0.0.1:1/"]}`).ok().text("client_id"); !strings.HasPrefix(id, "ca_") || len(id) != 35 {
		t.Errorf("the client_id is %s", id)
	}
}
