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
	if images := b.post("/v1/products/"+id, "images=").ok().at("images").([]any); len(images) != 0 {
		t.Errorf("after images= there are %v", images)
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

func TestProductRefusals(t *testing.T) {
	b := newBox(t)
	id := b.post("/v1/products", "name=Seat").ok().text("id")
	archived := b.post("/v1/prices", "currency=eur&unit_amount=900&active=false&product="+id).ok().text("id")
	for _, c := range []struct{ form, code, param, message string }{
		{"images[]=poster.png", "url_invalid", "images[0]", "Not a valid URL"},
		{"url=x.example", "url_invalid", "url", "Not a valid URL"},
		{"tax_code=txcd_1", "resource_missing", "tax_code", "No such tax code: 'txcd_1'"},
		{"tax_code=20030000", "resource_missing", "tax_code", "No such tax code"},
		{"images[]=" + strings.Join(make([]string, 9), "https://x.example/1.png&images[]=") + "https://x.example/9.png", "", "images", "Array images exceeded maximum 8 allowed elements."},
		{"default_price=" + archived, "", "default_price", "The price specified is inactive."},
	} {
		b.post("/v1/products/"+id, c.form).fails(400, c.code, c.param, c.message)
	}
	b.post("/v1/products/"+id, "tax_code=txcd_20030000").ok().has("tax_code", "txcd_20030000")
	b.post("/v1/products/"+id, "tax_code=").ok().has("tax_code", nil)
}

// TestDeleteProducts: only those that no price names.
func TestDeleteProducts(t *testing.T) {
	b := newBox(t)
	lone := b.post("/v1/products", "name=Lone").ok().text("id")
	sold := b.post("/v1/products", "name=Sold").ok().text("id")
	b.post("/v1/prices", "currency=eur&unit_amount=900&product="+sold).ok()
	b.do("DELETE", "/v1/products/"+sold, "").fails(400, "", "", "This product cannot be deleted because it has one or more user-created prices.")
	b.do("DELETE", "/v1/products/"+lone, "").ok().has("id", lone, "deleted", true, "object", "product")
	b.do("DELETE", "/v1/products/"+lone, "").fails(404, "resource_missing", "id", "No such product")
	if diff := cmp.Diff([]string{sold}, b.get("/v1/products").ids()); diff != "" {
		t.Errorf("after the deletion (-want +got):\n%s", diff)
	}
	b.get("/v1/events?type=product.deleted").has("data.0.data.object.name", "Lone")
}

func TestUpdatePrices(t *testing.T) {
	b := newBox(t)
	product := b.post("/v1/products", "name=Seat").ok().text("id")
	id := b.post("/v1/prices", "currency=eur&unit_amount=900&product="+product).ok().text("id")
	b.post("/v1/prices", "currency=eur&unit_amount=500&lookup_key=child&product="+product).ok()
	for _, c := range []struct {
		form string
		has  []any
	}{
		{"nickname=Evening&metadata[a]=1", []any{"nickname", "Evening", "metadata.a", "1", "unit_amount", 900}},
		{"lookup_key=adult", []any{"lookup_key", "adult", "nickname", "Evening"}},
		{"nickname=&lookup_key=", []any{"nickname", nil, "lookup_key", nil}},
		{"tax_behavior=inclusive", []any{"tax_behavior", "inclusive"}},
		{"active=false", []any{"active", false}},
		{"active=true", []any{"active", true}},
	} {
		b.post("/v1/prices/"+id, c.form).ok().has(c.has...)
	}
	b.get("/v1/prices/"+id).has("tax_behavior", "inclusive", "active", true)
	b.post("/v1/prices/"+id, "unit_amount=1").fails(400, "parameter_unknown", "unit_amount", "Received unknown parameter: unit_amount")
	b.post("/v1/prices/"+id, "tax_behavior=exclusive").fails(400, "", "tax_behavior", "You cannot change the tax behavior")
	b.post("/v1/prices/"+id, "lookup_key=child").fails(400, "", "lookup_key", "A price (`")
	b.post("/v1/prices/price_x", "active=false").fails(404, "resource_missing", "price", "No such price: 'price_x'")
	b.post("/v1/products/"+product, "default_price="+id).ok()
	b.post("/v1/prices/"+id, "active=false").fails(400, "", "", "This price cannot be archived because it is the default price of its product.")
	if got := len(b.types("&type=price.updated")); got != 6 {
		t.Errorf("%d events of updated prices, want 6", got)
	}
}

// TestOnlyWhatIsActiveIsSold: an archived price, or one of an archived product.
func TestOnlyWhatIsActiveIsSold(t *testing.T) {
	b := newBox(t)
	product := b.post("/v1/products", "name=Seat").ok().text("id")
	price := b.post("/v1/prices", "currency=eur&unit_amount=900&product="+product).ok().text("id")
	const start = "mode=payment&success_url=https://x.example&line_items[0][quantity]=1&line_items[0]"
	data := start + "[price_data][currency]=eur&line_items[0][price_data][unit_amount]=700&line_items[0][price_data][product]=" + product
	b.post("/v1/checkout/sessions", start+"[price]="+price).ok().has("amount_total", 900)
	b.post("/v1/checkout/sessions", data).ok().has("amount_total", 700)
	b.post("/v1/products/"+product, "active=false").ok()
	b.post("/v1/checkout/sessions", start+"[price]="+price).fails(400, "", "line_items[0][price]", "This price is not available to be purchased because its product is not active.")
	b.post("/v1/checkout/sessions", data).fails(400, "", "line_items[0][price_data][product]", "The product specified is inactive.")
	b.post("/v1/products/"+product, "active=true").ok()
	b.post("/v1/prices/"+price, "active=false").ok()
	b.post("/v1/checkout/sessions", start+"[price]="+price).fails(400, "", "line_items[0][price]", "The price specified is inactive. This field only accepts active prices.")
}
