package backend

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"willcall/backend/api"
	"willcall/backend/internal/testkit"
	"willcall/backend/stripesim"
)

const (
	usualKills = 20 // KILLS asks for another number: make soak has 200
	// A gap is a day and more in which the program was not there and a poster
	// sold: it takes two kills, one in the middle of the catch-up and one in the
	// middle of the sweep.
	gapEvery  = 20
	gapSales  = 1500
	gapLength = 27 * time.Hour
)

// The real program, in a process of its own, sells and polls under load and is
// killed with SIGKILL again and again, and started on the same data folder. The
// simulated Stripe is in this process, which nobody kills: what it took is the
// truth. In the end nothing is lost, nothing is twice, and the book is sound.
func TestKilledUnderLoadNothingIsLostAndNothingTwice(t *testing.T) {
	t.Parallel()
	kills, seed := fromEnv(t, "KILLS", usualKills), uint64(fromEnv(t, "KILL_SEED", int(time.Now().UnixNano()%1_000_000)))
	t.Logf("%d kills; KILL_SEED=%d chooses the same moments again", kills, seed)
	l := newLoad(t, kills, seed)
	l.open()
	l.putOnSale(gapSales * (kills/gapEvery + 1))
	stop := l.people()
	dice := l.dice("the killer")
	for done := 0; done < kills; done++ {
		time.Sleep(50*time.Millisecond + time.Duration(dice.Int64N(int64(900*time.Millisecond))))
		l.program.kill()
		if done%gapEvery == gapEvery/2 && done+2 < kills {
			done += 2
			l.killInGap(dice)
		}
		l.open()
	}
	stop()
	l.settle()
	l.check()
	l.checkCopies()
}

func fromEnv(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s is no number from 1", name, text)
	}
	return n
}

// load is the program under load, with what the people at it were told.
type load struct {
	*testing.T
	seed    uint64
	program *killed
	s       *stripeThatKills
	said    *testkit.Log // what the program wrote to its stderr, all of its lives together

	performance, stalls, box string // what is sold
	poster                   api.Poster
	lastGap                  time.Time   // its end, by Stripe's clock
	night                    atomic.Bool // people sleep: what they do takes Stripe's rate from a catch-up

	mu       sync.Mutex
	url      string
	answered map[string]sold // by idempotency key
	copies   []string        // of the data folder, made while the program was writing

	paid, canceled, refunds, decided, soldOut, asked atomic.Int64
}

// sold is a sale that the till has answered.
type sold struct{ order, body string }

func newLoad(t *testing.T, kills int, seed uint64) *load {
	t.Helper()
	l := &load{T: t, seed: seed, s: newStripeThatKills(t), said: &testkit.Log{}, answered: map[string]sold{}}
	l.program = &killed{T: t, binary: buildProgram(t), data: t.TempDir(), stripe: l.s.url, stderr: l.said}
	l.stripe("/_sim/latency", `{"latency":"4ms"}`) // as long as it takes, something is under way
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%d kills with KILL_SEED=%d; the program's last words:\n%s", kills, seed, tail(l.said.String(), 4000))
		}
	})
	return l
}

func tail(text string, most int) string { return text[max(0, len(text)-most):] }

// dice are the same for the seed and the name.
func (l *load) dice(name string) *rand.Rand {
	n := uint64(0)
	for _, c := range name {
		n = n*31 + uint64(c)
	}
	return rand.New(rand.NewPCG(l.seed, n))
}

// open starts the program; people go on where it is now.
func (l *load) open() {
	l.Helper()
	l.program.start()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.url = l.program.url
}

func (l *load) address() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.url
}

// stripe turns one of the simulator's knobs, or asks it anything else.
func (l *load) stripe(path, body string) []byte {
	l.Helper()
	method := http.MethodPost
	if body == "" {
		method = http.MethodGet
	}
	status, text, err := send(l.Context(), method, l.s.url+path, "", body)
	if err != nil || status != http.StatusOK {
		l.Fatalf("the simulated Stripe on %s: %d %s %v", path, status, text, err)
	}
	return text
}

// clock moves Stripe's clock on and returns what it shows.
func (l *load) clock(by time.Duration) (now time.Time) {
	l.Helper()
	var said struct{ Now time.Time }
	if err := json.Unmarshal(l.stripe("/_sim/clock", fmt.Sprintf(`{"advance":%q}`, by)), &said); err != nil {
		l.Fatal(err)
	}
	return said.Now
}

// putOnSale sets up a large house, a box of a dozen seats that everybody wants,
// and a poster.
func (l *load) putOnSale(allotment int) {
	l.Helper()
	till := &till{T: l.T, url: l.url}
	made := call[api.EventEdit](till, http.MethodPost, "/api/events", "", fmt.Sprintf(`{"name":"The Tempest","place":"Arena","timeZone":"Europe/Vienna",
		"performances":[{"id":"new-1","doorsAt":"2036-01-05T18:00:00Z","startsAt":"2036-01-05T18:30:00Z"}],
		"ticketTypes":[{"id":"new-2","name":"Stalls","price":{"minor":2400,"currency":"eur"},"onSale":true},
			{"id":"new-3","name":"Box","price":{"minor":4900,"currency":"eur"},"onSale":true}],
		"quotas":[{"id":"new-4","performanceId":"new-1","ticketTypeIds":["new-2"],"size":%d},
			{"id":"new-5","performanceId":"new-1","ticketTypeIds":["new-3"],"size":12}]}`, allotment+100_000), http.StatusCreated)
	l.performance, l.stalls, l.box = made.Performances[0].ID, made.TicketTypes[0].ID, made.TicketTypes[1].ID
	for range 400 {
		status, text, err := send(l.Context(), http.MethodPost, l.url+"/api/posters", "poster-of-the-wall",
			fmt.Sprintf(`{"performanceId":%q,"ticketTypeId":%q,"allotment":%d}`, l.performance, l.stalls, allotment))
		if err == nil && status == http.StatusCreated {
			err = json.Unmarshal(text, &l.poster)
		}
		if err != nil {
			l.Fatal(err)
		}
		if l.poster.URL != "" {
			l.lastGap = l.clock(time.Second)
			return
		}
		time.Sleep(20 * time.Millisecond) // Stripe must have the event before
	}
	l.Fatalf("the poster is %+v", l.poster)
}

// link is the last part of the poster's address.
func (l *load) link() string { return l.poster.URL[strings.LastIndexByte(l.poster.URL, '/')+1:] }

// killInGap lets a day and more go by without the program, in which the poster
// sells; then it is killed in the middle of catching up, and again in the
// middle of the sweep that follows.
func (l *load) killInGap(dice *rand.Rand) {
	l.Helper()
	l.night.Store(true)
	defer l.night.Store(false)
	to := l.clock(gapLength)
	from := l.lastGap
	if at := to.Add(-gapLength + time.Second); at.After(from) {
		from = at
	}
	var links struct {
		Data []struct{ ID, URL string }
	}
	if err := json.Unmarshal(l.stripe("/v1/payment_links?limit=100", ""), &links); err != nil {
		l.Fatal(err)
	}
	id := ""
	for _, found := range links.Data {
		if found.URL == l.poster.URL {
			id = found.ID
		}
	}
	if err := l.s.sim.Seed(stripesim.SeedOptions{Link: id, Sales: gapSales, Refunds: gapSales / 100, From: from, To: to}); err != nil {
		l.Fatal(err)
	}
	l.lastGap = to
	l.killAt("a page of the catch-up", http.MethodGet, "/v1/checkout/sessions", 2+dice.IntN(9), dice)
	l.killAt("a page of the sweep", http.MethodGet, "/v1/balance_transactions", 1+dice.IntN(8), dice)
}

// killAt starts the program, and kills it a moment after its nth request of the
// kind was answered. A request of that kind is of nothing else.
func (l *load) killAt(what, method, path string, nth int, dice *rand.Rand) {
	l.Helper()
	var seen atomic.Int64
	shot := make(chan struct{})
	l.s.set(func(r *http.Request, done bool) {
		if done && r.Method == method && r.URL.Path == path && r.URL.Query().Has("created[gte]") && seen.Add(1) == int64(nth) {
			close(shot)
		}
	})
	defer l.s.disarm()
	l.open()
	select {
	case <-shot:
	case <-time.After(time.Minute):
		l.Errorf("the program does not come to %s, number %d, but to %d", what, nth, seen.Load())
	}
	time.Sleep(time.Duration(dice.Int64N(int64(15 * time.Millisecond))))
	l.program.kill()
}

// settle lets the program live until nothing is open any more, and then ends it
// as a person does.
func (l *load) settle() {
	l.Helper()
	l.clock(45 * time.Minute) // codes that nobody paid end
	till := &till{T: l.T, url: l.url}
	began := time.Now()
	for {
		status := call[api.Status](till, http.MethodGet, "/api/status", "", "", http.StatusOK)
		code, text, err := send(l.Context(), http.MethodPost, l.url+"/api/reconciliation/poll", "", "")
		var r api.Reconciliation
		if err == nil && code == http.StatusOK {
			err = json.Unmarshal(text, &r)
		}
		if err != nil {
			l.Fatal(err)
		}
		if code == http.StatusOK && r.CatchUp == nil && r.Problem == nil && r.OpenRefunds == 0 && status.OpenCodes == 0 && status.Stripe.State == api.LineOK {
			break
		}
		if time.Since(began) > 60*time.Second {
			l.Fatalf("a minute after all was well: %d codes are open, reconciling is %s", status.OpenCodes, text)
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err := l.program.process.Process.Signal(syscall.SIGTERM); err != nil {
		l.Fatal(err)
	}
	if err := l.program.process.Wait(); err != nil {
		l.Errorf("the program does not end well: %v", err)
	}
}
