package reconcile

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// howMany nasty cases there are.
const howMany = 25

// TestCases plays the twenty-five nasty cases, each a script of its own whose
// head says what Stripe did, what the book held, and what it must hold.
func TestCases(t *testing.T) {
	t.Parallel()
	playAll(t, "testdata/cases/*.txt")
}

// nasty is one of the cases as its file has it.
type nasty struct {
	number int
	file   string
	name   string // of its test in TestCases
	guards []guard
}

// guard is a piece of code without which the case goes wrong.
type guard struct {
	file    string // under backend/
	code    string // as it stands there, once
	without string // what stands in its place, and goes wrong where off(number) is true
	number  int    // the case's; with hundreds, to be turned off apart from others of the case
}

// cases reads them all, in the order of their numbers.
func cases(t *testing.T) (all []nasty) {
	t.Helper()
	switched := regexp.MustCompile(`\boff\((\d+)\)`)
	files, err := filepath.Glob("testdata/cases/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		c := nasty{file: file, name: name}
		if _, err := fmt.Sscanf(name, "%02d_", &c.number); err != nil {
			t.Fatalf("%s has no number", file)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			said, ok := strings.CutPrefix(strings.TrimSpace(line), "# guard: ")
			if !ok {
				continue
			}
			parts := strings.Split(said, " | ")
			if len(parts) != 3 {
				t.Fatalf("%s: a guard is a file, its code, and the code without it, with bars between: %s", file, said)
			}
			g := guard{file: parts[0], code: parts[1], without: parts[2]}
			if m := switched.FindStringSubmatch(g.without); m != nil {
				g.number, _ = strconv.Atoi(m[1])
			}
			if g.number%100 != c.number {
				t.Errorf("%s: nothing turns this guard off: %s", file, g.without)
			}
			c.guards = append(c.guards, g)
		}
		all = append(all, c)
	}
	return all
}

// TestEachCaseIsTold: all of them, once, each with what a reader must know, a
// guard, and the money to the cent.
func TestEachCaseIsTold(t *testing.T) {
	told := map[int]bool{}
	for _, c := range cases(t) {
		if told[c.number] {
			t.Errorf("case %d is told twice", c.number)
		}
		told[c.number] = true
		text, err := os.ReadFile(c.file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"# Stripe: ", "# The book: ", "# It must: ", "\nmoney = "} {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s has no %q", c.file, strings.TrimSpace(part))
			}
		}
		if len(c.guards) == 0 {
			t.Errorf("%s names no guard", c.file)
		}
	}
	for n := range howMany {
		if !told[n+1] {
			t.Errorf("case %d is not told", n+1)
		}
	}
}
