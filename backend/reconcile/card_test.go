package reconcile

import (
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// typed is an order whose card is to be typed, at a fake Stripe.
func (s *scene) typed(seats int) boxoffice.Order {
	s.Helper()
	o, err := s.sellBy(boxoffice.CardTender, seats, testkit.Adult)
	if err != nil {
		s.Fatal(err)
	}
	return s.order(o.ID)
}

// TestACheckoutsOwnPaymentIsNobodys: each code's PaymentIntent tells of itself
// in an event. It is never taken for a card that was typed, though it carries
// the order's names; nor while the answer about its session is lost.
func TestACheckoutsOwnPaymentIsNobodys(t *testing.T) {
	for _, lost := range []bool{false, true} {
		polling(t, func(s *scene, f *fake) {
			if lost {
				f.failing(fails("create", stripeapi.Lost))
			}
			o := s.sold(2)
			s.r.Close()
			s.use(f)
			f.failing(nil)
			own := stripeapi.Session{
				ID: "pi_own", Status: stripeapi.SessionComplete, Paid: true, Amount: o.Total, Reference: o.ID,
				Metadata: map[string]string{boxoffice.MetadataOrder: o.ID, boxoffice.MetadataTender: o.Tenders[0].ID},
				Payment:  stripeapi.Payment{IntentID: "pi_own", Status: stripeapi.PaymentSucceeded},
			}
			f.has(own)
			f.tells("evt_1", "payment_intent.succeeded", own.ID, time.Now())
			s.poll()
			if got := s.order(o.ID); got.Status() != boxoffice.AwaitingPayment || got.Tenders[0].SessionID == own.ID || len(s.discrepancies()) > 0 {
				s.Errorf("lost %v: the order is %+v, kept %v", lost, got, s.discrepancies())
			}
		})
	}
}

// TestACardOfNoOrderIsKept: a payment that says it was typed, and fits none.
func TestACardOfNoOrderIsKept(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		f.failing(fails("create", stripeapi.Lost))
		code := s.sold(1) // whose answer is lost
		s.r.Close()
		s.use(f)
		f.failing(nil)
		for n, reference := range []string{"ord-none", code.ID} { // a code is not paid by a typed card
			paidCard := sessionThat(paid)
			paidCard.ID, paidCard.Reference = "pi_"+reference, reference
			paidCard.Metadata = map[string]string{boxoffice.MetadataKind: string(boxoffice.CardTender), boxoffice.MetadataTender: code.Tenders[0].ID}
			f.has(paidCard)
			f.tells("evt_"+reference, "payment_intent.succeeded", paidCard.ID, time.Now())
			s.poll()
			if kept := s.discrepancies(); len(kept) != n+1 || kept[0].Reason != boxoffice.UnknownOrder {
				s.Errorf("of %s: kept %+v", reference, kept)
			}
		}
		if got := s.order(code.ID).Status(); got != boxoffice.AwaitingPayment {
			s.Errorf("the code's order is %s", got)
		}
	})
}

// TestSessionsAreLookedAtBeforePayments: when a payment's turn comes, it is
// known whose it is, and most need no look.
func TestSessionsAreLookedAtBeforePayments(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 2)
		id := s.session(o.ID)
		f.becomes(id, paid)
		at := time.Now()
		f.tells("evt_1", "payment_intent.succeeded", "pi_1", at) // which happened first
		f.tells("evt_2", completed, id, at.Add(time.Second))
		time.Sleep(2 * time.Second)
		s.poll()
		if calls := f.took(); !slices.Equal(calls, []string{`events after ""`, "get " + id}) {
			s.Errorf("it asked %v", calls)
		}
	})
}

// TestACardsTimeIsOver: the intent is in the book before Stripe is asked, and
// asked for once, however often the till looks.
func TestACardsTimeIsOver(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.typed(2)
		if want := o.PlacedAt.Add(cardLife); o.Tenders[0].ExpiresAt.Sub(want).Abs() > time.Second {
			s.Errorf("it can be typed until %v, want %v", o.Tenders[0].ExpiresAt, want)
		}
		var inBook atomic.Bool
		f.failing(func(call string) error {
			if count([]string{call}, "cancel") == 1 {
				_, open, _ := s.r.intent(ledger.ExpireKey(o.Tenders[0].ID))
				inBook.Store(open)
				return &stripeapi.Error{Failure: stripeapi.Lost}
			}
			return nil
		})
		f.took()
		time.Sleep(30 * time.Minute)
		if calls := f.took(); count(calls, "cancel") > 0 {
			s.Errorf("it canceled before the time: %v", calls)
		}
		time.Sleep(2 * time.Minute)
		if !inBook.Load() || !s.order(o.ID).Tenders[0].CancelAsked {
			s.Errorf("asked with the intent in the book: %v", inBook.Load())
		}
		if q := testkit.Quota(s, s.book, "quota-house"); q.Held != 2 {
			s.Errorf("nobody has answered, and %d seats are held", q.Held)
		}
		f.failing(nil)
		time.Sleep(2 * time.Minute)
		if got := s.order(o.ID); got.Status() != boxoffice.Canceled {
			s.Errorf("the order is %s", got.Status())
		}
	})
}

// TestABankThatDecidesAndRefuses a typed card leaves a payment that can be
// tried again. It is canceled when its time is over, or at once where somebody
// has asked for that; its seats are not held for ever.
func TestABankThatDecidesAndRefuses(t *testing.T) {
	for _, canceled := range []bool{false, true} {
		polling(t, func(s *scene, f *fake) {
			o := s.typed(2)
			id := o.Tenders[0].SessionID
			decides := f.session(id)
			decides.Status, decides.Payment.Status = stripeapi.SessionComplete, stripeapi.PaymentProcessing
			if canceled {
				f.has(decides)
				_, _ = s.desk.Cancel(s.Context(), o.ID)
			}
			f.has(decides)
			time.Sleep(5 * time.Second)
			if state := s.order(o.ID).Tenders[0].State; state != boxoffice.TenderProcessing {
				s.Fatalf("while the bank decides it is %s", state)
			}
			refused := decides
			refused.Status, refused.Payment.Status = stripeapi.SessionOpen, stripeapi.PaymentNeedsOther
			f.has(refused)
			wait := 32 * time.Minute
			if canceled {
				wait = 10 * time.Second
			}
			time.Sleep(wait)
			if got := s.order(o.ID); got.Tenders[0].State != boxoffice.TenderExpired {
				s.Errorf("canceled %v: after the bank refused it is %s", canceled, got.Tenders[0].State)
			}
		})
	}
}

// TestATypedCardIsSearchedAmongPayments, by both its names.
func TestATypedCardIsSearchedAmongPayments(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		f.failing(fails("pay ", stripeapi.KeyReused))
		o := s.typed(2)
		names := func(order, tender string) map[string]string {
			return map[string]string{boxoffice.MetadataOrder: order, boxoffice.MetadataTender: tender, boxoffice.MetadataKind: string(boxoffice.CardTender)}
		}
		f.has(
			stripeapi.Session{ID: "pi_a", Created: time.Now(), Status: stripeapi.SessionOpen, Reference: "ord-other", Metadata: names("ord-other", o.Tenders[0].ID)},
			stripeapi.Session{ID: "pi_b", Created: time.Now(), Status: stripeapi.SessionOpen, Reference: o.ID, Metadata: names(o.ID, "tdr-other")},
			stripeapi.Session{ID: "pi_c", Created: time.Now(), Status: stripeapi.SessionOpen, Reference: o.ID, Metadata: names(o.ID, o.Tenders[0].ID), Amount: o.Total},
		)
		time.Sleep(3 * time.Second)
		if got := s.session(o.ID); got != "pi_c" {
			s.Errorf("the payment is %q", got)
		}
	})
}

// TestHintsAreOnePollASecond: whoever rings a thousand times a minute has the
// till ask sixty times; whoever rings once has it ask at once.
func TestHintsAreOnePollASecond(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.start()
		time.Sleep(70 * time.Second) // not within a second of anything
		f.took()
		s.r.Wake()
		synctest.Wait()
		if calls := f.took(); count(calls, "events") != 1 {
			s.Errorf("at a hint it asked %v", calls)
		}
		time.Sleep(time.Minute)
		f.took()
		for range 600 {
			s.r.Wake()
			time.Sleep(100 * time.Millisecond)
		}
		if calls := f.took(); len(calls) < 55 || len(calls) > 62 || count(calls, "events") != len(calls) {
			s.Errorf("in a minute of hints it asked %d times: %.10v", len(calls), calls)
		}
	})
}

// TestWhoHearsOfPollsThatFail: only a key that is not taken is told of, and
// that polls go well again.
func TestWhoHearsOfPollsThatFail(t *testing.T) {
	for failure, told := range map[stripeapi.Failure]bool{
		stripeapi.BadKey: true, stripeapi.Forbidden: true, stripeapi.Unsent: false, stripeapi.Lost: false, stripeapi.Broken: false,
		stripeapi.Busy: false, stripeapi.NotStripe: false, stripeapi.NotConnected: false, stripeapi.Missing: false,
	} {
		polling(t, func(s *scene, f *fake) {
			var heard atomic.Int64
			var well atomic.Int64
			s.r.opt.Polled = func(err error) {
				if err == nil {
					well.Add(1)
					return
				}
				heard.Add(1)
			}
			f.failing(fails("events", failure))
			s.start()
			time.Sleep(time.Minute)
			if (heard.Load() > 0) != told {
				s.Errorf("of %s somebody heard %d times", failure, heard.Load())
			}
			f.failing(nil)
			time.Sleep(2 * time.Minute)
			before := heard.Load()
			time.Sleep(time.Hour)
			if heard.Load() != before {
				s.Errorf("after %s, polls that go well are told as refusals", failure)
			}
			if well.Load() == 0 && failure != stripeapi.NotConnected {
				s.Errorf("after %s, nobody heard that polls go well again", failure)
			}
		})
	}
}

// TestAPosterOnTheWallIsLookedAfter: with one, the till polls every two
// minutes; without, every ten.
func TestAPosterOnTheWallIsLookedAfter(t *testing.T) {
	for _, wall := range []bool{false, true} {
		play(t, func(s *scene) {
			s.start()
			time.Sleep(5 * time.Second)
			if wall {
				p := &player{scene: s, ids: map[string]string{}}
				p.line("post P 2 adult")
			}
			s.sim.SetFaults() // a clean count
			before := s.client.Usage().Reads
			time.Sleep(time.Hour)
			want := map[bool][2]int64{false: {5, 12}, true: {25, 40}}[wall]
			if reads := s.client.Usage().Reads - before; reads < want[0] || reads > want[1] {
				s.Errorf("a poster %v: %d reads in an hour, want %v", wall, reads, want)
			}
		}, func(*stripesim.Options) {})
	}
}
