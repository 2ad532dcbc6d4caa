package stripeapi_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/internal/testkit"
	"willcall/backend/stripeapi"
)

// late is what is added to a Date, which has whole seconds.
const late = time.Second / 2

// TestStripesClockIsLearned: a laptop hours off must not change what Stripe is
// asked for. A first answer that surprises is asked for once more.
func TestStripesClockIsLearned(t *testing.T) {
	for off, want := range map[time.Duration]int{
		0: 1, 4 * time.Second: 1, -3 * time.Second: 1, 8 * time.Second: 2, 26 * time.Hour: 2, -26 * time.Hour: 2, 10 * 365 * 24 * time.Hour: 2,
	} {
		local := testkit.NewClock()
		stripe := local.Now().Add(off)
		asked := 0
		c := client("http://stripe.invalid", func(o *stripeapi.Options) {
			o.Now = local.Now
			o.Transport = tripper(func(*http.Request) (*http.Response, error) { asked++; return balance(stripe), nil })
		})
		if got := c.Now(); !got.Equal(local.Now()) {
			t.Errorf("before any answer it is %v, want the local %v", got, local.Now())
		}
		at, err := c.Clock(t.Context())
		if err != nil || !at.Equal(stripe.Add(late)) || asked != want {
			t.Errorf("%v off: Stripe's time is %v (asked %d times, %v), want %v after %d", off, at, asked, err, stripe, want)
		}
		local.Move(time.Minute)
		if at, err = c.Clock(t.Context()); err != nil || !at.Equal(stripe.Add(late+time.Minute)) || asked != want || at.Location() != time.UTC {
			t.Errorf("%v off: a minute later it is %v (asked %d times, %v)", off, at, asked, err)
		}
	}
}

// TestOneAsksForAll who want to know the time at once.
func TestOneAsksForAll(t *testing.T) {
	local := testkit.NewClock()
	var asked atomic.Int64
	c := client("http://stripe.invalid", func(o *stripeapi.Options) {
		o.Now = local.Now
		o.Transport = tripper(func(*http.Request) (*http.Response, error) {
			asked.Add(1)
			return balance(local.Now().Add(26 * time.Hour)), nil
		})
	})
	var crowd sync.WaitGroup
	for range 20 {
		crowd.Go(func() {
			if at, err := c.Clock(t.Context()); err != nil || at.Sub(local.Now()) != 26*time.Hour+late {
				t.Errorf("it is %v, %v", at, err)
			}
		})
	}
	crowd.Wait()
	if n := asked.Load(); n != 2 {
		t.Errorf("Stripe was asked %d times", n)
	}
}

// swallow is a line on which nothing ever comes back.
func swallow(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// TestManyWaitForTheTimeOnce: the line swallows everything. Whoever waits for the
// one who asks hears with it that there is no answer; and where that one goes
// away, another asks.
func TestManyWaitForTheTimeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := client("http://stripe.invalid", func(o *stripeapi.Options) {
			o.Timeout, o.Now = 20*time.Second, time.Now
			o.Transport = tripper(swallow)
		})
		hasty, leave := context.WithTimeout(t.Context(), 6*time.Second)
		defer leave()
		began := time.Now()
		ask := func(ctx context.Context, want time.Duration) func() {
			return func() {
				if _, err := c.Clock(ctx); err == nil || time.Since(began) != want {
					t.Errorf("%v after %v, want an error after %v", err, time.Since(began), want)
				}
			}
		}
		var all sync.WaitGroup
		all.Go(ask(hasty, 6*time.Second))
		synctest.Wait()
		for range 5 {
			all.Go(ask(t.Context(), 26*time.Second)) // 6 for the first one's answer, 20 for that of one of them
			all.Go(ask(hasty, 6*time.Second))
		}
		all.Wait()
	})
}

// TestASureClockWaitsForNobody longer than its caller does: Stripe's time is known,
// and only the laptop's clock was set.
func TestASureClockWaitsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ahead, silent := time.Duration(0), false
		c := client("http://stripe.invalid", func(o *stripeapi.Options) {
			o.Timeout = 20 * time.Second
			o.Now, o.Steady = func() time.Time { return time.Now().Add(ahead) }, time.Now
			o.Transport = tripper(func(r *http.Request) (*http.Response, error) {
				if silent {
					return swallow(r)
				}
				return balance(time.Now()), nil
			})
		})
		for range 2 {
			if _, err := c.Clock(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		ahead, silent = time.Hour, true
		began := time.Now()
		hasty, leave := context.WithTimeout(t.Context(), 6*time.Second)
		defer leave()
		if _, err := c.Clock(hasty); err != nil || time.Since(began) != 6*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

// TestADateThatLies: one wrong Date changes nothing, a laptop whose clock is
// set is noticed by the second answer, and a first answer that lies does not
// last.
func TestADateThatLies(t *testing.T) {
	const hour = time.Hour
	type answer struct {
		moved time.Duration // of the laptop's clock, before it
		lie   time.Duration // of the Date
		wrong bool          // what is believed then is not the truth
	}
	good := answer{}
	for name, c := range map[string]struct {
		off     time.Duration // of the laptop, at first
		answers []answer
	}{
		"one liar among good":                {0, []answer{good, good, {lie: 3 * hour}, good, good}},
		"one liar after one good":            {0, []answer{good, {lie: 3 * hour}, good}},
		"liars that do not agree":            {0, []answer{good, good, {lie: 3 * hour}, {lie: -9 * hour}, {lie: 5 * hour}, good}},
		"a liar between good ones, twice":    {0, []answer{good, {lie: 3 * hour}, good, {lie: 3 * hour}, good}},
		"a few seconds are followed":         {0, []answer{good, {lie: 4 * time.Second, wrong: true}, good}},
		"the laptop is hours off":            {5 * hour, []answer{good, good, {lie: 2 * hour}, good}},
		"the laptop's clock is set forward":  {0, []answer{good, good, {moved: 7 * hour, wrong: true}, good, good}},
		"the laptop's clock is set back":     {0, []answer{good, good, {moved: -7 * hour, wrong: true}, good, good}},
		"it is set right":                    {-7 * hour, []answer{good, good, {moved: 7 * hour, wrong: true}, good}},
		"the first answer lies":              {0, []answer{{lie: 3 * hour, wrong: true}, good, good}},
		"the first lies, and the third":      {0, []answer{{lie: 3 * hour, wrong: true}, good, {lie: 3 * hour}, good}},
		"the first lies to a laptop far off": {9 * hour, []answer{{lie: -3 * hour, wrong: true}, good, good}},
		"set while the first answer stands":  {0, []answer{good, {moved: 7 * hour, wrong: true}, good}},
	} {
		t.Run(name, func(t *testing.T) {
			local := testkit.NewClock()
			truth := local.Now()
			local.Move(c.off)
			var date time.Time
			cl := client("http://stripe.invalid", func(o *stripeapi.Options) {
				o.Now = local.Now
				o.Transport = tripper(func(*http.Request) (*http.Response, error) { return balance(date), nil })
			})
			for i, a := range c.answers {
				local.Move(a.moved + time.Minute)
				truth = truth.Add(time.Minute)
				date = truth.Add(a.lie)
				if _, err := cl.Livemode(t.Context()); err != nil {
					t.Fatal(err)
				}
				if off := cl.Now().Sub(truth.Add(late)); (off != 0) != a.wrong {
					t.Errorf("after answer %d it is %v off", i+1, off)
				}
			}
		})
	}
}

// TestAClockThatIsSet between two answers: what is recorded next must not be hours
// off. After a laptop has slept, Stripe is asked once; without Stripe, what was
// known has to do.
func TestAClockThatIsSet(t *testing.T) {
	for name, c := range map[string]struct {
		set    time.Duration
		sleeps bool
		down   bool
		want   int // requests
	}{
		"ahead":             {set: 33 * time.Hour, want: 2},
		"back":              {set: -33 * time.Hour, want: 2},
		"hardly":            {set: 4 * time.Second},
		"it sleeps":         {set: 8 * time.Hour, sleeps: true, want: 1},
		"it is unplugged":   {set: 8 * time.Hour, sleeps: true, down: true, want: 1},
		"nothing of it all": {},
	} {
		local, steady := testkit.NewClock(), testkit.NewClock()
		stripe, asked, down := testkit.NewClock(), 0, false
		cl := client("http://stripe.invalid", func(o *stripeapi.Options) {
			o.Now, o.Steady = local.Now, steady.Now
			o.Transport = tripper(func(*http.Request) (*http.Response, error) {
				asked++
				if down {
					return nil, errors.New("unplugged")
				}
				return balance(stripe.Now()), nil
			})
		})
		if _, err := cl.Clock(t.Context()); err != nil || asked != 1 {
			t.Fatalf("%s: asked %d times, %v", name, asked, err)
		}
		for _, clock := range []*testkit.Clock{local, steady, stripe} {
			clock.Move(time.Minute)
		}
		if local.Move(c.set); c.sleeps {
			stripe.Move(c.set)
		}
		asked, down = 0, c.down
		at, err := cl.Clock(t.Context())
		off := at.Sub(stripe.Now()) - late
		if name == "hardly" {
			off -= c.set
		}
		if err != nil || asked != c.want || off != 0 {
			t.Errorf("%s: asked %d times, %v off, %v", name, asked, off, err)
		}
	}
}

// TestAClockThatCannotBeTold: three answers that do not agree are enough.
func TestAClockThatCannotBeTold(t *testing.T) {
	local := testkit.NewClock()
	asked := 0
	c := client("http://stripe.invalid", func(o *stripeapi.Options) {
		o.Now = local.Now
		o.Transport = tripper(func(*http.Request) (*http.Response, error) {
			asked++
			return balance(local.Now().Add(time.Duration(asked) * time.Hour)), nil
		})
	})
	at, err := c.Clock(t.Context())
	if off := at.Sub(local.Now()) - late; err != nil || asked != 3 || off != time.Hour {
		t.Errorf("asked %d times, %v off, %v; want the nearest to the laptop's", asked, off, err)
	}
}
