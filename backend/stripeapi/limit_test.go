package stripeapi_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/stripeapi"
)

// going is a request as it went out, by its path.
type going struct {
	path string
	at   time.Time
}

// traffic is what went out, in order.
type traffic struct {
	mu   sync.Mutex
	sent []going
}

// watching answers everything as answer does, and keeps when it went out.
func (f *traffic) watching(answer tripper, edits ...func(*stripeapi.Options)) *stripeapi.Client {
	return client("http://stripe.invalid", append([]func(*stripeapi.Options){func(o *stripeapi.Options) {
		o.PerSecond, o.Timeout = 0, time.Hour // 0 is as Stripe is known for
		o.Random = func() float64 { return 0.5 }
		o.Transport = tripper(func(r *http.Request) (*http.Response, error) {
			f.mu.Lock()
			f.sent = append(f.sent, going{r.URL.Path, time.Now()})
			f.mu.Unlock()
			return answer(r)
		})
	}}, edits...)...)
}

// count is how many went out from one time to another, of the path; "" is any.
func (f *traffic) count(path string, from, to time.Time) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.sent {
		if !s.at.Before(from) && s.at.Before(to) && (path == "" || s.path == path) {
			n++
		}
	}
	return n
}

// fits reports whether a bucket that holds so many, and fills at the rate,
// would never have been empty.
func (f *traffic) fits(holds, rate float64, path string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	tokens, at := holds, time.Time{}
	for _, s := range f.sent {
		if path != "" && s.path != path {
			continue
		}
		if !at.IsZero() {
			tokens = min(holds, tokens+s.at.Sub(at).Seconds()*rate)
		}
		if tokens, at = tokens-1, s.at; tokens < -1e-6 {
			return false
		}
	}
	return true
}

func fine(*http.Request) (*http.Response, error) { return balance(time.Now()), nil }

// busy is a refusal for a rate limit.
func busy(headers ...string) *http.Response {
	a := balance(time.Now())
	a.StatusCode = http.StatusTooManyRequests
	a.Body = readable(describes(invalid, "rate_limit", "Request rate limit exceeded."))
	for i := 0; i < len(headers); i += 2 {
		a.Header.Set(headers[i], headers[i+1])
	}
	return a
}

// TestTheRateIsKept: a hundred looks at once, and Stripe's limit is never
// crossed; a sale that comes in between does not wait behind them.
func TestTheRateIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f traffic
		c := f.watching(fine)
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
		if len(f.sent) != 105 || !f.fits(24, 24, "") {
			t.Errorf("%d requests came, want 105 that keep to 24 a second", len(f.sent))
		}
		if took := time.Since(began); took < 3*time.Second || took > 4*time.Second {
			t.Errorf("it took %v, which is not the rate that was set", took)
		}
	})
}

// TestEachEndpointHasItsOwn: for real money more may be asked in all, but no
// more of one kind. Ids are no endpoints.
func TestEachEndpointHasItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f traffic
		c := f.watching(fine)
		c.Use(stripeapi.Identity{Key: "rk_live_x"})
		began := time.Now()
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() { _, _ = c.Livemode(t.Context()) })
			all.Go(func() { _, _ = c.Charges(t.Context(), noon, noon, "") })
			all.Go(func() { _, _ = c.Session(t.Context(), []string{"cs_test_1", "cs_test_2"}[i%2]) })
		}
		all.Wait()
		if took := time.Since(began); took < 3*time.Second || took > 4*time.Second {
			t.Errorf("three kinds side by side took %v, want as long as one", took)
		}
		for i, s := range f.sent {
			f.sent[i].path = strings.TrimRight(s.path, "12")
		}
		for _, path := range []string{"/v1/balance", "/v1/charges", "/v1/checkout/sessions/cs_test_"} {
			if !f.fits(24, 24, path) || f.count(path, began, began.Add(time.Hour)) != 100 {
				t.Errorf("%s went out too fast", path)
			}
		}
		if !f.fits(96, 96, "") {
			t.Error("the whole went out too fast")
		}
		f.sent = nil
		c.Use(stripeapi.Identity{Key: secret}) // a sandbox again
		for range 100 {
			all.Go(func() { _, _ = c.Livemode(t.Context()) })
			all.Go(func() { _, _ = c.Charges(t.Context(), noon, noon, "") })
		}
		all.Wait()
		if !f.fits(24, 24, "") {
			t.Error("a sandbox went out too fast")
		}
	})
}

// TestSalesLeaveSomethingToReads: however much is sold.
func TestSalesLeaveSomethingToReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f traffic
		c := f.watching(fine)
		began := time.Now()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() { _, _ = c.ExpireSession(t.Context(), "k", "cs_test_1") })
		}
		for range 40 {
			all.Go(func() { _, _ = c.Livemode(t.Context()) })
		}
		all.Wait()
		if n := f.count("/v1/balance", began, began.Add(4*time.Second)); n < 40 {
			t.Errorf("in 4 s %d of 40 looks went out beside the sales", n)
		}
		if !f.fits(24, 24, "") {
			t.Error("the whole went out too fast")
		}
	})
}

// TestBulkStandsBack: catching up uses nearly all of the rate, and a look at a
// code that is open goes first.
func TestBulkStandsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f traffic
		c := f.watching(fine, func(o *stripeapi.Options) { o.Key = "sk_live_x" })
		began := time.Now()
		ctx, stop := context.WithCancel(stripeapi.Bulk(t.Context()))
		var all sync.WaitGroup
		for range 2000 {
			all.Go(func() { _, _ = c.Sessions(ctx, noon, noon, "") })
		}
		time.Sleep(10 * time.Second)
		if n := f.count("", began, time.Now()); n < 240 || n > 264 {
			t.Errorf("in 10 s %d pages were read, want all that 24 a second allow", n)
		}
		for range 3 { // a look at each open code: the same endpoint, and another
			at := time.Now()
			_, _ = c.Sessions(t.Context(), noon, noon, "")
			_, _ = c.Livemode(t.Context())
			if waited := time.Since(at); waited > 0 {
				t.Errorf("a look waited %v behind the bulk", waited)
			}
		}
		stop()
		all.Wait()
		if !f.fits(24, 24, "/v1/checkout/sessions") {
			t.Error("it went out too fast")
		}
	})
}

// TestAStormSlowsDown: after a refusal no read goes out for a moment, then
// half as fast, and after a while as fast as before. Sales go on.
func TestAStormSlowsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f traffic
		var storm atomic.Bool
		c := f.watching(func(r *http.Request) (*http.Response, error) {
			if storm.Load() && r.Method == http.MethodGet {
				return busy("Stripe-Rate-Limited-Reason", "endpoint-rate"), nil
			}
			return fine(r)
		})
		storm.Store(true)
		_, err := c.Livemode(t.Context())
		if failed(t, err).Failure != stripeapi.Busy {
			t.Fatal(err)
		}
		refused := time.Now()
		storm.Store(false)
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() { _, _ = c.Livemode(t.Context()) })
		}
		if _, _ = c.ExpireSession(t.Context(), "k", "cs_test_1"); time.Since(refused) > 0 {
			t.Errorf("a sale waited %v", time.Since(refused))
		}
		all.Wait()
		looks := func(from, to time.Duration) int { return f.count("/v1/balance", refused.Add(from), refused.Add(to)) }
		if n := looks(time.Nanosecond, 999*time.Millisecond); n != 0 {
			t.Errorf("%d looks went out in the second after the refusal", n)
		}
		if n := looks(0, 3*time.Second); n < 20 || n > 45 {
			t.Errorf("%d looks in three seconds, want about half of 72", n)
		}
		if n := looks(5*time.Second, 6*time.Second); n < 16 || n > 20 {
			t.Errorf("%d in the sixth second, want less than the whole", n)
		}
		time.Sleep(20 * time.Second)
		at := time.Now()
		for range 100 {
			all.Go(func() { _, _ = c.Livemode(t.Context()) })
		}
		all.Wait()
		if took := time.Since(at); took > 4*time.Second {
			t.Errorf("it did not grow back: 100 looks took %v", took)
		}
	})
}

// TestWhatARefusalSays: how long it asks to wait is heeded, within reason; that
// of the whole account slows all endpoints, that of an object none.
func TestWhatARefusalSays(t *testing.T) {
	type headers = []string
	for name, c := range map[string]struct {
		headers headers
		body    string        // "" is that of a rate limit
		waits   time.Duration // before the next look, at another endpoint
		fast    bool          // and 60 looks there then go out at the whole rate
	}{
		"an endpoint's rate":         {headers{"Stripe-Rate-Limited-Reason", "endpoint-rate"}, "", time.Second, true},
		"no reason":                  {nil, "", time.Second, true},
		"the account's rate":         {headers{"Stripe-Rate-Limited-Reason", "global-rate"}, "", time.Second, false},
		"a time to wait":             {headers{"Retry-After", "7"}, "", 7250 * time.Millisecond, true},
		"a time that is no number":   {headers{"Retry-After", "soon"}, "", time.Second, true},
		"a time that is far":         {headers{"Retry-After", "99999"}, "", time.Minute + 250*time.Millisecond, true},
		"a time that is in the past": {headers{"Retry-After", "-5"}, "", time.Second, true},
		"a lock":                     {nil, describes(invalid, "lock_timeout", "This object cannot be accessed right now"), 0, true},
		"a proxy":                    {nil, portal, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var f traffic
				first := true
				cl := f.watching(func(r *http.Request) (*http.Response, error) {
					if first {
						first = false
						a := busy(c.headers...)
						if c.body != "" {
							a.Body = readable(c.body)
						}
						return a, nil
					}
					return fine(r)
				}, func(o *stripeapi.Options) { o.PerSecond, o.PerEndpoint = 24, 24 })
				_, err := cl.Sessions(t.Context(), noon, noon, "")
				if failed(t, err).Status != http.StatusTooManyRequests {
					t.Fatal(err)
				}
				at := time.Now()
				_, _ = cl.Livemode(t.Context())
				if waited := time.Since(at).Round(time.Millisecond); waited != c.waits {
					t.Errorf("it waited %v, want %v", waited, c.waits)
				}
				at = time.Now()
				var all sync.WaitGroup
				for range 60 {
					all.Go(func() { _, _ = cl.Livemode(t.Context()) })
				}
				all.Wait()
				if took := time.Since(at); (took < 2100*time.Millisecond) != c.fast {
					t.Errorf("the looks after it took %v", took)
				}
			})
		})
	}
}

// TestTillsDoNotComeBackTogether: the moment is another at each.
func TestTillsDoNotComeBackTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var waits []time.Duration
		for _, random := range []float64{0, 0.25, 0.999} {
			var f traffic
			first := true
			c := f.watching(func(r *http.Request) (*http.Response, error) {
				if first {
					first = false
					return busy(), nil
				}
				return fine(r)
			}, func(o *stripeapi.Options) { o.Random = func() float64 { return random } })
			_, _ = c.Livemode(t.Context())
			at := time.Now()
			_, _ = c.Charges(t.Context(), noon, noon, "")
			waits = append(waits, time.Since(at).Round(10*time.Millisecond))
		}
		if want := []time.Duration{500 * time.Millisecond, 750 * time.Millisecond, 1500 * time.Millisecond}; !slices.Equal(waits, want) {
			t.Errorf("they wait %v, want %v", waits, want)
		}
	})
}

// TestWaitingForItsTurnIsUnsent: what the limit held back until the time was
// up has reached nobody.
func TestWaitingForItsTurnIsUnsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told atomic.Int64
		c := client("http://stripe.invalid", func(o *stripeapi.Options) {
			o.PerSecond, o.Timeout = 2, 3*time.Second
			o.Transport = tripper(fine)
			o.Observe = func(c stripeapi.Call) {
				if c.Failure == stripeapi.Unsent && !c.Sent {
					told.Add(1)
				}
			}
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
		if n := unsent.Load(); n == 0 || n == 20 || c.Usage().Reads != 20-n || told.Load() != n {
			t.Errorf("%d of 20 were not sent, %d counted, %d told of", n, c.Usage().Reads, told.Load())
		}
		began := time.Now()
		if _, err := c.Livemode(t.Context()); err != nil || time.Since(began) > time.Second {
			t.Errorf("those that gave up are waited for: %v, %v", time.Since(began), err)
		}
	})
}
