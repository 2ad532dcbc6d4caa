package reconcile

import (
	"testing"
	"time"

	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// TestAQuietMonth costs half of what Stripe allots at the least, sweeps and
// Stripe's own books included. Five days of it are played.
func TestAQuietMonth(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		time.Sleep(5*24*time.Hour + 95*time.Second) // not in the moment of a poll
		reads := s.client.Usage().Reads
		if month := 6 * reads; month >= 5000 || month < 2500 {
			s.Errorf("a quiet month costs %d reads", month)
		}
		h, err := s.r.Health()
		if err != nil || h.Budget.Used-reads > 2 || h.Budget.Used < reads || h.Budget.Allotted != allottedLeast {
			s.Errorf("of %d reads the book says %+v, %v", reads, h.Budget, err)
		}
		if lag := h.Now.Sub(h.CoveredUntil); lag > idleInterval+time.Minute || h.NextPoll.Before(time.Now()) {
			s.Errorf("it is %v behind, and looks next at %v", lag, h.NextPoll)
		}
	})
}

// TestIntervalsFollowTheAllotment: the more is sold, the oftener it may look;
// the more was used, the seldomer; and with a code on the screen speed wins.
func TestIntervalsFollowTheAllotment(t *testing.T) {
	for _, c := range []struct {
		name          string
		used, allowed int64
		codes, poster bool
		least, most   time.Duration
	}{
		{"nothing sold", 0, 10_000, false, false, 12 * time.Minute, 12 * time.Minute},
		{"much sold", 0, 500_000, false, false, 5 * time.Minute, 5 * time.Minute},
		{"half used", 5000, 10_000, false, false, 12 * time.Minute, 12 * time.Minute},
		{"nearly used up", 9000, 10_000, false, false, time.Hour, 2 * time.Hour},
		{"used up", 20_000, 10_000, false, false, 2 * time.Hour, 2 * time.Hour},
		{"a code", 0, 10_000, true, true, 30 * time.Second, 30 * time.Second},
		{"a code, used up", 10_000, 10_000, true, false, 5 * time.Minute, 5 * time.Minute},
		{"a poster", 0, 10_000, false, true, 2 * time.Minute, 2 * time.Minute},
		{"a poster, used up", 10_000, 10_000, false, true, 20 * time.Minute, 20 * time.Minute},
	} {
		got := Budget{Used: c.used, Allotted: c.allowed}.interval(c.codes, c.poster)
		if got < c.least || got > c.most {
			t.Errorf("%s: %v, want %v to %v", c.name, got, c.least, c.most)
		}
	}
}

// TestAPosterForMonths stays within what is allotted, if nobody buys: as reads
// are used up, polls come seldomer.
func TestAPosterForMonths(t *testing.T) {
	var polls []time.Duration // when each was
	for at := time.Duration(0); at < 3*allotmentTime; {
		b := Budget{Allotted: allottedLeast}
		for i := len(polls) - 1; i >= 0 && polls[i] > at-allotmentTime; i-- {
			b.Used++
		}
		if b.Used > b.Allotted {
			t.Fatalf("after %v it has used %d", at, b.Used)
		}
		polls = append(polls, at)
		at += b.interval(false, true)
	}
}

// TestReadsAreCountedOverRestarts, by the day.
func TestReadsAreCountedOverRestarts(t *testing.T) {
	play(t, func(s *scene) {
		var asked int64
		for range 3 {
			s.start()
			s.sold(1)
			time.Sleep(9 * time.Hour)
			s.stop()
			asked += s.client.Usage().Reads
			s.open()
		}
		var counted, last int64
		s.view(func(tx *ledger.Tx) (err error) {
			if counted, err = tx.Reads(time.Now().Add(-allotmentTime), time.Now()); err == nil {
				last, err = tx.Reads(time.Now(), time.Now())
			}
			return err
		})
		if counted != asked || last <= 0 || last >= counted {
			s.Errorf("it asked %d times, and counted %d, %d of them on the last day", asked, counted, last)
		}
		if q := testkit.Quota(s, s.book, "quota-house"); q.Held != 0 {
			s.Errorf("%d seats are held by codes that ended", q.Held)
		}
	})
}
