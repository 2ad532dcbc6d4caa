package stripesim

import (
	"net/http"
	"strings"
)

// admit finds out who sends a request, and whose books it works on: by its
// key, its Stripe-Account and its Stripe-Version. The caller holds mu.
func (s *Sim) admit(r *http.Request, pattern string) (*account, *apiKey, error) {
	value, given := bearer(r)
	if !given {
		return nil, nil, newError(http.StatusUnauthorized, invalidRequest, "", "",
			"You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.")
	}
	key, err := s.keyOf(value)
	if err != nil {
		return nil, nil, err
	}
	if v := r.Header.Get("Stripe-Version"); v != "" && v != APIVersion {
		return nil, nil, badRequest("", "", "Invalid Stripe API version: %s. This simulated Stripe speaks %s only.", v, APIVersion)
	}
	a, err := s.booksFor(key, r.Header.Get("Stripe-Account"), r.Method != http.MethodGet)
	if err != nil {
		return nil, nil, err
	}
	if err := key.permit(pattern, a.profile.ID); err != nil {
		return nil, nil, err
	}
	return a, key, nil
}

// keyOf is the key behind a value. The first account's test side takes any
// key of Stripe's form as long as none is registered for it: training and
// tests need no set-up. The caller holds mu.
func (s *Sim) keyOf(value string) (*apiKey, error) {
	if k, ok := s.access.keys.byID[value]; ok {
		switch {
		case k.Revoked && k.Platform != "":
			return nil, newError(http.StatusUnauthorized, invalidRequest, "platform_api_key_expired", "",
				"The API key provided by your Connect platform has expired. This occurs if your platform has either generated a new key or the connected account has been disconnected from the platform.")
		case k.Revoked:
			return nil, newError(http.StatusUnauthorized, invalidRequest, "api_key_expired", "", "Expired API Key provided: "+masked(value))
		}
		return k, nil
	}
	kind, live, ok := readKey(value)
	training := value == TrainingKey || value == TrainingPublishableKey
	if !ok || live || !training && s.guarded(s.main, false) {
		return nil, newError(http.StatusUnauthorized, invalidRequest, "", "", "Invalid API Key provided: "+masked(value))
	}
	if kind == KeyRestricted {
		kind = KeySecret // nobody has restricted it
	}
	return &apiKey{Value: value, Kind: kind, Account: s.main}, nil
}

func bearer(r *http.Request) (key string, given bool) {
	if user, _, ok := r.BasicAuth(); ok {
		return user, user != ""
	}
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(key), strings.EqualFold(scheme, "Bearer") && strings.TrimSpace(key) != ""
}

// masked shows of a key what Stripe shows: the kind, and the last four.
func masked(key string) string {
	runes := []rune(key)
	shown := 0
	for _, prefix := range keyPrefixes() {
		for _, live := range []bool{false, true} {
			if whole := prefix + modeWord(live) + "_"; strings.HasPrefix(key, whole) {
				shown = len(whole)
			}
		}
	}
	if len(runes) < shown+8 {
		return string(runes[:shown]) + strings.Repeat("*", len(runes)-shown)
	}
	return string(runes[:shown]) + strings.Repeat("*", len(runes)-shown-4) + string(runes[len(runes)-4:])
}
