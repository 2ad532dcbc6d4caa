package reconcile

import (
	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// posterSight finds the poster at which an unknown session began.
func (r *Reconciler) posterSight(tx *ledger.Tx, seen sight) (sight, error) {
	p, ok, err := tx.PosterByLink(seen.session.LinkID)
	if err == nil && !ok {
		// The answer to the link's making was lost.
		p, ok, err = tx.Poster(seen.session.Metadata[boxoffice.MetadataPoster])
	}
	if err != nil || !ok || seen.session.LinkID == "" {
		return seen, err
	}
	seen.poster = p
	if seen.room, err = tx.HasRoom(p.Claims); err != nil {
		return seen, err
	}
	for taken := true; taken && err == nil; {
		seen.code = r.opt.IDs.Code()
		_, taken, err = tx.OrderByCode(seen.code)
	}
	return seen, err
}

// arrival places money that came by a poster: in a seat that was set apart for
// it, or in any other that is free, or where money without a seat is kept.
func (s sight) arrival() []boxoffice.Fact {
	if judge(s.session) != paid || s.kept {
		return nil
	}
	if reason := s.posterMisfit(); reason != "" {
		return s.discrepancy(reason)
	}
	p := s.poster
	o := boxoffice.Order{
		ID: s.newID("ord"), Code: s.code, Key: s.session.ID, PlacedAt: s.session.Created, UpdatedAt: s.session.Created,
		BuyerName: s.session.BuyerName, BuyerEmail: s.session.BuyerEmail, Total: s.session.Amount, PosterID: p.ID,
		LineItems: []boxoffice.LineItem{{
			PerformanceID: p.PerformanceID, TicketTypeID: p.TicketTypeID, EventName: p.EventName, Name: p.Name, Place: p.Place,
			StartsAt: p.StartsAt, TimeZone: p.TimeZone, UnitPrice: p.Price, Quantity: 1, Total: p.Price,
		}},
		Hold: boxoffice.Hold{State: boxoffice.Sold, Claims: p.Claims},
		Tenders: []boxoffice.Tender{{
			ID: s.newID("tdr"), Kind: boxoffice.Phone, State: boxoffice.TenderPaid, Amount: s.session.Amount, SessionID: s.session.ID,
			PaymentIntentID: s.session.Payment.IntentID, ChargeID: s.session.Payment.ChargeID,
			PaidAt: s.session.Payment.PaidAt, Card: s.session.Payment.Card,
		}},
	}
	o.Tickets = boxoffice.IssueTickets(o, s.newTicket)
	return []boxoffice.Fact{boxoffice.OrderArrivedFact{PosterID: p.ID, Order: o, Allotted: p.Left() > 0}}
}

// posterMisfit is the reason why a poster's money cannot be placed, or "".
func (s sight) posterMisfit() boxoffice.Reason {
	switch {
	case s.session.Livemode != s.livemode:
		return boxoffice.WrongMode
	case s.session.Amount.Currency != s.poster.Price.Currency:
		return boxoffice.WrongCurrency
	case s.session.Amount.Minor != s.poster.Price.Minor:
		return boxoffice.WrongAmount
	case s.poster.Left() < 1 && !s.room:
		return boxoffice.NoRoom
	default:
		return ""
	}
}
