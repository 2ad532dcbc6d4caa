package main

import (
	"context"
	"fmt"
	"time"

	"willcall/backend/stripeapi"
)

// bookChecks look at the payment of 11.2 and its two refunds in Stripe's own
// books, as the close of a period does.
func bookChecks() []check {
	const api, poll = "stripeapi/refund.go", "reconcile/poll.go"
	return []check{
		{"17.1", "a refund can be fetched, with its charge, its payment and its metadata", api, func(l *line, ctx context.Context) (string, error) {
			if err := need(l.refund.ID, "12.1"); err != nil {
				return "", err
			}
			r, err := l.RefundByID(ctx, l.refund.ID)
			if err == nil && (r.Amount != l.refund.Amount || r.IntentID != l.paid.ID || r.ChargeID != l.paid.Payment.ChargeID || r.Metadata[mark] != l.run) {
				err = deny("it is of %s, %s, %s, with the metadata %v", r.Amount, r.ChargeID, r.IntentID, r.Metadata)
			}
			return string(r.Status), err
		}},
		{"17.2", "the refunds of a payment are listed, the newest first", api, func(l *line, ctx context.Context) (string, error) {
			if err := need(l.rest.ID, "12.4"); err != nil {
				return "", err
			}
			page, err := l.RefundsOf(ctx, l.paid.ID, "")
			if err == nil && (len(page.Refunds) != 2 || page.Refunds[0].ID != l.rest.ID || page.Refunds[1].ID != l.refund.ID) {
				err = deny("there are %d, or in another order", len(page.Refunds))
			}
			return "2", err
		}},
		{"17.3", "a window of created holds both its ends, and starting_after goes on within it", api, (*line).window},
		{"17.4", fmt.Sprintf("the list of charges shows a refunded charge within %s, with its metadata", settled), "stripeapi/charge.go", (*line).listCharge},
		{"17.5", fmt.Sprintf("a charge and its refund are balance transactions within %s, the net the amount less the fee", settled), "stripeapi/balance.go", (*line).listTransactions},
		{"17.6", "payouts can be listed by when they were made", "stripeapi/payout.go", func(l *line, ctx context.Context) (string, error) {
			page, err := l.Payouts(ctx, l.Now().Add(-30*24*time.Hour), l.Now().Add(time.Minute), "")
			return fmt.Sprintf("%d in 30 days", len(page.Payouts)), err
		}},
		{"17.7", fmt.Sprintf("%d types of event can be asked for at once, and charge.refunded is listed within 10 minutes", len(stripeapi.MoneyEvents())), poll, func(l *line, ctx context.Context) (string, error) {
			if err := need(l.refund.ID, "12.1"); err != nil {
				return "", err
			}
			return l.eventOf(ctx, stripeapi.MoneyEvents(), "charge.refunded", l.paid.Payment.ChargeID, l.refund.Created, l.now())
		}},
	}
}

// window asks for the second in which the first refund was made.
func (l *line) window(ctx context.Context) (string, error) {
	if err := need(l.refund.ID, "12.1"); err != nil {
		return "", err
	}
	at := l.refund.Created
	in := func(after string) ([]stripeapi.Refund, bool, error) {
		page, err := l.Refunds(ctx, at, at, after)
		return page.Refunds, page.More, err
	}
	id := func(r stripeapi.Refund) string { return r.ID }
	own := func(r stripeapi.Refund) bool { return r.ID == l.refund.ID }
	if _, found, err := search(in, id, own); err != nil || !found {
		return "", orDeny(err, "a refund is not listed in its own second")
	}
	rest, _, err := in(l.refund.ID)
	for _, r := range rest {
		if own(r) || !r.Created.Equal(at) {
			err = orDeny(err, "%s of %s comes after it", r.ID, r.Created)
		}
	}
	return fmt.Sprintf("%d more in that second", len(rest)), err
}

func (l *line) listCharge(ctx context.Context) (string, error) {
	if err := need(l.rest.ID, "12.4"); err != nil {
		return "", err
	}
	took, err := l.soon(l.now(), settled, func() (bool, error) {
		c, found, err := search(func(after string) ([]stripeapi.Charge, bool, error) {
			page, err := l.Charges(ctx, l.paid.Payment.PaidAt, l.Now().Add(time.Minute), after)
			return page.Charges, page.More, err
		}, func(c stripeapi.Charge) string { return c.ID }, func(c stripeapi.Charge) bool { return c.ID == l.paid.Payment.ChargeID })
		if found && (c.IntentID != l.paid.ID || c.Refunded != c.Amount.Minor || c.Amount != l.paid.Amount || c.Metadata[mark] != l.run) {
			err = deny("it is of %s, %d of %s refunded, with the metadata %v", c.IntentID, c.Refunded, c.Amount, c.Metadata)
		}
		return found, err
	})
	return fmt.Sprintf("after %s", took), err
}

func (l *line) listTransactions(ctx context.Context) (string, error) {
	if err := need(l.refund.ID, "12.1"); err != nil {
		return "", err
	}
	saw := ""
	took, err := l.soon(l.now(), settled, func() (bool, error) {
		of := map[string]stripeapi.Transaction{}
		_, _, err := search(func(after string) ([]stripeapi.Transaction, bool, error) {
			page, err := l.Transactions(ctx, l.paid.Payment.PaidAt, l.Now().Add(time.Minute), after)
			return page.Transactions, page.More, err
		}, func(b stripeapi.Transaction) string { return b.ID }, func(b stripeapi.Transaction) bool { of[b.SourceID] = b; return false })
		charge, refund := of[l.paid.Payment.ChargeID], of[l.refund.ID]
		for _, b := range []stripeapi.Transaction{charge, refund} {
			if b.Net != b.Amount.Minor-b.Fee {
				err = deny("%s: %s less %d is not %d", b.Category, b.Amount, b.Fee, b.Net)
			}
		}
		saw = fmt.Sprintf("%s %s, fee %d; %s %s, fee %d", charge.Category, charge.Amount, charge.Fee, refund.Category, refund.Amount, refund.Fee)
		return charge.Amount.Minor > 0 && refund.Amount.Minor < 0, err
	})
	return fmt.Sprintf("%s; after %s", saw, took), err
}

// orDeny is the error, or else a denial.
func orDeny(err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	return deny(format, args...)
}
