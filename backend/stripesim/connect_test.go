package stripesim

import (
	"net/http"
	"testing"
)

// stranger adds an account that is connected to nobody.
func (b *box) stranger(id string) {
	b.t.Helper()
	if err := b.sim.AddStranger(id, "Little Theatre", "FR", "eur"); err != nil {
		b.t.Fatal(err)
	}
}

// TestStripeAccount is honoured for the platform's keys and its own accounts.
func TestStripeAccount(t *testing.T) {
	b := newBox(t)
	if err := b.sim.AddAccount("acct_1Connected", "Little Theatre", "FR", "eur"); err != nil {
		t.Fatal(err)
	}
	b.stranger("acct_1Stranger")
	platform, live := b.register(Key{}), b.register(Key{Live: true})
	restricted := b.register(Key{Kind: KeyRestricted, Permissions: map[string]string{"balance": "read"}})
	own := b.register(Key{Account: "acct_1Connected"})
	foreign := b.register(Key{Account: "acct_1Stranger"})
	for _, c := range []struct {
		name, key, account string
		ok                 bool
	}{
		{"itself", platform, b.sim.AccountID(), true},
		{"its account", platform, "acct_1Connected", true},
		{"its account, live", live, "acct_1Connected", true},
		{"its account, with a restricted key", restricted, "acct_1Connected", true},
		{"a stranger", platform, "acct_1Stranger", false},
		{"nobody", platform, "acct_1Gone", false},
		{"one side's books", platform, "acct_1Connected/live", false},
		{"the account's own key", own, "acct_1Connected", true},
		{"upwards", own, b.sim.AccountID(), false},
		{"sideways", foreign, "acct_1Connected", false},
		{"a stranger's own", foreign, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := b.with(c.key).do("GET", "/v1/balance", "", "Stripe-Account", c.account)
			if c.ok {
				r.ok().has("livemode", c.key == live)
				return
			}
			r.fails(403, "account_invalid", "", "The provided key '"+masked(c.key)+"' does not have access to account '"+c.account+"' (or that account does not exist).")
		})
	}
}

// TestAccounts: one's own, those that are connected, and no other.
func TestAccounts(t *testing.T) {
	b := newBox(t)
	if err := b.sim.AddAccount("acct_1Connected", "Little Theatre", "FR", "eur"); err != nil {
		t.Fatal(err)
	}
	b.stranger("acct_1Stranger")
	b.get("/v1/accounts/"+b.sim.AccountID()).ok().has("settings.dashboard.display_name", "Willcall Training")
	b.get("/v1/accounts/acct_1Connected").ok().has(
		"id", "acct_1Connected", "country", "FR", "default_currency", "eur", "charges_enabled", true,
		"business_profile.name", "Little Theatre", "settings.dashboard.display_name", "Little Theatre", "capabilities.card_payments", "active")
	b.get("/v1/accounts/acct_1Stranger").fails(403, "account_invalid", "", "The provided key")
	b.get("/v1/accounts/acct_1Gone").fails(403, "account_invalid", "", "The provided key")
	b.account = "acct_1Connected"
	b.get("/v1/account").ok().has("id", "acct_1Connected")
	b.get("/v1/accounts/acct_1Connected").ok().has("id", "acct_1Connected")
	b.get("/v1/accounts/"+b.sim.AccountID()).fails(403, "account_invalid", "", "The provided key")
}

// TestChargesDisabled: nothing that would take money can be begun, and the
// account and its events say so.
func TestChargesDisabled(t *testing.T) {
	b := newBox(t)
	b.post("/_sim/accounts", `{"id":"acct_1Late","name":"Late Theatre","charges_enabled":false}`).ok()
	b.account = "acct_1Late"
	b.get("/v1/account").ok().has("charges_enabled", false, "capabilities.card_payments", "inactive")
	for range 2 { // the refusal is the key's answer, too
		b.post("/v1/checkout/sessions", sale, "Idempotency-Key", "k").fails(400, "", "", "Your account cannot currently make live charges.")
	}
	b.post("/v1/products", "name=Poster").ok()
	b.post("/_sim/accounts/acct_1Late/charges", `{"enabled":true}`).ok()
	b.post("/_sim/accounts/acct_1Late/charges", `{"enabled":true}`).ok()
	b.get("/v1/account").ok().has("charges_enabled", true)
	b.post("/v1/checkout/sessions", sale, "Idempotency-Key", "k2").ok()
	if got := b.types("&type=account.updated"); len(got) != 2 {
		t.Errorf("the account was updated %d times, want 2", len(got))
	}
	b.get("/v1/events?type=account.updated").ok().has("data.0.data.object.charges_enabled", true, "data.1.data.object.charges_enabled", false)
	if r := b.post("/_sim/accounts/acct_1Gone/charges", `{"enabled":true}`); r.status != http.StatusNotFound {
		t.Errorf("an unknown account: %d", r.status)
	}
}

// TestAccountList is what a trainer sees of the accounts.
func TestAccountList(t *testing.T) {
	b := newBox(t)
	b.post("/_sim/accounts", `{"id":"acct_0Joined"}`).ok()
	b.post("/_sim/accounts", `{"id":"acct_0Stranger","connected":false}`).ok()
	list := b.get("/_sim/accounts").ok()
	list.has("accounts.0.id", "acct_0Joined", "accounts.0.connected", true, "accounts.0.main", false,
		"accounts.1.id", "acct_0Stranger", "accounts.1.connected", false, "accounts.2.id", b.sim.AccountID(), "accounts.2.main", true)
	if n := len(list.at("accounts").([]any)); n != 3 {
		t.Errorf("%d accounts, want 3", n)
	}
}

// TestFeesAreThePlatforms: who works for itself cannot take a fee from itself.
func TestFeesAreThePlatforms(t *testing.T) {
	b := newBox(t)
	s := b.sim
	if err := s.AddAccount("acct_1Connected", "Little Theatre", "FR", "eur"); err != nil {
		t.Fatal(err)
	}
	own := &apiKey{Account: s.main}
	token := &apiKey{Account: "acct_1Connected", Platform: s.main}
	for _, c := range []struct {
		name    string
		caller  *apiKey
		account string
		want    bool
	}{
		{"for itself", own, s.main, false},
		{"with Stripe-Account", own, "acct_1Connected", true},
		{"with an OAuth token", token, "acct_1Connected", true},
		{"the buyer", nil, s.main, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			tx := &tx{sim: s, acct: s.accounts[c.account], caller: c.caller}
			if got := tx.mayTakeFee("application_fee_amount") == nil; got != c.want {
				t.Errorf("allowed is %v, want %v", got, c.want)
			}
		})
	}
}
