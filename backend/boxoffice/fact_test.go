package boxoffice

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/money"
)

// oneOfEachKind is a fact of every kind, with every field filled in.
func oneOfEachKind() []Fact {
	return slices.Concat(oneOfEachSale(), oneOfEachStep(), oneOfEachReturn())
}

// oneOfEachSale is the facts of a book, what it sells, and its orders.
func oneOfEachSale() []Fact {
	at := time.Date(2026, time.March, 5, 18, 30, 15, 123e6, time.UTC)
	price := money.New(2400, "eur")
	of := OfTender{OrderID: "ord-1", TenderID: "tdr-1"}
	problem := Problem{Code: CodeStripeRefused, Detail: "Stripe refused.", Next: "Try again."}
	ticket := Ticket{ID: "tkt-1", OrderID: "ord-1", PerformanceID: "perf-1", TicketTypeID: "type-1", Name: "Adult", Number: 1, Of: 2}
	card := Card{Brand: "visa", Last4: "4242"}
	create := Intent{Key: "tdr-1-create", OrderID: "ord-1", TenderID: "tdr-1", RecordedAt: at, Asker: "9f86d081884c7d65", Create: &SessionRequest{
		Reference: "ord-1", BuyerEmail: "anna@example.org", Metadata: map[string]string{MetadataOrder: "ord-1"},
		LineItems: []SessionLine{{PriceID: "price_1", Name: "Hamlet · Adult", Description: "Playhouse", UnitPrice: price, Quantity: 2, TaxRateID: "txr_1"}},
		ExpiresAt: at, SuccessURL: "http://localhost/paid", CancelURL: "http://localhost/left",
		Submit: "Playhouse", Description: "Willcall K7QF3M", Descriptor: "WC K7QF3M", Methods: []string{"card"}, Fee: 24,
	}}
	vat := &TaxRate{Name: "VAT", Percent: 130_000}
	order := Order{
		ID: "ord-1", Code: "K7QF3M", Number: 7, Key: "tap-00001", Asked: "fingerprint", PlacedAt: at, UpdatedAt: at, BuyerName: "Anna", BuyerEmail: "anna@example.org",
		LineItems: []LineItem{{
			PerformanceID: "perf-1", TicketTypeID: "type-1", EventName: "Hamlet", Name: "Adult", Place: "Playhouse", StartsAt: at,
			TimeZone: "Europe/Vienna", UnitPrice: price, Quantity: 2, Total: money.New(4800, "eur"),
			Donation: true, TaxRate: vat,
		}},
		Total: money.New(4800, "eur"), Hold: Hold{State: Held, Claims: []Claim{{QuotaID: "quota-1", Seats: 2}}},
		Tenders: []Tender{{
			ID: "tdr-1", Kind: Phone, State: TenderStarting, Amount: money.New(4800, "eur"), SessionID: "cs_1", URL: "https://checkout.stripe.com/c/pay/cs_1#fid",
			ExpiresAt: at, CancelAsked: true, PaymentIntentID: "pi_1", ChargeID: "ch_1", PaidAt: at, Card: card, Problem: &problem, Others: []string{"cs_2"},
		}},
		Tickets: []Ticket{ticket}, PosterID: "pst-1",
	}
	event := Event{
		ID: "evt-1", Name: "The Winter’s Tale <&>", Place: "Playhouse", TimeZone: "Europe/Vienna", Picture: "https://example.org/1.jpg",
		Performances: []Performance{{ID: "perf-1", DoorsAt: at, StartsAt: at}},
		TicketTypes: []TicketType{{
			ID: "type-1", Name: "Adult", Description: "Stalls", Price: price, Bounds: &Bounds{Least: 100, Most: 5000}, Donation: true, TaxRate: vat,
			SaleFrom: at, SaleUntil: at, Least: 2, Most: 8, OffSale: true,
		}},
		Archived: true, Revision: 3,
	}
	return []Fact{
		BookOpenedFact{BookID: "book-1", Mode: Training, TicketKey: []byte{1, 2, 3}},
		EventAddedFact{Event: event},
		QuotaAddedFact{Quota: Quota{ID: "quota-1", PerformanceID: "perf-1", TicketTypeIDs: []string{"type-1"}, Size: 10, Held: 1, Sold: 2, Allotted: 3}},
		OrderPlacedFact{Order: order, Intent: create},
		OpenedFact{OfTender: of, SessionID: "cs_1", URL: "https://checkout.stripe.com/c/pay/cs_1#fid", ExpiresAt: at},
		RefusedFact{OfTender: of, Problem: problem},
		CancelAskedFact{OfTender: of, Intent: Intent{Key: "tdr-1-expire", OrderID: "ord-1", TenderID: "tdr-1", RecordedAt: at, Expire: "cs_1"}},
		CodeCloseAskedFact{OfTender: of, Intent: Intent{Key: "cs_2-expire", OrderID: "ord-1", TenderID: "tdr-1", RecordedAt: at, Expire: "cs_2"}},
		CodeClosedFact{OfTender: of, SessionID: "cs_2"},
		ProcessingFact{OfTender: of, PaymentIntentID: "pi_1"},
		PaidFact{OfTender: of, SessionID: "cs_1", Amount: price, PaymentIntentID: "pi_1", ChargeID: "ch_1", PaidAt: at, Card: card, BuyerName: "Anna", BuyerEmail: "anna@example.org", Tickets: []Ticket{ticket}},
		ExpiredFact{OfTender: of},
		FailedFact{OfTender: of, Problem: problem},
		DiscrepancyFoundFact{Discrepancy: Discrepancy{
			ID: "cs_1-no_room", OrderID: "ord-1", PosterID: "pst-1", SessionID: "cs_1", PaymentIntentID: "pi_1", Amount: price, Reason: NoRoom, FoundAt: at,
		}},
		EventChangedFact{Event: event},
		QuotaChangedFact{QuotaID: "quota-1", TicketTypeIDs: []string{"type-1"}, Size: 12},
		QuotaRemovedFact{QuotaID: "quota-1"},
		AccountConnectedFact{Account: Account{
			ID: "acct_1", Name: "Playhouse", Livemode: true, Via: ViaOAuth, Country: "AT", Currency: "eur", Scope: "read_write", Website: "https://playhouse.example",
		}},
		AccountDisconnectedFact{AccountID: "acct_1", Reason: DisconnectedRevoked},
		MethodsOfferedFact{Methods: []string{"card", "paypal"}},
		MethodsChosenFact{Delayed: true},
		OrderPlacedFact{Order: order, Intent: Intent{Key: "tdr-1-create", OrderID: "ord-1", TenderID: "tdr-1", RecordedAt: at, Pay: &PaymentRequest{
			Amount: price, Description: "Willcall K7QF3M", ReceiptEmail: "anna@example.org", Metadata: map[string]string{MetadataKind: "card"}, Descriptor: "WC K7QF3M", Fee: 24,
		}}},
		OrderArrivedFact{PosterID: "pst-1", Order: order, Allotted: true},
	}
}

// oneOfEachStep is the facts of posters and of the mirror, with every field
// filled in.
func oneOfEachStep() (facts []Fact) {
	at := time.Date(2026, time.March, 5, 18, 30, 15, 123e6, time.UTC)
	price := money.New(2400, "eur")
	problem := Problem{Code: CodeStripeRefused, Detail: "Stripe refused.", Next: "Try again."}
	of := OfPoster{PosterID: "pst-1"}
	about := map[string]string{MetadataType: "type-1"}
	product := ProductRequest{Name: "Hamlet · Adult", Description: "Stalls", Picture: "https://example.org/1.jpg", Metadata: about}
	step := MirrorRequest{TicketTypeID: "type-1", ProductID: "prod_1"}
	with := func(change func(*MirrorRequest)) Fact {
		s := step
		change(&s)
		return MirrorAskedFact{Intent: Intent{Key: "mir-1", RecordedAt: at, Mirror: &s}}
	}
	return []Fact{
		PosterMadeFact{
			Poster: Poster{
				ID: "pst-1", Code: "K7Q", PerformanceID: "perf-1", TicketTypeID: "type-1", EventName: "Hamlet", Name: "Adult", Description: "Stalls", Place: "Playhouse",
				StartsAt: at, TimeZone: "Europe/Vienna", Price: price, Allotment: 4, Arrived: 1, Claims: []Claim{{QuotaID: "quota-1", Seats: 1}}, State: PosterStarting,
				MadeAt: at, LinkID: "plink_1", URL: "https://buy.stripe.com/1", Problem: &problem,
			},
			Intent: Intent{Key: "pst-1-link", PosterID: "pst-1", RecordedAt: at, Link: &LinkRequest{
				PriceID: "price_1", Quantity: 1, Limit: 4, Metadata: map[string]string{MetadataPoster: "pst-1"}, Confirmation: "Say K7Q.", Closed: "Over.",
				Submit: "Playhouse", Methods: []string{"card"}, Descriptor: "WC K7Q", Fee: 24,
			}},
		},
		PosterOpenedFact{OfPoster: of, LinkID: "plink_1", URL: "https://buy.stripe.com/1"},
		PosterRefusedFact{OfPoster: of, Problem: problem},
		PosterCloseAskedFact{OfPoster: of, Intent: Intent{Key: "pst-1-close", PosterID: "pst-1", RecordedAt: at, CloseLink: "plink_1"}},
		PosterClosedFact{OfPoster: of},
		with(func(s *MirrorRequest) {
			s.TaxRate, s.NewTaxRate = &TaxRate{Name: "VAT", Percent: 130_000}, &TaxRateRequest{Name: "VAT", Percent: 130_000, Inclusive: true, Country: "AT", Metadata: about}
		}),
		with(func(s *MirrorRequest) { s.NewProduct = &product }),
		with(func(s *MirrorRequest) { s.Product = &product }),
		with(func(s *MirrorRequest) {
			s.NewPrice = &PriceRequest{ProductID: "prod_1", Amount: price, Metadata: about}
		}),
		with(func(s *MirrorRequest) { s.DefaultPrice = "price_1" }),
		with(func(s *MirrorRequest) { s.Archive = "price_0" }),
		with(func(s *MirrorRequest) { s.Active = new(bool) }),
		MirrorDoneFact{IntentKey: "mir-1", Request: step, ID: "price_1"},
		MirrorRefusedFact{IntentKey: "mir-1", Request: step, Problem: problem},
		MirrorAdoptedFact{Mirror: Mirror{
			TicketTypeID: "type-1", ProductID: "prod_1", Product: product, Imported: true, Inactive: true, PriceID: "price_1", Price: price, DefaultPrice: "price_1",
			Old: []string{"price_0"}, Problem: &problem, Refused: &step,
		}},
		MirrorLostFact{TicketTypeID: "type-1"},
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
	declared := constants(t, "fact.go", "Kind")
	for kind := range kinds {
		if !slices.Contains(slices.Collect(maps.Values(declared)), string(kind)) {
			t.Errorf("%s is tested, and is no kind of fact", kind)
		}
	}
	for name, kind := range declared {
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
			if diff := cmp.Diff(f, read); diff != "" || reflect.TypeOf(f) != reflect.TypeOf(read) {
				t.Errorf("read back it is another fact (-written +read):\n%s", diff)
			}
		})
	}
}

// TestOldBooksAreRead holds the written form of every kind: what a book of
// today says must be read for ever, and verifying it must come to the same
// state, so the same text. A line of the file is never changed. A field that
// comes later is a line more of its kind.
func TestOldBooksAreRead(t *testing.T) {
	file, err := os.ReadFile("testdata/facts.golden")
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	for line := range strings.Lines(string(file)) {
		kind, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		lines[strings.TrimSpace(line)] = true
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
		text, err := json.Marshal(f)
		if line := string(f.Kind()) + " " + string(text); err != nil || !lines[line] {
			t.Errorf("today %s is written as below: add the line to the file\n%s", f.Kind(), line)
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
		want := ""
		if kind := string(f.Kind()); strings.HasPrefix(kind, "order.") || strings.HasPrefix(kind, "tender.") || strings.HasPrefix(kind, "code.") || strings.HasPrefix(kind, "discrepancy.") {
			want = "ord-1"
		}
		if of, ok := f.(moneyFact); ok {
			want = of.Money().OrderID
		}
		if f.Kind() == KindTicketsVoided {
			want = "ord-1"
		}
		if f.About() != want {
			t.Errorf("%s is about %q, want %q", f.Kind(), f.About(), want)
		}
	}
}
