package ledger_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

const mirrored = testkit.Adult

func vat() *boxoffice.TaxRate { return &boxoffice.TaxRate{Name: "VAT 13/1", Percent: 130_000} }

// The steps of the tests: the adult's product and price, and a tax.
func newProduct() boxoffice.MirrorRequest {
	return boxoffice.MirrorRequest{TicketTypeID: mirrored, NewProduct: &boxoffice.ProductRequest{Name: "Hamlet · Adult"}}
}

func newPrice(minor int64) boxoffice.MirrorRequest {
	return boxoffice.MirrorRequest{TicketTypeID: mirrored, ProductID: "prod_1", NewPrice: &boxoffice.PriceRequest{ProductID: "prod_1", Amount: money.New(minor, "eur")}}
}

func newTax() boxoffice.MirrorRequest {
	return boxoffice.MirrorRequest{TaxRate: vat(), NewTaxRate: &boxoffice.TaxRateRequest{Name: vat().Name}}
}

func asked(key string, r boxoffice.MirrorRequest) boxoffice.Fact {
	return boxoffice.MirrorAskedFact{Intent: boxoffice.Intent{Key: key, Mirror: &r}}
}

func done(key string, r boxoffice.MirrorRequest, id string) boxoffice.Fact {
	return boxoffice.MirrorDoneFact{IntentKey: key, Request: r, ID: id}
}

func mirrorRefused(key string, r boxoffice.MirrorRequest) boxoffice.Fact {
	return boxoffice.MirrorRefusedFact{IntentKey: key, Request: r, Problem: boxoffice.Problem{Code: boxoffice.CodeStripeRefused, Detail: "No."}}
}

// reflection is a mirror that Stripe has made, and a step of it that is open.
func reflection(t testing.TB) *ledger.Book {
	t.Helper()
	b := testkit.Book(t, ledger.Options{})
	testkit.Append(t, b, asked("mir-1", newProduct()), done("mir-1", newProduct(), "prod_1"), asked("mir-2", newPrice(2400)), done("mir-2", newPrice(2400), "price_1"),
		asked("mir-3", newPrice(2600)))
	return b
}

func mirror(t testing.TB, b *ledger.Book, id string) (m boxoffice.Mirror) {
	t.Helper()
	view(t, b, func(tx *ledger.Tx) (err error) { m, err = tx.Mirror(id); return err })
	return m
}

func TestTheLifeOfAMirror(t *testing.T) {
	b := reflection(t)
	want := boxoffice.Mirror{TicketTypeID: mirrored, ProductID: "prod_1", Product: *newProduct().NewProduct, PriceID: "price_1", Price: money.New(2400, "eur")}
	check := func(what string) {
		t.Helper()
		if diff := cmp.Diff(want, mirror(t, b, mirrored)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	check("made")
	testkit.Append(t, b, mirrorRefused("mir-3", newPrice(2600)))
	refused := newPrice(2600)
	want.Problem, want.Refused = &boxoffice.Problem{Code: boxoffice.CodeStripeRefused, Detail: "No."}, &refused
	check("a price that was refused")
	testkit.Append(t, b, asked("mir-4", newPrice(2500)), done("mir-4", newPrice(2500), "price_2"))
	want.Problem, want.Refused, want.Old, want.PriceID, want.Price.Minor = nil, nil, []string{"price_1"}, "price_2", 2500
	check("another price")
	adopted := boxoffice.Mirror{TicketTypeID: mirrored, ProductID: "prod_9", Imported: true}
	testkit.Append(t, b, boxoffice.MirrorAdoptedFact{Mirror: adopted})
	want = adopted
	check("adopted")
	testkit.Append(t, b, boxoffice.MirrorLostFact{TicketTypeID: mirrored})
	want = boxoffice.Mirror{TicketTypeID: mirrored}
	check("lost")
	view(t, b, func(tx *ledger.Tx) error {
		mirrors, err := tx.Mirrors()
		intents, _ := tx.Intents()
		if len(mirrors) != 0 || len(intents) != 0 {
			t.Errorf("after all there are %+v and %+v", mirrors, intents)
		}
		return err
	})
	testkit.MustVerify(t, b)
}

func TestWhatAMirrorDoesNotAllow(t *testing.T) {
	refusedFacts(t, reflection, map[string]refusedFact{
		"asked twice":                {asked("mir-3", newPrice(2600)), `"i/mir-3" is in the book already`},
		"answered twice":             {done("mir-2", newPrice(2400), "price_1"), "mir-2 was not asked, or is answered already"},
		"answered, and nobody asked": {done("mir-9", newPrice(2400), "price_1"), "mir-9 was not asked"},
		"refused twice":              {mirrorRefused("mir-1", newProduct()), "mir-1 was not asked, or is answered already"},
		"a tax, and nobody asked":    {done("mir-9", newTax(), "txr_1"), "mir-9 was not asked"},
	})
}

// A tax rate is one by its name and its percent; a refused one is no rate.
func TestTaxRates(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	id := func(r boxoffice.TaxRate) (id string) {
		view(t, b, func(tx *ledger.Tx) (err error) { id, err = tx.TaxRateID(r); return err })
		return id
	}
	testkit.Append(t, b, asked("mir-1", newTax()), mirrorRefused("mir-1", newTax()))
	if got := id(*vat()); got != "" {
		t.Errorf("a refused rate is %q", got)
	}
	testkit.Append(t, b, asked("mir-2", newTax()), done("mir-2", newTax(), "txr_1"))
	for rate, want := range map[boxoffice.TaxRate]string{*vat(): "txr_1", {Name: "VAT 13/1", Percent: 13}: "", {Name: "VAT 13", Percent: 130_000}: "", {Name: "1", Percent: 130_000}: ""} {
		if got := id(rate); got != want {
			t.Errorf("%+v is %q, want %q", rate, got, want)
		}
	}
	testkit.MustVerify(t, b)
}

// What a key can be told by: a product of the book, or else a session.
func TestKnownObject(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	for _, step := range []struct {
		facts []boxoffice.Fact
		want  string
	}{
		{nil, ""},
		{[]boxoffice.Fact{placed(1, 1), refused(1), placed(2, 1)}, ""},
		{[]boxoffice.Fact{opened(2)}, "cs_2"},
		{[]boxoffice.Fact{placed(3, 1), opened(3)}, "cs_3"},
		{[]boxoffice.Fact{asked("mir-1", newProduct()), mirrorRefused("mir-1", newProduct())}, "cs_3"},
		{[]boxoffice.Fact{asked("mir-2", newProduct()), done("mir-2", newProduct(), "prod_1")}, "prod_1"},
	} {
		testkit.Append(t, b, step.facts...)
		view(t, b, func(tx *ledger.Tx) error {
			id, ok, err := tx.KnownObject()
			if id != step.want || ok != (step.want != "") {
				t.Errorf("it is %q, %v; want %q", id, ok, step.want)
			}
			return err
		})
	}
	for but, want := range map[string]string{"": "cs_3", "cs_2": "cs_3", "cs_3": "cs_2"} {
		view(t, b, func(tx *ledger.Tx) error {
			id, err := tx.NewestSession(but)
			if id != want {
				t.Errorf("but for %q the newest session is %q, want %q", but, id, want)
			}
			return err
		})
	}
}
