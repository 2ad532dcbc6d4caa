package desk

import (
	"slices"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
)

// Buyers pay in ways that are decided at once, unless the organizer allows the
// others: then Stripe offers whatever the account does, at the till and on the
// wall, for what is asked from then on.
func TestSlowWaysToPayAreAllowedByChoice(t *testing.T) {
	s := newScene(t).atStripe()
	testkit.Append(t, s.book, boxoffice.MethodsOfferedFact{Methods: []string{"card", "paypal", "sepa_debit"}})
	var asked [][]string
	s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact {
		switch {
		case i.Create != nil:
			asked = append(asked, i.Create.Methods)
		case i.Link != nil:
			asked = append(asked, i.Link.Methods)
		}
		return testkit.Obliges(i)
	})
	for i, c := range []struct {
		allowed bool
		want    []string
	}{{false, []string{"card", "paypal"}}, {true, nil}, {false, []string{"card", "paypal"}}} {
		if err := s.desk.AllowDelayed(c.allowed); err != nil {
			t.Fatal(err)
		}
		before := s.number()
		if err := s.desk.AllowDelayed(c.allowed); err != nil || s.number() != before {
			t.Errorf("saying it twice wrote %d entries: %v", s.number()-before, err)
		}
		asked = nil
		if _, err := s.desk.Sell(t.Context(), Sale{Key: "a-sale-of-round-" + string(rune('a'+i)), LineItems: []SaleLine{line(testkit.Performance, testkit.Adult, 1)}}); err != nil {
			t.Fatal(err)
		}
		r := walls(1)
		r.Key += string(rune('a' + i))
		s.poster(r)
		if len(asked) != 2 || !slices.Equal(asked[0], c.want) || !slices.Equal(asked[1], c.want) {
			t.Errorf("allowed %v: Stripe was asked for %v", c.allowed, asked)
		}
	}
}
