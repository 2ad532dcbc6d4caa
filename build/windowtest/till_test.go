//go:build window

package windowtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// till is a desktop program at work, with addresses and a data folder of its own.
type till struct {
	t        *testing.T
	cmd      *exec.Cmd
	addr     string // the till's API, for other screens
	simAddr  string // the simulator
	log      *log
	exit     chan error
	stopOnce sync.Once
}

// log keeps what a program prints.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// openTill starts the built desktop program on the display, with its data in the folder data.
func openTill(t *testing.T, s *screen, data string) *till {
	t.Helper()
	program, err := filepath.Abs("../bin/willcall")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("%v: run make window first", err)
	}
	home := t.TempDir()
	w := &till{t: t, addr: freeAddress(t), simAddr: freeAddress(t), log: &log{}, exit: make(chan error, 1)}
	w.cmd = exec.Command(program)
	w.cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "DISPLAY=" + s.display,
		"HOME=" + home, "XDG_RUNTIME_DIR=" + home, "TMPDIR=" + home,
		"WILLCALL_DATA=" + data, "WILLCALL_ADDR=" + w.addr, "WILLCALL_SIM_ADDR=" + w.simAddr, "WILLCALL_PAY_ADDR=127.0.0.1:0",
	}
	w.cmd.Stdout, w.cmd.Stderr = w.log, w.log
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { w.exit <- w.cmd.Wait() }()
	t.Cleanup(func() {
		w.close()
		if t.Failed() {
			t.Logf("what the program printed:\n%s", w.log)
		}
	})
	return w
}

// close ends the program as a session's end does, and tells of an exit that is not clean.
func (w *till) close() {
	w.t.Helper()
	w.stopOnce.Do(func() {
		if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
			w.t.Error(err)
		}
		select {
		case err := <-w.exit:
			switch printed := w.log.String(); {
			case err == nil:
			case abortedByWails(printed):
				w.t.Logf("WebKit aborted the program as it shut down: %v", err)
			default:
				w.t.Errorf("the program did not end well: %v\n%s", err, printed)
			}
		case <-time.After(10 * time.Second):
			_ = w.cmd.Process.Kill()
			w.t.Errorf("the program did not end in 10 s, and was killed (%v)\n%s", <-w.exit, w.log)
		}
	})
}

// abortedByWails tells whether WebKit ended a program that was shutting down: Wails v2 lets go of the window's last requests
// on a thread that is not GTK's (github.com/wailsapp/wails/issues/5557; pull request 5566 mends it in v3 alone). Whatever
// was sold is in the book by then.
func abortedByWails(printed string) bool {
	_, end, ending := strings.Cut(printed, "Shutting down...")
	return ending && strings.Contains(end, "SIGABRT: abort") && strings.Contains(end, "webview._Cfunc_g_object_unref")
}

// api asks the till as another screen would, over its socket.
func (w *till) api(path string, into any) error { return ask(w.addr, path, "", into) }

// sim asks the simulator as Stripe's client would.
func (w *till) sim(path string, into any) error {
	return ask(w.simAddr, path, "sk_test_windowtest", into)
}

// connections counts the connections that stand to the till's socket: a browser holds one for its live stream, the window
// must hold none.
func (w *till) connections() (int, error) {
	_, port, err := net.SplitHostPort(w.addr)
	if err != nil {
		return 0, err
	}
	var number int
	if _, err := fmt.Sscan(port, &number); err != nil {
		return 0, err
	}
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return 0, err
	}
	local, established, n := fmt.Sprintf("0100007F:%04X", number), "01", 0
	for line := range strings.Lines(string(table)) {
		if f := strings.Fields(line); len(f) > 3 && f[1] == local && f[3] == established {
			n++
		}
	}
	return n, nil
}

// ask gets a document of JSON from a server on this machine.
func ask(addr, path, key string, into any) error {
	req, err := http.NewRequest(http.MethodGet, "http://"+addr+path, http.NoBody)
	if err != nil {
		return err
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	res, err := client().Do(req)
	return decode(res, err, into)
}

// client keeps no connection open, so that connections sees the window's alone.
func client() *http.Client {
	return &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
}

func decode(res *http.Response, err error, into any) error {
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("%s: %s", res.Status, body)
	}
	return json.Unmarshal(body, into)
}

// freeAddress is a loopback address that nothing listens on, below those that
// the system gives to whoever asks for any.
func freeAddress(t *testing.T) string {
	t.Helper()
	for {
		address := fmt.Sprint("127.0.0.1:", 11_000+rand.IntN(20_000))
		if l, err := net.Listen("tcp4", address); err == nil {
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			return address
		}
	}
}

// stop ends a helper program.
func stop(t *testing.T, cmd *exec.Cmd, patience time.Duration) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Logf("%s was gone already: %v", cmd.Path, err)
	}
	late := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	_ = cmd.Wait() // it was told to end; how it says so is its own affair
}

// eventually asks until it holds, at most half a minute: nothing here should need more than a second or two.
func eventually(t *testing.T, what string, holds func() error) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		err := holds()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited 30 s for %s: %v", what, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
