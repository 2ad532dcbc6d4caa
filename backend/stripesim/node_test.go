package stripesim

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestStripesOwnLibrary lets Stripe's Node library, as it was published for
// the API version, drive sales against the simulator. `npm ci` in nodecheck
// brings the library; where WILLCALL_REQUIRE_NODE=1 its absence is a failure.
func TestStripesOwnLibrary(t *testing.T) {
	_, missing := os.Stat("nodecheck/node_modules/stripe")
	node, err := exec.LookPath("node")
	if missing != nil || err != nil {
		if os.Getenv("WILLCALL_REQUIRE_NODE") == "1" {
			t.Fatal("Node or its modules are missing: run npm ci in backend/stripesim/nodecheck")
		}
		t.Skip("Node or its modules are missing: run npm ci in backend/stripesim/nodecheck to have this test")
	}
	sim, err := Open(Options{PublicURL: "http://127.0.0.1:4381"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(conforming(t, sim))
	defer server.Close()
	run := exec.CommandContext(t.Context(), node, "--test", "sale.test.mjs")
	run.Dir = "nodecheck"
	run.Env = append(os.Environ(), "STRIPE_SIM_ADDR="+strings.TrimPrefix(server.URL, "http://"))
	if out, err := run.CombinedOutput(); err != nil {
		t.Errorf("node --test: %v\n%s", err, out)
	}
}
