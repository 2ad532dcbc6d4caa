package reconcile

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync"
	"syscall"
	"time"
)

// longWire is the way to the simulated Stripe as it is in a simulation: each
// request and each answer takes its time, so that they overtake each other, and
// what was sent arrives whatever becomes of the till that sent it.
//
// How long follows from the seed and from what is sent, never from when it is
// sent: no two things happen in one moment, so none of them depends on which
// goroutine runs first, and a run with the same seed is the same run.
type longWire struct {
	stripe http.Handler
	seed   uint64
	cut    chan struct{} // closed when the till's power is gone

	mu        sync.Mutex
	unplugged bool
	slow      time.Duration // the longest that one way takes
	sent      map[uint64]uint64
}

func newLongWire(stripe http.Handler, seed uint64) *longWire {
	return &longWire{stripe: stripe, seed: seed, cut: make(chan struct{}), slow: 200 * time.Millisecond, sent: map[uint64]uint64{}}
}

// set changes the network; zero leaves how slow it is.
func (w *longWire) set(unplugged bool, slow time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.unplugged = unplugged; slow > 0 {
		w.slow = slow
	}
}

// ways are how long the request takes to arrive, and its answer.
func (w *longWire) ways(r *http.Request, body []byte) (in, out time.Duration, down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	what := fnv.New64a()
	for _, part := range []string{r.Method, r.URL.String(), r.Header.Get("Idempotency-Key"), string(body)} {
		_, _ = io.WriteString(what, part)
	}
	same := what.Sum64()
	w.sent[same]++
	return w.luck(same, w.sent[same], 1), w.luck(same, w.sent[same], 2), w.unplugged
}

// luck is a time up to how slow the network is, mostly short. The caller holds
// mu.
func (w *longWire) luck(numbers ...uint64) time.Duration {
	h := fnv.New64a()
	for _, n := range append(numbers, w.seed) {
		_ = binary.Write(h, binary.LittleEndian, n)
	}
	n := mixed(h.Sum64())
	longest := w.slow
	if n>>60 != 0 { // fifteen of sixteen
		longest /= 8
	}
	return time.Duration(n%uint64(longest)) + time.Microsecond
}

// mixed spreads out what FNV leaves alike.
func mixed(n uint64) uint64 {
	n ^= n >> 33
	n *= 0xff51afd7ed558ccd
	n ^= n >> 33
	n *= 0xc4ceb9fe1a85ec53
	return n ^ n>>33
}

// patientStripe is how long Stripe works at a request whose sender has gone.
const patientStripe = 90 * time.Second

// RoundTrip does what a transport does, with the errors that it has.
func (w *longWire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	in, out, down := w.ways(r, body)
	select {
	case <-w.cut:
		down = true
	default:
	}
	if down {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	type answer struct {
		r      *httptest.ResponseRecorder
		broken bool
	}
	answered := make(chan answer, 1)
	sent := r.Clone(context.WithoutCancel(r.Context()))
	sent.Body, sent.Host = io.NopCloser(bytes.NewReader(body)), r.URL.Host
	go func() {
		time.Sleep(in)
		ctx, stop := context.WithTimeout(sent.Context(), patientStripe)
		defer stop()
		a := answer{r: httptest.NewRecorder()}
		a.broken = (&line{stripe: w.stripe}).serve(a.r, sent.WithContext(ctx))
		time.Sleep(out)
		answered <- a
	}()
	select {
	case a := <-answered:
		if a.broken && a.r.Body.Len() == 0 {
			return nil, io.EOF
		}
		result := a.r.Result()
		if a.broken {
			result.Body = io.NopCloser(io.MultiReader(result.Body, breaks{}))
		}
		return result, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	case <-w.cut:
		return nil, errors.New("the power is gone")
	}
}
