package stripeapi_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/internal/testkit"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// TestWhatBecameOfMoney: sales, refunds and disputes as they go on, and at the
// end all of Stripe's books against what really moved.
func TestWhatBecameOfMoney(t *testing.T) {
	clock := testkit.NewClock()
	sim, url := testkit.Stripe(t, stripesim.Options{Now: clock.Now})
	c := client(url, func(o *stripeapi.Options) { o.Now = clock.Now })
	began := clock.Now()
	var sold []stripeapi.Session
	for i := range 4 {
		r := request()
		r.ExpiresAt = clock.Now().Add(31 * time.Minute)
		s := made[stripeapi.Session](t)(c.CreateSession(t.Context(), fmt.Sprint("create-", i), r))
		p := stripesim.Payment{}
		if i == 3 {
			p.Convert = "usd"
		}
		if err := sim.Pay(s.ID, p); err != nil {
			t.Fatal(err)
		}
		sold = append(sold, fetch(t, c, s.ID))
		clock.Move(time.Minute)
	}
	if s := sold[3]; s.Amount != money.New(5700, "eur") || s.Presented.Currency != "usd" || s.Presented.Minor == 0 {
		t.Errorf("a buyer with a currency of their own: %+v", s)
	}
	of := made[stripeapi.SessionPage](t)(c.SessionsOfIntent(t.Context(), sold[1].Payment.IntentID))
	if diff := cmp.Diff(stripeapi.SessionPage{Sessions: sold[1:2]}, of, byAnyRequest()); diff != "" {
		t.Errorf("whose payment it is (-want +got):\n%s", diff)
	}

	refundID := made[string](t)(sim.RefundInDashboard(sold[0].Payment.IntentID, 900, stripesim.RefundOptions{Reason: "duplicate"}))
	r := made[stripeapi.Refund](t)(c.RefundByID(t.Context(), refundID))
	if r.Status != stripeapi.RefundSucceeded || r.Amount != money.New(900, "eur") || r.Reason != "duplicate" || r.IntentID != sold[0].Payment.IntentID || r.ChargeID != sold[0].Payment.ChargeID || r.TransactionID == "" {
		t.Errorf("a refund in the Dashboard is %+v", r)
	}
	clock.Move(20 * 24 * time.Hour)
	must(t, sim.SettleRefund(refundID, false))
	r = made[stripeapi.Refund](t)(c.RefundByID(t.Context(), refundID))
	if r.Status != stripeapi.RefundFailed || r.FailureReason == "" || r.FailureTransactionID == "" {
		t.Errorf("weeks later it is %+v", r)
	}
	own := made[stripeapi.Refund](t)(c.Refund(t.Context(), "refund-1", stripeapi.RefundRequest{PaymentIntentID: sold[0].Payment.IntentID, Metadata: order}))
	page := made[stripeapi.RefundPage](t)(c.RefundsOf(t.Context(), sold[0].Payment.IntentID, ""))
	if diff := cmp.Diff(stripeapi.RefundPage{Refunds: []stripeapi.Refund{own, r}}, page); diff != "" {
		t.Errorf("the refunds of it (-want +got):\n%s", diff)
	}

	disputeID := made[string](t)(sim.Dispute(sold[1].Payment.IntentID, stripesim.DisputeOptions{Reason: "product_not_received"}))
	d := made[stripeapi.Dispute](t)(c.Dispute(t.Context(), disputeID))
	if d.Status != stripeapi.DisputeNeedsResponse || d.Amount != sold[1].Amount || d.Withdrawn.Minor == 0 || d.Fee == 0 || d.Reinstated.Minor != 0 || !d.DueBy.After(d.Created) {
		t.Errorf("a dispute is %+v", d)
	}
	must(t, sim.CloseDispute(disputeID, true))
	won := made[stripeapi.DisputePage](t)(c.DisputesOf(t.Context(), sold[1].Payment.IntentID, "")).Disputes[0]
	if won.Status != stripeapi.DisputeWon || won.Reinstated != won.Withdrawn || won.Withdrawn != d.Withdrawn {
		t.Errorf("won, it is %+v", won)
	}
	inquiry := made[stripeapi.Dispute](t)(c.Dispute(t.Context(), made[string](t)(sim.Dispute(sold[2].Payment.ChargeID, stripesim.DisputeOptions{Inquiry: true}))))
	if inquiry.Status != stripeapi.InquiryNeedsResponse || inquiry.Withdrawn.Minor != 0 || inquiry.Fee != 0 {
		t.Errorf("an inquiry is %+v", inquiry)
	}

	clock.Move(10 * 24 * time.Hour)
	booked(t, c, sim, began, clock.Now())
}

// booked holds all of Stripe's books of a time against what really moved then.
func booked(t *testing.T, c *stripeapi.Client, sim *stripesim.Sim, from, to time.Time) {
	t.Helper()
	truth := made[stripesim.Truth](t)(sim.Truth())
	payouts := map[string]string{} // of a transaction: of which payout it says that it is
	var paidOut int
	all := made[stripeapi.PayoutPage](t)(c.Payouts(t.Context(), from, to, "")).Payouts
	for _, p := range all {
		if p != made[stripeapi.Payout](t)(c.Payout(t.Context(), p.ID)) {
			t.Errorf("a payout is listed as %+v", p)
		}
		if !p.Automatic || !p.Reconciled {
			continue
		}
		var sum int64
		for _, b := range made[stripeapi.TransactionPage](t)(c.TransactionsOf(t.Context(), p.ID, "")).Transactions {
			if payouts[b.ID] = p.ID; b.Type != "payout" {
				sum += b.Net
			}
		}
		if paidOut++; sum != p.Amount.Minor || p.TransactionID == "" {
			t.Errorf("the payout %+v is of %d", p, sum)
		}
	}
	if paidOut == 0 {
		t.Errorf("nothing was paid out: %+v", all)
	}
	var got stripesim.Truth
	for _, b := range made[stripeapi.TransactionPage](t)(c.Transactions(t.Context(), from, to, "")).Transactions {
		if b.Net != b.Amount.Minor-b.Fee || b.Created.Before(from) || b.AvailableOn.Before(b.Created) {
			t.Errorf("a transaction is %+v", b)
		}
		got.Transactions = append(got.Transactions, stripesim.TransactionTruth{
			ID: b.ID, Type: b.Type, Category: b.Category, Amount: b.Amount.Minor, Fee: b.Fee, Net: b.Net, Currency: string(b.Amount.Currency), Source: b.SourceID, Payout: payouts[b.ID],
		})
	}
	for _, r := range made[stripeapi.RefundPage](t)(c.Refunds(t.Context(), from, to, "")).Refunds {
		got.Refunds = append(got.Refunds, stripesim.RefundTruth{ID: r.ID, IntentID: r.IntentID, ChargeID: r.ChargeID, Amount: r.Amount.Minor, Currency: string(r.Amount.Currency), Status: string(r.Status)})
	}
	for _, d := range made[stripeapi.DisputePage](t)(c.Disputes(t.Context(), from, to, "")).Disputes {
		got.Disputes = append(got.Disputes, stripesim.DisputeTruth{
			ID: d.ID, IntentID: d.IntentID, ChargeID: d.ChargeID, Amount: d.Amount.Minor, Currency: string(d.Amount.Currency), Status: string(d.Status),
			Withdrawn: d.Withdrawn.Minor, Reinstated: d.Reinstated.Minor,
		})
	}
	for _, one := range made[stripeapi.ChargePage](t)(c.Charges(t.Context(), from, to, "")).Charges {
		if !one.Paid || !one.Captured || one.Status != stripeapi.ChargeSucceeded || one.TransactionID == "" {
			t.Errorf("a charge is %+v", one)
		}
		got.Payments = append(got.Payments, stripesim.PaidTruth{
			IntentID: one.IntentID, ChargeID: one.ID, Amount: one.Amount.Minor, Currency: string(one.Amount.Currency), At: one.Created.Unix(), Metadata: one.Metadata,
		})
	}
	for i := range truth.Payments {
		truth.Payments[i].SessionID = "" // a charge does not say it
	}
	for name, pair := range map[string][2]any{
		"payments": {keyed(truth.Payments), keyed(got.Payments)}, "refunds": {keyed(truth.Refunds), keyed(got.Refunds)},
		"disputes": {keyed(truth.Disputes), keyed(got.Disputes)}, "transactions": {keyed(truth.Transactions), keyed(got.Transactions)},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s (-truth +listed):\n%s", name, diff)
		}
	}
}

// keyed is the list without its order, and with its length.
func keyed[T any](list []T) map[string]T {
	m := map[string]T{}
	for _, one := range list {
		m[fmt.Sprintf("%+v", one)] = one
	}
	return m
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
