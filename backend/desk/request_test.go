package desk

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/money"
)

// request is what Stripe is asked for in the sale.
func (s *scene) request(sale Sale) (o boxoffice.Order, r boxoffice.SessionRequest) {
	s.Helper()
	s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact {
		r = *i.Create
		return testkit.Obliges(i)
	})
	return s.sell(sale), r
}

// What is asked for, to the last parameter.
func TestTheRequest(t *testing.T) {
	s := newScene(t)
	sale := adults(key, 2)
	sale.BuyerEmail = "anna@example.org"
	sale.LineItems = append(sale.LineItems, line(testkit.Performance, testkit.Child, 1))
	o, got := s.request(sale)
	want := boxoffice.SessionRequest{
		Reference: o.ID,
		LineItems: []boxoffice.SessionLine{
			// 18:30 UTC is 19:30 in Vienna's winter.
			{Name: "Hamlet · Adult", Description: "Playhouse, Thu 5 Mar 2026, 19:30", UnitPrice: money.New(2400, "eur"), Quantity: 2},
			{Name: "Hamlet · Child", Description: "Playhouse, Thu 5 Mar 2026, 19:30", UnitPrice: money.New(900, "eur"), Quantity: 1},
		},
		BuyerEmail: "anna@example.org",
		Metadata: map[string]string{
			"willcall_order": o.ID, "willcall_code": o.Code, "willcall_tender": o.Tenders[0].ID, "willcall_book": "book-1",
		},
		ExpiresAt:  stripesTime().Add(31 * time.Minute),
		SuccessURL: "http://127.0.0.1:4381/c/done?paid=" + o.Code,
		CancelURL:  "http://127.0.0.1:4381/c/done?left=" + o.Code,

		Description: "Willcall " + o.Code + " · 2 × Hamlet · Adult · 1 × Hamlet · Child",
		Descriptor:  "WC " + o.Code,
		Methods:     []string{"card"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

// Where and when, in the event's own time, and in UTC where the zone has no
// name that is known.
func TestDescribe(t *testing.T) {
	at := time.Date(2026, time.July, 31, 22, 15, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"Europe/Vienna":    "Playhouse, Sat 1 Aug 2026, 00:15",
		"America/New_York": "Playhouse, Fri 31 Jul 2026, 18:15",
		"Asia/Kathmandu":   "Playhouse, Sat 1 Aug 2026, 04:00",
		"Mars/Olympus":     "Playhouse, Fri 31 Jul 2026, 22:15",
		"":                 "Playhouse, Fri 31 Jul 2026, 22:15",
	} {
		if got := (boxoffice.LineItem{Place: "Playhouse", StartsAt: at, TimeZone: zone}).Where(); got != want {
			t.Errorf("in %q: %q, want %q", zone, got, want)
		}
	}
}

// However long the names of an event, its place and its tickets are, what
// Stripe is asked for keeps to its limits, and still says what is bought.
func TestLongNamesKeepStripesLimits(t *testing.T) {
	long := func(word string) string { return strings.Repeat(word, 200/utf8.RuneCountInString(word)) }
	for name, word := range map[string]string{"plain": "Hamlet ", "of two bytes": "ä", "of four bytes": "🎭", "of one letter": "W"} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			testkit.Append(t, s.book, boxoffice.EventAddedFact{Event: boxoffice.Event{
				ID: "evt-long", Name: long(word), Place: long(word), TimeZone: "Europe/Vienna",
				Performances: []boxoffice.Performance{{ID: "perf-long", StartsAt: testkit.NewClock().Now()}},
				TicketTypes:  []boxoffice.TicketType{{ID: "type-long", Name: "Standing " + long(word)[:180], Price: money.New(1000, "eur")}},
			}}, boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: "quota-long", PerformanceID: "perf-long", TicketTypeIDs: []string{"type-long"}, Size: 100}})
			_, r := s.request(Sale{Key: strings.Repeat("k", 64), LineItems: []SaleLine{line("perf-long", "type-long", 100)}})
			for what, c := range map[string]struct {
				text string
				most int
			}{
				"name":        {r.LineItems[0].Name, 250},
				"description": {r.LineItems[0].Description, 500},
				"reference":   {r.Reference, 200},
				"success URL": {r.SuccessURL, 5000},
				"cancel URL":  {r.CancelURL, 5000},
			} {
				if n := utf8.RuneCountInString(c.text); n == 0 || n > c.most || !utf8.ValidString(c.text) {
					t.Errorf("the %s has %d characters, and may have %d: %q", what, n, c.most, c.text)
				}
			}
			if n := r.LineItems[0]; !strings.HasPrefix(n.Name, word) || !strings.Contains(n.Name, " · Standing ") || !strings.HasPrefix(n.Description, long(word)+", ") || !strings.HasSuffix(n.Description, "13:00") {
				t.Errorf("the line no longer says what is bought: %q, %q", n.Name, n.Description)
			}
			for k, v := range r.Metadata {
				if len(k) > 40 || strings.ContainsAny(k, "[]") || v == "" || len(v) > 500 {
					t.Errorf("metadata %q: %q", k, v)
				}
			}
			if life := r.ExpiresAt.Sub(stripesTime()); life < 30*time.Minute || life > 24*time.Hour {
				t.Errorf("the code lives for %s", life)
			}
		})
	}
}
