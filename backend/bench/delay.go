package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"time"

	"willcall/backend"
	"willcall/backend/api"
	"willcall/backend/config"
	"willcall/backend/stripesim"
)

const (
	tills         = 12
	buyersPerTill = 10
	latency       = 150 * time.Millisecond
)

// delay measures how long after a buyer has paid the stream says so, and how
// many reads of Stripe a sale takes. Buyers take 15 to 90 seconds, as people
// with a phone in a queue do; several tills, each with a Stripe of its own,
// run side by side to have enough of them in one round.
func delay(ctx context.Context, quick bool) ([]row, error) {
	scale := 1.0
	if quick {
		scale = .1
	}
	var mu sync.Mutex
	var delays []time.Duration
	var reads int
	var failed error
	var running sync.WaitGroup
	for n := range tills {
		running.Go(func() {
			d, r, err := evening(ctx, uint64(n), scale)
			mu.Lock()
			defer mu.Unlock()
			delays, reads, failed = append(delays, d...), reads+r, errors.Join(failed, err)
		})
	}
	running.Wait()
	if failed != nil {
		return nil, failed
	}
	count := len(delays)
	return []row{
		{fmt.Sprintf("from paid to “Paid” on the stream, Stripe at %v, %d buyers: median", latency, count), quantile(delays, .5).Round(10 * time.Millisecond).String(), "< 1 s"},
		{"  99th percentile", quantile(delays, .99).Round(10 * time.Millisecond).String(), "< 2.5 s"},
		{"  reads of Stripe for each sale, all polls included", fmt.Sprintf("%.1f", float64(reads)/float64(count)), "≤ 60"},
	}, nil
}

// evening opens a till, sells to its buyers at once, and lets each pay in
// their own time.
func evening(ctx context.Context, seed uint64, scale float64) (delays []time.Duration, reads int, err error) {
	dir, err := os.MkdirTemp("", "willcall-bench-")
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	sim, err := stripesim.Open(stripesim.Options{Latency: latency})
	if err != nil {
		return nil, 0, err
	}
	stripe := httptest.NewServer(sim.Handler())
	defer stripe.Close()
	sim.SetPublicURL(stripe.URL)
	till, err := backend.Open(ctx, config.Config{Data: dir, Addr: "127.0.0.1:0", StripeURL: stripe.URL}, options())
	if err != nil {
		return nil, 0, err
	}
	ctx, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- till.Run(ctx) }()
	buyers := &buyers{till: till, sim: sim, random: rand.New(rand.NewPCG(seed, 1)) /* #nosec G404 -- buyers, not secrets */, scale: scale, paid: map[string]time.Time{}}
	err = buyers.come(ctx)
	stop()
	return buyers.delays, sim.Requests().Reads, errors.Join(err, <-served, till.Close(), sim.Close())
}

// buyers are those of one till.
type buyers struct {
	till   *backend.Backend
	sim    *stripesim.Sim
	random *rand.Rand
	scale  float64

	mu     sync.Mutex
	paid   map[string]time.Time // order → when its buyer paid
	delays []time.Duration
}

func (b *buyers) come(ctx context.Context) error {
	ids, err := firstTicketType(ctx, b.till.Handler())
	if err != nil {
		return err
	}
	heard := make(chan error, 1+buyersPerTill)
	listening := make(chan struct{})
	go func() { heard <- b.listen(ctx, listening) }()
	<-listening
	for i := range buyersPerTill {
		o, err := ask[api.Order](ctx, b.till.Handler(), http.MethodPost, "/api/orders", fmt.Sprintf("bench-buyer-%03d", i), ids.body(1))
		if err != nil {
			return err
		}
		time.AfterFunc(time.Duration((15+75*b.random.Float64())*b.scale*float64(time.Second)), func() {
			b.mu.Lock()
			b.paid[o.ID] = time.Now()
			b.mu.Unlock()
			if err := b.sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{Card: "4242424242424242", Email: "buyer@example.org"}); err != nil {
				heard <- err
			}
		})
	}
	return <-heard
}

// listen follows the till's stream until every buyer's order is paid there.
func (b *buyers) listen(ctx context.Context, listening chan<- struct{}) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+b.till.Addr()+"/api/stream", http.NoBody)
	if err != nil {
		return err
	}
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = stream.Body.Close() }() // it is cut off in any case
	lines := bufio.NewScanner(stream.Body)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var change api.Change
		if err := json.Unmarshal([]byte(data), &change); err != nil {
			return err
		}
		switch {
		case change.Kind == "" && listening != nil: // hello
			close(listening)
			listening = nil
		case change.Kind == api.ChangedOrder:
			if done, err := b.note(ctx, change.ID, time.Now()); done || err != nil {
				return err
			}
		}
	}
	return errors.Join(lines.Err(), errors.New("the stream ended"))
}

// note takes the time of an order that is paid now.
func (b *buyers) note(ctx context.Context, order string, now time.Time) (done bool, err error) {
	o, err := ask[api.Order](ctx, b.till.Handler(), http.MethodGet, "/api/orders/"+order, "", "")
	if err != nil || o.Status != "paid" {
		return false, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.delays = append(b.delays, now.Sub(b.paid[order]))
	return len(b.delays) == buyersPerTill, nil
}
