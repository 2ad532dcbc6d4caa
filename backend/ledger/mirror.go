package ledger

import (
	"errors"
	"fmt"
	"strconv"

	"willcall/backend/boxoffice"
)

// Mirror is what Stripe has of the ticket type; empty where it has nothing.
func (tx *Tx) Mirror(ticketTypeID string) (m boxoffice.Mirror, err error) {
	_, err = tx.getJSON(key("m", ticketTypeID), &m)
	m.TicketTypeID = ticketTypeID
	return m, err
}

// Mirrors are all that Stripe has of ticket types.
func (tx *Tx) Mirrors() ([]boxoffice.Mirror, error) { return all[boxoffice.Mirror](tx, "m") }

// TaxRateID is Stripe's name of the tax rate; "" where it has none yet.
func (tx *Tx) TaxRateID(r boxoffice.TaxRate) (id string, err error) {
	_, err = tx.getJSON(taxRateKey(r), &id)
	return id, err
}

func taxRateKey(r boxoffice.TaxRate) []byte {
	return key("t", strconv.FormatInt(r.Percent, 10), r.Name)
}

func (tx *Tx) applyMirror(f boxoffice.Fact) error {
	switch f := f.(type) {
	case boxoffice.MirrorAskedFact:
		if err := tx.free(key("i", f.Intent.Key)); err != nil {
			return err
		}
		return tx.putJSON(key("i", f.Intent.Key), f.Intent)
	case boxoffice.MirrorDoneFact:
		if err := tx.answerMirror(f.IntentKey); err != nil {
			return err
		}
		if r := f.Request.TaxRate; r != nil {
			return tx.putJSON(taxRateKey(*r), f.ID)
		}
		return tx.changeMirror(f.Request.TicketTypeID, func(m boxoffice.Mirror) boxoffice.Mirror { return m.Apply(f.Request, f.ID) })
	case boxoffice.MirrorRefusedFact:
		if err := tx.answerMirror(f.IntentKey); err != nil || f.Request.TicketTypeID == "" {
			return err
		}
		return tx.changeMirror(f.Request.TicketTypeID, func(m boxoffice.Mirror) boxoffice.Mirror {
			m.Problem, m.Refused = &f.Problem, &f.Request
			return m
		})
	case boxoffice.MirrorAdoptedFact:
		return tx.putJSON(key("m", f.Mirror.TicketTypeID), f.Mirror)
	case boxoffice.MirrorLostFact:
		return tx.delete(key("m", f.TicketTypeID))
	default:
		return fmt.Errorf("%s says nothing of a mirror", f.Kind())
	}
}

func (tx *Tx) changeMirror(ticketTypeID string, change func(boxoffice.Mirror) boxoffice.Mirror) error {
	m, err := tx.Mirror(ticketTypeID)
	if err != nil {
		return err
	}
	return tx.putJSON(key("m", ticketTypeID), change(m))
}

// answerMirror drops the intent of a step. One that is answered twice is a
// mistake.
func (tx *Tx) answerMirror(intentKey string) error {
	k := key("i", intentKey)
	if tx.get(k) == nil {
		return errors.New("the step " + intentKey + " was not asked, or is answered already")
	}
	return tx.delete(k)
}
