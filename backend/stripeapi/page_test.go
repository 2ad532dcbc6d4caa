package stripeapi_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"willcall/backend/internal/testkit"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// BenchmarkPage reads a page of a hundred paid sessions with their payments, as
// catching up after an outage does.
func BenchmarkPage(b *testing.B) {
	sim, url := testkit.Stripe(b, stripesim.Options{Now: func() time.Time { return noon }})
	c := client(url)
	for i := range 100 {
		s, err := c.CreateSession(b.Context(), fmt.Sprint(i), request())
		if err != nil {
			b.Fatal(err)
		}
		if err := sim.Pay(s.ID, stripesim.Payment{}); err != nil {
			b.Fatal(err)
		}
	}
	var page []byte
	_, err := client(url, func(o *stripeapi.Options) {
		o.Transport = tripper(func(r *http.Request) (*http.Response, error) {
			got, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				return nil, err
			}
			page, err = io.ReadAll(got.Body)
			got.Body = io.NopCloser(bytes.NewReader(page))
			return got, err
		})
	}).Sessions(b.Context(), noon, noon, "")
	if err != nil {
		b.Fatal(err)
	}
	kept := client("http://stripe.invalid", func(o *stripeapi.Options) {
		o.Transport = tripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(page))}, nil
		})
	})
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if p, err := kept.Sessions(b.Context(), noon, noon, ""); err != nil || len(p.Sessions) != 100 {
			b.Fatal(len(p.Sessions), err)
		}
	}
}
