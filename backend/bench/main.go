// Command bench measures what Willcall promises about speed and prints a
// table, each figure beside its aim or its yardstick from the same run.
//
// It is no test: machines are noisy, and a figure that is over its aim is a
// question, not a failure. Build the program first (make build), since two of
// the figures are the program's own.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// row is one line of the table.
type row struct {
	what, measured, aim string
}

func main() {
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		if err := part(context.Background(), os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "bench "+os.Args[1]+":", err)
			os.Exit(1)
		}
		return
	}
	quick := flag.Bool("quick", os.Getenv("BENCH_QUICK") == "1", "a tenth of the sales, and buyers take a tenth of the time; the figures are then not those of a real evening (or BENCH_QUICK=1)")
	only := flag.String("only", "", "one part alone: sale, delay, catchup, apply, month, program, screens")
	binary := flag.String("binary", "bin/willcall", "the built program")
	screens := flag.String("screens", "frontend/dist", "the built screens")
	dir := flag.String("dir", "build/bench", "where to write; it should lie on the disk that books lie on")
	flag.Parse()
	if err := run(context.Background(), bench{quick: *quick, only: *only, binary: *binary, screens: *screens}, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is what is asked for.
type bench struct {
	quick           bool
	only            string
	binary, screens string
}

// part is another process of the bench, which it starts itself.
func part(ctx context.Context, args []string) error {
	switch {
	case args[0] == "stripe" && len(args) == 2:
		sales, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		return serveStripe(ctx, os.Stdin, os.Stdout, sales)
	case args[0] == "catchup" && len(args) == 4:
		var s stripe
		sales, err := strconv.Atoi(args[2])
		if err := errors.Join(err, json.Unmarshal([]byte(args[3]), &s)); err != nil {
			return err
		}
		got, err := returnTo(&s, args[1], sales)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(got)
	default:
		return errors.New("the bench starts itself so; run it without words")
	}
}

func run(ctx context.Context, b bench, parent string) (err error) {
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(parent, "run-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	out := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(out, "what\tmeasured\taim")
	for _, m := range []struct {
		name    string
		measure func() ([]row, error)
	}{
		{"sale", func() ([]row, error) { return sale(ctx, dir) }},
		{"delay", func() ([]row, error) { return delay(ctx, b.quick) }},
		{"catchup", func() ([]row, error) { return catchUps(ctx, dir, b.quick) }},
		{"apply", func() ([]row, error) { return apply(ctx, dir, b.quick) }},
		{"month", func() ([]row, error) { return reading(ctx) }},
		{"program", func() ([]row, error) { return program(ctx, dir, b.binary) }},
		{"screens", func() ([]row, error) { return javascript(b.screens) }},
	} {
		if b.only != "" && b.only != m.name {
			continue
		}
		rows, err := m.measure()
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		for _, r := range rows {
			fmt.Fprintf(out, "%s\t%s\t%s\n", r.what, r.measured, r.aim)
		}
	}
	return out.Flush()
}

// quantile is the value that the share p of the sorted values does not exceed.
func quantile[T cmp.Ordered](values []T, p float64) T {
	slices.Sort(values)
	return values[min(int(p*float64(len(values))), len(values)-1)]
}

func ms(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000)
}
