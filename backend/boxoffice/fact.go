package boxoffice

import (
	"encoding/json"
	"fmt"
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

// Reason says why money fits no order.
type Reason string

// The reasons for a discrepancy.
const (
	UnknownOrder  Reason = "unknown_order"  // paid, and no order of this book asked for it
	WrongAmount   Reason = "wrong_amount"   // not what the order costs
	WrongCurrency Reason = "wrong_currency" // not the order's currency
	WrongMode     Reason = "wrong_mode"     // test money in a live book, or the reverse
	NoRoom        Reason = "no_room"        // paid after its seats were given free, and sold
)

// DiscrepancyFoundFact keeps money that fits no order, so that somebody sees it.
type DiscrepancyFoundFact struct {
	Discrepancy Discrepancy `json:"discrepancy"`
}

// Discrepancy is money at Stripe that the book could not place. One session
// and reason is one discrepancy, however often it is seen.
type Discrepancy struct {
	ID              string       `json:"id"`
	OrderID         string       `json:"orderId,omitempty"`
	SessionID       string       `json:"sessionId"`
	PaymentIntentID string       `json:"paymentIntentId,omitempty"`
	Amount          money.Amount `json:"amount"`
	Reason          Reason       `json:"reason"`
	FoundAt         time.Time    `json:"foundAt,omitzero"` // when its entry was written
}

// Kind names the fact.
func (BookOpenedFact) Kind() Kind       { return KindBookOpened }
func (EventAddedFact) Kind() Kind       { return KindEventAdded }       //nolint:revive // as above
func (QuotaAddedFact) Kind() Kind       { return KindQuotaAdded }       //nolint:revive // as above
func (OrderPlacedFact) Kind() Kind      { return KindOrderPlaced }      //nolint:revive // as above
func (OpenedFact) Kind() Kind           { return KindTenderOpened }     //nolint:revive // as above
func (RefusedFact) Kind() Kind          { return KindTenderRefused }    //nolint:revive // as above
func (CancelAskedFact) Kind() Kind      { return KindTenderCancel }     //nolint:revive // as above
func (ProcessingFact) Kind() Kind       { return KindTenderProcessing } //nolint:revive // as above
func (PaidFact) Kind() Kind             { return KindTenderPaid }       //nolint:revive // as above
func (ExpiredFact) Kind() Kind          { return KindTenderExpired }    //nolint:revive // as above
func (FailedFact) Kind() Kind           { return KindTenderFailed }     //nolint:revive // as above
func (DiscrepancyFoundFact) Kind() Kind { return KindDiscrepancy }      //nolint:revive // as above

// About is no order.
func (BookOpenedFact) About() string { return "" }

// About is no order.
func (EventAddedFact) About() string { return "" }

// About is no order.
func (QuotaAddedFact) About() string { return "" }

// About is the order's id.
func (f OrderPlacedFact) About() string { return f.Order.ID }

// About is the order that the money was meant for, if that is known.
func (f DiscrepancyFoundFact) About() string { return f.Discrepancy.OrderID }

// DecodeFact reads a fact of the kind back from the book.
func DecodeFact(kind Kind, data []byte) (Fact, error) {
	switch kind {
	case KindBookOpened:
		return decode[BookOpenedFact](data)
	case KindEventAdded:
		return decode[EventAddedFact](data)
	case KindQuotaAdded:
		return decode[QuotaAddedFact](data)
	case KindOrderPlaced:
		return decode[OrderPlacedFact](data)
	case KindTenderOpened:
		return decode[OpenedFact](data)
	case KindTenderRefused:
		return decode[RefusedFact](data)
	case KindTenderCancel:
		return decode[CancelAskedFact](data)
	case KindTenderProcessing:
		return decode[ProcessingFact](data)
	case KindTenderPaid:
		return decode[PaidFact](data)
	case KindTenderExpired:
		return decode[ExpiredFact](data)
	case KindTenderFailed:
		return decode[FailedFact](data)
	case KindDiscrepancy:
		return decode[DiscrepancyFoundFact](data)
	default:
		return nil, fmt.Errorf("the book has an entry of kind %q, which this version of Willcall does not know", kind)
	}
}

func decode[F Fact](data []byte) (Fact, error) {
	var f F
	err := json.Unmarshal(data, &f)
	return f, err
}
