package backend

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"willcall/backend/api"
)

// The page for cards is served over TLS, and nothing else of the till's is.
func TestThePageForCards(t *testing.T) {
	t.Parallel()
	till := openTill(t, testConfig(t))
	o := call[api.Order](till, http.MethodPost, "/api/orders", "a-typed-card", strings.Replace(till.twoAdults(), "{", `{"tender":"card",`, 1), http.StatusCreated)
	page, err := url.Parse(o.Tenders[0].URL)
	if err != nil || page.Scheme != "https" {
		t.Fatalf("the page is %s: %v", o.Tenders[0].URL, err)
	}
	client := httptest.NewTLSServer(nil).Client()
	client.Transport.(*http.Transport).TLSClientConfig.InsecureSkipVerify = true
	for path, want := range map[string]int{
		"/api/orders/" + o.ID + "/payment": 200, "/training/elements/stripe.js": 200,
		"/api/orders": 404, "/api/orders/" + o.ID: 404, "/api/status": 404, "/": 404, "/index.html": 404, "/training/phone/c/pay/x": 404,
		"/training/elements/../../_sim/requests": 404, "/webhooks/stripe": 404,
	} {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://"+page.Host+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got.Body.Close()
		if got.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, got.StatusCode, want)
		}
	}
}
