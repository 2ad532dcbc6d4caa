package stripesim

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
)

// profile is what an account is born with; it is in the journal.
type profile struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Country      string `json:"country"`
	Currency     string `json:"currency"`
	Created      int64  `json:"created"`
	MethodConfig string `json:"method_config"` // id of its payment method settings
}

// account is one side of a merchant's books: what belongs to it is seen by
// nobody else.
type account struct {
	profile      profile
	live         bool
	uncharged    bool // it cannot take money (charges_enabled: false)
	products     table[*product]
	prices       table[*price]
	taxRates     table[*taxRate]
	links        table[*link]
	sessions     table[*session]
	intents      table[*intent]
	charges      table[*charge]
	refunds      table[*refund]
	transactions table[*balanceTransaction]
	disputes     table[*dispute]
	payouts      table[*payout]
	purse        purse
	events       table[*event]
	late         map[string]int64        // events that lists have late: from which second
	answers      map[string]*firstAnswer // by idempotency key
	open         map[string]int64        // open sessions: when each expires
	methods      map[string]bool         // what the organizer turned on or off; see offer.go
}

// never is a second that no clock reaches.
const never = int64(math.MaxInt64)

func newAccount(p profile, live bool) *account {
	return &account{profile: p, live: live, answers: map[string]*firstAnswer{}, open: map[string]int64{}, late: map[string]int64{}, purse: newPurse()}
}

// addAccount makes an account known, and connected if its connection is
// given. The caller holds mu.
func (s *Sim) addAccount(p profile, c *connection) error {
	if !strings.HasPrefix(p.ID, "acct_") || strings.Contains(p.ID, "/") || s.accounts[p.ID] != nil {
		return fmt.Errorf("stripesim: %q cannot be added: an account's id starts with acct_ and is new", p.ID)
	}
	if err := checkCurrency(p.Currency, "currency"); err != nil {
		return err
	}
	p.Created, p.MethodConfig = s.now(), newID("pmc_1", 23)
	born := &change{Account: p.ID, Profile: &p}
	if c != nil {
		born.Access = &accessChange{Connections: []*connection{c}}
	}
	return s.commit(born)
}

func (a *account) apply(c *change) {
	a.products.putAll(c.Products)
	for _, id := range c.Deleted {
		a.products.remove(id)
	}
	a.prices.putAll(c.Prices)
	a.taxRates.putAll(c.TaxRates)
	a.links.putAll(c.Links)
	a.sessions.putAll(c.Sessions)
	a.intents.putAll(c.Intents)
	a.charges.putAll(c.Charges)
	a.refunds.putAll(c.Refunds)
	a.disputes.putAll(c.Disputes)
	a.purse.apply(c)
	a.transactions.putAll(c.Transactions)
	a.payouts.putAll(c.Payouts)
	a.events.putAll(c.Events)
	maps.Copy(a.late, c.Late)
	for _, s := range c.Sessions {
		delete(a.open, s.ID)
		if s.Status == open {
			a.open[s.ID] = s.ExpiresAt
		}
	}
	if c.Methods != nil {
		a.methods = c.Methods
	}
	if c.Answer != nil {
		a.answers[c.Answer.Key] = c.Answer
	}
}

// nextDue is when the next open session expires, or a payout is due.
func (a *account) nextDue() int64 {
	next := a.purse.next()
	for _, at := range a.open {
		next = min(next, at)
	}
	return next
}

// due are the open sessions whose time has come, the earliest first.
func (a *account) due(now int64) []string {
	var ids []string
	for id, at := range a.open {
		if at <= now {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(i, j string) int { return cmp.Or(cmp.Compare(a.open[i], a.open[j]), strings.Compare(i, j)) })
	return ids
}

// statement is what the buyer's bank shows, in capitals, 22 characters at
// most: the whole of it, or the account's prefix and a suffix.
// Source: docs.stripe.com/get-started/account/statement-descriptors.
func (p profile) statement(whole, suffix *string) string {
	text := p.prefix()
	switch {
	case whole != nil:
		text = *whole
	case suffix != nil:
		text += "* " + *suffix
	}
	return cutAt(strings.ToUpper(text), 22)
}

// prefix is the name, cut between words where it is longer than 10.
func (p profile) prefix() string {
	short := cutAt(p.Name, 10)
	if at := strings.LastIndex(short, " "); at > 0 && short != p.Name {
		return short[:at]
	}
	return short
}

func cutAt(text string, limit int) string {
	runes := []rune(text)
	return strings.TrimSpace(string(runes[:min(len(runes), limit)]))
}

// getAccount shows the account that the request works on.
func (t *tx) getAccount() (any, error) { return t.acct.shape(), nil }

// getAccountByID shows the account itself, or one that is connected to it.
func (t *tx) getAccountByID() (any, error) {
	id := t.path("account")
	if id == t.acct.profile.ID {
		return t.acct.shape(), nil
	}
	if !t.sim.connectedTo(t.acct.profile.ID, id).serves(t.acct.live) {
		return nil, newError(http.StatusForbidden, invalidRequest, "account_invalid", "",
			"The provided key '"+masked(t.caller.Value)+"' does not have access to account '"+id+"' (or that account does not exist). Application access may have been revoked.")
	}
	return t.sim.accounts[bookName(id, t.acct.live)].shape(), nil
}

// shape is the account as Stripe's account.
func (a *account) shape() any {
	p, cardPayments := a.profile, "active"
	if a.uncharged {
		cardPayments = "inactive"
	}
	return map[string]any{
		"id": p.ID, "object": "account", "type": "standard", "country": p.Country, "default_currency": p.Currency, "created": p.Created,
		"business_type": nil, "email": nil, "metadata": map[string]string{},
		"charges_enabled": !a.uncharged, "details_submitted": true, "payouts_enabled": true,
		"capabilities":     map[string]string{"card_payments": cardPayments, "transfers": "active"},
		"controller":       map[string]string{"type": "account"},
		"business_profile": map[string]any{"name": p.Name, "mcc": nil, "product_description": nil, "support_address": nil, "support_email": nil, "support_phone": nil, "support_url": nil, "url": nil},
		"settings": map[string]any{
			"branding":      map[string]any{"icon": nil, "logo": nil, "primary_color": nil, "secondary_color": nil},
			"card_payments": map[string]any{"decline_on": map[string]bool{"avs_failure": false, "cvc_failure": false}, "statement_descriptor_prefix": nil, "statement_descriptor_prefix_kana": nil, "statement_descriptor_prefix_kanji": nil},
			"dashboard":     map[string]any{"display_name": p.Name, "timezone": "Etc/UTC"},
			"payments":      map[string]any{"statement_descriptor": p.statement(nil, nil), "statement_descriptor_kana": nil, "statement_descriptor_kanji": nil},
			"payouts":       map[string]any{"debit_negative_balances": true, "schedule": map[string]any{"delay_days": 2, "interval": "daily"}, "statement_descriptor": nil},
		},
	}
}
