package reconcile

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/internal/testkit"
	"willcall/backend/stripesim"
)

// step is something that happens, and how long nothing else does afterwards.
// Its numbers choose among what there is by then, so that a step means something
// whatever came before it.
type step struct {
	Do      string
	N, M, K int
	Then    time.Duration
}

// deeds are what can happen.
func deeds() map[string]func(*simulation, step) {
	all := map[string]func(*simulation, step){
		"sale":             (*simulation).sell,
		"card sale":        (*simulation).sellByCard,
		"buyer pays":       (*simulation).pay,
		"buyer pays twice": (*simulation).payTwice,
		"buyer debits":     (*simulation).payByDebit,
		"buyer declined":   (*simulation).payDeclined,
		"cancel":           (*simulation).cancel,
		"pays as canceled": (*simulation).payAsCanceled,
		"check":            (*simulation).check,
		"bank":             (*simulation).bank,
		"kill":             (*simulation).killed,
		"restart":          (*simulation).restarted,
	}
	maps.Copy(all, moneyDeeds())
	maps.Copy(all, troubleDeeds())
	return all
}

// take lets a step happen.
func (s *simulation) take(does step) {
	deeds()[does.Do](s, does)
	// No two steps at one moment, nor one with an answer.
	time.Sleep(does.Then + time.Duration(mixed(s.seed+uint64(does.N))%1_000_003))
}

// choose is one of the items, or false where there is none.
func choose[T any](items []T, n int) (chosen T, ok bool) {
	if len(items) == 0 {
		return chosen, false
	}
	return items[n%len(items)], true
}

func (s *simulation) order(n int, suits func(boxoffice.Order) bool) (boxoffice.Order, bool) {
	return choose(slices.DeleteFunc(s.orders(), func(o boxoffice.Order) bool { return !suits(o) }), n)
}

func awaiting(o boxoffice.Order) bool {
	return o.Status() == boxoffice.AwaitingPayment && o.Tenders[0].SessionID != ""
}

func (s *simulation) sell(does step)       { s.sale(does, boxoffice.Phone) }
func (s *simulation) sellByCard(does step) { s.sale(does, boxoffice.CardTender) }

// sale is a sale, and what its buyer does with the code.
func (s *simulation) sale(does step, by boxoffice.TenderKind) {
	s.sales++
	kind, _ := choose([]string{testkit.Adult, testkit.Adult, testkit.Child, testkit.Balcony, testkit.Yen}, does.M)
	sale := desk.Sale{
		Tender: by, Key: fmt.Sprintf("sale-%08d", s.sales),
		LineItems: []desk.SaleLine{{PerformanceID: testkit.Performance, TicketTypeID: kind, Quantity: 1 + does.N%4}},
	}
	cashier, minds := s.desk, time.Duration(2+does.M%95)*time.Second+time.Duration(does.N)*time.Microsecond
	s.somebody("sale", func() error {
		o, err := cashier.Sell(s.Context(), sale)
		if err != nil || o.Tenders[0].SessionID == "" {
			return err
		}
		session := o.Tenders[0].SessionID
		s.buyers.Go(func() {
			time.Sleep(minds)
			switch does.K % 9 {
			case 0, 1, 2, 3:
				s.tap(session, stripesim.Payment{})
			case 4:
				s.tap(session, stripesim.Payment{Delayed: true})
			case 5:
				s.tap(session, stripesim.Payment{Card: "4000000000000002"})
				s.tap(session, stripesim.Payment{})
			case 6:
				if o.Total.Currency == "eur" { // Stripe converts what is priced in the account's own currency
					s.tap(session, stripesim.Payment{Convert: "usd"})
				}
			}
		})
		return nil
	})
}

func (s *simulation) cancel(does step) {
	if o, ok := s.order(does.N, awaiting); ok {
		cashier := s.desk
		s.somebody("cancel "+o.ID, func() error { _, err := cashier.Cancel(s.Context(), o.ID); return err })
	}
}

func (s *simulation) check(does step) {
	if o, ok := s.order(does.N, func(boxoffice.Order) bool { return true }); ok {
		cashier := s.desk
		s.somebody("check "+o.ID, func() error { _, err := cashier.Check(s.Context(), o.ID); return err })
	}
}

func (s *simulation) pay(does step)        { s.buy(does, stripesim.Payment{}) }
func (s *simulation) payByDebit(does step) { s.buy(does, stripesim.Payment{Delayed: true}) }
func (s *simulation) payTwice(does step)   { s.buy(does, stripesim.Payment{}, stripesim.Payment{}) }
func (s *simulation) payDeclined(does step) {
	s.buy(does, stripesim.Payment{Card: "4000000000000002"}, stripesim.Payment{})
}

// buy has a buyer pay whatever code there is, old ones too.
func (s *simulation) buy(does step, payments ...stripesim.Payment) {
	o, ok := s.order(does.N, awaiting)
	if !ok || does.M%5 == 0 {
		o, ok = s.order(does.N, func(o boxoffice.Order) bool { return o.Tenders[0].SessionID != "" })
	}
	if !ok {
		return
	}
	for _, p := range payments {
		s.tap(o.Tenders[0].SessionID, p)
	}
}

// tap is the Pay button, or the card's page.
func (s *simulation) tap(session string, p stripesim.Payment) {
	if isPayment(session) {
		method := "pm_card_visa"
		if p.Card != "" {
			method = "pm_card_visa_chargeDeclined"
		}
		status := s.ask("POST", "payment_intents/"+session+"/confirm", "payment_method="+method+"&return_url=https%3A%2F%2F127.0.0.1%3A4382%2Fpay.html", nil)
		s.logf("a card for %s: %d", session, status)
		return
	}
	s.logf("a buyer at %s: %v", session, s.sim.Pay(session, p))
}

// payAsCanceled has the buyer pay in the moment in which the code is closed.
func (s *simulation) payAsCanceled(does step) {
	o, ok := s.order(does.N, awaiting)
	if !ok {
		return
	}
	s.cancel(does)
	time.Sleep(time.Duration(does.M) * time.Millisecond)
	s.tap(o.Tenders[0].SessionID, stripesim.Payment{Delayed: does.K%3 == 0})
}

// bank has a bank decide about a debit.
func (s *simulation) bank(does step) {
	if c, ok := choose(s.undecided(), does.N); ok {
		s.logf("the bank about %s: %v", c, s.sim.Settle(c, does.M%3 != 0))
	}
}

// undecided are the sessions that a bank decides about.
func (s *simulation) undecided() (ids []string) {
	processing := map[string]bool{}
	for _, c := range s.codes("payment_intents", "processing") {
		processing[c.ID] = true
	}
	for _, c := range s.codes("checkout/sessions", "") {
		if processing[c.Intent] {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// banksDecide ends all that a bank can end.
func (s *simulation) banksDecide() {
	for n, id := range s.undecided() {
		s.logf("the bank about %s: %v", id, s.sim.Settle(id, n%2 == 0))
	}
}

// calm ends all that is out of the ordinary.
func (s *simulation) calm() {
	s.knobs.Lock()
	defer s.knobs.Unlock()
	s.faults, s.quirks, s.unplugged = nil, stripesim.Quirks{}, false
	s.sim.SetFaults()
	_ = s.sim.Quirk(s.quirks)
	s.wire.set(false, 200*time.Millisecond)
}

func (s *simulation) killed(does step) {
	s.kill()
	time.Sleep(time.Duration(does.M) * time.Second)
	s.open()
	s.start()
}

func (s *simulation) restarted(does step) {
	s.close()
	time.Sleep(time.Duration(does.M) * time.Minute)
	s.open()
	s.start()
}

// openAgain puts a till onto the open book that does not look by itself.
func (s *simulation) openAgain() {
	s.r = New(Options{Book: s.book, Stripe: s.client, IDs: s.ids, Log: quiet()})
}
