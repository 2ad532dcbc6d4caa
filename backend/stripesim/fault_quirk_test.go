package stripesim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// quirky is a box with quirks.
func quirky(t *testing.T, q Quirks) *box {
	t.Helper()
	b := newBox(t)
	if err := b.sim.Quirk(q); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestLateEvents appear behind what was told before, by id at once.
func TestLateEvents(t *testing.T) {
	b := quirky(t, Quirks{LateEvents: 10 * time.Minute, LateEvery: 2})
	for _, name := range []string{"a", "b", "c", "d"} {
		b.post("/v1/products", "name="+name).ok()
		b.clock.advance(time.Second)
	}
	told := func() (names []string) {
		for _, e := range b.get("/v1/events").ok().at("data").([]any) {
			names = append(names, dig(t, e, "data.object.name").(string))
		}
		return names
	}
	if diff := cmp.Diff([]string{"d", "b"}, told()); diff != "" {
		t.Errorf("at once (-want +got):\n%s", diff)
	}
	cursor := b.get("/v1/events").ids()[0]
	b.clock.advance(10*time.Minute - 3*time.Second)
	if diff := cmp.Diff([]string{"d", "b", "a"}, told()); diff != "" {
		t.Errorf("in between (-want +got):\n%s", diff)
	}
	b.clock.advance(time.Minute)
	if diff := cmp.Diff([]string{"d", "c", "b", "a"}, told()); diff != "" {
		t.Errorf("in the end (-want +got):\n%s", diff)
	}
	if after := b.get("/v1/events?ending_before=" + cursor).ids(); len(after) != 0 {
		t.Errorf("after the cursor: %v; the late ones stand behind it", after)
	}
	for _, id := range b.get("/v1/events").ids() {
		late := b.sim.accounts[b.sim.main].late[id] != 0
		if late != strings.HasPrefix(id, "evt_10") {
			t.Errorf("late %v: %s", late, id)
		}
	}
	b.post("/v1/products", "name=e").ok() // late again
	got := newestEvent(t, b.sim)
	b.get("/v1/events/"+got).ok().has("data.object.name", "e")
}

// newestEvent is the id of the newest event that there is, told or not.
func newestEvent(t *testing.T, s *Sim) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	order := s.accounts[s.main].events.order
	return order[len(order)-1]
}

// TestLateIsKept over a restart: the event does not come early by it.
func TestLateIsKept(t *testing.T) {
	path := t.TempDir() + "/stripe.jsonl"
	b := newBox(t, journaled(path))
	if err := b.sim.Quirk(Quirks{LateEvents: time.Hour}); err != nil {
		t.Fatal(err)
	}
	b.post("/v1/products", "name=a").ok()
	again := reopen(t, path)
	same(t, dump(b.sim), dump(again))
	if n := len(again.accounts[again.main].late); n != 1 {
		t.Errorf("%d late events after the restart", n)
	}
}

// TestDoubleEvents are of one fact, with an id each.
func TestDoubleEvents(t *testing.T) {
	b := quirky(t, Quirks{DoubleEvents: true})
	id := b.openSession("")
	b.buy(id, Payment{})
	r := b.get("/v1/events?type=checkout.session.completed").ok()
	ids := r.ids()
	if len(ids) != 2 || ids[0] == ids[1] {
		t.Fatalf("the events are %v", ids)
	}
	first, second := r.at("data.0").(map[string]any), r.at("data.1").(map[string]any)
	first["id"], second["id"] = "", ""
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("they differ by more than the id:\n%s", diff)
	}
}

// TestReordered: the end of a delayed payment is told before its session's
// completion, and as older.
func TestReordered(t *testing.T) {
	for _, c := range []struct {
		ok   bool
		told string
	}{{true, "checkout.session.async_payment_succeeded"}, {false, "checkout.session.async_payment_failed"}} {
		b := quirky(t, Quirks{Reordered: true})
		id := b.openSession("")
		b.buy(id, Payment{Delayed: true})
		b.get("/v1/checkout/sessions/"+id).ok().has("status", "complete", "payment_status", "unpaid")
		if got := b.types("&type=checkout.session.completed"); len(got) != 0 {
			t.Errorf("the completion was told at once: %v", got)
		}
		b.clock.advance(48 * time.Hour)
		if err := b.sim.Settle(id, c.ok); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"checkout.session.completed", c.told}, b.types("&types[]=checkout.session.completed&types[]="+c.told)); diff != "" {
			t.Errorf("told, newest first (-want +got):\n%s", diff)
		}
		r := b.get("/v1/events?types[]=checkout.session.completed&types[]=" + c.told)
		now := float64(b.clock.now().Unix())
		if later, sooner := r.at("data.0.created").(float64), r.at("data.1.created").(float64); later != now || sooner != now-1 {
			t.Errorf("completed at %v, ended at %v", later, sooner)
		}
		r.has("data.0.data.object.payment_status", "unpaid") // as it was when the buyer completed it
	}
}

// TestShuffled: the same seed has the same order of the events of a second,
// and it is not the order in which things happened.
func TestShuffled(t *testing.T) {
	order := func(seed uint64, q Quirks) []string {
		b := newBox(t, func(o *Options) { o.Seed = seed })
		if err := b.sim.Quirk(q); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			b.buy(b.openSession(""), Payment{})
		}
		return b.types("")
	}
	straight, first := order(7, Quirks{}), order(7, Quirks{Reordered: true})
	if diff := cmp.Diff(first, order(7, Quirks{Reordered: true})); diff != "" {
		t.Errorf("the same seed (-first +second):\n%s", diff)
	}
	if slices.Equal(first, straight) {
		t.Error("nothing is out of order")
	}
	slices.Sort(first)
	slices.Sort(straight)
	if diff := cmp.Diff(straight, first); diff != "" {
		t.Errorf("other events than in order (-want +got):\n%s", diff)
	}
}

// TestListLag: the lists do not have it yet, and by id it is there.
func TestListLag(t *testing.T) {
	b := quirky(t, Quirks{ListLag: 30 * time.Second})
	session := b.openSession("")
	b.buy(session, Payment{})
	intent := b.get("/v1/checkout/sessions/" + session).ok().text("payment_intent")
	refund := b.post("/v1/refunds", "payment_intent="+intent).ok().text("id")
	created := fmt.Sprint(b.clock.now().Unix())
	objects := map[string]string{"/v1/checkout/sessions": session, "/v1/payment_intents": intent, "/v1/refunds": refund}
	for _, next := range []time.Duration{0, 29 * time.Second, time.Second} {
		b.clock.advance(next)
		there := next == time.Second
		for path, id := range objects {
			b.get(path+"/"+id).ok().has("id", id)
			for _, query := range []string{"", "?created[gte]=" + created, "?created=" + created} {
				if got := slices.Contains(b.get(path+query).ids(), id); got != there {
					t.Errorf("%s%s has it: %v, want %v", path, query, got, there)
				}
			}
		}
	}
	if got := b.get("/v1/charges").ids(); len(got) != 1 {
		t.Errorf("charges: %v; the lag is not about them", got)
	}
}

// TestEventsKept for less than Stripe's thirty days.
func TestEventsKept(t *testing.T) {
	b := quirky(t, Quirks{EventsKept: time.Hour})
	b.post("/v1/products", "name=a").ok()
	id := b.get("/v1/events").ids()[0]
	b.clock.advance(time.Hour)
	b.get("/v1/events/" + id).ok()
	b.clock.advance(time.Second)
	b.get("/v1/events/"+id).fails(404, "resource_missing", "id", "No such event")
	b.get("/v1/events?starting_after="+id).fails(400, "resource_missing", "starting_after", "No such event")
	if got := b.get("/v1/events").ids(); len(got) != 0 {
		t.Errorf("listed: %v", got)
	}
}

// TestQuirkControls: what is left out is off, and mistakes change nothing.
func TestQuirkControls(t *testing.T) {
	b := newBox(t)
	for _, c := range []struct {
		body   string
		status int
		want   string
	}{
		{`{"late_events":"10m","late_every":2,"payload_version":"2019-02-11"}`, 200, `"late_events":"10m0s","late_every":2,"double_events":false,"reordered":false,"payload_version":"2019-02-11"`},
		{`{"payload_version":"2023-10-16"}`, 400, `a payload's version is a date before 2023-10-16`},
		{`{"payload_version":"old"}`, 400, `a payload's version is a date before 2023-10-16`},
		{`{"late_events":"soon"}`, 400, `the delay \"soon\" cannot be read`},
		{`{"list_lag":"-1s"}`, 400, `a quirk cannot be less than nothing`},
		{`{`, 400, `the body is not the JSON`},
		{`{"double_events":true,"reordered":true,"list_lag":"1m","events_kept":"24h"}`, 200, `"late_events":"0s","late_every":0,"double_events":true,"reordered":true,"payload_version":"","list_lag":"1m0s","events_kept":"24h0m0s"`},
	} {
		r := b.do("POST", "/_sim/quirks", c.body)
		if r.status != c.status || !strings.Contains(strings.ReplaceAll(string(r.body), `\u0027`, `'`), c.want) {
			t.Errorf("%s: %d %s\nwant %d %s", c.body, r.status, r.body, c.status, c.want)
		}
	}
	b.get("/_sim/quirks").ok().has("double_events", true, "list_lag", "1m0s")
	b.do("POST", "/_sim/quirks", `{}`).ok().has("double_events", false, "list_lag", "0s")
}
