package stripeapi_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stripe/stripe-mock/embedded"
	"github.com/stripe/stripe-mock/server"

	"willcall/backend/stripeapi"
)

// mock is Stripe's own stub of its API, which refuses what its document does
// not know. It is strict about the version, and keeps no state.
var mock = sync.OnceValue(func() http.Handler {
	document, err := server.LoadSpec(embedded.OpenAPISpec, "")
	if err != nil {
		panic(err)
	}
	fixtures, err := server.LoadFixtures(embedded.OpenAPIFixtures, "")
	if err != nil {
		panic(err)
	}
	asked := []string{
		"/v1/checkout/sessions", "/v1/events", "/v1/balance", "/v1/products", "/v1/prices", "/v1/tax_rates",
		"/v1/payment_links", "/v1/payment_intents", "/v1/refunds", "/v1/payment_method_configurations",
		"/v1/disputes", "/v1/charges", "/v1/balance_transactions", "/v1/payouts",
	}
	for path := range document.Paths { // making validators of them all takes seconds
		if !slices.ContainsFunc(asked, func(p string) bool { return strings.HasPrefix(string(path)+"/", p+"/") }) {
			delete(document.Paths, path)
		}
	}
	stub, err := server.NewStubServer(fixtures, document, true, false)
	if err != nil {
		panic(err)
	}
	return http.HandlerFunc(stub.HandleRequest)
})

// ask has the stub answer without a network.
func ask(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	mock().ServeHTTP(w, r)
	return w.Result(), nil
}

// TestStripesOwnStubAcceptsEveryRequest: all that Willcall sends, checked by
// Stripe's own code against Stripe's own document. What the stub makes up for
// an answer is not looked at.
func TestStripesOwnStubAcceptsEveryRequest(t *testing.T) {
	var out []sent
	c := client("http://stripe.invalid", recording(&out, func(r *http.Request) (*http.Response, error) {
		answer, err := ask(r)
		if answer.StatusCode != http.StatusOK {
			body, _ := io.ReadAll(answer.Body)
			t.Errorf("%s %s is answered %d: %s", r.Method, r.URL, answer.StatusCode, body)
		}
		return answer, err
	}))
	all := sales(t)
	for _, r := range all {
		_, _ = c.CreateSession(t.Context(), "tdr-1-create", r)
	}
	_ = everything(t.Context(), c)
	_, _ = c.Sessions(t.Context(), noon, noon, "cs_test_1")
	_, _ = c.Events(t.Context(), stripeapi.SessionEvents(), noon, noon, "evt_1")
	if want := len(all) + 8 + len(calls()); len(out) != want {
		t.Errorf("%d requests went out, want %d", len(out), want)
	}
}

// TestStripesOwnStubRefusesWhatIsSpoilt is the control: it does look.
func TestStripesOwnStubRefusesWhatIsSpoilt(t *testing.T) {
	var out []sent
	_, _ = client("http://stripe.invalid", recording(&out, ask)).CreateSession(t.Context(), "tdr-1-create", request())
	post := func(form, version string) int {
		r := httptest.NewRequest(http.MethodPost, "/v1/checkout/sessions", strings.NewReader(form))
		r.Header.Set("Authorization", "Bearer "+secret)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Stripe-Version", version)
		w := httptest.NewRecorder()
		mock().ServeHTTP(w, r)
		return w.Code
	}
	if status := post(out[0].form, "2023-10-16"); status != http.StatusOK {
		t.Errorf("the sound request is answered %d", status)
	}
	if status := post(out[0].form, "2022-11-15"); status != http.StatusBadRequest {
		t.Errorf("another version is answered %d", status)
	}
	for _, s := range spoiltCreates() {
		if s.strict && post(s.spoil(t, out[0].form), "2023-10-16") != http.StatusBadRequest {
			t.Errorf("%s was let through", s.name)
		}
	}
}
