package stripeapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/stripe/stripe-go/v76"
)

// Platform is who asks an organizer for access to their account
// (docs.stripe.com/connect/oauth-standard-accounts).
type Platform struct {
	SecretKey string // sk_…; never logged
	ClientID  string // ca_…
}

// Grant is what an organizer's consent gives.
type Grant struct {
	AccountID      string // acct_…: whose it is
	PublishableKey string // for the Payment Element, on that account
	AccessToken    string // a secret key of that account, for us
	RefreshToken   string
	Livemode       bool
	Scope          string // "read_write"
}

// OAuth is the line to Stripe's consent pages. Its calls do not change the
// Usage of the client that it was made from.
//
// stripe-go's own is not used: it knows only one address, falls back to a key
// for the whole process, and cannot read a refusal of the key.
type OAuth struct {
	client   *Client
	base     string
	platform Platform
}

// OAuth returns the line to a Stripe whose consent pages are at the base, such
// as "https://connect.stripe.com".
func (c *Client) OAuth(base string, p Platform) *OAuth {
	return &OAuth{client: c.As(Identity{Key: p.SecretKey}), base: strings.TrimSuffix(base, "/"), platform: p}
}

// AuthorizeURL is the page on which an organizer gives consent. Stripe sends
// the browser back to the redirect, which must be registered with the platform
// to the letter, with the state as it is
// (docs.stripe.com/connect/oauth-reference#get-authorize).
func (o *OAuth) AuthorizeURL(redirect, state string) string {
	return o.base + "/oauth/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {o.platform.ClientID}, "scope": {"read_write"},
		"redirect_uri": {redirect}, "state": {state},
	}.Encode()
}

// Exchange turns a code into a grant. A code works once, for five minutes; a
// second try revokes what the first one gave
// (docs.stripe.com/connect/oauth-reference#post-token). The *Error of a refusal
// has OAuth's error as its Code, and Stripe's error_description as its Message.
func (o *OAuth) Exchange(ctx context.Context, code string) (Grant, error) {
	var answer struct {
		AccountID      string `json:"stripe_user_id"`
		PublishableKey string `json:"stripe_publishable_key"`
		AccessToken    string `json:"access_token"`
		RefreshToken   string `json:"refresh_token"`
		Livemode       bool   `json:"livemode"`
		Scope          string `json:"scope"`
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "client_secret": {o.platform.SecretKey}}
	err := o.post(ctx, "/oauth/token", form, &answer, func() bool {
		return strings.HasPrefix(answer.AccountID, "acct_") && answer.AccessToken != ""
	}, code)
	if err != nil {
		return Grant{}, err
	}
	return Grant(answer), nil
}

// Deauthorize gives up the access to an account
// (docs.stripe.com/connect/oauth-reference#post-deauthorize).
func (o *OAuth) Deauthorize(ctx context.Context, account string) error {
	var answer struct {
		AccountID string `json:"stripe_user_id"`
	}
	form := url.Values{"client_id": {o.platform.ClientID}, "stripe_user_id": {account}}
	return o.post(ctx, "/oauth/deauthorize", form, &answer, func() bool { return answer.AccountID == account })
}

// post makes one request. Nothing of an answer is repeated in an error but
// what Stripe says in words.
func (o *OAuth) post(ctx context.Context, path string, form url.Values, answer any, expected func() bool, secrets ...string) error {
	if o.platform.SecretKey == "" {
		return notConnected()
	}
	t := newTrip(ctx)
	return o.client.judged(t, o.ask(t, path, form, answer), expected, append(secrets, o.platform.SecretKey)...)
}

func (o *OAuth) ask(t *trip, path string, form url.Values, answer any) error {
	r, err := http.NewRequestWithContext(t.ctx, http.MethodPost, o.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return errors.New("the address of Stripe's consent pages is none")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+o.platform.SecretKey)
	r.Header.Set("Stripe-Version", stripe.APIVersion)
	res, err := o.client.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return oauthError(body)
	}
	if json.Unmarshal(body, answer) != nil {
		return errNotStripe
	}
	return nil
}

// oauthError reads a refusal: OAuth's two texts, or, where the key itself is
// refused, an error as the rest of the API describes it.
func oauthError(body []byte) error {
	var said struct {
		Error       json.RawMessage `json:"error"`
		Description string          `json:"error_description"`
	}
	var code string
	var described stripe.Error
	switch {
	case json.Unmarshal(body, &said) != nil || len(said.Error) == 0:
		return errNotStripe
	case json.Unmarshal(said.Error, &code) == nil && code != "" && said.Description != "":
		return &stripe.Error{Type: stripe.ErrorTypeInvalidRequest, Code: stripe.ErrorCode(code), Msg: said.Description}
	case json.Unmarshal(said.Error, &described) == nil && described.Type != "":
		return &described
	}
	return errNotStripe
}
