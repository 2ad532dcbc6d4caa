package backend

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// check holds the book that is left against what people were told, and against
// what really moved at Stripe.
func (l *load) check() {
	l.Helper()
	if out, err := l.program.command("verify").CombinedOutput(); err != nil || !bytes.Contains(out, []byte("sound")) {
		l.Errorf("verify: %v: %s", err, out)
	}
	book, err := ledger.Open(bookPath(l.program.data+"/training"), ledger.Options{Register: register, Now: time.Now, ReadOnly: true})
	if err != nil {
		l.Fatal(err)
	}
	defer book.Close()
	err = book.View(func(tx *ledger.Tx) error {
		orders, more, err := tx.Orders(ledger.OrderQuery{Limit: 1_000_000})
		if err != nil || more {
			return cmp.Or(err, fmt.Errorf("there are more than a million orders"))
		}
		l.Logf("%d requests at the till, %d sales answered, %d sold out, %d paid, %d canceled, %d refunds, %d decisions about late money, %d orders in the book",
			l.asked.Load(), len(l.answered), l.soldOut.Load(), l.paid.Load(), l.canceled.Load(), l.refunds.Load(), l.decided.Load(), len(orders))
		for what, n := range map[string]int64{"answered": int64(len(l.answered)), "paid": l.paid.Load(), "canceled": l.canceled.Load(), "given back": l.refunds.Load(), "decided": l.decided.Load()} {
			if n == 0 {
				l.Errorf("nothing was %s, so this proves nothing", what)
			}
		}
		l.checkChain(tx)
		l.checkAnswered(tx, orders)
		l.checkCodes(tx)
		l.checkMoney(tx, orders)
		l.checkSeats(tx, orders)
		intents, err := tx.Intents()
		if len(intents) > 0 {
			l.Errorf("%d intents were never answered, such as %+v", len(intents), intents[0])
		}
		return err
	})
	if err != nil {
		l.Error(err)
	}
}

// checkChain: entries are numbered without a gap.
func (l *load) checkChain(tx *ledger.Tx) {
	next := uint64(1)
	err := tx.Entries(0, func(e ledger.Entry) (bool, error) {
		if e.Number != next {
			l.Errorf("after entry %d comes %d", next-1, e.Number)
		}
		next = e.Number + 1
		return true, nil
	})
	if err != nil {
		l.Error(err)
	}
}

// checkAnswered: what the till said is in the book, and no key has two orders.
func (l *load) checkAnswered(tx *ledger.Tx, orders []boxoffice.Order) {
	byKey := map[string]int{}
	for _, o := range orders {
		if o.Key != "" {
			byKey[o.Key]++
		}
	}
	for key, was := range l.answered {
		o, ok, err := tx.OrderByKey(key)
		if err != nil || !ok || o.ID != was.order {
			l.Errorf("the till said that %s is order %s; in the book it is %q (%v)", key, was.order, o.ID, err)
		}
	}
	for key, n := range byKey {
		if n > 1 {
			l.Errorf("%d orders have the key %s", n, key)
		}
	}
}

// checkCodes: every code that Stripe has belongs to an order, and no order has
// two.
func (l *load) checkCodes(tx *ledger.Tx) {
	codes := map[string]int{}
	for after := ""; ; {
		var page struct {
			Data []struct {
				ID        string
				Reference string `json:"client_reference_id"`
				Link      string `json:"payment_link"`
			}
			More bool `json:"has_more"`
		}
		path := "/v1/checkout/sessions?limit=100"
		if after != "" {
			path += "&starting_after=" + after
		}
		if err := json.Unmarshal(l.stripe(path, ""), &page); err != nil {
			l.Fatal(err)
		}
		for _, c := range page.Data {
			after = c.ID
			if c.Link != "" || strings.HasPrefix(c.Reference, "ord-nobody") {
				continue
			}
			o, ok, err := tx.Order(c.Reference)
			if err != nil || !ok || o.Tenders[0].SessionID != c.ID {
				l.Errorf("Stripe has code %s for order %s, which the book does not have so (%v)", c.ID, c.Reference, err)
			}
			if codes[c.Reference]++; codes[c.Reference] > 1 {
				l.Errorf("Stripe has %d codes for order %s", codes[c.Reference], c.Reference)
			}
		}
		if !page.More {
			return
		}
	}
}

// checkMoney: every cent that Stripe took or gave back is in the book once, and
// nothing else is.
func (l *load) checkMoney(tx *ledger.Tx, orders []boxoffice.Order) {
	took, gave := map[string][]money.Amount{}, map[string][]boxoffice.Refund{}
	takes := func(intent string, amount money.Amount, refunds []boxoffice.Refund) {
		took[intent] = append(took[intent], amount)
		for _, r := range refunds {
			if r.Status.Gone() {
				gave[r.StripeID] = append(gave[r.StripeID], r)
			}
		}
	}
	for _, o := range orders {
		for _, t := range o.Tenders {
			if t.State == boxoffice.TenderPaid {
				takes(t.PaymentIntentID, t.Amount, o.Refunds)
			}
		}
	}
	kept, err := tx.Discrepancies()
	for _, d := range kept {
		if d.Counts() {
			takes(d.PaymentIntentID, d.Amount, d.Refunds)
		}
	}
	if err != nil {
		l.Error(err)
	}
	truth, err := l.s.sim.Truth()
	if err != nil {
		l.Error(err)
	}
	for _, p := range truth.Payments {
		if has := took[p.IntentID]; len(has) != 1 || has[0] != money.New(p.Amount, money.Currency(p.Currency)) {
			l.Errorf("Stripe took %d %s by %s; the book has %v", p.Amount, p.Currency, p.IntentID, has)
		}
		delete(took, p.IntentID)
	}
	for _, r := range truth.Refunds {
		if has := gave[r.ID]; len(has) != 1 || has[0].Amount != money.New(r.Amount, money.Currency(r.Currency)) || string(has[0].Status) != r.Status {
			l.Errorf("Stripe gave %d %s back by %s (%s); the book has %v", r.Amount, r.Currency, r.ID, r.Status, has)
		}
		delete(gave, r.ID)
	}
	for intent, amounts := range took {
		l.Errorf("the book has %v by %q, which Stripe never took", amounts, intent)
	}
	for id, refunds := range gave {
		l.Errorf("the book has refund %q, which Stripe never gave: %+v", id, refunds)
	}
	l.Logf("Stripe took %d payments and gave %d back", len(truth.Payments), len(truth.Refunds))
}

// checkSeats counts who sits where, from the orders themselves.
func (l *load) checkSeats(tx *ledger.Tx, orders []boxoffice.Order) {
	c, err := tx.Catalogue()
	if err != nil {
		l.Error(err)
	}
	for _, q := range c.Quotas {
		held, admitted := 0, 0
		for _, o := range orders {
			for _, claim := range o.Hold.Claims {
				if o.Hold.State == boxoffice.Held && claim.QuotaID == q.ID {
					held += claim.Seats
				}
			}
			for _, ticket := range o.Valid() {
				if q.Covers(ticket.PerformanceID, ticket.TicketTypeID) {
					admitted++
				}
			}
		}
		if held+admitted+q.Allotted > q.Size || held != q.Held || admitted != q.Sold {
			l.Errorf("of %s's %d seats %d are held and %d have tickets; the book counts %d and %d, and %d set apart", q.ID, q.Size, held, admitted, q.Held, q.Sold, q.Allotted)
		}
	}
}

// checkCopies: a copy that was made while the program wrote is a sound book, or
// is refused in words. It is never a wrong book that looks right.
func (l *load) checkCopies() {
	l.Helper()
	sound := 0
	for _, dir := range l.copies {
		c := l.program.command("verify", "-data", dir)
		out, err := c.CombinedOutput()
		switch code := c.ProcessState.ExitCode(); {
		case err == nil && bytes.Contains(out, []byte("The book is sound")):
			sound++
		case code != 1 || bytes.Contains(out, []byte("goroutine ")) || !bytes.Contains(out, []byte("book")):
			l.Errorf("a copy of the data folder ends the program with %d: %s", code, out)
		default:
			l.Logf("a torn copy: %s", out)
		}
	}
	l.Logf("of %d copies that were made while the program wrote %d are sound books", len(l.copies), sound)
}
