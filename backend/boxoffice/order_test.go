package boxoffice

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/money"
)

func states() []TenderState {
	return []TenderState{TenderStarting, TenderOpen, TenderProcessing, TenderPaid, TenderExpired, TenderRefused, TenderFailed}
}

func tenderFacts() []Fact {
	of := OfTender{OrderID: "ord-1", TenderID: "tdr-1"}
	at := time.Date(2026, time.March, 5, 20, 0, 0, 0, time.UTC)
	problem := Problem{Code: CodeStripeRefused, Detail: "No.", Next: "Again."}
	return []Fact{
		OpenedFact{OfTender: of, SessionID: "cs_1", URL: "https://pay", ExpiresAt: at},
		RefusedFact{OfTender: of, Problem: problem},
		CancelAskedFact{OfTender: of},
		ProcessingFact{OfTender: of, PaymentIntentID: "pi_1"},
		PaidFact{
			OfTender: of, SessionID: "cs_1", PaymentIntentID: "pi_1", ChargeID: "ch_1", PaidAt: at,
			Card: Card{Brand: "visa", Last4: "4242"}, Tickets: []Ticket{{ID: "tkt-1"}},
		},
		ExpiredFact{OfTender: of},
		FailedFact{OfTender: of, Problem: problem},
	}
}

func orderWith(tenders ...Tender) Order {
	o := Order{ID: "ord-1", Code: "K7QF3M", Tenders: tenders, Hold: Hold{Claims: []Claim{{QuotaID: "quota-1", Seats: 2}}}}
	o.Hold.State = o.holdState()
	return o
}

var noon = time.Date(2026, time.March, 5, 12, 0, 0, 0, time.UTC)

// TestWhatMayFollowWhat is the whole state machine: what each fact makes of a
// tender in each state, and of its order's seats. A dot is a fact that cannot
// follow.
func TestWhatMayFollowWhat(t *testing.T) {
	const want = `
state      opened  refused  cancel_asked  processing  paid  expired  failed
starting   open/held  refused/released  starting/held  .  .  .  .
open       .  .  open/held  processing/held  paid/sold  expired/released  .
processing .  .  processing/held  .  paid/sold  expired/released  failed/released
paid       .  .  .  .  .  .  .
expired    .  .  .  .  paid/sold  .  .
refused    .  .  .  .  paid/sold  .  .
failed     .  .  .  .  paid/sold  .  .
`
	var got strings.Builder
	got.WriteString("\nstate     ")
	for _, f := range tenderFacts() {
		got.WriteString("  " + strings.TrimPrefix(string(f.Kind()), "tender."))
	}
	for _, state := range states() {
		got.WriteString("\n" + string(state))
		for _, f := range tenderFacts() {
			before := orderWith(Tender{ID: "tdr-1", State: state})
			after, err := before.Apply(f, noon)
			if err != nil {
				got.WriteString("  .")
				if diff := cmp.Diff(before, after); diff != "" {
					t.Errorf("%s was refused on %s and changed the order:\n%s", f.Kind(), state, diff)
				}
				continue
			}
			got.WriteString("  " + string(after.Tenders[0].State) + "/" + string(after.Hold.State))
		}
	}
	if diff := cmp.Diff(words(want), words(got.String())); diff != "" {
		t.Errorf("what may follow what has changed (-want +got):\n%s", diff)
	}
}

// words cuts a table into lines of words, so that spaces can be used to align.
func words(table string) (lines [][]string) {
	for line := range strings.Lines(strings.TrimSpace(table)) {
		lines = append(lines, strings.Fields(line))
	}
	return lines
}

func TestApplyTakesOverWhatStripeSaid(t *testing.T) {
	facts := map[Kind]Fact{}
	for _, f := range tenderFacts() {
		facts[f.Kind()] = f
	}
	at := time.Date(2026, time.March, 5, 20, 0, 0, 0, time.UTC)
	problem := &Problem{Code: CodeStripeRefused, Detail: "No.", Next: "Again."}
	tests := map[string]struct {
		before Tender
		fact   Fact
		want   Tender
	}{
		"opened": {
			Tender{ID: "tdr-1", State: TenderStarting}, facts[KindTenderOpened],
			Tender{ID: "tdr-1", State: TenderOpen, SessionID: "cs_1", URL: "https://pay", ExpiresAt: at},
		},
		"opened after the cashier wanted it closed": {
			Tender{ID: "tdr-1", State: TenderStarting, CancelAsked: true}, facts[KindTenderOpened],
			Tender{ID: "tdr-1", State: TenderOpen, SessionID: "cs_1", URL: "https://pay", ExpiresAt: at, CancelAsked: true},
		},
		"refused": {
			Tender{ID: "tdr-1", State: TenderStarting}, facts[KindTenderRefused],
			Tender{ID: "tdr-1", State: TenderRefused, Problem: problem},
		},
		"cancel asked": {
			Tender{ID: "tdr-1", State: TenderOpen}, facts[KindTenderCancel],
			Tender{ID: "tdr-1", State: TenderOpen, CancelAsked: true},
		},
		"processing": {
			Tender{ID: "tdr-1", State: TenderOpen}, facts[KindTenderProcessing],
			Tender{ID: "tdr-1", State: TenderProcessing, PaymentIntentID: "pi_1"},
		},
		"failed": {
			Tender{ID: "tdr-1", State: TenderProcessing, PaymentIntentID: "pi_1"}, facts[KindTenderFailed],
			Tender{ID: "tdr-1", State: TenderFailed, PaymentIntentID: "pi_1", Problem: problem},
		},
		"paid after the bank had refused": {
			Tender{ID: "tdr-1", State: TenderFailed, Problem: problem}, facts[KindTenderPaid],
			Tender{
				ID: "tdr-1", State: TenderPaid, SessionID: "cs_1", PaymentIntentID: "pi_1", ChargeID: "ch_1", PaidAt: at,
				Card: Card{Brand: "visa", Last4: "4242"},
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			after, err := orderWith(test.before).Apply(test.fact, noon)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, after.Tenders[0]); diff != "" {
				t.Errorf("the tender is not as it should be (-want +got):\n%s", diff)
			}
			if !after.UpdatedAt.Equal(noon) {
				t.Errorf("the order was updated at %v, want the time of the entry", after.UpdatedAt)
			}
		})
	}
}

// TestAnotherCodeIsClosedOnce: whatever the tender's own code is, and never that
// one.
func TestAnotherCodeIsClosedOnce(t *testing.T) {
	of := OfTender{OrderID: "ord-1", TenderID: "tdr-1"}
	ask := func(session string) Fact { return CodeCloseAskedFact{OfTender: of, Intent: Intent{Expire: session}} }
	for _, state := range []TenderState{TenderOpen, TenderProcessing, TenderPaid, TenderExpired, TenderFailed} {
		before := orderWith(Tender{ID: "tdr-1", State: state, SessionID: "cs_1"})
		o, err := before.Apply(ask("cs_2"), noon)
		if err != nil || o.Status() != before.Status() || o.Hold.State != before.Hold.State || len(before.Tenders[0].Others) > 0 {
			t.Errorf("%s: %v: it is %+v", state, err, o)
		}
		for name, f := range map[string]Fact{"once more": ask("cs_2"), "its own": ask("cs_1")} {
			if _, err := o.Apply(f, noon); err == nil {
				t.Errorf("%s: %s is closed", state, name)
			}
		}
		if o, err = o.Apply(CodeClosedFact{OfTender: of, SessionID: "cs_2"}, noon); err != nil || !cmp.Equal(o.Tenders[0].Others, []string{"cs_2"}) {
			t.Errorf("%s: %v: it is %+v", state, err, o)
		}
	}
}

func TestACancelIsAskedOnce(t *testing.T) {
	o := orderWith(Tender{ID: "tdr-1", State: TenderOpen, CancelAsked: true})
	if _, err := o.Apply(CancelAskedFact{OfTender: OfTender{OrderID: "ord-1", TenderID: "tdr-1"}}, noon); err == nil {
		t.Error("a cancel was recorded twice: two intents would be sent")
	}
}

func TestPayingBringsTheTickets(t *testing.T) {
	before := orderWith(Tender{ID: "tdr-0", State: TenderExpired}, Tender{ID: "tdr-1", State: TenderOpen})
	kept := orderWith(Tender{ID: "tdr-0", State: TenderExpired}, Tender{ID: "tdr-1", State: TenderOpen})
	after, err := before.Apply(tenderFacts()[4], noon)
	if err != nil {
		t.Fatal(err)
	}
	if len(after.Tickets) != 1 || after.Tickets[0].ID != "tkt-1" || after.Status() != Paid {
		t.Errorf("the paid order is %+v", after)
	}
	if after.Tenders[0].State != TenderExpired || after.Tenders[1].State != TenderPaid {
		t.Errorf("the wrong tender was paid: %+v", after.Tenders)
	}
	if diff := cmp.Diff(kept, before); diff != "" {
		t.Errorf("the order that was there before was changed under its reader:\n%s", diff)
	}
}

func TestApplyRefusesAnotherOrdersTender(t *testing.T) {
	o := orderWith(Tender{ID: "tdr-1", State: TenderOpen})
	_, err := o.Apply(ExpiredFact{OfTender: OfTender{OrderID: "ord-1", TenderID: "tdr-9"}}, noon)
	if err == nil || !strings.Contains(err.Error(), "K7QF3M") || !strings.Contains(err.Error(), "tdr-9") {
		t.Errorf("the error is %v, want one that names the order and the tender", err)
	}
}

func TestApplyIgnoresWhatMovesNoTender(t *testing.T) {
	o := orderWith(Tender{ID: "tdr-1", State: TenderOpen})
	after, err := o.Apply(DiscrepancyFoundFact{Discrepancy: Discrepancy{OrderID: "ord-1", Reason: NoRoom}}, noon)
	if diff := cmp.Diff(o, after); err != nil || diff != "" {
		t.Errorf("a discrepancy changed the order (%v):\n%s", err, diff)
	}
}

func TestStatusFollowsFromTheTenders(t *testing.T) {
	with := func(s TenderState) Tender { return Tender{State: s} }
	canceled := Tender{State: TenderExpired, CancelAsked: true}
	tests := map[string]struct {
		tenders []Tender
		want    OrderStatus
	}{
		"no tender":                           {nil, Failed},
		"starting":                            {[]Tender{with(TenderStarting)}, AwaitingPayment},
		"open":                                {[]Tender{with(TenderOpen)}, AwaitingPayment},
		"open, and to be closed":              {[]Tender{{State: TenderOpen, CancelAsked: true}}, AwaitingPayment},
		"processing":                          {[]Tender{with(TenderProcessing)}, AwaitingPayment},
		"paid":                                {[]Tender{with(TenderPaid)}, Paid},
		"paid, though it was to be closed":    {[]Tender{{State: TenderPaid, CancelAsked: true}}, Paid},
		"expired by itself":                   {[]Tender{with(TenderExpired)}, Expired},
		"expired because it was to be closed": {[]Tender{canceled}, Canceled},
		"refused":                             {[]Tender{with(TenderRefused)}, Failed},
		"refused, and was to be closed":       {[]Tender{{State: TenderRefused, CancelAsked: true}}, Failed},
		"failed":                              {[]Tender{with(TenderFailed)}, Failed},
		"a second try is open":                {[]Tender{with(TenderExpired), with(TenderOpen)}, AwaitingPayment},
		"the first can still be paid":         {[]Tender{with(TenderOpen), with(TenderRefused)}, AwaitingPayment},
		"the first was paid after all":        {[]Tender{with(TenderPaid), canceled}, Paid},
		"the second was paid":                 {[]Tender{with(TenderFailed), with(TenderPaid)}, Paid},
		"the last end tells the reason":       {[]Tender{with(TenderFailed), canceled}, Canceled},
		"and the last end alone":              {[]Tender{canceled, with(TenderExpired)}, Expired},
	}
	for name, test := range tests {
		if got := (Order{Tenders: test.tenders}).Status(); got != test.want {
			t.Errorf("%s: the order is %s, want %s", name, got, test.want)
		}
	}
}

func TestFinalMeansNobodyCanPay(t *testing.T) {
	for _, s := range states() {
		if open := s == TenderStarting || s == TenderOpen || s == TenderProcessing; s.Final() == open {
			t.Errorf("%s.Final() is %v", s, s.Final())
		}
	}
	if TenderState("of a later version").Final() {
		t.Error("a state that is not known counts as final, which would free seats")
	}
}

func TestFindingATender(t *testing.T) {
	o := orderWith(Tender{ID: "tdr-1", State: TenderStarting}, Tender{ID: "tdr-2", SessionID: "cs_2"})
	if got, ok := o.Tender("tdr-2"); !ok || got.ID != "tdr-2" {
		t.Errorf("by id: %+v, %v", got, ok)
	}
	if _, ok := o.Tender("tdr-3"); ok {
		t.Error("a tender of another order was found")
	}
	if got, ok := o.TenderBySession("cs_2"); !ok || got.ID != "tdr-2" {
		t.Errorf("by session: %+v, %v", got, ok)
	}
	if got, ok := o.TenderBySession(""); ok {
		t.Errorf("no session is that of %s, which has none yet", got.ID)
	}
	if _, ok := o.TenderBySession("cs_3"); ok {
		t.Error("a session of another order was found")
	}
}

func TestTicketsAreIssuedForEverySeat(t *testing.T) {
	o := Order{ID: "ord-1", LineItems: []LineItem{
		{PerformanceID: "perf-1", TicketTypeID: "adult", Name: "Adult", UnitPrice: money.New(2400, "eur"), Quantity: 2},
		{PerformanceID: "perf-2", TicketTypeID: "child", Name: "Child", UnitPrice: money.New(900, "eur"), Quantity: 1},
	}}
	n := 0
	got := IssueTickets(o, func() string { n++; return "tkt-" + strings.Repeat("o", n) })
	want := []Ticket{
		{ID: "tkt-o", OrderID: "ord-1", PerformanceID: "perf-1", TicketTypeID: "adult", Name: "Adult", Number: 1, Of: 3},
		{ID: "tkt-oo", OrderID: "ord-1", PerformanceID: "perf-1", TicketTypeID: "adult", Name: "Adult", Number: 2, Of: 3},
		{ID: "tkt-ooo", OrderID: "ord-1", PerformanceID: "perf-2", TicketTypeID: "child", Name: "Child", Number: 3, Of: 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the tickets are not as they should be (-want +got):\n%s", diff)
	}
	if o.Seats() != 3 {
		t.Errorf("the order is for %d seats, want 3", o.Seats())
	}
}

// The cashier's word about the buyer stays, and the buyer's own fills what she
// left empty.
func TestWhoBuysIsFilledInByThePayment(t *testing.T) {
	paid := PaidFact{OfTender: OfTender{OrderID: "ord-1", TenderID: "tdr-1"}, BuyerName: "Ana Kovač", BuyerEmail: "ana@example.org"}
	for entered, want := range map[string]string{"": "ana@example.org", "box@example.org": "box@example.org"} {
		o := orderWith(Tender{ID: "tdr-1", State: TenderOpen})
		o.BuyerEmail = entered
		got, err := o.Apply(paid, noon)
		if err != nil || got.BuyerEmail != want || got.BuyerName != "Ana Kovač" {
			t.Errorf("entered %q: %q %q, %v; want %q", entered, got.BuyerName, got.BuyerEmail, err, want)
		}
	}
}
