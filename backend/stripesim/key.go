package stripesim

import (
	"fmt"
	"maps"
	"strings"
)

// Kinds of API keys.
const (
	KeySecret      = "secret"      // sk_: everything
	KeyRestricted  = "restricted"  // rk_: what its permissions name
	KeyPublishable = "publishable" // pk_: what a page in a browser does
)

// TrainingKey is accepted for the first account's test side without being
// registered; so is TrainingPublishableKey, for what a page in a browser does.
const (
	TrainingKey            = "sk_test_training"
	TrainingPublishableKey = "pk_test_training"
)

// Key describes an API key to RegisterKey.
type Key struct {
	Value       string            // "" makes one up, of the length of Stripe's
	Account     string            // acct_…; "" is the simulator's first account
	Kind        string            // KeySecret, KeyRestricted or KeyPublishable; "" is KeySecret
	Live        bool              // the live side of the account
	Permissions map[string]string // of a restricted key: resource to "read" or "write", see permission.go
}

// apiKey is a registered key.
type apiKey struct {
	Value       string            `json:"key"`
	Kind        string            `json:"kind"`
	Account     string            `json:"account"`
	Live        bool              `json:"live"`
	Permissions map[string]string `json:"permissions,omitempty"`
	Created     int64             `json:"created"` // seconds
	Revoked     bool              `json:"revoked,omitempty"`
	Platform    string            `json:"platform,omitempty"` // account that got the key by OAuth
	Scope       string            `json:"scope,omitempty"`    // of such a key
	Code        string            `json:"code,omitempty"`     // that such a key was issued for
}

func (k *apiKey) key() string { return k.Value }
func (k *apiKey) born() int64 { return k.Created }

// keyPrefixes are the beginnings of keys by kind.
func keyPrefixes() map[string]string {
	return map[string]string{KeySecret: "sk_", KeyRestricted: "rk_", KeyPublishable: "pk_"}
}

// readKey takes a key's kind and mode from its form.
func readKey(value string) (kind string, live, ok bool) {
	for kind, prefix := range keyPrefixes() {
		for _, live := range []bool{false, true} {
			rest, found := strings.CutPrefix(value, prefix+modeWord(live)+"_")
			if found && len(rest) >= 8 && strings.Trim(rest, alphabet+"_") == "" {
				return kind, live, true
			}
		}
	}
	return "", false, false
}

// newKey has the length of Stripe's.
func newKey(kind string, live bool) string {
	return newID(keyPrefixes()[kind]+modeWord(live)+"_51", 97)
}

// RegisterKey makes a key known and returns it. From the first key on that an
// account's side has, even a revoked one, no unregistered key is accepted for
// it, except TrainingKey and TrainingPublishableKey.
func (s *Sim) RegisterKey(k Key) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k.Account == "" {
		k.Account = s.main
	}
	if k.Kind == "" {
		k.Kind = KeySecret
	}
	if keyPrefixes()[k.Kind] == "" {
		return "", fmt.Errorf("stripesim: a key is secret, restricted or publishable, not %q", k.Kind)
	}
	if k.Value == "" {
		k.Value = newKey(k.Kind, k.Live)
	}
	switch kind, live, ok := readKey(k.Value); {
	case s.accounts[k.Account] == nil || strings.HasSuffix(k.Account, liveMark):
		return "", fmt.Errorf("stripesim: there is no account %q for the key", k.Account)
	case !ok || kind != k.Kind || live != k.Live:
		return "", fmt.Errorf("stripesim: %s is no %s key of %s mode", masked(k.Value), k.Kind, modeWord(k.Live))
	case s.access.keys.byID[k.Value] != nil:
		return "", fmt.Errorf("stripesim: the key %s is registered already", masked(k.Value))
	}
	if err := checkPermissions(k.Kind, k.Permissions); err != nil {
		return "", err
	}
	made := &apiKey{Value: k.Value, Kind: k.Kind, Account: k.Account, Live: k.Live, Permissions: maps.Clone(k.Permissions), Created: s.now()}
	return k.Value, s.grantAccess(k.Account, accessChange{Keys: []*apiKey{made}})
}

// RevokeKey ends a registered key, as rolling it in the Dashboard does.
func (s *Sim) RevokeKey(value string) error {
	return s.alterKey(value, func(k *apiKey) error {
		k.Revoked = true
		return nil
	})
}

// PermitKey gives a restricted key other permissions in place of those it had.
func (s *Sim) PermitKey(value string, permissions map[string]string) error {
	return s.alterKey(value, func(k *apiKey) error {
		k.Permissions = maps.Clone(permissions)
		return checkPermissions(k.Kind, permissions)
	})
}

func (s *Sim) alterKey(value string, alter func(*apiKey) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	was, ok := s.access.keys.byID[value]
	if !ok {
		return newError(404, invalidRequest, "resource_missing", "", "No such key: "+masked(value))
	}
	k := *was
	if err := alter(&k); err != nil {
		return err
	}
	return s.grantAccess(k.Account, accessChange{Keys: []*apiKey{&k}})
}

// guarded tells whether a side of an account has had a key registered. What
// OAuth issued does not count. The caller holds mu.
func (s *Sim) guarded(account string, live bool) bool {
	for _, k := range s.access.keys.byID {
		if k.Account == account && k.Live == live && k.Platform == "" {
			return true
		}
	}
	return false
}
