package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/reconcile"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// inProcess asks a Stripe without a socket, so that a month can pass in no time.
type inProcess struct{ stripe http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	in := r.Clone(r.Context())
	if in.Host = r.URL.Host; in.Body == nil {
		in.Body = http.NoBody
	}
	out := httptest.NewRecorder()
	p.stripe.ServeHTTP(out, in)
	return out.Result(), r.Context().Err()
}

// TestAQuietMonth: a till that sells nothing asks little. The bench prints how
// little.
func TestAQuietMonth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim, err := stripesim.Open(stripesim.Options{Latency: latency})
		if err != nil {
			t.Fatal(err)
		}
		defer sim.Close()
		book, err := ledger.Open(filepath.Join(t.TempDir(), "book.db"), ledger.Options{Register: "till", Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		err = book.Update(func(tx *ledger.Tx) error {
			for _, f := range append([]boxoffice.Fact{boxoffice.BookOpenedFact{BookID: "quiet"}}, boxoffice.Sample(time.Now(), ids())...) {
				if _, err := tx.Append(f); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		client := stripeapi.New(stripeapi.Options{BaseURL: "http://stripe.test", Key: "sk_test_training", Transport: inProcess{sim.Handler()}})
		r := reconcile.New(reconcile.Options{Book: book, IDs: ids(), Log: discard(), Stripe: client})
		if err := r.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * 24 * time.Hour)
		health, err := r.Health()
		r.Close()
		reads := sim.Requests().Reads
		t.Logf("reads: %d", reads)
		if err != nil || health.Problem != nil || time.Since(health.LastSuccess) > time.Hour {
			t.Errorf("at the end of the month the polls are %+v, %v", health, err)
		}
		if reads >= 5000 || reads < 30 {
			t.Errorf("a quiet month takes %d reads", reads)
		}
	})
}
