// Package stripeapi asks Stripe. It is the only importer of stripe-go, and
// hands out small structs of our own.
//
// Every call is one request: nothing is retried here, no page is fetched
// unasked, no key is made up. Whether to try again is a decision about money
// and belongs to package reconcile; an [Error] says all that is known for it.
//
// The package must not know orders, the book, or whether the Stripe it speaks
// to is the real one.
package stripeapi

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/form"
)

// Options say which Stripe is asked, and as whom.
type Options struct {
	BaseURL   string        // "https://api.stripe.com", or a simulator's address
	Key       string        // as in Identity: who asks at first
	Account   string        // as in Identity
	Timeout   time.Duration // for one request, answer included; 0 is 20 s
	Transport http.RoundTripper
	Now       func() time.Time // the laptop's clock, which somebody may set
	Steady    func() time.Time // one that nobody can; nil is Now, or the system's where that is nil too
	Log       *slog.Logger
	Observe   func(Call)     // hears each request when it has come to its end; from many goroutines
	Random    func() float64 // from 0 up to 1, from many goroutines: spreads out what would come back at once

	// PerSecond is the most requests a second; 0 is 96 for a key of real money
	// and 24 for any other. PerEndpoint is the most of one kind; 0 is 24, or,
	// where PerSecond is set, as many. See limiter.
	PerSecond, PerEndpoint float64
}

// Identity is as whom Stripe is asked. Without a key nobody is, and every call
// fails with NotConnected.
type Identity struct {
	Key     string // a secret or restricted key; never logged
	Account string // acct_… whose objects are meant, for a platform's key (docs.stripe.com/connect/authentication); "" is the key's own
}

// mark tells one identity from another, and is no secret: of a key, which is
// long and random, nothing can be found out by a part of its hash. Nobody has "".
func (id Identity) mark() string {
	if id.Key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(id.Account + " " + id.Key))
	return hex.EncodeToString(sum[:8])
}

// Client asks one account at a time. Its methods may be called from any number
// of goroutines, and return *Error.
type Client struct {
	backend  discreet
	http     *http.Client
	identity atomic.Pointer[Identity]
	wire     *wire
	opt      Options
}

// New returns a client. It asks nothing yet.
func New(opt Options) *Client {
	if opt.Timeout == 0 {
		opt.Timeout = 20 * time.Second
	}
	if opt.PerEndpoint == 0 {
		opt.PerEndpoint = endpointRate
		if opt.PerSecond != 0 {
			opt.PerEndpoint = opt.PerSecond
		}
	}
	if opt.Random == nil {
		opt.Random = rand.Float64
	}
	if opt.Observe == nil {
		opt.Observe = func(Call) {}
	}
	if opt.Transport == nil {
		opt.Transport = http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's own
	}
	if opt.Now == nil {
		opt.Now = func() time.Time { return time.Now().Round(0) } // as it is on the wall
		opt.Steady = time.Now
	}
	if opt.Steady == nil {
		opt.Steady = opt.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	return newClient(opt, newWire(opt, newLimiter(rateOf(opt), opt.PerEndpoint, opt.Random)))
}

// rateOf is how fast the options' key may ask.
func rateOf(opt Options) float64 {
	switch {
	case opt.PerSecond != 0:
		return opt.PerSecond
	case strings.HasPrefix(opt.Key, "sk_live_"), strings.HasPrefix(opt.Key, "rk_live_"):
		return liveRate
	default:
		return sandboxRate
	}
}

func newClient(opt Options, w *wire) *Client {
	line := &http.Client{
		Transport: w, Timeout: opt.Timeout,
		// Stripe's API redirects nowhere: who does is a captive portal, and is
		// told neither the order nor the key.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	c := &Client{
		wire: w,
		http: line,
		opt:  opt,
		backend: newDiscreet(&stripe.BackendConfig{
			URL:               new(opt.BaseURL),
			HTTPClient:        line,
			MaxNetworkRetries: stripe.Int64(0),
			// stripe-go's own log repeats bodies; wire's says what may be said.
			LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull},
		}),
	}
	c.identity.Store(&Identity{Key: opt.Key, Account: opt.Account})
	return c
}

// Use asks as somebody else from now on. Requests that are on their way keep
// the identity that they began with.
func (c *Client) Use(id Identity) {
	opt := c.opt
	opt.Key = id.Key
	c.wire.limit.setTotal(rateOf(opt))
	c.identity.Store(&id)
}

// As is a client that asks the same Stripe as somebody else, to try a key out:
// it keeps to the same rate, and how it fares does not change Usage or Now.
func (c *Client) As(id Identity) *Client {
	opt := c.opt
	opt.Key, opt.Account = id.Key, id.Account
	return newClient(opt, newWire(opt, c.wire.limit))
}

// Asker marks as whom Stripe is asked at this moment, and holds no secret. It is
// another for another key of the same account; "" for nobody.
func (c *Client) Asker() string { return c.identity.Load().mark() }

// Usage is what the client has asked so far, and how it went.
func (c *Client) Usage() Usage { return c.wire.usage() }

// Usage counts requests. Reads are what Stripe allots (docs.stripe.com/rate-limits#api-read-request-allocations).
type Usage struct {
	Reads, Writes int64
	Bytes         int64     // of the bodies of answers
	LastSuccess   time.Time // by the local clock; zero before the first
	LastError     *Error    // nil when the newest request was answered well
}

// Outcomes counts how requests have ended; "" is what went well.
func (c *Client) Outcomes() map[Failure]int64 { return c.wire.outcomes() }

// send makes one request and classifies what comes back. params must carry
// t's context. expected says whether the answer, read without an error, is the
// thing that was asked for: a captive portal answers 200 to everything.
func (c *Client) send(t *trip, method, path string, params stripe.ParamsContainer, answer stripe.LastResponseSetter, expected func() bool) error {
	id := *c.identity.Load()
	if id.Key == "" {
		return notConnected()
	}
	if id.Account != "" {
		params.GetParams().SetStripeAccount(id.Account)
	}
	return c.judged(t, c.backend.Call(method, path, id.Key, params, answer), expected, id.Key)
}

// listed asks for one page, in the structs of stripe-go.
func (c *Client) listed(t *trip, path string, params stripe.ListParamsContainer, answer stripe.LastResponseSetter, expected func() bool) error {
	id := *c.identity.Load()
	if id.Key == "" {
		return notConnected()
	}
	if id.Account != "" {
		params.GetListParams().SetStripeAccount(id.Account)
	}
	query := &form.Values{}
	form.AppendTo(query, params)
	return c.judged(t, c.backend.CallRaw(http.MethodGet, path, id.Key, query, params.GetListParams().ToParams(), answer), expected, id.Key)
}

// judged classifies the end of a trip and remembers it. The secrets are those
// that the request carried.
func (c *Client) judged(t *trip, err error, expected func() bool, secrets ...string) error {
	if err == nil && !expected() {
		err = errNotStripe
	}
	failure := classify(err, t, secrets...)
	c.opt.Observe(c.wire.note(t, failure))
	if failure == nil {
		return nil
	}
	return failure
}

// answered is one page of a list as it came. stripe-go's own lists do not say
// that they are lists: they take any JSON object for an empty one.
type answered[T any] struct {
	stripe.APIResource
	Object  string `json:"object"`
	Data    []T    `json:"data"`
	HasMore bool   `json:"has_more"`
}

// sound reports whether the page is what a list must be. A page that has
// nothing and says that there is more cannot be read on from: to take it for
// the end would lose what comes after.
func (p *answered[T]) sound(named func(T) bool) bool {
	for _, v := range p.Data {
		if !named(v) {
			return false
		}
	}
	return p.Object == "list" && (len(p.Data) > 0 || !p.HasMore)
}
