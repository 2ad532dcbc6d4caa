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
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// row is one line of the table.
type row struct {
	what, measured, aim string
}

func main() {
	quick := flag.Bool("quick", false, "buyers take a tenth of the time; the delays are then not those of a real evening")
	binary := flag.String("binary", "bin/willcall", "the built program")
	screens := flag.String("screens", "frontend/dist", "the built screens")
	dir := flag.String("dir", "build/bench", "where to write; it should lie on the disk that books lie on")
	flag.Parse()
	if err := run(context.Background(), *quick, *binary, *screens, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, quick bool, binary, screens, parent string) (err error) {
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
	for _, measure := range []func() ([]row, error){
		func() ([]row, error) { return sale(ctx, dir) },
		func() ([]row, error) { return delay(ctx, quick) },
		func() ([]row, error) { return program(ctx, dir, binary) },
		func() ([]row, error) { return javascript(screens) },
	} {
		rows, err := measure()
		if err != nil {
			return err
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
