package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"

	"willcall/backend"
	"willcall/backend/api"
)

func options() backend.Options {
	return backend.Options{Version: "bench", Log: slog.New(slog.DiscardHandler)}
}

// ticketType names what the bench sells.
type ticketType struct {
	performance, id string
}

func firstTicketType(ctx context.Context, till http.Handler) (ticketType, error) {
	c, err := ask[api.Catalogue](ctx, till, http.MethodGet, "/api/catalogue", "", "")
	if err != nil {
		return ticketType{}, err
	}
	p := c.Events[0].Performances[0]
	return ticketType{p.ID, p.TicketTypes[0].ID}, nil
}

// body asks for so many tickets.
func (t ticketType) body(quantity int) string {
	return fmt.Sprintf(`{"lineItems":[{"performanceId":%q,"ticketTypeId":%q,"quantity":%d}]}`, t.performance, t.id, quantity)
}

// ask sends the till a request in process, as the window does.
func ask[T any](ctx context.Context, till http.Handler, method, path, key, body string) (answer T, err error) {
	r := httptest.NewRequestWithContext(ctx, method, "http://127.0.0.1"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	got := httptest.NewRecorder()
	till.ServeHTTP(got, r)
	if got.Code >= http.StatusBadRequest {
		return answer, fmt.Errorf("%s %s: %d %s", method, path, got.Code, got.Body)
	}
	err = json.Unmarshal(got.Body.Bytes(), &answer)
	return answer, err
}
