package stripesim

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"willcall/backend/money"
)

// TestBalance: what is sold waits two days, then it is there until midnight,
// when it goes to the bank. A currency that cannot be converted has a sum of
// its own.
func TestBalance(t *testing.T) {
	b := newBox(t)
	b.get("/v1/balance").ok().has("available.0.amount", 0, "available.0.currency", "eur", "pending.0.amount", 0, "livemode", false)
	b.buy(b.openSession(""), Payment{})
	b.clock.advance(24 * time.Hour)
	b.buy(b.openIn("vnd", 50_000), Payment{})
	b.get("/v1/balance").ok().has("available.0.amount", 0, "pending.0.currency", "eur", "pending.0.amount", 2300, "pending.1.currency", "vnd", "pending.1.amount", 50_000-1450-30)
	b.clock.advance(24 * time.Hour)
	b.get("/v1/balance").ok().has("available.0.amount", 2300, "pending.0.amount", 0)
	b.clock.advance(24 * time.Hour)
	b.get("/v1/balance").ok().has("available.0.amount", 0, "available.1.amount", 48_520, "pending.0.amount", 0)
	b.get("/v1/balance_transactions?currency=vnd").ok().has("data.0.status", "available", "data.0.fee", 1480, "data.0.fee_details.0.amount", 1480, "has_more", false)
	b.clock.advance(24 * time.Hour)
	b.get("/v1/balance").ok().has("available.0.amount", 0, "available.1.amount", 0)
}

// openIn opens a session of one seat in a currency.
func (b *box) openIn(currency string, price int) string {
	b.t.Helper()
	return b.post("/v1/checkout/sessions", fmt.Sprintf("mode=payment&success_url=https://x.example&line_items[0][quantity]=1&line_items[0][price_data][currency]=%s&line_items[0][price_data][unit_amount]=%d&line_items[0][price_data][product_data][name]=S", currency, price)).ok().text("id")
}

// TestConvertedPayments: what is paid in another currency is on the balance in
// the account's own, at a rate that turns the one into the other.
func TestConvertedPayments(t *testing.T) {
	for _, c := range []struct {
		currency      string
		price, amount int
		rate          float64
	}{
		{"usd", 2400, 2208, 0.92}, {"jpy", 5000, 3125, 0.625}, {"isk", 100_000, 670, 0.0067}, {"ugx", 4_000_000, 1000, 0.00025}, {"kwd", 12_340, 3702, 0.3}, {"gbp", 999, 1149, 1.15},
	} {
		t.Run(c.currency, func(t *testing.T) {
			b := newBox(t)
			b.buy(b.openIn(c.currency, c.price), Payment{})
			fee := (c.amount*29+500)/1000 + 30
			sold := b.get("/v1/charges?expand[]=data.balance_transaction").ok().has("data.0.amount", c.price, "data.0.currency", c.currency, "data.0.balance_transaction.amount", c.amount,
				"data.0.balance_transaction.currency", "eur", "data.0.balance_transaction.exchange_rate", c.rate, "data.0.balance_transaction.fee", fee, "data.0.balance_transaction.fee_details.0.currency", "eur")
			b.post("/v1/refunds", "charge="+sold.text("data.0.id")).ok()
			b.get("/v1/balance_transactions?type=refund").ok().has("data.0.amount", -c.amount, "data.0.exchange_rate", c.rate)
			b.get("/v1/balance").ok().has("pending.0.amount", c.amount-fee, "available.0.amount", -c.amount)
		})
	}
	b := newBox(t)
	b.buy(b.openSession(""), Payment{})
	b.get("/v1/balance_transactions").ok().has("data.0.exchange_rate", nil, "data.0.currency", "eur")
}

// TestRatesRoundHalvesAwayFromZero, and there and back is the same amount
// where the steps are of like size.
func TestRatesRoundHalvesAwayFromZero(t *testing.T) {
	half := rate{1, 2}
	for amount, want := range map[int64]int64{0: 0, 1: 1, 2: 1, 3: 2, -1: -1, -3: -2, -4: -2} {
		if got := half.of(amount); got != want {
			t.Errorf("half of %d is %d, want %d", amount, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		amount := rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(r, "amount")
		there, _ := rateOf("eur", "usd")
		back, _ := rateOf("usd", "eur")
		if got := back.of(there.of(amount)); got < amount-1 || got > amount+1 {
			r.Fatalf("%d euro cents came back as %d", amount, got)
		}
	})
	if _, ok := rateOf("eur", "eur"); ok {
		t.Error("a currency converts to itself")
	}
	if _, ok := rateOf("vnd", "eur"); ok {
		t.Error("an unknown worth converts")
	}
}

// TestFees are rounded to the nearest minor unit.
func TestFees(t *testing.T) {
	b := newBox(t)
	tx := b.sim.begin(b.sim.accounts[b.sim.main])
	for amount, fee := range map[int64]int64{50: 31, 100: 33, 1000: 59, 1017: 59, 1018: 60, 2400: 100, 99_999_999: 2_900_030} {
		if got := tx.newTransaction(&charge{ID: "ch_x", Amount: amount, Currency: "eur"}); got.Fee != fee || got.Net != amount-fee {
			t.Errorf("the fee of %d is %d, net %d; want %d", amount, got.Fee, got.Net, fee)
		}
	}
}

func TestListTransactionsAndCharges(t *testing.T) {
	b := newBox(t)
	b.buy(b.openSession(""), Payment{})
	b.clock.advance(time.Minute)
	late := b.openSession("")
	b.buy(late, Payment{})
	intent := b.get("/v1/checkout/sessions/" + late).ok().text("payment_intent")
	charges := b.get("/v1/charges").ids()
	txns := b.get("/v1/balance_transactions").ids()
	intents := b.get("/v1/payment_intents").ids()
	if len(charges) != 2 || len(txns) != 2 || len(intents) != 2 {
		t.Fatalf("%d charges, %d transactions, %d intents", len(charges), len(txns), len(intents))
	}
	early := itoa(b.get("/v1/charges/" + charges[1]).at("created").(float64))
	for path, want := range map[string][]string{
		"/v1/charges?created[lte]=" + early + "&starting_after=" + charges[0]: charges[1:], // an id beyond the window is one to begin at
		"/v1/charges?created[lte]=" + early + "&ending_before=" + charges[0]:  {},
		"/v1/charges?created=" + early:                                        charges[1:],
		"/v1/charges?payment_intent=" + intent:                                charges[:1],
		"/v1/charges?customer=cus_1":                                          {},
		"/v1/charges?transfer_group=g":                                        {},
		"/v1/charges?limit=1&starting_after=" + charges[0]:                    charges[1:],
		"/v1/balance_transactions?source=" + charges[0]:                       txns[:1],
		"/v1/balance_transactions?type=charge":                                txns,
		"/v1/balance_transactions?type=refund":                                {},
		"/v1/balance_transactions?currency=usd":                               {},
		"/v1/payment_intents?customer=cus_1":                                  {},
		"/v1/payment_intents?created[gt]=1&limit=1":                           intents[:1],
	} {
		if diff := cmp.Diff(want, b.get(path).ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	b.get("/v1/payment_intents/"+intent).ok().has("id", intent, "status", "succeeded")
	b.get("/v1/charges/"+charges[0]).ok().has("payment_intent", intent, "refunded", false, "disputed", false, "receipt_url", "http://127.0.0.1:4381/c/receipts/"+charges[0])
	b.get("/v1/balance_transactions/"+txns[0]).ok().has("source", charges[0], "status", "pending")
}

func TestAccount(t *testing.T) {
	b := newBox(t)
	b.get("/v1/account").ok().has("object", "account", "charges_enabled", true, "default_currency", "eur", "settings.dashboard.display_name", "Willcall Training",
		"settings.payments.statement_descriptor", "WILLCALL")
	for _, c := range []struct{ name, whole, suffix, want string }{
		{"Willcall Training", "", "", "WILLCALL"},
		{"Opera", "", "K7QF3M", "OPERA* K7QF3M"},
		{"Opera", "GALA NIGHT", "K7QF3M", "GALA NIGHT"},
		{"Staatsschauspielhaus", "", "K7QF3M", "STAATSSCHA* K7QF3M"},
		{"Opera", "", "A SUFFIX THAT IS TOO LONG", "OPERA* A SUFFIX THAT I"},
		{"", "", "", ""},
	} {
		part := func(s string) *string {
			if s == "" {
				return nil
			}
			return &s
		}
		if got := (profile{Name: c.name}).statement(part(c.whole), part(c.suffix)); got != c.want {
			t.Errorf("%s, %q, %q: the buyer's bank shows %q, want %q", c.name, c.whole, c.suffix, got, c.want)
		}
	}
}
