package stripesim

import (
	"cmp"
	"errors"
	"iter"
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
	InstructionsEmail         string            `json:"instructions_email,omitempty"`
	Metadata                  map[string]string `json:"metadata"`
	NextAction                *refundAction     `json:"next_action,omitempty"`
	PaymentIntent             string            `json:"payment_intent"`
	Reason                    *string           `json:"reason"`
	ReceiptNumber             none              `json:"receipt_number"`
	SourceTransferReversal    none              `json:"source_transfer_reversal"`
	Status                    string            `json:"status"`
	TransferReversal          none              `json:"transfer_reversal"`
}

// refundAction is what a buyer has to do before the money can go back: to
// answer an e-mail.
type refundAction struct {
	DisplayDetails struct {
		EmailSent struct {
			EmailSentAt int64  `json:"email_sent_at"` // seconds
			EmailSentTo string `json:"email_sent_to"`
		} `json:"email_sent"`
		ExpiresAt int64 `json:"expires_at"` // seconds
	} `json:"display_details"`
	Type string `json:"type"`
}

// instructionsKept is how long a buyer can answer that e-mail.
// Source: docs.stripe.com/payments/customer-balance/refunding, 45 days.
const instructionsKept = 45 * day

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
	amount := a.number(old.Amount-old.AmountRefunded, "amount")
	old, beaten, err := t.refundFirst(old, amount)
	if err != nil {
		return nil, err
	}
	r, err := t.giveBack(old, amount, RefundOptions{Reason: a.text("reason"), Metadata: a.metadata("metadata")})
	if e := (*apiError)(nil); errors.As(err, &e) {
		e.stays = beaten // the other till's refund is no part of this request
	}
	return r, err
}

// giveBack refunds amount of a charge, in minor units of its currency.
func (t *tx) giveBack(old *charge, amount int64, o RefundOptions) (*refund, error) {
	rest := old.Amount - old.AmountRefunded
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
		Metadata: o.Metadata, PaymentIntent: old.PaymentIntent, Status: cmp.Or(o.Status, old.refundStatus()),
	}
	if o.Reason != "" {
		r.Reason = &o.Reason
	}
	if r.Metadata == nil {
		r.Metadata = map[string]string{}
	}
	if r.Status == requiresAction {
		r.askBuyer(old)
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

// refundStatus is how a refund of c begins: a bank debit's waits for the bank.
func (c *charge) refundStatus() string {
	if strings.HasPrefix(c.ID, "py_") && findWay(c.PaymentMethodDetails.Type).delayed {
		return pending
	}
	return succeeded
}

// askBuyer sends the buyer the e-mail without whose answer there is no account
// to send the money to.
func (r *refund) askBuyer(c *charge) {
	r.InstructionsEmail = "buyer@example.com"
	if c.BillingDetails.Email != nil {
		r.InstructionsEmail = *c.BillingDetails.Email
	}
	r.NextAction = &refundAction{Type: "display_details"}
	d := &r.NextAction.DisplayDetails
	d.EmailSent.EmailSentAt, d.EmailSent.EmailSentTo, d.ExpiresAt = r.Created, r.InstructionsEmail, r.Created+instructionsKept
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
	}
	return c, t.checkNotChargedBack(c)
}

// bookRefund moves the refund's money: out of the balance, or back into it.
// Stripe keeps its fee. Source: docs.stripe.com/refunds, "fees".
func (t *tx) bookRefund(r *refund, amount int64, kind string) *balanceTransaction {
	category := kind
	if kind == "refund" && strings.HasPrefix(r.Charge, "py_") {
		kind = "payment_refund"
	}
	return t.book(kind, category, r.ID, amount, r.Currency, t.now)
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
	return newestFirst(t, &t.acct.refunds, func(r *refund) bool { return r.Charge == charge })
}
