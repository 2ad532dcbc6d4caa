package stripesim

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// refusal is the error that a fault has for r. Those of a request that had
// begun (402, 500) are kept under its idempotency key, as at Stripe.
func (l *faultList) refusal(r *http.Request, now time.Time, begun bool) *apiError {
	taken := l.take(r, now, func(f Fault) bool {
		return f.refuses() && begun == (f.Kind == FaultStatus && (f.Status == http.StatusPaymentRequired || f.Status == http.StatusInternalServerError))
	})
	if len(taken) == 0 {
		return nil
	}
	return taken[0].apiError(r)
}

// plain is a refusal as a page that is not the API's is told of it.
func (f Fault) plain() int {
	if f.Kind == FaultStatus {
		return f.Status
	}
	return http.StatusTooManyRequests
}

// apiError is Stripe's error of the fault.
func (f Fault) apiError(r *http.Request) *apiError {
	switch f.Kind {
	case FaultStorm:
		e := rateLimited(reasonGlobal)
		e.wait(f.RetryAfter)
		return e
	case FaultLock:
		return lockTimeout()
	}
	var e *apiError
	key, _ := bearer(r)
	switch f.Status {
	case http.StatusUnauthorized:
		e = newError(f.Status, invalidRequest, "", "", "Invalid API Key provided: "+masked(key))
		if f.Code == keyExpired {
			e.Message = "Expired API Key provided: " + masked(key)
		}
	case http.StatusPaymentRequired:
		e = newError(f.Status, "card_error", "card_declined", "", "Your card was declined.")
		e.DeclineCode = "generic_decline"
	case http.StatusForbidden:
		e = newError(f.Status, invalidRequest, "", "", "The provided key '"+masked(key)+"' does not have the required permissions for this endpoint. Having more permissions would allow this request to continue.")
		if f.Code == keyShort {
			resource, level := needed(r.Method + " " + r.URL.Path)
			e.Message = "The provided key '" + masked(key) + "' does not have the required permissions for this endpoint. Having the 'rak_" + resource.rak + "_" + level + "' permission would allow this request to continue."
		}
	case http.StatusConflict:
		e = keyInUse(r.Header.Get("Idempotency-Key"))
	case http.StatusTooManyRequests:
		e = rateLimited("")
		if f.Code == lockTimeoutCode {
			e = lockTimeout()
		}
		e.wait(f.RetryAfter)
	default:
		e = unknownError()
	}
	e.Status = f.Status
	if f.Code != "" && f.Code != e.Code {
		e = newError(f.Status, e.Type, f.Code, "", e.Message)
	}
	return e
}

// Codes of errors that a fault names.
const (
	keyExpired      = "api_key_expired"
	keyShort        = "more_permissions_required"
	lockTimeoutCode = "lock_timeout"
)

// Why a request was one too many, as Stripe-Rate-Limited-Reason tells.
// Source: docs.stripe.com/rate-limits.
const (
	reasonGlobal   = "global-rate"
	reasonEndpoint = "endpoint-rate"
)

// rateLimited is the answer to one request too many. Stripe's own libraries
// do not retry it; it promises no Retry-After. Sources:
// docs.stripe.com/rate-limits, github.com/stripe/stripe-dotnet/issues/1886.
func rateLimited(reason string) *apiError {
	e := newError(http.StatusTooManyRequests, invalidRequest, "rate_limit", "", "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.")
	e.Reason = reason
	return e
}

// lockTimeout is the answer to a request whose object another one holds. It is
// worth another try. Source: docs.stripe.com/rate-limits#object-lock-timeouts.
func lockTimeout() *apiError {
	e := newError(http.StatusTooManyRequests, invalidRequest, lockTimeoutCode, "", "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate. For more details, see https://stripe.com/docs/rate-limits#object-lock-timeouts.")
	e.Retry = new(true)
	return e
}

// wait asks the client to come again after d, in whole seconds.
func (e *apiError) wait(d time.Duration) {
	if d > 0 {
		e.RetryAfter = strconv.Itoa(int(math.Ceil(d.Seconds())))
	}
}

func unknownError() *apiError {
	return newError(http.StatusInternalServerError, "api_error", "", "", "An unknown error occurred. (This is the simulated Stripe.)")
}
