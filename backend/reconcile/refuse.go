package reconcile

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

// refuse records that Stripe provably made no code: the seats are free.
func (r *Reconciler) refuse(i boxoffice.Intent, why error) error {
	return r.decline(i, boxoffice.RefusedFact{
		OfTender: boxoffice.OfTender{OrderID: i.OrderID, TenderID: i.TenderID},
		Problem:  problem(why),
	}, why)
}

// decline records that Stripe refused an intent, unless somebody was faster,
// and what that says of the prices that were asked for.
func (r *Reconciler) decline(i boxoffice.Intent, what boxoffice.Fact, why error) error {
	var lost []boxoffice.Fact
	err := r.opt.Book.Update(func(tx *ledger.Tx) (err error) {
		if _, open, err := tx.Intent(i.Key); err != nil || !open {
			return err
		}
		if lost, err = lostPrices(tx, i, why); err != nil {
			return err
		}
		return r.record(tx, append([]boxoffice.Fact{what}, lost...))
	})
	if err == nil && len(lost) > 0 {
		r.Mirror()
	}
	return err
}

// lostPrices says which ticket types Stripe has not as the book thought, when
// it refused the price of a line: somebody archived it in the Dashboard. The
// next sale names its own prices, and Stripe is told again.
func lostPrices(tx *ledger.Tx, i boxoffice.Intent, why error) (lost []boxoffice.Fact, err error) {
	failure, ok := errors.AsType[*stripeapi.Error](why)
	if !ok || failure.Failure != stripeapi.Refused {
		return nil, nil
	}
	prices, err := asked(tx, i)
	for n, p := range prices {
		// All lines, one of them, or its price: it is not told alike for prices and
		// their products.
		of, ok := strings.CutPrefix(failure.Param, "line_items")
		of = strings.TrimPrefix(of, "["+strconv.Itoa(n)+"]")
		if !ok || of != "" && !strings.HasPrefix(of, "[price") {
			continue
		}
		m, err := tx.Mirror(p.typeID)
		if err != nil {
			return nil, err
		}
		fact := boxoffice.MirrorLostFact{TicketTypeID: p.typeID}
		if p.id != "" && m.PriceID == p.id && !slices.Contains(lost, boxoffice.Fact(fact)) {
			lost = append(lost, fact)
		}
	}
	return lost, err
}

// priced is a line of a request: its ticket type, and its price at Stripe, "" for
// one that the line named itself.
type priced struct{ typeID, id string }

// asked are the lines that the intent sends.
func asked(tx *ledger.Tx, i boxoffice.Intent) (lines []priced, err error) {
	switch {
	case i.Create != nil:
		o, _, err := tx.Order(i.OrderID)
		for n, l := range o.LineItems[:min(len(o.LineItems), len(i.Create.LineItems))] {
			lines = append(lines, priced{l.TicketTypeID, i.Create.LineItems[n].PriceID})
		}
		return lines, err
	case i.Link != nil:
		p, _, err := tx.Poster(i.PosterID)
		return []priced{{p.TicketTypeID, i.Link.PriceID}}, err
	default:
		return nil, nil
	}
}
