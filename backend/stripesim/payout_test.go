package stripesim

import (
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestAPayout: what two days have made available goes to the bank at midnight,
// step by step, and can be itemized once it is reconciled.
func TestAPayout(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	b := newBox(t, journaled(path)) // it is 18:00
	b.sold()
	_, charge := b.sold()
	b.post("/v1/refunds", "charge="+charge+"&amount=400").ok()
	b.clock.advance(2 * 24 * time.Hour)
	b.sold() // too late for the payout
	if got := b.get("/v1/payouts").ids(); len(got) != 0 {
		t.Fatalf("paid out before midnight: %v", got)
	}
	b.clock.advance(6 * time.Hour)
	id := b.get("/v1/payouts").ids()[0]
	p := "/v1/payouts/" + id
	midnight := int(b.clock.now().Unix())
	b.get(p+"?expand[]=balance_transaction").ok().has("object", "payout", "amount", 4200, "currency", "eur", "automatic", true, "status", "pending", "reconciliation_status", "in_progress",
		"created", midnight, "arrival_date", midnight+86400, "method", "standard", "type", "bank_account", "balance_transaction.amount", -4200, "balance_transaction.fee", 0, "balance_transaction.net", -4200,
		"balance_transaction.type", "payout", "balance_transaction.reporting_category", "payout", "balance_transaction.source", id)
	b.get("/v1/balance").has("available.0.amount", 0, "pending.0.amount", 2300)
	b.get("/v1/balance_transactions?payout="+id).fails(400, "payout_reconciliation_not_ready", "payout", "Reconciliation on the payout")
	b.clock.advance(6 * time.Hour)
	b.get(p).has("status", "in_transit")
	b.clock.advance(6 * time.Hour)
	b.get(p).has("status", "in_transit", "reconciliation_status", "completed")
	b.clock.advance(12 * time.Hour)
	b.get(p).has("status", "paid", "failure_code", nil)
	items := b.get("/v1/balance_transactions?limit=100&payout=" + id + "&expand[]=data.source").ok()
	var kinds []string
	for _, item := range items.at("data").([]any) {
		kinds = append(kinds, dig(t, item, "reporting_category").(string)+" of "+dig(t, item, "source.object").(string))
	}
	if diff := cmp.Diff([]string{"payout of payout", "refund of refund", "charge of charge", "charge of charge"}, kinds); diff != "" {
		t.Errorf("the payout consists of (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"payout.paid", "payout.reconciliation_completed", "payout.updated", "payout.created"}, b.types("&type=payout.*")); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	same(t, dump(b.sim), dump(reopen(t, path)))
	b.clock.advance(40 * 24 * time.Hour)
	if got := b.get("/v1/payouts").ids(); len(got) != 2 {
		t.Errorf("%d payouts after forty more days, want the second sale's", len(got))
	}
}

// TestNothingIsPaidOut of a balance that is nothing or less, until there is
// more.
func TestNothingIsPaidOut(t *testing.T) {
	b := newBox(t)
	_, charge := b.sold()
	b.post("/v1/refunds", "charge="+charge).ok() // Stripe keeps 1.00
	b.clock.advance(10 * 24 * time.Hour)
	if got := b.get("/v1/payouts").ids(); len(got) != 0 {
		t.Fatalf("paid out: %v", got)
	}
	b.sold()
	b.clock.advance(10 * 24 * time.Hour)
	b.get("/v1/payouts").ok().has("data.0.amount", 2200, "data.0.status", "paid", "has_more", false)
	b.get("/v1/balance").has("available.0.amount", 0, "pending.0.amount", 0)
}

// TestAPayoutFails, even after it was paid, and the money is in the next one.
func TestAPayoutFails(t *testing.T) {
	for _, after := range []time.Duration{0, 7 * time.Hour, 50 * time.Hour} {
		t.Run(after.String(), func(t *testing.T) {
			b := newBox(t)
			b.sold()
			b.clock.advance(54 * time.Hour)
			b.clock.advance(after)
			id := b.get("/v1/payouts").ids()[0]
			b.control("/_sim/payouts/"+id+"/fail", "", 200)
			b.get("/v1/payouts/"+id+"?expand[]=failure_balance_transaction").ok().has("status", "failed", "failure_code", "account_closed", "failure_balance_transaction.amount", 2300,
				"failure_balance_transaction.type", "payout_failure", "failure_balance_transaction.reporting_category", "payout_reversal")
			b.get("/v1/balance").has("available.0.amount", 2300)
			if got := b.types("&type=payout.failed"); len(got) != 1 {
				t.Errorf("events: %v", got)
			}
			b.control("/_sim/payouts/"+id+"/fail", "", 400)
			b.clock.advance(72 * time.Hour)
			next := b.get("/v1/payouts").ok().has("data.0.amount", 2300, "data.0.status", "paid", "data.1.status", "failed", "data.1.reconciliation_status", "completed").text("data.0.id")
			b.get("/v1/balance_transactions?payout="+next).ok().has("data.1.type", "payout_failure", "data.1.source", id)
			b.get("/v1/balance").has("available.0.amount", 0)
		})
	}
	newBox(t).control("/_sim/payouts/po_x/fail", "", 404)
}

// TestAPayoutByHand is not itemized, and the next midnight pays out what is
// left.
func TestAPayoutByHand(t *testing.T) {
	b := newBox(t)
	b.sold()
	if _, err := b.sim.PayOut(1); err == nil {
		t.Error("paid out what is not there yet")
	}
	b.clock.advance(49 * time.Hour)
	for _, amount := range []int64{-1, 0, 2301} {
		if _, err := b.sim.PayOut(amount); err == nil {
			t.Errorf("paid out %d of 2300", amount)
		}
	}
	id, err := b.sim.PayOut(800)
	if err != nil {
		t.Fatal(err)
	}
	b.get("/v1/payouts/"+id).ok().has("automatic", false, "reconciliation_status", "not_applicable", "amount", 800, "status", "pending")
	b.get("/v1/balance_transactions?payout="+id).fails(400, "", "payout", "Balance transaction history can only be filtered on automatic transfers, not manual.")
	b.get("/v1/balance_transactions?payout=po_x").fails(400, "resource_missing", "payout", "No such payout: 'po_x'")
	b.clock.advance(72 * time.Hour)
	b.get("/v1/payouts/"+id).has("status", "paid", "reconciliation_status", "not_applicable")
	b.get("/v1/payouts").has("data.0.amount", 1500, "data.1.id", id)
	b.get("/v1/balance").has("available.0.amount", 0)
}

func TestListPayouts(t *testing.T) {
	b := newBox(t)
	b.sold()
	b.clock.advance(24 * time.Hour)
	b.sold()
	b.clock.advance(31 * time.Hour)
	b.get("/v1/payouts").ok() // the clock is looked at seldom; the payout is of midnight all the same
	b.clock.advance(23 * time.Hour)
	all := b.get("/v1/payouts").ids()
	if len(all) != 2 {
		t.Fatalf("%d payouts", len(all))
	}
	first := b.get("/v1/payouts/" + all[1]).ok()
	arrival := first.at("arrival_date").(float64)
	exact := time.Unix(int64(arrival), 0).UTC()
	if exact.Hour() != 0 {
		t.Errorf("arrives at %v", exact)
	}
	for query, want := range map[string][]string{
		"status=paid":                                all[1:],
		"status=pending":                             all[:1],
		"arrival_date=" + itoa(arrival):              all[1:],
		"arrival_date[gt]=" + itoa(arrival):          all[:1],
		"arrival_date[lte]=" + itoa(arrival):         all[1:],
		"created[lt]=" + itoa(arrival):               all[1:],
		"destination=ba_1":                           {},
		"limit=1&starting_after=" + all[0]:           all[1:],
		"limit=1&ending_before=" + all[1]:            all[:1],
		"created[gte]=" + itoa(arrival) + "&limit=1": all[:1],
	} {
		if diff := cmp.Diff(want, b.get("/v1/payouts?"+query).ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	b.get("/v1/payouts/po_x").fails(404, "resource_missing", "payout", "No such payout: 'po_x'")
}

func itoa(v float64) string { return strconv.FormatInt(int64(v), 10) }

// TestPayoutsAddUp does random things for weeks, looking at the clock at
// random. Each payout is the sum of its members, no transaction is in two, and
// a restart in the middle makes no difference.
func TestPayoutsAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		path := filepath.Join(t.TempDir(), "stripe.jsonl") // another folder each time
		c := newClock()
		open := func() *Sim {
			s, err := Open(Options{Now: c.now, StatePath: path})
			if err != nil {
				r.Fatal(err)
			}
			return s
		}
		m := &machine{sim: open(), clock: c, trusts: true}
		defer func() { _ = m.sim.Close() }()
		charges := func() []string { return slices.Clone(m.sim.accounts[m.sim.main].charges.order) }
		pick := func(r *rapid.T) string {
			all := charges()
			if len(all) == 0 {
				r.Skip("no sale yet")
			}
			return rapid.SampledFrom(all).Draw(r, "charge")
		}
		r.Repeat(map[string]func(*rapid.T){
			"sell": func(r *rapid.T) {
				m.open(r)
				if err := m.sim.Pay(m.sessions[len(m.sessions)-1].id, Payment{}); err != nil {
					r.Fatal(err)
				}
			},
			"refund":  func(r *rapid.T) { _, _ = m.sim.RefundInDashboard(pick(r), 0, RefundOptions{}) },
			"dispute": func(r *rapid.T) { _, _ = m.sim.Dispute(pick(r), DisputeOptions{}) },
			"decide": func(r *rapid.T) {
				for _, d := range m.sim.accounts[m.sim.main].disputes.order {
					_ = m.sim.CloseDispute(d, rapid.Bool().Draw(r, "won"))
				}
			},
			"fail": func(r *rapid.T) {
				if all := m.sim.accounts[m.sim.main].payouts.order; len(all) > 0 {
					_ = m.sim.FailPayout(all[len(all)-1])
				}
			},
			"wait": func(r *rapid.T) {
				c.advance(time.Duration(rapid.IntRange(1, 72*60).Draw(r, "minutes")) * time.Minute)
			},
			"restart": func(r *rapid.T) {
				if err := m.sim.Close(); err != nil {
					r.Fatal(err)
				}
				m.sim = open()
			},
			"": func(r *rapid.T) { payoutsAddUp(r, m.sim) },
		})
	})
}

func payoutsAddUp(r *rapid.T, s *Sim) {
	truth, err := s.Truth()
	if err != nil {
		r.Fatal(err)
	}
	sums, at := map[string]int64{}, map[string]int64{}
	for _, b := range truth.Transactions {
		sums[b.Payout] += b.Net
		if b.Category == "payout" {
			at[b.Source] = -b.Net
		}
	}
	a := s.accounts[s.main]
	for _, id := range a.payouts.order {
		p := a.payouts.byID[id]
		if sums[id] != 0 || at[id] != p.Amount || p.Amount <= 0 || p.Created%day != 0 {
			r.Fatalf("the payout %+v consists of %d, and takes %d", p, sums[id], at[id])
		}
		delete(sums, id)
	}
	t := s.begin(a)
	v, _ := t.getBalance()
	var have int64
	for _, part := range [][]balanceAmount{v.(*balance).Available, v.(*balance).Pending} {
		for _, sum := range part {
			have += sum.Amount
		}
	}
	if left := sums[""]; left != have || len(sums) > 1 {
		r.Fatalf("%d are in no payout (%v), the balance is %d", left, sums, have)
	}
}
