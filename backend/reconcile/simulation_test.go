package reconcile

import (
	"flag"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// happenings draws what happens in one simulation.
func happenings() *rapid.Generator[[]step] {
	names := make([]string, 0, len(deeds()))
	for name := range deeds() {
		names = append(names, name)
	}
	slices.Sort(names)
	// What most happens in a box office, so that the rest happens to something.
	for range 4 {
		names = append(names, "sale", "sale", "buyer pays", "visitor pays")
	}
	names = append(names, "refund", "poster", "poster", "close poster", "late money", "void", "dispute goes on", "visitors", "cancel", "cancel", "refund at Stripe", "well again", "well again")
	pauses := []time.Duration{
		3 * time.Second, 300 * time.Millisecond, 20 * time.Second, 2 * time.Minute, 40 * time.Millisecond, 3 * time.Second, 2 * time.Minute, 0,
		11 * time.Minute, 300 * time.Millisecond, 40 * time.Minute, 3 * time.Second, 3 * time.Second, 20 * time.Second, 2 * time.Minute, 5 * time.Hour,
	}
	number := rapid.Uint16()
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		at := int(number.Draw(t, "which"))
		n := mixed(uint64(at)<<16 + uint64(number.Draw(t, "what")))
		return step{
			Do: names[mixed(uint64(at))%uint64(len(names))],
			N:  int(n % 500), M: int(n >> 16 % 500), K: int(n >> 32 % 500),
			Then: pauses[n>>48%uint64(len(pauses))],
		}
	}), 10, 35)
}

// run simulates in a bubble of its own.
func run(t *testing.T, seed uint64, steps []step, lie func(Stripe) Stripe) (s *simulation) {
	t.Helper()
	cryptotest.SetGlobalRandom(t, seed)
	synctest.Test(t, func(t *testing.T) { s = simulate(t, seed, steps, lie) })
	return s
}

// TestSimulation: whatever happens, in the end the book and Stripe agree to the
// cent, no seat was sold twice on the way, and looking at everything again
// changes nothing. There are 100 runs, fewer under the race detector; -rapid.checks=2000 makes it as many, and
// "make soak RUNS=…" any number. A run that fails is cut down to the steps that
// it takes, and printed with what replays it: -rapid.seed=…
func TestSimulation(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); raced && checks.Value.String() == checks.DefValue {
		defer func() { _ = checks.Value.Set(checks.DefValue) }()
		if err := checks.Value.Set("25"); err != nil { // the race detector makes a run ten times as long
			t.Fatal(err)
		}
	}
	happened, runs := map[string]int{}, 0
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		steps := happenings().Draw(rt, "steps")
		s := run(t, seed, steps, nil)
		runs++
		for _, what := range s.happened {
			happened[what]++
		}
		if len(s.wrong) > 0 {
			rt.Log(s.log.String())
			rt.Fatal(strings.Join(s.wrong, "\n"))
		}
	})
	t.Logf("what happened, and how often: %v", happened)
	expected := mustHappen()
	if runs >= 1000 {
		expected = append(expected, happensSeldom()...)
	}
	for _, what := range expected {
		if runs >= 100 && happened[what] == 0 {
			t.Errorf("in %d runs there was no %q: the simulation does not reach it", runs, what)
		}
	}
}

// mustHappen are entries of which a hundred runs have dozens.
func mustHappen() []string {
	return []string{
		"tender.opened", "tender.paid", "tender.expired", "poster.opened", "poster.closed", "order.arrived", "tickets.voided",
		"refund.asked", "refund.recorded succeeded",
	}
}

// happensSeldom are those of which a thousand have.
func happensSeldom() []string {
	return []string{
		"tender.refused", "tender.cancel_asked", "tender.processing", "mirror.lost",
		"refund.refused", "refund.recorded pending", "refund.recorded requires_action", "refund.recorded failed",
		"dispute.recorded needs_response", "dispute.recorded warning_needs_response",
		"discrepancy.found elsewhere", "discrepancy.found paid_twice", "discrepancy.found no_room", "discrepancy.found wrong_currency",
		"discrepancy.resolved refund", "discrepancy.resolved keep",
	}
}

// TestASimulationReplaysExactly: the same seed is the same run, to the last
// entry's hash.
func TestASimulationReplaysExactly(t *testing.T) {
	for seed := range 6 {
		steps := happenings().Example(seed)
		first, second := run(t, uint64(seed), steps, nil), run(t, uint64(seed), steps, nil)
		a, b := strings.Split(first.log.String(), "\n"), strings.Split(second.log.String(), "\n")
		for n := range min(len(a), len(b)) {
			if a[n] != b[n] {
				t.Fatalf("seed %d: once it was\n%s\nand once\n%s", seed, a[n], b[n])
			}
		}
		if first.head != second.head || len(a) != len(b) {
			t.Errorf("seed %d: the newest entries are %s and %s", seed, first.head, second.head)
		}
		if other := run(t, uint64(seed)+1000, steps, nil); other.head == first.head {
			t.Errorf("seed %d: another seed is the same run", seed)
		}
	}
}
