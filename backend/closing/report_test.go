package closing_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/closing"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

func noon() time.Time { return testkit.NewClock().Now() }

func at(d time.Duration) time.Time { return noon().Add(d) }

func eur(minor int64) money.Amount { return money.New(minor, "eur") }

// sold is order n, paid at a time: cs_1, pi_1, ch_1.
func sold(n int, when time.Time) []boxoffice.Fact {
	tender := boxoffice.OfTender{OrderID: fmt.Sprint("ord-", n), TenderID: fmt.Sprint("tdr-", n)}
	order := boxoffice.Order{
		ID: tender.OrderID, Code: fmt.Sprintf("CODE%02d", n), Key: fmt.Sprint("tap-", n), Asked: "asked", PlacedAt: when, UpdatedAt: when,
		LineItems: []boxoffice.LineItem{{PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, Name: "Adult", Quantity: 1, Total: eur(2400)}},
		Total:     eur(2400), Hold: boxoffice.Hold{State: boxoffice.Held, Claims: []boxoffice.Claim{{QuotaID: "quota-house", Seats: 1}}},
		Tenders: []boxoffice.Tender{{ID: tender.TenderID, Kind: boxoffice.Phone, State: boxoffice.TenderStarting, Amount: eur(2400)}},
	}
	session := fmt.Sprint("cs_", n)
	return []boxoffice.Fact{
		boxoffice.OrderPlacedFact{Order: order, Intent: boxoffice.Intent{
			Key: ledger.CreateKey(tender.TenderID), OrderID: tender.OrderID, TenderID: tender.TenderID, RecordedAt: when, Create: &boxoffice.SessionRequest{Reference: tender.OrderID},
		}},
		boxoffice.OpenedFact{OfTender: tender, SessionID: session, URL: "https://pay/" + session, ExpiresAt: when.Add(time.Hour)},
		boxoffice.PaidFact{
			OfTender: tender, SessionID: session, Amount: eur(2400), PaymentIntentID: fmt.Sprint("pi_", n), ChargeID: fmt.Sprint("ch_", n), PaidAt: when,
			Tickets: []boxoffice.Ticket{{ID: fmt.Sprint("tkt-", n), OrderID: tender.OrderID}},
		},
	}
}

func charge(n int, when time.Time) boxoffice.Charge {
	return boxoffice.Charge{ID: fmt.Sprint("ch_", n), PaymentIntentID: fmt.Sprint("pi_", n), Amount: eur(2400), CreatedAt: when, TransactionID: fmt.Sprint("txn_", n)}
}

func moved(id, category, source string, minor, fee int64, when time.Time, payout string) boxoffice.BalanceTransaction {
	return boxoffice.BalanceTransaction{ID: id, Type: category, Category: category, SourceID: source, Amount: eur(minor), Fee: fee, Net: minor - fee, CreatedAt: when, PayoutID: payout}
}

// book is two days of a box office. On the first, orders 1 and 2 and money that
// another program took; on the second order 3, and a refund of half of order 1.
// The first day was paid out on the second.
func book(t *testing.T) *ledger.Book {
	t.Helper()
	b := testkit.Book(t, ledger.Options{})
	day := at(24 * time.Hour)
	for n, when := range []time.Time{at(0), at(time.Minute), day} {
		testkit.Append(t, b, sold(n+1, when)...)
	}
	kept := func(id, intent, charge string, reason boxoffice.Reason, amount money.Amount) boxoffice.Fact {
		return boxoffice.DiscrepancyFoundFact{Discrepancy: boxoffice.Discrepancy{
			ID: id, SessionID: "cs_" + id, PaymentIntentID: intent, ChargeID: charge, Amount: amount, Reason: reason, PaidAt: at(2 * time.Minute), FoundAt: at(3 * time.Minute),
		}}
	}
	testkit.Append(t, b,
		kept("dsc-shop", "pi_shop", "ch_shop", boxoffice.Elsewhere, eur(2400)),
		kept("dsc-test", "pi_test", "ch_test", boxoffice.WrongMode, eur(2400)),
		kept("dsc-free", "", "", boxoffice.UnknownOrder, eur(0)),
		boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: "ord-1"}, Refund: boxoffice.Refund{
			ID: "re_1", StripeID: "re_1", PaymentIntentID: "pi_1", ChargeID: "ch_1", Amount: eur(1200), Status: boxoffice.RefundSucceeded, External: true, CreatedAt: day.Add(time.Hour),
		}},
	)
	shop := boxoffice.Charge{ID: "ch_shop", PaymentIntentID: "pi_shop", Amount: eur(2400), CreatedAt: at(2 * time.Minute), TransactionID: "txn_shop"}
	testkit.Append(t, b, boxoffice.StatementReadFact{
		Charges: []boxoffice.Charge{charge(1, at(0)), charge(2, at(time.Minute)), charge(3, day), shop},
		Transactions: []boxoffice.BalanceTransaction{
			moved("txn_1", "charge", "ch_1", 2400, 61, at(0), "po_1"), moved("txn_2", "charge", "ch_2", 2400, 61, at(time.Minute), "po_1"),
			moved("txn_shop", "charge", "ch_shop", 2400, 61, at(2*time.Minute), "po_1"),
			moved("txn_fee", "fee", "", -200, 0, at(3*time.Minute), "po_1"),
			moved("txn_3", "charge", "ch_3", 2400, 61, day, ""), moved("txn_4", "refund", "re_1", -1200, 0, day.Add(time.Hour), ""),
			moved("txn_po", "payout", "po_1", -6817, 0, day.Add(2*time.Hour), "po_1"),
		},
		Payouts: []boxoffice.Payout{
			{ID: "po_1", Amount: eur(6817), Status: "paid", CreatedAt: day.Add(2 * time.Hour), ArrivesAt: day.Add(50 * time.Hour), Automatic: true, Reconciled: true, Matched: true, TransactionID: "txn_po"},
		},
		Covered: &boxoffice.Span{From: at(-time.Hour), To: at(36 * time.Hour)},
	})
	return b
}

func view(t *testing.T, b *ledger.Book, fn func(*ledger.Tx) (closing.Report, error)) (r closing.Report) {
	t.Helper()
	err := b.View(func(tx *ledger.Tx) (err error) {
		r, err = fn(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPeriod(t *testing.T) {
	t.Parallel()
	b := book(t)
	day := at(24 * time.Hour)
	for name, test := range map[string]struct {
		from, to time.Time
		agree    int
		missing  []boxoffice.Span
		want     []closing.Totals
	}{
		"the first day": {from: at(-time.Hour), to: day.Add(-time.Second), agree: 3, want: []closing.Totals{
			{Currency: "eur", Payments: 3, Gross: 7200, Fees: 183, Other: -200, Net: 6817},
		}},
		"the second day": {from: day, to: at(36 * time.Hour), agree: 3, want: []closing.Totals{
			{Currency: "eur", Payments: 1, Gross: 2400, Fees: 61, Refunds: 1, Refunded: 1200, Net: 1139, Payouts: 1, PaidOut: 6817},
		}},
		"an hour of which nothing was read": {from: at(37 * time.Hour), to: at(38 * time.Hour), missing: []boxoffice.Span{{From: at(37 * time.Hour), To: at(38 * time.Hour)}}},
		"the end of what was read": {
			from: at(35 * time.Hour), to: at(37 * time.Hour), missing: []boxoffice.Span{{From: at(36*time.Hour + time.Second), To: at(37 * time.Hour)}},
		},
		"all": {from: at(-time.Hour), to: at(36 * time.Hour), agree: 6, want: []closing.Totals{
			{Currency: "eur", Payments: 4, Gross: 9600, Fees: 244, Refunds: 1, Refunded: 1200, Other: -200, Net: 7956, Payouts: 1, PaidOut: 6817},
		}},
	} {
		r := view(t, b, func(tx *ledger.Tx) (closing.Report, error) { return closing.Period(tx, test.from, test.to) })
		if r.Agree != test.agree || r.Of != test.agree || len(r.Differences()) > 0 {
			t.Errorf("%s: %d of %d agree; %+v", name, r.Agree, r.Of, r.Differences())
		}
		if diff := cmp.Diff(test.want, r.Currencies); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(test.missing, r.Missing); diff != "" || r.Complete != (test.missing == nil) {
			t.Errorf("%s: complete %v; %s", name, r.Complete, diff)
		}
	}
}

func TestPeriodNamesWhatItIsAbout(t *testing.T) {
	t.Parallel()
	r := view(t, book(t), func(tx *ledger.Tx) (closing.Report, error) {
		return closing.Period(tx, at(-time.Hour), at(36*time.Hour))
	})
	type row struct {
		Kind                                           closing.Kind
		State                                          closing.State
		Order, Code, Kept, Charge, Intent, Refund, Pay string
		Elsewhere                                      bool
	}
	var got []row
	for _, m := range r.Movements {
		got = append(got, row{m.Kind, m.State, m.OrderID, m.OrderCode, m.DiscrepancyID, m.ChargeID, m.PaymentIntentID, m.RefundID, m.PayoutID, m.Elsewhere})
	}
	want := []row{
		{Kind: closing.Payment, State: closing.Agrees, Order: "ord-1", Code: "CODE01", Charge: "ch_1", Intent: "pi_1"},
		{Kind: closing.Payment, State: closing.Agrees, Order: "ord-2", Code: "CODE02", Charge: "ch_2", Intent: "pi_2"},
		{Kind: closing.Payment, State: closing.Agrees, Kept: "dsc-shop", Charge: "ch_shop", Intent: "pi_shop", Elsewhere: true},
		{Kind: closing.Other, State: closing.Listed},
		{Kind: closing.Payment, State: closing.Agrees, Order: "ord-3", Code: "CODE03", Charge: "ch_3", Intent: "pi_3"},
		{Kind: closing.Refund, State: closing.Agrees, Order: "ord-1", Code: "CODE01", Charge: "ch_1", Intent: "pi_1", Refund: "re_1"},
		{Kind: closing.Payout, State: closing.Agrees, Pay: "po_1"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]closing.OtherSum{{Category: "fee", Count: 1, Amount: eur(-200)}}, r.Others); diff != "" {
		t.Error(diff)
	}
}

func TestForPayout(t *testing.T) {
	t.Parallel()
	b := book(t)
	r := view(t, b, func(tx *ledger.Tx) (closing.Report, error) { return closing.ForPayout(tx, "po_1") })
	want := []closing.Totals{{Currency: "eur", Payments: 3, Gross: 7200, Fees: 183, Other: -200, Net: 6817, Payouts: 1, PaidOut: 6817}}
	if diff := cmp.Diff(want, r.Currencies); diff != "" || r.Agree != 4 || r.Of != 4 || !r.Complete || r.Payout == nil || r.Payout.ID != "po_1" {
		t.Errorf("%d of %d agree, complete %v; %s", r.Agree, r.Of, r.Complete, diff)
	}
	change := func(p boxoffice.Payout) {
		p.ID, p.CreatedAt, p.Status = "po_2", at(30*time.Hour), "paid"
		testkit.Append(t, b, boxoffice.StatementReadFact{
			Payouts: []boxoffice.Payout{p}, Transactions: []boxoffice.BalanceTransaction{moved("txn_po2", "payout", "po_2", -1139, 0, at(30*time.Hour), "")},
		})
	}
	for _, test := range []struct {
		payout   boxoffice.Payout
		want     closing.Difference
		complete bool
	}{
		{boxoffice.Payout{Amount: eur(1139)}, closing.PayoutNotListed, true},
		{boxoffice.Payout{Amount: eur(1139), Automatic: true}, "", false},
		{boxoffice.Payout{Amount: eur(1139), Automatic: true, Reconciled: true}, "", false},
		{boxoffice.Payout{Amount: eur(1139), Automatic: true, Reconciled: true, Matched: true}, closing.PayoutDiffers, true}, // nothing is in it
	} {
		change(test.payout)
		r := view(t, b, func(tx *ledger.Tx) (closing.Report, error) { return closing.ForPayout(tx, "po_2") })
		if len(r.Movements) != 1 || r.Movements[0].Difference != test.want || r.Complete != test.complete || (len(r.Missing) == 0) != test.complete {
			t.Errorf("%+v: %+v", test.payout, r)
		}
	}
	err := b.View(func(tx *ledger.Tx) error { _, err := closing.ForPayout(tx, "po_x"); return err })
	if boxoffice.ErrorCode(err) != boxoffice.CodeNotFound {
		t.Errorf("a payout that there is not: %v", err)
	}
}

// A debit that the bank decides on after two weeks is paid on the day that its
// money came, with the charge of the day that it was asked for.
func TestWhatIsSettledLater(t *testing.T) {
	t.Parallel()
	b := testkit.Book(t, ledger.Options{})
	later := at(40 * 24 * time.Hour)
	testkit.Append(t, b, sold(1, at(0))...)
	c := charge(1, at(0))
	c.TransactionID = "" // as it was when it was read
	testkit.Append(t, b, boxoffice.StatementReadFact{
		Charges: []boxoffice.Charge{c}, Transactions: []boxoffice.BalanceTransaction{moved("txn_1", "charge", "ch_1", 2400, 61, later, "")},
		Covered: &boxoffice.Span{From: at(-time.Hour), To: later.Add(time.Hour)},
	})
	r := view(t, b, func(tx *ledger.Tx) (closing.Report, error) { return closing.Period(tx, later, later) })
	if r.Agree != 1 || r.Of != 1 || r.Movements[0].OrderID != "ord-1" {
		t.Errorf("%d of %d agree: %+v", r.Agree, r.Of, r.Movements)
	}
}

// BenchmarkPeriod closes one day of a book of 5,000 orders.
func BenchmarkPeriod(b *testing.B) {
	book := testkit.Book(b, ledger.Options{})
	testkit.Append(b, book, boxoffice.QuotaChangedFact{QuotaID: "quota-house", TicketTypeIDs: []string{testkit.Adult}, Size: 10_000})
	for n := range 5000 {
		when := at(time.Duration(n) * time.Minute)
		testkit.Append(b, book, append(sold(n, when), boxoffice.StatementReadFact{
			Charges:      []boxoffice.Charge{charge(n, when)},
			Transactions: []boxoffice.BalanceTransaction{moved(fmt.Sprint("txn_", n), "charge", fmt.Sprint("ch_", n), 2400, 61, when, "")},
		})...)
	}
	for b.Loop() {
		err := book.View(func(tx *ledger.Tx) error {
			r, err := closing.Period(tx, at(0), at(24*time.Hour))
			if r.Agree != 1441 {
				b.Fatalf("%d agree", r.Agree)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// A cent of rounding is no difference either when the money went back weeks
// after it came.
func TestARefundOfLastMonthIsRoundedToo(t *testing.T) {
	t.Parallel()
	for _, later := range []time.Duration{24 * time.Hour, 40 * 24 * time.Hour} {
		b := testkit.Book(t, ledger.Options{})
		testkit.Append(t, b, sold(1, at(0))...)
		testkit.Append(t, b, boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: "ord-1"}, Refund: boxoffice.Refund{
			ID: "re_1", StripeID: "re_1", PaymentIntentID: "pi_1", ChargeID: "ch_1", Amount: eur(1799), Status: boxoffice.RefundSucceeded, External: true, CreatedAt: at(later),
		}})
		c := charge(1, at(0))
		c.Amount = money.New(2790, "usd")
		testkit.Append(t, b, boxoffice.StatementReadFact{
			Charges:      []boxoffice.Charge{c},
			Transactions: []boxoffice.BalanceTransaction{moved("txn_1", "charge", "ch_1", 2400, 61, at(0), ""), moved("txn_2", "refund", "re_1", -1800, 0, at(later), "")},
			Covered:      &boxoffice.Span{From: at(-time.Hour), To: at(later + time.Hour)},
		})
		r := view(t, b, func(tx *ledger.Tx) (closing.Report, error) { return closing.Period(tx, at(later), at(later)) })
		if r.Agree != 1 || r.Of != 1 {
			t.Errorf("after %s %d of %d agree: %+v", later, r.Agree, r.Of, r.Differences())
		}
	}
}

// A payment that failed, and a refund of another program's, weeks after their
// charges.
func TestAPaymentThatFailedWeeksLater(t *testing.T) {
	t.Parallel()
	b := testkit.Book(t, ledger.Options{})
	later := 60 * 24 * time.Hour
	testkit.Append(t, b, sold(1, at(0))...)
	refund := func(n int) boxoffice.BalanceTransaction {
		back := moved(fmt.Sprint("txn_re_", n), "refund", fmt.Sprint("re_", n), -2400, 0, at(later), "")
		back.ChargeID = fmt.Sprint("ch_", n)
		return back
	}
	other := charge(2, at(0))
	other.PaymentIntentID = ""
	testkit.Append(t, b, boxoffice.StatementReadFact{
		Charges: []boxoffice.Charge{charge(1, at(0)), other},
		Transactions: []boxoffice.BalanceTransaction{
			moved("txn_1", "charge", "ch_1", 2400, 61, at(0), ""), moved("txn_2", "charge", "ch_2", 2400, 61, at(0), ""),
			moved("txn_3", "charge_failure", "ch_1", -2400, -61, at(later), ""), refund(1), refund(2),
		},
		Covered: &boxoffice.Span{From: at(-time.Hour), To: at(later + time.Hour)},
	})
	for name, test := range map[string]struct {
		from, to    time.Time
		agree       int
		differences []closing.Difference
		other       int64
	}{
		"the day of the sale":  {from: at(-time.Hour), to: at(time.Hour), agree: 1, other: 2400},
		"the day of its end":   {from: at(later), to: at(later), differences: []closing.Difference{closing.PaymentFailed, closing.RefundMissingInBook}, other: -4800},
		"all of the two month": {from: at(-time.Hour), to: at(later), agree: 1, differences: []closing.Difference{closing.PaymentFailed, closing.RefundMissingInBook}, other: -2400},
	} {
		r := view(t, b, func(tx *ledger.Tx) (closing.Report, error) { return closing.Period(tx, test.from, test.to) })
		var got []closing.Difference
		for _, m := range r.Differences() {
			got = append(got, m.Difference)
			if m.Difference == closing.PaymentFailed && (m.OrderID != "ord-1" || m.InBook != eur(2400) || m.AtStripe != eur(0)) {
				t.Errorf("%s: %+v", name, m)
			}
		}
		if diff := cmp.Diff(test.differences, got); diff != "" || r.Agree != test.agree || r.Currencies[0].Other != test.other {
			t.Errorf("%s: %d of %d agree, other %d; %s", name, r.Agree, r.Of, r.Currencies[0].Other, diff)
		}
	}
}

// A dispute that was lost after it had been won.
func TestADisputeInPartsWeeksApart(t *testing.T) {
	t.Parallel()
	b := testkit.Book(t, ledger.Options{})
	later := 60 * 24 * time.Hour
	testkit.Append(t, b, sold(1, at(0))...)
	testkit.Append(t, b, boxoffice.DisputeRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: "ord-1"}, Dispute: boxoffice.Dispute{
		ID: "dp_1", PaymentIntentID: "pi_1", ChargeID: "ch_1", Amount: eur(2400), Status: boxoffice.DisputeLost, CreatedAt: at(time.Hour), Withdrawn: 4800, Reinstated: 2400,
	}})
	testkit.Append(t, b, boxoffice.StatementReadFact{
		Charges: []boxoffice.Charge{charge(1, at(0))},
		Transactions: []boxoffice.BalanceTransaction{
			moved("txn_1", "charge", "ch_1", 2400, 61, at(0), ""), moved("txn_2", "dispute", "dp_1", -2400, 1500, at(time.Hour), ""),
			moved("txn_3", "dispute_reversal", "dp_1", 2400, 0, at(20*24*time.Hour), ""), moved("txn_4", "dispute", "dp_1", -2400, 0, at(later), ""),
		},
		Covered: &boxoffice.Span{From: at(-time.Hour), To: at(later + time.Hour)},
	})
	all := view(t, b, func(tx *ledger.Tx) (closing.Report, error) { return closing.Period(tx, at(-time.Hour), at(later)) })
	if all.Agree != 4 || all.Of != 4 {
		t.Errorf("in all: %d of %d agree: %+v", all.Agree, all.Of, all.Differences())
	}
	r := view(t, b, func(tx *ledger.Tx) (closing.Report, error) { return closing.Period(tx, at(later), at(later)) })
	if r.Agree != 1 || r.Of != 1 {
		t.Errorf("%d of %d agree: %+v", r.Agree, r.Of, r.Differences())
	}
}

// A payout that the bank sent back days later did not pay anything out.
func TestAPayoutThatCameBack(t *testing.T) {
	t.Parallel()
	b := book(t)
	back := at(24*time.Hour + 74*time.Hour)
	testkit.Append(t, b, boxoffice.StatementReadFact{
		Transactions: []boxoffice.BalanceTransaction{moved("txn_back", "payout_reversal", "po_1", 6817, 0, back, "")},
		Payouts: []boxoffice.Payout{
			{ID: "po_1", Amount: eur(6817), Status: "failed", CreatedAt: at(26 * time.Hour), ArrivesAt: at(74 * time.Hour), Automatic: true, Reconciled: true, Matched: true, TransactionID: "txn_po"},
		},
	})
	r := view(t, b, func(tx *ledger.Tx) (closing.Report, error) { return closing.ForPayout(tx, "po_1") })
	if r.Currencies[0].PaidOut != 0 || r.Of != 5 {
		t.Errorf("paid out %d, %d of %d agree", r.Currencies[0].PaidOut, r.Agree, r.Of)
	}
}
