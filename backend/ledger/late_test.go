package ledger_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// kindsAbout are the kinds of the entries about late money n, and of order id.
func kindsAbout(t *testing.T, b *ledger.Book, n int, orderID string) string {
	t.Helper()
	var kinds []string
	view(t, b, func(tx *ledger.Tx) error {
		about, err := tx.DiscrepancyEntries(lateID(n))
		if err != nil {
			return err
		}
		of, err := tx.OrderEntries(orderID)
		for _, e := range append(append(about, ledger.Entry{Kind: "|"}), of...) {
			kinds = append(kinds, string(e.Kind))
		}
		return err
	})
	return strings.Join(kinds, " ")
}

// TestLateMoneyIsSeated: its old order gives up the seats that it still held,
// before the new one takes its own, and everything leads to the new one.
func TestLateMoneyIsSeated(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	tell(t, b, lines("ord-1 awaiting_payment, 0 valid", "cs_1-no_room open, re_-1_1 pending 100", "to do: look at cs_1-no_room, await re_-1_1", "money: pi_1 cs_1-no_room", "house held 6 sold 0"),
		placed(1, 6), opened(1), processing(1), late(1, "ord-1"), dashboard(-1, 1, boxoffice.RefundPending, 100))
	refuse(t, b, "cannot have", seatedAs(1, "ord-1", "quota-house", 2, testkit.Seats+1))
	refuse(t, b, "not meant for order", seatedAs(1, "", "quota-house", 2, 1))
	tell(t, b, lines("ord-1 failed, 0 valid", "ord-2 paid, 8 valid, re_-1_1 pending 100", "cs_1-no_room seat, re_-1_1 pending 100", "to do: ask about ord-2, await re_-1_1", "money: pi_1 ord-2", "house held 0 sold 8"),
		seatedAs(1, "ord-1", "quota-house", 2, 8))
	refuse(t, b, "resolved already", kept(1, "ord-1"))
	refuse(t, b, "is that of order ord-2", paid(1))
	refuse(t, b, "is that of order ord-2", dashboard(-1, 1, boxoffice.RefundSucceeded, 100))
	tell(t, b, lines("ord-1 failed, 0 valid", "ord-2 paid, 8 valid, re_-1_1 succeeded 100", "cs_1-no_room seat, re_-1_1 pending 100", "to do: ask about ord-2", "money: pi_1 ord-2", "house held 0 sold 8"),
		boxoffice.RefundRecordedFact{OfMoney: ofMoney(2), Refund: dashboard(-1, 1, boxoffice.RefundSucceeded, 100).(boxoffice.RefundRecordedFact).Refund})
	if got := kindsAbout(t, b, 1, "ord-1"); got != "refund.recorded discrepancy.resolved | order.placed tender.opened tender.processing discrepancy.found discrepancy.resolved" {
		t.Errorf("the story is %s", got)
	}
	if got := kindsAbout(t, b, 1, "ord-2"); !strings.HasSuffix(got, "| discrepancy.resolved refund.recorded") {
		t.Errorf("the new order's story is %s", got)
	}
	view(t, b, func(tx *ledger.Tx) error {
		for _, id := range []string{"cs_1", "pi_1"} {
			if o, ok, err := tx.OrderBySession(id); !ok || o.ID != "ord-2" || err != nil {
				t.Errorf("%s leads to %q, %v", id, o.ID, err)
			}
		}
		return nil
	})
	if o := order(t, b, 2); o.Number == 0 || o.DiscrepancyID != "cs_1-no_room" {
		t.Errorf("the new order is %+v", o)
	}
	// A second session of the old order's tender is paid: what it had leads on
	// to the new order.
	again := paidFor(1, 2).(boxoffice.PaidFact)
	again.SessionID, again.PaymentIntentID = "cs_1b", "pi_1b"
	testkit.Append(t, b, voided(2, "", 1, 2, 3, 4), again)
	view(t, b, func(tx *ledger.Tx) error {
		for id, want := range map[string]string{"cs_1": "ord-2", "pi_1": "ord-2", "cs_1b": "ord-1", "pi_1b": "ord-1"} {
			if o, _, err := tx.OrderBySession(id); o.ID != want || err != nil {
				t.Errorf("%s leads to %q, %v; want %s", id, o.ID, err, want)
			}
		}
		return nil
	})
	testkit.MustVerify(t, b)
}

// TestLateMoneyIsKeptOrGivenBack, and waits again when nothing came of that.
func TestLateMoneyIsKeptOrGivenBack(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	money := "money: pi_1 cs_1-no_room"
	tell(t, b, lines("ord-1 failed, 0 valid", "cs_1-no_room refund, rfd--1-1 asked 2400 for 0", "to do: send rfd--1-1-refund", money, "house held 0 sold 0"),
		placed(1, 2), opened(1), processing(1), late(1, "ord-1"), refundAsked(-1, 1, 2400), givenBack(1, "ord-1", refundID(-1, 1)))
	refuse(t, b, "cannot be asked for", refundAsked(-1, 2, 1))
	tell(t, b, lines("ord-1 failed, 0 valid", "cs_1-no_room open, rfd--1-1 refused 2400 for 0", "to do: look at cs_1-no_room", money, "house held 0 sold 0"), refundRefused(-1, 1))
	tell(t, b, lines("ord-1 failed, 0 valid", "cs_1-no_room refund, rfd--1-1 refused 2400 for 0, rfd--1-2 pending 2400 for 0", "to do: await re_-1_2", money, "house held 0 sold 0"),
		refundAsked(-1, 2, 2400), givenBack(1, "ord-1", refundID(-1, 2)), refundSays(-1, 2, boxoffice.RefundPending, 2400))
	tell(t, b, lines("ord-1 failed, 0 valid", "cs_1-no_room open, rfd--1-1 refused 2400 for 0, rfd--1-2 failed 2400 for 0", "to do: look at cs_1-no_room", money, "house held 0 sold 0"),
		refundSays(-1, 2, boxoffice.RefundFailed, 2400))
	tell(t, b, lines("ord-1 failed, 0 valid", "cs_1-no_room keep, rfd--1-1 refused 2400 for 0, rfd--1-2 failed 2400 for 0", "to do: ", money, "house held 0 sold 0"), kept(1, "ord-1"))
	found := late(1, "ord-1")
	tell(t, b, lines("ord-1 failed, 0 valid", "cs_1-no_room keep, rfd--1-1 refused 2400 for 0, rfd--1-2 failed 2400 for 0", "to do: ", money, "house held 0 sold 0"), found)
}

// TestWhatWasKeptStaysKept when another part of late money comes back, and also
// when it is found once more.
func TestWhatWasKeptStaysKept(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	came := dashboard(-1, 1, boxoffice.RefundFailed, 400).(boxoffice.RefundRecordedFact)
	came.CameBack = true
	testkit.Append(t, b, late(1, ""), dashboard(-1, 1, boxoffice.RefundSucceeded, 400), kept(1, ""))
	for what, f := range []boxoffice.Fact{came, late(1, "")} {
		tell(t, b, lines("cs_1-no_room open, re_-1_1 failed 400", "to do: look at cs_1-no_room", "money: pi_1 cs_1-no_room", "house held 0 sold 0"), f)
		view(t, b, func(tx *ledger.Tx) error {
			d, _, err := tx.Discrepancy("cs_1-no_room")
			if d.Left() != 400 || d.Kept != 2000 {
				t.Errorf("%d: %d are left and %d kept", what, d.Left(), d.Kept)
			}
			return err
		})
	}
	testkit.MustVerify(t, b)
}

// TestAFailedRefundIsGivenAgain out of the order's money: that the refund came
// back waits until the second one is with Stripe.
func TestAFailedRefundIsGivenAgain(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	came := late(1, "ord-1")
	came.Discrepancy.SessionID, came.Discrepancy.Reason, came.Discrepancy.RefundID = "", boxoffice.RefundCame, "rfd-1-1"
	tell(t, b, lines("ord-1 paid, 0 valid, rfd-1-1 failed 2400 for 0", "cs_1-no_room open", "to do: look at cs_1-no_room", paidMoney, "house held 0 sold 0"),
		placed(1, 1), opened(1), paidFor(1, 1), refundAsked(1, 1, 2400), refundSays(1, 1, boxoffice.RefundSucceeded, 2400), voided(1, "", 1),
		refundSays(1, 1, boxoffice.RefundFailed, 2400), came)
	tell(t, b, lines("ord-1 paid, 0 valid, rfd-1-1 failed 2400 for 0, rfd-1-2 asked 2400 for 0", "cs_1-no_room refund", "to do: send rfd-1-2-refund", paidMoney, "house held 0 sold 0"),
		refundAsked(1, 2, 2400), givenBack(1, "ord-1", refundID(1, 2)))
	tell(t, b, lines("ord-1 paid, 0 valid, rfd-1-1 failed 2400 for 0, rfd-1-2 refused 2400 for 0", "cs_1-no_room open", "to do: look at cs_1-no_room", paidMoney, "house held 0 sold 0"), refundRefused(1, 2))
	testkit.Append(t, b, refundAsked(1, 3, 2400), givenBack(1, "ord-1", refundID(1, 3)), refundSays(1, 3, boxoffice.RefundPending, 2400))
	// One that Stripe had, and that failed, is found as money of its own.
	tell(t, b, lines("ord-1 paid, 0 valid, rfd-1-1 failed 2400 for 0, rfd-1-2 refused 2400 for 0, rfd-1-3 failed 2400 for 0", "cs_1-no_room refund", "to do: ", paidMoney, "house held 0 sold 0"),
		refundSays(1, 3, boxoffice.RefundFailed, 2400))
	if got := kindsAbout(t, b, 1, ""); got != "discrepancy.resolved refund.refused discrepancy.resolved |" {
		t.Errorf("the story is %s", got)
	}
}

// TestOneIntentIsOneMoney: a book of issue 3 found money without room, and then
// paid the order with it. It is the order's.
func TestOneIntentIsOneMoney(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	found := late(1, "ord-1")
	found.Discrepancy.PaidAt = found.Discrepancy.FoundAt // zero: that version did not keep it
	tell(t, b, lines("ord-1 paid, 2 valid", "cs_1-no_room open", "to do: look at cs_1-no_room", paidMoney, "house held 0 sold 2"),
		placed(1, 2), opened(1), expired(1), found, paidFor(1, 2))
	refuse(t, b, "is that of order ord-1", refundAsked(-1, 1, 2400))
	refuse(t, b, "is that of order ord-1", seatedAs(1, "ord-1", "quota-house", 2, 2))
	tell(t, b, lines("ord-1 paid, 2 valid", "cs_1-no_room keep", "to do: ", paidMoney, "house held 0 sold 2"), kept(1, "ord-1"))
	if diff := cmp.Diff(boxoffice.Paid, order(t, b, 1).Status()); diff != "" {
		t.Error(diff)
	}
}

// TestMoneyForAnOrderThatNobodyHas is resolved all the same.
func TestMoneyForAnOrderThatNobodyHas(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	tell(t, b, lines("ord-2 paid, 1 valid", "cs_1-no_room seat", "to do: ", "money: pi_1 ord-2", "house held 0 sold 1"), late(1, "ord-9"), seatedAs(1, "ord-9", "quota-house", 2, 1))
	refuse(t, b, `"o/ord-2" is in the book already`, func() boxoffice.Fact {
		testkit.Append(t, b, late(3, ""))
		return seatedAs(3, "", "quota-house", 2, 1)
	}())
}
