package backend

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/config"
	"willcall/backend/connect"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// connector is the book's connection, for the screens. In training there is
// nothing to connect: the simulator is there.
type connector struct {
	*book
	redirect func() string

	mu       sync.Mutex
	warnings []api.Trouble // of the newest connecting
	hints    int
	hintAt   time.Time
}

func (k *book) connector(b *Backend) *connector {
	return &connector{book: k, redirect: func() string { return b.redirect(k.name) }}
}

// redirect is where Stripe sends the organizer's browser after consent. In live
// mode it must be https (docs.stripe.com/connect/oauth-reference), which the
// page for cards is served over.
func (b *Backend) redirect(name config.Book) string {
	if name == config.Live {
		return "https://" + b.secure.Addr().String() + api.CallbackPath
	}
	return "http://" + b.Addr() + api.CallbackPath
}

// Connection implements api.Connector.
func (c *connector) Connection() (api.Connection, error) {
	out := api.Connection{Livemode: modeOf(c.name) == boxoffice.Live, Warnings: []api.Trouble{}, Methods: []string{}}
	err := c.ledger.View(func(tx *ledger.Tx) error {
		methods, err := tx.Methods()
		if err != nil {
			return err
		}
		out.Delayed, err = tx.Delayed()
		for _, m := range methods {
			if out.Delayed || boxoffice.IsImmediate(m) {
				out.Methods = append(out.Methods, m)
			}
		}
		return err
	})
	if err != nil {
		return out, err
	}
	if c.connection == nil {
		out.State, out.Via, out.Publishable = api.ConnectionReady, boxoffice.ViaSimulator, true
		return out, nil
	}
	s, err := c.connection.State()
	if err != nil {
		return out, err
	}
	out.State = map[connect.Status]api.ConnectionState{
		connect.None: api.ConnectionNone, connect.Connected: api.ConnectionReady, connect.Locked: api.ConnectionLocked,
		connect.Unusable: api.ConnectionLocked, connect.Revoked: api.ConnectionRevoked,
	}[s.Status]
	out.AccountID, out.AccountName, out.Publishable = s.Account.ID, s.Account.Name, s.Page
	if s.Status == connect.Connected || s.Status == connect.Revoked {
		out.Via = s.Account.Via
	}
	if s.Key == connect.RestrictedKey || s.Key == connect.SecretKey {
		out.KeyKind = string(s.Key)
	}
	if s.Problem != "" {
		out.Problem = trouble(s.Problem)
	}
	secret, _, clientID := c.connection.PlatformSet()
	out.CanOAuth = secret && clientID
	c.mu.Lock()
	defer c.mu.Unlock()
	out.Warnings = append(out.Warnings, c.warnings...)
	out.Webhook = api.Webhook{Set: s.Webhook, Received: c.hints}
	if !c.hintAt.IsZero() {
		out.Webhook.LastAt = new(c.hintAt)
	}
	return out, nil
}

// trouble says why a connection is not what it was.
func trouble(code boxoffice.Code) *api.Trouble {
	t := &api.Trouble{Code: api.Code(code), Detail: "Stripe does not accept this book's key any more. Nothing can be sold by Stripe; what is in the book is safe.", Next: "Connect again, to the same account."}
	if code == boxoffice.CodeOtherAccount {
		t.Detail = "The keys are those of another Stripe account than this book's, so they are not used."
	}
	if code == boxoffice.CodeWrongMode {
		t.Detail = "The keys are not of this book's kind: test mode and real money do not mix. They are not used."
	}
	return t
}

// Permissions implements api.Connector.
func (c *connector) Permissions() (list []api.Permission, form string) {
	list = []api.Permission{}
	for _, p := range stripeapi.Permissions() {
		if at := slices.IndexFunc(list, func(had api.Permission) bool { return had.Name == p.Words }); at >= 0 {
			// One row in the Dashboard: the more that is asked for.
			list[at].Access, list[at].For = strings.ToLower(string(p.Access)), list[at].For+"; with reading alone "+p.For
			continue
		}
		list = append(list, api.Permission{Name: p.Words, Access: strings.ToLower(string(p.Access)), Needed: p.Needed, For: p.For})
	}
	if c.simulator != nil {
		return list, ""
	}
	return list, stripeapi.KeyForm(modeOf(c.name) == boxoffice.Live)
}

// inTraining refuses what only a book at Stripe has.
func (c *connector) inTraining() error {
	if c.connection != nil {
		return nil
	}
	return &boxoffice.Error{
		Code:    boxoffice.CodeWrongMode,
		Message: "Training sells on a simulated Stripe, so there is nothing to connect. Nothing was changed.",
		Next:    "Change to the book for Stripe's test mode, or to the live one, in Settings.",
	}
}

// connected keeps what connecting reported, and has Stripe asked at once.
func (c *connector) connected(report connect.Report, err error) error {
	if err != nil {
		return err
	}
	warnings := []api.Trouble{}
	for _, w := range report.Warnings {
		warnings = append(warnings, api.Trouble{Code: api.Code(boxoffice.CodeKeyPermissions), Detail: w.Message, Next: "It works as it is."})
	}
	c.mu.Lock()
	c.warnings = warnings
	c.mu.Unlock()
	c.reconciler.Wake()
	return nil
}

// UseKey implements api.Connector.
func (c *connector) UseKey(ctx context.Context, key, publishable string) error {
	if err := c.inTraining(); err != nil {
		return err
	}
	if err := c.begun(); err != nil {
		return err
	}
	if err := c.connected(c.connection.UseKey(ctx, key)); err != nil || publishable == "" {
		return err
	}
	return c.connection.SetPublishable(publishable)
}

// begun makes sure that the book has its first entry before its account's.
func (c *connector) begun() error {
	if c.ticket() != nil {
		return nil
	}
	return &boxoffice.Error{
		Code:    boxoffice.CodeVaultLocked,
		Message: "The place where this book's keys are to lie is not open. Nothing was changed.",
		Next:    "Choose a passphrase, or enter it, in Settings; then connect.",
	}
}

// BeginOAuth implements api.Connector.
func (c *connector) BeginOAuth(context.Context) (api.Consent, error) {
	err := errors.Join(c.inTraining())
	if err == nil {
		err = c.begun()
	}
	if err != nil {
		return api.Consent{}, err
	}
	address, expires, err := c.connection.Begin()
	return api.Consent{URL: address, ExpiresAt: expires, Paste: c.name == config.Live}, err
}

// FinishOAuth implements api.Connector.
func (c *connector) FinishOAuth(ctx context.Context, query url.Values) error {
	if err := c.inTraining(); err != nil {
		return err
	}
	return c.connected(c.connection.Finish(ctx, query))
}

// PasteOAuth implements api.Connector.
func (c *connector) PasteOAuth(ctx context.Context, address string) error {
	if err := c.inTraining(); err != nil {
		return err
	}
	return c.connected(c.connection.Paste(ctx, address))
}

// Disconnect implements api.Connector.
func (c *connector) Disconnect(ctx context.Context, force bool) error {
	if err := c.inTraining(); err != nil {
		return err
	}
	return c.connection.Disconnect(ctx, force)
}

// Platform implements api.Connector.
func (c *connector) Platform() (api.Platform, error) {
	if err := c.inTraining(); err != nil {
		return api.Platform{}, err
	}
	out := api.Platform{Redirect: c.redirect()}
	out.SecretKey, out.PublishableKey, out.ClientID = c.connection.PlatformSet()
	if fee := c.connection.ApplicationFee(); fee != (connect.ApplicationFee{}) {
		out.Fee = &api.Fee{Percent: fee.Percent}
		if fee.Currency != "" {
			out.Fee.Fixed = new(money.New(fee.Fixed, fee.Currency))
		}
	}
	return out, nil
}

// SetPlatform implements api.Connector.
func (c *connector) SetPlatform(ctx context.Context, keys api.PlatformKeys) error {
	if err := c.inTraining(); err != nil {
		return err
	}
	if err := c.begun(); err != nil {
		return err
	}
	if keys.SecretKey+keys.PublishableKey+keys.ClientID != "" {
		err := c.connection.SetPlatform(ctx, connect.PlatformKeys{SecretKey: keys.SecretKey, PublishableKey: keys.PublishableKey, ClientID: keys.ClientID})
		if err != nil {
			return err
		}
	}
	if keys.Fee == nil {
		return nil
	}
	fee := connect.ApplicationFee{Percent: keys.Fee.Percent}
	if f := keys.Fee.Fixed; f != nil {
		fee.Fixed, fee.Currency = f.Minor, f.Currency
	}
	return c.connection.SetApplicationFee(fee)
}

// SetWebhook implements api.Connector.
func (c *connector) SetWebhook(secret string) error {
	if err := c.inTraining(); err != nil {
		return err
	}
	return c.connection.SetWebhookSecret(secret)
}

// Hint implements api.Connector.
func (c *connector) Hint(payload []byte, signature string) error {
	refused := &boxoffice.Error{Code: boxoffice.CodeWebhookRefused, Message: "The webhook is not open, or this is not Stripe's. Nothing was changed.", Next: "Check the signing secret in Settings."}
	if c.connection == nil || c.connection.WebhookSecret() == "" {
		refused.Code = boxoffice.CodeNotFound
		return refused
	}
	hint, err := stripeapi.ReadHint(payload, signature, c.connection.WebhookSecret(), c.client.Now())
	if err != nil {
		refused.Cause = err
		return refused
	}
	c.mu.Lock()
	c.hints++
	c.hintAt = c.now().UTC()
	c.mu.Unlock()
	c.reconciler.Wake()
	if hint.Type == "account.application.deauthorized" {
		// Stripe is asked whether it is so, and the answer to the hint waits for nobody.
		go func() {
			ctx, cancel := context.WithTimeout(c.life, time.Minute)
			defer cancel()
			_ = c.connection.Ask(ctx) // what cannot be asked now is noticed by the next poll
		}()
	}
	return nil
}

// polled hears how polls end: a key may have been revoked, or be good again.
func (k *book) polled(err error) {
	k.counts.Polled(err)
	if k.connection == nil {
		return
	}
	ctx, cancel := context.WithTimeout(k.life, time.Minute)
	defer cancel()
	_ = k.connection.Noticed(ctx, err) // where Stripe cannot be asked, the next poll fails too
}

// fee is the platform's share of a payment.
func (k *book) fee(total money.Amount) int64 {
	if k.connection == nil {
		return 0
	}
	return k.connection.Fee(total)
}
