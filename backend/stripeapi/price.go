package stripeapi

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// Price is what a product costs, as far as a catalogue needs it.
type Price struct {
	ID, ProductID string
	Amount        money.Amount // of one; its currency is there in any case
	Fixed         bool         // Amount is what one costs: no tiers, packages or fractions of the minor unit
	BuyersChoice  bool         // custom_unit_amount: the buyer says how much
	Recurring     bool         // a subscription's
	Active        bool
	Nickname      string
	Metadata      map[string]string
	Livemode      bool
}

// PricePage is one page of prices, newest first.
type PricePage struct {
	Prices []Price
	More   bool // ask again, after the last one's id
}

// CreatePrice makes a price. The same key and request make it once.
func (c *Client) CreatePrice(ctx context.Context, idempotencyKey string, r boxoffice.PriceRequest) (Price, error) {
	t := newTrip(ctx)
	params := &stripe.PriceParams{
		Params:  stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey},
		Product: &r.ProductID, Currency: new(string(r.Amount.Currency)), UnitAmount: &r.Amount.Minor, Metadata: r.Metadata,
	}
	answer := &price{}
	err := c.send(t, http.MethodPost, "/v1/prices", params, answer, func() bool { return answer.is("") })
	return answer.price(), err
}

// ArchivePrice takes a price off sale. Sessions that are open already can
// still be paid; it cannot be deleted.
func (c *Client) ArchivePrice(ctx context.Context, idempotencyKey, id string) (Price, error) {
	t := newTrip(ctx)
	params := &stripe.PriceParams{Params: stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey}, Active: new(false)}
	answer := &price{}
	err := c.send(t, http.MethodPost, stripe.FormatURLPath("/v1/prices/%s", id), params, answer, func() bool { return answer.is(id) })
	return answer.price(), err
}

// Prices lists a product's prices, or with productID "" the account's,
// archived ones too. after is the id that the page before ended with, or "".
func (c *Client) Prices(ctx context.Context, productID, after string) (PricePage, error) {
	t := newTrip(ctx)
	params := &stripe.PriceListParams{ListParams: page(t.ctx, after), Product: optional(productID)}
	answer := &answered[price]{}
	err := c.listed(t, "/v1/prices", params, answer, func() bool {
		return answer.sound(func(p price) bool { return p.is("") })
	})
	if err != nil {
		return PricePage{}, err
	}
	p := PricePage{More: answer.HasMore}
	for _, one := range answer.Data {
		p.Prices = append(p.Prices, one.price())
	}
	return p, nil
}

// price is the little that is read of Stripe's. stripe-go's own makes 0 of an
// amount that is null, and a ticket free that has tiers.
type price struct {
	stripe.APIResource
	ID                string            `json:"id"`
	Object            string            `json:"object"`
	Product           string            `json:"product"`
	Currency          string            `json:"currency"`
	UnitAmount        *int64            `json:"unit_amount"` // null with tiers, fractions, or a buyer's choice
	CustomUnitAmount  json.RawMessage   `json:"custom_unit_amount"`
	TransformQuantity json.RawMessage   `json:"transform_quantity"` // so many are one package
	Type              string            `json:"type"`
	Active            bool              `json:"active"`
	Nickname          string            `json:"nickname"`
	Metadata          map[string]string `json:"metadata"`
	Livemode          bool              `json:"livemode"`
}

func (p *price) is(id string) bool {
	return p.Object == "price" && p.ID != "" && (id == "" || p.ID == id)
}

func (p *price) price() Price {
	out := Price{
		ID: p.ID, ProductID: p.Product, Amount: money.New(0, money.Currency(p.Currency)),
		BuyersChoice: present(p.CustomUnitAmount), Recurring: p.Type == "recurring", Active: p.Active,
		Nickname: p.Nickname, Metadata: p.Metadata, Livemode: p.Livemode,
	}
	if p.UnitAmount != nil && !present(p.TransformQuantity) {
		out.Amount.Minor, out.Fixed = *p.UnitAmount, true
	}
	return out
}

// present reports whether a field is there and not null.
func present(field json.RawMessage) bool { return len(field) > 0 && string(field) != "null" }
