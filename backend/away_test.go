package backend

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"willcall/backend/api"
	"willcall/backend/config"
	"willcall/backend/internal/testkit"
	"willcall/backend/stripesim"
)

// away is a simulated Stripe that runs by itself, as in training with
// `willcall sim`, and the settings of a till that asks it.
func away(t *testing.T) (*stripesim.Sim, config.Config) {
	t.Helper()
	sim, url := testkit.Stripe(t, stripesim.Options{})
	cfg := testConfig(t)
	cfg.StripeURL = url
	return sim, cfg
}

// sell sells two adults.
func (t *till) sell(key string) api.Order {
	t.Helper()
	return call[api.Order](t, http.MethodPost, "/api/orders", key, t.twoAdults(), http.StatusCreated)
}

// left is how many of the first performance's first type are left.
func (t *till) left() int {
	t.Helper()
	return call[api.Catalogue](t, http.MethodGet, "/api/catalogue", "", "", http.StatusOK).Events[0].Performances[0].TicketTypes[0].Available
}

// The buyer pays while Willcall is closed. It shows as paid after it opens,
// with tickets, though nobody asks for it.
func TestPaidWhileWillcallWasClosed(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	first := openTill(t, cfg)
	o := first.sell("sale-before-closing")
	first.close()
	if err := sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{}); err != nil {
		t.Fatal(err)
	}
	second := openTill(t, cfg)
	if paid := second.until(o.ID, "paid"); len(paid.Tickets) != 2 || paid.Code != o.Code {
		t.Errorf("the order is %+v", paid)
	}
	if n := second.left(); n != 118 {
		t.Errorf("%d are left", n)
	}
}

// The code runs out while Willcall is closed: after it opens, the order is
// expired and its seats are free.
func TestExpiredWhileWillcallWasClosed(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	first := openTill(t, cfg)
	o := first.sell("sale-before-closing")
	first.close()
	advance(t, sim, "40m")
	second := openTill(t, cfg)
	second.until(o.ID, "expired")
	if n := second.left(); n != 120 {
		t.Errorf("%d are left", n)
	}
}

// advance moves Stripe's time on.
func advance(t *testing.T, sim *stripesim.Sim, by string) {
	t.Helper()
	server := http.Server{Handler: sim.Handler()}
	l, err := listen(t.Context(), "127.0.0.1:0", "")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }() // ends with Close
	defer server.Close()
	status, text, err := send(t.Context(), http.MethodPost, "http://"+l.Addr().String()+"/_sim/clock", "", `{"advance":"`+by+`"}`)
	if err != nil || status != http.StatusOK {
		t.Fatalf("%v %d %s", err, status, text)
	}
}

// Codes that wait are parked over a restart: the same orders with the same
// URLs and the same seats, no second code is made, and each can still be paid,
// canceled, or sold again by its key.
func TestParkedCodesSurviveARestart(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	first := openTill(t, cfg)
	var parked []api.Order
	for i := range 3 {
		parked = append(parked, first.sell("parked-sale-"+strconv.Itoa(i)))
	}
	first.close()

	second := openTill(t, cfg)
	status := call[api.Status](second, http.MethodGet, "/api/status", "", "", http.StatusOK)
	if status.OpenCodes != 3 || second.left() != 114 {
		t.Errorf("%d codes are open, %d are left", status.OpenCodes, second.left())
	}
	for i, was := range parked {
		is := call[api.Order](second, http.MethodGet, "/api/orders/"+was.Code, "", "", http.StatusOK)
		again := second.sell("parked-sale-" + strconv.Itoa(i))
		if is.Status != "awaiting_payment" || is.Tenders[0].URL != was.Tenders[0].URL || is.Tenders[0].URL == "" || again.ID != was.ID {
			t.Errorf("parked order %d is %+v", i, is)
		}
	}
	if err := sim.Pay(parked[0].Tenders[0].SessionID, stripesim.Payment{}); err != nil {
		t.Fatal(err)
	}
	paid := call[api.Order](second, http.MethodPost, "/api/orders/"+parked[0].ID+"/check", "", "", http.StatusOK)
	canceled := call[api.Order](second, http.MethodPost, "/api/orders/"+parked[1].ID+"/cancel", "", "", http.StatusOK)
	if paid.Status != "paid" || len(paid.Tickets) != 2 || canceled.Status != "canceled" || second.left() != 116 {
		t.Errorf("%s, %s, %d left", paid.Status, canceled.Status, second.left())
	}
	if n := sim.Requests().Paths["POST /v1/checkout/sessions"]; n != 3 {
		t.Errorf("Stripe was asked for %d codes", n)
	}
}

// The simulated Stripe that lives inside the till keeps its memory beside the
// book: what was parked can be paid after both were closed.
func TestParkedCodesSurviveWithStripeInside(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	addr, leave := occupy(t)
	leave() // a port that is the same after the restart, as in the program
	cfg.SimAddr = addr
	first := openTill(t, cfg)
	o := first.sell("parked-sale")
	first.close()

	second := openTill(t, cfg)
	status, page, err := send(t.Context(), http.MethodGet, second.url+o.Tenders[0].TrainingPhone, "", "")
	if err != nil || status != http.StatusOK || len(page) == 0 {
		t.Errorf("the buyer's page: %v %d", err, status)
	}
	if err := second.b.book.stripe.sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{}); err != nil {
		t.Fatal(err)
	}
	if paid := call[api.Order](second, http.MethodPost, "/api/orders/"+o.ID+"/check", "", "", http.StatusOK); paid.Status != "paid" {
		t.Errorf("the order is %s", paid.Status)
	}
}

// A ticket's code is the same after a restart: what was given to the buyer is
// what the door will check.
func TestTicketsSurviveARestart(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	first := openTill(t, cfg)
	o := first.sell("sale-before-closing")
	if err := sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{}); err != nil {
		t.Fatal(err)
	}
	was := call[api.Order](first, http.MethodPost, "/api/orders/"+o.ID+"/check", "", "", http.StatusOK)
	first.close()
	is := call[api.Order](openTill(t, cfg), http.MethodGet, "/api/orders/"+o.ID, "", "", http.StatusOK)
	if len(is.Tickets) != 2 || is.Tickets[0] != was.Tickets[0] || is.Tickets[1] != was.Tickets[1] {
		t.Errorf("the tickets were %+v and are %+v", was.Tickets, is.Tickets)
	}
}

// Money that no till asked for, paid while Willcall was closed: only reading
// Stripe's events finds it, and it is kept where somebody sees it.
func TestStrayMoneyIsFoundAfterOpening(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	first := openTill(t, cfg)
	first.sell("sale-before-closing")
	first.close()
	stray, err := http.NewRequestWithContext(t.Context(), http.MethodPost, cfg.StripeURL+"/v1/checkout/sessions", strings.NewReader(
		"mode=payment&success_url=https://theatre.example/&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur"+
			"&client_reference_id=ord-0000000000000000000000&line_items[0][price_data][unit_amount]=1234&line_items[0][price_data][product_data][name]=Programme"))
	if err != nil {
		t.Fatal(err)
	}
	stray.Header.Set("Authorization", "Bearer "+trainingKey)
	stray.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := http.DefaultClient.Do(stray)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	var session struct{ ID string }
	if err := json.NewDecoder(got.Body).Decode(&session); err != nil || session.ID == "" {
		t.Fatalf("%v: Stripe made no session: %s", err, got.Status)
	}
	if err := sim.Pay(session.ID, stripesim.Payment{}); err != nil {
		t.Fatal(err)
	}

	second := openTill(t, cfg)
	for range 400 {
		found := call[struct{ Items []api.LateMoney }](second, http.MethodGet, "/api/late-money", "", "", http.StatusOK).Items
		if len(found) == 0 {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		if d := found[0]; len(found) != 1 || d.SessionID != session.ID || d.Amount.Minor != 1234 || d.Reason != "unknown_order" || d.OrderID != "" {
			t.Errorf("found %+v", found)
		}
		return
	}
	t.Error("the money was not found")
}

// Willcall is closed while Stripe has not answered a sale, nor the closing of
// a code. After it opens, both are carried on without anybody's asking.
func TestUnansweredIntentsAreCarriedOn(t *testing.T) {
	t.Parallel()
	sim, cfg := away(t)
	first := openTill(t, cfg)
	canceled := first.sell("sale-that-is-canceled")
	sim.SetFaults(stripesim.Fault{Kind: stripesim.FaultHTML}) // the hotel's portal, from now on
	starting := first.sell("sale-without-an-answer")
	canceled = call[api.Order](first, http.MethodPost, "/api/orders/"+canceled.ID+"/cancel", "", "", http.StatusOK)
	if starting.Tenders[0].State != "starting" || canceled.Status != "awaiting_payment" || !canceled.Tenders[0].CancelAsked || first.left() != 116 {
		t.Errorf("without answers: %s, %s, %d left", starting.Tenders[0].State, canceled.Status, first.left())
	}
	first.close()

	sim.SetFaults()
	second := openTill(t, cfg)
	second.untilOpen(starting.ID)
	second.until(canceled.ID, "canceled")
	if n := second.left(); n != 118 {
		t.Errorf("%d are left", n)
	}
}
