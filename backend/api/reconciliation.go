package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"willcall/backend/ledger"
)

func (s *server) reconciliationRoutes(api huma.API) {
	huma.Get(api, "/api/reconciliation", s.reconciliation, named("reconciliation", "How far the book is behind Stripe, and what that costs in reads"))
	huma.Post(api, "/api/reconciliation/poll", s.poll, named("poll", "Ask Stripe for news now"))
}

// Reconciliation says how the book keeps up with Stripe.
type Reconciliation struct {
	State           ReconciliationState `json:"state" enum:"current,behind,catching_up,stopped"`
	LastSuccessAt   *time.Time          `json:"lastSuccessAt,omitempty" doc:"When Stripe last told all that is new."`
	NextPollAt      *time.Time          `json:"nextPollAt,omitempty"`
	CoveredUntil    *time.Time          `json:"coveredUntil,omitempty" doc:"Up to then, by Stripe's clock, the book has all that happened."`
	LagSeconds      int64               `json:"lagSeconds" doc:"How long ago that is."`
	IntervalSeconds int64               `json:"intervalSeconds" doc:"How often Stripe is asked for news while nobody pays."`
	Reads           Reads               `json:"reads"`
	CatchUp         *CatchUp            `json:"catchUp,omitempty" doc:"While the book catches up after a time away."`
	Problem         *Trouble            `json:"problem,omitempty" doc:"Why it does not keep up."`
	Waiting         int                 `json:"waiting" doc:"Money without a place that waits for a person."`
	Questions       int                 `json:"questions" doc:"Refunds of which nobody said which tickets they are for."`
	OpenRefunds     int                 `json:"openRefunds" doc:"Refunds that Stripe has not finished."`
	OpenDisputes    int                 `json:"openDisputes" doc:"Disputes that are not decided."`
}

// ReconciliationState sums it up in a word.
type ReconciliationState string

// The states of reconciling.
const (
	ReconciliationCurrent    ReconciliationState = "current"     // the book has all that Stripe has told
	ReconciliationBehind     ReconciliationState = "behind"      // Stripe could not be asked for longer than it should
	ReconciliationCatchingUp ReconciliationState = "catching_up" // a gap is being read
	ReconciliationStopped    ReconciliationState = "stopped"     // nothing is asked: no account, or no key
)

// Reads counts requests that Stripe allots.
type Reads struct {
	Used      int64 `json:"used" doc:"In the last 30 days."`
	Allotted  int64 `json:"allotted" doc:"For 30 days."`
	Today     int64 `json:"today"`
	Projected int64 `json:"projected" doc:"In 30 days, at today's pace."`
}

// CatchUp is how far a gap has been read.
type CatchUp struct {
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	Share int       `json:"share" minimum:"0" maximum:"100" doc:"In percent."`
	Found int       `json:"found" doc:"Payments, refunds and disputes that the book did not have."`
}

type reconciliationBody struct {
	Body Reconciliation
}

func (s *server) reconciliation(ctx context.Context, _ *struct{}) (*reconciliationBody, error) {
	out := &reconciliationBody{Reconciliation{State: ReconciliationStopped}}
	if s.Reconciliation != nil {
		out.Body = s.Reconciliation()
	}
	return out, s.view(ctx, func(tx *ledger.Tx) (err error) { out.Body, err = s.counted(tx, out.Body); return err })
}

func (s *server) poll(ctx context.Context, _ *struct{}) (*reconciliationBody, error) {
	if s.Poll != nil {
		if err := s.Poll(ctx); err != nil {
			return nil, s.problem(ctx, err)
		}
	}
	return s.reconciliation(ctx, nil)
}

// counted fills in what the book itself knows.
func (s *server) counted(tx *ledger.Tx, v Reconciliation) (Reconciliation, error) {
	waiting, err := tx.Waiting()
	if err != nil {
		return v, err
	}
	v.Waiting = len(waiting)
	orders, err := tx.Unanswered()
	if err != nil {
		return v, err
	}
	for _, o := range orders {
		v.Questions += len(o.Unanswered())
	}
	intents, err := tx.Intents()
	if err != nil {
		return v, err
	}
	for _, i := range intents {
		if i.Refund != nil { // Stripe has not answered for it
			v.OpenRefunds++
		}
	}
	err = tx.UnfinishedRefunds(func(string, ledger.Money) error { v.OpenRefunds++; return nil })
	if err != nil {
		return v, err
	}
	err = tx.OpenDisputes(func(string, ledger.Money) error { v.OpenDisputes++; return nil })
	return v, err
}
