package stripeapi

import (
	"context"
	"net/http"

	"github.com/stripe/stripe-go/v76"

	"willcall/backend/boxoffice"
)

// Product is a ticket type as Stripe knows it, or something else that the
// account sells.
type Product struct {
	ID             string
	Name           string
	Description    string
	Picture        string // the first of its images, an address; "" without one
	Active         bool
	DefaultPriceID string // "" for none
	Metadata       map[string]string
	Livemode       bool
}

// ProductUpdate changes what is not nil. An empty description or picture takes
// it away.
type ProductUpdate struct {
	Name, Description *string
	Picture           *string // an https address
	Active            *bool
	DefaultPrice      *string // a price of the same product
}

// ProductPage is one page of products, newest first.
type ProductPage struct {
	Products []Product
	More     bool // ask again, after the last one's id
}

// CreateProduct makes a product. The same key and request make it once.
func (c *Client) CreateProduct(ctx context.Context, idempotencyKey string, r boxoffice.ProductRequest) (Product, error) {
	t := newTrip(ctx)
	params := &stripe.ProductParams{
		Params: stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey},
		Name:   &r.Name, Description: optional(r.Description), Metadata: r.Metadata,
	}
	if r.Picture != "" {
		params.Images = []*string{&r.Picture}
	}
	answer := &stripe.Product{}
	err := c.send(t, http.MethodPost, "/v1/products", params, answer, func() bool { return isProduct(answer, "") })
	return product(answer), err
}

// UpdateProduct changes a product. Stripe refuses to archive a product's
// default price (github.com/stripe/stripe-python/issues/658), so a new price
// becomes the default before the old one is archived. It also closes the links
// of a product that is archived (docs.stripe.com/products-prices/manage-prices).
func (c *Client) UpdateProduct(ctx context.Context, idempotencyKey, id string, u ProductUpdate) (Product, error) {
	t := newTrip(ctx)
	params := &stripe.ProductParams{
		Params: stripe.Params{Context: t.ctx, IdempotencyKey: &idempotencyKey},
		Name:   u.Name, Description: u.Description, Active: u.Active, DefaultPrice: u.DefaultPrice,
	}
	if u.Picture != nil {
		params.Images = []*string{} // sent as "": no images
		if *u.Picture != "" {
			params.Images = append(params.Images, u.Picture)
		}
	}
	answer := &stripe.Product{}
	err := c.send(t, http.MethodPost, stripe.FormatURLPath("/v1/products/%s", id), params, answer, func() bool { return isProduct(answer, id) })
	return product(answer), err
}

// Products lists the account's products, or only those that are active. after
// is the id that the page before ended with, or "".
func (c *Client) Products(ctx context.Context, activeOnly bool, after string) (ProductPage, error) {
	t := newTrip(ctx)
	params := &stripe.ProductListParams{ListParams: page(t.ctx, after)}
	if activeOnly {
		params.Active = new(true)
	}
	answer := &answered[*stripe.Product]{}
	err := c.listed(t, "/v1/products", params, answer, func() bool {
		return answer.sound(func(p *stripe.Product) bool { return p != nil && isProduct(p, "") })
	})
	if err != nil {
		return ProductPage{}, err
	}
	p := ProductPage{More: answer.HasMore}
	for _, one := range answer.Data {
		p.Products = append(p.Products, product(one))
	}
	return p, nil
}

func isProduct(p *stripe.Product, id string) bool {
	return p.Object == "product" && p.ID != "" && (id == "" || p.ID == id)
}

func product(p *stripe.Product) Product {
	out := Product{ID: p.ID, Name: p.Name, Description: p.Description, Active: p.Active, Metadata: p.Metadata, Livemode: p.Livemode}
	if len(p.Images) > 0 {
		out.Picture = p.Images[0]
	}
	if p.DefaultPrice != nil {
		out.DefaultPriceID = p.DefaultPrice.ID
	}
	return out
}

// optional is a parameter that is left out when it is empty.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// optionalAmount is a number that is left out when it is 0.
func optionalAmount(minor int64) *int64 {
	if minor == 0 {
		return nil
	}
	return &minor
}
