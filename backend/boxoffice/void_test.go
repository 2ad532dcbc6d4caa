package boxoffice

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// overlapping are quotas over one performance: the house over all types, and a
// balcony over children.
func overlapping() []Quota {
	return []Quota{
		{ID: "house", PerformanceID: "perf-1", TicketTypeIDs: []string{"adult", "child"}, Size: 10},
		{ID: "balcony", PerformanceID: "perf-1", TicketTypeIDs: []string{"child"}, Size: 4},
	}
}

// family is two adults and a child, tkt-1 to tkt-3, of both quotas.
func family() Order {
	o := soldOrder(6300, 3, Claim{QuotaID: "house", Seats: 3}, Claim{QuotaID: "balcony", Seats: 1})
	o.Tickets[2].TicketTypeID = "child"
	return o
}

func TestTheSeatsThatComeFree(t *testing.T) {
	wider := overlapping() // since the sale the balcony takes adults too
	wider[1].TicketTypeIDs = []string{"child", "adult"}
	narrow := overlapping() // and the house no adults any more
	narrow[0].TicketTypeIDs = []string{"child"}
	for name, test := range map[string]struct {
		quotas  []Quota
		tickets string
		want    string
	}{
		"none":                                   {overlapping(), "", ""},
		"an adult":                               {overlapping(), "tkt-1", "house 1"},
		"the child, of two quotas":               {overlapping(), "tkt-3", "house 1, balcony 1"},
		"both adults":                            {overlapping(), "tkt-1 tkt-2", "house 2"},
		"all":                                    {overlapping(), "tkt-1 tkt-2 tkt-3", "house 3, balcony 1"},
		"one that is not the order's":            {overlapping(), "tkt-9", ""},
		"an adult, though the balcony has grown": {wider, "tkt-1", "house 1"},
		"the child, whose seat adults now share": {wider, "tkt-3", "house 1"},
		"an adult whom the house forgot":         {narrow, "tkt-1", ""},
		"all, whatever the quotas are":           {narrow, "tkt-3 tkt-2 tkt-1", "house 3, balcony 1"},
		"of no quota that is left":               {nil, "tkt-1", ""},
	} {
		var got []string
		for _, c := range family().Freed(test.quotas, strings.Fields(test.tickets)) {
			got = append(got, fmt.Sprint(c.QuotaID, " ", c.Seats))
		}
		if text := strings.Join(got, ", "); text != test.want {
			t.Errorf("%s: %q come free, want %q", name, text, test.want)
		}
	}
	half := family()
	half.Tickets[0].Void, half.Hold.Claims = true, []Claim{{QuotaID: "house", Seats: 2}, {QuotaID: "balcony", Seats: 1}}
	if diff := cmp.Diff(half.Hold.Claims, half.Freed(overlapping(), []string{"tkt-2", "tkt-3"})); diff != "" {
		t.Errorf("the last valid tickets do not give all that is left:\n%s", diff)
	}
	all := half.Freed(overlapping(), []string{"tkt-2", "tkt-3"})
	if all[0].Seats = 9; half.Hold.Claims[0].Seats != 2 {
		t.Error("what comes free is the order's own list")
	}
}

func TestTicketsBecomeVoid(t *testing.T) {
	refunded := func(o Order) Order {
		o.Refunds = []Refund{elsewhere(1, RefundSucceeded, 2400), refund(2, RefundAsked, 100)}
		o.Refunds[1].Answered, o.Refunds[1].TicketIDs = true, []string{"tkt-1"}
		return o
	}
	open := refunded(family())
	open.Tenders[0].State, open.Hold.State = TenderOpen, Held
	house := func(n int) []Claim { return []Claim{{QuotaID: "house", Seats: n}} }
	for name, test := range map[string]struct {
		order Order
		fact  TicketsVoidedFact
		want  string // valid tickets, claims, answered refunds; or the error
	}{
		"one":                     {family(), TicketsVoidedFact{TicketIDs: []string{"tkt-2"}, Claims: house(1)}, "tkt-1 tkt-3; [{house 2} {balcony 1}]"},
		"all":                     {family(), TicketsVoidedFact{TicketIDs: []string{"tkt-1", "tkt-2", "tkt-3"}, Claims: family().Hold.Claims}, "; []"},
		"without a seat":          {family(), TicketsVoidedFact{TicketIDs: []string{"tkt-2"}}, "tkt-1 tkt-3; [{house 3} {balcony 1}]"},
		"for a refund":            {refunded(family()), TicketsVoidedFact{RefundID: "re_1", TicketIDs: []string{"tkt-2"}, Claims: house(1)}, "tkt-1 tkt-3; [{house 2} {balcony 1}] re_1 for [tkt-2] rfd-2 for [tkt-1]"},
		"none, for a refund":      {refunded(family()), TicketsVoidedFact{RefundID: "re_1", TicketIDs: []string{}}, "tkt-1 tkt-2 tkt-3; [{house 3} {balcony 1}] re_1 for [] rfd-2 for [tkt-1]"},
		"as the refund was asked": {refunded(family()), TicketsVoidedFact{RefundID: "rfd-2", TicketIDs: []string{"tkt-1"}, Claims: house(1)}, "tkt-2 tkt-3; [{house 2} {balcony 1}] rfd-2 for [tkt-1]"},
		"and more":                {refunded(family()), TicketsVoidedFact{RefundID: "rfd-2", TicketIDs: []string{"tkt-3"}, Claims: house(1)}, "tkt-1 tkt-2; [{house 2} {balcony 1}] rfd-2 for [tkt-1 tkt-3]"},

		"a stranger's ticket":          {family(), TicketsVoidedFact{TicketIDs: []string{"tkt-9"}}, "no valid ticket tkt-9"},
		"one twice":                    {family(), TicketsVoidedFact{TicketIDs: []string{"tkt-1", "tkt-1"}, Claims: house(2)}, "no valid ticket tkt-1"},
		"more seats than tickets":      {family(), TicketsVoidedFact{TicketIDs: []string{"tkt-1"}, Claims: house(2)}, "more seats than tickets"},
		"more seats than there are":    {family(), TicketsVoidedFact{TicketIDs: []string{"tkt-1", "tkt-2"}, Claims: []Claim{{"balcony", 2}}}, "has not 2 seats of quota balcony"},
		"more seats, in two goes":      {family(), TicketsVoidedFact{TicketIDs: []string{"tkt-1", "tkt-2"}, Claims: []Claim{{"balcony", 1}, {"balcony", 1}}}, "has not 1 seats of quota balcony"},
		"less than none":               {family(), TicketsVoidedFact{TicketIDs: []string{"tkt-1"}, Claims: house(-1)}, "has not -1 seats"},
		"seats of another quota":       {family(), TicketsVoidedFact{TicketIDs: []string{"tkt-1"}, Claims: []Claim{{"attic", 1}}}, "of quota attic"},
		"all, and a seat is kept":      {family(), TicketsVoidedFact{TicketIDs: []string{"tkt-1", "tkt-2", "tkt-3"}, Claims: house(3)}, "keep seats for nobody"},
		"seats alone":                  {family(), TicketsVoidedFact{Claims: house(1)}, "no ticket is said"},
		"seats alone, for a refund":    {refunded(family()), TicketsVoidedFact{RefundID: "re_1", Claims: house(1)}, "no ticket is said"},
		"nothing":                      {family(), TicketsVoidedFact{}, "no ticket is said"},
		"for a refund of another":      {refunded(family()), TicketsVoidedFact{RefundID: "re_9", TicketIDs: []string{"tkt-1"}, Claims: house(1)}, "no refund re_9"},
		"of an order that is not paid": {open, TicketsVoidedFact{RefundID: "re_1", Claims: house(1)}, "not paid"},
	} {
		t.Run(name, func(t *testing.T) {
			before := fmt.Sprintf("%+v", test.order)
			after, err := test.order.Apply(test.fact, noon)
			if got := voided(after); err == nil && (got != test.want || !after.UpdatedAt.Equal(noon)) {
				t.Errorf("the order has %s at %s, want %s", got, after.UpdatedAt, test.want)
			}
			if err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
			if err != nil && !cmp.Equal(test.order, after) || fmt.Sprintf("%+v", test.order) != before {
				t.Errorf("what was there before was changed: %+v", after)
			}
		})
	}
}

func voided(o Order) string {
	var valid []string
	for _, t := range o.Valid() {
		valid = append(valid, t.ID)
	}
	text := fmt.Sprintf("%s; %v", strings.Join(valid, " "), o.Hold.Claims)
	for _, r := range o.Refunds {
		if r.Answered {
			text += fmt.Sprintf(" %s for %v", r.ID, r.TicketIDs)
		}
	}
	return text
}

func TestWhatNobodyHasSaidYet(t *testing.T) {
	answered := elsewhere(2, RefundSucceeded, 100)
	answered.Answered = true
	allVoid := family()
	for i := range allVoid.Tickets {
		allVoid.Tickets[i].Void = true
	}
	for name, test := range map[string]struct {
		order   Order
		refunds []Refund
		want    string
	}{
		"no refund":                      {family(), nil, ""},
		"one from the Dashboard":         {family(), []Refund{elsewhere(1, RefundSucceeded, 100)}, "re_1"},
		"on its way":                     {family(), []Refund{elsewhere(1, RefundPending, 100), elsewhere(3, RefundNeedsAction, 5)}, "re_1 re_3"},
		"somebody said":                  {family(), []Refund{answered}, ""},
		"it failed":                      {family(), []Refund{elsewhere(1, RefundFailed, 100)}, ""},
		"there is nothing to choose":     {allVoid, []Refund{elsewhere(1, RefundSucceeded, 100)}, ""},
		"of two, one is not settled yet": {family(), []Refund{answered, elsewhere(3, RefundSucceeded, 5)}, "re_3"},
	} {
		o := test.order
		o.Refunds = test.refunds
		var got []string
		for _, r := range o.Unanswered() {
			got = append(got, r.ID)
		}
		if text := strings.Join(got, " "); text != test.want {
			t.Errorf("%s: %q, want %q", name, text, test.want)
		}
	}
}

// TestEverySeatIsSomebodys makes tickets void in any order, under quotas that
// overlap and are edited on the way: nobody with a valid ticket loses a seat to
// another, and in the end none is kept. Under quotas that stay, the seats are
// those of the valid tickets.
func TestEverySeatIsSomebodys(t *testing.T) {
	types := []string{"adult", "child", "student"}
	covering := func(t *rapid.T, label string) []Quota {
		quotas := []Quota{{ID: "a", PerformanceID: "perf-1"}, {ID: "b", PerformanceID: "perf-1"}, {ID: "c", PerformanceID: "perf-2"}}
		for i := range quotas {
			quotas[i].TicketTypeIDs = rapid.SliceOfNDistinct(rapid.SampledFrom(types), 1, 3, rapid.ID).Draw(t, label)
		}
		return quotas
	}
	count := func(o Order, q Quota) (n int) {
		for _, t := range o.Valid() {
			if q.Covers(t.PerformanceID, t.TicketTypeID) {
				n++
			}
		}
		return n
	}
	rapid.Check(t, func(t *rapid.T) {
		quotas := covering(t, "quota")
		o := soldOrder(100, rapid.IntRange(1, 8).Draw(t, "tickets"))
		for i := range o.Tickets {
			o.Tickets[i].TicketTypeID = rapid.SampledFrom(types).Draw(t, "type")
			o.Tickets[i].PerformanceID = rapid.SampledFrom([]string{"perf-1", "perf-2"}).Draw(t, "performance")
		}
		for _, q := range quotas {
			if n := count(o, q); n > 0 {
				o.Hold.Claims = append(o.Hold.Claims, Claim{QuotaID: q.ID, Seats: n})
			}
		}
		edited := false
		for len(o.Valid()) > 0 {
			if rapid.IntRange(0, 3).Draw(t, "edit") == 0 {
				quotas, edited = covering(t, "edited"), true
			}
			var ids []string
			for _, ticket := range rapid.SliceOfNDistinct(rapid.SampledFrom(o.Valid()), 1, -1, func(t Ticket) string { return t.ID }).Draw(t, "void") {
				ids = append(ids, ticket.ID)
			}
			after, err := o.Apply(TicketsVoidedFact{OrderID: o.ID, TicketIDs: ids, Claims: o.Freed(quotas, ids)}, noon)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range quotas {
				has, had, sitting := seatsOf(after, q.ID), seatsOf(o, q.ID), count(after, q)
				if has < min(had, sitting) || !edited && has != sitting {
					t.Fatalf("%d sit on %d seats of %s, which had %d", sitting, has, q.ID, had)
				}
			}
			o = after
		}
		if len(o.Hold.Claims) > 0 {
			t.Fatalf("nobody has a ticket, and %v are kept", o.Hold.Claims)
		}
	})
}

func seatsOf(o Order, quotaID string) int {
	for _, c := range o.Hold.Claims {
		if c.QuotaID == quotaID {
			return c.Seats
		}
	}
	return 0
}
