package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// judged says what a session means, by what Stripe says of it. "*" is any.
//
//nolint:dupword // it is a table
const judged = `
open       unpaid  -                        waiting
open       unpaid  requires_payment_method  waiting
open       unpaid  requires_confirmation    waiting
open       unpaid  requires_action          waiting
open       unpaid  processing               waiting
open       unpaid  requires_capture         waiting
open       unpaid  canceled                 waiting
complete   unpaid  -                        processing
complete   unpaid  requires_payment_method  undone
complete   unpaid  requires_confirmation    processing
complete   unpaid  requires_action          processing
complete   unpaid  processing               processing
complete   unpaid  requires_capture         processing
complete   unpaid  canceled                 undone
expired    unpaid  -                        lapsed
expired    unpaid  requires_payment_method  lapsed
expired    unpaid  requires_confirmation    lapsed
expired    unpaid  requires_action          lapsed
expired    unpaid  processing               processing
expired    unpaid  requires_capture         lapsed
expired    unpaid  canceled                 lapsed
tomorrow's unpaid  -                        waiting
tomorrow's unpaid  processing               waiting
*          *       succeeded                paid
*          paid    *                        paid
`

// planned says which facts are recorded: for each state of the tender (down)
// and each meaning of the session (across). PAID stands for what becomes of the
// money, which has a table of its own.
const planned = `
            waiting  processing         paid         lapsed          undone
starting    opened   opened+processing  opened+PAID  opened+expired  opened+processing+failed
open        -        processing         PAID         expired         processing+failed
processing  -        -                  PAID         expired         failed
paid        -        -                  -            -               -
expired     -        -                  PAID         -               -
refused     -        -                  PAID         -               -
failed      -        -                  PAID         -               -
`

// placed says what becomes of money, by what is the matter with it and what
// the seats are: it is placed, or kept; and what becomes of a code that cannot
// be paid any more.
const placed = `
nothing         held      tender.paid
nothing         released  tender.paid
no room         held      tender.paid
no room         released  no_room
wrong amount    held      wrong_amount   tender.processing
wrong amount    expired   wrong_amount   tender.expired
wrong amount    released  wrong_amount
wrong currency  held      wrong_currency tender.processing
wrong mode      held      wrong_mode     tender.processing
all wrong       released  wrong_mode
kept already    held      tender.processing
kept already    released  -
no order        -         elsewhere
no order, ours  -         unknown_order
paid twice      held      paid_twice     tender.processing
kept, no order  -         -
`

func rows(table string) (rows [][]string) {
	for line := range strings.Lines(strings.TrimSpace(table)) {
		rows = append(rows, strings.Fields(line))
	}
	return rows
}

func (v verdict) String() string {
	return [...]string{"waiting", "processing", "paid", "lapsed", "undone"}[v]
}

func allStatuses() []stripeapi.SessionStatus {
	return []stripeapi.SessionStatus{stripeapi.SessionOpen, stripeapi.SessionComplete, stripeapi.SessionExpired}
}

func allPayments() []stripeapi.PaymentStatus {
	return []stripeapi.PaymentStatus{"", "requires_payment_method", "requires_confirmation", "requires_action", "processing", "requires_capture", "succeeded", "canceled"}
}

func allStates() []boxoffice.TenderState {
	return []boxoffice.TenderState{
		boxoffice.TenderStarting, boxoffice.TenderOpen, boxoffice.TenderProcessing, boxoffice.TenderPaid,
		boxoffice.TenderExpired, boxoffice.TenderRefused, boxoffice.TenderFailed,
	}
}

func TestJudge(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range rows(judged) {
		for _, status := range append(allStatuses(), "tomorrow's") {
			for _, settled := range []bool{false, true} {
				for _, intent := range allPayments() {
					words := []string{string(status), map[bool]string{false: "unpaid", true: "paid"}[settled], string(intent)}
					if intent == "" {
						words[2] = "-"
					}
					matches := slices.EqualFunc(row[:3], words, func(want, have string) bool { return want == "*" || want == have })
					if !matches {
						continue
					}
					seen[strings.Join(words, " ")] = true
					s := stripeapi.Session{Status: status, Paid: settled, Payment: stripeapi.Payment{Status: intent}}
					if got := judge(s).String(); got != row[3] {
						t.Errorf("%v means %s, want %s", words, got, row[3])
					}
				}
			}
		}
	}
	if len(seen) < 3*2*8 {
		t.Errorf("the table speaks of %d sessions only", len(seen))
	}
}

// sessionThat is one with the meaning.
func sessionThat(v verdict) stripeapi.Session {
	s := stripeapi.Session{ID: "cs_1", Reference: "ord-1", Amount: money.New(4800, "eur"), URL: "https://checkout.stripe.com/c/pay/cs_1"}
	switch v {
	case waiting:
		s.Status = stripeapi.SessionOpen
	case processing:
		s.Status, s.Payment = stripeapi.SessionComplete, stripeapi.Payment{IntentID: "pi_1", Status: stripeapi.PaymentProcessing}
	case paid:
		s.Status, s.Paid, s.BuyerName, s.BuyerEmail = stripeapi.SessionComplete, true, "Ana", "ana@example.org"
		s.Payment = stripeapi.Payment{IntentID: "pi_1", Status: stripeapi.PaymentSucceeded, ChargeID: "ch_1", PaidAt: time.Unix(1_772_712_000, 0).UTC(), Card: boxoffice.Card{Brand: "visa", Last4: "4242"}}
	case lapsed:
		s.Status = stripeapi.SessionExpired
	case undone:
		s.Status, s.Payment = stripeapi.SessionComplete, stripeapi.Payment{IntentID: "pi_1", Status: stripeapi.PaymentNeedsOther}
	}
	return s
}

// shelf is a book with one order in it, without a disk.
type shelf struct {
	order boxoffice.Order
	kept  []string // ids of discrepancies
	room  bool
	ids   boxoffice.IDs
}

func newShelf(state boxoffice.TenderState) *shelf {
	hold := boxoffice.Held
	if state == boxoffice.TenderPaid {
		hold = boxoffice.Sold
	} else if state.Final() {
		hold = boxoffice.Released
	}
	t := boxoffice.Tender{ID: "tdr-1", Kind: boxoffice.Phone, State: state, Amount: money.New(4800, "eur"), SessionID: "cs_1"}
	if state == boxoffice.TenderStarting || state == boxoffice.TenderRefused {
		t.SessionID = ""
	}
	return &shelf{room: true, ids: testkit.IDs(1), order: boxoffice.Order{
		ID: "ord-1", Code: "K7QF3M", Tenders: []boxoffice.Tender{t}, Hold: boxoffice.Hold{State: hold},
		LineItems: []boxoffice.LineItem{{Name: "Adult", Quantity: 2}},
	}}
}

func (b *shelf) sight(s stripeapi.Session) sight {
	return sight{
		session: s, known: true, order: b.order, tender: b.order.Tenders[0], room: b.room,
		kept: len(b.kept) > 0, newID: b.ids.New,
	}
}

// observe records what the plan says, and returns the kinds.
func (b *shelf) observe(s stripeapi.Session) (kinds []string, err error) {
	for _, f := range plan(b.sight(s)) {
		if d, ok := f.(boxoffice.DiscrepancyFoundFact); ok {
			b.kept = append(b.kept, d.Discrepancy.ID)
		}
		if b.order, err = b.order.Apply(f, time.Time{}); err != nil {
			return kinds, err
		}
		kinds = append(kinds, string(f.Kind()))
	}
	return kinds, nil
}

// TestPlan is every meaning of a session against every state of a tender. Each
// plan can be recorded, and then there is nothing left to plan.
func TestPlan(t *testing.T) {
	grid := rows(planned)
	for i, state := range allStates() {
		row := grid[i+1]
		if row[0] != string(state) {
			t.Fatalf("row %d of the table is %s, want %s", i+1, row[0], state)
		}
		for v := waiting; v <= undone; v++ {
			want := strings.ReplaceAll(row[v+1], "PAID", "paid")
			b := newShelf(state)
			kinds, err := b.observe(sessionThat(v))
			if err != nil {
				t.Errorf("%s, %s: the plan cannot be recorded: %v", state, v, err)
			}
			got := strings.ReplaceAll(strings.Join(kinds, "+"), "tender.", "")
			if got == "" {
				got = "-"
			}
			if got != want {
				t.Errorf("%s, %s: the plan is %s, want %s", state, v, got, want)
			}
			if again, err := b.observe(sessionThat(v)); len(again) > 0 || err != nil {
				t.Errorf("%s, %s: planned again it is %v, %v", state, v, again, err)
			}
		}
	}
}

// TestEveryPlanCanBeRecorded goes through all that Stripe could ever say, not
// only through what makes sense.
func TestEveryPlanCanBeRecorded(t *testing.T) {
	for _, state := range allStates() {
		for _, status := range append(allStatuses(), "") {
			for _, settled := range []bool{false, true} {
				for _, intent := range allPayments() {
					s := stripeapi.Session{ID: "cs_1", Status: status, Paid: settled, Amount: money.New(4800, "eur"), Payment: stripeapi.Payment{Status: intent}}
					b := newShelf(state)
					what := fmt.Sprintf("%s, %s, paid %v, %q", state, status, settled, intent)
					if _, err := b.observe(s); err != nil {
						t.Errorf("%s: %v", what, err)
					}
					if again, err := b.observe(s); len(again) > 0 || err != nil {
						t.Errorf("%s: planned again it is %v, %v", what, again, err)
					}
					if held := b.order.Hold.State; held == boxoffice.Released && judge(s) != lapsed && judge(s) != undone && !state.Final() {
						t.Errorf("%s: the seats were given free", what)
					}
				}
			}
		}
	}
}

// TestWhatBecomesOfMoney: it is placed, or kept and shown; never dropped.
func TestWhatBecomesOfMoney(t *testing.T) {
	for line := range strings.Lines(strings.TrimSpace(placed)) {
		what, rest := strings.TrimSpace(line[:16]), strings.Fields(line[16:])
		t.Run(what+", "+rest[0], func(t *testing.T) {
			see := newShelf(boxoffice.TenderOpen).sight(sessionThat(paid))
			switch rest[0] {
			case "released":
				see = newShelf(boxoffice.TenderExpired).sight(sessionThat(paid))
			case "expired":
				see.session.Status = stripeapi.SessionExpired
			}
			switch what {
			case "no room":
				see.room = false
			case "wrong amount":
				see.session.Amount.Minor--
			case "wrong currency":
				see.session.Amount.Currency = "usd"
			case "wrong mode":
				see.session.Livemode = true
			case "all wrong":
				see.session.Livemode, see.session.Amount, see.room = true, money.New(1, "usd"), false
			case "kept already":
				see.kept = true
			case "paid twice":
				see.order.Hold.State = boxoffice.Sold
			case "no order, ours":
				see.known, see.order, see.tender, see.ours = false, boxoffice.Order{}, boxoffice.Tender{}, true
			case "no order":
				see.known, see.order, see.tender = false, boxoffice.Order{}, boxoffice.Tender{}
			case "kept, no order":
				see.known, see.kept = false, true
			}
			var got []string
			for _, f := range plan(see) {
				switch f := f.(type) {
				case boxoffice.PaidFact:
					if f.Amount != money.New(4800, "eur") || len(f.Tickets) != 2 || f.ChargeID != "ch_1" || f.Card.Last4 != "4242" || f.BuyerName != "Ana" || f.BuyerEmail != "ana@example.org" {
						t.Errorf("it is placed as %+v", f)
					}
				case boxoffice.DiscrepancyFoundFact:
					got = append(got, string(f.Discrepancy.Reason))
					want := boxoffice.Discrepancy{
						ID: "cs_1-" + rest[1], OrderID: see.order.ID, SessionID: "cs_1", PaymentIntentID: "pi_1",
						Amount: see.session.Amount, Reason: boxoffice.Reason(rest[1]), ChargeID: "ch_1", PaidAt: see.session.Payment.PaidAt,
						BuyerName: "Ana", BuyerEmail: "ana@example.org", Card: boxoffice.Card{Brand: "visa", Last4: "4242"},
					}
					if see.order.ID != "" {
						want.Expected = money.New(4800, "eur")
					}
					if diff := cmp.Diff(want, f.Discrepancy); diff != "" {
						t.Errorf("kept (-want +got):\n%s", diff)
					}
					continue
				}
				got = append(got, string(f.Kind()))
			}
			if want := slices.DeleteFunc(rest[1:], func(s string) bool { return s == "-" }); !slices.Equal(got, want) {
				t.Errorf("the plan is %v, want %v", got, want)
			}
		})
	}
}

// TestMoneyThatNobodyHasIsNotKept: a session of somebody else's that is not paid.
func TestMoneyThatNobodyHasIsNotKept(t *testing.T) {
	for v := waiting; v <= undone; v++ {
		if facts := plan(sight{session: sessionThat(v)}); (len(facts) > 0) != (v == paid) {
			t.Errorf("a foreign session that is %s: %+v", v, facts)
		}
	}
}

// TestEveryReasonIsLookedFor: a reason that plan uses and reasons does not
// list would be kept again at every look.
func TestEveryReasonIsLookedFor(t *testing.T) {
	all := []boxoffice.Reason{boxoffice.UnknownOrder, boxoffice.WrongAmount, boxoffice.WrongCurrency, boxoffice.WrongMode, boxoffice.NoRoom, boxoffice.PaidTwice, boxoffice.Elsewhere}
	listed := reasons()
	slices.Sort(all)
	slices.Sort(listed)
	if diff := cmp.Diff(all, listed); diff != "" {
		t.Errorf("(-all +listed):\n%s", diff)
	}
}
