package boxoffice

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/money"
)

// oneOfEachKind is a fact of every kind, with every field filled in.
func oneOfEachKind() []Fact {
	at := time.Date(2026, time.March, 5, 18, 30, 15, 123e6, time.UTC)
	price := money.New(2400, "eur")
	of := OfTender{OrderID: "ord-1", TenderID: "tdr-1"}
	problem := Problem{Code: CodeStripeRefused, Detail: "Stripe refused.", Next: "Try again."}
	ticket := Ticket{ID: "tkt-1", OrderID: "ord-1", PerformanceID: "perf-1", TicketTypeID: "type-1", Name: "Adult", Number: 1, Of: 2}
	card := Card{Brand: "visa", Last4: "4242"}
	create := Intent{Key: "tdr-1-create", OrderID: "ord-1", TenderID: "tdr-1", RecordedAt: at, Create: &SessionRequest{
		Reference: "ord-1", BuyerEmail: "anna@example.org", Metadata: map[string]string{MetadataOrder: "ord-1"},
		LineItems: []SessionLine{{Name: "Hamlet · Adult", Description: "Playhouse", UnitPrice: price, Quantity: 2}},
		ExpiresAt: at, SuccessURL: "http://localhost/paid", CancelURL: "http://localhost/left",
	}}
	order := Order{
		ID: "ord-1", Code: "K7QF3M", Number: 7, Key: "tap-00001", Asked: "fingerprint", PlacedAt: at, UpdatedAt: at, BuyerName: "Anna", BuyerEmail: "anna@example.org",
		LineItems: []LineItem{{
			PerformanceID: "perf-1", TicketTypeID: "type-1", EventName: "Hamlet", Name: "Adult", Place: "Playhouse", StartsAt: at,
			TimeZone: "Europe/Vienna", UnitPrice: price, Quantity: 2, Total: money.New(4800, "eur"),
		}},
		Total: money.New(4800, "eur"), Hold: Hold{State: Held, Claims: []Claim{{QuotaID: "quota-1", Seats: 2}}},
		Tenders: []Tender{{
			ID: "tdr-1", Kind: Phone, State: TenderStarting, Amount: money.New(4800, "eur"), SessionID: "cs_1", URL: "https://checkout.stripe.com/c/pay/cs_1#fid",
			ExpiresAt: at, CancelAsked: true, PaymentIntentID: "pi_1", ChargeID: "ch_1", PaidAt: at, Card: card, Problem: &problem,
		}},
		Tickets: []Ticket{ticket},
	}
	return []Fact{
		BookOpenedFact{BookID: "book-1", Mode: Training, TicketKey: []byte{1, 2, 3}},
		EventAddedFact{Event: Event{
			ID: "evt-1", Name: "The Winter’s Tale <&>", Place: "Playhouse", TimeZone: "Europe/Vienna",
			Performances: []Performance{{ID: "perf-1", DoorsAt: at, StartsAt: at}},
			TicketTypes:  []TicketType{{ID: "type-1", Name: "Adult", Description: "Stalls", Price: price}},
		}},
		QuotaAddedFact{Quota: Quota{ID: "quota-1", PerformanceID: "perf-1", TicketTypeIDs: []string{"type-1"}, Size: 10, Held: 1, Sold: 2}},
		OrderPlacedFact{Order: order, Intent: create},
		OpenedFact{OfTender: of, SessionID: "cs_1", URL: "https://checkout.stripe.com/c/pay/cs_1#fid", ExpiresAt: at},
		RefusedFact{OfTender: of, Problem: problem},
		CancelAskedFact{OfTender: of, Intent: Intent{Key: "tdr-1-expire", OrderID: "ord-1", TenderID: "tdr-1", RecordedAt: at, Expire: "cs_1"}},
		ProcessingFact{OfTender: of, PaymentIntentID: "pi_1"},
		PaidFact{OfTender: of, SessionID: "cs_1", Amount: price, PaymentIntentID: "pi_1", ChargeID: "ch_1", PaidAt: at, Card: card, BuyerName: "Anna", BuyerEmail: "anna@example.org", Tickets: []Ticket{ticket}},
		ExpiredFact{OfTender: of},
		FailedFact{OfTender: of, Problem: problem},
		DiscrepancyFoundFact{Discrepancy: Discrepancy{
			ID: "cs_1-no_room", OrderID: "ord-1", SessionID: "cs_1", PaymentIntentID: "pi_1", Amount: price, Reason: NoRoom, FoundAt: at,
		}},
	}
}

// constants lists the names and values of a file's constants of a type.
func constants(t *testing.T, file, ofType string) map[string]string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if kind, ok := v.Type.(*ast.Ident); ok && kind.Name == ofType {
				value, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				found[v.Names[0].Name] = value
			}
		}
		return true
	})
	if len(found) == 0 {
		t.Fatalf("%s has no constants of type %s", file, ofType)
	}
	return found
}

// filled notes every field of a struct in v that is not zero, and every field
// that there is.
func filled(v reflect.Value, have, all map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		filled(v.Elem(), have, all)
	case reflect.Slice:
		for i := range v.Len() {
			filled(v.Index(i), have, all)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			name := v.Type().Name() + "." + v.Type().Field(i).Name
			all[name] = true
			if !v.Field(i).IsZero() {
				have[name] = true
				filled(v.Field(i), have, all)
			}
		}
	default:
	}
}

// TestEveryKindIsTested keeps the tests below in step with the facts: a new
// kind or a new field must be in them.
func TestEveryKindIsTested(t *testing.T) {
	kinds, have, all := map[Kind]bool{}, map[string]bool{}, map[string]bool{}
	for _, f := range oneOfEachKind() {
		kinds[f.Kind()] = true
		filled(reflect.ValueOf(f), have, all)
	}
	for name, kind := range constants(t, "fact.go", "Kind") {
		if !kinds[Kind(kind)] {
			t.Errorf("no fact of kind %s (%s) is tested", kind, name)
		}
	}
	for field := range all {
		if !have[field] {
			t.Errorf("no fact that is tested has %s", field)
		}
	}
}

func TestFactsSurviveTheBook(t *testing.T) {
	for _, f := range oneOfEachKind() {
		t.Run(string(f.Kind()), func(t *testing.T) {
			text, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			read, err := DecodeFact(f.Kind(), text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(f, read); diff != "" {
				t.Errorf("read back it is another fact (-written +read):\n%s", diff)
			}
		})
	}
}

// TestOldBooksAreRead holds the written form of every kind: what a book of
// today says must be read for ever, and verifying it must come to the same
// state, so the same text. A line of the file is never changed. A field that
// comes later is a line more of its kind; the last line of a kind is what is
// written today.
func TestOldBooksAreRead(t *testing.T) {
	file, err := os.ReadFile("testdata/facts.golden")
	if err != nil {
		t.Fatal(err)
	}
	newest := map[Kind]string{}
	for line := range strings.Lines(string(file)) {
		kind, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		newest[Kind(kind)] = text
		f, err := DecodeFact(Kind(kind), []byte(text))
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if again, err := json.Marshal(f); err != nil || string(again) != text {
			t.Errorf("%s was written\n%s, and is now read as\n%s", kind, text, again)
		}
	}
	for _, f := range oneOfEachKind() {
		if text, err := json.Marshal(f); err != nil || string(text) != newest[f.Kind()] {
			t.Errorf("today %s is written as below: add the line to the file\n%s %s", f.Kind(), f.Kind(), text)
		}
	}
}

func TestDecodeFactRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		kind Kind
		data string
		want string
	}{
		"a kind of a later version": {"ticket.eaten", "{}", "does not know"},
		"no JSON":                   {KindTenderPaid, "paid!", "invalid character"},
		"another shape":             {KindOrderPlaced, `{"order":[]}`, "cannot unmarshal"},
		"half of it":                {KindEventAdded, `{"event":{"id":"evt`, "unexpected end"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := DecodeFact(test.kind, []byte(test.data)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestAboutNamesTheOrder(t *testing.T) {
	for _, f := range oneOfEachKind() {
		want := "ord-1"
		switch f.(type) {
		case BookOpenedFact, EventAddedFact, QuotaAddedFact:
			want = ""
		}
		if f.About() != want {
			t.Errorf("%s is about %q, want %q", f.Kind(), f.About(), want)
		}
	}
}
