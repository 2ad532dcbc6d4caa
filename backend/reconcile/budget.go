package reconcile

import (
	"log/slog"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// Stripe allots reads: on average 500 for each transaction of the last 30 days,
// and 10,000 at least (docs.stripe.com/rate-limits#api-read-request-allocations).
const (
	allotmentTime = 30 * 24 * time.Hour
	allotted      = 500
	allottedLeast = 10_000
)

const (
	// busyInterval is the time between polls with codes out. Those are looked at
	// one by one, and speed wins: the poll finds what nobody is looking at.
	busyInterval = 30 * time.Second
	// wallInterval is the least with a poster on the wall: whoever bought at one
	// is at the desk minutes later.
	wallInterval = 2 * time.Minute
	// idleLeast and idleInterval are the least and the most of a till at rest.
	idleLeast    = 5 * time.Minute
	idleInterval = 12 * time.Minute
)

// Budget is how much of Stripe's allotment of reads was used.
type Budget struct {
	Used     int64 // in the last 30 days
	Today    int64 // since midnight UTC
	Allotted int64 // for 30 days
}

// interval is the time between polls. A till at rest takes a third of what is
// allotted at the most, and everything slows as the allotment is used up.
func (b Budget) interval(codes, poster bool) time.Duration {
	wait := min(idleInterval, max(idleLeast, allotmentTime*3/time.Duration(b.Allotted)))
	switch {
	case codes:
		wait = busyInterval
	case poster:
		wait = wallInterval
	}
	return wait + wait*time.Duration(b.strain())/100 // the second is a number of percent
}

// strain is how much longer everything waits, in percent: not at all until half
// of the allotment is used, and ten times as long when it is used up.
func (b Budget) strain() int64 {
	half := b.Allotted / 2
	return 900 * min(max(b.Used-half, 0), half) / half
}

// budget is what was used of the allotment, by Stripe's clock.
func (r *Reconciler) budget() (b Budget, err error) {
	now := r.opt.Stripe.Now()
	err = r.opt.Book.View(func(tx *ledger.Tx) (err error) {
		if b.Used, err = tx.Reads(now.Add(-allotmentTime), now); err != nil {
			return err
		}
		if b.Today, err = tx.Reads(now, now); err != nil {
			return err
		}
		sold, err := tx.CountMoney(now.Add(-allotmentTime), now, maxAllotted/allotted)
		b.Allotted = max(allottedLeast, sold*allotted)
		return err
	})
	unsaved := r.unsaved()
	b.Used, b.Today = b.Used+unsaved, b.Today+unsaved
	return b, err
}

// maxAllotted is where more sales change nothing about the intervals.
const maxAllotted = 1_000_000

// pace is how long it may be without a poll.
func (r *Reconciler) pace() time.Duration {
	b, err := r.budget()
	poster := false
	if err == nil {
		poster, err = r.posterOut()
	}
	if err != nil {
		r.opt.Log.Error("reconcile: cannot read the book for its budget", slog.Any("error", err))
		return idleInterval
	}
	wait := b.interval(r.codesOut(), poster)
	r.paced(b, wait)
	return wait
}

// codesOut reports whether somebody may be paying at this moment. A bank that
// decides for days is nobody.
func (r *Reconciler) codesOut() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.followed {
		if time.Since(p.since) < longestCode {
			return true
		}
	}
	return false
}

// posterOut reports whether a poster may be selling.
func (r *Reconciler) posterOut() (out bool, err error) {
	err = r.opt.Book.View(func(tx *ledger.Tx) error {
		posters, err := tx.Posters()
		for _, p := range posters {
			out = out || p.State == boxoffice.PosterOpen || p.State == boxoffice.PosterClosing
		}
		return err
	})
	return out, err
}

// unsaved are the reads that the book has not counted yet.
func (r *Reconciler) unsaved() int64 {
	reads := r.opt.Stripe.Usage().Reads
	r.mu.Lock()
	defer r.mu.Unlock()
	return reads - r.counted
}

// countReads counts in the book what was read since the last time.
func (r *Reconciler) countReads(tx *ledger.Tx, at time.Time) error {
	reads := r.opt.Stripe.Usage().Reads
	r.mu.Lock()
	more := reads - r.counted
	r.counted = reads
	r.mu.Unlock()
	return tx.AddReads(at, more)
}
