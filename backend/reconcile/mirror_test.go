package reconcile

import (
	"errors"
	"net/http"
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
	"willcall/backend/stripesim"
)

// atStripe is the account's catalogue: of each product its name and its
// prices, "*" at the default, in brackets what is archived.
func (s *scene) atStripe() (lines []string) {
	s.Helper()
	client := stripeapi.New(stripeapi.Options{BaseURL: "http://stripe.test", Key: "sk_test_4eC39HqLyjWDarjt", Transport: &line{stripe: s.sim.Handler()}})
	products, err := client.Products(s.Context(), false, "")
	if err != nil {
		s.Fatal(err)
	}
	for _, p := range products.Products {
		if p.Metadata[boxoffice.MetadataBook] == "" {
			continue // a line's own
		}
		prices, err := client.Prices(s.Context(), p.ID, "")
		if err != nil {
			s.Fatal(err)
		}
		var texts []string
		for _, price := range prices.Prices {
			texts = append(texts, bracketed(price.Amount.String()+map[bool]string{true: "*"}[price.ID == p.DefaultPriceID], price.Active))
		}
		slices.Sort(texts)
		lines = append(lines, bracketed(p.Name+": "+strings.Join(texts, " "), p.Active))
	}
	slices.Sort(lines)
	return lines
}

func bracketed(text string, active bool) string {
	if active {
		return text
	}
	return "[" + text + "]"
}

func (s *scene) atStripeIs(want ...string) {
	s.Helper()
	if diff := cmp.Diff(want, s.atStripe()); diff != "" {
		s.Errorf("at Stripe (-want +got):\n%s", diff)
	}
	s.view(func(tx *ledger.Tx) error {
		_, more, err := nextStep(tx)
		if more {
			s.Error("and there is more to do")
		}
		return err
	})
}

func (s *scene) mirrorOf(kind string) (m boxoffice.Mirror) {
	s.Helper()
	s.view(func(tx *ledger.Tx) (err error) {
		m, err = tx.Mirror(kind)
		return err
	})
	return m
}

// edit changes the event and has Stripe told.
func (s *scene) edit(change func(*boxoffice.Event)) {
	s.Helper()
	var e boxoffice.Event
	s.view(func(tx *ledger.Tx) error {
		c, err := tx.Catalogue()
		e, _ = c.EventByID("evt-1")
		return err
	})
	e.TicketTypes = slices.Clone(e.TicketTypes)
	change(&e)
	testkit.Append(s, s.book, boxoffice.EventChangedFact{Event: e})
	s.r.Mirror()
	time.Sleep(5 * time.Second)
}

func house() []string {
	return []string{"Hamlet · Adult: 24.00 EUR*", "Hamlet · Balcony: 32.00 EUR*", "Hamlet · Child: 9.00 EUR*", "Hamlet · Guest: 3000 JPY*"}
}

// TestMirrorWalks: Stripe has what the book has, after each kind of change,
// and is not asked again when nothing is left to do.
func TestMirrorWalks(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		time.Sleep(5 * time.Second)
		s.atStripeIs(house()...)
		writes := s.client.Usage().Writes
		for range 10 {
			s.r.Mirror()
			time.Sleep(2 * time.Second)
		}
		if now := s.client.Usage().Writes; now != writes || writes != 12 {
			s.Errorf("it wrote %d times, and then %d more with nothing to do", writes, now-writes)
		}
		s.edit(func(e *boxoffice.Event) { e.TicketTypes[0].Price.Minor = 2600 })
		s.atStripeIs("Hamlet · Adult: 26.00 EUR* [24.00 EUR]", house()[1], house()[2], house()[3])
		if m := s.mirrorOf(testkit.Adult); m.Price != money.New(2600, "eur") || len(m.Old) > 0 {
			s.Errorf("the book has %+v", m)
		}
		s.edit(func(e *boxoffice.Event) { e.TicketTypes[2].Name = "Gallery" })
		s.edit(func(e *boxoffice.Event) { e.Archived = true })
		s.atStripeIs("[Hamlet · Adult: 26.00 EUR* [24.00 EUR]]", "[Hamlet · Child: 9.00 EUR*]", "[Hamlet · Gallery: 32.00 EUR*]", "[Hamlet · Guest: 3000 JPY*]")
	})
}

// TestMirrorGoesOn after a program that ended between asking and the answer:
// with the same key while it lives, by Stripe's list afterwards, or where the
// till has another API key by then. Nothing is
// made twice, and nothing is left out.
func TestMirrorGoesOn(t *testing.T) {
	for _, path := range []string{"/v1/products", "/v1/prices"} {
		for _, kind := range []string{stripesim.FaultDropAfter, stripesim.FaultDropBefore, stripesim.FaultCut} {
			for away, another := range map[time.Duration]bool{time.Minute: false, time.Minute + 1: true, 48 * time.Hour: false} {
				play(t, func(s *scene) {
					s.sim.SetFaults(stripesim.Fault{Method: http.MethodPost, Path: path, Kind: kind})
					s.start()
					time.Sleep(3 * time.Second)
					s.stop()
					s.sim.SetFaults()
					time.Sleep(away)
					if another {
						var err, first error
						s.key, err = s.sim.RegisterKey(stripesim.Key{})
						_, first = s.sim.RegisterKey(stripesim.Key{Value: firstKey}) // with which atStripe looks
						s.check(errors.Join(err, first))
					}
					s.open()
					s.start()
					time.Sleep(10 * time.Second)
					if diff := cmp.Diff(house(), s.atStripe()); diff != "" {
						s.Errorf("%s %s, %v away, another key %v: at Stripe (-want +got):\n%s", kind, path, away, another, diff)
					}
				})
			}
		}
	}
}

// TestARefusedStepIsKept beside its ticket type and not asked again until it
// is another; the other types are made all the same.
func TestARefusedStepIsKept(t *testing.T) {
	play(t, func(s *scene) {
		s.sim.SetFaults(stripesim.Fault{Method: http.MethodPost, Path: "/v1/products", Kind: stripesim.FaultStatus, Status: 402, Times: 1})
		s.start()
		time.Sleep(5 * time.Second)
		s.atStripeIs(house()[1:]...)
		m := s.mirrorOf(testkit.Adult)
		if m.Problem == nil || m.Problem.Code != boxoffice.CodeStripeRefused || !strings.Contains(m.Problem.Detail, "The till sells all the same") {
			s.Errorf("the book says %+v", m.Problem)
		}
		writes := s.client.Usage().Writes
		s.r.Mirror()
		time.Sleep(3 * time.Hour)
		if now := s.client.Usage().Writes; now != writes {
			s.Errorf("it was asked again, %d times", now-writes)
		}
		s.edit(func(e *boxoffice.Event) { e.TicketTypes[0].Description = "In the stalls" })
		s.atStripeIs(house()...)
		if m := s.mirrorOf(testkit.Adult); m.Problem != nil {
			s.Errorf("and the book still says %+v", m.Problem)
		}
	})
}

// mirroring is a scene with a fake Stripe and a till that looks by itself.
func mirroring(t *testing.T, fn func(s *scene, f *fake)) {
	t.Helper()
	polling(t, func(s *scene, f *fake) {
		s.start()
		time.Sleep(2 * time.Second)
		f.took()
		fn(s, f)
	})
}

// TestARefusedTaxRateIsAskedOnce for each type that has it, and keeps nothing
// else from being made. A storm would end the account's allotment.
func TestARefusedTaxRateIsAskedOnce(t *testing.T) {
	for _, how := range []stripeapi.Failure{stripeapi.Refused, stripeapi.Forbidden} {
		refusedTaxRate(t, how)
	}
}

func refusedTaxRate(t *testing.T, how stripeapi.Failure) {
	t.Helper()
	mirroring(t, func(s *scene, f *fake) {
		f.failing(fails("tax", how))
		s.edit(func(e *boxoffice.Event) {
			e.TicketTypes[0].TaxRate = &boxoffice.TaxRate{Name: "VAT", Percent: 100_000}
			e.TicketTypes[1].Price.Minor = 1000
		})
		for range 20 {
			s.r.Mirror()
			time.Sleep(time.Minute)
		}
		if calls := f.took(); count(calls, "tax") != 1 || count(calls, "price mir") != 1 {
			s.Errorf("it asked %v", calls)
		}
		if m := s.mirrorOf(testkit.Adult); m.Problem == nil {
			s.Error("nobody is told")
		}
		f.failing(nil)
		s.edit(func(e *boxoffice.Event) {
			e.TicketTypes[0].TaxRate = &boxoffice.TaxRate{Name: "MwSt", Percent: 100_000}
		})
		s.view(func(tx *ledger.Tx) error {
			id, err := tx.TaxRateID(boxoffice.TaxRate{Name: "MwSt", Percent: 100_000})
			if id != "txr_MwSt" {
				s.Errorf("the other rate is %q", id)
			}
			return err
		})
		if calls := f.took(); count(calls, "tax") != 1 {
			s.Errorf("for the other rate it asked %v", calls)
		}
	})
}

// TestADeletedProductIsMadeAgain, once, however Stripe says that it is gone.
func TestADeletedProductIsMadeAgain(t *testing.T) {
	for name, gone := range map[string]*stripeapi.Error{
		"by its path":      {Failure: stripeapi.Missing, Status: 404, Code: "resource_missing"},
		"by its parameter": {Failure: stripeapi.Refused, Status: 400, Code: "resource_missing", Param: "product"},
	} {
		mirroring(t, func(s *scene, f *fake) {
			deleted := true
			f.failing(func(call string) error {
				switch {
				case strings.HasPrefix(call, "product mir"):
					deleted = false
				case deleted && (strings.HasPrefix(call, "update") || strings.HasPrefix(call, "price mir")):
					return gone
				}
				return nil
			})
			s.edit(func(e *boxoffice.Event) { e.TicketTypes[0].Price.Minor = 2600 })
			if calls := f.took(); count(calls, "product mir") != 1 || count(calls, "price mir") != 2 {
				s.Errorf("%s: it asked %v", name, calls)
			}
			if m := s.mirrorOf(testkit.Adult); m.Problem != nil || m.Price != money.New(2600, "eur") || m.DefaultPrice != m.PriceID {
				s.Errorf("%s: the book has %+v", name, m)
			}
		})
	}
}

// TestAProductThatNobodyFindsIsNoLoop: Stripe answers a request for a new
// product with "no such object". It is kept like any refusal.
func TestAProductThatNobodyFindsIsNoLoop(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		f.failing(fails("product", stripeapi.Missing))
		s.start()
		time.Sleep(time.Hour)
		if calls := f.took(); count(calls, "product") != 4 {
			s.Errorf("for four types it asked %d times", count(calls, "product"))
		}
	})
}

// TestNotConnected: nothing is asked in vain for long, and all is done soon
// after somebody wakes the till.
func TestNotConnected(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		f.failing(fails("", stripeapi.NotConnected))
		s.start()
		time.Sleep(time.Hour)
		if calls := f.took(); count(calls, "methods") > 20 || count(calls, "product")+count(calls, "price") > 0 {
			s.Errorf("in an hour without a key it asked %v", calls)
		}
		f.failing(nil)
		s.r.Wake()
		time.Sleep(3 * time.Second)
		if calls := f.took(); count(calls, "product mir") != 4 || count(calls, "price mir") != 4 {
			s.Errorf("with a key it asked %v", calls)
		}
	})
}

// TestMethods: what the account offers is learnt, and not at every ring; a key
// that may not ask sells by card.
func TestMethods(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		polling(t, func(s *scene, f *fake) {
			f.shop.methods = []string{"paypal", "card"}
			want := []string{"card", "paypal"}
			if !allowed {
				f.failing(fails("methods", stripeapi.Forbidden))
				want = []string{"card"}
			}
			s.start()
			for range 100 {
				s.r.Wake()
				time.Sleep(time.Second)
			}
			s.view(func(tx *ledger.Tx) error {
				known, err := tx.Methods()
				if !slices.Equal(known, want) {
					s.Errorf("allowed %v: the book has %v", allowed, known)
				}
				return err
			})
			if calls := f.took(); count(calls, "methods") != 1 {
				s.Errorf("allowed %v: it asked %d times", allowed, count(calls, "methods"))
			}
		})
	}
}
