package reconcile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	books "willcall/backend/closing" // closing is a step of these tests
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// closed is the close of the time.
func (s *scene) closed(from, to time.Time) (r books.Report) {
	s.Helper()
	s.view(func(tx *ledger.Tx) (err error) {
		r, err = books.Period(tx, from, to)
		return err
	})
	return r
}

// read reads the statement of the time.
func (s *scene) read(from, to time.Time) {
	s.Helper()
	if err := s.r.ReadStatement(s.Context(), from, to); err != nil {
		s.Fatal(err)
	}
}

// agrees fails the test unless so many movements are all that there are, and
// the books agree about each.
func (s *scene) agrees(r books.Report, want int) {
	s.Helper()
	for _, m := range r.Movements {
		if m.State == books.Differs || m.State == books.Unread {
			s.Errorf("%s %s %s: %+v", m.Kind, m.State, m.Difference, m)
		}
	}
	if r.Agree != want || r.Of != want || !r.Complete {
		s.Errorf("%d of %d agree, want %d; missing %v", r.Agree, r.Of, want, r.Missing)
	}
}

// away closes the till for so long, and gives it a minute to find out.
func (s *scene) away(long time.Duration) {
	s.Helper()
	s.stop()
	time.Sleep(long)
	s.open()
	s.start()
	time.Sleep(time.Minute)
}

func (s *scene) check(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// A week at the box office, with everything that can become of money: the three
// books agree about all of it, and about each payout.
func TestAWeekAgrees(t *testing.T) {
	play(t, func(s *scene) {
		s.debits = true // as a till that takes slow ways too
		s.open()
		s.start()
		began := time.Now()
		orders := make([]boxoffice.Order, 6)
		for i := range orders {
			orders[i] = s.sold(1)
			time.Sleep(5 * time.Second)
			if i < 5 {
				s.pay(orders[i].ID)
			}
			time.Sleep(5 * time.Second)
		}
		debit := s.sold(2)
		time.Sleep(time.Second)
		s.check(s.sim.Pay(s.session(debit.ID), stripesim.Payment{Delayed: true}))
		time.Sleep(5 * time.Minute)
		s.read(began, time.Now())
		s.agrees(s.closed(began, time.Now().Add(-3*time.Minute)), 5)

		intent := func(i int) string { return s.order(orders[i].ID).Tenders[0].PaymentIntentID }
		_, err := s.sim.RefundInDashboard(intent(0), 900, stripesim.RefundOptions{})
		s.check(err)
		back, err := s.sim.RefundInDashboard(intent(1), 0, stripesim.RefundOptions{Status: "pending"})
		s.check(err)
		dispute, err := s.sim.Dispute(intent(2), stripesim.DisputeOptions{})
		s.check(err)
		_, err = s.sim.Dispute(intent(3), stripesim.DisputeOptions{Inquiry: true})
		s.check(err)
		s.away(24 * time.Hour)
		s.check(s.sim.SettleRefund(back, false)) // the buyer's account was closed
		s.check(s.sim.CloseDispute(dispute, true))
		s.check(s.sim.Settle(s.session(debit.ID), true))
		s.away(6 * 24 * time.Hour)
		end := time.Now()
		s.read(began, end)

		payouts := 0
		s.view(func(tx *ledger.Tx) error {
			found, err := tx.Payouts(began, end)
			payouts = len(found)
			for _, p := range found {
				r, err := books.ForPayout(tx, p.ID)
				if err != nil {
					return err
				}
				s.agrees(r, r.Of)
			}
			return err
		})
		if payouts < 2 {
			s.Errorf("there were %d payouts", payouts)
		}
		// Five payments and the debit, a refund, one that came back (twice), a
		// dispute that was won (twice), and the payouts.
		s.agrees(s.closed(began, end.Add(-3*time.Minute)), 6+1+2+2+payouts)

		if r := s.closed(began, end); r.Complete || len(r.Missing) != 1 || r.Missing[0].To.Sub(r.Missing[0].From) > 3*time.Minute {
			s.Errorf("the last moments count as read: %v", r.Missing)
		}
	})
}

// A debit is charged on one day and settled days later, when the day of its
// charge is not read any more: whenever Stripe moves the balance.
func TestADebitOfLastWeekAgrees(t *testing.T) {
	for _, onSuccess := range []bool{false, true} {
		t.Run(fmt.Sprint("on success: ", onSuccess), func(t *testing.T) { play(t, debitOfLastWeek(onSuccess)) })
	}
}

func debitOfLastWeek(onSuccess bool) func(*scene) {
	return func(s *scene) {
		s.sim.Assume(stripesim.Assumptions{DebitsBookOnSuccess: onSuccess})
		s.debits = true
		s.open()
		s.start()
		began := time.Now()
		o := s.sold(2)
		time.Sleep(time.Second)
		s.check(s.sim.Pay(s.session(o.ID), stripesim.Payment{Delayed: true}))
		time.Sleep(5 * time.Minute)
		s.read(began, time.Now())
		s.agrees(s.closed(began, time.Now().Add(-3*time.Minute)), 0) // no money yet
		s.away(5 * 24 * time.Hour)
		s.check(s.sim.Settle(s.session(o.ID), true))
		time.Sleep(20 * time.Minute)
		s.read(time.Now().Add(-48*time.Hour), time.Now())
		first, last := 1, 0
		if onSuccess {
			first, last = 0, 1
		}
		s.agrees(s.closed(began, began.Add(2*time.Minute)), first)
		s.agrees(s.closed(time.Now().Add(-24*time.Hour), time.Now().Add(-3*time.Minute)), last)
	}
}

// A buyer who pays in a currency of their own, and gets half of it back.
func TestAnotherCurrencyAgrees(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		began := time.Now()
		o := s.sold(2)
		time.Sleep(time.Second)
		s.check(s.sim.Pay(s.session(o.ID), stripesim.Payment{Convert: "usd"}))
		time.Sleep(time.Minute)
		_, err := s.sim.RefundInDashboard(s.order(o.ID).Tenders[0].PaymentIntentID, 1000, stripesim.RefundOptions{})
		s.check(err)
		time.Sleep(15 * time.Minute)
		s.read(began, time.Now())
		r := s.closed(began, time.Now().Add(-3*time.Minute))
		s.agrees(r, 2)
		if len(r.Currencies) != 1 || r.Currencies[0].Gross != 4800 || len(r.Currencies[0].Converted) != 1 || r.Currencies[0].Converted[0].Charged.Currency != "usd" {
			s.Errorf("the balance moved by %+v", r.Currencies)
		}
	})
}

// More rows than a page has are all read, the members of a payout too.
func TestAStatementOfManyPages(t *testing.T) {
	play(t, func(s *scene) {
		const sales = 260
		s.start()
		time.Sleep(5 * time.Second)
		poster := s.widePoster()
		began := time.Now()
		s.stop()
		time.Sleep(10 * time.Hour)
		s.check(s.sim.Seed(stripesim.SeedOptions{Link: poster.LinkID, Sales: sales, From: began, To: began.Add(10 * time.Hour)}))
		s.away(5 * 24 * time.Hour)
		s.read(began, time.Now())
		until := began.Add(10 * time.Hour)
		s.agrees(s.closed(began, until), sales)
		s.view(func(tx *ledger.Tx) error {
			payouts, err := tx.Payouts(began, time.Now())
			if len(payouts) == 0 {
				s.Error("nothing was paid out")
			}
			members := 0
			for _, p := range payouts {
				r, err := books.ForPayout(tx, p.ID)
				if err != nil {
					return err
				}
				s.agrees(r, r.Of)
				members += r.Of - 1
			}
			if members != sales {
				s.Errorf("%d of %d sales are in payouts", members, sales)
			}
			return err
		})
	})
}

// bookkeeping is a fake Stripe with a charge that nobody sold here, a failed
// one, one that is only authorized, and two payouts; its clock is a day ahead.
func bookkeeping() *fake {
	f := newFake()
	f.skew = 24 * time.Hour
	at := time.Now().Add(f.skew - time.Hour).UTC().Truncate(time.Second)
	charge := func(id string) stripeapi.Charge {
		return stripeapi.Charge{
			ID: "ch_" + id, IntentID: "pi_" + id, Amount: money.New(2400, "eur"), Paid: true, Captured: true, Status: stripeapi.ChargeSucceeded, Created: at, TransactionID: "txn_" + id,
		}
	}
	failing, reserved := charge("failed"), charge("reserved")
	failing.Paid, failing.Status, failing.TransactionID = false, stripeapi.ChargeFailed, ""
	reserved.Captured, reserved.TransactionID = false, ""
	f.books.charges = []stripeapi.Charge{charge("shop"), failing, reserved}
	move := func(id, category, source string, minor int64) stripeapi.Transaction {
		return stripeapi.Transaction{ID: "txn_" + id, Type: category, Category: category, Amount: money.New(minor, "eur"), Net: minor, Created: at, SourceID: source}
	}
	out := move("out", "payout", "po_1", -2400)
	f.books.transactions = []stripeapi.Transaction{move("shop", "charge", "ch_shop", 2400), out, move("next", "payout", "po_0", -100)}
	f.books.payouts = []stripeapi.Payout{
		{ID: "po_1", Amount: money.New(2400, "eur"), Status: stripeapi.PayoutPaid, Created: at, Automatic: true, Reconciled: true, TransactionID: "txn_out"},
		{ID: "po_0", Amount: money.New(100, "eur"), Status: stripeapi.PayoutPaid, Created: at.Add(-time.Minute), Automatic: true},
	}
	f.books.members = map[string][]stripeapi.Transaction{"po_1": f.books.transactions[:2]}
	f.sessions["pi_shop"] = stripeapi.Session{
		ID: "pi_shop", Status: stripeapi.SessionComplete, Paid: true, Amount: money.New(2400, "eur"), Created: at,
		Payment: stripeapi.Payment{IntentID: "pi_shop", ChargeID: "ch_shop", Status: stripeapi.PaymentSucceeded, PaidAt: at},
	}
	return f
}

// since are the kinds of what was written since the number.
func (s *scene) since(number uint64) (kinds []string) {
	s.view(func(tx *ledger.Tx) error {
		return tx.Entries(number, func(e ledger.Entry) (bool, error) {
			f, err := e.Fact()
			kind := string(e.Kind)
			if read, ok := f.(boxoffice.StatementReadFact); ok {
				kind = fmt.Sprint(len(read.Charges), " charges ", len(read.Transactions), " transactions ", len(read.Payouts), " payouts")
				if read.Covered != nil {
					kind = "covered"
				}
			}
			kinds = append(kinds, kind)
			return true, err
		})
	})
	return kinds
}

func TestReadStatement(t *testing.T) {
	play(t, func(s *scene) {
		f := bookkeeping()
		s.use(f)
		now := f.Now()
		number := s.number()
		s.read(now.Add(-24*time.Hour), now.Add(time.Hour))
		want := []string{
			"2 charges 0 transactions 0 payouts", string(boxoffice.KindDiscrepancy),
			"0 charges 3 transactions 0 payouts", "0 charges 2 transactions 0 payouts", "0 charges 0 transactions 1 payouts", "0 charges 0 transactions 1 payouts", "covered",
		}
		if diff := cmp.Diff(want, s.since(number)); diff != "" {
			s.Error(diff)
		}
		s.view(func(tx *ledger.Tx) error {
			spans, err := tx.Covered()
			if len(spans) != 1 || !spans[0].To.Equal(now.Add(-settled).Truncate(time.Second)) || spans[0].From.After(now.Add(-24*time.Hour)) {
				s.Errorf("it covers %v at %v", spans, now)
			}
			one, _, _ := tx.Payout("po_1")
			other, _, _ := tx.Payout("po_0")
			if !one.Matched || other.Matched {
				s.Errorf("matched are %v and %v", one, other)
			}
			shop, known, _ := tx.Transaction("txn_shop")
			if !known || shop.PayoutID != "po_1" {
				s.Errorf("the sale went out with %q", shop.PayoutID)
			}
			return err
		})
		if found := s.discrepancies(); len(found) != 1 || found[0].Reason != boxoffice.Elsewhere {
			s.Errorf("what another program sold is kept as %+v", found)
		}
		s.agrees(s.closed(now.Add(-24*time.Hour), now.Add(-settled-time.Second)), 3)

		// Again: nothing is new, and the members of a matched payout are not asked for.
		number = s.number()
		f.took()
		s.read(now.Add(-24*time.Hour), now.Add(time.Hour))
		if diff := cmp.Diff([]string{"covered"}, s.since(number)); diff != "" {
			s.Error(diff)
		}
		if calls := f.took(); slices.ContainsFunc(calls, func(c string) bool { return strings.Contains(c, " of ") }) {
			s.Errorf("it asked for %q", calls)
		}
		// What has changed is written, and no more.
		f.mu.Lock()
		f.books.charges[0].Refunded = 100
		f.mu.Unlock()
		number = s.number()
		s.read(now.Add(-24*time.Hour), now.Add(time.Hour))
		if diff := cmp.Diff([]string{"1 charges 0 transactions 0 payouts", "covered"}, s.since(number)); diff != "" {
			s.Error(diff)
		}
	})
}

// Wherever reading ends, nothing counts as read, and the next time makes the
// same of it.
func TestAStatementThatIsCutShort(t *testing.T) {
	for _, call := range []string{"charges", "sessions of pi_shop", "get pi_shop", "transactions after", "payouts", "transactions of po_1"} {
		play(t, func(s *scene) {
			f := bookkeeping()
			s.use(f)
			now := f.Now()
			f.failing(fails(call, stripeapi.Broken))
			err := s.r.ReadStatement(s.Context(), now.Add(-24*time.Hour), now)
			if _, told := errors.AsType[*stripeapi.Error](err); !told {
				s.Errorf("without %s: %v", call, err)
			}
			s.view(func(tx *ledger.Tx) error {
				spans, err := tx.Covered()
				if p, _, _ := tx.Payout("po_1"); len(spans) > 0 || p.Matched {
					s.Errorf("without %s it covers %v, and the payout is matched: %v", call, spans, p.Matched)
				}
				return err
			})
			f.failing(nil)
			s.read(now.Add(-24*time.Hour), now)
			s.agrees(s.closed(now.Add(-24*time.Hour), now.Add(-settled-time.Second)), 3)
		})
	}
}

// A time that Stripe's lists may not show yet is not read at all.
func TestAStatementOfTheLastMoments(t *testing.T) {
	play(t, func(s *scene) {
		f := bookkeeping()
		s.use(f)
		number := s.number()
		f.took()
		s.read(f.Now().Add(-time.Minute), f.Now())
		if calls, wrote := f.took(), s.since(number); len(calls) > 0 || len(wrote) > 0 {
			s.Errorf("it asked %q and wrote %q", calls, wrote)
		}
	})
}
