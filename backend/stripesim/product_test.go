package stripesim

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProducts(t *testing.T) {
	b := newBox(t)
	p := b.post("/v1/products", "name=Poster&description=A2&metadata[a]=1&metadata[b]=2&images[]=https://x.example/1.png&shippable=true&unit_label=seat&url=https://x.example&statement_descriptor=POSTER").ok()
	p.has("object", "product", "active", true, "name", "Poster", "description", "A2", "metadata.a", "1", "images.0", "https://x.example/1.png",
		"shippable", true, "unit_label", "seat", "url", "https://x.example", "statement_descriptor", "POSTER", "default_price", nil)
	id := p.text("id")
	price := b.post("/v1/prices", "currency=eur&unit_amount=900&product="+id).ok().text("id")
	other := b.post("/v1/prices", "currency=eur&unit_amount=900&product_data[name]=Other").ok().text("id")
	for _, c := range []struct {
		form string
		has  []any
	}{
		{"name=Programme", []any{"name", "Programme", "description", "A2", "metadata.a", "1"}},
		{"metadata[a]=3", []any{"metadata.a", "3", "metadata.b", "2"}},
		{"metadata[c]=4&metadata[b]=", []any{"metadata.c", "4", "metadata.a", "3"}},
		{"description=&url=", []any{"description", nil, "url", nil, "unit_label", "seat"}},
		{"active=false&shippable=false", []any{"active", false, "shippable", false}},
		{"default_price=" + price, []any{"default_price", price}},
		{"default_price=" + price + "&expand[]=default_price", []any{"default_price.unit_amount", 900}},
		{"images[0]=https://x.example/2.png", []any{"images.0", "https://x.example/2.png"}},
	} {
		b.post("/v1/products/"+id, c.form).ok().has(c.has...)
	}
	b.get("/v1/products/"+id).ok().has("name", "Programme", "metadata.c", "4")
	if m := b.post("/v1/products/"+id, "metadata=").ok().at("metadata").(map[string]any); len(m) != 0 {
		t.Errorf("after metadata= there is %v", m)
	}
	b.post("/v1/products/"+id, "default_price="+other).fails(400, "resource_missing", "default_price", "No such price")
	b.post("/v1/products/"+id, "name=").fails(400, "parameter_invalid_empty", "name", "You passed an empty string")
	b.post("/v1/products", "id="+id+"&name=x").fails(400, "resource_already_exists", "id", "Product already exists.")
	b.post("/v1/products", "id=seat-a&name=Seat").ok().has("id", "seat-a")
	b.post("/v1/products", "name="+strings.Repeat("x", 5001)).fails(400, "", "name", "Invalid string")
	if diff := cmp.Diff([]string{"product.updated"}, b.types("&type=product.updated")[:1]); diff != "" {
		t.Error(diff)
	}
}

func TestListProducts(t *testing.T) {
	b := newBox(t)
	a := b.post("/v1/products", "name=A&url=https://a.example").ok().text("id")
	c := b.post("/v1/products", "name=C&active=false&shippable=true").ok().text("id")
	for query, want := range map[string][]string{
		"":                           {c, a},
		"active=true":                {a},
		"active=false":               {c},
		"shippable=true":             {c},
		"shippable=false":            {},
		"url=https://a.example":      {a},
		"ids[]=" + a + "&ids[]=x":    {a},
		"created[lt]=1":              {},
		"limit=1":                    {c},
		"limit=1&ending_before=" + a: {c},
	} {
		if diff := cmp.Diff(want, b.get("/v1/products?"+query).ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

func TestPrices(t *testing.T) {
	b := newBox(t)
	product := b.post("/v1/products", "name=Seat").ok().text("id")
	p := b.post("/v1/prices", "currency=jpy&unit_amount=1500&product="+product+"&nickname=adult&lookup_key=adult&metadata[a]=b&tax_behavior=inclusive&expand[]=product").ok()
	p.has("currency", "jpy", "unit_amount", 1500, "unit_amount_decimal", "1500", "product.name", "Seat", "nickname", "adult", "lookup_key", "adult",
		"metadata.a", "b", "type", "one_time", "tax_behavior", "inclusive", "recurring", nil, "active", true)
	b.get("/v1/prices/"+p.text("id")).ok().has("product", product)
	q := b.post("/v1/prices", "currency=eur&unit_amount=0&product_data[name]=Free&product_data[metadata][k]=v&active=false").ok().has("unit_amount", 0, "active", false, "tax_behavior", "unspecified")
	for query, want := range map[string][]string{
		"":                      {q.text("id"), p.text("id")},
		"active=true":           {p.text("id")},
		"currency=eur":          {q.text("id")},
		"product=" + product:    {p.text("id")},
		"lookup_keys[]=adult":   {p.text("id")},
		"lookup_keys[]=child":   {},
		"type=recurring":        {},
		"type=one_time&limit=1": {q.text("id")},
		"created[gt]=1&starting_after=" + q.text("id"): {p.text("id")},
	} {
		if diff := cmp.Diff(want, b.get("/v1/prices?"+query).ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	for _, c := range []struct{ form, code, param, message string }{
		{"unit_amount=1&product=" + product, "parameter_missing", "currency", "Missing required param: currency."},
		{"currency=eur&product=" + product, "parameter_missing", "unit_amount", "Missing required param: unit_amount."},
		{"currency=eur&unit_amount=1", "parameter_missing", "product", "You must specify either `product` or `product_data`"},
		{"currency=eur&unit_amount=1&product_data[name]=x&product=" + product, "", "", "You may only specify one of these parameters: product, product_data."},
		{"currency=eur&unit_amount=1&product=prod_x", "resource_missing", "product", "No such product: 'prod_x'"},
		{"currency=EUR&unit_amount=1&product=" + product, "", "currency", "Invalid currency: EUR."},
		{"currency=eur&unit_amount=1&lookup_key=adult&product=" + product, "", "lookup_key", "A price (`" + p.text("id") + "`) already uses that lookup key."},
		{"currency=eur&unit_amount=1&recurring[interval]=month&product=" + product, "parameter_unknown", "recurring", "Received unknown parameter: recurring"},
	} {
		b.post("/v1/prices", c.form).fails(400, c.code, c.param, c.message)
	}
}
