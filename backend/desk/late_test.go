package desk

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// stray is money that nobody knows anything of.
func stray(minor int64) boxoffice.Discrepancy {
	return boxoffice.Discrepancy{Amount: eur(minor), Reason: boxoffice.UnknownOrder}
}

// What is left of late money goes back, with an intent of its own, and the
// money no longer waits.
func TestRefundLate(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	d := s.found(stray(2400))
	testkit.Append(t, s.book, boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{DiscrepancyID: d.ID}, Refund: boxoffice.Refund{
		ID: "re_1", StripeID: "re_1", PaymentIntentID: d.PaymentIntentID, Amount: eur(400), Status: boxoffice.RefundSucceeded, External: true,
	}})
	s.stripe.Says(testkit.Silent)
	got, err := s.desk.RefundLate(t.Context(), d.ID, decided(key))
	if err != nil || got.Waiting() || got.Left() != 0 || len(got.Refunds) != 2 {
		t.Fatalf("%v: %+v", err, got)
	}
	id := got.Refunds[1].ID
	want := boxoffice.Resolution{Action: boxoffice.ActRefund, By: "Ada", Note: "asked at the window", At: testkit.NewClock().Now(), RefundID: id}
	if diff := cmp.Diff(want, *got.Resolution); diff != "" {
		t.Errorf("resolution (-want +got):\n%s", diff)
	}
	wanted := boxoffice.Intent{
		Key: ledger.RefundKey(id), DiscrepancyID: d.ID, RefundID: id, RecordedAt: stripesTime(), Asker: "asker", Refund: &boxoffice.RefundRequest{
			PaymentIntentID: d.PaymentIntentID, Amount: eur(2000), Metadata: map[string]string{"willcall_book": "book-1", "willcall_refund": id},
		},
	}
	if diff := cmp.Diff(wanted, s.intent()); diff != "" {
		t.Errorf("intent (-want +got):\n%s", diff)
	}
	// Once more with the key, while Stripe is silent and when it has answered.
	for _, says := range []testkit.Answer{testkit.Silent, gives(boxoffice.RefundSucceeded), testkit.Silent} {
		s.stripe.Says(says)
		if got, err = s.desk.RefundLate(t.Context(), d.ID, decided(key)); err != nil || len(got.Refunds) != 2 {
			t.Errorf("%v: %+v", err, got.Refunds)
		}
	}
	if got.Refunds[1].Status != boxoffice.RefundSucceeded || got.Refunds[1].By != "Ada" {
		t.Errorf("the refund is %+v", got.Refunds[1])
	}
	before := s.bytes()
	_, err = s.desk.RefundLate(t.Context(), d.ID, byBo(key))
	s.refuses("another's decision with the key", err, boxoffice.CodeKeyMismatch)
	_, err = s.desk.RefundLate(t.Context(), d.ID, decided("another-key"))
	s.refuses("a second refund", err, boxoffice.CodeAlreadyResolved)
	_, err = s.desk.KeepLate(d.ID, decided("another-key"))
	s.refuses("keeping it", err, boxoffice.CodeAlreadyResolved)
	_, err = s.desk.SeatLate(d.ID, []SaleLine{line(testkit.Performance, testkit.Adult, 1)}, decided("another-key"))
	s.refuses("seating it", err, boxoffice.CodeAlreadyResolved)
	s.unchanged(before)
}

// When Stripe gives nothing back, the clerk is told, and the money waits again
// for another decision.
func TestRefundLateThatStripeDeclines(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	d := s.found(stray(2400))
	s.stripe.Says(declines)
	for range 2 {
		got, err := s.desk.RefundLate(t.Context(), d.ID, decided(key))
		s.refuses("declined", err, boxoffice.CodeStripeRefused)
		if !got.Waiting() || len(got.Refunds) != 1 || got.Left() != 2400 {
			t.Errorf("it does not wait: %+v", got)
		}
	}
	if got, err := s.desk.KeepLate(d.ID, decided("key-to-keep")); err != nil || got.Resolution.Action != boxoffice.ActKeep {
		t.Errorf("%v: %+v", err, got.Resolution)
	}
}

// A refund that came back is asked anew, of the order that has the money; and
// when Stripe declines that, it waits again.
func TestRefundLateOfARefundThatCameBack(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.paid(key, 1, 0)
	s.external(o, "re_1", 2400, boxoffice.RefundSucceeded)
	testkit.Append(t, s.book, boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{OrderID: o.ID}, Refund: boxoffice.Refund{
		ID: "re_1", StripeID: "re_1", PaymentIntentID: o.Tenders[0].PaymentIntentID, Amount: eur(2400), Status: boxoffice.RefundFailed, External: true,
	}})
	d := s.found(boxoffice.Discrepancy{
		SessionID: "-", OrderID: o.ID, PaymentIntentID: o.Tenders[0].PaymentIntentID, Amount: eur(2400), Reason: boxoffice.RefundCame, RefundID: "re_1",
	})
	_, err := s.desk.SeatLate(d.ID, nil, decided("key-to-seat"))
	s.refuses("seats for it", err, boxoffice.CodeNotPossible)
	s.stripe.Says(declines)
	got, err := s.desk.RefundLate(t.Context(), d.ID, decided("key-declined"))
	s.refuses("declined", err, boxoffice.CodeStripeRefused)
	if !got.Waiting() {
		t.Errorf("it does not wait: %+v", got.Resolution)
	}
	s.stripe.Says(gives(boxoffice.RefundPending))
	for range 2 {
		if got, err = s.desk.RefundLate(t.Context(), d.ID, decided("key-of-the-refund")); err != nil || got.Waiting() || len(got.Refunds) != 0 {
			t.Fatalf("%v: %+v", err, got)
		}
	}
	o = s.order(o.ID)
	if r, ok := o.RefundByID(got.Resolution.RefundID); !ok || r.Amount != eur(2400) || r.By != "Ada" || r.PaymentIntentID != o.Tenders[0].PaymentIntentID || Refundable(o) != 0 {
		t.Errorf("the order's refunds: %+v", o.Refunds)
	}
	// Somebody has given it back at the order itself in the meantime.
	more := s.found(boxoffice.Discrepancy{SessionID: "-2", OrderID: o.ID, PaymentIntentID: d.PaymentIntentID, Amount: eur(2400), Reason: boxoffice.RefundCame, RefundID: "re_2"})
	before := s.bytes()
	_, err = s.desk.RefundLate(t.Context(), more.ID, decided("key-too-late"))
	s.refuses("it went back before", err, boxoffice.CodeNotRefundable)
	s.unchanged(before)
}

// Money that is kept is kept once, by name.
func TestKeepLate(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	d := s.found(stray(2400))
	for range 2 {
		got, err := s.desk.KeepLate(d.ID, decided(key))
		want := &boxoffice.Resolution{Action: boxoffice.ActKeep, By: "Ada", Note: "asked at the window", At: testkit.NewClock().Now(), Left: new(int64(2400))}
		if diff := cmp.Diff(want, got.Resolution); err != nil || diff != "" {
			t.Errorf("%v, resolution (-want +got):\n%s", err, diff)
		}
	}
	before := s.bytes()
	_, err := s.desk.KeepLate(d.ID, byBo(key))
	s.refuses("another's decision", err, boxoffice.CodeAlreadyResolved)
	s.unchanged(before)
	if asked := s.stripe.Log(); len(asked) != 0 {
		t.Errorf("Stripe was asked: %q", asked)
	}
}

// What cannot be done with late money is refused with a reason, and nothing is
// written.
func TestLateRefuses(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	seat := []SaleLine{line(testkit.Performance, testkit.Adult, 1)}
	unknown := s.found(stray(2400))
	mode := s.found(boxoffice.Discrepancy{Amount: eur(2400), Reason: boxoffice.WrongMode})
	elsewhere := s.found(boxoffice.Discrepancy{Amount: eur(2400), Reason: boxoffice.Elsewhere})
	gone := s.found(boxoffice.Discrepancy{SessionID: "cs_gone", Amount: eur(2400), Reason: boxoffice.NoRoom})
	testkit.Append(t, s.book, boxoffice.RefundRecordedFact{OfMoney: boxoffice.OfMoney{DiscrepancyID: gone.ID}, Refund: boxoffice.Refund{
		ID: "re_1", StripeID: "re_1", PaymentIntentID: gone.PaymentIntentID, Amount: eur(2400), Status: boxoffice.RefundPending, External: true,
	}})
	seated := func(id string, lines []SaleLine, d Decision) error {
		_, err := s.desk.SeatLate(id, lines, d)
		return err
	}
	back := func(id string, d Decision) error { _, err := s.desk.RefundLate(t.Context(), id, d); return err }
	kept := func(id string, d Decision) error { _, err := s.desk.KeepLate(id, d); return err }
	o := s.sell(adults("key-of-an-order", 1))
	ok := decided(key)
	before := s.bytes()
	for name, c := range map[string]struct {
		err  error
		code boxoffice.Code
	}{
		"seat for what there is not":      {seated("d-x", seat, ok), boxoffice.CodeUnknownDiscrepancy},
		"refund of what there is not":     {back("d-x", ok), boxoffice.CodeUnknownDiscrepancy},
		"keeping what there is not":       {kept("", ok), boxoffice.CodeUnknownDiscrepancy},
		"a refund by nobody":              {back(unknown.ID, Decision{Key: key}), boxoffice.CodeWhoMissing},
		"seats by nobody":                 {seated(unknown.ID, seat, Decision{Key: key}), boxoffice.CodeWhoMissing},
		"keeping by nobody":               {kept(unknown.ID, Decision{Key: key}), boxoffice.CodeWhoMissing},
		"a refund without a key":          {back(unknown.ID, decided("")), boxoffice.CodeKeyMissing},
		"seats without a key":             {seated(unknown.ID, seat, decided("short")), boxoffice.CodeKeyMissing},
		"keeping without a key":           {kept(unknown.ID, decided("with space")), boxoffice.CodeKeyMissing},
		"practice money, given back":      {back(mode.ID, ok), boxoffice.CodeNotPossible},
		"seats for practice money":        {seated(mode.ID, seat, ok), boxoffice.CodeNotPossible},
		"another program's money":         {back(elsewhere.ID, ok), boxoffice.CodeNotPossible},
		"seats for another program's":     {seated(elsewhere.ID, seat, ok), boxoffice.CodeNotPossible},
		"keeping another program's":       {kept(elsewhere.ID, ok), boxoffice.CodeNotPossible},
		"a refund of what went back":      {back(gone.ID, ok), boxoffice.CodeNotRefundable},
		"seats for what went back":        {seated(gone.ID, seat, ok), boxoffice.CodeNotRefundable},
		"seats for nobody knows what":     {seated(unknown.ID, nil, ok), boxoffice.CodeEmptyOrder},
		"no such performance":             {seated(unknown.ID, []SaleLine{line("perf-x", testkit.Adult, 1)}, ok), boxoffice.CodeUnknownPerformance},
		"no such ticket":                  {seated(unknown.ID, []SaleLine{line(testkit.Performance, "type-x", 1)}, ok), boxoffice.CodeUnknownTicketType},
		"no tickets":                      {seated(unknown.ID, []SaleLine{line(testkit.Performance, testkit.Adult, 0)}, ok), boxoffice.CodeBadQuantity},
		"two currencies":                  {seated(unknown.ID, append(seat, line(testkit.Performance, testkit.Yen, 1)), ok), boxoffice.CodeMixedCurrency},
		"more than all money":             {seated(unknown.ID, []SaleLine{line(studio, vast, 2)}, ok), boxoffice.CodeAmountTooLarge},
		"more than there are":             {seated(unknown.ID, []SaleLine{line(testkit.Performance, testkit.Adult, 10)}, ok), boxoffice.CodeSoldOut},
		"seats with an order's key":       {seated(unknown.ID, seat, decided(o.Key)), boxoffice.CodeKeyMismatch},
		"a ticket without a quota, which": {seated(unknown.ID, []SaleLine{line(studio, unlisted, 1)}, ok), boxoffice.CodeSoldOut},
	} {
		s.refuses(name, c.err, c.code)
		s.unchanged(before)
	}
}

// Without Stripe nothing is promised that cannot be kept: money that cannot be
// asked for is not resolved.
func TestRefundLateWhileStripeIsAway(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	d := s.found(stray(2400))
	s.stripe.Down(&boxoffice.Error{Code: boxoffice.CodeStripeUnreachable, Message: "Stripe does not answer. Nothing was changed.", Next: "Wait."})
	before := s.bytes()
	_, err := s.desk.RefundLate(t.Context(), d.ID, decided(key))
	s.refuses("while Stripe is away", err, boxoffice.CodeStripeUnreachable)
	s.unchanged(before)
	if !s.late(d.ID).Waiting() {
		t.Error("it no longer waits")
	}
}

// A book of old can have money that waits and that its order was paid with
// after all: it is not spent twice, and can be noted as settled.
func TestLateMoneyThatAnOrderHas(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.sell(adults("key-of-the-order", 1))
	d := s.found(boxoffice.Discrepancy{SessionID: o.Tenders[0].SessionID, OrderID: o.ID, PaymentIntentID: "pi_" + o.Tenders[0].ID, Amount: eur(2400), Reason: boxoffice.NoRoom})
	testkit.Append(t, s.book, testkit.Pay(o))
	before := s.bytes()
	_, err := s.desk.SeatLate(d.ID, nil, decided("key-to-seat"))
	s.refuses("seats", err, boxoffice.CodeAlreadyResolved)
	_, err = s.desk.RefundLate(t.Context(), d.ID, decided("key-to-refund"))
	s.refuses("a refund", err, boxoffice.CodeAlreadyResolved)
	s.unchanged(before)
	if got, err := s.desk.KeepLate(d.ID, decided("key-to-keep")); err != nil || got.Waiting() {
		t.Errorf("%v: %+v", err, got.Resolution)
	}
	if o = s.order(o.ID); o.Status() != boxoffice.Paid || len(o.Valid()) != 1 {
		t.Errorf("the order is %s, with %d tickets", o.Status(), len(o.Valid()))
	}
}

// TestAllThatIsLeftIsWhatWasSeen: whoever gives back or keeps all that is left
// means what the screen said, and not what came back meanwhile.
func TestAllThatIsLeftIsWhatWasSeen(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	o := s.paid("key-of-the-order", 2, 0)
	seen := func(left int64) Decision {
		c := decided("key-of-the-decision")
		c.Left = &left
		return c
	}
	if _, err := s.desk.Refund(t.Context(), o.ID, RefundAsk{Decision: seen(2400)}); boxoffice.ErrorCode(err) != boxoffice.CodeMoneyMoved {
		t.Errorf("€24 were seen, €48 are left, and the answer is %v", err)
	}
	if o = s.order(o.ID); len(o.Refunds) > 0 {
		t.Errorf("it was given back all the same: %+v", o.Refunds)
	}
	found := boxoffice.Discrepancy{ID: "cs_9-no_room", SessionID: "cs_9", PaymentIntentID: "pi_9", Amount: eur(2400), Reason: boxoffice.NoRoom}
	testkit.Append(t, s.book, boxoffice.DiscrepancyFoundFact{Discrepancy: found})
	for what, decide := range map[string]func() error{
		"refund": func() error { _, err := s.desk.RefundLate(t.Context(), found.ID, seen(400)); return err },
		"keep":   func() error { _, err := s.desk.KeepLate(found.ID, seen(400)); return err },
	} {
		if err := decide(); boxoffice.ErrorCode(err) != boxoffice.CodeMoneyMoved || s.late(found.ID).Resolution != nil {
			t.Errorf("%s: %v, %+v", what, err, s.late(found.ID).Resolution)
		}
	}
	if _, err := s.desk.KeepLate(found.ID, seen(2400)); err != nil {
		t.Error(err)
	}
}
