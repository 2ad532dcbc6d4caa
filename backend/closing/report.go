package closing

import (
	"cmp"
	"slices"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// Period closes the time from and up to, both included; parts of a second are
// cut off. An error is the book's.
func Period(tx *ledger.Tx, from, to time.Time) (Report, error) {
	from, to = from.UTC().Truncate(time.Second), to.UTC().Truncate(time.Second)
	b, err := gather(tx, from, to)
	if err != nil {
		return Report{}, err
	}
	return period(b, from, to), nil
}

func period(b books, from, to time.Time) Report {
	r := Report{From: from, To: to, Missing: gaps(b.covered, from, to)}
	for _, m := range match(b) {
		if at := m.At.Truncate(time.Second); !at.Before(from) && !at.After(to) {
			r.Movements = append(r.Movements, m)
		}
	}
	r = r.summed()
	r.Complete = r.Unread == 0 && len(r.Missing) == 0
	return r
}

// ForPayout closes a payout: what went out with it. The error is a
// *boxoffice.Error where the book has no such payout.
func ForPayout(tx *ledger.Tx, id string) (Report, error) {
	p, ok, err := tx.Payout(id)
	if err == nil && !ok {
		err = &boxoffice.Error{
			Code: boxoffice.CodeNotFound, Message: "This book has no payout " + id + ". Nothing was changed.",
			Next: "Choose one from the list, or read Stripe's books for the days around it.",
		}
	}
	if err != nil {
		return Report{}, err
	}
	members, err := tx.TransactionsOf(id)
	if err != nil {
		return Report{}, err
	}
	from, to := p.CreatedAt.UTC().Truncate(time.Second), p.CreatedAt.UTC().Truncate(time.Second)
	for _, t := range members {
		if t.CreatedAt.Before(from) {
			from = t.CreatedAt.UTC().Truncate(time.Second)
		}
		if t.CreatedAt.After(to) {
			to = t.CreatedAt.UTC().Truncate(time.Second)
		}
	}
	b, err := gather(tx, from, to)
	if err != nil {
		return Report{}, err
	}
	return forPayout(b, p, from, to), nil
}

func forPayout(b books, p boxoffice.Payout, from, to time.Time) Report {
	r := Report{From: from, To: to, Payout: &p}
	inside := map[string]bool{}
	for _, t := range b.members[p.ID] {
		inside[t.ID] = true
	}
	for _, m := range match(b) {
		own := m.PayoutID == p.ID
		if own && m.Kind == Payout && m.State == Agrees && !p.Automatic {
			m.State, m.Difference = Differs, PayoutNotListed
		}
		if own && m.Kind == Payout && m.State == Agrees && !p.Matched {
			m.State = Unread
		}
		if own || m.Transaction != nil && inside[m.Transaction.ID] {
			r.Movements = append(r.Movements, m)
		}
	}
	r = r.summed()
	if p.Automatic && !p.Matched {
		r.Missing = []boxoffice.Span{{From: from, To: to}}
	}
	r.Complete = r.Unread == 0 && len(r.Missing) == 0
	return r
}

// summed is the report with its movements counted and added up.
func (r Report) summed() Report {
	totals := map[money.Currency]*Totals{}
	others := map[[2]string]*OtherSum{}
	for _, m := range r.Movements {
		switch m.State {
		case Agrees:
			r.Agree++
		case Differs:
			r.Differ++
		case Unread:
			r.Unread++
		case Listed:
		}
		t := m.Transaction
		if t == nil {
			continue
		}
		c := t.Amount.Currency
		if totals[c] == nil {
			totals[c] = &Totals{Currency: c}
		}
		totals[c].add(m)
		if m.Kind != Other && m.Kind != PaymentReturned {
			continue
		}
		k := [2]string{string(c), cmp.Or(t.Category, t.Type)}
		if others[k] == nil {
			others[k] = &OtherSum{Category: k[1], Amount: money.New(0, c)}
		}
		others[k].Count++
		others[k].Amount.Minor += t.Amount.Minor
		others[k].Fee += t.Fee
	}
	r.Of = r.Agree + r.Differ + r.Unread
	for _, t := range totals {
		slices.SortFunc(t.Converted, func(a, b Converted) int { return cmp.Compare(a.Charged.Currency, b.Charged.Currency) })
		r.Currencies = append(r.Currencies, *t)
	}
	slices.SortFunc(r.Currencies, func(a, b Totals) int { return cmp.Compare(a.Currency, b.Currency) })
	for _, o := range others {
		r.Others = append(r.Others, *o)
	}
	slices.SortFunc(r.Others, func(a, b OtherSum) int {
		return cmp.Or(cmp.Compare(a.Amount.Currency, b.Amount.Currency), cmp.Compare(a.Category, b.Category))
	})
	return r
}

// add counts what a movement did to the balance.
func (t *Totals) add(m Movement) {
	amount := m.Transaction.Amount.Minor
	switch m.Kind {
	case Payment:
		t.Payments++
		t.Gross += amount
		if m.AtStripe.Currency != t.Currency {
			t.convert(m.AtStripe, amount)
		}
	case Refund:
		t.Refunds++
		t.Refunded -= amount
	case RefundReturned:
		t.Refunded -= amount
	case Dispute:
		t.Disputes++
		t.Disputed -= amount
	case DisputeReturned:
		t.Disputed -= amount
	case Payout:
		t.Payouts++
		t.PaidOut -= amount
	case PayoutReturned:
		t.PaidOut -= amount
	case Other, PaymentReturned:
		t.Other += amount
	}
	t.Fees += m.Transaction.Fee
	t.Net = t.Gross - t.Fees - t.Refunded - t.Disputed + t.Other
}

// convert counts a charge in another currency than the balance's.
func (t *Totals) convert(charged money.Amount, gross int64) {
	for i, c := range t.Converted {
		if c.Charged.Currency == charged.Currency {
			t.Converted[i].Charged.Minor += charged.Minor
			t.Converted[i].Gross += gross
			return
		}
	}
	t.Converted = append(t.Converted, Converted{Charged: charged, Gross: gross})
}

// gaps are the times between from and to, both included, that no span covers.
func gaps(covered []boxoffice.Span, from, to time.Time) (missing []boxoffice.Span) {
	at := from
	for _, s := range covered {
		if s.To.Before(at) {
			continue
		}
		if s.From.After(to) {
			break
		}
		if start := s.From.UTC().Truncate(time.Second); start.After(at) {
			missing = append(missing, boxoffice.Span{From: at, To: start.Add(-time.Second)})
		}
		at = s.To.UTC().Truncate(time.Second).Add(time.Second)
	}
	if !at.After(to) {
		missing = append(missing, boxoffice.Span{From: at, To: to})
	}
	return missing
}
