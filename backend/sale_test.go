package backend

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/backend/api"
	"willcall/backend/stripesim"
)

// atOnce does it so many times, all started together, and returns the answers.
func (t *till) atOnce(times int, key func(int) string, body string) (orders []api.Order, problems []api.Problem) {
	t.Helper()
	start := make(chan struct{})
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range times {
		all.Go(func() {
			<-start
			status, text, err := send(t.Context(), http.MethodPost, t.url+"/api/orders", key(i), body)
			mu.Lock()
			defer mu.Unlock()
			var o api.Order
			var p api.Problem
			if status == http.StatusCreated {
				err = json.Unmarshal(text, &o)
				orders = append(orders, o)
			} else if err == nil {
				err = json.Unmarshal(text, &p)
				problems = append(problems, p)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	all.Wait()
	return orders, problems
}

// Fifty browsers buy the last ten seats of the balcony at the same moment, in
// the program as it is: ten get one, forty hear that it is sold out, all ten
// can be paid, and the book is sound.
func TestFiftySalesForTenSeatsOverHTTP(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	till := openTill(t, cfg)
	p := call[api.Catalogue](till, http.MethodGet, "/api/catalogue", "", "", http.StatusOK).Events[0].Performances[0]
	balcony := p.TicketTypes[3]
	if balcony.Name != "Balcony" || balcony.Available != 10 {
		t.Fatalf("the balcony is %+v", balcony)
	}
	body := `{"lineItems":[{"performanceId":"` + p.ID + `","ticketTypeId":"` + balcony.ID + `","quantity":1}]}`
	orders, problems := till.atOnce(50, func(i int) string { return "key-of-browser-" + strconv.Itoa(i) }, body)
	if len(orders) != 10 || len(problems) != 40 {
		t.Fatalf("%d sales and %d refusals", len(orders), len(problems))
	}
	for _, p := range problems {
		if p.Code != "sold_out" || p.Status != http.StatusConflict || p.Params["available"] != "0" || p.Params["name"] != "Balcony" {
			t.Errorf("refused: %+v", p)
		}
	}
	for _, o := range orders {
		if err := till.b.book.stripe.sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{}); err != nil {
			t.Error(err)
		}
		if paid := call[api.Order](till, http.MethodPost, "/api/orders/"+o.ID+"/check", "", "", http.StatusOK); paid.Status != "paid" {
			t.Errorf("order %s is %s", o.Code, paid.Status)
		}
	}
	p = call[api.Catalogue](till, http.MethodGet, "/api/catalogue", "", "", http.StatusOK).Events[0].Performances[0]
	if n := p.TicketTypes[3].Available; n != 0 {
		t.Errorf("%d are left", n)
	}
	till.close()
	if err := Verify(t.Context(), cfg, &strings.Builder{}); err != nil {
		t.Error(err)
	}
}

// A browser that taps twenty times with one key makes one order and one code.
func TestDoubleTapOverHTTP(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	till := openTill(t, cfg)
	orders, problems := till.atOnce(20, func(int) string { return "key-of-a-nervous-tap" }, till.twoAdults())
	for _, o := range orders {
		if o.ID != orders[0].ID || len(o.Tenders) != 1 || o.Tenders[0].State != "open" {
			t.Errorf("the taps made %+v and %+v", orders[0], o)
		}
	}
	if n := sim.Requests().Paths["POST /v1/checkout/sessions"]; len(orders) != 20 || len(problems) != 0 || n != 1 || till.left() != 118 {
		t.Errorf("%d orders, %d problems, %d codes, %d left", len(orders), len(problems), n, till.left())
	}
}

// What Stripe, or whoever answers in its place, does to a sale: what the
// screen is told, whether the seats are kept, and that nothing is charged
// twice when the same sale is tapped again.
func TestSaleWhenStripeMisbehaves(t *testing.T) {
	t.Parallel()
	status := func(code int) stripesim.Fault { return stripesim.Fault{Kind: stripesim.FaultStatus, Status: code} }
	kind := func(k string) stripesim.Fault { return stripesim.Fault{Kind: k} }
	for name, c := range map[string]struct {
		fault  stripesim.Fault
		times  int
		status int
		says   string // in the answer
		left   int    // of 120 seats, after two were asked for
		open   bool   // the sale becomes one that can be paid, by itself
	}{
		"401":                {status(401), 1, 502, `"code":"stripe_key"`, 120, false},
		"402":                {status(402), 1, 502, `Stripe refused: Your card was declined. No code was made, nobody was charged, and the seats are free again.`, 120, false},
		"403":                {status(403), 1, 502, `"code":"stripe_permission"`, 120, false},
		"429, then it works": {status(429), 1, 201, `"state":"open"`, 118, true},
		"500":                {status(500), 1, 201, `"state":"starting"`, 118, false}, // found out from Stripe's list, two minutes later
		"503":                {status(503), 1, 201, `"state":"starting"`, 118, true},
		"HTML":               {kind(stripesim.FaultHTML), 1, 201, `"state":"starting"`, 118, true},
		"nothing in it":      {kind(stripesim.FaultEmpty), 1, 201, `"state":"starting"`, 118, true},
		"no JSON":            {kind(stripesim.FaultGarbage), 1, 201, `"state":"starting"`, 118, true},
		"half of it":         {kind(stripesim.FaultCut), 1, 201, `"state":"starting"`, 118, true},
		"nothing":            {kind(stripesim.FaultDropBefore), 2, 201, `"status":"awaiting_payment"`, 118, true}, // Go may send it again by itself
		"nothing, when done": {kind(stripesim.FaultDropAfter), 2, 201, `"status":"awaiting_payment"`, 118, true},
		"slowly":             {stripesim.Fault{Kind: stripesim.FaultDelay, Delay: 200 * time.Millisecond}, 1, 201, `"state":"open"`, 118, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, cfg := away(t)
			till := openTill(t, cfg)
			c.fault.Method, c.fault.Path, c.fault.Times = http.MethodPost, "/v1/checkout/sessions", c.times // the catalogue is told to Stripe meanwhile
			sim.SetFaults(c.fault)
			body := till.twoAdults()
			got, text, err := send(t.Context(), http.MethodPost, till.url+"/api/orders", "sale-while-it-misbehaves", body)
			if err != nil || got != c.status || !strings.Contains(string(text), c.says) {
				t.Fatalf("%v: %d, want %d and %s: %s", err, got, c.status, c.says, text)
			}
			if strings.Contains(string(text), trainingKey) || strings.Contains(string(text), "EOF") {
				t.Errorf("the answer tells too much: %s", text)
			}
			if n := till.left(); n != c.left {
				t.Errorf("%d are left, want %d", n, c.left)
			}
			if c.status == http.StatusCreated && c.open {
				var o api.Order
				if err := json.Unmarshal(text, &o); err != nil {
					t.Fatal(err)
				}
				o = till.untilOpen(o.ID)
				if err := sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{}); err != nil {
					t.Errorf("it cannot be paid: %v", err)
				}
			}
			again, _, err := send(t.Context(), http.MethodPost, till.url+"/api/orders", "sale-while-it-misbehaves", body)
			if n := till.left(); err != nil || again != c.status || n != c.left {
				t.Errorf("tapped again: %v %d, %d left", err, again, n)
			}
		})
	}
}

// untilOpen asks for the order until its code can be paid.
func (t *till) untilOpen(order string) (o api.Order) {
	t.Helper()
	for range 400 {
		if o = call[api.Order](t, http.MethodGet, "/api/orders/"+order, "", "", http.StatusOK); o.Tenders[0].State == "open" {
			return o
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("order %s stayed %s", order, o.Tenders[0].State)
	return o
}

// Without a line to Stripe from the start: the sale is refused and not
// written, the status says that the line is down and why, and the rest of the
// till works.
func TestWithoutALine(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	addr, leave := occupy(t)
	leave()
	cfg.StripeURL = "http://" + addr
	till := openTill(t, cfg)
	p := call[api.Problem](till, http.MethodPost, "/api/orders", "sale-without-a-line", till.twoAdults(), http.StatusServiceUnavailable)
	if p.Code != "stripe_unreachable" || !strings.Contains(p.Detail, "Nothing was changed.") || p.Next == "" {
		t.Errorf("%+v", p)
	}
	s := call[api.Status](till, http.MethodGet, "/api/status", "", "", http.StatusOK)
	if s.Stripe.State != api.LineDown || s.Stripe.Problem == nil || s.Stripe.Problem.Code != "stripe_unreachable" || s.Stripe.LastSuccessAt != nil || s.Number != 6 {
		t.Errorf("the status is %+v, with the problem %+v", s, s.Stripe.Problem)
	}
	if n := till.left(); n != 120 {
		t.Errorf("%d are left", n)
	}
}

// The line that works says so.
func TestStatusOfALine(t *testing.T) {
	t.Parallel()
	till := openTill(t, testConfig(t))
	till.sell("a-sale-that-works")
	s := call[api.Status](till, http.MethodGet, "/api/status", "", "", http.StatusOK)
	if s.Stripe.State != api.LineOK || s.Stripe.Problem != nil || s.Stripe.LastSuccessAt == nil || time.Since(*s.Stripe.LastSuccessAt) > time.Minute || s.Stripe.Reads == 0 {
		t.Errorf("the line is %+v", s.Stripe)
	}
	if s.Mode != "training" || s.Register != "till-1" || s.Version != "test" || s.BookID == "" || s.OpenCodes != 1 {
		t.Errorf("the status is %+v", s)
	}
}

// The program's own handler is guarded, and its screens may be missing.
func TestTheProgramIsGuarded(t *testing.T) {
	t.Parallel()
	till := openTill(t, testConfig(t))
	for name, c := range map[string]struct{ header, value, want string }{
		"another host":   {"Host", "evil.example", "foreign_host"},
		"another origin": {"Origin", "https://evil.example", "foreign_origin"},
		"its own":        {"Origin", till.url, "idempotency_key_missing"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, till.url+"/api/orders", strings.NewReader(till.twoAdults()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if c.header == "Host" {
			r.Host = c.value
		} else {
			r.Header.Set(c.header, c.value)
		}
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var p api.Problem
		if err := json.NewDecoder(got.Body).Decode(&p); err != nil || string(p.Code) != c.want {
			t.Errorf("%s: %v %+v", name, err, p)
		}
		got.Body.Close()
	}
}

// Closing the program does not wait for connections over which nobody has asked
// for anything, as browsers open them ahead of need.
func TestClosingEndsSilentConnections(t *testing.T) {
	t.Parallel()
	till := openTill(t, testConfig(t))
	for _, addr := range []string{till.b.Addr(), till.b.secure.Addr().String()} {
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() }) // which the till has done
	}
	call[api.Status](till, http.MethodGet, "/api/status", "", "", http.StatusOK) // by now they are accepted
	till.close()                                                                 // which fails if one outlives it
}

// Closing the program ends the live streams at once, and does not wait for
// listeners to leave.
func TestClosingEndsTheStreams(t *testing.T) {
	t.Parallel()
	till := openTill(t, testConfig(t))
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, till.url+"/api/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	lines := bufio.NewScanner(got.Body)
	if !lines.Scan() || lines.Text() != "retry: 500" || !lines.Scan() || lines.Text() != "event: hello" {
		t.Fatalf("the stream says %q", lines.Text())
	}
	till.close() // which fails if a request outlives it
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "event: hello") {
			t.Error("the stream began again")
		}
	}
}
