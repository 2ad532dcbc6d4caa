package reconcile

import (
	"slices"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// hints says what an event of each type makes the till look at, where its
// payload names the payment and where, as in an old version of Stripe's, it
// does not.
var hints = map[string]struct{ named, unnamed hint }{
	"checkout.session.completed":               {hint{ofSession, "cs_1"}, hint{ofSession, "cs_1"}},
	"checkout.session.expired":                 {hint{ofSession, "cs_1"}, hint{ofSession, "cs_1"}},
	"checkout.session.async_payment_succeeded": {hint{ofSession, "cs_1"}, hint{ofSession, "cs_1"}},
	"checkout.session.async_payment_failed":    {hint{ofSession, "cs_1"}, hint{ofSession, "cs_1"}},
	"payment_intent.succeeded":                 {hint{ofPayment, "pi_1"}, hint{ofPayment, "pi_1"}},
	"payment_intent.canceled":                  {hint{ofPayment, "pi_1"}, hint{ofPayment, "pi_1"}},
	"charge.refunded":                          {hint{ofRefunds, "pi_1"}, hint{}},
	"charge.refund.updated":                    {hint{ofRefunds, "pi_1"}, hint{ofRefund, "re_1"}},
	"refund.created":                           {hint{ofRefunds, "pi_1"}, hint{ofRefund, "re_1"}},
	"refund.updated":                           {hint{ofRefunds, "pi_1"}, hint{ofRefund, "re_1"}},
	"charge.dispute.created":                   {hint{ofDispute, "dp_1"}, hint{ofDispute, "dp_1"}},
	"charge.dispute.updated":                   {hint{ofDispute, "dp_1"}, hint{ofDispute, "dp_1"}},
	"charge.dispute.closed":                    {hint{ofDispute, "dp_1"}, hint{ofDispute, "dp_1"}},
	"charge.dispute.funds_withdrawn":           {hint{ofDispute, "dp_1"}, hint{ofDispute, "dp_1"}},
	"charge.dispute.funds_reinstated":          {hint{ofDispute, "dp_1"}, hint{ofDispute, "dp_1"}},
	"payout.paid":                              {},
	"payout.failed":                            {},
	"payout.reconciliation_completed":          {},
}

// objectOf is the id of what an event of the type carries.
func objectOf(kind string) string {
	switch h := hints[kind]; {
	case h.named.rank == ofRefunds && h.named.id != "" && h.unnamed.id == "":
		return "ch_1"
	case h.unnamed.id == "":
		return "po_1"
	default:
		return h.unnamed.id
	}
}

// TestHintOf: every type that is asked for has a line above, and every line is
// of a type that is asked for.
func TestHintOf(t *testing.T) {
	asked := stripeapi.MoneyEvents()
	for kind, want := range hints {
		if !slices.Contains(asked, kind) {
			t.Errorf("Stripe is not asked for %s", kind)
		}
		e := stripeapi.Event{Type: kind, ObjectID: objectOf(kind)}
		if got := hintOf(e); got != want.unnamed {
			t.Errorf("%s says to look at %+v, want %+v", kind, got, want.unnamed)
		}
		e.IntentID = "pi_1"
		if got := hintOf(e); got != want.named {
			t.Errorf("%s of a named payment says to look at %+v, want %+v", kind, got, want.named)
		}
	}
	for _, kind := range asked {
		if _, told := hints[kind]; !told {
			t.Errorf("%s is asked for, and nobody said what it means", kind)
		}
	}
	for _, kind := range stripeapi.LateEvents() {
		if !slices.Contains(asked, kind) {
			t.Errorf("%s is told late only", kind)
		}
	}
	if got := hintOf(stripeapi.Event{Type: "customer.created", ObjectID: "cus_1"}); got != (hint{}) {
		t.Errorf("a type that nobody asked for says to look at %+v", got)
	}
}

// TestWhatWentBackIsLookedAtLast: of one poll, sessions come before payments,
// payments before refunds, refunds before disputes, whatever was told first; and
// each object is looked at once.
func TestWhatWentBackIsLookedAtLast(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		at := time.Now()
		f.has(stripeapi.Session{ID: "cs_1", Status: stripeapi.SessionOpen}, stripeapi.Session{ID: "pi_1", Status: stripeapi.SessionOpen})
		f.books.refunds = []stripeapi.Refund{{ID: "re_2", IntentID: "pi_2", Amount: money.New(1, "eur"), Created: at}}
		f.books.disputes = []stripeapi.Dispute{{ID: "dp_1", IntentID: "pi_2", Amount: money.New(1, "eur"), Created: at}}
		tell := func(kind, object, intent string) {
			f.events = append(f.events, stripeapi.Event{ID: "evt_" + kind + object + intent, Type: kind, ObjectID: object, IntentID: intent, Created: at.Truncate(time.Second)})
		}
		for range 2 {
			tell("charge.dispute.created", "dp_1", "pi_2")
			tell("charge.dispute.closed", "dp_1", "pi_2")
			tell("refund.updated", "re_2", "")
			tell("charge.refunded", "ch_2", "pi_2")
			tell("refund.created", "re_2", "pi_2")
			tell("payout.paid", "po_1", "")
			tell("charge.refunded", "ch_3", "") // without a payment: none of a till's
			tell("payment_intent.succeeded", "pi_1", "pi_1")
			tell("checkout.session.completed", "cs_1", "pi_3")
		}
		s.poll()
		var own []string // without what finding the payment of a refund took
		for _, call := range f.took() {
			if !slices.Contains(own, call) && call != "sessions of pi_2" && call != "get pi_2" {
				own = append(own, call)
			} else if call != "sessions of pi_2" && call != "get pi_2" {
				s.Errorf("%q was asked twice", call)
			}
		}
		want := []string{`events after ""`, "get cs_1", "get pi_1", `refunds of pi_2 after ""`, "get re_2", "get dp_1"}
		if !slices.Equal(own, want) {
			s.Errorf("it asked\n%q, want\n%q", own, want)
		}
	})
}

// TestKnowsPayments: what an event of a PaymentIntent tells that the book has
// already, of a session's and of a card's.
func TestKnowsPayments(t *testing.T) {
	for _, c := range []struct {
		name    string
		session string // of the order's tender
		state   boxoffice.TenderState
		event   string
		want    bool
	}{
		{"a card that is paid", "pi_1", boxoffice.TenderPaid, "payment_intent.succeeded", true},
		{"a card that is open", "pi_1", boxoffice.TenderOpen, "payment_intent.succeeded", false},
		{"a card that was canceled, and paid", "pi_1", boxoffice.TenderExpired, "payment_intent.succeeded", false},
		{"a card that was canceled", "pi_1", boxoffice.TenderExpired, "payment_intent.canceled", true},
		{"a card that is paid, and canceled", "pi_1", boxoffice.TenderPaid, "payment_intent.canceled", false},
		{"a session's own", "cs_1", boxoffice.TenderPaid, "payment_intent.succeeded", true},
		{"a session's own, canceled", "cs_1", boxoffice.TenderPaid, "payment_intent.canceled", true},
		{"what went back of it", "cs_1", boxoffice.TenderPaid, "refund.updated", false},
	} {
		polling(t, func(s *scene, _ *fake) {
			o := soldOrder()
			o.Tenders[0].SessionID, o.Tenders[0].State = c.session, c.state
			s.holds(o)
			known, err := s.r.knows(stripeapi.Event{Type: c.event, ObjectID: "pi_1"})
			if known != c.want || err != nil {
				s.Errorf("%s: it is known: %v, want %v (%v)", c.name, known, c.want, err)
			}
		})
	}
}
