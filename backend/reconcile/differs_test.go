package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/backend/stripesim"
)

// heard is what a check would have told.
type heard []string

func (h *heard) Helper() {}

func (h *heard) Errorf(format string, args ...any) { *h = append(*h, fmt.Sprintf(format, args...)) }

// TestAgreesFindsEachDifference: a truth that says anything else than the book
// is told, and the one that says the same is not.
func TestAgreesFindsEachDifference(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*stripesim.Truth)
		told   string // "" for nothing
	}{
		"the same": {func(*stripesim.Truth) {}, ""},
		"a payment more": {func(v *stripesim.Truth) {
			v.Payments = append(v.Payments, stripesim.PaidTruth{IntentID: "pi_more", Amount: 1})
		}, "the book has it 0 times"},
		"a payment less":           {func(v *stripesim.Truth) { v.Payments = v.Payments[1:] }, "which Stripe never took"},
		"a cent":                   {func(v *stripesim.Truth) { v.Payments[0].Amount++; v.Transactions = nil }, "in the book it is 48.00 EUR"},
		"another currency":         {func(v *stripesim.Truth) { v.Payments[0].Currency = "usd"; v.Transactions = nil }, "in the book it is 48.00 EUR"},
		"a cent of what is kept":   {func(v *stripesim.Truth) { v.Payments[2].Amount--; v.Transactions = nil }, "in the book it is 5.00 EUR"},
		"a refund more":            {func(v *stripesim.Truth) { v.Refunds = append(v.Refunds, stripesim.RefundTruth{ID: "re_more"}) }, "the book has it 0 times"},
		"a refund less":            {func(v *stripesim.Truth) { v.Refunds = nil }, "which Stripe has not"},
		"a cent of a refund":       {func(v *stripesim.Truth) { v.Refunds[0].Amount++; v.Transactions = nil }, "in the book 24.00 EUR succeeded"},
		"a refund that failed":     {func(v *stripesim.Truth) { v.Refunds[0].Status = "failed" }, "in the book 24.00 EUR succeeded"},
		"a dispute more":           {func(v *stripesim.Truth) { v.Disputes = append(v.Disputes, stripesim.DisputeTruth{ID: "du_more"}) }, "in the book 0 times"},
		"a dispute less":           {func(v *stripesim.Truth) { v.Disputes = nil }, "which Stripe has not"},
		"a dispute that took less": {func(v *stripesim.Truth) { v.Disputes[0].Withdrawn-- }, "2399 taken"},
		"a dispute that is won":    {func(v *stripesim.Truth) { v.Disputes[0].Reinstated = 2400 }, "2400 given back"},
		"a dispute in another way": {func(v *stripesim.Truth) { v.Disputes[0].Status = "lost" }, "Stripe says lost"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *scene) {
				truth := s.someOfAll()
				c.change(&truth)
				var told heard
				agrees(&told, s.book, truth)
				if len(told) == 0 != (c.told == "") || c.told != "" && !slices.ContainsFunc(told, func(line string) bool { return strings.Contains(line, c.told) }) {
					t.Errorf("it tells %q, and not %q", told, c.told)
				}
			})
		})
	}
}

// someOfAll has two sales, one with a refund and one disputed, and a sale of
// another program, and returns the truth about them.
func (s *scene) someOfAll() stripesim.Truth {
	s.Helper()
	p := &player{scene: s, ids: map[string]string{}}
	for line := range strings.SplitSeq("till starts, wait 5s, sell A 2 adult, sell B 1 adult, buyer A pays, wait 1s, buyer B pays, wait 1s, stranger pays, wait 1m, "+
		"refund A ticket 1, buyer B disputes, wait 15m", ", ") {
		p.at = line
		p.line(line)
	}
	truth, err := s.sim.Truth()
	if err != nil || len(truth.Payments) != 3 {
		s.Fatalf("Stripe has %d payments: %v", len(truth.Payments), err)
	}
	return truth
}

// TestAgreesFindsABookThatContradictsItself: what no truth of Stripe's would
// tell.
func TestAgreesFindsABookThatContradictsItself(t *testing.T) {
	play(t, func(s *scene) {
		s.someOfAll()
		time.Sleep(time.Second)
		paid := s.orders()[0]
		for name, spoil := range map[string]func(a *account){
			"tickets for nothing": func(a *account) { o := paid; o.Hold.State = "released"; a.order(o) },
			"money twice":         func(a *account) { a.order(paid) },
			"a refund of nobody's": func(a *account) {
				o := paid
				o.Refunds = slices.Clone(o.Refunds)
				o.Refunds[0].StripeID = ""
				o.ID = "ord-other"
				a.order(o)
			},
		} {
			a, err := accountOf(s.book)
			if err != nil {
				t.Fatal(err)
			}
			truth, err := s.sim.Truth()
			if err != nil {
				t.Fatal(err)
			}
			if found := a.differences(truth); len(found) > 0 {
				t.Fatalf("before, it tells %q", found)
			}
			if spoil(a); len(a.differences(truth)) == 0 {
				t.Errorf("%s: nothing is told", name)
			}
		}
	})
}
