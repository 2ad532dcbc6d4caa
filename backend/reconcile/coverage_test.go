package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// listed is a list of things with a time each, newest first, as Stripe cuts it.
type listed struct {
	mu    sync.Mutex
	at    []int64 // newest first
	page  int
	reads int
	seen  map[int]int // index → how often it was given
	fail  func(read int) error
	took  time.Duration
}

func newListed(at []int64, page int) *listed {
	slices.Sort(at)
	slices.Reverse(at)
	return &listed{at: at, page: page, seen: map[int]int{}}
}

func (l *listed) read(_ context.Context, from, to time.Time, after string) (pageRead, error) {
	time.Sleep(l.took)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	if l.fail != nil {
		if err := l.fail(l.reads); err != nil {
			return pageRead{}, err
		}
	}
	start := 0
	if after != "" {
		_, _ = fmt.Sscan(after, &start)
		start++
	}
	var p pageRead
	for i := start; i < len(l.at); i++ {
		if l.at[i] > to.Unix() || l.at[i] < from.Unix() {
			continue
		}
		if p.count == l.page {
			p.more = true
			break
		}
		l.seen[i]++
		p.count, p.last, p.oldest = p.count+1, fmt.Sprint(i), time.Unix(l.at[i], 0)
	}
	return p, nil
}

func spanOf(to int64) boxoffice.Span {
	return boxoffice.Span{From: time.Unix(0, 0), To: time.Unix(to, 0)}
}

// TestCoverLeavesNothingOut, however what is listed lies in the time: evenly,
// hundreds in one second, at the very ends, or not at all.
func TestCoverLeavesNothingOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := rapid.Int64Range(0, 100_000).Draw(t, "span")
		at := rapid.SliceOfN(rapid.Int64Range(0, span), 0, 800).Draw(t, "at")
		for range rapid.IntRange(0, 3).Draw(t, "crowds") {
			second := rapid.Int64Range(0, span).Draw(t, "crowded")
			for range rapid.IntRange(1, 250).Draw(t, "crowd") {
				at = append(at, second)
			}
		}
		l := newListed(at, rapid.SampledFrom([]int{1, 7, 100}).Draw(t, "page"))
		share := 0
		if err := cover(context.Background(), spanOf(span), l.read, func(percent int) { share = percent }); err != nil {
			t.Fatal(err)
		}
		if len(l.seen) != len(at) || share != 100 {
			t.Fatalf("%d of %d were read, and %d %% is told", len(l.seen), len(at), share)
		}
	})
}

// TestCoverIsSideBySide: the workers share what there is, and read little
// twice. 20,000 in pages of 100 take at least 200 reads.
func TestCoverIsSideBySide(t *testing.T) {
	for name, when := range map[string]func(n int64) int64{
		"evenly":       func(n int64) int64 { return n * 13 },
		"in one hour":  func(n int64) int64 { return 200_000 + n%3600 },
		"ever more":    func(n int64) int64 { return n * n / 1600 },
		"in two bouts": func(n int64) int64 { return n%2*250_000 + n/20 },
	} {
		synctest.Test(t, func(t *testing.T) {
			var at []int64
			for n := range int64(20_000) {
				at = append(at, when(n))
			}
			l := newListed(at, 100)
			l.took = 150 * time.Millisecond
			began := time.Now()
			if err := cover(t.Context(), spanOf(260_000), l.read, nobody); err != nil {
				t.Fatal(err)
			}
			alone := 200 * l.took
			if took := time.Since(began); took > alone/4 || l.reads > 240 {
				t.Errorf("%s: %v with %d reads; alone it takes %v", name, took, l.reads, alone)
			}
		})
	}
}

// TestCoverFails as a whole when one page fails, and leaves nobody at work.
func TestCoverFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []int64
		for n := range int64(5000) {
			at = append(at, n)
		}
		broken := errors.New("the line broke")
		for _, when := range []int{1, 2, 9, 30} {
			l := newListed(slices.Clone(at), 100)
			l.took = time.Millisecond
			l.fail = func(read int) error {
				if read == when {
					return broken
				}
				return nil
			}
			if err := cover(t.Context(), spanOf(5000), l.read, nobody); !errors.Is(err, broken) {
				t.Errorf("broken at read %d it says %v", when, err)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		l := newListed(at, 1)
		l.took = time.Second
		time.AfterFunc(3*time.Second+time.Millisecond, stop)
		if err := cover(ctx, spanOf(5000), l.read, nobody); !errors.Is(err, context.Canceled) {
			t.Errorf("ended from outside it says %v", err)
		}
	})
}

// TestCoverStoppedAtItsEnd: the till is closed in the moment in which the last
// page was read. The race detector looks on.
func TestCoverStoppedAtItsEnd(t *testing.T) {
	for range 2000 {
		l := newListed([]int64{2, 1}, 100)
		ctx, stop := context.WithCancel(t.Context())
		err := cover(ctx, spanOf(3), l.read, func(share int) {
			if share == 100 {
				stop()
			}
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
}

// TestProofFindsAGap: whatever second is missing.
func TestProofFindsAGap(t *testing.T) {
	whole := seconds{10, 19}
	for name, c := range map[string]struct {
		done []seconds
		gap  bool
	}{
		"all at once":    {[]seconds{{10, 19}}, false},
		"overlapping":    {[]seconds{{14, 19}, {10, 15}}, false},
		"side by side":   {[]seconds{{15, 19}, {10, 14}}, false},
		"nothing":        {nil, true},
		"the first":      {[]seconds{{11, 19}}, true},
		"the last":       {[]seconds{{10, 18}}, true},
		"one within":     {[]seconds{{10, 13}, {15, 19}}, true},
		"within a wider": {[]seconds{{10, 19}, {12, 13}}, false},
	} {
		if err := (&coverage{whole: whole, done: c.done}).proof(); (err != nil) != c.gap {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCoverOnABadLine: one read of fifty is refused for the rate, as where
// another program uses the account too. What was read is not read again.
func TestCoverOnABadLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := make([]int64, 20_000)
		for i := range at {
			at[i] = int64(i) * 13
		}
		l := newListed(at, 100)
		l.fail = func(read int) error {
			if read%50 == 0 {
				return &stripeapi.Error{Failure: stripeapi.Busy, Status: 429}
			}
			return nil
		}
		err := cover(t.Context(), spanOf(20_000*13), l.read, nobody)
		if err != nil || l.reads > 400 {
			t.Errorf("%d reads, and then %v", l.reads, err)
		}
	})
}
