package desk

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/feed"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/reconcile"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

// till is a desk with all that is behind it in the program: the real book, the
// real reconciler, and the real client of a simulated Stripe.
type till struct {
	*testing.T
	book *ledger.Book
	bell *feed.Bell
	sim  *stripesim.Sim
	desk *Desk
}

func newTill(t *testing.T) *till {
	t.Helper()
	till := &till{T: t, bell: &feed.Bell{}}
	till.book = testkit.Book(t, ledger.Options{Now: time.Now, Committed: till.bell.Ring})
	sim, url := testkit.Stripe(t, stripesim.Options{})
	till.sim = sim
	ids := testkit.IDs(1)
	client := stripeapi.New(stripeapi.Options{BaseURL: url, Key: "sk_test_training", PerSecond: 1000})
	r := reconcile.New(reconcile.Options{Book: till.book, Stripe: client, IDs: ids, Log: slog.New(slog.DiscardHandler)})
	till.desk = New(Options{Book: till.book, Stripe: r, IDs: ids, Now: time.Now, ReturnURL: url + "/c/done"})
	t.Cleanup(func() {
		r.Close()
		testkit.MustVerify(t, till.book)
	})
	return till
}

// until waits for the order to become what is wanted.
func (t *till) until(id string, wanted func(boxoffice.Order) bool) (o boxoffice.Order) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err := t.bell.Wait(ctx, func() (bool, error) {
		var err error
		o, err = t.desk.Order(id)
		return wanted(o), err
	})
	if err != nil {
		t.Fatalf("%v: the order stayed %+v", err, o)
	}
	return o
}

func (t *till) available() int { return testkit.Quota(t, t.book, "quota-house").Available() }

// sessions is how often a code was asked for.
func (t *till) sessions() int { return t.sim.Requests().Paths["POST /v1/checkout/sessions"] }

func isOpen(o boxoffice.Order) bool { return o.Tenders[0].State == boxoffice.TenderOpen }

// A sale that is paid, and whose buyer says so before Willcall has noticed.
func TestSellAndCheckForReal(t *testing.T) {
	t.Parallel()
	till := newTill(t)
	o, err := till.desk.Sell(t.Context(), adults(key, 2))
	if err != nil || !isOpen(o) {
		t.Fatalf("%v, %+v", err, o)
	}
	if err := till.sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{}); err != nil {
		t.Fatal(err)
	}
	paid, err := till.desk.Check(t.Context(), o.Code)
	if err != nil || paid.Status() != boxoffice.Paid || len(paid.Tickets) != 2 || till.available() != testkit.Seats-2 {
		t.Errorf("%v: %s with %d tickets, %d seats left", err, paid.Status(), len(paid.Tickets), till.available())
	}
}

// Stripe makes the code and the answer is lost: the order waits with its seats
// held, and by itself becomes one that can be paid. One code was made.
func TestSellWhenTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]string{
		"the connection breaks":          stripesim.FaultDropAfter,
		"the answer is cut off":          stripesim.FaultCut,
		"a captive portal is in between": stripesim.FaultHTML,
		"an empty answer":                stripesim.FaultEmpty,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			till := newTill(t)
			times := 1
			if kind == stripesim.FaultDropAfter {
				times = 2 // Go's transport sends a request with an idempotency key again by itself, once
			}
			till.sim.SetFaults(stripesim.Fault{Method: http.MethodPost, Times: times, Kind: kind})
			o, err := till.desk.Sell(t.Context(), adults(key, 3))
			if err != nil || o.Status() != boxoffice.AwaitingPayment || o.Tenders[0].State != boxoffice.TenderStarting {
				t.Fatalf("%v: %s, %+v", err, o.Status(), o.Tenders)
			}
			if _, err := till.desk.Cancel(t.Context(), o.ID); boxoffice.ErrorCode(err) != boxoffice.CodeNotCancelable {
				t.Errorf("canceled while it is not known what there is to cancel: %v", err)
			}
			if n := till.available(); n != testkit.Seats-3 {
				t.Errorf("%d seats are left, and somebody may be paying", n)
			}
			open := till.until(o.ID, isOpen)
			if err := till.sim.Pay(open.Tenders[0].SessionID, stripesim.Payment{}); err != nil {
				t.Errorf("the code cannot be paid: %v", err)
			}
			if n := till.available(); n != testkit.Seats-3 {
				t.Errorf("%d seats are left", n)
			}
		})
	}
}

// Stripe says no: the cashier hears why, and the seats are free.
func TestSellWhenStripeSaysNo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault stripesim.Fault
		code  boxoffice.Code
		says  string
	}{
		"the content":    {stripesim.Fault{Kind: stripesim.FaultStatus, Status: http.StatusPaymentRequired}, boxoffice.CodeStripeRefused, "Stripe refused: Your card was declined."},
		"the key":        {stripesim.Fault{Kind: stripesim.FaultStatus, Status: http.StatusUnauthorized}, boxoffice.CodeStripeKey, "does not accept this till's key"},
		"the permission": {stripesim.Fault{Kind: stripesim.FaultStatus, Status: http.StatusForbidden}, boxoffice.CodeStripePermission, "does not have the required permissions"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			till := newTill(t)
			c.fault.Method, c.fault.Times = http.MethodPost, 1
			till.sim.SetFaults(c.fault)
			o, err := till.desk.Sell(t.Context(), adults(key, 3))
			e, ok := errors.AsType[*boxoffice.Error](err)
			if !ok || e.Code != c.code || !strings.Contains(e.Message, c.says) || !strings.Contains(e.Message, "nobody was charged, and the seats are free") || e.Next == "" {
				t.Errorf("the cashier hears %+v", err)
			}
			if o.Status() != boxoffice.Failed || till.available() != testkit.Seats {
				t.Errorf("%s, %d seats left", o.Status(), till.available())
			}
			if strings.Contains(err.Error(), "sk_test_training") {
				t.Errorf("the key is told: %v", err)
			}
		})
	}
}

// The buyer and the cashier at the same moment: whoever Stripe heard first.
func TestCancelForReal(t *testing.T) {
	t.Parallel()
	t.Run("the cashier", func(t *testing.T) {
		t.Parallel()
		till := newTill(t)
		o, err := till.desk.Sell(t.Context(), adults(key, 2))
		if err != nil {
			t.Fatal(err)
		}
		o, err = till.desk.Cancel(t.Context(), o.ID)
		if err != nil || o.Status() != boxoffice.Canceled || till.available() != testkit.Seats {
			t.Errorf("%v: %s, %d seats left", err, o.Status(), till.available())
		}
		if err := till.sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{}); err == nil {
			t.Error("a canceled code can be paid")
		}
	})
	t.Run("the buyer", func(t *testing.T) {
		t.Parallel()
		till := newTill(t)
		o, err := till.desk.Sell(t.Context(), adults(key, 2))
		if err != nil {
			t.Fatal(err)
		}
		if err := till.sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{}); err != nil {
			t.Fatal(err)
		}
		o, err = till.desk.Cancel(t.Context(), o.ID)
		if err != nil || o.Status() != boxoffice.Paid || len(o.Tickets) != 2 || till.available() != testkit.Seats-2 {
			t.Errorf("%v: %s with %d tickets, %d seats left", err, o.Status(), len(o.Tickets), till.available())
		}
	})
	t.Run("the answer is lost", func(t *testing.T) {
		t.Parallel()
		till := newTill(t)
		o, err := till.desk.Sell(t.Context(), adults(key, 2))
		if err != nil {
			t.Fatal(err)
		}
		// The code is closed, the answer is cut off, and so is the look that follows.
		till.sim.SetFaults(stripesim.Fault{Method: http.MethodPost, Times: 1, Kind: stripesim.FaultCut}, stripesim.Fault{Method: http.MethodGet, Times: 1, Kind: stripesim.FaultCut})
		o, err = till.desk.Cancel(t.Context(), o.ID)
		if err != nil || o.Status() != boxoffice.AwaitingPayment || !o.Tenders[0].CancelAsked || till.available() != testkit.Seats-2 {
			t.Errorf("%v: %s, %d seats left", err, o.Status(), till.available())
		}
		till.until(o.ID, func(o boxoffice.Order) bool { return o.Status() == boxoffice.Canceled })
		if n := till.available(); n != testkit.Seats {
			t.Errorf("%d seats are left", n)
		}
	})
}

// Fifty sales for ten seats once more, with codes that Stripe made; all that
// were made are paid, and there are ten tickets.
func TestFiftySalesForTenSeatsForReal(t *testing.T) {
	t.Parallel()
	till := newTill(t)
	var mu sync.Mutex
	var orders []boxoffice.Order
	atOnce(func(n int) {
		o, err := till.desk.Sell(t.Context(), adults(tillKey(n), 1))
		mu.Lock()
		defer mu.Unlock()
		switch e, _ := errors.AsType[*boxoffice.Error](err); {
		case err == nil:
			orders = append(orders, o)
		case e == nil || e.Code != boxoffice.CodeSoldOut || e.Params["available"] != "0":
			t.Errorf("till %d: %v", n, err)
		}
	})
	if len(orders) != testkit.Seats || till.sessions() != testkit.Seats || till.available() != 0 {
		t.Fatalf("%d sales, %d codes, %d seats left", len(orders), till.sessions(), till.available())
	}
	for _, o := range orders {
		if err := till.sim.Pay(o.Tenders[0].SessionID, stripesim.Payment{}); err != nil {
			t.Fatal(err)
		}
		paid, err := till.desk.Check(t.Context(), o.ID)
		if err != nil || len(paid.Tickets) != 1 {
			t.Errorf("order %s: %v, %s", o.Code, err, paid.Status())
		}
	}
	if q := testkit.Quota(t, till.book, "quota-house"); q.Sold != testkit.Seats || q.Held != 0 {
		t.Errorf("%d sold, %d held", q.Sold, q.Held)
	}
}

// Twenty taps at once with one key, and Stripe is asked once.
func TestDoubleTapForReal(t *testing.T) {
	t.Parallel()
	till := newTill(t)
	ids := map[string]bool{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			o, err := till.desk.Sell(t.Context(), adults(key, 2))
			if err != nil || !isOpen(o) {
				t.Errorf("%v, %+v", err, o.Tenders)
			}
			mu.Lock()
			defer mu.Unlock()
			ids[o.ID] = true
		})
	}
	all.Wait()
	if len(ids) != 1 || till.sessions() != 1 || till.available() != testkit.Seats-2 {
		t.Errorf("%d orders, %d codes, %d seats left", len(ids), till.sessions(), till.available())
	}
}
