package closing

import (
	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// payout pairs a payout with the balance, and with what Stripe lists in it. Of
// both Stripe is the source: InBook is what the payout says, and AtStripe what
// left the balance, or what is in it where that does not add up.
func (m *matcher) payout(p boxoffice.Payout) {
	t := m.claim(p.TransactionID, p.ID, Payout)
	move := Movement{Kind: Payout, At: p.CreatedAt, PayoutID: p.ID, InBook: p.Amount, Transaction: t}
	undone := p.Status == "failed" || p.Status == "canceled"
	if t != nil {
		move.AtStripe = money.New(-t.Amount.Minor, t.Amount.Currency)
	}
	sum, listed := m.within(p)
	switch {
	case t == nil && !undone:
		m.lacks(move, TransactionMissing, p.CreatedAt, p.CreatedAt)
	case t == nil:
	case move.AtStripe != p.Amount:
		m.add(move, PayoutDiffers)
	case p.Automatic && p.Reconciled && !p.Matched:
		move.State = Unread
		m.add(move, "")
	case listed && sum != p.Amount.Minor:
		move.AtStripe.Minor = sum
		m.add(move, PayoutDiffers)
	default:
		m.add(move, "")
	}
	for back := m.claim("", p.ID, PayoutReturned); back != nil; back = m.claim("", p.ID, PayoutReturned) {
		move := Movement{Kind: PayoutReturned, PayoutID: p.ID, InBook: p.Amount, AtStripe: back.Amount, Transaction: back}
		if back.Amount == p.Amount {
			m.add(move, "")
		} else {
			m.add(move, PayoutDiffers)
		}
	}
}

// within is the sum of what went out with the payout, in minor units of its
// currency; false where Stripe's list is not in the book. The list has the
// payout itself among the rest. Others in it, that somebody made by hand or that
// came back, are part of the sum like anything that moved the balance.
func (m *matcher) within(p boxoffice.Payout) (sum int64, listed bool) {
	if !p.Automatic || !p.Matched {
		return 0, false
	}
	for _, t := range m.members[p.ID] {
		if t.ID != p.TransactionID {
			sum += t.Net
		}
	}
	return sum, true
}
