package boxoffice

import (
	"time"

	"willcall/backend/money"
)

// Intent is a write to Stripe, recorded before it is sent. Its key makes
// Stripe do it once, however often it is sent: Stripe keeps the first result
// of a key for at least 24 hours (docs.stripe.com/api/idempotent_requests).
type Intent struct {
	Key        string          `json:"key"` // Stripe's Idempotency-Key
	OrderID    string          `json:"orderId"`
	TenderID   string          `json:"tenderId"`
	RecordedAt time.Time       `json:"recordedAt"`
	Create     *SessionRequest `json:"create,omitempty"` // make a Checkout Session
	Expire     string          `json:"expire,omitempty"` // close this Checkout Session
}

// SessionRequest is exactly what a Checkout Session is asked for. The same
// request must be sent with the same key, so it is stored and never computed
// again.
type SessionRequest struct {
	Reference  string            `json:"reference"` // client_reference_id: the order's id, ≤ 200 characters
	LineItems  []SessionLine     `json:"lineItems"` // 1 to 100
	BuyerEmail string            `json:"buyerEmail,omitempty"`
	Metadata   map[string]string `json:"metadata"`  // on the session and on its PaymentIntent
	ExpiresAt  time.Time         `json:"expiresAt"` // 30 minutes to 24 hours ahead, by Stripe's clock
	SuccessURL string            `json:"successUrl"`
	CancelURL  string            `json:"cancelUrl"`
}

// SessionLine is one line of the buyer's page.
type SessionLine struct {
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	UnitPrice   money.Amount `json:"unitPrice"`
	Quantity    int64        `json:"quantity"`
}

// Metadata keys under which Willcall's own names stand on a Checkout Session
// and on its PaymentIntent.
const (
	MetadataOrder  = "willcall_order"
	MetadataCode   = "willcall_code"
	MetadataTender = "willcall_tender"
	MetadataBook   = "willcall_book"
)
