package reconcile

import (
	"fmt"
	"slices"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/stripesim"
)

// moneyDeeds are what can happen to money that was paid.
func moneyDeeds() map[string]func(*simulation, step) {
	return map[string]func(*simulation, step){
		"refund":              (*simulation).refund,
		"refund at Stripe":    (*simulation).refundAtStripe,
		"refund's bank":       (*simulation).refundsBank,
		"void":                (*simulation).void,
		"dispute":             (*simulation).dispute,
		"dispute goes on":     (*simulation).disputeGoesOn,
		"late money":          (*simulation).late,
		"payout":              (*simulation).payOut,
		"stranger":            (*simulation).stranger,
		"wrong money":         (*simulation).wrongMoney,
		"Dashboard: page":     (*simulation).endPage,
		"Dashboard: link":     (*simulation).endLink,
		"Dashboard: product":  (*simulation).archive,
		"Dashboard: metadata": (*simulation).wipe,
	}
}

func (s *simulation) decision() desk.Decision {
	s.decisions++
	return desk.Decision{Key: fmt.Sprintf("decision-%06d", s.decisions), By: "Ada"}
}

func paidFor(o boxoffice.Order) bool {
	return o.Tenders[0].State == boxoffice.TenderPaid && o.Total.Minor > 0
}

// refund gives money back at the till: all of it, some tickets, an amount, or
// what another clerk asks for in the same moment.
func (s *simulation) refund(does step) {
	o, ok := s.order(does.N, paidFor)
	if !ok {
		return
	}
	ask := desk.RefundAsk{Decision: s.decision()}
	switch valid := o.Valid(); does.M % 4 {
	case 1:
		if len(valid) > 0 {
			ask.TicketIDs = []string{valid[does.K%len(valid)].ID}
		}
	case 2:
		ask.Amount = 1 + int64(does.K)*7
	}
	clerk := s.desk
	give := func() error { _, err := clerk.Refund(s.Context(), o.ID, ask); return err }
	s.somebody("refund of "+o.ID, give)
	if does.M%4 == 3 {
		other := ask
		other.Decision = s.decision()
		time.Sleep(time.Duration(1+does.K) * time.Microsecond) // no two things happen in one moment
		s.somebody("another refund of "+o.ID, func() error { _, err := clerk.Refund(s.Context(), o.ID, other); return err })
	}
}

// refundAtStripe gives money back in the Dashboard, more than there is as well.
func (s *simulation) refundAtStripe(does step) {
	truth, err := s.sim.Truth()
	p, ok := choose(truth.Payments, does.N)
	if err != nil || !ok {
		return
	}
	amount := int64(0)
	if does.M%3 > 0 {
		amount = p.Amount * int64(1+does.K%5) / 4
	}
	status, _ := choose([]string{"", "", "pending", "requires_action"}, does.M/3)
	id, err := s.sim.RefundInDashboard(p.IntentID, amount, stripesim.RefundOptions{Status: status})
	s.logf("in the Dashboard, refund %s of %s: %v", id, p.IntentID, err)
}

// refundsBank has a bank take a refund, or send it back, weeks later too.
func (s *simulation) refundsBank(does step) {
	truth, err := s.sim.Truth()
	if f, ok := choose(truth.Refunds, does.N); err == nil && ok {
		s.logf("the bank about %s: %v", f.ID, s.sim.SettleRefund(f.ID, does.M%3 == 0))
	}
}

// void says which tickets a refund was for, or that tickets are void.
func (s *simulation) void(does step) {
	o, ok := s.order(does.N, func(o boxoffice.Order) bool { return paidFor(o) && len(o.Valid()) > 0 })
	if !ok {
		return
	}
	ask := desk.VoidAsk{Decision: s.decision()}
	if f, ok := choose(o.Unanswered(), does.M); ok {
		ask.RefundID = f.ID
	}
	for n, t := range o.Valid() {
		if (does.K>>n)&1 == 1 {
			ask.TicketIDs = append(ask.TicketIDs, t.ID)
		}
	}
	clerk := s.desk
	s.somebody("void "+o.ID, func() error { _, err := clerk.Void(o.ID, ask); return err })
}

// dispute has a buyer's bank take the money, or ask first.
func (s *simulation) dispute(does step) {
	truth, err := s.sim.Truth()
	p, ok := choose(truth.Payments, does.N)
	if err != nil || !ok {
		return
	}
	opt := stripesim.DisputeOptions{Inquiry: does.M%3 == 0}
	if does.K%4 == 0 {
		opt.Amount = 1 + p.Amount/2
	}
	id, err := s.sim.Dispute(p.IntentID, opt)
	s.logf("dispute %s of %s: %v", id, p.IntentID, err)
}

func (s *simulation) disputeGoesOn(does step) {
	truth, err := s.sim.Truth()
	d, ok := choose(truth.Disputes, does.N)
	if err != nil || !ok {
		return
	}
	switch does.M % 3 {
	case 0:
		err = s.sim.UpdateDispute(d.ID)
	default:
		err = s.sim.CloseDispute(d.ID, does.M%3 == 1)
	}
	s.logf("dispute %s goes on: %v", d.ID, err)
}

// late is somebody at the late-money desk.
func (s *simulation) late(does step) {
	var waiting []boxoffice.Discrepancy
	s.view(func(tx *ledger.Tx) (err error) {
		waiting, err = tx.Discrepancies()
		return err
	})
	found, ok := choose(waiting, does.N)
	if !ok {
		return
	}
	clerk, decision := s.desk, s.decision()
	s.somebody("late money "+found.ID, func() (err error) {
		switch does.M % 4 {
		case 0:
			_, err = clerk.KeepLate(found.ID, decision)
		case 1:
			_, err = clerk.RefundLate(s.Context(), found.ID, decision)
		case 2:
			_, err = clerk.SeatLate(found.ID, nil, decision)
		default:
			kind, _ := choose([]string{testkit.Child, testkit.Balcony}, does.K)
			_, err = clerk.SeatLate(found.ID, []desk.SaleLine{{PerformanceID: testkit.Performance, TicketTypeID: kind, Quantity: 1}}, decision)
		}
		return err
	})
}

// lateMoneyEnds has somebody deal with all that waits at the late-money desk.
func (s *simulation) lateMoneyEnds(n int) {
	var waiting []boxoffice.Discrepancy
	s.view(func(tx *ledger.Tx) (err error) {
		waiting, err = tx.Waiting()
		return err
	})
	for i, found := range waiting {
		clerk, decision := s.desk, s.decision()
		time.Sleep(time.Millisecond)
		s.somebody("late money "+found.ID, func() (err error) {
			if (i+n)%2 == 0 {
				_, err = clerk.RefundLate(s.Context(), found.ID, decision)
			} else {
				_, err = clerk.KeepLate(found.ID, decision)
			}
			return err
		})
	}
}

func (s *simulation) payOut(does step) {
	id, err := s.sim.PayOut(1 + int64(does.N)*10)
	s.logf("payout %s: %v", id, err)
}

// stranger is another program of the account, which sells something.
func (s *simulation) stranger(does step) { s.foreign(does, "") }

// wrongMoney is a page that somebody made by hand for an order of this book, of
// an amount of their own.
func (s *simulation) wrongMoney(does step) {
	o, ok := s.order(does.N, func(boxoffice.Order) bool { return true })
	if !ok {
		return
	}
	form := "&client_reference_id=" + o.ID
	for name, value := range map[string]string{
		boxoffice.MetadataOrder: o.ID, boxoffice.MetadataTender: o.Tenders[0].ID, boxoffice.MetadataBook: "book-1",
	} {
		form += "&metadata[" + name + "]=" + value + "&payment_intent_data[metadata][" + name + "]=" + value
	}
	s.foreign(does, form)
}

func (s *simulation) foreign(does step, more string) {
	currency, _ := choose([]string{"eur", "eur", "usd", "jpy"}, does.K)
	var made code
	status := s.ask("POST", "checkout/sessions", "mode=payment&success_url=https%3A%2F%2Fexample.com&metadata[stranger]=yes&payment_intent_data[metadata][stranger]=yes"+
		"&line_items[0][quantity]=1&line_items[0][price_data][product_data][name]=Mug&line_items[0][price_data][currency]="+currency+
		fmt.Sprintf("&line_items[0][price_data][unit_amount]=%d", 2400+does.M%3*100)+more, &made)
	s.logf("somebody else sells by %s: %d", made.ID, status)
	if made.ID != "" && does.M%5 > 0 {
		s.tap(made.ID, stripesim.Payment{Delayed: does.M%5 == 1})
	}
}

// endPage expires a page in the Dashboard.
func (s *simulation) endPage(does step) {
	if c, ok := choose(s.codes("checkout/sessions", "open"), does.N); ok {
		s.logf("in the Dashboard, %s is expired: %d", c.ID, s.ask("POST", "checkout/sessions/"+c.ID+"/expire", "", nil))
	}
}

// endLink turns a poster's link off, and on again while the poster is up. Who
// turns on a link that the till has closed sells by it knowingly.
func (s *simulation) endLink(does step) {
	if p, ok := choose(s.posters(), does.N); ok && p.LinkID != "" {
		s.logf("in the Dashboard, link of %s: %d", p.ID, s.ask("POST", "payment_links/"+p.LinkID, fmt.Sprintf("active=%v", does.M%3 == 0 && p.State == boxoffice.PosterOpen), nil))
	}
}

// archive archives a product in the Dashboard, or a price.
func (s *simulation) archive(does step) {
	path, _ := choose([]string{"products", "prices"}, does.M)
	var page struct{ Data []code }
	if s.ask("GET", path+"?limit=100", "", &page); len(page.Data) > 0 {
		c, _ := choose(page.Data, does.N)
		s.logf("in the Dashboard, %s is archived: %d", c.ID, s.ask("POST", path+"/"+c.ID, "active=false", nil))
	}
}

// wipe takes the metadata off what Stripe lets one take it off.
func (s *simulation) wipe(does step) {
	paths := []string{}
	truth, _ := s.sim.Truth()
	for _, f := range truth.Refunds {
		paths = append(paths, "refunds/"+f.ID)
	}
	for _, p := range truth.Payments {
		paths = append(paths, "payment_intents/"+p.IntentID)
	}
	if path, ok := choose(paths, does.N); ok {
		s.logf("in the Dashboard, %s has no metadata any more: %d", path, s.ask("POST", path, "metadata=", nil))
	}
}

// posters are those of the book.
func (s *simulation) posters() (found []boxoffice.Poster) {
	s.view(func(tx *ledger.Tx) (err error) {
		found, err = tx.Posters()
		return err
	})
	return slices.Clone(found)
}
