package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/stripeapi"
)

// mark is the metadata of all that the check makes; its value names the run.
const mark = "willcall_check"

// clock is the machine's: how long something took, and waiting.
type clock struct {
	now   func() time.Time
	pause func(time.Duration) error // fails when the run is ended
}

// line is one run: who is asked, and what earlier checks have made for later
// ones. What is zero was not made.
type line struct {
	*stripeapi.Client
	target
	clock

	watch *watch
	run   string // names the run in keys and metadata
	keys  int
	undo  []undo

	settles       money.Currency // the account's own; "" if the key may not know
	offered       []string
	product       stripeapi.Product
	first, second stripeapi.Price // of the product; the first is archived later
	taxRate       string
	request       boxoffice.SessionRequest
	key           string // that the request was sent with
	session       stripeapi.Session
	expiredAt     time.Time // by the machine's clock
	paid          stripeapi.Session
	paidAt        time.Time
	part          string // the key of the partial refund
	refund, rest  stripeapi.Refund
	link          stripeapi.Link
}

// undo takes away one thing that was made.
type undo struct {
	what string
	do   func(context.Context) error
}

// examine tries every assumption, and reports whether none was found to be
// false and nothing is left behind. What it made is taken away even when ctx
// has ended.
func examine(ctx context.Context, t target, c clock, out io.Writer) (right bool, err error) {
	if t.transport == nil {
		network := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's own
		defer network.CloseIdleConnections()
		t.transport = network
	}
	l := &line{target: t, clock: c, watch: &watch{next: t.transport}, run: strings.ToLower(rand.Text()[:10])}
	rate := 0.0 // Stripe's
	if t.simulated {
		rate = 1e6
	}
	l.Client = stripeapi.New(stripeapi.Options{BaseURL: t.base, Key: t.key, Transport: l.watch, PerSecond: rate, Now: c.now})
	began, table := c.now(), checks()
	r := newReport(out, table)
	if t.simulated {
		r.say("THIS WAS NOT STRIPE. There is no WILLCALL_STRIPE_KEY, so Willcall's own simulator answered:\n" +
			"nothing below is about Stripe itself, only about the client and the simulator agreeing.\n")
	} else {
		r.say("Asked: %s, API version 2023-10-16, run %s.\n", t.base, l.run)
	}
	r.head()
	for i, check := range table {
		saw, err := l.attempt(ctx, check)
		r.add(check, saw, err)
		if i == 0 && err != nil { // no test-mode key that Stripe takes: nothing is made with another
			for _, rest := range table[1:] {
				r.add(rest, "", skip("needs %s", check.number))
			}
			break
		}
	}
	r.end(c.now().Sub(began), l.clearAway(context.WithoutCancel(ctx)))
	return r.right, r.writeTrouble
}

// attempt tries one, unless the run was ended: that is no success. A request
// that is on its way is waited for all the same, or nobody would know what it
// has made.
func (l *line) attempt(ctx context.Context, c check) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("the run was ended: %w", err)
	}
	return c.try(l, context.WithoutCancel(ctx))
}

// clearing is the time for taking away what was made.
const clearing = 2 * time.Minute

// clearAway takes away what was made, the newest first, and says what could
// not be.
func (l *line) clearAway(ctx context.Context) (left []string) {
	ctx, cancel := context.WithTimeout(ctx, clearing)
	defer cancel()
	for _, u := range slices.Backward(l.undo) {
		if err := u.do(ctx); err != nil {
			left = append(left, u.what+": "+err.Error())
		}
	}
	return left
}

// later has something taken away at the end.
func (l *line) later(what string, do func(context.Context) error) {
	l.undo = append(l.undo, undo{what, do})
}

// newKey is an idempotency key that no request had.
func (l *line) newKey() string {
	l.keys++
	return fmt.Sprintf("check-%s-%d", l.run, l.keys)
}

// metadata is what the till writes, and the mark.
func (l *line) metadata(more ...string) map[string]string {
	m := map[string]string{mark: l.run, boxoffice.MetadataBook: "check-" + l.run}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return m
}

// need is nil if what an earlier check makes is there.
func need(id, number string) error {
	if id == "" {
		return skip("needs %s", number)
	}
	return nil
}

// failed is Stripe's failure, or nil where err is none of Stripe's.
func failed(err error) *stripeapi.Error {
	f, _ := errors.AsType[*stripeapi.Error](err)
	return f
}

// wantRefused is the verdict on a request that Stripe should refuse.
func wantRefused(err error, taken string) (saw string, _ error) {
	switch f := failed(err); {
	case err == nil:
		return "", deny("Stripe took %s", taken)
	case f == nil || f.Failure != stripeapi.Refused:
		return "", err
	default:
		return told(f), nil
	}
}

// soon looks until it is there, and says how long that took since a time.
func (l *line) soon(since time.Time, limit time.Duration, look func() (bool, error)) (time.Duration, error) {
	const first, most = 250 * time.Millisecond, 5 * time.Second
	for wait := first; ; wait = min(2*wait, most) {
		found, err := look()
		took := l.now().Sub(since)
		switch {
		case err != nil:
			return took, err
		case found:
			return round(took), nil
		case took >= limit:
			return took, deny("not there after %s", round(took))
		}
		if err := l.pause(wait); err != nil {
			return took, err
		}
	}
}

// search reads a list on until match says so.
func search[T any](fetch func(after string) (items []T, more bool, err error), id func(T) string, match func(T) bool) (one T, found bool, err error) {
	for after, more := "", true; more; {
		var items []T
		if items, more, err = fetch(after); err != nil {
			return one, false, err
		}
		for _, item := range items {
			if match(item) {
				return item, true, nil
			}
			after = id(item)
		}
	}
	return one, false, nil
}

// event looks for the event of an object: how soon it was listed after the
// machine's time since, and how far its created lies from Stripe's clock.
func (l *line) event(ctx context.Context, kind, objectID string, from, since time.Time) (string, error) {
	return l.eventOf(ctx, stripeapi.SessionEvents(), kind, objectID, from, since)
}

// eventOf is event, where events of the types are asked for.
func (l *line) eventOf(ctx context.Context, types []string, kind, objectID string, from, since time.Time) (string, error) {
	var e stripeapi.Event
	took, err := l.soon(since, overlap, func() (found bool, err error) {
		e, found, err = search(func(after string) ([]stripeapi.Event, bool, error) {
			page, err := l.Events(ctx, types, from, l.Now().Add(time.Minute), after)
			return page.Events, page.More, err
		}, func(e stripeapi.Event) string { return e.ID }, func(e stripeapi.Event) bool { return e.Type == kind && e.ObjectID == objectID })
		return found, err
	})
	if err != nil {
		return "", err
	}
	behind := l.Now().Sub(e.Created)
	if behind < -2*time.Second {
		return "", deny("its created is %s ahead of the Date of Stripe's answers", round(-behind))
	}
	return fmt.Sprintf("listed after %s; created %s before the Date of the answer", took, behind.Round(time.Second)), nil
}

// overlap is how far behind its cursor each poll of reconcile begins.
const overlap = 10 * time.Minute

// write asks for what the client has no call for.
func (l *line) write(ctx context.Context, path string, form url.Values) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+l.target.key)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := (&http.Client{Transport: l.watch}).Do(r)
	if err != nil {
		return err
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusOK {
		return fmt.Errorf("Stripe answered %s", got.Status) //nolint:staticcheck // Stripe is a name
	}
	return nil
}
