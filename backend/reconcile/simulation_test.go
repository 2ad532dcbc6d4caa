package reconcile

import (
	"slices"
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
		0, 40 * time.Millisecond, 300 * time.Millisecond, 3 * time.Second, 3 * time.Second, 20 * time.Second, 20 * time.Second, 2 * time.Minute, 11 * time.Minute, 40 * time.Minute, 26 * time.Hour,
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{
			Do: rapid.SampledFrom(names).Draw(t, "do"),
			N:  rapid.IntRange(0, 500).Draw(t, "n"), M: rapid.IntRange(0, 500).Draw(t, "m"), K: rapid.IntRange(0, 500).Draw(t, "k"),
			Then: rapid.SampledFrom(pauses).Draw(t, "then"),
		}
	}), 10, 40)
}

// run simulates in a bubble of its own.
func run(t *testing.T, seed uint64, steps []step) (wrong []string, head, log string) {
	t.Helper()
	cryptotest.SetGlobalRandom(t, seed)
	synctest.Test(t, func(t *testing.T) { wrong, head, log = simulate(t, seed, steps, nil) })
	return wrong, head, log
}

// TestSimulation: whatever happens, in the end the book and Stripe agree.
func TestSimulation(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		steps := happenings().Draw(rt, "steps")
		wrong, _, log := run(t, seed, steps)
		if len(wrong) > 0 {
			rt.Log(log)
			for _, w := range wrong {
				rt.Log("WRONG: " + w)
			}
			rt.Fatal(wrong[0])
		}
	})
}

// TestASimulationReplaysExactly: the same seed is the same run, to the last
// entry's hash.
func TestASimulationReplaysExactly(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		steps := happenings().Draw(rt, "steps")
		_, first, log1 := run(t, seed, steps)
		_, second, log2 := run(t, seed, steps)
		if first != second || log1 != log2 {
			a, b := []byte(log1), []byte(log2)
			n := 0
			for n < min(len(a), len(b)) && a[n] == b[n] {
				n++
			}
			rt.Fatalf("the heads are %s and %s, and the logs part at\n%.600s\n---\n%.600s", first, second, a[max(0, n-300):], b[max(0, n-300):])
		}
	})
}
