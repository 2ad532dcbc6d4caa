package ledger_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
	"willcall/backend/money"
)

// An order of the tests is known by its number: ord-7 is placed with the key
// tap-7 and has the tender tdr-7, whose code is the session cs_7.

func of(n int) boxoffice.OfTender {
	return boxoffice.OfTender{OrderID: fmt.Sprint("ord-", n), TenderID: fmt.Sprint("tdr-", n)}
}

func session(n int) string { return fmt.Sprint("cs_", n) }

// code is the order's short name: A00001, B00002 and so on.
func code(n int) string { return fmt.Sprintf("%c%05d", 'A'+n%26, n) }

// placed takes seats out of the house for order n.
func placed(n, seats int) boxoffice.OrderPlacedFact { return placedIn("quota-house", n, seats) }

func placedIn(quota string, n, seats int) boxoffice.OrderPlacedFact {
	at := testkit.NewClock().Now().Add(time.Duration(n) * time.Minute)
	total := money.New(2400*int64(seats), "eur")
	return boxoffice.OrderPlacedFact{
		Order: boxoffice.Order{
			ID: of(n).OrderID, Code: code(n), Key: fmt.Sprint("tap-", n), Asked: "asked", PlacedAt: at, UpdatedAt: at,
			LineItems: []boxoffice.LineItem{{PerformanceID: testkit.Performance, TicketTypeID: testkit.Adult, Name: "Adult", Quantity: seats, Total: total}},
			Total:     total,
			Hold:      boxoffice.Hold{State: boxoffice.Held, Claims: []boxoffice.Claim{{QuotaID: quota, Seats: seats}}},
			Tenders:   []boxoffice.Tender{{ID: of(n).TenderID, Kind: boxoffice.Phone, State: boxoffice.TenderStarting, Amount: total}},
		},
		Intent: boxoffice.Intent{
			Key: ledger.CreateKey(of(n).TenderID), OrderID: of(n).OrderID, TenderID: of(n).TenderID, RecordedAt: at,
			Create: &boxoffice.SessionRequest{Reference: of(n).OrderID, Metadata: map[string]string{"b": "2", "a": "1"}},
		},
	}
}

// by adds the buyer's e-mail address to an order.
func by(email string, f boxoffice.OrderPlacedFact) boxoffice.OrderPlacedFact {
	f.Order.BuyerEmail = email
	return f
}

func opened(n int) boxoffice.Fact {
	return boxoffice.OpenedFact{OfTender: of(n), SessionID: session(n), URL: "https://pay/" + session(n), ExpiresAt: testkit.NewClock().Now()}
}

func paid(n int) boxoffice.Fact {
	return boxoffice.PaidFact{
		OfTender: of(n), SessionID: session(n), Amount: money.New(2400, "eur"), PaymentIntentID: fmt.Sprint("pi_", n), ChargeID: fmt.Sprint("ch_", n),
		PaidAt: testkit.NewClock().Now(), Card: boxoffice.Card{Brand: "visa", Last4: "4242"}, Tickets: []boxoffice.Ticket{{ID: fmt.Sprint("tkt-", n), OrderID: of(n).OrderID}},
	}
}

func cancelAsked(n int) boxoffice.Fact {
	return boxoffice.CancelAskedFact{OfTender: of(n), Intent: boxoffice.Intent{
		Key: ledger.ExpireKey(of(n).TenderID), OrderID: of(n).OrderID, TenderID: of(n).TenderID, Expire: session(n),
	}}
}

func refused(n int) boxoffice.Fact {
	return boxoffice.RefusedFact{OfTender: of(n), Problem: boxoffice.Problem{Code: boxoffice.CodeStripeRefused, Detail: "No.", Next: "Again."}}
}

func processing(n int) boxoffice.Fact {
	return boxoffice.ProcessingFact{OfTender: of(n), PaymentIntentID: fmt.Sprint("pi_", n)}
}

func failed(n int) boxoffice.Fact {
	return boxoffice.FailedFact{OfTender: of(n), Problem: boxoffice.Problem{Code: boxoffice.CodeStripeRefused, Detail: "No.", Next: "Again."}}
}

func expired(n int) boxoffice.Fact { return boxoffice.ExpiredFact{OfTender: of(n)} }

// view reads from the book, and fails the test if that fails.
func view(t testing.TB, b *ledger.Book, fn func(*ledger.Tx) error) {
	t.Helper()
	if err := b.View(fn); err != nil {
		t.Fatal(err)
	}
}

func order(t testing.TB, b *ledger.Book, n int) (o boxoffice.Order) {
	t.Helper()
	view(t, b, func(tx *ledger.Tx) error {
		found, ok, err := tx.Order(of(n).OrderID)
		if o = found; err == nil && !ok {
			err = fmt.Errorf("order %d is not in the book", n)
		}
		return err
	})
	return o
}

// number is the number of the newest entry.
func number(t testing.TB, b *ledger.Book) (n uint64) {
	t.Helper()
	view(t, b, func(tx *ledger.Tx) (err error) { n, err = tx.Number(); return err })
	return n
}

// state is everything a book holds, as one text to compare.
func state(t testing.TB, b *ledger.Book) string {
	t.Helper()
	var text strings.Builder
	view(t, b, func(tx *ledger.Tx) error {
		err := tx.Entries(0, func(e ledger.Entry) (bool, error) {
			fmt.Fprintf(&text, "entry %d %s %s %s %s %s\n", e.Number, e.Register, e.At, e.Kind, e.Prev, e.Data)
			return true, nil
		})
		if err != nil {
			return err
		}
		catalogue, err := tx.Catalogue()
		if err != nil {
			return err
		}
		intents, err := tx.Intents()
		if err != nil {
			return err
		}
		orders, _, err := tx.Orders(ledger.OrderQuery{Limit: 1 << 30})
		if err != nil {
			return err
		}
		discrepancies, err := tx.Discrepancies()
		if err != nil {
			return err
		}
		cursor, err := tx.Cursor()
		if err != nil {
			return err
		}
		pretty := json.NewEncoder(&text)
		pretty.SetIndent("", " ")
		return pretty.Encode([]any{catalogue, intents, orders, discrepancies, cursor})
	})
	return text.String()
}

// file is a closed book of some sales, to be tampered with.
func file(t testing.TB, facts ...boxoffice.Fact) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.db")
	b := open(t, path)
	testkit.Append(t, b, testkit.House()...)
	for _, f := range facts {
		testkit.Append(t, b, f)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func options() ledger.Options {
	return ledger.Options{Register: "till-1", Now: testkit.NewClock().Now}
}

func open(t testing.TB, path string) *ledger.Book {
	t.Helper()
	b, err := ledger.Open(path, options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// tamper writes into a closed book behind Willcall's back.
func tamper(t testing.TB, path string, fn func(*bbolt.Bucket) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(func(tx *bbolt.Tx) error { return fn(tx.Bucket([]byte("willcall"))) }); err != nil {
		t.Fatal(err)
	}
}

// entryKey is where entry n stands in the file.
func entryKey(n uint64) []byte { return binary.BigEndian.AppendUint64([]byte("e/"), n) }
