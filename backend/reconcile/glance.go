package reconcile

import (
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/stripeapi"
)

// Many codes on many screens cost little more than one: a list of what was
// made lately shows a hundred of them in one read.

const (
	// fresh is how old a glance may be that another code's list gave.
	fresh = 1200 * time.Millisecond
	// beforeEnd is how long before a code's end it was made, at the most.
	beforeEnd = 40 * time.Minute
	// listsAtMost is how many pages are read for all codes together, before they
	// are asked for one by one.
	listsAtMost = 3
)

// shown is a code that is followed, as it was seen last.
type shown struct {
	orderID string
	end     time.Time // by Stripe's clock
	at      time.Time // when; zero for not yet
	verdict verdict
}

// hide forgets the codes of an order that is not followed any more. The caller
// holds mu.
func (r *Reconciler) hide(orderID string) {
	for id, c := range r.shown {
		if c.orderID == orderID {
			delete(r.shown, id)
		}
	}
}

// glance looks at a code of an order that is followed: by itself, or along with
// all others by a list.
func (r *Reconciler) glance(orderID string, t boxoffice.Tender) (verdict, error) {
	if isPayment(t.SessionID) {
		return r.look(r.life, t.SessionID)
	}
	asked := time.Now()
	if alone := r.show(orderID, t); alone {
		v, err := r.look(r.life, t.SessionID)
		if err == nil {
			r.glanced(t.SessionID, v)
		}
		return v, err
	}
	select {
	case r.listing <- struct{}{}: // whoever waits here is given what the list shows
		defer func() { <-r.listing }()
	case <-r.life.Done():
		return waiting, r.life.Err()
	}
	if v, ok := r.seenSince(t.SessionID, asked.Add(-fresh)); ok {
		return v, nil
	}
	if err := r.glanceAtAll(); err != nil {
		return waiting, err
	}
	if v, ok := r.seenSince(t.SessionID, asked); ok {
		return v, nil
	}
	// The list may lag, or be too long.
	v, err := r.look(r.life, t.SessionID)
	if err == nil {
		r.glanced(t.SessionID, v)
	}
	return v, err
}

// show notes that the code is followed, and reports whether it is the only one
// that somebody may be paying at this moment.
func (r *Reconciler) show(orderID string, t boxoffice.Tender) (alone bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.shown[t.SessionID]
	c.orderID, c.end = orderID, t.ExpiresAt
	r.shown[t.SessionID] = c
	others := 0
	for _, other := range r.shown {
		if p := r.followed[other.orderID]; p != nil && time.Since(p.since) < longestCode {
			others++
		}
	}
	p := r.followed[orderID]
	return others < 2 || p == nil || time.Since(p.since) >= longestCode
}

func (r *Reconciler) glanced(sessionID string, v verdict) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c, ok := r.shown[sessionID]; ok {
		c.at, c.verdict = time.Now(), v
		r.shown[sessionID] = c
	}
}

// seenSince is what a code was seen to be, if that was since the time.
func (r *Reconciler) seenSince(sessionID string, at time.Time) (verdict, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok := r.shown[sessionID]
	return c.verdict, ok && !c.at.IsZero() && !c.at.Before(at)
}

// glanceAtAll lists what was made since the oldest code that is followed, and
// records what the book lacks of those.
func (r *Reconciler) glanceAtAll() error {
	now := r.opt.Stripe.Now()
	from := now
	r.mu.Lock()
	for _, c := range r.shown {
		if p := r.followed[c.orderID]; p != nil && time.Since(p.since) < longestCode {
			from = earlier(from, c.end.Add(-beforeEnd))
		}
	}
	r.mu.Unlock()
	for pages, after := 0, ""; pages < listsAtMost; pages++ {
		page, err := r.opt.Stripe.Sessions(r.life, from, now.Add(time.Minute), after)
		if err != nil {
			return err
		}
		if err := r.glanceAt(page.Sessions); err != nil || !page.More {
			return err
		}
		after = page.Sessions[len(page.Sessions)-1].ID
	}
	return nil
}

func (r *Reconciler) glanceAt(sessions []stripeapi.Session) error {
	for _, s := range sessions {
		r.mu.Lock()
		_, followed := r.shown[s.ID]
		r.mu.Unlock()
		if !followed {
			continue
		}
		if err := r.observe(s); err != nil {
			return err
		}
		r.glanced(s.ID, judge(s))
	}
	return nil
}
