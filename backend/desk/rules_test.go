package desk

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// kinds that are sold by rules of their own, for two nights of ten seats each.
const (
	gift   = "type-gift"   // a donation of €1 to €500, €10 suggested
	wish   = "type-wish"   // a seat for €5 to €50
	family = "type-family" // €8, three to six of an order
	window = "type-window" // €10, on sale for the second hour after noon
	krona  = "type-krona"  // 100 to 100000 kronur, in whole hundreds
	nightA = "perf-a"
	nightB = "perf-b"
)

// ruled is a scene with those on sale.
func ruled(t *testing.T, change ...func(*boxoffice.TicketType)) *scene {
	t.Helper()
	s := newScene(t)
	eur := func(minor int64) money.Amount { return money.New(minor, "eur") }
	one, two := stripesTime(), stripesTime().Add(time.Hour)
	e := boxoffice.Event{
		ID: "evt-3", Name: "Gala", Place: "Hall", TimeZone: "Europe/Vienna",
		Performances: []boxoffice.Performance{{ID: nightA, StartsAt: one.AddDate(0, 0, 1)}, {ID: nightB, StartsAt: one.AddDate(0, 0, 2)}},
		TicketTypes: []boxoffice.TicketType{
			{ID: gift, Name: "Gift", Price: eur(1000), Bounds: &boxoffice.Bounds{Least: 100, Most: 50_000}, Donation: true},
			{ID: wish, Name: "Wish", Price: eur(0), Bounds: &boxoffice.Bounds{Least: 500, Most: 5000}},
			{ID: family, Name: "Family", Price: eur(800), Least: 3, Most: 6, TaxRate: &boxoffice.TaxRate{Name: "VAT", Percent: 130_000}},
			{ID: window, Name: "Early", Price: eur(1000), SaleFrom: one, SaleUntil: two},
			{ID: krona, Name: "Króna", Price: money.New(0, "isk"), Bounds: &boxoffice.Bounds{Least: 100, Most: 100_000}},
		},
	}
	for _, c := range change {
		for i := range e.TicketTypes {
			c(&e.TicketTypes[i])
		}
	}
	seats := []string{wish, family, window, krona}
	testkit.Append(t, s.book, boxoffice.EventAddedFact{Event: e},
		boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: "quota-a", PerformanceID: nightA, TicketTypeIDs: seats, Size: 10}},
		boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: "quota-b", PerformanceID: nightB, TicketTypeIDs: seats, Size: 10}})
	return s
}

// forPrice is a line of the first night at a price that the buyer chose.
func forPrice(kind string, n int, each int64) SaleLine {
	return SaleLine{PerformanceID: nightA, TicketTypeID: kind, Quantity: n, UnitPrice: each}
}

func TestSalesByRules(t *testing.T) {
	notSold := func(code boxoffice.Code, says string) func(*scene, error) {
		return func(s *scene, err error) {
			s.Helper()
			if e := s.asError(err); e.Code != code || !strings.Contains(e.Message, says) || !strings.Contains(e.Message, "Nothing was sold.") {
				s.Errorf("refused as %s: %q, want %s: %q", e.Code, e.Message, code, says)
			}
		}
	}
	for name, test := range map[string]struct {
		sale   Sale
		total  int64
		seats  int
		refuse func(*scene, error)
	}{
		"a gift":                       {sale: lines(forPrice(gift, 1, 1234)), total: 1234},
		"three gifts":                  {sale: lines(forPrice(gift, 3, 100)), total: 300},
		"the greatest gift":            {sale: lines(forPrice(gift, 1, 50_000)), total: 50_000},
		"a cent too little":            {sale: lines(forPrice(gift, 1, 99)), refuse: notSold("bad_price", "from 1.00 EUR to 500.00 EUR")},
		"a cent too much":              {sale: lines(forPrice(gift, 1, 50_001)), refuse: notSold("bad_price", "from 1.00 EUR to 500.00 EUR")},
		"a gift without a price":       {sale: lines(line(nightA, gift, 1)), refuse: notSold("bad_price", "from 1.00 EUR")},
		"a negative gift":              {sale: lines(forPrice(gift, 1, -100)), refuse: notSold("bad_price", "from 1.00 EUR")},
		"two wishes":                   {sale: lines(forPrice(wish, 2, 500), forPrice(wish, 1, 5000)), total: 6000, seats: 3},
		"more wishes than seats":       {sale: lines(forPrice(wish, 6, 500), forPrice(wish, 5, 600)), refuse: notSold("sold_out", "Only 4 of Wish are left")},
		"whole hundreds":               {sale: lines(forPrice(krona, 1, 1200)), total: 1200, seats: 1},
		"not whole hundreds":           {sale: lines(forPrice(krona, 1, 1250)), refuse: notSold("bad_price", "without cents")},
		"the price that is asked":      {sale: lines(forPrice(family, 3, 800)), total: 2400, seats: 3},
		"another price than is asked":  {sale: lines(forPrice(family, 3, 700)), refuse: notSold("bad_price", "Family costs 8.00 EUR")},
		"a family of three":            {sale: lines(line(nightA, family, 3)), total: 2400, seats: 3},
		"a family of six":              {sale: lines(line(nightA, family, 6)), total: 4800, seats: 6},
		"too small a family":           {sale: lines(line(nightA, family, 2)), refuse: notSold("bad_quantity", "from 3 to 6 of Family")},
		"too large a family":           {sale: lines(line(nightA, family, 7)), refuse: notSold("bad_quantity", "from 3 to 6 of Family")},
		"a family on two nights":       {sale: lines(line(nightA, family, 2), line(nightB, family, 1)), total: 2400, seats: 3},
		"too large over two nights":    {sale: lines(line(nightA, family, 4), line(nightB, family, 3)), refuse: notSold("bad_quantity", "from 3 to 6 of Family")},
		"too large in two prices' way": {sale: lines(line(nightA, family, 4), forPrice(family, 3, 800)), refuse: notSold("bad_quantity", "from 3 to 6 of Family")},
		"in the window":                {sale: lines(line(nightA, window, 1)), total: 1000, seats: 1},
		"a tender of no kind":          {sale: Sale{Key: key, LineItems: adults(key, 1).LineItems, Tender: "cheque"}, refuse: notSold("invalid_request", `"cheque"`)},
	} {
		t.Run(name, func(t *testing.T) {
			s := ruled(t)
			before := s.bytes()
			o, err := s.desk.Sell(t.Context(), test.sale)
			if test.refuse != nil {
				test.refuse(s, err)
				s.unchanged(before)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			testkit.Append(t, s.book, testkit.Pay(o))
			paid, err := s.desk.Order(o.ID)
			held := testkit.Quota(t, s.book, "quota-a").Sold + testkit.Quota(t, s.book, "quota-b").Sold
			if err != nil || paid.Total.Minor != test.total || paid.Seats() != test.seats || len(paid.Tickets) != test.seats || held != test.seats {
				t.Errorf("%s for %d seats, %d tickets, %d of the quotas, %v; want %d for %d", paid.Total, paid.Seats(), len(paid.Tickets), held, err, test.total, test.seats)
			}
		})
	}
}

// A gift beside a seat: the order has both, and one ticket.
func TestAGiftBesideASeat(t *testing.T) {
	s := ruled(t)
	o := s.sell(lines(line(nightA, window, 1), forPrice(gift, 1, 1500)))
	if o.Total.Minor != 2500 || o.Seats() != 1 || !o.LineItems[1].Donation || o.LineItems[0].Donation {
		t.Errorf("the order is %+v", o)
	}
	if diff := cmp.Diff([]boxoffice.Claim{{QuotaID: "quota-a", Seats: 1}}, o.Hold.Claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

// What is on sale is said by Stripe's clock: the till's is an hour behind it
// here, and would sell what has ended.
func TestWindowsAreOfStripesClock(t *testing.T) {
	now := stripesTime()
	for name, test := range map[string]struct {
		from, until time.Time
		off, sold   bool
	}{
		"from now on":           {from: now, sold: true},
		"in a moment":           {from: now.Add(1)},
		"until now":             {until: now},
		"until in a moment":     {until: now.Add(1), sold: true},
		"by the till's clock":   {from: testkit.NewClock().Now(), until: now},
		"always, and taken off": {off: true},
		"always":                {sold: true},
	} {
		s := ruled(t, func(kind *boxoffice.TicketType) {
			if kind.ID == window {
				kind.SaleFrom, kind.SaleUntil, kind.OffSale = test.from, test.until, test.off
			}
		})
		before := s.bytes()
		_, err := s.desk.Sell(t.Context(), lines(line(nightA, window, 1)))
		switch {
		case test.sold && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.sold:
		case s.asError(err).Code != boxoffice.CodeNotOnSale || s.asError(err).Params["name"] != "Early":
			t.Errorf("%s: %v", name, err)
		default:
			s.unchanged(before)
		}
	}
}

// An archived event sells nothing.
func TestAnArchivedEventSellsNothing(t *testing.T) {
	s := newScene(t)
	edit := s.editOf("evt-1")
	edit.Event.Archived = true
	s.save(edit)
	before := s.bytes()
	if _, err := s.desk.Sell(t.Context(), adults(key, 1)); s.asError(err).Code != boxoffice.CodeUnknownPerformance {
		t.Errorf("refused as %v", err)
	}
	s.unchanged(before)
}

// What Stripe has a price of is sold by it, with its tax; what it has not, or
// not at this price, is named and priced in the request. Where and when stand
// once beside the Pay button, since a price of Stripe's does not say it.
func TestTheRequestByPricesOfStripe(t *testing.T) {
	s := ruled(t).atStripe()
	s.desk.opt.Fee = func(a money.Amount) int64 { return a.Minor / 10 }
	for _, kind := range s.editOf("evt-3").Event.TicketTypes {
		testkit.Append(t, s.book, testkit.AtStripe(kind))
	}
	rate := boxoffice.TaxRate{Name: "VAT", Percent: 130_000}
	step := boxoffice.MirrorRequest{TaxRate: &rate, NewTaxRate: &boxoffice.TaxRateRequest{}}
	testkit.Append(t, s.book,
		boxoffice.MethodsOfferedFact{Methods: []string{"klarna", "paypal", "swish"}},
		boxoffice.MirrorAskedFact{Intent: boxoffice.Intent{Key: "mir-1", Mirror: &step}},
		boxoffice.MirrorDoneFact{IntentKey: "mir-1", Request: step, ID: "txr_1"})
	edit := s.editOf("evt-1")
	edit.Event.TicketTypes[1].Price.Minor = 1000 // of the child; Stripe has €9 yet
	s.save(edit)
	_, got := s.request(Sale{Key: key, LineItems: []SaleLine{
		line(nightA, family, 2), line(nightB, family, 1), line(testkit.Performance, testkit.Adult, 2), line(testkit.Performance, testkit.Child, 1),
		forPrice(wish, 1, 700), line(nightA, window, 1),
	}})
	eur := func(minor int64) money.Amount { return money.New(minor, "eur") }
	want := []boxoffice.SessionLine{
		{PriceID: "price_" + family, UnitPrice: eur(800), Quantity: 2, TaxRateID: "txr_1"},
		{PriceID: "price_" + family, UnitPrice: eur(800), Quantity: 1, TaxRateID: "txr_1"},
		{PriceID: "price_" + testkit.Adult, UnitPrice: eur(2400), Quantity: 2},
		{Name: "Hamlet · Child", Description: "Playhouse, Thu 5 Mar 2026, 19:30", UnitPrice: eur(1000), Quantity: 1},
		{Name: "Gala · Wish", Description: "Hall, Fri 6 Mar 2026, 14:00", UnitPrice: eur(700), Quantity: 1},
		{PriceID: "price_" + window, UnitPrice: eur(1000), Quantity: 1},
	}
	if diff := cmp.Diff(want, got.LineItems); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if got.Submit != "Hall, Fri 6 Mar 2026, 14:00\nHall, Sat 7 Mar 2026, 14:00\nPlayhouse, Thu 5 Mar 2026, 19:30" {
		t.Errorf("beside the button stands %q", got.Submit)
	}
	if diff := cmp.Diff([]string{"card", "paypal"}, got.Methods); diff != "" || got.Fee != (3*800+2*2400+1000+700+1000)/10 {
		t.Errorf("fee %d, methods (-want +got):\n%s", got.Fee, diff)
	}
}

// A price that is Stripe's, of a product that is not sold any more there, is
// not asked for.
func TestAnInactiveProductIsPricedInTheRequest(t *testing.T) {
	s := newScene(t).atStripe()
	m := s.mirror(testkit.Adult)
	m.Inactive = true
	testkit.Append(t, s.book, boxoffice.MirrorAdoptedFact{Mirror: m})
	if _, got := s.request(adults(key, 1)); got.LineItems[0].PriceID != "" || got.LineItems[0].Name != "Hamlet · Adult" || got.Submit != "" {
		t.Errorf("the request is %+v", got)
	}
}

// A hundred performances say where and when within Stripe's limit.
func TestManyNightsKeepStripesLimits(t *testing.T) {
	s := newScene(t)
	edit := newEvent()
	edit.Event.Performances, edit.Quotas = nil, nil
	edit.Event.Place = strings.Repeat("🎭", 200)
	edit.Event.TicketTypes = edit.Event.TicketTypes[1:]
	for i := range 100 {
		id := "new-" + strings.Repeat("n", i)
		edit.Event.Performances = append(edit.Event.Performances, boxoffice.Performance{ID: id, StartsAt: stripesTime().AddDate(0, 0, i)})
		edit.Quotas = append(edit.Quotas, boxoffice.Quota{PerformanceID: id, TicketTypeIDs: []string{"new-2"}, Size: 1})
	}
	e := s.editOf(s.save(edit)).Event
	testkit.Append(t, s.book, testkit.AtStripe(e.TicketTypes[0]))
	sale := Sale{Key: key}
	for _, p := range e.Performances {
		sale.LineItems = append(sale.LineItems, line(p.ID, e.TicketTypes[0].ID, 1))
	}
	o, got := s.request(sale)
	if n := len([]rune(got.Submit)); n != 1200 || len(got.LineItems) != 100 || o.Seats() != 100 {
		t.Errorf("%d characters stand beside the button of %d lines", n, len(got.LineItems))
	}
	if n := len([]rune(got.Description)); n > 500 {
		t.Errorf("the description has %d characters", n)
	}
}

// A card that is typed is a payment of the total, and of nothing else.
func TestTheRequestForATypedCard(t *testing.T) {
	s := ruled(t)
	s.desk.opt.Fee = func(a money.Amount) int64 { return a.Minor / 10 }
	var asked boxoffice.Intent
	s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact { asked = i; return testkit.Obliges(i) })
	sale := lines(line(nightA, family, 3), forPrice(gift, 1, 500))
	sale.Tender, sale.BuyerEmail = boxoffice.CardTender, "anna@example.org"
	o := s.sell(sale)
	want := boxoffice.Intent{
		Key: ledger.CreateKey(o.Tenders[0].ID), OrderID: o.ID, TenderID: o.Tenders[0].ID, RecordedAt: stripesTime(), Asker: "asker",
		Pay: &boxoffice.PaymentRequest{
			Amount: money.New(2900, "eur"), Description: "Willcall " + o.Code + " · 3 × Gala · Family · 1 × Gala · Gift", ReceiptEmail: "anna@example.org",
			Metadata: map[string]string{
				"willcall_order": o.ID, "willcall_code": o.Code, "willcall_tender": o.Tenders[0].ID, "willcall_book": "book-1", "willcall_kind": "card",
			},
			Descriptor: "WC " + o.Code, Fee: 290,
		},
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("intent (-want +got):\n%s", diff)
	}
	if p := o.Tenders[0]; p.Kind != boxoffice.CardTender || p.State != boxoffice.TenderOpen || !strings.HasPrefix(p.SessionID, "pi_") || p.URL != "" {
		t.Errorf("the tender is %+v", p)
	}
	phone := sale
	phone.Tender = boxoffice.Phone
	if _, err := s.desk.Sell(t.Context(), phone); s.asError(err).Code != boxoffice.CodeKeyMismatch {
		t.Errorf("the same key, by phone: %v", err)
	}
	canceled, err := s.desk.Cancel(t.Context(), o.ID)
	if err != nil || canceled.Status() != boxoffice.Canceled || asked.Expire != o.Tenders[0].SessionID || testkit.Quota(t, s.book, "quota-a").Taken() != 0 {
		t.Errorf("canceled: %v, %s, asked %+v", err, canceled.Status(), asked)
	}
}

// A code of digits alone would be no descriptor: Stripe wants a letter.
func TestADescriptorHasALetter(t *testing.T) {
	s := newScene(t)
	s.desk.opt.IDs.Source = &zeroes{until: 100}
	if o, got := s.request(adults(key, 1)); o.Code != "222222" || got.Descriptor != "WC 222222" {
		t.Errorf("the descriptor of %s is %q", o.Code, got.Descriptor)
	}
}
