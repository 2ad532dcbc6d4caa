package reconcile

import (
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
		names = append(names, "sale", "buyer pays", "visitor pays")
	}
	pauses := []time.Duration{
		3 * time.Second, 300 * time.Millisecond, 20 * time.Second, 2 * time.Minute, 40 * time.Millisecond, 20 * time.Second, 2 * time.Minute, 0, 11 * time.Minute, 40 * time.Minute, 13 * time.Hour,
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
	}), 15, 40)
}

// run simulates in a bubble of its own.
func run(t *testing.T, seed uint64, steps []step) (s *simulation) {
	t.Helper()
	cryptotest.SetGlobalRandom(t, seed)
	synctest.Test(t, func(t *testing.T) { s = simulate(t, seed, steps, nil) })
	return s
}

// TestSimulation: whatever happens, in the end the book and Stripe agree.
func TestSimulation(t *testing.T) {
	happened := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		steps := happenings().Draw(rt, "steps")
		s := run(t, seed, steps)
		for _, what := range s.happened {
			happened[what]++
		}
		if len(s.wrong) > 0 {
			rt.Log(s.log.String())
			rt.Fatal(strings.Join(s.wrong, "\n"))
		}
	})
	t.Log(happened)
}

// TestASimulationReplaysExactly: the same seed is the same run, to the last
// entry's hash.
func TestASimulationReplaysExactly(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		steps := happenings().Draw(rt, "steps")
		first, second := run(t, seed, steps), run(t, seed, steps)
		if a, b := first.log.String(), second.log.String(); first.head != second.head || a != b {
			n := 0
			for n < min(len(a), len(b)) && a[n] == b[n] {
				n++
			}
			rt.Fatalf("the heads are %s and %s, and the logs part at\n%.600s\n---\n%.600s", first.head, second.head, a[max(0, n-300):], b[max(0, n-300):])
		}
	})
}
