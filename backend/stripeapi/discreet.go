package stripeapi

import (
	"errors"
	"regexp"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/form"
)

// discreet is a backend of which no error repeats a client secret: stripe-go
// quotes a body that it cannot read, and keeps the PaymentIntent of a decline.
type discreet struct {
	*stripe.BackendImplementation

	secret *regexp.Regexp
}

func newDiscreet(config *stripe.BackendConfig) discreet {
	b, _ := stripe.GetBackendWithConfig(stripe.APIBackend, config).(*stripe.BackendImplementation) // it has no other
	return discreet{BackendImplementation: b, secret: regexp.MustCompile(`_secret_\w*`)}
}

// Call implements stripe.Backend.
func (d discreet) Call(method, path, key string, params stripe.ParamsContainer, v stripe.LastResponseSetter) error {
	return d.without(d.BackendImplementation.Call(method, path, key, params, v))
}

// CallRaw implements stripe.Backend.
func (d discreet) CallRaw(method, path, key string, body *form.Values, params *stripe.Params, v stripe.LastResponseSetter) error {
	return d.without(d.BackendImplementation.CallRaw(method, path, key, body, params, v))
}

// without is the error less every client secret.
func (d discreet) without(err error) error {
	if err == nil {
		return nil
	}
	if said, ok := errors.AsType[*stripe.Error](err); ok {
		said.PaymentIntent, said.SetupIntent, said.LastResponse = nil, nil, nil
		said.Msg = d.secret.ReplaceAllString(said.Msg, "_secret_…")
		return err
	}
	if text := err.Error(); d.secret.MatchString(text) {
		return errors.New(d.secret.ReplaceAllString(text, "_secret_…"))
	}
	return err
}
