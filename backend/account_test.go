package backend

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
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

func (t *till) useKey(key string) api.Connection {
	t.Helper()
	return call[api.Connection](t, http.MethodPut, "/api/connection/key", "", asJSON(t, map[string]string{"key": key}), http.StatusOK)
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
func (t *till) setUp() api.EventEdit {
	t.Helper()
	return call[api.EventEdit](t, http.MethodPost, "/api/events", "", `{"name":"Faust","place":"Studio","timeZone":"Europe/Vienna",
		"performances":[{"id":"new-1","doorsAt":"2027-01-05T18:00:00Z","startsAt":"2027-01-05T18:30:00Z"}],
		"ticketTypes":[{"id":"new-2","name":"Adult","price":{"minor":2400,"currency":"eur"},"onSale":true,"taxRate":{"name":"VAT","percent":100000}}],
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
	if c := till.useKey(" " + key + "\n"); c.State != "connected" || c.KeyKind != "restricted" || !c.Livemode {
		t.Fatalf("connected as %+v", c)
	}
	till.setUp()
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
	till.useKey(key)
	till.setUp()
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
	till.useKey(next)
	till.until(o.ID, "paid")
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
	till.useKey(key)
	till.setUp()
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
