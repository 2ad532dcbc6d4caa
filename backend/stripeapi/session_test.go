package stripeapi_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// sale is a client and the simulated Stripe that it asks, at noon.
func sale(t *testing.T) (*stripeapi.Client, *stripesim.Sim) {
	t.Helper()
	sim, url := testkit.Stripe(t, stripesim.Options{Now: func() time.Time { return noon }})
	return client(url), sim
}

// open makes the session of request, under the key.
func open(t *testing.T, c *stripeapi.Client, key string) stripeapi.Session {
	t.Helper()
	s, err := c.CreateSession(t.Context(), key, request())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fetch gets the session again.
func fetch(t *testing.T, c *stripeapi.Client, id string) stripeapi.Session {
	t.Helper()
	s, err := c.Session(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTheLifeOfASession is what a till sees of each way that a session can go.
func TestTheLifeOfASession(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(t *testing.T, c *stripeapi.Client, sim *stripesim.Sim, id string)
		want stripeapi.Session // the parts that change
	}{
		{"nobody has come", func(*testing.T, *stripeapi.Client, *stripesim.Sim, string) {}, stripeapi.Session{Status: "open", URL: "there"}},
		{"paid by card", pay(stripesim.Payment{Card: "5555555555554444"}), stripeapi.Session{
			Status: "complete", Paid: true,
			Payment: stripeapi.Payment{IntentID: "pi", Status: "succeeded", ChargeID: "ch", PaidAt: noon, Card: boxoffice.Card{Brand: "mastercard", Last4: "4444"}},
		}},
		{"declined, and still open", pay(stripesim.Payment{Card: "4000000000009995"}), stripeapi.Session{
			Status: "open", URL: "there",
			Payment: stripeapi.Payment{
				IntentID: "pi", Status: "requires_payment_method", ChargeID: "ch", PaidAt: noon,
				Card: boxoffice.Card{Brand: "visa", Last4: "9995"}, Problem: "Your card has insufficient funds.",
			},
		}},
		{"the bank asks for 3-D Secure", pay(stripesim.Payment{Card: "4000002500003155", Challenge: stripesim.Leave}), stripeapi.Session{
			Status: "open", URL: "there", Payment: stripeapi.Payment{IntentID: "pi", Status: "requires_action"},
		}},
		{"a debit that the bank decides later", pay(stripesim.Payment{Delayed: true}), stripeapi.Session{
			Status: "complete", Payment: stripeapi.Payment{IntentID: "pi", Status: "processing", ChargeID: "py", PaidAt: noon},
		}},
		{"a debit that went through", settled(true), stripeapi.Session{
			Status: "complete", Paid: true, Payment: stripeapi.Payment{IntentID: "pi", Status: "succeeded", ChargeID: "py", PaidAt: noon},
		}},
		{"a debit that came back", settled(false), stripeapi.Session{
			Status: "complete", Payment: stripeapi.Payment{
				IntentID: "pi", Status: "requires_payment_method", ChargeID: "py", PaidAt: noon,
				Problem: "The customer's bank account could not be debited.",
			},
		}},
		{"closed by the till", func(t *testing.T, c *stripeapi.Client, _ *stripesim.Sim, id string) {
			t.Helper()
			s, err := c.ExpireSession(t.Context(), "tdr-1-expire", id)
			if err != nil || s.ID != id || s.Status != stripeapi.SessionExpired {
				t.Errorf("ExpireSession: %+v, %v", s, err)
			}
		}, stripeapi.Session{Status: "expired"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cl, sim := sale(t)
			made := open(t, cl, "tdr-1-create")
			c.do(t, cl, sim, made.ID)
			c.want.ID, c.want.Mode, c.want.Reference, c.want.Metadata = made.ID, "payment", request().Reference, request().Metadata
			if c.want.Status == stripeapi.SessionComplete {
				c.want.BuyerEmail = "buyer@example.com" // whom the simulator takes everybody for
				if c.want.Payment.Card == (boxoffice.Card{}) {
					c.want.BuyerName = "Jenny Rosen" // a debit has a name
				}
			}
			c.want.Amount, c.want.Created, c.want.ExpiresAt = money.New(5700, "eur"), noon, request().ExpiresAt
			got := fetch(t, cl, made.ID)
			if c.want.URL != "" {
				c.want.URL = made.URL
			}
			if diff := cmp.Diff(c.want, got, idsByPrefix()); diff != "" {
				t.Errorf("fetched (-want +got):\n%s", diff)
			}
			page, err := cl.Sessions(t.Context(), noon, noon, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(stripeapi.SessionPage{Sessions: []stripeapi.Session{c.want}}, page, idsByPrefix()); diff != "" {
				t.Errorf("listed (-want +got):\n%s", diff)
			}
		})
	}
}

// idsByPrefix compares the ids of a payment by their first letters.
func idsByPrefix() cmp.Option {
	prefix := func(id string) string { return id[:min(2, len(id))] }
	return cmp.Options{
		cmpopts.AcyclicTransformer("ids", func(p stripeapi.Payment) stripeapi.Payment {
			p.IntentID, p.ChargeID = prefix(p.IntentID), prefix(p.ChargeID)
			return p
		}),
		cmpopts.EquateEmpty(), byAnyRequest(),
	}
}

// byAnyRequest compares what was told, whichever request told it.
func byAnyRequest() cmp.Option { return cmpopts.IgnoreFields(stripeapi.Session{}, "RequestID") }

// Each session says which request told of it, alone or in a page, so that the
// log can lead from an entry to it.
func TestWhatIsToldSaysByWhichRequest(t *testing.T) {
	_, url := testkit.Stripe(t, stripesim.Options{Now: func() time.Time { return noon }})
	var calls []stripeapi.Call
	c := client(url, func(o *stripeapi.Options) { o.Observe = func(c stripeapi.Call) { calls = append(calls, c) } })
	s := open(t, c, "tdr-1-create")
	again := fetch(t, c, s.ID)
	page := made[stripeapi.SessionPage](t)(c.Sessions(t.Context(), noon, noon, ""))
	var told []string
	for _, s := range append([]stripeapi.Session{s, again}, page.Sessions...) {
		told = append(told, s.RequestID)
	}
	var asked []string
	for _, c := range calls {
		asked = append(asked, c.RequestID)
	}
	if diff := cmp.Diff(asked, told); diff != "" || len(told) != 3 || told[0] == "" || told[0] == told[1] {
		t.Errorf("%d sessions were told by (-asked +told):\n%s", len(told), diff)
	}
}

func pay(p stripesim.Payment) func(*testing.T, *stripeapi.Client, *stripesim.Sim, string) {
	return func(_ *testing.T, _ *stripeapi.Client, sim *stripesim.Sim, id string) {
		_ = sim.Pay(id, p) // whether it went well is seen by the client
	}
}

func settled(ok bool) func(*testing.T, *stripeapi.Client, *stripesim.Sim, string) {
	return func(t *testing.T, _ *stripeapi.Client, sim *stripesim.Sim, id string) {
		t.Helper()
		if err := sim.Pay(id, stripesim.Payment{Delayed: true}); err != nil {
			t.Fatal(err)
		}
		if err := sim.Settle(id, ok); err != nil {
			t.Fatal(err)
		}
	}
}

// TestShapesThatTheSimulatorHasNot are read from Stripe's words alone.
func TestShapesThatTheSimulatorHasNot(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       stripeapi.Session
	}{
		{"a free order", `"status": "complete", "payment_status": "no_payment_required", "amount_total": 0`, stripeapi.Session{Status: "complete", Paid: true, Amount: money.New(0, "eur")}},
		{"a payment that was not expanded", `"status": "complete", "payment_status": "unpaid", "payment_intent": "pi_1"`, stripeapi.Session{
			Status: "complete", Amount: money.New(0, "eur"), Payment: stripeapi.Payment{IntentID: "pi_1"},
		}},
		{"a charge that was not expanded", `"status": "complete", "payment_status": "paid", "payment_intent": {"id": "pi_1", "object": "payment_intent", "status": "succeeded", "latest_charge": "ch_1"}`, stripeapi.Session{
			Status: "complete", Paid: true, Amount: money.New(0, "eur"), Payment: stripeapi.Payment{IntentID: "pi_1", Status: "succeeded", ChargeID: "ch_1"},
		}},
		{"a buyer with a name", `"status": "open", "payment_status": "unpaid", "customer_details": {"email": "ana@example.org", "name": "Ana Kovač"}`, stripeapi.Session{
			Status: "open", Amount: money.New(0, "eur"), BuyerName: "Ana Kovač", BuyerEmail: "ana@example.org",
		}},
		{"real money", `"livemode": true, "status": "open", "payment_status": "unpaid", "payment_intent": null`, stripeapi.Session{Status: "open", Livemode: true, Amount: money.New(0, "eur")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, _ := answering(t, says(200, `{"object": "checkout.session", "id": "cs_test_1", "currency": "eur", `+c.body+`}`))
			c.want.ID = "cs_test_1"
			if diff := cmp.Diff(c.want, fetch(t, client(url), "cs_test_1")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestTheSameKeyIsTheSameSession: what the till relies on when an answer is lost.
func TestTheSameKeyIsTheSameSession(t *testing.T) {
	c, _ := sale(t)
	first, again, other := open(t, c, "tdr-1-create"), open(t, c, "tdr-1-create"), open(t, c, "tdr-2-create")
	if first.ID != again.ID || first.URL != again.URL || first.ID == other.ID {
		t.Errorf("sessions %s, %s, and with another key %s", first.ID, again.ID, other.ID)
	}
	changed := request()
	changed.LineItems[0].Quantity = 3
	_, err := c.CreateSession(t.Context(), "tdr-1-create", changed)
	if failure := failed(t, err); failure.Failure != stripeapi.KeyReused {
		t.Errorf("the key with another order is %v", failure)
	}
}

// TestExpireIsRefusedOncePaid: the buyer was faster.
func TestExpireIsRefusedOncePaid(t *testing.T) {
	c, sim := sale(t)
	s := open(t, c, "tdr-1-create")
	if err := sim.Pay(s.ID, stripesim.Payment{}); err != nil {
		t.Fatal(err)
	}
	_, err := c.ExpireSession(t.Context(), "tdr-1-expire", s.ID)
	if failure := failed(t, err); failure.Failure != stripeapi.Refused {
		t.Errorf("it is %v", failure)
	}
	if !fetch(t, c, s.ID).Paid {
		t.Error("and the session is not paid")
	}
}

// TestPagesFollowEachOther: more sessions and events than fit on a page.
func TestPagesFollowEachOther(t *testing.T) {
	c, sim := sale(t)
	const sales = 103
	want := map[string]bool{}
	for i := range sales {
		s := open(t, c, fmt.Sprintf("tdr-%d-create", i))
		if err := sim.Pay(s.ID, stripesim.Payment{}); err != nil {
			t.Fatal(err)
		}
		want[s.ID] = true
	}
	listed, told, paid := map[string]bool{}, map[string]bool{}, map[string]bool{}
	pages := 0
	for after, more := "", true; more; pages++ {
		p, err := c.Sessions(t.Context(), noon.Add(-time.Minute), noon, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Sessions {
			listed[s.ID], after = true, s.ID
		}
		more = p.More
	}
	for after, more := "", true; more; pages++ {
		p, err := c.Events(t.Context(), stripeapi.SessionEvents(), noon.Add(-time.Minute), noon, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Events {
			switch after = e.ID; {
			case e.Type == "checkout.session.completed" && e.Created.Equal(noon):
				told[e.ObjectID] = true
			case e.Type == "payment_intent.succeeded" && e.Created.Equal(noon):
				paid[e.ObjectID] = true
			default:
				t.Errorf("an event is %+v", e)
			}
		}
		more = p.More
	}
	if pages != 5 || !cmp.Equal(listed, want) || !cmp.Equal(told, want) || len(paid) != sales {
		t.Errorf("%d pages had %d sessions, and events of %d and of %d payments, want 5 pages with %d of each", pages, len(listed), len(told), len(paid), sales)
	}
	if p, err := c.Sessions(t.Context(), noon.Add(time.Second), noon.Add(time.Hour), ""); err != nil || len(p.Sessions) > 0 || p.More {
		t.Errorf("a later window has %+v, %v", p, err)
	}
}

// TestListsThatAreNone: taking any of these for the end of a list would lose
// the money that stands on the next page.
func TestListsThatAreNone(t *testing.T) {
	for name, body := range map[string]string{
		"no list":                             `{"object": "checkout.session", "id": "cs_test_1", "data": []}`,
		"no word that it is a list":           `{"data": [], "has_more": false}`,
		"no elements":                         `{"object": "list", "has_more": false}`,
		"nothing for a list":                  `{"object": "list", "data": null, "has_more": false}`,
		"no word whether there is more":       `{"object": "list", "data": []}`,
		"nothing for whether there is more":   `{"object": "list", "data": [], "has_more": null}`,
		"nothing on the page, and more to be": `{"object": "list", "data": [], "has_more": true}`,
		"an element without an id":            `{"object": "list", "data": [{"object": "checkout.session", "type": "checkout.session.completed"}]}`,
		"an element that is null":             `{"object": "list", "data": [null]}`,
		"data that is no array":               `{"object": "list", "data": {"id": "cs_test_1"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := answering(t, says(200, body))
			sessions, err := client(url).Sessions(t.Context(), noon, noon, "")
			if failure := failed(t, err); failure.Failure != stripeapi.NotStripe || len(sessions.Sessions) > 0 {
				t.Errorf("Sessions took it: %+v, %v", sessions, failure)
			}
			events, err := client(url).Events(t.Context(), stripeapi.SessionEvents(), noon, noon, "")
			if failure := failed(t, err); failure.Failure != stripeapi.NotStripe || len(events.Events) > 0 {
				t.Errorf("Events took it: %+v, %v", events, failure)
			}
		})
	}
}

// TestEventsOfAnOldAccount: an account of 2016 writes events in the shapes of
// 2016, and they are worth as much money. What a payload names is read where it
// is a text.
func TestEventsOfAnOldAccount(t *testing.T) {
	url, _ := answering(t, says(http.StatusOK, `{"object": "list", "has_more": true, "data": [
		{"id": "evt_5", "object": "event", "created": 1772712000, "type": "charge.dispute.created",
		 "data": {"object": {"id": "dp_1", "object": "dispute", "charge": "ch_1", "payment_intent": {"id": "pi_1"}, "evidence": [[{}]]}}},
		{"id": "evt_4", "object": "event", "created": 1772712000, "type": "charge.refunded",
		 "data": {"object": {"id": "ch_1", "object": "charge", "charge": 7, "payment_intent": "pi_1", "refunds": {"data": [{"id": "re_1"}]}}}},
		{"id": "evt_3", "object": "event", "created": 1772712000, "type": "payment_intent.succeeded",
		 "data": {"object": {"latest_charge": "ch_3", "id": "pi_3", "object": "payment_intent", "charges": {"data": [{"id": "ch_9"}]}}}},
		{"id": "evt_2", "object": "event", "api_version": "2016-07-06", "created": 1772712000, "type": "checkout.session.completed",
		 "request": "req_2", "data": {"object": {"id": "cs_test_2", "object": "checkout.session", "payment_intent": {"charges": []}}}},
		{"id": "evt_1", "object": "event", "api_version": null, "created": 1772711999, "type": "checkout.session.expired",
		 "request": null, "data": {"previous_attributes": [], "object": {"id": "cs_test_1", "metadata": [], "amount_total": "many"}}},
		{"id": "evt_0", "object": "event", "created": 1772711999, "type": "payout.paid", "data": {"object": []}}]}`))
	got, err := client(url).Events(t.Context(), stripeapi.SessionEvents(), noon, noon, "")
	before := noon.Add(-time.Second)
	want := stripeapi.EventPage{More: true, Events: []stripeapi.Event{
		{ID: "evt_5", Type: "charge.dispute.created", Created: noon, ObjectID: "dp_1", Object: "dispute", ChargeID: "ch_1"},
		{ID: "evt_4", Type: "charge.refunded", Created: noon, ObjectID: "ch_1", Object: "charge", ChargeID: "ch_1", IntentID: "pi_1"},
		{ID: "evt_3", Type: "payment_intent.succeeded", Created: noon, ObjectID: "pi_3", Object: "payment_intent", ChargeID: "ch_3", IntentID: "pi_3"},
		{ID: "evt_2", Type: "checkout.session.completed", Created: noon, ObjectID: "cs_test_2", Object: "checkout.session"},
		{ID: "evt_1", Type: "checkout.session.expired", Created: before, ObjectID: "cs_test_1"},
		{ID: "evt_0", Type: "payout.paid", Created: before},
	}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// TestTheBuyersOwnCurrency: what the till asked for is the amount, and not what
// the buyer saw. The shape is that of Stripe's document.
func TestTheBuyersOwnCurrency(t *testing.T) {
	url, _ := answering(t, says(http.StatusOK, `{"object": "checkout.session", "id": "cs_test_1", "status": "complete", "payment_status": "paid",
		"amount_subtotal": 5614, "amount_total": 5614, "currency": "usd",
		"currency_conversion": {"amount_subtotal": 5200, "amount_total": 5200, "fx_rate": "1.0796", "source_currency": "eur"}}`))
	s := fetch(t, client(url), "cs_test_1")
	if s.Amount != money.New(5200, "eur") || s.Presented != money.New(5614, "usd") {
		t.Errorf("asked for %v, paid %v", s.Amount, s.Presented)
	}
	url, _ = answering(t, says(http.StatusOK, `{"object": "checkout.session", "id": "cs_test_1", "amount_total": 5200, "currency": "eur", "currency_conversion": null}`))
	if s := fetch(t, client(url), "cs_test_1"); s.Amount != money.New(5200, "eur") || s.Presented != (money.Amount{}) {
		t.Errorf("without a conversion: %v, %v", s.Amount, s.Presented)
	}
}
