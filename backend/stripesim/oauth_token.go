package stripesim

import (
	"net/http"
	"net/url"
)

// Source of the rules: docs.stripe.com/connect/oauth-reference#post-token.
// Wordings as clients have quoted them; an expired code's is not verified.

// token is the answer to an exchange.
type token struct {
	AccessToken          string `json:"access_token"`
	Livemode             bool   `json:"livemode"`
	RefreshToken         string `json:"refresh_token"`
	Scope                string `json:"scope"`
	StripePublishableKey string `json:"stripe_publishable_key"`
	StripeUserID         string `json:"stripe_user_id"`
	TokenType            string `json:"token_type"`
}

// exchange gives tokens for a code, or for a refresh token. The caller holds mu.
func (s *Sim) exchange(form url.Values, key *apiKey) (any, error) {
	switch kind := form.Get("grant_type"); kind {
	case "authorization_code":
		return s.redeem(form, key)
	case "refresh_token":
		return s.refresh(form, key)
	case "":
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_request", "No grant_type was provided. Use authorization_code or refresh_token.")
	default:
		return nil, oauthRefusal(http.StatusBadRequest, "unsupported_grant_type", "The grant_type '%s' is not supported. Use authorization_code or refresh_token.", kind)
	}
}

// redeem connects the account that the code is for. A code works once: the
// second time it ends what the first time gave, for one of the two is a thief.
func (s *Sim) redeem(form url.Values, key *apiKey) (any, error) {
	value := form.Get("code")
	if value == "" {
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_request", "No code was provided.")
	}
	was, ok := s.access.codes.byID[value]
	if !ok {
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_grant", "Authorization code does not exist: %s", value)
	}
	if p := s.access.platforms.byID[was.ClientID]; p.Account != key.Account || p.Live != key.Live {
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_grant", "Authorization code provided does not belong to you")
	}
	if was.Used {
		ended := s.tokensOf(func(code, _, _ string) bool { return code == value })
		if err := s.grantAccess(key.Account, ended); err != nil {
			return nil, err
		}
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_grant", "This authorization code has already been used. All tokens issued with this code have been revoked.")
	}
	if s.now()-was.Created >= codeKept {
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_grant", "Authorization code expired: %s", value)
	}
	code := *was
	code.Used = true
	link := &connection{Platform: key.Account, Account: code.Account, Live: code.Live, Scope: code.Scope, Created: s.now()}
	if old := s.connectedTo(link.Platform, link.Account); old != nil {
		link.Created, link.Live = old.Created, link.Live || old.serves(true)
	}
	fresh := &grant{
		Token: newID("rt_", 48), Platform: key.Account, Account: code.Account, Live: code.Live, Scope: code.Scope, Code: value, Created: s.now(),
	}
	return s.issue(fresh, fresh.Scope, accessChange{Codes: []*authCode{&code}, Connections: []*connection{link}, Grants: []*grant{fresh}})
}

// refresh gives a new access token. It can have less scope, never more.
func (s *Sim) refresh(form url.Values, key *apiKey) (any, error) {
	value := form.Get("refresh_token")
	if value == "" {
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_request", "No refresh_token was provided.")
	}
	g, ok := s.access.grants.byID[value]
	switch {
	case !ok:
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_grant", "Refresh token does not exist: %s", value)
	case g.Platform != key.Account || g.Live != key.Live:
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_grant", "Refresh token provided does not belong to you")
	case g.Revoked:
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_grant", "This refresh token has been revoked.")
	}
	scope := g.Scope
	switch wanted := form.Get("scope"); wanted {
	case "", g.Scope:
	case readOnly:
		scope = readOnly
	default:
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_scope", "The scope '%s' is more than the refresh token has.", wanted)
	}
	return s.issue(g, scope, accessChange{})
}

// issue makes the access token of a grant, and the account's publishable key
// for the platform if there is none yet, and commits them with what else
// changes.
func (s *Sim) issue(g *grant, scope string, c accessChange) (any, error) {
	access := &apiKey{
		Value: newKey(KeySecret, g.Live), Kind: KeySecret, Account: g.Account, Live: g.Live,
		Platform: g.Platform, Scope: scope, Code: g.Code, Created: s.now(),
	}
	c.Keys = append(c.Keys, access)
	page := s.publishableFor(g)
	if page == nil {
		page = &apiKey{
			Value: newKey(KeyPublishable, g.Live), Kind: KeyPublishable, Account: g.Account, Live: g.Live,
			Platform: g.Platform, Created: s.now(),
		}
		c.Keys = append(c.Keys, page)
	}
	if err := s.grantAccess(g.Platform, c); err != nil {
		return nil, err
	}
	return &token{
		AccessToken: access.Value, Livemode: g.Live, RefreshToken: g.Token, Scope: scope,
		StripePublishableKey: page.Value, StripeUserID: g.Account, TokenType: "bearer",
	}, nil
}

func (s *Sim) publishableFor(g *grant) *apiKey {
	for _, k := range s.access.keys.byID {
		if k.Kind == KeyPublishable && k.Platform == g.Platform && k.Account == g.Account && k.Live == g.Live && !k.Revoked {
			return k
		}
	}
	return nil
}

// tokensOf are the tokens that end takes, revoked. It is asked with a token's
// code, platform and account.
func (s *Sim) tokensOf(end func(code, platform, account string) bool) accessChange {
	var c accessChange
	for _, value := range s.access.keys.order {
		if k := *s.access.keys.byID[value]; k.Platform != "" && !k.Revoked && end(k.Code, k.Platform, k.Account) {
			k.Revoked = true
			c.Keys = append(c.Keys, &k)
		}
	}
	for _, value := range s.access.grants.order {
		if g := *s.access.grants.byID[value]; !g.Revoked && end(g.Code, g.Platform, g.Account) {
			g.Revoked = true
			c.Grants = append(c.Grants, &g)
		}
	}
	return c
}
