package stripesim

import (
	"cmp"
	"net/http"
	"net/url"
)

// deauthorizeByPlatform is POST /oauth/deauthorize: the platform lets an
// account go. Wordings: stripe-ruby's tests of its OAuth. The caller holds mu.
func (s *Sim) deauthorizeByPlatform(form url.Values, key *apiKey) (any, error) {
	client, account := form.Get("client_id"), form.Get("stripe_user_id")
	for _, name := range []string{"client_id", "stripe_user_id"} {
		if form.Get(name) == "" {
			return nil, oauthRefusal(http.StatusBadRequest, "invalid_request", "No %s was provided.", name)
		}
	}
	p, ok := s.access.platforms.byID[client]
	if !ok || p.Account != key.Account || p.Live != key.Live {
		return nil, oauthRefusal(http.StatusUnauthorized, "invalid_client", "No such application: '%s'", client)
	}
	if !s.connectedTo(key.Account, account).serves(key.Live) {
		return nil, oauthRefusal(http.StatusUnauthorized, "invalid_client", "This application is not connected to stripe account %s, or that account does not exist.", account)
	}
	return map[string]string{"stripe_user_id": account}, s.disconnect(key.Account, account)
}

// Deauthorize is the organizer's own doing, in the Dashboard: the platform
// ("" for the first account) loses its access to the account at once.
func (s *Sim) Deauthorize(platform, account string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	platform = cmp.Or(platform, s.main)
	if !s.connectedTo(platform, account).serves(false) {
		return newError(http.StatusNotFound, invalidRequest, "resource_missing", "account", "The account "+account+" is not connected to "+platform+".")
	}
	return s.disconnect(platform, account)
}

// disconnect ends a connection with all its tokens. The event goes to the
// platform, which can no longer ask for it. The caller holds mu.
func (s *Sim) disconnect(platform, account string) error {
	was := *s.connectedTo(platform, account)
	link := was
	link.Revoked = true
	c := s.tokensOf(func(_, p, a string) bool { return p == platform && a == account })
	c.Connections = []*connection{&link}
	for _, live := range []bool{false, true} {
		if !was.serves(live) {
			continue
		}
		t := s.begin(s.accounts[bookName(account, live)])
		t.wrote.Access, t.wrote.Only = &c, platform
		if err := t.emit("account.application.deauthorized", s.application(platform, live)); err != nil {
			return err
		}
		if err := t.commit(); err != nil {
			return err
		}
	}
	return nil
}

// application has the shape of Stripe's application: a platform, as those see
// it whom it is connected to.
func (s *Sim) application(account string, live bool) map[string]any {
	id := "ca_" + account[len("acct_"):] // connected without OAuth
	for _, p := range s.access.platforms.byID {
		if p.Account == account && p.Live == live {
			id = p.ClientID
		}
	}
	return map[string]any{"id": id, "object": "application", "name": s.accounts[account].profile.Name}
}
