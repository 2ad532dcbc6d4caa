package metrics

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/backend/stripeapi"

	"github.com/google/go-cmp/cmp"
)

// busy is a Set in which everything has happened once at least.
func busy() (*Set, Reading) {
	s := New()
	s.Call(stripeapi.Call{Method: "GET", Endpoint: "/v1/events", Status: 200, Took: 150 * time.Millisecond, Waited: 500 * time.Millisecond, Read: true, Sent: true, Bytes: 1200})
	s.Call(stripeapi.Call{Method: "GET", Endpoint: "/v1/events", Status: 429, Failure: stripeapi.Busy, Took: 10 * time.Millisecond, Read: true, Sent: true, Bytes: 80})
	s.Call(stripeapi.Call{Method: "GET", Endpoint: "/v1/events", Failure: stripeapi.Unsent, Read: true, Took: 30 * time.Second})
	s.Call(stripeapi.Call{Method: "POST", Endpoint: "/v1/checkout/sessions", Status: 200, Sent: true, Took: 250 * time.Millisecond, Bytes: 3000})
	s.Polled(nil)
	s.Polled(errors.New("bad key"))
	s.Updated(2 * time.Millisecond)
	s.Streaming(1)
	s.Streaming(1)
	s.Streaming(-1)
	return s, Reading{
		Version: `v1.2"3\`, Go: "go1.26", Book: "training",
		PollFailing: true, PollInterval: 5 * time.Minute, Cursor: time.Unix(1_700_000_000, 500_000_000), Lag: 90 * time.Second,
		CatchingUp: true, CatchUpGap: 72 * time.Hour, CatchUpRead: 40, CatchUpFound: 812, ReadsUsed: 4200, ReadsAllowed: 10_000,
		BookSize: 65536, Entries: map[string]int{"tender.paid": 3}, OpenCodes: 2, OpenIntents: 1, LateMoney: 4, UnfinishedRefunds: 5, OpenDisputes: 6,
		Discrepancies: map[string]int{"paid_twice": 2},
	}
}

func written(t *testing.T, s *Set, r Reading) string {
	t.Helper()
	var text strings.Builder
	if err := s.Write(&text, r); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestWhatIsCounted(t *testing.T) {
	s, r := busy()
	text := written(t, s, r)
	for _, want := range []string{
		`willcall_build_info{version="v1.2\"3\\",go="go1.26",book="training"} 1`,
		`willcall_stripe_requests_total{method="GET",endpoint="/v1/events",outcome="done"} 1`,
		`willcall_stripe_requests_total{method="GET",endpoint="/v1/events",outcome="busy"} 1`,
		`willcall_stripe_requests_total{method="GET",endpoint="/v1/events",outcome="unsent"} 1`,
		`willcall_stripe_reads_total 2`, // the third never came to its turn
		`willcall_stripe_writes_total 1`,
		`willcall_stripe_rate_limited_total 1`,
		`willcall_stripe_waited_seconds_total 0.5`,
		`willcall_stripe_answer_bytes_total 4280`,
		`willcall_stripe_request_duration_seconds_bucket{method="GET",endpoint="/v1/events",le="0.005"} 0`,
		`willcall_stripe_request_duration_seconds_bucket{method="GET",endpoint="/v1/events",le="0.01"} 1`, // its end is in it
		`willcall_stripe_request_duration_seconds_bucket{method="GET",endpoint="/v1/events",le="20"} 2`,
		`willcall_stripe_request_duration_seconds_bucket{method="GET",endpoint="/v1/events",le="+Inf"} 3`,
		`willcall_stripe_request_duration_seconds_sum{method="GET",endpoint="/v1/events"} 30.16`,
		`willcall_stripe_request_duration_seconds_count{method="GET",endpoint="/v1/events"} 3`,
		`willcall_polls_total{outcome="done"} 1`, `willcall_polls_total{outcome="refused"} 1`,
		`willcall_poll_failing 1`, `willcall_poll_interval_seconds 300`, `willcall_poll_cursor_timestamp_seconds 1.7000000005e+09`, `willcall_poll_lag_seconds 90`,
		`willcall_catchup_running 1`, `willcall_catchup_gap_seconds 259200`, `willcall_catchup_read_ratio 0.4`, `willcall_catchup_found_sessions 812`,
		`willcall_reads_used 4200`, `willcall_reads_allotted 10000`,
		`willcall_entries_total{kind="tender.paid"} 3`, `willcall_book_size_bytes 65536`,
		`willcall_book_update_duration_seconds_bucket{le="0.0025"} 1`, `willcall_book_update_duration_seconds_count 1`,
		`willcall_open_codes 2`, `willcall_open_intents 1`, `willcall_late_money_waiting 4`, `willcall_unfinished_refunds 5`, `willcall_open_disputes 6`,
		`willcall_discrepancies{reason="paid_twice"} 2`, `willcall_stream_clients 1`,
	} {
		if !slices.Contains(strings.Split(text, "\n"), want) {
			t.Errorf("there is no line %s", want)
		}
	}
	// The next scrape: counters go on, and what is no more is gone.
	r.Entries, r.Discrepancies, r.Cursor = map[string]int{"tender.paid": 2}, nil, time.Time{}
	text = written(t, s, r)
	for _, want := range []string{"willcall_entries_total{kind=\"tender.paid\"} 5\n", "willcall_stripe_writes_total 1\n", "willcall_poll_cursor_timestamp_seconds 0\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the second scrape lacks %s", want)
		}
	}
	if strings.Contains(text, "paid_twice") {
		t.Error("a discrepancy that is no more is still told")
	}
}

// The names are as Prometheus wants them, and each says what it is.
func TestNamesFollowTheConventions(t *testing.T) {
	seen := map[string]bool{}
	for _, n := range Names() {
		switch {
		case !regexp.MustCompile(`^willcall_[a-z]+(_[a-z]+)*$`).MatchString(n.Name):
			t.Errorf("%s is no name", n.Name)
		case (n.Kind == counter) != strings.HasSuffix(n.Name, "_total"):
			t.Errorf("%s is a %s: counters and nothing else end in _total", n.Name, n.Kind)
		case n.Kind == histogram && !strings.HasSuffix(n.Name, "_seconds"):
			t.Errorf("%s is a histogram without its unit", n.Name)
		case !slices.Contains([]string{counter, gauge, histogram}, n.Kind):
			t.Errorf("%s is a %q", n.Name, n.Kind)
		case !strings.HasSuffix(n.Help, ".") || len(n.Help) < 20:
			t.Errorf("%s does not say what it is: %q", n.Name, n.Help)
		case seen[n.Name]:
			t.Errorf("%s is there twice", n.Name)
		}
		seen[n.Name] = true
	}
}

// What is written is the format, and of each name and label that is listed:
// both ways.
func TestTheFormat(t *testing.T) {
	s, r := busy()
	for name, text := range map[string]string{"nothing has happened": written(t, New(), Reading{}), "everything has": written(t, s, r)} {
		t.Run(name, func(t *testing.T) {
			told, err := parse(text)
			if err != nil {
				t.Fatalf("%v in:\n%s", err, text)
			}
			var names, want []string
			for _, n := range Names() {
				want = append(want, n.Name+" "+n.Kind)
			}
			for _, f := range told {
				names = append(names, f.Name+" "+f.Kind)
			}
			if diff := cmp.Diff(want, names); diff != "" {
				t.Errorf("names (-listed +told):\n%s", diff)
			}
		})
	}
}

func TestWritingFails(t *testing.T) {
	s, r := busy()
	if err := s.Write(broken{}, r); err == nil {
		t.Error("a scraper that has gone is not told of")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("gone") }
