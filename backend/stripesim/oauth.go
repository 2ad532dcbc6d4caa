package stripesim

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Scopes of a connection.
const (
	readWrite = "read_write"
	readOnly  = "read_only"
)

// platform is an account's registration with Connect, for one mode.
type platform struct {
	ClientID  string   `json:"client_id"` // ca_…
	Account   string   `json:"account"`   // whose platform it is
	Live      bool     `json:"live"`
	Redirects []string `json:"redirects"` // where a browser can be sent back to
	Created   int64    `json:"created"`   // seconds
}

func (p *platform) key() string { return p.ClientID }
func (p *platform) born() int64 { return p.Created }

// authCode is what a browser brings back from the organizer's "Connect".
type authCode struct {
	Value    string `json:"code"` // ac_…
	ClientID string `json:"client_id"`
	Account  string `json:"account"` // that is to be connected
	Live     bool   `json:"live"`
	Scope    string `json:"scope"`
	Created  int64  `json:"created"` // seconds
	Used     bool   `json:"used,omitempty"`
}

func (c *authCode) key() string { return c.Value }
func (c *authCode) born() int64 { return c.Created }

// grant is a refresh token.
type grant struct {
	Token    string `json:"token"`    // rt_…
	Platform string `json:"platform"` // account that holds it
	Account  string `json:"account"`  // that it is for
	Live     bool   `json:"live"`
	Scope    string `json:"scope"`
	Code     string `json:"code"`    // that it was issued for
	Created  int64  `json:"created"` // seconds
	Revoked  bool   `json:"revoked,omitempty"`
}

func (g *grant) key() string { return g.Token }
func (g *grant) born() int64 { return g.Created }

// codeKept is how long a code can be exchanged, in seconds.
// Source: docs.stripe.com/connect/oauth-reference#get-authorize-response.
const codeKept = int64(5 * time.Minute / time.Second)

// oauthError is how Stripe's OAuth refuses: RFC 6749's shape, with
// descriptions that are Stripe's own where they have been seen.
type oauthError struct {
	Status      int    `json:"-"`
	Code        string `json:"error"`
	Description string `json:"error_description"`
	State       string `json:"state,omitempty"`
}

func (e *oauthError) Error() string { return e.Code + ": " + e.Description }

func oauthRefusal(status int, code, format string, args ...any) *oauthError {
	return &oauthError{Status: status, Code: code, Description: fmt.Sprintf(format, args...)}
}

// RegisterPlatform registers an account ("" for the first) with Connect, for
// live mode or for test mode, and returns its client_id. A browser is sent
// back to one of the redirects only, compared letter by letter.
func (s *Sim) RegisterPlatform(account string, live bool, redirects ...string) (clientID string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if account == "" {
		account = s.main
	}
	if s.accounts[account] == nil || strings.HasSuffix(account, liveMark) {
		return "", fmt.Errorf("stripesim: there is no account %q to be a platform", account)
	}
	if len(redirects) == 0 || slices.ContainsFunc(redirects, func(u string) bool { return !webAddress(u) }) {
		return "", fmt.Errorf("stripesim: a platform needs the addresses that a browser can be sent back to")
	}
	p := &platform{ClientID: newID("ca_", 32), Account: account, Live: live, Redirects: redirects, Created: s.now()}
	return p.ClientID, s.grantAccess(account, accessChange{Platforms: []*platform{p}})
}

// oauth are the addresses that Stripe has at connect.stripe.com.
func (s *Sim) oauth(mux *http.ServeMux) {
	s.authorizePages(mux)
	serve := func(pattern string, run func(url.Values, *apiKey) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Request-Id", newID("req_", 14))
			v, err := s.oauthCall(r, run)
			if err != nil {
				s.writeOAuthError(w, err)
				return
			}
			writeJSON(w, http.StatusOK, v)
		})
	}
	serve("POST /oauth/token", s.exchange)
	serve("POST /oauth/deauthorize", s.deauthorizeByPlatform)
}

// oauthCall admits a platform by its secret key, which comes in the header or
// as client_secret, and runs the call under mu.
func (s *Sim) oauthCall(r *http.Request, run func(url.Values, *apiKey) (any, error)) (any, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return nil, oauthRefusal(http.StatusBadRequest, "invalid_request", "The request's body cannot be read.")
	}
	secret := r.PostForm.Get("client_secret")
	if secret == "" {
		secret, _ = bearer(r)
	}
	if secret == "" {
		return nil, oauthRefusal(http.StatusUnauthorized, "invalid_client", "No authentication was provided. Send your secret API key using the Authorization header, or as a client_secret POST parameter.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key, err := s.keyOf(secret)
	if err != nil || key.Kind != KeySecret || key.Platform != "" {
		return nil, oauthRefusal(http.StatusUnauthorized, "invalid_client", "No such API key: %s", masked(secret))
	}
	return run(r.PostForm, key)
}

func (s *Sim) writeOAuthError(w http.ResponseWriter, err error) {
	e, ok := errors.AsType[*oauthError](err)
	if !ok {
		s.log.Error("simulated Stripe's OAuth failed", "error", err)
		e = oauthRefusal(http.StatusInternalServerError, "server_error", "An unknown error occurred. (This is the simulated Stripe.)")
	}
	writeJSON(w, e.Status, e)
}
