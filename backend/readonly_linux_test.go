package backend

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"willcall/backend/boxoffice"
)

// asNobody runs do without root's right to write everywhere, where the tests
// run as root. The thread it ran on is thrown away.
func asNobody(t *testing.T, do func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		do()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked
		const nobody = 65534
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0); errno != 0 {
			t.Error(errno)
			return
		}
		do()
	}()
	<-done
}

// A data folder in which nothing can be written: said in words, whether there
// is a book in it already or not, and nothing is changed.
func TestReadOnlyDataFolder(t *testing.T) {
	t.Parallel()
	for name, made := range map[string]bool{"with a book": true, "new": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := testConfig(t)
			if err := os.Chmod(filepath.Dir(cfg.Data), 0o755); err != nil { // nobody may pass through
				t.Fatal(err)
			}
			training := filepath.Join(cfg.Data, "training")
			if err := os.Mkdir(training, 0o700); err != nil {
				t.Fatal(err)
			}
			if made {
				if err := tryOpen(t, cfg); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(bookOf(&cfg), 0o444); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Chmod(training, 0o555); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(training, 0o700) })
			before := files(t, cfg.Data)
			var err error
			asNobody(t, func() { err = tryOpen(t, cfg) })
			e, ok := errors.AsType[*boxoffice.Error](err)
			if !ok || e.Code != boxoffice.CodeBookUnusable || !strings.Contains(e.Message, "cannot be opened. Nothing was changed.") || !strings.Contains(e.Next, "that you may write in it") {
				t.Errorf("opening ended with %v", err)
			}
			if after := files(t, cfg.Data); len(after) != len(before) || after[bookOf(&cfg)] != before[bookOf(&cfg)] {
				t.Error("something was written")
			}
		})
	}
}
