package ledger_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// written makes a book's file of a text: a key and its value a line, both
// quoted as Go does.
func written(t testing.TB, golden string) (path string) {
	t.Helper()
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "book.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte("willcall"))
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			var k, v string
			if _, err := fmt.Sscanf(line, "%q %q", &k, &v); err != nil {
				return err
			}
			if err := b.Put([]byte(k), []byte(v)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestABookOfEarlierVersionsGoesOn opens what an earlier version wrote, entries
// and state byte for byte: it is sound, says what it said, and goes on with
// what that version did not know. testdata/issue2.book was written before there
// were accounts, posters and catalogues that are edited; it is never changed.
func TestABookOfEarlierVersionsGoesOn(t *testing.T) {
	b := open(t, written(t, "testdata/issue2.book"))
	if report, err := b.Verify(t.TempDir()); err != nil || len(report.Problems) > 0 || report.Entries != 23 {
		t.Fatalf("it is not sound: %+v, %v", report, err)
	}
	for n, want := range map[int]boxoffice.OrderStatus{1: "paid", 2: "awaiting_payment", 3: "awaiting_payment", 4: "failed", 5: "failed", 6: "paid"} {
		if got := order(t, b, n).Status(); got != want {
			t.Errorf("order %d is %s, want %s", n, got, want)
		}
	}
	if q := testkit.Quota(t, b, "quota-house"); q.Sold != 4 || q.Held != 2 || q.Allotted != 0 || q.Available() != 4 {
		t.Errorf("the house is %+v", q)
	}
	view(t, b, func(tx *ledger.Tx) error {
		intents, err := tx.Intents()
		if len(intents) != 2 || intents[0].Key != "tdr-2-create" || intents[0].Create == nil || intents[1].Expire != "cs_3" {
			t.Errorf("Stripe has yet to answer %+v", intents)
		}
		if _, _, ok, err := tx.Account(); ok || err != nil {
			t.Errorf("it has an account, %v", err)
		}
		return err
	})
	byPayment := func(id string) (found string) {
		view(t, b, func(tx *ledger.Tx) error {
			o, _, err := tx.OrderBySession(id)
			found = o.ID
			return err
		})
		return found
	}
	if byPayment("pi_1") != "ord-1" || byPayment("cs_1") != "ord-1" {
		t.Error("orders of that version are not found by their payments")
	}
	c := boxoffice.Event{ID: "evt-1", Name: "Hamlet, late", Revision: 1}
	testkit.Append(t, b, opened(2), paid(2), expired(3), boxoffice.EventChangedFact{Event: c}, connectedTo("acct_1"), made(1, 4), linked(1), arrived(1, 7, true),
		boxoffice.QuotaChangedFact{QuotaID: "quota-house", TicketTypeIDs: []string{testkit.Adult}, Size: 9})
	if got := house(t, b, 1); got != "open, 3 of 4 left; allotted 3, sold 6, free 0; []" {
		t.Errorf("it went on as %s", got)
	}
	if byPayment("pi_2") != "ord-2" || byPayment("pi_7") != "ord-7" {
		t.Error("orders of today are not found by their payments")
	}
	testkit.MustVerify(t, b)
}

// TestWhatEarlierVersionsIndexed besides is no damage, as it was written or
// looked at only; opening the book takes it out.
func TestWhatEarlierVersionsIndexed(t *testing.T) {
	path := file(t, append(everyIndex(), made(1, 4), linked(1), arrived(1, 8, true))...)
	more := map[string]string{"om/anna@example.org/12345678": "ord-1", "ob/anna/12345678": "ord-1", "o4/4242/12345678": "ord-1", "ok/" + session(8): "ord-8", "xv": "2"}
	tamper(t, path, func(b *bbolt.Bucket) (err error) {
		for k, v := range more {
			err = errors.Join(err, b.Put([]byte(k), []byte(v)))
		}
		return err
	})
	looked, err := ledger.Open(path, ledger.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	testkit.MustVerify(t, looked)
	if err := looked.Close(); err != nil {
		t.Fatal(err)
	}
	b := open(t, path)
	testkit.MustVerify(t, b)
	if got := numbers(t, b, ledger.OrderQuery{Text: code(8), Limit: 2}); got != "8" {
		t.Errorf("the search finds %q", got)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	tamper(t, path, func(b *bbolt.Bucket) error {
		for k, v := range more {
			if got := b.Get([]byte(k)); got != nil && string(got) == v {
				t.Errorf("%q is still in the book", k)
			}
		}
		return b.Put([]byte("ok/tap-99"), []byte("ord-1"))
	})
	report, err := open(t, path).Verify(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	checkProblems(t, report, "and no entry says so")
}

// all that a book of today has beside its orders.
func today() []boxoffice.Fact {
	return []boxoffice.Fact{
		connectedTo("acct_1"), boxoffice.MethodsOfferedFact{Methods: []string{"card"}},
		asked("mir-1", newProduct()), done("mir-1", newProduct(), "prod_1"), asked("mir-2", newTax()), done("mir-2", newTax(), "txr_1"), asked("mir-3", newPrice(2400)),
		made(1, 4), linked(1), arrived(1, 1, true), made(2, 1), closeAsked(1),
		late(5, ""), refundAsked(-5, 1, 2400), givenBack(5, "", refundID(-5, 1)), dashboard(1, 1, boxoffice.RefundSucceeded, 100),
		boxoffice.StatementReadFact{
			Charges: []boxoffice.Charge{charge(1)}, Transactions: []boxoffice.BalanceTransaction{transaction(1, "po_1")}, Payouts: []boxoffice.Payout{payout(1, true)},
			Covered: &boxoffice.Span{From: minute(0), To: minute(9)},
		},
	}
}

// TestVerifyFindsTamperingWithWhatIsNew is TestVerifyFindsTampering for
// accounts, the mirror and posters.
func TestVerifyFindsTamperingWithWhatIsNew(t *testing.T) {
	t.Parallel()
	lost := func(k string) func(*bbolt.Bucket) error {
		return func(b *bbolt.Bucket) error {
			if b.Get([]byte(k)) == nil {
				return fmt.Errorf("there is no %q", k)
			}
			return b.Delete([]byte(k))
		}
	}
	changed := func(k, old, fresh string) func(*bbolt.Bucket) error {
		return func(b *bbolt.Bucket) error { return replace(b, k, old, fresh) }
	}
	invented := func(k string) func(*bbolt.Bucket) error {
		return func(b *bbolt.Bucket) error { return b.Put([]byte(k), []byte("{}")) }
	}
	const gone, other, none = "and the book's state has lost it", "is not what its entries say", "and no entry says so"
	for name, test := range map[string]struct {
		how  func(*bbolt.Bucket) error
		want string
	}{
		"nothing":             {func(*bbolt.Bucket) error { return nil }, ""},
		"the account":         {changed("a", "acct_1", "acct_2"), other},
		"that it's connected": {changed("a", `"connected":true`, `"connected":false`), other},
		"the account is lost": {lost("a"), gone},
		"the ways to pay":     {changed("am", "card", "cash"), other},
		"a product":           {changed("m/"+testkit.Adult, "prod_1", "prod_2"), other},
		"a mirror is lost":    {lost("m/" + testkit.Adult), gone},
		"a mirror invented":   {invented("m/" + testkit.Child), none},
		"a tax":               {changed("t/130000/VAT 13/1", "txr_1", "txr_2"), other},
		"a tax invented":      {invented("t/1/VAT"), none},
		"a step is lost":      {lost("i/mir-3"), gone},
		"a poster":            {changed("p/pst-1", `"arrived":1`, `"arrived":0`), other},
		"a poster is lost":    {lost("p/pst-2"), gone},
		"a payment, which is only looked at again": {lost("xp/pi_1"), ""},
		"a link is lost":     {lost("pl/plink_1"), gone},
		"a refund":           {changed("o/ord-1", `"minor":100,`, `"minor":900,`), other},
		"a refund's asking":  {lost("i/rfd--5-1-refund"), gone},
		"who had it settled": {changed("d/cs_5-no_room", `"by":"Eva"`, `"by":"Ida"`), other},
		"what it settles":    {lost("dr/rfd--5-1"), gone},
		"late money is lost": {lost("d/cs_5-no_room"), gone},
		"a charge":           {changed("bc/ch_1", `"minor":2400`, `"minor":2300`), other},
		"a charge is lost":   {lost("bc/ch_1"), gone},
		"a movement":         {changed("bt/txn_1", `"fee":61`, `"fee":60`), other},
		"a payout's list":    {lost("bo/po_1/txn_1"), gone},
		"a payout":           {changed("bp/po_1", `"matched":true`, `"matched":null`), other},
		"what was read":      {lost("bs"), gone},
		"a link astray":      {changed("pl/plink_1", "pst-1", "pst-2"), other},
		"a link's making":    {lost("i/pst-2-link"), gone},
		"a link's closing":   {lost("i/pst-1-close"), gone},
		"a link made again":  {invented("i/pst-1-link"), none},
		"seats set apart":    {changed("q/quota-house", `"allotted":4`, `"allotted":0`), other},
		"an arrival's index": {func(b *bbolt.Bucket) error { k, _ := b.Cursor().Seek([]byte("ow/pst-1/")); return b.Delete(k) }, gone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := file(t, today()...)
			tamper(t, path, test.how)
			report, err := open(t, path).Verify(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			checkProblems(t, report, test.want)
		})
	}
}
