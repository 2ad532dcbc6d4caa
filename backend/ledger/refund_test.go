package ledger_test

import (
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

const paidMoney = "money: pi_1 ord-1"

// TestARefundFromTheTill: asked, sent, answered, and its ticket void.
func TestARefundFromTheTill(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	tell(t, b, lines("ord-1 paid, 2 valid, rfd-1-1 asked 2400 for 0", "to do: send rfd-1-1-refund", paidMoney, "house held 0 sold 2"),
		placed(1, 2), opened(1), paidFor(1, 2), refundAsked(1, 1, 2400))
	refuse(t, b, "cannot be asked for", refundAsked(1, 2, 2401))
	refuse(t, b, "in the book already", refundAsked(1, 1, 100))
	tell(t, b, lines("ord-1 paid, 1 valid, rfd-1-1 pending 2400 for 1", "to do: await re_1_1", paidMoney, "house held 0 sold 1"),
		refundSays(1, 1, boxoffice.RefundPending, 2400), voided(1, refundID(1, 1), 2))
	tell(t, b, lines("ord-1 paid, 1 valid, rfd-1-1 succeeded 2400 for 1", "to do: ", paidMoney, "house held 0 sold 1"), refundSays(1, 1, boxoffice.RefundSucceeded, 2400))
	refuse(t, b, "cannot follow", refundSays(1, 1, boxoffice.RefundPending, 2400))
	refuse(t, b, "cannot follow", refundSays(1, 1, boxoffice.RefundSucceeded, 2400))
	refuse(t, b, "no valid ticket", voided(1, "", 2))
	tell(t, b, lines("ord-1 refunded, 0 valid, rfd-1-1 succeeded 2400 for 1, re_1_2 succeeded 2400", "to do: ", paidMoney, "house held 0 sold 0"),
		dashboard(1, 2, boxoffice.RefundSucceeded, 2400), voided(1, "", 1))
	tell(t, b, lines("ord-1 paid, 0 valid, rfd-1-1 succeeded 2400 for 1, re_1_2 failed 2400", "to do: ", paidMoney, "house held 0 sold 0"), dashboard(1, 2, boxoffice.RefundFailed, 2400))
}

// TestARefundThatStripeRefuses leaves tickets and seats as they were.
func TestARefundThatStripeRefuses(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	tell(t, b, lines("ord-1 paid, 1 valid, rfd-1-1 refused 2400 for 0", "to do: ", paidMoney, "house held 0 sold 1"),
		placed(1, 1), opened(1), paidFor(1, 1), refundAsked(1, 1, 2400), refundRefused(1, 1))
	refuse(t, b, "waits for an answer", refundRefused(1, 1))
	tell(t, b, lines("ord-1 refunded, 1 valid, rfd-1-1 succeeded 2400 for 0", "to do: ", paidMoney, "house held 0 sold 1"), refundSays(1, 1, boxoffice.RefundSucceeded, 2400))
}

// TestARefundInTheDashboardAsks which tickets it is for.
func TestARefundInTheDashboardAsks(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	tell(t, b, lines("ord-1 paid, 2 valid, re_1_1 pending 100", "to do: ask about ord-1, await re_1_1", paidMoney, "house held 0 sold 2"),
		placed(1, 2), opened(1), paidFor(1, 2), dashboard(1, 1, boxoffice.RefundPending, 100))
	tell(t, b, lines("ord-1 paid, 2 valid, re_1_1 pending 100 for 0", "to do: await re_1_1", paidMoney, "house held 0 sold 2"), voided(1, stripeID(1, 1)))
	tell(t, b, lines("ord-1 paid, 2 valid, re_1_1 pending 100 for 0, re_1_2 succeeded 100", "to do: ask about ord-1, await re_1_1", paidMoney, "house held 0 sold 2"),
		dashboard(1, 2, boxoffice.RefundSucceeded, 100))
	tell(t, b, lines("ord-1 paid, 2 valid, re_1_1 pending 100 for 0, re_1_2 failed 100", "to do: await re_1_1", paidMoney, "house held 0 sold 2"), dashboard(1, 2, boxoffice.RefundFailed, 100))
	refuse(t, b, "has no refund re_9", voided(1, "re_9", 1))
}

// TestADisputeThenARefundThenFundsReinstated is the twenty-fourth nasty case.
func TestADisputeThenARefundThenFundsReinstated(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	won := disputed(boxoffice.DisputeWon, 2400).(boxoffice.DisputeRecordedFact)
	won.Dispute.Reinstated = 2400
	tell(t, b, lines("ord-1 refunded, 1 valid, re_1_1 succeeded 2400, dp_1 won 0", "to do: ask about ord-1", paidMoney, "house held 0 sold 1"),
		placed(1, 1), opened(1), paidFor(1, 1), disputed(boxoffice.DisputeNeedsResponse, 0), disputed(boxoffice.DisputeUnderReview, 2400),
		dashboard(1, 1, boxoffice.RefundSucceeded, 2400), won)
	b2 := testkit.Book(t, ledger.Options{})
	testkit.Append(t, b2, placed(1, 1), opened(1), paidFor(1, 1), won, disputed(boxoffice.DisputeNeedsResponse, 0))
	if got := order(t, b2, 1).Disputes[0]; got != won.Dispute {
		t.Errorf("seen the other way round it is %+v", got)
	}
}

// TestMoneyGoesBackOnlyWhereItCame refuses facts of money that is not there.
func TestMoneyGoesBackOnlyWhereItCame(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	testkit.Append(t, b, placed(1, 2), opened(1), placed(2, 1), opened(2), expired(2), late(2, "ord-2"))
	refuse(t, b, "not paid", refundAsked(1, 1, 100))
	refuse(t, b, "not paid", dashboard(2, 1, boxoffice.RefundSucceeded, 100))
	refuse(t, b, `order "ord-7" is not in the book`, dashboard(7, 1, boxoffice.RefundSucceeded, 100))
	refuse(t, b, `discrepancy "cs_7-no_room" is not in the book`, refundAsked(-7, 1, 100))
	refuse(t, b, "not paid", disputed(boxoffice.DisputeLost, 2400))
	refuse(t, b, "not paid", voided(1, "re_1_1"))
	refuse(t, b, "cannot be asked for", refundAsked(-2, 1, 2401))
	refuse(t, b, "is not in the book", kept(7, ""))
}

// TestAPaymentThatPaidNothingIsNotTheOrders: an order with two codes has the
// money of one.
func TestAPaymentThatPaidNothingIsNotTheOrders(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	two := placed(1, 1)
	second := two.Order.Tenders[0]
	second.ID = "tdr-1b"
	two.Order.Tenders = append(two.Order.Tenders, second)
	by := paidFor(1, 1).(boxoffice.PaidFact)
	by.TenderID, by.SessionID, by.PaymentIntentID = "tdr-1b", "cs_1b", "pi_1b"
	testkit.Append(t, b, two, opened(1), processing(1), failed(1), boxoffice.OpenedFact{OfTender: boxoffice.OfTender{OrderID: "ord-1", TenderID: "tdr-1b"}, SessionID: "cs_1b"}, by)
	view(t, b, func(tx *ledger.Tx) error {
		for id, want := range map[string]string{"pi_1b": "ord-1", "pi_1": "", "cs_1": "", "": ""} {
			m, ok, err := tx.MoneyByIntent(id)
			if err != nil || ok != (want != "") || ok && m.Of().OrderID != want {
				t.Errorf("%q is the money of %+v, %v, %v; want %q", id, m, ok, err, want)
			}
		}
		return nil
	})
	tell(t, b, lines("ord-1 paid, 1 valid", "cs_1-no_room open", "to do: look at cs_1-no_room", "money: pi_1 cs_1-no_room, pi_1b ord-1", "house held 0 sold 1"), late(1, "ord-1"))
	refuse(t, b, "session of this tender.opened is that of order ord-1", func() boxoffice.Fact {
		testkit.Append(t, b, placed(2, 1))
		f := opened(2).(boxoffice.OpenedFact)
		f.SessionID = "cs_1b"
		return f
	}())
	if o := order(t, b, 2); o.Status() != boxoffice.AwaitingPayment {
		t.Errorf("the other order is %s", o.Status())
	}
}
