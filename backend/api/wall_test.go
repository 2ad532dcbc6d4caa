package api

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
)

const poster = `{"performanceId":"perf-1","ticketTypeId":"type-balcony","allotment":1}`

// wallRoutes are the routes of posters, of cards that are typed, and of events.
func wallRoutes() []row {
	return []row{
		{name: "posters", path: "/api/posters", status: 200, has: []string{
			`"id":"{wall.id}","code":"{wall.code}","state":"open"`, `"allotment":1,"arrived":0`, `"url":"http://127.0.0.1:4381/b/plink_{wall.id}"`, `"id":"{closed.id}","code":"{closed.code}","state":"closed"`, `"price":{"minor":3200,"currency":"eur"}`,
		}, hasNot: []string{`plink_{closed.id}`}},
		{name: "a poster", method: "POST", path: "/api/posters", header: keyed("key-of-this-poster"), body: poster, status: 201, has: []string{`"state":"open"`, `"url":"http`}},
		{name: "the same poster", method: "POST", path: "/api/posters", header: keyed("key-wall"), body: poster, status: 201, has: []string{`"id":"{wall.id}"`}},
		{name: "a poster without a key", method: "POST", path: "/api/posters", body: poster, status: 400, code: "idempotency_key_missing"},
		{name: "a poster of all and more", method: "POST", path: "/api/posters", header: keyed("key-of-this-poster"), body: strings.Replace(poster, `"allotment":1`, `"allotment":3`, 1), status: 409, code: "sold_out", has: []string{`"name":"Balcony"`}},
		{name: "a poster of nothing", method: "POST", path: "/api/posters", header: keyed("key-of-this-poster"), body: strings.Replace(poster, `"allotment":1`, `"allotment":0`, 1), status: 422, code: "bad_poster"},
		{name: "a poster of what Stripe has not", method: "POST", path: "/api/posters", header: keyed("key-of-this-poster"), body: strings.Replace(poster, "balcony", "adult", 1), status: 409, code: "not_at_stripe"},
		{name: "a poster for no performance", method: "POST", path: "/api/posters", header: keyed("key-of-this-poster"), body: strings.Replace(poster, "perf-1", "perf-x", 1), status: 422, code: "unknown_performance"},

		{name: "poster as PDF", path: "/api/posters/{wall.id}/poster.pdf", status: 200, is: "application/pdf", has: []string{"%PDF-"}},
		{name: "poster as PDF, A6", path: "/api/posters/{wall.id}/poster.pdf?size=A6", status: 200, is: "application/pdf", has: []string{"%PDF-"}},
		{name: "poster as SVG, a6", path: "/api/posters/{wall.id}/poster.svg?size=a6", status: 200, is: isSVG, has: []string{"<svg", `width="105mm" height="148mm"`}},
		{name: "poster as SVG", path: "/api/posters/{wall.id}/poster.svg", status: 200, is: isSVG, has: []string{`width="210mm" height="297mm"`}},
		{name: "its code as SVG", path: "/api/posters/{wall.id}/code.svg", status: 200, is: isSVG, has: []string{"<svg"}},
		{name: "its code as PNG", path: "/api/posters/{wall.id}/code.png", status: 200, is: "image/png", has: []string{"PNG"}},
		{name: "poster as nothing known", path: "/api/posters/{wall.id}/poster.exe", status: 404, code: "not_found"},
		{name: "poster of a strange size", path: "/api/posters/{wall.id}/poster.pdf?size=bad", status: 400, code: "invalid_request", has: []string{"A poster is A4 or A6."}},
		{name: "poster of a strange size, as SVG", path: "/api/posters/{wall.id}/poster.svg?size=A5", status: 400, code: "invalid_request"},
		{name: "a closed poster", path: "/api/posters/{closed.id}/poster.pdf", status: 404, code: "no_code", has: []string{"Poster {closed.code} sells nothing at the moment"}},
		{name: "a closed poster's code", path: "/api/posters/{closed.id}/code.png", status: 404, code: "no_code"},
		{name: "no poster", path: "/api/posters/pst-x/poster.pdf", status: 404, code: "unknown_poster"},

		{name: "check no poster", method: "POST", path: "/api/posters/pst-x/check", status: 404, code: "unknown_poster"},
		{name: "check a poster", method: "POST", path: "/api/posters/{wall.id}/check", status: 200, has: []string{`"id":"{wall.id}"`}},
		{name: "show a poster's file", method: "POST", path: "/api/posters/{wall.id}/show?file=poster.pdf&size=A6", status: 200, has: []string{`"url":"http://127.0.0.1:4380/api/posters/{wall.id}/poster.pdf?size=A6"`, `"opened":false`}},
		{name: "show what is no file of a poster", method: "POST", path: "/api/posters/{wall.id}/show?file=..", status: 422, code: "invalid_request"},
		{name: "show a closed poster's file", method: "POST", path: "/api/posters/{closed.id}/show?file=code.png", status: 404, code: "no_code"},
		{name: "close no poster", method: "POST", path: "/api/posters/pst-x/close", status: 404, code: "unknown_poster"},
		{name: "close a closed poster", method: "POST", path: "/api/posters/{closed.id}/close", status: 200, has: []string{`"state":"closed"`}},
		{name: "close a poster", method: "POST", path: "/api/posters/{wall.id}/close", status: 200, has: []string{`"state":"closed"`}, hasNot: []string{`"url"`}},
		{name: "orders by a poster", path: "/api/orders?poster={wall.id}", status: 200, has: []string{`"orders":[]`}},

		{name: "payment", path: "/api/orders/{typed.id}/payment", status: 200, has: []string{`"orderCode":"{typed.code}"`, `"state":"open"`, `"clientSecret":"pi_1_secret_2"`, `"amount":{"minor":3000,"currency":"jpy"}`}},
		{name: "payment of a code", path: "/api/orders/{open.id}/payment", status: 404, code: "no_code", hasNot: []string{"secret_2"}},
		{name: "payment of what is paid", path: "/api/orders/{paid.id}/payment", status: 404, code: "no_code"},
		{name: "payment of no order", path: "/api/orders/ZZZZZZ/payment", status: 404, code: "unknown_order"},
		{name: "page", method: "POST", path: "/api/orders/{typed.code}/page", status: 200, has: []string{`"url":"https://127.0.0.1:4382/pay.html#{typed.id}","opened":false`}},
		{name: "page of a code", method: "POST", path: "/api/orders/{open.id}/page", status: 404, code: "no_code"},
		{name: "a typed card has no code", path: "/api/orders/{typed.id}/code.svg", status: 404, code: "no_code"},
		{name: "typed order", path: "/api/orders/{typed.id}", status: 200, has: []string{`"kind":"card"`, `"state":"open"`}, hasNot: []string{"secret"}},
		{name: "a sale by card", method: "POST", path: "/api/orders", header: keyed("key-of-this-sale"), body: strings.Replace(sale, "}]}", `}],"tender":"card"}`, 1), status: 201, has: []string{`"kind":"card"`}},
		{name: "a sale by cheque", method: "POST", path: "/api/orders", header: keyed("key-of-this-sale"), body: strings.Replace(sale, "}]}", `}],"tender":"cheque"}`, 1), status: 422, code: "invalid_request"},

		{name: "events", path: "/api/events", status: 200, has: []string{`"id":"evt-1"`, `"onSale":true`, `"taken":4`, `"mirror":{"state":"none"}`, `"mirror":{"state":"pending","productId":"prod_type-balcony","priceId":"price_type-balcony"}`}},
		{name: "what can be imported", path: "/api/import", status: 200, has: []string{`{"products":[]}`}},
		{name: "mirror again", method: "POST", path: "/api/events/evt-1/mirror", status: 200, has: []string{`"id":"evt-1"`}},
		{name: "mirror no event", method: "POST", path: "/api/events/evt-x/mirror", status: 404, code: "unknown_event"},
		{name: "edit no event", method: "PUT", path: "/api/events/evt-x", header: asked(true, ""), body: newEvent, status: 404, code: "unknown_event"},
		{name: "a new event", method: "POST", path: "/api/events", header: asked(true, ""), body: newEvent, status: 201, has: []string{`"name":"Lear"`, `"id":"evt-`, `"mirror":{"state":"none"}`}},
		{name: "a new event with faults", method: "POST", path: "/api/events", header: asked(true, ""), body: strings.Replace(newEvent, `"name":"Lear"`, `"name":""`, 1), status: 422, code: "bad_catalogue", has: []string{`"location":"body.name"`}},
	}
}

const newEvent = `{"name":"Lear","place":"Playhouse","timeZone":"Europe/Vienna",` +
	`"performances":[{"id":"new-1","doorsAt":"2026-04-01T17:30:00Z","startsAt":"2026-04-01T18:00:00Z"}],` +
	`"ticketTypes":[{"id":"new-2","name":"Seat","price":{"minor":1500,"currency":"eur"},"onSale":true}],` +
	`"quotas":[{"id":"new-3","performanceId":"new-1","ticketTypeIds":["new-2"],"size":40}]}`

// A poster's files are what they say, are kept by nobody, and are saved under
// a name where that is asked for.
func TestPosterFiles(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.house()
	for file, begins := range map[string]string{"poster.pdf": "%PDF-", "poster.svg": "<", "code.svg": "<svg", "code.png": "\x89PNG"} {
		for query, name := range map[string]string{"": "", "?download": `attachment; filename="willcall-poster-` + h.wall.Code + path.Ext(file) + `"`} {
			a := s.ask(row{path: "/api/posters/{wall.id}/" + file + query}.request(s, h))
			if a.status != 200 || !strings.HasPrefix(a.body, begins) || a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Disposition") != name {
				t.Errorf("%s%s: %d, %v, %.20q", file, query, a.status, a.header, a.body)
			}
		}
	}
	if got := scan(t, s.get(h.fill("/api/posters/{wall.id}/code.svg"), 200)); got != h.wall.URL {
		t.Errorf("the code says %q", got)
	}
	picture, err := png.Decode(bytes.NewReader([]byte(s.get(h.fill("/api/posters/{wall.id}/code.png"), 200))))
	if err != nil || picture.Bounds().Dx() != 1024 || picture.Bounds().Dy() != 1024 {
		t.Errorf("the PNG is %v, %v", picture.Bounds(), err)
	}
	if page := s.get(h.fill("/api/posters/{wall.id}/poster.svg"), 200); !strings.Contains(page, "<svg") || len(page) < 5000 {
		t.Errorf("the page is %d bytes", len(page))
	}
}

// The stamp of training is on the poster in training, and only there.
func TestPosterIsStampedInTraining(t *testing.T) {
	s := newScene(t)
	h := s.house()
	training := s.get(h.fill("/api/posters/{wall.id}/poster.svg"), 200)
	s.opt.Mode = boxoffice.Live
	if live := s.get(h.fill("/api/posters/{wall.id}/poster.svg"), 200); live == training || len(live) >= len(training) {
		t.Errorf("in training the poster has %d bytes, in earnest %d", len(training), len(live))
	}
}

// The secret of a payment is kept by nobody on the way.
func TestPaymentIsNotKept(t *testing.T) {
	s := newScene(t)
	h := s.house()
	a := s.ask(row{path: "/api/orders/{typed.id}/payment"}.request(s, h))
	if a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control is %q", a.header.Get("Cache-Control"))
	}
	if strings.Contains(s.log.String(), "secret_2") {
		t.Errorf("the log has it: %s", s.log)
	}
	s.office.fails["payment "+h.typed.ID] = &boxoffice.Error{Code: boxoffice.CodeNotConnected, Message: "No key. Nobody was charged.", Next: "Enter it."}
	row{name: "refused", path: "/api/orders/{typed.id}/payment", status: 409, code: "not_connected", hasNot: []string{"secret_2"}}.checkIn(s, h)
}

// events reads the events as the editor does.
func (s *scene) events() (events []json.RawMessage) {
	s.Helper()
	var body struct{ Events []json.RawMessage }
	if err := json.Unmarshal([]byte(s.get("/api/events", 200)), &body); err != nil {
		s.Fatal(err)
	}
	return body.Events
}

// What the editor was given and gives back unchanged stays as it is; it is an
// edit all the same, and has the next revision.
func TestAnEventComesBackAsItIs(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.house()
	full := strings.NewReplacer(
		`"onSale":true`, `"onSale":false,"description":"In the stalls","taxRate":{"name":"VAT","percent":100000},"saleFrom":"2026-03-01T10:00:00+01:00","saleUntil":"2026-04-01T18:00:00Z","least":2,"most":6`,
		`"timeZone"`, `"picture":"https://example.org/lear.jpg","timeZone"`,
	).Replace(newEvent)
	row{name: "a full event", method: "POST", path: "/api/events", header: asked(true, ""), body: full, status: 201, has: []string{
		`"picture":"https://example.org/lear.jpg"`, `"onSale":false`, `"saleFrom":"2026-03-01T09:00:00Z"`, `"least":2`, `"most":6`, `"percent":100000`, `"description":"In the stalls"`,
	}}.checkIn(s, h)
	before, events := s.get("/api/catalogue", 200), s.events()
	if len(events) != 2 {
		t.Fatalf("there are %d events", len(events))
	}
	revision := regexp.MustCompile(`"revision":\d+,`)
	for _, e := range events {
		var id struct{ ID string }
		if err := json.Unmarshal(e, &id); err != nil {
			t.Fatal(err)
		}
		a := s.ask(row{method: "PUT", path: "/api/events/" + id.ID, header: asked(true, ""), body: string(e)}.request(s, h))
		if a.status != 200 || revision.ReplaceAllString(strings.TrimSpace(a.body), "") != revision.ReplaceAllString(string(e), "") {
			t.Errorf("%d: it was\n%s\nand is\n%s", a.status, e, a.body)
		}
	}
	if after := s.get("/api/catalogue", 200); after != before {
		t.Errorf("on sale was\n%s\nand is\n%s", before, after)
	}
}

// An edit of what somebody else has edited since is refused; the id in the
// path is the one that counts.
func TestEditsDoNotUndoEachOther(t *testing.T) {
	s := newScene(t)
	h := s.house()
	was := string(s.events()[0])
	renamed := strings.Replace(was, `"name":"Hamlet"`, `"name":"Hamlet, Prince of Denmark"`, 1)
	edit := func(body string, status int, code string, has ...string) {
		s.Helper()
		row{name: body[:40], method: "PUT", path: "/api/events/evt-1", header: asked(true, ""), body: body, status: status, code: code, has: has}.checkIn(s, h)
	}
	edit(strings.Replace(renamed, `"id":"evt-1"`, `"id":"evt-other"`, 1), 200, "", `"id":"evt-1"`, `Prince of Denmark`, `"revision":1`)
	edit(was, 409, "stale_edit")
	edit(strings.Replace(string(s.events()[0]), `"size":10`, `"size":3`, 1), 409, "in_use")
}

// MirrorStates: what the editor says of how far Stripe has a ticket type.
func TestMirrorStates(t *testing.T) {
	kind := boxoffice.TicketType{ID: "type-1", Name: "Seat"}
	kind.Price.Minor, kind.Price.Currency = 1500, "eur"
	e := boxoffice.Event{Name: "Lear", TicketTypes: []boxoffice.TicketType{kind}}
	walk := boxoffice.Mirror{TicketTypeID: kind.ID}
	var states []MirrorState
	for {
		states = append(states, typeEdit(e, kind, walk).Mirror.State)
		step, more := walk.Next("", e, kind)
		if !more {
			break
		}
		walk = walk.Apply(step, "made")
	}
	if len(states) != 4 || states[0] != MirrorNone || states[1] != MirrorPending || states[2] != MirrorPending || states[3] != MirrorDone {
		t.Errorf("from nothing to done it is %v", states)
	}
	step, _ := boxoffice.Mirror{TicketTypeID: kind.ID}.Next("", e, kind)
	refused := boxoffice.Mirror{TicketTypeID: kind.ID, Refused: &step, Problem: &boxoffice.Problem{Code: boxoffice.CodeStripeRefused, Detail: "No.", Next: "Change it."}}
	if m := typeEdit(e, kind, refused).Mirror; m.State != MirrorRefused || m.Problem == nil || m.Problem.Detail != "No." {
		t.Errorf("refused, it is %+v", m)
	}
	e.Name = "King Lear"
	if m := typeEdit(e, kind, refused).Mirror; m.State == MirrorRefused || m.Problem != nil {
		t.Errorf("changed since it was refused, it is %+v", m)
	}
}

// The till's view of what is on sale: what cannot be sold now is told as that,
// and what is off sale or archived is not shown.
func TestCatalogueShowsWhatCanBeSold(t *testing.T) {
	now := testkit.NewClock().Now()
	price := boxoffice.TicketType{Name: "Seat"}
	price.Price.Minor, price.Price.Currency = 1500, "eur"
	for name, c := range map[string]struct {
		change func(*boxoffice.TicketType)
		has    string // "" is not shown
	}{
		"plain":         {func(*boxoffice.TicketType) {}, `"least":1,"most":100,"onSale":true,"available":7,"quota":7}`},
		"off sale":      {func(k *boxoffice.TicketType) { k.OffSale = true }, ""},
		"not yet":       {func(k *boxoffice.TicketType) { k.SaleFrom = now.Add(1) }, `"onSale":false,"saleFrom":"2026-03-05T12:00:00.000000001Z"`},
		"from now":      {func(k *boxoffice.TicketType) { k.SaleFrom = now }, `"onSale":true,"available":7`},
		"until now":     {func(k *boxoffice.TicketType) { k.SaleUntil = now }, `"onSale":false,"available":7`},
		"donation":      {func(k *boxoffice.TicketType) { k.Donation = true }, `"donation":true,"least":1,"most":100,"onSale":true,"available":100,"quota":100`},
		"as they like":  {func(k *boxoffice.TicketType) { k.Bounds = &boxoffice.Bounds{Least: 500, Most: 9900} }, `"bounds":{"least":500,"most":9900}`},
		"three to four": {func(k *boxoffice.TicketType) { k.Least, k.Most = 3, 4 }, `"least":3,"most":4`},
	} {
		kind := price
		kind.ID = "type-" + name
		c.change(&kind)
		for _, archived := range []bool{false, true} {
			s := newScene(t)
			testkit.Append(t, s.book,
				boxoffice.EventAddedFact{Event: boxoffice.Event{ID: "evt-2", Name: "Lear", TimeZone: "UTC", Archived: archived, Performances: []boxoffice.Performance{{ID: "perf-2", StartsAt: now}}, TicketTypes: []boxoffice.TicketType{kind}}},
				boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: "quota-2", PerformanceID: "perf-2", TicketTypeIDs: []string{kind.ID}, Size: 7}})
			body := s.get("/api/catalogue", http.StatusOK)
			if shown := strings.Contains(body, kind.ID); shown != (c.has != "" && !archived) || shown && !strings.Contains(body, c.has) {
				t.Errorf("%s, archived %v: %s", name, archived, body)
			}
		}
	}
}

// What the page for cards may load: Stripe.js in earnest; in training there is
// no Stripe, and nothing of the network's.
func TestThePageForCardsLoadsStripeAlone(t *testing.T) {
	for _, training := range []bool{true, false} {
		s := newScene(t)
		if training {
			s.phone()
		}
		for name, want := range map[string]bool{"pay.html": !training, "index.html": false, "": false} {
			w := httptest.NewRecorder()
			s.opt.Screens = fstest.MapFS{"index.html": {}, "pay.html": {}}
			New(s.opt).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/"+name, nil))
			csp := w.Header().Get("Content-Security-Policy")
			script, _, _ := strings.Cut(csp[max(0, strings.Index(csp, "script-src")):], ";")
			if got := strings.Contains(csp, "https://js.stripe.com"); got != want || strings.Contains(script, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
				t.Errorf("training %v, /%s: %q", training, name, csp)
			}
			if want && (!strings.Contains(csp, "connect-src 'self' https://api.stripe.com") || !strings.Contains(csp, "frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com")) {
				t.Errorf("Stripe.js would not run under %q", csp)
			}
		}
	}
}
