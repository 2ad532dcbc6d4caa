package stripesim

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestStripesOwnLibrary lets Stripe's Node library, as it was published for
// the API version, drive each check against a simulator of its own. `npm ci`
// in nodecheck brings the library; where WILLCALL_REQUIRE_NODE=1 its absence
// is a failure.
func TestStripesOwnLibrary(t *testing.T) {
	_, missing := os.Stat("nodecheck/node_modules/stripe")
	node, err := exec.LookPath("node")
	if missing != nil || err != nil {
		if os.Getenv("WILLCALL_REQUIRE_NODE") == "1" {
			t.Fatal("Node or its modules are missing: run npm ci in backend/stripesim/nodecheck")
		}
		t.Skip("Node or its modules are missing: run npm ci in backend/stripesim/nodecheck to have this test")
	}
	checks, err := filepath.Glob("nodecheck/*.test.mjs")
	if err != nil || len(checks) < 2 {
		t.Fatalf("the checks are %v, %v", checks, err)
	}
	for _, check := range checks {
		t.Run(filepath.Base(check), func(t *testing.T) {
			sim, err := Open(Options{PublicURL: "http://127.0.0.1:4381"})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = sim.Close() }()
			server := httptest.NewServer(conforming(t, sim))
			defer server.Close()
			run := exec.CommandContext(t.Context(), node, "--test", filepath.Base(check))
			run.Dir = "nodecheck"
			run.Env = append(os.Environ(), "STRIPE_SIM_ADDR="+strings.TrimPrefix(server.URL, "http://"))
			if out, err := run.CombinedOutput(); err != nil {
				t.Errorf("node --test: %v\n%s", err, out)
			}
		})
	}
}
