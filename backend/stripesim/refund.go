package stripesim

import (
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"

	"willcall/backend/money"
)

// refund has the shape of Stripe's refund.
type refund struct {
	ID                        string            `json:"id"`
	Object                    string            `json:"object"`
	Amount                    int64             `json:"amount"` // minor units of currency
	BalanceTransaction        *string           `json:"balance_transaction"`
	Charge                    string            `json:"charge"`
	Created                   int64             `json:"created"` // seconds
	Currency                  string            `json:"currency"`
	FailureBalanceTransaction *string           `json:"failure_balance_transaction,omitempty"`
	FailureReason             *string           `json:"failure_reason,omitempty"`
	Metadata                  map[string]string `json:"metadata"`
	PaymentIntent             string            `json:"payment_intent"`
	Reason                    *string           `json:"reason"`
	ReceiptNumber             none              `json:"receipt_number"`
	SourceTransferReversal    none              `json:"source_transfer_reversal"`
	Status                    string            `json:"status"`
	TransferReversal          none              `json:"transfer_reversal"`
}

func (r *refund) key() string { return r.ID }
func (r *refund) born() int64 { return r.Created }

func refundCreateFields() fields {
	return fields{
		"amount": integer(1), "charge": text(5000), "metadata": metadata(), "payment_intent": text(5000),
		"reason": choice("duplicate", "fraudulent", "requested_by_customer"),
	}
}

// createRefund gives a buyer money back: all that is left of the charge, or
// part of it. A card's refund succeeds at once; a bank debit's is pending
// until the bank answers (SettleRefund).
func (t *tx) createRefund() (any, error) {
	a := t.args
	old, err := t.refundable()
	if err != nil {
		return nil, err
	}
	rest := old.Amount - old.AmountRefunded
	amount := a.number(rest, "amount")
	switch {
	case rest == 0:
		return nil, badRequest("charge_already_refunded", "", "Charge %s has already been refunded.", old.ID)
	case amount > rest:
		return nil, badRequest("", "amount", "Refund amount (%s) is greater than unrefunded amount on charge (%s)", shopPrice(amount, old.Currency), shopPrice(rest, old.Currency))
	case amount%money.Currency(old.Currency).Step() != 0:
		return nil, checkUnitAmount(amount, old.Currency, "amount")
	}
	r := &refund{
		ID: newID("re_3", 23), Object: "refund", Amount: amount, Charge: old.ID, Created: t.now, Currency: old.Currency,
		Metadata: a.metadata("metadata"), PaymentIntent: old.PaymentIntent, Reason: a.maybe("reason"), Status: succeeded,
	}
	if strings.HasPrefix(old.ID, "py_") && findWay(old.PaymentMethodDetails.Type).delayed {
		r.Status = pending
	}
	r.BalanceTransaction = &t.bookRefund(r, -amount, "refund").ID
	c := *old
	c.AmountRefunded += amount
	c.Refunded = c.AmountRefunded == c.Amount
	put(&t.wrote.Charges, &c)
	put(&t.wrote.Refunds, r)
	if err := t.emit("refund.created", r); err != nil {
		return nil, err
	}
	return r, t.emit("charge.refunded", &c)
}

// refundable is the charge that the request means. Wordings for intents and
// charges without money are not verified.
func (t *tx) refundable() (*charge, error) {
	id, intentID := t.args.text("charge"), t.args.text("payment_intent")
	if id == "" && intentID == "" {
		return nil, badRequest("parameter_missing", "", "One of the following params should be provided for this request: payment_intent or charge.")
	}
	if intentID != "" {
		i, ok := t.intent(intentID)
		switch {
		case !ok:
			return nil, missing("payment_intent", intentID, "payment_intent")
		case i.Status != succeeded || i.LatestCharge == nil:
			return nil, badRequest("", "payment_intent", "This PaymentIntent (%s) does not have a successful charge to refund.", intentID)
		case id != "" && id != *i.LatestCharge:
			return nil, badRequest("", "charge", "The charge %s does not belong to the PaymentIntent %s.", id, intentID)
		}
		id = *i.LatestCharge
	}
	c, ok := t.charge(id)
	switch {
	case !ok:
		return nil, missing("charge", id, "charge")
	case c.Status != succeeded:
		return nil, badRequest("", "charge", "Charge %s cannot be refunded because it has a status of %s.", id, c.Status)
	case c.Disputed:
		return nil, badRequest("charge_disputed", "charge", "Charge %s has been charged back; cannot issue a refund.", id)
	}
	return c, nil
}

// bookRefund moves the refund's money: out of the balance, or back into it.
// Stripe keeps its fee. Source: docs.stripe.com/refunds, "fees".
func (t *tx) bookRefund(r *refund, amount int64, kind string) *balanceTransaction {
	b := &balanceTransaction{
		ID: newID("txn_3", 23), Object: "balance_transaction", Type: kind, ReportingCategory: kind,
		Amount: amount, Net: amount, Currency: r.Currency, FeeDetails: []fee{}, Created: t.now, AvailableOn: t.now, Source: r.ID, Status: pending,
	}
	if kind == "refund" && strings.HasPrefix(r.Charge, "py_") {
		b.Type = "payment_refund"
	}
	put(&t.wrote.Transactions, b)
	return b
}

// SettleRefund is the bank's word on a refund, which can come weeks later: a
// pending one succeeds, or any fails and its money returns to the balance.
// Whether Stripe takes a failed refund off the charge's amount_refunded is not
// verified; here it does.
func (s *Sim) SettleRefund(id string, ok bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		if old, found := a.refunds.byID[id]; found {
			t := s.begin(a)
			if err := t.settleRefund(old, ok); err != nil {
				return err
			}
			return t.commit()
		}
	}
	return notFound("refund", id, "refund")
}

func (t *tx) settleRefund(old *refund, ok bool) error {
	if old.Status == failed || ok && old.Status == succeeded {
		return fmt.Errorf("stripesim: the refund %s is %s already", old.ID, old.Status)
	}
	r := *old
	r.Status = succeeded
	if !ok {
		r.Status, r.FailureReason = failed, new("expired_or_canceled_card")
		r.FailureBalanceTransaction = &t.bookRefund(&r, r.Amount, "refund_failure").ID
		was, _ := t.charge(r.Charge)
		c := *was
		c.AmountRefunded, c.Refunded = c.AmountRefunded-r.Amount, false
		put(&t.wrote.Charges, &c)
	}
	put(&t.wrote.Refunds, &r)
	if err := t.emit("refund.updated", &r); err != nil {
		return err
	}
	return t.emit("charge.refund.updated", &r)
}

// postSettleRefund is SettleRefund: {"outcome": "succeeded" or "failed"}.
func (s *Sim) postSettleRefund(r *http.Request) (any, error) {
	var body struct{ Outcome string }
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	if body.Outcome != succeeded && body.Outcome != failed {
		return nil, fmt.Errorf("the outcome is succeeded or failed, not %q", body.Outcome)
	}
	return map[string]string{"outcome": body.Outcome}, s.SettleRefund(r.PathValue("id"), body.Outcome == succeeded)
}

func (t *tx) pathRefund() (*refund, error) {
	if r, ok := t.refund(t.path("refund")); ok {
		return r, nil
	}
	return nil, notFound("refund", t.path("refund"), "refund")
}

func (t *tx) getRefund() (any, error) { return t.pathRefund() }

// updateRefund changes the metadata; there is nothing else to change.
func (t *tx) updateRefund() (any, error) {
	old, err := t.pathRefund()
	if err != nil {
		return nil, err
	}
	r := *old
	r.Metadata = mergeMetadata(r.Metadata, t.args.at("metadata"))
	put(&t.wrote.Refunds, &r)
	return &r, t.emit("refund.updated", &r)
}

func refundListFields() fields {
	return listFields().with(fields{"charge": text(5000), "created": timeRange(), "payment_intent": text(5000)})
}

func (t *tx) listRefunds() (any, error) {
	a, created := t.args, t.created()
	return list(t, &t.acct.refunds, "refund", "/v1/refunds", func(r *refund) bool {
		return created.has(r.Created) && matches(a.at("charge"), &r.Charge) && matches(a.at("payment_intent"), &r.PaymentIntent)
	})
}

// refundsOf are the refunds of a charge, for expand[].
func (t *tx) refundsOf(charge string) iter.Seq[row] {
	return func(yield func(row) bool) {
		for _, id := range slices.Backward(t.acct.refunds.order) {
			r := t.acct.refunds.byID[id]
			if !yield(row{id: id, at: r.Created, kept: r.Charge == charge, value: r}) {
				return
			}
		}
	}
}
