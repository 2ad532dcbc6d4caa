package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/feed"
	"willcall/backend/ledger"
	"willcall/backend/reconcile"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

const sales = 400

// sale measures the time that Willcall adds to the call that makes the code:
// from the tap's request to its answer, less what the request to Stripe was on
// the wire, beside a bare pair of bbolt commits that put as many keys and bytes
// on the same disk, turn by turn.
func sale(ctx context.Context, dir string) ([]row, error) {
	sim, err := stripesim.Open(stripesim.Options{})
	if err != nil {
		return nil, err
	}
	stripe := httptest.NewServer(sim.Handler())
	defer stripe.Close()
	sim.SetPublicURL(stripe.URL)
	line := &timedLine{next: http.DefaultTransport}
	till, closeTill, err := openTill(filepath.Join(dir, "sale.db"), stripe.URL, line)
	if err != nil {
		return nil, err
	}
	bare, err := bbolt.Open(filepath.Join(dir, "bare.db"), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return nil, errors.Join(err, closeTill())
	}
	added, pairs, err := turns(ctx, till, line, bare)
	if err := errors.Join(err, bare.Close(), closeTill(), sim.Close()); err != nil {
		return nil, err
	}
	a, b := quantile(added, .5), quantile(pairs, .5)
	return []row{
		{fmt.Sprintf("time added to the call that makes the code, median of %d", sales), ms(a), ""},
		{"  a bare pair of bbolt commits of as many keys and bytes", ms(b), ""},
		{"  ratio", fmt.Sprintf("%.2f", float64(a)/float64(b)), "≤ 2"},
	}, nil
}

// openTill puts a till together as backend.Open does, with a line to Stripe
// that is timed.
func openTill(path, stripeURL string, line http.RoundTripper) (till http.Handler, closeTill func() error, err error) {
	bell := &feed.Bell{}
	log := slog.New(slog.DiscardHandler)
	book, err := ledger.Open(path, ledger.Options{Register: "bench", Now: time.Now, Committed: bell.Ring})
	if err != nil {
		return nil, nil, err
	}
	err = book.Update(func(tx *ledger.Tx) error {
		for _, f := range append([]boxoffice.Fact{boxoffice.BookOpenedFact{BookID: "bench"}}, boxoffice.Sample(time.Now(), ids())...) {
			if _, err := tx.Append(f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, errors.Join(err, book.Close())
	}
	reconciler := reconcile.New(reconcile.Options{
		Book: book, IDs: ids(), Log: log,
		Stripe: stripeapi.New(stripeapi.Options{BaseURL: stripeURL, Key: "sk_test_training", Transport: line, PerSecond: 1e6}),
	})
	till = api.New(api.Options{
		Desk: desk.New(desk.Options{Book: book, Stripe: reconciler, IDs: ids(), Now: time.Now, ReturnURL: stripeURL + "/c/done"}),
		Book: book, Bell: bell, Stripe: func() api.Stripe { return api.Stripe{} },
		TicketKey: func() ed25519.PrivateKey { return make(ed25519.PrivateKey, ed25519.PrivateKeySize) }, Log: log, Now: time.Now,
	})
	return till, func() error { reconciler.Close(); return book.Close() }, nil
}

// turns makes the sales and the bare pairs in turn, so that what the machine
// does meanwhile meets both.
func turns(ctx context.Context, till http.Handler, line *timedLine, bare *bbolt.DB) (added, pairs []time.Duration, err error) {
	kind, err := firstTicketType(ctx, till)
	if err != nil {
		return nil, nil, err
	}
	for i := range sales {
		line.took.Store(0)
		began := time.Now()
		o, err := ask[api.Order](ctx, till, http.MethodPost, "/api/orders", fmt.Sprintf("bench-sale-%06d", i), kind.body(1))
		took := time.Since(began)
		if err != nil {
			return nil, nil, err
		}
		added = append(added, took-time.Duration(line.took.Load()))
		pair, err := pairOfCommits(bare, i)
		if err != nil {
			return nil, nil, err
		}
		pairs = append(pairs, pair)
		// The house must not sell out: each code is closed again, outside the measure.
		if _, err := ask[api.Order](ctx, till, http.MethodPost, "/api/orders/"+o.ID+"/cancel", "", ""); err != nil {
			return nil, nil, err
		}
	}
	return added, pairs, nil
}

// put is one key that a sale writes, by its prefix, and the bytes of its value.
type put struct {
	prefix string
	bytes  int
}

// puts are what the two commits of a sale write into a book: entry, chain and
// number, then the order with its indexes, and in the first one the intent and
// the seats (see ledger's keys.go).
func puts() [2][]put {
	return [2][]put{
		{{"e", 2300}, {"c", 90}, {"n", 3}, {"o", 1250}, {"i", 950}, {"q", 190}, {"oe", 0}, {"on", 28}, {"os", 28}, {"oc", 28}, {"ok", 28}, {"oa", 28}},
		{{"e", 950}, {"c", 90}, {"n", 3}, {"o", 1700}, {"oe", 0}, {"op", 28}},
	}
}

// pairOfCommits times two commits that put what the two of a sale put.
func pairOfCommits(db *bbolt.DB, n int) (time.Duration, error) {
	began := time.Now()
	for _, commit := range puts() {
		err := db.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("bench"))
			if err != nil {
				return err
			}
			for _, p := range commit {
				key := fmt.Appendf(nil, "%s/%020d", p.prefix, n)
				if p.prefix == "c" || p.prefix == "n" || p.prefix == "q" {
					key = []byte(p.prefix) // these are written over
				}
				if err := bucket.Put(key, make([]byte, p.bytes)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

// timedLine takes the time of each request that makes a code, from when it is
// handed to the wire until its answer has begun.
type timedLine struct {
	next http.RoundTripper
	took atomic.Int64 // nanoseconds
}

// RoundTrip implements http.RoundTripper.
func (l *timedLine) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	answer, err := l.next.RoundTrip(r)
	if r.Method == http.MethodPost && r.URL.Path == "/v1/checkout/sessions" {
		l.took.Add(int64(time.Since(began)))
	}
	return answer, err
}
