package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// guardOff names, in the environment, the case whose guards are off.
const guardOff = "WILLCALL_GUARD_OFF"

// TestGuards shows that each case needs its guards: a build of these tests in
// which every guard can be turned off plays it with them, and passes, and
// without them, and fails at a line of the script. One build for all: the
// sources that it replaces are nowhere but in a temporary folder.
func TestGuards(t *testing.T) {
	if testing.Short() || os.Getenv(guardOff) != "" {
		t.Skip("it builds a program")
	}
	t.Parallel()
	all := cases(t)
	program := buildSwitchable(t, all)
	two := make(chan struct{}, 2)
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			two <- struct{}{}
			defer func() { <-two }()
			if said, err := playApart(t, program, c, 0); err != nil {
				t.Errorf("with its guards it goes wrong: %v\n%s", err, said)
			}
			tried := map[int]bool{}
			for _, g := range c.guards {
				if !tried[g.number] {
					tried[g.number] = true
					needs(t, program, c, g)
				}
			}
		})
	}
}

// needs shows that the case goes wrong without the guard, and those that are
// turned off with it.
func needs(t *testing.T, program string, c nasty, g guard) {
	t.Helper()
	said, err := playApart(t, program, c, g.number)
	switch at := regexp.MustCompile(regexp.QuoteMeta(c.file) + `:\d+: .*\n.*`).FindString(said); {
	case err == nil:
		t.Errorf("nothing goes wrong without this guard in %s: %s", g.file, g.code)
	case at == "" || strings.Contains(said, "panic:"):
		t.Errorf("without its guard in %s it ends, and not at a line of the script:\n%s", g.file, said)
	default:
		t.Logf("without its guard in %s: %s", g.file, at)
	}
}

// playApart plays the case in a process of its own; without the guards of the
// number, or with all.
func playApart(t *testing.T, program string, c nasty, off int) (said string, err error) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	run := exec.CommandContext(ctx, program, "-test.run", "^TestCases$/^"+c.name+"$", "-test.timeout", "50s")
	run.Env = append(os.Environ(), guardOff+"="+strconv.Itoa(off))
	out, err := run.CombinedOutput()
	return string(out), err
}

// buildSwitchable builds this package's tests with the guards of all cases.
func buildSwitchable(t *testing.T, all []nasty) (program string) {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{} // file → what is built instead
	text := map[string]string{}    // the same, its text
	sources := map[string]string{} // the same, as it is
	for _, c := range all {
		for _, g := range c.guards {
			path, err := filepath.Abs(filepath.Join("..", g.file))
			if err != nil {
				t.Fatal(err)
			}
			if _, read := sources[path]; !read {
				source, err := os.ReadFile(path)
				if err != nil {
					t.Fatalf("%s: %v", c.file, err)
				}
				sources[path], text[path] = string(source), string(source)
			}
			if n := strings.Count(sources[path], g.code); n != 1 {
				t.Errorf("%s: its guard is %d times in %s: %s", c.file, n, g.file, g.code)
				continue
			}
			if !strings.Contains(text[path], g.code) {
				t.Errorf("%s: its guard in %s is another case's too: %s", c.file, g.file, g.code)
			}
			text[path] = strings.Replace(text[path], g.code, g.without, 1)
		}
	}
	put := func(path, content string) {
		to := filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		if err := os.WriteFile(to, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[path] = to
	}
	for path, content := range text {
		put(path, content)
		if at := filepath.Join(filepath.Dir(path), "off_switch.go"); replace[at] == "" {
			name := filepath.Base(filepath.Dir(path)) // of the package, which is that of its folder
			put(at, "package "+name+"\n\nimport (\"os\"; \"strconv\")\n\nfunc off(n int) bool { return os.Getenv(\""+guardOff+"\") == strconv.Itoa(n) }\n")
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(at, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	program = filepath.Join(dir, "cases.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-overlay", at, "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil || t.Failed() {
		t.Fatalf("the guards cannot be turned off: %v\n%s", err, out)
	}
	return program
}
