package closing

import (
	"cmp"
	"slices"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// matcher pairs the rows of books. Whatever is claimed is claimed once, so that
// no row can agree with two others.
type matcher struct {
	books
	charge   map[string]boxoffice.Charge
	byIntent map[string][]string // charges, the likeliest first
	byID     map[string]*boxoffice.BalanceTransaction
	bySource map[string][]*boxoffice.BalanceTransaction // in the order of their time
	claimed  map[string]bool                            // ids of charges and transactions
	out      []Movement
}

// match pairs all rows, whatever their time, and says what came of each.
func match(b books) []Movement {
	m := &matcher{
		books: b, charge: map[string]boxoffice.Charge{}, byIntent: map[string][]string{},
		byID: map[string]*boxoffice.BalanceTransaction{}, bySource: map[string][]*boxoffice.BalanceTransaction{}, claimed: map[string]bool{},
	}
	m.index()
	for _, p := range m.payments {
		m.payment(p)
	}
	for _, c := range m.charges {
		m.strayCharge(c)
	}
	for _, p := range m.payments {
		for _, r := range p.Refunds {
			m.refund(p, r)
		}
		for _, d := range p.Disputes {
			m.dispute(p, d)
		}
	}
	for _, p := range m.payouts {
		m.payout(p)
	}
	for i := range m.transactions {
		m.stray(&m.transactions[i])
	}
	slices.SortStableFunc(m.out, func(a, b Movement) int { return a.At.Compare(b.At) })
	return m.out
}

func (m *matcher) index() {
	m.payments, m.transactions, m.charges = slices.Clone(m.payments), slices.Clone(m.transactions), slices.Clone(m.charges)
	slices.SortFunc(m.payments, func(a, b payment) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.intentID, b.intentID)) })
	slices.SortFunc(m.transactions, func(a, b boxoffice.BalanceTransaction) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(m.charges, func(a, b boxoffice.Charge) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	for i := range m.transactions {
		t := &m.transactions[i]
		m.byID[t.ID] = t
		if t.SourceID != "" {
			m.bySource[t.SourceID] = append(m.bySource[t.SourceID], t)
		}
	}
	for _, c := range m.charges {
		m.charge[c.ID] = c
		if c.PaymentIntentID == "" {
			continue
		}
		// Of several attempts one moved the balance, and not back.
		if ids := m.byIntent[c.PaymentIntentID]; m.settled(c) && !m.failed(c) {
			m.byIntent[c.PaymentIntentID] = append([]string{c.ID}, ids...)
		} else {
			m.byIntent[c.PaymentIntentID] = append(ids, c.ID)
		}
	}
}

// settled reports whether the charge moved the balance. One that did not is
// under way, or failed: no money.
func (m *matcher) settled(c boxoffice.Charge) bool {
	return c.TransactionID != "" || slices.ContainsFunc(m.bySource[c.ID], func(t *boxoffice.BalanceTransaction) bool { return kindOf(*t) == Payment })
}

// failed reports whether the charge brought no money in the end. Its row may be
// older than that; the balance tells.
func (m *matcher) failed(c boxoffice.Charge) bool {
	return c.Status == failed || slices.ContainsFunc(m.bySource[c.ID], func(t *boxoffice.BalanceTransaction) bool { return kindOf(*t) == PaymentReturned })
}

// read reports whether Stripe's books were read for all the time between.
func (m *matcher) read(from, to time.Time) bool {
	if to.Before(from) {
		to = from
	}
	from, to = from.Truncate(time.Second), to.Truncate(time.Second)
	return slices.ContainsFunc(m.covered, func(s boxoffice.Span) bool { return !from.Before(s.From.Truncate(time.Second)) && !to.After(s.To) })
}

// readUntil is the latest time up to which Stripe's books were read.
func (m *matcher) readUntil() (at time.Time) {
	for _, s := range m.covered {
		if s.To.After(at) {
			at = s.To
		}
	}
	return at
}

// claim takes the transaction of the charge or payout: by its id, or else the
// first of the kind that names its source.
func (m *matcher) claim(id, source string, kind Kind) *boxoffice.BalanceTransaction {
	if t := m.byID[id]; t != nil && !m.claimed[id] && kindOf(*t) == kind {
		m.claimed[id] = true
		return t
	}
	for _, t := range m.bySource[source] {
		if !m.claimed[t.ID] && kindOf(*t) == kind {
			m.claimed[t.ID] = true
			return t
		}
	}
	return nil
}

// add keeps a movement. It differs if there is a difference; one that comes of
// a row which is not there is unread where that row's time was not read.
func (m *matcher) add(move Movement, d Difference) {
	if move.Transaction != nil {
		move.At = move.Transaction.CreatedAt
	}
	if move.State == "" {
		move.State = Agrees
		if d != "" {
			move.State, move.Difference = Differs, d
		}
	}
	m.out = append(m.out, move)
}

// lacks keeps a movement whose partner is not there, though Stripe made it in
// the time between.
func (m *matcher) lacks(move Movement, d Difference, from, to time.Time) {
	if !m.read(from, to) {
		move.State = Unread
	}
	m.add(move, d)
}

// of begins a movement of the book's payment.
func (p payment) of(kind Kind, at time.Time) Movement {
	return Movement{
		Kind: kind, At: at, PaymentIntentID: p.intentID, ChargeID: p.chargeID,
		OrderID: p.order.ID, OrderCode: p.order.Code, DiscrepancyID: p.kept, Elsewhere: p.elsewhere,
	}
}

// chargeOf finds the payment's charge: by its id, or by the intent. An attempt
// that failed is not another's.
func (m *matcher) chargeOf(p payment) (boxoffice.Charge, bool) {
	if c, ok := m.charge[p.chargeID]; ok && !m.claimed[c.ID] {
		return c, true
	}
	for _, id := range m.byIntent[p.intentID] {
		if c := m.charge[id]; !m.claimed[id] && (p.chargeID == "" || !m.failed(c)) {
			return c, true
		}
	}
	return boxoffice.Charge{}, false
}

// payment pairs a payment of the book with its charge, with the balance, and
// with what the balance gave back when it failed.
func (m *matcher) payment(p payment) {
	move := p.of(Payment, p.at)
	move.InBook = p.amount
	c, listed := m.chargeOf(p)
	if listed {
		move.ChargeID = c.ID
	}
	back := m.claim("", move.ChargeID, PaymentReturned)
	if back != nil {
		gone := move
		gone.Kind, gone.Transaction, gone.AtStripe = PaymentReturned, back, money.New(0, p.amount.Currency)
		m.add(gone, PaymentFailed)
	}
	if !listed {
		move.Transaction = m.claim("", p.chargeID, Payment)
		if move.Transaction != nil {
			move.AtStripe = move.Transaction.Amount
			m.lacks(move, ChargeMissing, p.at, p.at)
			return
		}
		m.lacks(move, MissingAtStripe, p.at, p.at)
		return
	}
	m.claimed[c.ID] = true
	move.AtStripe, move.At = c.Amount, c.CreatedAt
	move.Transaction = m.claim(c.TransactionID, c.ID, Payment)
	switch {
	case c.Status == failed && back == nil:
		move.AtStripe = money.New(0, p.amount.Currency)
		m.add(move, PaymentFailed)
	case move.Transaction == nil && c.TransactionID != "":
		m.lacks(move, TransactionMissing, c.CreatedAt, c.CreatedAt.Add(time.Minute))
	case move.Transaction == nil:
		m.lacks(move, TransactionMissing, c.CreatedAt, p.known) // it may have been settled days later
	case !sameMoney(p.amount, c.Amount, move.Transaction.Amount):
		if p.amount == c.Amount {
			move.AtStripe = move.Transaction.Amount
		}
		m.add(move, AmountDiffers)
	default:
		m.add(move, "")
	}
}

// sameMoney compares a payment in the three books. The balance may have another
// currency than the charge, and then only the charge is compared. A buyer who
// was shown a currency of their own paid another amount than was asked for; the
// balance then has what was asked for
// (docs.stripe.com/payments/checkout/adaptive-pricing).
func sameMoney(book, charge, balance money.Amount) bool {
	if book == charge {
		return charge.Currency != balance.Currency || charge == balance
	}
	return book.Currency != charge.Currency && book == balance
}

// bankTime is how long a bank may take over a debit (docs.stripe.com/payments/sepa-debit).
const bankTime = 14 * 24 * time.Hour

// failed is Stripe's word for a charge that brought no money.
const failed = "failed"

// strayCharge is a charge that no payment of the book has. It is Stripe's own
// affair if it is no sale of a till (an account's other programs can charge
// without a PaymentIntent), or if a bank has not decided on it or has refused:
// the balance is moved already when a debit is sent to the bank, and back if it
// fails (support.stripe.com/questions/changes-to-balance-transaction-behavior-for-debit-payment-methods).
// What was undecided when it was read has been decided a while later: it is read
// again.
func (m *matcher) strayCharge(c boxoffice.Charge) {
	if m.claimed[c.ID] || !m.settled(c) {
		return
	}
	m.claimed[c.ID] = true
	move := Movement{
		Kind: Payment, At: c.CreatedAt, AtStripe: c.Amount, Transaction: m.claim(c.TransactionID, c.ID, Payment),
		PaymentIntentID: c.PaymentIntentID, ChargeID: c.ID,
	}
	switch {
	case c.PaymentIntentID != "" && c.Status == "pending" && !m.failed(c) && m.readUntil().Sub(c.CreatedAt) > bankTime:
		move.State = Unread
		m.add(move, "")
	case c.PaymentIntentID == "" || c.Status != "" || m.failed(c):
		move.Kind, move.State = Other, Listed
		m.add(move, "")
	default:
		m.add(move, MissingInBook)
	}
}

// stray is a transaction that nothing has claimed.
func (m *matcher) stray(t *boxoffice.BalanceTransaction) {
	if m.claimed[t.ID] {
		return
	}
	m.claimed[t.ID] = true
	move := Movement{Kind: kindOf(*t), Transaction: t, AtStripe: positive(t.Amount), ChargeID: t.ChargeID}
	if t.ChargeID != "" && m.charge[t.ChargeID].PaymentIntentID == "" {
		move.Kind = Other // another program's, like its charge
	}
	switch move.Kind {
	case Payment:
		move.ChargeID = t.SourceID
		m.lacks(move, ChargeMissing, t.CreatedAt, t.CreatedAt)
	case Refund, RefundReturned:
		move.RefundID = t.SourceID
		m.add(move, RefundMissingInBook)
	case Dispute, DisputeReturned:
		move.DisputeID = t.SourceID
		m.add(move, DisputeMissingInBook)
	case Payout, PayoutReturned:
		move.PayoutID = t.SourceID
		m.lacks(move, PayoutMissing, t.CreatedAt, t.CreatedAt)
	case PaymentReturned:
		move.Kind, move.State, move.ChargeID = Other, Listed, t.SourceID
		m.add(move, "")
	default:
		move.State = Listed
		m.add(move, "")
	}
}

func positive(a money.Amount) money.Amount {
	if a.Minor < 0 {
		a.Minor = -a.Minor
	}
	return a
}
