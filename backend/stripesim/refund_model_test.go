package stripesim

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// TestRefundsFollowTheModel refunds at random, and lets refunds fail: the
// charge, the refunds and the balance always tell the same sum.
func TestRefundsFollowTheModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s, err := Open(Options{Now: newClock().now})
		if err != nil {
			r.Fatal(err)
		}
		m := &machine{sim: s, trusts: true}
		made := m.send(r, "POST", "/v1/payment_intents", "amount=2400&currency=eur"+never3ds)
		id := made.json["id"].(string)
		m.send(r, "POST", "/v1/payment_intents/"+id+"/confirm", "payment_method=pm_card_visa")
		given := map[string]int64{} // refunds that have not failed
		r.Repeat(map[string]func(*rapid.T){
			"refund": func(r *rapid.T) {
				amount := rapid.Int64Range(1, 2500).Draw(r, "amount")
				got := m.send(r, "POST", "/v1/refunds", fmt.Sprintf("payment_intent=%s&amount=%d", id, amount))
				if fits := amount <= 2400-sumOf(given); fits != (got.status == 200) {
					r.Fatalf("%d beside %v answered %d: %s", amount, given, got.status, got.body)
				} else if fits {
					given[got.json["id"].(string)] = amount
				}
			},
			"fail": func(r *rapid.T) {
				if len(given) == 0 {
					r.Skip("no refund yet")
				}
				for refund := range given {
					if err := s.SettleRefund(refund, false); err != nil {
						r.Fatal(err)
					}
					delete(given, refund)
					return
				}
			},
			"": func(r *rapid.T) {
				want := sumOf(given)
				for _, c := range s.accounts[s.main].charges.byID {
					if c.AmountRefunded != want || c.Refunded != (want == c.Amount) {
						r.Fatalf("the charge tells of %d, %t; want %d", c.AmountRefunded, c.Refunded, want)
					}
				}
				have, kept := int64(0), 2400-100-want // Stripe keeps its fee of 2.9 % and 0.30
				for _, part := range []string{"available", "pending"} {
					for _, sum := range m.send(r, "GET", "/v1/balance", "").json[part].([]any) {
						n, err := sum.(map[string]any)["amount"].(json.Number).Int64()
						if err != nil {
							r.Fatal(err)
						}
						have += n
					}
				}
				if have != kept {
					r.Fatalf("the balance is %d, want %d", have, kept)
				}
			},
		})
	})
}

func sumOf(given map[string]int64) (sum int64) {
	for _, amount := range given {
		sum += amount
	}
	return sum
}

// TestTwoTillsRefundOneCharge at the same time: no more than the charge goes
// back.
func TestTwoTillsRefundOneCharge(t *testing.T) {
	b := newBox(t)
	_, charge := b.sold()
	var tills sync.WaitGroup
	for range 8 {
		tills.Go(func() {
			if _, err := b.try("POST", "/v1/refunds", "charge="+charge+"&amount=1000"); err != nil {
				t.Error(err)
			}
		})
	}
	tills.Wait()
	b.get("/v1/charges/"+charge).has("amount_refunded", 2000, "refunded", false)
	if got := len(b.get("/v1/refunds").ids()); got != 2 {
		t.Errorf("%d refunds, want 2", got)
	}
}
