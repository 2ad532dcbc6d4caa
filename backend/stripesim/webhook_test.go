package stripesim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// delivery is what an endpoint was sent.
type delivery struct {
	header http.Header
	body   []byte
	event  map[string]any
}

// receiver is a merchant's server. It answers with the status that is set.
type receiver struct {
	url    string
	status atomic.Int64
	got    chan delivery
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{got: make(chan delivery, 1000)}
	r.status.Store(http.StatusOK)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		d := delivery{header: req.Header, body: body}
		_ = json.Unmarshal(body, &d.event)
		status := int(r.status.Load())
		if req.URL.Path == "/elsewhere" {
			status = http.StatusOK
		} else if status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
		r.got <- d
	}))
	t.Cleanup(server.Close)
	r.url = server.URL + "/stripe"
	return r
}

// next waits for a delivery of that type.
func (r *receiver) next(t *testing.T, kind string) delivery {
	t.Helper()
	for {
		select {
		case d := <-r.got:
			if d.event["type"] == kind {
				return d
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("no %s arrived", kind)
		}
	}
}

func quickly(o *Options) { o.Pauses = []time.Duration{time.Nanosecond, time.Nanosecond} }

func (b *box) listen(w Webhook) (id string) {
	b.t.Helper()
	w.Secret = "whsec_test"
	id, _, err := b.sim.RegisterWebhook(w)
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

// proves checks a Stripe-Signature as Stripe's documentation says to.
func (d delivery) proves(secret string, now time.Time) bool {
	var at string
	var good bool
	for part := range strings.SplitSeq(d.header.Get("Stripe-Signature"), ",") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "t":
			at = value
		case "v1":
			mac := hmac.New(sha256.New, []byte(secret))
			_, _ = mac.Write([]byte(at + "." + string(d.body)))
			good = good || value == hex.EncodeToString(mac.Sum(nil))
		}
	}
	seconds, err := strconv.ParseInt(at, 10, 64)
	return good && err == nil && now.Sub(time.Unix(seconds, 0)) <= 5*time.Minute
}

// TestWebhooksTell of every event, as the list of events has it.
func TestWebhooksTell(t *testing.T) {
	b := newBox(t, quickly)
	r := newReceiver(t)
	b.listen(Webhook{URL: r.url})
	b.buy(b.openSession(""), Payment{})
	d := r.next(t, "checkout.session.completed")
	if !d.proves("whsec_test", b.clock.now()) || !strings.Contains(d.header.Get("Stripe-Signature"), ",v0=") {
		t.Errorf("the signature %s does not hold", d.header.Get("Stripe-Signature"))
	}
	if got := d.header.Get("User-Agent") + " " + d.header.Get("Content-Type"); got != "Stripe/1.0 (+https://stripe.com/docs/webhooks) application/json; charset=utf-8" {
		t.Errorf("the headers say %s", got)
	}
	listed := b.get("/v1/events/" + d.event["id"].(string)).ok()
	if diff := cmp.Diff(listed.json, d.event); diff != "" {
		t.Errorf("the event is not the listed one (-listed +sent):\n%s", diff)
	}
	if err := conforms("GET", "/v1/events/evt_1", 200, d.body); err != nil {
		t.Error(err)
	}
}

// TestWebhooksChoose their types, their side and whose events they hear.
func TestWebhooksChoose(t *testing.T) {
	b := newBox(t, quickly)
	if err := b.sim.AddAccount("acct_1Connected", "Little Theatre", "FR", "eur"); err != nil {
		t.Fatal(err)
	}
	b.stranger("acct_1Stranger")
	all, charges, live, connect, connectLive := newReceiver(t), newReceiver(t), newReceiver(t), newReceiver(t), newReceiver(t)
	b.listen(Webhook{URL: all.url})
	b.listen(Webhook{URL: charges.url, Events: []string{"charge.*", "checkout.session.expired"}})
	b.listen(Webhook{URL: live.url, Live: true})
	b.listen(Webhook{URL: connect.url, Connect: true, APIVersion: "2016-07-06"})
	b.listen(Webhook{URL: connectLive.url, Connect: true, Live: true})
	stranger, liveSide := b.with(b.register(Key{Account: "acct_1Stranger"})), b.with(b.register(Key{Live: true}))
	connected, test := *b.with(TrainingKey), b.with(TrainingKey)
	connected.account = "acct_1Connected"
	stranger.post("/v1/products", "name=Strange").ok()
	test.post("/v1/products", "name=Own").ok()
	liveSide.post("/v1/products", "name=Live").ok()
	connected.post("/v1/products", "name=Connected").ok()

	name := func(d delivery) any { return dig(t, d.event, "data.object.name") }
	if d := all.next(t, "product.created"); name(d) != "Own" || d.event["account"] != nil {
		t.Errorf("the account's endpoint heard %s", d.body)
	}
	if d := live.next(t, "product.created"); name(d) != "Live" || d.event["livemode"] != true || strings.Contains(d.header.Get("Stripe-Signature"), "v0=") {
		t.Errorf("the live endpoint heard %s with %s", d.body, d.header.Get("Stripe-Signature"))
	}
	if d := connect.next(t, "product.created"); name(d) != "Connected" || d.event["account"] != "acct_1Connected" || d.event["api_version"] != "2016-07-06" {
		t.Errorf("the Connect endpoint heard %s", d.body)
	}
	if d := connectLive.next(t, "product.created"); name(d) != "Connected" || d.event["livemode"] != false {
		t.Errorf("the live Connect endpoint heard %s", d.body)
	}
	b.buy(test.openSession(""), Payment{})
	charges.next(t, "charge.succeeded")
	gala := *liveSide
	gala.account = "acct_1Connected"
	gala.post("/v1/products", "name=Gala").ok()
	if d := connectLive.next(t, "product.created"); name(d) != "Gala" || d.event["livemode"] != true {
		t.Errorf("the live Connect endpoint heard %s", d.body)
	}
	b.settled()
	for _, r := range []*receiver{charges, live, connect, connectLive} {
		if n := len(r.got); n != 0 {
			t.Errorf("%d events too many, one of them %s", n, (<-r.got).body)
		}
	}
}

// settled waits until nothing is on its way, and tells the tallies.
func (b *box) settled() []Tally {
	b.sim.post.run.Wait()
	var out []Tally
	for _, w := range b.sim.Webhooks() {
		out = append(out, w.Tally)
	}
	return out
}

// TestDeauthorizedIsTold to the platform, and to nobody else.
func TestDeauthorizedIsTold(t *testing.T) {
	p := newPractice(t, quickly)
	platform, own := newReceiver(t), newReceiver(t)
	p.listen(Webhook{URL: platform.url, Connect: true})
	p.listen(Webhook{URL: own.url, Account: "acct_1Theatre"})
	p.redeem(p.code()).ok()
	if err := p.sim.Deauthorize("", "acct_1Theatre"); err != nil {
		t.Fatal(err)
	}
	d := platform.next(t, "account.application.deauthorized")
	if d.event["account"] != "acct_1Theatre" || dig(t, d.event, "data.object.id") != p.client {
		t.Errorf("the platform was told %s", d.body)
	}
	p.settled()
	if len(own.got) != 0 {
		t.Errorf("the account was told %s", (<-own.got).body)
	}
	p.with(p.register(Key{Account: "acct_1Theatre"})).post("/v1/products", "name=Poster").ok()
	own.next(t, "product.created")
	p.settled()
	if len(platform.got) != 0 {
		t.Errorf("after the end the platform was told %s", (<-platform.got).body)
	}
}

// TestWebhooksAreTriedAgain, each time with a signature of its moment, and in
// the end given up.
func TestWebhooksAreTriedAgain(t *testing.T) {
	b := newBox(t, quickly)
	r := newReceiver(t)
	b.listen(Webhook{URL: r.url, Events: []string{"product.created"}})
	r.status.Store(http.StatusServiceUnavailable)
	b.post("/v1/products", "name=A").ok()
	first, second := r.next(t, "product.created"), r.next(t, "product.created")
	if first.event["id"] != second.event["id"] {
		t.Error("the second try is another event")
	}
	if got := b.settled()[0]; got != (Tally{Refused: 3, GivenUp: 1}) {
		t.Errorf("refused, it is %+v", got)
	}
	r.status.Store(http.StatusFound) // a redirect is not followed
	b.post("/v1/products", "name=B").ok()
	if got := b.settled()[0]; got != (Tally{Refused: 6, GivenUp: 2}) {
		t.Errorf("sent elsewhere, it is %+v", got)
	}
	r.status.Store(http.StatusNoContent)
	b.post("/v1/products", "name=C").ok()
	if got := b.settled()[0]; got != (Tally{Delivered: 1, Refused: 6, GivenUp: 2}) {
		t.Errorf("taken, it is %+v", got)
	}
}

// TestWebhooksBlockNobody: an endpoint that never answers keeps no request
// waiting, and Close ends it.
func TestWebhooksBlockNobody(t *testing.T) {
	b := newBox(t)
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(hang)
	b.listen(Webhook{URL: server.URL})
	for range 20 {
		b.post("/v1/products", "name=Poster").ok()
	}
	done := make(chan error, 1)
	go func() { done <- b.sim.Close() }()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("Close waits for an endpoint that hangs")
	}
}

// TestWebhooksSurvive a restart; what was removed stays away.
func TestWebhooksSurvive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path), quickly)
	r := newReceiver(t)
	kept := b.post("/_sim/webhooks", `{"url":"`+r.url+`","events":["product.created"]}`).ok()
	gone := b.post("/_sim/webhooks", `{"url":"`+r.url+`","secret":"whsec_own"}`).ok().has("secret", "whsec_own").text("id")
	b.do("DELETE", "/_sim/webhooks/"+gone, "").ok()
	if r := b.do("DELETE", "/_sim/webhooks/we_gone", ""); r.status != 404 {
		t.Errorf("removing an unknown one: %d", r.status)
	}
	b.post("/v1/products", "name=Poster").ok()
	if d := r.next(t, "product.created"); !d.proves(kept.text("secret"), b.clock.now()) {
		t.Error("the made-up secret does not sign")
	}
	b.settled()
	b.get("/_sim/webhooks").ok().has("webhooks.0.id", kept.text("id"), "webhooks.0.delivered", 1, "webhooks.0.waiting", 0)
	again := reopen(t, path)
	same(t, dump(b.sim), dump(again))
	if got := again.Webhooks(); len(got) != 1 || got[0].Delivered != 0 {
		t.Errorf("after the restart there are %+v", got)
	}
	if len(r.got) != 0 {
		t.Error("the replay told the events again")
	}
}

func TestWebhooksStayAtHome(t *testing.T) {
	b := newBox(t)
	for _, body := range []string{`{}`, `{"url":"https://theatre.example/"}`, `{"url":"ftp://127.0.0.1/"}`, `{"url":"http://192.0.2.1/"}`, `{"url":"http://127.0.0.1.evil.example/"}`, `{"url":"http://127.0.0.1/","account":"acct_1Gone"}`} {
		if r := b.post("/_sim/webhooks", body); r.status != 400 {
			t.Errorf("%s was answered %d %s", body, r.status, r.body)
		}
	}
}
