package stripeapi_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// secret is the key that all tests use. The simulator takes it.
const secret = "sk_test_9fXq27LmZw04TbNe"

// noon is when requests of the tests are made, by Stripe's clock.
var noon = time.Date(2026, time.March, 5, 12, 0, 0, 0, time.UTC)

// client returns one that asks the address. Edits change its options.
func client(url string, edits ...func(*stripeapi.Options)) *stripeapi.Client {
	opt := stripeapi.Options{BaseURL: url, Key: secret, Transport: &http.Transport{}, Timeout: 5 * time.Second, PerSecond: 1e6}
	for _, edit := range edits {
		edit(&opt)
	}
	return stripeapi.New(opt)
}

// answering serves the handler and counts how often it was asked.
func answering(t *testing.T, h http.HandlerFunc) (url string, asked func() int) {
	t.Helper()
	var mu sync.Mutex
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n++
		mu.Unlock()
		h(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() int {
		mu.Lock()
		defer mu.Unlock()
		return n
	}
}

// says answers every request with the status, the headers (pairs of name and
// value) and the body.
func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// request asks for two adults and a child.
func request() boxoffice.SessionRequest {
	return boxoffice.SessionRequest{
		Reference: "ord-000000000000000000000001",
		LineItems: []boxoffice.SessionLine{
			{Name: "Hamlet · Adult", Description: "Playhouse, Thu 5 Mar 2026, 19:30", UnitPrice: money.New(2400, "eur"), Quantity: 2},
			{Name: "Hamlet · Child", UnitPrice: money.New(900, "eur"), Quantity: 1},
		},
		Metadata: map[string]string{
			boxoffice.MetadataOrder: "ord-000000000000000000000001", boxoffice.MetadataCode: "K7QF3M",
			boxoffice.MetadataTender: "tdr-000000000000000000000001", boxoffice.MetadataBook: "book-1",
		},
		ExpiresAt:  noon.Add(31 * time.Minute),
		SuccessURL: "http://127.0.0.1:4381/c/done?paid=K7QF3M",
		CancelURL:  "http://127.0.0.1:4381/c/done?left=K7QF3M",
	}
}

// failed is the *Error that err must be.
func failed(t *testing.T, err error) *stripeapi.Error {
	t.Helper()
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if !ok {
		t.Fatalf("the error is %v, want one of package stripeapi", err)
	}
	return failure
}

// notes is a log that can be read while it is written.
type notes struct{ testkit.Log }

// logging makes the client write all that it can into the notes.
func (n *notes) logging(opt *stripeapi.Options) {
	opt.Log = slog.New(slog.NewTextHandler(n, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// tripper answers requests without a network.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// balance answers like Stripe at the time.
func balance(at time.Time) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Date": {at.Format(http.TimeFormat)}, "Request-Id": {"req_1"}},
		Body:       io.NopCloser(bytes.NewBufferString(`{"object": "balance", "livemode": false}`)),
	}
}

// readable is a body.
func readable(text string) io.ReadCloser { return io.NopCloser(bytes.NewBufferString(text)) }

// everything makes one call of each method, and returns their errors.
func everything(ctx context.Context, c *stripeapi.Client) map[string]error {
	errs := map[string]error{}
	_, errs["CreateSession"] = c.CreateSession(ctx, "tdr-1-create", request())
	_, errs["Session"] = c.Session(ctx, "cs_test_1")
	_, errs["ExpireSession"] = c.ExpireSession(ctx, "tdr-1-expire", "cs_test_1")
	_, errs["Sessions"] = c.Sessions(ctx, noon.Add(-time.Hour), noon, "")
	_, errs["Events"] = c.Events(ctx, stripeapi.SessionEvents(), noon.Add(-time.Hour), noon, "")
	_, errs["Livemode"] = c.Livemode(ctx)
	for name, call := range calls() {
		errs[name] = call(ctx, c)
	}
	return errs
}
