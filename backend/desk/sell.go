package desk

import (
	"cmp"
	"context"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// codeLife is how long a buyer has. Stripe takes 30 minutes at the least
// (docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at);
// the minute more is for clocks that differ and answers that take long.
const codeLife = 31 * time.Minute

// longestSubmit is Stripe's bound of what stands beside the buyer's Pay button
// (custom_text.submit.message), in characters.
const longestSubmit = 1200

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
	stripeNow, err := d.clock(ctx)
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
		items, total, err := price(catalogue, s, stripeNow)
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
		tender := boxoffice.Tender{ID: d.opt.IDs.New("tdr"), Kind: s.Tender, State: boxoffice.TenderStarting, Amount: total}
		o = boxoffice.Order{
			ID: d.opt.IDs.New("ord"), Code: code, Key: s.Key, Asked: s.fingerprint(), PlacedAt: now, UpdatedAt: now,
			BuyerEmail: s.BuyerEmail, LineItems: items, Total: total,
			Hold:    boxoffice.Hold{State: boxoffice.Held, Claims: claims},
			Tenders: []boxoffice.Tender{tender},
		}
		intent, err := d.intent(tx, o, tender, opened.BookID, stripeNow)
		if err != nil {
			return err
		}
		_, err = tx.Append(boxoffice.OrderPlacedFact{Order: o, Intent: intent})
		return err
	})
	return o, err
}

// intent is what Stripe will be asked for, and with which key.
func (d *Desk) intent(tx *ledger.Tx, o boxoffice.Order, t boxoffice.Tender, bookID string, stripeNow time.Time) (boxoffice.Intent, error) {
	i := boxoffice.Intent{Key: ledger.CreateKey(t.ID), OrderID: o.ID, TenderID: t.ID, RecordedAt: stripeNow, Asker: d.opt.Stripe.Asker()}
	metadata := map[string]string{
		boxoffice.MetadataOrder: o.ID, boxoffice.MetadataCode: o.Code,
		boxoffice.MetadataTender: t.ID, boxoffice.MetadataBook: bookID,
	}
	if t.Kind == boxoffice.CardTender {
		metadata[boxoffice.MetadataKind] = string(boxoffice.CardTender)
		i.Pay = &boxoffice.PaymentRequest{
			Amount: o.Total, Description: o.Words(), ReceiptEmail: o.BuyerEmail, Metadata: metadata, Descriptor: boxoffice.Descriptor(o.Code), Fee: d.fee(o.Total),
		}
		return i, nil
	}
	methods, err := methods(tx, o.Total.Currency, boxoffice.Immediate)
	if err != nil {
		return i, err
	}
	home, err := d.home(tx)
	if err != nil {
		return i, err
	}
	i.Create = &boxoffice.SessionRequest{
		Reference:   o.ID,
		BuyerEmail:  o.BuyerEmail,
		Metadata:    metadata,
		ExpiresAt:   stripeNow.Add(codeLife).Truncate(time.Second),
		SuccessURL:  home + "paid=" + o.Code,
		CancelURL:   home + "left=" + o.Code,
		Description: o.Words(),
		Descriptor:  boxoffice.Descriptor(o.Code),
		Methods:     methods,
		Fee:         d.fee(o.Total),
	}
	for _, l := range o.LineItems {
		line := boxoffice.SessionLine{UnitPrice: l.UnitPrice, Quantity: int64(l.Quantity)}
		m, err := tx.Mirror(l.TicketTypeID)
		if err != nil {
			return i, err
		}
		if m.Price == l.UnitPrice && !m.Inactive {
			line.PriceID = m.PriceID
		}
		if line.PriceID == "" {
			line.Name, line.Description = l.Title(), l.Where()
		} else if where := l.Where(); !strings.Contains(i.Create.Submit, where) {
			i.Create.Submit = boxoffice.Shorten(strings.TrimPrefix(i.Create.Submit+"\n"+where, "\n"), longestSubmit)
		}
		if l.TaxRate != nil {
			if line.TaxRateID, err = tx.TaxRateID(*l.TaxRate); err != nil {
				return i, err
			}
		}
		i.Create.LineItems = append(i.Create.LineItems, line)
	}
	return i, nil
}

// methods are the ways to pay that a request names: those that are decided at
// once, or none, which leaves it to what the account offers, slow ones too.
func methods(tx *ledger.Tx, c money.Currency, among func(offered []string, c money.Currency) []string) ([]string, error) {
	delayed, err := tx.Delayed()
	if err != nil || delayed {
		return nil, err
	}
	offered, err := tx.Methods()
	return among(offered, c), err
}

// AllowDelayed says whether buyers of later sales may pay in ways that are
// decided days later. Their seats are held as long.
func (d *Desk) AllowDelayed(allowed bool) error {
	return d.opt.Book.Update(func(tx *ledger.Tx) error {
		if now, err := tx.Delayed(); err != nil || now == allowed {
			return err
		}
		_, err := tx.Append(boxoffice.MethodsChosenFact{Delayed: allowed})
		return err
	})
}

// stripesOwn is where buyers go whose organizer has no website: Stripe insists
// on an address, a till has none that a phone could open, and this one is there.
const stripesOwn = "https://stripe.com/"

// home is where a buyer's browser goes after paying or leaving, ready for a
// query.
func (d *Desk) home(tx *ledger.Tx) (string, error) {
	a, _, _, err := tx.Account()
	home, _, _ := strings.Cut(cmp.Or(d.opt.ReturnURL, a.Website, stripesOwn), "#")
	if !strings.Contains(home, "://") {
		home = "https://" + home
	}
	if strings.Contains(home, "?") {
		return home + "&", err
	}
	return home + "?", err
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
