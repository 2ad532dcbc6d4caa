package stripesim

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// TestPayAndExpireHaveOneWinner: whichever comes first, the other is told, and
// the session ends in one state.
func TestPayAndExpireHaveOneWinner(t *testing.T) {
	b := newBox(t)
	for range 50 {
		id := b.openSession("")
		var expiredIt, paidIt bool
		var wg sync.WaitGroup
		wg.Go(func() {
			r, err := b.try("POST", "/v1/checkout/sessions/"+id+"/expire", "")
			if err != nil || r.status != 200 && r.status != 400 {
				t.Errorf("expiring: %v %s", err, r.body)
			}
			expiredIt = r.status == 200
		})
		wg.Go(func() {
			err := b.sim.Pay(id, Payment{})
			if refused := (*Refused)(nil); err != nil && (!errors.As(err, &refused) || refused.Status != expired) {
				t.Errorf("paying: %v", err)
			}
			paidIt = err == nil
		})
		wg.Wait()
		if expiredIt == paidIt {
			t.Fatalf("expired: %v, paid: %v", expiredIt, paidIt)
		}
		want := map[bool]string{true: "paid", false: "unpaid"}[paidIt]
		b.get("/v1/checkout/sessions/"+id).ok().has("payment_status", want)
		if n := len(b.get("/v1/charges?limit=100&payment_intent=" + fmt.Sprint(b.get("/v1/checkout/sessions/"+id).at("payment_intent"))).ids()); (n == 1) != paidIt {
			t.Errorf("%d charges, paid is %v", n, paidIt)
		}
	}
}

// TestFiftyBuyersAtOnce: each pays once, on pages tapped twice.
func TestFiftyBuyersAtOnce(t *testing.T) {
	b := newBox(t)
	var wg sync.WaitGroup
	var done atomic.Int64
	for range 50 {
		id := b.openSession("")
		for range 2 {
			wg.Go(func() {
				if err := b.sim.Pay(id, Payment{}); err != nil {
					t.Error(err)
				}
				done.Add(1)
			})
		}
	}
	wg.Wait()
	if n := len(b.get("/v1/charges?limit=100").ids()); n != 50 || done.Load() != 100 {
		t.Errorf("%d charges of %d taps", n, done.Load())
	}
	b.get("/v1/balance").ok().has("pending.0.amount", 50*2300)
	if n := len(b.types("&type=checkout.session.completed")); n != 50 {
		t.Errorf("%d sessions completed", n)
	}
}

// TestReadersAndWriters run side by side, and every answer is whole.
func TestReadersAndWriters(t *testing.T) {
	b := newBox(t)
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for range 10 {
				if n%2 == 0 {
					id := b.post("/v1/checkout/sessions", sale).text("id")
					if err := b.sim.Pay(id, Payment{}); err != nil {
						t.Error(err)
					}
					continue
				}
				b.get("/v1/checkout/sessions?limit=10&expand[]=data.payment_intent.latest_charge")
				b.get("/v1/events?limit=20")
				b.sim.Requests()
			}
		})
	}
	wg.Wait()
}
