package stripesim

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// journalToServe names the variable that turns this test program into the
// process that TestKillLosesNothingAnswered kills.
const journalToServe = "STRIPESIM_JOURNAL"

func TestMain(m *testing.M) {
	if path := os.Getenv(journalToServe); path != "" {
		fmt.Fprintln(os.Stderr, serveJournal(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func serveJournal(path string) error {
	sim, err := Open(Options{StatePath: path})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("listening on", listener.Addr())
	server := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: time.Minute}
	return server.Serve(listener)
}

// TestKillLosesNothingAnswered kills.
func TestServeForKill(t *testing.T) {
	path := os.Getenv("STRIPESIM_JOURNAL")
	if path == "" {
		t.Skip("serves only for TestKillLosesNothingAnswered")
	}
	sim, err := Open(Options{StatePath: path})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr())
	server := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: time.Minute}
	t.Fatal(server.Serve(listener))
}

// TestKillLosesNothingAnswered kills a real process with SIGKILL in the middle
// of its work, at another moment each time, and starts it again on the same
// journal: whatever was answered is there, and under its key no request was
// done twice.
func TestKillLosesNothingAnswered(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	path := filepath.Join(t.TempDir(), "stripe.jsonl")
	answered := map[string]string{} // idempotency key → session
	paidFor := map[string]bool{}
	for round := range 6 {
		b, kill := serveProcess(t, path)
		stop := time.AfterFunc(time.Minute, kill)
		for n := 0; ; n++ {
			if n == min(round, 1) { // only the first may end before anything is answered
				stop.Reset(time.Duration(3+7*round) * time.Millisecond)
			}
			key := fmt.Sprintf("round-%d-order-%d", round, n)
			r, err := b.try("POST", "/v1/checkout/sessions", sale, "Idempotency-Key", key)
			if err != nil {
				break // killed
			}
			id := r.ok().text("id")
			answered[key] = id
			tapped, err := b.try("POST", "/c/pay/"+id+"/pay", `{"email":"a@b.example"}`, "Content-Type", "application/json")
			if err != nil {
				break
			}
			tapped.ok().has("status", "succeeded")
			paidFor[id] = true
		}
		stop.Stop()
	}
	b, kill := serveProcess(t, path)
	defer kill()
	for key, id := range answered {
		again := b.post("/v1/checkout/sessions", sale, "Idempotency-Key", key).ok()
		if again.text("id") != id {
			t.Errorf("%s was answered %s, and now %s", key, id, again.text("id"))
		}
		now := b.get("/v1/checkout/sessions/" + id).ok()
		if paidFor[id] {
			now.has("payment_status", "paid")
		}
	}
	if len(answered) == 0 {
		t.Error("nothing was answered before the kills: the test proves nothing")
	}
	t.Logf("%d sessions answered, %d paid, over 6 kills", len(answered), len(paidFor))
}

// serveProcess starts this test program as a simulator of its own; kill ends
// it as kill -9 does.
func serveProcess(t *testing.T, path string) (*box, func()) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), journalToServe+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func() {
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Error(err)
		}
	}
	t.Cleanup(func() {
		kill()
		_ = cmd.Wait() // killed, as it should be
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if addr, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			return &box{t: t, url: "http://" + addr}, kill
		}
	}
	t.Fatal("the process did not listen")
	return nil, nil
}
