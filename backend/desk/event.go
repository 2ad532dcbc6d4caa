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

	made map[string]bool // the ids that named gave
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
	if err := d.opt.Book.View(begun); err != nil {
		return "", err
	}
	found, err := d.adoptable(ctx, edit)
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
		adopted, err := edit.adopted(tx, found)
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
	if err != nil {
		return "", err
	}
	d.opt.Stripe.Mirror()
	return edit.Event.ID, nil
}

// begun refuses a book without its first entry, which a locked vault keeps
// from being written.
func begun(tx *ledger.Tx) error {
	_, ok, err := tx.Opened()
	if err == nil && !ok {
		err = &boxoffice.Error{
			Code:    boxoffice.CodeVaultLocked,
			Message: "The keys of this book are locked, so it has not been begun and keeps nothing yet. Nothing was changed.",
			Next:    "Enter the passphrase in Settings, then save again.",
		}
	}
	return err
}

// named gives what is new its ids, wherever it is spoken of.
func (d *Desk) named(edit EventEdit) EventEdit {
	ids := map[string]string{} // by kind of thing and id as it was entered
	edit.made = map[string]bool{}
	rename := func(id, prefix string) string {
		if id != "" && !strings.HasPrefix(id, newPrefix) {
			return id
		}
		at := prefix + "/" + id
		if _, known := ids[at]; !known || id == "" {
			ids[at] = d.opt.IDs.New(prefix)
			edit.made[ids[at]] = true
		}
		return ids[at]
	}
	e := &edit.Event
	if e.ID == "" {
		e.ID = rename("", "evt")
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
		t.SaleFrom, t.SaleUntil = t.SaleFrom.UTC(), t.SaleUntil.UTC()
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
	return badCatalogue(faults)
}

func badCatalogue(faults []boxoffice.Fault) error {
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
	case !known && !edit.made[e.ID]:
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
	default:
		e.Revision = 0
		facts[0] = boxoffice.EventAddedFact{Event: e}
	}
	if err := badCatalogue(edit.foreign(before, c)); err != nil {
		return nil, err
	}
	faults := keepsWhatIsSold(before, e, c)
	kept := map[string]bool{}
	fault := func(quota int, field, message string) {
		faults = append(faults, boxoffice.Fault{At: fmt.Sprintf("quotas[%d].%s", quota, field), Message: message})
	}
	for i, q := range edit.Quotas {
		old, ok := c.QuotaByID(q.ID)
		kept[q.ID] = true
		switch {
		case !ok:
			facts = append(facts, boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: q.ID, PerformanceID: q.PerformanceID, TicketTypeIDs: q.TicketTypeIDs, Size: q.Size}})
		case old.PerformanceID != q.PerformanceID:
			fault(i, "performanceId", "A quota stays with its performance: make another one.")
		case q.Size < old.Taken():
			fault(i, "size", fmt.Sprintf("%d of its seats are taken already, so it cannot be smaller.", old.Taken()))
		case old.Taken() > 0 && !containsAll(q.TicketTypeIDs, old.TicketTypeIDs):
			fault(i, "ticketTypeIds", "Seats of it are taken, so it must go on limiting the types that it limits.")
		case q.Size != old.Size || !slices.Equal(q.TicketTypeIDs, old.TicketTypeIDs):
			facts = append(facts, boxoffice.QuotaChangedFact{QuotaID: q.ID, TicketTypeIDs: q.TicketTypeIDs, Size: q.Size})
		}
	}
	for _, q := range c.Quotas {
		if _, ours := before.PerformanceByID(q.PerformanceID); !ours || kept[q.ID] {
			continue
		}
		if q.Taken() > 0 {
			faults = append(faults, boxoffice.Fault{At: "quotas", Message: fmt.Sprintf("A quota of which %d seats are taken cannot be removed.", q.Taken())})
			continue
		}
		facts = append(facts, boxoffice.QuotaRemovedFact{QuotaID: q.ID})
	}
	return facts, inUse(faults)
}

// foreign are the ids that nobody gave: what is not new is the event's own.
func (edit EventEdit) foreign(before boxoffice.Event, c boxoffice.Catalogue) (faults []boxoffice.Fault) {
	own := func(at string, ok bool, id string) {
		if !ok && !edit.made[id] {
			faults = append(faults, boxoffice.Fault{At: at + ".id", Message: "The event has none of this id. Reload it, and make your change again."})
		}
	}
	for i, p := range edit.Event.Performances {
		_, ok := before.PerformanceByID(p.ID)
		own(fmt.Sprintf("performances[%d]", i), ok, p.ID)
	}
	for i, t := range edit.Event.TicketTypes {
		_, ok := before.TicketTypeByID(t.ID)
		own(fmt.Sprintf("ticketTypes[%d]", i), ok, t.ID)
	}
	for i, q := range edit.Quotas {
		old, ok := c.QuotaByID(q.ID)
		if ok {
			_, ok = before.PerformanceByID(old.PerformanceID)
		}
		own(fmt.Sprintf("quotas[%d]", i), ok, q.ID)
	}
	return faults
}

// keepsWhatIsSold tells of a performance or a ticket type that would be lost
// though somebody holds seats of it.
func keepsWhatIsSold(before, after boxoffice.Event, c boxoffice.Catalogue) (faults []boxoffice.Fault) {
	fault := func(at, message string) {
		if f := (boxoffice.Fault{At: at, Message: message}); !slices.Contains(faults, f) {
			faults = append(faults, f)
		}
	}
	for _, q := range c.Quotas {
		p, ours := before.PerformanceByID(q.PerformanceID)
		if !ours || q.Taken() == 0 {
			continue
		}
		if _, ok := after.PerformanceByID(p.ID); !ok {
			fault("performances", "A performance of which seats are taken cannot be removed.")
		}
		for _, id := range q.TicketTypeIDs {
			if _, ok := after.TicketTypeByID(id); !ok {
				fault("ticketTypes", "A ticket type that shares a quota with taken seats cannot be removed. Take it off sale instead.")
			}
		}
	}
	for i, now := range after.TicketTypes {
		if t, ok := before.TicketTypeByID(now.ID); ok && now.Price.Currency != t.Price.Currency {
			fault(fmt.Sprintf("ticketTypes[%d].price", i), "The currency of a ticket type does not change: make another type.")
		}
	}
	return faults
}

func inUse(faults []boxoffice.Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return &boxoffice.Error{
		Code:    boxoffice.CodeInUse,
		Message: faults[0].Message + " Nothing was changed.",
		Next:    "Correct what is marked, then save again.",
		Faults:  faults,
	}
}

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(id string) bool { return !slices.Contains(all, id) })
}
