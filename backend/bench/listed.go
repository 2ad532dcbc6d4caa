package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"sync"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
	"willcall/backend/reconcile"
	"willcall/backend/stripeapi"
)

func firstSale() time.Time { return time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC) }

// list is a Stripe that takes no time: it lists sales that are in memory, as
// stripeapi hands them over, and has nothing else to say.
type list struct {
	reconcile.Stripe // whatever else is asked ends the bench

	sold []stripeapi.Session // oldest first, one a second
	size int                 // of a page
	now  time.Time

	mu    sync.Mutex
	read  int
	pages map[string]int // session → the first page on which it stood
}

// listed are so many sales of a poster from a number on, as live ones look, in
// pages of a size.
func listed(from, n, size int) *list {
	l := &list{size: size, now: firstSale().Add(time.Duration(from+n)*time.Second + time.Minute), pages: make(map[string]int, n)}
	for i := from; i < from+n; i++ {
		sum := sha256.Sum256(fmt.Append(nil, i))
		id := hex.EncodeToString(sum[:])
		at := firstSale().Add(time.Duration(i) * time.Second)
		l.sold = append(l.sold, stripeapi.Session{
			ID: "cs_live_" + id[:58], Status: stripeapi.SessionComplete, Paid: true, LinkID: "plink_bench", Amount: money.New(priceMinor, "eur"),
			Created: at, ExpiresAt: at.Add(24 * time.Hour), BuyerName: "Anna " + id[:7], BuyerEmail: "anna." + id[:9] + "@example.org",
			Payment: stripeapi.Payment{
				IntentID: "pi_" + id[10:34], Status: stripeapi.PaymentSucceeded, ChargeID: "ch_" + id[11:35], PaidAt: at.Add(40 * time.Second),
				Card: boxoffice.Card{Brand: "visa", Last4: fmt.Sprintf("%04d", i%10_000)},
			},
		})
	}
	return l
}

// Sessions lists one page, newest first.
func (l *list) Sessions(_ context.Context, from, to time.Time, after string) (stripeapi.SessionPage, error) {
	end := sort.Search(len(l.sold), func(i int) bool { return l.sold[i].Created.After(to) })
	begin := sort.Search(len(l.sold), func(i int) bool { return !l.sold[i].Created.Before(from) })
	if after != "" {
		for end > begin && l.sold[end-1].ID != after {
			end--
		}
		end--
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read++
	var page stripeapi.SessionPage
	for i := end - 1; i >= begin && len(page.Sessions) < l.size; i-- {
		page.Sessions, page.More = append(page.Sessions, l.sold[i]), i > begin
		if _, again := l.pages[l.sold[i].ID]; !again {
			l.pages[l.sold[i].ID] = l.read
		}
	}
	return page, nil
}

// Refunds lists none.
func (l *list) Refunds(context.Context, time.Time, time.Time, string) (stripeapi.RefundPage, error) {
	return stripeapi.RefundPage{}, nil
}

// Disputes lists none.
func (l *list) Disputes(context.Context, time.Time, time.Time, string) (stripeapi.DisputePage, error) {
	return stripeapi.DisputePage{}, nil
}

// Now is after the last sale.
func (l *list) Now() time.Time { return l.now }

// Clock is Now.
func (l *list) Clock(context.Context) (time.Time, error) { return l.now, nil }

// Usage is nothing: nobody is asked.
func (l *list) Usage() stripeapi.Usage { return stripeapi.Usage{} }

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
