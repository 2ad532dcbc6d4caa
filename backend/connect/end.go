package connect

import (
	"context"
	"errors"
	"log/slog"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// Disconnect ends the connection: a platform's access is given up at Stripe, a
// key is forgotten here and stays good at Stripe until it is deleted there.
// Where Stripe cannot be told, it is an error and nothing is changed, unless
// force says to forget all the same: CodeNotConnected, CodeVaultLocked,
// CodeStripeUnreachable, CodeOAuthRefused.
func (c *Connection) Disconnect(ctx context.Context, force bool) error {
	c.changing.Lock()
	defer c.changing.Unlock()
	if err := c.ready(); err != nil {
		return err
	}
	c.mu.Lock()
	k, p := c.kept, c.platform
	c.mu.Unlock()
	if !k.there() {
		return notConnected()
	}
	if k.Account.Via == boxoffice.ViaOAuth {
		err := c.oauth(p).Deauthorize(ctx, k.Account.ID)
		if err != nil && !force && !c.cutOff(ctx, k, p) {
			return stillThere(err)
		}
	}
	return c.forget(k.Account.ID, boxoffice.DisconnectedHere)
}

// cutOff reports whether Stripe says that the platform has no access to the
// account: then there is nothing to give up.
func (c *Connection) cutOff(ctx context.Context, k kept, p platform) bool {
	_, err := c.opt.Client.As(k.identity(p)).Livemode(ctx)
	return isCutOff(err)
}

func isCutOff(err error) bool {
	failure, ok := errors.AsType[*stripeapi.Error](err)
	return ok && failure.Failure == stripeapi.Forbidden && !failure.OfRequest()
}

func stillThere(err error) error {
	e := failed(boxoffice.CodeStripeUnreachable, "Stripe could not be told to end the access, so the platform may still have it. Nothing was changed.",
		"Try again when this laptop is online, or forget the account here and take the access back in its Stripe Dashboard, under Settings, Installed apps.")
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if ok && (failure.Failure == stripeapi.Refused || failure.Failure == stripeapi.BadKey || failure.Failure == stripeapi.Forbidden) {
		e.Code = boxoffice.CodeOAuthRefused
		e.Message = "Stripe did not end the access: " + failure.Message + " The platform may still have it. Nothing was changed."
	}
	e.Cause = err
	return e
}

// forget clears the vault, and then tells the book. The platform stays.
func (c *Connection) forget(account, reason string) error {
	for _, item := range []string{itemConnection, itemPage, itemHook} {
		if err := c.opt.Vault.Delete(item); err != nil {
			return vaultError(err)
		}
	}
	status, problem := None, boxoffice.Code("")
	if reason == boxoffice.DisconnectedRevoked {
		status, problem = Revoked, boxoffice.CodeNotConnected
	}
	c.mu.Lock()
	c.page, c.hook = "", ""
	c.mu.Unlock()
	c.become(status, problem, kept{})
	c.opt.Log.Info("connect: disconnected", slog.String("account", account), slog.String("reason", reason))
	return c.opt.Book.Record(boxoffice.AccountDisconnectedFact{AccountID: account, Reason: reason})
}

// Noticed takes how a request to Stripe ended, nil for well, from whoever made
// one. A refusal of the key or of the account is believed only after asking
// again, since it may be an answer to a key that has been changed meanwhile.
func (c *Connection) Noticed(ctx context.Context, err error) error {
	c.mu.Lock()
	status, account := c.status, c.kept.Account.Via
	c.mu.Unlock()
	switch {
	case account == "":
		return nil
	case status == Revoked && err == nil: // a key that Stripe takes again
		return c.Ask(ctx)
	case status == Revoked, !is(err, stripeapi.BadKey) && !isCutOff(err):
		return nil
	}
	return c.Ask(ctx)
}

// Ask asks Stripe whether the connection still holds, as on the hint
// "account.application.deauthorized", which proves nothing by itself. An
// account that cut the platform off is forgotten here, and the book is told. A
// key that Stripe does not accept is a State alone: the organizer enters the
// new one. It fails if Stripe cannot be asked.
func (c *Connection) Ask(ctx context.Context) error {
	c.changing.Lock()
	defer c.changing.Unlock()
	c.mu.Lock()
	k, p := c.kept, c.platform
	c.mu.Unlock()
	if !k.there() {
		return nil
	}
	_, err := c.opt.Client.As(k.identity(p)).Livemode(ctx)
	switch {
	case err == nil, is(err, stripeapi.Forbidden) && !isCutOff(err): // it is our key, short of a permission
		c.become(Connected, "", k)
		return nil
	case isCutOff(err) && k.Account.Via == boxoffice.ViaOAuth:
		return c.forget(k.Account.ID, boxoffice.DisconnectedRevoked)
	case is(err, stripeapi.BadKey), isCutOff(err):
		c.opt.Log.Warn("connect: Stripe does not accept the key", slog.String("account", k.Account.ID), slog.Any("error", err))
		c.become(Revoked, boxoffice.CodeStripeKey, k)
		return nil
	default:
		return unanswered(err)
	}
}
