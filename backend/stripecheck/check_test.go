package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// TestAllThatIsAssumedHolds: the client and the simulator agree, and nothing is
// left behind.
func TestAllThatIsAssumedHolds(t *testing.T) {
	s := served(t)
	o := examined(t.Context(), t, s.target)
	if !o.right || len(o.are(broken)) > 0 {
		t.Errorf("right is %t:\n%s", o.right, o.text)
	}
	if got := o.are(untried); len(got) > 0 {
		t.Errorf("not tried: %v", got)
	}
	if got := len(o.are(held)); got != len(checks()) {
		t.Errorf("%d are true, of %d checks", got, len(checks()))
	}
	if !strings.HasPrefix(o.text, "THIS WAS NOT STRIPE.") {
		t.Errorf("it does not say first who answered: %.80q", o.text)
	}
	if got := left(t, s); len(got) > 0 {
		t.Errorf("left behind: %q", got)
	}
}

// TestTheTable: every assumption has a number of its own, says something, and
// names a file that is there.
func TestTheTable(t *testing.T) {
	numbers := map[string]bool{}
	for _, c := range checks() {
		if numbers[c.number] || c.number == "" || c.words == "" || strings.HasSuffix(c.words, ".") {
			t.Errorf("%q %q", c.number, c.words)
		}
		numbers[c.number] = true
		if _, err := os.Stat(filepath.Join("..", c.used)); err != nil {
			t.Errorf("%s: %v", c.number, err)
		}
	}
	for group := range 17 {
		if !numbers[fmt.Sprintf("%d.1", group+1)] {
			t.Errorf("nothing is tried of %d", group+1)
		}
	}
}

// TestWhatStripeMayDoOtherwise: where nobody knows, the verdict is what the
// simulator was told to do.
func TestWhatStripeMayDoOtherwise(t *testing.T) {
	for _, c := range []struct {
		assume         stripesim.Assumptions
		false, untried []string
	}{
		{stripesim.Assumptions{KeysAreShared: true}, []string{"6.3"}, nil},
		{stripesim.Assumptions{LimitIsAtomic: true}, []string{"16.1"}, nil},
		{stripesim.Assumptions{ClosingEndsSessions: true}, []string{"16.1", "16.2"}, []string{"16.3"}},
	} {
		s := served(t)
		s.sim.Assume(c.assume)
		o := examined(t.Context(), t, s.target)
		if diff := cmp.Diff(c.false, o.are(broken)); diff != "" || o.right {
			t.Errorf("%+v: right is %t, false (-want +got):\n%s", c.assume, o.right, diff)
		}
		slices.Sort(c.untried)
		if diff := cmp.Diff(c.untried, o.are(untried)); diff != "" {
			t.Errorf("%+v: not tried (-want +got):\n%s", c.assume, diff)
		}
		if got := left(t, s); len(got) > 0 {
			t.Errorf("%+v: left behind: %q", c.assume, got)
		}
	}
}

// TestWithoutVisitors: nobody is there to open a link, and there is no second
// key. That is no failure.
func TestWithoutVisitors(t *testing.T) {
	s := served(t)
	s.target.visitors, s.target.without = nil, ""
	o := examined(t.Context(), t, s.target)
	want := []string{"15.1", "16.1", "16.2", "16.3", "6.3"}
	if diff := cmp.Diff(want, o.are(untried)); diff != "" || !o.right {
		t.Errorf("right is %t, not tried (-want +got):\n%s", o.right, diff)
	}
}

// TestAKeyThatLacksNothing proves nothing about what Stripe looks at first.
func TestAKeyThatLacksNothing(t *testing.T) {
	s := served(t)
	s.target.without = s.target.key
	o := examined(t.Context(), t, s.target)
	if got := o.rows["15.1"]; got.verdict != string(untried) || !strings.Contains(got.seen, "may read Payment Links") {
		t.Errorf("15.1 is %+v", got)
	}
}

// TestALineThatBreaks: what was not answered is neither true nor false, and the
// run is no success.
func TestALineThatBreaks(t *testing.T) {
	for _, fault := range []stripesim.Fault{
		{Kind: stripesim.FaultDropBefore}, {Kind: stripesim.FaultHTML}, {Kind: stripesim.FaultEmpty},
		{Kind: stripesim.FaultStatus, Status: 500}, {Kind: stripesim.FaultStatus, Status: 429}, {Kind: stripesim.FaultStatus, Status: 401},
	} {
		s := served(t)
		fault.Method, fault.Path = http.MethodGet, "/v1/events"
		s.sim.SetFaults(fault)
		o := examined(t.Context(), t, s.target)
		want := []string{"11.3", "17.7", "2.6", "9.2"}
		slices.Sort(want)
		if diff := cmp.Diff(want, o.are(untried)); diff != "" || o.right || len(o.are(broken)) > 0 {
			t.Errorf("%+v: right is %t, false %q, not tried (-want +got):\n%s", fault, o.right, o.are(broken), diff)
		}
		if got := left(t, s); len(got) > 0 {
			t.Errorf("%+v: left behind: %q", fault, got)
		}
	}
}

// TestNothingIsMadeWithoutAGoodStart: a key that Stripe does not take, and one
// that turns out to be live.
func TestNothingIsMadeWithoutAGoodStart(t *testing.T) {
	live := func(a asked, got *answered) {
		if a.reads("balance") {
			got.body["livemode"] = true
		}
	}
	for name, change := range map[string]func(*simulation){
		"a bad key":  func(s *simulation) { s.target.key = "sk_test_nobodyknowsthiskey" },
		"a live key": func(s *simulation) { s.target.transport = spoiling(t, live) },
		"no line":    func(s *simulation) { s.sim.SetFaults(stripesim.Fault{Kind: stripesim.FaultDropBefore}) },
	} {
		s := served(t)
		change(s)
		o := examined(t.Context(), t, s.target)
		if o.right || len(o.are(held)) > 0 || len(o.are(untried)) < len(checks())-1 {
			t.Errorf("%s: right is %t:\n%s", name, o.right, o.text)
		}
		if got := s.sim.Requests(); got.Writes > 0 || got.Reads != 1 {
			t.Errorf("%s: Stripe was asked %v", name, got.Paths)
		}
	}
}

// TestARunThatIsEnded: whenever it is, what was made is taken away, by the
// request on its way too.
func TestARunThatIsEnded(t *testing.T) {
	for after := int32(19); after < 90; after += 5 {
		s := served(t)
		ctx, end := context.WithCancel(t.Context())
		var asked atomic.Int32
		network := &http.Transport{}
		s.target.transport = tripper(func(r *http.Request) (*http.Response, error) {
			got, err := network.RoundTrip(r.WithContext(context.WithoutCancel(r.Context()))) // Stripe does it in any case
			if asked.Add(1) == after {
				end()
			}
			if gone := r.Context().Err(); gone != nil && err == nil {
				return nil, errors.Join(gone, got.Body.Close())
			}
			return got, err
		})
		o := examined(ctx, t, s.target)
		network.CloseIdleConnections()
		if o.right || !strings.Contains(o.text, "the run was ended") || !strings.Contains(o.text, "has been closed") {
			t.Errorf("after %d requests: right is %t:\n%s", after, o.right, o.text)
		}
		if got := left(t, s); len(got) > 0 {
			t.Errorf("after %d requests left behind: %q", after, got)
		}
	}
}

// idle visitors open pages, and buy nothing.
type idle struct{ sim *stripesim.Sim }

func (v idle) payTwice(l stripeapi.Link) error { return errors.Join(v.open(l), v.open(l)) }

func (v idle) open(l stripeapi.Link) error { return simulated(v).open(l) }

// TestPagesThatNobodyPays prove nothing about the limit, and do not stay open.
func TestPagesThatNobodyPays(t *testing.T) {
	s := served(t)
	s.target.visitors = idle{s.sim}
	o := examined(t.Context(), t, s.target)
	if got := o.rows["16.1"]; got.verdict != string(untried) || !strings.Contains(got.seen, "2 pages opened, 0 paid") || !o.right {
		t.Errorf("right is %t, 16.1 is %+v", o.right, got)
	}
	if got := left(t, s); len(got) > 0 {
		t.Errorf("left behind: %q", got)
	}
}

// TestAProbeThatIsNotAnswered says nothing about what Stripe looks at first.
func TestAProbeThatIsNotAnswered(t *testing.T) {
	s := served(t)
	s.target.transport = spoiling(t, func(a asked, got *answered) {
		if a.writes("payment_links") && got.status == http.StatusForbidden {
			got.status = http.StatusTooManyRequests
		}
	})
	o := examined(t.Context(), t, s.target)
	if got := o.rows["15.1"]; got.verdict != string(untried) || o.right {
		t.Errorf("right is %t, 15.1 is %+v", o.right, got)
	}
}

// TestWhatIsLeftBehindIsSaid, and is no success.
func TestWhatIsLeftBehindIsSaid(t *testing.T) {
	s := served(t)
	s.target.transport = spoiling(t, func(a asked, got *answered) {
		if a.writes("products/") && a.form.Get("active") == "false" || a.writes("tax_rates/") {
			got.refuse("")
		}
	})
	o := examined(t.Context(), t, s.target)
	if o.right || len(o.are(broken)) > 0 {
		t.Errorf("right is %t:\n%s", o.right, o.text)
	}
	_, list, _ := strings.Cut(o.text, "Left behind")
	if strings.Count(list, "- product prod_") < 10 || strings.Count(list, "- tax rate txr_") != 1 || !strings.Contains(list, mark) {
		t.Errorf("it says:\n%s", list)
	}
}
