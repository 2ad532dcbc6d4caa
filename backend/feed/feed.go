// Package feed is the doorbell: it wakes whoever waits for changes of the
// book. It carries no truth, only "look again", so a ring can be missed,
// doubled or early without harm.
package feed

import (
	"context"
	"sync"
)

// Bell wakes waiters. The zero value is ready.
type Bell struct {
	mu   sync.Mutex
	wait chan struct{}
}

// Listen returns a channel that is closed at the next Ring. Listen first, then
// look at the book, then wait: a change in between is not missed.
func (b *Bell) Listen() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.wait == nil {
		b.wait = make(chan struct{})
	}
	return b.wait
}

// Ring wakes everybody who listens now. It never blocks.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.wait != nil {
		close(b.wait)
		b.wait = nil
	}
}

// Wait listens until found reports true or an error, looking once at the start
// and again after each ring. When ctx ends, its error is returned.
func (b *Bell) Wait(ctx context.Context, found func() (bool, error)) error {
	for {
		rung := b.Listen()
		if ok, err := found(); ok || err != nil {
			return err
		}
		select {
		case <-rung:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
