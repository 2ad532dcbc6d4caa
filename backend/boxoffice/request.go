package boxoffice

import (
	"time"

	"willcall/backend/money"
)

// SessionRequest is exactly what a Checkout Session is asked for. The same
// request must be sent with the same key, so it is stored and never computed
// again.
type SessionRequest struct {
	Reference   string            `json:"reference"` // client_reference_id: the order's id, ≤ 200 characters
	LineItems   []SessionLine     `json:"lineItems"` // 1 to 100
	BuyerEmail  string            `json:"buyerEmail,omitempty"`
	Metadata    map[string]string `json:"metadata"`  // on the session and on its PaymentIntent
	ExpiresAt   time.Time         `json:"expiresAt"` // 30 minutes to 24 hours ahead, by Stripe's clock
	SuccessURL  string            `json:"successUrl"`
	CancelURL   string            `json:"cancelUrl"`
	Submit      string            `json:"submit,omitempty"`      // beside the buyer's Pay button, ≤ 1200 characters
	Description string            `json:"description,omitempty"` // of the payment, in the Dashboard and on Stripe's receipt
	Descriptor  string            `json:"descriptor,omitempty"`  // suffix on the card statement, ≤ 22 characters with the account's prefix
	Methods     []string          `json:"methods,omitempty"`     // Stripe's names of ways to pay; none: all that the account offers
	Fee         int64             `json:"fee,omitempty"`         // the platform's, in minor units; 0 for none
}

// SessionLine is one line of the buyer's page: a price that Stripe has, or
// else one that is named here.
type SessionLine struct {
	PriceID     string       `json:"priceId,omitempty"`
	Name        string       `json:"name,omitempty"`
	Description string       `json:"description,omitempty"`
	UnitPrice   money.Amount `json:"unitPrice"`
	Quantity    int64        `json:"quantity"`
	TaxRateID   string       `json:"taxRateId,omitempty"`
}

// PaymentRequest is what a PaymentIntent is asked for: a card typed at the till.
type PaymentRequest struct {
	Amount       money.Amount      `json:"amount"`
	Description  string            `json:"description,omitempty"`
	ReceiptEmail string            `json:"receiptEmail,omitempty"`
	Metadata     map[string]string `json:"metadata"`
	Descriptor   string            `json:"descriptor,omitempty"`
	Fee          int64             `json:"fee,omitempty"`
}

// RefundRequest is what Stripe is asked to give back.
type RefundRequest struct {
	PaymentIntentID string            `json:"paymentIntentId"`
	Amount          money.Amount      `json:"amount"`           // a part; the zero value is all that is left
	Reason          string            `json:"reason,omitempty"` // Stripe's: duplicate, fraudulent, requested_by_customer
	Metadata        map[string]string `json:"metadata"`
}

// ProductRequest is a ticket type as Stripe knows it.
type ProductRequest struct {
	Name        string            `json:"name"`
	Description string            `json:"description,omitempty"`
	Picture     string            `json:"picture,omitempty"` // an https address
	Metadata    map[string]string `json:"metadata"`
}

// PriceRequest is what a ticket type costs, as Stripe knows it. A price's
// amount never changes there: another amount is another price.
type PriceRequest struct {
	ProductID string            `json:"productId"`
	Amount    money.Amount      `json:"amount"`
	Metadata  map[string]string `json:"metadata"`
}

// TaxRateRequest is a tax that is contained in prices.
type TaxRateRequest struct {
	Name      string            `json:"name"`    // "VAT", ≤ 50 characters
	Percent   int64             `json:"percent"` // in ten-thousandths of a percent: 10 % is 100000
	Inclusive bool              `json:"inclusive"`
	Country   string            `json:"country,omitempty"`
	Metadata  map[string]string `json:"metadata"`
}

// LinkRequest is what a Payment Link is asked for: a poster's. It has no tax
// rate: at this API version a link's lines take none, and the price, in which
// the tax is contained, is the same.
type LinkRequest struct {
	PriceID      string            `json:"priceId"`
	Quantity     int64             `json:"quantity"`
	Limit        int64             `json:"limit"`            // completed sessions, after which Stripe closes the link
	Metadata     map[string]string `json:"metadata"`         // on the link, its sessions and their PaymentIntents
	Confirmation string            `json:"confirmation"`     // what the buyer reads after paying, ≤ 500 characters
	Closed       string            `json:"closed"`           // what the buyer reads when it is closed, ≤ 500 characters
	Submit       string            `json:"submit,omitempty"` // beside the Pay button
	Methods      []string          `json:"methods,omitempty"`
	Descriptor   string            `json:"descriptor,omitempty"`
	Fee          int64             `json:"fee,omitempty"`
}
