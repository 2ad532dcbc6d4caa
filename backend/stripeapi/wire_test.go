package stripeapi_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/internal/testkit"
	"willcall/backend/stripeapi"
)

// TestStripesClockIsLearned: a laptop hours off must not change what Stripe is
// asked for.
func TestStripesClockIsLearned(t *testing.T) {
	const late = time.Second / 2 // a Date has whole seconds
	for _, off := range []time.Duration{0, 26 * time.Hour, -26 * time.Hour, 10 * 365 * 24 * time.Hour} {
		local := testkit.NewClock()
		stripe := local.Now().Add(off)
		asked := 0
		c := client("http://stripe.invalid", func(o *stripeapi.Options) {
			o.Now = local.Now
			o.Transport = tripper(func(*http.Request) (*http.Response, error) { asked++; return balance(stripe), nil })
		})
		if got := c.Now(); !got.Equal(local.Now()) {
			t.Errorf("before any answer it is %v, want the local %v", got, local.Now())
		}
		at, err := c.Clock(t.Context())
		if err != nil || !at.Equal(stripe.Add(late)) || asked != 1 {
			t.Errorf("%v off: Stripe's time is %v (asked %d times, %v), want %v", off, at, asked, err, stripe)
		}
		local.Move(time.Minute)
		if at, err = c.Clock(t.Context()); err != nil || !at.Equal(stripe.Add(late+time.Minute)) || asked != 1 {
			t.Errorf("%v off: a minute later it is %v (asked %d times, %v)", off, at, asked, err)
		}
		local.Move(-time.Hour) // somebody sets the laptop's clock
		stripe = stripe.Add(time.Minute)
		if _, err := c.Livemode(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := c.Now(); !got.Equal(stripe.Add(late)) || got.Location() != time.UTC {
			t.Errorf("%v off: after the next answer it is %v, want %v", off, got, stripe)
		}
	}
}

// TestWhoseClockIsBelieved: a router that gives out portal pages may think it
// is 1970. Refusals of Stripe's are as good as its answers.
func TestWhoseClockIsBelieved(t *testing.T) {
	local := testkit.NewClock()
	wrong := local.Now().Add(-50 * 365 * 24 * time.Hour).Format(http.TimeFormat)
	for _, c := range []struct {
		name     string
		answer   http.HandlerFunc
		believed bool
	}{
		{"a portal's page", says(200, portal, "Date", wrong), false},
		{"a portal's refusal", says(403, portal, "Date", wrong), false},
		{"a proxy's fault", says(502, portal, "Date", wrong), false},
		{"an empty object", says(200, `{}`, "Date", wrong), false},
		{"Stripe without a date", says(200, `{"object": "balance"}`, "Date", "", "Request-Id", "req_1"), false},
		{"Stripe", says(200, `{"object": "balance"}`, "Date", wrong, "Request-Id", "req_1"), true},
		{"Stripe's refusal", says(401, describes(invalid, "", "Invalid API Key provided"), "Date", wrong, "Request-Id", "req_1"), true},
		{"Stripe's fault", says(500, describes("api_error", "", "?"), "Date", wrong, "Request-Id", "req_1"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, _ := answering(t, c.answer)
			cl := client(url, func(o *stripeapi.Options) { o.Now = local.Now })
			_, _ = cl.Livemode(t.Context()) // only the clock matters
			if believed := !cl.Now().Equal(local.Now()); believed != c.believed {
				t.Errorf("Stripe's time is %v now", cl.Now())
			}
		})
	}
}

// TestClockFailsWithStripe: without an answer there is no time to go by.
func TestClockFailsWithStripe(t *testing.T) {
	url, _ := answering(t, says(401, describes(invalid, "", "Invalid API Key provided")))
	at, err := client(url).Clock(t.Context())
	if failure := failed(t, err); failure.Failure != stripeapi.BadKey || !at.IsZero() {
		t.Errorf("Clock: %v, %v", at, err)
	}
}

// TestRequestsAreCounted: reads are what Stripe allots.
func TestRequestsAreCounted(t *testing.T) {
	c, sim := sale(t)
	s := open(t, c, "tdr-1-create")
	fetch(t, c, s.ID)
	fetch(t, c, s.ID)
	for name, err := range everything(t.Context(), c) {
		if err != nil {
			t.Log(name, err) // what it names is not there; the request counts all the same
		}
	}
	said, counted := c.Usage(), sim.Requests()
	if said.Reads != int64(counted.Reads) || said.Writes != int64(counted.Writes) || counted.Reads != 15 || counted.Writes != 14 {
		t.Errorf("the client says %d reads and %d writes, Stripe %d and %d, want 15 and 14", said.Reads, said.Writes, counted.Reads, counted.Writes)
	}
}

// TestTheLineTurnsGreenAgain: the newest request says how the line is.
func TestTheLineTurnsGreenAgain(t *testing.T) {
	clock := testkit.NewClock()
	var down atomic.Bool
	url, _ := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			says(503, "")(w, r)
			return
		}
		says(200, `{"object": "balance"}`)(w, r)
	})
	c := client(url, func(o *stripeapi.Options) { o.Now = clock.Now })
	for _, want := range []struct {
		down bool
		last time.Time
	}{{false, clock.Now()}, {true, clock.Now()}, {false, clock.Now().Add(2 * time.Minute)}} {
		down.Store(want.down)
		_, err := c.Livemode(t.Context())
		u := c.Usage()
		if (err != nil) != want.down || (u.LastError != nil) != want.down || !u.LastSuccess.Equal(want.last) {
			t.Errorf("down %v: %v, %+v", want.down, err, u)
		}
		clock.Move(time.Minute)
	}
}

// TestNoSecretLeaves: whatever answers, even one that says back what it was
// told, the key is in no error and no line of the log.
func TestNoSecretLeaves(t *testing.T) {
	echo := func(status int, format string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.Header.Get("Authorization"), secret) {
				t.Error("the key was not sent")
			}
			says(status, fmt.Sprintf(format, r.Header.Get("Authorization")))(w, r)
		}
	}
	for name, h := range map[string]http.HandlerFunc{
		"a page":            echo(200, "<pre>Authorization: %s</pre>"),
		"an error page":     echo(502, "<pre>Authorization: %s</pre>"),
		"JSON":              echo(400, `{"you_sent": "%s"}`),
		"Stripe's words":    echo(401, describes(invalid, "", "Your authorization header contained: '%s'")),
		"a fault of theirs": echo(500, describes("api_error", "", "%s")),
		"an answer":         echo(200, `{"object": "balance", "note": "%s"}`),
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := answering(t, h)
			log := &notes{}
			c := client(url, log.logging)
			for call, err := range everything(t.Context(), c) {
				if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, secret) {
					t.Errorf("%s: the error says the key: %s", call, text)
				}
				slog.New(slog.NewTextHandler(log, nil)).Warn("reconcile: an intent is not answered yet", slog.Any("error", err))
			}
			if u := c.Usage(); u.LastError != nil && strings.Contains(u.LastError.Message, secret) {
				t.Errorf("Usage says the key: %s", u.LastError.Message)
			}
			if said := log.String(); strings.Contains(said, secret) || !strings.Contains(said, "/v1/checkout/sessions/cs_test_1/expire") {
				t.Errorf("the log says\n%s", said)
			}
		})
	}
	log := &notes{}
	_ = everything(t.Context(), client("http://127.0.0.1:1", log.logging)) // nobody listens there
	if said := log.String(); strings.Contains(said, secret) || !strings.Contains(said, "stripe: no answer") {
		t.Errorf("the log says\n%s", said)
	}
}

// TestTheLogTracesARequest: from the ledger's key to Stripe's request id.
func TestTheLogTracesARequest(t *testing.T) {
	url, _ := answering(t, says(200, `{"object": "checkout.session", "id": "cs_test_1"}`, "Request-Id", "req_42"))
	log := &notes{}
	open(t, client(url, log.logging), "tdr-1-create")
	for _, want := range []string{"method=POST", "path=/v1/checkout/sessions", "idempotency_key=tdr-1-create", "status=200", "request_id=req_42"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %s:\n%s", want, log)
		}
	}
	if said := log.String(); strings.Contains(said, "Hamlet") || strings.Contains(said, "client_secret") {
		t.Errorf("the log repeats bodies:\n%s", said)
	}
}

// endless is a body that does not stop.
type endless struct{ read atomic.Int64 }

func (b *endless) Read(p []byte) (int, error) {
	b.read.Add(int64(len(p)))
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestAnAnswerIsLimited: a till must not be filled up from outside.
func TestAnAnswerIsLimited(t *testing.T) {
	body := &endless{}
	c := client("http://stripe.invalid", func(o *stripeapi.Options) {
		o.Transport = tripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body)}, nil
		})
	})
	_, err := c.Session(t.Context(), "cs_test_1")
	if failure := failed(t, err); failure.Failure != stripeapi.NotStripe || body.read.Load() > 17<<20 {
		t.Errorf("after %d bytes: %v", body.read.Load(), failure)
	}
}

// TestTheRateIsKept: a hundred looks at once, and Stripe's limit is never
// crossed; a sale that comes in between does not wait behind them.
func TestTheRateIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var sent []time.Time
		c := client("http://stripe.invalid", func(o *stripeapi.Options) {
			o.PerSecond, o.Timeout = 0, time.Minute // 0 is the default, 20
			o.Transport = tripper(func(*http.Request) (*http.Response, error) {
				mu.Lock()
				defer mu.Unlock()
				sent = append(sent, time.Now())
				return balance(time.Now()), nil
			})
		})
		began := time.Now()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() { _, _ = c.Livemode(t.Context()) })
		}
		synctest.Wait()
		for range 5 {
			_, _ = c.CreateSession(t.Context(), "tdr-1-create", request())
			if waited := time.Since(began); waited > 0 {
				t.Errorf("a sale waited %v behind the looks", waited)
			}
		}
		all.Wait()
		if len(sent) != 105 {
			t.Fatalf("%d requests came, want 105", len(sent))
		}
		for i := range sent {
			if i >= 40 && sent[i].Sub(sent[i-40]) < time.Second-time.Millisecond {
				t.Errorf("requests %d to %d went out within %v", i-40, i, sent[i].Sub(sent[i-40]))
			}
		}
		if took := time.Since(began); took < 4*time.Second || took > 10*time.Second {
			t.Errorf("it took %v, which is not the rate that was set", took)
		}
	})
}

// TestWaitingForItsTurnIsUnsent: what the limit held back until the time was
// up has reached nobody.
func TestWaitingForItsTurnIsUnsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := client("http://stripe.invalid", func(o *stripeapi.Options) {
			o.PerSecond, o.Timeout = 2, 3*time.Second
			o.Transport = tripper(func(*http.Request) (*http.Response, error) { return balance(time.Now()), nil })
		})
		var all sync.WaitGroup
		var unsent atomic.Int64
		for range 20 {
			all.Go(func() {
				if _, err := c.Livemode(t.Context()); err != nil && failed(t, err).Failure == stripeapi.Unsent {
					unsent.Add(1)
				}
			})
		}
		all.Wait()
		if n := unsent.Load(); n == 0 || n == 20 || c.Usage().Reads != 20-n {
			t.Errorf("%d of 20 were not sent, and %d counted", n, c.Usage().Reads)
		}
	})
}
