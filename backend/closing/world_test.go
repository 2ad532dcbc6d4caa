package closing

import (
	"fmt"
	"slices"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// noon is when a world begins; everything in it happens some seconds later.
func noon() time.Time { return time.Date(2026, time.March, 5, 12, 0, 0, 0, time.UTC) }

func at(seconds int) time.Time { return noon().Add(time.Duration(seconds) * time.Second) }

func eur(minor int64) money.Amount { return money.New(minor, "eur") }

// world is books in the making. Each thing that happens is put into all of
// them, as Stripe and a till would.
type world struct {
	books
	n int
}

// newWorld is one whose statement was read for ten days before noon and thirty
// after it.
func newWorld() *world {
	w := &world{}
	w.members = map[string][]boxoffice.BalanceTransaction{}
	w.covered = []boxoffice.Span{{From: noon().Add(-10 * 24 * time.Hour), To: noon().Add(30 * 24 * time.Hour)}}
	return w
}

func (w *world) id(prefix string) string {
	w.n++
	return fmt.Sprintf("%s_%03d", prefix, w.n)
}

// balance moves the balance.
func (w *world) balance(category, source string, when time.Time, amount money.Amount, fee int64) string {
	id := w.id("txn")
	w.transactions = append(w.transactions, boxoffice.BalanceTransaction{
		ID: id, Type: category, Category: category, SourceID: source, CreatedAt: when, Amount: amount, Fee: fee, Net: amount.Minor - fee,
	})
	return id
}

// pays is a buyer who pays an order.
func (w *world) pays(when int, amount money.Amount, fee int64) *payment {
	p := payment{intentID: w.id("pi"), chargeID: w.id("ch"), amount: amount, at: at(when), known: at(when + 2)}
	p.order = boxoffice.Order{ID: w.id("ord"), Code: w.id("CODE")}
	w.charges = append(w.charges, boxoffice.Charge{
		ID: p.chargeID, PaymentIntentID: p.intentID, Amount: amount, CreatedAt: at(when), TransactionID: w.balance("charge", p.chargeID, at(when), amount, fee),
	})
	w.payments = append(w.payments, p)
	return &w.payments[len(w.payments)-1]
}

// fails has a payment's bank refuse it after all: Stripe takes it back, and
// gives its fee back.
func (w *world) fails(p *payment, when int, fee int64) {
	w.balance("charge_failure", p.chargeID, at(when), money.New(-p.amount.Minor, p.amount.Currency), -fee)
}

// elsewhere is a charge that another program made without a PaymentIntent.
func (w *world) elsewhere(when int, amount money.Amount) string {
	id := w.id("ch")
	w.charges = append(w.charges, boxoffice.Charge{ID: id, Amount: amount, CreatedAt: at(when), TransactionID: w.balance("charge", id, at(when), amount, 0)})
	return id
}

// returns moves what went back of such a charge, or came back.
func (w *world) returns(chargeID, category string, when int, amount money.Amount) {
	w.balance(category, w.id("re"), at(when), amount, 0)
	w.transactions[len(w.transactions)-1].ChargeID = chargeID
}

// refunds gives so much of a payment back.
func (w *world) refunds(p *payment, when int, minor int64, status boxoffice.RefundStatus) string {
	r := boxoffice.Refund{ID: w.id("rfd"), StripeID: w.id("re"), ChargeID: p.chargeID, Amount: money.New(minor, p.amount.Currency), Status: status, CreatedAt: at(when)}
	p.Refunds = append(p.Refunds, r)
	w.balance("refund", r.StripeID, at(when), money.New(-minor, p.amount.Currency), 0)
	return r.StripeID
}

// disputes has the buyer's bank take all of a payment.
func (w *world) disputes(p *payment, when int, fee int64) string {
	d := boxoffice.Dispute{ID: w.id("dp"), ChargeID: p.chargeID, Amount: p.amount, Status: boxoffice.DisputeNeedsResponse, CreatedAt: at(when), Withdrawn: p.amount.Minor}
	p.Disputes = append(p.Disputes, d)
	w.balance("dispute", d.ID, at(when), money.New(-p.amount.Minor, p.amount.Currency), fee)
	return d.ID
}

// reinstates has the bank give it back.
func (w *world) reinstates(p *payment, when int) {
	d := &p.Disputes[len(p.Disputes)-1]
	d.Reinstated, d.Status = d.Withdrawn, boxoffice.DisputeWon
	w.balance("dispute_reversal", d.ID, at(when), money.New(d.Reinstated, d.Amount.Currency), 0)
}

// paysOut sends all that has come in one currency and is not paid out yet.
func (w *world) paysOut(when int, c money.Currency) string {
	p := boxoffice.Payout{ID: w.id("po"), Status: "paid", CreatedAt: at(when), Automatic: true, Reconciled: true, Matched: true}
	sum := int64(0)
	for i := range w.transactions {
		t := &w.transactions[i]
		if t.PayoutID != "" || t.Amount.Currency != c || t.CreatedAt.After(at(when)) {
			continue
		}
		t.PayoutID = p.ID
		sum += t.Net
		w.members[p.ID] = append(w.members[p.ID], *t)
	}
	p.Amount = money.New(sum, c)
	p.TransactionID = w.balance("payout", p.ID, at(when), money.New(-sum, c), 0)
	own := &w.transactions[len(w.transactions)-1]
	own.PayoutID = p.ID
	w.members[p.ID] = append(w.members[p.ID], *own) // Stripe lists it among them
	w.payouts = append(w.payouts, p)
	return p.ID
}

// lose takes a transaction out, as if the statement had not had it.
func (w *world) lose(category string) {
	w.transactions = slices.DeleteFunc(w.transactions, func(t boxoffice.BalanceTransaction) bool { return t.Category == category })
}

// transaction finds the first of a category, to be spoilt.
func (w *world) transaction(category string) *boxoffice.BalanceTransaction {
	for i := range w.transactions {
		if w.transactions[i].Category == category {
			return &w.transactions[i]
		}
	}
	return nil
}

// close closes the whole time of the world.
func (w *world) close() Report { return period(w.books, at(-1000), at(100_000)) }

// told is what a report says of each difference.
func told(r Report) (list []string) {
	for _, m := range r.Movements {
		if m.State == Differs {
			list = append(list, fmt.Sprintf("%s: %s, %s / %s", m.Kind, m.Difference, shown(m.InBook), shown(m.AtStripe)))
		}
		if m.State == Unread {
			list = append(list, fmt.Sprintf("%s: unread", m.Kind))
		}
	}
	return list
}

func shown(a money.Amount) string {
	if a.Currency == "" {
		return "nothing"
	}
	return a.String()
}
