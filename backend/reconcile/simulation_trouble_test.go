package reconcile

import (
	"fmt"
	"net/http"
	"time"

	"willcall/backend/desk"
	"willcall/backend/internal/testkit"
	"willcall/backend/stripesim"
)

// troubleDeeds are what goes wrong around a till, and posters on its wall.
func troubleDeeds() map[string]func(*simulation, step) {
	return map[string]func(*simulation, step){
		"poster":       (*simulation).post,
		"visit":        (*simulation).visit,
		"visitor pays": (*simulation).visitorPays,
		"visitors":     (*simulation).visitorsPay,
		"close poster": (*simulation).closePoster,
		"debits":       (*simulation).debits,
		"clock":        (*simulation).clockJumps,
		"slow":         func(s *simulation, does step) { s.wire.set(s.unplugged, time.Duration(1+does.N*20)*time.Millisecond) },
		"outage":       (*simulation).outage,
		"quirk":        (*simulation).quirk,
		"fault":        (*simulation).fault,
		"storm":        (*simulation).storm,
		"well again":   func(s *simulation, _ step) { s.calm() },
		"days away":    (*simulation).away,
		"wake":         func(s *simulation, _ step) { s.r.Wake() },
	}
}

func (s *simulation) post(does step) {
	s.sales++
	kind, _ := choose([]string{testkit.Adult, testkit.Balcony}, does.M)
	ask := desk.PosterRequest{
		Key: fmt.Sprintf("poster-%06d", s.sales), PerformanceID: testkit.Performance, TicketTypeID: kind, Allotment: 1 + does.N%3,
	}
	organizer := s.desk
	s.somebody("poster", func() error { _, err := organizer.MakePoster(s.Context(), ask); return err })
}

func (s *simulation) closePoster(does step) {
	if p, ok := choose(s.posters(), does.N); ok {
		organizer := s.desk
		s.somebody("close "+p.ID, func() error { _, err := organizer.ClosePoster(s.Context(), p.ID); return err })
	}
}

// visit opens a page of a poster, and leaves it open.
func (s *simulation) visit(does step) {
	p, ok := choose(s.posters(), does.N)
	if !ok || p.LinkID == "" {
		return
	}
	page, err := s.sim.Visit(p.LinkID, stripesim.Visitor{})
	if s.logf("a visitor of %s at %s: %v", p.ID, page, err); err == nil {
		s.visits = append(s.visits, page)
	}
}

// visitorPays is somebody who pays by a poster, slowly or at once, or long after
// they opened the page.
func (s *simulation) visitorPays(does step) {
	if does.M%2 == 0 {
		s.visit(does)
	}
	if page, ok := choose(s.visits, len(s.visits)-1+does.K%2*does.N); ok {
		s.tap(page, stripesim.Payment{Delayed: does.M%5 == 0})
	}
}

// visitorsPay are many phones before one poster, all of them before Pay when the
// first pays.
func (s *simulation) visitorsPay(does step) {
	before := len(s.visits)
	for range 2 + does.K%3 {
		s.visit(does)
	}
	for _, page := range s.visits[before:] {
		s.tap(page, stripesim.Payment{})
	}
}

// debits offers buyers the slow ways to pay, or no more.
func (s *simulation) debits(does step) {
	organizer := s.desk
	s.somebody("debits", func() error { return organizer.AllowDelayed(does.N%3 > 0) })
}

// clockJumps sets the laptop's clock, forward or back.
func (s *simulation) clockJumps(does step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.jumped = time.Duration(does.N-250) * 11 * time.Minute
}

func (s *simulation) outage(does step) {
	s.unplugged = does.N%3 > 0
	s.wire.set(s.unplugged, 0)
}

// quirk has Stripe do what it is known to do.
func (s *simulation) quirk(does step) {
	s.knobs.Lock()
	defer s.knobs.Unlock()
	q := &s.quirks
	switch does.N % 6 {
	case 0:
		q.LateEvents, q.LateEvery = time.Duration(does.M)*time.Second, 1+does.K%3
	case 1:
		q.DoubleEvents = true
	case 2:
		q.Reordered = true
	case 3:
		q.PayloadVersion, _ = choose([]string{"2016-07-06", "2019-02-11", "2022-11-15"}, does.M)
	case 4:
		q.ListLag = time.Duration(does.M%90) * time.Second
	case 5:
		*q = stripesim.Quirks{}
		s.sim.Assume(stripesim.Assumptions{LimitIsAtomic: does.M%2 == 0, ClosingEndsSessions: does.K%2 == 0, DebitsBookOnSuccess: does.K%3 == 0})
	}
	if err := s.sim.Quirk(*q); err != nil {
		s.failf("quirk: %v", err)
	}
}

// faultKinds are those that a network has and those that Stripe has.
func faultKinds() []string {
	return []string{
		stripesim.FaultStatus, stripesim.FaultLock, stripesim.Fault503, stripesim.FaultHTML, stripesim.FaultPortal, stripesim.FaultEmpty,
		stripesim.FaultEmptyPage, stripesim.FaultGarbage, stripesim.FaultCut, stripesim.FaultShort, stripesim.FaultTrickle, stripesim.FaultDate,
		stripesim.FaultNoDate, stripesim.FaultReset, stripesim.FaultDropBefore, stripesim.FaultDropAfter, stripesim.FaultHang, stripesim.FaultDelay,
	}
}

func (s *simulation) fault(does step) {
	kind, _ := choose(faultKinds(), does.N)
	status, _ := choose([]int{400, 401, 402, 403, 409, 429, 500, 502, 503}, does.M)
	f := stripesim.Fault{Kind: kind, Delay: time.Duration(1+does.M%90) * time.Second}
	if kind == stripesim.FaultStatus {
		f.Status = status
	}
	f.Method, _ = choose([]string{"", http.MethodPost, http.MethodPost, http.MethodGet}, does.K)
	f.Path, _ = choose([]string{"", "/v1/checkout/sessions", "/v1/events", "/v1/refunds", "/v1/payment_intents", "/v1/payment_links"}, does.K/4)
	if does.M%2 == 0 {
		f.Times = 1 + does.M%4
	} else {
		f.Chance = 0.3
	}
	s.knobs.Lock()
	defer s.knobs.Unlock()
	s.faults = append([]stripesim.Fault{f}, s.faults[:min(len(s.faults), 2)]...)
	s.sim.SetFaults(s.faults...)
}

// storm is more requests than Stripe answers.
func (s *simulation) storm(does step) {
	s.knobs.Lock()
	defer s.knobs.Unlock()
	s.faults = []stripesim.Fault{{Kind: stripesim.FaultStorm, Delay: time.Duration(1+does.N) * time.Second, RetryAfter: time.Duration(does.M%4) * time.Second}}
	s.sim.SetFaults(s.faults...)
}

// away shuts the till for days, while the posters on the wall sell on.
func (s *simulation) away(does step) {
	posters := s.posters()
	s.close()
	gone := time.Duration(1+does.N*does.N%57_600) * time.Minute // up to forty days
	for n := range does.M % 5 {
		time.Sleep(gone / 6)
		s.banksDecideSome(does.K + n)
		if p, ok := choose(posters, does.K+n); ok && p.LinkID != "" {
			if page, err := s.sim.Visit(p.LinkID, stripesim.Visitor{}); err == nil {
				s.logf("meanwhile at %s: %v", page, s.sim.Pay(page, stripesim.Payment{Delayed: n%2 == 1}))
			}
		}
		truth, err := s.sim.Truth()
		if p, ok := choose(truth.Payments, does.K); err == nil && ok && n == 2 {
			id, err := s.sim.RefundInDashboard(p.IntentID, p.Amount/3, stripesim.RefundOptions{})
			s.logf("meanwhile refund %s: %v", id, err)
		}
	}
	time.Sleep(gone / 6)
	s.open()
	s.start()
}

func (s *simulation) banksDecideSome(n int) {
	if id, ok := choose(s.undecided(), n); ok {
		s.logf("the bank about %s: %v", id, s.sim.Settle(id, n%2 == 0))
	}
}
