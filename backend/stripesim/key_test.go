package stripesim

import (
	"path/filepath"
	"strings"
	"testing"
)

// with is the box's requests made with another key.
func (b *box) with(key string) *box {
	other := *b
	other.key = key
	return &other
}

func (b *box) register(k Key) string {
	b.t.Helper()
	key, err := b.sim.RegisterKey(k)
	if err != nil {
		b.t.Fatal(err)
	}
	return key
}

// TestRegisteredKeysCloseTheDoor: from the first key on, no other is accepted
// on that side of that account, but the training's.
func TestRegisteredKeysCloseTheDoor(t *testing.T) {
	b := newBox(t)
	other := "sk_test_anything99"
	b.with(other).get("/v1/balance").ok()
	b.register(Key{Live: true})
	b.with(other).get("/v1/balance").ok() // the live side's key concerns nobody here
	key := b.register(Key{})
	if !strings.HasPrefix(key, "sk_test_51") || len(key) != 107 {
		t.Errorf("the key is %q", key)
	}
	b.with(key).get("/v1/balance").ok()
	b.with(other).get("/v1/balance").fails(401, "", "", "Invalid API Key provided: sk_test_******ng99")
	b.with(TrainingKey).get("/v1/balance").ok()
	b.with("rk_test_anything99").get("/v1/balance").fails(401, "", "", "Invalid API Key provided: rk_test_")
	if err := b.sim.RevokeKey(key); err != nil {
		t.Fatal(err)
	}
	b.with(key).get("/v1/balance").fails(401, "api_key_expired", "", "Expired API Key provided: sk_test_"+strings.Repeat("*", 95)+key[103:])
	b.with(other).get("/v1/balance").fails(401, "", "", "Invalid API Key provided: ")
}

func TestKeysThatCannotBe(t *testing.T) {
	b := newBox(t)
	taken := b.register(Key{Value: "rk_test_0123456789", Kind: KeyRestricted})
	for _, c := range []struct {
		name string
		key  Key
		want string
	}{
		{"kind", Key{Kind: "golden"}, `not "golden"`},
		{"account", Key{Account: "acct_1Gone"}, `no account "acct_1Gone"`},
		{"one side's books", Key{Account: b.sim.AccountID() + "/live"}, "no account"},
		{"taken", Key{Value: taken, Kind: KeyRestricted}, "registered already"},
		{"form", Key{Value: "hello"}, "is no secret key of test mode"},
		{"another kind's form", Key{Value: "rk_test_abcdefgh"}, "is no secret key of test mode"},
		{"another mode's form", Key{Value: "sk_live_abcdefgh"}, "is no secret key of test mode"},
		{"permissions of a secret key", Key{Permissions: map[string]string{"events": "read"}}, "only a restricted key has permissions"},
		{"an unknown resource", Key{Kind: KeyRestricted, Permissions: map[string]string{"seats": "read"}}, `no permission for "seats"`},
		{"an unknown level", Key{Kind: KeyRestricted, Permissions: map[string]string{"events": "all"}}, `not "all"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := b.sim.RegisterKey(c.key); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), taken) {
				t.Errorf("the error is %v, want one with %q", err, c.want)
			}
		})
	}
	if err := b.sim.RevokeKey("sk_test_unknown99"); err == nil || strings.Contains(err.Error(), "unknown99") {
		t.Errorf("revoking an unknown key: %v", err)
	}
}

// TestKeysSurvive a restart, with what was made of them.
func TestKeysSurvive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	b.register(Key{Live: true})
	revoked := b.register(Key{})
	restricted := b.register(Key{Kind: KeyRestricted})
	if err := b.sim.RevokeKey(revoked); err != nil {
		t.Fatal(err)
	}
	if err := b.sim.PermitKey(restricted, map[string]string{"balance": "read"}); err != nil {
		t.Fatal(err)
	}
	if err := b.sim.AddStranger("acct_1Other", "Other", "DE", "eur"); err != nil {
		t.Fatal(err)
	}
	if err := b.sim.SetChargesEnabled("acct_1Other", false); err != nil {
		t.Fatal(err)
	}
	again := reopen(t, path)
	same(t, dump(b.sim), dump(again))
	if k, err := again.keyOf(restricted); err != nil || k.Permissions["balance"] != "read" {
		t.Errorf("after the restart the key is %+v, %v", k, err)
	}
}

// TestKeyControls, as tests and trainers reach them.
func TestKeyControls(t *testing.T) {
	b := newBox(t)
	key := b.post("/_sim/keys", `{"kind":"restricted","permissions":{"events":"read"}}`).ok().text("key")
	b.with(key).get("/v1/events").ok()
	b.with(key).get("/v1/balance").fails(403, "more_permissions_required", "", "The provided key 'rk_test_")
	b.do("PATCH", "/_sim/keys/"+key, `{"permissions":{"balance":"read"}}`).ok()
	b.with(key).get("/v1/balance").ok()
	b.with(key).get("/v1/events").fails(403, "more_permissions_required", "", "The provided key 'rk_test_")
	b.do("DELETE", "/_sim/keys/"+key, "").ok()
	b.with(key).get("/v1/balance").fails(401, "api_key_expired", "", "Expired API Key provided: rk_test_")
	if r := b.do("DELETE", "/_sim/keys/sk_test_gone1234", ""); r.status != 404 {
		t.Errorf("an unknown key was revoked: %d", r.status)
	}
	own := b.post("/_sim/keys", `{"kind":"secret","livemode":true,"key":"sk_live_chosen123"}`).ok().text("key")
	b.with(own).get("/v1/balance").ok().has("livemode", true)
	if r := b.post("/_sim/keys", `{"kind":"golden"}`); r.status != 400 {
		t.Errorf("a key of an unknown kind: %d %s", r.status, r.body)
	}
}
