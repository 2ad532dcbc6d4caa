package boxoffice

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func reasons() []Reason {
	return []Reason{UnknownOrder, WrongAmount, WrongCurrency, WrongMode, NoRoom, PaidTwice, RefundCame, Elsewhere}
}

// late is money of 24 EUR that fits no order.
func late(reason Reason) Discrepancy {
	return Discrepancy{ID: "cs_1-" + string(reason), OrderID: "ord-1", SessionID: "cs_1", PaymentIntentID: "pi_1", Amount: eur(2400), Reason: reason}
}

func resolvedAs(r Resolution) DiscrepancyResolvedFact {
	f := DiscrepancyResolvedFact{DiscrepancyID: "cs_1-no_room", OrderID: "ord-1", Resolution: r}
	if r.Action == ActSeat {
		f.Order = &Order{ID: r.OrderID}
	}
	return f
}

// TestEveryReasonIsHere keeps the table of reasons in step with late.go.
func TestEveryReasonIsHere(t *testing.T) {
	for name, value := range constants(t, "late.go", "Reason") {
		found := false
		for _, r := range reasons() {
			found = found || string(r) == value
		}
		if !found {
			t.Errorf("%s is not tested", name)
		}
	}
}

func TestWhatCanBeDoneAboutLateMoney(t *testing.T) {
	const want = `
reason          waiting actions          counts
unknown_order   true    [seat,refund,keep] true
wrong_amount    true    [seat,refund,keep] true
wrong_currency  true    [seat,refund,keep] true
wrong_mode      true    [keep]             true
no_room         true    [seat,refund,keep] true
paid_twice      true    [seat,refund,keep] true
refund_failed   true    [refund,keep]      false
elsewhere       false   []                 true
`
	var got strings.Builder
	got.WriteString("reason waiting actions counts")
	for _, r := range reasons() {
		d := late(r)
		fmt.Fprintf(&got, "\n%s %v %s %v", r, d.Waiting(), strings.ReplaceAll(fmt.Sprint(d.Actions()), " ", ","), d.Counts())
	}
	if diff := cmp.Diff(words(want), words(got.String())); diff != "" {
		t.Errorf("what can be done has changed (-want +got):\n%s", diff)
	}
}

func TestWhatIsLeftOfLateMoney(t *testing.T) {
	with := func(change func(*Discrepancy)) Discrepancy { d := late(NoRoom); change(&d); return d }
	for name, test := range map[string]struct {
		d       Discrepancy
		left    int64
		waiting bool
		counts  bool
	}{
		"all":                     {late(NoRoom), 2400, true, true},
		"a part was given back":   {with(func(d *Discrepancy) { d.Refunds = []Refund{elsewhere(1, RefundSucceeded, 2000)} }), 400, true, true},
		"all of it was":           {with(func(d *Discrepancy) { d.Refunds = []Refund{elsewhere(1, RefundSucceeded, 2400)} }), 0, false, true},
		"that is asked":           {with(func(d *Discrepancy) { d.Refunds = []Refund{refund(1, RefundAsked, 2400)} }), 0, false, true},
		"and failed":              {with(func(d *Discrepancy) { d.Refunds = []Refund{refund(1, RefundFailed, 2400)} }), 2400, true, true},
		"a bank took it":          {with(func(d *Discrepancy) { d.Disputes = []Dispute{{Withdrawn: 2400}} }), 0, false, true},
		"and gave it again":       {with(func(d *Discrepancy) { d.Disputes = []Dispute{{Withdrawn: 2400, Reinstated: 2400}} }), 2400, true, true},
		"a payment of nothing":    {with(func(d *Discrepancy) { d.Amount, d.PaymentIntentID = eur(0), "" }), 0, true, true},
		"somebody keeps it":       {with(func(d *Discrepancy) { d.Resolution = &Resolution{Action: ActKeep} }), 2400, false, true},
		"somebody gives it back":  {with(func(d *Discrepancy) { d.Resolution = &Resolution{Action: ActRefund} }), 2400, false, true},
		"an order has it":         {with(func(d *Discrepancy) { d.Resolution = &Resolution{Action: ActSeat} }), 2400, false, false},
		"a part was kept before":  {with(func(d *Discrepancy) { d.Kept = 2000 }), 400, true, true},
		"without a payment's id":  {with(func(d *Discrepancy) { d.PaymentIntentID = "" }), 2400, true, true},
		"another program sold it": {late(Elsewhere), 2400, false, true},
	} {
		if d := test.d; d.Left() != test.left || d.Waiting() != test.waiting || d.Counts() != test.counts {
			t.Errorf("%s: %d left, waiting %v, counts %v; want %+v", name, d.Left(), d.Waiting(), d.Counts(), test)
		}
		if test.waiting != (len(test.d.Actions()) > 0) {
			t.Errorf("%s: it waits %v, and one can %v", name, test.waiting, test.d.Actions())
		}
		if test.d.PaymentIntentID == "" && !cmp.Equal(test.d.Actions(), []LateAction{ActKeep}) {
			t.Errorf("%s: without a payment one can %v", name, test.d.Actions())
		}
	}
}

func TestWhatSomebodyDid(t *testing.T) {
	keep, refunding := Resolution{Action: ActKeep, By: "Eva"}, Resolution{Action: ActRefund, By: "Eva", RefundID: "rfd-1"}
	seat := Resolution{Action: ActSeat, By: "Eva", OrderID: "ord-2"}
	with := func(f DiscrepancyResolvedFact, change func(*DiscrepancyResolvedFact)) DiscrepancyResolvedFact {
		change(&f)
		return f
	}
	asks := late(NoRoom)
	asks.Refunds = []Refund{refund(1, RefundAsked, 1000)}
	gone := late(NoRoom)
	gone.Refunds = []Refund{elsewhere(1, RefundSucceeded, 2400)}
	for name, test := range map[string]struct {
		d    Discrepancy
		fact DiscrepancyResolvedFact
		want string // an error; "" for none
	}{
		"kept":                       {late(NoRoom), resolvedAs(keep), ""},
		"given back":                 {late(NoRoom), resolvedAs(refunding), ""},
		"given back, asked before":   {asks, resolvedAs(refunding), ""},
		"seated":                     {late(NoRoom), resolvedAs(seat), ""},
		"of a refund that came":      {late(RefundCame), resolvedAs(refunding), ""},
		"seats for no new money":     {late(RefundCame), resolvedAs(seat), "no money to seat"},
		"seats for another's money":  {late(Elsewhere), resolvedAs(seat), "no money to seat"},
		"seats for what is gone":     {gone, resolvedAs(seat), "no money to seat"},
		"seats beside a refund":      {asks, resolvedAs(seat), "a refund on the way"},
		"seats without an order":     {late(NoRoom), with(resolvedAs(seat), func(f *DiscrepancyResolvedFact) { f.Order = nil }), "seated by an order"},
		"seats in another order":     {late(NoRoom), with(resolvedAs(seat), func(f *DiscrepancyResolvedFact) { f.Order.ID = "ord-9" }), "seated by an order"},
		"kept, with an order":        {late(NoRoom), with(resolvedAs(keep), func(f *DiscrepancyResolvedFact) { f.Order = &Order{ID: "ord-2"} }), "seated by an order"},
		"given back by nothing":      {late(NoRoom), resolvedAs(Resolution{Action: ActRefund}), "by a refund"},
		"kept, with a refund":        {late(NoRoom), resolvedAs(Resolution{Action: ActKeep, RefundID: "rfd-1"}), "by a refund"},
		"forgotten":                  {late(NoRoom), resolvedAs(Resolution{Action: "forget"}), "cannot have done to it: forget"},
		"meant for another order":    {late(NoRoom), with(resolvedAs(keep), func(f *DiscrepancyResolvedFact) { f.OrderID = "ord-7" }), "not meant for order ord-7"},
		"a second time":              {Discrepancy{ID: "cs_1-no_room", OrderID: "ord-1", Resolution: &keep}, resolvedAs(keep), "resolved already"},
		"a second time, another way": {Discrepancy{ID: "cs_1-no_room", OrderID: "ord-1", Resolution: &seat}, resolvedAs(refunding), "resolved already"},
	} {
		t.Run(name, func(t *testing.T) {
			after, err := test.d.Apply(test.fact, noon)
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) || !cmp.Equal(test.d, after) {
					t.Errorf("it is %+v, and the error %v, want %q", after, err, test.want)
				}
				return
			}
			want := test.fact.Resolution
			want.At = noon
			if err != nil || !cmp.Equal(&want, after.Resolution) || after.Waiting() || test.d.Resolution != nil {
				t.Errorf("it is %+v, %v", after, err)
			}
		})
	}
}

// TestWhatComesBackWaitsAlone: of late money that went back in two parts, or of
// which the rest was kept, no more waits than what came back.
func TestWhatComesBackWaitsAlone(t *testing.T) {
	kept := OfMoney{DiscrepancyID: "cs_1-no_room"}
	part := func(n int, s RefundStatus, minor int64) RefundRecordedFact {
		return RefundRecordedFact{OfMoney: kept, Refund: refund(n, s, minor), CameBack: !s.Gone()}
	}
	taken := func(minor int64) Fact {
		return DisputeRecordedFact{OfMoney: kept, Dispute: Dispute{ID: "dp_1", PaymentIntentID: "pi_1", Amount: eur(minor), Status: DisputeLost, Withdrawn: minor, CreatedAt: noon}}
	}
	keeps := resolvedAs(Resolution{Action: ActKeep, By: "Eva"})
	given := resolvedAs(Resolution{Action: ActRefund, By: "Eva", RefundID: "rfd-2"})
	for name, test := range map[string]struct {
		facts      []Fact
		left, kept int64
	}{
		"the rest went back":        {[]Fact{part(1, RefundSucceeded, 400), given, part(2, RefundSucceeded, 2000), part(1, RefundFailed, 400)}, 400, 0},
		"and comes back too":        {[]Fact{part(1, RefundSucceeded, 400), given, part(2, RefundSucceeded, 2000), part(1, RefundFailed, 400), part(2, RefundFailed, 2000)}, 2400, 0},
		"the rest was kept":         {[]Fact{part(1, RefundSucceeded, 400), keeps, part(1, RefundFailed, 400)}, 400, 2000},
		"and that is kept too":      {[]Fact{part(1, RefundSucceeded, 400), part(2, RefundSucceeded, 500), keeps, part(1, RefundFailed, 400), keeps, part(2, RefundFailed, 500)}, 500, 1900},
		"kept, taken, came back":    {[]Fact{part(1, RefundSucceeded, 400), keeps, taken(2000), part(1, RefundFailed, 400)}, 400, 0},
		"kept, came back, taken":    {[]Fact{part(1, RefundSucceeded, 400), keeps, part(1, RefundFailed, 400), taken(2000)}, 400, 2000},
		"a part of it taken":        {[]Fact{part(1, RefundSucceeded, 400), keeps, part(1, RefundFailed, 400), taken(700)}, 400, 2000},
		"kept, and went back since": {[]Fact{part(1, RefundSucceeded, 400), keeps, part(2, RefundSucceeded, 2000), part(1, RefundFailed, 400)}, 400, 0},
	} {
		d := late(NoRoom)
		for _, f := range test.facts {
			after, err := d.Apply(f, noon)
			if err != nil {
				t.Fatalf("%s: %s: %v", name, f.Kind(), err)
			}
			d = after
		}
		if d.Left() != test.left || d.Kept != test.kept || !d.Waiting() {
			t.Errorf("%s: %d are left and %d kept, waiting %v; want %d and %d", name, d.Left(), d.Kept, d.Waiting(), test.left, test.kept)
		}
		if can := d.Actions(); d.Kept > 0 && !cmp.Equal(can, []LateAction{ActRefund, ActKeep}) {
			t.Errorf("%s: one can %v", name, can)
		}
	}
}

// TestARefundThatComesToNothingLetsMoneyWaitAgain, whatever became of it.
func TestARefundThatComesToNothingLetsMoneyWaitAgain(t *testing.T) {
	kept := OfMoney{DiscrepancyID: "cs_1-no_room"}
	do := func(d Discrepancy, facts ...Fact) Discrepancy {
		t.Helper()
		for _, f := range facts {
			after, err := d.Apply(f, noon.Add(time.Minute))
			if err != nil {
				t.Fatalf("%s: %v", f.Kind(), err)
			}
			d = after
		}
		return d
	}
	ask := RefundAskedFact{OfMoney: kept, Refund: refund(1, RefundAsked, 2400)}
	says := func(n int, s RefundStatus) Fact { return RefundRecordedFact{OfMoney: kept, Refund: refund(n, s, 2400)} }
	cameBack := RefundRecordedFact{OfMoney: kept, Refund: refund(2, RefundFailed, 2400), CameBack: true}
	keeps := resolvedAs(Resolution{Action: ActKeep, By: "Eva"})
	given := resolvedAs(Resolution{Action: ActRefund, By: "Eva", RefundID: "rfd-1"})
	for name, test := range map[string]struct {
		facts []Fact
		waits bool
	}{
		"asked":                      {[]Fact{ask, given}, false},
		"decided before it is asked": {[]Fact{given, ask}, false},
		"on its way":                 {[]Fact{ask, given, says(1, RefundPending)}, false},
		"done":                       {[]Fact{ask, given, says(1, RefundSucceeded)}, false},
		"Stripe made none":           {[]Fact{ask, given, RefundRefusedFact{OfMoney: kept, RefundID: "rfd-1"}}, true},
		"it failed weeks later":      {[]Fact{ask, given, says(1, RefundSucceeded), says(1, RefundFailed)}, true},
		"it was canceled":            {[]Fact{ask, given, says(1, RefundPending), says(1, RefundCanceled)}, true},
		"another one failed":         {[]Fact{ask, given, says(1, RefundSucceeded), says(2, RefundFailed)}, false},
		"another one came back":      {[]Fact{ask, given, says(1, RefundSucceeded), cameBack}, false},
		"while the rest is kept":     {[]Fact{says(2, RefundSucceeded), keeps, cameBack}, true},
		"of books of old":            {[]Fact{says(2, RefundSucceeded), keeps, says(2, RefundFailed)}, false},
		"given back a second time": {[]Fact{
			ask, given, says(1, RefundFailed), RefundAskedFact{OfMoney: kept, Refund: refund(2, RefundAsked, 2400)},
			resolvedAs(Resolution{Action: ActRefund, By: "Eva", RefundID: "rfd-2"}), says(2, RefundSucceeded),
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := do(late(NoRoom), test.facts...)
			if d.Waiting() != test.waits || test.waits && d.Resolution != nil {
				t.Errorf("it waits %v, resolved by %+v", d.Waiting(), d.Resolution)
			}
		})
	}
	if _, err := do(late(NoRoom), ask).Apply(RefundAskedFact{OfMoney: kept, Refund: refund(2, RefundAsked, 1)}, noon); err == nil {
		t.Error("more was asked for than came")
	}
	seated := do(late(NoRoom), resolvedAs(Resolution{Action: ActSeat, By: "Eva", OrderID: "ord-2"}))
	for _, f := range []Fact{ask, says(1, RefundSucceeded), DisputeRecordedFact{OfMoney: kept, Dispute: Dispute{ID: "dp_1"}}} {
		if after, err := seated.Apply(f, noon); err == nil || !strings.Contains(err.Error(), "ord-2") || !cmp.Equal(seated, after) {
			t.Errorf("%s went to money that an order has: %v", f.Kind(), err)
		}
	}
}

func TestAnOrderYieldsItsSeats(t *testing.T) {
	tender := func(s TenderState, session string) Tender { return Tender{ID: "tdr-1", State: s, SessionID: session} }
	f := resolvedAs(Resolution{Action: ActKeep})
	for name, test := range map[string]struct {
		order   Order
		session string
		want    string
	}{
		"processing":                     {orderWith(tender(TenderProcessing, "cs_1")), "cs_1", "failed released"},
		"open":                           {orderWith(tender(TenderOpen, "cs_1")), "cs_1", "failed released"},
		"with another code open":         {orderWith(tender(TenderProcessing, "cs_1"), tender(TenderOpen, "cs_2")), "cs_1", "failed held"},
		"paid by another":                {orderWith(tender(TenderPaid, "cs_2")), "cs_1", ""},
		"paid by it":                     {orderWith(tender(TenderPaid, "cs_1")), "cs_1", ""},
		"expired":                        {orderWith(tender(TenderExpired, "cs_1")), "cs_1", ""},
		"without a code yet":             {orderWith(tender(TenderStarting, "")), "cs_1", ""},
		"money without a session either": {orderWith(tender(TenderStarting, "")), "", ""},
	} {
		before := test.order
		after := before.Yield(f, test.session, noon)
		if test.want == "" {
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("%s: it was changed:\n%s", name, diff)
			}
			continue
		}
		last := after.Tenders[0]
		if got := fmt.Sprint(last.State, " ", after.Hold.State); got != test.want || last.Problem == nil || !after.UpdatedAt.Equal(noon) {
			t.Errorf("%s: it is %s, want %s; %+v", name, got, test.want, last.Problem)
		}
		if before.Tenders[0].State == TenderFailed {
			t.Errorf("%s: what was there before was changed under its reader", name)
		}
	}
}
