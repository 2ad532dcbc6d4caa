package reconcile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// TestALostPrice: somebody takes a product off sale in the Dashboard. The next
// sale is refused with words and its seats are free; the one after sells; and
// Stripe is told again of just what it has not.
func TestALostPrice(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		time.Sleep(5 * time.Second)
		before := map[string]boxoffice.Mirror{testkit.Adult: s.mirrorOf(testkit.Adult), testkit.Child: s.mirrorOf(testkit.Child)}
		if _, err := s.client.UpdateProduct(s.Context(), "dashboard-1", before[testkit.Adult].ProductID, stripeapi.ProductUpdate{Active: new(false)}); err != nil {
			s.Fatal(err)
		}
		_, err := s.sell(2, testkit.Adult)
		var told *boxoffice.Error
		if !errors.As(err, &told) || told.Code != boxoffice.CodeStripeRefused || !strings.Contains(told.Message, "the seats are free again") {
			s.Errorf("the first sale says %v", err)
		}
		if q := testkit.Quota(s, s.book, "quota-house"); q.Available() != testkit.Seats {
			s.Errorf("%d seats are left", q.Available())
		}
		o := s.sold(2)
		s.pay(o.ID)
		time.Sleep(5 * time.Second)
		if got := s.order(o.ID).Status(); got != boxoffice.Paid {
			s.Errorf("the second sale is %s", got)
		}
		if now := s.mirrorOf(testkit.Adult); now.ProductID == before[testkit.Adult].ProductID || now.PriceID == "" {
			s.Errorf("the adult's product is %+v", now)
		}
		if diff := cmp.Diff(before[testkit.Child], s.mirrorOf(testkit.Child)); diff != "" {
			s.Errorf("the child's has changed:\n%s", diff)
		}
		if _, err := s.sell(1, testkit.Adult); err != nil {
			s.Errorf("the third sale: %v", err)
		}
	})
}

// TestLostPrices: which types are lost, by what Stripe refused.
func TestLostPrices(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		testkit.Append(s, s.book,
			testkit.AtStripe(boxoffice.TicketType{ID: testkit.Adult, Price: money.New(2400, "eur")}),
			testkit.AtStripe(boxoffice.TicketType{ID: testkit.Child, Price: money.New(900, "eur")}))
		o := boxoffice.Order{ID: "ord-l", Code: "LLLLLL", Key: "sale-l", LineItems: []boxoffice.LineItem{{TicketTypeID: testkit.Adult}, {TicketTypeID: testkit.Child}, {TicketTypeID: testkit.Balcony}}}
		testkit.Append(s, s.book, boxoffice.OrderPlacedFact{Order: o, Intent: boxoffice.Intent{Key: "k-l", OrderID: "ord-l"}})
		create := boxoffice.Intent{OrderID: "ord-l", Create: &boxoffice.SessionRequest{LineItems: []boxoffice.SessionLine{{PriceID: "price_type-adult"}, {PriceID: "price_old"}, {}}}}
		for _, c := range []struct {
			failure stripeapi.Failure
			param   string
			intent  boxoffice.Intent
			want    string
		}{
			{stripeapi.Refused, "line_items[0][price]", create, testkit.Adult},
			{stripeapi.Refused, "line_items[1][price]", create, ""}, // the book has another by now
			{stripeapi.Refused, "line_items[2][price]", create, ""}, // the line named it itself
			{stripeapi.Refused, "line_items", create, testkit.Adult},
			{stripeapi.Refused, "line_items[0][quantity]", create, ""},
			{stripeapi.Refused, "line_items[10][price]", create, ""},
			{stripeapi.Refused, "customer_email", create, ""},
			{stripeapi.Missing, "line_items[0][price]", create, ""},
			{stripeapi.BadKey, "", create, ""},
			{stripeapi.Refused, "line_items[0][price]", boxoffice.Intent{OrderID: "ord-l", Pay: &boxoffice.PaymentRequest{}}, ""},
		} {
			s.view(func(tx *ledger.Tx) error {
				lost, err := lostPrices(tx, c.intent, &stripeapi.Error{Failure: c.failure, Param: c.param})
				var got []string
				for _, l := range lost {
					got = append(got, l.(boxoffice.MirrorLostFact).TicketTypeID)
				}
				if strings.Join(got, " ") != c.want {
					s.Errorf("%s of %q: lost %v, want %q", c.failure, c.param, got, c.want)
				}
				return err
			})
		}
	})
}

// TestImportable: each active one-time price of each active product, and how
// much it is.
func TestImportable(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		f.shop.products = []stripeapi.Product{{ID: "prod_1", Name: "Seat", Description: "Red"}, {ID: "prod_2", Name: "Gift"}}
		f.shop.prices = []stripeapi.Price{
			{ID: "price_1", ProductID: "prod_1", Amount: money.New(1500, "eur"), Fixed: true, Active: true},
			{ID: "price_2", ProductID: "prod_1", Amount: money.New(1200, "eur"), Fixed: true},
			{ID: "price_3", ProductID: "prod_1", Amount: money.New(900, "eur"), Fixed: true, Active: true, Recurring: true},
			{ID: "price_4", ProductID: "prod_1", Amount: money.New(0, "eur"), Active: true}, // tiers
			{ID: "price_5", ProductID: "prod_2", Amount: money.New(0, "eur"), Active: true, BuyersChoice: true},
			{ID: "price_6", ProductID: "prod_gone", Amount: money.New(100, "eur"), Fixed: true, Active: true},
		}
		found, err := s.r.Products(s.Context())
		var got []string
		for _, i := range found {
			price := "as they like"
			if i.Price != nil {
				price = i.Price.String()
			}
			got = append(got, fmt.Sprintf("%s %s %s", i.Name, i.PriceID, price))
		}
		if want := []string{"Seat price_1 15.00 EUR", "Gift price_5 as they like"}; err != nil || !slices.Equal(got, want) {
			s.Errorf("%v, %v", got, err)
		}
		for _, start := range []string{"products", "prices"} {
			f.failing(fails(start, stripeapi.Forbidden))
			if _, err := s.r.Products(s.Context()); boxoffice.ErrorCode(err) != boxoffice.CodeStripePermission {
				s.Errorf("without %s: %v", start, err)
			}
		}
	})
}
