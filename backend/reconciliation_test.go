package backend

import (
	"errors"
	"testing"
	"time"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/reconcile"
	"willcall/backend/stripeapi"
)

// How the book keeps up, as the screens are told: in a word, and with what is in
// the way.
func TestHowTheBookKeepsUp(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	well := reconcile.Health{
		LastSuccess: now.Add(-time.Minute), NextPoll: now.Add(11 * time.Minute), Interval: 12 * time.Minute,
		CoveredUntil: now.Add(-90 * time.Second), Now: now, Budget: reconcile.Budget{Used: 700, Today: 60, Allotted: 10_000},
	}
	for name, c := range map[string]struct {
		change func(h *reconcile.Health)
		state  api.ReconciliationState
		code   boxoffice.Code
	}{
		"well":              {func(*reconcile.Health) {}, api.ReconciliationCurrent, ""},
		"just opened":       {func(h *reconcile.Health) { h.LastSuccess = time.Time{} }, api.ReconciliationBehind, ""},
		"a poll is due":     {func(h *reconcile.Health) { h.LastSuccess = now.Add(-13 * time.Minute) }, api.ReconciliationCurrent, ""},
		"a poll is overdue": {func(h *reconcile.Health) { h.LastSuccess = now.Add(-15 * time.Minute) }, api.ReconciliationBehind, ""},
		"catching up":       {func(h *reconcile.Health) { h.CatchUp = &reconcile.CatchUp{Share: 43, Found: 12} }, api.ReconciliationCatchingUp, ""},
		"no key": {func(h *reconcile.Health) { h.Problem = &stripeapi.Error{Failure: stripeapi.NotConnected} },
			api.ReconciliationStopped, boxoffice.CodeNotConnected},
		"offline": {func(h *reconcile.Health) { h.Problem = &stripeapi.Error{Failure: stripeapi.Unsent} },
			api.ReconciliationBehind, boxoffice.CodeStripeUnreachable},
		"not Stripe's fault": {func(h *reconcile.Health) { h.Problem = errors.New("the disk is full") }, api.ReconciliationBehind, boxoffice.CodeInternal},
	} {
		h := well
		c.change(&h)
		v := reconciliationView(h, now)
		var code boxoffice.Code
		if v.Problem != nil {
			code = boxoffice.Code(v.Problem.Code)
		}
		if v.State != c.state || code != c.code || v.LagSeconds != 90 || v.IntervalSeconds != 720 || (v.CatchUp != nil) != (h.CatchUp != nil) {
			t.Errorf("%s: it is %s with %q, %+v", name, v.State, code, v)
		}
	}
	// 60 reads in the 13 hours from midnight, of which one is for the first minutes.
	if v := reconciliationView(well, now); v.Reads.Projected != 60*30*24/13 || v.Reads.Used != 700 || v.Reads.Allotted != 10_000 {
		t.Errorf("the reads are %+v", v.Reads)
	}
}
