package backend

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/reconcile"
	"willcall/backend/stripeapi"
)

// patience is how much longer than its interval a till may be without news
// before it is said to be behind.
const patience = 2 * time.Minute

// reconciliation tells the screens how the book keeps up with Stripe.
func (k *book) reconciliation() api.Reconciliation {
	h, err := k.reconciler.Health()
	if err != nil {
		k.log.Error("backend: cannot read how the book keeps up", slog.Any("error", err))
		return api.Reconciliation{State: api.ReconciliationStopped}
	}
	return reconciliationView(h, k.now())
}

// readStatement reads Stripe's own books for a person who asked.
func (k *book) readStatement(ctx context.Context, from, to time.Time) error {
	return reconcile.Explain(k.reconciler.ReadStatement(ctx, from, to))
}

func reconciliationView(h reconcile.Health, now time.Time) api.Reconciliation {
	v := api.Reconciliation{
		State:         api.ReconciliationCurrent,
		LastSuccessAt: known(h.LastSuccess), NextPollAt: known(h.NextPoll), CoveredUntil: known(h.CoveredUntil),
		IntervalSeconds: int64(h.Interval / time.Second),
		Reads:           api.Reads{Used: h.Budget.Used, Allotted: h.Budget.Allotted, Today: h.Budget.Today, Projected: projected(h.Budget, h.Now)},
	}
	if !h.CoveredUntil.IsZero() {
		v.LagSeconds = max(0, int64(h.Now.Sub(h.CoveredUntil)/time.Second))
	}
	failure, failed := errors.AsType[*stripeapi.Error](h.Problem)
	switch {
	case failed && failure.Failure == stripeapi.NotConnected:
		v.State = api.ReconciliationStopped
	case h.CatchUp != nil:
		v.State = api.ReconciliationCatchingUp
	case h.Problem != nil, h.LastSuccess.IsZero(), now.Sub(h.LastSuccess) > h.Interval+patience:
		v.State = api.ReconciliationBehind
	}
	if h.CatchUp != nil {
		v.CatchUp = &api.CatchUp{From: h.CatchUp.From, To: h.CatchUp.To, Share: h.CatchUp.Share, Found: h.CatchUp.Found}
	}
	switch {
	case failed:
		p := reconcile.Words(failure)
		v.Problem = &api.Trouble{Code: api.Code(p.Code), Detail: p.Detail, Next: p.Next}
	case h.Problem != nil: // Stripe answered, and it is this side that could not go on
		v.Problem = &api.Trouble{
			Code:   api.Code(boxoffice.CodeInternal),
			Detail: "What Stripe told could not all be taken in yet. No money is lost: it is at Stripe, and is read again until it is in the book.",
			Next:   "Wait a few minutes. If this stays, look into the log for what was in the way.",
		}
	}
	return v
}

// projected is how many reads 30 days take at today's pace.
func projected(b reconcile.Budget, now time.Time) int64 {
	gone := now.Sub(now.Truncate(24*time.Hour)) + time.Hour // the first minutes say little
	return b.Today * int64(30*24*time.Hour/time.Minute) / int64(gone/time.Minute)
}

// known is nil for no time.
func known(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}
