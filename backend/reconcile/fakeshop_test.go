package reconcile

import (
	"context"
	"maps"
	"slices"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// shop is what a fake has beside Checkout Sessions.
type shop struct {
	links    []stripeapi.Link // newest first
	products []stripeapi.Product
	prices   []stripeapi.Price
	methods  []string
}

func (f *fake) CreatePayment(_ context.Context, key string, r boxoffice.PaymentRequest) (stripeapi.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("pay %s", key); err != nil {
		return stripeapi.Session{}, err
	}
	s := stripeapi.Session{
		ID: "pi_" + r.Metadata[boxoffice.MetadataOrder], Status: stripeapi.SessionOpen, Reference: r.Metadata[boxoffice.MetadataOrder],
		Metadata: r.Metadata, Amount: r.Amount, Created: time.Now().Add(f.skew).Truncate(time.Second),
	}
	s.Payment = stripeapi.Payment{IntentID: s.ID, Status: stripeapi.PaymentNeedsOther}
	f.sessions[s.ID] = s
	return s, nil
}

func (f *fake) Payment(ctx context.Context, id string) (stripeapi.Session, error) {
	return f.Session(ctx, id)
}

func (f *fake) CancelPayment(_ context.Context, key, id string) (stripeapi.Session, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("cancel %s", key); err != nil {
		return stripeapi.Session{}, err
	}
	s := f.sessions[id]
	if s.Status != stripeapi.SessionOpen {
		return s, &stripeapi.Error{Failure: stripeapi.Refused, Status: 400, Code: "payment_intent_unexpected_state"}
	}
	s.Status, s.Payment.Status = stripeapi.SessionExpired, stripeapi.PaymentCanceled
	f.sessions[id] = s
	return s, nil
}

func (f *fake) Payments(_ context.Context, from, to time.Time, after string) (p stripeapi.SessionPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("payments after %q", after); err != nil {
		return p, err
	}
	for _, id := range slices.Sorted(maps.Keys(f.sessions)) {
		if s := f.sessions[id]; isPayment(id) && id > after && !s.Created.Before(from.Truncate(time.Second)) && !s.Created.After(to) {
			p.Sessions = append(p.Sessions, s)
		}
	}
	return p, nil
}

func (f *fake) CreateLink(_ context.Context, key string, r boxoffice.LinkRequest) (stripeapi.Link, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("link %s", key); err != nil {
		return stripeapi.Link{}, err
	}
	l := stripeapi.Link{ID: "plink_" + r.Metadata[boxoffice.MetadataPoster], URL: "https://buy.stripe.com/test", Active: true, Metadata: r.Metadata}
	f.shop.links = append([]stripeapi.Link{l}, f.shop.links...)
	return l, nil
}

func (f *fake) CloseLink(_ context.Context, key, id string) (stripeapi.Link, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return stripeapi.Link{ID: id}, f.call("close %s", key)
}

func (f *fake) Links(_ context.Context, after string) (p stripeapi.LinkPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("links after %q", after); err != nil {
		return p, err
	}
	at := slices.IndexFunc(f.shop.links, func(l stripeapi.Link) bool { return l.ID == after }) + 1
	p.Links = f.shop.links[at:]
	if f.page > 0 && len(p.Links) > f.page {
		p.Links, p.More = p.Links[:f.page], true
	}
	return p, nil
}

func (f *fake) LinkSessions(_ context.Context, linkID string, status stripeapi.SessionStatus, after string) (p stripeapi.SessionPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("sessions %q after %q", status, after); err != nil {
		return p, err
	}
	for _, id := range slices.Sorted(maps.Keys(f.sessions)) {
		if s := f.sessions[id]; s.LinkID == linkID && id > after && (status == "" || s.Status == status) {
			p.Sessions = append(p.Sessions, s)
		}
	}
	if f.page > 0 && len(p.Sessions) > f.page {
		p.Sessions, p.More = p.Sessions[:f.page], true
	}
	return p, nil
}

func (f *fake) CreateProduct(_ context.Context, key string, r boxoffice.ProductRequest) (stripeapi.Product, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("product %s", key); err != nil {
		return stripeapi.Product{}, err
	}
	p := stripeapi.Product{ID: "prod_" + r.Metadata[boxoffice.MetadataType], Name: r.Name, Active: true, Metadata: r.Metadata}
	f.shop.products = append(f.shop.products, p)
	return p, nil
}

func (f *fake) UpdateProduct(_ context.Context, key, id string, _ stripeapi.ProductUpdate) (stripeapi.Product, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return stripeapi.Product{ID: id}, f.call("update %s %s", key, id)
}

func (f *fake) Products(context.Context, bool, string) (p stripeapi.ProductPage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("products"); err != nil {
		return p, err
	}
	p.Products = slices.Clone(f.shop.products)
	return p, nil
}

func (f *fake) CreatePrice(_ context.Context, key string, r boxoffice.PriceRequest) (stripeapi.Price, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("price %s", key); err != nil {
		return stripeapi.Price{}, err
	}
	p := stripeapi.Price{ID: "price_" + r.ProductID, ProductID: r.ProductID, Amount: r.Amount, Fixed: true, Active: true, Metadata: r.Metadata}
	f.shop.prices = append(f.shop.prices, p)
	return p, nil
}

func (f *fake) ArchivePrice(_ context.Context, key, id string) (stripeapi.Price, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return stripeapi.Price{ID: id}, f.call("archive %s %s", key, id)
}

func (f *fake) Prices(_ context.Context, productID, _ string) (p stripeapi.PricePage, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.call("prices of %q", productID); err != nil {
		return p, err
	}
	for _, price := range f.shop.prices {
		if productID == "" || price.ProductID == productID {
			p.Prices = append(p.Prices, price)
		}
	}
	return p, nil
}

func (f *fake) CreateTaxRate(_ context.Context, key string, r boxoffice.TaxRateRequest) (stripeapi.TaxRate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return stripeapi.TaxRate{ID: "txr_" + r.Name, Active: true}, f.call("tax %s", key)
}

func (f *fake) Methods(context.Context) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.shop.methods), f.call("methods")
}
