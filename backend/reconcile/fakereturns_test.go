package reconcile

import (
	"context"
	"slices"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// ledgers are what a fake Stripe has beside its sessions, newest first.
type ledgers struct {
	refunds      []stripeapi.Refund
	disputes     []stripeapi.Dispute
	charges      []stripeapi.Charge
	transactions []stripeapi.Transaction
	payouts      []stripeapi.Payout
	members      map[string][]stripeapi.Transaction // by payout
	reads        int64
	unlisted     bool // the list of a payment's sessions lags
}

func within[T any](items []T, at func(T) time.Time, from, to time.Time) []T {
	return slices.DeleteFunc(slices.Clone(items), func(v T) bool { return at(v).Before(from.Truncate(time.Second)) || at(v).After(to) })
}

func (f *fake) SessionsOfIntent(_ context.Context, intentID string) (p stripeapi.SessionPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("sessions of %s", intentID); err != nil {
		return p, err
	}
	for _, s := range f.sessions {
		if s.Payment.IntentID == intentID && !isPayment(s.ID) && !f.books.unlisted {
			p.Sessions = append(p.Sessions, s)
		}
	}
	return p, nil
}

func (f *fake) Refund(_ context.Context, key string, r boxoffice.RefundRequest) (stripeapi.Refund, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("refund %s", key); err != nil {
		return stripeapi.Refund{}, err
	}
	made := stripeapi.Refund{
		ID: "re_" + key, Status: stripeapi.RefundSucceeded, Amount: r.Amount, IntentID: r.PaymentIntentID,
		Created: time.Now().Add(f.skew).UTC(), Metadata: r.Metadata,
	}
	f.books.refunds = slices.Insert(f.books.refunds, 0, made)
	return made, nil
}

func (f *fake) RefundByID(_ context.Context, id string) (stripeapi.Refund, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("get %s", id); err != nil {
		return stripeapi.Refund{}, err
	}
	for _, r := range f.books.refunds {
		if r.ID == id {
			return r, nil
		}
	}
	return stripeapi.Refund{}, &stripeapi.Error{Failure: stripeapi.Missing, Status: 404}
}

func (f *fake) Refunds(_ context.Context, from, to time.Time, after string) (p stripeapi.RefundPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("refunds after %q", after); err != nil {
		return p, err
	}
	p.Refunds = within(f.books.refunds, func(r stripeapi.Refund) time.Time { return r.Created }, from, to)
	return p, nil
}

func (f *fake) RefundsOf(_ context.Context, intentID, after string) (p stripeapi.RefundPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("refunds of %s after %q", intentID, after); err != nil {
		return p, err
	}
	for _, r := range f.books.refunds {
		if r.IntentID == intentID {
			p.Refunds = append(p.Refunds, r)
		}
	}
	at := slices.IndexFunc(p.Refunds, func(r stripeapi.Refund) bool { return r.ID == after }) + 1
	if p.Refunds = p.Refunds[at:]; f.page > 0 && len(p.Refunds) > f.page {
		p.Refunds, p.More = p.Refunds[:f.page], true
	}
	return p, nil
}

func (f *fake) Dispute(_ context.Context, id string) (stripeapi.Dispute, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("get %s", id); err != nil {
		return stripeapi.Dispute{}, err
	}
	for _, d := range f.books.disputes {
		if d.ID == id {
			return d, nil
		}
	}
	return stripeapi.Dispute{}, &stripeapi.Error{Failure: stripeapi.Missing, Status: 404}
}

func (f *fake) Disputes(_ context.Context, from, to time.Time, after string) (p stripeapi.DisputePage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("disputes after %q", after); err != nil {
		return p, err
	}
	p.Disputes = within(f.books.disputes, func(d stripeapi.Dispute) time.Time { return d.Created }, from, to)
	return p, nil
}

func (f *fake) Charge(_ context.Context, id string) (stripeapi.Charge, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("get %s", id); err != nil {
		return stripeapi.Charge{}, err
	}
	for _, c := range f.books.charges {
		if c.ID == id {
			return c, nil
		}
	}
	return stripeapi.Charge{}, &stripeapi.Error{Failure: stripeapi.Missing, Status: 404}
}

func (f *fake) Charges(_ context.Context, from, to time.Time, after string) (p stripeapi.ChargePage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("charges after %q", after); err != nil {
		return p, err
	}
	p.Charges = within(f.books.charges, func(c stripeapi.Charge) time.Time { return c.Created }, from, to)
	return p, nil
}

func (f *fake) Transactions(_ context.Context, from, to time.Time, after string) (p stripeapi.TransactionPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("transactions after %q", after); err != nil {
		return p, err
	}
	p.Transactions = within(f.books.transactions, func(t stripeapi.Transaction) time.Time { return t.Created }, from, to)
	return p, nil
}

func (f *fake) TransactionsOf(_ context.Context, payoutID, after string) (p stripeapi.TransactionPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("transactions of %s after %q", payoutID, after); err != nil {
		return p, err
	}
	p.Transactions = f.books.members[payoutID]
	return p, nil
}

func (f *fake) Payouts(_ context.Context, from, to time.Time, after string) (p stripeapi.PayoutPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("payouts after %q", after); err != nil {
		return p, err
	}
	p.Payouts = within(f.books.payouts, func(o stripeapi.Payout) time.Time { return o.Created }, from, to)
	return p, nil
}

// Usage counts what was asked as a client counts: what begins with a verb that
// writes is no read.
func (f *fake) Usage() stripeapi.Usage {
	f.mu.Lock()
	defer f.mu.Unlock()
	return stripeapi.Usage{Reads: f.books.reads}
}

func writes(call string) bool {
	verb, _, _ := strings.Cut(call, " ")
	return slices.Contains([]string{"create", "expire", "refund", "pay", "cancel", "link", "close"}, verb)
}
