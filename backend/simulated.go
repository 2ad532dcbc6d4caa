package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/config"
	"willcall/backend/stripesim"
)

// simulated is a simulated Stripe that is being served.
type simulated struct {
	sim      *stripesim.Sim
	server   *http.Server
	listener net.Listener
	ended    chan error
	url      string
}

// simulate serves a simulated Stripe that keeps its state in the folder. Kill
// ends the till that asks; nil where that is not its to end.
func simulate(ctx context.Context, addr, dir string, kill func(), log *slog.Logger) (*simulated, error) {
	listener, err := listen(ctx, addr, "WILLCALL_SIM_ADDR")
	if err != nil {
		return nil, err
	}
	s := &simulated{listener: listener, url: "http://" + listener.Addr().String(), ended: make(chan error, 1)}
	s.sim, err = stripesim.Open(stripesim.Options{PublicURL: s.url, StatePath: filepath.Join(dir, "stripe-sim.jsonl"), Kill: kill, Logger: log})
	if err != nil {
		return nil, errors.Join(&boxoffice.Error{
			Code:    boxoffice.CodeBookUnusable,
			Message: "The simulated Stripe of training cannot read its own memory. No real money is concerned.",
			Next:    "Move the folder " + dir + " away to begin training anew.",
			Cause:   err,
		}, listener.Close())
	}
	s.server = &http.Server{Handler: s.sim.Handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	go func() { s.ended <- s.server.Serve(listener) }()
	return s, nil
}

// killTill ends this process as a flat battery would: nothing is put away.
func killTill() {
	if p, err := os.FindProcess(os.Getpid()); err == nil {
		_ = p.Kill() // or it lives, and the drill was none
	}
}

func (s *simulated) close() error {
	err := s.server.Close()
	ended := <-s.ended
	s.ended <- ended // for whoever closes it again
	if !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return errors.Join(err, s.sim.Close())
}

// Simulate serves a simulated Stripe by itself until ctx ends, and prints its
// address: what a till in training asks when WILLCALL_STRIPE_URL names it.
func Simulate(ctx context.Context, cfg config.Config, log *slog.Logger, out io.Writer) error {
	dir := filepath.Join(cfg.Data, "sim")
	if err := makeFolder(dir); err != nil {
		return err
	}
	s, err := simulate(ctx, cfg.SimAddr, dir, nil, log)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "A simulated Stripe is at", s.url); err != nil {
		return errors.Join(err, s.close())
	}
	select {
	case <-ctx.Done():
		return s.close()
	case err := <-s.ended:
		s.ended <- err
		return errors.Join(err, s.close())
	}
}
