package stripeapi

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"github.com/stripe/stripe-go/v76"
)

// Account is a Stripe account as far as a book needs it.
type Account struct {
	ID             string // acct_…
	Name           string // as its owner calls it; "" if they do not
	Country        string // ISO 3166, two letters
	Currency       string // its default, in lower case
	Website        string // its owner's, as Stripe knows it; "" for none
	ChargesEnabled bool   // it can take money; in test mode every account can
}

// Account asks whose the key is, or who the identity's account is. Most
// restricted keys may not ask: then it is Forbidden
// (docs.stripe.com/api/accounts/retrieve).
func (c *Client) Account(ctx context.Context) (Account, error) {
	t := newTrip(ctx)
	params := &stripe.AccountParams{Params: stripe.Params{Context: t.ctx}}
	answer := &stripe.Account{}
	err := c.send(t, http.MethodGet, "/v1/account", params, answer, func() bool {
		return answer.Object == "account" && answer.ID != ""
	})
	if err != nil {
		return Account{}, err
	}
	a := Account{ID: answer.ID, Country: answer.Country, Currency: string(answer.DefaultCurrency), ChargesEnabled: answer.ChargesEnabled}
	if s := answer.Settings; s != nil && s.Dashboard != nil {
		a.Name = s.Dashboard.DisplayName
	}
	if p := answer.BusinessProfile; p != nil {
		a.Name, a.Website = cmp.Or(a.Name, p.Name), p.URL
	}
	return a, nil
}

// Owns asks for an object by its id. It is nil if the account has it: objects
// of other accounts, and of its other mode, are Missing. An id of a kind that
// is not known here is Missing without a request.
func (c *Client) Owns(ctx context.Context, id string) error {
	path := ""
	for prefix, resource := range map[string]string{
		"cs_": "checkout/sessions", "prod_": "products", "price_": "prices", "plink_": "payment_links", "pi_": "payment_intents", "txr_": "tax_rates",
	} {
		if strings.HasPrefix(id, prefix) {
			path = "/v1/" + resource
		}
	}
	if path == "" {
		return &Error{Failure: Missing, Message: "the id is of no kind that can be asked for"}
	}
	t := newTrip(ctx)
	answer := &named{}
	return c.send(t, http.MethodGet, stripe.FormatURLPath(path+"/%s", id), &stripe.Params{Context: t.ctx}, answer,
		func() bool { return answer.ID == id })
}

// named is any object of Stripe's.
type named struct {
	stripe.APIResource
	ID     string `json:"id"`
	Object string `json:"object"`
}
