package stripesim

import (
	"maps"
	"strconv"
	"strings"
)

// none is a field that is always null in this simulator.
type none = *struct{}

// product has the shape of Stripe's product.
type product struct {
	ID                  string            `json:"id"`
	Object              string            `json:"object"`
	Active              bool              `json:"active"`
	Created             int64             `json:"created"`
	DefaultPrice        *string           `json:"default_price"`
	Description         *string           `json:"description"`
	Features            []struct{}        `json:"features"`
	Images              []string          `json:"images"`
	Livemode            bool              `json:"livemode"`
	Metadata            map[string]string `json:"metadata"`
	Name                string            `json:"name"`
	PackageDimensions   none              `json:"package_dimensions"`
	Shippable           *bool             `json:"shippable"`
	StatementDescriptor *string           `json:"statement_descriptor"`
	TaxCode             *string           `json:"tax_code"`
	UnitLabel           *string           `json:"unit_label"`
	Updated             int64             `json:"updated"`
	URL                 *string           `json:"url"`
}

func (p *product) key() string { return p.ID }
func (p *product) born() int64 { return p.Created }

// productFields are what creating and updating have in common.
func productFields() fields {
	return fields{
		"active":               boolean(),
		"description":          text(40000),
		"images":               array(8, text(0)),
		"metadata":             metadata(),
		"shippable":            boolean(),
		"statement_descriptor": text(22),
		"tax_code":             text(0),
		"unit_label":           text(12),
		"url":                  text(5000),
	}
}

func productCreateFields() fields {
	return productFields().with(fields{"id": text(5000), "name": text(5000).must()})
}

func productUpdateFields() fields {
	return productFields().with(fields{
		"images": array(8, text(0)).clearable(),

		"default_price": text(5000),
		"description":   text(0).clearable(),
		"name":          text(5000),
		"tax_code":      text(0).clearable(),
		"unit_label":    text(0).clearable(),
		"url":           text(0).clearable(),
	})
}

func (t *tx) createProduct() (any, error) {
	p, err := t.newProduct(t.args, t.args.flag(true, "active"))
	if err != nil {
		return nil, err
	}
	return p, nil
}

// newProduct records the product that a describes.
func (t *tx) newProduct(a *form, active bool) (*product, error) {
	if err := checkProduct(a); err != nil {
		return nil, err
	}
	id := a.text("id")
	if id == "" {
		id = newID("prod_", 14)
	} else if _, taken := t.product(id); taken {
		return nil, badRequest("resource_already_exists", "id", "Product already exists.")
	}
	p := &product{
		ID: id, Object: "product", Active: active,
		Created: t.now, Features: []struct{}{}, Images: []string{},
	}
	p.fill(a, t.now)
	put(&t.wrote.Products, p)
	return p, t.emit("product.created", p)
}

func (t *tx) updateProduct() (any, error) {
	old, err := t.pathProduct()
	if err != nil {
		return nil, err
	}
	if err := checkProduct(t.args); err != nil {
		return nil, err
	}
	p := *old
	if id := t.args.text("default_price"); id != "" {
		price, ok := t.price(id)
		if !ok || price.Product != p.ID {
			return nil, missing("price", id, "default_price")
		}
		if !price.Active {
			return nil, badRequest("", "default_price", "The price specified is inactive. This field only accepts active prices.")
		}
		p.DefaultPrice = &id
	}
	p.fill(t.args, t.now)
	put(&t.wrote.Products, &p)
	return &p, t.emit("product.updated", &p)
}

// checkProduct holds what a says of a product against rules that a table of
// fields has no room for.
func checkProduct(a *form) error {
	for i, image := range a.texts("images") {
		if !webAddress(image) {
			return badRequest("url_invalid", "images["+strconv.Itoa(i)+"]", "Not a valid URL")
		}
	}
	if u := a.text("url"); u != "" && !webAddress(u) {
		return badRequest("url_invalid", "url", "Not a valid URL")
	}
	if c := a.text("tax_code"); c != "" && !taxCode(c) {
		return missing("tax code", c, "tax_code")
	}
	return nil
}

// taxCode tells whether c has the form of Stripe's tax codes. The list of
// them is Stripe's affair. Source: docs.stripe.com/tax/tax-codes.
func taxCode(c string) bool {
	digits, ok := strings.CutPrefix(c, "txcd_")
	return ok && len(digits) == 8 && strings.Trim(digits, "0123456789") == ""
}

// deleteProduct takes a product off the books that was never given a price.
// Wording: github.com/stripe/stripe-python/issues/658.
func (t *tx) deleteProduct() (any, error) {
	p, err := t.pathProduct()
	if err != nil {
		return nil, err
	}
	for _, price := range t.acct.prices.byID {
		if price.Product == p.ID {
			return nil, badRequest("", "", "This product cannot be deleted because it has one or more user-created prices.")
		}
	}
	t.wrote.Deleted = append(t.wrote.Deleted, p.ID)
	return map[string]any{"id": p.ID, "object": "product", "deleted": true}, t.emit("product.deleted", p)
}

// fill copies what a says over what p has.
func (p *product) fill(a *form, now int64) {
	p.Active, p.Updated = a.flag(p.Active, "active"), now
	if a.has("name") {
		p.Name = a.text("name")
	}
	if a.has("images") {
		p.Images = a.texts("images")
	}
	if a.has("shippable") {
		p.Shippable = new(a.flag(false, "shippable"))
	}
	for name, target := range map[string]**string{
		"description": &p.Description, "statement_descriptor": &p.StatementDescriptor, "tax_code": &p.TaxCode,
		"unit_label": &p.UnitLabel, "url": &p.URL,
	} {
		if a.has(name) {
			*target = a.maybe(name)
		}
	}
	p.Metadata = mergeMetadata(p.Metadata, a.at("metadata"))
}

// mergeMetadata lays what was sent over what there is: "" removes a key, and
// "" for the whole removes them all.
func mergeMetadata(have map[string]string, sent *form) map[string]string {
	merged := map[string]string{}
	if sent != nil && sent.children == nil {
		return merged
	}
	maps.Copy(merged, have)
	if sent != nil {
		for k, v := range sent.children {
			merged[k] = v.value
			if v.value == "" {
				delete(merged, k)
			}
		}
	}
	return merged
}

func (t *tx) pathProduct() (*product, error) {
	if p, ok := t.product(t.path("id")); ok {
		return p, nil
	}
	return nil, notFound("product", t.path("id"), "id")
}

func (t *tx) getProduct() (any, error) { return t.pathProduct() }

func productListFields() fields {
	return listFields().with(fields{"active": boolean(), "created": timeRange(), "ids": array(0, text(5000)), "shippable": boolean(), "url": text(0)})
}

func (t *tx) listProducts() (any, error) {
	a, created := t.args, t.created()
	ids := map[string]bool{}
	for _, id := range a.texts("ids") {
		ids[id] = true
	}
	return list(t, &t.acct.products, "product", "/v1/products", func(p *product) bool {
		return created.has(p.Created) &&
			(!a.has("active") || p.Active == a.flag(false, "active")) &&
			(!a.has("shippable") || p.Shippable != nil && *p.Shippable == a.flag(false, "shippable")) &&
			(!a.has("url") || p.URL != nil && *p.URL == a.text("url")) &&
			(len(ids) == 0 || ids[p.ID])
	})
}
