package reconcile

import (
	"log/slog"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// longestCode is how long a code can be paid at the most, as the desk makes
// them, and a good measure more.
const longestCode = time.Hour

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
	case followed < longestCode:
		return 15 * time.Second
	default:
		return time.Hour // a bank decides for days, and the poll will tell
	}
}

// pursuit is the following of one order.
type pursuit struct {
	wake  chan struct{}
	since time.Time // when its codes came out, or were last asked for by a person
}

// follow looks at the order's codes at short intervals until nothing can change
// about them any more. Following an order that is followed already begins again
// at the shortest interval, at once.
func (r *Reconciler) follow(orderID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p, ok := r.followed[orderID]; ok {
		p.since = time.Now()
		p.look()
		return
	}
	r.pursue(orderID, time.Now())
}

// resume follows an order of an earlier run at the interval that its age asks
// for, beginning at once: it may have been paid meanwhile.
func (r *Reconciler) resume(o boxoffice.Order) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	age := max(0, now.Sub(o.PlacedAt)) // the laptop's clock may have been set back
	if p := r.pursue(o.ID, now.Add(-age)); p != nil {
		p.look()
	}
}

// pursue starts the loop, unless the order has one or the program ends. The
// caller holds mu.
func (r *Reconciler) pursue(orderID string, since time.Time) *pursuit {
	if r.followed[orderID] != nil || r.life.Err() != nil {
		return nil
	}
	p := &pursuit{wake: make(chan struct{}, 1), since: since}
	r.followed[orderID] = p
	r.work.Go(func() {
		defer func() {
			r.mu.Lock()
			delete(r.followed, orderID)
			r.hide(orderID)
			r.mu.Unlock()
		}()
		r.keepLooking(orderID, p)
	})
	return p
}

// look makes the loop look at once.
func (p *pursuit) look() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (r *Reconciler) keepLooking(orderID string, p *pursuit) {
	for failures := 0; ; {
		r.mu.Lock()
		wait := interval(time.Since(p.since))
		r.mu.Unlock()
		if failures > 0 {
			wait = max(wait, backoff(failures))
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-p.wake:
			timer.Stop()
		case <-r.life.Done():
			timer.Stop()
			return
		}
		over, err := r.lookAt(orderID)
		switch {
		case over, r.life.Err() != nil:
			return
		case err == nil:
			failures = 0
		default:
			failures++
			r.opt.Log.Warn("reconcile: cannot look at a code", slog.String("order", orderID), slog.Any("error", err))
		}
	}
}

// lookAt looks at each of the order's codes that is not final. over reports
// that none of them will change any more: it is final now, or it is paid with
// money that the book had to keep apart.
func (r *Reconciler) lookAt(orderID string) (over bool, err error) {
	o, err := r.order(orderID)
	if err != nil {
		return false, err
	}
	over = true
	for _, t := range o.Tenders {
		switch {
		case t.State.Final():
			continue
		case t.SessionID == "":
			over = false
			continue
		}
		v, err := r.glance(orderID, t)
		if err == nil && v == waiting {
			err = r.lapse(o, t)
		}
		if err != nil {
			return false, err
		}
		over = over && v.decided()
	}
	return over, nil
}

// lapse has a payment canceled whose time is over, or that somebody canceled
// while a bank was deciding, which has refused since. A Checkout Session ends by
// itself; a PaymentIntent waits for a card for ever, and would hold its seats.
func (r *Reconciler) lapse(o boxoffice.Order, t boxoffice.Tender) error {
	if t.Kind != boxoffice.CardTender || !t.CancelAsked && r.opt.Stripe.Now().Before(t.ExpiresAt) {
		return nil
	}
	now, err := r.opt.Stripe.Clock(r.life) // not by a laptop's clock that was set a moment ago
	if err != nil || !t.CancelAsked && now.Before(t.ExpiresAt) {
		return err
	}
	intent := boxoffice.Intent{Key: ledger.ExpireKey(t.ID), OrderID: o.ID, TenderID: t.ID, RecordedAt: now, Expire: t.SessionID}
	err = r.opt.Book.Update(func(tx *ledger.Tx) error {
		o, _, err := tx.Order(o.ID)
		if err != nil {
			return err
		}
		if t, _ := o.Tender(t.ID); t.State.Final() || t.CancelAsked {
			return nil
		}
		return r.record(tx, []boxoffice.Fact{boxoffice.CancelAskedFact{OfTender: boxoffice.OfTender{OrderID: o.ID, TenderID: t.ID}, Intent: intent}})
	})
	if err == nil {
		r.carry(intent.Key, false)
	}
	return err
}
