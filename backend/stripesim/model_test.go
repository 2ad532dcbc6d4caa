package stripesim

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// model is what a session must be, in a few lines that leave no doubt.
type model struct {
	id        string
	status    string // open, complete, expired
	paid      bool
	delayed   bool // the bank has not yet decided
	asked     bool // the bank asks for 3-D Secure
	expiresAt time.Time
}

// TestSessionsFollowTheModel does random things one after the other, and after
// each compares every session with the model.
func TestSessionsFollowTheModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := newClock()
		s, err := Open(Options{Now: c.now})
		if err != nil {
			r.Fatal(err)
		}
		m := &machine{sim: s, clock: c}
		r.Repeat(map[string]func(*rapid.T){
			"open":    m.open,
			"pay":     m.pay,
			"decline": m.decline,
			"ask":     m.ask,
			"answer":  m.answer,
			"debit":   m.debit,
			"settle":  m.settle,
			"expire":  m.expire,
			"wait":    m.wait,
			"":        m.compare,
		})
	})
}

type machine struct {
	sim      *Sim
	clock    *clock
	sessions []*model
	trusts   bool // answers are not held against Stripe's document, which takes most of the time
}

func (m *machine) send(r *rapid.T, method, path, form string) reply {
	req := httptest.NewRequest(method, path, strings.NewReader(form))
	req.Header.Set("Authorization", "Bearer "+testKey)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	m.sim.Handler().ServeHTTP(rec, req)
	if !m.trusts {
		if err := conforms(method, req.URL.Path, rec.Code, rec.Body.Bytes()); err != nil {
			r.Fatalf("%s %s: %v", method, path, err)
		}
	}
	tree, err := decode(rec.Body.Bytes())
	if err != nil {
		r.Fatal(err)
	}
	return reply{status: rec.Code, body: rec.Body.Bytes(), json: tree}
}

// pick is one of the sessions; it skips the step where there is none.
func (m *machine) pick(r *rapid.T) *model {
	if len(m.sessions) == 0 {
		r.Skip("no session yet")
	}
	return m.sessions[rapid.IntRange(0, len(m.sessions)-1).Draw(r, "session")]
}

func (m *machine) open(r *rapid.T) {
	minutes := rapid.IntRange(30, 24*60).Draw(r, "minutes")
	end := m.clock.now().Add(time.Duration(minutes) * time.Minute)
	got := m.send(r, http.MethodPost, "/v1/checkout/sessions", fmt.Sprintf("%s&expires_at=%d", sale, end.Unix()))
	id, _ := got.json["id"].(string)
	m.sessions = append(m.sessions, &model{id: id, status: open, expiresAt: end})
}

// tapped compares what the buyer was told, by its status.
func (m *machine) tapped(r *rapid.T, err error, want string) {
	got := succeeded
	if refused := (*Refused)(nil); errors.As(err, &refused) {
		got = refused.Status
	} else if err != nil {
		got = err.Error()
	}
	if got != want {
		r.Fatalf("the buyer was told %s, want %s", got, want)
	}
}

func (m *machine) pay(r *rapid.T) {
	s := m.pick(r)
	err := m.sim.Pay(s.id, Payment{})
	if s.status == open {
		s.status, s.paid, s.asked = complete, true, false
	}
	m.tapped(r, err, map[bool]string{true: expired, false: succeeded}[s.status == expired])
}

func (m *machine) decline(r *rapid.T) {
	s := m.pick(r)
	err := m.sim.Pay(s.id, Payment{Card: "4000000000000002"})
	want := map[string]string{open: "declined", complete: succeeded, expired: expired}[s.status]
	if s.status == open {
		s.asked = false
	}
	m.tapped(r, err, want)
}

func (m *machine) ask(r *rapid.T) {
	s := m.pick(r)
	err := m.sim.Pay(s.id, Payment{Card: "4000002760003184", Challenge: Leave})
	want := map[string]string{open: requiresAction, complete: succeeded, expired: expired}[s.status]
	s.asked = s.status == open
	m.tapped(r, err, want)
}

func (m *machine) answer(r *rapid.T) {
	s, ok := m.pick(r), rapid.Bool().Draw(r, "passes")
	if _, err := m.sim.authenticate(s.id, ok); err != nil {
		r.Fatal(err)
	}
	if s.status == open && s.asked {
		s.asked = false
		if ok {
			s.status, s.paid = complete, true
		}
	}
}

func (m *machine) debit(r *rapid.T) {
	s := m.pick(r)
	err := m.sim.Pay(s.id, Payment{Delayed: true})
	if s.status == open {
		s.status, s.delayed, s.asked = complete, true, false
	}
	m.tapped(r, err, map[bool]string{true: expired, false: succeeded}[s.status == expired])
}

func (m *machine) settle(r *rapid.T) {
	s, ok := m.pick(r), rapid.Bool().Draw(r, "settles")
	err := m.sim.Settle(s.id, ok)
	if (err == nil) != s.delayed {
		r.Fatalf("settling %+v gave %v", s, err)
	}
	if s.delayed {
		s.delayed, s.paid = false, ok
	}
}

func (m *machine) expire(r *rapid.T) {
	s := m.pick(r)
	got := m.send(r, http.MethodPost, "/v1/checkout/sessions/"+s.id+"/expire", "")
	if (got.status == http.StatusOK) != (s.status == open) {
		r.Fatalf("expiring %+v answered %d", s, got.status)
	}
	if s.status == open {
		s.status, s.asked = expired, false
	}
}

func (m *machine) wait(r *rapid.T) {
	m.clock.advance(time.Duration(rapid.IntRange(1, 8*60*60).Draw(r, "seconds")) * time.Second)
	for _, s := range m.sessions {
		if s.status == open && !m.clock.now().Before(s.expiresAt) {
			s.status, s.asked = expired, false
		}
	}
}

// compare holds every session against its model, and counts the money and the
// events.
func (m *machine) compare(r *rapid.T) {
	var sold int
	ended := map[string]int{}
	for _, s := range m.sessions {
		want := map[bool]string{true: paid, false: unpaid}[s.paid]
		err := m.sim.buy(s.id, func(_ *tx, got *session) error {
			if got.Status != s.status || got.PaymentStatus != want {
				return fmt.Errorf("%+v is %s, %s at Stripe", s, got.Status, got.PaymentStatus)
			}
			return nil
		})
		if err != nil {
			r.Fatal(err)
		}
		if s.paid {
			sold++
		}
		ended[s.status]++
	}
	a := m.sim.accounts[m.sim.main]
	var taken int
	for _, b := range a.transactions.byID {
		if b.ReportingCategory == "charge" && a.charges.byID[b.Source].Status == succeeded {
			taken++
		}
	}
	if taken != sold {
		r.Fatalf("%d sessions are paid, %d balance transactions", sold, taken)
	}
	told := map[string]int{}
	for _, e := range a.events.byID {
		told[e.Type]++
	}
	if told["checkout.session.completed"] != ended[complete] || told["checkout.session.expired"] != ended[expired] {
		r.Fatalf("sessions ended as %v, events tell %v", ended, told)
	}
}
