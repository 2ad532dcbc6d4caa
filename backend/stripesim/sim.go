// Package stripesim is a Stripe to practise on: it keeps its own books and
// speaks Stripe's API, version 2023-10-16, over HTTP, so that training and
// tests go through the very client that earns money in earnest.
//
// The way of a request is the way of the files:
//
//	faults.go       the network and Stripe misbehaving on demand: fault_wire.go is the network, fault_answer.go Stripe;
//	                count.go counts, limit.go refuses what is too much
//	fault_quirk.go  what Stripe does that a client must stand; fault_version.go has payloads of old versions
//	api.go          the list of what is answered, and the way of one request
//	auth.go         whose key it is, and whose books it opens: key.go, permission.go,
//	                connect.go and livemode.go have the rules
//	form.go         bodies and queries: a[b][0]=c becomes a tree
//	params.go       tables of accepted parameters, and how a request is held against them
//	oauth.go        Connect's OAuth: oauth_authorize.go, oauth_token.go, oauth_end.go
//	idempotency.go  first answers, kept and given again
//	tx.go           one request's view of one account, and what it will write
//	expand.go       ids in the answer replaced with their objects; list.go cuts pages
//	webhook.go      who is told of an event; webhook_send.go tells them
//	journal.go      one line for each committed change; replayed at the start
//
// Each noun of Stripe's has a file with its shape and its rules: product.go,
// price.go, tax_rate.go, session.go (checkout.go creates one, of the lines of
// line.go), link.go (visit.go opens it), intent.go (intent_create.go and
// confirm.go, where no session belongs to it), charge.go, refund.go
// (refund_end.go is the bank's part), dispute.go (dispute_case.go is the
// bank's part), balance.go, payout.go (purse.go decides what is paid out when),
// event.go, account.go. offer.go has the ways to pay, rate.go what a currency
// is worth in another, convert.go the buyer who pays in their own.
//
// pay.go is what a buyer can do and outcome.go what comes of it, with the test
// cards of cards.go as method.go hands them over; page.go shows it on a phone,
// and element.go serves a stand-in for Stripe.js to pages of the merchant's
// own. control.go lets a test or a trainer turn the knobs over HTTP, and
// drill.go brings about whole situations: drill_table.go names them. truth.go
// tells what really moved, and seed.go makes sales by the thousand.
//
// The package must not know Willcall's client of Stripe, nor stripe-go: what
// they believe about Stripe is what it is there to check.
package stripesim

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// APIVersion is the only version of Stripe's API that the simulator speaks.
const APIVersion = "2023-10-16"

// Options says how a Sim is set up. The zero value is a Stripe in memory.
type Options struct {
	// PublicURL is where the buyer's browser reaches Handler: session.url
	// starts with it. Example: "http://127.0.0.1:4381".
	PublicURL string
	// StatePath is the journal's file. Empty keeps everything in memory.
	StatePath string
	// Now is the clock; nil is time.Now. Controls can move it on from there.
	Now func() time.Time
	// Latency is added to each API answer: half of it on the way in, half on
	// the way out.
	Latency time.Duration
	// Assumptions are what Stripe does where nobody knows; see Assume.
	Assumptions Assumptions
	// Logger takes one line for each answer; nil discards them.
	Logger *slog.Logger
	// Webhooks carries events to their endpoints; nil is the network, without
	// a proxy.
	Webhooks http.RoundTripper
	// Pauses are what a webhook that was not taken waits before each further
	// try; nil is some seconds, and some more.
	Pauses []time.Duration
	// Limits are how many requests are answered; the zero value is no limit.
	Limits Limits
	// Seed decides the chances of faults and the order of events that are out
	// of order: the same seed, the same luck.
	Seed uint64
	// Kill ends the till that asks, at once and unasked, as a flat battery
	// does; nil where it is not this simulator's to end.
	Kill func()
}

// Sim is one simulated Stripe. All methods may be called at the same time.
type Sim struct {
	clock func() time.Time
	log   *slog.Logger

	mu        sync.Mutex // guards all below
	publicURL string
	latency   time.Duration
	skew      time.Duration // how far controls have moved the clock on
	accounts  map[string]*account
	main      string // id of the account that a key belongs to
	nextDue   int64  // no open session expires before this second
	access    access
	busy      map[string]bool
	assumed   Assumptions
	asked     Quirks                 // of Quirk
	quirks    Quirks                 // with those of drills
	drills    map[string]*drillState // that are on
	turn      int                    // of events that are to be late
	dice      *rand.Rand
	journal   *journal

	kill    func()
	limits  limiter
	post    *postman
	faults  faultList
	counts  counter
	handler http.Handler
}

// Open starts a simulator with the state of its journal. What was cut off in
// the middle of the last line was never answered and is dropped; damage
// anywhere else is an error that tells the line.
func Open(o Options) (*Sim, error) {
	s := &Sim{
		clock:     o.Now,
		log:       o.Logger,
		publicURL: o.PublicURL,
		latency:   o.Latency,
		assumed:   o.Assumptions,
		accounts:  map[string]*account{},
		busy:      map[string]bool{},
		drills:    map[string]*drillState{},
		nextDue:   never,
		kill:      o.Kill,
	}
	s.post = newPostman(o)
	s.limits.set(o.Limits)
	s.dice = rand.New(rand.NewPCG(o.Seed, 2))        //nolint:gosec // luck that replays, nobody gains by guessing it
	s.faults.dice = rand.New(rand.NewPCG(o.Seed, 1)) //nolint:gosec // luck that replays, nobody gains by guessing it
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := s.openJournal(o.StatePath); err != nil {
		return nil, err
	}
	if s.main == "" {
		if err := s.addAccount(profile{ID: newID("acct_1", 15), Name: "Willcall Training", Country: "DE", Currency: "eur"}, nil); err != nil {
			return nil, err
		}
	}
	s.handler = s.routes()
	return s, nil
}

// Handler serves Stripe's API under /v1/, the buyer's pages under /c/ and the
// controls under /_sim/, and Connect's OAuth under /oauth/.
func (s *Sim) Handler() http.Handler { return s.handler }

// Close ends the webhooks that are under way, and the writing of the journal.
// Later changes are refused.
func (s *Sim) Close() error {
	s.post.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.close()
}

// SetPublicURL changes where session.url points, for a server that learns its
// address after Open.
func (s *Sim) SetPublicURL(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.publicURL = base
}

// now is the simulator's time, in whole seconds. The caller holds mu.
func (s *Sim) now() int64 { return s.clock().Add(s.skew).Unix() }

// time is the simulator's time.
func (s *Sim) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock().Add(s.skew).UTC()
}
