package stripesim

import (
	"net/http"
	"slices"
	"strings"
)

// States of a dispute. Those that warn are an inquiry's: the bank asks, and
// takes nothing yet. Source: docs.stripe.com/disputes/how-disputes-work.
const (
	needsResponse = "needs_response"
	underReview   = "under_review"
	won           = "won"
	lost          = "lost"
	warning       = "warning_" // before needs_response and under_review
	warningClosed = "warning_closed"
)

// dispute is a dispute and what Stripe keeps beside it.
type dispute struct {
	paymentDispute `json:"dispute"`

	Moves []string `json:"moves,omitempty"` // ids of its balance transactions, oldest first
}

// paymentDispute has the shape of Stripe's dispute.
type paymentDispute struct {
	ID                   string             `json:"id"`
	Object               string             `json:"object"`
	Amount               int64              `json:"amount"` // minor units of currency
	BalanceTransactions  []any              `json:"balance_transactions"`
	Charge               string             `json:"charge"`
	Created              int64              `json:"created"` // seconds
	Currency             string             `json:"currency"`
	Evidence             map[string]*string `json:"evidence"`
	EvidenceDetails      evidenceDetails    `json:"evidence_details"`
	IsChargeRefundable   bool               `json:"is_charge_refundable"`
	Livemode             bool               `json:"livemode"`
	Metadata             map[string]string  `json:"metadata"`
	PaymentIntent        string             `json:"payment_intent"`
	PaymentMethodDetails *disputedMethod    `json:"payment_method_details,omitempty"`
	Reason               string             `json:"reason"`
	Status               string             `json:"status"`
}

type evidenceDetails struct {
	DueBy           int64 `json:"due_by"` // seconds
	HasEvidence     bool  `json:"has_evidence"`
	PastDue         bool  `json:"past_due"`
	SubmissionCount int64 `json:"submission_count"`
}

type disputedMethod struct {
	Card disputedCard `json:"card"`
	Type string       `json:"type"`
}

type disputedCard struct {
	Brand             string  `json:"brand"`
	NetworkReasonCode *string `json:"network_reason_code"`
}

func (d *dispute) key() string { return d.ID }
func (d *dispute) born() int64 { return d.Created }

// inquiry tells whether nothing has been taken for the dispute yet.
func (d *dispute) inquiry() bool { return strings.HasPrefix(d.Status, warning) }

// closed tells whether there is nothing left to decide.
func (d *dispute) closed() bool {
	return d.Status == won || d.Status == lost || d.Status == warningClosed
}

// view shows the balance transactions whole, as Stripe does unasked.
func (d *dispute) view(t *tx) any {
	v := d.paymentDispute
	v.BalanceTransactions = []any{}
	for _, id := range d.Moves {
		b, _ := t.transaction(id)
		v.BalanceTransactions = append(v.BalanceTransactions, b.view(t))
	}
	v.IsChargeRefundable = d.inquiry() || d.Status == won
	return &v
}

// evidenceTexts are the parts of evidence that are text, and how long each can
// be; evidenceFiles those that are uploaded files, of which there are none.
func evidenceTexts() fields {
	out := fields{}
	for _, name := range []string{
		"access_activity_log", "cancellation_policy_disclosure", "cancellation_rebuttal", "duplicate_charge_explanation",
		"product_description", "refund_policy_disclosure", "refund_refusal_explanation", "uncategorized_text",
	} {
		out[name] = text(20000).clearable()
	}
	for _, name := range []string{
		"billing_address", "customer_email_address", "customer_name", "customer_purchase_ip", "duplicate_charge_id", "service_date",
		"shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
	} {
		out[name] = text(5000).clearable()
	}
	return out
}

func evidenceFiles() []string {
	return []string{
		"cancellation_policy", "customer_communication", "customer_signature", "duplicate_charge_documentation", "receipt",
		"refund_policy", "service_documentation", "shipping_documentation", "uncategorized_file",
	}
}

// noEvidence is what a dispute begins with.
func noEvidence() map[string]*string {
	out := map[string]*string{}
	for _, name := range append(evidenceFiles(), evidenceTexts().names()...) {
		out[name] = nil
	}
	return out
}

func disputeUpdateFields() fields {
	return fields{"evidence": hash(evidenceTexts()), "metadata": metadata(), "submit": boolean()}
}

func disputeListFields() fields {
	return listFields().with(fields{"charge": text(5000), "created": timeRange(), "payment_intent": text(5000)})
}

func (t *tx) listDisputes() (any, error) {
	a, created := t.args, t.created()
	return list(t, &t.acct.disputes, "dispute", "/v1/disputes", func(d *dispute) bool {
		return created.has(d.Created) && matches(a.at("charge"), &d.Charge) && matches(a.at("payment_intent"), &d.PaymentIntent)
	})
}

func (t *tx) pathDispute() (*dispute, error) {
	if d, ok := t.dispute(t.path("dispute")); ok {
		return d, nil
	}
	return nil, notFound("dispute", t.path("dispute"), "dispute")
}

func (t *tx) getDispute() (any, error) { return t.pathDispute() }

// updateDispute takes evidence, and sends it to the bank unless submit is
// false. Source: docs.stripe.com/api/disputes/update.
func (t *tx) updateDispute() (any, error) {
	a := t.args
	old, err := t.pathDispute()
	if err != nil {
		return nil, err
	}
	if a.has("evidence") && old.closed() {
		return nil, disputeClosed(old)
	}
	d := *old
	d.Metadata = mergeMetadata(d.Metadata, a.at("metadata"))
	d.Evidence = noEvidence()
	for name, was := range old.Evidence {
		if d.Evidence[name] = was; a.has("evidence", name) {
			d.Evidence[name] = a.maybe("evidence", name)
		}
	}
	d.EvidenceDetails.HasEvidence = slices.ContainsFunc(evidenceTexts().names(), func(name string) bool { return d.Evidence[name] != nil })
	if a.has("evidence") && a.flag(true, "submit") {
		d.EvidenceDetails.SubmissionCount++
		d.EvidenceDetails.PastDue = t.now > d.EvidenceDetails.DueBy
		d.review()
	}
	put(&t.wrote.Disputes, &d)
	return &d, t.emit("charge.dispute.updated", &d)
}

// review hands the dispute to the bank.
func (d *dispute) review() {
	if d.inquiry() {
		d.Status = warning + underReview
		return
	}
	d.Status = underReview
}

// disputeClosed refuses what comes too late; the wording is not verified.
func disputeClosed(d *dispute) *apiError {
	return newError(http.StatusBadRequest, invalidRequest, "", "", "This dispute is already closed: its status is "+d.Status+".")
}

// acceptDispute is the organizer giving in.
// Source: docs.stripe.com/api/disputes/close.
func (t *tx) acceptDispute() (any, error) {
	old, err := t.pathDispute()
	switch {
	case err != nil:
		return nil, err
	case old.closed():
		return nil, disputeClosed(old)
	case old.inquiry():
		return nil, badRequest("", "", "This dispute is an inquiry: refund the charge instead of closing it.") // wording not verified
	}
	return t.endDispute(old, lost)
}
