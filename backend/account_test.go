package backend

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/backend/api"
	"willcall/backend/config"
	"willcall/backend/secrets"
	"willcall/backend/stripesim"
)

const passphrase = "a-passphrase-for-this-night"

// atStripe is a simulated Stripe with an account of the organizer's own, and
// the settings of a till whose book is sold on it in the mode.
func atStripe(t *testing.T, name config.Book) (*stripesim.Sim, config.Config) {
	t.Helper()
	sim, cfg := away(t)
	cfg.Book, cfg.Keychain = name, "never"
	return sim, cfg
}

// allowed are the permissions of a restricted key as Settings lists them.
func allowed() map[string]string {
	return map[string]string{
		"checkout_sessions": "write", "payment_links": "write", "prices": "write", "products": "write", "refunds": "write", "tax_rates": "write",
		"payment_intents": "write", "events": "read", "charges": "read", "balance": "read", "balance_transactions": "read", "payouts": "read",
		"disputes": "read", "payment_method_configurations": "read",
	}
}

func keyAt(t testing.TB, sim *stripesim.Sim, k stripesim.Key) string {
	t.Helper()
	key, err := sim.RegisterKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// openLogged is openTill with everything that is logged, and cheap secrets.
func openLogged(t *testing.T, cfg config.Config, log io.Writer) *till {
	t.Helper()
	return openWith(t, cfg, Options{
		Version: "test", Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		sealing: 10, pinCost: secrets.Cost{Memory: 64, Passes: 1, Threads: 1},
	})
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// choosePassphrase makes the sealed file.
func (t *till) choosePassphrase() {
	t.Helper()
	call[api.Access](t, http.MethodPost, "/api/access/vault", "", `{"passphrase":"`+passphrase+`"}`, http.StatusOK)
}

func (t *till) useKey(key, publishable string) api.Connection {
	t.Helper()
	return call[api.Connection](t, http.MethodPut, "/api/connection/key", "", asJSON(t, map[string]string{"key": key, "publishableKey": publishable}), http.StatusOK)
}

// refused is the problem that a request is answered with.
func (t *till) refused(method, path, body string) api.Problem {
	t.Helper()
	status, text, err := send(t.Context(), method, t.url+path, "", body)
	var p api.Problem
	if err != nil || status < 400 || json.Unmarshal(text, &p) != nil {
		t.Fatalf("%s %s was not refused: %d %v %s", method, path, status, err, text)
	}
	return p
}

// setUp makes an event with one type of ticket, at €24.00 or its like.
func (t *till) setUp(currency string) api.EventEdit {
	t.Helper()
	return call[api.EventEdit](t, http.MethodPost, "/api/events", "", `{"name":"Faust","place":"Studio","timeZone":"Europe/Vienna",
		"performances":[{"id":"new-1","doorsAt":"2027-01-05T18:00:00Z","startsAt":"2027-01-05T18:30:00Z"}],
		"ticketTypes":[{"id":"new-2","name":"Adult","price":{"minor":2400,"currency":"`+currency+`"},"onSale":true,"taxRate":{"name":"VAT","percent":100000}}],
		"quotas":[{"id":"new-3","performanceId":"new-1","ticketTypeIds":["new-2"],"size":120}]}`, http.StatusCreated)
}

// mirrored waits until Stripe has the event, and returns it.
func (t *till) mirrored() api.EventEdit {
	t.Helper()
	for range 400 {
		e := call[struct{ Events []api.EventEdit }](t, http.MethodGet, "/api/events", "", "", http.StatusOK).Events[0]
		if m := e.TicketTypes[0].Mirror; m != nil && m.State == api.MirrorDone && m.PriceID != "" {
			return e
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("Stripe was not told of the event: %s", asJSON(t, call[any](t, http.MethodGet, "/api/events", "", "", http.StatusOK)))
	return api.EventEdit{}
}

// An organizer with a restricted key: from nothing to a first live sale, what
// was entered is held to what Stripe says, and a restart asks for the
// passphrase and for nothing else.
func TestConnectByARestrictedKey(t *testing.T) {
	t.Parallel()
	sim, cfg := atStripe(t, config.Live)
	few := allowed()
	delete(few, "payment_links")
	delete(few, "events")
	key := keyAt(t, sim, stripesim.Key{Kind: stripesim.KeyRestricted, Live: true, Permissions: few})
	till := openLogged(t, cfg, io.Discard)
	if s := call[api.Status](till, http.MethodGet, "/api/status", "", "", http.StatusOK); s.Mode != "live" || s.Book != "live" || s.Connection != "none" {
		t.Fatalf("the book is %+v", s)
	}
	if p := till.refused(http.MethodPut, "/api/connection/key", asJSON(t, map[string]string{"key": key})); p.Code != "vault_locked" {
		t.Errorf("before there is a passphrase: %+v", p)
	}
	till.choosePassphrase()
	p := till.refused(http.MethodPut, "/api/connection/key", asJSON(t, map[string]string{"key": key}))
	if p.Code != "key_permissions" || !strings.Contains(p.Detail, "Payment Links") || !strings.Contains(p.Detail, "Events") || strings.Contains(asJSON(t, p), key) {
		t.Errorf("what is missing: %+v", p)
	}
	if p := till.refused(http.MethodPut, "/api/connection/key", asJSON(t, map[string]string{"key": strings.Replace(key, "_live_", "_test_", 1)})); p.Code != "wrong_mode" {
		t.Errorf("a test key for the live book: %+v", p)
	}
	if err := sim.PermitKey(key, allowed()); err != nil {
		t.Fatal(err)
	}
	if c := till.useKey(" "+key+"\n", ""); c.State != "connected" || c.KeyKind != "restricted" || !c.Livemode {
		t.Fatalf("connected as %+v", c)
	}
	till.setUp("eur")
	till.mirrored()
	o := till.sell("first-live-sale")
	till.pay(sim, o)
	if paid := till.until(o.ID, "paid"); len(paid.Tickets) != 2 || paid.Tickets[0].Code == "" {
		t.Errorf("the order is %+v", paid)
	}
	parked := till.sell("parked-over-night")
	till.close()
	till.pay(sim, parked)

	again := openLogged(t, cfg, io.Discard)
	if s := call[api.Status](again, http.MethodGet, "/api/status", "", "", http.StatusOK); s.Connection != "locked" {
		t.Errorf("after the restart the keys are %s", s.Connection)
	}
	if o := call[api.Order](again, http.MethodGet, "/api/orders/"+o.ID, "", "", http.StatusOK); o.Tickets[0].Code != "" {
		t.Error("a ticket is signed with a key that is sealed")
	}
	if p := again.refused(http.MethodPost, "/api/access/vault", `{"passphrase":"not-the-passphrase"}`); p.Code != "bad_passphrase" {
		t.Errorf("a wrong passphrase: %+v", p)
	}
	again.choosePassphrase()
	again.until(parked.ID, "paid")
}

// pay pays on the buyer's page.
func (t *till) pay(sim *stripesim.Sim, o api.Order) {
	t.Helper()
	if err := sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{}); err != nil {
		t.Fatal(err)
	}
}

// A key is rolled in the Dashboard while a code is out: the till says that it
// must be entered anew, the seats stay held, and the new key finds the sale
// paid. A key of another account is refused, though it is good.
func TestAKeyIsRolledInTheMiddleOfASale(t *testing.T) {
	t.Parallel()
	sim, cfg := atStripe(t, config.Test)
	key := keyAt(t, sim, stripesim.Key{Kind: stripesim.KeyRestricted, Permissions: allowed()})
	next := keyAt(t, sim, stripesim.Key{Kind: stripesim.KeyRestricted, Permissions: allowed()})
	if err := sim.AddStranger("acct_1Stranger00000", "Another house", "AT", "eur"); err != nil {
		t.Fatal(err)
	}
	foreign := keyAt(t, sim, stripesim.Key{Account: "acct_1Stranger00000", Kind: stripesim.KeyRestricted, Permissions: allowed()})
	till := openLogged(t, cfg, io.Discard)
	till.choosePassphrase()
	till.useKey(key, "")
	till.setUp("eur")
	till.mirrored()
	o := till.sell("a-sale-and-a-new-key")
	if err := sim.RevokeKey(key); err != nil {
		t.Fatal(err)
	}
	till.pay(sim, o)
	p := till.refused(http.MethodPost, "/api/orders/"+o.ID+"/check", "")
	if p.Code != "stripe_key" {
		t.Errorf("checking with the old key: %+v", p)
	}
	if n := till.left(); n != 118 {
		t.Errorf("%d are left while nobody knows", n)
	}
	if p := till.refused(http.MethodPut, "/api/connection/key", asJSON(t, map[string]string{"key": foreign})); p.Code != "other_account" {
		t.Errorf("another account's key: %+v", p)
	}
	till.useKey(next, "")
	till.until(o.ID, "paid")
}

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

	till.setUp("eur")
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

// Five wrong PINs in a row, and the gate waits; a restart does not help.
func TestWrongPINs(t *testing.T) {
	t.Parallel()
	_, cfg := away(t)
	till := openLogged(t, cfg, io.Discard)
	call[api.Admin](till, http.MethodPut, "/api/access/pin", "", `{"pin":"1234"}`, http.StatusOK)
	if p := till.refused(http.MethodPut, "/api/access/pin", `{"pin":"9999"}`); p.Code != "pin_wrong" {
		t.Errorf("another PIN without the first: %+v", p)
	}
	for range 4 {
		till.refused(http.MethodPost, "/api/access/unlock", `{"pin":"4321"}`)
	}
	if p := till.refused(http.MethodPost, "/api/access/unlock", `{"pin":"1234"}`); p.Code != "pin_wait" || p.Params["seconds"] == "" {
		t.Errorf("after five wrong ones: %+v", p)
	}
	till.close()
	again := openLogged(t, cfg, io.Discard)
	if p := again.refused(http.MethodPost, "/api/access/unlock", `{"pin":"1234"}`); p.Code != "pin_wait" {
		t.Errorf("after a restart: %+v", p)
	}
	if p := again.refused(http.MethodPost, "/api/books/test/open", ""); p.Code != "pin_needed" {
		t.Errorf("another book without the PIN: %+v", p)
	}
}

// One till, three books: each in its folder, with its own orders; the screens
// follow, and what was open goes on when it is opened again.
func TestBooksAreApart(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	cfg.Keychain = "never"
	till := openLogged(t, cfg, io.Discard)
	o := till.sell("a-sale-in-training")
	stream, err := http.NewRequestWithContext(t.Context(), http.MethodGet, till.url+"/api/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	listening, err := http.DefaultClient.Do(stream)
	if err != nil {
		t.Fatal(err)
	}
	defer listening.Body.Close()
	ended := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, listening.Body); close(ended) }()

	call[any](till, http.MethodPost, "/api/books/live/open", "", "", http.StatusOK)
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the stream of the other book goes on")
	}
	s := call[api.Status](till, http.MethodGet, "/api/status", "", "", http.StatusOK)
	if s.Book != "live" || s.Mode != "live" || s.Connection != "none" {
		t.Errorf("the book is %+v", s)
	}
	till.refused(http.MethodGet, "/api/orders/"+o.ID, "")
	if e := call[api.Catalogue](till, http.MethodGet, "/api/catalogue", "", "", http.StatusOK).Events; len(e) != 0 {
		t.Errorf("the live book begins with %+v", e)
	}
	till.pay(sim, o)
	call[any](till, http.MethodPost, "/api/books/training/open", "", "", http.StatusOK)
	till.until(o.ID, "paid")
	till.close()
	for _, folder := range []string{"training", "live"} {
		if _, err := os.Stat(filepath.Join(cfg.Data, folder, "book.db")); err != nil {
			t.Errorf("the book %s: %v", folder, err)
		}
	}
	if name, err := config.LastBook(cfg.Data); err != nil || name != config.Training {
		t.Errorf("the next start opens %s: %v", name, err)
	}
}

// Stripe's webhook wakes the poll, and nothing else: forged, old and unknown
// ones change nothing, and get their status.
func TestWebhookWakes(t *testing.T) {
	t.Parallel()
	sim, cfg := atStripe(t, config.Test)
	till := openLogged(t, cfg, io.Discard)
	till.choosePassphrase()
	till.useKey(keyAt(t, sim, stripesim.Key{Kind: stripesim.KeyRestricted, Permissions: allowed()}), "")
	id, secret, err := sim.RegisterWebhook(stripesim.Webhook{URL: till.url + "/webhooks/stripe", Events: []string{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	till.setUp("eur")
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

// syncBuffer is a log that many write.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// A full run by both ways of connecting, with cards, posters, webhooks and
// mistakes, logged at debug: nothing that it leaves behind holds a secret that
// it used.
func TestNothingLeftBehindHoldsASecret(t *testing.T) {
	t.Parallel()
	sim, cfg := atStripe(t, config.Test)
	log := &syncBuffer{}
	till := openLogged(t, cfg, log)
	till.choosePassphrase()
	token := till.platform(sim, false)
	key := keyAt(t, sim, stripesim.Key{Account: organizer, Kind: stripesim.KeyRestricted, Permissions: allowed()})
	publishable := keyAt(t, sim, stripesim.Key{Account: organizer, Kind: stripesim.KeyPublishable})
	wrong := strings.Replace(key, "rk_test_", "rk_live_", 1)
	till.asAdmin(token, http.MethodPut, "/api/connection/key", asJSON(t, map[string]string{"key": wrong}), http.StatusConflict)
	till.asAdmin(token, http.MethodPut, "/api/connection/key", asJSON(t, map[string]string{"key": key, "publishableKey": publishable}), http.StatusOK)
	till.asAdmin(token, http.MethodPut, "/api/connection/webhook", `{"secret":"whsec_0123456789abcdef0123456789"}`, http.StatusOK)
	e := till.setUp("eur")
	till.mirrored()
	o := till.sell("a-sale-with-secrets")
	till.pay(sim, o)
	till.until(o.ID, "paid")
	typed := call[api.Order](till, http.MethodPost, "/api/orders", "a-typed-card", strings.Replace(till.twoAdults(), "{", `{"tender":"card",`, 1), http.StatusCreated)
	payment := call[api.Payment](till, http.MethodGet, "/api/orders/"+typed.ID+"/payment", "", "", http.StatusOK)
	if payment.ClientSecret == "" || payment.PublishableKey != publishable {
		t.Fatalf("the page for the card has %+v", payment)
	}
	call[api.Poster](till, http.MethodPost, "/api/posters", "a-poster-with-secrets",
		asJSON(t, map[string]any{"performanceId": e.Performances[0].ID, "ticketTypeId": e.TicketTypes[0].ID, "allotment": 3}), http.StatusCreated)
	if err := sim.RevokeKey(key); err != nil {
		t.Fatal(err)
	}
	till.refused(http.MethodPost, "/api/orders/"+typed.ID+"/check", "")

	var c api.Consent
	if err := json.Unmarshal(till.asAdmin(token, http.MethodPost, "/api/connection/oauth", "", http.StatusOK), &c); err != nil {
		t.Fatal(err)
	}
	ended := consent(t, c.URL, "connect")
	if status, page, err := send(t.Context(), http.MethodGet, ended, "", ""); err != nil || status != http.StatusOK {
		t.Fatalf("the callback: %d %v %s", status, err, page)
	}
	back, err := url.Parse(ended)
	if err != nil {
		t.Fatal(err)
	}
	used := []string{key, wrong, publishable, passphrase, "271828", token, payment.ClientSecret, "whsec_0123456789abcdef0123456789", back.Query().Get("code"), back.Query().Get("state")}
	items := []string{"stripe.connection", "stripe.platform", ticketKeyItem}
	for _, item := range items {
		text, err := till.b.current().vault.Get(item)
		if err != nil {
			t.Fatalf("the vault has no %s: %v", item, err)
		}
		var fields map[string]any
		if json.Unmarshal([]byte(text), &fields) != nil {
			used = append(used, text)
		}
		for name, v := range fields {
			if s, ok := v.(string); ok && name != "clientId" {
				used = append(used, s)
			}
		}
	}
	if len(used) < 15 {
		t.Fatalf("only %d secrets are looked for", len(used))
	}
	till.close()
	left := files(t, cfg.Data)
	left["the log"] = log.String()
	if len(left["the log"]) < 1000 {
		t.Fatal("there is no log to look in")
	}
	for where, text := range left {
		for i, secret := range used {
			if secret == "271828" && where != "the log" {
				continue // six digits can stand anywhere in a file of numbers
			}
			if strings.Contains(text, secret) {
				t.Errorf("%s holds secret %d (%.8s…)", where, i, secret)
			}
		}
	}
}

// The page for cards is served over TLS, and nothing else of the till's is.
func TestThePageForCards(t *testing.T) {
	t.Parallel()
	till := openTill(t, testConfig(t))
	o := call[api.Order](till, http.MethodPost, "/api/orders", "a-typed-card", strings.Replace(till.twoAdults(), "{", `{"tender":"card",`, 1), http.StatusCreated)
	page, err := url.Parse(o.Tenders[0].URL)
	if err != nil || page.Scheme != "https" {
		t.Fatalf("the page is %s: %v", o.Tenders[0].URL, err)
	}
	client := httptest.NewTLSServer(nil).Client()
	client.Transport.(*http.Transport).TLSClientConfig.InsecureSkipVerify = true
	for path, want := range map[string]int{
		"/api/orders/" + o.ID + "/payment": 200, "/training/elements/stripe.js": 200,
		"/api/orders": 404, "/api/orders/" + o.ID: 404, "/api/status": 404, "/": 404, "/index.html": 404, "/training/phone/c/pay/x": 404,
		"/training/elements/../../_sim/requests": 404, "/webhooks/stripe": 404,
	} {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://"+page.Host+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got.Body.Close()
		if got.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, got.StatusCode, want)
		}
	}
}

// A permission is withdrawn, and then the account's charges, in the middle of
// an evening: the sale is refused with words that name it, nobody is charged,
// the seats are free, and what is out can still be paid.
func TestWhatStripeTakesAwayInTheMiddleOfASale(t *testing.T) {
	t.Parallel()
	sim, cfg := atStripe(t, config.Test)
	key := keyAt(t, sim, stripesim.Key{Kind: stripesim.KeyRestricted, Permissions: allowed()})
	till := openLogged(t, cfg, io.Discard)
	till.choosePassphrase()
	till.useKey(key, "")
	till.setUp("eur")
	till.mirrored()
	o := till.sell("before-anything-is-taken")

	few := allowed()
	few["checkout_sessions"] = "read"
	if err := sim.PermitKey(key, few); err != nil {
		t.Fatal(err)
	}
	status, text, err := send(t.Context(), http.MethodPost, till.url+"/api/orders", "without-the-permission", till.twoAdults())
	if err != nil || status != http.StatusBadGateway || !bytes.Contains(text, []byte("rak_checkout_session_write")) || bytes.Contains(text, []byte(key)) {
		t.Errorf("without the permission: %d %v %s", status, err, text)
	}
	if n := till.left(); n != 118 {
		t.Errorf("%d are left", n)
	}
	if err := sim.PermitKey(key, allowed()); err != nil {
		t.Fatal(err)
	}
	if err := sim.SetChargesEnabled(sim.AccountID(), false); err != nil {
		t.Fatal(err)
	}
	status, text, err = send(t.Context(), http.MethodPost, till.url+"/api/orders", "with-charges-off", till.twoAdults())
	if err != nil || status != http.StatusBadGateway || !bytes.Contains(text, []byte("cannot currently make")) {
		t.Errorf("with charges off: %d %v %s", status, err, text)
	}
	if n := till.left(); n != 118 {
		t.Errorf("%d are left", n)
	}
	till.pay(sim, o)
	till.until(o.ID, "paid")
}

// What somebody changes in the Dashboard stops one sale and not the next: the
// price is archived there, Stripe refuses it, and the till names its own.
func TestAPriceIsArchivedInTheDashboard(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	till := openTill(t, cfg)
	e := till.mirrored()
	for i := range e.TicketTypes {
		for range 400 {
			if m := till.mirrored().TicketTypes[i].Mirror; m.State == api.MirrorDone {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	product := e.TicketTypes[0].Mirror.ProductID
	status, text, err := send(t.Context(), http.MethodPost, cfg.StripeURL+"/v1/products/"+product+"?active=false", "", "")
	if err != nil || status != http.StatusOK {
		t.Fatalf("archiving: %d %v %s", status, err, text)
	}
	status, text, err = send(t.Context(), http.MethodPost, till.url+"/api/orders", "the-one-that-is-stopped", till.twoAdults())
	if err != nil || status != http.StatusBadGateway || !bytes.Contains(text, []byte("not active")) {
		t.Errorf("the first sale: %d %v %s", status, err, text)
	}
	o := till.sell("the-next-one")
	till.pay(sim, o)
	till.until(o.ID, "paid")
	if n := till.left(); n != 118 {
		t.Errorf("%d are left", n)
	}
}
