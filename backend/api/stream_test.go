package api

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/feed"
	"willcall/backend/internal/testkit"
	"willcall/backend/money"
)

// listener hears the stream in process, message by message.
type listener struct {
	header http.Header

	mu    sync.Mutex
	heard []string // "event data" of each message
	text  strings.Builder
	deaf  bool // every write fails, as in a window whose page is gone
}

func (l *listener) Header() http.Header              { return l.header }
func (l *listener) WriteHeader(int)                  {}
func (l *listener) SetWriteDeadline(time.Time) error { return nil }

func (l *listener) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.deaf {
		return 0, http.ErrAbortHandler
	}
	return l.text.Write(p)
}

// Flush takes in what was written: a message must be whole by then.
func (l *listener) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	event, data, ok := strings.Cut(l.text.String(), "\ndata: ")
	data, whole := strings.CutSuffix(data, "\n\n")
	if !ok || !whole {
		data = "BROKEN " + l.text.String()
	}
	l.heard = append(l.heard, strings.TrimPrefix(strings.TrimPrefix(event, "retry: 500\n"), "event: ")+" "+data)
	l.text.Reset()
}

// all is what was heard so far.
func (l *listener) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.heard...)
}

// leave makes every write fail from now on.
func (l *listener) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deaf = true
}

// hear runs what happens beside a listener, in a time of its own, and compares
// what was heard. The handler must end when the listener leaves.
func hear(t *testing.T, happens func(*scene, *listener), want ...string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		ctx, leave := context.WithCancel(t.Context())
		l, ended := s.listen(ctx)
		happens(s, l)
		synctest.Wait()
		if diff := cmp.Diff(want, l.all()); diff != "" {
			t.Errorf("heard (-want +got):\n%s", diff)
		}
		if got := l.header.Get("Content-Type"); got != isStream {
			t.Errorf("the stream comes as %q", got)
		}
		leave()
		synctest.Wait()
		select {
		case <-ended:
		default:
			t.Error("the listener has left, and the handler goes on")
		}
	})
}

// listen begins to listen. ended is closed when the handler has returned.
func (s *scene) listen(ctx context.Context) (l *listener, ended chan struct{}) {
	l, ended = &listener{header: http.Header{}}, make(chan struct{})
	go func() {
		New(s.opt).ServeHTTP(l, httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/stream", nil))
		close(ended)
	}()
	synctest.Wait()
	return l, ended
}

// hello is what opens the stream of a book with the house on sale.
const hello = `hello {"number":5,"mode":"training"}`

func TestStreamTellsOfASale(t *testing.T) {
	const order = `"kind":"order","id":"ord-06ebrnjq013tnpc85oiniq1k"}`
	hear(t, func(s *scene, _ *listener) {
		testkit.Append(s, s.book, testkit.Pay(s.sell("key-of-this-sale", testkit.Obliges, "", 2)))
	}, hello, `change {"number":6,`+order, `change {"number":7,`+order, `change {"number":8,`+order)
}

func TestStreamTellsOfTheRest(t *testing.T) {
	hear(t, func(s *scene, _ *listener) {
		testkit.Append(s, s.book,
			boxoffice.DiscrepancyFoundFact{Discrepancy: boxoffice.Discrepancy{ID: "cs_1-unknown_order", SessionID: "cs_1", Amount: money.New(100, "eur"), Reason: boxoffice.UnknownOrder}},
			boxoffice.QuotaAddedFact{Quota: boxoffice.Quota{ID: "quota-more", PerformanceID: testkit.Performance, Size: 1}},
		)
	}, hello, `change {"number":6,"kind":"discrepancy","id":"cs_1-unknown_order"}`, `change {"number":7,"kind":"catalogue"}`)
}

// The line to Stripe goes down and comes back: each is told once, a second
// later at most.
func TestStreamTellsOfTheLine(t *testing.T) {
	hear(t, func(s *scene, _ *listener) {
		for _, state := range []LineState{LineDown, LineDown, LineDown, LineOK, LineOK} {
			s.setLine(Stripe{State: state})
			time.Sleep(lineCheck + time.Millisecond)
			synctest.Wait()
		}
	}, hello, `change {"number":5,"kind":"stripe"}`, `change {"number":5,"kind":"stripe"}`)
}

// A quiet minute: a heartbeat every 15 seconds.
func TestStreamBeats(t *testing.T) {
	hear(t, func(s *scene, l *listener) {
		time.Sleep(15*time.Second - time.Millisecond)
		synctest.Wait()
		if heard := l.all(); len(heard) != 1 {
			s.Errorf("before its time: %q", heard)
		}
		time.Sleep(45 * time.Second)
	}, hello, "heartbeat {}", "heartbeat {}", "heartbeat {}")
}

// A change that nobody rang for is told all the same, a second later at most.
func TestStreamWithoutTheBell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		s.opt.Bell = &feed.Bell{} // which rings for nothing
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		l, _ := s.listen(ctx)
		s.sell("key-of-this-sale", testkit.Silent, "", 1)
		time.Sleep(lineCheck + time.Millisecond)
		synctest.Wait()
		if heard := l.all(); len(heard) != 2 || !strings.HasPrefix(heard[1], `change {"number":6,"kind":"order"`) {
			t.Errorf("heard %q", heard)
		}
	})
}

// The window's page is gone, which shows only as a write that fails: the
// heartbeat finds it, and a change does too.
func TestStreamToNobody(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(*scene)
		after   time.Duration // at most
	}{
		"a heartbeat": {func(*scene) {}, heartbeat},
		"a change":    {func(s *scene) { s.sell("key-of-this-sale", testkit.Obliges, "", 1) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScene(t)
				l, ended := s.listen(t.Context())
				l.leave()
				began := time.Now()
				c.happens(s)
				<-ended
				if took := time.Since(began); took > c.after {
					t.Errorf("found after %s", took)
				}
			})
		})
	}
}

// Over a socket: the stream says hello at once, and a listener that leaves
// takes the handler with it.
func TestStreamOverASocket(t *testing.T) {
	s := newScene(t)
	ended := make(chan struct{})
	handler := Guard(New(s.opt))
	till := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r)
		close(ended)
	}))
	t.Cleanup(till.Close)
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, till.URL+"/api/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	lines := bufio.NewScanner(got.Body)
	var heard []string
	for len(heard) < 3 && lines.Scan() {
		heard = append(heard, lines.Text())
	}
	if diff := cmp.Diff([]string{"retry: 500", "event: hello", `data: {"number":5,"mode":"training"}`}, heard); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
	leave()
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the listener has left, and the handler goes on")
	}
}

// Every kind of fact is a kind of change that the screens know.
func TestChangeOf(t *testing.T) {
	of := boxoffice.OfTender{OrderID: "ord-1", TenderID: "tdr-1"}
	order := Change{Number: 9, Kind: ChangedOrder, ID: "ord-1"}
	catalogue := Change{Number: 9, Kind: ChangedCatalogue}
	connection := Change{Number: 9, Kind: ChangedConnection}
	ofPoster, poster := boxoffice.OfPoster{PosterID: "pst-1"}, Change{Number: 9, Kind: ChangedPoster, ID: "pst-1"}
	for _, c := range []struct {
		fact boxoffice.Fact
		want Change
	}{
		{boxoffice.BookOpenedFact{}, catalogue},
		{boxoffice.EventAddedFact{}, catalogue},
		{boxoffice.QuotaAddedFact{}, catalogue},
		{boxoffice.OrderPlacedFact{Order: boxoffice.Order{ID: "ord-1"}}, order},
		{boxoffice.OpenedFact{OfTender: of}, order},
		{boxoffice.RefusedFact{OfTender: of}, order},
		{boxoffice.CancelAskedFact{OfTender: of}, order},
		{boxoffice.ProcessingFact{OfTender: of}, order},
		{boxoffice.PaidFact{OfTender: of}, order},
		{boxoffice.ExpiredFact{OfTender: of}, order},
		{boxoffice.FailedFact{OfTender: of}, order},
		{boxoffice.EventChangedFact{}, catalogue},
		{boxoffice.QuotaChangedFact{}, catalogue},
		{boxoffice.QuotaRemovedFact{}, catalogue},
		{boxoffice.MirrorAskedFact{}, catalogue},
		{boxoffice.MirrorDoneFact{}, catalogue},
		{boxoffice.MirrorRefusedFact{}, catalogue},
		{boxoffice.MirrorAdoptedFact{}, catalogue},
		{boxoffice.MirrorLostFact{}, catalogue},
		{boxoffice.AccountConnectedFact{}, connection},
		{boxoffice.AccountDisconnectedFact{}, connection},
		{boxoffice.MethodsOfferedFact{}, connection},
		{boxoffice.MethodsChosenFact{}, connection},
		{boxoffice.PosterMadeFact{Poster: boxoffice.Poster{ID: "pst-1"}}, poster},
		{boxoffice.PosterOpenedFact{OfPoster: ofPoster}, poster},
		{boxoffice.PosterRefusedFact{OfPoster: ofPoster}, poster},
		{boxoffice.PosterCloseAskedFact{OfPoster: ofPoster}, poster},
		{boxoffice.PosterClosedFact{OfPoster: ofPoster}, poster},
		{boxoffice.OrderArrivedFact{PosterID: "pst-1", Order: boxoffice.Order{ID: "ord-1"}}, order}, // of which the screens know that it may be a poster's
		{boxoffice.DiscrepancyFoundFact{Discrepancy: boxoffice.Discrepancy{ID: "d-1", OrderID: "ord-1"}}, Change{Number: 9, Kind: ChangedDiscrepancy, ID: "d-1"}},
	} {
		if got := changeOf(9, c.fact); got != c.want {
			t.Errorf("%s is told as %+v, want %+v", c.fact.Kind(), got, c.want)
		}
	}
}
