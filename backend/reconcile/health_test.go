package reconcile

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/stripeapi"
	"willcall/backend/stripesim"
)

func (s *scene) healthy() (h Health) {
	s.Helper()
	h, err := s.r.Health()
	s.check(err)
	return h
}

// TestHealthThroughAnOutage: before the first poll, at rest, without a network,
// and when it is there again.
func TestHealthThroughAnOutage(t *testing.T) {
	play(t, func(s *scene) {
		if h := s.healthy(); !h.LastSuccess.IsZero() || !h.CoveredUntil.IsZero() || h.Problem != nil || h.CatchUp != nil || h.Budget.Used != 0 || h.Budget.Allotted != allottedLeast {
			s.Errorf("a new till says %+v", h)
		}
		s.start()
		time.Sleep(5 * time.Second)
		began := s.healthy()
		if age := time.Since(began.LastSuccess); began.Problem != nil || age > 5*time.Second || began.Interval != idleInterval || began.CoveredUntil.IsZero() {
			s.Errorf("at rest it says %+v", began)
		}
		if in := time.Until(began.NextPoll); in > idleInterval || in < idleInterval-5*time.Second {
			s.Errorf("at rest it looks again in %v", in)
		}
		s.line.unplugged.Store(true)
		time.Sleep(time.Hour)
		h := s.healthy()
		if !failed(h.Problem, stripeapi.Unsent) || h.LastSuccess.Sub(began.LastSuccess) > idleInterval+time.Minute || h.Now.Sub(h.CoveredUntil) < 40*time.Minute {
			s.Errorf("without a network it says %+v", h)
		}
		if in := time.Until(h.NextPoll); in > maxWait || in < -time.Second {
			s.Errorf("without a network it tries again in %v", in)
		}
		s.line.unplugged.Store(false)
		time.Sleep(maxWait + time.Second)
		h = s.healthy()
		if h.Problem != nil || time.Since(h.LastSuccess) > maxWait+time.Second || h.Now.Sub(h.CoveredUntil) > maxWait+5*time.Second {
			s.Errorf("with the network back it says %+v", h)
		}
		s.sold(1)
		time.Sleep(idleInterval + time.Second)
		if h = s.healthy(); h.Interval != busyInterval || time.Until(h.NextPoll) > busyInterval {
			s.Errorf("with a code out it says %+v", h)
		}
	})
}

// TestHealthOfACatchUp: how far it has come, and that it is over.
func TestHealthOfACatchUp(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		time.Sleep(5 * time.Second)
		poster := s.widePoster()
		s.stop()
		began := s.cursor()
		time.Sleep(72 * time.Hour)
		s.check(s.sim.Seed(stripesim.SeedOptions{Link: poster.LinkID, Sales: 350, From: time.Now().Add(-70 * time.Hour), To: time.Now().Add(-time.Hour)}))
		s.sim.SetFaults(stripesim.Fault{Path: "/v1/refunds", Kind: stripesim.FaultDelay, Delay: 20 * time.Second})
		s.open()
		s.start()
		time.Sleep(15 * time.Second)
		h := s.healthy()
		if c := h.CatchUp; c == nil || !c.From.Equal(began) || time.Since(c.To) > 20*time.Second || c.Share != 100 || c.Found != 350 {
			s.Fatalf("in the middle it says %+v", c)
		}
		h.CatchUp.Found = 0 // a copy
		if again := s.healthy(); again.CatchUp.Found != 350 || !again.CoveredUntil.Equal(began) || again.LastSuccess.After(began.Add(time.Hour)) {
			s.Errorf("then it says %+v", again)
		}
		s.sim.SetFaults()
		time.Sleep(3 * time.Minute)
		if h = s.healthy(); h.CatchUp != nil || h.Problem != nil || time.Since(h.CoveredUntil) > 2*time.Minute+5*time.Second {
			s.Errorf("afterwards it says %+v", h)
		}
	})
}

// TestPollForAPerson: when it returns, the book has what is new; a failure is
// told in words, and whoever does not wait lets it go on.
func TestPollForAPerson(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.poll()
		f.has(stranger("1", time.Now()))
		f.tells("evt_1", completed, "cs_1", time.Now())
		s.check(s.r.Poll(s.Context()))
		if len(s.discrepancies()) != 1 || s.healthy().LastSuccess.IsZero() {
			s.Errorf("it keeps %+v, and says %+v", s.discrepancies(), s.healthy())
		}
		f.failing(fails("events", stripeapi.Lost))
		if err := s.r.Poll(s.Context()); boxoffice.ErrorCode(err) != boxoffice.CodeStripeUnreachable || s.healthy().Problem == nil {
			s.Errorf("a failure says %v, and health %+v", err, s.healthy())
		}
		f.failing(func(call string) error {
			if call == "get cs_2" {
				time.Sleep(10 * time.Second)
			}
			return nil
		})
		f.has(stranger("2", time.Now()))
		f.tells("evt_2", completed, "cs_2", time.Now())
		ctx, cancel := context.WithTimeout(s.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := s.r.Poll(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			s.Errorf("after %v: %v", time.Since(began), err)
		}
		time.Sleep(20 * time.Second)
		if len(s.discrepancies()) != 2 {
			s.Errorf("it keeps %+v", s.discrepancies())
		}
	})
}

// TestManyWhoAskForAPoll: one after the other, so that a long time is caught up
// with once; what a button is pressed for in haste costs little.
func TestManyWhoAskForAPoll(t *testing.T) {
	play(t, func(s *scene) {
		s.start()
		time.Sleep(5 * time.Second)
		poster := s.widePoster()
		s.stop()
		time.Sleep(72 * time.Hour)
		s.check(s.sim.Seed(stripesim.SeedOptions{Link: poster.LinkID, Sales: 350, From: time.Now().Add(-70 * time.Hour), To: time.Now().Add(-time.Hour)}))
		reads := func(askers int) int64 {
			cursor := s.cursor()
			s.open()
			before := s.client.Usage().Reads
			for range askers {
				go func() { _ = s.r.Poll(s.Context()) }()
			}
			time.Sleep(time.Minute)
			s.check(s.book.Update(func(tx *ledger.Tx) error { return tx.SetCursor(cursor) }))
			return s.client.Usage().Reads - before
		}
		_ = reads(1) // takes the sales in
		one, six := reads(1), reads(6)
		if six > 2*one+10 {
			s.Errorf("one poll costs %d reads, six at once %d", one, six)
		}
	}, overTheAtlantic)
}

// TestPollAfterTheEnd says so, and starts nothing.
func TestPollAfterTheEnd(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.stop()
		f.took()
		if err := s.r.Poll(s.Context()); err == nil {
			s.Error("it says that all is well")
		}
		synctest.Wait()
		if calls := f.took(); len(calls) > 0 {
			s.Errorf("it asked %q", calls)
		}
	})
}

// TestCloseSavesReads: what was asked since the last poll is in the book when
// the program ends, and a till that asked nothing writes nothing.
func TestCloseSavesReads(t *testing.T) {
	polling(t, func(s *scene, f *fake) {
		s.poll()
		for range 7 {
			_, _ = s.r.look(s.Context(), "cs_none")
		}
		saved := func() (n int64) {
			s.view(func(tx *ledger.Tx) (err error) { n, err = tx.Reads(time.Now().Add(-time.Hour), time.Now()); return err })
			return n
		}
		before := saved()
		if used := s.healthy().Budget.Used; used != before+7 || s.healthy().Budget.Today != used {
			s.Errorf("of %d saved and 7 more it says %+v", before, s.healthy().Budget)
		}
		s.stop()
		if got := saved(); got != before+7 {
			s.Errorf("%d are saved, want %d", got, before+7)
		}
		s.stop()
		if got := saved(); got != before+7 {
			s.Errorf("closed twice, %d are saved, want %d", got, before+7)
		}
	})
}
