package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/backend/stripesim"
)

// served is a simulator for the test.
func served(t *testing.T) *simulation {
	t.Helper()
	s, err := simulate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return s
}

// hasty is a clock on which waiting takes no time.
func hasty(ctx context.Context) clock {
	var mu sync.Mutex
	var ahead time.Duration
	return clock{
		now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return time.Now().Add(ahead)
		},
		pause: func(d time.Duration) error {
			mu.Lock()
			defer mu.Unlock()
			ahead += d
			return ctx.Err()
		},
	}
}

// outcome is a report as a person reads it.
type outcome struct {
	right bool
	text  string
	rows  map[string]row // by number
}

type row struct{ verdict, words, used, seen string }

// examined runs all checks against the target.
func examined(ctx context.Context, t *testing.T, to target) outcome {
	t.Helper()
	var out bytes.Buffer
	right, err := examine(ctx, to, hasty(ctx), &out)
	if err != nil {
		t.Fatal(err)
	}
	o := outcome{right: right, text: out.String(), rows: map[string]row{}}
	for line := range strings.Lines(o.text) {
		cells := strings.SplitN(strings.TrimSuffix(line, " |\n"), "|", 6)
		if len(cells) != 6 {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		o.rows[cells[1]] = row{cells[2], cells[3], cells[4], cells[5]}
	}
	return o
}

// are the numbers of the verdict, sorted.
func (o outcome) are(v verdict) (numbers []string) {
	for number, r := range o.rows {
		if r.verdict == string(v) {
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// tripper is a transport in a test's hands.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// asked is a request as Stripe reads it.
type asked struct {
	method, path string
	form         url.Values // of the query, or of the body
}

func (a asked) writes(path string) bool {
	return a.method == http.MethodPost && strings.HasPrefix(a.path, "/v1/"+path)
}

func (a asked) reads(path string) bool {
	return a.method == http.MethodGet && strings.HasPrefix(a.path, "/v1/"+path)
}

// answered is what the client will be told.
type answered struct {
	status int
	header http.Header
	body   map[string]any
}

// refuse makes it a refusal of the content.
func (a *answered) refuse(param string) {
	a.status, a.body = http.StatusBadRequest, map[string]any{"error": map[string]any{
		"type": "invalid_request_error", "param": param, "message": "Not today.",
	}}
}

// spoiling is a transport that asks the simulator and edits its answers.
func spoiling(t *testing.T, edit func(asked, *answered)) http.RoundTripper {
	t.Helper()
	network := &http.Transport{}
	t.Cleanup(network.CloseIdleConnections)
	return tripper(func(r *http.Request) (*http.Response, error) {
		a := asked{r.Method, r.URL.Path, r.URL.Query()}
		if r.Method == http.MethodPost {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			if a.form, err = url.ParseQuery(string(body)); err != nil {
				return nil, err
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		got, err := network.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		defer got.Body.Close()
		told := answered{status: got.StatusCode, header: got.Header}
		if err := json.NewDecoder(got.Body).Decode(&told.body); err != nil {
			return nil, err
		}
		edit(a, &told)
		body, err := json.Marshal(told.body)
		if err != nil {
			return nil, err
		}
		got.StatusCode, got.ContentLength = told.status, int64(len(body))
		got.Header.Del("Content-Length")
		got.Body = io.NopCloser(bytes.NewReader(body))
		return got, nil
	})
}

// left is what the simulator still has that could be bought, paid or given
// back: nothing, after a run.
func left(t *testing.T, s *simulation) (things []string) {
	t.Helper()
	get := func(path string) []map[string]any {
		r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, s.target.base+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+stripesim.TrainingKey)
		got, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		var page struct {
			Data []map[string]any `json:"data"`
			More bool             `json:"has_more"`
		}
		if err := json.NewDecoder(got.Body).Decode(&page); err != nil || got.StatusCode != http.StatusOK || page.More {
			t.Fatalf("%s: %s, %v, more %t", path, got.Status, err, page.More)
		}
		return page.Data
	}
	for _, path := range []string{"products", "payment_links", "tax_rates"} {
		for _, one := range get("/v1/" + path + "?limit=100") {
			if one["active"] != false {
				things = append(things, path+" "+one["id"].(string))
			}
		}
	}
	for _, one := range get("/v1/checkout/sessions?limit=100") {
		if one["status"] == "open" {
			things = append(things, "session "+one["id"].(string))
		}
	}
	for _, one := range get("/v1/payment_intents?limit=100&expand[]=data.latest_charge") {
		charge, _ := one["latest_charge"].(map[string]any)
		if one["status"] != "canceled" && (charge == nil || charge["refunded"] != true) {
			things = append(things, "payment "+one["id"].(string))
		}
	}
	return things
}
