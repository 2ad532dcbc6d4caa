// Package metrics counts what a till does and tells it in the text format that
// Prometheus scrapes (prometheus.io/docs/instrumenting/exposition_formats,
// version 0.0.4). All names are in [Names], and nowhere else.
//
// It is small enough to be written out: of the libraries, Prometheus' own brings
// a dozen modules along, and the small one that can be had writes histograms
// that Prometheus does not read.
//
// The package must not know a buyer, a key or an order: labels are words of the
// program's own, of which there are few.
package metrics

import (
	"io"
	"sync"
	"time"

	"willcall/backend/stripeapi"
)

// The kinds of metric, as Prometheus has them.
const (
	counter   = "counter"
	gauge     = "gauge"
	histogram = "histogram"
)

// Name is one metric as it is scraped.
type Name struct {
	Name   string
	Kind   string // counter, gauge or histogram
	Help   string
	Labels []string
}

// Names is every metric, in the order in which they are told.
func Names() []Name {
	return []Name{
		{"willcall_build_info", gauge, "Always 1; which program this is, and which book it has open.", []string{"version", "go", "book"}},

		{"willcall_stripe_requests_total", counter, "Requests to Stripe that came to their end. The outcome is done, or what failed.", []string{"method", "endpoint", "outcome"}},
		{"willcall_stripe_request_duration_seconds", histogram, "From sending a request to the end of its answer.", []string{"method", "endpoint"}},
		{"willcall_stripe_reads_total", counter, "Requests that Stripe counts against the reads that it allots.", nil},
		{"willcall_stripe_writes_total", counter, "Requests that change something at Stripe.", nil},
		{"willcall_stripe_rate_limited_total", counter, "Requests that Stripe refused with 429.", nil},
		{"willcall_stripe_waited_seconds_total", counter, "How long requests waited for their turn under the till's own rate limit.", nil},
		{"willcall_stripe_answer_bytes_total", counter, "Bytes of the bodies of Stripe's answers.", nil},

		{"willcall_polls_total", counter, "Polls of Stripe's events that Stripe answered: done, or refused where it did not take the key.", []string{"outcome"}},
		{"willcall_poll_failing", gauge, "1 when the last poll failed.", nil},
		{"willcall_poll_interval_seconds", gauge, "Time between two polls, at the moment.", nil},
		{"willcall_poll_cursor_timestamp_seconds", gauge, "Up to then, by Stripe's clock, the book has all that happened; 0 in a new book.", nil},
		{"willcall_poll_lag_seconds", gauge, "How long ago that is.", nil},
		{"willcall_catchup_running", gauge, "1 while the book catches up after a time away.", nil},
		{"willcall_catchup_gap_seconds", gauge, "How long that time is; 0 without one.", nil},
		{"willcall_catchup_read_ratio", gauge, "How much of it was read, from 0 to 1.", nil},
		{"willcall_catchup_found_sessions", gauge, "Sessions in it that brought news.", nil},
		{"willcall_reads_used", gauge, "Reads of the last 30 days, as the book has counted them.", nil},
		{"willcall_reads_allotted", gauge, "Reads that Stripe allots for 30 days.", nil},

		{"willcall_entries_total", counter, "Entries written into the book since the program was started.", []string{"kind"}},
		{"willcall_book_update_duration_seconds", histogram, "Writing transactions of the book: waiting for the one before, the work, and the commit to the disk.", nil},
		{"willcall_book_size_bytes", gauge, "Size of the book's file.", nil},

		{"willcall_open_codes", gauge, "Orders that somebody may still pay.", nil},
		{"willcall_open_intents", gauge, "Writes to Stripe that are not answered yet.", nil},
		{"willcall_late_money_waiting", gauge, "Money without a place that waits for a person.", nil},
		{"willcall_discrepancies", gauge, "Money in the book that fitted no order when it was found, dealt with or not.", []string{"reason"}},
		{"willcall_unfinished_refunds", gauge, "Refunds that Stripe has made and not finished.", nil},
		{"willcall_open_disputes", gauge, "Disputes that are not decided.", nil},

		{"willcall_stream_clients", gauge, "Screens that hear changes at the moment.", nil},
	}
}

// Set is what one open book has counted. Its methods may be called from any
// number of goroutines, and never block for long.
type Set struct {
	mu      sync.Mutex
	vectors map[string]*vector
}

// New returns a Set that has counted nothing.
func New() *Set {
	s := &Set{vectors: map[string]*vector{}}
	for _, n := range Names() {
		s.vectors[n.Name] = &vector{about: n, values: map[string]*value{}}
		if len(n.Labels) == 0 {
			s.vectors[n.Name].at(nil) // there from the start, as 0
		}
	}
	return s
}

// Call counts a request to Stripe.
func (s *Set) Call(c stripeapi.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	outcome := "done"
	if c.Failure != "" {
		outcome = string(c.Failure)
	}
	s.add("willcall_stripe_requests_total", 1, c.Method, c.Endpoint, outcome)
	s.observe("willcall_stripe_request_duration_seconds", c.Took, c.Method, c.Endpoint)
	switch {
	case !c.Read:
		s.add("willcall_stripe_writes_total", 1)
	case c.Sent:
		s.add("willcall_stripe_reads_total", 1)
	}
	if c.Status == 429 {
		s.add("willcall_stripe_rate_limited_total", 1)
	}
	s.add("willcall_stripe_waited_seconds_total", c.Waited.Seconds())
	s.add("willcall_stripe_answer_bytes_total", float64(c.Bytes))
}

// Polled counts a poll that Stripe answered; err says that it did not take the
// key.
func (s *Set) Polled(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	outcome := "done"
	if err != nil {
		outcome = "refused"
	}
	s.add("willcall_polls_total", 1, outcome)
}

// Updated counts a writing transaction of the book.
func (s *Set) Updated(took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.observe("willcall_book_update_duration_seconds", took)
}

// Streaming counts a listener of the live stream who came (1) or left (-1).
func (s *Set) Streaming(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add("willcall_stream_clients", float64(n))
}

// Reading is what is looked up at each scrape.
type Reading struct {
	Version, Go, Book string

	PollFailing  bool
	PollInterval time.Duration
	Cursor       time.Time // zero in a new book
	Lag          time.Duration
	CatchingUp   bool
	CatchUpGap   time.Duration
	CatchUpRead  int // percent
	CatchUpFound int
	ReadsUsed    int64
	ReadsAllowed int64

	BookSize int64
	Entries  map[string]int // new ones since the last reading, by kind

	OpenCodes, OpenIntents, LateMoney, UnfinishedRefunds, OpenDisputes int
	Discrepancies                                                      map[string]int // by reason
}

// Write tells all that was counted, and the reading.
func (s *Set) Write(w io.Writer, r Reading) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.take(r)
	for _, n := range Names() {
		if err := s.vectors[n.Name].write(w); err != nil {
			return err
		}
	}
	return nil
}

func (s *Set) take(r Reading) {
	s.clear("willcall_build_info")
	s.set("willcall_build_info", 1, r.Version, r.Go, r.Book)
	cursor := 0.0
	if !r.Cursor.IsZero() {
		cursor = float64(r.Cursor.UnixMilli()) / 1000
	}
	for name, value := range map[string]float64{
		"willcall_poll_failing": truth(r.PollFailing), "willcall_poll_interval_seconds": r.PollInterval.Seconds(),
		"willcall_poll_cursor_timestamp_seconds": cursor, "willcall_poll_lag_seconds": r.Lag.Seconds(),
		"willcall_catchup_running": truth(r.CatchingUp), "willcall_catchup_gap_seconds": r.CatchUpGap.Seconds(),
		"willcall_catchup_read_ratio": float64(r.CatchUpRead) / 100, "willcall_catchup_found_sessions": float64(r.CatchUpFound),
		"willcall_reads_used": float64(r.ReadsUsed), "willcall_reads_allotted": float64(r.ReadsAllowed),
		"willcall_book_size_bytes": float64(r.BookSize),
		"willcall_open_codes":      float64(r.OpenCodes), "willcall_open_intents": float64(r.OpenIntents), "willcall_late_money_waiting": float64(r.LateMoney),
		"willcall_unfinished_refunds": float64(r.UnfinishedRefunds), "willcall_open_disputes": float64(r.OpenDisputes),
	} {
		s.set(name, value)
	}
	for kind, n := range r.Entries {
		s.add("willcall_entries_total", float64(n), kind)
	}
	s.clear("willcall_discrepancies")
	for reason, n := range r.Discrepancies {
		s.set("willcall_discrepancies", float64(n), reason)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (s *Set) add(name string, n float64, labels ...string) { s.vectors[name].at(labels).sum += n }
func (s *Set) set(name string, n float64, labels ...string) { s.vectors[name].at(labels).sum = n }
func (s *Set) observe(name string, took time.Duration, labels ...string) {
	s.vectors[name].at(labels).observe(took.Seconds())
}
func (s *Set) clear(name string) { clear(s.vectors[name].values) }
