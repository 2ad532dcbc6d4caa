package closing

import (
	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// refund pairs what went back of a payment with the balance, and what came back
// of that. A refund that is under way may have moved the balance or not yet.
func (m *matcher) refund(p payment, r boxoffice.Refund) {
	if r.StripeID == "" {
		return // Stripe made none
	}
	gone, back := m.claim("", r.StripeID, Refund), m.claim("", r.StripeID, RefundReturned)
	undone := r.Status == boxoffice.RefundFailed || r.Status == boxoffice.RefundCanceled
	if gone != nil || r.Status == boxoffice.RefundSucceeded || undone && back != nil {
		m.refunded(p, r, Refund, gone, true)
	}
	if back != nil || undone && gone != nil {
		m.refunded(p, r, RefundReturned, back, undone)
	}
}

// refunded is one of the two movements of a refund; known says that the book
// has it.
func (m *matcher) refunded(p payment, r boxoffice.Refund, kind Kind, t *boxoffice.BalanceTransaction, known bool) {
	move := p.of(kind, r.CreatedAt)
	move.RefundID, move.Transaction = r.StripeID, t
	if known {
		move.InBook = r.Amount
	}
	if t == nil {
		m.lacks(move, RefundMissingAtStripe, r.CreatedAt, p.known)
		return
	}
	move.AtStripe = positive(t.Amount)
	switch {
	case !known:
		m.add(move, RefundMissingInBook)
	case t.Amount.Currency != r.Amount.Currency:
		// Converted: Stripe keeps the refund's own amount with the refund, which is
		// where the book has it from.
		move.AtStripe = r.Amount
		m.add(move, "")
	case m.rounded(r.ChargeID, r.Amount.Currency, r.Amount.Minor-move.AtStripe.Minor):
		move.AtStripe = r.Amount
		m.add(move, "")
	case move.AtStripe != r.Amount:
		m.add(move, RefundDiffers)
	default:
		m.add(move, "")
	}
}

// rounded reports whether what went back of a charge is off the balance, in minor
// units, by rounding alone: the buyer paid in a currency of their own and had
// that back, the book has its share of the price, and the balance rounds once
// more.
func (m *matcher) rounded(chargeID string, sold money.Currency, off int64) bool {
	c, ok := m.charge[chargeID]
	return ok && c.Amount.Currency != sold && (off == 1 || off == -1)
}

// dispute pairs what a bank took and what it gave back, each of which it can do
// in several parts. An inquiry moves nothing.
func (m *matcher) dispute(p payment, d boxoffice.Dispute) {
	m.disputed(p, d, Dispute, d.Withdrawn)
	m.disputed(p, d, DisputeReturned, d.Reinstated)
}

// disputed pairs one direction, of which the book has so much, in minor units.
func (m *matcher) disputed(p payment, d boxoffice.Dispute, kind Kind, want int64) {
	var parts []*boxoffice.BalanceTransaction
	for t := m.claim("", d.ID, kind); t != nil; t = m.claim("", d.ID, kind) {
		parts = append(parts, t)
	}
	move := p.of(kind, d.CreatedAt)
	move.DisputeID = d.ID
	if len(parts) == 0 {
		if want > 0 {
			move.InBook = money.New(want, d.Amount.Currency)
			m.lacks(move, DisputeMissingAtStripe, d.CreatedAt, p.known)
		}
		return
	}
	for i, t := range parts {
		part := move
		part.Transaction, part.AtStripe = t, positive(t.Amount)
		moved := part.AtStripe.Minor
		converted := t.Amount.Currency != d.Amount.Currency
		switch last := i == len(parts)-1; {
		case converted && want > 0, moved == want, moved < want && !last, last && m.rounded(d.ChargeID, d.Amount.Currency, want-moved):
			part.InBook = part.AtStripe
			m.add(part, "")
		case want <= 0:
			m.add(part, DisputeMissingInBook)
		default:
			part.InBook = money.New(want, d.Amount.Currency)
			m.add(part, DisputeDiffers)
		}
		if !converted {
			want -= moved
		}
	}
}
