package desk

import (
	"context"
	"fmt"
	"slices"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// Adopt names what Stripe has already of a new ticket type.
type Adopt struct {
	ProductID string
	PriceID   string
}

// MirrorAgain has Stripe asked again for what it refused of the event.
func (d *Desk) MirrorAgain(eventID string) error {
	err := d.opt.Book.Update(func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		if err != nil {
			return err
		}
		e, ok := c.EventByID(eventID)
		if !ok {
			return boxoffice.ErrUnknownEvent()
		}
		for _, t := range e.TicketTypes {
			m, err := tx.Mirror(t.ID)
			if err != nil {
				return err
			}
			if m.Problem == nil {
				continue
			}
			m.Problem, m.Refused = nil, nil
			if _, err := tx.Append(boxoffice.MirrorAdoptedFact{Mirror: m}); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		d.opt.Stripe.Mirror()
	}
	return err
}

// Importable lists what Stripe sells already, and the book could.
func (d *Desk) Importable(ctx context.Context) ([]boxoffice.Importable, error) {
	found, err := d.opt.Stripe.Products(ctx)
	if err != nil {
		return nil, err
	}
	return found, d.opt.Book.View(func(tx *ledger.Tx) error {
		mirrors, err := tx.Mirrors()
		if err != nil {
			return err
		}
		for i := range found {
			found[i].Used = slices.ContainsFunc(mirrors, func(m boxoffice.Mirror) bool { return m.ProductID == found[i].ProductID })
		}
		return nil
	})
}

// adoptable is what Stripe has that the edit could take; it asks Stripe only
// where the edit wants something.
func (d *Desk) adoptable(ctx context.Context, edit EventEdit) ([]boxoffice.Importable, error) {
	if len(edit.Adopt) == 0 {
		return nil, nil
	}
	return d.opt.Stripe.Products(ctx)
}

// adopted are the facts that take what Stripe has for new ticket types, after
// looking that it is there and that no other type is sold as it.
func (edit EventEdit) adopted(tx *ledger.Tx, found []boxoffice.Importable) ([]boxoffice.Fact, error) {
	mirrors, err := tx.Mirrors()
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, m := range mirrors {
		used[m.ProductID] = true
	}
	var facts []boxoffice.Fact
	var faults []boxoffice.Fault
	for i, t := range edit.Event.TicketTypes {
		a, ok := edit.Adopt[t.ID]
		if !ok {
			continue
		}
		refuse := func(message string) {
			faults = append(faults, boxoffice.Fault{At: fmt.Sprintf("ticketTypes[%d].adopt", i), Message: message})
		}
		at := slices.IndexFunc(found, func(p boxoffice.Importable) bool { return p.ProductID == a.ProductID && p.PriceID == a.PriceID })
		switch {
		case !edit.made[t.ID]:
			refuse("Only a new ticket type can be taken over from Stripe.")
			continue
		case at < 0:
			refuse("Stripe has no such product on sale any more.")
			continue
		case used[a.ProductID]:
			refuse("Another ticket type is sold as this product already.")
			continue
		}
		used[a.ProductID] = true
		m := boxoffice.Mirror{TicketTypeID: t.ID, ProductID: a.ProductID, Imported: true}
		if p := found[at].Price; p != nil {
			m.PriceID, m.Price, m.DefaultPrice = a.PriceID, *p, a.PriceID
		}
		facts = append(facts, boxoffice.MirrorAdoptedFact{Mirror: m})
	}
	return facts, inUse(faults)
}
