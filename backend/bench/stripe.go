package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"willcall/backend/stripesim"
)

// priceMinor is what a poster's ticket costs here.
const priceMinor = 2400

// away is how long the till was away for so many sales: three days for
// 20,000, and as much for each further 20,000.
func away(sales int) time.Duration {
	return time.Duration(sales) * (72 * time.Hour / 20_000)
}

// stripe is the simulator in a process of its own, so that neither its memory
// nor its turn at the garbage collector is counted as Willcall's.
type stripe struct {
	URL  string    `json:"url"`
	Link string    `json:"link"`
	From time.Time `json:"from"` // no sale is older
	To   time.Time `json:"to"`   // nor younger

	process *exec.Cmd
	end     io.Closer
}

// startStripe starts one with so many sales in it, all by one payment link.
func startStripe(ctx context.Context, sales int) (*stripe, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, self, "stripe", strconv.Itoa(sales)) // #nosec G204 -- this very program
	c.Stderr = os.Stderr
	end, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	s := &stripe{process: c, end: end}
	text, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(text, s)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the simulator did not start: %w", err), s.close())
	}
	return s, nil
}

// close ends the process, which waits for the end of its input.
func (s *stripe) close() error { return errors.Join(s.end.Close(), s.process.Wait()) }

// counts are the requests so far.
func (s *stripe) counts(ctx context.Context) (c stripesim.Counts, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/_sim/requests", http.NoBody)
	if err != nil {
		return c, err
	}
	err = sent(r, &c)
	return c, err
}

// serveStripe is that process: it makes the sales, tells its address, and
// serves until its input ends.
func serveStripe(ctx context.Context, in io.Reader, out io.Writer, sales int) error {
	debug.SetGCPercent(800) // it has memory enough, and must not be what everybody waits for
	// As an account in live mode has it (docs.stripe.com/rate-limits).
	sim, err := stripesim.Open(stripesim.Options{Latency: latency, Limits: stripesim.Limits{PerSecond: 100, PerEndpoint: 25}})
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s := &stripe{URL: "http://" + listener.Addr().String()}
	sim.SetPublicURL(s.URL)
	server := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	if err := s.sell(ctx, sim, sales); err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(s); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in)
	if err := errors.Join(err, server.Close()); err != nil {
		return err
	}
	if err = <-ended; errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, sim.Close())
}

// sell makes the link and its sales; one in a hundred was given back, and one
// in a thousand disputed.
func (s *stripe) sell(ctx context.Context, sim *stripesim.Sim, sales int) error {
	var price, link struct {
		ID string `json:"id"`
	}
	err := s.post(ctx, "/v1/prices", url.Values{"currency": {"eur"}, "unit_amount": {strconv.Itoa(priceMinor)}, "product_data[name]": {"Adult"}}, &price)
	if err == nil {
		err = s.post(ctx, "/v1/payment_links", url.Values{"line_items[0][price]": {price.ID}, "line_items[0][quantity]": {"1"}}, &link)
	}
	if err != nil {
		return err
	}
	s.Link, s.To = link.ID, time.Now().Add(-time.Minute).UTC().Truncate(time.Second)
	s.From = s.To.Add(-away(sales))
	return sim.Seed(stripesim.SeedOptions{Link: s.Link, Sales: sales, From: s.From, To: s.To, Refunds: sales / 100, Disputes: sales / 1000})
}

func (s *stripe) post(ctx context.Context, path string, form url.Values, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer sk_test_training")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return sent(r, into)
}

// sent reads the answer to a request.
func sent(r *http.Request, into any) (err error) {
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if answer.StatusCode != http.StatusOK {
		text, err := io.ReadAll(answer.Body)
		return errors.Join(fmt.Errorf("%s %s: %d %s", r.Method, r.URL.Path, answer.StatusCode, text), err)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}
