package connect

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

const (
	consentWithin = 10 * time.Minute
	mostPending   = 20 // consents that were begun and not finished
)

// Begin returns the page of Stripe's on which the organizer gives consent, and
// until when the answer is waited for. The state in it is used once, and kept
// in memory alone: CodeBadPlatform, CodeVaultLocked.
func (c *Connection) Begin() (address string, expires time.Time, err error) {
	p := c.registered()
	if p.SecretKey == "" || p.ClientID == "" {
		if err := c.ready(); err != nil {
			return "", time.Time{}, err
		}
		return "", time.Time{}, failed(boxoffice.CodeBadPlatform, "No platform is registered, so Stripe cannot be asked for the organizer's consent.",
			"Ask the administrator to enter the platform's keys, or connect with a restricted key.")
	}
	if err := c.ready(); err != nil {
		return "", time.Time{}, err
	}
	raw := make([]byte, 32)
	if _, err := io.ReadFull(c.opt.Random, raw); err != nil {
		return "", time.Time{}, fmt.Errorf("connect: %w", err)
	}
	state := base64.RawURLEncoding.EncodeToString(raw)
	expires = c.opt.Now().Add(consentWithin)
	c.mu.Lock()
	c.sweep()
	if len(c.pending) >= mostPending {
		clear(c.pending) // somebody pressed the button for fun
	}
	c.pending[state] = expires
	c.mu.Unlock()
	return c.oauth(p).AuthorizeURL(c.opt.Redirect(), state), expires, nil
}

func (c *Connection) oauth(p platform) *stripeapi.OAuth {
	return c.opt.Client.OAuth(c.opt.ConnectBase, stripeapi.Platform{SecretKey: p.SecretKey, ClientID: p.ClientID})
}

// sweep forgets what nobody came back for. The caller holds mu.
func (c *Connection) sweep() {
	now := c.opt.Now()
	for state, expires := range c.pending {
		if !now.Before(expires) {
			delete(c.pending, state)
		}
	}
}

// redeem takes a state, which is good once.
func (c *Connection) redeem(state string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sweep()
	_, ok := c.pending[state]
	delete(c.pending, state)
	return ok
}

// Paste finishes with the address that the browser ended on, as somebody copied
// it: whole or from the question mark on, with whatever is around it.
func (c *Connection) Paste(ctx context.Context, address string) (Report, error) {
	for word := range strings.FieldsSeq(address) {
		word = strings.ReplaceAll(strings.Trim(word, "\"'`<>()[],;."), "&amp;", "&")
		_, query, isURL := strings.Cut(word, "?")
		if !isURL {
			query = word
		}
		query, _, _ = strings.Cut(query, "#")
		values, err := url.ParseQuery(query)
		if err == nil && values.Get("state") != "" && (values.Has("code") || values.Has("error")) {
			return c.Finish(ctx, values)
		}
	}
	return Report{}, failed(boxoffice.CodeOAuthState, "This is not the address that Stripe sent the browser to: it has no code in it. Nothing was connected.",
		"Copy the whole address from the browser's address bar, right after pressing Connect on Stripe's page.")
}

// Finish takes what Stripe sent the browser back with, and connects the book:
// CodeOAuthState, CodeOAuthRefused with Stripe's error_description as the
// Message, CodeWrongMode, CodeOtherAccount, CodeChargesDisabled.
func (c *Connection) Finish(ctx context.Context, query url.Values) (Report, error) {
	c.changing.Lock()
	defer c.changing.Unlock()
	if err := c.ready(); err != nil {
		return Report{}, err // the state and the code are still good
	}
	if len(query["state"]) != 1 || !c.redeem(query.Get("state")) {
		return Report{}, failed(boxoffice.CodeOAuthState, "This consent was not asked for here, was used already, or took longer than ten minutes. Nothing was connected.",
			"Press Connect again, and use the newest page of Stripe's.")
	}
	if code := query.Get("error"); code != "" {
		return Report{}, refused(code, query.Get("error_description"), nil)
	}
	if len(query["code"]) != 1 || query.Get("code") == "" {
		return Report{}, failed(boxoffice.CodeOAuthState, "Stripe sent no code along. Nothing was connected.", "Press Connect again.")
	}
	ctx = context.WithoutCancel(ctx) // whoever closes the page now would leave a grant that nobody has
	p := c.registered()
	line := c.oauth(p)
	grant, err := line.Exchange(ctx, query.Get("code"))
	if err != nil {
		return Report{}, exchangeFailed(err)
	}
	report, err := c.accept(ctx, p, grant)
	if err != nil {
		return Report{}, c.giveBack(ctx, line, grant, err)
	}
	isKept, err := c.use(kept{
		Account: report.Account, AccessToken: grant.AccessToken, RefreshToken: grant.RefreshToken, PublishableKey: grant.PublishableKey,
	})
	switch {
	case err != nil && !isKept:
		return Report{}, c.giveBack(ctx, line, grant, err)
	case err != nil:
		return Report{}, err
	}
	return report, nil
}

// accept holds a grant against the book.
func (c *Connection) accept(ctx context.Context, p platform, g stripeapi.Grant) (Report, error) {
	if g.Livemode != c.opt.Livemode {
		return Report{}, wrongMode("This consent", c.opt.Livemode)
	}
	if g.Scope != "read_write" {
		return Report{}, refused("", "The consent lets Willcall read and not sell.", nil)
	}
	book, _, _, err := c.opt.Book.Account()
	if err != nil {
		return Report{}, err
	}
	if book.ID != "" && book.ID != g.AccountID {
		return Report{}, otherAccount()
	}
	report := Report{Key: PlatformKey}
	as := c.opt.Client.As(stripeapi.Identity{Key: p.SecretKey, Account: g.AccountID})
	if err := c.identify(ctx, as, &report); err != nil {
		return Report{}, err
	}
	report.Account.ID = g.AccountID // whatever GET /v1/account says
	report.Account.Livemode, report.Account.Via, report.Account.Scope = g.Livemode, boxoffice.ViaOAuth, g.Scope
	return report, nil
}

// giveBack ends a grant that is not used. An account that is the book's own, and
// connected, is let be: its consent is the one that the book sells by.
func (c *Connection) giveBack(ctx context.Context, line *stripeapi.OAuth, g stripeapi.Grant, why error) error {
	c.mu.Lock()
	inUse := c.kept.Account.Via == boxoffice.ViaOAuth && c.kept.Account.ID == g.AccountID
	c.mu.Unlock()
	if inUse {
		return why
	}
	err := line.Deauthorize(ctx, g.AccountID)
	if e, ok := errors.AsType[*boxoffice.Error](why); ok && err != nil {
		e.Message += " Stripe could not be told that the consent is not used."
		e.Next += " To take the consent back, open the account's Stripe Dashboard, under Settings, Installed apps."
		e.Cause = errors.Join(e.Cause, err)
	}
	return why
}

// refused is a consent that Stripe, or the organizer, did not give. The
// description is shown as it is.
func refused(code, description string, cause error) *boxoffice.Error {
	if description == "" {
		description = code
	}
	e := failed(boxoffice.CodeOAuthRefused, description, "Nothing was connected. Press Connect again, and give consent on Stripe's page.")
	e.Params = map[string]string{"error": code}
	e.Cause = cause
	return e
}

// exchangeFailed is a code that gave nothing.
func exchangeFailed(err error) error {
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if !ok {
		return err
	}
	switch failure.Failure {
	case stripeapi.Refused:
		return refused(failure.Code, failure.Message, err)
	case stripeapi.BadKey, stripeapi.Forbidden:
		e := refused(failure.Code, failure.Message, err)
		e.Next = "Nothing was connected. Ask the administrator to check the platform's secret key and client id."
		return e
	default:
		e := failed(boxoffice.CodeStripeUnreachable, "Stripe could not be asked to finish the consent. Nothing was connected.",
			"Check that this laptop is online (open any web page), then press Connect again: the old page works only once.")
		e.Cause = err
		return e
	}
}
