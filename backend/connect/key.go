package connect

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// KeyKind is a sort of API key.
type KeyKind string

// The sorts of keys that a book can be connected by.
const (
	RestrictedKey KeyKind = "restricted" // may do what it was given, and no more
	SecretKey     KeyKind = "secret"     // may do everything
	PlatformKey   KeyKind = "platform"   // a platform's, by the organizer's consent
)

// Report is what was found out on connecting. It holds no secret.
type Report struct {
	Account  boxoffice.Account
	Key      KeyKind
	Warnings []Warning
}

// Warning is something that does not keep the book from selling.
type Warning struct {
	Code    WarningCode
	Message string
}

// WarningCode names a warning for programs.
type WarningCode string

// The warnings.
const (
	WarnSecretKey  WarningCode = "secret_key"         // a key that may do everything
	WarnPermission WarningCode = "permission_missing" // one that is not needed for selling
	WarnUnchecked  WarningCode = "account_unknown"    // nothing tells yet whose the key is
	WarnPlatform   WarningCode = "platform_access"    // a platform's access was not given up
	WarnCharges    WarningCode = "charges_disabled"   // in test mode only: in live mode it is an error
)

// UseKey connects the book by a key of the account's own. The key is held
// against the book's mode and account, and each permission is tried, before it
// is kept: CodeBadKey, CodeWrongMode, CodeKeyPermissions, CodeOtherAccount,
// CodeChargesDisabled, CodeVaultLocked, and Stripe's own troubles.
func (c *Connection) UseKey(ctx context.Context, key string) (Report, error) {
	c.changing.Lock()
	defer c.changing.Unlock()
	key = strings.TrimSpace(key)
	kind, live := readKey(key)
	if kind != RestrictedKey && kind != SecretKey {
		return Report{}, badKey(key)
	}
	if live != c.opt.Livemode {
		return Report{}, wrongMode("This key", c.opt.Livemode)
	}
	if err := c.ready(); err != nil {
		return Report{}, err
	}
	report := Report{Key: kind}
	as := c.opt.Client.As(stripeapi.Identity{Key: key})
	if err := c.tryKey(ctx, as, kind, &report); err != nil {
		return Report{}, err
	}
	if err := c.identify(ctx, as, &report); err != nil {
		return Report{}, err
	}
	report.Account.Livemode, report.Account.Via = live, boxoffice.ViaKey
	c.mu.Lock()
	was := c.kept.Account.Via
	c.mu.Unlock()
	if was == boxoffice.ViaOAuth {
		report.warn(WarnPlatform, "The platform through which the book was connected keeps its access, until it is taken back in Stripe's Dashboard, under Settings, Installed apps.")
	}
	if _, err := c.use(kept{Account: report.Account, Key: key}); err != nil {
		return Report{}, err
	}
	return report, nil
}

// tryKey asks what the key may do, and whether it is for real money.
func (c *Connection) tryKey(ctx context.Context, as *stripeapi.Client, kind KeyKind, report *Report) error {
	live, err := as.Livemode(ctx)
	if err != nil && !is(err, stripeapi.Forbidden) {
		return unanswered(err)
	}
	if err == nil && live != c.opt.Livemode { // whatever its prefix says
		return wrongMode("This key", c.opt.Livemode)
	}
	if kind == SecretKey {
		report.warn(WarnSecretKey, "This secret key may do everything with the account, so whoever gets hold of this laptop may, too. A restricted key is safer.")
		return unanswered(err)
	}
	var missing []string
	for _, p := range stripeapi.Permissions() {
		err := as.Probe(ctx, p)
		words := fmt.Sprintf("%s: %s", p.Words, p.Access)
		switch {
		case err == nil:
		case !is(err, stripeapi.Forbidden):
			return unanswered(err)
		case p.Needed:
			missing = append(missing, words)
		default:
			report.warn(WarnPermission, fmt.Sprintf("The key lacks the permission %s. Without it %s.", words, p.For))
		}
	}
	if len(missing) == 0 {
		return unanswered(err)
	}
	e := failed(boxoffice.CodeKeyPermissions, "The key lacks permissions that selling needs: "+strings.Join(missing, ", ")+". Nothing was changed.",
		"Edit the key in Stripe's Dashboard, under Developers, API keys: give it each of these, then try again.")
	e.Params = map[string]string{"missing": strings.Join(missing, ", ")}
	return e
}

// identify finds out whose account the identity has, and holds it against the
// book's.
func (c *Connection) identify(ctx context.Context, as *stripeapi.Client, report *Report) error {
	a, err := as.Account(ctx)
	switch {
	case err == nil && !a.ChargesEnabled && c.opt.Livemode:
		return failed(boxoffice.CodeChargesDisabled, "Stripe does not let this account take money yet, so nothing could be sold. Nothing was changed.",
			"Finish the account's set-up in Stripe's Dashboard, then connect it.")
	case err == nil && !a.ChargesEnabled:
		report.warn(WarnCharges, "Stripe would not let this account take real money yet: its set-up in Stripe's Dashboard is not finished.")
	case err != nil && !is(err, stripeapi.Forbidden):
		return unanswered(err)
	}
	report.Account = boxoffice.Account{ID: a.ID, Name: a.Name, Country: a.Country, Currency: a.Currency, Website: a.Website}
	return c.ours(ctx, as, report)
}

// ours refuses another account than the book's. Where ids do not tell, an
// object does that the book knows: another account does not see it.
func (c *Connection) ours(ctx context.Context, as *stripeapi.Client, report *Report) error {
	book, _, ok, err := c.opt.Book.Account()
	if err != nil {
		return err
	}
	if ok && book.ID != "" && report.Account.ID != "" {
		if book.ID != report.Account.ID {
			return otherAccount()
		}
		return nil
	}
	object, known, err := c.opt.Book.KnownObject()
	if err != nil {
		return err
	}
	if known {
		switch err := as.Owns(ctx, object); {
		case is(err, stripeapi.Missing):
			return otherAccount()
		case err != nil:
			return unanswered(err)
		}
	}
	if report.Account.ID == "" {
		if !known { // so there is nothing yet that could be mixed up
			report.warn(WarnUnchecked, "This key may not say whose it is, so it could not be held against the book's account. From the first sale on, another account's key will be told by what was sold.")
		}
		report.Account.ID, report.Account.Name = book.ID, book.Name
		report.Account.Country, report.Account.Currency = book.Country, book.Currency
	}
	return nil
}

func (r *Report) warn(code WarningCode, message string) {
	r.Warnings = append(r.Warnings, Warning{code, message})
}

// is reports whether Stripe's failure is of the sort.
func is(err error, want stripeapi.Failure) bool {
	failure, ok := errors.AsType[*stripeapi.Error](err)
	return ok && failure.Failure == want
}

// publishable is a kind of key that no book is connected by.
const publishable KeyKind = "publishable"

// readKey tells a key's kind and mode by its form; "" is no key of Stripe's
// (docs.stripe.com/keys).
func readKey(key string) (kind KeyKind, live bool) {
	for prefix, kind := range map[string]KeyKind{"rk_": RestrictedKey, "sk_": SecretKey, "pk_": publishable} {
		for _, mode := range []string{"test_", "live_"} {
			if rest, ok := strings.CutPrefix(key, prefix+mode); ok && len(rest) >= 8 && plain(rest) {
				return kind, mode == "live_"
			}
		}
	}
	return "", false
}

// plain reports whether a text is of letters, digits and _ alone.
func plain(text string) bool {
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// badKey says what was entered in place of a key, without repeating it.
func badKey(text string) *boxoffice.Error {
	e := failed(boxoffice.CodeBadKey, "This is no key of Stripe's. Nothing was sent.",
		"Copy the restricted key from Stripe's Dashboard, under Developers, API keys. It begins with rk_.")
	switch {
	case text == "":
		e.Message = "The key is empty. Nothing was sent."
	case strings.HasPrefix(text, "pk_"):
		e.Message = "This is a publishable key, which is for web pages and cannot make a code. Nothing was sent."
	case strings.HasPrefix(text, "whsec_"):
		e.Message = "This is a webhook's signing secret, and no key. Nothing was sent."
	case strings.HasPrefix(text, "ca_"):
		e.Message = "This is a platform's client id, and no key. Nothing was sent."
	case strings.HasPrefix(text, "acct_"):
		e.Message = "This is the id of an account, and no key. Nothing was sent."
	case strings.HasPrefix(text, "sk_"), strings.HasPrefix(text, "rk_"):
		e.Message = "This is only a part of a key: Stripe shows keys shortened. Nothing was sent."
		e.Next = "Reveal the key in Stripe's Dashboard and copy the whole of it. A key that Stripe does not show any more has to be made anew."
	}
	return e
}
