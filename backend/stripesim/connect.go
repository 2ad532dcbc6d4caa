package stripesim

import (
	"fmt"
	"net/http"
	"strings"
)

// connection is an account's leave to a platform to act for it. One that was
// given in live mode serves both modes, one in test mode only that: Stripe
// says so of its live and development client_ids; not verified.
type connection struct {
	Platform string `json:"platform"` // acct_… of the platform
	Account  string `json:"account"`
	Live     bool   `json:"live"`
	Scope    string `json:"scope"`
	Created  int64  `json:"created"` // seconds
	Revoked  bool   `json:"revoked,omitempty"`
}

func (c *connection) key() string { return c.Platform + " " + c.Account }
func (c *connection) born() int64 { return c.Created }

// serves tells whether the platform may act on that side of the account.
func (c *connection) serves(live bool) bool { return c != nil && !c.Revoked && (c.Live || !live) }

// connectedTo is the connection between two accounts, nil if there never was one.
func (s *Sim) connectedTo(platform, account string) *connection {
	return s.access.connections.byID[(&connection{Platform: platform, Account: account}).key()]
}

// AddAccount makes the account id ("acct_…") known, with books of its own, and
// connects it to the simulator's first account, whose keys can from then on
// name it in Stripe-Account.
func (s *Sim) AddAccount(id, name, country, currency string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &connection{Platform: s.main, Account: id, Live: true, Scope: readWrite, Created: s.now()}
	return s.addAccount(profile{ID: id, Name: name, Country: country, Currency: currency}, c)
}

// AddStranger makes an account known that is connected to nobody: somebody to
// connect by OAuth.
func (s *Sim) AddStranger(id, name, country, currency string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addAccount(profile{ID: id, Name: name, Country: country, Currency: currency}, nil)
}

// AccountID is the id of the simulator's first account, the platform.
func (s *Sim) AccountID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.main
}

// SetChargesEnabled says whether an account can take money, as Stripe decides
// from what the merchant has told of itself.
func (s *Sim) SetChargesEnabled(id string, enabled bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.accounts[id] == nil || strings.HasSuffix(id, liveMark) {
		return unknownAccount(id)
	}
	if s.accounts[id].uncharged == !enabled {
		return nil
	}
	if err := s.grantAccess(id, accessChange{Charges: &enabled}); err != nil {
		return err
	}
	return s.tellBothSides(id, func(t *tx) error { return t.emit("account.updated", t.acct.shape()) })
}

// tellBothSides runs do on the account's test books and on its live ones. The
// caller holds mu.
func (s *Sim) tellBothSides(id string, do func(*tx) error) error {
	for _, live := range []bool{false, true} {
		t := s.begin(s.accounts[bookName(id, live)])
		if err := do(t); err != nil {
			return err
		}
		if err := t.commit(); err != nil {
			return err
		}
	}
	return nil
}

func unknownAccount(id string) error {
	return newError(http.StatusNotFound, invalidRequest, "resource_missing", "account", fmt.Sprintf("No such account: '%s'", id))
}

// booksFor are the books that the key works on, with the account that the
// request names, "" for the key's own. The caller holds mu.
func (s *Sim) booksFor(k *apiKey, named string, writes bool) (*account, error) {
	scope := k.Scope
	if named == "" {
		named = k.Account
	}
	if named != k.Account {
		c := s.connectedTo(k.Account, named)
		if k.Platform != "" || !c.serves(k.Live) {
			return nil, newError(http.StatusForbidden, invalidRequest, "account_invalid", "",
				"The provided key '"+masked(k.Value)+"' does not have access to account '"+named+"' (or that account does not exist). Application access may have been revoked.")
		}
		scope = c.Scope
	}
	if scope == readOnly && writes {
		return nil, newError(http.StatusForbidden, invalidRequest, "", "",
			"This application does not have the required permissions for this endpoint on account '"+named+"'. Having the 'read_write' scope would allow this request to continue.")
	}
	return s.accounts[bookName(named, k.Live)], nil
}

// canCharge refuses to begin a payment for an account that Stripe does not let
// take money. Stripe says it of live charges; here both sides are held to it,
// so that it can be practised.
func (t *tx) canCharge(pattern string) error {
	switch pattern {
	case "POST /v1/checkout/sessions", "POST /v1/payment_intents", "POST /v1/payment_intents/{intent}/confirm", "POST /v1/payment_links":
		if t.acct.uncharged {
			return badRequest("", "", "Your account cannot currently make live charges. If you are a customer trying to make a purchase, please contact the owner of this site. Your transaction has not been processed.")
		}
	}
	return nil
}

// onBehalf tells whether a platform makes the request for a connected account:
// with its own key and Stripe-Account, or with the account's OAuth token.
func (t *tx) onBehalf() bool {
	return t.caller != nil && (t.caller.Platform != "" || t.caller.Account != t.acct.profile.ID)
}

// mayTakeFee refuses the parameter application_fee_amount to whoever is not a
// platform.
func (t *tx) mayTakeFee(param string) error {
	if t.onBehalf() {
		return nil
	}
	return badRequest("", param, "Can only apply an %s when the PaymentIntent is attempting a direct payment (using an OAuth key or Stripe-Account header) or destination payment (using `transfer_data[destination]`).", param)
}
