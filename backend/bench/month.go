package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
)

// reading measures how much a till asks when nothing happens, and when many
// codes are out at once. Both are simulations on a clock that waits for nobody,
// which only a test has: the bench runs them and reads what they log.
func reading(ctx context.Context) ([]row, error) {
	month, err := logged(ctx, "./backend/bench", "TestAQuietMonth", `reads: (\d+)`)
	if err != nil {
		return nil, err
	}
	codes, err := logged(ctx, "./backend/reconcile", "TestManyCodesCostLittleMoreThanOne", `one code: (\d+) reads a minute; 20 codes: (\d+)`)
	if err != nil {
		return nil, err
	}
	return []row{
		{"reads of Stripe in a month without a sale", month[0], "< 5000"},
		{"reads of Stripe a minute with one code on the screen; with 20", codes[0] + "; " + codes[1], "≤ 2 times"},
	}, nil
}

// logged runs a test and returns what it logs in the place of the pattern's
// groups.
func logged(ctx context.Context, pkg, test, pattern string) ([]string, error) {
	c := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "-run", "^"+test+"$", pkg) // #nosec G204 -- our own tests
	c.Stderr = os.Stderr
	text, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", test, err, text)
	}
	found := regexp.MustCompile(pattern).FindSubmatch(text)
	if found == nil {
		return nil, fmt.Errorf("%s does not log its figures", test)
	}
	var figures []string
	for _, f := range found[1:] {
		figures = append(figures, string(f))
	}
	return figures, nil
}
