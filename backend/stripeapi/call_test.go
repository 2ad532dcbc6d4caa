package stripeapi_test

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"willcall/backend/internal/testkit"
	"willcall/backend/stripeapi"
)

// TestEveryCallIsTold: what a metric or a log of calls needs, for each end that
// a call can have.
func TestEveryCallIsTold(t *testing.T) {
	const session = `{"object": "checkout.session", "id": "cs_test_1"}`
	fetched := func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.Session(ctx, "cs_test_1")
		return err
	}
	expired := func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.ExpireSession(ctx, "tdr-1-expire", "cs_test_1")
		return err
	}
	const one, end = "/v1/checkout/sessions/{id}", "/v1/checkout/sessions/{id}/expire"
	for name, c := range map[string]struct {
		answer http.HandlerFunc // nil: nobody listens
		do     func(context.Context, *stripeapi.Client) error
		want   stripeapi.Call
		level  string
	}{
		"a look": {
			says(200, session, "Request-Id", "req_1"), fetched,
			stripeapi.Call{Method: "GET", Endpoint: one, ObjectID: "cs_test_1", Status: 200, RequestID: "req_1", Read: true, Sent: true, Bytes: int64(len(session))}, "DEBUG",
		},
		"a write": {
			says(200, session, "Request-Id", "req_2"), expired,
			stripeapi.Call{Method: "POST", Endpoint: end, ObjectID: "cs_test_1", Status: 200, RequestID: "req_2", IdempotencyKey: "tdr-1-expire", Sent: true, Bytes: int64(len(session))}, "INFO",
		},
		"a refusal": {
			says(400, describes(invalid, "resource_missing", "No."), "Request-Id", "req_3"), fetched,
			stripeapi.Call{
				Method: "GET", Endpoint: one, ObjectID: "cs_test_1", Status: 400, Failure: "refused", Code: "resource_missing", RequestID: "req_3", Read: true, Sent: true,
				Bytes: int64(len(describes(invalid, "resource_missing", "No."))),
			}, "INFO",
		},
		"a portal": {
			says(200, portal), fetched,
			stripeapi.Call{Method: "GET", Endpoint: one, ObjectID: "cs_test_1", Status: 200, Failure: "not_stripe", Read: true, Sent: true, Bytes: int64(len(portal))}, "INFO",
		},
		"no line": {
			nil, expired,
			stripeapi.Call{Method: "POST", Endpoint: end, ObjectID: "cs_test_1", Failure: "unsent", IdempotencyKey: "tdr-1-expire", Sent: true}, "INFO",
		},
		"the way to ask of a library's own": {
			says(200, `{"object": "balance"}`), func(ctx context.Context, c *stripeapi.Client) error { _, err := c.Livemode(ctx); return err },
			stripeapi.Call{Method: "GET", Endpoint: "/v1/balance", Status: 200, Read: true, Sent: true, Bytes: 21}, "DEBUG",
		},
	} {
		t.Run(name, func(t *testing.T) {
			clock := testkit.NewClock()
			url := "http://127.0.0.1:1"
			if c.answer != nil {
				url, _ = answering(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Date", clock.Now().Add(2*time.Second).Format(http.TimeFormat))
					c.answer(w, r)
				})
			}
			var told []stripeapi.Call
			log := &notes{}
			cl := client(url, log.logging, func(o *stripeapi.Options) {
				o.Now = clock.Now
				o.Observe = func(c stripeapi.Call) { told = append(told, c) }
			})
			_ = c.do(t.Context(), cl) // how it went is told
			if diff := cmp.Diff([]stripeapi.Call{c.want}, told, cmpopts.IgnoreFields(stripeapi.Call{}, "At", "Took", "Waited")); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if !told[0].At.Equal(cl.Now()) || told[0].Took <= 0 || told[0].Took > 5*time.Second || told[0].Waited > time.Second {
				t.Errorf("it ended at %v, took %v after %v", told[0].At, told[0].Took, told[0].Waited)
			}
			if n := strings.Count(log.String(), "stripe: asked"); n != 1 || !strings.Contains(log.String(), "level="+c.level) {
				t.Errorf("%d lines, want one of %s:\n%s", n, c.level, log)
			}
			for key, text := range map[string]string{"endpoint": c.want.Endpoint, "object": c.want.ObjectID, "request_id": c.want.RequestID, "idempotency_key": c.want.IdempotencyKey, "code": c.want.Code} {
				if said := strings.Contains(log.String(), " "+key+"="); said != (text != "") || said && !strings.Contains(log.String(), key+"="+text) {
					t.Errorf("the log has another %s than %q:\n%s", key, text, log)
				}
			}
			if strings.Contains(log.String(), "http") {
				t.Errorf("the log repeats the address, which holds what was asked:\n%s", log)
			}
			want := map[stripeapi.Failure]int64{c.want.Failure: 1}
			if u := cl.Usage(); u.Bytes != c.want.Bytes || !maps.Equal(cl.Outcomes(), want) || u.Reads+u.Writes != 1 {
				t.Errorf("counted %+v, %v", u, cl.Outcomes())
			}
		})
	}
}

// TestEndpointsHaveNoIDs: each call of the client is told under one of few
// names.
func TestEndpointsHaveNoIDs(t *testing.T) {
	told := map[string]bool{}
	c := client("http://stripe.invalid", func(o *stripeapi.Options) {
		o.Transport = tripper(deaf)
		o.Observe = func(c stripeapi.Call) { told[c.Endpoint] = true }
	})
	_ = everything(t.Context(), c)
	for name := range told {
		if strings.Contains(name, "_1") || !strings.HasPrefix(name, "/v1/") {
			t.Errorf("an id is in %s", name)
		}
	}
	if want := 26; len(told) != want {
		t.Errorf("there are %d names, want %d: %v", len(told), want, told)
	}
}

// TestACallThatIsGivenUp is no trouble of the line's, and none for the log.
func TestACallThatIsGivenUp(t *testing.T) {
	log := &notes{}
	ctx, stop := context.WithCancel(t.Context())
	c := client("http://stripe.invalid", func(o *stripeapi.Options) {
		o.Log = slog.New(slog.NewTextHandler(log, nil)) // Info and above
		o.Transport = tripper(func(r *http.Request) (*http.Response, error) {
			stop()
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
	})
	if _, err := c.Session(ctx, "cs_test_1"); err == nil || log.String() != "" || c.Usage().LastError != nil {
		t.Errorf("%v, %+v:\n%s", err, c.Usage(), log)
	}
}
