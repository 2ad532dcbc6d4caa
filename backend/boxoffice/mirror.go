package boxoffice

import (
	"slices"

	"willcall/backend/money"
)

// TaxRate is a tax that a price contains. It raises no price.
type TaxRate struct {
	Name    string `json:"name"`    // "VAT"
	Percent int64  `json:"percent"` // in ten-thousandths of a percent: 10 % is 100000
}

// MirrorRequest is one step that makes Stripe's catalogue what the book's is.
// It is about a ticket type, or about a tax rate that types share. One of the
// steps is set.
type MirrorRequest struct {
	TicketTypeID string          `json:"ticketTypeId,omitempty"`
	TaxRate      *TaxRate        `json:"taxRate,omitempty"`
	NewProduct   *ProductRequest `json:"newProduct,omitempty"`
	Product      *ProductRequest `json:"product,omitempty"` // what ProductID becomes
	ProductID    string          `json:"productId,omitempty"`
	NewPrice     *PriceRequest   `json:"newPrice,omitempty"`
	DefaultPrice string          `json:"defaultPrice,omitempty"` // of ProductID from now on
	Archive      string          `json:"archive,omitempty"`      // this price
	Active       *bool           `json:"active,omitempty"`       // whether ProductID can be sold
	NewTaxRate   *TaxRateRequest `json:"newTaxRate,omitempty"`
}

// Mirror is what Stripe has of a ticket type, as far as it has answered.
type Mirror struct {
	TicketTypeID string         `json:"ticketTypeId"`
	ProductID    string         `json:"productId"`
	Product      ProductRequest `json:"product"`
	Imported     bool           `json:"imported,omitempty"` // it was Stripe's first: its words are left as they are
	Inactive     bool           `json:"inactive,omitempty"`
	PriceID      string         `json:"priceId,omitempty"`
	Price        money.Amount   `json:"price,omitzero"`
	DefaultPrice string         `json:"defaultPrice,omitempty"`
	Old          []string       `json:"old,omitempty"` // prices that are still to be archived
	Problem      *Problem       `json:"problem,omitempty"`
	Refused      *MirrorRequest `json:"refused,omitempty"` // the step that Stripe refused; not asked again until it is another
}

// MirrorAskedFact records a step before Stripe is asked for it.
type MirrorAskedFact struct {
	Intent Intent `json:"intent"`
}

// MirrorDoneFact says that Stripe did the step. ID is that of what was made.
type MirrorDoneFact struct {
	IntentKey string        `json:"intentKey"`
	Request   MirrorRequest `json:"request"`
	ID        string        `json:"id"`
}

// MirrorRefusedFact says that Stripe refused the step.
type MirrorRefusedFact struct {
	IntentKey string        `json:"intentKey"`
	Request   MirrorRequest `json:"request"`
	Problem   Problem       `json:"problem"`
}

// MirrorAdoptedFact says that a ticket type is sold as a product that Stripe
// had already.
type MirrorAdoptedFact struct {
	Mirror Mirror `json:"mirror"`
}

// MirrorLostFact says that Stripe has not what the book thought: somebody
// changed it in the Dashboard. It is made again.
type MirrorLostFact struct {
	TicketTypeID string `json:"ticketTypeId"`
}

// Kind names the fact.
func (MirrorAskedFact) Kind() Kind   { return KindMirrorAsked }
func (MirrorDoneFact) Kind() Kind    { return KindMirrorDone }    //nolint:revive // as above
func (MirrorRefusedFact) Kind() Kind { return KindMirrorRefused } //nolint:revive // as above
func (MirrorAdoptedFact) Kind() Kind { return KindMirrorAdopted } //nolint:revive // as above
func (MirrorLostFact) Kind() Kind    { return KindMirrorLost }    //nolint:revive // as above

// About is no order.
func (MirrorAskedFact) About() string { return "" }

// About is no order.
func (MirrorDoneFact) About() string { return "" }

// About is no order.
func (MirrorRefusedFact) About() string { return "" }

// About is no order.
func (MirrorAdoptedFact) About() string { return "" }

// About is no order.
func (MirrorLostFact) About() string { return "" }

// Apply returns the mirror as the step leaves it.
func (m Mirror) Apply(r MirrorRequest, id string) Mirror {
	m.TicketTypeID, m.Problem, m.Refused = r.TicketTypeID, nil, nil
	switch {
	case r.NewProduct != nil:
		m.ProductID, m.Product, m.Inactive = id, *r.NewProduct, false
		m.PriceID, m.Price, m.DefaultPrice, m.Old = "", money.Amount{}, "", nil
	case r.Product != nil:
		m.Product = *r.Product
	case r.NewPrice != nil:
		if m.PriceID != "" {
			m.Old = append(slices.Clone(m.Old), m.PriceID)
		}
		m.PriceID, m.Price = id, r.NewPrice.Amount
	case r.DefaultPrice != "":
		m.DefaultPrice = r.DefaultPrice
	case r.Archive != "":
		m.Old = slices.DeleteFunc(slices.Clone(m.Old), func(price string) bool { return price == r.Archive })
	case r.Active != nil:
		m.Inactive = !*r.Active
	}
	return m
}

// Next is the step that brings Stripe nearer to the ticket type; false when
// nothing is left to do, or when Stripe has refused just this.
func (m Mirror) Next(bookID string, e Event, t TicketType) (MirrorRequest, bool) {
	step := MirrorRequest{TicketTypeID: t.ID, ProductID: m.ProductID}
	product := productOf(bookID, e, t)
	sold := !e.Archived
	switch {
	case m.ProductID == "" && !sold:
		return step, false
	case m.ProductID == "":
		step.NewProduct = &product
	case m.Inactive == sold && !m.Imported:
		step.Active = &sold
	case !sold:
		return step, false
	case !m.Imported && !sameProduct(m.Product, product):
		step.Product = &product
	case t.Bounds == nil && m.Price != t.Price:
		step.NewPrice = &PriceRequest{ProductID: m.ProductID, Amount: t.Price, Metadata: product.Metadata}
	case m.DefaultPrice != m.PriceID:
		step.DefaultPrice = m.PriceID
	case len(m.Old) > 0:
		step.Archive = m.Old[0]
	default:
		return step, false
	}
	return step, m.Refused == nil || !sameStep(*m.Refused, step)
}

// Current is the Stripe price that sells the ticket type at what it costs now;
// "" where Stripe has none.
func (m Mirror) Current(t TicketType) string {
	if m.Inactive || t.Bounds != nil || m.Price != t.Price {
		return ""
	}
	return m.PriceID
}

func productOf(bookID string, e Event, t TicketType) ProductRequest {
	return ProductRequest{
		Name: title(e.Name, t.Name), Description: Shorten(t.Description, longestDescription), Picture: e.Picture,
		Metadata: map[string]string{MetadataBook: bookID, MetadataType: t.ID},
	}
}

func sameProduct(a, b ProductRequest) bool {
	return a.Name == b.Name && a.Description == b.Description && a.Picture == b.Picture
}

func sameStep(a, b MirrorRequest) bool {
	switch {
	case a.ProductID != b.ProductID:
		return false
	case a.NewProduct != nil && b.NewProduct != nil:
		return sameProduct(*a.NewProduct, *b.NewProduct)
	case a.Product != nil && b.Product != nil:
		return sameProduct(*a.Product, *b.Product)
	case a.NewPrice != nil && b.NewPrice != nil:
		return a.NewPrice.Amount == b.NewPrice.Amount
	case a.Active != nil && b.Active != nil:
		return *a.Active == *b.Active
	default:
		return a.DefaultPrice == b.DefaultPrice && a.Archive == b.Archive && a.NewProduct == nil == (b.NewProduct == nil) &&
			a.Product == nil == (b.Product == nil) && a.NewPrice == nil == (b.NewPrice == nil) && a.Active == nil == (b.Active == nil)
	}
}

// Importable is a price of a product that Stripe has already.
type Importable struct {
	ProductID   string
	PriceID     string
	Name        string
	Description string
	Price       *money.Amount // nil where the buyer says what it costs
	Used        bool          // a ticket type is sold as it
}
