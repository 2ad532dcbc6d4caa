package stripesim

import (
	"fmt"
	"net/http"
	"time"
)

// Quirks are what Stripe is known to do and a client must stand. The zero
// value has none. They are true of what happens while they are set, but for
// ListLag and EventsKept, which are true of lists while they are asked for.
type Quirks struct {
	// LateEvents puts events into the list that long after their created: they
	// appear behind those that were told in time, with ids that sort before
	// them. By id they are there at once.
	LateEvents time.Duration
	// LateEvery is which events are late: each one of that many; 0 is all.
	LateEvery int
	// DoubleEvents makes two events of one fact, each with an id of its own.
	DoubleEvents bool
	// Reordered shuffles the events of one second, and tells that a session is
	// complete only when its delayed payment has ended, a second after that.
	Reordered bool
	// PayloadVersion is the account's API version, in which payloads are
	// rendered: "2016-07-06" to "2022-11-15"; "" is APIVersion.
	PayloadVersion string
	// ListLag leaves sessions, payment intents and refunds out of lists for
	// that long. By id they are there at once.
	ListLag time.Duration
	// EventsKept is how long events are kept; 0 is Stripe's thirty days.
	EventsKept time.Duration
}

// validate tells what is wrong with quirks before they are set.
func (q Quirks) validate() error {
	switch {
	case q.LateEvents < 0 || q.ListLag < 0 || q.EventsKept < 0 || q.LateEvery < 0:
		return fmt.Errorf("a quirk cannot be less than nothing")
	case q.PayloadVersion == "":
		return nil
	}
	if _, err := time.Parse(time.DateOnly, q.PayloadVersion); err != nil || q.PayloadVersion >= APIVersion {
		return fmt.Errorf("a payload's version is a date before %s, such as 2019-02-11, not %q", APIVersion, q.PayloadVersion)
	}
	return nil
}

// Quirk replaces the quirks for all that happens from now on; those of drills
// stay.
func (s *Sim) Quirk(q Quirks) error {
	if err := q.validate(); err != nil {
		return fmt.Errorf("stripesim: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = q
	s.mergeQuirks()
	return nil
}

// mergeQuirks adds what drills have on to what was asked for. The caller holds
// mu.
func (s *Sim) mergeQuirks() {
	s.quirks = s.asked
	for _, d := range s.drills {
		q := d.quirks
		s.quirks.LateEvents = max(s.quirks.LateEvents, q.LateEvents)
		s.quirks.LateEvery = max(s.quirks.LateEvery, q.LateEvery)
		s.quirks.DoubleEvents = s.quirks.DoubleEvents || q.DoubleEvents
		s.quirks.Reordered = s.quirks.Reordered || q.Reordered
		s.quirks.ListLag = max(s.quirks.ListLag, q.ListLag)
		if q.PayloadVersion != "" {
			s.quirks.PayloadVersion = q.PayloadVersion
		}
	}
}

// wireQuirks are Quirks as JSON; times are text such as "10m".
type wireQuirks struct {
	LateEvents     string `json:"late_events"`
	LateEvery      int    `json:"late_every"`
	DoubleEvents   bool   `json:"double_events"`
	Reordered      bool   `json:"reordered"`
	PayloadVersion string `json:"payload_version"`
	ListLag        string `json:"list_lag"`
	EventsKept     string `json:"events_kept"`
}

// quirkControls are the knobs for quirks. POST takes wireQuirks; what is left
// out is no quirk any more.
func (s *Sim) quirkControls(knob func(string, func(*http.Request) (any, error))) {
	knob("GET /_sim/quirks", func(*http.Request) (any, error) { return s.wireQuirks(), nil })
	knob("POST /_sim/quirks", func(r *http.Request) (any, error) {
		var w wireQuirks
		if err := readJSON(r, &w); err != nil {
			return nil, err
		}
		q := Quirks{LateEvery: w.LateEvery, DoubleEvents: w.DoubleEvents, Reordered: w.Reordered, PayloadVersion: w.PayloadVersion}
		var err error
		for text, to := range map[*string]*time.Duration{&w.LateEvents: &q.LateEvents, &w.ListLag: &q.ListLag, &w.EventsKept: &q.EventsKept} {
			if *to, err = readDelay(*text); err != nil {
				return nil, err
			}
		}
		if err := s.Quirk(q); err != nil {
			return nil, err
		}
		return s.wireQuirks(), nil
	})
}

// wireQuirks are all quirks that are on, those of drills with them.
func (s *Sim) wireQuirks() wireQuirks {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.quirks
	return wireQuirks{
		LateEvents: q.LateEvents.String(), LateEvery: q.LateEvery, DoubleEvents: q.DoubleEvents, Reordered: q.Reordered,
		PayloadVersion: q.PayloadVersion, ListLag: q.ListLag.String(), EventsKept: q.EventsKept.String(),
	}
}

// told tells whether the event can be seen in a list by now.
func (t *tx) told(e *event) bool { return t.acct.late[e.ID] <= t.now }

// kept is how long events are kept, in seconds.
func (t *tx) kept() int64 {
	if d := t.sim.quirks.EventsKept; d > 0 {
		return int64(d / time.Second)
	}
	return keptFor
}

// newest is the second up to which the list that is asked for is complete.
func (t *tx) newest() int64 {
	if t.lags {
		return t.now - int64(t.sim.quirks.ListLag/time.Second)
	}
	return never
}

// lagging tells whether ListLag is about the list.
func (s *Sim) lagging(pattern string) bool {
	switch pattern {
	case "GET /v1/checkout/sessions", "GET /v1/payment_intents", "GET /v1/refunds":
		return s.quirks.ListLag > 0
	}
	return false
}

// record writes an event down: once or twice, in time or late.
func (t *tx) record(e *event) {
	q, copies := t.sim.quirks, 1
	if q.DoubleEvents {
		copies = 2
	}
	for range copies {
		made := *e
		made.ID = newID("evt_12", 22)
		if q.LateEvents > 0 && t.sim.late(q.LateEvery) {
			made.ID = newID("evt_10", 22)
			if t.wrote.Late == nil {
				t.wrote.Late = map[string]int64{}
			}
			t.wrote.Late[made.ID] = t.now + int64(q.LateEvents/time.Second)
		}
		put(&t.wrote.Events, &made)
	}
}

// late tells whether it is the turn of the next event to be late: each one of
// every, the first of all with them. The caller holds mu.
func (s *Sim) late(every int) bool {
	s.turn++
	return every <= 1 || s.turn%every == 1
}

// shuffle brings what the transaction tells out of order.
func (t *tx) shuffle() {
	if t.sim.quirks.Reordered {
		events := t.wrote.Events
		t.sim.dice.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	}
}

// tellCompletion says that s is complete, or keeps it back.
func (t *tx) tellCompletion(s *session) error {
	if s.PaymentStatus == unpaid && t.sim.quirks.Reordered {
		s.Untold = true
		put(&t.wrote.Sessions, s)
		return nil
	}
	return t.emit(sessionCompleted, s)
}

// tellEnd says what became of a delayed payment, and then that its session is
// complete if that was kept back: as it was then.
func (t *tx) tellEnd(s *session, tell func() error) error {
	if !s.Untold {
		return tell()
	}
	t.now--
	err := tell()
	t.now++
	if err != nil {
		return err
	}
	was := *s
	was.PaymentStatus = unpaid
	s.Untold = false
	put(&t.wrote.Sessions, s)
	return t.emit(sessionCompleted, &was)
}

const sessionCompleted = "checkout.session.completed"
