package connect

import (
	"encoding/json"
	"errors"

	"willcall/backend/boxoffice"
	"willcall/backend/secrets"
	"willcall/backend/stripeapi"
)

// Names in the vault. What belongs together is one item, so that a crash
// leaves no half of it.
const (
	itemConnection = "stripe.connection"
	itemPlatform   = "stripe.platform"
	itemPage       = "stripe.publishable"
	itemHook       = "stripe.webhook"
)

// kept is a connection as it lies in the vault.
type kept struct {
	Account        boxoffice.Account `json:"account"`
	Key            string            `json:"key,omitempty"`            // by a key of the account's own
	AccessToken    string            `json:"accessToken,omitempty"`    // these three by OAuth
	RefreshToken   string            `json:"refreshToken,omitempty"`   // not used: a platform asks with its own key
	PublishableKey string            `json:"publishableKey,omitempty"` // for the Payment Element
}

func (k kept) there() bool { return k.Account.Via != "" }

func (k kept) kind() KeyKind {
	switch {
	case !k.there():
		return ""
	case k.Account.Via == boxoffice.ViaOAuth:
		return PlatformKey
	}
	kind, _ := readKey(k.Key)
	return kind
}

// identity is as whom to ask: charges are direct, on the organizer's account
// (docs.stripe.com/connect/direct-charges).
func (k kept) identity(p platform) stripeapi.Identity {
	if k.Account.Via == boxoffice.ViaOAuth {
		return stripeapi.Identity{Key: p.SecretKey, Account: k.Account.ID}
	}
	return stripeapi.Identity{Key: k.Key}
}

// items are all that is in the vault.
type items struct {
	connection kept
	platform   platform
	page, hook string
}

// read stops at the first that cannot be had: a keychain may take its time for
// each refusal.
func (c *Connection) read() (items, error) {
	var i items
	for name, v := range map[string]any{itemConnection: &i.connection, itemPlatform: &i.platform, itemPage: &i.page, itemHook: &i.hook} {
		if err := c.get(name, v); err != nil {
			return items{}, err
		}
	}
	return i, nil
}

// get leaves v as it is where there is nothing.
func (c *Connection) get(name string, v any) error {
	text, err := c.opt.Vault.Get(name)
	if errors.Is(err, secrets.ErrMissing) {
		return nil
	}
	if err != nil {
		return err
	}
	if json.Unmarshal([]byte(text), v) != nil {
		return errors.New("connect: the vault's " + name + " is damaged") // without its content
	}
	return nil
}

func (c *Connection) keep(name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return errors.New("connect: " + name + " cannot be written as JSON")
	}
	return vaultError(c.opt.Vault.Set(name, string(text)))
}

// ready says whether the vault can take anything, before Stripe is asked for
// what could not be kept.
func (c *Connection) ready() error {
	switch s := c.opt.Vault.State(); {
	case s.Locked && s.New:
		return vaultError(errNewVault)
	case s.Locked:
		return vaultError(secrets.ErrLocked)
	}
	return nil
}

var errNewVault = errors.New("connect: the vault has no passphrase yet")
