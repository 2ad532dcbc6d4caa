package stripesim

import (
	"errors"
	"fmt"
	"maps"
	"time"
)

// SeedOptions say what to make at once.
type SeedOptions struct {
	Link     string    // id of a payment link, made through the API, that all of them were sold by
	Sales    int       // how many, evenly from From to To
	From, To time.Time // in the past
	Refunds  int       // how many of the sales were given back whole, an hour later
	Disputes int       // how many of the others were disputed, two hours later
}

// payingTakes is the time between a visit and its payment, in seconds.
const payingTakes = 40

// Seed makes sales that have happened, each with all that a sale at its time
// would have left: session, payment intent, charge, balance transaction and
// events. It is one change of the journal. Refunds and disputes after To are
// made at To.
func (s *Sim) Seed(o SeedOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.expireDue(); err != nil {
		return err
	}
	from, to := o.From.Unix(), o.To.Unix()
	if o.Sales < 0 || o.Refunds < 0 || o.Disputes < 0 || o.Refunds+o.Disputes > o.Sales || from+payingTakes > to || to > s.now() {
		return fmt.Errorf("stripesim: %d sales with %d refunds and %d disputes, from %v to %v, cannot have happened by %v", o.Sales, o.Refunds, o.Disputes, o.From, o.To, time.Unix(s.now(), 0).UTC())
	}
	for _, a := range s.accounts {
		if l, ok := a.links.byID[o.Link]; ok {
			return s.seed(a, l, o, from, to)
		}
	}
	return notFound("payment_link", o.Link, "payment_link")
}

func (s *Sim) seed(a *account, l *link, o SeedOptions, from, to int64) error {
	all := s.begin(a)
	all.wrote.grow(o.Sales)
	for n := range o.Sales {
		one := s.begin(a)
		one.now = from
		if o.Sales > 1 {
			one.now += (to - payingTakes - from) * int64(n) / int64(o.Sales-1)
		}
		one.wrote.Links = []*link{l} // with the sales before this one counted
		if err := one.sell(l); err != nil {
			return err
		}
		l = one.wrote.Links[0]
		// Every k-th sale, with the rest of the division spread: after n+1
		// sales, (n+1)*Refunds/Sales of them are refunded.
		c, later := one.wrote.Charges[0], min(one.now+int64(time.Hour/time.Second), to)
		ended := nth(n, o.Refunds+o.Disputes, o.Sales)
		refunded := ended && nth((n+1)*(o.Refunds+o.Disputes)/o.Sales-1, o.Refunds, o.Refunds+o.Disputes)
		switch {
		case refunded:
			one.now = later
			if _, err := one.giveBack(c, c.Amount, RefundOptions{Reason: "requested_by_customer"}); err != nil {
				return err
			}
		case ended:
			one.now = min(later+int64(time.Hour/time.Second), to)
			if _, err := one.openDispute(c, DisputeOptions{Reason: "fraudulent"}); err != nil {
				return err
			}
		}
		all.wrote.add(&one.wrote)
	}
	all.wrote.Links = []*link{l}
	return all.commit()
}

// nth tells whether the sale n, from 0, is one of some that are spread evenly
// among all.
func nth(n, some, all int) bool { return all > 0 && (n+1)*some/all > n*some/all }

// sell is a visit to the link and its payment.
func (t *tx) sell(l *link) error {
	opened, err := t.visit(l, Visitor{})
	if err != nil {
		return err
	}
	t.now += payingTakes
	r, err := t.submit(opened, Payment{})
	if err == nil && r.Status != succeeded {
		err = errors.New("stripesim: nobody can pay by that link: " + r.Message)
	}
	return err
}

// grow makes room for that many sales.
func (c *change) grow(sales int) {
	c.Sessions, c.Intents = make([]*session, 0, sales), make([]*intent, 0, sales)
	c.Charges, c.Transactions = make([]*charge, 0, sales), make([]*balanceTransaction, 0, sales)
	c.Events = make([]*event, 0, 5*sales)
}

// add takes over what a sale wrote, but for the link.
func (c *change) add(sale *change) {
	c.Sessions = append(c.Sessions, sale.Sessions...)
	c.Intents = append(c.Intents, sale.Intents...)
	c.Charges = append(c.Charges, sale.Charges...)
	c.Transactions = append(c.Transactions, sale.Transactions...)
	c.Refunds = append(c.Refunds, sale.Refunds...)
	c.Disputes = append(c.Disputes, sale.Disputes...)
	c.Events = append(c.Events, sale.Events...)
	if c.Late == nil {
		c.Late = sale.Late
	}
	maps.Copy(c.Late, sale.Late)
}
