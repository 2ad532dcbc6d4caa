package boxoffice

import (
	"time"

	"willcall/backend/money"
)

// Sample is the event that a training book begins with: the next two
// evenings that have not begun, one house sold under three prices, and a small balcony of its own.
func Sample(now time.Time, ids IDs) []Fact {
	const zone = "Europe/Vienna"
	at, err := time.LoadLocation(zone)
	if err != nil {
		at = time.UTC // a machine without time zones
	}
	local := now.In(at)
	first := 0
	if !now.Before(time.Date(local.Year(), local.Month(), local.Day(), 19, 30, 0, 0, at)) {
		first = 1
	}
	evening := func(n int) Performance {
		start := time.Date(local.Year(), local.Month(), local.Day()+first+n, 19, 30, 0, 0, at)
		return Performance{ID: ids.New("perf"), DoorsAt: start.Add(-45 * time.Minute).UTC(), StartsAt: start.UTC()}
	}
	kind := func(name, description string, minor int64) TicketType {
		return TicketType{ID: ids.New("type"), Name: name, Description: description, Price: money.New(minor, "eur")}
	}
	e := Event{
		ID: ids.New("evt"), Name: "The Winter’s Tale", Place: "Old Town Playhouse", TimeZone: zone,
		Performances: []Performance{evening(0), evening(1)},
		TicketTypes: []TicketType{
			kind("Adult", "Stalls, free seating", 2400),
			kind("Concession", "Students, seniors, with a card", 1600),
			kind("Child", "Under 14", 900),
			kind("Balcony", "Front row above", 3200),
		},
	}
	facts := []Fact{EventAddedFact{Event: e}}
	for _, p := range e.Performances {
		house := Quota{ID: ids.New("quota"), PerformanceID: p.ID, Size: 120}
		for _, t := range e.TicketTypes[:3] {
			house.TicketTypeIDs = append(house.TicketTypeIDs, t.ID)
		}
		balcony := Quota{ID: ids.New("quota"), PerformanceID: p.ID, Size: 10, TicketTypeIDs: []string{e.TicketTypes[3].ID}}
		facts = append(facts, QuotaAddedFact{Quota: house}, QuotaAddedFact{Quota: balcony})
	}
	return facts
}
