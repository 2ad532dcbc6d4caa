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

// TestThousandsOfSales take eight times as long as an eighth of them, and not
// sixty-four times, and each takes no more memory than it must. However many
// there are, a page is there at once. The bounds are wide: they tell quadratic
// from not. BenchmarkSeed has the figures.
func TestThousandsOfSales(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const few, many = 1000, 8000
	_, fewTook, _ := seeded(t, few)
	b, manyTook, heap := seeded(t, many)
	if manyTook > 25*fewTook {
		t.Errorf("%d sales took %v, %d took %v", few, fewTook, many, manyTook)
	}
	if heap > many*40<<10 {
		t.Errorf("%d sales keep %d MB", many, heap>>20)
	}
	to := b.clock.now()
	b.serveRaw()
	middle := to.Add(-36 * time.Hour).Unix()
	oldest := b.get(fmt.Sprintf("/v1/events?limit=1&created[lte]=%d", to.Add(-72*time.Hour).Unix()+payingTakes)).ids()[0]
	for name, path := range map[string]string{
		"the newest":            "/v1/events?limit=100",
		"a window":              fmt.Sprintf("/v1/events?limit=100&created[gte]=%d&created[lt]=%d", middle, middle+60),
		"after an old one":      "/v1/events?limit=100&starting_after=" + oldest,
		"sessions of a window":  fmt.Sprintf("/v1/checkout/sessions?limit=100&created[gte]=%d&created[lt]=%d", middle, middle+600),
		"sessions with payment": fmt.Sprintf("/v1/checkout/sessions?limit=100&created[lt]=%d&expand[]=data.payment_intent.latest_charge", middle),
	} {
		began := time.Now()
		for range 5 {
			b.get(path).ok()
		}
		if each := time.Since(began) / 5; each > time.Second {
			t.Errorf("%s took %v", name, each)
		}
	}
}

// seeded is a box with that many sales of three days, how long they took to
// make, and what they keep of the memory.
func seeded(t *testing.T, sales int) (b *box, took time.Duration, heap int64) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	b = newBox(t)
	o := SeedOptions{Link: b.openLink(""), Sales: sales, Refunds: sales / 100, Disputes: sales / 1000, From: b.clock.now().Add(-72 * time.Hour), To: b.clock.now()}
	began := time.Now()
	if err := b.sim.Seed(o); err != nil {
		t.Fatal(err)
	}
	took = time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	return b, took, int64(after.HeapAlloc) - int64(before.HeapAlloc)
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
