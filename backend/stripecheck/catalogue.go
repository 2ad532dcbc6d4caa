package main

import (
	"context"
	"fmt"
	"maps"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// picture is an address that Stripe is given and need not fetch.
const picture = "https://example.com/willcall-check.png"

func catalogueChecks() []check {
	const mirror = "boxoffice/mirror.go"
	return []check{
		{"3.1", "a product comes back as it was asked for", mirror, (*line).newProduct},
		{"3.2", "a price comes back as it was asked for, and can become its product's default", mirror, func(l *line, ctx context.Context) (string, error) {
			p, err := l.newDefault(ctx, 2400)
			l.first = p
			return "24.00 EUR", err
		}},
		{"3.3", "the default price of a product cannot be archived", "stripeapi/product.go", func(l *line, ctx context.Context) (string, error) {
			if err := need(l.first.ID, "3.2"); err != nil {
				return "", err
			}
			_, err := l.ArchivePrice(ctx, l.newKey(), l.first.ID)
			return wantRefused(err, "it")
		}},
		{"3.4", "once another price is the default, the old one can be archived", mirror, (*line).changePrice},
		{"3.5", "name, description and picture of a product can be changed", mirror, func(l *line, ctx context.Context) (string, error) {
			return l.update(ctx, "Hamlet · Adult", "Stalls", picture)
		}},
		{"3.6", "an empty description and picture take the old ones away", "stripeapi/product.go", func(l *line, ctx context.Context) (string, error) {
			return l.update(ctx, "Hamlet · Adult", "", "")
		}},
		{"3.7", "the lists show the product and both its prices, with their metadata", "reconcile/mirror.go", (*line).listCatalogue},
	}
}

// newProduct makes the product that later checks sell.
func (l *line) newProduct(ctx context.Context) (saw string, err error) {
	asked := boxoffice.ProductRequest{Name: "Hamlet · Check", Description: "Not for sale", Metadata: l.metadata(boxoffice.MetadataType, "type-"+l.run)}
	if l.product, err = l.makeProduct(ctx, asked); err != nil {
		return "", err
	}
	p := l.product
	if p.Name != asked.Name || p.Description != asked.Description || !p.Active || p.DefaultPriceID != "" || !maps.Equal(p.Metadata, asked.Metadata) {
		return "", deny("it came back as %q, %q, active %t, default price %q, metadata %v", p.Name, p.Description, p.Active, p.DefaultPriceID, p.Metadata)
	}
	return p.ID, nil
}

// makeProduct makes one, and has it archived at the end.
func (l *line) makeProduct(ctx context.Context, r boxoffice.ProductRequest) (stripeapi.Product, error) {
	p, err := l.CreateProduct(ctx, l.newKey(), r)
	if err == nil {
		l.later("product "+p.ID, func(ctx context.Context) error {
			_, err := l.UpdateProduct(ctx, l.newKey(), p.ID, stripeapi.ProductUpdate{Active: new(false)})
			return err
		})
	}
	return p, err
}

// newDefault makes a price in euro cents, and the default of it.
func (l *line) newDefault(ctx context.Context, cents int64) (stripeapi.Price, error) {
	if err := need(l.product.ID, "3.1"); err != nil {
		return stripeapi.Price{}, err
	}
	asked := boxoffice.PriceRequest{ProductID: l.product.ID, Amount: money.New(cents, "eur"), Metadata: l.metadata(boxoffice.MetadataType, "type-"+l.run)}
	p, err := l.CreatePrice(ctx, l.newKey(), asked)
	switch {
	case err != nil:
		return p, err
	case p.ProductID != asked.ProductID || p.Amount != asked.Amount || !p.Fixed || !p.Active || !maps.Equal(p.Metadata, asked.Metadata):
		return p, deny("it came back as %s of %s, fixed %t, active %t, metadata %v", p.Amount, p.ProductID, p.Fixed, p.Active, p.Metadata)
	}
	l.product, err = l.UpdateProduct(ctx, l.newKey(), l.product.ID, stripeapi.ProductUpdate{DefaultPrice: &p.ID})
	if err == nil && l.product.DefaultPriceID != p.ID {
		err = deny("the default price came back as %q", l.product.DefaultPriceID)
	}
	return p, err
}

// changePrice does what the mirror does for a new price.
func (l *line) changePrice(ctx context.Context) (saw string, err error) {
	if err := need(l.first.ID, "3.2"); err != nil {
		return "", err
	}
	if l.second, err = l.newDefault(ctx, 2600); err != nil {
		return "", err
	}
	old, err := l.ArchivePrice(ctx, l.newKey(), l.first.ID)
	if err == nil && old.Active {
		err = deny("it is active still")
	}
	l.first.Active = old.Active
	return "26.00 EUR instead", err
}

func (l *line) update(ctx context.Context, name, description, image string) (saw string, err error) {
	if err := need(l.product.ID, "3.1"); err != nil {
		return "", err
	}
	p, err := l.UpdateProduct(ctx, l.newKey(), l.product.ID, stripeapi.ProductUpdate{Name: &name, Description: &description, Picture: &image})
	if err != nil {
		return "", err
	}
	saw = fmt.Sprintf("name %q, description %q, picture %q", p.Name, p.Description, p.Picture)
	if p.Name != name || p.Description != description || p.Picture != image {
		return "", deny("it came back with %s", saw)
	}
	return saw, nil
}

func (l *line) listCatalogue(ctx context.Context) (string, error) {
	if err := need(l.second.ID, "3.4"); err != nil {
		return "", err
	}
	began, prices := l.now(), 0
	took, err := l.soon(began, settled, func() (bool, error) {
		product, found, err := search(func(after string) ([]stripeapi.Product, bool, error) {
			page, err := l.Products(ctx, true, after)
			return page.Products, page.More, err
		}, func(p stripeapi.Product) string { return p.ID }, func(p stripeapi.Product) bool { return p.ID == l.product.ID })
		if err != nil || !found || product.Metadata[mark] != l.run {
			return false, err
		}
		prices = 0
		_, _, err = search(func(after string) ([]stripeapi.Price, bool, error) {
			page, err := l.Prices(ctx, l.product.ID, after)
			return page.Prices, page.More, err
		}, func(p stripeapi.Price) string { return p.ID }, func(p stripeapi.Price) bool {
			if p.ProductID == l.product.ID && p.Metadata[mark] == l.run {
				prices++
			}
			return false
		})
		return prices == 2, err
	})
	return fmt.Sprintf("%d prices after %s", prices, took), err
}
