package desk

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// mirror is what the book says that Stripe has of the type.
func (s *scene) mirror(ticketTypeID string) (m boxoffice.Mirror) {
	s.Helper()
	if err := s.book.View(func(tx *ledger.Tx) (err error) { m, err = tx.Mirror(ticketTypeID); return err }); err != nil {
		s.Fatal(err)
	}
	return m
}

// sells is a Stripe that sells two products already; a third is a type's.
func (s *scene) sells() {
	s.Helper()
	price := money.New(2400, "eur")
	s.stripe.Sells(
		boxoffice.Importable{ProductID: "prod_1", PriceID: "price_1", Name: "Faust, adult", Price: &price},
		boxoffice.Importable{ProductID: "prod_2", PriceID: "price_2", Name: "Faust, as you like"},
		boxoffice.Importable{ProductID: "prod_" + testkit.Adult, PriceID: "price_" + testkit.Adult, Price: &price},
	)
	adult, _ := s.editOf("evt-1").Event.TicketTypeByID(testkit.Adult)
	testkit.Append(s, s.book, testkit.AtStripe(adult))
}

func adopting(adopt map[string]Adopt) EventEdit {
	edit := newEvent()
	edit.Event.TicketTypes[1] = boxoffice.TicketType{ID: "new-2", Name: "As you like", Price: money.New(0, "eur"), Bounds: &boxoffice.Bounds{Least: 100, Most: 5000}}
	edit.Adopt = adopt
	return edit
}

// A product that Stripe has is taken over with its price: nothing of it is
// made again, and the sale is of that price.
func TestAdopt(t *testing.T) {
	s := newScene(t)
	s.sells()
	id := s.save(adopting(map[string]Adopt{"new-1": {"prod_1", "price_1"}, "new-2": {"prod_2", "price_2"}}))
	types := s.editOf(id).Event.TicketTypes
	for i, want := range []boxoffice.Mirror{
		{TicketTypeID: types[0].ID, ProductID: "prod_1", Imported: true, PriceID: "price_1", Price: money.New(2400, "eur"), DefaultPrice: "price_1"},
		{TicketTypeID: types[1].ID, ProductID: "prod_2", Imported: true},
	} {
		if diff := cmp.Diff(want, s.mirror(types[i].ID)); diff != "" {
			t.Errorf("mirror %d (-want +got):\n%s", i, diff)
		}
		if step, more := s.mirror(types[i].ID).Next("book-1", s.editOf(id).Event, types[i]); more {
			t.Errorf("Stripe would be asked for %+v", step)
		}
	}
	found, err := s.desk.Importable(t.Context())
	if err != nil || len(found) != 3 || !found[0].Used || !found[1].Used || !found[2].Used {
		t.Errorf("all three are sold as, and are listed as %+v, %v", found, err)
	}
}

func TestImportable(t *testing.T) {
	s := newScene(t)
	s.sells()
	found, err := s.desk.Importable(t.Context())
	if err != nil || len(found) != 3 || found[0].Used || found[1].Used || !found[2].Used {
		t.Errorf("one of three is sold as, and they are listed as %+v, %v", found, err)
	}
	down := &boxoffice.Error{Code: boxoffice.CodeStripeUnreachable, Message: "Stripe cannot be reached.", Next: "Go online."}
	s.stripe.Down(down)
	if _, err := s.desk.Importable(t.Context()); !errors.Is(err, down) {
		t.Errorf("without a line: %v", err)
	}
}

func TestRefusedAdoptionsChangeNothing(t *testing.T) {
	one := Adopt{"prod_1", "price_1"}
	for name, test := range map[string]struct {
		adopt  map[string]Adopt
		change func(*EventEdit)
		faults []string
		says   string
	}{
		"a product that is gone":      {map[string]Adopt{"new-1": {"prod_9", "price_1"}}, nil, []string{"ticketTypes[0].adopt"}, "no such product"},
		"a price that is gone":        {map[string]Adopt{"new-1": {"prod_1", "price_9"}}, nil, []string{"ticketTypes[0].adopt"}, "no such product"},
		"another product's price":     {map[string]Adopt{"new-1": {"prod_1", "price_2"}}, nil, []string{"ticketTypes[0].adopt"}, "no such product"},
		"a product that is sold":      {map[string]Adopt{"new-1": {"prod_" + testkit.Adult, "price_" + testkit.Adult}}, nil, []string{"ticketTypes[0].adopt"}, "already"},
		"one product for two types":   {map[string]Adopt{"new-1": one, "new-2": one}, nil, []string{"ticketTypes[1].adopt"}, "already"},
		"two things that are wrong":   {map[string]Adopt{"new-1": {}, "new-2": {"prod_9", ""}}, nil, []string{"ticketTypes[0].adopt", "ticketTypes[1].adopt"}, "no such product"},
		"for a type that there is":    {map[string]Adopt{testkit.Adult: one}, nil, []string{"ticketTypes[0].adopt"}, "Only a new ticket type"},
		"a type that shares one name": {map[string]Adopt{"new-1": one}, func(e *EventEdit) { e.Event.TicketTypes[1].ID = "new-1" }, []string{"ticketTypes[1].id", "quotas[0].ticketTypeIds", "quotas[1].ticketTypeIds"}, "same id"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.sells()
			edit := adopting(test.adopt)
			if _, there := test.adopt[testkit.Adult]; there {
				edit = s.editOf("evt-1")
				edit.Adopt = test.adopt
			}
			if test.change != nil {
				test.change(&edit)
			}
			before := s.bytes()
			_, err := s.desk.SaveEvent(t.Context(), edit)
			e := s.asError(err)
			var at []string
			for _, f := range e.Faults {
				at = append(at, f.At)
			}
			if diff := cmp.Diff(test.faults, at); diff != "" || !strings.Contains(e.Message, test.says) || !strings.Contains(e.Message, "Nothing was changed.") {
				t.Errorf("%s: %q\n%s", e.Code, e.Message, diff)
			}
			s.unchanged(before)
		})
	}
}

// Without a line to Stripe what it has cannot be taken over; what is typed in
// can be kept all the same.
func TestAnEventIsKeptWithoutALine(t *testing.T) {
	s := newScene(t)
	s.stripe.Down(&boxoffice.Error{Code: boxoffice.CodeStripeUnreachable, Message: "Stripe cannot be reached.", Next: "Go online."})
	before := s.bytes()
	if _, err := s.desk.SaveEvent(t.Context(), adopting(map[string]Adopt{"new-1": {"prod_1", "price_1"}})); s.asError(err).Code != boxoffice.CodeStripeUnreachable {
		t.Errorf("refused as %v", err)
	}
	s.unchanged(before)
	s.save(newEvent())
}

// What Stripe refused is asked again when somebody says so, and only that.
func TestMirrorAgain(t *testing.T) {
	s := newScene(t)
	refused := boxoffice.Mirror{TicketTypeID: testkit.Adult, ProductID: "prod_1", Problem: &boxoffice.Problem{Code: boxoffice.CodeStripeRefused}, Refused: &boxoffice.MirrorRequest{TicketTypeID: testkit.Adult}}
	child, _ := s.editOf("evt-1").Event.TicketTypeByID(testkit.Child)
	testkit.Append(t, s.book, boxoffice.MirrorAdoptedFact{Mirror: refused}, testkit.AtStripe(child))
	before := s.number()
	for range 2 {
		if err := s.desk.MirrorAgain("evt-1"); err != nil {
			t.Fatal(err)
		}
	}
	if m := s.mirror(testkit.Adult); m.Problem != nil || m.Refused != nil || m.ProductID != "prod_1" {
		t.Errorf("the mirror is %+v", m)
	}
	if s.number() != before+1 || len(s.stripe.Log()) != 2 {
		t.Errorf("%d entries, Stripe was told %q", s.number()-before, s.stripe.Log())
	}
	if err := s.desk.MirrorAgain("evt-9"); s.asError(err).Code != boxoffice.CodeUnknownEvent {
		t.Errorf("of an event that is not: %v", err)
	}
}
