package stripesim

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// way is one payment method that an account can offer.
type way struct {
	name       string
	label      string // on the buyer's page
	currencies string // "" is any
	redirect   bool   // the buyer confirms on the method's own page
	delayed    bool   // the bank decides in days
	standard   bool   // on until it is turned off
}

// ways are the payment methods that exist here, in the order in which a page
// offers them. Sources: docs.stripe.com/payments/payment-methods/payment-method-support
// and, for PayPal's currencies, docs.stripe.com/payments/paypal.
func ways() []way {
	return []way{
		{name: card, label: "Card", standard: true},
		{name: "link", label: "Link", standard: true},
		{name: "paypal", label: "PayPal", redirect: true, currencies: "eur gbp usd chf czk dkk nok pln sek aud cad hkd nzd sgd"},
		{name: "ideal", label: "iDEAL", redirect: true, currencies: "eur"},
		{name: "bancontact", label: "Bancontact", redirect: true, currencies: "eur"},
		{name: "eps", label: "EPS", redirect: true, currencies: "eur"},
		{name: "klarna", label: "Klarna", redirect: true, currencies: "eur gbp usd dkk nok sek chf czk pln aud nzd cad ron"},
		{name: sepaDebit, label: "SEPA bank debit", delayed: true, standard: true, currencies: "eur"},
		{name: usBankAccount, label: "US bank account", delayed: true, standard: true, currencies: "usd"},
		{name: bacsDebit, label: "Bacs bank debit", delayed: true, standard: true, currencies: "gbp"},
	}
}

func wayNames() []string {
	var names []string
	for _, w := range ways() {
		names = append(names, w.name)
	}
	return names
}

func findWay(name string) way {
	for _, w := range ways() {
		if w.name == name {
			return w
		}
	}
	return way{name: name}
}

// takes tells whether the method pays in a currency.
func (w way) takes(currency string) bool {
	return w.currencies == "" || slices.Contains(strings.Fields(w.currencies), currency)
}

// debitOf is the bank debit that a currency has, or "".
func debitOf(currency string) string {
	for _, w := range ways() {
		if w.delayed && w.takes(currency) {
			return w.name
		}
	}
	return ""
}

// offered tells whether the account has the method turned on.
func (a *account) offered(w way) bool {
	if on, set := a.methods[w.name]; set {
		return on
	}
	return w.standard
}

// offers are the methods that the account's settings give a payment in the
// currency.
func (a *account) offers(currency string) []string {
	names := []string{}
	for _, w := range ways() {
		if a.offered(w) && w.takes(currency) {
			names = append(names, w.name)
		}
	}
	return names
}

// methodsAsked checks the methods that a request names itself, and puts them
// in order. The wordings are not verified for Checkout.
func (t *tx) methodsAsked(asked []string, currency string) ([]string, error) {
	for _, name := range asked {
		w := findWay(name)
		if !w.takes(currency) {
			return nil, badRequest("", "payment_method_types", "The payment method `%s` cannot be used with the currency %s.", name, currency)
		}
		if !t.acct.offered(w) {
			return nil, badRequest("", "payment_method_types", "The payment method type provided: %s is invalid. Please ensure the provided type is activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and your account is enabled for any preview features that you are trying to use.", name)
		}
	}
	names := slices.Clone(asked)
	slices.Sort(names)
	return slices.Compact(names), nil
}

// methodSetting has the shape of one method in Stripe's
// payment_method_configuration.
type methodSetting struct {
	Available         bool `json:"available"`
	DisplayPreference struct {
		Overridable none   `json:"overridable"`
		Preference  string `json:"preference"`
		Value       string `json:"value"`
	} `json:"display_preference"`
}

// methodConfiguration is the account's one payment_method_configuration.
func (t *tx) methodConfiguration() map[string]any {
	out := map[string]any{
		"id": t.acct.profile.MethodConfig, "object": "payment_method_configuration", "active": true, "application": nil,
		"is_default": true, "livemode": false, "name": "Default", "parent": nil,
	}
	for _, w := range ways() {
		s := methodSetting{Available: t.acct.offered(w)}
		s.DisplayPreference.Preference, s.DisplayPreference.Value = "none", "off"
		if s.Available {
			s.DisplayPreference.Value = "on"
		}
		if _, set := t.acct.methods[w.name]; set {
			s.DisplayPreference.Preference = s.DisplayPreference.Value
		}
		out[w.name] = s
	}
	return out
}

func (t *tx) getMethodConfiguration() (any, error) {
	if id := t.path("configuration"); id != t.acct.profile.MethodConfig {
		return nil, notFound("payment_method_configuration", id, "configuration")
	}
	return t.methodConfiguration(), nil
}

func methodConfigurationListFields() fields { return fields{"application": text(100).clearable()} }

// listMethodConfigurations is one configuration; none is an application's.
func (t *tx) listMethodConfigurations() (any, error) {
	out := &page{Object: "list", URL: "/v1/payment_method_configurations", Data: []any{}}
	if t.args.text("application") == "" {
		out.Data = append(out.Data, t.methodConfiguration())
	}
	return out, nil
}

// SetMethods turns payment methods of an account on and off, as the organizer
// does in Stripe's Dashboard: {"paypal": true}. An empty id is the training
// account.
func (s *Sim) SetMethods(id string, on map[string]bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" {
		id = s.main
	}
	for name := range on {
		if !slices.Contains(wayNames(), name) {
			return fmt.Errorf("stripesim: there is no payment method %q here; there are %s", name, strings.Join(wayNames(), ", "))
		}
	}
	for _, live := range []bool{false, true} {
		a := s.accounts[bookName(id, live)]
		if a == nil {
			return fmt.Errorf("stripesim: there is no account %q", id)
		}
		merged := map[string]bool{}
		maps.Copy(merged, a.methods)
		maps.Copy(merged, on)
		if err := s.commit(&change{Account: a.book(), Methods: merged}); err != nil {
			return err
		}
	}
	return nil
}

// postMethods is SetMethods: {"paypal": true, "klarna": false}, of the account
// in ?account=, else of the training account.
func (s *Sim) postMethods(r *http.Request) (any, error) {
	on := map[string]bool{}
	if err := readJSON(r, &on); err != nil {
		return nil, err
	}
	return on, s.SetMethods(r.URL.Query().Get("account"), on)
}
