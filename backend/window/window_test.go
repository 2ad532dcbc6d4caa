package window

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
)

// fakeProgram is a till whose handler and end the test decides.
type fakeProgram struct {
	http.HandlerFunc
	stops  chan error // what Run returns with before the window closes
	closed atomic.Int32
}

func newFakeProgram(h http.HandlerFunc) *fakeProgram {
	return &fakeProgram{HandlerFunc: h, stops: make(chan error, 1)}
}

func (p *fakeProgram) Handler() http.Handler { return p.HandlerFunc }

func (p *fakeProgram) Run(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-p.stops:
		return err
	}
}

func (p *fakeProgram) Close() error {
	p.closed.Add(1)
	return nil
}

// testWindow is a window over a program, or over the errors that come before it opens.
func testWindow(t *testing.T, p Program, failures ...error) (w *Window, opened *atomic.Int32, log *bytes.Buffer) {
	t.Helper()
	opened, log = new(atomic.Int32), new(bytes.Buffer)
	logger := slog.New(slog.NewTextHandler(log, nil))
	w = New(t.Context(), logger, func(context.Context) (Program, error) {
		if n := int(opened.Add(1)); n <= len(failures) {
			return nil, failures[n-1]
		}
		return p, nil
	})
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Errorf("closing the window: %v", err)
		}
	})
	return w, opened, log
}

func get(w http.Handler, target string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, target, http.NoBody))
	return rec
}

func TestWindowOpensOnceForRequestsThatComeTogether(t *testing.T) {
	w, opened, _ := testWindow(t, newFakeProgram(func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "the till") }))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if got := get(w, "/").Body.String(); got != "the till" {
				t.Errorf("got %q, want the till", got)
			}
		})
	}
	wg.Wait()
	if n := opened.Load(); n != 1 {
		t.Errorf("opened %d times, want once", n)
	}
}

func TestWindowDoesNothingBeforeItIsAsked(t *testing.T) {
	w, opened, _ := testWindow(t, newFakeProgram(nil))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if opened.Load() != 0 {
		t.Error("it opened the till without a request; Wails' own build would then take its port")
	}
}

func TestWindowPassesTheRequestOn(t *testing.T) {
	type seen struct {
		Method, Path, Body string
		Length             int64
	}
	tests := []struct {
		name    string
		request *http.Request
		want    seen
	}{
		{"a question without a body", httptest.NewRequest(http.MethodGet, "/api/orders?q=a", http.NoBody),
			seen{Method: "GET", Path: "/api/orders"}},
		{"a body of unknown length", httptest.NewRequest(http.MethodPost, "/api/orders", io.MultiReader(strings.NewReader("{}"))),
			seen{Method: "POST", Path: "/api/orders", Body: "{}", Length: -1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.request.ContentLength = -1 // what Wails says of every request
			var got seen
			w, _, _ := testWindow(t, newFakeProgram(func(_ http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				got = seen{r.Method, r.URL.Path, string(body), r.ContentLength}
			}))
			w.ServeHTTP(httptest.NewRecorder(), tt.request)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWindowShowsWhyItCouldNotOpen(t *testing.T) {
	locked := &boxoffice.Error{Code: boxoffice.CodeBookLocked, Message: "Another Willcall <has> the book open.", Next: "Use that window.", Cause: errors.New("sk_test_never_shown")}
	tests := []struct {
		name, target string
		err          error
		status       int
		want, not    []string
	}{
		{"the page", "/", locked, http.StatusOK,
			[]string{"Willcall could not open", "Another Willcall &lt;has&gt; the book open.", "Use that window.", `href="/?again"`}, []string{"sk_test", "<has>"}},
		{"the page by its file's name", "/index.html", locked, http.StatusOK, []string{"Use that window."}, nil},
		{"an error without words", "/", errors.New("no such door"), http.StatusOK, []string{"no such door", "Try again."}, nil},
		{"the page's own calls", "/api/status", locked, http.StatusServiceUnavailable, []string{"not open"}, []string{"<html"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, _, _ := testWindow(t, newFakeProgram(nil), tt.err, tt.err)
			rec := get(w, tt.target)
			if rec.Code != tt.status {
				t.Errorf("status %d, want %d", rec.Code, tt.status)
			}
			for _, s := range tt.want {
				if !strings.Contains(rec.Body.String(), s) {
					t.Errorf("the answer lacks %q:\n%s", s, rec.Body)
				}
			}
			for _, s := range tt.not {
				if strings.Contains(rec.Body.String(), s) {
					t.Errorf("the answer has %q:\n%s", s, rec.Body)
				}
			}
		})
	}
}

func TestWindowTriesAgainOnlyWhenAsked(t *testing.T) {
	w, opened, _ := testWindow(t, newFakeProgram(func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "the till") }), errors.New("locked"))
	for _, step := range []struct {
		target string
		opened int32
		want   string
	}{
		{"/", 1, "could not open"},
		{"/", 1, "could not open"},
		{"/?again", 2, "the till"},
		{"/?again", 2, "the till"},
	} {
		body := get(w, step.target).Body.String()
		if !strings.Contains(body, step.want) || opened.Load() != step.opened {
			t.Errorf("%s: opened %d times, want %d; the answer should have %q:\n%s", step.target, opened.Load(), step.opened, step.want, body)
		}
	}
}

// goneWriter is Wails' writer after the page went away. It cannot flush, as theirs cannot.
type goneWriter struct{ header http.Header }

func (w *goneWriter) Header() http.Header       { return w.header }
func (w *goneWriter) WriteHeader(int)           {}
func (w *goneWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWindowEndsAStreamWhosePageWentAway(t *testing.T) {
	w, _, _ := testWindow(t, newFakeProgram(func(rw http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(rw).Flush(); err != nil {
			t.Errorf("a stream cannot flush: %v", err)
		}
		if err := http.NewResponseController(rw).SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
			t.Errorf("a stream cannot set a deadline: %v", err)
		}
		if r.Context().Err() != nil {
			t.Error("cancelled before anything was written")
		}
		fmt.Fprint(rw, ": heartbeat\n\n")
		<-r.Context().Done()
	}))
	w.ServeHTTP(&goneWriter{header: http.Header{}}, httptest.NewRequest(http.MethodGet, "/api/stream", http.NoBody))
}

func TestWindowSurvivesAPanic(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
		status  int
		body    string
		logged  bool
	}{
		{"before an answer", func(http.ResponseWriter, *http.Request) { panic("a mistake") }, http.StatusInternalServerError, "error of its own", true},
		{"within an answer", func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "half"); panic("a mistake") }, http.StatusOK, "half", true},
		{"an answer given up on purpose", func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "half"); panic(http.ErrAbortHandler) }, http.StatusOK, "half", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, _, log := testWindow(t, newFakeProgram(tt.handler))
			rec := get(w, "/api/orders")
			if rec.Code != tt.status || !strings.Contains(rec.Body.String(), tt.body) {
				t.Errorf("got %d %q, want %d with %q", rec.Code, rec.Body, tt.status, tt.body)
			}
			if logged := strings.Contains(log.String(), "a mistake"); logged != tt.logged {
				t.Errorf("logged: %v, want %v\n%s", logged, tt.logged, log)
			}
		})
	}
}

func TestWindowClosesTheBookLast(t *testing.T) {
	started := make(chan struct{})
	p := newFakeProgram(func(_ http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done()
	})
	w, opened, _ := testWindow(t, p)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		get(w, "/api/stream")
	}()
	<-started
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	<-ended
	if n := p.closed.Load(); n != 1 {
		t.Errorf("the book was closed %d times, want once", n)
	}
	if code := get(w, "/api/orders").Code; code != http.StatusServiceUnavailable || opened.Load() != 1 {
		t.Errorf("a closing window answered %d and had opened %d times, want 503 and once", code, opened.Load())
	}
}

func TestWindowSaysThatTheTillStopped(t *testing.T) {
	p := newFakeProgram(func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "the till") })
	w, _, _ := testWindow(t, p)
	reloaded := make(chan struct{})
	w.OnStop(func() { close(reloaded) })
	get(w, "/")
	p.stops <- &boxoffice.Error{Code: boxoffice.CodeDiskFull, Message: "The disk is full.", Next: "Make room."}
	<-reloaded
	if body := get(w, "/").Body.String(); !strings.Contains(body, "The disk is full.") {
		t.Errorf("the page does not say why:\n%s", body)
	}
	if n := p.closed.Load(); n != 1 {
		t.Errorf("the book was closed %d times, want once", n)
	}
}

func TestWindowIsTrustedWithoutANetwork(t *testing.T) {
	guarded := api.Guard(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "the till") }))
	asked := func() *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/api/status", http.NoBody)
		r.Host, r.RemoteAddr = "wails", "192.0.2.1:1234" // what Wails says of every request
		return r
	}
	refused := httptest.NewRecorder()
	guarded.ServeHTTP(refused, asked())
	if refused.Code == http.StatusOK {
		t.Fatal("the guard lets a foreign host in, so that the rest of this test proves nothing")
	}
	w, _, _ := testWindow(t, newFakeProgram(guarded.ServeHTTP))
	let := httptest.NewRecorder()
	w.ServeHTTP(let, asked())
	if let.Body.String() != "the till" {
		t.Errorf("the window was answered %d %s", let.Code, let.Body)
	}
}
