package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
)

// page asks for orders, and returns their codes and what to ask for next.
func (s *scene) page(query string) (codes []string, next string) {
	s.Helper()
	var body struct {
		Orders []Order `json:"orders"`
		Next   string  `json:"next"`
	}
	if err := json.Unmarshal([]byte(s.get("/api/orders?"+query, http.StatusOK)), &body); err != nil {
		s.Fatal(err)
	}
	codes = []string{}
	for _, o := range body.Orders {
		codes = append(codes, o.Code)
	}
	return codes, body.Next
}

// Seven orders, read three at a time: newest first, each once, and the last
// page says that it is the last.
func TestPages(t *testing.T) {
	t.Parallel()
	for filter, step := range map[string]int{"": 1, "status=paid&": 2, "q=anna&": 1} {
		s := newScene(t)
		var want []string
		for i := range 7 {
			o := s.sell(fmt.Sprintf("key-of-sale-%d", i), testkit.Obliges, "anna@example.org", 1)
			if i%step == 0 {
				want = append([]string{o.Code}, want...)
			}
			if i%2 == 0 {
				testkit.Append(t, s.book, testkit.Pay(o))
			}
		}
		var got []string
		after, pages := "", 0
		for {
			codes, next := s.page(filter + "limit=3&after=" + after)
			if pages++; len(codes) > 3 || len(codes) == 0 || pages > 3 {
				t.Fatalf("%s: page %d has %d orders", filter, pages, len(codes))
			}
			got = append(got, codes...)
			if after = next; next == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: orders (-want +got):\n%s", filter, diff)
		}
		// A page that holds all exactly is the last.
		if codes, next := s.page(filter + fmt.Sprintf("limit=%d", len(want))); len(codes) != len(want) || next != "" {
			t.Errorf("%s: all at once are %d, and next is %q", filter, len(codes), next)
		}
		if codes, next := s.page(filter + "after=99999999999999999999"); len(codes) != len(want) || next != "" {
			t.Errorf("%s: after a number beyond all there are %d, next %q", filter, len(codes), next)
		}
	}
}

// What people say at the window, and whom it finds.
func TestSearch(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	h := s.house()
	bert := s.sell("key-bert", testkit.Obliges, "Bert+tickets@Example.org", 1)
	all := []string{bert.Code, h.typed.Code, h.canceled.Code, h.refused.Code, h.starting.Code, h.paid.Code, h.open.Code}
	for _, c := range []struct {
		q, status string
		want      []string
	}{
		{"", "", all},
		{h.paid.Code, "", []string{h.paid.Code}},
		{strings.ToLower(h.paid.Code), "", []string{h.paid.Code}},
		{h.paid.Code[:4], "", []string{h.paid.Code}},
		{" " + h.paid.Code + " ", "", []string{h.paid.Code}},
		{"anna@example.org", "", []string{h.open.Code}},
		{"ANNA", "", []string{h.open.Code}},
		{"bert+tick", "", []string{bert.Code}},
		{"nna@", "", nil},
		{"4242", "", []string{h.paid.Code}},
		{"424", "", nil},
		{"42424", "", nil},
		{"%", "", nil},
		{"oa/", "", nil},
		{"\x00", "", nil},
		{"../", "", nil},
		{"ü", "", nil},
		{"", "paid", []string{h.paid.Code}},
		{"", "failed", []string{h.refused.Code}},
		{"", "canceled", []string{h.canceled.Code}},
		{"", "expired", nil},
		{"", "awaiting_payment", []string{bert.Code, h.typed.Code, h.starting.Code, h.open.Code}},
		{"4242", "paid", []string{h.paid.Code}},
		{"4242", "failed", nil},
		{"anna", "awaiting_payment", []string{h.open.Code}},
		{"anna", "paid", nil},
	} {
		codes, next := s.page(url.Values{"q": {c.q}, "status": {c.status}}.Encode())
		if c.want == nil {
			c.want = []string{}
		}
		if diff := cmp.Diff(c.want, codes); diff != "" || next != "" {
			t.Errorf("%q, %q: next %q, orders (-want +got):\n%s", c.q, c.status, next, diff)
		}
	}
}

// Fifty orders are a page when nobody says how many.
func TestPageOfFifty(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	var facts []boxoffice.Fact
	for i := range 51 {
		id := fmt.Sprintf("ord-%d", i)
		tender := boxoffice.Tender{ID: "tdr-" + id, State: boxoffice.TenderStarting}
		facts = append(facts, boxoffice.OrderPlacedFact{Order: boxoffice.Order{
			ID: id, Code: fmt.Sprintf("CODE%02d", i), Key: "key-" + id, Tenders: []boxoffice.Tender{tender}, Hold: boxoffice.Hold{State: boxoffice.Held},
		}, Intent: boxoffice.Intent{Key: "intent-" + id}})
	}
	testkit.Append(t, s.book, facts...)
	if codes, next := s.page(""); len(codes) != 50 || codes[0] != "CODE50" || next == "" {
		t.Errorf("%d orders from %s, next %q", len(codes), codes[0], next)
	}
	if codes, _ := s.page("limit=200"); len(codes) != 51 {
		t.Errorf("%d orders", len(codes))
	}
}

// How the line to Stripe is, in each of its states.
func TestStatusOfTheLine(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	at := testkit.NewClock().Now()
	for want, line := range map[string]Stripe{
		`"stripe":{"state":"unknown","reads":0}`:                                             {State: LineUnknown},
		`"stripe":{"state":"ok","lastSuccessAt":"2026-03-05T12:00:00Z","reads":3}`:           {State: LineOK, LastSuccessAt: &at, Reads: 3},
		`"problem":{"code":"stripe_key","detail":"No key.","next":"Ask."},"reads":0`:         {State: LineDown, Problem: &Trouble{Code: "stripe_key", Detail: "No key.", Next: "Ask."}},
		`"state":"down","lastSuccessAt":"2026-03-05T12:00:00Z","problem":{"code":"internal"`: {State: LineDown, LastSuccessAt: &at, Problem: &Trouble{Code: "internal"}},
	} {
		s.setLine(line)
		if got := s.get("/api/status", http.StatusOK); !strings.Contains(got, want) {
			t.Errorf("there is no %s in %s", want, got)
		}
	}
}
