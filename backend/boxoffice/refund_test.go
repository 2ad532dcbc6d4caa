package boxoffice

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"willcall/backend/money"
)

func eur(minor int64) money.Amount { return money.New(minor, "eur") }

func refundStatuses() []RefundStatus {
	return []RefundStatus{RefundAsked, RefundPending, RefundNeedsAction, RefundSucceeded, RefundFailed, RefundCanceled, RefundRefused}
}

// refund is one of ours that Stripe knows by the same number, if it knows it.
func refund(n int, status RefundStatus, minor int64) Refund {
	f := Refund{ID: fmt.Sprint("rfd-", n), PaymentIntentID: "pi_1", Amount: eur(minor), Status: status}
	if status != RefundAsked && status != RefundRefused {
		f.StripeID = fmt.Sprint("re_", n)
	}
	return f
}

// elsewhere is one that was made in the Dashboard.
func elsewhere(n int, status RefundStatus, minor int64) Refund {
	id := fmt.Sprint("re_", n)
	return Refund{ID: id, StripeID: id, PaymentIntentID: "pi_1", Amount: eur(minor), Status: status, External: true}
}

func recorded(f Refund) Fact {
	return RefundRecordedFact{OfMoney: OfMoney{OrderID: "ord-1"}, Refund: f}
}

func asked(f Refund) Fact { return RefundAskedFact{OfMoney: OfMoney{OrderID: "ord-1"}, Refund: f} }

func refusedRefund(n int) Fact {
	return RefundRefusedFact{OfMoney: OfMoney{OrderID: "ord-1"}, RefundID: fmt.Sprint("rfd-", n), Problem: Problem{Code: CodeStripeRefused}}
}

// TestWhatMayFollowInARefund is the whole state machine of a refund: what each
// word of Stripe's, and its refusal, makes of one in each state. A dot is what
// cannot follow. A word of a later version is as pending.
func TestWhatMayFollowInARefund(t *testing.T) {
	const want = `
state            pending  requires_action  succeeded  failed  canceled  reviewed  refused
asked            pending  requires_action  succeeded  failed  canceled  reviewed  refused
pending          .        requires_action  succeeded  failed  canceled  .         .
requires_action  .        .                succeeded  failed  canceled  .         .
succeeded        .        .                .          failed  canceled  .         .
failed           .        .                .          .       .         .         .
canceled         .        .                .          .       .         .         .
refused          pending  requires_action  succeeded  failed  canceled  reviewed  .
`
	said := []RefundStatus{RefundPending, RefundNeedsAction, RefundSucceeded, RefundFailed, RefundCanceled, "reviewed"}
	var got strings.Builder
	got.WriteString("state")
	for _, s := range said {
		got.WriteString(" " + string(s))
	}
	got.WriteString(" refused")
	for _, state := range refundStatuses() {
		got.WriteString("\n" + string(state))
		before := Returns{Refunds: []Refund{refund(1, state, 2400)}}
		for _, s := range said {
			after, err := before.Apply(recorded(refund(1, s, 2400)))
			if brings := before.Brings(refund(1, s, 2400)); brings != (err == nil) {
				t.Errorf("%s after %s brings something: %v, and applying it says %v", s, state, brings, err)
			}
			got.WriteString(" " + cellOf(before, after, err))
		}
		after, err := before.Apply(refusedRefund(1))
		got.WriteString(" " + cellOf(before, after, err))
		if before.Refunds[0].Status != state {
			t.Fatalf("what was there before was changed under its reader: %+v", before)
		}
	}
	if diff := cmp.Diff(words(want), words(got.String())); diff != "" {
		t.Errorf("what may follow what has changed (-want +got):\n%s", diff)
	}
}

func cellOf(before, after Returns, err error) string {
	if err == nil {
		return string(after.Refunds[0].Status)
	}
	if !cmp.Equal(before, after) {
		return "changed-all-the-same"
	}
	return "."
}

func TestWhatARefundMeans(t *testing.T) {
	for status, want := range map[RefundStatus]struct{ gone, final bool }{
		RefundAsked: {gone: true}, RefundPending: {gone: true}, RefundNeedsAction: {gone: true}, RefundSucceeded: {gone: true, final: true},
		RefundFailed: {final: true}, RefundCanceled: {final: true}, RefundRefused: {final: true}, "of a later version": {gone: true}, "": {gone: true},
	} {
		if status.Gone() != want.gone || status.Final() != want.final {
			t.Errorf("%q: gone %v, final %v, want %+v", status, status.Gone(), status.Final(), want)
		}
	}
}

func TestTheMoneyThatWentBack(t *testing.T) {
	for name, test := range map[string]struct {
		returns                      Returns
		refunded, accepted, disputed int64
	}{
		"nothing": {},
		"asked, and may be refused yet": {
			Returns{Refunds: []Refund{refund(1, RefundAsked, 900), refund(2, RefundSucceeded, 100)}}, 1000, 100, 0,
		},
		"on its way": {
			Returns{Refunds: []Refund{refund(1, RefundPending, 1), refund(2, RefundNeedsAction, 20), elsewhere(3, RefundSucceeded, 300)}}, 321, 321, 0,
		},
		"it came to nothing": {
			Returns{Refunds: []Refund{refund(1, RefundFailed, 1), refund(2, RefundCanceled, 20), refund(3, RefundRefused, 300)}}, 0, 0, 0,
		},
		"disputed, and partly given back": {
			Returns{Disputes: []Dispute{{ID: "dp_1", Withdrawn: 2400}, {ID: "dp_2", Withdrawn: 500, Reinstated: 500}, {ID: "dp_3"}}}, 0, 0, 2400,
		},
	} {
		r := test.returns
		if r.Refunded() != test.refunded || r.Accepted() != test.accepted || r.Disputed() != test.disputed {
			t.Errorf("%s: refunded %d, of that accepted %d, disputed %d; want %+v", name, r.Refunded(), r.Accepted(), r.Disputed(), test)
		}
	}
}

// TestWhichRefundItIs: Stripe's id tells, and ours only where Stripe's is not
// known yet.
func TestWhichRefundItIs(t *testing.T) {
	known := Returns{Refunds: []Refund{refund(1, RefundAsked, 900), refund(2, RefundPending, 500), elsewhere(3, RefundPending, 100)}}
	known.Refunds[1].By = "Eva"
	copied := refund(2, RefundSucceeded, 700)
	copied.StripeID, copied.Answered, copied.TicketIDs, copied.By = "re_9", true, []string{"tkt-1"}, "Eva"
	unnamed := elsewhere(2, RefundSucceeded, 500)
	for name, test := range map[string]struct {
		seen Refund
		want string
	}{
		"the answer to ours":              {refund(1, RefundPending, 900), "rfd-1/re_1 pending 900, rfd-2/re_2 pending 500, re_3/re_3 pending 100"},
		"ours, of less than was asked":    {refund(1, RefundSucceeded, 800), "rfd-1/re_1 succeeded 800, rfd-2/re_2 pending 500, re_3/re_3 pending 100"},
		"ours again":                      {refund(2, RefundSucceeded, 500), "rfd-1/ asked 900, rfd-2/re_2 succeeded 500, re_3/re_3 pending 100"},
		"ours, its metadata taken away":   {unnamed, "rfd-1/ asked 900, rfd-2/re_2 succeeded 500, re_3/re_3 pending 100"},
		"another's":                       {elsewhere(3, RefundFailed, 100), "rfd-1/ asked 900, rfd-2/re_2 pending 500, re_3/re_3 failed 100"},
		"a new one":                       {elsewhere(4, RefundSucceeded, 50), "rfd-1/ asked 900, rfd-2/re_2 pending 500, re_3/re_3 pending 100, re_4/re_4 succeeded 50"},
		"a new one with ours's metadata":  {copied, "rfd-1/ asked 900, rfd-2/re_2 pending 500, re_3/re_3 pending 100, re_9/re_9 succeeded 700"},
		"of our making, and not asked by": {refund(7, RefundSucceeded, 50), "rfd-1/ asked 900, rfd-2/re_2 pending 500, re_3/re_3 pending 100, rfd-7/re_7 succeeded 50"},
	} {
		t.Run(name, func(t *testing.T) {
			after, err := known.Apply(recorded(test.seen))
			var got []string
			for _, f := range after.Refunds {
				got = append(got, fmt.Sprintf("%s/%s %s %d", f.ID, f.StripeID, f.Status, f.Amount.Minor))
			}
			if text := strings.Join(got, ", "); err != nil || text != test.want || !known.Brings(test.seen) {
				t.Errorf("the refunds are\n%s, want\n%s (%v)", text, test.want, err)
			}
			if after.Brings(test.seen) {
				t.Error("seen a second time it would bring something again")
			}
			if after.Refunds[1].By != "Eva" {
				t.Error("who asked for it was forgotten")
			}
		})
	}
	if after, _ := known.Apply(recorded(copied)); !after.Refunds[3].External || after.Refunds[3].Answered || after.Refunds[3].By != "" || after.Refunds[3].TicketIDs != nil {
		t.Errorf("a refund that nobody here made is taken for ours: %+v", after.Refunds[3])
	}
	for _, id := range []string{"rfd-2", "re_2"} {
		if f, ok := known.RefundByID(id); !ok || f.ID != "rfd-2" {
			t.Errorf("%s is %+v, %v", id, f, ok)
		}
	}
	if f, ok := known.RefundByID(""); ok {
		t.Errorf("no id is that of %+v", f)
	}
}

func soldOrder(total int64, tickets int, claims ...Claim) Order {
	o := orderWith(Tender{ID: "tdr-1", State: TenderPaid, SessionID: "cs_1", PaymentIntentID: "pi_1"})
	o.Total, o.Hold.Claims = eur(total), claims
	for n := range tickets {
		o.Tickets = append(o.Tickets, Ticket{ID: fmt.Sprint("tkt-", n+1), PerformanceID: "perf-1", TicketTypeID: "adult"})
	}
	return o
}

// TestAnOrderIsRefunded: it is when Stripe has it, and all of it.
func TestAnOrderIsRefunded(t *testing.T) {
	for name, test := range map[string]struct {
		total   int64
		refunds []Refund
		want    OrderStatus
	}{
		"nothing went back":             {2400, nil, Paid},
		"a part":                        {2400, []Refund{refund(1, RefundSucceeded, 2399)}, Paid},
		"all of it":                     {2400, []Refund{refund(1, RefundSucceeded, 2400)}, Refunded},
		"in two parts":                  {2400, []Refund{refund(1, RefundSucceeded, 1200), elsewhere(2, RefundPending, 1200)}, Refunded},
		"more than all of it":           {2400, []Refund{elsewhere(1, RefundSucceeded, 2500)}, Refunded},
		"asked, and not answered":       {2400, []Refund{refund(1, RefundAsked, 2400)}, Paid},
		"a part, and the rest is asked": {2400, []Refund{refund(1, RefundSucceeded, 1200), refund(2, RefundAsked, 1200)}, Paid},
		"it failed":                     {2400, []Refund{refund(1, RefundFailed, 2400)}, Paid},
		"it failed, and went again":     {2400, []Refund{refund(1, RefundFailed, 2400), refund(2, RefundPending, 2400)}, Refunded},
		"there was nothing to give":     {0, nil, Paid},
	} {
		o := soldOrder(test.total, 1)
		o.Refunds = test.refunds
		if o.Status() != test.want || o.holdState() != Sold {
			t.Errorf("%s: the order is %s and its hold %s, want %s and sold", name, o.Status(), o.holdState(), test.want)
		}
	}
}

func TestNobodyAsksForMoreThanIsLeft(t *testing.T) {
	paid := soldOrder(2400, 2, Claim{QuotaID: "house", Seats: 2})
	paid.Refunds = []Refund{refund(1, RefundAsked, 1000), refund(2, RefundFailed, 2400)}
	open := orderWith(Tender{ID: "tdr-1", State: TenderOpen})
	open.Total = eur(2400)
	yen := refund(3, RefundAsked, 100)
	yen.Amount = money.New(100, "jpy")
	for name, test := range map[string]struct {
		order Order
		ask   Refund
		want  string
	}{
		"a part":                    {paid, refund(3, RefundAsked, 1), ""},
		"all that is left":          {paid, refund(3, RefundAsked, 1400), ""},
		"a cent more":               {paid, refund(3, RefundAsked, 1401), "cannot be asked for"},
		"nothing":                   {paid, refund(3, RefundAsked, 0), "cannot be asked for"},
		"less than nothing":         {paid, refund(3, RefundAsked, -5), "cannot be asked for"},
		"other money":               {paid, yen, "cannot be asked for"},
		"a second time":             {paid, refund(1, RefundAsked, 100), "in the book already"},
		"before it is paid":         {open, refund(3, RefundAsked, 100), "not paid"},
		"one that is there already": {paid, refund(3, RefundPending, 100), "not asked for but pending"},
	} {
		t.Run(name, func(t *testing.T) {
			after, err := test.order.Apply(asked(test.ask), noon)
			if test.want == "" {
				if f, ok := after.RefundByID("rfd-3"); err != nil || !ok || f.Status != RefundAsked || !after.UpdatedAt.Equal(noon) {
					t.Errorf("it is %+v, %v", f, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "K7QF3M") {
				t.Errorf("the error is %v, want one of K7QF3M with %q", err, test.want)
			}
			if diff := cmp.Diff(test.order, after); diff != "" {
				t.Errorf("it was refused, and changed the order:\n%s", diff)
			}
		})
	}
}

// TestARefusalTellsWhy, and what Stripe has all the same takes its place.
func TestARefusalTellsWhy(t *testing.T) {
	r := Returns{Refunds: []Refund{refund(1, RefundAsked, 900)}}
	r, err := r.Apply(refusedRefund(1))
	if err != nil || r.Refunds[0].Problem == nil || r.Refunded() != 0 {
		t.Fatalf("it is %+v, %v", r.Refunds, err)
	}
	if _, err := r.Apply(refusedRefund(1)); err == nil {
		t.Error("it was refused twice")
	}
	if r, err = r.Apply(recorded(refund(1, RefundPending, 900))); err != nil || r.Refunds[0].Problem != nil || r.Refunded() != 900 {
		t.Errorf("Stripe has it, and the book has %+v, %v", r.Refunds, err)
	}
}

// TestAnyOrderOfSightsOfRefunds shows the same refunds in two orders, each more
// than once: the book comes to the same.
func TestAnyOrderOfSightsOfRefunds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sights []Refund
		begun := Returns{}
		for n := range rapid.IntRange(1, 4).Draw(t, "refunds") {
			ends := rapid.SampledFrom([]RefundStatus{RefundFailed, RefundCanceled}).Draw(t, "end")
			life := []RefundStatus{RefundPending, RefundNeedsAction, RefundSucceeded, ends}[:rapid.IntRange(1, 4).Draw(t, "life")]
			ours := rapid.Bool().Draw(t, "ours")
			if ours {
				begun.Refunds = append(begun.Refunds, refund(n, RefundAsked, 100))
			}
			for _, s := range life {
				if ours {
					sights = append(sights, refund(n, s, 100))
				} else {
					sights = append(sights, elsewhere(n, s, 100))
				}
			}
		}
		see := func(label string) Returns {
			r := begun
			for _, f := range append(rapid.Permutation(sights).Draw(t, label), rapid.SliceOf(rapid.SampledFrom(sights)).Draw(t, label+" again")...) {
				if !r.Brings(f) {
					continue
				}
				after, err := r.Apply(recorded(f))
				if err != nil {
					t.Fatalf("%+v should have brought something: %v", f, err)
				}
				r = after
			}
			slices.SortFunc(r.Refunds, func(a, b Refund) int { return strings.Compare(a.ID, b.ID) })
			return r
		}
		if diff := cmp.Diff(see("one order"), see("another")); diff != "" {
			t.Fatalf("two orders gave two books:\n%s", diff)
		}
	})
}
