package stripeapi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"willcall/backend/stripeapi"
)

// describes is an error as Stripe's API describes it.
func describes(kind, code, message string) string {
	return `{"error": {"type": "` + kind + `", "code": "` + code + `", "message": "` + message + `",
		"doc_url": "https://stripe.com/docs/error-codes", "request_log_url": "https://dashboard.stripe.com/test/logs/req_7"}}`
}

const (
	portal  = "<!doctype html><title>Welcome to our WiFi</title><h1>Sign in to use this network</h1>"
	invalid = "invalid_request_error"
)

// TestWhatAnAnswerMeans holds every answer that can come over HTTP against
// what it may be taken for. proof is what the same answer proves about a write
// that was sent for the first time, and about one that may have been sent
// before.
func TestWhatAnAnswerMeans(t *testing.T) {
	type proof struct{ first, again bool }
	nothing, onlyFirst, none := proof{true, true}, proof{true, false}, proof{false, false}
	for _, c := range []struct {
		name    string
		status  int
		body    string
		headers []string
		want    stripeapi.Failure
		code    string
		proof   proof
	}{
		{"a parameter is wrong", 400, describes(invalid, "parameter_invalid_integer", "Invalid integer: x"), nil, stripeapi.Refused, "parameter_invalid_integer", nothing},
		{"a parameter is wrong, said again", 400, describes(invalid, "", "Invalid integer: x"), []string{"Idempotent-Replayed", "true"}, stripeapi.Refused, "", nothing},
		{"the key was used for something else", 400, describes("idempotency_error", "", "Keys for idempotent requests"), nil, stripeapi.KeyReused, "", none},
		{"the API key is not known", 401, describes(invalid, "", "Invalid API Key provided"), nil, stripeapi.BadKey, "", onlyFirst},
		{"the API key has expired", 401, describes(invalid, "api_key_expired", "Expired API Key provided"), nil, stripeapi.BadKey, "api_key_expired", onlyFirst},
		{"a card is declined", 402, describes("card_error", "card_declined", "Your card was declined."), nil, stripeapi.Refused, "card_declined", nothing},
		{"a permission is missing", 403, describes(invalid, "", "The provided key does not have the required permissions"), nil, stripeapi.Forbidden, "", onlyFirst},
		{"there is no such object", 404, describes(invalid, "resource_missing", "No such checkout.session: 'cs_1'"), nil, stripeapi.Missing, "resource_missing", nothing},
		{"the same key is being worked on", 409, describes(invalid, "idempotency_key_in_use", "There is currently another in-progress request"), nil, stripeapi.Conflict, "idempotency_key_in_use", none},
		{"the same, said as an idempotency error", 409, describes("idempotency_error", "idempotency_key_in_use", "in progress"), nil, stripeapi.Conflict, "idempotency_key_in_use", none},
		{"there are too many requests", 429, describes(invalid, "rate_limit", "Request rate limit exceeded."), nil, stripeapi.Busy, "rate_limit", onlyFirst},
		{"the object is locked", 429, describes(invalid, "lock_timeout", "This object cannot be accessed right now"), nil, stripeapi.Conflict, "lock_timeout", none},
		{"Stripe has a fault", 500, describes("api_error", "", "An unknown error occurred"), nil, stripeapi.Broken, "", none},
		{"Stripe had a fault, and says it again", 500, describes("api_error", "", "An unknown error occurred"), []string{"Idempotent-Replayed", "true"}, stripeapi.Broken, "", none},
		{"Stripe has a fault, with a code of a refusal", 500, describes(invalid, "resource_missing", "?"), nil, stripeapi.Broken, "resource_missing", none},
		{"Stripe is down", 503, describes("api_error", "", "Service unavailable"), []string{"Stripe-Should-Retry", "true"}, stripeapi.Broken, "", none},
		{"something before Stripe is down", 502, "<html>Bad gateway</html>", nil, stripeapi.Broken, "", none},
		{"a portal takes the request", 200, portal, []string{"Content-Type", "text/html"}, stripeapi.NotStripe, "", none},
		{"a portal wants to be signed in to", 511, portal, nil, stripeapi.Broken, "", none},
		{"a proxy forbids it", 403, portal, nil, stripeapi.NotStripe, "", none},
		{"a proxy has too many requests", 429, portal, nil, stripeapi.NotStripe, "", none},
		{"a proxy wants a password", 407, "", nil, stripeapi.NotStripe, "", none},
		{"somebody knows no such page", 404, `{"error": "not found"}`, nil, stripeapi.NotStripe, "", none},
		{"an error that says nothing", 400, `{}`, nil, stripeapi.NotStripe, "", none},
		{"an empty object", 200, `{}`, nil, stripeapi.NotStripe, "", none},
		{"an empty answer", 200, ``, nil, stripeapi.NotStripe, "", none},
		{"nothing at all", 204, ``, nil, stripeapi.NotStripe, "", none},
		{"JSON's null", 200, `null`, nil, stripeapi.NotStripe, "", none},
		{"another object", 200, `{"object": "event", "id": "evt_1"}`, nil, stripeapi.NotStripe, "", none},
		{"a session without an id", 200, `{"object": "checkout.session"}`, nil, stripeapi.NotStripe, "", none},
		{"half of the JSON, said to be whole", 200, `{"object": "checkout.session", "id": "cs_te`, nil, stripeapi.NotStripe, "", none},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, asked := answering(t, says(c.status, c.body, append(c.headers, "Request-Id", "req_7")...))
			cl := client(url)
			s, err := cl.CreateSession(t.Context(), "tdr-1-create", request())
			failure := failed(t, err)
			if failure.Failure != c.want || failure.Status != c.status || failure.Code != c.code || failure.RequestID != "req_7" {
				t.Errorf("it is %v, want %s with status %d and code %q", failure, c.want, c.status, c.code)
			}
			if replayed := len(c.headers) > 0 && c.headers[0] == "Idempotent-Replayed"; failure.Replayed != replayed {
				t.Errorf("Replayed is %v, want %v", failure.Replayed, replayed)
			}
			if got := (proof{failure.NothingDone(false), failure.NothingDone(true)}); got != c.proof {
				t.Errorf("it proves %+v, want %+v", got, c.proof)
			}
			if s.ID != "" && c.status != http.StatusOK {
				t.Errorf("a session came out of it: %+v", s)
			}
			if asked() != 1 {
				t.Errorf("Stripe was asked %d times: retries are for package reconcile to decide", asked())
			}
			if u := cl.Usage(); u.LastError == nil || u.LastError.Failure != c.want || !u.LastSuccess.IsZero() {
				t.Errorf("the line is said to be %+v", u)
			}
		})
	}
}

// TestNothingDone is the whole truth table, with the reasons.
func TestNothingDone(t *testing.T) {
	for _, c := range []struct {
		failure      stripeapi.Failure
		first, again bool
		why          string
	}{
		{stripeapi.Unsent, true, false, "this attempt reached nobody; an earlier one may have"},
		{stripeapi.Lost, false, false, "Stripe may have done it before the line broke"},
		{stripeapi.NotStripe, false, false, "whoever answered may have passed it on"},
		{stripeapi.Broken, false, false, "a 5xx can come after the work"},
		{stripeapi.Busy, true, false, "the rate limit stands before the work, and before the key is looked up"},
		{stripeapi.Conflict, false, false, "it is being done right now"},
		{stripeapi.KeyReused, false, false, "something was done under this key"},
		{stripeapi.BadKey, true, false, "keys are checked before the work, and before the idempotency key is looked up"},
		{stripeapi.Forbidden, true, false, "as are permissions"},
		{stripeapi.NotConnected, true, false, "nothing was sent; an earlier attempt may have been, under a key that is gone"},
		{stripeapi.Missing, true, true, "Stripe looked, and would have replayed a success"},
		{stripeapi.Refused, true, true, "Stripe read it, and would have replayed a success"},
	} {
		e := &stripeapi.Error{Failure: c.failure}
		if e.NothingDone(false) != c.first || e.NothingDone(true) != c.again {
			t.Errorf("%s proves %v for a first attempt and %v for a later one, want %v and %v: %s",
				c.failure, e.NothingDone(false), e.NothingDone(true), c.first, c.again, c.why)
		}
	}
}

// TestAnotherSessionIsNotTheOne: a proxy that answers with a stored page must
// not pay an order.
func TestAnotherSessionIsNotTheOne(t *testing.T) {
	url, _ := answering(t, says(200, `{"object": "checkout.session", "id": "cs_test_2", "payment_status": "paid"}`))
	c := client(url)
	for name, err := range everything(t.Context(), c) {
		if name == "CreateSession" { // has no id to compare with
			continue
		}
		if failure := failed(t, err); failure.Failure != stripeapi.NotStripe {
			t.Errorf("%s took it: %v", name, failure)
		}
	}
}

// TestErrorsSayWhatIsKnown: what a person reads in the log.
func TestErrorsSayWhatIsKnown(t *testing.T) {
	url, _ := answering(t, says(400, describes(invalid, "parameter_missing", "Missing required param: mode."), "Request-Id", "req_9"))
	_, err := client(url).Session(t.Context(), "cs_test_1")
	const want = `stripe: refused (status 400, code "parameter_missing", request req_9): Missing required param: mode.`
	if err.Error() != want {
		t.Errorf("it says\n%s, want\n%s", err, want)
	}
	if errors.Unwrap(err) == nil {
		t.Error("the cause is lost")
	}
}

// TestAnErrorIsShort: of an answer that is not Stripe's, the log gets a sample.
func TestAnErrorIsShort(t *testing.T) {
	for _, status := range []int{200, 400, 502} {
		url, _ := answering(t, says(status, `{"page": "`+strings.Repeat("ä", 1<<14)+`"}`))
		_, err := client(url).CreateSession(t.Context(), "tdr-1-create", request())
		if said := err.Error(); len(said) > 700 || strings.ContainsRune(said, '�') {
			t.Errorf("%d: %d bytes: %.100q…", status, len(said), said)
		}
	}
}

// TestGivingUpIsNotStripesFault: a cashier who closes the page must not turn
// the line red.
func TestGivingUpIsNotStripesFault(t *testing.T) {
	c := client("http://stripe.invalid", func(o *stripeapi.Options) {
		o.Transport = tripper(func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() })
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Livemode(ctx)
	if failure := failed(t, err); failure.Failure != stripeapi.Unsent || !errors.Is(err, context.Canceled) {
		t.Errorf("it is %v", err)
	}
	if u := c.Usage(); u.LastError != nil {
		t.Errorf("the line is said to be down: %v", u.LastError)
	}
}
