package stripesim

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// portalPath is where a captive portal sends who is not signed in. It is
// answered here so that a client that follows finds a page.
const portalPath = "/portal/sign-in"

const portalPage = "<!doctype html><title>Welcome to our WiFi</title><h1>Sign in to use this network</h1>"

// withFaults stands where the network is: it counts, breaks and delays.
func (s *Sim) withFaults(next *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/_sim/"):
			next.ServeHTTP(w, r)
			return
		case r.URL.Path == portalPath:
			out := newParcel()
			out.text("text/html; charset=utf-8", portalPage)
			out.send(w, r)
			return
		}
		api := strings.HasPrefix(r.URL.Path, "/v1/")
		pattern := ""
		if api {
			_, pattern = next.Handler(r)
			s.counts.add(r.Method, pattern)
		}
		faults := s.faults.take(r, s.time(), func(f Fault) bool {
			return (!f.refuses() || !api) && (f.Kind != FaultEmptyPage || lists(pattern))
		})
		out := newParcel()
		if !out.intercepted(faults, r) {
			next.ServeHTTP(out, otherWords(r, faults))
		}
		if api && !wait(r.Context(), s.delay()/2) {
			return
		}
		if api && out.status == http.StatusTooManyRequests {
			s.counts.refuse(pattern)
		}
		out.header.Set("Date", s.time().Format(http.TimeFormat))
		for _, f := range faults {
			out.spoil(f, r)
		}
		out.send(w, r)
		s.killInTheMiddle(w, pattern, out)
	})
}

// parcel holds an answer back until its time, and knows how it will go
// wrong on its way.
type parcel struct {
	header http.Header
	status int
	body   bytes.Buffer
	ends   string        // the kind of fault that ends it; "" if it arrives
	takes  time.Duration // for the body to come
}

func newParcel() *parcel { return &parcel{header: http.Header{}, status: http.StatusOK} }

// Header is for the handler that answers.
func (p *parcel) Header() http.Header { return p.header }

// WriteHeader is for the handler that answers.
func (p *parcel) WriteHeader(status int) { p.status = status }

// Write is for the handler that answers.
func (p *parcel) Write(b []byte) (int, error) { return p.body.Write(b) }

func (p *parcel) text(contentType, body string) {
	p.header.Set("Content-Type", contentType)
	p.body.WriteString(body)
}

// intercepted does what the faults do in place of Stripe; false lets Stripe do
// it.
func (p *parcel) intercepted(faults []Fault, r *http.Request) bool {
	for _, f := range faults {
		if f.Kind == FaultDelay && !wait(r.Context(), f.Delay) {
			panic(http.ErrAbortHandler)
		}
	}
	for _, f := range faults {
		if p.intercept(f, r) {
			return true
		}
	}
	return false
}

func (p *parcel) intercept(f Fault, r *http.Request) bool {
	switch f.Kind {
	case FaultStatus, FaultStorm, FaultLock: // on a page, which has no errors of the API's form
		p.status = f.plain()
		p.text("text/plain; charset=utf-8", http.StatusText(p.status))
	case Fault503:
		p.status = http.StatusServiceUnavailable
		p.text("text/html", "<html><head><title>503 Service Temporarily Unavailable</title></head><body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>")
	case FaultHTML:
		p.text("text/html; charset=utf-8", portalPage)
	case FaultPortal:
		p.status = http.StatusFound
		p.header.Set("Location", portalPath)
		p.text("text/html; charset=utf-8", portalPage)
	case FaultEmpty:
		p.text("application/json", "{}")
	case FaultGarbage:
		p.text("application/json", "\x1f\x8b\x00{\"object\": \"li")
	case FaultDropBefore, FaultReset, FaultTLS:
		p.ends = f.Kind
	case FaultHang:
		<-r.Context().Done()
		p.ends = f.Kind
	default:
		return false
	}
	return true
}

// spoil does to an answer what happens to it after Stripe gave it.
func (p *parcel) spoil(f Fault, r *http.Request) {
	switch f.Kind {
	case FaultDate:
		if at, err := http.ParseTime(p.header.Get("Date")); err == nil {
			p.header.Set("Date", at.Add(f.Delay).Format(http.TimeFormat))
		}
	case FaultNoDate:
		p.header["Date"] = nil // keeps net/http from adding its own
	case FaultTrickle:
		p.takes = f.Delay
	case FaultEmptyPage:
		p.emptyPage(r)
	case FaultShort:
		p.body.Truncate(p.body.Len() / 2)
	case FaultCut, FaultDropAfter, FaultOtherWords:
		if p.ends == "" {
			p.ends = f.Kind
		}
	}
}

// lists tells whether an endpoint answers with a list.
func lists(pattern string) bool {
	return strings.HasPrefix(pattern, http.MethodGet+" ") && !strings.HasSuffix(pattern, "}") && !strings.HasSuffix(pattern, "/balance") && !strings.HasSuffix(pattern, "/account")
}

// emptyPage takes everything out of a list and says that there is more. What
// is no list stays.
func (p *parcel) emptyPage(r *http.Request) {
	var l page
	if json.Unmarshal(p.body.Bytes(), &l) != nil || l.Object != "list" {
		return
	}
	p.body.Reset()
	_ = json.NewEncoder(&p.body).Encode(page{Object: "list", Data: []any{}, HasMore: true, URL: r.URL.Path}) // a buffer takes everything
}

// send passes the answer on, or breaks the connection instead.
func (p *parcel) send(w http.ResponseWriter, r *http.Request) {
	switch p.ends {
	case FaultReset:
		sever(w, nil)
	case FaultTLS:
		_, _ = io.Copy(io.Discard, r.Body) // what is left unread would turn the end into a reset
		sever(w, alert())
	case FaultDropBefore, FaultDropAfter, FaultOtherWords, FaultHang:
		panic(http.ErrAbortHandler) // how net/http breaks a connection
	}
	maps.Copy(w.Header(), p.header)
	body := p.body.Bytes()
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.status)
	switch {
	case p.ends == FaultCut:
		_, _ = w.Write(body[:len(body)/2])
		flush(w)
		panic(http.ErrAbortHandler)
	case p.takes > 0:
		p.trickle(w, r, body)
	default:
		_, _ = w.Write(body) // a client that has gone is no concern of ours
	}
}

// drops is how many pieces a trickling body comes in, at most.
const drops = 200

// trickle sends the body in small pieces, byte by byte where it is short.
func (p *parcel) trickle(w http.ResponseWriter, r *http.Request, body []byte) {
	size := max(1, (len(body)+drops-1)/drops)
	pieces := (len(body) + size - 1) / size
	for len(body) > 0 {
		if !wait(r.Context(), p.takes/time.Duration(pieces)) {
			panic(http.ErrAbortHandler)
		}
		n := min(size, len(body))
		_, _ = w.Write(body[:n])
		flush(w)
		body = body[n:]
	}
}

func flush(w http.ResponseWriter) {
	_ = http.NewResponseController(w).Flush() // where it cannot be flushed, it comes at the end
}

// alert is TLS's fatal handshake_failure. The simulator speaks plain HTTP, so
// that the client finds no HTTP in it and says so in its own words; a failed
// certificate it does not see. Source: RFC 8446, section 6.
func alert() []byte { return []byte{0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28} }

// sever takes the connection out of net/http's hands and ends it: with these
// last bytes, or with a reset if there are none. Where there is no connection
// to take (HTTP/2, a recorder) it is aborted.
func sever(w http.ResponseWriter, last []byte) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok && last == nil {
		_ = tcp.SetLinger(0) // a connection that is closed already needs no reset
	}
	_, _ = conn.Write(last)
	_ = conn.Close()
	panic(http.ErrAbortHandler)
}
