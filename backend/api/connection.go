package api

import (
	"context"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// Connection says on which Stripe account the book sells, and how.
type Connection struct {
	State       ConnectionState `json:"state" enum:"none,connected,locked,revoked"`
	Via         boxoffice.Via   `json:"via,omitempty" enum:"simulator,key,oauth"`
	Livemode    bool            `json:"livemode" doc:"What kind of key this book takes: for real money, or for Stripe's test mode."`
	AccountID   string          `json:"accountId,omitempty"`
	AccountName string          `json:"accountName,omitempty"`
	KeyKind     string          `json:"keyKind,omitempty" enum:"restricted,secret" doc:"Of a key of the account's own."`
	Publishable bool            `json:"publishable" doc:"A publishable key is there, so that cards can be typed at the till."`
	Warnings    []Trouble       `json:"warnings" doc:"What works, and could be better."`
	Problem     *Trouble        `json:"problem,omitempty" doc:"Why it is not connected any more."`
	Methods     []string        `json:"methods" doc:"Ways to pay that buyers are offered, by Stripe's names."`
	Delayed     bool            `json:"delayed" doc:"Buyers may also pay in ways that are decided days later."`
	CanOAuth    bool            `json:"canOAuth" doc:"A platform is registered, so Connect can be pressed."`
	Webhook     Webhook         `json:"webhook"`
}

// ConnectionState is whether the book can sell by Stripe.
type ConnectionState string

// The states of a connection.
const (
	ConnectionNone    ConnectionState = "none"
	ConnectionReady   ConnectionState = "connected"
	ConnectionLocked  ConnectionState = "locked"  // the keys cannot be read until the vault is open
	ConnectionRevoked ConnectionState = "revoked" // Stripe does not take the key any more
)

// Webhook is the way for Stripe to wake the till, for those who have a tunnel.
type Webhook struct {
	Set      bool       `json:"set" doc:"A signing secret is there; without it the address is closed."`
	Received int        `json:"received" doc:"Since the start, and good."`
	LastAt   *time.Time `json:"lastAt,omitempty"`
}

// Permission is one thing that a restricted key must be allowed.
type Permission struct {
	Name   string `json:"name" doc:"As Stripe's dashboard names it." example:"Checkout Sessions"`
	Access string `json:"access" enum:"read,write"`
	Needed bool   `json:"needed" doc:"Without it the key is refused; else something is lost."`
	For    string `json:"for" doc:"What it is for."`
}

// Platform says what of the platform's is set. Nothing of it can be read.
type Platform struct {
	SecretKey      bool   `json:"secretKey"`
	PublishableKey bool   `json:"publishableKey"`
	ClientID       bool   `json:"clientId"`
	Redirect       string `json:"redirect" doc:"To be registered at Stripe as it stands."`
	Fee            *Fee   `json:"fee,omitempty"`
}

// PlatformKeys are the platform's; what is absent stays as it is.
type PlatformKeys struct {
	SecretKey      string `json:"secretKey,omitempty"`
	PublishableKey string `json:"publishableKey,omitempty"`
	ClientID       string `json:"clientId,omitempty"`
	Fee            *Fee   `json:"fee,omitempty"`
}

// Fee is what the platform keeps of each sale.
type Fee struct {
	Percent int64         `json:"percent" doc:"In hundredths of a percent: 150 is 1.5 %." minimum:"0" maximum:"9999"`
	Fixed   *money.Amount `json:"fixed,omitempty" doc:"On top; only for sales in its currency."`
}

// Consent is where the organizer allows the platform to sell.
type Consent struct {
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expiresAt"`
	Opened    bool      `json:"opened" doc:"The system's browser shows it already."`
	Paste     bool      `json:"paste" doc:"The browser will end on an address that is to be pasted here."`
}

// Connector connects the book to its account. Its errors are *boxoffice.Error.
type Connector interface {
	Connection() (Connection, error)
	Permissions() (list []Permission, form string)
	UseKey(ctx context.Context, key, publishable string) error
	BeginOAuth(ctx context.Context) (Consent, error)
	FinishOAuth(ctx context.Context, query url.Values) error
	PasteOAuth(ctx context.Context, address string) error
	Disconnect(ctx context.Context, force bool) error
	Platform() (Platform, error)
	SetPlatform(ctx context.Context, keys PlatformKeys) error
	SetWebhook(secret string) error // "" closes it
	// Hint takes what was posted to the webhook's address.
	Hint(payload []byte, signature string) error
}

type connectionBody struct {
	Body Connection
}

type permissionsBody struct {
	Body struct {
		Permissions []Permission `json:"permissions"`
		Form        string       `json:"form,omitempty" doc:"Stripe's page on which a key with just these is made."`
	}
}

type keyInput struct {
	WithAdmin
	Body struct {
		Key            string `json:"key" doc:"A restricted key; a secret key is taken with a warning."`
		PublishableKey string `json:"publishableKey,omitempty" doc:"For cards that are typed at the till."`
	}
}

type consentBody struct {
	Body Consent
}

type pasteInput struct {
	WithAdmin
	Body struct {
		Address string `json:"address" doc:"That the browser ended on."`
	}
}

type disconnectInput struct {
	WithAdmin
	Force bool `query:"force" doc:"Forget the keys even if Stripe cannot be told."`
}

type platformBody struct {
	Body Platform
}

type platformInput struct {
	WithAdmin
	Body PlatformKeys
}

type webhookInput struct {
	WithAdmin
	Body struct {
		Secret string `json:"secret" doc:"whsec_…; empty closes the address."`
	}
}

func (s *server) connectionRoutes(api huma.API) {
	huma.Get(api, "/api/connection", s.connection, named("connection", "On which Stripe account the book sells"))
	huma.Delete(api, "/api/connection", s.disconnect, named("disconnect", "Sell on the Stripe account no longer"))
	huma.Get(api, "/api/connection/permissions", s.permissions, named("permissions", "What a restricted key must be allowed"))
	huma.Put(api, "/api/connection/key", s.useKey, named("useKey", "Connect by a restricted key"))
	huma.Post(api, "/api/connection/oauth", s.beginOAuth, named("beginOAuth", "Ask the organizer's consent at Stripe"))
	huma.Post(api, "/api/connection/oauth/paste", s.pasteOAuth, named("pasteOAuth", "Connect by the address that the browser ended on"))
	huma.Put(api, "/api/connection/webhook", s.setWebhook, named("setWebhook", "Open or close the webhook's address"))
	huma.Put(api, "/api/connection/methods", s.setMethods, named("setMethods", "Say whether buyers may pay in ways that are decided days later"))
	huma.Get(api, "/api/platform", s.platform, named("platform", "What of the platform's is set"))
	huma.Put(api, "/api/platform", s.setPlatform, named("setPlatform", "Register the platform"))
}

func (s *server) connection(ctx context.Context, _ *struct{}) (*connectionBody, error) {
	c, err := s.Connector.Connection()
	return &connectionBody{c}, s.problem(ctx, err)
}

func (s *server) permissions(_ context.Context, _ *struct{}) (*permissionsBody, error) {
	out := &permissionsBody{}
	out.Body.Permissions, out.Body.Form = s.Connector.Permissions()
	return out, nil
}

// connected does what only the administrator may, and shows what came of it.
func (s *server) connected(ctx context.Context, token string, do func() error) (*connectionBody, error) {
	err := s.Access.Admin(token, false)
	if err == nil {
		err = do()
	}
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.connection(ctx, nil)
}

func (s *server) useKey(ctx context.Context, in *keyInput) (*connectionBody, error) {
	return s.connected(ctx, in.Token, func() error { return s.Connector.UseKey(ctx, in.Body.Key, in.Body.PublishableKey) })
}

func (s *server) pasteOAuth(ctx context.Context, in *pasteInput) (*connectionBody, error) {
	return s.connected(ctx, in.Token, func() error { return s.Connector.PasteOAuth(ctx, in.Body.Address) })
}

func (s *server) disconnect(ctx context.Context, in *disconnectInput) (*connectionBody, error) {
	return s.connected(ctx, in.Token, func() error { return s.Connector.Disconnect(ctx, in.Force) })
}

func (s *server) setWebhook(ctx context.Context, in *webhookInput) (*connectionBody, error) {
	return s.connected(ctx, in.Token, func() error { return s.Connector.SetWebhook(in.Body.Secret) })
}

type methodsInput struct {
	WithAdmin
	Body struct {
		Delayed bool `json:"delayed" doc:"Seats of such sales are held until the bank has decided."`
	}
}

func (s *server) setMethods(ctx context.Context, in *methodsInput) (*connectionBody, error) {
	return s.connected(ctx, in.Token, func() error { return s.Desk.AllowDelayed(in.Body.Delayed) })
}

func (s *server) beginOAuth(ctx context.Context, in *WithAdmin) (*consentBody, error) {
	if err := s.Access.Admin(in.Token, false); err != nil {
		return nil, s.problem(ctx, err)
	}
	c, err := s.Connector.BeginOAuth(ctx)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	if s.OpenBrowser != nil {
		c.Opened = s.OpenBrowser(c.URL)
	}
	return &consentBody{c}, nil
}

func (s *server) platform(ctx context.Context, in *WithAdmin) (*platformBody, error) {
	if err := s.Access.Admin(in.Token, true); err != nil {
		return nil, s.problem(ctx, err)
	}
	p, err := s.Connector.Platform()
	return &platformBody{p}, s.problem(ctx, err)
}

func (s *server) setPlatform(ctx context.Context, in *platformInput) (*platformBody, error) {
	if err := s.Access.Admin(in.Token, true); err != nil {
		return nil, s.problem(ctx, err)
	}
	if err := s.Connector.SetPlatform(ctx, in.Body); err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.platform(ctx, &in.WithAdmin)
}
