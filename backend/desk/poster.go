package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// PosterRequest asks for a poster.
type PosterRequest struct {
	Key           string // idempotency key, as a sale's
	PerformanceID string
	TicketTypeID  string
	Allotment     int // seats to set apart
}

// MakePoster sets the seats apart, asks Stripe for a Payment Link, and returns
// the poster with it. The same request with the same key is the same poster.
func (d *Desk) MakePoster(ctx context.Context, r PosterRequest) (boxoffice.Poster, error) {
	if !wellFormedKey(r.Key) {
		return boxoffice.Poster{}, &boxoffice.Error{
			Code:    boxoffice.CodeKeyMissing,
			Message: "The poster came without an idempotency key, which keeps two taps from being two posters. Nothing was made.",
			Next:    "Send an Idempotency-Key header of 8 to 64 letters, digits or signs, new for each poster.",
		}
	}
	stripeNow, err := d.clock(ctx)
	if err != nil {
		return boxoffice.Poster{}, err
	}
	var p boxoffice.Poster
	err = d.opt.Book.Update(func(tx *ledger.Tx) error {
		found, ok, err := tx.Poster(r.id())
		if err != nil || ok {
			p = found
			return errors.Join(err, r.mismatch(p))
		}
		c, err := tx.Catalogue()
		if err != nil {
			return err
		}
		kind, err := r.poster(c, stripeNow, &p)
		if err != nil {
			return err
		}
		m, err := tx.Mirror(kind.ID)
		if err != nil {
			return err
		}
		price := m.Current(kind)
		if price == "" {
			return &boxoffice.Error{
				Code:    boxoffice.CodeNotAtStripe,
				Message: kind.Name + " is not at Stripe yet with the price that it has now, so there can be no link for it. Nothing was made.",
				Next:    "Wait until Events and tickets shows that Stripe has it, then try again.",
			}
		}
		opened, _, err := tx.Opened()
		if err != nil {
			return err
		}
		if p.Code, err = d.posterCode(tx); err != nil {
			return err
		}
		p.MadeAt = d.opt.Now().UTC()
		link, err := d.link(tx, p, price, opened.BookID)
		if err != nil {
			return err
		}
		_, err = tx.Append(boxoffice.PosterMadeFact{Poster: p, Intent: boxoffice.Intent{
			Key: ledger.LinkKey(p.ID), PosterID: p.ID, RecordedAt: stripeNow, Asker: d.opt.Stripe.Asker(), Link: link,
		}})
		return err
	})
	if err != nil {
		return p, err
	}
	if p.State == boxoffice.PosterStarting {
		d.send(ctx, ledger.LinkKey(p.ID))
	}
	p, err = d.posterByID(p.ID)
	if err == nil && p.State == boxoffice.PosterRefused {
		err = &boxoffice.Error{Code: p.Problem.Code, Message: p.Problem.Detail, Next: p.Problem.Next}
	}
	return p, err
}

// ClosePoster asks Stripe to close the poster. Its seats come free when Stripe
// says that nobody can pay by it any more. Closing twice is closing once.
func (d *Desk) ClosePoster(ctx context.Context, id string) (boxoffice.Poster, error) {
	stripeNow, err := d.clock(ctx)
	if err != nil {
		return boxoffice.Poster{}, err
	}
	asked := false
	err = d.opt.Book.Update(func(tx *ledger.Tx) error {
		p, ok, err := tx.Poster(id)
		switch {
		case err != nil:
			return err
		case !ok:
			return boxoffice.ErrUnknownPoster()
		case p.State == boxoffice.PosterStarting:
			return &boxoffice.Error{
				Code:    boxoffice.CodeBadPoster,
				Message: "Stripe has not answered yet whether it made this poster's link. Its seats stay set apart.",
				Next:    "Wait for the answer, then close it.",
			}
		case p.State != boxoffice.PosterOpen:
			asked = p.State == boxoffice.PosterClosing
			return nil
		}
		asked = true
		_, err = tx.Append(boxoffice.PosterCloseAskedFact{
			OfPoster: boxoffice.OfPoster{PosterID: id},
			Intent:   boxoffice.Intent{Key: ledger.CloseLinkKey(id), PosterID: id, RecordedAt: stripeNow, CloseLink: p.LinkID},
		})
		return err
	})
	if err != nil {
		return boxoffice.Poster{}, err
	}
	if asked {
		d.send(ctx, ledger.CloseLinkKey(id))
	}
	return d.posterByID(id)
}

// CheckPoster has Stripe asked for sales by the poster now: its buyers come to
// the desk minutes after paying. What there is shows by itself.
func (d *Desk) CheckPoster(id string) (boxoffice.Poster, error) {
	p, err := d.posterByID(id)
	if err == nil {
		d.opt.Stripe.Wake()
	}
	return p, err
}

func (d *Desk) posterByID(id string) (p boxoffice.Poster, err error) {
	err = d.opt.Book.View(func(tx *ledger.Tx) error {
		found, ok, err := tx.Poster(id)
		if err == nil && !ok {
			err = boxoffice.ErrUnknownPoster()
		}
		p = found
		return err
	})
	return p, err
}

// id is the poster's. It follows from the key, which may have signs in it that
// no address and no index can have.
func (r PosterRequest) id() string {
	sum := sha256.Sum256([]byte(r.Key))
	return "pst-" + hex.EncodeToString(sum[:12])
}

// mismatch says that the key made another poster than is asked for now.
func (r PosterRequest) mismatch(p boxoffice.Poster) error {
	if p.ID == "" || p.PerformanceID == r.PerformanceID && p.TicketTypeID == r.TicketTypeID && p.Allotment == r.Allotment {
		return nil
	}
	return &boxoffice.Error{
		Code:    boxoffice.CodeKeyMismatch,
		Message: "Another poster was made with this idempotency key (poster " + p.Code + "). Nothing was made.",
		Next:    "Use a new key for each poster.",
	}
}

// poster fills in what is sold, and says why it cannot be.
func (r PosterRequest) poster(c boxoffice.Catalogue, now time.Time, p *boxoffice.Poster) (boxoffice.TicketType, error) {
	e, performance, ok := c.Find(r.PerformanceID)
	if !ok || e.Archived {
		return boxoffice.TicketType{}, unknownPerformance()
	}
	kind, ok := e.TicketTypeByID(r.TicketTypeID)
	switch {
	case !ok:
		return kind, unknownType()
	case kind.Bounds != nil, kind.Donation, kind.LeastPerOrder() > 1:
		return kind, badPoster("A poster sells one ticket at one price, and "+kind.Name+" is not sold so.", "Choose another ticket type, or make one for the poster.")
	case !kind.OnSale(now):
		return kind, &boxoffice.Error{
			Code: boxoffice.CodeNotOnSale, Message: kind.Name + " is not on sale now, and a poster sells from the moment it is made. Nothing was made.",
			Next: "Choose another kind, or change when it is sold in Events and tickets.", Params: map[string]string{"name": kind.Name},
		}
	case r.Allotment < 1:
		return kind, badPoster("A poster needs at least one seat to sell.", "Say how many seats it may sell.")
	}
	left, _ := c.Available(r.PerformanceID, r.TicketTypeID)
	if r.Allotment > left {
		e := badPoster(fmt.Sprintf("Only %d of %s are left to set apart.", max(left, 0), kind.Name), "Set fewer seats apart, or make the quota larger.")
		e.Code, e.Params = boxoffice.CodeSoldOut, map[string]string{"name": kind.Name, "available": strconv.Itoa(max(left, 0))}
		return kind, e
	}
	*p = boxoffice.Poster{
		ID: r.id(), PerformanceID: r.PerformanceID, TicketTypeID: kind.ID, EventName: e.Name, Name: kind.Name, Description: kind.Description,
		Place: e.Place, StartsAt: performance.StartsAt, TimeZone: e.TimeZone, Price: kind.Price, Allotment: r.Allotment, State: boxoffice.PosterStarting,
	}
	for _, q := range c.Quotas {
		if q.Covers(r.PerformanceID, kind.ID) {
			p.Claims = append(p.Claims, boxoffice.Claim{QuotaID: q.ID, Seats: 1})
		}
	}
	return kind, nil
}

func badPoster(message, next string) *boxoffice.Error {
	return &boxoffice.Error{Code: boxoffice.CodeBadPoster, Message: message + " Nothing was made.", Next: next}
}

// link is what Stripe will be asked for.
func (d *Desk) link(tx *ledger.Tx, p boxoffice.Poster, price, bookID string) (*boxoffice.LinkRequest, error) {
	methods, err := methods(tx, p.Price.Currency, boxoffice.ImmediateByLink)
	if err != nil {
		return nil, err
	}
	return &boxoffice.LinkRequest{
		PriceID: price, Quantity: 1, Limit: int64(p.Allotment),
		Metadata:     map[string]string{boxoffice.MetadataBook: bookID, boxoffice.MetadataPoster: p.ID, boxoffice.MetadataCode: p.Code},
		Confirmation: boxoffice.Shorten(fmt.Sprintf("At the desk, say %s and your name, or show the last four digits of your card. %s", p.Code, p.Where()), longestLinkText),
		Closed:       boxoffice.Shorten("These tickets are not sold here any more. Ask at the desk: "+p.Where(), longestLinkText),
		Submit:       p.Where(),
		Methods:      methods,
		Descriptor:   boxoffice.Descriptor(p.Code),
		Fee:          d.fee(p.Price),
	}, nil
}

// longestLinkText is Stripe's bound of what a link says when it is done or closed.
const longestLinkText = 500

// posterCode is a code that no poster has: short, since it is said aloud.
func (d *Desk) posterCode(tx *ledger.Tx) (string, error) {
	posters, err := tx.Posters()
	if err != nil {
		return "", err
	}
	taken := map[string]bool{}
	for _, p := range posters {
		taken[p.Code] = true
	}
	length := 3
	if len(posters) > 5000 {
		length = 5
	}
	for {
		if code := d.opt.IDs.Code()[:length]; !taken[code] {
			return code, nil
		}
	}
}
