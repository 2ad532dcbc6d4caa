package stripesim

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// nasty is how one of the twenty-five nasty cases comes about here: by drills,
// by faults and quirks that are set, or not at all, for the reason given.
type nasty struct {
	what   string
	drills string // their names
	faults string // kinds
	why    string // nothing here brings it about
}

func nastyCases() map[int]nasty {
	return map[int]nasty{
		1:  {what: "an event behind the cursor", drills: "late_events"},
		2:  {what: "250 events in one second", drills: "event_storm"},
		3:  {what: "two events of one fact", drills: "double_events"},
		4:  {what: "async_payment_succeeded before completed", drills: "reordered_events"},
		5:  {what: "a crash between page and cursor", drills: "killed_in_the_middle"},
		6:  {what: "a crash after the POST, before its answer is stored", drills: "network_gone resets half_answers answers_lost", faults: "reset drop_before drop_after cut short hang"},
		7:  {what: "a replay after 24 h", drills: "days_offline"},
		8:  {what: "one key with changed parameters", drills: "other_words", faults: "other_words"},
		9:  {what: "a POST 500 replayed", drills: "server_errors", faults: "status 503"},
		10: {what: "the answer of an expire is lost", drills: "answers_lost", faults: "drop_after"},
		11: {what: "paid in the second of the expire", drills: "pays_too_late"},
		12: {what: "complete but unpaid, paid days later", drills: "pays_slowly slow_payment_succeeds"},
		13: {what: "async failure after seats were promised", drills: "slow_payment_fails"},
		14: {what: "a link paid by two phones", drills: "paid_twice"},
		15: {what: "a superseded code is paid", drills: "pays_too_late old_code_paid"},
		16: {what: "31 days offline", drills: "month_offline"},
		17: {what: "a local clock hours off", drills: "wrong_dates", faults: "date no_date", why: "the laptop's own clock is the till's; here it is Stripe's that lies"},
		18: {what: "an account on an old API version", drills: "old_api_version"},
		19: {what: "{}, a captive portal, a cut-off body", drills: "portal half_answers", faults: "empty empty_page html portal_redirect garbage cut short"},
		20: {what: "429 at doors-open; lock_timeout on a refund", drills: "storm_429 locked_refunds", faults: "storm lock status"},
		21: {what: "two leaders, two tills refund one order", drills: "refunded_first"},
		22: {what: "a key revoked, or short of a permission", drills: "key_revoked key_short_of_permission", faults: "status"},
		23: {what: "a refund that fails later, partly, in the Dashboard", drills: "refund_in_dashboard partial_refund_in_dashboard refund_fails_later"},
		24: {what: "a dispute, a refund, funds reinstated", drills: "dispute_opened dispute_won dispute_lost"},
		25: {what: "an amount that is not the order's", drills: "wrong_amount"},
	}
}

// TestEveryCaseIsReachable, and every drill says truly what it is for.
func TestEveryCaseIsReachable(t *testing.T) {
	cases := nastyCases()
	byDrill := map[string][]int{}
	for number := 1; number <= 25; number++ {
		c, ok := cases[number]
		if !ok || c.what == "" || c.drills == "" && c.why == "" {
			t.Errorf("case %d is not accounted for", number)
		}
		for name := range strings.FieldsSeq(c.drills) {
			byDrill[name] = append(byDrill[name], number)
		}
		for kind := range strings.FieldsSeq(c.faults) {
			f := Fault{Kind: kind, Status: 500, Delay: time.Second}
			if err := f.validate(); err != nil {
				t.Errorf("case %d: %v", number, err)
			}
		}
	}
	if len(cases) != 25 {
		t.Errorf("%d cases", len(cases))
	}
	seen := map[string]bool{}
	for _, d := range drills() {
		if seen[d.name] {
			t.Errorf("two drills are called %s", d.name)
		}
		seen[d.name] = true
		if diff := cmp.Diff(byDrill[d.name], d.cases); diff != "" {
			t.Errorf("%s (-of the cases +of the drill):\n%s", d.name, diff)
		}
		if ways := count(d.faults != nil, d.quirks != nil, d.act != nil); ways != 1 || d.arms != nil && d.act == nil {
			t.Errorf("%s works in %d ways", d.name, ways)
		}
	}
	for name := range byDrill {
		if !seen[name] {
			t.Errorf("there is no drill %s", name)
		}
	}
}

func count(of ...bool) (n int) {
	for _, is := range of {
		if is {
			n++
		}
	}
	return n
}

// TestLastingDrills: what a client sees while each is on, and that it sees it
// no more when it is off. They go over a real connection.
func TestLastingDrills(t *testing.T) {
	status := func(status int, code string) func(*box, reply, error) bool {
		return func(_ *box, r reply, err error) bool {
			if err != nil || r.status != status {
				return false
			}
			e, _ := r.json["error"].(map[string]any)
			return code == "" || e["code"] == code
		}
	}
	broken := func(_ *box, _ reply, err error) bool { return err != nil }
	types := func(want ...string) func(*box, reply, error) bool {
		return func(_ *box, r reply, err error) bool {
			var got []string
			for _, e := range r.at("data").([]any) {
				got = append(got, dig(r.t, e, "type").(string))
			}
			return err == nil && slices.Equal(got, want)
		}
	}
	tested := map[string]bool{}
	product := func(b *box) { b.post("/v1/products", "name=Poster").ok() }
	for _, c := range []struct {
		name    string
		options DrillOptions
		before  func(*box) // while it is on
		ask     string
		seen    func(*box, reply, error) bool
	}{
		{"slow", DrillOptions{Delay: time.Second}, nil, "GET /v1/balance", func(_ *box, r reply, err error) bool {
			return err == nil && r.status == 200 && r.took >= time.Second
		}},
		{"network_gone", DrillOptions{}, nil, "GET /v1/balance", broken},
		{"portal", DrillOptions{}, nil, "POST /v1/products", func(_ *box, r reply, err error) bool {
			return err == nil && r.status == 200 && r.json == nil && strings.Contains(string(r.body), "Sign in")
		}},
		{"resets", DrillOptions{Chance: 1}, nil, "POST /v1/products", broken},
		{"half_answers", DrillOptions{Chance: 1}, nil, "GET /v1/balance", func(_ *box, r reply, err error) bool { return err != nil && r.status == 200 }},
		{"tls", DrillOptions{}, nil, "GET /v1/balance", broken},
		{"answers_lost", DrillOptions{}, nil, "POST /v1/products", broken},
		{"other_words", DrillOptions{}, nil, "POST /v1/products", broken},
		{"wrong_dates", DrillOptions{Chance: 1}, nil, "GET /v1/balance", func(b *box, r reply, err error) bool {
			return err == nil && r.status == 200 && r.header.Get("Date") == b.clock.now().Add(3*time.Hour).Format(http.TimeFormat)
		}},
		{"storm_429", DrillOptions{}, nil, "GET /v1/balance", status(429, "rate_limit")},
		{"server_errors", DrillOptions{Chance: 1}, nil, "GET /v1/balance", status(500, "")},
		{"locked_refunds", DrillOptions{}, nil, "POST /v1/refunds", status(429, "lock_timeout")},
		{"late_events", DrillOptions{}, product, "GET /v1/events", types()},
		{"double_events", DrillOptions{}, product, "GET /v1/events", types("product.created", "product.created")},
		{"reordered_events", DrillOptions{}, func(b *box) { b.buy(b.openSession(""), Payment{Delayed: true}) }, "GET /v1/events?types[]=checkout.session.*", types()},
		{"old_api_version", DrillOptions{Version: "2019-05-16"}, product, "GET /v1/events", func(_ *box, r reply, err error) bool {
			return err == nil && r.at("data.0.api_version") == "2019-05-16"
		}},
		{"list_lag", DrillOptions{}, func(b *box) { b.openSession("") }, "GET /v1/checkout/sessions", func(_ *box, r reply, err error) bool {
			return err == nil && len(r.ids()) == 0
		}},
		{"key_revoked", DrillOptions{}, nil, "GET /v1/balance", status(401, "api_key_expired")},
		{"key_short_of_permission", DrillOptions{}, nil, "POST /v1/refunds", func(b *box, r reply, err error) bool {
			return status(403, "more_permissions_required")(b, r, err) && strings.Contains(string(r.body), "rak_refund_write")
		}},
	} {
		tested[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			b := newBox(t)
			b.serveRaw()
			try := func() (reply, error) {
				method, path, _ := strings.Cut(c.ask, " ")
				form := map[string]string{"POST /v1/products": "name=Programme", "POST /v1/refunds": "payment_intent=pi_x"}[c.ask]
				start := time.Now()
				r, err := b.try(method, path, form)
				r.took = time.Since(start)
				return r, err
			}
			if d, err := b.sim.RunDrill(c.name, c.options); err != nil || !d.On || !d.Lasting || !d.Since.Equal(b.clock.now()) {
				t.Fatalf("turned on: %+v, %v", d, err)
			}
			if c.before != nil {
				c.before(b)
			}
			if r, err := try(); !c.seen(b, r, err) {
				t.Errorf("while it is on: %d %s, %v", r.status, r.body, err)
			}
			if err := b.sim.SetDrill(c.name, false); err != nil {
				t.Fatal(err)
			}
			if c.before != nil {
				c.before(b)
			}
			if r, err := try(); err != nil || c.seen(b, r, err) {
				t.Errorf("after it is off: %d %s, %v", r.status, r.body, err)
			}
		})
	}
	for _, d := range drills() {
		if d.act == nil && !tested[d.name] {
			t.Errorf("no row looks at %s", d.name)
		}
	}
}

// TestDrillsTogether: two of them, a scripted fault and a set quirk do not
// disturb each other.
func TestDrillsTogether(t *testing.T) {
	b := newBox(t)
	if err := b.sim.Quirk(Quirks{DoubleEvents: true}); err != nil {
		t.Fatal(err)
	}
	b.sim.SetFaults(Fault{Path: "/v1/events", Kind: FaultStatus, Status: 503, Times: 1})
	for _, name := range []string{"wrong_dates", "storm_429", "old_api_version"} {
		if _, err := b.sim.RunDrill(name, DrillOptions{Chance: 1}); err != nil {
			t.Fatal(err)
		}
	}
	r := b.get("/v1/balance").fails(429, "rate_limit", "", "Request")
	if r.header.Get("Date") == b.clock.now().Format(http.TimeFormat) {
		t.Error("the Date is right")
	}
	if err := b.sim.SetDrill("storm_429", false); err != nil {
		t.Fatal(err)
	}
	b.post("/v1/products", "name=a").ok()
	b.get("/v1/events").fails(503, "", "", "An unknown")
	b.get("/v1/events").ok().has("data.0.api_version", "2017-08-15", "data.1.api_version", "2017-08-15")
	b.sim.EndDrills()
	b.post("/v1/products", "name=b").ok()
	r = b.get("/v1/events").ok().has("data.0.api_version", APIVersion, "data.1.api_version", APIVersion) // the quirk that was asked for stays
	if r.header.Get("Date") != b.clock.now().Format(http.TimeFormat) {
		t.Error("the Date is wrong still")
	}
}

// TestDrillControls: what a drill panel does.
func TestDrillControls(t *testing.T) {
	b := newBox(t)
	at := b.clock.now().Format(time.RFC3339)
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{"all", "GET", "", "", 200, `[{"name":"slow","group":"network","cases":[],"lasting":true,"on":false,"since":null},{"name":"network_gone","group":"network","cases":[6],`},
		{"on", "PUT", "/slow", `{"on":true,"delay":"1ms"}`, 200, `{"name":"slow","group":"network","cases":[],"lasting":true,"on":true,"since":"` + at + `"}`},
		{"seen", "GET", "", "", 200, `[{"name":"slow","group":"network","cases":[],"lasting":true,"on":true,"since":"` + at + `"}`},
		{"off by PUT", "PUT", "/slow", `{"on":false}`, 200, `"on":false`},
		{"off again", "DELETE", "/slow", "", 200, `"on":false,"since":null`},
		{"nothing suits", "PUT", "/pays_too_late", `{"on":true}`, 409, `{"error":"There is no open code to pay."}`},
		{"unknown", "PUT", "/flood", `{"on":true}`, 404, `There is no drill \"flood\".`},
		{"unknown off", "DELETE", "/flood", "", 404, `There is no drill \"flood\".`},
		{"unknown off by PUT", "PUT", "/flood", `{}`, 404, `There is no drill \"flood\".`},
		{"bad delay", "PUT", "/slow", `{"on":true,"delay":"long"}`, 400, `the delay \"long\" cannot be read`},
		{"bad chance", "PUT", "/resets", `{"on":true,"chance":2}`, 400, `a drill's chance is from 0 to 1, not 2`},
		{"too long", "PUT", "/days_offline", `{"on":true,"days":4000}`, 400, `a drill takes 400 days at most, not 4000`},
		{"too many", "PUT", "/event_storm", `{"on":true,"count":-1}`, 400, `a drill makes 2000 of a thing at most, not -1`},
		{"bad version", "PUT", "/old_api_version", `{"on":true,"version":"new"}`, 400, `a payload's version is a date`},
		{"no JSON", "PUT", "/slow", `{`, 400, `the body is not the JSON`},
		{"storm", "PUT", "/storm_429", `{"on":true}`, 200, `"on":true`},
		{"quirk", "PUT", "/double_events", `{"on":true}`, 200, `"on":true`},
		{"all off", "DELETE", "", "", 200, `"name":"storm_429","group":"stripe","cases":[20],"lasting":true,"on":false`},
	} {
		r := b.do(c.method, "/_sim/drills"+c.path, c.body)
		if r.status != c.status || !strings.Contains(strings.ReplaceAll(string(r.body), `\u0027`, `'`), c.want) {
			t.Errorf("%s: %d %s\nwant %d %s", c.name, r.status, r.body, c.status, c.want)
		}
	}
	b.get("/v1/balance").ok()
	b.get("/_sim/quirks").ok().has("double_events", false)
}

// unsuitable insists that a drill finds nothing to happen to.
func (b *box) unsuitable(name string, o DrillOptions) {
	b.t.Helper()
	_, err := b.sim.RunDrill(name, o)
	if u := (*Unsuitable)(nil); !errors.As(err, &u) || u.Reason == "" {
		b.t.Errorf("%s: %v", name, err)
	}
}

// drill makes a drill happen and returns what it was about.
func (b *box) drill(name string, o DrillOptions) string {
	b.t.Helper()
	d, err := b.sim.RunDrill(name, o)
	if err != nil {
		b.t.Fatalf("%s: %v", name, err)
	}
	if d.Object == "" {
		b.t.Errorf("%s is about nothing: %+v", name, d)
	}
	return d.Object
}

// TestNothingSuits: on an account where nothing has happened, each act that
// needs something says so, and changes nothing.
func TestNothingSuits(t *testing.T) {
	b := newBox(t)
	before := fmt.Sprint(dump(b.sim))
	for _, d := range drills() {
		if d.act != nil && d.name != "stranger_pays" && d.name != "event_storm" {
			b.unsuitable(d.name, DrillOptions{})
			if r := b.do("PUT", "/_sim/drills/"+d.name, `{"on":true}`); r.status != 409 {
				t.Errorf("%s answered %d", d.name, r.status)
			}
		}
	}
	if after := fmt.Sprint(dump(b.sim)); after != before {
		t.Error("something changed")
	}
}

// TestDrillsUnderLoad: they come and go while the till asks and buyers pay.
func TestDrillsUnderLoad(t *testing.T) {
	b := newBox(t)
	b.openLink("")
	var crowd sync.WaitGroup
	for _, d := range drills() {
		if d.name == "days_offline" || d.name == "month_offline" {
			continue // each is many sales
		}
		crowd.Go(func() {
			for range 3 {
				_, err := b.sim.RunDrill(d.name, DrillOptions{Delay: time.Millisecond, Count: 2})
				if u := (*Unsuitable)(nil); err != nil && !errors.As(err, &u) && d.act == nil {
					t.Errorf("%s: %v", d.name, err)
				}
				_, _ = b.try("GET", "/v1/events", "") // answered or not: a drill is on
				_, _ = b.try("POST", "/v1/checkout/sessions", sale+"&client_reference_id=a")
				b.sim.Drills()
				if err := b.sim.SetDrill(d.name, false); err != nil {
					t.Errorf("%s: %v", d.name, err)
				}
			}
		})
	}
	crowd.Wait()
	b.sim.EndDrills()
	b.get("/v1/events").ok()
}
