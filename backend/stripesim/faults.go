package stripesim

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kinds of fault. After those marked done, Stripe has done what was asked.
const (
	FaultStatus     = "status"          // an error of Stripe's with the HTTP status of Fault.Status
	FaultStorm      = "storm"           // 429 rate_limit, for Fault.Delay or Fault.Times
	FaultLock       = "lock"            // 429 lock_timeout: another request holds the object
	Fault503        = "503"             // a page of the proxy before Stripe, which is not JSON
	FaultHTML       = "html"            // 200 with a captive portal's page
	FaultPortal     = "portal_redirect" // 302 to a captive portal's page
	FaultEmpty      = "empty"           // 200 with {}
	FaultEmptyPage  = "empty_page"      // a list has no data and says that there is more
	FaultGarbage    = "garbage"         // 200 with bytes that are no JSON
	FaultCut        = "cut"             // done; the connection breaks in the middle of the answer
	FaultShort      = "short"           // done; half of the answer, as if that were all of it
	FaultTrickle    = "trickle"         // done; the answer's body takes Fault.Delay to come
	FaultDate       = "date"            // done and answered, with a Date that is wrong by Fault.Delay
	FaultNoDate     = "no_date"         // done and answered, without a Date
	FaultReset      = "reset"           // the connection is reset (TCP RST) before anything happened
	FaultTLS        = "tls"             // the connection ends in a TLS alert; see alert
	FaultDropBefore = "drop_before"     // the connection breaks before anything happened
	FaultDropAfter  = "drop_after"      // done; the connection breaks before the answer
	FaultOtherWords = "other_words"     // done, and the key kept as that of other parameters; the connection breaks before the answer
	FaultHang       = "hang"            // no answer, until the client gives up
	FaultDelay      = "delay"           // done and answered, Fault.Delay late
)

// Fault is something that goes wrong on demand.
type Fault struct {
	Method     string        // "" is any
	Path       string        // start of the URL's path, or a pattern with * for one segment; "" is all of /v1/
	Times      int           // how often it happens; 0 is until cleared
	Kind       string        // one of the kinds above
	Status     int           // for FaultStatus: 401, 402, 403, 409, 429, 500, 503 or another
	Code       string        // for FaultStatus: Stripe's code where a status has several, as lock_timeout for 429
	Delay      time.Duration // for FaultDelay and FaultTrickle; for FaultDate, where it can be negative; for FaultStorm, by the simulator's clock, 0 is until cleared
	RetryAfter time.Duration // for FaultStorm and 429: what Retry-After says, in whole seconds; 0 leaves it out, as Stripe is free to
	Chance     float64       // how likely it is each time, from 0 to 1; 0 is certain. Options.Seed decides
}

func (f Fault) matches(r *http.Request) bool {
	if f.Method != "" && !strings.EqualFold(f.Method, r.Method) {
		return false
	}
	want := f.Path
	if want == "" {
		want = "/v1/"
	}
	if strings.Contains(want, "*") {
		ok, err := path.Match(want, r.URL.Path)
		return ok && err == nil
	}
	return strings.HasPrefix(r.URL.Path, want)
}

// validate tells what is wrong with a fault before it is set.
func (f Fault) validate() error {
	switch {
	case f.Times < 0:
		return fmt.Errorf("a fault cannot happen %d times", f.Times)
	case f.Chance < 0 || f.Chance > 1:
		return fmt.Errorf("a fault's chance is from 0 to 1, not %v", f.Chance)
	case f.RetryAfter < 0:
		return fmt.Errorf("a fault cannot ask to retry after %v", f.RetryAfter)
	}
	switch f.Kind {
	case FaultHTML, FaultPortal, FaultEmpty, FaultEmptyPage, FaultGarbage, FaultCut, FaultShort, FaultNoDate,
		FaultReset, FaultTLS, FaultDropBefore, FaultDropAfter, FaultOtherWords, FaultHang, FaultLock, Fault503:
		return nil
	case FaultStatus:
		if f.Status >= 400 && f.Status <= 599 {
			return nil
		}
		return fmt.Errorf("a fault of kind status needs a status from 400 to 599, not %d", f.Status)
	case FaultDelay, FaultTrickle:
		if f.Delay > 0 {
			return nil
		}
		return fmt.Errorf("a fault of kind %s needs a delay, such as \"2s\"", f.Kind)
	case FaultDate:
		if f.Delay != 0 {
			return nil
		}
		return fmt.Errorf("a fault of kind date needs a delay, such as \"-2h\", to be wrong by")
	case FaultStorm:
		if f.Delay >= 0 {
			return nil
		}
		return fmt.Errorf("a storm cannot last %v", f.Delay)
	}
	return fmt.Errorf("there is no fault of kind %q", f.Kind)
}

// refuses tells whether the fault is an answer of Stripe's own, rather than of
// the network.
func (f Fault) refuses() bool {
	return f.Kind == FaultStatus || f.Kind == FaultStorm || f.Kind == FaultLock
}

// setFault is a fault that is set.
type setFault struct {
	Fault
	drill string    // that has set it; "" is SetFaults
	until time.Time // of a storm, by the simulator's clock; zero is until cleared
}

// faultList are the faults that are set, first match first.
type faultList struct {
	mu   sync.Mutex // guards all below
	list []setFault
	dice *rand.Rand
}

// SetFaults replaces all faults that were set before, but those of drills;
// without arguments it clears them.
func (s *Sim) SetFaults(faults ...Fault) { s.faults.set("", s.time(), faults) }

// set replaces the faults of a drill. Storms begin now.
func (l *faultList) set(drill string, now time.Time, faults []Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = slices.DeleteFunc(l.list, func(f setFault) bool { return f.drill == drill })
	for _, f := range faults {
		made := setFault{Fault: f, drill: drill}
		if f.Kind == FaultStorm && f.Delay > 0 {
			made.until = now.Add(f.Delay)
		}
		l.list = append(l.list, made)
	}
}

// current are the faults that a drill has set, or SetFaults.
func (l *faultList) current(drill string) []Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := []Fault{}
	for _, f := range l.list {
		if f.drill == drill {
			out = append(out, f.Fault)
		}
	}
	return out
}

// take finds the faults for r that use accepts, at most one of SetFaults and
// one of each drill, and uses each up by one.
func (l *faultList) take(r *http.Request, now time.Time, use func(Fault) bool) []Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = slices.DeleteFunc(l.list, func(f setFault) bool { return !f.until.IsZero() && !now.Before(f.until) })
	var taken []Fault
	seen := map[string]bool{}
	for i := range l.list {
		f := &l.list[i]
		if seen[f.drill] || !f.matches(r) || !use(f.Fault) || f.Chance > 0 && l.dice.Float64() >= f.Chance {
			continue
		}
		seen[f.drill] = true
		taken = append(taken, f.Fault)
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				f.Times = spent
			}
		}
	}
	l.list = slices.DeleteFunc(l.list, func(f setFault) bool { return f.Times == spent })
	return taken
}

// spent is the Times of a fault that has happened as often as it should.
const spent = -1

// all are the faults of SetFaults and of all drills.
func (l *faultList) all() []Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []Fault
	for _, f := range l.list {
		out = append(out, f.Fault)
	}
	return out
}
