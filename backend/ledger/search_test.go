package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// numbers runs a query and returns the numbers of the orders it finds, with a
// plus behind them if there are more.
func numbers(t *testing.T, b *ledger.Book, q ledger.OrderQuery) string {
	t.Helper()
	var found []string
	view(t, b, func(tx *ledger.Tx) error {
		orders, more, err := tx.Orders(q)
		for _, o := range orders {
			found = append(found, strings.TrimPrefix(o.ID, "ord-"))
		}
		if more {
			found = append(found, "+")
		}
		return err
	})
	return strings.Join(found, " ")
}

func TestSearchingOrders(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	testkit.Append(t, b, // their entries are 6 to 16
		by("Anna@Example.org", placed(1, 1)), opened(1), paid(1),
		by("anna.k@example.org", placed(2, 1)), opened(2), expired(2),
		by("bob@example.org", placed(3, 1)), opened(3), paid(3),
		by("Anna@Example.org", placed(4, 1)), placed(27, 1)) // 27 has a code that begins as that of 1
	awaiting := boxoffice.AwaitingPayment
	tests := []struct {
		name  string
		query ledger.OrderQuery
		want  string
	}{
		{"all, newest first", ledger.OrderQuery{Limit: 10}, "27 4 3 2 1"},
		{"as many as there are", ledger.OrderQuery{Limit: 5}, "27 4 3 2 1"},
		{"one fewer", ledger.OrderQuery{Limit: 4}, "27 4 3 2 +"},
		{"the next page", ledger.OrderQuery{Limit: 2, Before: 15}, "3 2 +"},
		{"the last page", ledger.OrderQuery{Limit: 2, Before: 9}, "1"},
		{"before the first", ledger.OrderQuery{Limit: 2, Before: 6}, ""},
		{"paid", ledger.OrderQuery{Status: boxoffice.Paid, Limit: 10}, "3 1"},
		{"awaiting payment", ledger.OrderQuery{Status: awaiting, Limit: 1}, "27 +"},
		{"awaiting payment, page 2", ledger.OrderQuery{Status: awaiting, Limit: 1, Before: 16}, "4"},
		{"expired", ledger.OrderQuery{Status: boxoffice.Expired, Limit: 10}, "2"},
		{"canceled", ledger.OrderQuery{Status: boxoffice.Canceled, Limit: 10}, ""},
		{"a status that there is not", ledger.OrderQuery{Status: "eaten", Limit: 10}, ""},
		{"a code", ledger.OrderQuery{Text: code(3), Limit: 10}, "3"},
		{"a code in lower case with spaces", ledger.OrderQuery{Text: "  " + strings.ToLower(code(3)) + "\t", Limit: 10}, "3"},
		{"the start of codes", ledger.OrderQuery{Text: "b", Limit: 10}, "27 3 1"}, // and of bob
		{"an address in another case", ledger.OrderQuery{Text: "ANNA@example.ORG", Limit: 10}, "4 1"},
		{"the start of addresses", ledger.OrderQuery{Text: "anna", Limit: 10}, "4 2 1"},
		{"the middle of an address", ledger.OrderQuery{Text: "example", Limit: 10}, ""},
		{"a card", ledger.OrderQuery{Text: "4242", Limit: 10}, "3 1"},
		{"a card, page 1", ledger.OrderQuery{Text: "4242", Limit: 1}, "3 +"},
		{"a card, page 2", ledger.OrderQuery{Text: "4242", Limit: 1, Before: 12}, "1"},
		{"half a card", ledger.OrderQuery{Text: "424", Limit: 10}, ""},
		{"text and status", ledger.OrderQuery{Text: "anna", Status: boxoffice.Paid, Limit: 10}, "1"},
		{"text, page 1", ledger.OrderQuery{Text: "anna", Limit: 2}, "4 2 +"},
		{"text, page 2", ledger.OrderQuery{Text: "anna", Limit: 2, Before: 9}, "1"},
		{"spaces alone are no text", ledger.OrderQuery{Text: " \t ", Limit: 2}, "27 4 +"},
		{"no such thing", ledger.OrderQuery{Text: "zebra", Limit: 10}, ""},
		{"another index's keys", ledger.OrderQuery{Text: "/", Limit: 10}, ""},
		{"bytes that are no text", ledger.OrderQuery{Text: "\xff\x00\xfe", Limit: 10}, ""},
		{"none at a time", ledger.OrderQuery{Limit: 0}, "+"},
		{"fewer than none", ledger.OrderQuery{Text: "anna", Limit: -1}, "+"},
		{"fewer than none of all", ledger.OrderQuery{Limit: -1}, "+"},
	}
	for _, test := range tests {
		if got := numbers(t, b, test.query); got != test.want {
			t.Errorf("%s: found %q, want %q", test.name, got, test.want)
		}
	}
}

// TestPagesTogetherAreTheWhole walks a list as the screen does.
func TestPagesTogetherAreTheWhole(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	var facts []boxoffice.Fact
	for n := range 23 {
		facts = append(facts, by(fmt.Sprintf("buyer%d@example.org", n%3), placed(n, 1)), opened(n), expired(n))
	}
	testkit.Append(t, b, facts...)
	for _, q := range []ledger.OrderQuery{{Limit: 4}, {Limit: 4, Status: boxoffice.Expired}, {Limit: 4, Text: "buyer"}} {
		var seen []uint64
		for more := true; more; {
			view(t, b, func(tx *ledger.Tx) (err error) {
				var orders []boxoffice.Order
				if orders, more, err = tx.Orders(q); err != nil || len(orders) == 0 {
					return fmt.Errorf("a page of nothing: %w", err)
				}
				for _, o := range orders {
					seen = append(seen, o.Number)
				}
				q.Before = seen[len(seen)-1]
				return nil
			})
		}
		sorted := slices.Clone(seen)
		slices.Sort(sorted)
		slices.Reverse(sorted)
		if len(slices.Compact(sorted)) != 23 || !slices.Equal(seen, sorted) {
			t.Errorf("%+v: the pages together are %d orders, want 23, each once and newest first: %v", q, len(seen), seen)
		}
	}
}

// TestASearchOfManyIsWhole: however many orders a letter finds, all of them are
// there, and those of a status or a poster alone where that is asked for.
func TestASearchOfManyIsWhole(t *testing.T) {
	t.Parallel()
	b := testkit.Book(t, ledger.Options{})
	var facts []boxoffice.Fact
	const orders = 620
	for n := range orders {
		f := by(fmt.Sprintf("anna%05d@example.org", n), placed(n, 1))
		f.Order.Hold.State, f.Order.Hold.Claims = boxoffice.Released, nil
		f.Order.Tenders[0].State = boxoffice.TenderExpired
		f.Order.Tenders[0].Card.Last4 = "4242"
		if n%100 == 0 {
			f.Order.PosterID = "pst-7"
		}
		facts = append(facts, f)
	}
	testkit.Append(t, b, facts...)
	for _, q := range []ledger.OrderQuery{
		{Text: "anna", Limit: orders}, {Text: "anna", Limit: orders, Status: boxoffice.Expired}, {Text: "4242", Limit: orders},
	} {
		if got := strings.Fields(numbers(t, b, q)); len(got) != orders || got[0] != "619" || got[orders-1] != "0" {
			t.Errorf("%+v: %d orders from %s to %s, want all %d, newest first", q, len(got), got[0], got[len(got)-1], orders)
		}
	}
	for want, q := range map[string]ledger.OrderQuery{
		"":                  {Text: "anna", Status: boxoffice.Paid, Limit: 10},
		"619 618 +":         {Text: "4242", Limit: 2},
		"619 618 617 +":     {Text: "anna0061", Limit: 3},
		"600 500 400 +":     {Text: "anna", Poster: "pst-7", Limit: 3},
		"600 500 400 300 +": {Poster: "pst-7", Status: boxoffice.Expired, Limit: 4},
		"200 100 0":         {Text: "anna", Poster: "pst-7", Limit: 3, Before: 306},
		"619 618 617 616 +": {Text: "ANNA", Limit: 4},
		"612 611 610":       {Text: "anna0061", Limit: 10, Before: 619},
	} {
		if got := numbers(t, b, q); got != want {
			t.Errorf("%+v finds %q, want %q", q, got, want)
		}
	}
}

func TestSearchingByTheBuyersName(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	named := func(n int, name string) boxoffice.Fact {
		f := paid(n).(boxoffice.PaidFact)
		f.BuyerName, f.BuyerEmail = name, fmt.Sprintf("buyer%d@example.org", n)
		return f
	}
	testkit.Append(t, b, placed(1, 1), opened(1), named(1, "Ana Kovač"), placed(2, 1), opened(2), named(2, "Kovács Éva"), placed(3, 1))
	for text, want := range map[string]string{"kov": "2 1", "KOVAČ": "1", "éva": "2", "ana k": "", "buyer2": "2", "nobody": ""} {
		if got := numbers(t, b, ledger.OrderQuery{Text: text, Limit: 10}); got != want {
			t.Errorf("searching %q finds %q, want %q", text, got, want)
		}
	}
	testkit.MustVerify(t, b)
}
