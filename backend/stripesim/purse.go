package stripesim

import (
	"maps"
	"slices"
	"time"
)

// The account pays out by itself, daily. Source: docs.stripe.com/payouts,
// "automatic payouts". The hours between the steps of a payout are made up;
// their order is Stripe's.
const (
	day            = int64(24 * time.Hour / time.Second)
	sentAfter      = int64(6 * time.Hour / time.Second)  // pending → in_transit
	itemizedAfter  = int64(12 * time.Hour / time.Second) // in_progress → completed
	arrivesAfter   = day                                 // in_transit → paid
	inProgress     = "in_progress"
	completed      = "completed"
	inTransit      = "in_transit"
	notApplicable  = "not_applicable"
	payoutCategory = "payout"
)

// purse is what of an account's balance has gone to its bank. It follows from
// the changes, at their commit and at replay alike.
type purse struct {
	payout map[string]string // the payout that a transaction is in
	unpaid map[string]int64  // transactions that are in none: the first second of the day that can pay them out
	moving map[string]int64  // payouts on their way: when each takes its next step
	payDay int64             // nothing is paid out before this second
}

func newPurse() purse {
	return purse{payout: map[string]string{}, unpaid: map[string]int64{}, moving: map[string]int64{}, payDay: never}
}

func (p *purse) apply(c *change) {
	for _, b := range c.Transactions {
		if p.payout[b.ID] == "" && !b.Undecided {
			at := midnight(max(b.AvailableOn, b.Created))
			p.unpaid[b.ID] = at
			p.payDay = min(p.payDay, at)
		}
	}
	for id, members := range c.PaidOut {
		for _, b := range members {
			p.payout[b] = id
			delete(p.unpaid, b)
		}
	}
	for _, out := range c.Payouts {
		if at := out.nextStep(); at < never {
			p.moving[out.ID] = at
		} else {
			delete(p.moving, out.ID)
		}
	}
}

// midnight is the first one after that second, in UTC.
func midnight(second int64) int64 { return (second/day + 1) * day }

// next is when something happens to the purse by itself.
func (p *purse) next() int64 {
	at := p.payDay
	for _, step := range p.moving {
		at = min(at, step)
	}
	return at
}

// passed forgets the days until then: what could not be paid out waits for
// money that comes later.
func (p *purse) passed(at int64) {
	p.payDay = never
	for _, first := range p.unpaid {
		if first > at {
			p.payDay = min(p.payDay, first)
		}
	}
}

// due are the transactions that can be paid out at a day's start.
func (p *purse) due(at int64) []string {
	var ids []string
	for id, first := range p.unpaid {
		if first <= at {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// payDue does what a's purse did by itself until now, each thing as of its
// time. The caller holds mu.
func (s *Sim) payDue(a *account, now int64) error {
	for at := a.purse.next(); at <= now; at = a.purse.next() {
		t := s.begin(a)
		t.now = at
		for _, id := range slices.Sorted(maps.Keys(a.purse.moving)) {
			if a.purse.moving[id] > at {
				continue
			}
			if err := t.step(a.payouts.byID[id]); err != nil {
				return err
			}
		}
		paying := a.purse.payDay <= at
		if paying {
			if err := t.payOutDay(); err != nil {
				return err
			}
		}
		if err := t.commit(); err != nil {
			return err
		}
		if paying {
			a.purse.passed(at)
		}
	}
	return nil
}

// payOutDay pays out what has become available, in each currency whose sum is
// more than nothing.
func (t *tx) payOutDay() error {
	sums, members := map[string]int64{}, map[string][]string{}
	for _, id := range t.acct.purse.due(t.now) {
		b := t.acct.transactions.byID[id]
		sums[b.Currency] += b.Net
		members[b.Currency] = append(members[b.Currency], id)
	}
	for _, currency := range slices.Sorted(maps.Keys(sums)) {
		if sums[currency] <= 0 {
			continue
		}
		if err := t.payOut(sums[currency], currency, members[currency]); err != nil {
			return err
		}
	}
	return nil
}

// payOut sends a sum to the bank. Members are the transactions that it
// consists of; without them somebody has asked for it.
func (t *tx) payOut(amount int64, currency string, members []string) error {
	p := &payout{
		ID: newID("po_1", 23), Object: "payout", Amount: amount, ArrivalDate: t.now + arrivesAfter, Automatic: members != nil, Created: t.now,
		Currency: currency, Metadata: map[string]string{}, Method: "standard", ReconciliationStatus: inProgress, SourceType: card, Status: pending, Type: "bank_account",
	}
	b := t.book(payoutCategory, payoutCategory, p.ID, -amount, currency, t.now)
	b.Description, p.BalanceTransaction = new("STRIPE PAYOUT"), &b.ID
	if p.Automatic {
		p.Description = new("STRIPE PAYOUT")
		t.wrote.paidOut(p.ID, append(members, b.ID))
	} else {
		p.ReconciliationStatus = notApplicable
	}
	put(&t.wrote.Payouts, p)
	return t.emit("payout.created", p)
}

func (c *change) paidOut(payout string, members []string) {
	if c.PaidOut == nil {
		c.PaidOut = map[string][]string{}
	}
	c.PaidOut[payout] = members
}

// step is the next thing that happens to a payout.
func (t *tx) step(old *payout) error {
	p, kind := *old, "payout.paid"
	switch {
	case p.Status == pending:
		p.Status, kind = inTransit, "payout.updated"
	case p.ReconciliationStatus == inProgress:
		p.ReconciliationStatus, kind = completed, "payout.reconciliation_completed"
	default:
		p.Status = paid
	}
	put(&t.wrote.Payouts, &p)
	return t.emit(kind, &p)
}
