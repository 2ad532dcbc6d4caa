package reconcile

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// arrivals says what becomes of a sale at a poster: what is the matter with
// it, how many of the poster's seats are left, whether there is room beside
// them, and what is recorded.
const arrivals = `
nothing         2  room  arrived:allotted
nothing         2  full  arrived:allotted
nothing         1  full  arrived:allotted
nothing         0  room  arrived
nothing         0  full  no_room
wrong amount    2  room  wrong_amount
wrong currency  2  room  wrong_currency
wrong mode      2  room  wrong_mode
all wrong       0  full  wrong_mode
kept already    2  room  -
kept already    0  full  -
open            2  room  -
expired         2  room  -
bank decides    2  room  -
bank refused    2  room  -
late            2  room  arrived:allotted
`

// posterSold is a session of a poster's visitor that is paid.
func posterSold() stripeapi.Session {
	s := sessionThat(paid)
	s.Reference, s.LinkID, s.Amount, s.Created = "", "plink_1", money.New(2400, "eur"), time.Unix(1_772_712_000, 0).UTC()
	return s
}

func wallPoster(left int) boxoffice.Poster {
	return boxoffice.Poster{
		ID: "pst-1", Code: "7KQ", PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, EventName: "Hamlet", Name: "Adult", Place: "Playhouse",
		TimeZone: "Europe/Vienna", Price: money.New(2400, "eur"), Allotment: 5, Arrived: 5 - left, State: boxoffice.PosterOpen, LinkID: "plink_1",
		Claims: []boxoffice.Claim{{QuotaID: "quota-house", Seats: 1}},
	}
}

func TestArrivals(t *testing.T) {
	for line := range strings.Lines(strings.TrimSpace(arrivals)) {
		what, rest := strings.TrimSpace(line[:16]), strings.Fields(line[16:])
		see := sight{
			session: posterSold(), poster: wallPoster(int(rest[0][0] - '0')), code: "K7QF3M", room: rest[1] == "room", kept: what == "kept already",
			newID: testkit.IDs(1).New,
		}
		switch what {
		case "wrong amount":
			see.session.Amount.Minor++
		case "wrong currency":
			see.session.Amount.Currency = "usd"
		case "wrong mode":
			see.session.Livemode = true
		case "all wrong":
			see.session.Livemode, see.session.Amount = true, money.New(1, "usd")
		case "open", "expired", "bank decides", "bank refused":
			v := map[string]verdict{"open": waiting, "expired": lapsed, "bank decides": processing, "bank refused": undone}[what]
			like := sessionThat(v)
			see.session.Status, see.session.Paid, see.session.Payment = like.Status, like.Paid, like.Payment
		case "late":
			see.session.Status, see.session.Paid = stripeapi.SessionExpired, false
		}
		got := "-"
		for _, f := range plan(see) {
			switch f := f.(type) {
			case boxoffice.OrderArrivedFact:
				got = map[bool]string{true: "arrived:allotted", false: "arrived"}[f.Allotted]
				o := f.Order
				if o.Status() != boxoffice.Paid || o.Code != "K7QF3M" || o.Key != "cs_1" || o.PosterID != "pst-1" || o.Total != money.New(2400, "eur") || len(o.Tickets) != 1 ||
					o.Hold.State != boxoffice.Sold || o.BuyerName != "Ana" || o.BuyerEmail != "ana@example.org" || o.Tenders[0].ChargeID != "ch_1" || o.Tenders[0].Card.Last4 != "4242" {
					t.Errorf("%s: the order is %+v", what, o)
				}
			case boxoffice.DiscrepancyFoundFact:
				got = string(f.Discrepancy.Reason)
				want := boxoffice.Discrepancy{
					ID: "cs_1-" + got, PosterID: "pst-1", SessionID: "cs_1", PaymentIntentID: "pi_1", Amount: see.session.Amount, Reason: boxoffice.Reason(got),
					ChargeID: "ch_1", PaidAt: see.session.Payment.PaidAt, Expected: money.New(2400, "eur"),
					BuyerName: "Ana", BuyerEmail: "ana@example.org", Card: boxoffice.Card{Brand: "visa", Last4: "4242"},
				}
				if diff := cmp.Diff(want, f.Discrepancy); diff != "" {
					t.Errorf("%s: kept (-want +got):\n%s", what, diff)
				}
			}
		}
		if got != rest[2] {
			t.Errorf("%s, %s left, %s: %s, want %s", what, rest[0], rest[1], got, rest[2])
		}
	}
}

// onTheWall puts a poster with so many seats into the book, with its link.
func (s *scene) onTheWall(f *fake, seats int) boxoffice.Poster {
	s.Helper()
	p := wallPoster(seats)
	p.Allotment, p.Arrived, p.State, p.LinkID = seats, 0, boxoffice.PosterStarting, ""
	testkit.Append(s, s.book,
		boxoffice.PosterMadeFact{Poster: p, Intent: boxoffice.Intent{Key: ledger.LinkKey(p.ID), PosterID: p.ID, RecordedAt: f.Now(), Link: &boxoffice.LinkRequest{
			PriceID: "price_1", Quantity: 1, Limit: int64(seats), Metadata: map[string]string{boxoffice.MetadataPoster: p.ID},
		}}})
	return p
}

// opened says that Stripe made the link.
func (s *scene) opened(p boxoffice.Poster) {
	s.Helper()
	testkit.Append(s, s.book, boxoffice.PosterOpenedFact{OfPoster: boxoffice.OfPoster{PosterID: p.ID}, LinkID: "plink_1", URL: "https://buy.stripe.com/test"})
}

// TestWhichPosterASessionBeganAt: by its link; by its metadata only while the
// book does not know the link; never without a link. What a visitor writes
// into the address decides nothing.
func TestWhichPosterASessionBeganAt(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		o := s.placed(f, 1)
		s.opened(s.onTheWall(f, 3))
		n := 0
		for name, c := range map[string]struct {
			link, metadata, reference string
			want                      string
		}{
			"its link":                       {"plink_1", "pst-1", "", "arrived"},
			"its link, without metadata":     {"plink_1", "", "", "arrived"},
			"its link, and another's order":  {"plink_1", "pst-1", o.ID, "arrived"},
			"another link of the poster's":   {"plink_2", "pst-1", "", "arrived"},
			"another program's link":         {"plink_9", "", "", "unknown_order"},
			"another book's poster":          {"plink_9", "pst-other", "", "unknown_order"},
			"metadata that stands by itself": {"", "pst-1", "", "unknown_order"},
		} {
			n++
			sold := posterSold()
			sold.ID, sold.LinkID, sold.Reference = "cs_visit_"+string(rune('a'+n)), c.link, c.reference
			sold.Metadata = map[string]string{boxoffice.MetadataPoster: c.metadata}
			orders, kept := len(s.orders()), len(s.discrepancies())
			for range 2 { // the second look finds it all in the book
				if err := s.r.observe(sold); err != nil {
					s.Fatal(name, err)
				}
			}
			got := map[[2]int]string{{1, 0}: "arrived", {0, 1}: "unknown_order"}[[2]int{len(s.orders()) - orders, len(s.discrepancies()) - kept}]
			if got != c.want {
				s.Errorf("%s: %d orders more, and %d kept; want %s", name, len(s.orders())-orders, len(s.discrepancies())-kept, c.want)
			}
		}
		if q := testkit.Quota(s, s.book, "quota-house"); q.Sold != 4 || q.Held != 1 || q.Allotted != 0 || s.poster("pst-1").Arrived != 3 {
			s.Errorf("the house is %+v, the poster %+v", q, s.poster("pst-1"))
		}
		if got := s.order(o.ID).Status(); got != boxoffice.AwaitingPayment {
			s.Errorf("the order of another buyer is %s", got)
		}
	})
}

// stuck is a source of chance that says the same for a while.
type stuck struct {
	left int
	then boxoffice.IDs
}

func (s *stuck) Read(p []byte) (int, error) {
	if s.left == 0 {
		return s.then.Source.Read(p)
	}
	s.left--
	clear(p)
	return len(p), nil
}

// TestAnArrivalHasACodeOfItsOwn, though its first ones are taken.
func TestAnArrivalHasACodeOfItsOwn(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.opened(s.onTheWall(f, 3))
		taken := boxoffice.IDs{Source: &stuck{left: 100, then: testkit.IDs(1)}, Now: time.Now}.Code()
		testkit.Append(s, s.book, boxoffice.OrderPlacedFact{
			Order:  boxoffice.Order{ID: "ord-x", Code: taken, Key: "key-x", Tenders: []boxoffice.Tender{{ID: "t"}}},
			Intent: boxoffice.Intent{Key: "k-x"},
		})
		s.r.opt.IDs = boxoffice.IDs{Source: &stuck{left: 100, then: testkit.IDs(1)}, Now: time.Now}
		if err := s.r.observe(posterSold()); err != nil {
			s.Fatal(err)
		}
		orders := s.orders()
		if arrived := orders[len(orders)-1]; arrived.PosterID != "pst-1" || arrived.Code == taken || arrived.Code == "" {
			s.Errorf("the code is %q, and %q is taken", arrived.Code, taken)
		}
	})
}

// TestPostersInAnyOrder: visitors' sessions, the answer to the link's making
// and the poster's closing, seen in any order and any number of times: no
// money is dropped, no seat sold twice, and the book is the same.
func TestPostersInAnyOrder(t *testing.T) {
	t.Parallel()
	s, life := &scene{T: t, book: testkit.Book(t, ledger.Options{})}, 0
	s.r = New(Options{Book: s.book, Stripe: newFake(), IDs: testkit.IDs(7), Log: quiet()})
	rapid.Check(t, func(rt *rapid.T) {
		seats := rapid.IntRange(1, 3).Draw(rt, "seats")
		visitors := rapid.IntRange(1, 6).Draw(rt, "visitors")
		full := rapid.Bool().Draw(rt, "the rest of the house is sold")
		var looks []int // visitor × 2, + 1 once it has paid
		for v := range visitors {
			looks = append(looks, 2*v+1)
			for range rapid.IntRange(0, 2).Draw(rt, "more looks") {
				looks = append(looks, 2*v+rapid.IntRange(0, 1).Draw(rt, "paid yet"))
			}
		}
		looks = rapid.Permutation(looks).Draw(rt, "order")
		openedAt := rapid.IntRange(0, len(looks)).Draw(rt, "the link's answer comes")
		closedAt := rapid.IntRange(openedAt, len(looks)).Draw(rt, "it is closed")

		life++
		id := strconv.Itoa(life)
		p := wallPoster(seats)
		p.ID, p.Code, p.Allotment, p.Arrived, p.State, p.LinkID = "pst-"+id, id, seats, 0, boxoffice.PosterStarting, ""
		p.Claims = []boxoffice.Claim{{QuotaID: "quota-" + id, Seats: 1}}
		of := boxoffice.OfPoster{PosterID: p.ID}
		rest := 3
		if full {
			rest = 0
		}
		testkit.Append(t, s.book,
			boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: "quota-" + id, Size: seats + rest}},
			boxoffice.PosterMadeFact{Poster: p, Intent: boxoffice.Intent{Key: ledger.LinkKey(p.ID), PosterID: p.ID, Link: &boxoffice.LinkRequest{}}})
		for n := range len(looks) + 1 {
			if n == openedAt {
				testkit.Append(t, s.book, boxoffice.PosterOpenedFact{OfPoster: of, LinkID: "plink_" + id, URL: "https://buy.stripe.com/test"})
			}
			if n == closedAt {
				testkit.Append(t, s.book, boxoffice.PosterCloseAskedFact{OfPoster: of, Intent: boxoffice.Intent{Key: ledger.CloseLinkKey(p.ID), PosterID: p.ID, CloseLink: "plink_" + id}}, boxoffice.PosterClosedFact{OfPoster: of})
			}
			if n == len(looks) {
				break
			}
			look := posterSold()
			look.ID, look.LinkID, look.Metadata = "cs_"+id+"_"+strconv.Itoa(looks[n]/2), "plink_"+id, map[string]string{boxoffice.MetadataPoster: p.ID}
			if looks[n]%2 == 0 {
				look.Status, look.Paid, look.Payment = stripeapi.SessionOpen, false, stripeapi.Payment{}
			}
			if err := s.r.observe(look); err != nil {
				rt.Fatal(err)
			}
		}
		arrived, kept := 0, 0
		s.view(func(tx *ledger.Tx) error {
			orders, _, err := tx.Orders(ledger.OrderQuery{Poster: p.ID, Limit: 100})
			arrived = len(orders)
			return err
		})
		for _, d := range s.discrepancies() {
			if d.PosterID == p.ID {
				kept++
			}
		}
		q := testkit.Quota(t, s.book, "quota-"+id)
		if arrived+kept != visitors || q.Sold != arrived || q.Available() < 0 || q.Allotted != 0 {
			rt.Fatalf("%d visitors paid: %d arrived, %d are kept, and the house is %+v", visitors, arrived, kept, q)
		}
		if most := seats + rest; arrived != min(visitors, most) && (closedAt == len(looks) || !full) {
			rt.Fatalf("%d visitors for %d seats, and %d arrived", visitors, most, arrived)
		}
	})
	testkit.MustVerify(t, s.book)
}
