package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"willcall/backend/ledger"
	"willcall/backend/reconcile"
	"willcall/backend/stripeapi"
)

// endpointLimit is how many requests a second Stripe answers on one endpoint.
const endpointLimit = 25

// caughtUp is what a till that was away tells of its return.
type caughtUp struct {
	Sales   int           `json:"sales"`
	Took    time.Duration `json:"took"` // until the cursor was at the end
	Reads   int64         `json:"reads"`
	Busiest string        `json:"busiest"` // the endpoint that was read most
	Most    int64         `json:"most"`    // how often
	Limited int64         `json:"limited"` // answers 429
	Memory  footprint     `json:"memory"`  // the most, over what it was before
}

// catchUps measures the return of a till that was away, beside the same events
// read by Stripe's Node library one page after another.
func catchUps(ctx context.Context, dir string, quick bool) ([]row, error) {
	scale, note := 1, ""
	if quick {
		scale, note = 10, " (BENCH_QUICK: a tenth of the sales)"
	}
	var rows, memory []row
	for _, sales := range []int{5_000, 20_000, 60_000} {
		sales /= scale
		main := sales*scale == 20_000
		got, pages, err := catchUp(ctx, filepath.Join(dir, fmt.Sprintf("catchup-%d.db", sales)), sales, main)
		if err != nil {
			return nil, err
		}
		if main {
			share := float64(got.Most) / got.Took.Seconds() / endpointLimit
			rows = []row{
				{fmt.Sprintf("catch-up of %d sales after %v away, Stripe at %v%s", sales, away(sales), latency, note), got.Took.Round(10 * time.Millisecond).String(), ""},
				{fmt.Sprintf("  the same %d events by Stripe's Node library, page after page", pages.Events), pages.took().Round(10 * time.Millisecond).String(), ""},
				{"  times as fast", fmt.Sprintf("%.1f", pages.took().Seconds()/got.Took.Seconds()), "≥ 8"},
				{fmt.Sprintf("  of the rate limit of %d/s used at %s", endpointLimit, got.Busiest), fmt.Sprintf("%.0f %%", 100*share), "≥ 80 %"},
				{"  reads of Stripe, all of them", fmt.Sprint(got.Reads), ""},
				{"  reads of Stripe for each sale", fmt.Sprintf("%.4f", float64(got.Reads)/float64(sales)), ""},
				{"  requests that Stripe refused (429)", fmt.Sprint(got.Limited), "0"},
			}
		}
		memory = append(memory, row{fmt.Sprintf("memory that catching up %d sales takes, at the most: Go heap; resident", sales), fmt.Sprintf("%.0f MB; %.0f MB", got.Memory.Heap, got.Memory.Resident), "< 100 MB"},
			row{"  beside it, pages of the book's file that the kernel keeps mapped", fmt.Sprintf("%.0f MB", got.Memory.Mapped), ""})
	}
	return append(rows, memory...), nil
}

// catchUp lets a till return to a Stripe that has sold so much meanwhile; if
// yardstick, Node reads the same from the same Stripe before.
func catchUp(ctx context.Context, book string, sales int, yardstick bool) (got caughtUp, pages paged, err error) {
	s, err := startStripe(ctx, sales)
	if err != nil {
		return got, pages, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if yardstick {
		if pages, err = pageWithNode(ctx, s); err != nil {
			return got, pages, err
		}
		if pages.Events < 4*sales {
			return got, pages, fmt.Errorf("%d sales have more events than the %d that Node has read", sales, pages.Events)
		}
	}
	before, err := s.counts(ctx)
	if err != nil {
		return got, pages, err
	}
	self, err := os.Executable()
	if err != nil {
		return got, pages, err
	}
	told, err := json.Marshal(s)
	if err != nil {
		return got, pages, err
	}
	c := exec.CommandContext(ctx, self, "catchup", book, fmt.Sprint(sales), string(told)) // #nosec G204 -- this very program
	c.Stderr = os.Stderr
	text, err := c.Output()
	if err != nil {
		return got, pages, fmt.Errorf("catching up: %w", err)
	}
	if err := json.Unmarshal(text, &got); err != nil {
		return got, pages, err
	}
	after, err := s.counts(ctx)
	for _, n := range after.Since(before).Limited {
		got.Limited += int64(n)
	}
	return got, pages, errors.Join(err, os.Remove(book))
}

// returnTo is the process that was away: it opens the book and its Reconciler,
// as the program does, and tells when the cursor is at the end.
func returnTo(s *stripe, path string, sales int) (got caughtUp, err error) {
	got.Sales = sales
	book, err := openBook(path, sales, s)
	if err != nil {
		return got, err
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	var mu sync.Mutex
	asked := map[string]int64{}
	client := stripeapi.New(stripeapi.Options{
		BaseURL: s.URL, Key: "sk_test_training", PerSecond: 96, PerEndpoint: 24, // as with a key of real money
		Observe: func(c stripeapi.Call) {
			mu.Lock()
			defer mu.Unlock()
			asked[c.Endpoint]++
		},
	})
	watch := watchMemory()
	began := time.Now()
	r := reconcile.New(reconcile.Options{Book: book, IDs: ids(), Log: discard(), Stripe: client})
	if err := r.Start(); err != nil {
		return got, err
	}
	for at := (time.Time{}); at.Before(began.Add(-time.Second)) && err == nil; {
		time.Sleep(5 * time.Millisecond)
		err = book.View(func(tx *ledger.Tx) (err error) { at, err = tx.Cursor(); return err })
		if time.Since(began) > 10*time.Minute {
			err = errors.New("the cursor does not come to the end")
		}
	}
	got.Took, got.Reads = time.Since(began), client.Usage().Reads
	got.Memory = watch()
	mu.Lock()
	for endpoint, n := range asked {
		if n > got.Most {
			got.Busiest, got.Most = endpoint, n
		}
	}
	mu.Unlock()
	r.Close()
	if err != nil {
		return got, err
	}
	return got, complete(book, sales)
}

// complete holds the book against what was sold: every sale once, every refund
// and every dispute.
func complete(book *ledger.Book, sales int) error {
	paid, refunds, disputes := map[string]bool{}, 0, 0
	err := book.View(func(tx *ledger.Tx) error {
		return tx.MoneyBetween(time.Time{}, time.Now(), func(intent string, m ledger.Money) (bool, error) {
			if m.Order == nil {
				return false, fmt.Errorf("the money of %s has no place", intent)
			}
			paid[intent] = true
			refunds, disputes = refunds+len(m.Returns().Refunds), disputes+len(m.Returns().Disputes)
			return true, nil
		})
	})
	if err == nil && (len(paid) != sales || refunds != sales/100 || disputes != sales/1000) {
		err = fmt.Errorf("of %d sales the book has %d, with %d refunds and %d disputes", sales, len(paid), refunds, disputes)
	}
	return err
}
