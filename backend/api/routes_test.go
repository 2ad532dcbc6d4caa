package api

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
)

// row is a request and what it must be told. Names in braces are the house's.
type row struct {
	name   string
	method string
	path   string
	header map[string]string
	body   string

	status int
	is     string   // content type, "" for JSON, or a problem where there is a code
	code   string   // of the problem
	has    []string // parts of the body
	hasNot []string
}

const (
	sale     = `{"lineItems":[{"performanceId":"perf-1","ticketTypeId":"type-adult","quantity":2}]}`
	isJSON   = "application/json"
	isSVG    = "image/svg+xml"
	isStream = "text/event-stream"
)

func keyed(key string) map[string]string {
	return map[string]string{"Idempotency-Key": key, "Content-Type": isJSON}
}

// routes is every route of the API, found and not found.
func routes() []row {
	return append([]row{
		{name: "health", path: "/healthz", status: 200, has: []string{`{"status":"ok"}`}},
		{name: "status", path: "/api/status", status: 200, has: []string{
			`"version":"1.2.3"`, `"mode":"training"`, `"register":"till-1"`, `"bookId":"book-1"`, `"openCodes":3`, `"number":28`, `"state":"ok"`, `"reads":7`,
		}},
		{name: "catalogue", path: "/api/catalogue", status: 200, has: []string{
			`"name":"Hamlet"`, `"id":"type-adult","name":"Adult","description":"","price":{"minor":2400,"currency":"eur"},"least":1,"most":100,"onSale":true,"available":6,"quota":10`,
			`"id":"type-balcony","name":"Balcony","description":"","price":{"minor":3200,"currency":"eur"},"least":1,"most":100,"onSale":true,"available":1,"quota":2`, `"startsAt":"2026-03-05T18:30:00Z"`,
		}},
		{name: "orders", path: "/api/orders", status: 200, has: []string{`{open.code}`, `{paid.code}`, `{starting.code}`, `{refused.code}`, `{canceled.code}`}, hasNot: []string{`"timeline"`}},

		{name: "open order", path: "/api/orders/{open.id}", status: 200, has: []string{
			`"status":"awaiting_payment"`, `"state":"open"`, `"seats":2`, `"buyerEmail":"anna@example.org"`, `"total":{"minor":4800,"currency":"eur"}`, `"url":"http://127.0.0.1:4381/c/pay/cs_test_`,
			`"tickets":[]`, `"kind":"order.placed","amount":{"minor":4800,"currency":"eur"}`, `"kind":"tender.opened"`, `"cancelAsked":false`, `"expiresAt":"2026-03-05T13:31:00Z"`,
		}, hasNot: []string{`"card"`, `"paidAt"`, `key-open`}},
		{name: "paid order, by its code", path: "/api/orders/{paid.code}", status: 200, has: []string{
			`"status":"paid"`, `"card":{"brand":"visa","last4":"4242"}`, `"paidAt":"2026-03-05T12:00:00Z"`, `"number":1,"of":1,"void":false,"refunding":false,"code":"WCT1.`, `"refunds":[],"disputes":[],"refunded":0,"disputed":0,"refundable":2400`, `"kind":"tender.paid","amount":{"minor":2400`,
		}, hasNot: []string{`"url"`, `"trainingPhone"`}},
		{name: "starting order", path: "/api/orders/{starting.id}", status: 200, has: []string{`"state":"starting"`, `"status":"awaiting_payment"`}, hasNot: []string{`"url"`, `"sessionId"`}},
		{name: "refused order", path: "/api/orders/{refused.id}", status: 200, has: []string{
			`"state":"refused"`, `"status":"failed"`, `"problem":{"code":"stripe_refused","detail":"Stripe refused: No such thing.","next":"Ask the organizer."}`, `"kind":"tender.refused","detail":"Stripe refused: No such thing."`,
		}},
		{name: "canceled order", path: "/api/orders/{canceled.id}", status: 200, has: []string{`"status":"canceled"`, `"cancelAsked":true`, `"kind":"tender.cancel_asked"`}, hasNot: []string{`"url"`}},
		{name: "no such order", path: "/api/orders/ZZZZZZ", status: 404, code: "unknown_order", has: []string{"There is no order ZZZZZZ in this book."}},
		{name: "an order whose name is no name", path: "/api/orders/%3Cscript%3E", status: 404, code: "unknown_order"},
		{name: "an order whose name is bytes", path: "/api/orders/%00%ff", status: 404, code: "unknown_order"},
		{name: "an order whose name is a path", path: "/api/orders/..%2f..%2fstatus", status: 404, code: "unknown_order"},

		{name: "code of an open order", path: "/api/orders/{open.code}/code.svg", status: 200, is: isSVG, has: []string{"<svg "}},
		{name: "code of a paid order", path: "/api/orders/{paid.id}/code.svg", status: 404, code: "no_code", has: []string{"Order {paid.code} has no code"}},
		{name: "code of a starting order", path: "/api/orders/{starting.id}/code.svg", status: 404, code: "no_code"},
		{name: "code of no order", path: "/api/orders/ZZZZZZ/code.svg", status: 404, code: "unknown_order"},
		{name: "code of a ticket", path: "/api/tickets/{ticket}/code.svg", status: 200, is: isSVG, has: []string{"<svg "}},
		{name: "code of no ticket", path: "/api/tickets/tkt-x/code.svg", status: 404, code: "unknown_ticket"},
		{name: "code of an order as a ticket", path: "/api/tickets/{paid.id}/code.svg", status: 404, code: "unknown_ticket"},

		{name: "a sale", method: "POST", path: "/api/orders", header: keyed("key-of-this-sale"), body: sale, status: 201, has: []string{`"state":"open"`, `"kind":"tender.opened"`}},
		{name: "the same sale", method: "POST", path: "/api/orders", header: keyed("key-open"), body: `{"lineItems":[{"performanceId":"perf-1","ticketTypeId":"type-adult","quantity":2}],"buyerEmail":"anna@example.org"}`, status: 201, has: []string{`"id":"{open.id}"`}},
		{name: "another sale with the key", method: "POST", path: "/api/orders", header: keyed("key-open"), body: sale, status: 409, code: "idempotency_mismatch", has: []string{"{open.code}"}},
		{name: "a sale without a key", method: "POST", path: "/api/orders", body: sale, status: 400, code: "idempotency_key_missing"},

		{name: "check", method: "POST", path: "/api/orders/{open.id}/check", status: 200, has: []string{`"id":"{open.id}"`, `"timeline"`}},
		{name: "check no order", method: "POST", path: "/api/orders/ZZZZZZ/check", status: 404, code: "unknown_order"},
		{name: "cancel", method: "POST", path: "/api/orders/{open.code}/cancel", status: 200, has: []string{`"status":"canceled"`, `"kind":"tender.expired"`}},
		{name: "cancel what is canceled", method: "POST", path: "/api/orders/{canceled.id}/cancel", status: 200, has: []string{`"status":"canceled"`}},
		{name: "cancel what is paid", method: "POST", path: "/api/orders/{paid.id}/cancel", status: 409, code: "not_cancelable", has: []string{`"params":{"status":"paid"}`, "Its tickets are valid."}},
		{name: "cancel no order", method: "POST", path: "/api/orders/ZZZZZZ/cancel", status: 404, code: "unknown_order"},

		{name: "the document", path: "/openapi.json", status: 200, is: "application/openapi+json", has: []string{`"openapi":"3.1.0"`}},
		{name: "the start page", path: "/", status: 200, is: "text/html; charset=utf-8", has: []string{"<title>Willcall"}},

		{name: "no route of the API", path: "/api/nothing", status: 404, code: "not_found"},
		{name: "the API itself", path: "/api/", status: 404, code: "not_found"},
		{name: "a wrong method", method: "DELETE", path: "/api/orders/{open.id}", status: 404, code: "not_found"},
		{name: "another wrong method", method: "PUT", path: "/api/status", body: "{}", status: 404, code: "not_found"},
		{name: "a method that nobody knows", method: "BREW", path: "/api/orders", status: 404, code: "not_found"},
		{name: "a page cannot be changed", method: "PUT", path: "/", body: "<title>Mine", status: 404, code: "not_found"},
		{name: "a page cannot be deleted", method: "DELETE", path: "/index.html", status: 404, code: "not_found"},
		{name: "a page cannot be posted to", method: "POST", path: "/favicon.svg", status: 404, code: "not_found"},
	}, slices.Concat(officeRoutes(), wallRoutes(), drillRoutes(), showClosingRoutes(), closingRoutes(), refundRows(), lateRows())...)
}

// badRequests are sales and searches that are not understood.
func badRequests() []row {
	post := func(name, body string, status int, code string, has ...string) row {
		return row{name: name, method: "POST", path: "/api/orders", header: keyed("key-of-this-sale"), body: body, status: status, code: code, has: has}
	}
	line := func(quantity string) string {
		return `{"lineItems":[{"performanceId":"perf-1","ticketTypeId":"type-adult","quantity":` + quantity + `}]}`
	}
	typed := func(name, contentType string, status int) row {
		r := post(name, sale, status, "invalid_request")
		r.header = map[string]string{"Idempotency-Key": "key-of-this-sale", "Content-Type": contentType}
		return r
	}
	get := func(query string) row {
		return row{name: "orders" + query, path: "/api/orders" + query, status: 422, code: "invalid_request"}
	}
	return []row{
		post("no body", "", 400, "invalid_request"),
		post("no JSON", "tickets please", 400, "invalid_request"),
		post("half of it", sale[:40], 400, "invalid_request"),
		post("two of it", sale+sale, 400, "invalid_request"),
		post("null", "null", 422, "invalid_request"),
		post("a list", "["+sale+"]", 422, "invalid_request"),
		post("a word", `"tickets"`, 422, "invalid_request"),
		post("nothing in it", "{}", 422, "invalid_request", "lineItems"),
		post("an unknown field", `{"lineItems":[],"discount":100}`, 422, "invalid_request", "discount"),
		post("an unknown field in a line", `{"lineItems":[{"performanceId":"perf-1","ticketTypeId":"type-adult","quantity":1,"price":1}]}`, 422, "invalid_request", "price"),
		post("a field is missing", `{"lineItems":[{"performanceId":"perf-1","quantity":1}]}`, 422, "invalid_request", "ticketTypeId"),
		post("a quantity in words", line(`"two"`), 422, "invalid_request"),
		post("a quantity in quotes", line(`"2"`), 422, "invalid_request"),
		post("half a ticket", line(`0.5`), 422, "invalid_request"),
		post("no quantity", line(`null`), 422, "invalid_request"),
		post("a quantity beyond all numbers", line(`99999999999999999999`), 422, "invalid_request"),
		post("lines that are no list", `{"lineItems":"two adults"}`, 422, "invalid_request"),
		post("an e-mail that is no text", `{"lineItems":[],"buyerEmail":7}`, 422, "invalid_request"),
		post("deeply nested", strings.Repeat("[", 100_000), 400, "invalid_request"),
		post("2 MB", `{"lineItems":[`+strings.Repeat(`{"performanceId":"perf-1"},`, 80_000)+`{}]}`, 413, "invalid_request"),
		typed("plain text", "text/plain", 415),
		typed("a form", "application/x-www-form-urlencoded", 415),
		typed("XML", "application/xml", 415),
		get("?limit=0"), get("?limit=201"), get("?limit=-1"), get("?limit=many"), get("?status=lost"), get("?after=x"), get("?after=-1"),
		get("?after=" + strings.Repeat("1", 21)), get("?q=" + strings.Repeat("a", 101)),

		post("nothing to sell", `{"lineItems":[]}`, 422, "empty_order"),
		post("no lines", `{"lineItems":null}`, 422, "invalid_request"),
		post("no tickets", line("0"), 422, "bad_quantity", `"params":{"most":"100"}`),
		post("less than none", line("-1"), 422, "bad_quantity"),
		post("a huge number", line("1000000"), 422, "bad_quantity", "1000000 is not a number of tickets"),
		post("unknown performance", `{"lineItems":[{"performanceId":"perf-x","ticketTypeId":"type-adult","quantity":1}]}`, 422, "unknown_performance"),
		post("unknown ticket type", `{"lineItems":[{"performanceId":"perf-1","ticketTypeId":"type-x","quantity":1}]}`, 422, "unknown_ticket_type"),
		post("two currencies", `{"lineItems":[{"performanceId":"perf-1","ticketTypeId":"type-adult","quantity":1},{"performanceId":"perf-1","ticketTypeId":"type-yen","quantity":1}]}`, 422, "mixed_currency"),
		post("an e-mail that is none", `{"lineItems":[{"performanceId":"perf-1","ticketTypeId":"type-adult","quantity":1}],"buyerEmail":"anna"}`, 422, "bad_email"),
		post("more than there are", line("7"), 409, "sold_out", `"params":{"available":"6","name":"Adult"}`, "Only 6 of Adult are left. Nothing was sold."),
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	for _, r := range routes() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			r.check(newScene(t))
		})
	}
}

// What is not understood is a problem that says which part is wrong, and
// nothing is written.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.house()
	before := s.entries()
	for _, r := range badRequests() {
		r.checkIn(s, h)
	}
	if after := s.entries(); after != before {
		t.Errorf("%d entries were written", after-before)
	}
}

func (r row) check(s *scene) {
	s.Helper()
	r.checkIn(s, s.house())
}

func (r row) checkIn(s *scene, h house) {
	s.Helper()
	a := s.ask(r.request(s, h))
	if a.status != r.status {
		s.Fatalf("%s: %d, want %d: %s", r.name, a.status, r.status, a.body)
	}
	if got := a.header.Get("X-Content-Type-Options"); got != "nosniff" {
		s.Errorf("%s: a browser may take it for something else (%q)", r.name, got)
	}
	want := r.is
	switch {
	case r.code != "":
		if p := a.problem(s); string(p.Code) != r.code {
			s.Errorf("%s: the problem is %s, want %s: %s", r.name, p.Code, r.code, p.Detail)
		}
		want = problemType
	case want == "":
		want = isJSON
	}
	if got := a.header.Get("Content-Type"); got != want {
		s.Errorf("%s: it comes as %q, want %q", r.name, got, want)
	}
	for _, part := range r.has {
		if part = h.fill(part); !strings.Contains(a.body, part) {
			s.Errorf("%s: there is no %s in %s", r.name, part, a.body)
		}
	}
	for _, part := range r.hasNot {
		if part = h.fill(part); strings.Contains(a.body, part) {
			s.Errorf("%s: there is %s in %s", r.name, part, a.body)
		}
	}
}

func (r row) request(s *scene, h house) *http.Request {
	method := r.method
	if method == "" {
		method = http.MethodGet
	}
	req := httptest.NewRequestWithContext(s.Context(), method, h.fill(r.path), strings.NewReader(h.fill(r.body)))
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	return req
}

// HEAD tells of every page and every answer what GET tells, and ends.
func TestHead(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.house()
	for _, r := range append(routes(), row{path: "/api/stream", is: isStream, status: 200}) {
		if r.method != "" {
			continue
		}
		r.method = http.MethodHead
		if a := s.ask(r.request(s, h)); a.status != r.status {
			t.Errorf("HEAD %s: %d, want %d", r.path, a.status, r.status)
		}
	}
}

// What Stripe does to a sale is told with the code that belongs to it.
func TestSaleThatStripeRefuses(t *testing.T) {
	t.Parallel()
	for code, status := range map[boxoffice.Code]int{
		boxoffice.CodeStripeRefused: 502, boxoffice.CodeStripeKey: 502, boxoffice.CodeStripePermission: 502, boxoffice.CodeStripeBusy: 503, boxoffice.CodeStripeUnreachable: 503,
	} {
		s := newScene(t)
		s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact {
			facts := testkit.Refuses(i)
			f := facts[0].(boxoffice.RefusedFact)
			f.Problem.Code = code
			return []boxoffice.Fact{f}
		})
		row{
			name: string(code), method: "POST", path: "/api/orders", header: keyed("key-of-this-sale"), body: sale,
			status: status, code: string(code), has: []string{"Stripe refused: No such thing.", "Ask the organizer."},
		}.checkIn(s, s.emptyHouse())
	}
}

// emptyHouse fills in nothing.
func (s *scene) emptyHouse() house {
	return house{paid: boxoffice.Order{Tickets: []boxoffice.Ticket{{}}}}
}
