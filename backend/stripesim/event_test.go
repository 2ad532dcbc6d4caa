package stripesim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestListEvents(t *testing.T) {
	b := newBox(t)
	start := b.clock.now().Unix()
	id := b.openSession("")
	b.clock.advance(time.Minute)
	b.buy(id, Payment{})
	all := b.get("/v1/events").ok().ids()
	for query, want := range map[string][]string{
		"&type=charge.succeeded": {"charge.succeeded"},
		"&types[]=charge.succeeded&types[]=checkout.session.completed": {"checkout.session.completed", "charge.succeeded"},
		"&types[0]=product.created":                                    {"product.created"},
		"&type=payment_intent.*":                                       {"payment_intent.succeeded", "payment_intent.created"},
		"&type=payment*":                                               {},
		"&type=refund.created":                                         {},
		"&delivery_success=false":                                      {},
		fmt.Sprintf("&created[gte]=%d", start+60):                      {"checkout.session.completed", "payment_intent.succeeded", "charge.succeeded", "payment_intent.created"},
		fmt.Sprintf("&created[lt]=%d", start+60):                       {"price.created", "product.created"},
		"&starting_after=" + all[3]:                                    {"price.created", "product.created"},
		"&ending_before=" + all[1]:                                     {"checkout.session.completed"},
	} {
		if diff := cmp.Diff(want, b.types(query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	b.get("/v1/events/"+all[0]).ok().has("type", "checkout.session.completed", "api_version", APIVersion, "pending_webhooks", 0, "request.id", nil)

	var types strings.Builder
	for i := range 21 {
		fmt.Fprintf(&types, "&types[]=t%d", i)
	}
	b.get("/v1/events?x=1"+types.String()).fails(400, "parameter_unknown", "x", "Received unknown parameter: x")
	b.get("/v1/events?"+types.String()[1:]).fails(400, "", "types", "Array types exceeded maximum 20 allowed elements.")
	b.get("/v1/events?limit=0").fails(400, "parameter_invalid_integer", "limit", "This value must be greater than or equal to 1.")
	b.get("/v1/events?limit=101").fails(400, "parameter_invalid_integer", "limit", "This value must be less than or equal to 100 (it currently is '101').")
	b.get("/v1/events?type=a&types[]=b").fails(400, "", "", "You may only specify one of these parameters: type, types.")
	b.get("/v1/events?starting_after="+all[0]+"&ending_before="+all[1]).fails(400, "", "", "You cannot specify both starting_after and ending_before.")
	b.get("/v1/events?starting_after=evt_x").fails(400, "resource_missing", "starting_after", "No such event: 'evt_x'")
}

// TestEventsAreForgotten after thirty days; paging from one is an error, which
// is why a poller keeps a time and not an id.
func TestEventsAreForgotten(t *testing.T) {
	b := newBox(t)
	b.openSession("")
	old := b.get("/v1/events").ids()
	b.clock.advance(30 * 24 * time.Hour)
	b.get("/v1/events/" + old[0]).ok()
	if got := b.get("/v1/events?type=product.created").ids(); len(got) != 1 {
		t.Errorf("on the thirtieth day: %v", got)
	}
	b.clock.advance(time.Second)
	b.get("/v1/events/"+old[0]).fails(404, "resource_missing", "id", "No such event")
	b.get("/v1/events?starting_after="+old[0]).fails(400, "resource_missing", "starting_after", "No such event")
	b.get("/v1/events?ending_before="+old[0]).fails(400, "resource_missing", "ending_before", "No such event")
	// The session itself, long since expired, is still there.
	b.get("/v1/checkout/sessions?status=expired").ok().has("data.0.status", "expired")
}

// TestEventsNameTheirRequest, and the session's end by the buyer names none.
func TestEventsNameTheirRequest(t *testing.T) {
	b := newBox(t)
	r := b.post("/v1/checkout/sessions", sale, "Idempotency-Key", "order-1").ok()
	b.get("/v1/events?type=price.created").ok().has("data.0.request.id", r.header.Get("Request-Id"), "data.0.request.idempotency_key", "order-1")
	r = b.post("/v1/checkout/sessions/"+r.text("id")+"/expire", "").ok()
	b.get("/v1/events?limit=1").ok().has("data.0.type", "checkout.session.expired", "data.0.request.id", r.header.Get("Request-Id"), "data.0.request.idempotency_key", nil)
}

// TestPaging walks 250 objects both ways, whatever the size of the page.
func TestPaging(t *testing.T) {
	b := newBox(t)
	for i := range 250 {
		if i%3 == 0 {
			b.clock.advance(time.Second)
		}
		b.post("/v1/products", fmt.Sprintf("name=p%d", i)).ok()
	}
	var want []string
	for i := 249; i >= 0; i-- {
		want = append(want, fmt.Sprintf("p%d", i))
	}
	for _, limit := range []int{1, 7, 50, 100} {
		if diff := cmp.Diff(want, b.walk(fmt.Sprintf("/v1/products?limit=%d", limit), "starting_after")); diff != "" {
			t.Errorf("down by %d (-want +got):\n%s", limit, diff)
		}
	}
	oldest := b.get("/v1/products?limit=100&starting_after=" + b.get("/v1/products?limit=100&starting_after=" + b.get("/v1/products?limit=100").ids()[99]).ids()[99]).ids()[49]
	up := b.get("/v1/products?limit=100&ending_before="+oldest).has("has_more", true, "data.99.name", "p1", "data.0.name", "p100").ids()
	b.get("/v1/products?limit=100&ending_before="+up[0]).has("has_more", true, "data.99.name", "p101", "data.0.name", "p200")
	if got := b.get("/v1/products").ids(); len(got) != 10 {
		t.Errorf("%d on a page without limit", len(got))
	}
}

// walk follows has_more and returns the names.
func (b *box) walk(path, cursor string) []string {
	b.t.Helper()
	var names []string
	for next := path; ; {
		r := b.get(next).ok()
		for _, v := range r.at("data").([]any) {
			names = append(names, dig(b.t, v, "name").(string))
		}
		if r.at("has_more") == false {
			return names
		}
		ids := r.ids()
		next = path + "&" + cursor + "=" + ids[len(ids)-1]
	}
}
