package stripesim

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Kinds of fault. After those marked done, Stripe has done what was asked.
const (
	FaultStatus     = "status"      // an error of Stripe's with the HTTP status of Fault.Status
	FaultHTML       = "html"        // 200 with a captive portal's page
	FaultEmpty      = "empty"       // 200 with {}
	FaultGarbage    = "garbage"     // 200 with bytes that are no JSON
	FaultCut        = "cut"         // done; the connection breaks in the middle of the answer
	FaultDropBefore = "drop_before" // the connection breaks before anything happened
	FaultDropAfter  = "drop_after"  // done; the connection breaks before the answer
	FaultHang       = "hang"        // no answer, until the client gives up
	FaultDelay      = "delay"       // done and answered, Fault.Delay late
)

// Fault is something that goes wrong on demand.
type Fault struct {
	Method string        // "" is any
	Path   string        // start of the URL's path, or a pattern with * for one segment; "" is all of /v1/
	Times  int           // how often it happens; 0 is until cleared
	Kind   string        // one of the kinds above
	Status int           // for FaultStatus: 401, 402, 403, 409, 429, 500, 503 or another
	Code   string        // for FaultStatus: Stripe's code where a status has several, as lock_timeout for 429
	Delay  time.Duration // for FaultDelay
}

func (f Fault) matches(r *http.Request) bool {
	if f.Method != "" && !strings.EqualFold(f.Method, r.Method) {
		return false
	}
	want := f.Path
	if want == "" {
		want = "/v1/"
	}
	if strings.Contains(want, "*") {
		ok, err := path.Match(want, r.URL.Path)
		return ok && err == nil
	}
	return strings.HasPrefix(r.URL.Path, want)
}

// validate tells what is wrong with a fault before it is set.
func (f Fault) validate() error {
	if f.Times < 0 {
		return fmt.Errorf("a fault cannot happen %d times", f.Times)
	}
	switch f.Kind {
	case FaultHTML, FaultEmpty, FaultGarbage, FaultCut, FaultDropBefore, FaultDropAfter, FaultHang:
		return nil
	case FaultStatus:
		if f.Status >= 400 && f.Status <= 599 {
			return nil
		}
		return fmt.Errorf("a fault of kind status needs a status from 400 to 599, not %d", f.Status)
	case FaultDelay:
		if f.Delay > 0 {
			return nil
		}
		return fmt.Errorf("a fault of kind delay needs a delay, such as \"2s\"")
	}
	return fmt.Errorf("there is no fault of kind %q", f.Kind)
}

// faultList are the faults that are set, first match first.
type faultList struct {
	mu   sync.Mutex
	list []Fault
}

// SetFaults replaces all faults; without arguments it clears them.
func (s *Sim) SetFaults(faults ...Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append([]Fault(nil), faults...)
}

func (l *faultList) current() []Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Fault{}, l.list...)
}

// take finds the first fault for r that use accepts, and uses it up by one.
func (l *faultList) take(r *http.Request, use func(Fault) bool) (f Fault, found bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, f := range l.list {
		if !f.matches(r) || !use(f) {
			continue
		}
		switch f.Times {
		case 0:
		case 1:
			l.list = append(l.list[:i:i], l.list[i+1:]...)
		default:
			l.list[i].Times--
		}
		return f, true
	}
	return Fault{}, false
}

// refusal is the error that a status fault has for r. Those of a request that
// had begun (402, 500) are kept under its idempotency key, as at Stripe.
func (l *faultList) refusal(r *http.Request, begun bool) *apiError {
	f, found := l.take(r, func(f Fault) bool {
		return f.Kind == FaultStatus && begun == (f.Status == http.StatusPaymentRequired || f.Status == http.StatusInternalServerError)
	})
	if !found {
		return nil
	}
	return f.apiError(r)
}

// apiError is Stripe's error of the fault's status.
func (f Fault) apiError(r *http.Request) *apiError {
	var e *apiError
	switch f.Status {
	case http.StatusUnauthorized:
		key, _ := bearer(r)
		e = newError(f.Status, invalidRequest, "", "", "Invalid API Key provided: "+masked(key))
	case http.StatusPaymentRequired:
		e = newError(f.Status, "card_error", "card_declined", "", "Your card was declined.")
		e.DeclineCode = "generic_decline"
	case http.StatusForbidden:
		key, _ := bearer(r)
		e = newError(f.Status, invalidRequest, "", "", "The provided key '"+masked(key)+"' does not have the required permissions for this endpoint. Having more permissions would allow this request to continue.")
	case http.StatusConflict:
		e = keyInUse(r.Header.Get("Idempotency-Key"))
	case http.StatusTooManyRequests:
		e = newError(f.Status, invalidRequest, "rate_limit", "", "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.")
		if f.Code == "lock_timeout" {
			e = newError(f.Status, invalidRequest, "lock_timeout", "", "This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate. For more details, see https://stripe.com/docs/rate-limits#object-lock-timeouts.")
		}
	default:
		e = unknownError()
	}
	e.Status = f.Status
	if f.Code != "" && f.Code != e.Code {
		e = newError(f.Status, e.Type, f.Code, "", e.Message)
	}
	return e
}

func unknownError() *apiError {
	return newError(http.StatusInternalServerError, "api_error", "", "", "An unknown error occurred. (This is the simulated Stripe.)")
}

// withFaults stands where the network is: it counts, breaks and delays.
func (s *Sim) withFaults(next *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_sim/") {
			next.ServeHTTP(w, r)
			return
		}
		api := strings.HasPrefix(r.URL.Path, "/v1/")
		if api {
			_, pattern := next.Handler(r)
			s.counts.add(r.Method, pattern)
		}
		f, _ := s.faults.take(r, func(f Fault) bool { return f.Kind != FaultStatus || !api })
		out := &recorder{header: http.Header{}, status: http.StatusOK}
		if !f.before(out, r) {
			next.ServeHTTP(out, r)
		}
		if api && !wait(r.Context(), s.delay()/2) {
			return
		}
		s.mu.Lock()
		out.header.Set("Date", s.clock().Add(s.skew).UTC().Format(http.TimeFormat))
		s.mu.Unlock()
		f.send(w, out)
	})
}

// before does what the fault does in place of Stripe; false lets Stripe do
// it. The zero Fault does nothing here nor in send.
func (f Fault) before(out *recorder, r *http.Request) bool {
	switch f.Kind {
	case FaultStatus:
		out.status = f.Status
		out.text("text/plain; charset=utf-8", http.StatusText(f.Status))
	case FaultHTML:
		out.text("text/html; charset=utf-8", "<!doctype html><title>Welcome to our WiFi</title><h1>Sign in to use this network</h1>")
	case FaultEmpty:
		out.text("application/json", "{}")
	case FaultGarbage:
		out.text("application/json", "\x1f\x8b\x00{\"object\": \"li")
	case FaultDropBefore:
		panic(http.ErrAbortHandler) // how net/http breaks a connection
	case FaultHang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case FaultDelay:
		if !wait(r.Context(), f.Delay) {
			panic(http.ErrAbortHandler)
		}
		return false
	default:
		return false
	}
	return true
}

// send passes the answer on, or breaks the connection instead.
func (f Fault) send(w http.ResponseWriter, out *recorder) {
	if f.Kind == FaultDropAfter {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), out.header)
	body := out.body.Bytes()
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(out.status)
	if f.Kind == FaultCut {
		_, _ = w.Write(body[:len(body)/2])
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(body) // a client that has gone is no concern of ours
}

// recorder holds an answer back until its time.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

func (r *recorder) text(contentType, body string) {
	r.header.Set("Content-Type", contentType)
	r.body.WriteString(body)
}
