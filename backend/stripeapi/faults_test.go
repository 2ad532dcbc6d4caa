package stripeapi_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"willcall/backend/internal/testkit"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// fault is what goes wrong on the way, and what the client makes of it: of a
// list, of one object and of a write. "" is that it goes well.
type fault struct {
	fault           stripesim.Fault
	list, one, post stripeapi.Failure
}

// faults are all that the simulator knows, by their kind.
func faults() map[string]fault {
	const well = stripeapi.Failure("")
	of := func(kind string) stripesim.Fault { return stripesim.Fault{Kind: kind} }
	after := func(kind string, d time.Duration) stripesim.Fault { return stripesim.Fault{Kind: kind, Delay: d} }
	return map[string]fault{
		"refused":     {stripesim.Fault{Kind: stripesim.FaultStatus, Status: 400}, "refused", "refused", "refused"},
		"revoked":     {stripesim.Fault{Kind: stripesim.FaultStatus, Status: 401}, "bad_key", "bad_key", "bad_key"},
		"forbidden":   {stripesim.Fault{Kind: stripesim.FaultStatus, Status: 403}, "forbidden", "forbidden", "forbidden"},
		"in use":      {stripesim.Fault{Kind: stripesim.FaultStatus, Status: 409}, "conflict", "conflict", "conflict"},
		"fault":       {stripesim.Fault{Kind: stripesim.FaultStatus, Status: 500}, "broken", "broken", "broken"},
		"storm":       {of(stripesim.FaultStorm), "busy", "busy", "busy"},
		"lock":        {of(stripesim.FaultLock), "conflict", "conflict", "conflict"},
		"503":         {of(stripesim.Fault503), "broken", "broken", "broken"},
		"portal":      {of(stripesim.FaultHTML), "not_stripe", "not_stripe", "not_stripe"},
		"redirect":    {of(stripesim.FaultPortal), "not_stripe", "not_stripe", "not_stripe"},
		"empty":       {of(stripesim.FaultEmpty), "not_stripe", "not_stripe", "not_stripe"},
		"empty page":  {of(stripesim.FaultEmptyPage), "not_stripe", well, well},
		"garbage":     {of(stripesim.FaultGarbage), "not_stripe", "not_stripe", "not_stripe"},
		"short":       {of(stripesim.FaultShort), "not_stripe", "not_stripe", "not_stripe"},
		"cut":         {of(stripesim.FaultCut), "lost", "lost", "lost"},
		"reset":       {of(stripesim.FaultReset), "lost", "lost", "lost"},
		"tls":         {of(stripesim.FaultTLS), "lost", "lost", "lost"}, // an alert once the line stands: who broke it is not known
		"drop before": {of(stripesim.FaultDropBefore), "lost", "lost", "lost"},
		"drop after":  {of(stripesim.FaultDropAfter), "lost", "lost", "lost"},
		// Of reads alone: the simulator notices that a client has gone only where it has read the request.
		"hang":      {stripesim.Fault{Kind: stripesim.FaultHang, Method: http.MethodGet}, "lost", "lost", well},
		"too late":  {stripesim.Fault{Kind: stripesim.FaultDelay, Delay: time.Minute, Method: http.MethodGet}, "lost", "lost", well},
		"a trickle": {after(stripesim.FaultTrickle, time.Minute), "lost", "lost", "lost"},
		"slow":      {after(stripesim.FaultDelay, time.Millisecond), well, well, well},
		"a drizzle": {after(stripesim.FaultTrickle, time.Millisecond), well, well, well},
		"a lie":     {after(stripesim.FaultDate, -9*time.Hour), well, well, well},
		"no date":   {of(stripesim.FaultNoDate), well, well, well},
	}
}

// TestFaultsOverARealSocket: whatever the line does, nothing is taken for an
// answer that is none, no fault proves of a write that it was not done unless
// Stripe refused it, and Stripe's time stays what it was.
func TestFaultsOverARealSocket(t *testing.T) {
	kinds := map[string]bool{}
	for name, c := range faults() {
		kinds[c.fault.Kind] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, url := testkit.Stripe(t, stripesim.Options{})
			line := &http.Transport{} // kept, so that a hasty client always has a connection
			atOnce := func(o *stripeapi.Options) { o.Transport, o.Random = line, func() float64 { return 0 } }
			cl := client(url, atOnce)
			hasty := client(url, atOnce, func(o *stripeapi.Options) { o.Timeout = time.Second })
			r := request()
			r.ExpiresAt = time.Now().Add(40 * time.Minute)
			s, err := cl.CreateSession(t.Context(), "key-0", r)
			if err != nil {
				t.Fatal(err)
			}
			for what, call := range map[string]struct {
				want stripeapi.Failure
				call func(context.Context, *stripeapi.Client) error
			}{
				"a list": {c.list, func(ctx context.Context, cl *stripeapi.Client) error {
					p, err := cl.Sessions(ctx, time.Now().Add(-time.Hour), time.Now().Add(time.Hour), "")
					if err == nil && len(p.Sessions) == 0 {
						t.Error("the list is empty")
					}
					return err
				}},
				"one": {c.one, func(ctx context.Context, cl *stripeapi.Client) error { _, err := cl.Session(ctx, s.ID); return err }},
				"a write": {c.post, func(ctx context.Context, cl *stripeapi.Client) error {
					_, err := cl.CreateSession(ctx, "key-1", r)
					return err
				}},
			} {
				asks := cl
				if call.want == stripeapi.Lost && (c.fault.Kind == stripesim.FaultHang || c.fault.Delay == time.Minute) {
					asks = hasty // it only waits in vain
				}
				sim.SetFaults(c.fault)
				err := call.call(t.Context(), asks)
				sim.SetFaults()
				if _, err := cl.Livemode(t.Context()); err != nil {
					t.Errorf("after %s the line is not well again: %v", what, err)
				}
				if call.want == "" {
					if err != nil {
						t.Errorf("%s: %v", what, err)
					}
					continue
				}
				if failure := failed(t, err); failure.Failure != call.want {
					t.Errorf("%s is %v, want %s", what, failure, call.want)
				} else if line := failure.Status == 0 || failure.RequestID == ""; line && failure.NothingDone(false) {
					t.Errorf("%s: %v is taken for a proof", what, failure)
				}
			}
			if off := time.Until(cl.Now()).Abs(); off > 3*time.Second {
				t.Errorf("Stripe's time is %v off", off)
			}
			if _, err := cl.CreateSession(t.Context(), "key-1", r); name != "fault" && err != nil { // a 500 is kept under its key
				t.Errorf("afterwards: %v", err)
			}
		})
	}
	for _, kind := range []string{
		stripesim.FaultStatus, stripesim.FaultStorm, stripesim.FaultLock, stripesim.Fault503, stripesim.FaultHTML, stripesim.FaultPortal, stripesim.FaultEmpty,
		stripesim.FaultEmptyPage, stripesim.FaultGarbage, stripesim.FaultCut, stripesim.FaultShort, stripesim.FaultTrickle, stripesim.FaultDate, stripesim.FaultNoDate,
		stripesim.FaultReset, stripesim.FaultTLS, stripesim.FaultDropBefore, stripesim.FaultDropAfter, stripesim.FaultHang, stripesim.FaultDelay,
	} {
		if !kinds[kind] {
			t.Errorf("nothing is known of %s", kind)
		}
	}
}

// TestAStormOverARealSocket: the limits of the simulator are Stripe's, and a
// hundred looks keep to them without one refusal.
func TestAStormOverARealSocket(t *testing.T) {
	sim, url := testkit.Stripe(t, stripesim.Options{})
	sim.Limit(stripesim.Limits{PerSecond: 100, PerEndpoint: 25})
	c := client(url, func(o *stripeapi.Options) { o.PerSecond, o.PerEndpoint = 96, 24 })
	for range 30 {
		if _, err := c.Livemode(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sim.Limit(stripesim.Limits{PerSecond: 1, PerEndpoint: 1}) // somebody else uses the account
	var refused *stripeapi.Error
	for n := 0; n < 100 && refused == nil; n++ {
		if _, err := c.Livemode(t.Context()); err != nil {
			refused = failed(t, err)
		}
	}
	if refused == nil || refused.Failure != stripeapi.Busy || refused.Status != http.StatusTooManyRequests {
		t.Errorf("the refusal is %v", refused)
	}
}
