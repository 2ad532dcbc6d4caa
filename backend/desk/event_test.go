package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// catalogue is what the book has on sale.
func (s *scene) catalogue() (c boxoffice.Catalogue) {
	s.Helper()
	if err := s.book.View(func(tx *ledger.Tx) (err error) { c, err = tx.Catalogue(); return err }); err != nil {
		s.Fatal(err)
	}
	return c
}

// editOf is the event as a screen reads it, to be changed.
func (s *scene) editOf(eventID string) EventEdit {
	s.Helper()
	c := s.catalogue()
	e, ok := c.EventByID(eventID)
	if !ok {
		s.Fatalf("there is no event %s", eventID)
	}
	edit := EventEdit{Event: e}
	for _, q := range c.Quotas {
		if _, ours := e.PerformanceByID(q.PerformanceID); ours {
			edit.Quotas = append(edit.Quotas, q)
		}
	}
	return edit
}

// save saves, and must.
func (s *scene) save(edit EventEdit) string {
	s.Helper()
	id, err := s.desk.SaveEvent(s.Context(), edit)
	if err != nil {
		s.Fatal(err)
	}
	return id
}

// newEvent is one that somebody types in: two evenings, two types, a quota
// over both types on the first evening and one over the second type on the
// other. All its ids are the screen's.
func newEvent() EventEdit {
	start := time.Date(2026, time.May, 2, 19, 30, 0, 0, time.FixedZone("", 2*3600))
	return EventEdit{
		Event: boxoffice.Event{
			Name: " Faust ", Place: " Studio\u00a0", TimeZone: "Europe/Vienna", Picture: " https://example.org/faust.jpg ",
			Performances: []boxoffice.Performance{{ID: "new-1", StartsAt: start}, {ID: "new-2", DoorsAt: start.Add(23 * time.Hour), StartsAt: start.Add(24 * time.Hour)}},
			TicketTypes: []boxoffice.TicketType{
				{ID: "new-1", Name: " Adult ", Price: money.New(2400, "eur"), SaleFrom: start.Add(-time.Hour), SaleUntil: start},
				{ID: "new-2", Name: "Child", Price: money.New(900, "eur"), TaxRate: &boxoffice.TaxRate{Name: "VAT", Percent: 130_000}},
			},
		},
		Quotas: []boxoffice.Quota{
			{ID: "new-1", PerformanceID: "new-1", TicketTypeIDs: []string{"new-1", "new-2"}, Size: 50, Held: 9, Sold: 9, Allotted: 9},
			{ID: "new-2", PerformanceID: "new-2", TicketTypeIDs: []string{"new-2"}, Size: 0},
		},
	}
}

// What is new gets its names from the book, wherever it is spoken of, and is on
// sale at once. What a screen says of seats that are taken is nobody's word.
func TestANewEvent(t *testing.T) {
	s := newScene(t)
	typed := newEvent()
	id := s.save(typed)
	got := s.editOf(id)
	if diff := cmp.Diff(newEvent(), typed, cmp.AllowUnexported(EventEdit{})); diff != "" {
		t.Errorf("what was handed over was changed:\n%s", diff)
	}
	for _, given := range []string{id, got.Event.Performances[0].ID, got.Event.TicketTypes[0].ID, got.Quotas[0].ID} {
		if strings.HasPrefix(given, newPrefix) || given == "" {
			t.Errorf("the id %q is the screen's", given)
		}
	}
	e := got.Event
	utc := time.Date(2026, time.May, 2, 17, 30, 0, 0, time.UTC)
	want := boxoffice.Event{
		ID: id, Name: "Faust", Place: "Studio", TimeZone: "Europe/Vienna", Picture: "https://example.org/faust.jpg",
		Performances: []boxoffice.Performance{
			{ID: e.Performances[0].ID, DoorsAt: utc, StartsAt: utc},
			{ID: e.Performances[1].ID, DoorsAt: utc.Add(23 * time.Hour), StartsAt: utc.Add(24 * time.Hour)},
		},
		TicketTypes: []boxoffice.TicketType{
			{ID: e.TicketTypes[0].ID, Name: "Adult", Price: money.New(2400, "eur"), SaleFrom: utc.Add(-time.Hour), SaleUntil: utc},
			{ID: e.TicketTypes[1].ID, Name: "Child", Price: money.New(900, "eur"), TaxRate: &boxoffice.TaxRate{Name: "VAT", Percent: 130_000}},
		},
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("the event (-want +got):\n%s", diff)
	}
	for _, at := range []time.Time{e.Performances[0].StartsAt, e.Performances[1].DoorsAt, e.TicketTypes[0].SaleFrom, e.TicketTypes[0].SaleUntil} {
		if at.Location() != time.UTC {
			t.Errorf("%s is kept in another zone than UTC", at)
		}
	}
	c := s.catalogue()
	for _, check := range []struct{ night, kind, left int }{{0, 0, 50}, {0, 1, 50}, {1, 0, 0}, {1, 1, 0}} {
		if left, size := c.Available(e.Performances[check.night].ID, e.TicketTypes[check.kind].ID); left != check.left || size != check.left {
			t.Errorf("type %d on night %d: %d of %d, want %d", check.kind, check.night, left, size, check.left)
		}
	}
	if log := s.stripe.Log(); len(log) != 1 || log[0] != "mirror" {
		t.Errorf("Stripe was asked %q, want to be told of it once", log)
	}
}

// An edit is one more revision; what is not changed has no entry.
func TestAnEdit(t *testing.T) {
	s := newScene(t)
	edit := s.editOf("evt-1")
	edit.Event.Name, edit.Event.TicketTypes[0].Price = "Hamlet, late", money.New(2600, "eur")
	edit.Event.TicketTypes = append(edit.Event.TicketTypes, boxoffice.TicketType{ID: "new-x", Name: "Standing", Price: money.New(700, "eur")})
	edit.Quotas[1].Size = 12 // quota-house
	edit.Quotas[1].TicketTypeIDs = append(edit.Quotas[1].TicketTypeIDs, "new-x")
	edit.Quotas = append(edit.Quotas[:2], boxoffice.Quota{ID: "new-q", PerformanceID: testkit.Performance, TicketTypeIDs: []string{testkit.Yen}, Size: 3}) // quota-yen goes
	before := s.number()
	s.save(edit)
	var kinds []boxoffice.Kind
	if err := s.book.View(func(tx *ledger.Tx) error {
		return tx.Entries(before, func(e ledger.Entry) (bool, error) { kinds = append(kinds, e.Kind); return true, nil })
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]boxoffice.Kind{"event.changed", "quota.changed", "quota.added", "quota.removed"}, kinds); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	got := s.editOf("evt-1")
	if got.Event.Revision != 1 || got.Event.Name != "Hamlet, late" || len(got.Event.TicketTypes) != 5 {
		t.Errorf("the event is %+v", got.Event)
	}
	for id, want := range map[string]int{testkit.Adult: 12, got.Event.TicketTypes[4].ID: 12, testkit.Yen: 3, testkit.Balcony: 2} {
		if left, _ := s.catalogue().Available(testkit.Performance, id); left != want {
			t.Errorf("%d of %s are left, want %d", left, id, want)
		}
	}
	before = s.number()
	s.save(s.editOf("evt-1"))
	if after := s.number(); after != before+1 || s.editOf("evt-1").Event.Revision != 2 {
		t.Errorf("an edit that changes nothing made %d entries", after-before)
	}
	o := s.sell(adults(key, 1))
	if o.Total.Minor != 2600 {
		t.Errorf("the adult costs %s after the edit", o.Total)
	}
}

func (s *scene) number() (n uint64) {
	s.Helper()
	if err := s.book.View(func(tx *ledger.Tx) (err error) { n, err = tx.Number(); return err }); err != nil {
		s.Fatal(err)
	}
	return n
}

// Of two people who edit one event, the second is told, and undoes nothing.
func TestTwoEditors(t *testing.T) {
	s := newScene(t)
	anna, bert := s.editOf("evt-1"), s.editOf("evt-1")
	anna.Event.Name, bert.Event.Place = "Anna's", "Bert's"
	s.save(anna)
	before := s.bytes()
	_, err := s.desk.SaveEvent(t.Context(), bert)
	if e := s.asError(err); e.Code != boxoffice.CodeStaleEdit || !strings.Contains(e.Message, "Anna's") {
		t.Errorf("Bert is told %+v", e)
	}
	s.unchanged(before)
	bert = s.editOf("evt-1")
	bert.Event.Place = "Bert's"
	s.save(bert)
	if e := s.editOf("evt-1").Event; e.Name != "Anna's" || e.Place != "Bert's" || e.Revision != 2 {
		t.Errorf("the event is %+v", e)
	}
}

// refusedEdit is a change of the event evt-1, of whose house two seats are
// sold or held, and what the editor is told.
type refusedEdit struct {
	change func(*EventEdit)
	code   boxoffice.Code
	faults []string // where, in order
	says   string
}

func refusedEdits() map[string]refusedEdit {
	const gone = "The event has none of this id."
	drop := func(id string) func(*EventEdit) {
		return func(e *EventEdit) {
			for i, q := range e.Quotas {
				if q.ID == id {
					e.Quotas = append(e.Quotas[:i:i], e.Quotas[i+1:]...)
					return
				}
			}
		}
	}
	return map[string]refusedEdit{
		"the performance is gone": {func(e *EventEdit) {
			e.Event.Performances[0].ID = "new-1"
			for i := range e.Quotas {
				e.Quotas[i].ID, e.Quotas[i].PerformanceID = fmt.Sprint("new-", i), "new-1"
			}
		}, "in_use", []string{"performances", "quotas"}, "A performance of which seats are taken"},
		"a type is gone": {func(e *EventEdit) {
			e.Event.TicketTypes = e.Event.TicketTypes[1:]
			e.Quotas[1].TicketTypeIDs = []string{testkit.Child}
		}, "in_use", []string{"ticketTypes", "quotas[1].ticketTypeIds"}, "Take it off sale instead."},
		"a type that shares the quota is gone": {func(e *EventEdit) {
			e.Event.TicketTypes = append(e.Event.TicketTypes[:1:1], e.Event.TicketTypes[2:]...)
			e.Quotas[1].TicketTypeIDs = []string{testkit.Adult}
		}, "in_use", []string{"ticketTypes", "quotas[1].ticketTypeIds"}, "Take it off sale instead."},
		"the quota is gone":       {drop("quota-house"), "in_use", []string{"quotas"}, "A quota of which 2 seats are taken"},
		"the quota limits less":   {func(e *EventEdit) { e.Quotas[1].TicketTypeIDs = []string{testkit.Adult} }, "in_use", []string{"quotas[1].ticketTypeIds"}, "go on limiting"},
		"the quota is too small":  {func(e *EventEdit) { e.Quotas[1].Size = 1 }, "in_use", []string{"quotas[1].size"}, "2 of its seats are taken already"},
		"the currency is another": {func(e *EventEdit) { e.Event.TicketTypes[3].Price.Currency = "eur" }, "in_use", []string{"ticketTypes[3].price"}, "make another type"},
		"two of those":            {func(e *EventEdit) { e.Quotas[1].Size, e.Event.TicketTypes[0].Price.Currency = 0, "usd" }, "in_use", []string{"ticketTypes[0].price", "quotas[1].size"}, "make another type"},
		"an event that is not":    {func(e *EventEdit) { e.Event.ID = "evt-9" }, "unknown_event", nil, "no such event"},
		"an event that's to come": {func(e *EventEdit) { e.Event.ID = "new-1" }, "unknown_event", nil, "no such event"},
		"a revision to come":      {func(e *EventEdit) { e.Event.Revision = 1 }, "stale_edit", nil, "Somebody else has changed Hamlet"},
		"another's performance":   {func(e *EventEdit) { e.Event.Performances = append(e.Event.Performances, performanceAt(studio)) }, "bad_catalogue", []string{"performances[1].id"}, gone},
		"another's type":          {func(e *EventEdit) { e.Event.TicketTypes[2].ID, e.Quotas[0].TicketTypeIDs = boxSeat, []string{boxSeat} }, "bad_catalogue", []string{"ticketTypes[2].id"}, gone},
		"another's quota":         {func(e *EventEdit) { e.Quotas[0].ID = "quota-2-boxes" }, "bad_catalogue", []string{"quotas[0].id"}, gone},
		"a type that never was": {func(e *EventEdit) {
			e.Event.TicketTypes[2].ID, e.Quotas[0].TicketTypeIDs = "type-9", []string{"type-9"}
		}, "bad_catalogue", []string{"ticketTypes[2].id"}, gone},
		"a copy with the same ids": {func(e *EventEdit) { e.Event.ID = "" }, "bad_catalogue", []string{"performances[0].id", "ticketTypes[0].id", "ticketTypes[1].id", "ticketTypes[2].id", "ticketTypes[3].id", "quotas[0].id", "quotas[1].id", "quotas[2].id"}, gone},
		"a quota that moves": {func(e *EventEdit) {
			e.Event.Performances = append(e.Event.Performances, performanceAt("new-1"))
			e.Quotas[2].PerformanceID = "new-1"
		}, "in_use", []string{"quotas[2].performanceId"}, "stays with its performance"},
		"one thing twice":       {func(e *EventEdit) { e.Event.TicketTypes[1].ID = testkit.Adult }, "bad_catalogue", []string{"ticketTypes[1].id", "quotas[1].ticketTypeIds"}, "Two things have the same id"},
		"a quota of another":    {func(e *EventEdit) { e.Quotas[0].PerformanceID = studio }, "bad_catalogue", []string{"quotas[0].performanceId"}, "no such performance"},
		"a quota of no night":   {func(e *EventEdit) { e.Quotas[0].PerformanceID = "" }, "bad_catalogue", []string{"quotas[0].performanceId"}, "no such performance"},
		"a quota over nothing":  {func(e *EventEdit) { e.Quotas[0].TicketTypeIDs = nil }, "bad_catalogue", []string{"quotas[0].ticketTypeIds"}, "at least one"},
		"a quota over a ghost":  {func(e *EventEdit) { e.Quotas[0].TicketTypeIDs = []string{"new-9"} }, "bad_catalogue", []string{"quotas[0].ticketTypeIds"}, "no such ticket type"},
		"less than no seats":    {func(e *EventEdit) { e.Quotas[0].Size = -1 }, "bad_catalogue", []string{"quotas[0].size"}, "from 0 to 1000000"},
		"more than a million":   {func(e *EventEdit) { e.Quotas[0].Size = 1_000_001 }, "bad_catalogue", []string{"quotas[0].size"}, "from 0 to 1000000"},
		"a price beyond Stripe": {func(e *EventEdit) { e.Event.TicketTypes[0].Price.Minor = 49 }, "bad_catalogue", []string{"ticketTypes[0].price"}, "0.50 EUR at the least"},
		"all that is wrong": {func(e *EventEdit) {
			e.Event.Name, e.Event.TimeZone, e.Event.TicketTypes[2].Name, e.Quotas[2].Size = " ", "Mars", "", -5
		}, "bad_catalogue", []string{"name", "timeZone", "ticketTypes[2].name", "quotas[2].size"}, "This cannot be empty."},
	}
}

func performanceAt(id string) boxoffice.Performance {
	return boxoffice.Performance{ID: id, StartsAt: time.Date(2026, time.June, 1, 18, 0, 0, 0, time.UTC)}
}

// Whatever is wrong with an edit, each place is named, the book lies on the
// disk byte for byte as it did, and Stripe hears nothing of it.
func TestRefusedEditsChangeNothing(t *testing.T) {
	t.Parallel()
	for name, r := range refusedEdits() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			testkit.Append(t, s.book, testkit.Pay(s.sell(adults(key, 1))))
			s.sell(adults("another-sale", 1))
			edit := s.editOf("evt-1")
			r.change(&edit)
			before, asked := s.bytes(), s.stripe.Log()
			id, err := s.desk.SaveEvent(t.Context(), edit)
			e := s.asError(err)
			if e.Code != r.code || !strings.Contains(e.Message, r.says) || id != "" {
				t.Errorf("refused as %s: %q\nwant %s: %q", e.Code, e.Message, r.code, r.says)
			}
			if r.faults != nil && !strings.Contains(e.Message, "Nothing was changed.") {
				t.Errorf("%q does not say that nothing was changed", e.Message)
			}
			var at []string
			for _, f := range e.Faults {
				if at = append(at, f.At); f.Message == "" {
					t.Errorf("nothing is said of %s", f.At)
				}
			}
			if diff := cmp.Diff(r.faults, at); diff != "" {
				t.Errorf("places (-want +got):\n%s", diff)
			}
			s.unchanged(before)
			if diff := cmp.Diff(asked, s.stripe.Log()); diff != "" {
				t.Errorf("Stripe was asked:\n%s", diff)
			}
		})
	}
}

// What may be done though seats are taken: more room, a new price, off sale,
// a type and a quota more, the performance at another time; and all of it,
// where nothing is taken.
func TestEditsThatAreTaken(t *testing.T) {
	for name, change := range map[string]func(*EventEdit){
		"as small as what is taken": func(e *EventEdit) { e.Quotas[1].Size = 2 },
		"larger":                    func(e *EventEdit) { e.Quotas[1].Size = 1_000_000 },
		"limiting more":             func(e *EventEdit) { e.Quotas[1].TicketTypeIDs = []string{testkit.Yen, testkit.Child, testkit.Adult} },
		"off sale":                  func(e *EventEdit) { e.Event.TicketTypes[0].OffSale = true },
		"at another time":           func(e *EventEdit) { e.Event.Performances[0].StartsAt = performanceAt("").StartsAt },
		"archived":                  func(e *EventEdit) { e.Event.Archived = true },
		"without what nobody has":   func(e *EventEdit) { e.Event.TicketTypes, e.Quotas = e.Event.TicketTypes[:2], e.Quotas[1:2] },
		"without an empty quota":    func(e *EventEdit) { e.Quotas = e.Quotas[:2] },
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.sell(adults(key, 2))
			edit := s.editOf("evt-1")
			change(&edit)
			s.save(edit)
			edit.Event.Revision++
			if diff := cmp.Diff(edit.Event, s.editOf("evt-1").Event); diff != "" {
				t.Errorf("the event (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(edit.Quotas, s.editOf("evt-1").Quotas); diff != "" {
				t.Errorf("the quotas (-want +got):\n%s", diff)
			}
		})
	}
}

// The code that is out stays what it was, whatever becomes of its event.
func TestACodeThatIsOutStaysAsItWas(t *testing.T) {
	s := newScene(t)
	o, request := s.request(adults(key, 2))
	edit := s.editOf("evt-1")
	edit.Event.Name, edit.Event.Archived, edit.Event.TicketTypes[0].Price.Minor = "Macbeth", true, 9900
	s.save(edit)
	again := s.sell(adults(key, 2)) // a second tap
	if diff := cmp.Diff(o, again); diff != "" {
		t.Errorf("the order changed with its event:\n%s", diff)
	}
	testkit.Append(t, s.book, testkit.Pay(again))
	paid, err := s.desk.Order(o.ID)
	if err != nil || paid.Total.Minor != 4800 || paid.LineItems[0].EventName != "Hamlet" || paid.Tickets[0].Name != "Adult" || request.LineItems[0].UnitPrice.Minor != 2400 {
		t.Errorf("%v, %+v", err, paid)
	}
}

// A book whose keys are locked has no first entry, and keeps nothing before it.
func TestABookThatIsNotBegunKeepsNoEvent(t *testing.T) {
	s := newScene(t)
	empty, err := ledger.Open(t.TempDir()+"/empty.db", ledger.Options{Register: "till-1", Now: testkit.NewClock().Now})
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	s.desk.opt.Book = empty
	edit := newEvent()
	edit.Adopt = map[string]Adopt{"new-1": {"prod_1", "price_1"}}
	_, err = s.desk.SaveEvent(t.Context(), edit)
	if e := s.asError(err); e.Code != boxoffice.CodeVaultLocked || !strings.Contains(e.Message, "Nothing was changed.") || !strings.Contains(e.Next, "passphrase") {
		t.Errorf("refused as %+v", e)
	}
	if err := empty.View(func(tx *ledger.Tx) error {
		if n, err := tx.Number(); n != 0 || err != nil {
			t.Errorf("the book has %d entries, %v", n, err)
		}
		return nil
	}); err != nil || len(s.stripe.Log()) > 0 {
		t.Errorf("Stripe was asked %q, %v", s.stripe.Log(), err)
	}
}
