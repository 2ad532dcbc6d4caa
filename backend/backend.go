package backend

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"
	_ "time/tzdata" // events are shown in their own zone, also where the system knows none

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/config"
	"willcall/backend/desk"
	"willcall/backend/feed"
	"willcall/backend/ledger"
	"willcall/backend/reconcile"
	"willcall/backend/secrets"
	"willcall/backend/stripeapi"
)

// register is the name of this till in the book.
const register = "till-1"

// trainingKey is what the client shows the simulated Stripe. It opens nothing.
const trainingKey = "sk_test_training"

// Options are what the program itself brings.
type Options struct {
	Version string
	Screens fs.FS // the built frontend
	Log     *slog.Logger
}

// Backend is a till that is open: its book, its line to Stripe, its API.
type Backend struct {
	log        *slog.Logger
	book       *ledger.Book
	reconciler *reconcile.Reconciler
	stripe     *simulated // nil when another process simulates it
	handler    http.Handler
	listener   net.Listener
}

// Open opens the book, begins to listen, and starts everything but the serving
// of requests, which is Run's. The errors are *boxoffice.Error, with what to
// do. The mode is chosen here and nowhere else.
func Open(ctx context.Context, cfg config.Config, opt Options) (*Backend, error) {
	b := &Backend{log: opt.Log}
	if err := b.open(ctx, cfg, opt); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (b *Backend) open(ctx context.Context, cfg config.Config, opt Options) (err error) {
	mode := boxoffice.Training
	dir, err := dataFolder(cfg, mode)
	if err != nil {
		return err
	}
	bell := &feed.Bell{}
	ids := boxoffice.IDs{Source: rand.Reader}
	b.book, err = ledger.Open(bookPath(dir), ledger.Options{Register: register, Now: time.Now, Committed: bell.Ring})
	if err != nil {
		return err
	}
	ticketKey, err := begin(b.book, secrets.In(dir), ids, mode)
	if err != nil {
		return err
	}
	if b.listener, err = listen(ctx, cfg.Addr, "WILLCALL_ADDR"); err != nil {
		return err
	}
	stripeURL := cfg.StripeURL
	if stripeURL == "" {
		if b.stripe, err = simulate(ctx, cfg.SimAddr, dir, opt.Log); err != nil {
			return err
		}
		stripeURL = b.stripe.url
	}
	phone, err := url.Parse(stripeURL)
	if err != nil {
		return err
	}
	client := stripeapi.New(stripeapi.Options{BaseURL: stripeURL, Key: trainingKey, Log: opt.Log})
	b.reconciler = reconcile.New(reconcile.Options{Book: b.book, Stripe: client, IDs: ids, Livemode: mode == boxoffice.Live, Log: opt.Log})
	b.handler = api.New(api.Options{
		Desk: desk.New(desk.Options{
			Book: b.book, Stripe: b.reconciler, IDs: ids, Now: time.Now, ReturnURL: stripeURL + "/c/done",
		}),
		Book: b.book, Bell: bell, Stripe: line(client), Mode: mode, Register: register, Version: opt.Version,
		TicketKey: ticketKey, Screens: opt.Screens, Phone: phone, Log: opt.Log,
	})
	return b.reconciler.Start()
}

// Handler is the till: API, stream and screens, behind the guard.
func (b *Backend) Handler() http.Handler { return api.Guard(b.handler) }

// Addr is the address that the till listens on.
func (b *Backend) Addr() string { return b.listener.Addr().String() }

// Run serves until ctx ends, then lets requests under way finish for a moment.
func (b *Backend) Run(ctx context.Context) error {
	requests, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	server := &http.Server{
		Handler: b.Handler(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return requests },
		ErrorLog:    slog.NewLogLogger(b.log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(b.listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	cut() // ends the live streams, which would otherwise never finish
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// Close stops asking Stripe and closes the book. What is under way is picked
// up by the next Open. It may be called on a backend that is half open.
func (b *Backend) Close() error {
	var errs []error
	if b.reconciler != nil {
		b.reconciler.Close()
	}
	if b.listener != nil {
		if err := b.listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if b.stripe != nil {
		errs = append(errs, b.stripe.close())
	}
	if b.book != nil {
		errs = append(errs, b.book.Close())
	}
	return errors.Join(errs...)
}

// dataFolder makes and returns the folder of the mode's book.
func dataFolder(cfg config.Config, mode boxoffice.Mode) (string, error) {
	dir := filepath.Join(cfg.Data, string(mode))
	return dir, makeFolder(dir)
}

func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &boxoffice.Error{
			Code:    boxoffice.CodeBookUnusable,
			Message: "The data folder " + dir + " cannot be made. Nothing was changed.",
			Next:    "Check that you may write there, or set WILLCALL_DATA to another folder.",
			Cause:   err,
		}
	}
	return nil
}

func bookPath(dir string) string { return filepath.Join(dir, "book.db") }

func listen(ctx context.Context, addr, name string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err == nil {
		return l, nil
	}
	message := "Willcall cannot listen on " + addr + ". Nothing was changed."
	if errors.Is(err, syscall.EADDRINUSE) {
		message = "Another program uses the address " + addr + ", perhaps a Willcall that is open already. Nothing was changed."
	}
	return nil, &boxoffice.Error{
		Code: boxoffice.CodeAddressTaken, Message: message,
		Next:  "Close the other program, or set " + name + " to another address, such as 127.0.0.1:4390.",
		Cause: err,
	}
}

// line tells the screens how the line to Stripe is.
func line(client *stripeapi.Client) func() api.Stripe {
	return func() api.Stripe {
		u := client.Usage()
		s := api.Stripe{State: api.LineOK, Reads: u.Reads}
		if !u.LastSuccess.IsZero() {
			s.LastSuccessAt = &u.LastSuccess
		}
		switch {
		case u.LastError != nil:
			p := reconcile.Words(u.LastError)
			s.State, s.Problem = api.LineDown, &api.Trouble{Code: api.Code(p.Code), Detail: p.Detail, Next: p.Next}
		case u.LastSuccess.IsZero():
			s.State = api.LineUnknown
		}
		return s
	}
}
