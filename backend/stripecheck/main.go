// Command stripecheck holds what Willcall believes about Stripe against Stripe
// itself, through the client that a till uses: it makes products, sessions,
// payments, refunds and links, looks at what comes back, and takes it all away
// again. It prints one line for each assumption, to be pasted into an issue.
//
// With a test-mode key in WILLCALL_STRIPE_KEY it asks Stripe. Without one it
// asks the simulator, and says that it did: then it proves only that the client
// and the simulator agree. WILLCALL_STRIPE_KEY_WITHOUT can name a restricted key
// of the same account that lacks Payment Links and may write Checkout Sessions.
//
// It must not touch a book, and never real money: a live key is refused before
// anything is sent.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	key, without := os.Getenv("WILLCALL_STRIPE_KEY"), os.Getenv("WILLCALL_STRIPE_KEY_WITHOUT") //nolint:forbidigo // this is where the process is known
	right, err := run(ctx, key, without)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "stripe-check:", err)
	}
	if err != nil || !right {
		os.Exit(1) //nolint:forbidigo // this is where the process is known
	}
}

// run reports whether nothing was found to be false.
func run(ctx context.Context, key, without string) (right bool, err error) {
	clock := clock{now: time.Now, pause: func(d time.Duration) error { return pause(ctx, d) }} //nolint:forbidigo // it is injected from here
	if key == "" {
		s, err := simulate(ctx)
		if err != nil {
			return false, err
		}
		defer s.close()
		return examine(ctx, s.target, clock, os.Stdout)
	}
	t, err := stripe(key, without)
	if err != nil {
		return false, err
	}
	if terminal(os.Stdin) {
		t.visitors = &person{lines: bufio.NewReader(os.Stdin), say: os.Stderr, ended: ctx.Done()}
	}
	return examine(ctx, t, clock, os.Stdout)
}

// terminal reports whether somebody can be asked.
func terminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// pause waits, unless the context ends first.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
