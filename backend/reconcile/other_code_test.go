package reconcile

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
)

// TestTheOtherCode: an order has two sessions, and whichever can still be paid
// and is not what pays the order is closed, once.
func TestTheOtherCode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		own   boxoffice.TenderState
		other verdict
		set   func(*sight)
		want  []string
	}{
		"seen open":                      {boxoffice.TenderOpen, waiting, nil, []string{"close cs_2"}},
		"open, the order is paid":        {boxoffice.TenderPaid, waiting, nil, []string{"close cs_2"}},
		"open, the order has ended":      {boxoffice.TenderExpired, waiting, nil, []string{"close cs_2"}},
		"it is being closed":             {boxoffice.TenderPaid, waiting, func(s *sight) { s.tender.Others = []string{"cs_2"} }, nil},
		"an old look, and it was paid":   {boxoffice.TenderPaid, waiting, func(s *sight) { s.kept = true }, nil},
		"closed":                         {boxoffice.TenderOpen, lapsed, nil, nil},
		"paid, the order's own is open":  {boxoffice.TenderOpen, paid, nil, []string{"tender.paid", "close cs_1"}},
		"paid, the order's own is over":  {boxoffice.TenderExpired, paid, nil, []string{"tender.paid"}},
		"paid, a bank decides the other": {boxoffice.TenderProcessing, paid, nil, []string{"tender.paid"}},
		"paid, and so is the order":      {boxoffice.TenderPaid, paid, nil, []string{"discrepancy.found"}},
	} {
		s := newShelf(test.own).sight(sessionThat(test.other))
		s.known, s.second, s.room, s.tender.SessionID = false, true, true, "cs_1"
		s.session.ID, s.now = "cs_2", time.Now()
		if test.set != nil {
			test.set(&s)
		}
		var got []string
		for _, f := range plan(s) {
			if asked, ok := f.(boxoffice.CodeCloseAskedFact); ok {
				want := boxoffice.Intent{Key: asked.Intent.Expire + "-expire", OrderID: s.order.ID, TenderID: s.tender.ID, RecordedAt: s.now, Expire: asked.Intent.Expire}
				if diff := cmp.Diff(want, asked.Intent); diff != "" {
					t.Error(name, diff)
				}
				got = append(got, "close "+asked.Intent.Expire)
				continue
			}
			got = append(got, string(f.Kind()))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Error(name, diff)
		}
	}
}

// TestAnOtherCodeInAList is one that nobody knew of until a long time away was
// read: the intent is in the book before Stripe is asked. Where Stripe has no such
// session any more, nobody can pay it.
func TestAnOtherCodeInAList(t *testing.T) {
	for name, gone := range map[string]bool{"it is closed": false, "Stripe has deleted it": true} {
		t.Run(name, func(t *testing.T) { play(t, func(s *scene) { otherCodeInAList(s, gone) }) })
	}
}

func otherCodeInAList(s *scene, gone bool) {
	s.Helper()
	f := newFake()
	s.use(f)
	o := s.sold(1)
	twin := stripeapi.Session{
		ID: "cs_twin", Reference: o.ID, Status: stripeapi.SessionOpen, Amount: o.Total, Created: time.Now(),
		Metadata: map[string]string{boxoffice.MetadataTender: o.Tenders[0].ID},
	}
	f.has(twin)
	inBook := false
	f.failing(func(call string) error {
		switch {
		case call == "expire cs_twin-expire" && !gone:
			twin.Status = stripeapi.SessionExpired
			f.sessions[twin.ID] = twin
			fallthrough
		case call == "expire cs_twin-expire":
			_, inBook, _ = s.r.intent(ledger.ExpireKey("cs_twin"))
		}
		if gone && strings.Contains(call, "cs_twin") {
			return &stripeapi.Error{Failure: stripeapi.Missing}
		}
		return nil
	})
	if _, err := s.r.observeAll([]stripeapi.Session{twin}); err != nil {
		s.Fatal(err)
	}
	time.Sleep(time.Second)
	if after := s.order(o.ID); !inBook || after.Status() != boxoffice.AwaitingPayment || !slices.Equal(after.Tenders[0].Others, []string{"cs_twin"}) {
		s.Errorf("the intent was in the book: %v; the order is %+v; Stripe was asked %q", inBook, after, f.took())
	}
	if _, open, err := s.r.intent(ledger.ExpireKey("cs_twin")); open || err != nil {
		s.Errorf("the intent is open: %v, %v", open, err)
	}
}
