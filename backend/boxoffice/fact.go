package boxoffice

import (
	"time"

	"willcall/backend/money"
)

// Kind names a sort of fact in the book and on the screen. Kinds are for
// ever: a book of today must be read in ten years.
type Kind string

// The kinds of fact.
const (
	KindBookOpened       Kind = "book.opened"
	KindEventAdded       Kind = "event.added"
	KindQuotaAdded       Kind = "quota.added"
	KindOrderPlaced      Kind = "order.placed"
	KindTenderOpened     Kind = "tender.opened"
	KindTenderRefused    Kind = "tender.refused"
	KindTenderCancel     Kind = "tender.cancel_asked"
	KindTenderProcessing Kind = "tender.processing"
	KindTenderPaid       Kind = "tender.paid"
	KindTenderExpired    Kind = "tender.expired"
	KindTenderFailed     Kind = "tender.failed"
	KindDiscrepancy      Kind = "discrepancy.found"
	KindCodeCloseAsked   Kind = "code.close_asked"
	KindCodeClosed       Kind = "code.closed"

	KindEventChanged        Kind = "event.changed"
	KindQuotaChanged        Kind = "quota.changed"
	KindQuotaRemoved        Kind = "quota.removed"
	KindAccountConnected    Kind = "account.connected"
	KindAccountDisconnected Kind = "account.disconnected"
	KindMethodsOffered      Kind = "methods.offered"
	KindMethodsChosen       Kind = "methods.chosen"
	KindMirrorAsked         Kind = "mirror.asked"
	KindMirrorDone          Kind = "mirror.done"
	KindMirrorRefused       Kind = "mirror.refused"
	KindMirrorAdopted       Kind = "mirror.adopted"
	KindMirrorLost          Kind = "mirror.lost"
	KindPosterMade          Kind = "poster.made"
	KindPosterOpened        Kind = "poster.opened"
	KindPosterRefused       Kind = "poster.refused"
	KindPosterCloseAsked    Kind = "poster.close_asked"
	KindPosterClosed        Kind = "poster.closed"
	KindOrderArrived        Kind = "order.arrived"

	KindRefundAsked         Kind = "refund.asked"
	KindRefundRecorded      Kind = "refund.recorded"
	KindRefundRefused       Kind = "refund.refused"
	KindDisputeRecorded     Kind = "dispute.recorded"
	KindTicketsVoided       Kind = "tickets.voided"
	KindDiscrepancyResolved Kind = "discrepancy.resolved"
	KindStatementRead       Kind = "statement.read"
)

// Fact is one thing that happened, as an entry of the book holds it. Facts are
// plain data: what they do to the state is said by Apply.
type Fact interface {
	Kind() Kind
	// About is the id of the order that the fact belongs to, or "".
	About() string
}

// tenderFact is a fact that moves a tender.
type tenderFact interface {
	Fact
	Tender() string
}

// OfTender says which tender of which order a fact is about.
type OfTender struct {
	OrderID  string `json:"orderId"`
	TenderID string `json:"tenderId"`
}

// About is the order's id.
func (f OfTender) About() string { return f.OrderID }

// Tender is the tender's id.
func (f OfTender) Tender() string { return f.TenderID }

// BookOpenedFact is the first entry of every book. TicketKey is the public
// half of the key that signs its tickets.
type BookOpenedFact struct {
	BookID    string `json:"bookId"`
	Mode      Mode   `json:"mode"`
	TicketKey []byte `json:"ticketKey"`
}

// Mode says whether a book is for practice or for money. It never changes.
type Mode string

// The modes. Stripe's own flag for the same is livemode.
const (
	Training Mode = "training"
	Live     Mode = "live"
)

// EventAddedFact puts an event on sale.
type EventAddedFact struct {
	Event Event `json:"event"`
}

// QuotaAddedFact limits what is on sale.
type QuotaAddedFact struct {
	Quota Quota `json:"quota"`
}

// EventChangedFact puts the event as it is edited in the place of what it was.
type EventChangedFact struct {
	Event Event `json:"event"`
}

// QuotaChangedFact changes what a quota covers and how large it is. What is
// taken of it stays taken.
type QuotaChangedFact struct {
	QuotaID       string   `json:"quotaId"`
	TicketTypeIDs []string `json:"ticketTypeIds"`
	Size          int      `json:"size"`
}

// QuotaRemovedFact takes away a quota of which nothing is taken.
type QuotaRemovedFact struct {
	QuotaID string `json:"quotaId"`
}

// OrderPlacedFact takes the seats and records what Stripe will be asked,
// before it is asked.
type OrderPlacedFact struct {
	Order  Order  `json:"order"`
	Intent Intent `json:"intent"`
}

// OpenedFact says that Stripe made the code.
type OpenedFact struct {
	OfTender
	SessionID string    `json:"sessionId"`
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// RefusedFact says that Stripe provably made no code.
type RefusedFact struct {
	OfTender
	Problem Problem `json:"problem"`
}

// CancelAskedFact records that the cashier wants the code closed, before
// Stripe is asked to expire it. The seats stay held.
type CancelAskedFact struct {
	OfTender
	Intent Intent `json:"intent"`
}

// ProcessingFact says that the buyer is done and the bank is not.
type ProcessingFact struct {
	OfTender
	PaymentIntentID string `json:"paymentIntentId"`
}

// PaidFact says that Stripe has the money. Tickets are the admissions it buys.
type PaidFact struct {
	OfTender
	SessionID       string       `json:"sessionId"`
	Amount          money.Amount `json:"amount"`
	PaymentIntentID string       `json:"paymentIntentId"`
	ChargeID        string       `json:"chargeId"`
	PaidAt          time.Time    `json:"paidAt"` // by Stripe's clock
	Card            Card         `json:"card,omitzero"`
	BuyerName       string       `json:"buyerName,omitempty"` // as the buyer told Stripe, and so the e-mail
	BuyerEmail      string       `json:"buyerEmail,omitempty"`
	Tickets         []Ticket     `json:"tickets"`
}

// ExpiredFact says that nobody can pay the code any more.
type ExpiredFact struct {
	OfTender
}

// FailedFact says that the bank refused after the buyer was done.
type FailedFact struct {
	OfTender
	Problem Problem `json:"problem"`
}

// CodeCloseAskedFact records that a code which is not the order's, or not any
// more, is to be closed, before Stripe is asked to: an order has one code, and
// whoever photographed another must not pay once more. No seat hangs on it.
type CodeCloseAskedFact struct {
	OfTender
	Intent Intent `json:"intent"`
}

// CodeClosedFact says that it cannot be paid any more, or that its buyer was
// faster.
type CodeClosedFact struct {
	OfTender
	SessionID string `json:"sessionId"`
}

// Kind names the fact.
func (BookOpenedFact) Kind() Kind       { return KindBookOpened }
func (EventAddedFact) Kind() Kind       { return KindEventAdded }       //nolint:revive // as above
func (QuotaAddedFact) Kind() Kind       { return KindQuotaAdded }       //nolint:revive // as above
func (EventChangedFact) Kind() Kind     { return KindEventChanged }     //nolint:revive // as above
func (QuotaChangedFact) Kind() Kind     { return KindQuotaChanged }     //nolint:revive // as above
func (QuotaRemovedFact) Kind() Kind     { return KindQuotaRemoved }     //nolint:revive // as above
func (OrderPlacedFact) Kind() Kind      { return KindOrderPlaced }      //nolint:revive // as above
func (OpenedFact) Kind() Kind           { return KindTenderOpened }     //nolint:revive // as above
func (RefusedFact) Kind() Kind          { return KindTenderRefused }    //nolint:revive // as above
func (CancelAskedFact) Kind() Kind      { return KindTenderCancel }     //nolint:revive // as above
func (ProcessingFact) Kind() Kind       { return KindTenderProcessing } //nolint:revive // as above
func (PaidFact) Kind() Kind             { return KindTenderPaid }       //nolint:revive // as above
func (ExpiredFact) Kind() Kind          { return KindTenderExpired }    //nolint:revive // as above
func (FailedFact) Kind() Kind           { return KindTenderFailed }     //nolint:revive // as above
func (DiscrepancyFoundFact) Kind() Kind { return KindDiscrepancy }      //nolint:revive // as above
func (CodeCloseAskedFact) Kind() Kind   { return KindCodeCloseAsked }   //nolint:revive // as above
func (CodeClosedFact) Kind() Kind       { return KindCodeClosed }       //nolint:revive // as above

// About is no order.
func (BookOpenedFact) About() string { return "" }

// About is no order.
func (EventAddedFact) About() string { return "" }

// About is no order.
func (QuotaAddedFact) About() string { return "" }

// About is no order.
func (EventChangedFact) About() string { return "" }

// About is no order.
func (QuotaChangedFact) About() string { return "" }

// About is no order.
func (QuotaRemovedFact) About() string { return "" }

// About is the order's id.
func (f OrderPlacedFact) About() string { return f.Order.ID }

// About is the order that the money was meant for, if that is known.
func (f DiscrepancyFoundFact) About() string { return f.Discrepancy.OrderID }
