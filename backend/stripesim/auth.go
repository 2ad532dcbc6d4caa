package stripesim

import (
	"net/http"
	"strings"
)

// admit finds out whose books a request works on: by its key, its
// Stripe-Account and its Stripe-Version. The caller holds mu.
func (s *Sim) admit(r *http.Request) (*account, error) {
	key, given := apiKey(r)
	if !given {
		return nil, newError(http.StatusUnauthorized, invalidRequest, "", "",
			"You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.")
	}
	if !validKey(key) {
		return nil, newError(http.StatusUnauthorized, invalidRequest, "", "", "Invalid API Key provided: "+masked(key))
	}
	if v := r.Header.Get("Stripe-Version"); v != "" && v != APIVersion {
		return nil, badRequest("", "", "Invalid Stripe API version: %s. This simulated Stripe speaks %s only.", v, APIVersion)
	}
	id := r.Header.Get("Stripe-Account")
	if id == "" {
		id = s.main
	}
	a, ok := s.accounts[id]
	if !ok {
		return nil, newError(http.StatusForbidden, invalidRequest, "account_invalid", "",
			"The provided key '"+masked(key)+"' does not have access to account '"+id+"' (or that account does not exist). Application access may have been revoked.")
	}
	return a, nil
}

func apiKey(r *http.Request) (key string, given bool) {
	if user, _, ok := r.BasicAuth(); ok {
		return user, user != ""
	}
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(key), strings.EqualFold(scheme, "Bearer") && strings.TrimSpace(key) != ""
}

// validKey accepts any secret or restricted test key of Stripe's form: there
// is nothing here that a key would protect.
func validKey(key string) bool {
	rest, secret := strings.CutPrefix(key, "sk_test_")
	if !secret {
		rest, secret = strings.CutPrefix(key, "rk_test_")
	}
	return secret && len(rest) >= 8 && strings.Trim(rest, alphabet+"_") == ""
}

// masked shows of a key what Stripe shows: the kind, and the last four.
func masked(key string) string {
	runes := []rune(key)
	shown := 0
	for _, prefix := range []string{"sk_test_", "rk_test_", "sk_live_", "rk_live_", "pk_test_", "pk_live_"} {
		if strings.HasPrefix(key, prefix) {
			shown = len(prefix)
		}
	}
	if len(runes) < shown+8 {
		return string(runes[:shown]) + strings.Repeat("*", len(runes)-shown)
	}
	return string(runes[:shown]) + strings.Repeat("*", len(runes)-shown-4) + string(runes[len(runes)-4:])
}
