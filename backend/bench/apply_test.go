package main

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"willcall/backend/ledger"
)

// TestBothSidesDoTheSame: what bare bbolt is given makes the copy the same file
// as the book, key by key, in as many transactions.
func TestBothSidesDoTheSame(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "book.db"), filepath.Join(dir, "bare.db")
	book, err := openBook(path, 1_000, &stripe{Link: "plink_bench", From: firstSale()})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := fill(book, 0, 350, 200); err != nil {
		t.Fatal(err)
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	if err := copyFile(path, copied); err != nil {
		t.Fatal(err)
	}
	if book, err = ledger.Open(path, ledger.Options{Register: "bench", Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	_, pages, err := fill(book, 350, 420, page)
	if err != nil {
		t.Fatal(err)
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	batches, sales, err := written(path, copied, pages)
	if err != nil || sales != 420 {
		t.Fatalf("%d sales were written, %v", sales, err)
	}
	if len(batches) < 5 || len(batches) > 20 {
		t.Errorf("%d transactions for 420 sales in pages of a hundred", len(batches))
	}
	for _, batch := range batches {
		if n := len(batch); n > 101*20 {
			t.Errorf("a transaction has %d keys", n)
		}
	}
	if differing(t, path, copied) == 0 {
		t.Error("before the load the copy has it all")
	}
	if _, err := putBatches(t.Context(), copied, batches); err != nil {
		t.Fatal(err)
	}
	if n := differing(t, path, copied) + differing(t, copied, path); n > 0 {
		t.Errorf("after the load %d keys differ", n)
	}
}

func differing(t *testing.T, path, other string) (n int) {
	t.Helper()
	if err := differences(path, other, func(_, _ []byte) { n++ }); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTheListIsStripes: pages newest first, both ends of the time included,
// none twice, and more only where there is more.
func TestTheListIsStripes(t *testing.T) {
	l := listed(100, 250, 100)
	from, to := firstSale().Add(120*time.Second), firstSale().Add(340*time.Second)
	var counts []int
	var seen []string
	for after, more := "", true; more; {
		p, err := l.Sessions(t.Context(), from, to, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Sessions {
			seen = append(seen, s.ID)
		}
		counts, more, after = append(counts, len(p.Sessions)), p.More, seen[len(seen)-1]
	}
	if !slices.Equal(counts, []int{100, 100, 21}) {
		t.Errorf("the pages have %v", counts)
	}
	if seen[0] != l.sold[240].ID || seen[220] != l.sold[20].ID {
		t.Error("the ends of the time are not in it")
	}
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 221 {
		t.Error("a session comes twice")
	}
	if p, err := l.Sessions(t.Context(), to.Add(time.Hour), to.Add(2*time.Hour), ""); err != nil || len(p.Sessions) > 0 || p.More {
		t.Errorf("a time without sales has %d, %v", len(p.Sessions), err)
	}
}

// TestQuantile of an odd and an even number of values.
func TestQuantile(t *testing.T) {
	for _, c := range []struct {
		values []int
		p      float64
		want   int
	}{
		{[]int{3, 1, 2}, .5, 2}, {[]int{4, 1, 3, 2}, .5, 3}, {[]int{7}, .99, 7}, {[]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, .99, 10}, {[]int{2, 1}, 0, 1},
	} {
		if got := quantile(c.values, c.p); got != c.want {
			t.Errorf("quantile(%v, %v) = %d, want %d", c.values, c.p, got, c.want)
		}
	}
}

// TestAway: as long for each sale, however many.
func TestAway(t *testing.T) {
	for sales, want := range map[int]time.Duration{20_000: 72 * time.Hour, 60_000: 9 * 24 * time.Hour, 5_000: 18 * time.Hour, 2_000: 7*time.Hour + 12*time.Minute} {
		if got := away(sales); got != want {
			t.Errorf("for %d sales it was away %v, want %v", sales, got, want)
		}
	}
}
