package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"willcall/backend/boxoffice"
)

// LinkKey is the idempotency key with which a poster's link is made.
func LinkKey(posterID string) string { return posterID + "-link" }

// CloseLinkKey is the idempotency key with which a poster's link is closed.
func CloseLinkKey(posterID string) string { return posterID + "-close" }

// Poster finds a poster by its id.
func (tx *Tx) Poster(id string) (p boxoffice.Poster, ok bool, err error) {
	return recall[boxoffice.Poster](tx, key("p", id))
}

// PosterByLink finds the poster whose Payment Link this is.
func (tx *Tx) PosterByLink(linkID string) (p boxoffice.Poster, ok bool, err error) {
	var id string
	if ok, err = tx.getJSON(key("pl", linkID), &id); !ok || err != nil {
		return p, false, err
	}
	return tx.Poster(id)
}

// Posters are all posters, newest first.
func (tx *Tx) Posters() ([]boxoffice.Poster, error) {
	posters, err := all[boxoffice.Poster](tx, "p")
	slices.SortFunc(posters, func(a, b boxoffice.Poster) int {
		return cmp.Or(b.MadeAt.Compare(a.MadeAt), cmp.Compare(a.ID, b.ID))
	})
	return posters, err
}

func (tx *Tx) applyPoster(f boxoffice.Fact) error {
	if made, ok := f.(boxoffice.PosterMadeFact); ok {
		p := made.Poster
		return errors.Join(tx.free(key("p", p.ID), key("i", made.Intent.Key)), tx.allot(p, p.Allotment),
			tx.putJSON(key("p", p.ID), p), tx.putJSON(key("i", made.Intent.Key), made.Intent))
	}
	about, ok := f.(interface{ Poster() string })
	if !ok {
		return fmt.Errorf("%s says nothing of a poster", f.Kind())
	}
	p, ok, err := tx.Poster(about.Poster())
	if err == nil && !ok {
		err = fmt.Errorf("poster %q is not in the book", about.Poster())
	}
	if err != nil {
		return err
	}
	after, err := p.Apply(f)
	if err != nil {
		return err
	}
	if err := tx.allot(p, after.Left()-p.Left()); err != nil {
		return err
	}
	switch f := f.(type) {
	case boxoffice.PosterOpenedFact:
		err = errors.Join(tx.putJSON(key("pl", f.LinkID), p.ID), tx.delete(key("i", LinkKey(p.ID))))
	case boxoffice.PosterRefusedFact:
		err = tx.delete(key("i", LinkKey(p.ID)))
	case boxoffice.PosterCloseAskedFact:
		err = tx.putJSON(key("i", f.Intent.Key), f.Intent)
	case boxoffice.PosterClosedFact:
		err = tx.delete(key("i", CloseLinkKey(p.ID)))
	}
	return errors.Join(err, tx.putJSON(key("p", p.ID), after))
}

// arrive writes an order that began at a poster. A seat that was set apart
// becomes sold; any other is taken like every seat.
func (tx *Tx) arrive(f boxoffice.OrderArrivedFact) error {
	p, ok, err := tx.Poster(f.PosterID)
	if err == nil && !ok {
		err = fmt.Errorf("poster %q is not in the book", f.PosterID)
	}
	if err != nil {
		return err
	}
	if f.Allotted {
		after, err := p.Arrive(f.Order.Seats())
		if err != nil {
			return err
		}
		if err := errors.Join(tx.allot(p, after.Left()-p.Left()), remember(tx, key("p", p.ID), after)); err != nil {
			return err
		}
	}
	unknown := [][]byte{key("o", f.Order.ID)}
	for _, t := range f.Order.Tenders {
		unknown = append(unknown, key("op", t.SessionID)) // else its money was placed before
	}
	if err := tx.free(unknown...); err != nil {
		return err
	}
	return tx.putNewOrder(f.Order)
}

// allot sets so many more seats apart for the poster, in each quota over it.
func (tx *Tx) allot(p boxoffice.Poster, seats int) error {
	if seats == 0 {
		return nil
	}
	for _, c := range p.Claims {
		if err := tx.changeQuota(c.QuotaID, func(q boxoffice.Quota) (boxoffice.Quota, error) { return q.Allot(c.Seats * seats) }); err != nil {
			return err
		}
	}
	return nil
}
