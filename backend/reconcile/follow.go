package reconcile

import (
	"log/slog"
	"time"

	"willcall/backend/boxoffice"
)

// interval is how long after the last look a code is looked at again, by how
// long it has been followed. Nobody has paid within the first seconds of
// seeing a QR code; most have within a minute and a half, and those wait for
// the tick. A buyer who takes 90 s costs 55 reads where an answer takes 150 ms.
func interval(followed time.Duration) time.Duration {
	switch {
	case followed < 8*time.Second:
		return 2 * time.Second
	case followed < 95*time.Second:
		return 1450 * time.Millisecond
	case followed < 5*time.Minute:
		return 5 * time.Second
	case followed < time.Hour:
		return 15 * time.Second
	default:
		return 5 * time.Minute // a bank that decides for days
	}
}

// follow looks at the order's codes at short intervals until nobody can pay
// them any more. Following an order that is followed already begins again at
// the shortest interval, at once.
func (r *Reconciler) follow(orderID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if wake, ok := r.followed[orderID]; ok {
		select {
		case wake <- struct{}{}:
		default:
		}
		return
	}
	wake := make(chan struct{}, 1)
	r.followed[orderID] = wake
	r.work.Go(func() {
		defer func() {
			r.mu.Lock()
			delete(r.followed, orderID)
			r.mu.Unlock()
		}()
		r.keepLooking(orderID, wake)
	})
}

func (r *Reconciler) keepLooking(orderID string, wake <-chan struct{}) {
	since := time.Now()
	failures := 0
	for {
		o, err := r.order(orderID)
		if err == nil && o.Status() != boxoffice.AwaitingPayment {
			return
		}
		wait := interval(time.Since(since))
		if failures > 0 {
			wait = max(wait, backoff(failures))
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-wake:
			since = time.Now()
		case <-r.life.Done():
			timer.Stop()
			return
		}
		timer.Stop()
		failures++
		if err := r.lookAt(o); err != nil && r.life.Err() == nil {
			r.opt.Log.Warn("reconcile: cannot look at a code", slog.String("order", orderID), slog.Any("error", err))
			continue
		}
		failures = 0
	}
}

// lookAt looks at each of the order's codes that is not final.
func (r *Reconciler) lookAt(o boxoffice.Order) error {
	for _, t := range o.Tenders {
		if t.SessionID == "" || t.State.Final() {
			continue
		}
		if err := r.look(r.life, t.SessionID); err != nil {
			return err
		}
	}
	return nil
}
