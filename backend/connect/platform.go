package connect

import (
	"context"
	"strings"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// PlatformKeys are what the administrator enters to let organizers connect by
// OAuth (docs.stripe.com/connect/oauth-standard-accounts). What is left empty
// stays as it is.
type PlatformKeys struct {
	SecretKey      string // sk_…
	PublishableKey string // pk_…
	ClientID       string // ca_…
}

// ApplicationFee is the platform's share of a charge.
type ApplicationFee struct {
	Percent  int64          `json:"percent"` // in hundredths of a percent: 250 is 2.5 %
	Fixed    int64          `json:"fixed"`   // in minor units, added to it
	Currency money.Currency `json:"currency,omitempty"`
}

// platform is what lies in the vault of it. The fee is no secret; it is there
// so that there is one place, and it means nothing without the rest.
type platform struct {
	SecretKey      string         `json:"secretKey,omitempty"`
	PublishableKey string         `json:"publishableKey,omitempty"`
	ClientID       string         `json:"clientId,omitempty"`
	Fee            ApplicationFee `json:"fee,omitzero"`
}

// allOfIt is a whole, in hundredths of a percent.
const allOfIt = 10000

// Of is the fee on a total, in its minor units: percent, rounded half up, and
// the fixed part where it is of the total's currency. It is less than the total
// (docs.stripe.com/connect/direct-charges#collect-fees), and where a currency's
// last digit must be 0 it is rounded down to that.
func (f ApplicationFee) Of(total money.Amount) int64 {
	if total.Minor <= 0 {
		return 0
	}
	// Whole and rest by themselves: the product of both could be too large.
	fee := total.Minor/allOfIt*f.Percent + (total.Minor%allOfIt*f.Percent+allOfIt/2)/allOfIt
	if f.Currency == total.Currency {
		fee += f.Fixed
	}
	fee = max(0, min(fee, total.Minor-1))
	return fee - fee%total.Currency.Step()
}

// Fee is what the platform takes of a charge of the total: 0 for a book that is
// connected by a key of its own.
func (c *Connection) Fee(total money.Amount) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept.Account.Via != boxoffice.ViaOAuth {
		return 0
	}
	return c.platform.Fee.Of(total)
}

// ApplicationFee is the fee that is set.
func (c *Connection) ApplicationFee() ApplicationFee {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.platform.Fee
}

// SetApplicationFee changes it for the charges to come: CodeBadPlatform.
func (c *Connection) SetApplicationFee(f ApplicationFee) error {
	c.changing.Lock()
	defer c.changing.Unlock()
	switch {
	case f.Percent < 0 || f.Percent >= allOfIt:
		return failed(boxoffice.CodeBadPlatform, "The fee is a share of the charge, from 0 to less than 100 percent. Nothing was changed.", "Enter a percentage such as 2.5.")
	case f.Fixed < 0 || f.Fixed > money.MaxMinor:
		return failed(boxoffice.CodeBadPlatform, "The fixed part of the fee is below zero, or more than Stripe charges at once. Nothing was changed.", "Enter an amount such as 0.50.")
	case f.Fixed > 0 && !f.Currency.WellFormed():
		return failed(boxoffice.CodeBadPlatform, "The fixed part of the fee has no currency. Nothing was changed.", "Enter a currency such as EUR.")
	}
	if err := c.ready(); err != nil {
		return err
	}
	p := c.registered()
	p.Fee = f
	return c.keepPlatform(p)
}

// PlatformSet says which of the platform's keys are there. None can be read
// back.
func (c *Connection) PlatformSet() (secret, publishable, clientID bool) {
	p := c.registered()
	return p.SecretKey != "", p.PublishableKey != "", p.ClientID != ""
}

func (c *Connection) registered() platform {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.platform
}

// SetPlatform registers the platform. Where the book is connected through it,
// the new keys must reach the book's account, which is asked of Stripe:
// CodeBadPlatform, CodeWrongMode, CodeVaultLocked.
func (c *Connection) SetPlatform(ctx context.Context, keys PlatformKeys) error {
	c.changing.Lock()
	defer c.changing.Unlock()
	p := c.registered()
	for _, f := range []struct{ entered, kept *string }{
		{&keys.SecretKey, &p.SecretKey}, {&keys.PublishableKey, &p.PublishableKey}, {&keys.ClientID, &p.ClientID},
	} {
		if text := strings.TrimSpace(*f.entered); text != "" {
			*f.kept = text
		}
	}
	if err := p.check(c.opt.Livemode); err != nil {
		return err
	}
	if err := c.ready(); err != nil {
		return err
	}
	c.mu.Lock()
	k := c.kept
	c.mu.Unlock()
	if k.Account.Via != boxoffice.ViaOAuth {
		return c.keepPlatform(p)
	}
	if p.ClientID != c.registered().ClientID {
		return failed(boxoffice.CodeBadPlatform, "The book is connected through another platform. Nothing was changed.", "Disconnect the account first, then change the platform.")
	}
	if _, err := c.opt.Client.As(k.identity(p)).Livemode(ctx); err != nil {
		if is(err, stripeapi.BadKey) || is(err, stripeapi.Forbidden) {
			e := failed(boxoffice.CodeBadPlatform, "With this secret key Stripe does not let the platform at the book's account. Nothing was changed.",
				"Copy the secret key of the platform's own account from Stripe's Dashboard, under Developers, API keys.")
			e.Cause = err
			return e
		}
		return unanswered(err)
	}
	if err := c.keepPlatform(p); err != nil {
		return err
	}
	c.become(Connected, "", k)
	return nil
}

func (c *Connection) keepPlatform(p platform) error {
	if err := c.keep(itemPlatform, p); err != nil {
		return err
	}
	c.mu.Lock()
	c.platform = p
	c.mu.Unlock()
	c.opt.Log.Info("connect: the platform was changed")
	return nil
}

// check looks at each field by its form alone.
func (p platform) check(live bool) error {
	bad := func(message, next string) error {
		return failed(boxoffice.CodeBadPlatform, message+" Nothing was changed.", next)
	}
	for _, f := range []struct{ name, text, want string }{
		{"secret key", p.SecretKey, "secret key"},
		{"publishable key", p.PublishableKey, "publishable key"},
		{"client id", p.ClientID, "client id"},
	} {
		switch looks := whatIs(f.text); {
		case f.text == "" && f.name != "publishable key":
			return bad("The platform's "+f.name+" is missing.", "Enter it.")
		case f.text == "" || looks == f.want:
		case looks == "restricted key":
			return bad("The field for the "+f.name+" has a restricted key: Stripe lets only a platform's secret key connect accounts.", "Enter the key that begins with sk_.")
		case looks == "":
			return bad("The field for the "+f.name+" has something that Stripe does not give out.",
				"Copy it anew: keys are under Developers, API keys; the client id, which begins with ca_, is in the settings of Connect, under OAuth.")
		default:
			return bad("The field for the "+f.name+" has a "+looks+".", "Put each into its own field: secret keys begin with sk_, publishable keys with pk_, client ids with ca_.")
		}
	}
	_, secretLive := readKey(p.SecretKey)
	_, publishableLive := readKey(p.PublishableKey)
	switch {
	case p.PublishableKey != "" && secretLive != publishableLive:
		return bad("One of the platform's keys is of test mode and the other is for real money.", "Copy both from the same mode of Stripe's Dashboard.")
	case secretLive != live:
		return wrongMode("The platform's secret key", live)
	}
	return nil
}

// whatIs says what a text looks like; "" for nothing of Stripe's.
func whatIs(text string) string {
	if rest, ok := strings.CutPrefix(text, "ca_"); ok && len(rest) >= 8 && plain(rest) {
		return "client id"
	}
	if rest, ok := strings.CutPrefix(text, "whsec_"); ok && rest != "" {
		return "webhook's signing secret"
	}
	kind, _ := readKey(text)
	switch kind {
	case SecretKey:
		return "secret key"
	case RestrictedKey:
		return "restricted key"
	case publishable:
		return "publishable key"
	default:
		return ""
	}
}
