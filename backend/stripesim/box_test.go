package stripesim

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a hand-moved clock.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// box is a simulator on a loopback port, its clock, and a client. Every
// answer passes through conforming.
type box struct {
	t       *testing.T
	sim     *Sim
	clock   *clock
	url     string
	account string // Stripe-Account of requests, "" for none
	key     string // "" is testKey
}

const testKey = "sk_test_training12345678"

// newBox starts a simulator in memory; edit may change its options.
func newBox(t *testing.T, edit ...func(*Options)) *box {
	t.Helper()
	c := newClock()
	o := Options{PublicURL: "http://127.0.0.1:4381", Now: c.now}
	for _, e := range edit {
		e(&o)
	}
	sim, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(conforming(t, sim))
	t.Cleanup(server.Close)
	return &box{t: t, sim: sim, clock: c, url: server.URL}
}

func journaled(path string) func(*Options) {
	return func(o *Options) { o.StatePath = path }
}

// reply is an answer with its JSON taken apart.
type reply struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
	json   map[string]any
	asked  string // where redirects led
	pieces int    // in which the body came
	took   time.Duration
}

// do sends a request; headers are pairs of name and value.
func (b *box) do(method, path, form string, headers ...string) reply {
	b.t.Helper()
	r, err := b.try(method, path, form, headers...)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (b *box) try(method, path, form string, headers ...string) (reply, error) {
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(form))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Authorization", "Bearer "+cmp.Or(b.key, testKey))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if b.account != "" {
		req.Header.Set("Stripe-Account", b.account)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			req.Header.Del(headers[i])
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	r := reply{t: b.t, status: resp.StatusCode, header: resp.Header, body: body}
	_ = json.Unmarshal(body, &r.json) // broken answers are looked at as bytes
	return r, err
}

func (b *box) get(path string) reply { b.t.Helper(); return b.do("GET", path, "") }

func (b *box) post(path, form string, headers ...string) reply {
	b.t.Helper()
	return b.do("POST", path, form, headers...)
}

// ok insists on a 200.
func (r reply) ok() reply {
	r.t.Helper()
	if r.status != http.StatusOK {
		r.t.Fatalf("answered %d: %s", r.status, r.body)
	}
	return r
}

// at is the value at a path such as "line_items.data.0.price.id".
func (r reply) at(path string) any {
	r.t.Helper()
	return dig(r.t, r.json, path)
}

func dig(t *testing.T, v any, path string) any {
	t.Helper()
	for step := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[step]
			if !ok {
				t.Fatalf("there is no %s of %s in %v", step, path, at)
			}
			v = next
		case []any:
			i := 0
			for _, d := range step {
				i = i*10 + int(d-'0')
			}
			if i >= len(at) {
				t.Fatalf("there is no element %s of %s in %v", step, path, at)
			}
			v = at[i]
		default:
			t.Fatalf("%s leads into %v", path, v)
		}
	}
	return v
}

func (r reply) text(path string) string {
	r.t.Helper()
	s, ok := r.at(path).(string)
	if !ok {
		r.t.Fatalf("%s is no text in %s", path, r.body)
	}
	return s
}

// has checks values given as pairs of path and value.
func (r reply) has(pairs ...any) reply {
	r.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		want := pairs[i+1]
		if n, ok := want.(int); ok {
			want = float64(n)
		}
		if got := r.at(pairs[i].(string)); got != want {
			r.t.Errorf("%v is %v, want %v", pairs[i], got, want)
		}
	}
	return r
}

// fails checks an error's status, code, param and the start of its message.
func (r reply) fails(status int, code, param, message string) reply {
	r.t.Helper()
	e, _ := r.json["error"].(map[string]any)
	got := func(name string) string { s, _ := e[name].(string); return s }
	if r.status != status || got("code") != code || got("param") != param || !strings.HasPrefix(got("message"), message) {
		r.t.Errorf("answered %d %q for %q: %q\nwant %d %q for %q: %q", r.status, got("code"), got("param"), got("message"), status, code, param, message)
	}
	return r
}

// ids are the ids of a list.
func (r reply) ids() []string {
	r.t.Helper()
	out := []string{}
	for _, v := range r.ok().at("data").([]any) {
		out = append(out, dig(r.t, v, "id").(string))
	}
	return out
}

// types are the types of a list of events, newest first.
func (b *box) types(query string) []string {
	b.t.Helper()
	out := []string{}
	for _, v := range b.get("/v1/events?limit=100" + query).ok().at("data").([]any) {
		out = append(out, dig(b.t, v, "type").(string))
	}
	return out
}

// sale is a valid Checkout Session of two seats, €24.00 in all.
const sale = "mode=payment&success_url=https://theatre.example/thanks&line_items[0][quantity]=2" +
	"&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=1200&line_items[0][price_data][product_data][name]=Standard"

// openSession opens the sale with more parameters ("&metadata[a]=b").
func (b *box) openSession(more string) string {
	b.t.Helper()
	return b.post("/v1/checkout/sessions", sale+more).ok().text("id")
}

// buy pays and insists that it worked.
func (b *box) buy(session string, p Payment) {
	b.t.Helper()
	if err := b.sim.Pay(session, p); err != nil {
		b.t.Fatal(err)
	}
}

// serveRaw puts the simulator itself behind the box's address, for tests in
// which the connection breaks.
func (b *box) serveRaw() {
	server := httptest.NewServer(b.sim.Handler())
	b.t.Cleanup(server.Close)
	b.url = server.URL
}

// statusFor asks under another Host.
func (b *box) statusFor(host, path string) int {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Host = host
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// lacks checks that there is nothing at a path.
func (r reply) lacks(path string) reply {
	r.t.Helper()
	at := strings.LastIndex(path, ".")
	if _, there := dig(r.t, r.json, path[:at]).(map[string]any)[path[at+1:]]; there {
		r.t.Errorf("there is a %s in %s", path, r.body)
	}
	return r
}
