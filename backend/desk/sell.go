package desk

import (
	"context"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// codeLife is how long a buyer has. Stripe takes 30 minutes at the least
// (docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at);
// the minute more is for clocks that differ and answers that take long.
const codeLife = 31 * time.Minute

// Sell takes the seats, asks Stripe for a code, and returns the order with it.
//
// The same sale with the same key returns the order that the first call made:
// two taps are one sale. When Stripe made no code, the error says why, the
// order stays in the book as failed, and the seats are free. When Stripe has
// not answered in time, the order comes back with its tender starting: the
// seats stay held and Willcall asks on.
func (d *Desk) Sell(ctx context.Context, s Sale) (boxoffice.Order, error) {
	s, err := s.check()
	if err != nil {
		return boxoffice.Order{}, err
	}
	o, sold, err := d.sold(s)
	if err != nil {
		return o, err
	}
	if !sold {
		if o, err = d.place(ctx, s); err != nil {
			return o, err
		}
	}
	tender := o.Tenders[0]
	if tender.State == boxoffice.TenderStarting {
		d.send(ctx, ledger.CreateKey(tender.ID))
		if o, err = d.Order(o.ID); err != nil {
			return o, err
		}
		tender = o.Tenders[0]
	}
	if tender.State == boxoffice.TenderRefused {
		return o, &boxoffice.Error{Code: tender.Problem.Code, Message: tender.Problem.Detail, Next: tender.Problem.Next}
	}
	return o, nil
}

// sold finds the order that the sale's key made before, if it did.
func (d *Desk) sold(s Sale) (o boxoffice.Order, ok bool, err error) {
	err = d.opt.Book.View(func(tx *ledger.Tx) error {
		o, ok, err = again(tx, s)
		return err
	})
	return o, ok, err
}

func again(tx *ledger.Tx, s Sale) (boxoffice.Order, bool, error) {
	o, ok, err := tx.OrderByKey(s.Key)
	if ok && o.Asked != s.fingerprint() {
		return o, ok, &boxoffice.Error{
			Code:    boxoffice.CodeKeyMismatch,
			Message: "Another sale was made with this idempotency key (order " + o.Code + "). Nothing was sold.",
			Next:    "Use a new key for each sale.",
		}
	}
	return o, ok, err
}

// place records the order and its intent, and holds the seats: all of it or
// nothing, whoever else sells at the same moment.
func (d *Desk) place(ctx context.Context, s Sale) (o boxoffice.Order, err error) {
	stripeNow, err := d.opt.Stripe.Clock(ctx)
	if err != nil {
		return o, err
	}
	err = d.opt.Book.Update(func(tx *ledger.Tx) error {
		found, ok, err := again(tx, s)
		if err != nil || ok {
			o = found
			return err
		}
		catalogue, err := tx.Catalogue()
		if err != nil {
			return err
		}
		items, total, err := price(catalogue, s)
		if err != nil {
			return err
		}
		claims, err := claim(catalogue, items)
		if err != nil {
			return err
		}
		code, err := d.freeCode(tx)
		if err != nil {
			return err
		}
		opened, _, err := tx.Opened()
		if err != nil {
			return err
		}
		now := d.opt.Now().UTC()
		tender := boxoffice.Tender{ID: d.opt.IDs.New("tdr"), Kind: boxoffice.Phone, State: boxoffice.TenderStarting, Amount: total}
		o = boxoffice.Order{
			ID: d.opt.IDs.New("ord"), Code: code, Key: s.Key, Asked: s.fingerprint(), PlacedAt: now, UpdatedAt: now,
			BuyerEmail: s.BuyerEmail, LineItems: items, Total: total,
			Hold:    boxoffice.Hold{State: boxoffice.Held, Claims: claims},
			Tenders: []boxoffice.Tender{tender},
		}
		_, err = tx.Append(boxoffice.OrderPlacedFact{Order: o, Intent: d.create(o, tender, opened.BookID, stripeNow)})
		return err
	})
	return o, err
}

// create is what Stripe will be asked for, and with which key.
func (d *Desk) create(o boxoffice.Order, t boxoffice.Tender, bookID string, stripeNow time.Time) boxoffice.Intent {
	request := &boxoffice.SessionRequest{
		Reference:  o.ID,
		BuyerEmail: o.BuyerEmail,
		Metadata: map[string]string{
			boxoffice.MetadataOrder: o.ID, boxoffice.MetadataCode: o.Code,
			boxoffice.MetadataTender: t.ID, boxoffice.MetadataBook: bookID,
		},
		ExpiresAt:  stripeNow.Add(codeLife).Truncate(time.Second),
		SuccessURL: d.opt.ReturnURL + "?paid=" + o.Code,
		CancelURL:  d.opt.ReturnURL + "?left=" + o.Code,
	}
	for _, l := range o.LineItems {
		request.LineItems = append(request.LineItems, boxoffice.SessionLine{
			Name: l.Title(), Description: l.Where(), UnitPrice: l.UnitPrice, Quantity: int64(l.Quantity),
		})
	}
	return boxoffice.Intent{Key: ledger.CreateKey(t.ID), OrderID: o.ID, TenderID: t.ID, RecordedAt: stripeNow, Create: request}
}

// freeCode makes a code that no order of the book has.
func (d *Desk) freeCode(tx *ledger.Tx) (string, error) {
	for {
		code := d.opt.IDs.Code()
		if _, taken, err := tx.OrderByCode(code); err != nil || !taken {
			return code, err
		}
	}
}
