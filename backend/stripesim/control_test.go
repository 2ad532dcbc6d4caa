package stripesim

import (
	"strings"
	"testing"
	"time"
)

func TestControls(t *testing.T) {
	b := newBox(t)
	paidLater := b.openSession("")
	b.buy(paidLater, Payment{Delayed: true})
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		want                     string // of the answer
	}{
		{"no faults", "GET", "/_sim/faults", "", 200, `{"faults":[]}`},
		{"set as an object", "PUT", "/_sim/faults", `{"faults":[{"method":"POST","path":"/v1/x","times":2,"kind":"status","status":429}]}`, 200,
			`{"faults":[{"method":"POST","path":"/v1/x","times":2,"kind":"status","status":429}]}`},
		{"set as an array", "PUT", "/_sim/faults", `[{"Path":"/v1/x","Kind":"delay","Delay":"1500ms"}]`, 200, `{"faults":[{"path":"/v1/x","times":0,"kind":"delay","delay":"1.5s"}]}`},
		{"seen", "GET", "/_sim/faults", "", 200, `{"faults":[{"path":"/v1/x","times":0,"kind":"delay","delay":"1.5s"}]}`},
		{"unknown kind", "PUT", "/_sim/faults", `[{"kind":"flood"}]`, 400, `there is no fault of kind \"flood\"`},
		{"no status", "PUT", "/_sim/faults", `[{"kind":"status"}]`, 400, `a fault of kind status needs a status from 400 to 599, not 0`},
		{"no delay", "PUT", "/_sim/faults", `[{"kind":"delay"}]`, 400, `a fault of kind delay needs a delay`},
		{"less than never", "PUT", "/_sim/faults", `[{"kind":"html","times":-1}]`, 400, `a fault cannot happen -1 times`},
		{"bad delay", "PUT", "/_sim/faults", `[{"kind":"delay","delay":"soon"}]`, 400, `the delay \"soon\" cannot be read`},
		{"a lying date", "PUT", "/_sim/faults", `[{"kind":"date","delay":"-2h","chance":0.25}]`, 200, `{"faults":[{"times":0,"kind":"date","delay":"-2h0m0s","chance":0.25}]}`},
		{"no lie", "PUT", "/_sim/faults", `[{"kind":"date"}]`, 400, `needs a delay, such as \"-2h\"`},
		{"more than certain", "PUT", "/_sim/faults", `[{"kind":"html","chance":1.5}]`, 400, `a fault's chance is from 0 to 1, not 1.5`},
		{"a storm", "PUT", "/_sim/faults", `[{"kind":"storm","delay":"1m","retry_after":"3s"}]`, 200, `"delay":"1m0s","retry_after":"3s"`},
		{"a storm that ended before", "PUT", "/_sim/faults", `[{"kind":"storm","delay":"-1m"}]`, 400, `a storm cannot last -1m0s`},
		{"retry before", "PUT", "/_sim/faults", `[{"kind":"storm","retry_after":"-1s"}]`, 400, `a fault cannot ask to retry after -1s`},
		{"bad retry", "PUT", "/_sim/faults", `[{"kind":"storm","retry_after":"soon"}]`, 400, `the delay \"soon\" cannot be read`},
		{"a trickle of no time", "PUT", "/_sim/faults", `[{"kind":"trickle"}]`, 400, `a fault of kind trickle needs a delay`},
		{"set again", "PUT", "/_sim/faults", `[{"Path":"/v1/x","Kind":"delay","Delay":"1500ms"}]`, 200, `"delay":"1.5s"`},
		{"limits", "POST", "/_sim/limits", `{"per_second":100}`, 200, `{"per_second":100,"per_endpoint":0}`},
		{"limits below nothing", "POST", "/_sim/limits", `{"per_second":-1}`, 400, `a limit is a number of requests in a second`},
		{"limits without JSON", "POST", "/_sim/limits", ``, 400, `the body is not the JSON`},
		{"no faults at all", "PUT", "/_sim/faults", `7`, 400, `the faults cannot be read`},
		{"no JSON", "PUT", "/_sim/faults", `{`, 400, `the body is not the JSON that is wanted here`},
		{"kept after the mistakes", "GET", "/_sim/faults", "", 200, `"delay":"1.5s"`},
		{"cleared", "DELETE", "/_sim/faults", "", 200, `{"faults":[]}`},
		{"clock", "POST", "/_sim/clock", `{"advance":"30m"}`, 200, `{"now":"2026-11-21T18:30:00Z"}`},
		{"clock again", "POST", "/_sim/clock", `{"advance":"1h"}`, 200, `{"now":"2026-11-21T19:30:00Z"}`},
		{"clock back", "POST", "/_sim/clock", `{"advance":"-1h"}`, 400, `the clock cannot be moved by \"-1h\"`},
		{"clock by words", "POST", "/_sim/clock", `{"advance":"a day"}`, 400, `the clock cannot be moved by \"a day\"`},
		{"clock without JSON", "POST", "/_sim/clock", ``, 400, `the body is not the JSON`},
		{"latency", "POST", "/_sim/latency", `{"latency":"1ms"}`, 200, `{"latency":"1ms"}`},
		{"latency too long", "POST", "/_sim/latency", `{"latency":"1h"}`, 400, `the latency cannot be \"1h\"`},
		{"latency without JSON", "POST", "/_sim/latency", ``, 400, `the body is not the JSON`},
		{"account", "POST", "/_sim/accounts", `{"id":"acct_1New"}`, 200, `{"id":"acct_1New"}`},
		{"account again", "POST", "/_sim/accounts", `{"id":"acct_1New"}`, 400, `cannot be added`},
		{"account without JSON", "POST", "/_sim/accounts", ``, 400, `the body is not the JSON`},
		{"account's currency", "POST", "/_sim/accounts", `{"id":"acct_1X","currency":"gold"}`, 400, `Invalid currency: gold.`},
		{"settle by another word", "POST", "/_sim/sessions/" + paidLater + "/settle", `{"outcome":"maybe"}`, 400, `the outcome is succeeded or failed, not \"maybe\"`},
		{"settle without JSON", "POST", "/_sim/sessions/" + paidLater + "/settle", ``, 400, `the body is not the JSON`},
		{"settle", "POST", "/_sim/sessions/" + paidLater + "/settle", `{"outcome":"succeeded"}`, 200, `{"outcome":"succeeded"}`},
		{"settle twice", "POST", "/_sim/sessions/" + paidLater + "/settle", `{"outcome":"failed"}`, 400, `there is nothing to settle`},
		{"settle an unknown session", "POST", "/_sim/sessions/cs_x/settle", `{"outcome":"failed"}`, 404, `No such checkout.session: 'cs_x'`},
		{"unknown knob", "GET", "/_sim/volume", "", 404, `404 page not found`},
		{"wrong method", "PATCH", "/_sim/faults", "", 405, `Method Not Allowed`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := b.do(c.method, c.path, c.body, "Content-Type", "application/json")
			if r.status != c.status || !strings.Contains(strings.ReplaceAll(string(r.body), `\u0027`, `'`), c.want) {
				t.Errorf("answered %d %s\nwant %d %s", r.status, r.body, c.status, c.want)
			}
		})
	}
	b.get("/v1/checkout/sessions/"+paidLater).ok().has("payment_status", "paid")
}

// TestControlsStayAtHome: no other machine, and no web page that a browser on
// this one has open.
func TestControlsStayAtHome(t *testing.T) {
	b := newBox(t)
	for host, want := range map[string]int{
		"127.0.0.1:4381": 200, "localhost": 200, "localhost:80": 200, "[::1]:4381": 200, "[::1]": 200, "127.9.9.9": 200,
		"192.0.2.7": 403, "till.example:4381": 403, "localhost.evil.example": 403, "0.0.0.0": 403, "127.0.0.1.evil.example": 403,
	} {
		if got := b.statusFor(host, "/_sim/requests"); got != want {
			t.Errorf("Host %s: %d, want %d", host, got, want)
		}
	}
	r := b.do("PUT", "/_sim/faults", `[]`, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	if r.status != 403 {
		t.Errorf("a foreign page was answered %d", r.status)
	}
}

// TestClockIsKept over a restart, and never runs backwards.
func TestClockIsKept(t *testing.T) {
	path := t.TempDir() + "/stripe.jsonl"
	b := newBox(t, journaled(path))
	id := b.openSession("")
	b.do("POST", "/_sim/clock", `{"advance":"25h"}`).ok()
	again := reopen(t, path)
	again.mu.Lock()
	now := again.now()
	again.mu.Unlock()
	if want := b.clock.now().Add(25 * time.Hour).Unix(); now != want {
		t.Errorf("after the restart it is %d, want %d", now, want)
	}
	b.get("/v1/checkout/sessions/"+id).ok().has("status", "expired")
}
