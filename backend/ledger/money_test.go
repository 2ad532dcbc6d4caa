package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// Refund r of order n is rfd-n-r, and re_n_r at Stripe. Late money n came by
// the session of order n, and is refunded as order -n would be.

func refundID(n, r int) string { return fmt.Sprintf("rfd-%d-%d", n, r) }

func stripeID(n, r int) string { return fmt.Sprintf("re_%d_%d", n, r) }

func lateID(n int) string { return session(n) + "-no_room" }

// ofMoney is the money of order n, or of late money -n.
func ofMoney(n int) boxoffice.OfMoney {
	if n < 0 {
		return boxoffice.OfMoney{DiscrepancyID: lateID(-n)}
	}
	return boxoffice.OfMoney{OrderID: of(n).OrderID}
}

func refundAsked(n, r int, minor int64) boxoffice.Fact {
	f := boxoffice.Refund{ID: refundID(n, r), PaymentIntentID: fmt.Sprint("pi_", max(n, -n)), Amount: money.New(minor, "eur"), Status: boxoffice.RefundAsked, Answered: true, By: "Eva"}
	return boxoffice.RefundAskedFact{OfMoney: ofMoney(n), Refund: f, Intent: boxoffice.Intent{
		Key: ledger.RefundKey(f.ID), OrderID: ofMoney(n).OrderID, DiscrepancyID: ofMoney(n).DiscrepancyID, RefundID: f.ID,
		Refund: &boxoffice.RefundRequest{PaymentIntentID: f.PaymentIntentID, Amount: f.Amount},
	}}
}

// refundSays is what Stripe says of a refund of ours.
func refundSays(n, r int, status boxoffice.RefundStatus, minor int64) boxoffice.Fact {
	return boxoffice.RefundRecordedFact{OfMoney: ofMoney(n), Refund: boxoffice.Refund{
		ID: refundID(n, r), StripeID: stripeID(n, r), PaymentIntentID: fmt.Sprint("pi_", max(n, -n)), Amount: money.New(minor, "eur"), Status: status,
	}}
}

// dashboard is a refund that was made in the Dashboard.
func dashboard(n, r int, status boxoffice.RefundStatus, minor int64) boxoffice.Fact {
	f := refundSays(n, r, status, minor).(boxoffice.RefundRecordedFact)
	f.Refund.ID, f.Refund.External = f.Refund.StripeID, true
	return f
}

func refundRefused(n, r int) boxoffice.Fact {
	return boxoffice.RefundRefusedFact{OfMoney: ofMoney(n), RefundID: refundID(n, r), Problem: boxoffice.Problem{Code: boxoffice.CodeStripeRefused}}
}

// disputed is a dispute of what order 1 paid.
func disputed(status boxoffice.DisputeStatus, withdrawn int64) boxoffice.Fact {
	return boxoffice.DisputeRecordedFact{OfMoney: ofMoney(1), Dispute: boxoffice.Dispute{
		ID: "dp_1", PaymentIntentID: "pi_1", Amount: money.New(2400, "eur"), Status: status, Withdrawn: withdrawn,
	}}
}

// paidFor is paid with a ticket for each seat: tkt-n-1 and so on.
func paidFor(n, seats int) boxoffice.Fact {
	f := paid(n).(boxoffice.PaidFact)
	f.Tickets = ticketsOf(n, seats)
	return f
}

func ticketsOf(n, seats int) (tickets []boxoffice.Ticket) {
	for k := range seats {
		tickets = append(tickets, boxoffice.Ticket{
			ID: fmt.Sprintf("tkt-%d-%d", n, k+1), OrderID: of(n).OrderID, PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult,
		})
	}
	return tickets
}

// voided makes tickets of order n void, and frees their seats of the house.
func voided(n int, refund string, tickets ...int) boxoffice.Fact {
	f := boxoffice.TicketsVoidedFact{OrderID: of(n).OrderID, RefundID: refund, TicketIDs: []string{}}
	for _, k := range tickets {
		f.TicketIDs = append(f.TicketIDs, fmt.Sprintf("tkt-%d-%d", n, k))
	}
	if len(tickets) > 0 {
		f.Claims = []boxoffice.Claim{{QuotaID: "quota-house", Seats: len(tickets)}}
	}
	return f
}

// late is money that came by the session of order n, too late.
func late(n int, orderID string) boxoffice.DiscrepancyFoundFact {
	return boxoffice.DiscrepancyFoundFact{Discrepancy: boxoffice.Discrepancy{
		ID: lateID(n), OrderID: orderID, SessionID: session(n), PaymentIntentID: fmt.Sprint("pi_", n), Amount: money.New(2400, "eur"),
		Reason: boxoffice.NoRoom, PaidAt: testkit.NewClock().Now(),
	}}
}

func resolved(n int, orderID string, r boxoffice.Resolution) boxoffice.DiscrepancyResolvedFact {
	r.By = "Eva"
	return boxoffice.DiscrepancyResolvedFact{DiscrepancyID: lateID(n), OrderID: orderID, Resolution: r}
}

func kept(n int, orderID string) boxoffice.Fact {
	return resolved(n, orderID, boxoffice.Resolution{Action: boxoffice.ActKeep})
}

func givenBack(n int, orderID, refund string) boxoffice.Fact {
	return resolved(n, orderID, boxoffice.Resolution{Action: boxoffice.ActRefund, RefundID: refund})
}

// seatedAs gives late money n seats as order m.
func seatedAs(n int, orderID, quota string, m, seats int) boxoffice.Fact {
	f := resolved(n, orderID, boxoffice.Resolution{Action: boxoffice.ActSeat, OrderID: of(m).OrderID})
	o := placedIn(quota, m, seats).Order
	o.Total, o.Hold.State, o.DiscrepancyID, o.Tickets = money.New(2400, "eur"), boxoffice.Sold, lateID(n), ticketsOf(m, seats)
	o.Tenders[0].State, o.Tenders[0].SessionID, o.Tenders[0].PaymentIntentID = boxoffice.TenderPaid, session(n), fmt.Sprint("pi_", n)
	o.Tenders[0].PaidAt = testkit.NewClock().Now()
	f.Order = &o
	return f
}

// till is what the book says of all money, as a cashier would write it down: a
// line for each order, late money, the house, and what is to be done.
func till(t testing.TB, b *ledger.Book) string {
	t.Helper()
	var text strings.Builder
	view(t, b, func(tx *ledger.Tx) error {
		sheet, err := moneySheet(tx)
		text.WriteString(sheet)
		return err
	})
	q := testkit.Quota(t, b, "quota-house")
	fmt.Fprintf(&text, "house held %d sold %d", q.Held, q.Sold)
	return text.String()
}

// moneySheet lists orders and late money with what went back, and then what the
// book would do next.
func moneySheet(tx *ledger.Tx) (string, error) {
	var text strings.Builder
	orders, _, err := tx.Orders(ledger.OrderQuery{Limit: 1000})
	if err != nil {
		return "", err
	}
	slices.SortFunc(orders, func(a, b boxoffice.Order) int { return strings.Compare(a.ID, b.ID) })
	for _, o := range orders {
		fmt.Fprintf(&text, "%s %s, %d valid%s\n", o.ID, o.Status(), len(o.Valid()), returnsOf(o.Returns))
	}
	found, err := tx.Discrepancies()
	if err != nil {
		return "", err
	}
	for _, d := range found {
		action := "open"
		if d.Resolution != nil {
			action = string(d.Resolution.Action)
		}
		fmt.Fprintf(&text, "%s %s%s\n", d.ID, action, returnsOf(d.Returns))
	}
	var duties, in []string
	waiting, err := tx.Waiting()
	for _, d := range waiting {
		duties = append(duties, "look at "+d.ID)
	}
	if err != nil {
		return "", err
	}
	asked, err := tx.Unanswered()
	for _, o := range asked {
		duties = append(duties, "ask about "+o.ID)
	}
	if err != nil {
		return "", err
	}
	err = tx.UnfinishedRefunds(func(id string, m ledger.Money) error {
		if _, ok := m.Returns().RefundByID(id); !ok {
			return fmt.Errorf("%s is not of %+v", id, m.Of())
		}
		duties = append(duties, "await "+id)
		return nil
	})
	if err != nil {
		return "", err
	}
	intents, err := tx.Intents()
	for _, i := range intents {
		duties = append(duties, "send "+i.Key)
	}
	if err != nil {
		return "", err
	}
	err = tx.MoneyBetween(time.Time{}, time.Unix(1<<40, 0), func(intentID string, m ledger.Money) (bool, error) {
		of := m.Of()
		in = append(in, fmt.Sprintf("%s %s%s", intentID, of.OrderID, of.DiscrepancyID))
		by, ok, err := tx.MoneyByIntent(intentID)
		if strings.HasPrefix(intentID, "pi_") && err == nil && (!ok || by.Of() != of) {
			err = fmt.Errorf("%s is found at %+v, and at %+v by its payment", intentID, of, by)
		}
		return true, err
	})
	slices.Sort(in)
	fmt.Fprintf(&text, "to do: %s\nmoney: %s\n", strings.Join(duties, ", "), strings.Join(in, ", "))
	return text.String(), err
}

func returnsOf(r boxoffice.Returns) string {
	var text strings.Builder
	for _, f := range r.Refunds {
		fmt.Fprintf(&text, ", %s %s %d", f.ID, f.Status, f.Amount.Minor)
		if f.Answered {
			fmt.Fprintf(&text, " for %d", len(f.TicketIDs))
		}
	}
	for _, d := range r.Disputes {
		fmt.Fprintf(&text, ", %s %s %d", d.ID, d.Status, d.Withdrawn-d.Reinstated)
	}
	return text.String()
}

// lines joins a sheet's lines.
func lines(text ...string) string { return strings.Join(text, "\n") }

// tell appends facts, and holds what the book then says against want. The book
// must be sound.
func tell(t *testing.T, b *ledger.Book, want string, facts ...boxoffice.Fact) {
	t.Helper()
	testkit.Append(t, b, facts...)
	if diff := cmp.Diff(want, till(t, b)); diff != "" {
		t.Errorf("after %s (-want +book):\n%s", facts[len(facts)-1].Kind(), diff)
	}
	testkit.MustVerify(t, b)
}

// refuse holds that a fact cannot follow, and that nothing is left of it.
func refuse(t *testing.T, b *ledger.Book, want string, f boxoffice.Fact) {
	t.Helper()
	before := state(t, b)
	err := b.Update(func(tx *ledger.Tx) error { _, err := tx.Append(f); return err })
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s ended with %v, want an error with %q", f.Kind(), err, want)
	}
	if diff := cmp.Diff(before, state(t, b)); diff != "" {
		t.Errorf("it was written all the same:\n%s", diff)
	}
}
