package stripesim

import (
	"strings"
	"testing"
)

// TestEveryEndpointNeedsAPermission, and each can be granted.
func TestEveryEndpointNeedsAPermission(t *testing.T) {
	b := newBox(t)
	for _, e := range endpoints() {
		t.Run(e.pattern, func(t *testing.T) {
			resource, level := needed(e.pattern)
			if resource.name == "" {
				t.Fatal("permission.go has no resource for this endpoint")
			}
			method, path, _ := strings.Cut(e.pattern, " ")
			if want := map[string]string{"GET": "read", "POST": "write", "DELETE": "write"}[method]; level != want {
				t.Errorf("%s needs %s, want %s", method, level, want)
			}
			path = strings.NewReplacer("{", "", "}", "").Replace(path)
			wants := "Having the 'rak_" + resource.rak + "_" + level + "' permission would allow this request to continue."
			refused := b.with(b.register(Key{Kind: KeyRestricted, Permissions: map[string]string{resource.name: "none"}})).do(method, path, "")
			refused.fails(403, "more_permissions_required", "", "The provided key 'rk_test_")
			if !strings.HasSuffix(refused.text("error.message"), "on account '"+b.sim.AccountID()+"'. "+wants) {
				t.Errorf("the message is %q", refused.text("error.message"))
			}
			for have, may := range map[string]bool{"read": level == mayRead, "write": true} {
				key := b.register(Key{Kind: KeyRestricted, Permissions: map[string]string{resource.name: have}})
				r := b.with(key).do(method, path, "")
				if got := !strings.Contains(string(r.body), "more_permissions_required"); got != may {
					t.Errorf("with %s allowed is %v, want %v: %s", have, got, may, r.body)
				}
			}
		})
	}
}

// TestTheLeastKey is the restricted key that a till needs: it sells, and
// cannot look at the account.
func TestTheLeastKey(t *testing.T) {
	b := newBox(t)
	key := b.register(Key{Kind: KeyRestricted, Permissions: map[string]string{
		"checkout_sessions": "write", "payment_links": "write", "prices": "write", "products": "write", "refunds": "write",
		"events": "read", "payment_intents": "read", "charges": "read", "balance": "read", "balance_transactions": "read", "payouts": "read", "disputes": "read",
	}})
	till := b.with(key)
	id := till.openSession("")
	b.buy(id, Payment{})
	intent := till.get("/v1/checkout/sessions/" + id).ok().text("payment_intent")
	till.get("/v1/payment_intents/" + intent).ok()
	till.get("/v1/events?limit=1").ok()
	till.get("/v1/balance").ok()
	till.get("/v1/account").fails(403, "more_permissions_required", "", "The provided key")
}

// TestPublishableKeys read one payment intent, with its secret, and no more.
func TestPublishableKeys(t *testing.T) {
	b := newBox(t)
	id := b.openSession("")
	b.buy(id, Payment{})
	intent := b.get("/v1/checkout/sessions/" + id).ok().text("payment_intent")
	secret := b.get("/v1/payment_intents/" + intent).ok().text("client_secret")
	for _, key := range []string{b.register(Key{Kind: KeyPublishable}), TrainingPublishableKey} {
		page := b.with(key)
		page.get("/v1/payment_intents/"+intent+"?client_secret="+secret).ok().has("status", "succeeded")
		page.get("/v1/payment_intents/"+intent).fails(400, "parameter_missing", "client_secret", "Missing required param")
		page.get("/v1/payment_intents/"+intent+"?client_secret="+secret+"x").fails(404, "resource_missing", "intent", "No such payment_intent")
		page.get("/v1/payment_intents/pi_gone?client_secret="+secret).fails(404, "resource_missing", "intent", "No such payment_intent")
		page.get("/v1/payment_intents").fails(403, "secret_key_required", "", "This API call cannot be made with a publishable API key.")
		page.post("/v1/checkout/sessions", sale).fails(403, "secret_key_required", "", "This API call cannot be made with a publishable API key.")
	}
}
