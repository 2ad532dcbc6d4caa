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
	move := Movement{Kind: Payout, At: p.CreatedAt, PayoutID: p.ID, PayoutStatus: p.Status, InBook: p.Amount, Transaction: t}
	if t != nil {
		move.AtStripe = money.New(-t.Amount.Minor, t.Amount.Currency)
	}
	sum, listed := m.within(p)
	switch {
	case t == nil && !p.Undone():
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
	m.cameBack(p, t)
}

// cameBack pairs a payout that the bank sent back, or that was canceled, with
// what the balance got back of it. Where it got nothing, and the payout had left
// it, the money is neither here nor there.
func (m *matcher) cameBack(p boxoffice.Payout, left *boxoffice.BalanceTransaction) {
	move := Movement{Kind: PayoutReturned, At: p.CreatedAt, PayoutID: p.ID, PayoutStatus: p.Status, InBook: p.Amount}
	found := false
	for back := m.claim(p.ReturnID, p.ID, PayoutReturned); back != nil; back = m.claim("", p.ID, PayoutReturned) {
		found, move.AtStripe, move.Transaction = true, back.Amount, back
		if back.Amount == p.Amount {
			m.add(move, "")
		} else {
			m.add(move, PayoutDiffers)
		}
	}
	switch {
	case found || left == nil || !p.Undone():
	case p.EndedAt.IsZero(): // an older book did not keep since when
		move.State = Unread
		m.add(move, "")
	default:
		m.lacks(move, PayoutNotReturned, left.CreatedAt, p.EndedAt)
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
