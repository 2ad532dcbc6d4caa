package boxoffice

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/money"
)

func nightOut() Event {
	start := time.Date(2026, time.May, 2, 17, 30, 0, 0, time.UTC)
	return Event{
		ID: "evt-1", Name: "Hamlet", Place: "Playhouse", TimeZone: "Europe/Vienna",
		Performances: []Performance{{ID: "fri", DoorsAt: start.Add(-time.Hour), StartsAt: start}},
		TicketTypes:  []TicketType{{ID: "adult", Name: "Adult", Price: money.New(2400, "eur")}},
	}
}

// checked is an event that somebody enters, and what is said of it: "place:
// part of the message", one a line; "" if it can be kept.
type checked struct {
	change func(*Event)
	want   string
}

func ofEvents() map[string]checked {
	texts := map[string]checked{}
	for name, letter := range scripts() {
		whole := strings.Repeat(letter, longestName)
		texts["200 of "+name] = checked{func(e *Event) { e.Name, e.Place, e.TicketTypes[0].Name = whole, whole, whole }, ""}
		texts["201 of "+name] = checked{func(e *Event) { e.Name, e.Place, e.TicketTypes[0].Name = whole+letter, whole+letter, whole+letter },
			"name: 200 characters\nplace: 200 characters\nticketTypes[0].name: 200 characters"}
		texts["500 of "+name] = checked{func(e *Event) { e.TicketTypes[0].Description = strings.Repeat(letter, 500) }, ""}
		texts["501 of "+name] = checked{func(e *Event) { e.TicketTypes[0].Description = strings.Repeat(letter, 501) }, "ticketTypes[0].description: 500 characters"}
	}
	for _, bad := range []string{"\x00", "a\nb", "a\tb", "\x7f", "\u0085", "\xff\xfe"} {
		texts[fmt.Sprintf("a name with %q", bad)] = checked{func(e *Event) { e.Name = "Hamlet" + bad }, "name: cannot be printed"}
	}
	return texts
}

func ofBounds() map[string]checked {
	at := nightOut().Performances[0].StartsAt
	nights := func(n int) func(*Event) {
		return func(e *Event) {
			p := e.Performances[0]
			for e.Performances = nil; len(e.Performances) < n; {
				e.Performances = append(e.Performances, p)
			}
		}
	}
	types := func(n int) func(*Event) {
		return func(e *Event) {
			kind := e.TicketTypes[0]
			for e.TicketTypes = nil; len(e.TicketTypes) < n; {
				e.TicketTypes = append(e.TicketTypes, kind)
			}
		}
	}
	picture := func(address string) func(*Event) { return func(e *Event) { e.Picture = address } }
	zone := func(name string) func(*Event) { return func(e *Event) { e.TimeZone = name } }
	return map[string]checked{
		"as it is":            {func(*Event) {}, ""},
		"marks right to left": {func(e *Event) { e.Name = "\u200fהמלט\u200f 👩🏽‍🎤" }, ""},
		"no names":            {func(e *Event) { e.Name, e.Place, e.TicketTypes[0].Name = "", " \u00a0", "\u2003" }, "name: cannot be empty\nplace: cannot be empty\nticketTypes[0].name: cannot be empty"},
		"lines below another": {func(e *Event) { e.TicketTypes[0].Description = "Stalls\nfree seating" }, ""},
		"a bell in it":        {func(e *Event) { e.TicketTypes[0].Description = "Stalls\a" }, "ticketTypes[0].description: cannot be printed"},
		"no text in it":       {func(e *Event) { e.TicketTypes[0].Description = "\xff" }, "ticketTypes[0].description: cannot be printed"},
		"no nights":           {nights(0), "performances: at least one"},
		"400 nights":          {nights(400), ""},
		"401 nights":          {nights(401), "performances: 400 at most"},
		"no types":            {types(0), "ticketTypes: at least one"},
		"100 types":           {types(100), ""},
		"101 types":           {types(101), "ticketTypes: 100 at most"},
		"UTC":                 {zone("UTC"), ""},
		"no zone":             {zone(""), "timeZone: no time zone"},
		"this machine's zone": {zone("Local"), "timeZone: no time zone"},
		"no such zone":        {zone("Europe/Atlantis"), "timeZone: no time zone"},
		"a zone up the tree":  {zone("../etc/passwd"), "timeZone: no time zone"},
		"no start":            {func(e *Event) { e.Performances[0].StartsAt = time.Time{} }, "performances[0].startsAt: when the performance starts"},
		"a year of long ago": {func(e *Event) {
			e.Performances[0].DoorsAt, e.Performances[0].StartsAt = time.Time{}, at.AddDate(-27, 0, 0)
		}, "performances[0].startsAt: between the years"},
		"a year far away":    {func(e *Event) { e.Performances[0].StartsAt = at.AddDate(974, 0, 0) }, "performances[0].startsAt: between the years"},
		"the last year":      {func(e *Event) { e.Performances[0].StartsAt = at.AddDate(973, 0, 0) }, ""},
		"doors at the start": {func(e *Event) { e.Performances[0].DoorsAt = at }, ""},
		"doors afterwards":   {func(e *Event) { e.Performances[0].DoorsAt = at.Add(1) }, "performances[0].doorsAt: before the performance starts"},
		"a picture":          {picture("https://example.org/hamlet.jpg?w=1"), ""},
		"one by http":        {picture("http://example.org/1.jpg"), "picture: begins with https://"},
		"one of nowhere":     {picture("https://"), "picture: begins with https://"},
		"one of a file":      {picture("https:///etc/passwd"), "picture: begins with https://"},
		"one with a space":   {picture("https://example.org/1 2.jpg"), "picture: begins with https://"},
		"one that runs":      {picture("javascript:alert(1)"), "picture: begins with https://"},
		"one that is long":   {picture("https://" + strings.Repeat("x", 1993)), "picture: begins with https://"},
	}
}

func ofTypes() map[string]checked {
	of := func(change func(*TicketType)) func(*Event) { return func(e *Event) { change(&e.TicketTypes[0]) } }
	costs := func(minor int64, c money.Currency) func(*Event) {
		return of(func(k *TicketType) { k.Price = money.New(minor, c) })
	}
	chosen := func(price, least, most int64, c money.Currency) func(*Event) {
		return of(func(k *TicketType) { k.Price, k.Bounds = money.New(price, c), &Bounds{least, most} })
	}
	tax := func(name string, percent int64) func(*Event) {
		return of(func(k *TicketType) { k.TaxRate = &TaxRate{name, percent} })
	}
	count := func(least, most int) func(*Event) { return of(func(k *TicketType) { k.Least, k.Most = least, most }) }
	window := func(from, until time.Time) func(*Event) {
		return of(func(k *TicketType) { k.SaleFrom, k.SaleUntil = from, until })
	}
	noon := time.Date(2026, time.March, 5, 12, 0, 0, 0, time.UTC)
	const price = "ticketTypes[0].price: "
	return map[string]checked{
		"the least euro":           {costs(50, "eur"), ""},
		"a cent less":              {costs(49, "eur"), price + "0.49 EUR is too little: Stripe charges 0.50 EUR at the least."},
		"the most":                 {costs(99_999_999, "eur"), ""},
		"a cent more":              {costs(100_000_000, "eur"), price + "999999.99 EUR at the most."},
		"for nothing":              {costs(0, "eur"), price + "too little"},
		"below nothing":            {costs(-1, "eur"), price + "too little"},
		"yen":                      {costs(50, "jpy"), ""},
		"a yen less":               {costs(49, "jpy"), price + "50 JPY at the least"},
		"krónur in whole":          {costs(100, "isk"), ""},
		"krónur and a half":        {costs(150, "isk"), price + "1.50 ISK is not whole: Stripe takes ISK without cents."},
		"dinars":                   {costs(1230, "kwd"), ""},
		"a dinar's last digit":     {costs(1234, "kwd"), price + "the last of KWD's three decimals must be 0"},
		"no currency":              {costs(2400, ""), price + "no currency"},
		"a currency in capitals":   {costs(2400, "EUR"), price + "no currency"},
		"a choice":                 {chosen(1000, 50, 5000, "eur"), ""},
		"a choice of one":          {chosen(1000, 1000, 1000, "eur"), ""},
		"a choice unsuggested":     {chosen(0, 50, 5000, "eur"), ""},
		"a choice from too little": {chosen(0, 49, 5000, "eur"), "ticketTypes[0].bounds.least: 0.50 EUR at the least"},
		"a choice to too much":     {chosen(0, 50, 100_000_000, "eur"), "ticketTypes[0].bounds.most: at the most"},
		"a choice upside down":     {chosen(0, 5000, 50, "eur"), "ticketTypes[0].bounds.most: must not be less"},
		"suggested below it":       {chosen(49, 50, 5000, "eur"), price + "from 0.50 EUR to 50.00 EUR"},
		"suggested above it":       {chosen(5001, 50, 5000, "eur"), price + "from 0.50 EUR to 50.00 EUR"},
		"suggested below nothing":  {chosen(-1, 50, 5000, "eur"), price + "from 0.50 EUR"},
		"suggested by no step":     {chosen(150, 100, 500, "isk"), price + "without cents"},
		"bounds by no step":        {chosen(0, 150, 1250, "isk"), "ticketTypes[0].bounds.least: without cents\nticketTypes[0].bounds.most: without cents"},
		"a tax":                    {tax("VAT", 130_000), ""},
		"a tax of nothing":         {tax("VAT", 0), ""},
		"all of it":                {tax("VAT", 1_000_000), ""},
		"more than all":            {tax("VAT", 1_000_001), "ticketTypes[0].taxRate.percent: from 0 to 100"},
		"less than nothing":        {tax("VAT", -1), "ticketTypes[0].taxRate.percent: from 0 to 100"},
		"a tax without a name":     {tax(" ", 1), "ticketTypes[0].taxRate.name: cannot be empty"},
		"a tax of 50":              {tax(strings.Repeat("税", 50), 1), ""},
		"a tax of 51":              {tax(strings.Repeat("税", 51), 1), "ticketTypes[0].taxRate.name: 50 characters"},
		"three to six":             {count(3, 6), ""},
		"just three":               {count(3, 3), ""},
		"three at least":           {count(3, 0), ""},
		"a hundred":                {count(100, 100), ""},
		"three to two":             {count(3, 2), "ticketTypes[0].most: from 3 to 100"},
		"a hundred and one":        {count(101, 101), "ticketTypes[0].least: from 1 to 100\nticketTypes[0].most: from 101 to 100"},
		"minus one":                {count(-1, -1), "ticketTypes[0].least: from 1 to 100\nticketTypes[0].most: from 1 to 100"},
		"a window":                 {window(noon, noon.Add(1)), ""},
		"from noon":                {window(noon, time.Time{}), ""},
		"until noon":               {window(time.Time{}, noon), ""},
		"a window of no time":      {window(noon, noon), "ticketTypes[0].saleUntil: must end after it begins"},
		"a window backwards":       {window(noon, noon.Add(-1)), "ticketTypes[0].saleUntil: must end after it begins"},
	}
}

func TestCheck(t *testing.T) {
	for _, table := range []map[string]checked{ofEvents(), ofBounds(), ofTypes()} {
		for name, test := range table {
			e := nightOut()
			test.change(&e)
			var wants []string
			if test.want != "" {
				wants = strings.Split(test.want, "\n")
			}
			faults := e.Check()
			if len(faults) != len(wants) {
				t.Errorf("%s: %q, want %q", name, faults, wants)
				continue
			}
			for i, want := range wants {
				at, says, _ := strings.Cut(want, ": ")
				if faults[i].At != at || !strings.Contains(faults[i].Message, says) {
					t.Errorf("%s: %q is said of %s, want %q of %s", name, faults[i].Message, faults[i].At, says, at)
				}
			}
		}
	}
}

// Every fault is told at once, each at its own place.
func TestCheckTellsAll(t *testing.T) {
	e := nightOut()
	e.TicketTypes = append(e.TicketTypes, TicketType{Name: "Child", Price: money.New(1, "usd")}, TicketType{Least: -1, Price: money.New(100, "usd")})
	e.Performances = append(e.Performances, Performance{})
	e.Name = ""
	var at []string
	for _, f := range e.Check() {
		at = append(at, f.At)
	}
	want := []string{"name", "performances[1].startsAt", "ticketTypes[1].price", "ticketTypes[2].name", "ticketTypes[2].least"}
	if diff := cmp.Diff(want, at); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func TestCheckSize(t *testing.T) {
	for size, ok := range map[int]bool{0: true, 1: true, 1_000_000: true, -1: false, 1_000_001: false} {
		if (CheckSize(size) == "") != ok {
			t.Errorf("a quota of %d: %q", size, CheckSize(size))
		}
	}
}

// A window holds its first moment and not its last.
func TestOnSale(t *testing.T) {
	noon := time.Date(2026, time.March, 5, 12, 0, 0, 0, time.UTC)
	vienna := noon.In(time.FixedZone("", 3600))
	for name, test := range map[string]struct {
		kind TicketType
		want string // before noon, at noon, after noon: y or n
	}{
		"always":           {TicketType{}, "yyy"},
		"from noon":        {TicketType{SaleFrom: noon}, "nyy"},
		"until noon":       {TicketType{SaleUntil: noon}, "ynn"},
		"for a nanosecond": {TicketType{SaleFrom: noon, SaleUntil: noon.Add(1)}, "nyn"},
		"in another zone":  {TicketType{SaleFrom: vienna, SaleUntil: vienna.Add(1)}, "nyn"},
		"off":              {TicketType{OffSale: true}, "nnn"},
		"off in its time":  {TicketType{OffSale: true, SaleFrom: noon, SaleUntil: noon.Add(1)}, "nnn"},
	} {
		got := ""
		for _, at := range []time.Time{noon.Add(-1), noon, noon.Add(1)} {
			got += map[bool]string{true: "y", false: "n"}[test.kind.OnSale(at)]
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestLeastAndMostPerOrder(t *testing.T) {
	for _, test := range []struct{ least, most, wantLeast, wantMost int }{{0, 0, 1, 100}, {1, 1, 1, 1}, {3, 0, 3, 100}, {0, 6, 1, 6}, {3, 6, 3, 6}} {
		kind := TicketType{Least: test.least, Most: test.most}
		if kind.LeastPerOrder() != test.wantLeast || kind.MostPerOrder() != test.wantMost {
			t.Errorf("%+v: from %d to %d", test, kind.LeastPerOrder(), kind.MostPerOrder())
		}
	}
}
