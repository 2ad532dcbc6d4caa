package backend

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/backend/api"
	"willcall/backend/config"
	"willcall/backend/stripesim"
)

// till is an open backend that is being served.
type till struct {
	*testing.T
	b     *Backend
	url   string
	close func() // ends serving and closes the backend; done at the test's end at the latest
}

func openTill(t *testing.T, cfg config.Config) *till {
	t.Helper()
	return openWith(t, cfg, Options{Version: "test", Log: slog.New(slog.DiscardHandler)})
}

func openWith(t *testing.T, cfg config.Config, opt Options) *till {
	t.Helper()
	b, err := Open(t.Context(), cfg, opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	shut := sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(shut)
	return &till{T: t, b: b, url: "http://" + b.Addr(), close: shut}
}

func testConfig(t *testing.T) config.Config {
	t.Helper()
	return config.Config{Data: t.TempDir(), Addr: "127.0.0.1:0", SimAddr: "127.0.0.1:0", PayAddr: "127.0.0.1:0"}
}

// ask sends a request and decodes the answer; any but a good one is an error.
func ask[T any](ctx context.Context, method, url, key, body string) (answer T, err error) {
	status, text, err := send(ctx, method, url, key, body)
	switch {
	case err != nil:
		return answer, err
	case status >= http.StatusBadRequest:
		return answer, fmt.Errorf("%s %s: %d: %s", method, url, status, text)
	}
	err = json.Unmarshal(text, &answer)
	return answer, err
}

func send(ctx context.Context, method, url, key, body string) (status int, text []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+trainingKey) // for Stripe; a till does not look at it
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer got.Body.Close()
	text, err = io.ReadAll(got.Body)
	return got.StatusCode, text, err
}

// call sends a request and decodes the answer, which must have the status.
func call[T any](t *till, method, path, key, body string, want int) (answer T) {
	t.Helper()
	status, text, err := send(t.Context(), method, t.url+path, key, body)
	if err != nil {
		t.Fatal(err)
	}
	if status != want {
		t.Fatalf("%s %s: %d, want %d: %s", method, path, status, want, text)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%s %s: %v: %s", method, path, err, text)
	}
	return answer
}

// twoAdults is the body of a sale of two adults for the first performance.
func (t *till) twoAdults() string {
	c := call[api.Catalogue](t, http.MethodGet, "/api/catalogue", "", "", http.StatusOK)
	p := c.Events[0].Performances[0]
	return `{"lineItems":[{"performanceId":"` + p.ID + `","ticketTypeId":"` + p.TicketTypes[0].ID + `","quantity":2}]}`
}

// until asks for the order until it has the status.
func (t *till) until(order, status string) api.Order {
	t.Helper()
	for range 400 {
		o := call[api.Order](t, http.MethodGet, "/api/orders/"+order, "", "", http.StatusOK)
		if string(o.Status) == status {
			return o
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("order %s did not become %s", order, status)
	return api.Order{}
}

func TestTheFirstSale(t *testing.T) {
	till := openTill(t, testConfig(t))
	o := call[api.Order](till, http.MethodPost, "/api/orders", "first-sale-1", till.twoAdults(), http.StatusCreated)
	if o.Status != "awaiting_payment" || o.Tenders[0].State != "open" || o.Total.Minor != 4800 {
		t.Fatalf("the order is %+v", o)
	}
	if err := till.b.book.stripe.sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{Card: "4242424242424242", Email: "anna@example.org"}); err != nil {
		t.Fatal(err)
	}
	paid := till.until(o.Code, "paid")
	if len(paid.Tickets) != 2 || paid.Tenders[0].Card == nil || paid.Tenders[0].Card.Last4 != "4242" {
		t.Errorf("the paid order is %+v", paid)
	}
}
