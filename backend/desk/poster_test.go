package desk

import (
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// walls is a poster of so many adults, with the key of all posters here.
func walls(allotment int) PosterRequest {
	return PosterRequest{Key: key, PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, Allotment: allotment}
}

// atStripe says that Stripe has all types of the house.
func (s *scene) atStripe() *scene {
	s.Helper()
	for _, t := range s.editOf("evt-1").Event.TicketTypes {
		testkit.Append(s, s.book, testkit.AtStripe(t))
	}
	return s
}

// poster makes a poster, and must.
func (s *scene) poster(r PosterRequest) boxoffice.Poster {
	s.Helper()
	p, err := s.desk.MakePoster(s.Context(), r)
	if err != nil {
		s.Fatal(err)
	}
	return p
}

// What Stripe is asked for, to the last parameter, and what the poster says.
func TestThePosterRequest(t *testing.T) {
	s := newScene(t).atStripe()
	testkit.Append(t, s.book, boxoffice.MethodsOfferedFact{Methods: []string{"card", "paypal", "revolut_pay", "sepa_debit"}})
	s.desk.opt.Fee = func(a money.Amount) int64 { return a.Minor / 100 }
	var asked boxoffice.Intent
	s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact { asked = i; return testkit.Obliges(i) })
	p := s.poster(walls(4))
	want := boxoffice.Intent{
		Key: p.ID + "-link", PosterID: p.ID, RecordedAt: stripesTime(), Asker: "asker",
		Link: &boxoffice.LinkRequest{
			PriceID: "price_" + testkit.Adult, Quantity: 1, Limit: 4,
			Metadata:     map[string]string{"willcall_book": "book-1", "willcall_poster": p.ID, "willcall_code": p.Code},
			Confirmation: "At the desk, say " + p.Code + " and your name, or show the last four digits of your card. Playhouse, Thu 5 Mar 2026, 19:30",
			Closed:       "These tickets are not sold here any more. Ask at the desk: Playhouse, Thu 5 Mar 2026, 19:30",
			Submit:       "Playhouse, Thu 5 Mar 2026, 19:30",
			Methods:      []string{"card", "paypal"}, // no link offers revolut_pay, and no till waits for sepa_debit
			Descriptor:   "WC " + p.Code,
			Fee:          24,
		},
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("intent (-want +got):\n%s", diff)
	}
	made := boxoffice.Poster{
		ID: p.ID, Code: p.Code, PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, EventName: "Hamlet", Name: "Adult", Place: "Playhouse",
		StartsAt: p.StartsAt, TimeZone: "Europe/Vienna", Price: money.New(2400, "eur"), Allotment: 4,
		Claims: []boxoffice.Claim{{QuotaID: "quota-house", Seats: 1}}, State: boxoffice.PosterOpen, MadeAt: testkit.NewClock().Now(),
		LinkID: "plink_" + p.ID, URL: "http://127.0.0.1:4381/b/plink_" + p.ID,
	}
	if diff := cmp.Diff(made, p); diff != "" {
		t.Errorf("poster (-want +got):\n%s", diff)
	}
	if q := testkit.Quota(t, s.book, "quota-house"); q.Allotted != 4 || s.available() != 6 || len(p.Code) != 3 {
		t.Errorf("the quota is %+v, the code %q", q, p.Code)
	}
}

// The same poster twice is one; another poster with its key is refused.
func TestAPosterTappedTwice(t *testing.T) {
	s := newScene(t).atStripe()
	ids := map[string]int{}
	var mu sync.Mutex
	atOnce(func(int) {
		p, err := s.desk.MakePoster(t.Context(), walls(4))
		mu.Lock()
		defer mu.Unlock()
		if ids[p.ID]++; err != nil || p.State != boxoffice.PosterOpen {
			t.Errorf("%v, %s", err, p.State)
		}
	})
	if len(ids) != 1 || s.available() != 6 {
		t.Errorf("%d posters, %d seats left", len(ids), s.available())
	}
	before := s.bytes()
	for name, change := range map[string]func(*PosterRequest){
		"more seats":   func(r *PosterRequest) { r.Allotment = 5 },
		"another type": func(r *PosterRequest) { r.TicketTypeID = testkit.Child },
		"another date": func(r *PosterRequest) { r.PerformanceID = studio },
	} {
		r := walls(4)
		change(&r)
		if _, err := s.desk.MakePoster(t.Context(), r); s.asError(err).Code != boxoffice.CodeKeyMismatch {
			t.Errorf("%s with the same key: %v", name, err)
		}
	}
	s.unchanged(before)
}

// A key is any visible signs; a poster's id is an address's and an index's.
func TestAPostersID(t *testing.T) {
	s := newScene(t).atStripe()
	seen := map[string]bool{}
	for _, k := range []string{"key/of/a/poster", "key?of#a%poster", "../../posters", "key-of-a", "key-of-a/1"} {
		r := walls(1)
		r.Key = k
		p := s.poster(r)
		if seen[p.ID] || strings.Trim(p.ID, "pst-0123456789abcdef") != "" {
			t.Errorf("the key %q is the poster %q", k, p.ID)
		}
		seen[p.ID] = true
	}
}

func TestRefusedPostersLeaveNoTrace(t *testing.T) {
	edited := func(change func(*boxoffice.TicketType)) func(*scene, *PosterRequest) {
		return func(s *scene, _ *PosterRequest) {
			edit := s.editOf("evt-1")
			change(&edit.Event.TicketTypes[0])
			s.save(edit)
		}
	}
	for name, test := range map[string]struct {
		change func(*scene, *PosterRequest)
		code   boxoffice.Code
		says   string
		params map[string]string
	}{
		"no key":               {func(_ *scene, r *PosterRequest) { r.Key = "" }, "idempotency_key_missing", "without an idempotency key", nil},
		"unknown performance":  {func(_ *scene, r *PosterRequest) { r.PerformanceID = "perf-9" }, "unknown_performance", "not in the catalogue", nil},
		"unknown type":         {func(_ *scene, r *PosterRequest) { r.TicketTypeID = boxSeat }, "unknown_ticket_type", "not sold for this event", nil},
		"no seats":             {func(_ *scene, r *PosterRequest) { r.Allotment = 0 }, "bad_poster", "at least one seat", nil},
		"less than none":       {func(_ *scene, r *PosterRequest) { r.Allotment = -1 }, "bad_poster", "at least one seat", nil},
		"one seat too many":    {func(_ *scene, r *PosterRequest) { r.Allotment = 11 }, "sold_out", "Only 10 of Adult are left", left("Adult", 10)},
		"what others took":     {func(s *scene, r *PosterRequest) { s.sell(adults("another-sale", 7)) }, "sold_out", "Only 3 of Adult are left", left("Adult", 3)},
		"no quota over it":     {func(s *scene, r *PosterRequest) { r.PerformanceID, r.TicketTypeID, r.Allotment = studio, unlisted, 1 }, "sold_out", "Only 0 of Ghost", left("Ghost", 0)},
		"not at Stripe":        {func(s *scene, r *PosterRequest) { r.PerformanceID, r.TicketTypeID, r.Allotment = studio, boxSeat, 1 }, "not_at_stripe", "not at Stripe yet", nil},
		"a price of yesterday": {edited(func(t *boxoffice.TicketType) { t.Price.Minor = 2500 }), "not_at_stripe", "with the price that it has now", nil},
		"off sale":             {edited(func(t *boxoffice.TicketType) { t.OffSale = true }), "not_on_sale", "not on sale now", map[string]string{"name": "Adult"}},
		"not on sale yet":      {edited(func(t *boxoffice.TicketType) { t.SaleFrom = stripesTime().Add(1) }), "not_on_sale", "not on sale now", map[string]string{"name": "Adult"}},
		"a price of one's own": {edited(func(t *boxoffice.TicketType) { t.Bounds = &boxoffice.Bounds{Least: 100, Most: 5000} }), "bad_poster", "one ticket at one price", nil},
		"a donation":           {edited(func(t *boxoffice.TicketType) { t.Donation = true }), "bad_poster", "one ticket at one price", nil},
		"two at least":         {edited(func(t *boxoffice.TicketType) { t.Least = 2 }), "bad_poster", "one ticket at one price", nil},
		"an archived event": {func(s *scene, _ *PosterRequest) {
			edit := s.editOf("evt-1")
			edit.Event.Archived = true
			s.save(edit)
		}, "unknown_performance", "not in the catalogue", nil},
		"no line": {func(s *scene, _ *PosterRequest) {
			s.stripe.Down(&boxoffice.Error{Code: boxoffice.CodeStripeUnreachable, Message: "Stripe cannot be reached.", Next: "Go online."})
		}, "stripe_unreachable", "cannot be reached", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t).atStripe()
			r := walls(4)
			test.change(s, &r)
			before := s.bytes()
			_, err := s.desk.MakePoster(t.Context(), r)
			e := s.asError(err)
			if e.Code != test.code || !strings.Contains(e.Message, test.says) {
				t.Errorf("refused as %s: %q\nwant %s: %q", e.Code, e.Message, test.code, test.says)
			}
			if diff := cmp.Diff(test.params, e.Params); diff != "" {
				t.Errorf("params (-want +got):\n%s", diff)
			}
			s.unchanged(before)
		})
	}
}

// Stripe makes no link: the organizer hears why, and the seats are free; the
// same key says so again.
func TestAPosterThatStripeRefuses(t *testing.T) {
	s := newScene(t).atStripe()
	s.stripe.Says(testkit.Refuses)
	for range 2 {
		p, err := s.desk.MakePoster(t.Context(), walls(4))
		if e := s.asError(err); e.Code != boxoffice.CodeStripeRefused || e.Message != "Stripe refused: No such thing." {
			t.Errorf("the organizer hears %+v", e)
		}
		if p.State != boxoffice.PosterRefused || s.available() != testkit.Seats {
			t.Errorf("%s, %d seats left", p.State, s.available())
		}
	}
	p, err := s.desk.ClosePoster(t.Context(), s.onlyPoster().ID)
	if err != nil || p.State != boxoffice.PosterRefused || len(s.stripe.Log()) != 1 {
		t.Errorf("closing it: %v, %s, asked %q", err, p.State, s.stripe.Log())
	}
}

func (s *scene) onlyPoster() boxoffice.Poster {
	s.Helper()
	var posters []boxoffice.Poster
	if err := s.book.View(func(tx *ledger.Tx) (err error) { posters, err = tx.Posters(); return err }); err != nil || len(posters) != 1 {
		s.Fatalf("%d posters, %v", len(posters), err)
	}
	return posters[0]
}

// A poster's life: open, closing while Stripe is silent, closed. Its seats come
// free when Stripe says so, and closing twice is closing once.
func TestClosePoster(t *testing.T) {
	s := newScene(t).atStripe()
	p := s.poster(walls(4))
	s.stripe.Says(testkit.Silent)
	for range 2 {
		closing, err := s.desk.ClosePoster(t.Context(), p.ID)
		if err != nil || closing.State != boxoffice.PosterClosing || s.available() != 6 {
			t.Errorf("%v, %s, %d seats left", err, closing.State, s.available())
		}
	}
	var asked boxoffice.Intent
	s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact { asked = i; return testkit.Obliges(i) })
	for range 2 {
		closed, err := s.desk.ClosePoster(t.Context(), p.ID)
		if err != nil || closed.State != boxoffice.PosterClosed || s.available() != testkit.Seats {
			t.Errorf("%v, %s, %d seats left", err, closed.State, s.available())
		}
	}
	want := boxoffice.Intent{Key: p.ID + "-close", PosterID: p.ID, RecordedAt: stripesTime(), CloseLink: p.LinkID}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("intent (-want +got):\n%s", diff)
	}
	if log := s.stripe.Log(); len(log) != 4 { // made, and closed three times; not once more
		t.Errorf("Stripe was asked %q", log)
	}
	if again := s.poster(walls(4)); again.State != boxoffice.PosterClosed || s.available() != testkit.Seats {
		t.Errorf("its key made it anew: %s", again.State)
	}
}

// While it is not known whether Stripe made the link, there is none to close:
// the seats stay, and the next tap with the key asks again.
func TestClosingAPosterThatStarts(t *testing.T) {
	s := newScene(t).atStripe()
	s.stripe.Says(testkit.Silent)
	p := s.poster(walls(4))
	if p.State != boxoffice.PosterStarting || s.available() != 6 {
		t.Fatalf("%s, %d seats left", p.State, s.available())
	}
	before := s.bytes()
	_, err := s.desk.ClosePoster(t.Context(), p.ID)
	if e := s.asError(err); e.Code != boxoffice.CodeBadPoster || !strings.Contains(e.Message, "Its seats stay set apart.") {
		t.Errorf("refused as %+v", e)
	}
	s.unchanged(before)
	s.stripe.Says(testkit.Obliges)
	if open := s.poster(walls(4)); open.ID != p.ID || open.State != boxoffice.PosterOpen || s.available() != 6 {
		t.Errorf("the poster is %+v", open)
	}
	if _, err := s.desk.ClosePoster(t.Context(), "pst-9"); s.asError(err).Code != boxoffice.CodeUnknownPoster {
		t.Errorf("a poster that is not: %v", err)
	}
	s.stripe.Down(&boxoffice.Error{Code: boxoffice.CodeStripeUnreachable, Message: "Stripe cannot be reached.", Next: "Go online."})
	if _, err := s.desk.ClosePoster(t.Context(), p.ID); s.asError(err).Code != boxoffice.CodeStripeUnreachable {
		t.Errorf("without a line: %v", err)
	}
}

// Fifty sales and posters for the last ten seats take exactly ten; who is
// refused wanted more than there was.
func TestSalesAndPostersForTheLastSeats(t *testing.T) {
	s := newScene(t).atStripe()
	var mu sync.Mutex
	taken, least := 0, testkit.Seats
	atOnce(func(till int) {
		n := till%3 + 1
		var err error
		if till%2 == 0 {
			r := walls(n)
			r.Key = tillKey(till)
			_, err = s.desk.MakePoster(t.Context(), r)
		} else {
			_, err = s.desk.Sell(t.Context(), adults(tillKey(till), n))
		}
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			taken += n
			return
		}
		if e := s.asError(err); e.Code != boxoffice.CodeSoldOut {
			t.Errorf("till %d was refused: %v", till, e)
		}
		least = min(least, n)
	})
	q := testkit.Quota(t, s.book, "quota-house")
	if taken != q.Held+q.Allotted || q.Available() < 0 || q.Available() >= least || q.Held == 0 && q.Allotted == 0 {
		t.Errorf("%d were taken, %d were refused at the least, and the house is %+v", taken, least, q)
	}
}

// A type of two quotas is set apart in both, and the scarcer one decides.
func TestAPosterUnderTwoQuotas(t *testing.T) {
	s := newScene(t)
	kind, _ := s.editOf("evt-2").Event.TicketTypeByID(boxSeat)
	testkit.Append(t, s.book, testkit.AtStripe(kind))
	r := PosterRequest{Key: key, PerformanceID: studio, TicketTypeID: boxSeat, Allotment: 4}
	if _, err := s.desk.MakePoster(t.Context(), r); s.asError(err).Params["available"] != "3" {
		t.Errorf("four of three: %v", err)
	}
	r.Allotment = 3
	p := s.poster(r)
	five, three := testkit.Quota(t, s.book, "quota-2-boxes"), testkit.Quota(t, s.book, "quota-3-left-boxes")
	if five.Allotted != 3 || three.Allotted != 3 || len(p.Claims) != 2 {
		t.Errorf("the quotas are %+v and %+v", five, three)
	}
}

// However long the names, what a link says keeps to Stripe's limits.
func TestAPostersWordsKeepStripesLimits(t *testing.T) {
	for name, word := range map[string]string{"plain": "W", "of two bytes": "ä", "right to left": "ש", "of four bytes": "🎭"} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			edit := s.editOf("evt-1")
			long := strings.Repeat(word, 200)
			edit.Event.Name, edit.Event.Place, edit.Event.TicketTypes[0].Name = long, long, long
			s.save(edit)
			s.atStripe()
			var r boxoffice.LinkRequest
			s.stripe.Says(func(i boxoffice.Intent) []boxoffice.Fact { r = *i.Link; return testkit.Obliges(i) })
			p := s.poster(walls(1))
			for what, text := range map[string]string{"confirmation": r.Confirmation, "closed": r.Closed, "submit": r.Submit} {
				if n := utf8.RuneCountInString(text); n > 500 || !utf8.ValidString(text) || !strings.HasSuffix(text, long+", Thu 5 Mar 2026, 19:30") {
					t.Errorf("%s has %d characters: %q", what, n, text)
				}
			}
			if !strings.Contains(r.Confirmation, p.Code) || len(r.Descriptor) > 10 {
				t.Errorf("%q, %q", r.Confirmation, r.Descriptor)
			}
		})
	}
}
