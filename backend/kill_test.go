package backend

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/stripesim"
)

// A sale is cut by kill -9 at every point where the till waits for somebody,
// and at many moments in between. The till is the real program, in a process
// of its own; Stripe is simulated in this one, so it knows where the till is.
func TestKilledAtAnyMomentASaleIsTheSameSale(t *testing.T) {
	s := newStripeThatKills(t)
	program := &killed{T: t, binary: buildProgram(t), data: t.TempDir(), stripe: s.url}

	type moment struct {
		name  string
		when  func(r *http.Request) bool // of a request to Stripe
		after bool                       // when Stripe has done it, before it answers
		delay time.Duration              // after that
	}
	create := func(r *http.Request) bool {
		return r.Method == http.MethodPost && r.URL.Path == "/v1/checkout/sessions"
	}
	look := func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/v1/checkout/sessions/cs_") }
	moments := []moment{
		{"before Stripe sees the sale", create, false, 0},
		{"when Stripe has made the code", create, true, 0},
		{"before the till looks", look, false, 0},
		{"when Stripe has said paid", look, true, 0},
	}
	for i := range 18 {
		delay := time.Duration(i) * 400 * time.Microsecond
		moments = append(moments,
			moment{fmt.Sprintf("%v after the code was made", delay), create, true, delay},
			moment{fmt.Sprintf("%v after Stripe said paid", delay), look, true, delay})
	}
	for i, m := range moments {
		key := fmt.Sprintf("killed-sale-%02d", i)
		program.start()
		s.arm(program, m.when, m.after, m.delay)
		o, err := program.sell(key)
		if err == nil { // killed later: the buyer pays the code that is on the screen
			s.pay(o)
			_, _ = program.check(o) // dies over it
		}
		program.wait()
		s.disarm()

		program.start()
		o, err = program.sell(key) // the cashier taps again, or the screen does
		if err != nil {
			t.Fatalf("%s: the sale cannot be taken up: %v", m.name, err)
		}
		for range 400 { // on a busy machine the till is taken at its word that it goes on trying
			if o.Tenders[0].State != boxoffice.TenderStarting {
				break
			}
			time.Sleep(50 * time.Millisecond)
			o = call[api.Order](program.till(), http.MethodGet, "/api/orders/"+o.ID, "", "", http.StatusOK)
		}
		s.pay(o)
		paid, err := program.check(o)
		if err != nil || paid.Status != "paid" || len(paid.Tickets) != 2 || len(paid.Tenders) != 1 {
			t.Errorf("%s: the order is %s with %d tickets and %d tenders: %v", m.name, paid.Status, len(paid.Tickets), len(paid.Tenders), err)
		}
		program.kill()
	}

	made, sold := s.sessions()
	if len(made) != len(moments) || len(sold) != len(moments) {
		t.Errorf("Stripe has codes for %d sales and %d are paid, want %d", len(made), len(sold), len(moments))
	}
	program.start()
	orders := call[struct{ Orders []api.Order }](program.till(), http.MethodGet, "/api/orders?limit=200", "", "", http.StatusOK).Orders
	if len(orders) != len(moments) {
		t.Errorf("the book has %d orders, want %d", len(orders), len(moments))
	}
	for _, o := range orders {
		if o.Status != "paid" || made[o.ID] != 1 || sold[o.ID] != 1 {
			t.Errorf("order %s is %s; Stripe has %d codes for it, %d paid", o.Code, o.Status, made[o.ID], sold[o.ID])
		}
	}
	program.kill()
	if out, err := program.command("verify").CombinedOutput(); err != nil || !bytes.Contains(out, []byte("sound")) {
		t.Errorf("verify: %v: %s", err, out)
	}
}

// In training the till is killed on demand, with Stripe's news in its hands;
// opened again it has the sale, with its tickets.
func TestTheDrillThatKillsTheTill(t *testing.T) {
	program := &killed{T: t, binary: buildProgram(t), data: t.TempDir()}
	program.start()
	call[map[string]any](program.till(), http.MethodPut, "/api/training/drills/killed_in_the_middle", "", "{}", http.StatusOK)
	o, err := program.sell("killed-by-drill")
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond) // Stripe's time is in seconds, and what it tells of must be later than the drill
	card := `{"email":"anna@example.org","card":"4242424242424242","expiry":"12 / 39","cvc":"123"}`
	if status, text, err := send(t.Context(), http.MethodPost, program.url+o.Tenders[0].TrainingPhone+"/pay", "", card); err != nil || status != http.StatusOK {
		t.Fatalf("the buyer cannot pay: %d %s %v", status, text, err)
	}
	if status, _, err := send(t.Context(), http.MethodPost, program.url+"/api/reconciliation/poll", "", ""); err == nil {
		t.Fatalf("the till lives, and answers %d", status)
	}
	program.wait()
	if s := program.process.ProcessState.String(); !strings.Contains(s, "killed") {
		t.Errorf("the program ended by itself: %s", s)
	}

	program.start()
	paid := program.till().until(o.ID, "paid")
	if len(paid.Tickets) != 2 || len(paid.Tenders) != 1 {
		t.Errorf("%d tickets and %d tenders", len(paid.Tickets), len(paid.Tenders))
	}
	program.kill()
	if out, err := program.command("verify").CombinedOutput(); err != nil || !bytes.Contains(out, []byte("sound")) {
		t.Errorf("verify: %v: %s", err, out)
	}
}

// buildProgram builds the real program, without a window.
func buildProgram(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "willcall")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return binary
}

// killed is the program, started and killed over and over with one data folder.
type killed struct {
	*testing.T
	binary, data, stripe string
	stderr               io.Writer // what the program says of itself; os.Stderr by default
	process              *exec.Cmd
	url                  string
}

func (k *killed) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(k.Context(), k.binary, args...)
	c.Env = append(os.Environ(), "WILLCALL_DATA="+k.data, "WILLCALL_ADDR=127.0.0.1:0", "WILLCALL_STRIPE_URL="+k.stripe)
	return c
}

func (k *killed) start() {
	k.Helper()
	k.process = k.command("serve")
	out, err := k.process.StdoutPipe()
	if err != nil {
		k.Fatal(err)
	}
	if k.process.Stderr = os.Stderr; k.stderr != nil {
		k.process.Stderr = k.stderr
	}
	if err := k.process.Start(); err != nil {
		k.Fatal(err)
	}
	process := k.process
	k.Cleanup(func() { _ = process.Process.Kill() }) // it may be dead already
	line, err := bufio.NewReader(out).ReadString('\n')
	_, url, found := strings.Cut(strings.TrimSpace(line), " is open at ")
	if err != nil || !found {
		k.Fatalf("the program says %q: %v", line, err)
	}
	k.url = url
}

func (k *killed) kill() {
	_ = k.process.Process.Kill() // it may be dead already
	k.wait()
}

// wait returns when the process is gone.
func (k *killed) wait() { _ = k.process.Wait() } // "signal: killed" is what is wanted

func (k *killed) till() *till { return &till{T: k.T, url: k.url} }

// sell makes the sale, or fails because the program dies meanwhile.
func (k *killed) sell(key string) (api.Order, error) {
	c, err := ask[api.Catalogue](k.Context(), http.MethodGet, k.url+"/api/catalogue", "", "")
	if err != nil {
		return api.Order{}, err
	}
	p := c.Events[0].Performances[0]
	body := fmt.Sprintf(`{"lineItems":[{"performanceId":%q,"ticketTypeId":%q,"quantity":2}]}`, p.ID, p.TicketTypes[0].ID)
	return ask[api.Order](k.Context(), http.MethodPost, k.url+"/api/orders", key, body)
}

// check has the till look at Stripe now.
func (k *killed) check(o api.Order) (api.Order, error) {
	return ask[api.Order](k.Context(), http.MethodPost, k.url+"/api/orders/"+o.ID+"/check", "", "")
}

// stripeThatKills is a simulated Stripe that can kill the till at a request.
type stripeThatKills struct {
	*testing.T
	sim *stripesim.Sim
	url string

	mu   sync.Mutex
	shot func(r *http.Request, done bool)
}

func newStripeThatKills(t *testing.T) *stripeThatKills {
	t.Helper()
	sim, err := stripesim.Open(stripesim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &stripeThatKills{T: t, sim: sim}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fire(r, false)
		answer := httptest.NewRecorder()
		sim.Handler().ServeHTTP(answer, r)
		s.fire(r, true)
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // to a process that may be dead
	}))
	s.url = server.URL
	sim.SetPublicURL(s.url)
	t.Cleanup(func() {
		server.Close()
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// arm makes the first request of the kind after the sale's payment, or the
// sale itself, the program's last.
func (s *stripeThatKills) arm(k *killed, when func(*http.Request) bool, after bool, delay time.Duration) {
	process := k.process.Process
	var once sync.Once
	s.set(func(r *http.Request, done bool) {
		if done != after || !when(r) {
			return
		}
		once.Do(func() {
			if delay == 0 {
				_ = process.Kill()
				return
			}
			time.AfterFunc(delay, func() { _ = process.Kill() })
		})
	})
}

func (s *stripeThatKills) disarm() { s.set(func(*http.Request, bool) {}) }

func (s *stripeThatKills) set(shot func(*http.Request, bool)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shot = shot
}

func (s *stripeThatKills) fire(r *http.Request, done bool) {
	s.mu.Lock()
	shot := s.shot
	s.mu.Unlock()
	if shot != nil {
		shot(r, done)
	}
}

// pay pays the order's code, unless it is paid.
func (s *stripeThatKills) pay(o api.Order) {
	s.Helper()
	if _, paid := s.sessions(); o.Status != "awaiting_payment" || o.Tenders[0].SessionID == "" || paid[o.ID] > 0 {
		return
	}
	if err := s.sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{Card: "4242424242424242", Email: "anna@example.org"}); err != nil {
		s.Errorf("the code of %s cannot be paid: %v", o.Code, err)
	}
}

// sessions counts Stripe's sessions, and those that are paid, by the order's
// id that they carry.
func (s *stripeThatKills) sessions() (made, paid map[string]int) {
	s.Helper()
	list, err := ask[struct {
		Data []struct {
			Reference     string `json:"client_reference_id"`
			PaymentStatus string `json:"payment_status"`
		}
	}](context.Background(), http.MethodGet, s.url+"/v1/checkout/sessions?limit=100", "", "")
	if err != nil {
		s.Fatal(err)
	}
	made, paid = map[string]int{}, map[string]int{}
	for _, session := range list.Data {
		made[session.Reference]++
		if session.PaymentStatus == "paid" {
			paid[session.Reference]++
		}
	}
	return made, paid
}
