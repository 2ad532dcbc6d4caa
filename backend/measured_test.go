package backend

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"willcall/backend/stripesim"
)

// scraped reads /metrics into its samples.
func (t *till) scraped() (samples map[string]float64, page string) {
	t.Helper()
	status, text, err := send(t.Context(), http.MethodGet, t.url+"/metrics", "", "")
	if err != nil || status != http.StatusOK {
		t.Fatalf("%d %s %v", status, text, err)
	}
	samples = map[string]float64{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, number, _ := strings.Cut(strings.TrimSpace(line), "} ")
		if !strings.Contains(line, "{") {
			name, number, _ = strings.Cut(strings.TrimSpace(line), " ")
		} else {
			name += "}"
		}
		if samples[name], err = strconv.ParseFloat(number, 64); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	}
	return samples, string(text)
}

// What a sale leaves in the metrics is what Stripe counted and what the book
// has, and names no buyer.
func TestMetricsOfASale(t *testing.T) {
	t.Parallel()
	till := openTill(t, testConfig(t))
	before, _ := till.scraped()
	o := till.sell("a-sale-that-is-measured")
	if now, _ := till.scraped(); now["willcall_open_codes"] != 1 {
		t.Errorf("%v codes are open", now["willcall_open_codes"])
	}
	sim := till.b.book.stripe.sim
	if err := sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{Email: "anna@example.org", Name: "Anna Karenina"}); err != nil {
		t.Fatal(err)
	}
	paid := till.until(o.ID, "paid")
	var now map[string]float64
	var page string
	var counts stripesim.Counts
	for range 400 { // Stripe has counted a request that is under way, and the till has not
		counts = sim.Requests()
		now, page = till.scraped()
		if int(now["willcall_stripe_reads_total"]) == counts.Reads && int(now["willcall_stripe_writes_total"]) == counts.Writes {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	for name, want := range map[string]float64{
		"willcall_stripe_reads_total": float64(counts.Reads), "willcall_stripe_writes_total": float64(counts.Writes),
		"willcall_open_codes": 0, "willcall_open_intents": 0, "willcall_late_money_waiting": 0, "willcall_stream_clients": 0, "willcall_poll_failing": 0,
		`willcall_entries_total{kind="order.placed"}`: 1, `willcall_entries_total{kind="tender.paid"}`: 1,
		`willcall_stripe_requests_total{method="POST",endpoint="/v1/checkout/sessions",outcome="done"}`: 1,
	} {
		if now[name] != want {
			t.Errorf("%s is %v, want %v", name, now[name], want)
		}
	}
	for _, grows := range []string{"willcall_book_update_duration_seconds_count", "willcall_stripe_answer_bytes_total"} {
		if now[grows] <= before[grows] {
			t.Errorf("%s was %v and is %v", grows, before[grows], now[grows])
		}
	}
	for _, some := range []string{"willcall_book_size_bytes", "willcall_reads_allotted", "willcall_poll_interval_seconds", "willcall_poll_cursor_timestamp_seconds", `willcall_polls_total{outcome="done"}`} {
		if now[some] <= 0 {
			t.Errorf("%s is %v", some, now[some])
		}
	}
	for _, secret := range []string{"anna", "Karenina", trainingKey, o.ID, o.Code, o.Tenders[0].SessionID, paid.Tickets[0].ID, "4242"} {
		if strings.Contains(strings.ToLower(page), strings.ToLower(secret)) {
			t.Errorf("the metrics tell %q", secret)
		}
	}
	if !regexp.MustCompile(`(?m)^willcall_build_info\{version="test",go="go1\.\d+[^"]*",book="training"\} 1$`).MatchString(page) {
		t.Error("it does not say which program it is")
	}
}

// A listener of the stream is counted while it listens.
func TestMetricsCountListeners(t *testing.T) {
	t.Parallel()
	till := openTill(t, testConfig(t))
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, till.url+"/api/stream", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	if _, err := bufio.NewReader(stream.Body).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	for want := 1.0; want >= 0; want-- {
		now := -1.0
		for range 400 {
			samples, _ := till.scraped()
			if now = samples["willcall_stream_clients"]; now == want {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if now != want {
			t.Errorf("%v listeners are counted, want %v", now, want)
		}
		leave()
	}
}

// The metrics are for this machine: neither a page of another origin, nor
// another name, nor another device, nor the far end of a tunnel reads them.
func TestMetricsStayHere(t *testing.T) {
	t.Parallel()
	till := openTill(t, testConfig(t))
	for name, row := range map[string]struct {
		host, from string
		header     http.Header
		method     string
		want       int
	}{
		"a scraper":           {"127.0.0.1:4380", "127.0.0.1:5000", nil, "", http.StatusOK},
		"a scraper by name":   {"localhost:4380", "[::1]:5000", nil, "", http.StatusOK},
		"another device":      {"127.0.0.1:4380", "192.168.1.7:5000", nil, "", http.StatusForbidden},
		"no address":          {"127.0.0.1:4380", "", nil, "", http.StatusForbidden},
		"another name":        {"till.example", "127.0.0.1:5000", nil, "", http.StatusForbidden},
		"a tunnel":            {"localhost:4380", "127.0.0.1:5000", http.Header{"X-Forwarded-For": {"203.0.113.9"}}, "", http.StatusForbidden},
		"a tunnel that says":  {"localhost:4380", "127.0.0.1:5000", http.Header{"Forwarded": {"for=203.0.113.9"}}, "", http.StatusForbidden},
		"another page's post": {"127.0.0.1:4380", "127.0.0.1:5000", http.Header{"Origin": {"https://evil.example"}}, http.MethodPost, http.StatusForbidden},
		"nothing to change":   {"127.0.0.1:4380", "127.0.0.1:5000", nil, http.MethodPost, http.StatusNotFound},
	} {
		r := httptest.NewRequestWithContext(t.Context(), row.method, "http://"+row.host+"/metrics", http.NoBody)
		r.RemoteAddr = row.from
		maps.Copy(r.Header, row.header)
		w := httptest.NewRecorder()
		till.b.Handler().ServeHTTP(w, r)
		if w.Code != row.want || strings.Contains(w.Body.String(), "willcall_") != (row.want == http.StatusOK) {
			t.Errorf("%s is told %d %s", name, w.Code, fmt.Sprintf("%.80s", w.Body))
		}
	}
}
