package reconcile

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// workers is how many pages of one kind are asked for side by side: enough to
// use a rate of 25 a second where an answer takes 150 ms, and twice as long
// again to be read and written down on a slow laptop.
const workers = 12

// pageRead is what one page of a list told: how many there were, the oldest of
// them, and whether there are more.
type pageRead struct {
	count  int
	oldest time.Time
	last   string // the id to go on after
	more   bool
}

// reader reads one page of what was created from one time to another, newest
// first, and records it. after is the id that the page before ended with.
type reader func(ctx context.Context, from, to time.Time, after string) (pageRead, error)

// cover reads all that a list has of a time, in windows side by side. Whoever
// has nothing to do takes the older half of the largest window that is left. It
// returns nil only when no second of the time is left out.
func cover(ctx context.Context, whole boxoffice.Span, read reader, told func(share int)) error {
	c := &coverage{told: told, whole: seconds{whole.From.Unix(), whole.To.Unix()}, read: read}
	c.wake = sync.NewCond(&c.mu)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(ctx, func() { c.fail(ctx.Err()) })()
	c.windows = []*window{{seconds: c.whole, reached: c.whole.to}}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() { c.work(ctx, stop) })
	}
	all.Wait()
	return c.outcome()
}

// seconds are whole seconds from and to, both included: Stripe's times have no
// finer ones.
type seconds struct{ from, to int64 }

// window is a part of the time that one worker reads, from its end backwards.
type window struct {
	seconds
	reached int64 // all that is younger was read
	dense   int64 // how much the last page had a day; 0 before the first
	after   string
	taken   bool
}

// left is about how much there is still to read, by how dense the last page
// was.
func (w *window) left() int64 { return w.dense * (w.reached - w.from) / daySeconds }

const daySeconds = 24 * 60 * 60

// coverage is one cover under way.
type coverage struct {
	whole seconds
	read  reader
	told  func(share int) // hears how much of the time was read, in percent

	mu      sync.Mutex
	wake    *sync.Cond
	windows []*window // being read
	done    []seconds // read to the end
	failed  error
}

// outcome is nil where all was read. Whoever stops the reading may do so until
// now.
func (c *coverage) outcome() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed != nil {
		return c.failed
	}
	return c.proof()
}

func (c *coverage) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.failed = err
	}
	c.wake.Broadcast()
}

func (c *coverage) work(ctx context.Context, stop context.CancelFunc) {
	for {
		w := c.next()
		if w == nil {
			return
		}
		tries := 0
		for more := true; more; {
			c.mu.Lock()
			from, to, after := w.from, w.to, w.after
			c.mu.Unlock()
			page, err := c.read(ctx, time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC(), after)
			if passing(err) && tries < pageTries && pause(ctx, backoff(tries)) {
				tries++ // this page again, and not all those before it
				continue
			}
			tries = 0
			if err != nil {
				c.fail(err)
				stop()
				return
			}
			more = c.took(w, page)
		}
	}
}

// pageTries is how often a page is asked for again before all of the reading is
// given up, and begun again later.
const pageTries = 6

// passing reports whether the same question may be answered a moment later.
func passing(err error) bool {
	return failed(err, stripeapi.Busy, stripeapi.Conflict, stripeapi.Broken, stripeapi.Lost, stripeapi.Unsent, stripeapi.NotStripe)
}

// worthHalving is how much a window must have left for two to read it.
const worthHalving = 150

// next is a window to read: one that nobody reads, or half of the largest. nil
// when all is read.
func (c *coverage) next() *window {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if c.failed != nil || len(c.windows) == 0 {
			return nil
		}
		var largest *window
		for _, w := range c.windows {
			if !w.taken {
				w.taken = true
				return w
			}
			if largest == nil || w.left() > largest.left() {
				largest = w
			}
		}
		if largest.left() >= worthHalving && largest.reached-largest.from >= 2 {
			return c.halve(largest)
		}
		c.wake.Wait()
	}
}

// halve takes the older half of what is left of a window.
func (c *coverage) halve(w *window) *window {
	middle := w.from + (w.reached-w.from)/2
	half := &window{seconds: seconds{from: w.from, to: middle}, reached: middle, taken: true}
	w.from = middle + 1
	c.windows = append(c.windows, half)
	return half
}

// took notes a page of the window, and reports whether there are more to read
// in it. A window that was halved meanwhile ends where the other half begins.
func (c *coverage) took(w *window, page pageRead) (more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.wake.Broadcast()
	defer c.tell()
	if page.more {
		before := w.reached
		w.reached, w.after = min(w.reached, page.oldest.Unix()), page.last
		w.dense = int64(page.count) * daySeconds / max(before-w.reached, 1)
		if w.reached >= w.from {
			return true
		}
	}
	c.done = append(c.done, w.seconds)
	c.windows = slices.DeleteFunc(c.windows, func(other *window) bool { return other == w })
	return false
}

// tell says how much of the time was read. The caller holds mu.
func (c *coverage) tell() {
	left := int64(0)
	for _, w := range c.windows {
		left += w.reached - w.from + 1
	}
	c.told(int(100 - 100*left/(c.whole.to-c.whole.from+1)))
}

// errGap says that a second was left out, which cannot be.
var errGap = errors.New("the windows that were read do not cover the whole time")

// proof reports whether what was read leaves no gap. The caller holds mu.
func (c *coverage) proof() error {
	slices.SortFunc(c.done, func(a, b seconds) int { return int(min(1, max(-1, a.from-b.from))) })
	next := c.whole.from
	for _, d := range c.done {
		if d.from > next {
			return errGap
		}
		next = max(next, d.to+1)
	}
	if next <= c.whole.to {
		return errGap
	}
	return nil
}
