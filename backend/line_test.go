package backend

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"willcall/backend/api"
	"willcall/backend/stripeapi"
)

// What Stripe says of one request alone tells that the line and the key are well;
// what it says of the key or the account, or what is not Stripe, tells that they
// are not.
func TestTheLineByAnAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		want   api.LineState
	}{
		"a permission is missing":   {403, `{"error":{"type":"invalid_request_error","code":"more_permissions_required","message":"Having the 'rak_refund_write' permission would allow this request to continue."}}`, api.LineOK},
		"a refusal":                 {400, `{"error":{"type":"invalid_request_error","message":"It has been refunded."}}`, api.LineOK},
		"no such thing":             {404, `{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such session."}}`, api.LineOK},
		"somebody else's turn":      {409, `{"error":{"type":"invalid_request_error","code":"lock_timeout","message":"Try again."}}`, api.LineOK},
		"the platform was cut off":  {403, `{"error":{"type":"invalid_request_error","code":"account_invalid","message":"No access to the account."}}`, api.LineDown},
		"the key is dead":           {401, `{"error":{"type":"invalid_request_error","message":"Invalid API Key."}}`, api.LineDown},
		"a portal's 403":            {403, `<html>Log in</html>`, api.LineDown},
		"Stripe is broken":          {500, `{"error":{"type":"api_error","message":"Sorry."}}`, api.LineDown},
		"an answer that is as well": {200, `{"object":"checkout.session","id":"cs_1"}`, api.LineOK},
	} {
		stripe := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Request-Id", "req_1")
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}))
		client := stripeapi.New(stripeapi.Options{BaseURL: stripe.URL, Key: "rk_test_1"})
		_, _ = client.Session(t.Context(), "cs_1") // how it ended is what the line tells
		if got := line(client)(); got.State != c.want || (got.Problem != nil) != (c.want == api.LineDown) {
			t.Errorf("%s: the line is %+v, want %s", name, got, c.want)
		}
		stripe.Close()
	}
}
