package boxoffice

import "time"

// Intent is a write to Stripe, recorded before it is sent. Its key makes
// Stripe do it once, however often it is sent: Stripe keeps the first result
// of a key for at least 24 hours (docs.stripe.com/api/idempotent_requests).
type Intent struct {
	Key        string          `json:"key"` // Stripe's Idempotency-Key
	OrderID    string          `json:"orderId,omitempty"`
	TenderID   string          `json:"tenderId,omitempty"`
	RecordedAt time.Time       `json:"recordedAt"`
	Asker      string          `json:"asker,omitempty"`  // as whom it is sent first: a mark, no secret; "" where an older book did not keep it
	Create     *SessionRequest `json:"create,omitempty"` // make a Checkout Session
	Pay        *PaymentRequest `json:"pay,omitempty"`    // make a PaymentIntent
	Expire     string          `json:"expire,omitempty"` // close this Checkout Session (cs_…) or PaymentIntent (pi_…)

	Refund        *RefundRequest `json:"refund,omitempty"` // give money back
	RefundID      string         `json:"refundId,omitempty"`
	DiscrepancyID string         `json:"discrepancyId,omitempty"` // whose money it is, where it is no order's

	PosterID  string       `json:"posterId,omitempty"`
	Link      *LinkRequest `json:"link,omitempty"`      // make a Payment Link
	CloseLink string       `json:"closeLink,omitempty"` // close this Payment Link and what it opened

	Mirror *MirrorRequest `json:"mirror,omitempty"` // make Stripe's catalogue what the book's is
}

// Metadata keys under which Willcall's own names stand on a Checkout Session
// and on its PaymentIntent.
const (
	MetadataOrder  = "willcall_order"
	MetadataCode   = "willcall_code"
	MetadataTender = "willcall_tender"
	MetadataBook   = "willcall_book"
	MetadataPoster = "willcall_poster"
	MetadataType   = "willcall_type"
	MetadataRefund = "willcall_refund"
	MetadataKind   = "willcall_kind" // only where a card is typed: a session's own PaymentIntent has all the others too
)
