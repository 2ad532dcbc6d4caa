package reconcile

import (
	"context"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// Products lists each active one-time price of each active product.
func (r *Reconciler) Products(ctx context.Context) ([]boxoffice.Importable, error) {
	products := map[string]stripeapi.Product{}
	if err := r.eachProduct(true, func(p stripeapi.Product) bool { products[p.ID] = p; return ctx.Err() == nil }); err != nil {
		return nil, Explain(err)
	}
	var found []boxoffice.Importable
	err := r.eachPrice("", func(p stripeapi.Price) bool {
		product, ok := products[p.ProductID]
		if !ok || !p.Active || p.Recurring || !p.Fixed && !p.BuyersChoice {
			return true
		}
		i := boxoffice.Importable{ProductID: product.ID, PriceID: p.ID, Name: product.Name, Description: product.Description}
		if !p.BuyersChoice {
			i.Price = &p.Amount
		}
		found = append(found, i)
		return ctx.Err() == nil
	})
	if err != nil {
		return nil, Explain(err)
	}
	return found, ctx.Err()
}

func (r *Reconciler) eachProduct(active bool, fn func(stripeapi.Product) bool) error {
	for after := ""; ; {
		page, err := r.opt.Stripe.Products(r.life, active, after)
		if err != nil {
			return err
		}
		for _, p := range page.Products {
			if after = p.ID; !fn(p) {
				return nil
			}
		}
		if !page.More {
			return nil
		}
	}
}

func (r *Reconciler) eachPrice(productID string, fn func(stripeapi.Price) bool) error {
	for after := ""; ; {
		page, err := r.opt.Stripe.Prices(r.life, productID, after)
		if err != nil {
			return err
		}
		for _, p := range page.Prices {
			if after = p.ID; !fn(p) {
				return nil
			}
		}
		if !page.More {
			return nil
		}
	}
}
