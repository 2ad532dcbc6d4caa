package ledger_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// batchOf is how many sales of a catch-up are written in one transaction.
const batchOf = 100

// arrivals are sales that came by a poster, with all that Stripe tells of one.
func arrivals(from, n int) []boxoffice.Fact {
	ids := testkit.IDs(uint64(from))
	at := testkit.NewClock().Now()
	price := money.New(2400, "eur")
	facts := make([]boxoffice.Fact, n)
	for i := range facts {
		at = at.Add(time.Second)
		o := boxoffice.Order{
			ID: ids.New("ord"), Code: ids.Code(), Key: ids.New("cs_live"), PlacedAt: at, UpdatedAt: at, BuyerName: "Anna Huber", BuyerEmail: fmt.Sprintf("anna.%d@example.org", from+i),
			Total: price, PosterID: "pst-1",
			LineItems: []boxoffice.LineItem{{
				PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, EventName: "Hamlet", Name: "Adult", Place: "Playhouse",
				StartsAt: at, TimeZone: "Europe/Vienna", UnitPrice: price, Quantity: 1, Total: price,
			}},
			Hold: boxoffice.Hold{State: boxoffice.Sold, Claims: []boxoffice.Claim{{QuotaID: "quota-house", Seats: 1}}},
			Tenders: []boxoffice.Tender{{
				ID: ids.New("tdr"), Kind: boxoffice.Phone, State: boxoffice.TenderPaid, Amount: price, SessionID: ids.New("cs_live"), PaymentIntentID: ids.New("pi"),
				ChargeID: ids.New("ch"), PaidAt: at, Card: boxoffice.Card{Brand: "visa", Last4: fmt.Sprintf("%04d", (from+i)%10000)},
			}},
		}
		o.Tickets = boxoffice.IssueTickets(o, func() string { return ids.New("tkt") })
		facts[i] = boxoffice.OrderArrivedFact{PosterID: "pst-1", Order: o, Allotted: true}
	}
	return facts
}

// BenchmarkArrivals appends sales in batches; an operation is a batch.
func BenchmarkArrivals(b *testing.B) {
	book := open(b, filepath.Join(b.TempDir(), "book.db"))
	testkit.Append(b, book, testkit.House()...)
	testkit.Append(b, book, boxoffice.QuotaChangedFact{QuotaID: "quota-house", TicketTypeIDs: []string{testkit.Adult}, Size: 1 << 30}, made(1, 1<<29), linked(1))
	n := 0
	for b.Loop() {
		b.StopTimer()
		facts := arrivals(n, batchOf)
		n += batchOf
		b.StartTimer()
		if err := book.Update(func(tx *ledger.Tx) error { return appendAll(tx, facts) }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "sales/s")
}
