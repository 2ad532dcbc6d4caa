package boxoffice

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"willcall/backend/money"
)

// catalogueAtStripe is what Stripe does with steps, by Stripe's rules: a price
// never changes, and the default price of a product cannot be archived.
type catalogueAtStripe struct {
	made    int
	product ProductRequest
	active  bool
	prices  map[string]money.Amount // that are not archived
	normal  string                  // the default price
}

func (c *catalogueAtStripe) do(r MirrorRequest) (id string, err error) {
	c.made++
	switch id = fmt.Sprint("made_", c.made); {
	case r.NewProduct != nil:
		c.product, c.active, c.prices, c.normal = *r.NewProduct, true, map[string]money.Amount{}, ""
	case r.ProductID == "":
		return "", fmt.Errorf("no product in %+v", r)
	case r.Product != nil:
		c.product = *r.Product
	case r.NewPrice != nil:
		c.prices[id] = r.NewPrice.Amount
	case r.DefaultPrice != "":
		if _, ok := c.prices[r.DefaultPrice]; !ok {
			return "", fmt.Errorf("%s is no price", r.DefaultPrice)
		}
		c.normal = r.DefaultPrice
	case r.Archive != "":
		if _, ok := c.prices[r.Archive]; !ok || r.Archive == c.normal {
			return "", fmt.Errorf("%s cannot be archived", r.Archive)
		}
		delete(c.prices, r.Archive)
	case r.Active != nil:
		c.active = *r.Active
	default:
		return "", fmt.Errorf("nothing to do in %+v", r)
	}
	return id, nil
}

// stepName is the one thing that a step does.
func stepName(r MirrorRequest) string {
	switch {
	case r.NewProduct != nil:
		return "new product " + r.NewProduct.Name
	case r.Product != nil:
		return "product " + r.Product.Name
	case r.NewPrice != nil:
		return "new price " + r.NewPrice.Amount.String()
	case r.DefaultPrice != "":
		return "default " + r.DefaultPrice
	case r.Archive != "":
		return "archive " + r.Archive
	default:
		return fmt.Sprint("active ", *r.Active)
	}
}

// walk takes steps until none is left, and names them.
func (c *catalogueAtStripe) walk(t rapid.TB, m Mirror, e Event, kind TicketType) (after Mirror, steps []string) {
	t.Helper()
	for {
		step, more := m.Next("book-1", e, kind)
		if !more {
			return m, steps
		}
		steps = append(steps, stepName(step))
		id, err := c.do(step)
		if err != nil {
			t.Fatalf("after %q: %v", steps, err)
		}
		if m = m.Apply(step, id); len(steps) > 20 {
			t.Fatalf("there is no end: %q", steps)
		}
	}
}

func hamlet() (Event, TicketType) {
	return Event{ID: "evt-1", Name: "Hamlet", Picture: "https://example.org/1.jpg"},
		TicketType{ID: "type-1", Name: "Adult", Description: "Stalls", Price: money.New(2400, "eur")}
}

// The way from nothing, and from there through each change, to the end.
func TestTheMirrorsWay(t *testing.T) {
	type change func(*Event, *TicketType)
	for name, test := range map[string]struct {
		changes []change
		want    []string // the steps after each, the first from nothing
	}{
		"a new price": {[]change{func(_ *Event, k *TicketType) { k.Price.Minor = 2600 }}, []string{"new price 26.00 EUR, default made_4, archive made_2"}},
		"two new prices": {[]change{func(_ *Event, k *TicketType) { k.Price.Minor = 2600 }, func(_ *Event, k *TicketType) { k.Price.Minor = 2400 }},
			[]string{"new price 26.00 EUR, default made_4, archive made_2", "new price 24.00 EUR, default made_7, archive made_4"}},
		"a new name":        {[]change{func(e *Event, _ *TicketType) { e.Name = "Macbeth" }}, []string{"product Macbeth · Adult"}},
		"a new description": {[]change{func(_ *Event, k *TicketType) { k.Description = "Circle" }}, []string{"product Hamlet · Adult"}},
		"a new picture":     {[]change{func(e *Event, _ *TicketType) { e.Picture = "" }}, []string{"product Hamlet · Adult"}},
		"name and price": {[]change{func(e *Event, k *TicketType) { e.Name, k.Price.Minor = "Macbeth", 100 }},
			[]string{"product Macbeth · Adult, new price 1.00 EUR, default made_5, archive made_2"}},
		"archived": {[]change{func(e *Event, _ *TicketType) { e.Archived = true }}, []string{"active false"}},
		"archived and back, at another price": {[]change{func(e *Event, k *TicketType) { e.Archived, k.Price.Minor = true, 100 }, func(e *Event, _ *TicketType) { e.Archived = false }},
			[]string{"active false", "active true, new price 1.00 EUR, default made_6, archive made_2"}},
		"nothing that Stripe shows": {[]change{func(e *Event, k *TicketType) { e.Place, k.OffSale, k.Most = "Barn", true, 2 }}, []string{""}},
		"the buyer's choice, and fixed again": {[]change{func(_ *Event, k *TicketType) { k.Bounds = &Bounds{100, 500} }, func(_ *Event, k *TicketType) { k.Bounds = nil }},
			[]string{"", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			stripe := &catalogueAtStripe{}
			e, kind := hamlet()
			m, steps := stripe.walk(t, Mirror{}, e, kind)
			if got := strings.Join(steps, ", "); got != "new product Hamlet · Adult, new price 24.00 EUR, default made_2" {
				t.Errorf("from nothing: %s", got)
			}
			for i, change := range test.changes {
				change(&e, &kind)
				m, steps = stripe.walk(t, m, e, kind)
				if got := strings.Join(steps, ", "); got != test.want[i] {
					t.Errorf("change %d: %s\nwant %s", i+1, got, test.want[i])
				}
			}
			agrees(t, stripe, m, e, kind)
		})
	}
}

// agrees holds Stripe, and what the book thinks of it, against the type.
func agrees(t rapid.TB, stripe *catalogueAtStripe, m Mirror, e Event, kind TicketType) {
	t.Helper()
	if m.ProductID == "" {
		if !e.Archived {
			t.Errorf("Stripe has no product of %+v", kind)
		}
		return
	}
	if stripe.active == e.Archived || m.Inactive == stripe.active {
		t.Errorf("archived is %v; the product is active: %v; the book thinks: %v", e.Archived, stripe.active, !m.Inactive)
	}
	if e.Archived {
		return
	}
	if diff := cmp.Diff(productOf("book-1", e, kind), stripe.product); diff != "" {
		t.Errorf("the product (-want +got):\n%s", diff)
	}
	if len(m.Old) > 0 || len(stripe.prices) > 1 || stripe.normal != m.PriceID {
		t.Errorf("prices %v, %q is the default, the book thinks %q and old %q", stripe.prices, stripe.normal, m.PriceID, m.Old)
	}
	switch price := m.Current(kind); {
	case kind.Bounds != nil && price != "":
		t.Errorf("a price of one's own is sold by %s", price)
	case kind.Bounds == nil && stripe.prices[price] != kind.Price:
		t.Errorf("%s is sold by %s at %s", kind.Price, price, stripe.prices[price])
	}
}

// Whatever is edited, and however far the steps had come when it was edited
// again, the steps end, Stripe allows each of them, and nothing old is left.
func TestTheMirrorAlwaysArrives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stripe := &catalogueAtStripe{}
		e, kind := hamlet()
		var m Mirror
		for range rapid.IntRange(0, 8).Draw(t, "edits") {
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				kind.Price.Minor = rapid.SampledFrom([]int64{900, 2400, 2600}).Draw(t, "price")
			case 1:
				e.Name = rapid.SampledFrom([]string{"Hamlet", "Macbeth"}).Draw(t, "name")
			case 2:
				e.Archived = !e.Archived
			case 3:
				if kind.Bounds = nil; rapid.Bool().Draw(t, "bounds") {
					kind.Bounds = &Bounds{100, 5000}
				}
			default:
				m, stripe = Mirror{}, &catalogueAtStripe{made: stripe.made} // somebody deleted it in the Dashboard
			}
			for range rapid.IntRange(0, 3).Draw(t, "steps") {
				step, more := m.Next("book-1", e, kind)
				if !more {
					break
				}
				id, err := stripe.do(step)
				if err != nil {
					t.Fatal(err)
				}
				before, old := m, slices.Clone(m.Old)
				if m = m.Apply(step, id); !slices.Equal(before.Old, old) {
					t.Fatal("a mirror was changed in place")
				}
			}
		}
		m, _ = stripe.walk(t, m, e, kind)
		agrees(t, stripe, m, e, kind)
	})
}

// What Stripe had first keeps its words and stays on sale there; only its price
// follows the ticket type.
func TestAnImportedProductIsLeftAsItIs(t *testing.T) {
	e, kind := hamlet()
	imported := Mirror{TicketTypeID: kind.ID, ProductID: "prod_1", Imported: true, PriceID: "price_1", Price: kind.Price, DefaultPrice: "price_1"}
	for name, change := range map[string]func(*Event, *TicketType){
		"at once":    func(*Event, *TicketType) {},
		"a new name": func(e *Event, k *TicketType) { e.Name, k.Description, e.Picture = "Macbeth", "Circle", "" },
		"archived":   func(e *Event, _ *TicketType) { e.Archived = true },
	} {
		e, kind := e, kind
		change(&e, &kind)
		if step, more := imported.Next("book-1", e, kind); more {
			t.Errorf("%s: %s", name, stepName(step))
		}
	}
	kind.Price.Minor = 2600
	stripe := &catalogueAtStripe{active: true, normal: "price_1", prices: map[string]money.Amount{"price_1": money.New(2400, "eur")}}
	m, steps := stripe.walk(t, imported, e, kind)
	if got := strings.Join(steps, ", "); got != "new price 26.00 EUR, default made_1, archive price_1" || !m.Imported || m.Current(kind) != "made_1" {
		t.Errorf("a new price: %s; %+v", got, m)
	}
}

// A step that Stripe refused is not asked again until it is another.
func TestARefusedStepIsNotAskedAgain(t *testing.T) {
	e, kind := hamlet()
	done := Mirror{TicketTypeID: kind.ID, ProductID: "prod_1", Product: productOf("book-1", e, kind), PriceID: "price_1", Price: kind.Price, DefaultPrice: "price_1"}
	cheaper := func(_ *Event, k *TicketType) { k.Price.Minor = 900 }
	for name, test := range map[string]struct {
		from          Mirror
		change, other func(*Event, *TicketType)
	}{
		"a new product": {Mirror{}, func(*Event, *TicketType) {}, func(e *Event, _ *TicketType) { e.Picture = "https://example.org/2.jpg" }},
		"its words":     {done, func(e *Event, _ *TicketType) { e.Name = "Macbeth" }, func(e *Event, _ *TicketType) { e.Name = "Lear" }},
		"a price":       {done, cheaper, func(_ *Event, k *TicketType) { k.Price.Minor = 1000 }},
		"its archiving": {done, func(e *Event, _ *TicketType) { e.Archived = true }, func(e *Event, k *TicketType) { e.Archived, k.Price.Minor = false, 1000 }},
		"a default":     {func() Mirror { m := done; m.DefaultPrice = ""; return m }(), func(*Event, *TicketType) {}, cheaper},
		"an old price":  {func() Mirror { m := done; m.Old = []string{"price_0"}; return m }(), func(*Event, *TicketType) {}, cheaper},
	} {
		e, kind := e, kind
		test.change(&e, &kind)
		step, more := test.from.Next("book-1", e, kind)
		if !more {
			t.Errorf("%s: there is no step", name)
			continue
		}
		m := test.from
		m.Problem, m.Refused = &Problem{Code: CodeStripeRefused}, &step
		if again, more := m.Next("book-1", e, kind); more {
			t.Errorf("%s is asked again: %s", name, stepName(again))
		}
		test.other(&e, &kind)
		other, more := m.Next("book-1", e, kind)
		if !more {
			t.Errorf("%s: what is another step is not asked", name)
			continue
		}
		if after := m.Apply(other, "made_1"); after.Problem != nil || after.Refused != nil {
			t.Errorf("%s: after a step that was done the problem stays: %+v", name, after)
		}
	}
}

// Current is a price that Stripe sells now, and costs what the type costs.
func TestCurrent(t *testing.T) {
	_, kind := hamlet()
	m := Mirror{ProductID: "prod_1", PriceID: "price_1", Price: kind.Price}
	for name, test := range map[string]struct {
		change func(*Mirror, *TicketType)
		want   string
	}{
		"as it is":         {func(*Mirror, *TicketType) {}, "price_1"},
		"another amount":   {func(_ *Mirror, k *TicketType) { k.Price.Minor++ }, ""},
		"another currency": {func(_ *Mirror, k *TicketType) { k.Price.Currency = "usd" }, ""},
		"inactive":         {func(m *Mirror, _ *TicketType) { m.Inactive = true }, ""},
		"buyer's choice":   {func(_ *Mirror, k *TicketType) { k.Bounds = &Bounds{1, 9} }, ""},
		"nothing yet":      {func(m *Mirror, _ *TicketType) { *m = Mirror{} }, ""},
	} {
		m, kind := m, kind
		if test.change(&m, &kind); m.Current(kind) != test.want {
			t.Errorf("%s: %q, want %q", name, m.Current(kind), test.want)
		}
	}
}

// A product that is made anew has none of the prices of the one before it.
func TestANewProductHasNoPrices(t *testing.T) {
	left := Mirror{TicketTypeID: "type-1", Inactive: true, PriceID: "price_1", Price: money.New(2400, "eur"), DefaultPrice: "price_1", Old: []string{"price_0"}}
	got := left.Apply(MirrorRequest{TicketTypeID: "type-1", NewProduct: &ProductRequest{Name: "Hamlet"}}, "prod_2")
	if diff := cmp.Diff(Mirror{TicketTypeID: "type-1", ProductID: "prod_2", Product: ProductRequest{Name: "Hamlet"}}, got); diff != "" {
		t.Errorf("the mirror (-want +got):\n%s", diff)
	}
}
