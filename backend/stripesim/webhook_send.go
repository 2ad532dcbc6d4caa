package stripesim

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// How events travel. Stripe tries for three days; who practises here has not
// that long.
const (
	patience    = 10 * time.Second // for one answer
	atTheDoor   = 4                // letters delivered at the same time
	userAgent   = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"
	jsonContent = "application/json; charset=utf-8"
)

// postman posts events in the background: the API never waits for an
// endpoint. What was not delivered at Close is lost, as it is at Stripe after
// the last try; the list of events has it.
type postman struct {
	client *http.Client
	pauses []time.Duration
	clock  func() time.Time
	log    *slog.Logger
	slots  chan struct{}
	run    sync.WaitGroup
	ctx    context.Context // ends at close
	cancel context.CancelFunc

	mu      sync.Mutex // guards all below
	closed  bool
	tallies map[string]*Tally
	last    map[string]envelope // by endpoint: what was sent last, to be sent again on demand
}

// Tally is what became of an endpoint's events.
type Tally struct {
	Delivered int `json:"delivered"` // taken with a 2xx
	Refused   int `json:"refused"`   // tries that failed
	GivenUp   int `json:"given_up"`
	Waiting   int `json:"waiting"` // on their way, or before another try
}

// envelope is a request to an endpoint, but for its address.
type envelope struct {
	signature string
	body      []byte
}

func newPostman(o Options) *postman {
	p := &postman{
		pauses: o.Pauses, clock: o.Now, log: cmp.Or(o.Logger, slog.New(slog.DiscardHandler)), slots: make(chan struct{}, atTheDoor),
		tallies: map[string]*Tally{}, last: map[string]envelope{},
	}
	if p.pauses == nil {
		p.pauses = []time.Duration{2 * time.Second, 10 * time.Second, time.Minute}
	}
	if p.clock == nil {
		p.clock = time.Now
	}
	transport := o.Webhooks
	if transport == nil {
		transport = &http.Transport{MaxIdleConnsPerHost: atTheDoor, IdleConnTimeout: patience}
	}
	// Stripe follows no redirect: it counts as refused.
	p.client = &http.Client{Transport: transport, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// send takes letters to deliver and returns at once.
func (p *postman) send(letters []letter) {
	if len(letters) == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	for _, l := range letters {
		p.tally(l.hook).Waiting++
		p.run.Go(func() { p.deliver(l) })
	}
}

// deliver tries until the endpoint takes the letter, or the pauses are used up.
func (p *postman) deliver(l letter) {
	for _, pause := range append(slices.Clone(p.pauses), -1) {
		status, err := p.try(l.hook, p.sign(l))
		taken := err == nil && status/100 == 2
		p.mu.Lock()
		t := p.tally(l.hook)
		switch {
		case taken:
			t.Delivered++
		default:
			t.Refused++
		}
		if taken || pause < 0 {
			t.Waiting--
		}
		if !taken && pause < 0 {
			t.GivenUp++
		}
		p.mu.Unlock()
		if taken || pause < 0 || !p.wait(pause) {
			return
		}
		p.log.Debug("simulated Stripe's webhook was not taken", "webhook", l.hook.ID, "status", status)
	}
}

// wait sleeps, however short; it returns false at close.
func (p *postman) wait(pause time.Duration) bool {
	return wait(p.ctx, max(pause, time.Nanosecond))
}

// try posts once and returns the endpoint's status.
func (p *postman) try(h *webhook, e envelope) (int, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-p.ctx.Done():
		return 0, p.ctx.Err()
	}
	req, err := http.NewRequestWithContext(p.ctx, http.MethodPost, h.URL, bytes.NewReader(e.body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", jsonContent)
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("Cache-Control", "no-cache")
	if e.signature != "" {
		req.Header.Set("Stripe-Signature", e.signature)
	}
	p.mu.Lock()
	p.last[h.ID] = e
	p.mu.Unlock()
	resp, err := p.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody)) // so that the connection can be used again
	return resp.StatusCode, nil
}

// sign puts the letter in an envelope of this moment.
func (p *postman) sign(l letter) envelope {
	return envelope{signature(l.hook.Secret, p.clock(), l.body, !l.hook.Live), l.body}
}

// signature is the header Stripe-Signature. In test mode Stripe adds a v0 that
// proves nothing, so that nobody relies on an unknown scheme. Its time is not
// that of a clock which controls have moved: an endpoint's clock was not.
// Source: docs.stripe.com/webhooks#verify-manually.
func signature(secret string, at time.Time, body []byte, test bool) string {
	t := strconv.FormatInt(at.Unix(), 10)
	header := "t=" + t + ",v1=" + seal(secret, t, body)
	if test {
		header += ",v0=" + seal("v0 "+secret, t, body)
	}
	return header
}

func seal(secret, at string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "%s.%s", at, body) // a hash takes everything
	return hex.EncodeToString(mac.Sum(nil))
}

func (p *postman) tally(h *webhook) *Tally {
	if p.tallies[h.ID] == nil {
		p.tallies[h.ID] = &Tally{}
	}
	return p.tallies[h.ID]
}

// close ends what is under way and waits for it.
func (p *postman) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cancel()
	p.run.Wait()
	p.client.CloseIdleConnections()
}
