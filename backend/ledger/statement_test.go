package ledger_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// minute is so many minutes after noon.
func minute(n int) time.Time { return testkit.NewClock().Now().Add(time.Duration(n) * time.Minute) }

func charge(n int) boxoffice.Charge {
	return boxoffice.Charge{ID: fmt.Sprint("ch_", n), PaymentIntentID: fmt.Sprint("pi_", n), Amount: money.New(2400, "eur"), CreatedAt: minute(n), TransactionID: fmt.Sprint("txn_", n)}
}

func transaction(n int, payout string) boxoffice.BalanceTransaction {
	return boxoffice.BalanceTransaction{
		ID: fmt.Sprint("txn_", n), Type: "charge", Amount: money.New(2400, "eur"), Fee: 61, Net: 2339, SourceID: fmt.Sprint("ch_", n), CreatedAt: minute(n), PayoutID: payout,
	}
}

func payout(n int, matched bool) boxoffice.Payout {
	return boxoffice.Payout{ID: fmt.Sprint("po_", n), Amount: money.New(4678, "eur"), Status: "paid", CreatedAt: minute(n), ArrivesAt: minute(n), Matched: matched}
}

func read(f boxoffice.StatementReadFact) boxoffice.Fact { return f }

// books is what the book has of Stripe's own books from a minute up to another.
func books(t *testing.T, b *ledger.Book, from, to int) string {
	t.Helper()
	var text []string
	view(t, b, func(tx *ledger.Tx) error {
		err := tx.Charges(minute(from), minute(to), func(c boxoffice.Charge) (bool, error) {
			text = append(text, fmt.Sprint(c.ID, " -", c.Refunded))
			return true, nil
		})
		if err != nil {
			return err
		}
		err = tx.Transactions(minute(from), minute(to), func(x boxoffice.BalanceTransaction) (bool, error) {
			text = append(text, strings.TrimSpace(x.ID+" "+x.PayoutID))
			return true, nil
		})
		if err != nil {
			return err
		}
		payouts, err := tx.Payouts(minute(from), minute(to))
		for _, p := range payouts {
			text = append(text, fmt.Sprint(p.ID, " ", p.Status, " ", p.Matched))
		}
		return err
	})
	return strings.Join(text, ", ")
}

func TestStripesOwnBooks(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	refunded := charge(1)
	refunded.Refunded = 2400
	late := payout(5, false)
	late.Status = "failed"
	for _, step := range []struct {
		fact     boxoffice.StatementReadFact
		from, to int
		want     string
	}{
		{boxoffice.StatementReadFact{}, 0, 99, ""},
		{boxoffice.StatementReadFact{Charges: []boxoffice.Charge{charge(2), charge(1)}, Transactions: []boxoffice.BalanceTransaction{transaction(2, ""), transaction(1, "")}}, 0, 99, "ch_1 -0, ch_2 -0, txn_1, txn_2"},
		{boxoffice.StatementReadFact{Payouts: []boxoffice.Payout{payout(5, true), payout(6, false)}, Transactions: []boxoffice.BalanceTransaction{transaction(1, "po_5")}}, 1, 6, "ch_1 -0, ch_2 -0, txn_1 po_5, txn_2, po_6 paid false, po_5 paid true"},
		// Read again, from lists that do not tell the payout, nor that it is matched.
		{boxoffice.StatementReadFact{Charges: []boxoffice.Charge{refunded}, Transactions: []boxoffice.BalanceTransaction{transaction(1, "")}, Payouts: []boxoffice.Payout{late}}, 1, 6, "ch_1 -2400, ch_2 -0, txn_1 po_5, txn_2, po_6 paid false, po_5 failed true"},
		{boxoffice.StatementReadFact{}, 2, 5, "ch_2 -0, txn_2, po_5 failed true"},
		{boxoffice.StatementReadFact{}, 3, 4, ""},
		{boxoffice.StatementReadFact{}, 6, 1, ""},
	} {
		testkit.Append(t, b, read(step.fact))
		if got := books(t, b, step.from, step.to); got != step.want {
			t.Errorf("from minute %d to %d there are\n%s, want\n%s", step.from, step.to, got, step.want)
		}
	}
	of := func(id string) (ids []string) {
		view(t, b, func(tx *ledger.Tx) error {
			found, err := tx.TransactionsOf(id)
			for _, x := range found {
				ids = append(ids, x.ID)
			}
			return err
		})
		return ids
	}
	if diff := cmp.Diff([]string{"txn_1"}, of("po_5")); diff != "" || of("po_6") != nil || of("po") != nil {
		t.Errorf("po_5 paid out %s, po_6 %v", diff, of("po_6"))
	}
	foreign := transaction(1, "")
	foreign.ChargeID = "ch_7"
	testkit.Append(t, b, read(boxoffice.StatementReadFact{Transactions: []boxoffice.BalanceTransaction{foreign}}))
	testkit.Append(t, b, read(boxoffice.StatementReadFact{Transactions: []boxoffice.BalanceTransaction{transaction(1, "po_6")}}))
	if of("po_5") != nil || len(of("po_6")) != 1 {
		t.Errorf("paid out with another payout it is in %v and %v", of("po_5"), of("po_6"))
	}
	view(t, b, func(tx *ledger.Tx) error {
		c, ok, err := tx.Charge("ch_1")
		p, found, payoutErr := tx.Payout("po_5")
		x, known, _ := tx.Transaction("txn_2")
		if y, _, _ := tx.Transaction("txn_1"); y.ChargeID != "ch_7" {
			t.Errorf("a list that does not tell the charge took it away: %+v", y)
		}
		if !ok || !found || !known || c.Refunded != 2400 || p.Status != "failed" || x.Net != 2339 || payoutErr != nil {
			t.Errorf("by their ids they are %+v, %+v, %+v", c, p, x)
		}
		if _, ok, _ := tx.Charge("ch_9"); ok {
			t.Error("there is a charge that nobody made")
		}
		return err
	})
	testkit.MustVerify(t, b)
}

func TestTheTimesThatAreCovered(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	cover := func(from, to int) boxoffice.Fact {
		return boxoffice.StatementReadFact{Covered: &boxoffice.Span{From: minute(from), To: minute(to)}}
	}
	testkit.Append(t, b, cover(10, 20), cover(40, 50), cover(0, 5), cover(15, 40), boxoffice.StatementReadFact{}, cover(60, 59))
	view(t, b, func(tx *ledger.Tx) error {
		spans, err := tx.Covered()
		want := []boxoffice.Span{{From: minute(0), To: minute(5)}, {From: minute(10), To: minute(50)}}
		if diff := cmp.Diff(want, spans); diff != "" {
			t.Errorf("covered is (-want +got):\n%s", diff)
		}
		return err
	})
	testkit.MustVerify(t, b)
}

func TestReadsOfADay(t *testing.T) {
	b := testkit.Book(t, ledger.Options{})
	day := func(n int) time.Time { return minute(0).AddDate(0, 0, n) }
	err := b.Update(func(tx *ledger.Tx) error {
		for n, reads := range map[int]int64{0: 10, 1: 200, 30: 3000} {
			if err := tx.AddReads(day(n), reads); err != nil {
				return err
			}
		}
		return tx.AddReads(day(1).Add(11*time.Hour), 5) // the same day, by UTC
	})
	if err != nil {
		t.Fatal(err)
	}
	view(t, b, func(tx *ledger.Tx) error {
		for _, test := range []struct {
			from, to int
			want     int64
		}{{0, 0, 10}, {0, 1, 215}, {1, 1, 205}, {2, 29, 0}, {0, 30, 3215}, {-40, -1, 0}, {1, 0, 0}} {
			if got, err := tx.Reads(day(test.from), day(test.to)); got != test.want || err != nil {
				t.Errorf("from day %d to %d there were %d reads (%v), want %d", test.from, test.to, got, err, test.want)
			}
		}
		return nil
	})
	testkit.MustVerify(t, b)
}

// TestAnIndexByTimeThatIsDamaged is an error, and no panic.
func TestAnIndexByTimeThatIsDamaged(t *testing.T) {
	for name, k := range map[string]string{"cut": "ba/\x00\x00\x00\x00\x00\x00\x00\x01", "astray": "ba/\x00\x00\x00\x00\x00\x00\x00\x01/ch_9"} {
		path := file(t, boxoffice.StatementReadFact{Charges: []boxoffice.Charge{charge(1)}})
		tamper(t, path, func(b *bbolt.Bucket) error { return b.Put([]byte(k), nil) })
		err := open(t, path).View(func(tx *ledger.Tx) error {
			return tx.Charges(time.Time{}, minute(9), func(boxoffice.Charge) (bool, error) { return true, nil })
		})
		if boxoffice.ErrorCode(err) != boxoffice.CodeBookCorrupt {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
