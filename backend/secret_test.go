package backend

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"willcall/backend/api"
	"willcall/backend/config"
	"willcall/backend/internal/testkit"
	"willcall/backend/stripesim"
)

// A full run by both ways of connecting, with cards, posters, webhooks and
// mistakes, logged at debug: nothing that it leaves behind holds a secret that
// it used.
func TestNothingLeftBehindHoldsASecret(t *testing.T) {
	t.Parallel()
	sim, cfg := atStripe(t, config.Test)
	log := &testkit.Log{}
	till := openLogged(t, cfg, log)
	till.choosePassphrase()
	token := till.platform(sim, false)
	key := keyAt(t, sim, stripesim.Key{Account: organizer, Kind: stripesim.KeyRestricted, Permissions: allowed()})
	publishable := keyAt(t, sim, stripesim.Key{Account: organizer, Kind: stripesim.KeyPublishable})
	wrong := strings.Replace(key, "rk_test_", "rk_live_", 1)
	till.asAdmin(token, http.MethodPut, "/api/connection/key", asJSON(t, map[string]string{"key": wrong}), http.StatusConflict)
	till.asAdmin(token, http.MethodPut, "/api/connection/key", asJSON(t, map[string]string{"key": key, "publishableKey": publishable}), http.StatusOK)
	till.asAdmin(token, http.MethodPut, "/api/connection/webhook", `{"secret":"whsec_of_a_test_not_of_stripe"}`, http.StatusOK)
	e := till.setUp()
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
	used := []string{key, wrong, publishable, passphrase, "271828", token, payment.ClientSecret, "whsec_of_a_test_not_of_stripe", back.Query().Get("code"), back.Query().Get("state")}
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
