package reconcile

import (
	"testing"
	"time"

	"willcall/backend/stripeapi"
)

// TestCrowded: a long time is judged by its newest page of events, a short one
// is not.
func TestCrowded(t *testing.T) {
	to := time.Date(2026, time.March, 8, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		away, told time.Duration
		want       bool
	}{
		{72 * time.Hour, 5 * time.Minute, true},
		{72 * time.Hour, 0, true},              // all in one second
		{72 * time.Hour, 4 * time.Hour, false}, // 1,800 to come: they may be fewer
		{72 * time.Hour, 72 * time.Hour, false},
		{25 * 24 * time.Hour, 25 * time.Hour, true},
		{6 * time.Hour, time.Minute, true},
		{5 * time.Hour, time.Second, false}, // a rush at the doors
		{12 * time.Minute, 0, false},
	} {
		page := make([]stripeapi.Event, 100)
		for i := range page {
			page[i].Created = to.Add(-c.told * time.Duration(i) / 99) // a count beside a time
		}
		if got := crowded(page, to.Add(-c.away), to, fewEvents); got != c.want {
			t.Errorf("%v away, a hundred events in %v: %t", c.away, c.told, got)
		}
	}
}
