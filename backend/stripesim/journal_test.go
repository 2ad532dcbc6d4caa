package stripesim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// dump is all that a simulator knows, in the order in which it lists it.
func dump(s *Sim) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]any{"main": s.main, "skew": s.skew, "access": []any{
		rows(&s.access.keys), rows(&s.access.connections), rows(&s.access.platforms), rows(&s.access.codes), rows(&s.access.grants), rows(&s.access.webhooks),
	}}
	for id, a := range s.accounts {
		out[id] = []any{
			a.profile, a.live, a.uncharged, rows(&a.products), rows(&a.prices), rows(&a.taxRates), rows(&a.links), rows(&a.sessions), rows(&a.intents),
			rows(&a.charges), rows(&a.refunds), rows(&a.transactions), rows(&a.disputes), rows(&a.payouts),
			maps.Clone(a.purse.payout), maps.Clone(a.purse.unpaid), maps.Clone(a.purse.moving), rows(&a.events), maps.Clone(a.answers), maps.Clone(a.open), maps.Clone(a.methods), maps.Clone(a.late),
		}
	}
	return out
}

func rows[T resource](t *table[T]) []T {
	var out []T
	for _, id := range t.order {
		out = append(out, t.byID[id])
	}
	return out
}

// same compares two dumps through their JSON: what is in it is what counts.
func same(t *testing.T, want, got map[string]any) {
	t.Helper()
	a, errA := json.MarshalIndent(want, "", " ")
	b, errB := json.MarshalIndent(got, "", " ")
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if diff := cmp.Diff(string(a), string(b)); diff != "" {
		t.Errorf("the state is another (-want +got):\n%s", diff)
	}
}

func reopen(t *testing.T, path string) *Sim {
	t.Helper()
	s, err := Open(Options{StatePath: path, Now: newClock().now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestStateSurvives a restart, with everything that can happen in it.
func TestStateSurvives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	b.buy(b.openSession("&metadata[a]=b"), Payment{})
	b.buy(b.openSession(""), Payment{Delayed: true})
	_ = b.sim.Pay(b.openSession(""), Payment{Card: "4000000000000002"})
	challenged := b.openSession("")
	_ = b.sim.Pay(challenged, Payment{Card: "4000002760003184", Challenge: Leave})
	b.post("/v1/products", "name=Poster", "Idempotency-Key", "k").ok()
	b.post("/v1/checkout/sessions", strings.Replace(sale, "=1200", "=1", 1), "Idempotency-Key", "bad")
	if err := b.sim.AddAccount("acct_1Other", "Other", "DE", "eur"); err != nil {
		t.Fatal(err)
	}
	b.do("POST", "/_sim/clock", `{"advance":"25h"}`).ok()
	b.openSession("")
	again := reopen(t, path)
	same(t, dump(b.sim), dump(again))
	if r, err := again.authenticate(challenged, true); err != nil || r.Status != expired {
		t.Errorf("the bank's page said %+v, %v", r, err)
	}
}

// TestNounsSurvive a restart too: those that are made beforehand, and those
// that come after a sale.
func TestNounsSurvive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	gone := b.post("/v1/products", "name=Gone").ok().text("id")
	b.do("DELETE", "/v1/products/"+gone, "").ok()
	b.post("/v1/tax_rates/"+b.taxRate("7", true), "active=false").ok()
	link := b.openLink("&restrictions[completed_sessions][limit]=1" + question("a"))
	b.buy(b.visit(link), Payment{Fields: map[string]string{"a": "x"}, Name: "Jenny"})
	_, charge := b.sold()
	refund := b.post("/v1/refunds", "charge="+charge+"&amount=100").ok().text("id")
	if err := b.sim.SettleRefund(refund, false); err != nil {
		t.Fatal(err)
	}
	asked := b.openIntent("")
	b.post("/v1/payment_intents/"+asked+"/confirm", "payment_method=pm_card_authenticationRequired&return_url=https://x.example").ok()
	b.post("/v1/payment_intents/"+b.openIntent(never3ds)+"/confirm", "payment_method=pm_card_chargeDeclined")
	if err := b.sim.SetMethods("", map[string]bool{"paypal": true}); err != nil {
		t.Fatal(err)
	}
	again := reopen(t, path)
	same(t, dump(b.sim), dump(again))
	if _, ok := again.accounts[again.main].products.byID[gone]; ok {
		t.Error("a deleted product came back")
	}
	if err := again.AnswerBank(asked, Complete); err != nil {
		t.Error(err)
	}
	if _, err := again.Visit(link, Visitor{}); err == nil {
		t.Error("the link opened again")
	}
}

// TestCrashCuts cuts the journal at every byte of its last line, as a kill -9
// in the middle of the write would. The state is that of the line before, and
// the same request then works.
func TestCrashCuts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	product := b.post("/v1/products", "name=Poster").ok().text("id")
	whole := len(read(t, path))
	before := dump(b.sim)
	b.post("/v1/products/"+product, "name=Programme").ok()
	raw := read(t, path)
	same(t, dump(b.sim), dump(reopen(t, path)))
	for cut := whole; cut < len(raw); cut++ {
		s := &Sim{accounts: map[string]*account{}}
		size, err := s.replay(bytes.NewReader(raw[:cut]))
		if err != nil || size != int64(whole) {
			t.Fatalf("cut at %d of %d: replayed to %d: %v", cut, len(raw), size, err)
		}
		if name := s.accounts[s.main].products.byID[product].Name; name != "Poster" {
			t.Fatalf("cut at %d: the product is a %s", cut, name)
		}
		if cut%50 == 0 {
			same(t, before, dump(s))
		}
	}
}

// TestCrashWhilePaying: a payment that was cut off did not happen, and the
// buyer's next tap pays once.
func TestCrashWhilePaying(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	id := b.openSession("")
	before, whole := dump(b.sim), len(read(t, path))
	b.buy(id, Payment{})
	raw := read(t, path)
	for _, cut := range []int{whole, whole + 1, whole + (len(raw)-whole)/3, len(raw) - 2, len(raw) - 1} {
		torn := filepath.Join(t.TempDir(), "torn.jsonl")
		if err := os.WriteFile(torn, raw[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		s := reopen(t, torn)
		same(t, before, dump(s))
		if got := read(t, torn); !bytes.Equal(got, raw[:whole]) {
			t.Fatalf("cut at %d: the file has %d bytes, want the %d of its whole lines", cut, len(got), whole)
		}
		if err := s.Pay(id, Payment{}); err != nil {
			t.Fatalf("cut at %d: paying again: %v", cut, err)
		}
		addsUp(t, s)
		same(t, dump(s), dump(reopen(t, torn)))
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestDamagedJournal: what was cut off is dropped, what was altered is told.
func TestDamagedJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	b.buy(b.openSession(""), Payment{})
	sound := read(t, path)
	lines := bytes.SplitAfter(sound, []byte("\n"))
	for name, c := range map[string]struct {
		raw     []byte
		message string
	}{
		"a byte in the middle": {bytes.Replace(sound, []byte(`"sessions":[`), []byte(`"sessions":{`), 1), "line 2 of the journal is damaged"},
		"an altered last line": {append(bytes.Clone(sound[:len(sound)-2]), '\n'), "line 3 of the journal is damaged"},
		"an empty line":        {append([]byte("\n"), sound...), "line 1 of the journal is damaged"},
		"zeros after a crash":  {append(bytes.Clone(sound), 0, 0, '\n'), "line 4 of the journal is damaged"},
		"a missing first line": {bytes.Join(lines[1:], nil), "line 1 of the journal speaks of the unknown account"},
		"another kind of file": {[]byte("PK\x03\x04\n"), "line 1 of the journal is damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := filepath.Join(t.TempDir(), "bad.jsonl")
			if err := os.WriteFile(bad, c.raw, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(Options{StatePath: bad})
			if err == nil || !strings.Contains(err.Error(), c.message) {
				t.Errorf("opening gave %v, want %q", err, c.message)
			}
			if !bytes.Equal(read(t, bad), c.raw) {
				t.Error("the damaged file was altered")
			}
		})
	}
	if _, err := Open(Options{StatePath: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "journal cannot be opened") {
		t.Errorf("opening a folder gave %v", err)
	}
}

// TestUnwritableJournal: what cannot be recorded does not happen.
func TestUnwritableJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	id := b.openSession("")
	before := dump(b.sim)
	file, err := os.Open(path) // read only: every write fails
	if err != nil {
		t.Fatal(err)
	}
	b.sim.mu.Lock()
	sound := b.sim.journal.file
	b.sim.journal.file = file
	b.sim.mu.Unlock()
	b.post("/v1/products", "name=x").fails(500, "", "", "An unknown error occurred.")
	if err := b.sim.Pay(id, Payment{}); err == nil {
		t.Error("paid without a record")
	}
	if r := b.tap(id+"/pay", `{"email":"a@b.example","card":"4242424242424242"}`); r.status != 500 || r.text("status") != "error" {
		t.Errorf("the page answered %d %s", r.status, r.body)
	}
	b.get("/v1/checkout/sessions/"+id).ok().has("status", "open")
	same(t, before, dump(b.sim))
	if err := sound.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestClosed: after Close nothing is recorded, and reading still works.
func TestClosed(t *testing.T) {
	b := newBox(t, journaled(filepath.Join(t.TempDir(), "stripe.jsonl")))
	id := b.openSession("")
	if err := b.sim.Close(); err != nil {
		t.Fatal(err)
	}
	b.post("/v1/products", "name=x").fails(500, "", "", "An unknown error occurred.")
	if err := b.sim.Pay(id, Payment{}); err == nil || !strings.Contains(err.Error(), "Start the simulator again") {
		t.Errorf("paying gave %v", err)
	}
	b.get("/v1/checkout/sessions/"+id).ok().has("status", "open")
}

// TestRandomOperations runs what people and programs do, at random and side by
// side; what the journal replays is what the simulator knew, and the money
// adds up.
func TestRandomOperations(t *testing.T) {
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		path := filepath.Join(dir, fmt.Sprintf("%d.jsonl", run))
		c := newClock()
		s, err := Open(Options{StatePath: path, Now: c.now})
		if err != nil {
			r.Fatal(err)
		}
		plans := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 11), 1, 12), 1, 4).Draw(r, "plans")
		var wg sync.WaitGroup
		for _, plan := range plans {
			wg.Go(func() { live(s, c, plan) })
		}
		wg.Wait()
		want := dump(s)
		if err := s.Close(); err != nil {
			r.Fatal(err)
		}
		again, err := Open(Options{StatePath: path, Now: c.now})
		if err != nil {
			r.Fatal(err)
		}
		same(t, want, dump(again))
		addsUp(t, again)
		if err := again.Close(); err != nil {
			r.Fatal(err)
		}
	})
}

// live carries out a plan: one operation for each number, on the session that
// was opened last.
func live(s *Sim, c *clock, plan []int) {
	id := ""
	send := func(method, path, form string) reply {
		req := httptest.NewRequest(method, path, strings.NewReader(form))
		req.Header.Set("Authorization", "Bearer "+testKey)
		rec := httptest.NewRecorder()
		s.Handler().ServeHTTP(rec, req)
		out := reply{status: rec.Code, body: rec.Body.Bytes()}
		_ = json.Unmarshal(out.body, &out.json)
		return out
	}
	for _, op := range plan {
		switch op {
		case 0, 1, 2:
			id, _ = send(http.MethodPost, "/v1/checkout/sessions", sale).json["id"].(string)
		case 3, 4:
			_ = s.Pay(id, Payment{})
		case 5:
			_ = s.Pay(id, Payment{Card: "4000000000000002"})
		case 6:
			_ = s.Pay(id, Payment{Card: "4000002760003184", Challenge: Leave})
		case 7:
			_ = s.Pay(id, Payment{Delayed: true})
		case 8:
			_ = s.Settle(id, true)
		case 9:
			send(http.MethodPost, "/v1/checkout/sessions/"+id+"/expire", "")
		case 10:
			c.advance(7 * time.Hour)
		case 11:
			send(http.MethodGet, "/v1/events?limit=100", "")
		}
	}
}

// addsUp checks that sessions, intents, charges and the balance tell one story.
func addsUp(t *testing.T, s *Sim) {
	t.Helper()
	a := s.accounts[s.main]
	var sold, booked int64
	for _, v := range a.sessions.byID {
		if v.PaymentStatus == paid {
			sold += v.AmountTotal
			i := a.intents.byID[*v.PaymentIntent]
			if i.Status != succeeded || i.AmountReceived != v.AmountTotal || !a.charges.byID[*i.LatestCharge].Paid {
				t.Errorf("the session %s is paid, its intent is %s", v.ID, i.Status)
			}
		}
		if (v.Status == open) != (a.open[v.ID] != 0) {
			t.Errorf("the session %s is %s, and in the list of open ones it is %d", v.ID, v.Status, a.open[v.ID])
		}
		if v.Status == expired && v.PaymentIntent != nil && a.intents.byID[*v.PaymentIntent].Status != canceled {
			t.Errorf("the session %s is expired, its intent %s", v.ID, a.intents.byID[*v.PaymentIntent].Status)
		}
	}
	for _, v := range a.transactions.byID {
		if !v.Undecided {
			booked += v.Amount
		}
		if v.Net != v.Amount-v.Fee {
			t.Errorf("%d - %d is not %d", v.Amount, v.Fee, v.Net)
		}
	}
	if sold != booked {
		t.Errorf("sold for %d, booked %d", sold, booked)
	}
}
