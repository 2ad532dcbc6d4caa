package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// soldOrder is an order of two adults, t1 and t2, that pi_1 paid by cs_1.
func soldOrder() boxoffice.Order {
	total := money.New(4800, "eur")
	return boxoffice.Order{
		ID: "ord-1", Code: "AAAAAA", Key: "sale-1", Total: total, BuyerName: "Ana",
		LineItems: []boxoffice.LineItem{{PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, UnitPrice: money.New(2400, "eur"), Quantity: 2, Total: total}},
		Hold:      boxoffice.Hold{State: boxoffice.Sold, Claims: []boxoffice.Claim{{QuotaID: "quota-house", Seats: 2}}},
		Tickets: []boxoffice.Ticket{
			{ID: "t1", PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult},
			{ID: "t2", PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult},
		},
		Tenders: []boxoffice.Tender{{
			ID: "tdr-1", Kind: boxoffice.Phone, State: boxoffice.TenderPaid, Amount: total, SessionID: "cs_1", PaymentIntentID: "pi_1", ChargeID: "ch_1",
			Card: boxoffice.Card{Brand: "visa", Last4: "4242"},
		}},
	}
}

// holds puts an order into the book as it is.
func (s *scene) holds(o boxoffice.Order) {
	s.Helper()
	testkit.Append(s, s.book, boxoffice.OrderPlacedFact{Order: o, Intent: boxoffice.Intent{Key: "none-" + o.ID, OrderID: o.ID}})
}

// refunds reads refunds of pi_1: "rfd-1 asked 2400 t1, re_9 succeeded 100". What
// begins with rfd is the till's; what was asked for is not at Stripe yet.
func refunds(text string) (found []boxoffice.Refund) {
	for one := range strings.SplitSeq(text, ", ") {
		words := strings.Fields(one)
		if len(words) < 3 {
			continue
		}
		f := boxoffice.Refund{ID: words[0], StripeID: words[0], PaymentIntentID: "pi_1", Status: boxoffice.RefundStatus(words[1]), TicketIDs: words[3:]}
		_, _ = fmt.Sscan(words[2], &f.Amount.Minor)
		f.Amount.Currency = "eur"
		if own, ok := strings.CutPrefix(f.ID, "rfd-"); ok {
			f.StripeID, f.By, f.Answered = "re_"+own, "Ben", true
		} else {
			f.External = true
		}
		if f.Status == boxoffice.RefundAsked || f.Status == boxoffice.RefundRefused {
			f.StripeID = ""
		}
		found = append(found, f)
	}
	return found
}

// told says facts about what went back in a line.
func told(facts []boxoffice.Fact) string {
	var lines []string
	for _, f := range facts {
		switch f := f.(type) {
		case boxoffice.RefundRecordedFact:
			whose := "of the till's"
			if f.Refund.External {
				whose = "of others"
			}
			lines = append(lines, fmt.Sprint(f.OrderID, f.DiscrepancyID, " ", f.Refund.ID, " ", f.Refund.Status, " ", f.Refund.Amount.Minor, " ", whose))
		case boxoffice.TicketsVoidedFact:
			free := 0
			for _, c := range f.Claims {
				free += c.Seats
			}
			lines = append(lines, fmt.Sprint("void ", strings.Join(f.TicketIDs, "+"), " for ", f.RefundID, ", ", free, " free"))
		case boxoffice.DiscrepancyFoundFact:
			d := f.Discrepancy
			lines = append(lines, fmt.Sprint(d.Reason, " ", d.RefundID, " ", d.Amount.Minor, " of ", d.OrderID, " ", d.PaymentIntentID, " ", d.Card.Last4))
		case boxoffice.DisputeRecordedFact:
			lines = append(lines, fmt.Sprint(f.OrderID, f.DiscrepancyID, " ", f.Dispute.ID, " ", f.Dispute.Status, " ", f.Dispute.Amount.Minor, " taken ", f.Dispute.Withdrawn, " given ", f.Dispute.Reinstated))
		default:
			lines = append(lines, string(f.Kind()))
		}
	}
	return strings.Join(lines, "; ")
}

// TestPlanRefund: what the book records of a refund as Stripe has it, beside
// what it has; for an order's money and for money without a place.
func TestPlanRefund(t *testing.T) {
	const kept = "keep "
	for _, c := range []struct {
		name   string
		before string // what the book has; "keep" before it for money without a place
		void   string // tickets that are void already
		seen   string // "re_1 succeeded 2400", and after it ours, where its metadata names one
		want   string
	}{
		{"all, by another", "", "", "re_1 succeeded 4800", "ord-1 re_1 succeeded 4800 of others; void t1+t2 for re_1, 2 free"},
		{"all, still on its way", "", "", "re_1 pending 4800", "ord-1 re_1 pending 4800 of others; void t1+t2 for re_1, 2 free"},
		{"all, waiting for the buyer", "", "", "re_1 requires_action 4800", "ord-1 re_1 requires_action 4800 of others; void t1+t2 for re_1, 2 free"},
		{"all, long ago, when refunds had no status", "", "", "re_1 - 4800", "ord-1 re_1 succeeded 4800 of others; void t1+t2 for re_1, 2 free"},
		{"a part, by another: nobody knows of what", "", "", "re_1 succeeded 2400", "ord-1 re_1 succeeded 2400 of others"},
		{"the rest, by another", "re_1 succeeded 2400", "", "re_2 succeeded 2400", "ord-1 re_2 succeeded 2400 of others; void t1+t2 for re_2, 2 free"},
		{"more than there was", "re_1 succeeded 2400", "", "re_2 succeeded 4800", "ord-1 re_2 succeeded 4800 of others; void t1+t2 for re_2, 2 free"},
		{"the rest, after one that came back", "re_1 failed 2400", "", "re_2 succeeded 2400", "ord-1 re_2 succeeded 2400 of others"},
		{"the rest, beside one that was only asked for", "rfd-1 asked 2400 t1", "", "re_2 succeeded 2400", "ord-1 re_2 succeeded 2400 of others"},
		{"the rest, when one ticket is void", "rfd-1 succeeded 2400 t1", "t1", "re_2 succeeded 2400", "ord-1 re_2 succeeded 2400 of others; void t2 for re_2, 2 free"},
		{"all, when all is void", "", "t1 t2", "re_1 succeeded 4800", "ord-1 re_1 succeeded 4800 of others"},
		{"one that failed before anybody looked", "", "", "re_1 failed 4800", "ord-1 re_1 failed 4800 of others"},
		{"one that was canceled before anybody looked", "", "", "re_1 canceled 4800", "ord-1 re_1 canceled 4800 of others"},

		{"what was asked for, of a ticket", "rfd-1 asked 2400 t1", "", "re_1 succeeded 2400 rfd-1", "ord-1 rfd-1 succeeded 2400 of the till's; void t1 for rfd-1, 1 free"},
		{"what was asked for, on its way", "rfd-1 asked 2400 t2", "", "re_1 pending 2400 rfd-1", "ord-1 rfd-1 pending 2400 of the till's; void t2 for rfd-1, 1 free"},
		{"what was asked for, of all", "rfd-1 asked 4800 t1 t2", "", "re_1 succeeded 4800 rfd-1", "ord-1 rfd-1 succeeded 4800 of the till's; void t1+t2 for rfd-1, 2 free"},
		{"what was asked for, of no ticket", "rfd-1 asked 100", "", "re_1 succeeded 100 rfd-1", "ord-1 rfd-1 succeeded 100 of the till's"},
		{"its ticket is void by now", "rfd-1 asked 2400 t1", "t1", "re_1 succeeded 2400 rfd-1", "ord-1 rfd-1 succeeded 2400 of the till's"},
		{"it failed at once", "rfd-1 asked 2400 t1", "", "re_1 failed 2400 rfd-1", "ord-1 rfd-1 failed 2400 of the till's"},
		{"it was refused, and is there all the same", "rfd-1 refused 2400 t1", "", "re_1 succeeded 2400 rfd-1", "ord-1 rfd-1 succeeded 2400 of the till's; void t1 for rfd-1, 1 free"},
		{"it goes on", "rfd-1 pending 2400 t1", "t1", "re_1 succeeded 2400 rfd-1", "ord-1 rfd-1 succeeded 2400 of the till's"},
		{"it fails weeks later", "rfd-1 succeeded 2400 t1", "t1", "re_1 failed 2400 rfd-1", "ord-1 rfd-1 failed 2400 of the till's; refund_failed rfd-1 2400 of ord-1 pi_1 4242"},
		{"it is taken back on its way", "rfd-1 requires_action 2400 t1", "t1", "re_1 canceled 2400 rfd-1", "ord-1 rfd-1 canceled 2400 of the till's; refund_failed rfd-1 2400 of ord-1 pi_1 4242"},
		{"the Dashboard's fails, and its metadata is gone", "re_1 succeeded 2400", "", "re_1 failed 2400", "ord-1 re_1 failed 2400 of others; refund_failed re_1 2400 of ord-1 pi_1 4242"},

		{"again", "re_1 succeeded 4800", "t1 t2", "re_1 succeeded 4800", ""},
		{"older than what is known", "rfd-1 succeeded 2400 t1", "t1", "re_1 pending 2400 rfd-1", ""},
		{"a failure is final", "rfd-1 failed 2400 t1", "t1", "re_1 succeeded 2400 rfd-1", ""},

		{"another with the till's metadata", "rfd-1 succeeded 2400 t1", "t1", "re_2 succeeded 2400 rfd-1", "ord-1 re_2 succeeded 2400 of others; void t2 for re_2, 2 free"},
		{"another with the till's metadata, of a part", "rfd-1 succeeded 2400 t1", "", "re_2 succeeded 100 rfd-1", "ord-1 re_2 succeeded 100 of others"},
		{"another with the till's metadata, that failed", "rfd-1 succeeded 2400 t1", "t1", "re_2 failed 2400 rfd-1", "ord-1 re_2 failed 2400 of others"},

		{"of money without a place", kept, "", "re_1 succeeded 4800", "cs_9 re_1 succeeded 4800 of others"},
		{"what was asked for of it", kept + "rfd-1 asked 4800", "", "re_1 pending 4800 rfd-1", "cs_9 rfd-1 pending 4800 of the till's"},
		{"it came back", kept + "rfd-1 succeeded 4800", "", "re_1 failed 4800 rfd-1", "cs_9 rfd-1 failed 4800 of the till's"},
		{"of it, again", kept + "rfd-1 succeeded 4800", "", "re_1 succeeded 4800 rfd-1", ""},
	} {
		t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
			var m ledger.Money
			if before, isKept := strings.CutPrefix(c.before, kept); isKept {
				m.Discrepancy = &boxoffice.Discrepancy{ID: "cs_9", PaymentIntentID: "pi_1", Amount: money.New(4800, "eur")}
				m.Discrepancy.Refunds = refunds(before)
			} else {
				o := soldOrder()
				o.Refunds = refunds(c.before)
				for i := range o.Tickets {
					o.Tickets[i].Void = strings.Contains(c.void, o.Tickets[i].ID)
				}
				m.Order = &o
			}
			words := strings.Fields(c.seen)
			seen := stripeapi.Refund{ID: words[0], IntentID: "pi_1", ChargeID: "ch_1", Amount: refunds(c.seen)[0].Amount, Status: stripeapi.RefundStatus(strings.Trim(words[1], "-"))}
			if len(words) > 3 {
				seen.Metadata = map[string]string{boxoffice.MetadataRefund: words[3]}
			}
			quotas := []boxoffice.Quota{{ID: "quota-house", PerformanceID: testkit.Performance, TicketTypeIDs: []string{testkit.Adult}, Size: 10, Sold: 2}}
			facts := planRefund(m, seen, quotas)
			if got := told(facts); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
			if m.Order == nil {
				return
			}
			// What was planned can be written, and then nothing is left to plan.
			o := *m.Order
			for _, f := range facts {
				var err error
				if o, err = o.Apply(f, time.Time{}); err != nil {
					t.Fatal(err)
				}
			}
			if again := planRefund(ledger.Money{Order: &o}, seen, quotas); len(again) > 0 {
				t.Errorf("again it plans %s", told(again))
			}
		})
	}
}

// TestPlanDispute: a dispute goes forward, money that moved is kept, and it
// makes no ticket void: a bank may decide for the till.
func TestPlanDispute(t *testing.T) {
	dispute := func(status string, withdrawn, reinstated int64) stripeapi.Dispute {
		return stripeapi.Dispute{
			ID: "dp_1", IntentID: "pi_1", ChargeID: "ch_1", Amount: money.New(4800, "eur"), Status: stripeapi.DisputeStatus(status), Reason: "fraudulent",
			Withdrawn: money.New(withdrawn, "eur"), Reinstated: money.New(reinstated, "eur"),
		}
	}
	for _, c := range []struct {
		name string
		seen []stripeapi.Dispute
		want []string
	}{
		{"a bank asks", []stripeapi.Dispute{dispute("warning_needs_response", 0, 0)}, []string{"dp_1 warning_needs_response 4800 taken 0 given 0"}},
		{"it takes the money", []stripeapi.Dispute{dispute("warning_needs_response", 0, 0), dispute("needs_response", 4800, 0)}, []string{"dp_1 warning_needs_response 4800 taken 0 given 0", "dp_1 needs_response 4800 taken 4800 given 0"}},
		{"and gives it back", []stripeapi.Dispute{dispute("needs_response", 4800, 0), dispute("won", 4800, 4800), dispute("won", 4800, 4800)}, []string{"dp_1 needs_response 4800 taken 4800 given 0", "dp_1 won 4800 taken 4800 given 4800", ""}},
		{"told the wrong way round", []stripeapi.Dispute{dispute("won", 4800, 4800), dispute("needs_response", 4800, 0)}, []string{"dp_1 won 4800 taken 4800 given 4800", ""}},
		{"lost, and the money told before", []stripeapi.Dispute{dispute("needs_response", 4800, 0), dispute("lost", 0, 0)}, []string{"dp_1 needs_response 4800 taken 4800 given 0", "dp_1 lost 4800 taken 0 given 0"}},
	} {
		for _, own := range []string{"ord-1 ", "cs_9 "} {
			o := soldOrder()
			m := ledger.Money{Order: &o}
			if own == "cs_9 " {
				m = ledger.Money{Discrepancy: &boxoffice.Discrepancy{ID: "cs_9", PaymentIntentID: "pi_1", Amount: money.New(4800, "eur")}}
			}
			for i, d := range c.seen {
				facts := planDispute(m, d)
				want := c.want[i]
				if want != "" {
					want = own + want
				}
				if got := told(facts); got != want {
					t.Errorf("%s, sight %d: %s, want %s", c.name, i+1, got, want)
				}
				for _, f := range facts {
					var err error
					if m.Order != nil {
						*m.Order, err = m.Order.Apply(f, time.Time{})
					} else {
						*m.Discrepancy, err = m.Discrepancy.Apply(f, time.Time{})
					}
					if err != nil {
						t.Fatal(err)
					}
				}
			}
			if len(o.Valid()) != 2 {
				t.Errorf("%s: %d tickets are valid", c.name, len(o.Valid()))
			}
		}
	}
}

// TestLookAtIntent: a payment is known by its session; one without is another
// program's, or a card that was typed here; one whose session a list does not
// show yet is not taken for either.
func TestLookAtIntent(t *testing.T) {
	long := time.Date(1999, time.December, 31, 0, 0, 0, 0, time.UTC) // a bubble begins the day after
	book := map[string]string{boxoffice.MetadataBook: "book-1"}
	payment := func(at time.Time, meta map[string]string) stripeapi.Session {
		return stripeapi.Session{
			ID: "pi_7", Status: stripeapi.SessionComplete, Paid: true, Amount: money.New(4800, "eur"), Metadata: meta, Reference: meta[boxoffice.MetadataOrder],
			Payment: stripeapi.Payment{IntentID: "pi_7", ChargeID: "ch_7", Status: stripeapi.PaymentSucceeded, PaidAt: at},
		}
	}
	session := payment(long, nil)
	session.ID = "cs_7"
	own := func(o boxoffice.Order) map[string]string {
		return map[string]string{boxoffice.MetadataBook: "book-1", boxoffice.MetadataOrder: o.ID, boxoffice.MetadataTender: o.Tenders[0].ID}
	}
	for _, c := range []struct {
		name string
		has  func(s *scene, f *fake)
		want string // what the book has of it: "order paid", or why it is kept
		err  error
	}{
		{"another program's session", func(_ *scene, f *fake) { f.has(session, payment(long, nil)) }, "cs_7-elsewhere", nil},
		{"another program's, without a session", func(_ *scene, f *fake) { f.has(payment(long, nil)) }, "pi_7-elsewhere", nil},
		{"of this book, and of no order", func(_ *scene, f *fake) { f.has(payment(long, book)) }, "pi_7-unknown_order", nil},
		{"of this book, and of no order, by a session", func(_ *scene, f *fake) {
			s := session
			s.Metadata = book
			f.has(s, payment(long, book))
		}, "cs_7-unknown_order", nil},
		{"an order's, by its session", func(s *scene, f *fake) {
			o := s.placed(f, 2)
			f.becomes(s.session(o.ID), paid)
			x := f.session(s.session(o.ID))
			x.Payment.IntentID = "pi_7"
			f.has(x, payment(long, own(o)))
		}, "order paid", nil},
		{"an order's, whose session no list shows", func(s *scene, f *fake) {
			o := s.placed(f, 2)
			f.becomes(s.session(o.ID), paid)
			x := f.session(s.session(o.ID))
			x.Payment.IntentID = "pi_7"
			f.has(x, payment(long, own(o)))
			f.books.unlisted = true
		}, "order paid", nil},
		{"of a moment ago, whose session no list shows", func(_ *scene, f *fake) {
			f.has(session, payment(time.Now(), book))
			f.books.unlisted = true
		}, "", errTooSoon},
		{"not paid", func(_ *scene, f *fake) {
			p := payment(long, nil)
			p.Paid, p.Status, p.Payment.Status = false, stripeapi.SessionOpen, "requires_action"
			f.has(p)
		}, "", nil},
	} {
		polling(t, func(s *scene, f *fake) {
			c.has(s, f)
			for range 2 { // twice is once
				if err := s.r.lookAtIntent(s.Context(), "pi_7"); err != c.err { //nolint:errorlint // the very one
					s.Errorf("%s: %v, want %v", c.name, err, c.err)
				}
			}
			var has []string
			for _, o := range s.orders() {
				has = append(has, "order "+string(o.Status()))
			}
			for _, d := range s.discrepancies() {
				has = append(has, d.ID)
			}
			if got := strings.Join(has, ", "); got != c.want {
				s.Errorf("%s: the book has %q, want %q", c.name, got, c.want)
			}
		})
	}
}

// TestARefundBeforeItsPayment: somebody gave the money back in the Dashboard
// before any poll had seen it come.
func TestARefundBeforeItsPayment(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 2)
		f.becomes(s.session(o.ID), paid)
		f.books.refunds = []stripeapi.Refund{{ID: "re_1", IntentID: "pi_1", Amount: money.New(4800, "eur"), Status: "succeeded", Created: time.Now()}}
		s.check(s.r.lookAtRefund(s.Context(), "re_1"))
		if o = s.order(o.ID); o.Status() != boxoffice.Refunded || len(o.Tickets) != 2 || len(o.Valid()) != 0 {
			s.Errorf("the order is %s, %d tickets are valid", o.Status(), len(o.Valid()))
		}
		if q := testkit.Quota(s, s.book, "quota-house"); q.Available() != testkit.Seats {
			s.Errorf("%d seats are left", q.Available())
		}
	})
}

// TestMoneyBackOfNoPayment: of a charge without a PaymentIntent, of a payment
// that never succeeded, and of one that Stripe has not; none of them stops the
// others.
func TestMoneyBackOfNoPayment(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.holds(soldOrder())
		at := time.Now()
		f.has(stripeapi.Session{ID: "pi_open", Status: stripeapi.SessionOpen, Amount: money.New(100, "eur")})
		for _, intent := range []string{"", "pi_open", "pi_none", "pi_1"} {
			f.books.refunds = append(f.books.refunds, stripeapi.Refund{ID: "re_of_" + intent, IntentID: intent, Status: "succeeded", Amount: money.New(100, "eur"), Created: at})
			f.books.disputes = append(f.books.disputes, stripeapi.Dispute{ID: "dp_of_" + intent, IntentID: intent, Status: "lost", Amount: money.New(100, "eur"), Created: at})
		}
		time.Sleep(time.Minute)
		s.check(s.r.catchUp(at.Add(-time.Hour), time.Now()))
		if o := s.order("ord-1"); len(o.Refunds) != 1 || len(o.Disputes) != 1 || len(s.discrepancies()) > 0 {
			s.Errorf("the book has %+v, and keeps %+v", o.Returns, s.discrepancies())
		}
		if n := strings.Count(s.log.String(), "brought none"); n != 6 {
			s.Errorf("the log tells of %d:\n%s", n, s.log)
		}
	})
}

// TestMoneyBackOfWhatIsKept: a refund and a dispute of money without a place are
// its own, and go along when somebody gives it a seat.
func TestMoneyBackOfWhatIsKept(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		at := time.Now()
		testkit.Append(s, s.book, boxoffice.DiscrepancyFoundFact{Discrepancy: boxoffice.Discrepancy{
			ID: "cs_9-wrong_amount", SessionID: "cs_9", PaymentIntentID: "pi_9", Amount: money.New(4900, "eur"), Reason: boxoffice.WrongAmount, PaidAt: at,
		}})
		late := func() boxoffice.Discrepancy { return s.discrepancies()[0] }
		back := func(id, status string, minor int64) stripeapi.Refund {
			return stripeapi.Refund{ID: id, IntentID: "pi_9", Status: stripeapi.RefundStatus(status), Amount: money.New(minor, "eur"), Created: at}
		}
		f.books.refunds = []stripeapi.Refund{back("re_1", "pending", 100)}
		f.books.disputes = []stripeapi.Dispute{{ID: "dp_1", IntentID: "pi_9", Status: "needs_response", Amount: money.New(4800, "eur"), Withdrawn: money.New(4800, "eur"), Created: at}}
		s.check(s.r.lookAtRefunds(s.Context(), "pi_9"))
		if d := late(); d.Left() != 4800 || !d.Waiting() {
			s.Errorf("after a refund %d are left, it waits: %v", d.Left(), d.Waiting())
		}
		s.check(s.r.lookAtDispute(s.Context(), "dp_1"))
		if d := late(); d.Left() != 0 || d.Waiting() {
			s.Errorf("while the bank holds it %d are left, it waits: %v", d.Left(), d.Waiting())
		}
		f.books.disputes[0].Status, f.books.disputes[0].Reinstated = "won", money.New(4800, "eur")
		s.check(s.r.lookAtDispute(s.Context(), "dp_1"))
		if d := late(); d.Left() != 4800 || !d.Waiting() {
			s.Errorf("after it was won %d are left, it waits: %v", d.Left(), d.Waiting())
		}
		_, err := s.desk.SeatLate("cs_9-wrong_amount", adults(2), decides("seat-0001"))
		s.check(err)
		o := s.orders()[0]
		if len(o.Refunds) != 1 || len(o.Disputes) != 1 || o.Status() != boxoffice.Paid || len(o.Valid()) != 2 {
			s.Errorf("seated, the order is %s with %+v", o.Status(), o.Returns)
		}
		// What becomes of them afterwards is the order's.
		f.books.refunds = []stripeapi.Refund{back("re_1", "succeeded", 100), back("re_2", "succeeded", 4800)}
		s.check(s.r.lookAtRefunds(s.Context(), "pi_9"))
		if o = s.orders()[0]; o.Status() != boxoffice.Refunded || len(o.Valid()) != 0 || len(o.Refunds) != 2 {
			s.Errorf("at last the order is %s with %d valid tickets and %+v", o.Status(), len(o.Valid()), o.Refunds)
		}
		if d := late(); len(d.Refunds) != 1 || d.Refunds[0].Status != boxoffice.RefundPending || d.Counts() {
			s.Errorf("the money without a place still tells of it: %+v", d)
		}
		if q := testkit.Quota(s, s.book, "quota-house"); q.Available() != testkit.Seats {
			s.Errorf("%d seats are left", q.Available())
		}
	})
}

// TestVoidBeforeItsRefund: another clerk made a ticket void before the Dashboard
// gave its money back. The refund asks which, and takes no second one.
func TestVoidBeforeItsRefund(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.holds(soldOrder())
		testkit.Append(s, s.book, boxoffice.TicketsVoidedFact{OrderID: "ord-1", TicketIDs: []string{"t1"}, Claims: []boxoffice.Claim{{QuotaID: "quota-house", Seats: 1}}, By: "Ben"})
		f.books.refunds = []stripeapi.Refund{{ID: "re_1", IntentID: "pi_1", Status: "succeeded", Amount: money.New(2400, "eur"), Created: time.Now()}}
		s.check(s.r.lookAtRefunds(s.Context(), "pi_1"))
		o := s.order("ord-1")
		if len(o.Valid()) != 1 || len(o.Unanswered()) != 1 {
			s.Errorf("%d tickets are valid, %d refunds ask which", len(o.Valid()), len(o.Unanswered()))
		}
		if q := testkit.Quota(s, s.book, "quota-house"); q.Sold != 1 {
			s.Errorf("%d seats are sold", q.Sold)
		}
		f.books.refunds = slices.Insert(f.books.refunds, 0, stripeapi.Refund{ID: "re_2", IntentID: "pi_1", Status: "succeeded", Amount: money.New(2400, "eur"), Created: time.Now()})
		s.check(s.r.lookAtRefunds(s.Context(), "pi_1"))
		if o = s.order("ord-1"); len(o.Valid()) != 0 || len(o.Unanswered()) != 0 || testkit.Quota(s, s.book, "quota-house").Sold != 0 {
			s.Errorf("after the rest %d tickets are valid, %d refunds ask which", len(o.Valid()), len(o.Unanswered()))
		}
	})
}
