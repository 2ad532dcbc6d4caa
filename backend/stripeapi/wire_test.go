package stripeapi_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"willcall/backend/internal/testkit"
	"willcall/backend/stripeapi"
)

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
		{"what is not Stripe's, and says a request id", says(200, `{}`, "Date", wrong, "Request-Id", "req_1"), false},
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
	if said.Reads != int64(counted.Reads) || said.Writes != int64(counted.Writes) || counted.Reads != 28 || counted.Writes != 14 {
		t.Errorf("the client says %d reads and %d writes, Stripe %d and %d, want 28 and 14", said.Reads, said.Writes, counted.Reads, counted.Writes)
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
			if said := log.String(); strings.Contains(said, secret) || !strings.Contains(said, "endpoint=/v1/checkout/sessions/{id}/expire") {
				t.Errorf("the log says\n%s", said)
			}
		})
	}
	log := &notes{}
	_ = everything(t.Context(), client("http://127.0.0.1:1", log.logging)) // nobody listens there
	if said := log.String(); strings.Contains(said, secret) || !strings.Contains(said, "outcome=unsent") {
		t.Errorf("the log says\n%s", said)
	}
}

// TestTheLogTracesARequest: from the ledger's key to Stripe's request id.
func TestTheLogTracesARequest(t *testing.T) {
	url, _ := answering(t, says(200, `{"object": "checkout.session", "id": "cs_test_1"}`, "Request-Id", "req_42"))
	log := &notes{}
	open(t, client(url, log.logging), "tdr-1-create")
	for _, want := range []string{"level=INFO", "method=POST", "endpoint=/v1/checkout/sessions", "outcome=done", "idempotency_key=tdr-1-create", "status=200", "request_id=req_42"} {
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
