package backend

import (
	"bytes"
	"fmt"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"willcall/backend/api"
	"willcall/backend/stripesim"
)

// poster makes a poster for the first type of the first performance.
func (t *till) poster(key string, allotment int) api.Poster {
	t.Helper()
	e := t.mirrored()
	return call[api.Poster](t, http.MethodPost, "/api/posters", key, asJSON(t, map[string]any{
		"performanceId": e.Performances[0].ID, "ticketTypeId": e.TicketTypes[0].ID, "allotment": allotment,
	}), http.StatusCreated)
}

// arrived waits for so many sales by the poster.
func (t *till) arrived(poster string, n int) []api.Order {
	t.Helper()
	var found []api.Order
	for range 400 {
		t.b.current().reconciler.Wake() // as the next poll would
		found = call[struct{ Orders []api.Order }](t, http.MethodGet, "/api/orders?poster="+poster, "", "", http.StatusOK).Orders
		if len(found) == n {
			return found
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%d sales by the poster, want %d", len(found), n)
	return nil
}

// visit opens the poster's page as a passer-by does, without paying.
func visit(t *testing.T, sim *stripesim.Sim, p api.Poster) (session string) {
	t.Helper()
	session, err := sim.Visit(path.Base(p.URL), stripesim.Visitor{})
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func buy(t *testing.T, sim *stripesim.Sim, session, name string) {
	t.Helper()
	if err := sim.Pay(session, stripesim.Payment{Name: name, Email: "buyer@example.org"}); err != nil {
		t.Fatal(err)
	}
}

// A poster from the wall to the desk: its seats are set apart, its sales arrive
// with name and card, and closing it ends every page that it opened before the
// rest of its seats come free.
func TestAPosterSells(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	till := openTill(t, cfg)
	p := till.poster("a-poster-by-the-door", 3)
	if p.State != "open" || len(p.URL) == 0 || till.left() != 117 {
		t.Fatalf("the poster is %+v, %d are left", p, till.left())
	}
	if again := till.poster("a-poster-by-the-door", 3); again.ID != p.ID || till.left() != 117 {
		t.Errorf("two taps made %+v, %d are left", again, till.left())
	}
	buy(t, sim, visit(t, sim, p), "Hermione Leontes")
	orders := till.arrived(p.ID, 1)
	o := orders[0]
	if o.Status != "paid" || o.BuyerName != "Hermione Leontes" || len(o.Tickets) != 1 || o.Tenders[0].Card == nil || o.PosterID != p.ID {
		t.Errorf("what arrived is %+v", o)
	}
	waiting := visit(t, sim, p)
	closed := call[api.Poster](till, http.MethodPost, "/api/posters/"+p.ID+"/close", "", "", http.StatusOK)
	if closed.State != "closing" || closed.Arrived != 1 || till.left() != 117 {
		t.Errorf("as long as Stripe's list may lag it is %+v, %d are left", closed, till.left())
	}
	advance(t, sim, "3m")
	for range 400 {
		if closed = call[struct{ Posters []api.Poster }](till, http.MethodGet, "/api/posters", "", "", http.StatusOK).Posters[0]; closed.State == "closed" {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if closed.State != "closed" || closed.Arrived != 1 || till.left() != 119 {
		t.Errorf("closed it is %+v, %d are left", closed, till.left())
	}
	if err := sim.Pay(waiting, stripesim.Payment{}); err == nil {
		t.Error("a page that was open can still be paid after the poster is closed")
	}
	if status, _, err := send(t.Context(), http.MethodGet, till.url+"/api/posters/"+p.ID+"/poster.pdf", "", ""); err != nil || status != http.StatusNotFound {
		t.Errorf("a closed poster can be printed: %d %v", status, err)
	}
}

// More pay than the poster may sell: what is one too many gets a seat of the
// others if there is one, and otherwise is kept where somebody sees it.
func TestAPosterSellsOneTooMany(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	till := openTill(t, cfg)
	p := till.poster("one-seat-by-the-door", 1)
	first, second, third := visit(t, sim, p), visit(t, sim, p), visit(t, sim, p)
	buy(t, sim, first, "Anna")
	buy(t, sim, second, "Bela")
	till.arrived(p.ID, 2)
	if n := till.left(); n != 118 {
		t.Errorf("%d are left", n)
	}
	// The house is sold out when the third one pays.
	for i := range 2 {
		body := strings.Replace(till.twoAdults(), `"quantity":2`, fmt.Sprintf(`"quantity":%d`, 100-82*i), 1)
		call[api.Order](till, http.MethodPost, "/api/orders", fmt.Sprintf("the-rest-of-the-house-%d", i), body, http.StatusCreated)
	}
	if n := till.left(); n != 0 {
		t.Fatalf("%d are left", n)
	}
	buy(t, sim, third, "Cleo")
	for range 400 {
		till.b.current().reconciler.Wake()
		found := call[struct{ Items []api.LateMoney }](till, http.MethodGet, "/api/late-money", "", "", http.StatusOK).Items
		if len(found) == 1 && found[0].Reason == "no_room" && found[0].PosterID == p.ID && found[0].Amount.Minor == 2400 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the money of the third one is nowhere")
}

// The sheets of a poster.
func TestAPosterIsPrinted(t *testing.T) {
	t.Parallel()
	_, cfg := away(t)
	till := openTill(t, cfg)
	p := till.poster("a-poster-on-paper", 3)
	for file, head := range map[string]string{
		"poster.pdf?size=A4": "%PDF-", "poster.pdf?size=a6": "%PDF-", "poster.svg?size=A4": "<svg", "code.svg": "<svg", "code.png": "\x89PNG",
	} {
		status, data, err := send(t.Context(), http.MethodGet, till.url+"/api/posters/"+p.ID+"/"+file, "", "")
		if err != nil || status != http.StatusOK || !bytes.Contains(data[:min(len(data), 200)], []byte(head)) {
			t.Errorf("%s: %d %v %.60q", file, status, err, data)
		}
	}
}

// A catalogue that is edited while a code is out: the code is paid at the price
// that it was made with, and the next sale is at the new one.
func TestACatalogueIsEditedWhileACodeIsOut(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	till := openTill(t, cfg)
	e := till.mirrored()
	o := till.sell("at-the-old-price")
	old := e.TicketTypes[0].Mirror.PriceID
	e.TicketTypes[0].Price.Minor = 2900
	e.TicketTypes[0].Name = strings.Repeat("Ü", 200)
	saved := call[api.EventEdit](till, http.MethodPut, "/api/events/"+e.ID, "", asJSON(t, e), http.StatusOK)
	if stale := till.refused(http.MethodPut, "/api/events/"+e.ID, asJSON(t, e)); stale.Code != "stale_edit" {
		t.Errorf("the older edit again: %+v", stale)
	}
	next := till.sell("at-the-new-price")
	if o.Total.Minor != 4800 || next.Total.Minor != 5800 {
		t.Errorf("the sales are %+v and %+v", o.Total, next.Total)
	}
	for range 400 {
		if e = till.mirrored(); e.TicketTypes[0].Mirror.PriceID != old {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if m := e.TicketTypes[0].Mirror; m.PriceID == old || m.State != "done" || saved.Revision != 1 {
		t.Errorf("Stripe has %+v", m)
	}
	till.pay(sim, o)
	till.pay(sim, next)
	for _, id := range []string{o.ID, next.ID} {
		if paid := till.until(id, "paid"); paid.Total != paid.Tenders[0].Amount {
			t.Errorf("paid is %+v", paid)
		}
	}
}
