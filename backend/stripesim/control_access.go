package stripesim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// accessControls are the knobs for accounts and keys.
func (s *Sim) accessControls(knob func(string, func(*http.Request) (any, error))) {
	knob("GET /_sim/accounts", func(*http.Request) (any, error) { return s.wireAccounts(), nil })
	knob("POST /_sim/accounts", s.postAccount)
	knob("POST /_sim/accounts/{id}/charges", s.postCharges)
	knob("POST /_sim/keys", s.postKey)
	knob("PATCH /_sim/keys/{key}", s.patchKey)
	knob("DELETE /_sim/keys/{key}", s.deleteKey)
	knob("POST /_sim/platforms", s.postPlatform)
	knob("POST /_sim/deauthorize", s.postDeauthorize)
}

// wireAccount is an account as GET /_sim/accounts shows it.
type wireAccount struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	Main           bool   `json:"main"`      // the simulator's first account
	Connected      bool   `json:"connected"` // to the first, in test mode at least
	ChargesEnabled bool   `json:"charges_enabled"`
}

func (s *Sim) wireAccounts() map[string][]wireAccount {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []wireAccount{}
	for _, a := range s.accounts {
		if !a.live {
			id := a.profile.ID
			list = append(list, wireAccount{
				ID: id, Name: a.profile.Name, Main: id == s.main,
				Connected: s.connectedTo(s.main, id).serves(false), ChargesEnabled: !a.uncharged,
			})
		}
	}
	slices.SortFunc(list, func(a, b wireAccount) int { return cmp.Compare(a.ID, b.ID) })
	return map[string][]wireAccount{"accounts": list}
}

// postAccount adds an account: {"id": "acct_…", "name", "country", "currency",
// "connected": true, "charges_enabled": true}; all but the id have defaults.
func (s *Sim) postAccount(r *http.Request) (any, error) {
	body := struct {
		ID, Name, Country, Currency string
		Connected                   bool
		ChargesEnabled              bool `json:"charges_enabled"`
	}{Name: "Connected account", Country: "DE", Currency: "eur", Connected: true, ChargesEnabled: true}
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	add := s.AddStranger
	if body.Connected {
		add = s.AddAccount
	}
	if err := add(body.ID, body.Name, body.Country, body.Currency); err != nil {
		return nil, err
	}
	return map[string]string{"id": body.ID}, s.SetChargesEnabled(body.ID, body.ChargesEnabled)
}

// postCharges lets an account take money, or stops it: {"enabled": false}.
func (s *Sim) postCharges(r *http.Request) (any, error) {
	var body struct{ Enabled bool }
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	return body, s.SetChargesEnabled(r.PathValue("id"), body.Enabled)
}

// postKey registers a key: {"account": "acct_…", "kind": "secret",
// "restricted" or "publishable", "livemode": false, "permissions": {"events":
// "read", …}, "key": "rk_test_…"}; everything has a default.
func (s *Sim) postKey(r *http.Request) (any, error) {
	var body struct {
		Account, Kind, Key string
		Livemode           bool
		Permissions        map[string]string
	}
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	key, err := s.RegisterKey(Key{Value: body.Key, Account: body.Account, Kind: strings.ToLower(body.Kind), Live: body.Livemode, Permissions: body.Permissions})
	return map[string]string{"key": key}, err
}

// patchKey changes what a restricted key may do: {"permissions": {…}}.
func (s *Sim) patchKey(r *http.Request) (any, error) {
	var body struct{ Permissions map[string]string }
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	return body.Permissions, s.PermitKey(r.PathValue("key"), body.Permissions)
}

func (s *Sim) deleteKey(r *http.Request) (any, error) {
	return map[string]bool{"revoked": true}, s.RevokeKey(r.PathValue("key"))
}

// postPlatform registers a platform: {"account": "acct_…", "livemode": false,
// "redirect_uris": ["http://…"]}; the account is the first one by default.
func (s *Sim) postPlatform(r *http.Request) (any, error) {
	var body struct {
		Account   string
		Livemode  bool
		Redirects []string `json:"redirect_uris"`
	}
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	id, err := s.RegisterPlatform(body.Account, body.Livemode, body.Redirects...)
	return map[string]string{"client_id": id}, err
}

// postDeauthorize cuts a platform off: {"account": "acct_…", "platform":
// "acct_…"}; the platform is the first account by default.
func (s *Sim) postDeauthorize(r *http.Request) (any, error) {
	var body struct{ Account, Platform string }
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	return map[string]string{"account": body.Account}, s.Deauthorize(body.Platform, body.Account)
}
