package reconcile

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// fake is a Stripe whose every word a test chooses: for what the simulator
// cannot be made to say.
type fake struct {
	mu       sync.Mutex
	sessions map[string]stripeapi.Session // by id
	events   []stripeapi.Event            // newest first
	page     int                          // elements on a page; 0 is 100
	answer   stripeapi.Session            // to each create, if it has an id
	fail     func(call string) error      // nil answers all
	asked    []string                     // the calls, in order
	skew     time.Duration                // Stripe's clock less ours
	unlearnt time.Duration                // what the client has yet to learn of that
	sure     bool                         // it believes that it knows
	asker    string
	shop     shop
	books    ledgers
}

func newFake() *fake { return &fake{sessions: map[string]stripeapi.Session{}} }

func (f *fake) call(format string, args ...any) error {
	name := fmt.Sprintf(format, args...)
	f.asked = append(f.asked, name)
	if !writes(name) {
		f.books.reads++
	}
	if f.fail != nil {
		if err := f.fail(name); err != nil {
			return err
		}
	}
	f.unlearnt = 0 // an answer tells the time
	return nil
}

// failing sets what fails from now on, while the till is at work.
func (f *fake) failing(fail func(call string) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = fail
}

// has puts sessions into the account.
func (f *fake) has(sessions ...stripeapi.Session) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range sessions {
		f.sessions[s.ID] = s
	}
}

// session is what Stripe has, without being asked.
func (f *fake) session(id string) stripeapi.Session {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sessions[id]
}

// tells adds an event, so that Stripe's list shows it.
func (f *fake) tells(id, kind, session string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events = append(f.events, stripeapi.Event{ID: id, Type: kind, ObjectID: session, Created: at.Truncate(time.Second)})
	slices.SortStableFunc(f.events, func(a, b stripeapi.Event) int { return b.Created.Compare(a.Created) })
}

// took are the calls since the last time.
func (f *fake) took() (calls []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls, f.asked = f.asked, nil
	return calls
}

func (f *fake) CreateSession(_ context.Context, key string, r boxoffice.SessionRequest) (stripeapi.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("create %s", key); err != nil {
		return stripeapi.Session{}, err
	}
	if f.answer.ID != "" {
		return f.answer, nil
	}
	s := stripeapi.Session{ID: "cs_" + r.Reference, Status: stripeapi.SessionOpen, URL: "https://checkout.stripe.com/c/pay/cs", Reference: r.Reference, Metadata: r.Metadata, Created: time.Now().Add(f.skew)}
	for _, l := range r.LineItems {
		s.Amount.Currency = l.UnitPrice.Currency
		s.Amount.Minor += l.UnitPrice.Minor * l.Quantity
	}
	f.sessions[s.ID] = s
	return s, nil
}

func (f *fake) ExpireSession(_ context.Context, key, id string) (stripeapi.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("expire %s", key); err != nil {
		return stripeapi.Session{}, err
	}
	return f.sessions[id], nil
}

func (f *fake) Session(_ context.Context, id string) (stripeapi.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("get %s", id); err != nil {
		return stripeapi.Session{}, err
	}
	s, ok := f.sessions[id]
	if !ok {
		return s, &stripeapi.Error{Failure: stripeapi.Missing, Status: 404}
	}
	return s, nil
}

func (f *fake) Sessions(_ context.Context, from, to time.Time, after string) (p stripeapi.SessionPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("list after %q", after); err != nil {
		return p, err
	}
	for _, id := range slices.Sorted(maps.Keys(f.sessions)) {
		if s := f.sessions[id]; !isPayment(id) && id > after && !s.Created.Before(from) && !s.Created.After(to) {
			p.Sessions = append(p.Sessions, s)
		}
	}
	if f.page > 0 && len(p.Sessions) > f.page {
		p.Sessions, p.More = p.Sessions[:f.page], true
	}
	return p, nil
}

func (f *fake) Events(_ context.Context, types []string, from, to time.Time, after string) (p stripeapi.EventPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("events after %q", after); err != nil {
		return p, err
	}
	most := f.page
	if most == 0 {
		most = 100
	}
	skip := after != ""
	for _, e := range f.events {
		switch {
		case skip:
			skip = e.ID != after
		case e.Created.Before(from.Truncate(time.Second)), e.Created.After(to), !slices.Contains(types, e.Type):
		case len(p.Events) == most:
			p.More = true
			return p, nil
		default:
			p.Events = append(p.Events, e)
		}
	}
	return p, nil
}

func (f *fake) Asker() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asker
}

func (f *fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return time.Now().Add(f.skew - f.unlearnt).UTC()
}

func (f *fake) Clock(context.Context) (time.Time, error) {
	f.mu.Lock()
	unknown := f.unlearnt != 0 && !f.sure
	f.mu.Unlock()
	if unknown {
		f.mu.Lock()
		err := f.call("balance")
		f.mu.Unlock()
		if err != nil {
			return time.Time{}, err
		}
	}
	return f.Now(), nil
}

// fails makes each call whose name starts with the text end so.
func fails(start string, with stripeapi.Failure) func(string) error {
	return func(call string) error {
		if len(call) >= len(start) && call[:len(start)] == start {
			return &stripeapi.Error{Failure: with}
		}
		return nil
	}
}
