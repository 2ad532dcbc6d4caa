package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"willcall/backend/stripesim"
)

// target is which Stripe is asked, and as whom.
type target struct {
	base      string // "https://api.stripe.com"
	key       string
	without   string            // a restricted key that lacks Payment Links; "" for none
	transport http.RoundTripper // nil is the network
	visitors  visitors          // nil where nobody can open a link
	patience  time.Duration     // how long Stripe is given to change its mind
	simulated bool
}

var (
	errLive   = errors.New("this is a live key, and the check would move real money: take a key of test mode. Nothing was sent")
	errNoKey  = errors.New("this is no key that can be tried: WILLCALL_STRIPE_KEY is a secret or restricted key of test mode, sk_test_… or rk_test_…. Nothing was sent")
	errUnable = errors.New("WILLCALL_STRIPE_KEY_WITHOUT is a restricted key of test mode, rk_test_…, without Payment Links. Nothing was sent")
)

// stripe is Stripe itself. It refuses keys by their form alone.
func stripe(key, without string) (target, error) {
	for _, k := range []string{key, without} {
		if rest, found := cutKind(k); found && strings.HasPrefix(rest, "live_") {
			return target{}, errLive
		}
	}
	if !strings.HasPrefix(key, "sk_test_") && !strings.HasPrefix(key, "rk_test_") {
		return target{}, errNoKey
	}
	if without != "" && !strings.HasPrefix(without, "rk_test_") {
		return target{}, errUnable
	}
	return target{base: "https://api.stripe.com", key: key, without: without, patience: 10 * time.Second}, nil
}

func cutKind(key string) (rest string, found bool) {
	for _, kind := range []string{"sk_", "rk_", "pk_"} {
		if rest, found = strings.CutPrefix(key, kind); found {
			return rest, true
		}
	}
	return key, false
}

// simulation is a simulated Stripe that is being served on loopback.
type simulation struct {
	target target
	sim    *stripesim.Sim
	close  func()
}

// simulate serves a Stripe in memory.
func simulate(ctx context.Context) (*simulation, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	base := "http://" + listener.Addr().String()
	sim, err := stripesim.Open(stripesim.Options{PublicURL: base})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	without, err := sim.RegisterKey(stripesim.Key{Kind: stripesim.KeyRestricted, Permissions: map[string]string{"balance": "read", "checkout_sessions": "write"}})
	if err != nil {
		return nil, errors.Join(err, sim.Close(), listener.Close())
	}
	server := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) }) // it ends by being closed
	return &simulation{
		sim:    sim,
		target: target{base: base, key: stripesim.TrainingKey, without: without, visitors: simulated{sim}, simulated: true},
		close: func() {
			_, _ = server.Close(), sim.Close() // it was in memory: nothing is lost
			serving.Wait()
		},
	}, nil
}

// watch sees what the client keeps to itself of an answer.
type watch struct {
	next http.RoundTripper

	mu   sync.Mutex
	last answer
}

type answer struct {
	status   int
	date     string
	replayed bool
}

// RoundTrip implements http.RoundTripper.
func (w *watch) RoundTrip(r *http.Request) (*http.Response, error) {
	got, err := w.next.RoundTrip(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = answer{}
	if err == nil {
		w.last = answer{status: got.StatusCode, date: got.Header.Get("Date"), replayed: got.Header.Get("Idempotent-Replayed") == "true"}
	}
	return got, err
}

// saw is the answer to the newest request; zero if there was none.
func (w *watch) saw() answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}
