package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// SeatLate gives seats for money without a place: an order of the lines, paid
// by that money, whatever the lines cost. Without lines it is what the money
// was meant to buy. Types that are off sale, and archived events, can be had:
// a person decides. The same decision with the same key is the same order.
//
// Seats that the order it was meant for still holds come free first, so that
// they can be the ones.
func (d *Desk) SeatLate(id string, lines []SaleLine, c Decision) (found boxoffice.Discrepancy, err error) {
	if c, err = c.check(); err != nil {
		return found, err
	}
	if len(lines) > 0 {
		sale, err := Sale{Key: c.Key, LineItems: lines}.check()
		if err != nil {
			return found, err
		}
		lines = sale.LineItems
	}
	asked := seatFingerprint(id, lines, c)
	err = d.opt.Book.Update(func(tx *ledger.Tx) error {
		if found, err = findLate(tx, id); err != nil {
			return err
		}
		if o, ok, err := tx.OrderByKey(c.Key); err != nil || ok {
			if ok && o.Asked != asked {
				err = otherDecision()
			}
			return err
		}
		if err := possible(tx, found, boxoffice.ActSeat); err != nil {
			return err
		}
		o, err := d.seated(tx, found, lines)
		if err != nil {
			return err
		}
		o.Key, o.Asked = c.Key, asked
		_, err = tx.Append(boxoffice.DiscrepancyResolvedFact{
			DiscrepancyID: id, OrderID: found.OrderID, Order: &o,
			Resolution: boxoffice.Resolution{Action: boxoffice.ActSeat, By: c.By, Note: c.Note, OrderID: o.ID},
		})
		if err != nil {
			return err
		}
		found, err = findLate(tx, id)
		return err
	})
	return found, err
}

// seatFingerprint tells whether two decisions with one key are the same.
func seatFingerprint(id string, lines []SaleLine, c Decision) string {
	text, _ := json.Marshal(struct { // plain values: it cannot fail
		ID, By, Note string
		Lines        []SaleLine
	}{id, c.By, c.Note, lines})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// seated is the order that the money becomes, or says that there is no room.
func (d *Desk) seated(tx *ledger.Tx, found boxoffice.Discrepancy, lines []SaleLine) (o boxoffice.Order, err error) {
	c, err := tx.Catalogue()
	if err != nil {
		return o, err
	}
	if c, err = freed(tx, c, found); err != nil {
		return o, err
	}
	if len(lines) == 0 {
		meant, err := meantLines(tx, found)
		if err != nil {
			return o, err
		}
		for _, l := range meant {
			lines = append(lines, SaleLine{PerformanceID: l.PerformanceID, TicketTypeID: l.TicketTypeID, Quantity: l.Quantity, UnitPrice: l.UnitPrice.Minor})
		}
	}
	items, err := allotted(c, lines, found.Amount)
	if err != nil {
		return o, err
	}
	claims, err := claim(c, items)
	if err != nil {
		return o, err
	}
	code, err := d.freeCode(tx)
	if err != nil {
		return o, err
	}
	now, kind, paidAt := d.opt.Now().UTC(), boxoffice.Phone, found.PaidAt
	if strings.HasPrefix(found.SessionID, "pi_") {
		kind = boxoffice.CardTender
	}
	if paidAt.IsZero() {
		paidAt = found.FoundAt // an older book did not keep when it was paid
	}
	o = boxoffice.Order{
		ID: d.opt.IDs.New("ord"), Code: code, PlacedAt: now, UpdatedAt: now, BuyerName: found.BuyerName, BuyerEmail: found.BuyerEmail,
		LineItems: items, Total: found.Amount, Hold: boxoffice.Hold{State: boxoffice.Sold, Claims: claims},
		PosterID: found.PosterID, DiscrepancyID: found.ID,
		Tenders: []boxoffice.Tender{{
			ID: d.opt.IDs.New("tdr"), Kind: kind, State: boxoffice.TenderPaid, Amount: found.Amount, SessionID: found.SessionID,
			PaymentIntentID: found.PaymentIntentID, ChargeID: found.ChargeID, PaidAt: paidAt, Card: found.Card,
		}},
	}
	o.Tickets = boxoffice.IssueTickets(o, func() string { return d.opt.IDs.New("tkt") })
	return o, nil
}

// freed is the catalogue as it is when the order that the money was meant for
// no longer holds seats for it.
func freed(tx *ledger.Tx, c boxoffice.Catalogue, found boxoffice.Discrepancy) (boxoffice.Catalogue, error) {
	was, ok, err := tx.Order(found.OrderID)
	if err != nil || !ok {
		return c, err
	}
	is := was.Yield(boxoffice.DiscrepancyResolvedFact{}, found.SessionID, was.UpdatedAt)
	c.Quotas = slices.Clone(c.Quotas)
	for _, m := range was.Hold.Moves(is.Hold) {
		for i := range c.Quotas {
			if c.Quotas[i].ID == m.QuotaID {
				c.Quotas[i].Held += m.Held
				c.Quotas[i].Sold += m.Sold
			}
		}
	}
	return c, nil
}

// Meant is what late money was to buy.
type Meant struct {
	Lines []boxoffice.LineItem // none where nobody knows
	Room  bool                 // the seats are free now
}

// MeantFor says what the money was to buy, and whether its seats are free in
// the catalogue of the moment.
func MeantFor(tx *ledger.Tx, c boxoffice.Catalogue, found boxoffice.Discrepancy) (m Meant, err error) {
	if m.Lines, err = meantLines(tx, found); err != nil || len(m.Lines) == 0 {
		return m, err
	}
	if c, err = freed(tx, c, found); err != nil {
		return m, err
	}
	for _, l := range m.Lines {
		if _, _, ok := c.Find(l.PerformanceID); !ok {
			return m, nil
		}
	}
	_, full := claim(c, m.Lines)
	m.Room = full == nil
	return m, nil
}

func meantLines(tx *ledger.Tx, found boxoffice.Discrepancy) ([]boxoffice.LineItem, error) {
	o, ok, err := tx.Order(found.OrderID)
	if err != nil || ok {
		return o.LineItems, err
	}
	p, ok, err := tx.Poster(found.PosterID)
	if err != nil || !ok {
		return nil, err
	}
	return []boxoffice.LineItem{{
		PerformanceID: p.PerformanceID, TicketTypeID: p.TicketTypeID, EventName: p.EventName, Name: p.Name, Place: p.Place,
		StartsAt: p.StartsAt, TimeZone: p.TimeZone, UnitPrice: p.Price, Quantity: 1, Total: p.Price,
	}}, nil
}
