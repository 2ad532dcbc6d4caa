// Package window answers the desktop window in process: the screens in it speak
// to the very handler that a browser reaches over a socket. Where the till
// cannot be opened it shows why, with what to do and a way to try again.
//
// It must not know Wails, so that all of it is tested without a display.
package window

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"willcall/backend/api"
)

// Program is what the window shows: *backend.Backend, once it is open.
type Program interface {
	Handler() http.Handler
	Run(ctx context.Context) error
	Close() error
}

// Window is the handler of one desktop window. It opens the program at the
// first request, and makes up for what Wails does not do: flush a writer,
// cancel a request, and survive a panic.
type Window struct {
	logger *slog.Logger
	open   func(context.Context) (Program, error)
	ctx    context.Context // marked as the window's own; ends when the window closes
	stop   context.CancelFunc

	mu      sync.Mutex
	reload  func() // makes the window ask for its page again; nil until there is a window
	closed  bool
	running *running // nil until it has opened, and after it has failed
	failure error
}

// New is a window over the program that open opens. It works until ctx ends or the window is closed.
func New(ctx context.Context, logger *slog.Logger, open func(context.Context) (Program, error)) *Window {
	ctx, stop := context.WithCancel(api.InWindow(ctx))
	return &Window{logger: logger, open: open, ctx: ctx, stop: stop}
}

// OnStop sets what makes the window ask for its page again, for when the program stops by itself.
func (w *Window) OnStop(reload func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reload = reload
}

// running is a program at work; ran is closed when its Run has returned.
type running struct {
	Program
	handler http.Handler
	ran     chan struct{}
}

// errWindowClosed answers what the page still asks for while the window goes away.
var errWindowClosed = errors.New("the window is closing")

// ServeHTTP answers one request of the window.
func (w *Window) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	out := &windowWriter{ResponseWriter: rw, cancel: cancel}
	defer w.survive(out, r)

	handler, err := w.current(r.URL.Query().Has("again"))
	if err != nil {
		w.refuse(out, r, err)
		return
	}
	if r.Body == http.NoBody {
		r.ContentLength = 0 // Wails says "unknown", which would make a proxy send an empty body in chunks
	}
	handler.ServeHTTP(out, r.WithContext(ctx))
}

// current is the open program's handler. The first call opens it, and so does one with again set after a failure;
// requests that come meanwhile wait.
func (w *Window) current(again bool) (http.Handler, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed:
		return nil, errWindowClosed
	case w.running != nil:
		return w.running.handler, nil
	case w.failure != nil && !again:
		return nil, w.failure
	}
	p, err := w.open(w.ctx)
	w.failure = err
	if err != nil {
		w.logger.Error("the window could not open the till", "error", err)
		return nil, err
	}
	w.running = &running{Program: p, handler: p.Handler(), ran: make(chan struct{})}
	go w.run(w.running)
	return w.running.handler, nil
}

// run works until the window closes. A program that stops by itself is put away, and the window says why.
func (w *Window) run(r *running) {
	err := r.Run(w.ctx)
	close(r.ran)
	if err == nil || w.ctx.Err() != nil {
		return
	}
	w.logger.Error("the till stopped", "error", err)
	w.mu.Lock()
	mine, reload := w.running == r, w.reload
	if mine {
		w.running, w.failure = nil, err
	}
	w.mu.Unlock()
	if !mine {
		return
	}
	if err := r.Close(); err != nil {
		w.logger.Error("the till did not close cleanly", "error", err)
	}
	if reload != nil {
		reload()
	}
}

// Close ends every request, waits for the program's work to end, and closes its book.
func (w *Window) Close() error {
	w.stop()
	w.mu.Lock()
	r := w.running
	w.closed, w.running = true, nil
	w.mu.Unlock()
	if r == nil {
		return nil
	}
	<-r.ran
	return r.Close()
}

// refuse answers a request that no program is there for: a page for a person, a bare status for the page's own calls.
func (w *Window) refuse(out *windowWriter, r *http.Request, err error) {
	if r.URL.Path != "/" && r.URL.Path != "/index.html" {
		http.Error(out, "Willcall is not open.", http.StatusServiceUnavailable)
		return
	}
	out.Header().Set("Content-Type", "text/html; charset=utf-8")
	out.Header().Set("Cache-Control", "no-store")
	f := Explain(err)
	f.Retry = "/?again"
	// The status stays 200: Wails throws the body of any other away.
	if err := f.render(out); err != nil {
		w.logger.Error("the failure page was not shown", "error", err)
	}
}

// survive keeps a handler's panic from ending the program: net/http does so on a socket, Wails does not.
func (w *Window) survive(out *windowWriter, r *http.Request) {
	cause := recover()
	if err, ok := cause.(error); cause == nil || ok && errors.Is(err, http.ErrAbortHandler) {
		return
	}
	w.logger.Error("a request of the window panicked", "method", r.Method, "path", r.URL.Path, "cause", cause, "stack", string(debug.Stack()))
	if out.wrote {
		return
	}
	http.Error(out, "Willcall met an error of its own.", http.StatusInternalServerError)
}

// windowWriter is Wails' writer with what a stream needs. A page that goes away shows only as a failed write, so that
// cancels the request; every stream sends a heartbeat, so none outlives its page for long.
type windowWriter struct {
	http.ResponseWriter
	cancel context.CancelFunc
	wrote  bool
}

// WriteHeader sends the status.
func (w *windowWriter) WriteHeader(status int) {
	w.wrote = true
	w.ResponseWriter.WriteHeader(status)
}

// Write sends b to the page, and cancels the request when nobody takes it.
func (w *windowWriter) Write(b []byte) (int, error) {
	w.wrote = true
	n, err := w.ResponseWriter.Write(b)
	if err != nil {
		w.cancel()
	}
	return n, err
}

// Flush does nothing: what is written goes straight to the page. It is there because a stream refuses to start without it.
func (w *windowWriter) Flush() {}

// SetWriteDeadline does nothing either: a page in the same program takes what it is sent, or is gone.
func (w *windowWriter) SetWriteDeadline(time.Time) error { return nil }
