package stripesim

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// logbook is a log that several goroutines write.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// TestSecretsStayOutOfTheLog, debug lines too; and the journal, which has them
// all, is the owner's alone.
func TestSecretsStayOutOfTheLog(t *testing.T) {
	path, log := filepath.Join(t.TempDir(), "stripe.jsonl"), &logbook{}
	p := newPractice(t, journaled(path), quickly, func(o *Options) {
		o.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	r := newReceiver(t)
	r.status.Store(503)
	p.listen(Webhook{URL: r.url})
	restricted := p.register(Key{Kind: KeyRestricted})
	p.with(restricted).get("/v1/balance")
	code := p.code()
	tokens := p.redeem(code).ok()
	p.with(tokens.text("access_token")).get("/v1/account").ok()
	p.redeem(code)
	p.with(tokens.text("access_token")).get("/v1/account")
	p.post("/v1/products", "name=Poster").ok()
	p.settled()
	if !strings.Contains(log.buf.String(), "/v1/account") || !strings.Contains(log.buf.String(), "webhook was not taken") {
		t.Fatalf("the log has nothing to look at: %s", &log.buf)
	}
	journal := string(read(t, path))
	for name, secret := range map[string]string{
		"key": p.secret, "restricted key": restricted, "code": code, "access token": tokens.text("access_token"),
		"refresh token": tokens.text("refresh_token"), "webhook's secret": "whsec_test",
	} {
		if strings.Contains(log.buf.String(), secret) {
			t.Errorf("the %s is in the log", name)
		}
		if !strings.Contains(journal, secret) {
			t.Errorf("the %s is not in the journal", name)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the journal's mode is %v, %v", info.Mode(), err)
	}
}
