package backend

import (
	"bytes"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"

	"willcall/backend/ledger"
	"willcall/backend/metrics"
)

const (
	metricsPath = "/metrics"
	streamPath  = "/api/stream"
)

// measured is the till with what it counts at /metrics, and with its listeners
// counted.
func (k *book) measured(version string, till http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == metricsPath && r.Method == http.MethodGet:
			k.scrape(w, r, version)
		case r.URL.Path == streamPath && r.Method == http.MethodGet:
			k.counts.Streaming(1)
			defer k.counts.Streaming(-1)
			till.ServeHTTP(w, r)
		default:
			till.ServeHTTP(w, r)
		}
	})
}

// updating measures a writing transaction of the book.
func (k *book) updating() (done func()) {
	began := k.now()
	return func() { k.counts.Updated(k.now().Sub(began)) }
}

// scrape tells a program on this machine what was counted. How much is sold is
// nobody else's business: neither another device's, should the till be shared,
// nor anybody's at the other end of a tunnel that is there for webhooks.
func (k *book) scrape(w http.ResponseWriter, r *http.Request, version string) {
	if !fromHere(r) {
		http.Error(w, "The metrics are for programs on this machine alone.", http.StatusForbidden)
		return
	}
	k.scraping.Lock()
	defer k.scraping.Unlock()
	reading, err := k.reading(version)
	if err != nil {
		k.log.Error("backend: the metrics cannot be read", slog.Any("error", err))
		http.Error(w, "The metrics cannot be read; the log says why.", http.StatusInternalServerError)
		return
	}
	var page bytes.Buffer
	if err := k.counts.Write(&page, reading); err != nil {
		k.log.Error("backend: the metrics cannot be written", slog.Any("error", err))
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = page.WriteTo(w) // a scraper that left comes again
}

// fromHere reports whether the request began on this machine.
func fromHere(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	forwarded := r.Header.Get("Forwarded") != "" || r.Header.Get("X-Forwarded-For") != ""
	return err == nil && ip != nil && ip.IsLoopback() && !forwarded
}

// reading is what the book and the line are like now.
func (k *book) reading(version string) (metrics.Reading, error) {
	h, err := k.reconciler.Health()
	if err != nil {
		return metrics.Reading{}, err
	}
	m := metrics.Reading{
		Version: version, Go: runtime.Version(), Book: string(k.name),
		PollFailing: h.Problem != nil, PollInterval: h.Interval, Cursor: h.CoveredUntil,
		ReadsUsed: h.Budget.Used, ReadsAllowed: h.Budget.Allotted,
		Entries: map[string]int{}, Discrepancies: map[string]int{},
	}
	if !h.CoveredUntil.IsZero() {
		m.Lag = max(0, h.Now.Sub(h.CoveredUntil))
	}
	if h.CatchUp != nil {
		m.CatchingUp, m.CatchUpGap, m.CatchUpRead, m.CatchUpFound = true, h.CatchUp.To.Sub(h.CatchUp.From), h.CatchUp.Share, h.CatchUp.Found
	}
	if file, err := os.Stat(bookPath(k.dir)); err == nil {
		m.BookSize = file.Size()
	}
	err = k.ledger.View(func(tx *ledger.Tx) error { return k.readBook(tx, &m) })
	return m, err
}

// readBook fills in what the book itself says. Entries that are new are counted
// once.
func (k *book) readBook(tx *ledger.Tx, m *metrics.Reading) error {
	intents, err := tx.Intents()
	if err != nil {
		return err
	}
	waiting, err := tx.Waiting()
	if err != nil {
		return err
	}
	all, err := tx.Discrepancies()
	if err != nil {
		return err
	}
	for _, d := range all {
		m.Discrepancies[string(d.Reason)]++
	}
	m.OpenCodes, m.OpenIntents, m.LateMoney = tx.CountAwaiting(), len(intents), len(waiting)
	if err := tx.UnfinishedRefunds(func(string, ledger.Money) error { m.UnfinishedRefunds++; return nil }); err != nil {
		return err
	}
	if err := tx.OpenDisputes(func(string, ledger.Money) error { m.OpenDisputes++; return nil }); err != nil {
		return err
	}
	told := k.toldUntil
	err = tx.Entries(told, func(e ledger.Entry) (bool, error) {
		m.Entries[string(e.Kind)]++
		told = e.Number
		return true, nil
	})
	if err == nil {
		k.toldUntil = told
	}
	return err
}
