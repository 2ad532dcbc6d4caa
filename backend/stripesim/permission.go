package stripesim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Levels of a restricted key's permission; write includes read.
const (
	mayRead  = "read"
	mayWrite = "write"
)

// permitted names in a permission what stands under an address, and what
// Stripe calls its permission in an error ("rak_<rak>_read").
type permitted struct {
	path string // under /v1/, to the end or to a slash
	name string // in Key.Permissions
	rak  string
}

// permittedResources are all resources that a restricted key can be permitted.
// Sources of the names: Stripe's own error messages, as quoted at
// github.com/tylerjrichards/st-paywall/issues/36 and the like, and links to
// dashboard.stripe.com/apikeys/create. Prices are "plan" to this day. Not
// verified: payment_link, payment_method_configuration.
func permittedResources() []permitted {
	return []permitted{
		{"account", "accounts", "accounts_kyc_basic"},
		{"accounts", "accounts", "accounts_kyc_basic"},
		{"balance", "balance", "balance"},
		{"balance_transactions", "balance_transactions", "balance_transaction_source"},
		{"charges", "charges", "charge"},
		{"checkout/sessions", "checkout_sessions", "checkout_session"},
		{"disputes", "disputes", "dispute"},
		{"events", "events", "event"},
		{"payment_intents", "payment_intents", "payment_intent"},
		{"payment_links", "payment_links", "payment_link"},
		{"payment_method_configurations", "payment_method_configurations", "payment_method_configuration"},
		{"payouts", "payouts", "payout"},
		{"prices", "prices", "plan"},
		{"products", "products", "product"},
		{"refunds", "refunds", "refund"},
		{"tax_rates", "tax_rates", "tax_rate"},
	}
}

// needed is the permission for an endpoint's pattern.
func needed(pattern string) (resource permitted, level string) {
	method, path, _ := strings.Cut(pattern, " ")
	level = mayWrite
	if method == http.MethodGet {
		level = mayRead
	}
	for _, r := range permittedResources() {
		if under, ok := strings.CutPrefix(path, "/v1/"+r.path); ok && (under == "" || under[0] == '/') {
			return r, level
		}
	}
	return permitted{}, level
}

func checkPermissions(kind string, permissions map[string]string) error {
	if kind != KeyRestricted && len(permissions) > 0 {
		return fmt.Errorf("stripesim: only a restricted key has permissions, not a %s one", kind)
	}
	for name, level := range permissions {
		if !slices.ContainsFunc(permittedResources(), func(r permitted) bool { return r.name == name }) {
			return fmt.Errorf("stripesim: there is no permission for %q", name)
		}
		if level != mayRead && level != mayWrite && level != "none" {
			return fmt.Errorf("stripesim: a permission is none, read or write, not %q", level)
		}
	}
	return nil
}

// permit refuses what the key may not do on the account id. Wording:
// github.com/tylerjrichards/st-paywall/issues/36; the code is that of later
// versions, which clients read. Not verified: whether expanding an object
// takes its permission too; here it does not.
func (k *apiKey) permit(pattern, id string) error {
	switch k.Kind {
	case KeyPublishable:
		if !forPages(pattern) {
			return newError(http.StatusForbidden, invalidRequest, "secret_key_required", "",
				"This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.")
		}
	case KeyRestricted:
		r, level := needed(pattern)
		if have := k.Permissions[r.name]; have != mayWrite && have != level {
			return newError(http.StatusForbidden, invalidRequest, "more_permissions_required", "",
				"The provided key '"+masked(k.Value)+"' does not have the required permissions for this endpoint on account '"+id+"'. Having the 'rak_"+r.rak+"_"+level+"' permission would allow this request to continue.")
		}
	}
	return nil
}

// forPages tells whether Stripe.js calls the endpoint from a buyer's page.
// Each such call proves itself by the object's client_secret.
func forPages(pattern string) bool {
	return pattern == "GET /v1/payment_intents/{intent}" || pattern == "POST /v1/payment_intents/{intent}/confirm"
}

// provePage insists on the client_secret where the key is publishable.
func (t *tx) provePage(c *call) error {
	if c.caller.Kind != KeyPublishable {
		return nil
	}
	id := c.http.PathValue("intent")
	if !t.args.has("client_secret") {
		return badRequest("parameter_missing", "client_secret", "Missing required param: client_secret.")
	}
	if i, ok := t.intent(id); !ok || i.ClientSecret != t.args.text("client_secret") {
		return notFound("payment_intent", id, "intent")
	}
	return nil
}
