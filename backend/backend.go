package backend

import (
	"context"
	"crypto/tls"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // events are shown in their own zone, also where the system knows none

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/config"
	"willcall/backend/paper"
	"willcall/backend/reconcile"
	"willcall/backend/secrets"
	"willcall/backend/stripeapi"
)

// register is the name of this till in the book.
const register = "till-1"

// Options are what the program itself brings.
type Options struct {
	Version string
	Screens fs.FS // the built frontend
	Log     *slog.Logger
	// OpenBrowser shows an address in the system's browser, and says whether it
	// could; nil where the screens are in a browser already.
	OpenBrowser func(url string) bool

	sealing int          // tests seal with less work; 0 is as it should be
	pinCost secrets.Cost // and hash PINs with less
}

// Backend is a till that is open: a listener, and the book that is on the
// screens.
type Backend struct {
	cfg      config.Config
	opt      Options
	log      *slog.Logger
	now      func() time.Time
	gate     *secrets.Gate
	fonts    func() *paper.Fonts
	listener net.Listener
	secure   net.Listener // TLS: the page on which cards are typed

	switching sync.Mutex                    // held while another book is opened
	left      map[config.Book]chan struct{} // books that were left; closed when one is put away; switching is held

	mu      sync.Mutex
	book    *book
	stopped bool
}

// Open opens the book that was open last, begins to listen, and starts
// everything but the serving of requests, which is Run's. The errors are
// *boxoffice.Error, with what to do.
func Open(ctx context.Context, cfg config.Config, opt Options) (*Backend, error) {
	b := &Backend{cfg: cfg, opt: opt, log: opt.Log, now: time.Now, left: map[config.Book]chan struct{}{}, fonts: sync.OnceValue(func() *paper.Fonts { return paper.SystemFonts(cfg.Data, opt.Log) })}
	if err := b.open(ctx); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (b *Backend) open(ctx context.Context) (err error) {
	if err := makeFolder(b.cfg.Data); err != nil {
		return err
	}
	name := b.cfg.Book
	if name == "" {
		if name, err = config.LastBook(b.cfg.Data); err != nil {
			return unusableFolder(b.cfg.Data, err)
		}
	}
	if b.gate, err = secrets.OpenGate(secrets.GateOptions{Dir: b.cfg.Data, Cost: b.opt.pinCost}); err != nil {
		return &boxoffice.Error{
			Code:    boxoffice.CodeBookUnusable,
			Message: "The file that keeps the administrator's PIN (admin.pin) cannot be read. Nothing was changed.",
			Next:    "Put it back from a copy of the data folder, or remove it to set another PIN.",
			Cause:   err,
		}
	}
	if b.listener, err = listen(ctx, b.cfg.Addr, "WILLCALL_ADDR"); err != nil {
		return err
	}
	if b.secure, err = listen(ctx, b.cfg.PayAddr, "WILLCALL_PAY_ADDR"); err != nil {
		return err
	}
	b.book, err = b.openBook(ctx, name)
	return err
}

// current is the book that is on the screens.
func (b *Backend) current() *book {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.book
}

// Handler is the till: API, stream and screens, behind the guard. It follows
// when another book is opened.
func (b *Backend) Handler() http.Handler {
	return api.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.current().ServeHTTP(w, r) }))
}

// Addr is the address that the till listens on.
func (b *Backend) Addr() string { return b.listener.Addr().String() }

// Mode is what the open book is for.
func (b *Backend) Mode() boxoffice.Mode { return modeOf(b.current().name) }

// Run serves until ctx ends, then lets requests under way finish for a moment.
func (b *Backend) Run(ctx context.Context) error {
	requests, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	unused := &silent{open: map[net.Conn]bool{}}
	server := func(h http.Handler) *http.Server {
		return &http.Server{
			Handler: h, ReadHeaderTimeout: 10 * time.Second, ConnState: unused.track,
			BaseContext: func(net.Listener) context.Context { return requests },
			ErrorLog:    slog.NewLogLogger(b.log.Handler(), slog.LevelDebug), // a browser that does not know the certificate says so at each try
		}
	}
	open, secure := server(b.Handler()), server(b.page())
	certificate, err := b.certificate()
	if err != nil {
		return err
	}
	secure.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	ended := make(chan error, 2)
	go func() { ended <- open.Serve(b.listener) }()
	go func() { ended <- secure.ServeTLS(b.secure, "", "") }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		err = nil
	}
	cut() // ends the live streams, which would otherwise never finish
	unused.end()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	for _, s := range []*http.Server{open, secure} {
		if failed := s.Shutdown(grace); failed != nil {
			err = errors.Join(err, failed, s.Close())
		}
	}
	return err
}

// Close puts the book away, with those that were left, and ends listening. It
// may be called on a backend that is half open.
func (b *Backend) Close() error {
	b.switching.Lock()
	b.mu.Lock()
	open := b.book
	b.stopped = true
	b.mu.Unlock()
	b.switching.Unlock() // a request that waits for it is waited for; no book is opened any more
	var errs []error
	for _, l := range []net.Listener{b.listener, b.secure} {
		if l == nil {
			continue
		}
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if open != nil {
		errs = append(errs, open.close())
	}
	for _, away := range b.left {
		<-away
	}
	return errors.Join(errs...)
}

// dataFolder makes and returns the folder of the book.
func dataFolder(cfg config.Config, name config.Book) (string, error) {
	dir := filepath.Join(cfg.Data, string(name))
	return dir, makeFolder(dir)
}

func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return unusableFolder(dir, err)
	}
	return nil
}

func unusableFolder(dir string, cause error) error {
	return &boxoffice.Error{
		Code:    boxoffice.CodeBookUnusable,
		Message: "The data folder " + dir + " cannot be used. Nothing was changed.",
		Next:    "Check that you may write there, or set WILLCALL_DATA to another folder.",
		Cause:   cause,
	}
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

// line tells the screens how the line to Stripe is: whether it is reached, and
// takes the key. What it refused is no matter of the line.
func line(client *stripeapi.Client) func() api.Stripe {
	return func() api.Stripe {
		u := client.Usage()
		s := api.Stripe{State: api.LineOK, Reads: u.Reads}
		if !u.LastSuccess.IsZero() {
			s.LastSuccessAt = &u.LastSuccess
		}
		switch {
		case u.LastError != nil && u.LastError.OfRequest(): // whoever asked is told
		case u.LastError != nil:
			p := reconcile.Words(u.LastError)
			s.State, s.Problem = api.LineDown, &api.Trouble{Code: api.Code(p.Code), Detail: p.Detail, Next: p.Next}
		case u.LastSuccess.IsZero():
			s.State = api.LineUnknown
		}
		return s
	}
}
