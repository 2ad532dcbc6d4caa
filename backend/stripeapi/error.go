package stripeapi

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/stripe/stripe-go/v76"
)

// Failure sorts what can go wrong by what it means for a request that writes.
type Failure string

// The failures. Only Refused and Unsent prove, for a first attempt, that
// nothing was done; see Error.NothingDone.
const (
	Unsent    Failure = "unsent"     // no connection was had: Stripe never saw it
	Lost      Failure = "lost"       // sent, and no whole answer came back
	NotStripe Failure = "not_stripe" // an answer, but not from Stripe: a captive portal, a proxy
	Broken    Failure = "broken"     // 5xx: Stripe may or may not have done it
	Busy      Failure = "busy"       // 429: not now
	Conflict  Failure = "conflict"   // 409: the same key is being worked on
	KeyReused Failure = "key_reused" // 400: the idempotency key was used with other parameters
	BadKey    Failure = "bad_key"    // 401: the API key is not accepted
	Forbidden Failure = "forbidden"  // 403: the API key may not do this
	Missing   Failure = "missing"    // 404: no such object
	Refused   Failure = "refused"    // another 4xx: Stripe read it and said no

	NotConnected Failure = "not_connected" // there is no key to ask with: nothing was sent
)

// Error is a request to Stripe that was not answered with what it asked for.
type Error struct {
	Failure   Failure
	Status    int    // HTTP status; 0 without an answer
	Code      string // Stripe's error code, such as "parameter_invalid_integer"
	Param     string // the parameter that Stripe's refusal is about, such as "line_items[0][price]"
	Message   string // Stripe's own sentence, in English; never the API key
	RequestID string // req_…, for Stripe's support and its dashboard
	Replayed  bool   // the stored first result of the idempotency key
	Resent    bool   // it was sent more than once, by the transport: an earlier sending may have been done
	cause     error
}

// Error says what is known, for the log.
func (e *Error) Error() string {
	return fmt.Sprintf("stripe: %s (status %d, code %q, request %s): %s", e.Failure, e.Status, e.Code, e.RequestID, e.Message)
}

// Unwrap returns what the failure was read from.
func (e *Error) Unwrap() error { return e.cause }

// NothingDone reports whether the failure proves that the write it belongs to
// was not carried out, now or ever, under its idempotency key. earlier says
// that the same write may have been sent before: then only an answer that
// Stripe gave after looking the key up proves anything.
//
// Stripe looks the key up after authentication and rate limits, and gives a
// stored success instead of any refusal of the content
// (docs.stripe.com/api/idempotent_requests).
func (e *Error) NothingDone(earlier bool) bool {
	switch e.Failure {
	case Refused, Missing:
		return true
	case Unsent, Busy, BadKey, Forbidden, NotConnected:
		return !earlier && !e.Resent
	default:
		return false
	}
}

// accountInvalid is the code of Stripe's answer to a platform that an account
// does not know any more (docs.stripe.com/error-codes#account-invalid).
const accountInvalid = "account_invalid"

// OfRequest reports whether Stripe said it of this one request alone: it was
// reached, and took the key. A permission that is missing is of one resource.
func (e *Error) OfRequest() bool {
	switch e.Failure {
	case Refused, Missing, Conflict, KeyReused:
		return true
	case Forbidden:
		return e.Code != accountInvalid
	default:
		return false
	}
}

var errNotStripe = errors.New("the answer is not what Stripe would say")

func notConnected() error {
	return &Error{Failure: NotConnected, Message: "there is no key to ask Stripe with"}
}

// classify returns nil for nil. The secrets are kept out of what the error
// says, whoever repeats them.
func classify(err error, t *trip, secrets ...string) *Error {
	if err == nil {
		return nil
	}
	e := &Error{Resent: t.connected.Load() > 1, Status: t.status, RequestID: t.header.Get("Request-Id"), Replayed: t.header.Get("Idempotent-Replayed") == "true", Message: err.Error(), cause: err}
	if u, ok := errors.AsType[*url.Error](err); ok {
		e.Message = u.Err.Error() // without the address, which holds what was asked
	}
	said, ok := errors.AsType[*stripe.Error](err)
	switch {
	case ok && said.Type != "":
		e.Code, e.Param, e.Message = string(said.Code), shown(said.Param, secrets...), said.Msg
		e.Failure = refusal(said, t.status)
	case t.status >= http.StatusInternalServerError:
		e.Failure = Broken
	case errors.Is(err, errNotStripe), t.status >= http.StatusMultipleChoices, unreadable(err):
		e.Failure = NotStripe
	case t.connected.Load() > 0:
		e.Failure = Lost
	default:
		e.Failure = Unsent
	}
	e.Message = shown(e.Message, secrets...)
	return e
}

// maxMessage is how much of a sentence is kept, in bytes: of an answer that is
// not Stripe's, stripe-go repeats the whole.
const maxMessage = 500

// shown is a message as it may be logged and shown.
func shown(message string, secrets ...string) string {
	for _, secret := range secrets {
		if secret != "" {
			message = strings.ReplaceAll(message, secret, "[key]")
		}
	}
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + " …"
	}
	return message
}

// unreadable reports whether a whole answer came that is no JSON. stripe-go has
// no error value for it, only the sentence.
func unreadable(err error) bool { return strings.Contains(err.Error(), "Couldn't deserialize JSON") }

// refusal sorts an error that Stripe itself described.
func refusal(said *stripe.Error, status int) Failure {
	switch {
	case status >= http.StatusInternalServerError:
		return Broken
	case said.Type == stripe.ErrorTypeIdempotency && status == http.StatusBadRequest:
		return KeyReused
	case status == http.StatusConflict, said.Code == stripe.ErrorCodeLockTimeout, said.Code == stripe.ErrorCodeIdempotencyKeyInUse:
		return Conflict
	case status == http.StatusTooManyRequests:
		return Busy
	case status == http.StatusUnauthorized:
		return BadKey
	case status == http.StatusForbidden:
		return Forbidden
	case status == http.StatusNotFound:
		return Missing
	default:
		return Refused
	}
}
