package stripesim

import (
	"fmt"
	"net/http"
	"strings"
)

// apiError is an error as Stripe's API answers it: an HTTP status and the
// object at "error". Wordings are Stripe's own where clients are known to
// read them.
type apiError struct {
	Status        int            `json:"-"`
	Type          string         `json:"type"`
	Code          string         `json:"code,omitempty"`
	DeclineCode   string         `json:"decline_code,omitempty"`
	DocURL        string         `json:"doc_url,omitempty"`
	Message       string         `json:"message"`
	Param         string         `json:"param,omitempty"`
	Charge        string         `json:"charge,omitempty"`
	PaymentIntent *paymentIntent `json:"payment_intent,omitempty"`
	Retry         *bool          `json:"-"` // Stripe-Should-Retry, where Stripe sends it
	Reason        string         `json:"-"` // Stripe-Rate-Limited-Reason, of a 429
	RetryAfter    string         `json:"-"` // Retry-After, in seconds; "" is not sent
	stays         bool           // what the request wrote is kept: the bank was asked
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Message) }

const invalidRequest = "invalid_request_error"

// newError fills in the documentation's address for code.
func newError(status int, kind, code, param, message string) *apiError {
	e := &apiError{Status: status, Type: kind, Code: code, Param: param, Message: message}
	if code != "" {
		e.DocURL = "https://stripe.com/docs/error-codes/" + strings.ReplaceAll(code, "_", "-")
	}
	return e
}

// badRequest is a 400 invalid_request_error. Code and param may be "".
func badRequest(code, param, format string, args ...any) *apiError {
	return newError(http.StatusBadRequest, invalidRequest, code, param, fmt.Sprintf(format, args...))
}

// notFound is the 404 for an id in the path; param is the name that Stripe
// has for that place.
func notFound(noun, id, param string) *apiError {
	e := missing(noun, id, param)
	e.Status = http.StatusNotFound
	return e
}

// missing is the 400 for a parameter that names an object that is not there.
func missing(noun, id, param string) *apiError {
	return badRequest("resource_missing", param, "No such %s: '%s'", noun, id)
}
