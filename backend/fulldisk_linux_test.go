package backend

import (
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
)

// fullDisk, in the environment, makes this the process whose disk is full.
const fullDisk = "WILLCALL_TEST_FULL_DISK"

// The disk fills up in the middle of an evening: the sale that does not fit is
// refused in words, takes no seat and asks Stripe for nothing; what was sold
// stays readable; and with room again the same tap is a sale. It runs in a
// process of its own, whose files may not grow beyond a limit.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if os.Getenv(fullDisk) == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFullDisk$", "-test.v", "-test.timeout=60s")
		child.Env = append(os.Environ(), fullDisk+"=1")
		if out, err := child.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestFullDisk") {
			t.Errorf("%v:\n%s", err, out)
		}
		return
	}
	signal.Ignore(syscall.SIGXFSZ) // the kernel then answers "file too large", as a full disk says "no space"
	_, cfg := away(t)
	open := openTill(t, cfg)
	body := open.twoAdults()
	info, err := os.Stat(bookOf(&cfg))
	if err != nil {
		t.Fatal(err)
	}
	setLimit(t, uint64(info.Size()))

	sold := 0
	var refused []byte
	for ; ; sold++ {
		var status int
		status, refused, err = send(t.Context(), http.MethodPost, open.url+"/api/orders", "sale-number-"+strconv.Itoa(sold), body)
		if err != nil || sold == 60 {
			t.Fatalf("%v: the house is sold out, and the disk has room", err)
		}
		if status == http.StatusInsufficientStorage {
			break
		}
		if status != http.StatusCreated {
			t.Fatalf("%d: %s", status, refused)
		}
	}
	if !strings.Contains(string(refused), `"code":"disk_full"`) || !strings.Contains(string(refused), "was not written down and did not happen") || strings.Contains(string(refused), "book.db") {
		t.Errorf("after %d sales: %s", sold, refused)
	}
	if n := open.left(); n != 120-2*sold {
		t.Errorf("after %d sales %d are left", sold, n)
	}

	setLimit(t, ^uint64(0))
	if o := open.sell("sale-number-" + strconv.Itoa(sold)); o.Status != "awaiting_payment" || open.left() != 118-2*sold {
		t.Errorf("with room again: %s, %d are left", o.Status, open.left())
	}
	made := call[struct{ Data []struct{ ID string } }](&till{T: t, url: cfg.StripeURL}, http.MethodGet, "/v1/checkout/sessions?limit=100", "", "", http.StatusOK)
	if len(made.Data) != sold+1 {
		t.Errorf("Stripe made %d codes for %d sales", len(made.Data), sold+1)
	}
	open.close()
	book, err := ledger.Open(bookOf(&cfg), ledger.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if report, err := book.Verify(t.TempDir()); err != nil || len(report.Problems) > 0 {
		t.Errorf("the book is not sound: %v %q %s", err, report.Problems, boxoffice.ErrorCode(err))
	}
}

// setLimit sets how long any file of this process may become, in bytes.
func setLimit(t *testing.T, most uint64) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	limit.Cur = min(most, limit.Max)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
}
