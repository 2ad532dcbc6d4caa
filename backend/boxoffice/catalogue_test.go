package boxoffice

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"willcall/backend/money"
)

// evening has a house of ten, of which four are gone, a circle of five within
// it, and a balcony that is sold out.
func evening() Catalogue {
	return Catalogue{
		Events: []Event{
			{
				ID: "evt-1", Performances: []Performance{{ID: "fri"}, {ID: "sat"}},
				TicketTypes: []TicketType{{ID: "adult", Price: money.New(2400, "eur")}, {ID: "circle"}, {ID: "balcony"}},
			},
			{ID: "evt-2", Performances: []Performance{{ID: "sun"}}, TicketTypes: []TicketType{{ID: "matinee"}}},
		},
		Quotas: []Quota{
			{ID: "house", PerformanceID: "fri", TicketTypeIDs: []string{"adult", "circle"}, Size: 10, Held: 1, Sold: 3},
			{ID: "circle", PerformanceID: "fri", TicketTypeIDs: []string{"circle"}, Size: 5, Sold: 1},
			{ID: "balcony", PerformanceID: "fri", TicketTypeIDs: []string{"balcony"}, Size: 2, Held: 1, Sold: 1},
			{ID: "house-sat", PerformanceID: "sat", TicketTypeIDs: []string{"adult"}, Size: 10},
		},
	}
}

func TestAvailable(t *testing.T) {
	backwards := evening()
	slices.Reverse(backwards.Quotas)
	tests := []struct {
		name, performance, kind string
		left, size              int
	}{
		{"one quota", "fri", "adult", 6, 10},
		{"the scarcer of two", "fri", "circle", 4, 5},
		{"sold out", "fri", "balcony", 0, 2},
		{"another evening", "sat", "adult", 10, 10},
		{"no quota over it", "sat", "circle", 0, 0},
		{"no such performance", "mon", "adult", 0, 0},
	}
	for _, test := range tests {
		for order, c := range map[string]Catalogue{"in order": evening(), "backwards": backwards} {
			if left, size := c.Available(test.performance, test.kind); left != test.left || size != test.size {
				t.Errorf("%s (%s): %d of %d left, want %d of %d", test.name, order, left, size, test.left, test.size)
			}
		}
	}
}

func TestHasRoom(t *testing.T) {
	tests := map[string]struct {
		claims []Claim
		want   bool
	}{
		"nothing":                  {nil, true},
		"what is left":             {[]Claim{{"house", 6}}, true},
		"one more":                 {[]Claim{{"house", 7}}, false},
		"one of two is too many":   {[]Claim{{"house", 1}, {"circle", 5}}, false},
		"both fit":                 {[]Claim{{"house", 4}, {"circle", 4}}, true},
		"sold out":                 {[]Claim{{"balcony", 1}}, false},
		"twice, together too many": {[]Claim{{"house", 4}, {"house", 3}}, false},
		"a quota that there's not": {[]Claim{{"attic", 1}}, false},
	}
	for name, test := range tests {
		if got := evening().HasRoom(test.claims); got != test.want {
			t.Errorf("%s: room is %v", name, got)
		}
	}
}

func TestFind(t *testing.T) {
	for performance, event := range map[string]string{"fri": "evt-1", "sat": "evt-1", "sun": "evt-2"} {
		e, p, ok := evening().Find(performance)
		if !ok || e.ID != event || p.ID != performance {
			t.Errorf("%s is found as %s of %s, %v", performance, p.ID, e.ID, ok)
		}
	}
	if _, _, ok := evening().Find("mon"); ok {
		t.Error("a performance was found that there is not")
	}
	e := evening().Events[0]
	if kind, ok := e.TicketTypeByID("adult"); !ok || kind.Price.Minor != 2400 {
		t.Errorf("the adult ticket is %+v, %v", kind, ok)
	}
	if _, ok := e.TicketTypeByID("matinee"); ok {
		t.Error("a ticket type of another event was found")
	}
}

func TestSampleIsOnSaleAtOnce(t *testing.T) {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	for _, now := range []time.Time{
		time.Date(2026, time.March, 5, 12, 0, 0, 0, time.UTC),
		time.Date(2026, time.March, 5, 19, 29, 59, 0, vienna), // the last second before it begins
		time.Date(2026, time.March, 5, 19, 30, 0, 0, vienna),
		time.Date(2026, time.March, 28, 23, 30, 0, 0, time.UTC),   // the next day already in Vienna, on which clocks go forward
		time.Date(2026, time.October, 24, 9, 0, 0, 0, vienna),     // clocks go back between the two evenings
		time.Date(2026, time.December, 31, 20, 0, 0, 0, time.UTC), // over the end of the year
		time.Date(2028, time.February, 28, 12, 0, 0, 0, time.FixedZone("", -11*3600)),
	} {
		t.Run(now.Format(time.RFC3339), func(t *testing.T) {
			checkSample(t, now, vienna)
		})
	}
}

func checkSample(t *testing.T, now time.Time, vienna *time.Location) {
	t.Helper()
	var c Catalogue
	for _, f := range Sample(now, IDs{Source: rand.Reader, Now: time.Now}) {
		switch f := f.(type) {
		case EventAddedFact:
			c.Events = append(c.Events, f.Event)
		case QuotaAddedFact:
			c.Quotas = append(c.Quotas, f.Quota)
		default:
			t.Errorf("the sample has a fact of kind %s", f.Kind())
		}
	}
	if len(c.Events) != 1 || len(c.Events[0].Performances) != 2 || len(c.Events[0].TicketTypes) != 4 || len(c.Quotas) != 4 {
		t.Fatalf("the sample is %+v", c)
	}
	e := c.Events[0]
	ids := map[string]bool{e.ID: true}
	for i, p := range e.Performances {
		ids[p.ID] = true
		local, today := p.StartsAt.In(vienna), now.In(vienna)
		if today.Format("15:04") >= "19:30" {
			today = today.AddDate(0, 0, 1) // today's has begun
		}
		if got, want := local.Format("2006-01-02 15:04"), today.AddDate(0, 0, i).Format("2006-01-02")+" 19:30"; got != want {
			t.Errorf("evening %d starts at %s in Vienna, want %s", i+1, got, want)
		}
		if p.StartsAt.Location() != time.UTC || p.DoorsAt.Location() != time.UTC || p.StartsAt.Sub(p.DoorsAt) != 45*time.Minute {
			t.Errorf("doors at %v, start at %v: want UTC, 45 minutes apart", p.DoorsAt, p.StartsAt)
		}
		for n, kind := range e.TicketTypes {
			ids[kind.ID] = true
			want := 120
			if n == 3 {
				want = 10
			}
			if left, size := c.Available(p.ID, kind.ID); left != want || size != want {
				t.Errorf("%s on evening %d: %d of %d, want %d", kind.Name, i+1, left, size, want)
			}
			if kind.Name == "" || kind.Description == "" || kind.Price.Minor < 50 || kind.Price.Currency != "eur" {
				t.Errorf("the ticket type is %+v, want one that Stripe can charge", kind)
			}
		}
	}
	for _, q := range c.Quotas {
		ids[q.ID] = true
	}
	if len(ids) != 1+2+4+4 {
		t.Errorf("the sample has %d different ids, want 11", len(ids))
	}
}
