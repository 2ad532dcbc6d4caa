package desk

import (
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// A buyer's browser goes back to the organizer's website, whatever form it has
// at Stripe, and never to an address that is none.
func TestWhereBuyersGoAfterwards(t *testing.T) {
	t.Parallel()
	for website, want := range map[string]string{
		"":                                      "https://stripe.com/?paid=",
		"https://playhouse.example":             "https://playhouse.example?paid=",
		"playhouse.example/tickets":             "https://playhouse.example/tickets?paid=",
		"https://playhouse.example/?lang=de#up": "https://playhouse.example/?lang=de&paid=",
	} {
		s := newScene(t)
		s.desk = New(Options{Book: s.book, Stripe: s.stripe, IDs: testkit.IDs(2), Now: testkit.NewClock().Now})
		testkit.Append(t, s.book, boxoffice.AccountConnectedFact{Account: boxoffice.Account{ID: "acct_1", Via: boxoffice.ViaKey, Website: website}})
		err := s.book.View(func(tx *ledger.Tx) error {
			home, err := s.desk.home(tx)
			if home+"paid=" != want {
				t.Errorf("%q leads to %s, want %s", website, home, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
