package connect

import (
	"log/slog"
	"strings"

	"willcall/backend/boxoffice"
)

// WebhookSecret is what webhooks are signed with; "" where they are off.
func (c *Connection) WebhookSecret() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hook
}

// SetWebhookSecret switches webhooks on, or off with "": CodeBadKey.
func (c *Connection) SetWebhookSecret(secret string) error {
	secret = strings.TrimSpace(secret)
	rest, ok := strings.CutPrefix(secret, "whsec_")
	if secret != "" && (!ok || len(rest) < 8) {
		return failed(boxoffice.CodeBadKey, "This is not the signing secret of a webhook, which begins with whsec_. Nothing was changed.",
			"Copy the signing secret from the endpoint's page in Stripe's Dashboard, under Developers, Webhooks.")
	}
	return c.set(itemHook, secret, &c.hook)
}

// Publishable is the key for Stripe's own fields on our page: the account's by
// OAuth, or the one that was entered; "" where there is none.
func (c *Connection) Publishable() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept.PublishableKey != "" {
		return c.kept.PublishableKey
	}
	return c.page
}

// SetPublishable keeps the account's publishable key, or forgets it with "":
// CodeBadKey, CodeWrongMode.
func (c *Connection) SetPublishable(key string) error {
	key = strings.TrimSpace(key)
	if key != "" {
		kind, live := readKey(key)
		if kind != publishable {
			return failed(boxoffice.CodeBadKey, "This is no publishable key, which begins with pk_. Nothing was changed.",
				"Copy the publishable key from Stripe's Dashboard, under Developers, API keys.")
		}
		if live != c.opt.Livemode {
			return wrongMode("This key", c.opt.Livemode)
		}
	}
	return c.set(itemPage, key, &c.page)
}

// set keeps one text, or forgets it with "".
func (c *Connection) set(item, text string, field *string) error {
	c.changing.Lock()
	defer c.changing.Unlock()
	if err := c.ready(); err != nil {
		return err
	}
	var err error
	if text == "" {
		err = vaultError(c.opt.Vault.Delete(item))
	} else {
		err = c.keep(item, text)
	}
	if err != nil {
		return err
	}
	c.mu.Lock()
	*field = text
	c.mu.Unlock()
	c.opt.Log.Info("connect: changed", slog.String("item", item))
	return nil
}
