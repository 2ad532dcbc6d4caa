package feed

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

func TestRingWakesAllWhoListen(t *testing.T) {
	var b Bell
	first, second := b.Listen(), b.Listen()
	b.Ring()
	<-first
	<-second
	select {
	case <-b.Listen():
		t.Fatal("a ring was heard by one who came after it")
	default:
	}
	b.Ring()
	b.Ring() // to an empty room
}

func TestWaitMissesNoChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b Bell
		var count atomic.Int64
		var waiters sync.WaitGroup
		for range 8 {
			waiters.Go(func() {
				if err := b.Wait(t.Context(), func() (bool, error) { return count.Load() == 100, nil }); err != nil {
					t.Error(err)
				}
			})
		}
		for range 100 {
			waiters.Go(func() { count.Add(1); b.Ring() })
		}
		waiters.Wait() // synctest fails the test if one is never woken
	})
}

// TestAChangeRightAfterTheLookIsNotMissed is the order that Wait promises: it
// listens before it looks.
func TestAChangeRightAfterTheLookIsNotMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b Bell
		looks := 0
		err := b.Wait(t.Context(), func() (bool, error) {
			if looks++; looks == 1 {
				b.Ring() // the change came when this look had just ended
			}
			return looks == 2, nil
		})
		if err != nil || looks != 2 {
			t.Errorf("after %d looks: %v", looks, err)
		}
	})
}

func TestWaitLooksOnceARing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b Bell
		looks := make(chan int, 9)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			n := 0
			ended <- b.Wait(ctx, func() (bool, error) { n++; looks <- n; return false, nil })
		}()
		for want := range 3 {
			synctest.Wait()
			if len(looks) != want+1 {
				t.Errorf("after %d rings there were %d looks, want one at the start and one a ring", want, len(looks))
			}
			b.Ring()
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Wait ended with %v", err)
		}
	})
}

func TestWaitEnds(t *testing.T) {
	var b Bell
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Wait(ctx, func() (bool, error) { return false, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait after cancel: %v", err)
	}
	broken := errors.New("broken")
	if err := b.Wait(t.Context(), func() (bool, error) { return false, broken }); !errors.Is(err, broken) {
		t.Errorf("Wait with an error: %v", err)
	}
}
