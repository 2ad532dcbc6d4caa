package stripeapi_test

import (
	"context"
	"maps"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// call is one call of a client's, of which only the error is wanted.
type call func(context.Context, *stripeapi.Client) error

// calls are one of each method of a client that asks Stripe.
func calls() map[string]call {
	all := moneyCalls()
	maps.Copy(all, map[string]call{
		"CreateProduct":  createProduct(boxoffice.ProductRequest{Name: "Adult"}),
		"UpdateProduct":  updateProduct(stripeapi.ProductUpdate{Name: new("Child")}),
		"Products":       products(false, ""),
		"CreatePrice":    createPrice(money.New(2400, "eur")),
		"ArchivePrice":   archivePrice,
		"Prices":         prices("", ""),
		"CreateTaxRate":  createTaxRate(boxoffice.TaxRateRequest{Name: "VAT", Percent: 100000, Inclusive: true}),
		"CreateLink":     createLink(boxoffice.LinkRequest{PriceID: "price_1", Quantity: 1, Limit: 1}),
		"CloseLink":      closeLink,
		"Link":           fetchLink,
		"Links":          links(""),
		"LinkSessions":   linkSessions("", ""),
		"CreatePayment":  createPayment(boxoffice.PaymentRequest{Amount: money.New(2400, "eur")}),
		"Payment":        fetchPayment,
		"CancelPayment":  cancelPayment,
		"ConfirmPayment": confirmPayment,
		"Payments":       payments(""),
		"ClientSecret":   clientSecret,
		"Refund":         refund(stripeapi.RefundRequest{PaymentIntentID: "pi_1"}),
		"Methods":        methods,
	})
	return all
}

func createProduct(r boxoffice.ProductRequest) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.CreateProduct(ctx, "key-1", r)
		return err
	}
}

func updateProduct(u stripeapi.ProductUpdate) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.UpdateProduct(ctx, "key-1", "prod_1", u)
		return err
	}
}

func products(activeOnly bool, after string) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.Products(ctx, activeOnly, after)
		return err
	}
}

func createPrice(a money.Amount) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.CreatePrice(ctx, "key-1", boxoffice.PriceRequest{ProductID: "prod_1", Amount: a, Metadata: order})
		return err
	}
}

func archivePrice(ctx context.Context, c *stripeapi.Client) error {
	_, err := c.ArchivePrice(ctx, "key-1", "price_1")
	return err
}

func prices(productID, after string) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.Prices(ctx, productID, after)
		return err
	}
}

func createTaxRate(r boxoffice.TaxRateRequest) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.CreateTaxRate(ctx, "key-1", r)
		return err
	}
}

func createLink(r boxoffice.LinkRequest) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.CreateLink(ctx, "key-1", r)
		return err
	}
}

func closeLink(ctx context.Context, c *stripeapi.Client) error {
	_, err := c.CloseLink(ctx, "key-1", "plink_1")
	return err
}

func fetchLink(ctx context.Context, c *stripeapi.Client) error {
	_, err := c.Link(ctx, "plink_1")
	return err
}

func links(after string) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.Links(ctx, after)
		return err
	}
}

func linkSessions(status stripeapi.SessionStatus, after string) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.LinkSessions(ctx, "plink_1", status, after)
		return err
	}
}

func createPayment(r boxoffice.PaymentRequest) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.CreatePayment(ctx, "key-1", r)
		return err
	}
}

func fetchPayment(ctx context.Context, c *stripeapi.Client) error {
	_, err := c.Payment(ctx, "pi_1")
	return err
}

func cancelPayment(ctx context.Context, c *stripeapi.Client) error {
	_, err := c.CancelPayment(ctx, "key-1", "pi_1")
	return err
}

func confirmPayment(ctx context.Context, c *stripeapi.Client) error {
	_, err := c.ConfirmPayment(ctx, "key-1", "pi_1", "pm_card_visa", "http://127.0.0.1:4381/c/done")
	return err
}

func payments(after string) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.Payments(ctx, noon, noon, after)
		return err
	}
}

func clientSecret(ctx context.Context, c *stripeapi.Client) error {
	_, err := c.ClientSecret(ctx, "pi_1")
	return err
}

func refund(r stripeapi.RefundRequest) call {
	return func(ctx context.Context, c *stripeapi.Client) error {
		_, err := c.Refund(ctx, "key-1", r)
		return err
	}
}

func methods(ctx context.Context, c *stripeapi.Client) error {
	_, err := c.Methods(ctx)
	return err
}

// priced asks for lines that Stripe has a price of, and one that it has not.
func priced(ctx context.Context, c *stripeapi.Client) error {
	r := request()
	r.Reference, r.Metadata, r.ExpiresAt = "ord-1", order, noon.Add(31*time.Minute)
	r.LineItems = []boxoffice.SessionLine{
		{PriceID: "price_1", Name: "Adult", UnitPrice: money.New(2400, "eur"), Quantity: 2, TaxRateID: "txr_1"},
		{Name: "Programme", UnitPrice: money.New(300, "eur"), Quantity: 1, TaxRateID: "txr_2"},
	}
	r.Submit, r.Description, r.Descriptor, r.Methods, r.Fee = scripts(1200), scripts(1000), "HAMLET 5 MAR", []string{"card", "paypal"}, 45
	_, err := c.CreateSession(ctx, "key-1", r)
	return err
}
