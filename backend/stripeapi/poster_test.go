package stripeapi_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// poster asks for a link that sells pairs of tickets at the price.
func poster(price string, limit int64) boxoffice.LinkRequest {
	return boxoffice.LinkRequest{
		PriceID: price, Quantity: 2, Limit: limit, Metadata: order, Confirmation: "Say WALL at the desk.", Closed: "All gone.",
		Submit: "Doors open at seven.", Methods: []string{"card"}, Descriptor: "HAMLET 5 MAR",
	}
}

// hung makes a link of the limit, at 24 euros a ticket.
func hung(t *testing.T, c *stripeapi.Client, limit int64) stripeapi.Link {
	t.Helper()
	p := made[stripeapi.Product](t)(c.CreateProduct(t.Context(), "prod-1", boxoffice.ProductRequest{Name: "Adult"}))
	price := made[stripeapi.Price](t)(c.CreatePrice(t.Context(), "price-1", boxoffice.PriceRequest{ProductID: p.ID, Amount: money.New(2400, "eur")}))
	return made[stripeapi.Link](t)(c.CreateLink(t.Context(), "poster-1", poster(price.ID, limit)))
}

// visited is the session of another visitor.
func visited(t *testing.T, sim *stripesim.Sim, l stripeapi.Link) string {
	t.Helper()
	return made[string](t)(sim.Visit(l.ID, stripesim.Visitor{}))
}

// ids are those of the link's sessions, newest first.
func ids(t *testing.T, c *stripeapi.Client, l stripeapi.Link, status stripeapi.SessionStatus) []string {
	t.Helper()
	var out []string
	for after, more := "", true; more; {
		page := made[stripeapi.SessionPage](t)(c.LinkSessions(t.Context(), l.ID, status, after))
		for _, s := range page.Sessions {
			if s.LinkID != l.ID {
				t.Errorf("the session %s is of the link %q", s.ID, s.LinkID)
			}
			out, after = append(out, s.ID), s.ID
		}
		more = page.More
	}
	return out
}

// TestTheLifeOfAPoster: three come, one buys, one stays; it is closed, and who
// stayed is asked to leave.
func TestTheLifeOfAPoster(t *testing.T) {
	c, sim := sale(t)
	l := hung(t, c, 40)
	if got := made[stripeapi.Link](t)(c.Link(t.Context(), l.ID)); !cmp.Equal(got, l) || !l.Active || !cmp.Equal(l.Metadata, order) {
		t.Errorf("made %+v, fetched %+v", l, got)
	}
	if again := made[stripeapi.LinkPage](t)(c.Links(t.Context(), "")); len(again.Links) != 1 || !cmp.Equal(again.Links[0], l) || again.More {
		t.Errorf("listed %+v", again)
	}
	bought, left, stays := visited(t, sim, l), visited(t, sim, l), visited(t, sim, l)
	open(t, c, "tdr-1-create") // a sale at the till is none of the poster's
	if err := sim.Pay(bought, stripesim.Payment{}); err != nil {
		t.Fatal(err)
	}
	made[stripeapi.Session](t)(c.ExpireSession(t.Context(), "left", left))
	s := fetch(t, c, bought)
	if s.LinkID != l.ID || !s.Paid || s.Amount != money.New(4800, "eur") || !cmp.Equal(s.Metadata, order) || s.Reference != "" {
		t.Errorf("a sale of the poster is %+v", s)
	}
	if p := made[stripeapi.Session](t)(c.Payment(t.Context(), s.Payment.IntentID)); !p.Paid || p.Reference != "ord-1" {
		t.Errorf("its payment is %+v", p)
	}
	closed := made[stripeapi.Link](t)(c.CloseLink(t.Context(), "poster-1-close", l.ID))
	l.Active = false
	if diff := cmp.Diff(l, closed); diff != "" {
		t.Errorf("closed (-want +got):\n%s", diff)
	}
	if _, err := sim.Visit(l.ID, stripesim.Visitor{}); err == nil {
		t.Error("a closed poster still lets people in")
	}
	for status, want := range map[stripeapi.SessionStatus][]string{
		"": {stays, left, bought}, stripeapi.SessionOpen: {stays}, stripeapi.SessionComplete: {bought}, stripeapi.SessionExpired: {left},
	} {
		if diff := cmp.Diff(want, ids(t, c, l, status)); diff != "" {
			t.Errorf("sessions that are %q (-want +got):\n%s", status, diff)
		}
	}
	made[stripeapi.Session](t)(c.ExpireSession(t.Context(), "stays", stays))
	if got := ids(t, c, l, stripeapi.SessionOpen); len(got) > 0 {
		t.Errorf("%q are open still", got)
	}
}

// TestAPosterOneTooMany: the last ticket was paid twice, and both are seen.
func TestAPosterOneTooMany(t *testing.T) {
	c, sim := sale(t)
	l := hung(t, c, 1)
	for _, s := range []string{visited(t, sim, l), visited(t, sim, l)} {
		if err := sim.Pay(s, stripesim.Payment{}); err != nil {
			t.Fatal(err)
		}
	}
	if got := ids(t, c, l, stripeapi.SessionComplete); len(got) != 2 {
		t.Errorf("%d sales are seen, want 2", len(got))
	}
	if made[stripeapi.Link](t)(c.Link(t.Context(), l.ID)).Active {
		t.Error("a poster that is sold out is open")
	}
}

// TestAPosterOfManyPages: no sale stays behind on a page.
func TestAPosterOfManyPages(t *testing.T) {
	c, sim := sale(t)
	l := hung(t, c, 1000)
	want := map[string]bool{}
	for range 103 {
		want[visited(t, sim, l)] = true
	}
	got := map[string]bool{}
	for _, id := range ids(t, c, l, "") {
		got[id] = true
	}
	if !cmp.Equal(got, want) {
		t.Errorf("%d sessions are listed, want %d", len(got), len(want))
	}
}

// TestAPosterOfWhatIsNotSold: Stripe names what it will not take.
func TestAPosterOfWhatIsNotSold(t *testing.T) {
	c, _ := sale(t)
	for i, r := range []boxoffice.LinkRequest{poster("price_gone", 1), {PriceID: "price_gone", Quantity: 0, Limit: 1}} {
		_, err := c.CreateLink(t.Context(), fmt.Sprint("poster-", i), r)
		if failure := failed(t, err); failure.Failure != stripeapi.Refused && failure.Failure != stripeapi.Missing || failure.Param == "" {
			t.Errorf("%+v is %v, about %q", r, failure, failure.Param)
		}
	}
}
