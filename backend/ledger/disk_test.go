//go:build linux

package ledger_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
	"willcall/backend/internal/testkit"
	"willcall/backend/ledger"
)

// fullDiskFolder tells the test's own child where to meet a full disk.
const fullDiskFolder = "WILLCALL_TEST_FULL_DISK"

// sellUntilFull sells until the disk is full, and checks that the sale that
// did not fit changed nothing; then has room made, and sells on.
func sellUntilFull(t *testing.T, path string, makeRoom func()) {
	t.Helper()
	b := open(t, path)
	sell := func(n int) error {
		return b.Update(func(tx *ledger.Tx) error {
			f := by(strings.Repeat("x", 4000)+"@example.org", placed(n, 1))
			return appendAll(tx, []boxoffice.Fact{f, opened(n), expired(n)})
		})
	}
	before := state(t, b)
	sold := 0
	err := sell(sold)
	for err == nil && sold < 5000 {
		sold++
		before = state(t, b)
		err = sell(sold)
	}
	full, ok := errors.AsType[*boxoffice.Error](err)
	if !ok || full.Code != boxoffice.CodeDiskFull || full.Next == "" || sold == 0 {
		t.Fatalf("sale %d ended with %v, want disk_full", sold, err)
	}
	if diff := cmp.Diff(before, state(t, b)); diff != "" {
		t.Errorf("the sale that did not fit changed the book:\n%s", diff)
	}
	for range 3 { // a later try may fit, since the first took some room in the file
		switch err := sell(sold); boxoffice.ErrorCode(err) {
		case "":
			sold++
		case boxoffice.CodeDiskFull:
		default:
			t.Errorf("another try on the full disk: %v, want disk_full", err)
		}
	}
	if _, err := b.Verify(filepath.Dir(path)); err != nil && boxoffice.ErrorCode(err) != boxoffice.CodeDiskFull {
		t.Errorf("verifying on the full disk: %v, want disk_full or nothing", err)
	}
	if _, err := ledger.Open(filepath.Join(filepath.Dir(path), "another.db"), options()); err != nil && boxoffice.ErrorCode(err) != boxoffice.CodeDiskFull {
		t.Errorf("beginning another book on the full disk: %v, want disk_full or nothing", err)
	}
	makeRoom()
	for n := sold; n < sold+5; n++ {
		if err := sell(n); err != nil {
			t.Fatalf("with room again: %v", err)
		}
	}
	testkit.MustVerify(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	testkit.MustVerify(t, open(t, path))
}

// TestFullDisk runs in a process of its own, whose files may not grow beyond a
// limit: the kernel answers "file too large" where a full disk says "no space".
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(fullDiskFolder); dir != "" {
		signal.Ignore(syscall.SIGXFSZ)
		var limit syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		roomy := limit
		limit.Cur = 512 << 10
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		sellUntilFull(t, filepath.Join(dir, "book.db"), func() {
			if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &roomy); err != nil {
				t.Fatal(err)
			}
		})
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "book.db")
	b := open(t, path)
	testkit.Append(t, b, testkit.House()...)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFullDisk$", "-test.v")
	child.Env = append(os.Environ(), fullDiskFolder+"="+dir)
	if out, err := child.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestFullDisk") {
		t.Errorf("%v:\n%s", err, out)
	}
}

// TestFullTinyDisk is the same on a real file system that has no space left,
// where the test may mount one.
func TestFullTinyDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("a file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(dir, "book.db")
	b := open(t, path)
	testkit.Append(t, b, testkit.House()...)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	sellUntilFull(t, path, func() {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	})
	if left, _ := filepath.Glob(filepath.Join(dir, "*.new")); len(left) > 0 {
		t.Errorf("a book that was not begun left %v", left)
	}
}

// TestABookIsBegunOnAFullDisk: nothing is left that looks like a book.
func TestABookIsBegunOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8k"); err != nil {
		t.Skipf("a file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	for range 2 { // the second try must not find half a book
		if _, err := ledger.Open(filepath.Join(dir, "book.db"), options()); boxoffice.ErrorCode(err) != boxoffice.CodeDiskFull {
			t.Errorf("%v, want disk_full", err)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("it left %v (%v)", fmt.Sprint(files), err)
	}
}
