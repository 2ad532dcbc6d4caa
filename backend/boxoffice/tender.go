package boxoffice

import (
	"fmt"
	"slices"
	"time"

	"willcall/backend/money"
)

// TenderKind is what the buyer hands over.
type TenderKind string

// The kinds of tender.
const (
	Phone      TenderKind = "phone" // a Stripe Checkout page that the buyer opens by QR code
	CardTender TenderKind = "card"  // a card typed at the till, by Stripe's Payment Element
)

// TenderState is how far a tender has come.
type TenderState string

// The states of a tender, in the order they can follow each other.
const (
	TenderStarting   TenderState = "starting"   // recorded; Stripe's answer is not known yet
	TenderOpen       TenderState = "open"       // the code can be paid
	TenderProcessing TenderState = "processing" // the buyer is done, the bank is not
	TenderPaid       TenderState = "paid"       // Stripe says so
	TenderExpired    TenderState = "expired"    // Stripe says that nobody can pay any more
	TenderRefused    TenderState = "refused"    // Stripe provably made no code
	TenderFailed     TenderState = "failed"     // the bank refused after the buyer was done
)

// Final reports whether nobody can pay the tender any more. Late money can
// still turn up, and is then placed or kept; see package reconcile.
func (s TenderState) Final() bool {
	switch s {
	case TenderPaid, TenderExpired, TenderRefused, TenderFailed:
		return true
	default:
		return false
	}
}

// Tender is one way in which an order is paid or was to be paid.
type Tender struct {
	ID              string       `json:"id"`
	Kind            TenderKind   `json:"kind"`
	State           TenderState  `json:"state"`
	Amount          money.Amount `json:"amount"`
	SessionID       string       `json:"sessionId,omitempty"` // the Checkout Session, cs_…; of a card, the PaymentIntent, pi_…
	URL             string       `json:"url,omitempty"`       // where the buyer pays; what the QR code says
	ExpiresAt       time.Time    `json:"expiresAt,omitzero"`  // by Stripe's clock
	CancelAsked     bool         `json:"cancelAsked,omitempty"`
	PaymentIntentID string       `json:"paymentIntentId,omitempty"`
	ChargeID        string       `json:"chargeId,omitempty"`
	PaidAt          time.Time    `json:"paidAt,omitzero"`
	Card            Card         `json:"card,omitzero"`
	Problem         *Problem     `json:"problem,omitempty"` // why it was refused or failed
	Others          []string     `json:"others,omitempty"`  // sessions that were not its code when Stripe was asked to close them; one may have paid it since
}

// Card is what may be known of a buyer's card.
type Card struct {
	Brand string `json:"brand"`
	Last4 string `json:"last4"`
}

// Problem is an Error as the book keeps it: without its cause.
type Problem struct {
	Code   Code   `json:"code"`
	Detail string `json:"detail"`
	Next   string `json:"next"`
}

// apply moves the tender forward. The table of what may follow what is here
// and nowhere else.
func (t Tender) apply(f Fact) (Tender, error) {
	refuse := func() (Tender, error) {
		return t, fmt.Errorf("tender %s is %s: %s cannot follow", t.ID, t.State, f.Kind())
	}
	switch f := f.(type) {
	case OpenedFact:
		if t.State != TenderStarting {
			return refuse()
		}
		t.State, t.SessionID, t.URL, t.ExpiresAt = TenderOpen, f.SessionID, f.URL, f.ExpiresAt
	case RefusedFact:
		if t.State != TenderStarting {
			return refuse()
		}
		t.State, t.Problem = TenderRefused, &f.Problem
	case CancelAskedFact:
		if t.State.Final() || t.CancelAsked {
			return refuse()
		}
		t.CancelAsked = true
	case ProcessingFact:
		if t.State != TenderOpen {
			return refuse()
		}
		t.State, t.PaymentIntentID = TenderProcessing, f.PaymentIntentID
	case ExpiredFact:
		// Out of processing too: the bank refused while the page was still open,
		// and nobody tried again.
		if t.State != TenderOpen && t.State != TenderProcessing {
			return refuse()
		}
		t.State = TenderExpired
	case FailedFact:
		if t.State != TenderProcessing {
			return refuse()
		}
		t.State, t.Problem = TenderFailed, &f.Problem
	case CodeCloseAskedFact:
		return t.closeOther(f.Intent.Expire)
	case PaidFact:
		// Also out of a final state: money that came late and found room.
		if t.State == TenderPaid || t.State == TenderStarting {
			return refuse()
		}
		t.State, t.SessionID, t.Problem = TenderPaid, f.SessionID, nil
		t.PaymentIntentID, t.ChargeID, t.PaidAt, t.Card = f.PaymentIntentID, f.ChargeID, f.PaidAt, f.Card
	}
	return t, nil
}

// closeOther notes that a session which is not the tender's code is to be closed,
// once, in whatever state the tender is.
func (t Tender) closeOther(sessionID string) (Tender, error) {
	if sessionID == t.SessionID || slices.Contains(t.Others, sessionID) {
		return t, fmt.Errorf("tender %s is %s: its session %s is no other, or is closed already", t.ID, t.State, sessionID)
	}
	t.Others = append(slices.Clone(t.Others), sessionID)
	return t, nil
}
