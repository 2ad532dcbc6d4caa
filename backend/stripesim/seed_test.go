package stripesim

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSeed leaves what as many sales would have left, and no more.
func TestSeed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path))
	b.sold() // newer than all that is made
	link := b.openLink("&restrictions[completed_sessions][limit]=500")
	lines := strings.Count(string(read(t, path)), "\n")
	to := b.clock.now().Add(-time.Hour)
	from := to.Add(-72 * time.Hour)
	if err := b.sim.Seed(SeedOptions{Link: link, Sales: 200, From: from, To: to, Refunds: 6, Disputes: 3}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(read(t, path)), "\n"); got != lines+1 {
		t.Errorf("%d lines of the journal for 200 sales", got-lines)
	}
	b.get("/v1/payment_links/"+link).ok().has("restrictions.completed_sessions.count", 200)
	truth, err := b.sim.Truth()
	if err != nil {
		t.Fatal(err)
	}
	if len(truth.Payments) != 201 || len(truth.Refunds) != 6 || len(truth.Disputes) != 3 {
		t.Errorf("%d payments, %d refunds, %d disputes", len(truth.Payments), len(truth.Refunds), len(truth.Disputes))
	}
	for n, p := range truth.Payments[1:200] {
		if p.At < truth.Payments[n].At || p.At < from.Unix() || p.At > to.Unix() || p.LinkID != link {
			t.Fatalf("sale %d is %+v", n+1, p)
		}
	}
	refunded := map[string]bool{}
	for _, r := range truth.Refunds {
		refunded[r.ChargeID] = true
	}
	for _, d := range truth.Disputes {
		if refunded[d.ChargeID] || refunded[d.ID] {
			t.Errorf("%s is both refunded and disputed", d.ChargeID)
		}
		refunded[d.ID] = true
	}
	b.walkAll("/v1/checkout/sessions?payment_link="+link, 200)
	b.walkAll("/v1/charges?created[lt]="+fmt.Sprint(to.Unix()+1), 200)
	b.walkAll("/v1/refunds?", 6)
	b.walkAll("/v1/disputes?", 3)
	b.walkAll("/v1/events?types[]=checkout.session.completed&created[lte]="+fmt.Sprint(to.Unix()), 200)
	b.walkAll("/v1/events?types[]=charge.refunded&types[]=charge.dispute.created", 9)
	if got := b.get("/v1/payouts").ids(); len(got) == 0 {
		t.Error("nothing of three days was paid out")
	}
	same(t, dump(b.sim), dump(reopen(t, path)))
}

// walkAll pages through a list whose every page must conform; it is newest first
// and has no id twice.
func (b *box) walkAll(query string, want int) {
	b.t.Helper()
	seen := map[string]bool{}
	last, after := float64(never), ""
	for {
		page := b.get(query + "&limit=37" + after).ok()
		for _, v := range page.at("data").([]any) {
			id, at := dig(b.t, v, "id").(string), dig(b.t, v, "created").(float64)
			if seen[id] || at > last {
				b.t.Fatalf("%s: %s comes twice, or too late", query, id)
			}
			seen[id], last, after = true, at, "&starting_after="+id
		}
		if page.at("has_more") == false {
			break
		}
	}
	if len(seen) != want {
		b.t.Errorf("%s has %d, want %d", query, len(seen), want)
	}
}

// TestSeedRefusals: what cannot have happened leaves nothing.
func TestSeedRefusals(t *testing.T) {
	b := newBox(t)
	link := b.openLink("&restrictions[completed_sessions][limit]=3")
	closed := b.openLink("")
	b.post("/v1/payment_links/"+closed, "active=false").ok()
	now := b.clock.now()
	before := dump(b.sim)
	for name, o := range map[string]SeedOptions{
		"in the future":          {Link: link, Sales: 1, From: now, To: now.Add(time.Hour)},
		"ends before it began":   {Link: link, Sales: 1, From: now, To: now.Add(-time.Hour)},
		"more refunds than sold": {Link: link, Sales: 2, Refunds: 2, Disputes: 1, From: now.Add(-time.Hour), To: now},
		"no such link":           {Link: "plink_x", Sales: 1, From: now.Add(-time.Hour), To: now},
		"beyond the limit":       {Link: link, Sales: 4, From: now.Add(-time.Hour), To: now},
		"a closed link":          {Link: closed, Sales: 1, From: now.Add(-time.Hour), To: now},
	} {
		if err := b.sim.Seed(o); err == nil {
			t.Errorf("%s: seeded", name)
		}
	}
	same(t, before, dump(b.sim))
}

// TestThousandsOfSales take as long as twenty times a twentieth of them, and
// each takes no more memory than it must. However many there are, a page takes
// as long. The bounds tell quadratic from not. BenchmarkSeed has the figures.
func TestThousandsOfSales(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const few, some, times = 300, 2000, 20
	seed := func(sales int) (b *box) {
		b = newBox(t)
		o := SeedOptions{Link: b.openLink(""), Sales: sales, Refunds: sales / 100, Disputes: sales / 1000, From: b.clock.now().Add(-72 * time.Hour), To: b.clock.now()}
		if err := b.sim.Seed(o); err != nil {
			t.Fatal(err)
		}
		return b
	}
	small := seed(few) // reads Stripe's document, once
	var medium, large *box
	if heap := kept(func() { medium = seed(some) }); heap > some*40<<10 {
		t.Errorf("%d sales keep %d MB", some, heap>>20)
	}
	runtime.KeepAlive(medium)
	ratio := timesAsLong(1, func() {
		for range times {
			small = seed(few)
		}
	}, func() { large = seed(times * few) })
	if ratio > enough {
		t.Errorf("%d sales took %.1f times as long as %d times %d", times*few, ratio, times, few)
	}
	small.serveRaw()
	large.serveRaw()
	for name, path := range map[string]func(b *box, seconds int64) string{ // in which there are so many sales, whatever the box
		"the newest": func(*box, int64) string { return "/v1/events?limit=100" },
		"a window": func(b *box, seconds int64) string {
			return fmt.Sprintf("/v1/events?limit=100&created[gte]=%d&created[lt]=%d", b.middle(), b.middle()+seconds)
		},
		"after an old one": func(b *box, _ int64) string {
			return "/v1/events?limit=100&starting_after=" + b.get(fmt.Sprintf("/v1/events?limit=1&created[lte]=%d", b.middle())).ids()[0]
		},
		"sessions of a window": func(b *box, seconds int64) string {
			return fmt.Sprintf("/v1/checkout/sessions?limit=100&created[gte]=%d&created[lt]=%d", b.middle(), b.middle()+seconds)
		},
		"sessions with payment": func(b *box, _ int64) string {
			return fmt.Sprintf("/v1/checkout/sessions?limit=100&created[lt]=%d&expand[]=data.payment_intent.latest_charge", b.middle())
		},
	} {
		one, other := path(small, 600*times), path(large, 600)
		if ratio := timesAsLong(5, func() { small.get(one).ok() }, func() { large.get(other).ok() }); ratio > enough {
			t.Errorf("of %d times as many, %s took %.1f times as long", times, name, ratio)
		}
	}
}

// middle is a second in the middle of what was seeded.
func (b *box) middle() int64 { return b.clock.now().Add(-36 * time.Hour).Unix() }

// enough is what a ratio of times that should be 1 may come to.
const enough = 2.5

// timesAsLong is how many times as long as one other takes, each at its
// fastest. They take turns, so that a busy machine delays both: so often at
// least, and on for a while as long as the answer is more than enough.
func timesAsLong(tries int, one, other func()) float64 {
	least := func(so time.Duration, run func()) time.Duration {
		began := time.Now()
		run()
		return min(so, time.Since(began))
	}
	a, b := time.Hour, time.Hour
	for n := 0; n < tries || n < 10*tries && float64(b) > enough*float64(a); n++ {
		a, b = least(a, one), least(b, other)
	}
	return float64(b) / float64(a)
}

// kept is how many bytes of memory stay in use after it.
func kept(run func()) int64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	run()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return int64(after.HeapAlloc) - int64(before.HeapAlloc)
}

// TestManyAtOnceStandAsOneByOne: a table has one order, however its objects
// came.
func TestManyAtOnceStandAsOneByOne(t *testing.T) {
	var one, many table[*event]
	var all []*event
	for n := range 500 {
		e := &event{ID: fmt.Sprintf("evt_%d", n), Created: int64(n * 7919 % 61)}
		all = append(all, e)
	}
	for _, e := range all {
		one.put(e)
	}
	many.putAll(all[:70])
	many.putAll(all[70:75])
	many.putAll(all[60:])
	if diff := cmp.Diff(one.order, many.order); diff != "" {
		t.Errorf("(-one by one +at once):\n%s", diff)
	}
	for want, id := range one.order {
		if at, known := many.place(id); !known || at != want {
			t.Fatalf("%s stands at %d, %t; want %d", id, at, known, want)
		}
	}
	if _, known := many.place("evt_x"); known {
		t.Error("an unknown id has a place")
	}
	for second := int64(-1); second < 62; second++ {
		count := 0
		for _, e := range all {
			if e.Created <= second {
				count++
			}
		}
		if got := many.until(second); got != count {
			t.Errorf("%d until second %d, want %d", got, second, count)
		}
	}
}
