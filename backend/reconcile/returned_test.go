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
			lines = append(lines, fmt.Sprint(f.OrderID, f.DiscrepancyID, " ", f.Refund.ID, " ", f.Refund.Status, " ", f.Refund.Amount.Minor, " ", whose)+map[bool]string{true: ", came back"}[f.CameBack])
		case boxoffice.TicketsVoidedFact:
			free := 0
			for _, c := range f.Claims {
				free += c.Seats
			}
			lines = append(lines, fmt.Sprint("void ", strings.Join(f.TicketIDs, "+"), " for ", f.RefundID, ", ", free, " free"))
		case boxoffice.DiscrepancyFoundFact:
			d := f.Discrepancy
			lines = append(lines, fmt.Sprint(d.Reason, " ", d.RefundID, " ", d.Amount.Minor, " of ", d.OrderID, " ", d.PaymentIntentID, " ", d.Card.Last4)+strings.Join(append([]string{""}, d.Besides...), " beside "))
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
		{"it fails after other refunds", "rfd-1 succeeded 1900 t1, rfd-2 succeeded 500, re_3 succeeded 100", "t1", "re_1 failed 1900 rfd-1", "ord-1 rfd-1 failed 1900 of the till's; refund_failed rfd-1 1900 of ord-1 pi_1 4242 beside rfd-2"},
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
		{"it came back", kept + "rfd-1 succeeded 4800", "", "re_1 failed 4800 rfd-1", "cs_9 rfd-1 failed 4800 of the till's, came back"},
		{"a part of it that the Dashboard made came back", kept + "re_1 pending 100, rfd-2 succeeded 4700", "", "re_1 canceled 100", "cs_9 re_1 canceled 100 of others, came back"},
		{"it failed at once, of it", kept + "rfd-1 asked 4800", "", "re_1 failed 4800 rfd-1", "cs_9 rfd-1 failed 4800 of the till's, came back"},
		{"one of it that failed before anybody looked", kept, "", "re_1 failed 4800", "cs_9 re_1 failed 4800 of others"},
		{"one of it that was refused, and failed all the same", kept + "rfd-1 refused 4800", "", "re_1 failed 4800 rfd-1", "cs_9 rfd-1 failed 4800 of the till's"},
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
