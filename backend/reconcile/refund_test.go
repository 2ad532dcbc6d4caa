package reconcile

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/desk"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// decides is Ben's decision with the key.
func decides(key string) desk.Decision { return desk.Decision{Key: key, By: "Ben"} }

func adults(n int) []desk.SaleLine {
	return []desk.SaleLine{{PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, Quantity: n}}
}

// refunding is a till with an order of two adults that pi_1 paid; Stripe's clock
// is known.
func refunding(t *testing.T, fn func(s *scene, f *fake)) {
	t.Helper()
	polling(t, func(s *scene, f *fake) {
		s.holds(soldOrder())
		f.has(stripeapi.Session{ID: "pi_1", Status: stripeapi.SessionComplete, Paid: true, Amount: money.New(4800, "eur"), Payment: stripeapi.Payment{IntentID: "pi_1", Status: stripeapi.PaymentSucceeded}})
		fn(s, f)
	})
}

// asksBack has Ben ask for the money back, and waits no longer for the answer
// than a clerk does.
func (s *scene) asksBack(key string, tickets ...string) error {
	_, err := s.desk.Refund(s.Context(), "ord-1", desk.RefundAsk{Decision: decides(key), TicketIDs: tickets})
	return err
}

// back says what the order has of refunds: "succeeded 2400 void t1".
func (s *scene) back() string {
	s.Helper()
	var parts []string
	o := s.order("ord-1")
	for _, r := range o.Refunds {
		parts = append(parts, fmt.Sprint(r.Status, " ", r.Amount.Minor))
	}
	for _, t := range o.Tickets {
		if t.Void {
			parts = append(parts, "void "+t.ID)
		}
	}
	return strings.Join(parts, ", ")
}

// once makes the first call that begins so end with the error, and the next ones
// well.
func once(start string, with stripeapi.Error) func(string) error { return times(1, start, with) }

func times(n int, start string, with stripeapi.Error) func(string) error {
	return func(call string) error {
		if n == 0 || !strings.HasPrefix(call, start) {
			return nil
		}
		n--
		return &with
	}
}

// TestARefundThatFailsAtFirst: what each failure means for money that was asked
// for a moment ago: either Stripe provably did nothing, and the clerk is told
// so, or it is asked again, with the same key.
func TestARefundThatFailsAtFirst(t *testing.T) {
	const again, refused = "succeeded 4800, void t1, void t2", "refused 4800"
	for _, c := range []struct {
		with stripeapi.Error
		want string
		sent int // requests to refund
	}{
		{stripeapi.Error{Failure: stripeapi.Unsent}, refused, 1},
		{stripeapi.Error{Failure: stripeapi.BadKey}, refused, 1},
		{stripeapi.Error{Failure: stripeapi.Forbidden}, refused, 1},
		{stripeapi.Error{Failure: stripeapi.NotConnected}, refused, 1},
		{stripeapi.Error{Failure: stripeapi.Missing}, refused, 1},
		{stripeapi.Error{Failure: stripeapi.Refused, Code: "charge_already_refunded"}, refused, 1},
		{stripeapi.Error{Failure: stripeapi.Busy}, again, 2}, // as a sale is
		{stripeapi.Error{Failure: stripeapi.Lost}, again, 2},
		{stripeapi.Error{Failure: stripeapi.NotStripe}, again, 2},
		{stripeapi.Error{Failure: stripeapi.Broken}, again, 2},
		{stripeapi.Error{Failure: stripeapi.Conflict, Code: "lock_timeout"}, again, 2},
		{stripeapi.Error{Failure: stripeapi.Unsent, Resent: true}, again, 2},
		{stripeapi.Error{Failure: stripeapi.Busy, Resent: true}, again, 2},
	} {
		refunding(t, func(s *scene, f *fake) {
			f.failing(once("refund rfd", c.with))
			err := s.asksBack("key-0001")
			time.Sleep(10 * time.Second)
			synctest.Wait()
			if got := s.back(); got != c.want {
				s.Errorf("%+v: %s, want %s", c.with, got, c.want)
			}
			var keys []string
			for _, call := range f.took() {
				if strings.HasPrefix(call, "refund rfd") {
					keys = append(keys, call)
				}
			}
			if len(keys) != c.sent || len(slices.Compact(keys)) != 1 {
				s.Errorf("%+v: it sent %q, want %d with one key", c.with, keys, c.sent)
			}
			if told := boxoffice.ErrorCode(err); (told != "") != (c.want == refused) {
				s.Errorf("%+v: the clerk is told %v", c.with, err)
			}
		})
	}
}

// TestABusyStripeRefusesInTheEnd: a storm that goes on is told to the clerk, who
// may ask again.
func TestABusyStripeRefusesInTheEnd(t *testing.T) {
	refunding(t, func(s *scene, f *fake) {
		f.failing(fails("refund rfd", stripeapi.Busy))
		err := s.asksBack("key-0001", "t1")
		if boxoffice.ErrorCode(err) != boxoffice.CodeStripeBusy || s.back() != "refused 2400" {
			s.Errorf("the clerk is told %v; %s", err, s.back())
		}
		if n := count(f.took(), "refund rfd"); n != busyTries {
			s.Errorf("it was sent %d times", n)
		}
		f.failing(nil)
		s.check(s.asksBack("key-0002", "t1"))
		if got := s.back(); got != "refused 2400, succeeded 2400, void t1" {
			s.Error(got)
		}
	})
}

// TestARefundThatMayHaveBeenMade: after an answer that was lost, what each
// failure of the next attempt means. The list decides, once it can be trusted.
func TestARefundThatMayHaveBeenMade(t *testing.T) {
	for _, c := range []struct {
		with stripeapi.Error
		soon string // a minute later
		late string // a quarter of an hour later, of a refund that was not made
	}{
		{stripeapi.Error{Failure: stripeapi.Refused}, "asked 4800", "refused 4800"},
		{stripeapi.Error{Failure: stripeapi.Missing}, "asked 4800", "refused 4800"},
		{stripeapi.Error{Failure: stripeapi.KeyReused}, "asked 4800", "refused 4800"},
		{stripeapi.Error{Failure: stripeapi.Broken, Replayed: true}, "asked 4800", "refused 4800"},
		{stripeapi.Error{Failure: stripeapi.Unsent}, "asked 4800", "asked 4800"},
		{stripeapi.Error{Failure: stripeapi.BadKey}, "asked 4800", "asked 4800"},
		{stripeapi.Error{Failure: stripeapi.Forbidden}, "asked 4800", "asked 4800"},
		{stripeapi.Error{Failure: stripeapi.Busy}, "asked 4800", "asked 4800"},
		{stripeapi.Error{Failure: stripeapi.Conflict}, "asked 4800", "asked 4800"},
		{stripeapi.Error{Failure: stripeapi.Lost}, "asked 4800", "asked 4800"},
	} {
		for _, made := range []bool{false, true} {
			refunding(t, func(s *scene, f *fake) {
				lost := false
				f.failing(func(call string) error {
					switch {
					case !strings.HasPrefix(call, "refund rfd"):
						return nil
					case !lost:
						if lost = true; made {
							id, _, _ := strings.Cut(strings.TrimPrefix(call, "refund "), "-refund")
							f.books.refunds = []stripeapi.Refund{{ID: "re_x", IntentID: "pi_1", Amount: money.New(4800, "eur"), Status: "succeeded", Created: time.Now(), Metadata: map[string]string{boxoffice.MetadataRefund: id}}}
						}
						return &stripeapi.Error{Failure: stripeapi.Lost}
					default:
						return &c.with
					}
				})
				s.check(s.asksBack("key-0001"))
				time.Sleep(time.Minute)
				soon, late := c.soon, c.late
				if made && late == "refused 4800" {
					soon = "succeeded 4800, void t1, void t2"
					late = soon
				}
				if got := s.back(); got != soon {
					s.Errorf("%+v, made %v, soon: %s, want %s", c.with, made, got, soon)
				}
				time.Sleep(15 * time.Minute)
				if got := s.back(); got != late {
					s.Errorf("%+v, made %v: %s, want %s", c.with, made, got, late)
				}
			})
		}
	}
}

// TestDoubtCountsFromTheLastSending: the list is trusted only so long after
// Stripe may have done it, which is not when it was asked for first.
func TestDoubtCountsFromTheLastSending(t *testing.T) {
	refunding(t, func(s *scene, f *fake) {
		began := time.Now()
		f.failing(func(call string) error {
			switch since := time.Since(began); {
			case !strings.HasPrefix(call, "refund rfd"):
				return nil
			case since < 10*time.Minute:
				return &stripeapi.Error{Failure: stripeapi.Lost}
			default:
				return &stripeapi.Error{Failure: stripeapi.Refused}
			}
		})
		s.check(s.asksBack("key-0001"))
		time.Sleep(11 * time.Minute) // a minute, at the most, after the last that was lost
		if got := s.back(); got != "asked 4800" || count(f.took(), "refunds of pi_1") == 0 {
			s.Errorf("after a minute: %s", got)
		}
		time.Sleep(3 * time.Minute)
		if got := s.back(); got != "refused 4800" {
			s.Errorf("after three minutes: %s", got)
		}
	})
}

// asked is a refund of everything that another run recorded, and may have sent.
func (s *scene) asked(at time.Time, asker string) boxoffice.Intent {
	s.Helper()
	meta := map[string]string{boxoffice.MetadataRefund: "rfd-1", boxoffice.MetadataBook: "book-1"}
	i := boxoffice.Intent{
		Key: ledger.RefundKey("rfd-1"), OrderID: "ord-1", RefundID: "rfd-1", RecordedAt: at, Asker: asker,
		Refund: &boxoffice.RefundRequest{PaymentIntentID: "pi_1", Amount: money.New(4800, "eur"), Metadata: meta},
	}
	testkit.Append(s, s.book, boxoffice.RefundAskedFact{OfMoney: boxoffice.OfMoney{OrderID: "ord-1"}, Intent: i, Refund: boxoffice.Refund{
		ID: "rfd-1", PaymentIntentID: "pi_1", Amount: money.New(4800, "eur"), Status: boxoffice.RefundAsked, TicketIDs: []string{"t1", "t2"}, Answered: true, By: "Ben",
	}})
	return i
}

// TestARefundAfterARestart: a young key is sent again; an old one is not, nor one
// that was sent as somebody else, and Stripe's list tells, page by page, what
// became of it.
func TestARefundAfterARestart(t *testing.T) {
	own := stripeapi.Refund{ID: "re_x", IntentID: "pi_1", Amount: money.New(4800, "eur"), Status: "pending", Metadata: map[string]string{boxoffice.MetadataRefund: "rfd-1"}}
	other := stripeapi.Refund{ID: "re_y", IntentID: "pi_1", Amount: money.New(100, "eur"), Status: "succeeded", Metadata: map[string]string{boxoffice.MetadataRefund: "rfd-2"}}
	for _, c := range []struct {
		name  string
		asker string // of the intent; the till's is "me"
		age   time.Duration
		has   []stripeapi.Refund
		calls string // without the asking for the payment
		want  string
	}{
		{"a young key", "me", time.Hour, nil, "refund rfd-1-refund", "succeeded 4800, void t1, void t2"},
		{"a young key of an older book", "", time.Hour, nil, "refund rfd-1-refund", "succeeded 4800, void t1, void t2"},
		{"another's key, and it was made", "you", time.Hour, []stripeapi.Refund{own}, `refunds of pi_1 after ""`, "pending 4800, void t1, void t2"},
		{"another's key, and none was made", "you", time.Hour, nil, `refunds of pi_1 after ""`, "asked 4800"}, // somebody may have sent it just now
		{"as old as can be", "me", keyLife, nil, "refund rfd-1-refund", "succeeded 4800, void t1, void t2"},
		{"an old key, and it was made", "me", keyLife + time.Second, []stripeapi.Refund{other, own}, `refunds of pi_1 after "", refunds of pi_1 after "re_y"`, "pending 4800, void t1, void t2"},
		{"an old key, and another was made", "me", keyLife + time.Second, []stripeapi.Refund{other}, `refunds of pi_1 after ""`, "refused 4800"},
		{"an old key, and none was made", "", keyLife + time.Second, nil, `refunds of pi_1 after ""`, "refused 4800"},
	} {
		refunding(t, func(s *scene, f *fake) {
			i := s.asked(time.Now(), c.asker)
			time.Sleep(c.age)
			f.books.refunds, f.page, f.asker = c.has, 1, "me"
			s.r.carry(i.Key, true)
			synctest.Wait()
			calls := slices.DeleteFunc(f.took(), func(call string) bool { return call == "get pi_1" })
			if got := strings.Join(calls, ", "); got != c.calls {
				s.Errorf("%s: it asked %s, want %s", c.name, got, c.calls)
			}
			if got := s.back(); got != c.want {
				s.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
			if o := s.order("ord-1"); c.want == "refused 4800" && strings.Contains(o.Refunds[0].Problem.Detail, "session") {
				s.Errorf("%s: the clerk reads %q", c.name, o.Refunds[0].Problem.Detail)
			}
			if time.Sleep(settled + maxWait); c.want == "asked 4800" && (s.back() != "refused 4800" || count(f.took(), "refund rfd") > 0) {
				s.Errorf("%s: at last: %s", c.name, s.back())
			}
		})
	}
}

// TestARefundWhosePaymentCannotBeSeen: what cannot be looked up is not sent; the
// first time that is proof, and later it proves nothing.
func TestARefundWhosePaymentCannotBeSeen(t *testing.T) {
	refunding(t, func(s *scene, f *fake) {
		f.failing(fails("get pi_1", stripeapi.Lost))
		if err := s.asksBack("key-0001"); boxoffice.ErrorCode(err) != boxoffice.CodeStripeUnreachable || s.back() != "refused 4800" {
			s.Errorf("the clerk is told %v; %s", err, s.back())
		}
		s.asked(time.Now(), "")
		s.r.carry(ledger.RefundKey("rfd-1"), true)
		time.Sleep(time.Minute)
		if got := s.back(); got != "refused 4800, asked 4800" || count(f.took(), "refund rfd") > 0 {
			s.Errorf("after a restart: %s", got)
		}
		f.failing(nil)
		time.Sleep(2 * time.Minute)
		if got := s.back(); got != "refused 4800, succeeded 4800, void t1, void t2" {
			s.Errorf("at last: %s", got)
		}
	})
}

// TestTheDashboardWasFaster: Stripe refuses what went back already, and the till
// finds at once who gave it back.
func TestTheDashboardWasFaster(t *testing.T) {
	refunding(t, func(s *scene, f *fake) {
		f.books.refunds = []stripeapi.Refund{{ID: "re_d", IntentID: "pi_1", Amount: money.New(4800, "eur"), Status: "succeeded", Created: time.Now()}}
		f.failing(once("refund rfd", stripeapi.Error{Failure: stripeapi.Refused, Code: "charge_already_refunded"}))
		if err := s.asksBack("key-0001"); boxoffice.ErrorCode(err) != boxoffice.CodeStripeRefused {
			s.Errorf("the clerk is told %v", err)
		}
		if got := s.back(); got != "refused 4800, succeeded 4800, void t1, void t2" {
			s.Error(got)
		}
		if err := s.asksBack("key-0002"); boxoffice.ErrorCode(err) != boxoffice.CodeNotRefundable {
			s.Errorf("asked again, the clerk is told %v", err)
		}
	})
}

// TestTwoTillsRefundOneOrder: two refunds with ids of their own, sent side by
// side; what went back is what was paid, and never more.
func TestTwoTillsRefundOneOrder(t *testing.T) {
	refunding(t, func(s *scene, f *fake) {
		other := New(s.r.opt)
		defer other.Close()
		there := desk.New(desk.Options{Book: s.book, Stripe: other, IDs: testkit.IDs(9), Now: s.clock, ReturnURL: "http://127.0.0.1:4381/c/done"})
		f.failing(once("refund rfd", stripeapi.Error{Failure: stripeapi.Lost}))
		var told [2]error
		ask := func(key string) desk.RefundAsk { return desk.RefundAsk{Decision: decides(key)} }
		go func() { _, told[0] = s.desk.Refund(s.Context(), "ord-1", ask("key-0001")) }()
		go func() { _, told[1] = there.Refund(s.Context(), "ord-1", ask("key-0002")) }()
		time.Sleep(time.Minute)
		synctest.Wait() // a sleep alone orders nothing
		if got := s.back(); got != "succeeded 4800, void t1, void t2" {
			s.Errorf("all at both: %s", got)
		}
		if (told[0] == nil) == (told[1] == nil) {
			s.Errorf("the clerks are told %v and %v", told[0], told[1])
		}
	})
	refunding(t, func(s *scene, f *fake) {
		go func() { _ = s.asksBack("key-0001", "t1") }()
		go func() { _ = s.asksBack("key-0002", "t2") }()
		time.Sleep(time.Minute)
		if o := s.order("ord-1"); o.Accepted() != 4800 || o.Status() != boxoffice.Refunded || len(f.books.refunds) != 2 || len(o.Valid()) > 0 {
			s.Errorf("a ticket at each: %s", s.back())
		}
	})
}

// TestPaidTwiceGoesBackOnce: the desk gives back the second payment and not the
// first, whose tickets stay what they are.
func TestPaidTwiceGoesBackOnce(t *testing.T) {
	refunding(t, func(s *scene, f *fake) {
		second := sessionThat(paid)
		second.ID, second.Metadata, second.Payment.IntentID = "cs_2", map[string]string{boxoffice.MetadataTender: "tdr-1"}, "pi_2"
		f.has(second, stripeapi.Session{ID: "pi_2", Paid: true, Amount: second.Amount})
		if _, err := s.r.look(s.Context(), "cs_2"); err != nil {
			s.Fatal(err)
		}
		late := s.discrepancies()
		if len(late) != 1 || late[0].Reason != boxoffice.PaidTwice || late[0].OrderID != "ord-1" {
			s.Fatalf("kept: %+v", late)
		}
		_, err := s.desk.RefundLate(s.Context(), late[0].ID, decides("key-0001"))
		s.check(err)
		if len(f.books.refunds) != 1 || f.books.refunds[0].IntentID != "pi_2" {
			s.Errorf("Stripe was asked to give back %+v", f.books.refunds)
		}
		late = s.discrepancies()
		if s.back() != "" || len(late) != 1 || late[0].Waiting() || late[0].Left() != 0 {
			s.Errorf("of the order went %q, and late money is %+v", s.back(), late)
		}
		// And the first's refund is the order's.
		s.check(s.asksBack("key-0002"))
		if got := s.back(); got != "succeeded 4800, void t1, void t2" || f.books.refunds[0].IntentID != "pi_1" {
			s.Errorf("%s; %+v", got, f.books.refunds)
		}
	})
}
