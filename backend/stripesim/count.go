package stripesim

import (
	"maps"
	"net/http"
	"sync"
)

// Counts are the API requests so far, faulty ones included. Stripe allots
// reads and does not meter writes. A request counts when it arrives, however
// long its answer takes.
type Counts struct {
	Reads   int            `json:"reads"`
	Writes  int            `json:"writes"`
	Paths   map[string]int `json:"paths"`             // by pattern: "GET /v1/checkout/sessions/{session}"
	Limited map[string]int `json:"limited,omitempty"` // answered 429, by pattern; nil if none was
}

// Since are the requests that came after earlier was counted.
func (c Counts) Since(earlier Counts) Counts {
	return Counts{
		Reads: c.Reads - earlier.Reads, Writes: c.Writes - earlier.Writes,
		Paths: less(c.Paths, earlier.Paths), Limited: less(c.Limited, earlier.Limited),
	}
}

// less is a minus b without what comes to nothing.
func less(a, b map[string]int) map[string]int {
	var out map[string]int
	for name, n := range a {
		if n -= b[name]; n != 0 {
			if out == nil {
				out = map[string]int{}
			}
			out[name] = n
		}
	}
	return out
}

type counter struct {
	mu     sync.Mutex
	counts Counts
}

// Requests are the API requests since Open.
func (s *Sim) Requests() Counts {
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	c := s.counts.counts
	c.Paths, c.Limited = maps.Clone(c.Paths), maps.Clone(c.Limited)
	return c
}

func (c *counter) add(method, pattern string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if method == http.MethodGet {
		c.counts.Reads++
	} else {
		c.counts.Writes++
	}
	if c.counts.Paths == nil {
		c.counts.Paths = map[string]int{}
	}
	c.counts.Paths[pattern]++
}

// refuse counts a 429.
func (c *counter) refuse(pattern string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts.Limited == nil {
		c.counts.Limited = map[string]int{}
	}
	c.counts.Limited[pattern]++
}
