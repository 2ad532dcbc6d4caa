package backend

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"willcall/backend/api"
	"willcall/backend/config"
	"willcall/backend/stripesim"
)

// consent presses Connect on Stripe's page, and returns the address that the
// browser is sent to.
func consent(t *testing.T, address, decision string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	form := u.Query()
	form.Set("decision", decision)
	page, account := u.Scheme+"://"+u.Host+u.Path, accountOnPage(t, address)
	form.Set("account", account)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, page, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusSeeOther {
		text, _ := io.ReadAll(got.Body)
		t.Fatalf("Stripe's page answered %d: %s", got.StatusCode, text)
	}
	return got.Header.Get("Location")
}

// organizer is the account that consents.
const organizer = "acct_1Organizer0000"

// accountOnPage makes sure that Stripe's page offers the organizer's account.
func accountOnPage(t *testing.T, address string) string {
	t.Helper()
	_, text, err := send(t.Context(), http.MethodGet, address, "", "")
	if err != nil || !bytes.Contains(text, []byte(organizer)) {
		t.Fatalf("Stripe's page does not offer the account: %v %s", err, text)
	}
	return organizer
}

// asAdmin sends a request with the administrator's token.
func (t *till) asAdmin(token, method, path, body string, want int) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, t.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Willcall-Admin", token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != want {
		t.Fatalf("%s %s: %d, want %d: %s %v", method, path, got.StatusCode, want, text, err)
	}
	return text
}

// platform sets a PIN and registers the platform, with a fee of 1 % and €0.10.
func (t *till) platform(sim *stripesim.Sim, live bool) (token string) {
	t.Helper()
	if err := sim.AddAccount(organizer, "Old Town Playhouse", "AT", "eur"); err != nil {
		t.Fatal(err)
	}
	if p := t.refused(http.MethodGet, "/api/platform", ""); p.Code != "pin_needed" {
		t.Errorf("the platform without a PIN: %+v", p)
	}
	admin := call[api.Admin](t, http.MethodPut, "/api/access/pin", "", `{"pin":"271828"}`, http.StatusOK)
	var redirect api.Platform
	if err := json.Unmarshal(t.asAdmin(admin.Token, http.MethodGet, "/api/platform", "", http.StatusOK), &redirect); err != nil {
		t.Fatal(err)
	}
	clientID, err := sim.RegisterPlatform(sim.AccountID(), live, redirect.Redirect)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]any{
		"secretKey":      keyAt(t, sim, stripesim.Key{Live: live}),
		"publishableKey": keyAt(t, sim, stripesim.Key{Kind: stripesim.KeyPublishable, Live: live}),
		"clientId":       clientID, "fee": map[string]any{"percent": 100, "fixed": map[string]any{"minor": 10, "currency": "eur"}},
	}
	var set api.Platform
	answer := t.asAdmin(admin.Token, http.MethodPut, "/api/platform", asJSON(t, keys), http.StatusOK)
	if err := json.Unmarshal(answer, &set); err != nil || !set.SecretKey || !set.PublishableKey || !set.ClientID || set.Fee == nil || bytes.Contains(answer, []byte(keys["secretKey"].(string))) {
		t.Fatalf("the platform is %s", answer)
	}
	return admin.Token
}

// The organizer presses Connect: consent, the code for the keys, a sale on the
// organizer's account with the platform's fee; and each way in which it can go
// wrong. Cut off at Stripe, the till notices.
func TestConnectByConsent(t *testing.T) {
	t.Parallel()
	sim, cfg := atStripe(t, config.Test)
	till := openLogged(t, cfg, io.Discard)
	till.choosePassphrase()
	token := till.platform(sim, false)
	begin := func() string {
		var c api.Consent
		if err := json.Unmarshal(till.asAdmin(token, http.MethodPost, "/api/connection/oauth", "", http.StatusOK), &c); err != nil {
			t.Fatal(err)
		}
		return c.URL
	}
	if p := till.refused(http.MethodPost, "/api/connection/oauth", ""); p.Code != "pin_needed" {
		t.Errorf("without the PIN: %+v", p)
	}

	denied := consent(t, begin(), "cancel")
	if status, page, err := send(t.Context(), http.MethodGet, denied, "", ""); err != nil || status < 400 || !bytes.Contains(page, []byte("The user denied your request")) {
		t.Errorf("a consent that was refused: %d %v %s", status, err, page)
	}
	good := consent(t, begin(), "connect")
	changed := strings.Replace(good, "state=", "state=x", 1)
	if status, _, err := send(t.Context(), http.MethodGet, changed, "", ""); err != nil || status < 400 {
		t.Errorf("a changed state: %d %v", status, err)
	}
	if status, page, err := send(t.Context(), http.MethodGet, good, "", ""); err != nil || status != http.StatusOK || !bytes.Contains(page, []byte("Connected")) {
		t.Fatalf("the callback: %d %v %s", status, err, page)
	}
	if status, _, err := send(t.Context(), http.MethodGet, good, "", ""); err != nil || status < 400 {
		t.Errorf("the same answer again: %d %v", status, err)
	}
	c := call[api.Connection](till, http.MethodGet, "/api/connection", "", "", http.StatusOK)
	if c.State != "connected" || c.Via != "oauth" || c.AccountID != organizer || c.AccountName != "Old Town Playhouse" || !c.Publishable {
		t.Fatalf("connected as %+v", c)
	}

	till.setUp()
	till.mirrored()
	o := till.sell("a-sale-on-the-organizers-account")
	till.pay(sim, o)
	till.until(o.ID, "paid")
	if fees := sim.Requests(); fees.Paths["POST /v1/checkout/sessions"] != 1 {
		t.Errorf("the sale asked for %+v", fees.Paths)
	}

	if err := sim.Deauthorize(sim.AccountID(), organizer); err != nil {
		t.Fatal(err)
	}
	till.refused(http.MethodPost, "/api/orders", till.twoAdults())
	deadline := time.Now().Add(10 * time.Second)
	for c.State == "connected" && time.Now().Before(deadline) {
		till.b.current().reconciler.Wake() // as the next poll would
		time.Sleep(20 * time.Millisecond)
		c = call[api.Connection](till, http.MethodGet, "/api/connection", "", "", http.StatusOK)
	}
	if c.State == "connected" {
		t.Error("nobody noticed that the organizer cut the platform off")
	}
}

// In live mode the browser ends on an address that is pasted.
func TestConnectByPastingTheAddress(t *testing.T) {
	t.Parallel()
	sim, cfg := atStripe(t, config.Live)
	till := openLogged(t, cfg, io.Discard)
	till.choosePassphrase()
	token := till.platform(sim, true)
	var c api.Consent
	if err := json.Unmarshal(till.asAdmin(token, http.MethodPost, "/api/connection/oauth", "", http.StatusOK), &c); err != nil || !c.Paste {
		t.Fatalf("%+v %v", c, err)
	}
	ended := consent(t, c.URL, "connect")
	if !strings.HasPrefix(ended, "https://") {
		t.Fatalf("the browser ends on %s", ended)
	}
	var connected api.Connection
	answer := till.asAdmin(token, http.MethodPost, "/api/connection/oauth/paste", asJSON(t, map[string]string{"address": "  " + ended + "\n"}), http.StatusOK)
	if err := json.Unmarshal(answer, &connected); err != nil || connected.State != "connected" || !connected.Livemode {
		t.Errorf("connected as %s", answer)
	}
}

// Stripe's webhook wakes the poll, and nothing else: forged, old and unknown
// ones change nothing, and get their status.
func TestWebhookWakes(t *testing.T) {
	t.Parallel()
	sim, cfg := atStripe(t, config.Test)
	till := openLogged(t, cfg, io.Discard)
	till.choosePassphrase()
	till.useKey(keyAt(t, sim, stripesim.Key{Kind: stripesim.KeyRestricted, Permissions: allowed()}))
	id, secret, err := sim.RegisterWebhook(stripesim.Webhook{URL: till.url + "/webhooks/stripe", Events: []string{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	till.setUp()
	till.mirrored()
	if status, err := sim.SendWebhook(id, "again"); err != nil || status != http.StatusNotFound {
		t.Errorf("with no secret set: %d %v", status, err)
	}
	call[api.Connection](till, http.MethodPut, "/api/connection/webhook", "", asJSON(t, map[string]string{"secret": secret}), http.StatusOK)
	before := call[api.Status](till, http.MethodGet, "/api/status", "", "", http.StatusOK).Number
	for kind, want := range map[string]int{
		"again": 204, "replayed": 204, "unknown": 204, "forged": 400, "unsigned": 400, "old": 400, "altered": 400, "garbage": 400,
	} {
		if status, err := sim.SendWebhook(id, kind); err != nil || status != want {
			t.Errorf("%s: %d, want %d: %v", kind, status, want, err)
		}
	}
	if after := call[api.Status](till, http.MethodGet, "/api/status", "", "", http.StatusOK).Number; after != before {
		t.Errorf("webhooks wrote %d entries", after-before)
	}
	if c := call[api.Connection](till, http.MethodGet, "/api/connection", "", "", http.StatusOK); c.Webhook.Received < 3 || !c.Webhook.Set {
		t.Errorf("the webhook is %+v", c.Webhook)
	}
}
