package reconcile

import (
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// TestNothingIsNotAll: what comes to nothing in the buyer's currency is not sent,
// since Stripe takes a refund without an amount for all that is left.
func TestNothingIsNotAll(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		time.Sleep(time.Minute)
		o := s.sold(2)
		s.check(s.sim.Pay(s.session(o.ID), stripesim.Payment{Convert: "kwd"}))
		time.Sleep(10 * time.Second)
		_, err := s.desk.Refund(s.Context(), o.ID, desk.RefundAsk{Decision: decides("key-0001"), Amount: 1})
		if o = s.order(o.ID); err == nil || o.Accepted() > 1 || len(o.Valid()) != 2 {
			s.Errorf("one cent was asked for (%v): %d of %s went back, and %d tickets are valid", err, o.Accepted(), o.Total, len(o.Valid()))
		}
	})
}

// TestWhatCameBackGoesBackOnce: a refund that failed, and was made again in the
// Dashboard, is not made a third time at the late-money desk.
func TestWhatCameBackGoesBackOnce(t *testing.T) {
	refunding(t, func(s *scene, f *fake) {
		s.check(s.asksBack("key-0001", "t1"))
		f.books.refunds[0].Status = "failed"
		s.check(s.r.lookAtRefunds(s.Context(), "pi_1"))
		f.books.refunds = append(f.books.refunds, stripeapi.Refund{ID: "re_d", IntentID: "pi_1", Amount: money.New(2400, "eur"), Status: "succeeded", Created: time.Now()})
		s.check(s.r.lookAtRefunds(s.Context(), "pi_1"))
		_, err := s.desk.RefundLate(s.Context(), s.discrepancies()[0].ID, decides("key-0002"))
		if got := s.back(); err == nil || got != "failed 2400, succeeded 2400, void t1" {
			s.Errorf("the clerk is told %v; %s", err, got)
		}
	})
}

// TestWhatWasNotedAndComesBackAgainWaits: a refund that came back is noted as
// settled while another of its money is on the way. When that one comes back too,
// its money waits for somebody on its own account.
func TestWhatWasNotedAndComesBackAgainWaits(t *testing.T) {
	refunding(t, func(s *scene, f *fake) {
		s.check(s.asksBack("key-0001", "t1"))
		f.books.refunds[0].Status = "failed"
		s.check(s.r.lookAtRefunds(s.Context(), "pi_1"))
		f.books.refunds = append(f.books.refunds, stripeapi.Refund{ID: "re_d", IntentID: "pi_1", Amount: money.New(2400, "eur"), Status: "pending", Created: time.Now()})
		s.check(s.r.lookAtRefunds(s.Context(), "pi_1"))
		noted, err := s.desk.KeepLate(s.discrepancies()[0].ID, desk.Decision{Key: "key-0002", By: "Ben", Left: new(int64)})
		s.check(err)
		f.books.refunds[1].Status = "failed"
		s.check(s.r.lookAtRefunds(s.Context(), "pi_1"))
		for _, d := range s.discrepancies() {
			if waits := d.ID != noted.ID; d.Waiting() != waits || waits && (d.RefundID != "re_d" || d.Left() != 2400) {
				s.Errorf("it waits: %v, and is %+v", d.Waiting(), d)
			}
		}
		if n := len(s.discrepancies()); n != 2 {
			s.Errorf("%d refunds came back", n)
		}
	})
}

// TestSeatsOfMoneyThatWentBack: money of the wrong amount that was given back in
// the Dashboard holds no seats any more.
func TestSeatsOfMoneyThatWentBack(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 2)
		f.becomes(s.session(o.ID), paid)
		c := f.session(s.session(o.ID))
		c.Amount.Minor += 100
		f.has(c)
		f.tells("evt_1", completed, c.ID, time.Now())
		s.poll()
		f.books.refunds = []stripeapi.Refund{{ID: "re_d", IntentID: "pi_1", Amount: c.Amount, Status: "succeeded", Created: time.Now()}}
		s.check(s.r.lookAtRefunds(s.Context(), "pi_1"))
		s.start()
		time.Sleep(2 * 24 * time.Hour)
		synctest.Wait()
		if q := testkit.Quota(s, s.book, "quota-house"); q.Held > 0 || s.order(o.ID).Status() == boxoffice.AwaitingPayment {
			s.Errorf("two days later the order is %s, and the house %+v", s.order(o.ID).Status(), q)
		}
	})
}

// TestASubscriptionIsCountedOnce: its session is paid and names no payment
// (payment_intent is of mode payment alone); its invoice's payment does.
func TestASubscriptionIsCountedOnce(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		ten, at := money.New(1000, "eur"), time.Now()
		f.has(stripeapi.Session{ID: "cs_sub", Status: stripeapi.SessionComplete, Paid: true, Amount: ten, Created: at, Mode: "subscription"},
			stripeapi.Session{ID: "pi_sub", Status: stripeapi.SessionComplete, Paid: true, Amount: ten, Payment: stripeapi.Payment{IntentID: "pi_sub", Status: stripeapi.PaymentSucceeded, PaidAt: at}})
		f.books.charges = []stripeapi.Charge{{ID: "ch_sub", IntentID: "pi_sub", Amount: ten, Paid: true, Captured: true, Created: at}}
		f.tells("evt_1", completed, "cs_sub", at)
		s.poll()
		time.Sleep(time.Hour)
		s.check(s.r.ReadStatement(s.Context(), at.Add(-time.Hour), time.Now()))
		if found := s.discrepancies(); len(found) != 1 {
			s.Errorf("of 10.00 EUR the book has %+v", found)
		}
	})
}

// TestPaidAfterItsEnd: the only event of a payment that went through after its
// session had ended is the payment's own.
func TestPaidAfterItsEnd(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 2)
		id := s.session(o.ID)
		f.becomes(id, lapsed)
		f.tells("evt_1", expiredEv, id, time.Now())
		s.poll()
		c := f.session(id)
		c.Payment = stripeapi.Payment{IntentID: "pi_1", Status: stripeapi.PaymentSucceeded, ChargeID: "ch_1", PaidAt: time.Now()}
		f.has(c, stripeapi.Session{ID: "pi_1", Status: stripeapi.SessionComplete, Paid: true, Amount: c.Amount, Reference: o.ID, Metadata: c.Metadata, Payment: c.Payment})
		f.tells("evt_2", "payment_intent.succeeded", "pi_1", time.Now())
		s.poll()
		if got := s.order(o.ID).Status(); got != boxoffice.Paid {
			s.Errorf("the order is %s; kept %+v; asked %v", got, s.discrepancies(), f.took())
		}
	})
}

// TestAClockSetAheadCancelsNoCard: a payment ends by Stripe's clock.
func TestAClockSetAheadCancelsNoCard(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		time.Sleep(time.Minute)
		o, err := s.sellBy(boxoffice.CardTender, 1, testkit.Adult)
		s.check(err)
		time.Sleep(10 * time.Second)
		s.ahead.Store(int64(time.Hour))
		time.Sleep(2 * time.Minute)
		if o = s.order(o.ID); o.Status() != boxoffice.AwaitingPayment || o.Tenders[0].CancelAsked {
			s.Errorf("two minutes after it was sold the order is %s, cancel asked %v", o.Status(), o.Tenders[0].CancelAsked)
		}
	})
}

// TestABankIsNotAskedEachMinute: a poster that waits for a bank to decide costs
// few reads.
func TestABankIsNotAskedEachMinute(t *testing.T) {
	closing(t, func(s *scene, f *fake) {
		f.visitor("cs_a", processing)
		f.page = 0
		<-s.r.carry(ledger.CloseLinkKey("pst-1"), false)
		f.took()
		before := f.Usage().Reads
		time.Sleep(24 * time.Hour)
		if n := f.Usage().Reads - before; n > 100 {
			s.Errorf("a day of waiting for a bank costs %d reads and %d writes", n, count(f.took(), "close"))
		}
	})
}

// TestTheSameAskAgain: the same ask with the same key is the same refund, also
// when it made all tickets void, or was rounded to the buyer's currency.
func TestTheSameAskAgain(t *testing.T) {
	for _, c := range []struct{ cents, ask int64 }{{4800, 4800}, {333, 2399}} {
		inDollars(t, c.cents, func(s *scene, _ *fake) {
			ask := desk.RefundAsk{Decision: decides("key-0001"), Amount: c.ask}
			_, err := s.desk.Refund(s.Context(), "ord-1", ask)
			s.check(err)
			if _, err = s.desk.Refund(s.Context(), "ord-1", ask); err != nil {
				t.Errorf("%d of %d cents: %v", c.ask, c.cents, err)
			}
		})
	}
}
