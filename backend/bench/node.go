package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// nodeFolder has Stripe's own Node library.
const nodeFolder = "backend/stripesim/nodecheck"

// paged is what Node tells of its reading.
type paged struct {
	Events int     `json:"events"`
	Pages  int     `json:"pages"`
	Ms     float64 `json:"ms"`
}

func (p paged) took() time.Duration { return time.Duration(p.Ms * float64(time.Millisecond)) }

// pageWithNode lets Stripe's Node library read all events of the time, a
// hundred a page, each page after the one before.
func pageWithNode(ctx context.Context, s *stripe) (p paged, err error) {
	if _, err := os.Stat(nodeFolder + "/node_modules/stripe"); err != nil {
		return p, fmt.Errorf("install Stripe's Node library first (make setup): %w", err)
	}
	c := exec.CommandContext(ctx, "node", "events.mjs", strings.TrimPrefix(s.URL, "http://"), fmt.Sprint(s.From.Unix()), fmt.Sprint(s.To.Unix())) // #nosec G204 -- our own script
	c.Dir, c.Stderr = nodeFolder, os.Stderr
	text, err := c.Output()
	if err != nil {
		return p, fmt.Errorf("reading events with Node: %w", err)
	}
	err = json.Unmarshal(text, &p)
	return p, err
}
