package stripeapi_test

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"willcall/backend/stripeapi"
)

// behaving listens on a loopback port and lets do have each connection.
func behaving(t *testing.T, do func(net.Conn)) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			do(conn)
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return "http://" + l.Addr().String()
}

// reset breaks the connection as a router does that has forgotten it.
func reset(conn net.Conn) {
	_ = conn.(*net.TCPConn).SetLinger(0) // the other end sees "connection reset"
	conn.Close()
}

// read takes the whole request off the line.
func read(conn net.Conn) {
	if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
}

// TestWhatABrokenLineMeans: only where no connection was had is it certain
// that Stripe never saw the request.
func TestWhatABrokenLineMeans(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(net.Conn)
		want stripeapi.Failure
	}{
		{"reset before it is read", func(c net.Conn) { _, _ = c.Read(make([]byte, 1)); reset(c) }, stripeapi.Lost},
		{"reset after it is read", func(c net.Conn) { read(c); reset(c) }, stripeapi.Lost},
		{"closed without an answer", func(c net.Conn) { read(c); c.Close() }, stripeapi.Lost},
		{"broken in the header", func(c net.Conn) { read(c); _, _ = io.WriteString(c, "HTTP/1.1 200 O"); reset(c) }, stripeapi.Lost},
		{"broken in the body", func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"object\": \"checkout.session\", \"id\": \"cs")
			c.Close()
		}, stripeapi.Lost},
		{"broken in the body of a refusal", func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nContent-Length: 900\r\n\r\n{\"error\": {\"type\": \"invalid_re")
			c.Close()
		}, stripeapi.NotStripe},
		{"broken in the body of a fault", func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, "HTTP/1.1 500 Oh\r\nContent-Length: 900\r\n\r\n{")
			c.Close()
		}, stripeapi.Broken},
		{"not HTTP at all", func(c net.Conn) { read(c); _, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.2\r\n\r\n"); c.Close() }, stripeapi.Lost},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := client(behaving(t, c.do)).CreateSession(t.Context(), "tdr-1-create", request())
			failure := failed(t, err)
			if failure.Failure != c.want || failure.NothingDone(false) {
				t.Errorf("it is %v, want %s, which proves nothing", failure, c.want)
			}
		})
	}
}

func TestNoConnectionIsUnsent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	l.Close() // nobody listens there now
	foreign := httptest.NewUnstartedServer(says(200, portal))
	foreign.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	foreign.StartTLS() // a portal that plays Stripe has no certificate for it
	defer foreign.Close()
	for name, c := range map[string]*stripeapi.Client{
		"refused":                client(url),
		"no such host":           client("http://stripe.invalid", noNames),
		"a certificate not ours": client(foreign.URL),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.CreateSession(t.Context(), "tdr-1-create", request())
			failure := failed(t, err)
			if failure.Failure != stripeapi.Unsent || !failure.NothingDone(false) || failure.NothingDone(true) {
				t.Errorf("it is %v", failure)
			}
		})
	}
}

// noNames is a laptop without a network.
func noNames(opt *stripeapi.Options) {
	opt.Transport = tripper(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "stripe.invalid", IsNotFound: true}}
	})
}

// TestTimeLimit: an answer that does not come, and one that does not end.
func TestTimeLimit(t *testing.T) {
	hold := make(chan struct{})
	defer close(hold)
	for name, do := range map[string]func(net.Conn){
		"no answer": func(c net.Conn) { go func() { <-hold; c.Close() }() },
		"no end": func(c net.Conn) {
			read(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")
			go func() { <-hold; c.Close() }()
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := client(behaving(t, do), func(o *stripeapi.Options) { o.Timeout = time.Second })
			_, err := c.CreateSession(t.Context(), "tdr-1-create", request())
			if failure := failed(t, err); failure.Failure != stripeapi.Lost {
				t.Errorf("it is %v, want lost", failure)
			}
		})
	}
}

// TestAKeptConnectionThatDies: Go's transport sends a request with an
// idempotency key again by itself, and reports how the last try ended. The
// first may have got through.
func TestAKeptConnectionThatDies(t *testing.T) {
	var asked atomic.Int32
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			says(200, `{"object": "balance"}`)(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		server.Listener.Close() // the next dial is refused
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		reset(conn)
	}))
	defer server.Close()
	c := client(server.URL)
	if _, err := c.Livemode(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := c.CreateSession(t.Context(), "tdr-1-create", request())
	failure := failed(t, err)
	if asked.Load() != 2 || !strings.Contains(failure.Message, "refused") {
		t.Fatalf("the case did not come about: asked %d times, %v", asked.Load(), failure)
	}
	if failure.Failure != stripeapi.Lost {
		t.Errorf("it is %v, want lost: the first try was read by Stripe", failure)
	}
}

// TestHTTP2 is how Stripe really speaks.
func TestHTTP2(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("the request came over %s", r.Proto)
		}
		if r.Method == http.MethodPost {
			panic(http.ErrAbortHandler)
		}
		says(200, `{"object": "balance", "livemode": true}`)(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	c := client(server.URL, func(o *stripeapi.Options) { o.Transport = server.Client().Transport })
	if live, err := c.Livemode(t.Context()); err != nil || !live {
		t.Errorf("Livemode: %v, %v", live, err)
	}
	_, err := c.CreateSession(t.Context(), "tdr-1-create", request())
	if failure := failed(t, err); failure.Failure != stripeapi.Lost {
		t.Errorf("a stream that Stripe reset is %v, want lost", failure)
	}
}

// TestNoRedirectIsFollowed: Stripe's API has none, and the order is nobody
// else's business.
func TestNoRedirectIsFollowed(t *testing.T) {
	elsewhere, told := answering(t, says(200, portal))
	for _, status := range []int{301, 302, 303, 307, 308} {
		url, _ := answering(t, says(status, "", "Location", elsewhere+"/login"))
		for name, err := range everything(t.Context(), client(url)) {
			if failure := failed(t, err); failure.Failure != stripeapi.NotStripe {
				t.Errorf("%d: %s is %v, want not_stripe", status, name, failure)
			}
		}
	}
	if told() > 0 {
		t.Errorf("the redirect was followed %d times", told())
	}
}

// TestAResendIsNoFirstTry: Stripe read the request and the kept connection
// died, so Go's transport sent it again by itself. A refusal of the second
// proves nothing about the first.
func TestAResendIsNoFirstTry(t *testing.T) {
	for _, status := range []int{401, 403, 429} {
		var asked atomic.Int32
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch asked.Add(1) {
			case 1:
				says(200, `{"object": "balance"}`)(w, r)
			case 2:
				_, _ = io.Copy(io.Discard, r.Body)
				conn, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				reset(conn)
			default:
				says(status, `{"error": {"type": "invalid_request_error", "message": "No."}}`)(w, r)
			}
		}))
		c := client(server.URL)
		if _, err := c.Livemode(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := c.CreateSession(t.Context(), "tdr-1-create", request())
		failure := failed(t, err)
		if asked.Load() != 3 || failure.Status != status {
			t.Fatalf("the case did not come about: asked %d times, %v", asked.Load(), failure)
		}
		if !failure.Resent || failure.NothingDone(false) {
			t.Errorf("%d: taken as proof that nothing was done: %v", status, failure)
		}
		server.Close()
	}
}
