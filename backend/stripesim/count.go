package stripesim

import (
	"maps"
	"net/http"
	"sync"
)

// Counts are the API requests so far, faulty ones included. Stripe allots
// reads and does not meter writes.
type Counts struct {
	Reads  int            `json:"reads"`
	Writes int            `json:"writes"`
	Paths  map[string]int `json:"paths"` // by pattern: "GET /v1/checkout/sessions/{session}"
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
	c.Paths = maps.Clone(c.Paths)
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
