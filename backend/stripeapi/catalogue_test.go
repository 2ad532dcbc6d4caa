package stripeapi_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// made is what the simulator made, or the end of the test.
func made[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestTheLifeOfATicketType: made, dearer, with another picture, and off sale.
func TestTheLifeOfATicketType(t *testing.T) {
	c, _ := sale(t)
	ctx, product, price := t.Context(), made[stripeapi.Product](t), made[stripeapi.Price](t)
	adult := product(c.CreateProduct(ctx, "prod-1", boxoffice.ProductRequest{Name: names, Description: "Row A", Picture: "https://example.org/hamlet.png", Metadata: order}))
	first := price(c.CreatePrice(ctx, "price-1", boxoffice.PriceRequest{ProductID: adult.ID, Amount: money.New(2400, "eur"), Metadata: order}))
	product(c.UpdateProduct(ctx, "prod-1-price-1", adult.ID, stripeapi.ProductUpdate{DefaultPrice: &first.ID}))
	dearer := price(c.CreatePrice(ctx, "price-2", boxoffice.PriceRequest{ProductID: adult.ID, Amount: money.New(2600, "eur"), Metadata: order}))

	_, err := c.ArchivePrice(ctx, "price-1-archive-early", first.ID)
	if failure := failed(t, err); failure.Failure != stripeapi.Refused {
		t.Errorf("archiving the default price is %v", failure)
	}
	got := product(c.UpdateProduct(ctx, "prod-1-price-2", adult.ID, stripeapi.ProductUpdate{DefaultPrice: &dearer.ID, Description: new(""), Picture: new("https://example.org/2.png")}))
	want := stripeapi.Product{ID: adult.ID, Name: names, Picture: "https://example.org/2.png", Active: true, DefaultPriceID: dearer.ID, Metadata: order}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	price(c.ArchivePrice(ctx, "price-1-archive", first.ID))

	other := product(c.CreateProduct(ctx, "prod-2", boxoffice.ProductRequest{Name: "Child"}))
	price(c.CreatePrice(ctx, "price-3", boxoffice.PriceRequest{ProductID: other.ID, Amount: money.New(900, "jpy")}))
	first.Active = false
	listed := made[stripeapi.PricePage](t)(c.Prices(ctx, adult.ID, ""))
	if diff := cmp.Diff(stripeapi.PricePage{Prices: []stripeapi.Price{dearer, first}}, listed); diff != "" {
		t.Errorf("its prices (-want +got):\n%s", diff)
	}
	if all := made[stripeapi.PricePage](t)(c.Prices(ctx, "", "")); len(all.Prices) != 3 {
		t.Errorf("there are %d prices, want 3", len(all.Prices))
	}
	product(c.UpdateProduct(ctx, "prod-1-off", adult.ID, stripeapi.ProductUpdate{Active: new(false)}))
	want.Active = false
	for onlyActive, want := range map[bool][]stripeapi.Product{true: {other}, false: {other, want}} {
		page := made[stripeapi.ProductPage](t)(c.Products(ctx, onlyActive, ""))
		if diff := cmp.Diff(stripeapi.ProductPage{Products: want}, page); diff != "" {
			t.Errorf("products, only active ones %v (-want +got):\n%s", onlyActive, diff)
		}
	}
}

// TestTheSameKeyIsTheSameProduct: what mirroring relies on after a crash.
func TestTheSameKeyIsTheSameProduct(t *testing.T) {
	c, _ := sale(t)
	product := made[stripeapi.Product](t)
	first := product(c.CreateProduct(t.Context(), "prod-1", boxoffice.ProductRequest{Name: "Adult"}))
	again := product(c.CreateProduct(t.Context(), "prod-1", boxoffice.ProductRequest{Name: "Adult"}))
	if first.ID != again.ID {
		t.Errorf("products %s and %s", first.ID, again.ID)
	}
	_, err := c.CreateProduct(t.Context(), "prod-1", boxoffice.ProductRequest{Name: "Child"})
	if failure := failed(t, err); failure.Failure != stripeapi.KeyReused {
		t.Errorf("the key with another product is %v", failure)
	}
}

// TestACatalogueOfManyPages: no product or price stays behind on a page.
func TestACatalogueOfManyPages(t *testing.T) {
	c, _ := sale(t)
	const kinds = 101
	want := map[string]bool{}
	for i := range kinds {
		p := made[stripeapi.Product](t)(c.CreateProduct(t.Context(), fmt.Sprintf("prod-%d", i), boxoffice.ProductRequest{Name: "Adult"}))
		pr := made[stripeapi.Price](t)(c.CreatePrice(t.Context(), fmt.Sprintf("price-%d", i), boxoffice.PriceRequest{ProductID: p.ID, Amount: money.New(2400, "eur")}))
		want[p.ID], want[pr.ID] = true, true
	}
	got, pages := map[string]bool{}, 0
	for after, more := "", true; more; pages++ {
		page := made[stripeapi.ProductPage](t)(c.Products(t.Context(), true, after))
		for _, p := range page.Products {
			got[p.ID], after = true, p.ID
		}
		more = page.More
	}
	for after, more := "", true; more; pages++ {
		page := made[stripeapi.PricePage](t)(c.Prices(t.Context(), "", after))
		for _, p := range page.Prices {
			got[p.ID], after = true, p.ID
		}
		more = page.More
	}
	if pages != 4 || !cmp.Equal(got, want) {
		t.Errorf("%d pages had %d of %d", pages, len(got), len(want))
	}
}

// TestASessionOfPricesAndTaxes: a contained tax leaves the total as it is, and
// a price that was taken off is refused by its place.
func TestASessionOfPricesAndTaxes(t *testing.T) {
	c, sim := sale(t)
	ctx := t.Context()
	p := made[stripeapi.Product](t)(c.CreateProduct(ctx, "prod-1", boxoffice.ProductRequest{Name: "Adult"}))
	price := made[stripeapi.Price](t)(c.CreatePrice(ctx, "price-1", boxoffice.PriceRequest{ProductID: p.ID, Amount: money.New(2400, "eur")}))
	tax := made[stripeapi.TaxRate](t)(c.CreateTaxRate(ctx, "tax-1", boxoffice.TaxRateRequest{Name: "VAT", Percent: 212500, Inclusive: true, Country: "FI"}))
	r := request()
	r.LineItems = []boxoffice.SessionLine{
		{PriceID: price.ID, Quantity: 2, TaxRateID: tax.ID},
		{Name: "Programme", UnitPrice: money.New(300, "eur"), Quantity: 1, TaxRateID: tax.ID},
	}
	r.Submit, r.Description, r.Descriptor, r.Methods = "Doors open at seven.", "Hamlet, 5 March", "HAMLET 5 MAR", []string{"card"}
	s := made[stripeapi.Session](t)(c.CreateSession(ctx, "tdr-1-create", r))
	if err := sim.Pay(s.ID, stripesim.Payment{}); err != nil {
		t.Fatal(err)
	}
	if s = fetch(t, c, s.ID); !s.Paid || s.Amount != money.New(5100, "eur") || s.LinkID != "" {
		t.Errorf("paid %v: %s, of the link %q", s.Paid, s.Amount, s.LinkID)
	}
	made[stripeapi.Price](t)(c.ArchivePrice(ctx, "price-1-archive", price.ID))
	_, err := c.CreateSession(ctx, "tdr-2-create", r)
	if failure := failed(t, err); failure.Failure != stripeapi.Refused || failure.Param != "line_items[0][price]" {
		t.Errorf("a price that was taken off is %v, about %q", failure, failure.Param)
	}
}

// TestAPaymentOfASession is the same payment, seen from its other side.
func TestAPaymentOfASession(t *testing.T) {
	c, sim := sale(t)
	s := open(t, c, "tdr-1-create")
	if err := sim.Pay(s.ID, stripesim.Payment{Card: "5555555555554444"}); err != nil {
		t.Fatal(err)
	}
	s = fetch(t, c, s.ID)
	want := s
	want.ID, want.Mode, want.ExpiresAt = s.Payment.IntentID, "", time.Time{}
	got := made[stripeapi.Session](t)(c.Payment(t.Context(), s.Payment.IntentID))
	if diff := cmp.Diff(want, got, byAnyRequest()); diff != "" {
		t.Errorf("the payment (-of the session +itself):\n%s", diff)
	}
	page := made[stripeapi.SessionPage](t)(c.Payments(t.Context(), noon, noon, ""))
	if diff := cmp.Diff(stripeapi.SessionPage{Sessions: []stripeapi.Session{got}}, page, byAnyRequest()); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	if secret := made[string](t)(c.ClientSecret(t.Context(), got.ID)); len(secret) < len(got.ID+"_secret_") || secret[:len(got.ID)] != got.ID {
		t.Errorf("the client secret is %d characters", len(secret))
	}
}

// TestTheSimulatorsWaysToPay are what its settings say.
func TestTheSimulatorsWaysToPay(t *testing.T) {
	c, sim := sale(t)
	if err := sim.SetMethods(sim.AccountID(), map[string]bool{"paypal": true, "link": false}); err != nil {
		t.Fatal(err)
	}
	got := made[[]string](t)(c.Methods(t.Context()))
	for name, want := range map[string]bool{"card": true, "paypal": true, "link": false, "id": false, "active": false} {
		if slices.Contains(got, name) != want {
			t.Errorf("%s is offered: %v; all are %q", name, !want, got)
		}
	}
}
