package closing

import (
	"cmp"
	"slices"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

const (
	// margin is how far around a period the books are read for partners: slow ways
	// to pay settle two weeks after the charge (docs.stripe.com/payments/bank-debits).
	margin = 21 * 24 * time.Hour
	// payoutMargin is the same for payouts, which leave the balance when they are
	// made; each of them is many rows to read.
	payoutMargin = time.Hour
)

// books are the rows that a close is made of, and their surroundings.
type books struct {
	payments     []payment
	charges      []boxoffice.Charge
	transactions []boxoffice.BalanceTransaction
	payouts      []boxoffice.Payout
	members      map[string][]boxoffice.BalanceTransaction // by payout: what went out with it
	covered      []boxoffice.Span
}

// payment is one that this till's book has.
type payment struct {
	intentID  string
	chargeID  string
	amount    money.Amount
	at        time.Time // when it was paid, by Stripe's clock
	known     time.Time // when the book last heard of it
	order     boxoffice.Order
	kept      string // the discrepancy's id, without an order
	elsewhere bool
	boxoffice.Returns
}

// gatherer collects books from a transaction.
type gatherer struct {
	tx       *ledger.Tx
	from, to time.Time
	books
	intents map[string]bool // of payments
	listed  map[string]bool // ids of charges and payouts
}

// gather reads what a close of the time needs: the money around it, and all
// money of which some went back, which it can do at any time.
func gather(tx *ledger.Tx, from, to time.Time) (books, error) {
	g := &gatherer{tx: tx, from: from, to: to, intents: map[string]bool{}, listed: map[string]bool{}}
	g.members = map[string][]boxoffice.BalanceTransaction{}
	for _, read := range []func() error{g.readMoney, g.readTransactions, g.readCharges, g.readPayouts} {
		if err := read(); err != nil {
			return books{}, err
		}
	}
	var err error
	g.covered, err = tx.Covered()
	return g.books, err
}

// near reports whether the time is in the period or so far around it.
func (g *gatherer) near(at time.Time, margin time.Duration) bool {
	return !at.Before(g.from.Add(-margin)) && !at.After(g.to.Add(margin))
}

func (g *gatherer) readMoney() error {
	take := func(intentID string, m ledger.Money) error {
		p, err := g.paymentOf(intentID, m)
		if err == nil {
			g.take(p)
		}
		return err
	}
	err := g.tx.MoneyBetween(g.from.Add(-margin), g.to.Add(margin), func(intentID string, m ledger.Money) (bool, error) {
		return true, take(intentID, m)
	})
	if err != nil {
		return err
	}
	return g.tx.MoneyReturned(func(m ledger.Money) error { return take(m.IntentID(), m) })
}

func (g *gatherer) take(p payment) {
	if !g.intents[p.intentID] && !p.amount.Zero() {
		g.intents[p.intentID] = true
		g.payments = append(g.payments, p)
	}
}

// paymentOf is the book's side of a payment. It has no amount, and is in no book
// of Stripe's, if it was of nothing or of Stripe's other mode.
func (g *gatherer) paymentOf(intentID string, m ledger.Money) (payment, error) {
	p := payment{intentID: intentID, Returns: m.Returns()}
	if o := m.Order; o != nil {
		p.order, p.known = *o, o.UpdatedAt
		for _, t := range o.Tenders {
			if t.State == boxoffice.TenderPaid && (t.PaymentIntentID == intentID || t.SessionID == intentID) {
				p.chargeID, p.amount, p.at = t.ChargeID, t.Amount, t.PaidAt
			}
		}
		return p, nil
	}
	d := m.Discrepancy
	p.kept, p.chargeID, p.elsewhere = d.ID, d.ChargeID, d.Reason == boxoffice.Elsewhere
	if p.at, p.known = d.PaidAt, d.FoundAt; p.at.IsZero() {
		p.at = d.FoundAt
	}
	if d.Reason != boxoffice.WrongMode {
		p.amount = d.Amount
	}
	entries, err := g.tx.DiscrepancyEntries(d.ID)
	if len(entries) > 0 {
		p.known = entries[len(entries)-1].At
	}
	return p, err
}

// readTransactions reads the balance from the period on. Long after it only
// what belongs to a payment of before is kept: money that came back.
func (g *gatherer) readTransactions() error {
	end := time.Unix(1<<40, 0)
	return g.tx.Transactions(g.from.Add(-margin), end, func(t boxoffice.BalanceTransaction) (bool, error) {
		switch kindOf(t) {
		case PaymentReturned, Refund, RefundReturned, Dispute, DisputeReturned, PayoutReturned: // a bank can send a payout back days later
			g.transactions = append(g.transactions, t)
		case Payout:
			if g.near(t.CreatedAt, payoutMargin) {
				g.transactions = append(g.transactions, t)
			}
		case Payment, Other:
			if g.near(t.CreatedAt, margin) {
				g.transactions = append(g.transactions, t)
			}
		}
		return true, nil
	})
}

// readCharges reads the charges around the period, and those from before that
// moved the balance in it or of which it was moved back, each with its payment.
func (g *gatherer) readCharges() error {
	err := g.tx.Charges(g.from.Add(-margin), g.to.Add(margin), func(c boxoffice.Charge) (bool, error) {
		g.charges = append(g.charges, c)
		g.listed[c.ID] = true
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, t := range g.transactions {
		id := t.ChargeID
		if kind := kindOf(t); kind == Payment || kind == PaymentReturned {
			id = t.SourceID
		}
		if id == "" || g.listed[id] {
			continue
		}
		c, ok, err := g.tx.Charge(id)
		if err != nil {
			return err
		}
		if ok {
			g.charges = append(g.charges, c)
			g.listed[c.ID] = true
		}
	}
	if err := g.readReturned(); err != nil {
		return err
	}
	for _, c := range g.charges {
		if c.PaymentIntentID == "" || g.intents[c.PaymentIntentID] {
			continue
		}
		m, ok, err := g.tx.MoneyByIntent(c.PaymentIntentID)
		if err != nil || !ok {
			if err != nil {
				return err
			}
			continue
		}
		p, err := g.paymentOf(c.PaymentIntentID, m)
		if err != nil {
			return err
		}
		g.take(p)
	}
	return nil
}

// readReturned reads, of what went back around the period, what was long before
// it: the charge, which tells whether a cent is rounding, and a dispute's first
// parts.
func (g *gatherer) readReturned() error {
	moved := map[string]bool{}
	for _, t := range g.transactions {
		moved[t.SourceID] = true
	}
	first, disputes := g.from.Add(-margin), map[string]bool{}
	for _, p := range g.payments {
		ids := map[string]bool{}
		for _, r := range p.Refunds {
			ids[r.ChargeID] = ids[r.ChargeID] || moved[r.StripeID]
		}
		for _, d := range p.Disputes {
			ids[d.ChargeID] = ids[d.ChargeID] || moved[d.ID]
			if moved[d.ID] && d.CreatedAt.Before(g.from.Add(-margin)) {
				disputes[d.ID] = true
				if d.CreatedAt.Before(first) {
					first = d.CreatedAt
				}
			}
		}
		for id, back := range ids {
			if !back || g.listed[id] {
				continue
			}
			c, ok, err := g.tx.Charge(id)
			if err != nil {
				return err
			}
			if ok {
				g.charges, g.listed[id] = append(g.charges, c), true
			}
		}
	}
	if len(disputes) == 0 {
		return nil
	}
	return g.tx.Transactions(first, g.from.Add(-margin-time.Second), func(t boxoffice.BalanceTransaction) (bool, error) {
		if disputes[t.SourceID] {
			g.transactions = append(g.transactions, t)
		}
		return true, nil
	})
}

// readPayouts reads the payouts of the period and those whose money moved in it.
func (g *gatherer) readPayouts() (err error) {
	if g.payouts, err = g.tx.Payouts(g.from.Add(-payoutMargin), g.to.Add(payoutMargin)); err != nil {
		return err
	}
	for _, p := range g.payouts {
		g.listed[p.ID] = true
	}
	for _, t := range g.transactions {
		if kind := kindOf(t); kind != Payout && kind != PayoutReturned || g.listed[t.SourceID] {
			continue
		}
		p, ok, err := g.tx.Payout(t.SourceID)
		if err != nil {
			return err
		}
		if ok {
			g.payouts = append(g.payouts, p)
			g.listed[p.ID] = true
		}
	}
	slices.SortFunc(g.payouts, func(a, b boxoffice.Payout) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	for _, p := range g.payouts {
		if g.members[p.ID], err = g.tx.TransactionsOf(p.ID); err != nil {
			return err
		}
	}
	return nil
}

// kindOf is what the balance transaction is, by Stripe's reporting category, and
// by its type where an answer had none
// (docs.stripe.com/reports/balance-transaction-types).
func kindOf(t boxoffice.BalanceTransaction) Kind {
	switch cmp.Or(t.Category, t.Type) {
	case "charge", "payment":
		return Payment
	case "charge_failure", "payment_failure_refund":
		return PaymentReturned
	case "refund", "payment_refund":
		return Refund
	case "refund_failure":
		return RefundReturned
	case "dispute":
		return Dispute
	case "dispute_reversal":
		return DisputeReturned
	case "payout":
		return Payout
	case "payout_reversal", "payout_cancel", "payout_failure":
		return PayoutReturned
	default:
		return Other
	}
}
