package closing

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// whole is a world in which all books agree: some days of sales in two
// currencies, with what went back and what was paid out.
func whole(t *rapid.T) *world {
	w := newWorld()
	when := 0
	for range rapid.IntRange(0, 14).Draw(t, "steps") {
		when += rapid.SampledFrom([]int{0, 1, 3600, 86_000}).Draw(t, "later")
		c := rapid.SampledFrom([]money.Currency{"eur", "chf"}).Draw(t, "currency")
		switch rapid.IntRange(0, 10).Draw(t, "what") {
		case 0:
			w.paysOut(when, c)
		case 1:
			w.balance("fee", "", at(when), money.New(-rapid.Int64Range(1, 500).Draw(t, "cost"), c), 0)
		case 2:
			amount := rapid.Int64Range(100, 9000).Draw(t, "elsewhere")
			ch := w.elsewhere(when, money.New(amount, c))
			w.returns(ch, rapid.SampledFrom([]string{"refund", "dispute"}).Draw(t, "back"), when+100, money.New(-amount, c))
		default:
			p := w.pays(when, money.New(rapid.Int64Range(100, 9000).Draw(t, "amount"), c), rapid.Int64Range(0, 90).Draw(t, "fee"))
			switch rapid.IntRange(0, 5).Draw(t, "then") {
			case 0:
				status := rapid.SampledFrom([]boxoffice.RefundStatus{boxoffice.RefundSucceeded, boxoffice.RefundPending}).Draw(t, "status")
				w.refunds(p, when+100, rapid.Int64Range(1, p.amount.Minor).Draw(t, "refund"), status)
			case 1:
				re := w.refunds(p, when+100, p.amount.Minor, boxoffice.RefundFailed)
				w.balance("refund_failure", re, at(when+200), p.amount, 0)
				p.known = at(when + 300)
			case 2:
				w.disputes(p, when+100, 1500)
				if rapid.Bool().Draw(t, "won") {
					w.reinstates(p, when+300)
				}
			}
		}
	}
	return w
}

// counted checks that every transaction of the books is in exactly one movement
// of the reports, and that what the reports sum up is what Stripe did.
func counted(t *rapid.T, b books, reports ...Report) {
	times := map[string]int{}
	nets, paid := map[money.Currency]int64{}, map[money.Currency]int64{}
	for _, r := range reports {
		for _, m := range r.Movements {
			if m.Transaction != nil {
				times[m.Transaction.ID]++
			}
		}
		if r.Of != r.Agree+r.Differ+r.Unread || len(r.Differences()) != r.Differ {
			t.Errorf("%d of %d agree, %d differ, %d are unread", r.Agree, r.Of, r.Differ, r.Unread)
		}
		for _, c := range r.Currencies {
			if c.Net != c.Gross-c.Fees-c.Refunded-c.Disputed+c.Other {
				t.Errorf("%+v does not add up", c)
			}
			nets[c.Currency] += c.Net
			paid[c.Currency] += c.PaidOut
		}
	}
	wantNets, wantPaid := map[money.Currency]int64{}, map[money.Currency]int64{}
	for _, row := range b.transactions {
		if times[row.ID] != 1 {
			t.Errorf("%s (%s) is counted %d times", row.ID, row.Category, times[row.ID])
		}
		c := row.Amount.Currency
		wantNets[c] += 0
		wantPaid[c] += 0
		if kindOf(row) == Payout {
			wantPaid[c] -= row.Amount.Minor
		} else {
			wantNets[c] += row.Net
		}
	}
	if diff := cmp.Diff(wantNets, nets) + cmp.Diff(wantPaid, paid); diff != "" {
		t.Errorf("the sums are not Stripe's: %s", diff)
	}
}

func TestWhatAgreesAgrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := whole(t)
		r := period(w.books, at(-1), at(20*86400))
		if got := told(r); len(got) > 0 || r.Agree != r.Of || !r.Complete {
			t.Fatalf("%d of %d agree: %v", r.Agree, r.Of, got)
		}
		counted(t, w.books, r)
	})
}

// Whatever is taken out of the books or spoilt in them, and however the time is
// cut into periods, each transaction is counted once.
func TestEachTransactionIsCountedOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := whole(t)
		drop := func() bool { return rapid.IntRange(0, 3).Draw(t, "drop") == 0 }
		w.payments = slices.DeleteFunc(w.payments, func(payment) bool { return drop() })
		w.charges = slices.DeleteFunc(w.charges, func(boxoffice.Charge) bool { return drop() })
		w.transactions = slices.DeleteFunc(w.transactions, func(boxoffice.BalanceTransaction) bool { return drop() })
		w.payouts = slices.DeleteFunc(w.payouts, func(boxoffice.Payout) bool { return drop() })
		for i := range w.transactions {
			if row := &w.transactions[i]; drop() {
				row.SourceID = rapid.SampledFrom([]string{"", "ch_x", row.SourceID, w.transactions[0].SourceID}).Draw(t, "source")
			}
		}
		if rapid.Bool().Draw(t, "unread") {
			w.covered = nil
		}
		end := at(20 * 86400)
		var reports []Report
		for from := at(-1); from.Before(end); {
			to := from.Add(time.Duration(rapid.IntRange(1, 6*86400).Draw(t, "length")) * time.Second)
			reports = append(reports, period(w.books, from, to))
			from = to.Add(time.Second)
		}
		counted(t, w.books, reports...)
	})
}

// One row that is missing is one difference, of the right kind. Only what is in
// a payout is missed by the payout as well.
func TestOneRowIsOneDifference(t *testing.T) {
	t.Parallel()
	missed := map[Kind]Difference{
		Payment: TransactionMissing, Refund: RefundMissingAtStripe, RefundReturned: RefundMissingAtStripe,
		Dispute: DisputeMissingAtStripe, DisputeReturned: DisputeMissingAtStripe, Payout: TransactionMissing,
	}
	rapid.Check(t, func(t *rapid.T) {
		w := whole(t)
		var want []Difference
		pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "row") }
		take := rapid.SampledFrom([]string{"payment", "charge", "transaction", "payout", "refund", "dispute"}).Draw(t, "take")
		switch {
		case take == "payment" && len(w.payments) > 0:
			i := pick(len(w.payments))
			p := w.payments[i]
			want = append(want, MissingInBook)
			for _, r := range p.Refunds { // they went with the payment
				want = append(want, RefundMissingInBook)
				if r.Status == boxoffice.RefundFailed {
					want = append(want, RefundMissingInBook)
				}
			}
			for _, d := range p.Disputes {
				want = append(want, DisputeMissingInBook)
				if d.Reinstated > 0 {
					want = append(want, DisputeMissingInBook)
				}
			}
			w.payments = slices.Delete(w.payments, i, i+1)
		case take == "charge" && len(w.charges) > 0:
			i := pick(len(w.charges))
			w.charges, want = slices.Delete(w.charges, i, i+1), []Difference{ChargeMissing}
		case take == "transaction" && len(w.transactions) > 0:
			i := pick(len(w.transactions))
			row := w.transactions[i]
			w.transactions = slices.Delete(w.transactions, i, i+1)
			switch kind := kindOf(row); {
			case row.ChargeID != "" || kind == Payment && w.intentOf(row.SourceID) == "":
			case kind == Other || kind == Refund && w.refundOf(row.SourceID).Status == boxoffice.RefundPending:
			default:
				want = append(want, missed[kind])
			}
			if row.PayoutID != "" && kindOf(row) != Payout && row.Net != 0 {
				in := w.members[row.PayoutID]
				w.members[row.PayoutID] = slices.DeleteFunc(in, func(other boxoffice.BalanceTransaction) bool { return other.ID == row.ID })
				want = append(want, PayoutDiffers)
			}
		case take == "payout" && len(w.payouts) > 0:
			i := pick(len(w.payouts))
			w.payouts, want = slices.Delete(w.payouts, i, i+1), []Difference{PayoutMissing}
		case take == "refund":
			for i := range w.payments {
				if p := &w.payments[i]; len(p.Refunds) > 0 && p.Refunds[0].Status != boxoffice.RefundFailed {
					p.Refunds, want = nil, []Difference{RefundMissingInBook}
					break
				}
			}
		case take == "dispute":
			for i := range w.payments {
				if p := &w.payments[i]; len(p.Disputes) > 0 && p.Disputes[0].Reinstated == 0 {
					p.Disputes, want = nil, []Difference{DisputeMissingInBook}
					break
				}
			}
		}
		var got []Difference
		for _, m := range period(w.books, at(-1), at(20*86400)).Differences() {
			got = append(got, m.Difference)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("without a %s: %s", take, diff)
		}
	})
}

// intentOf is the payment of a charge; "" for one of another program's.
func (w *world) intentOf(chargeID string) string {
	i := slices.IndexFunc(w.charges, func(c boxoffice.Charge) bool { return c.ID == chargeID })
	return w.charges[i].PaymentIntentID
}

// refundOf finds a refund by Stripe's id.
func (w *world) refundOf(id string) boxoffice.Refund {
	for _, p := range w.payments {
		if r, ok := p.RefundByID(id); ok {
			return r
		}
	}
	return boxoffice.Refund{}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		read := map[int]bool{}
		var covered []boxoffice.Span
		for range rapid.IntRange(0, 5).Draw(t, "spans") {
			from := rapid.IntRange(-5, 40).Draw(t, "from")
			to := from + rapid.IntRange(0, 12).Draw(t, "length")
			covered = boxoffice.Cover(covered, boxoffice.Span{From: at(from), To: at(to)})
			for s := from; s <= to; s++ {
				read[s] = true
			}
		}
		from := rapid.IntRange(0, 20).Draw(t, "asked from")
		to := from + rapid.IntRange(0, 20).Draw(t, "asked for")
		missing := gaps(covered, at(from), at(to))
		for s := from; s <= to; s++ {
			inGap := slices.ContainsFunc(missing, func(g boxoffice.Span) bool { return !at(s).Before(g.From) && !at(s).After(g.To) })
			if inGap == read[s] {
				t.Fatalf("second %d: read %v, missing %v in %v", s, read[s], inGap, missing)
			}
		}
		for i, g := range missing {
			if g.To.Before(g.From) || g.From.Before(at(from)) || g.To.After(at(to)) || i > 0 && !missing[i-1].To.Before(g.From) {
				t.Fatalf("%v are no gaps of %d to %d", fmt.Sprint(missing), from, to)
			}
		}
	})
}
