package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// EventEdit is an event as somebody has set it up. A performance, ticket type
// or quota whose id begins with "new-" is new; the others are the book's.
type EventEdit struct {
	Event  boxoffice.Event // ID "" for a new one; Revision as it was read
	Quotas []boxoffice.Quota
	Adopt  map[string]Adopt // by ticket type
}

// Adopt names what Stripe has already of a new ticket type.
type Adopt struct {
	ProductID string
	PriceID   string
}

const newPrefix = "new-"

// SaveEvent keeps the event as it was set up, all of it or nothing, and has
// Stripe told. It returns the event's id. What buyers hold codes for stays as
// it was when the code was made.
func (d *Desk) SaveEvent(ctx context.Context, edit EventEdit) (string, error) {
	edit = d.named(edit)
	if err := edit.check(); err != nil {
		return "", err
	}
	adopted, err := d.adopted(ctx, edit)
	if err != nil {
		return "", err
	}
	err = d.opt.Book.Update(func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		if err != nil {
			return err
		}
		facts, err := edit.facts(c)
		if err != nil {
			return err
		}
		for _, f := range append(facts, adopted...) {
			if _, err := tx.Append(f); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		d.opt.Stripe.Mirror()
	}
	return edit.Event.ID, err
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

// named gives what is new its ids, wherever it is spoken of.
func (d *Desk) named(edit EventEdit) EventEdit {
	ids := map[string]string{}
	rename := func(id, prefix string) string {
		if id != "" && !strings.HasPrefix(id, newPrefix) {
			return id
		}
		if _, known := ids[id]; !known || id == "" {
			ids[id] = d.opt.IDs.New(prefix)
		}
		return ids[id]
	}
	e := &edit.Event
	if e.ID == "" {
		e.ID = d.opt.IDs.New("evt")
	}
	e.Name, e.Place, e.Picture = strings.TrimSpace(e.Name), strings.TrimSpace(e.Place), strings.TrimSpace(e.Picture)
	e.Performances = slices.Clone(e.Performances)
	for i := range e.Performances {
		p := &e.Performances[i]
		p.ID, p.DoorsAt, p.StartsAt = rename(p.ID, "perf"), p.DoorsAt.UTC(), p.StartsAt.UTC()
		if p.DoorsAt.IsZero() {
			p.DoorsAt = p.StartsAt
		}
	}
	adopt := map[string]Adopt{}
	e.TicketTypes = slices.Clone(e.TicketTypes)
	for i := range e.TicketTypes {
		t := &e.TicketTypes[i]
		was := t.ID
		t.ID, t.Name = rename(t.ID, "type"), strings.TrimSpace(t.Name)
		if a, ok := edit.Adopt[was]; ok {
			adopt[t.ID] = a
		}
	}
	edit.Adopt = adopt
	edit.Quotas = slices.Clone(edit.Quotas)
	for i := range edit.Quotas {
		q := &edit.Quotas[i]
		q.ID, q.PerformanceID = rename(q.ID, "quota"), rename(q.PerformanceID, "perf")
		q.TicketTypeIDs = slices.Clone(q.TicketTypeIDs)
		for j := range q.TicketTypeIDs {
			q.TicketTypeIDs[j] = rename(q.TicketTypeIDs[j], "type")
		}
	}
	return edit
}

// check looks at the edit alone.
func (edit EventEdit) check() error {
	faults := edit.Event.Check()
	seen := map[string]bool{}
	once := func(at, id string) {
		if seen[id] {
			faults = append(faults, boxoffice.Fault{At: at + ".id", Message: "Two things have the same id."})
		}
		seen[id] = true
	}
	for i, p := range edit.Event.Performances {
		once(fmt.Sprintf("performances[%d]", i), p.ID)
	}
	for i, t := range edit.Event.TicketTypes {
		once(fmt.Sprintf("ticketTypes[%d]", i), t.ID)
	}
	for i, q := range edit.Quotas {
		at := fmt.Sprintf("quotas[%d]", i)
		once(at, q.ID)
		if problem := boxoffice.CheckSize(q.Size); problem != "" {
			faults = append(faults, boxoffice.Fault{At: at + ".size", Message: problem})
		}
		if _, ok := edit.Event.PerformanceByID(q.PerformanceID); !ok {
			faults = append(faults, boxoffice.Fault{At: at + ".performanceId", Message: "The event has no such performance."})
		}
		if len(q.TicketTypeIDs) == 0 {
			faults = append(faults, boxoffice.Fault{At: at + ".ticketTypeIds", Message: "Choose at least one ticket type that it limits."})
		}
		for _, id := range q.TicketTypeIDs {
			if _, ok := edit.Event.TicketTypeByID(id); !ok {
				faults = append(faults, boxoffice.Fault{At: at + ".ticketTypeIds", Message: "The event has no such ticket type."})
			}
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return &boxoffice.Error{
		Code:    boxoffice.CodeBadCatalogue,
		Message: "The event cannot be kept as it is: " + faults[0].Message + " Nothing was changed.",
		Next:    "Correct what is marked, then save again.",
		Faults:  faults,
	}
}

// facts are what brings the catalogue to the edit.
func (edit EventEdit) facts(c boxoffice.Catalogue) ([]boxoffice.Fact, error) {
	e := edit.Event
	before, known := c.EventByID(e.ID)
	facts := []boxoffice.Fact{boxoffice.EventAddedFact{Event: e}}
	switch {
	case !known && e.Revision != 0:
		return nil, boxoffice.ErrUnknownEvent()
	case known && before.Revision != e.Revision:
		return nil, &boxoffice.Error{
			Code:    boxoffice.CodeStaleEdit,
			Message: "Somebody else has changed " + before.Name + " meanwhile. Nothing was changed.",
			Next:    "Reload the event, and make your change again.",
		}
	case known:
		e.Revision++
		facts[0] = boxoffice.EventChangedFact{Event: e}
	}
	if err := keepsWhatIsSold(before, e, c); err != nil {
		return nil, err
	}
	kept := map[string]bool{}
	for i, q := range edit.Quotas {
		old, ok := c.QuotaByID(q.ID)
		kept[q.ID] = true
		switch {
		case !ok:
			facts = append(facts, boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: q.ID, PerformanceID: q.PerformanceID, TicketTypeIDs: q.TicketTypeIDs, Size: q.Size}})
		case old.PerformanceID != q.PerformanceID:
			return nil, inUse(fmt.Sprintf("quotas[%d].performanceId", i), "A quota stays with its performance: make another one.")
		case q.Size < old.Taken():
			return nil, inUse(fmt.Sprintf("quotas[%d].size", i), fmt.Sprintf("%d of its seats are taken already, so it cannot be smaller.", old.Taken()))
		case old.Taken() > 0 && !containsAll(q.TicketTypeIDs, old.TicketTypeIDs):
			return nil, inUse(fmt.Sprintf("quotas[%d].ticketTypeIds", i), "Seats of it are taken, so it must go on limiting the types that it limits.")
		case q.Size != old.Size || !slices.Equal(q.TicketTypeIDs, old.TicketTypeIDs):
			facts = append(facts, boxoffice.QuotaChangedFact{QuotaID: q.ID, TicketTypeIDs: q.TicketTypeIDs, Size: q.Size})
		}
	}
	for _, q := range c.Quotas {
		if _, ours := before.PerformanceByID(q.PerformanceID); !ours || kept[q.ID] {
			continue
		}
		if q.Taken() > 0 {
			return nil, inUse("quotas", fmt.Sprintf("A quota of which %d seats are taken cannot be removed.", q.Taken()))
		}
		facts = append(facts, boxoffice.QuotaRemovedFact{QuotaID: q.ID})
	}
	return facts, nil
}

// keepsWhatIsSold refuses to lose a performance or a ticket type of which
// somebody holds seats.
func keepsWhatIsSold(before, after boxoffice.Event, c boxoffice.Catalogue) error {
	for _, q := range c.Quotas {
		p, ours := before.PerformanceByID(q.PerformanceID)
		if !ours || q.Taken() == 0 {
			continue
		}
		if _, ok := after.PerformanceByID(p.ID); !ok {
			return inUse("performances", "A performance of which seats are taken cannot be removed.")
		}
		for _, id := range q.TicketTypeIDs {
			if _, ok := after.TicketTypeByID(id); !ok {
				return inUse("ticketTypes", "A ticket type that shares a quota with taken seats cannot be removed. Take it off sale instead.")
			}
		}
	}
	for _, t := range before.TicketTypes {
		if now, ok := after.TicketTypeByID(t.ID); ok && now.Price.Currency != t.Price.Currency {
			return inUse("ticketTypes", "The currency of a ticket type does not change: make another type.")
		}
	}
	return nil
}

func inUse(at, message string) error {
	return &boxoffice.Error{
		Code: boxoffice.CodeInUse, Message: message + " Nothing was changed.",
		Next:   "Correct what is marked, then save again.",
		Faults: []boxoffice.Fault{{At: at, Message: message}},
	}
}

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(id string) bool { return !slices.Contains(all, id) })
}

// adopted are the facts that take what Stripe has for new ticket types, after
// looking that it is there and costs what was entered.
func (d *Desk) adopted(ctx context.Context, edit EventEdit) ([]boxoffice.Fact, error) {
	if len(edit.Adopt) == 0 {
		return nil, nil
	}
	found, err := d.Importable(ctx)
	if err != nil {
		return nil, err
	}
	var facts []boxoffice.Fact
	for i, t := range edit.Event.TicketTypes {
		a, ok := edit.Adopt[t.ID]
		if !ok {
			continue
		}
		at := slices.IndexFunc(found, func(p boxoffice.Importable) bool { return p.ProductID == a.ProductID && p.PriceID == a.PriceID })
		switch {
		case at < 0:
			return nil, inUse(fmt.Sprintf("ticketTypes[%d].adopt", i), "Stripe has no such product on sale any more.")
		case found[at].Used:
			return nil, inUse(fmt.Sprintf("ticketTypes[%d].adopt", i), "Another ticket type is sold as this product already.")
		}
		m := boxoffice.Mirror{TicketTypeID: t.ID, ProductID: a.ProductID, Imported: true}
		if p := found[at].Price; p != nil {
			m.PriceID, m.Price, m.DefaultPrice = a.PriceID, *p, a.PriceID
		}
		facts = append(facts, boxoffice.MirrorAdoptedFact{Mirror: m})
	}
	return facts, nil
}
