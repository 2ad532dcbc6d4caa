package reconcile

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// history is the life of a session at Stripe: each next state can follow the
// one before it.
type history []stripeapi.Session

// histories draws one of the lives that Stripe's documentation allows.
func histories() *rapid.Generator[history] {
	return rapid.Custom(func(t *rapid.T) history {
		now := stripeapi.Session{
			ID: "cs_1", Reference: "ord-1", Status: stripeapi.SessionOpen, Amount: money.New(4800, "eur"),
			Metadata: map[string]string{boxoffice.MetadataTender: "tdr-1"},
		}
		if rapid.IntRange(0, 4).Draw(t, "of another amount") == 0 {
			now.Amount.Minor = 100
		}
		h := history{now}
		add := func(status stripeapi.SessionStatus, settled bool, intent stripeapi.PaymentStatus) {
			now.Status, now.Paid = status, settled
			now.Payment = stripeapi.Payment{IntentID: "pi_1", Status: intent}
			h = append(h, now)
		}
		for range rapid.IntRange(0, 2).Draw(t, "declined attempts") {
			add(stripeapi.SessionOpen, false, stripeapi.PaymentProcessing)
			add(stripeapi.SessionOpen, false, stripeapi.PaymentNeedsOther)
		}
		switch rapid.SampledFrom([]string{"leaves", "is there", "pays", "debit pays", "debit fails", "pays late", "debit late", "late and refused", "typed and paid", "typed and canceled", "typed, refused late and paid"}).Draw(t, "the buyer") {
		case "leaves":
			add(stripeapi.SessionExpired, false, stripeapi.PaymentCanceled)
		case "pays":
			add(stripeapi.SessionComplete, true, stripeapi.PaymentSucceeded)
		case "debit pays":
			add(stripeapi.SessionComplete, false, stripeapi.PaymentProcessing)
			add(stripeapi.SessionComplete, true, stripeapi.PaymentSucceeded)
		case "debit fails":
			add(stripeapi.SessionComplete, false, stripeapi.PaymentProcessing)
			add(stripeapi.SessionComplete, false, stripeapi.PaymentNeedsOther)
		case "pays late":
			add(stripeapi.SessionExpired, false, "")
			add(stripeapi.SessionExpired, false, stripeapi.PaymentSucceeded)
		case "debit late":
			add(stripeapi.SessionExpired, false, stripeapi.PaymentProcessing)
			add(stripeapi.SessionExpired, true, stripeapi.PaymentSucceeded)
		case "typed and paid": // a PaymentIntent, seen as a session
			add(stripeapi.SessionOpen, false, "requires_action")
			add(stripeapi.SessionComplete, true, stripeapi.PaymentSucceeded)
		case "typed and canceled":
			add(stripeapi.SessionOpen, false, "requires_action")
			add(stripeapi.SessionExpired, false, stripeapi.PaymentCanceled)
		case "typed, refused late and paid": // an intent can be tried again, after the bank has decided too
			add(stripeapi.SessionComplete, false, stripeapi.PaymentProcessing)
			add(stripeapi.SessionOpen, false, stripeapi.PaymentNeedsOther)
			add(stripeapi.SessionComplete, true, stripeapi.PaymentSucceeded)
		case "late and refused":
			add(stripeapi.SessionExpired, false, stripeapi.PaymentProcessing)
			add(stripeapi.SessionExpired, false, stripeapi.PaymentNeedsOther)
		}
		return h
	})
}

// outcome is what a book holds in the end, tickets' random ids aside.
type outcome struct {
	Status  boxoffice.OrderStatus
	State   boxoffice.TenderState
	Hold    boxoffice.HoldState
	Tickets int
	Kept    []string
}

func outcomeOf(o boxoffice.Order, kept []string) outcome {
	return outcome{o.Status(), o.Tenders[0].State, o.Hold.State, len(o.Tickets), kept}
}

// seen is a sequence of looks at the history: in any order, with repetitions
// and gaps; the last state is among them, for it will be looked at until it is
// final.
func seen(t *rapid.T, h history, label string) []stripeapi.Session {
	looks := rapid.SliceOfN(rapid.SampledFrom(h), 0, 8).Draw(t, label)
	at := rapid.IntRange(0, len(looks)).Draw(t, label+": where the last state stands")
	return append(append(append([]stripeapi.Session(nil), looks[:at]...), h[len(h)-1]), looks[at:]...)
}

// TestAnyOrderAnyNumberOfTimes: the same session replayed, duplicated,
// shuffled and cut gives the same book.
func TestAnyOrderAnyNumberOfTimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := histories().Draw(t, "history")
		var ends []outcome
		for _, looks := range [][]stripeapi.Session{h, seen(t, h, "looks"), seen(t, h, "other looks")} {
			b := newShelf(boxoffice.TenderStarting)
			for _, s := range looks {
				if _, err := b.observe(s); err != nil {
					t.Fatalf("%+v: %v", s, err)
				}
				if again := plan(b.sight(s)); len(again) > 0 {
					t.Fatalf("%+v is recorded, and planned again: %+v", s, again)
				}
			}
			ends = append(ends, outcomeOf(b.order, b.kept))
		}
		for _, end := range ends[1:] {
			if diff := cmp.Diff(ends[0], end); diff != "" {
				t.Fatalf("the books differ (-in order +shuffled):\n%s", diff)
			}
		}
		if last := judge(h[len(h)-1]); (ends[0].Hold == boxoffice.Sold) != (last == paid && len(ends[0].Kept) == 0) {
			t.Fatalf("the session is %s, and the seats are %s, kept %v", last, ends[0].Hold, ends[0].Kept)
		}
	})
}

// TestAnyOrderInARealBook is the same with every permutation of one history,
// on disk, with the seats counted.
func TestAnyOrderInARealBook(t *testing.T) {
	h := history{sessionThat(waiting), sessionThat(processing), sessionThat(paid), sessionThat(lapsed)}
	all := permutations(len(h))
	book := testkit.Book(t, ledger.Options{})
	testkit.Append(t, book, boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: "quota-large", Size: 2 * len(all)}})
	r := New(Options{Book: book, Stripe: newFake(), IDs: testkit.IDs(1), Log: quiet()})
	for n, looks := range all {
		name := strconv.Itoa(n)
		o := newShelf(boxoffice.TenderStarting).order
		o.ID, o.Code, o.Key, o.Tenders[0].ID = "ord-"+name, "CODE"+name, "key-"+name, "tdr-"+name
		o.Hold.Claims = []boxoffice.Claim{{QuotaID: "quota-large", Seats: 2}}
		testkit.Append(t, book, boxoffice.OrderPlacedFact{Order: o, Intent: boxoffice.Intent{
			Key: ledger.CreateKey("tdr-" + name), OrderID: o.ID, TenderID: "tdr-" + name, Create: &boxoffice.SessionRequest{Reference: o.ID},
		}})
		for _, i := range looks {
			s := h[i]
			s.ID, s.Reference, s.Metadata = "cs_"+name, o.ID, map[string]string{boxoffice.MetadataTender: "tdr-" + name}
			if err := r.observe(s); err != nil {
				t.Fatalf("%v: %v", looks, err)
			}
		}
		o, err := r.order(o.ID)
		if err != nil || o.Status() != boxoffice.Paid || len(o.Tickets) != 2 {
			t.Errorf("%v: %s, %d tickets, %v", looks, o.Status(), len(o.Tickets), err)
		}
	}
	if q := testkit.Quota(t, book, "quota-large"); q.Sold != q.Size || q.Held != 0 {
		t.Errorf("%d of %d seats are sold, and %d held", q.Sold, q.Size, q.Held)
	}
	testkit.MustVerify(t, book)
}

// permutations of 0 to n−1.
func permutations(n int) (all [][]int) {
	if n == 0 {
		return [][]int{{}}
	}
	for _, p := range permutations(n - 1) {
		for at := range n {
			all = append(all, append(append(append([]int(nil), p[:at]...), n-1), p[at:]...))
		}
	}
	return all
}
