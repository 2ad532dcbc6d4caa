package metrics

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// told is one metric of a page that was scraped.
type told struct {
	Name, Kind string
	Samples    []string
}

// parse reads a page and holds it strictly to the text format: HELP and TYPE
// before the samples, each metric and each sample once, buckets that grow up to
// the count.
func parse(text string) (page []told, err error) {
	if !strings.HasSuffix(text, "\n") {
		return nil, fmt.Errorf("the last line has no end")
	}
	help := regexp.MustCompile(`^# HELP ([a-z_]+) \S.*$`)
	kind := regexp.MustCompile(`^# TYPE ([a-z_]+) (counter|gauge|histogram)$`)
	sample := regexp.MustCompile(`^([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\]|\\["\\n])*",?)+)\})? (\S+)$`)
	seen, helped, below := map[string]bool{}, "", map[string]float64{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch at := help.FindStringSubmatch(line); {
		case at != nil:
			if helped = at[1]; seen[helped] {
				return nil, fmt.Errorf("%s comes twice", helped)
			}
			seen[helped] = true
			continue
		case strings.HasPrefix(line, "# TYPE"):
			at := kind.FindStringSubmatch(line)
			if len(at) < 2 || at[1] != helped {
				return nil, fmt.Errorf("%q does not follow its HELP", line)
			}
			page = append(page, told{Name: at[1], Kind: at[2]})
			continue
		}
		at := sample.FindStringSubmatch(line)
		if at == nil || len(page) == 0 {
			return nil, fmt.Errorf("%q is no sample", line)
		}
		n, err := strconv.ParseFloat(at[3], 64)
		of := &page[len(page)-1]
		name, labels := at[1], at[2]
		switch {
		case err != nil:
			return nil, fmt.Errorf("%q has no number", line)
		case seen[name+"{"+labels] || strings.HasSuffix(labels, ","):
			return nil, fmt.Errorf("%q comes twice, or is not closed", line)
		case of.Kind == "histogram" && name == of.Name+"_bucket":
			series, end, ok := strings.Cut(labels, `le="`)
			if !ok || n < below[series] {
				return nil, fmt.Errorf("%q is a bucket that shrinks", line)
			}
			if below[series] = n; strings.HasPrefix(end, "+Inf") {
				below[strings.TrimSuffix(series, ",")+" all"] = n
				delete(below, series)
			}
		case of.Kind == "histogram" && name == of.Name+"_count":
			if n != below[labels+" all"] {
				return nil, fmt.Errorf("%q is not what the last bucket says", line)
			}
		case of.Kind == "histogram" && name == of.Name+"_sum":
		case name != of.Name || of.Kind == "histogram":
			return nil, fmt.Errorf("%q is not of %s", line, of.Name)
		case of.Kind == "counter" && n < 0:
			return nil, fmt.Errorf("%q is a counter below nothing", line)
		}
		seen[name+"{"+labels] = true
		of.Samples = append(of.Samples, line)
	}
	return page, nil
}

// The check of the format is one that fails.
func TestParseRefuses(t *testing.T) {
	const head = "# HELP x A thing.\n# TYPE x counter\n"
	for name, text := range map[string]string{
		"no end":              head + "x 1",
		"no help":             "# TYPE x counter\nx 1\n",
		"another's type":      "# HELP y A thing.\n# TYPE x counter\nx 1\n",
		"an unknown kind":     "# HELP x A thing.\n# TYPE x thing\nx 1\n",
		"another name":        head + "y 1\n",
		"twice":               head + "x 1\nx 2\n",
		"a metric twice":      head + "x 1\n" + head + "x 1\n",
		"no number":           head + "x one\n",
		"below nothing":       head + "x -1\n",
		"a quote":             head + `x{a="b"c"} 1` + "\n",
		"a comma":             head + `x{a="b",} 1` + "\n",
		"a sample alone":      "x 1\n",
		"buckets that shrink": "# HELP x A thing.\n# TYPE x histogram\n" + `x_bucket{le="1"} 2` + "\n" + `x_bucket{le="+Inf"} 1` + "\n",
		"another count":       "# HELP x A thing.\n# TYPE x histogram\n" + `x_bucket{le="+Inf"} 2` + "\nx_sum 1\nx_count 1\n",
	} {
		if page, err := parse(text); err == nil {
			t.Errorf("%s is read as %+v", name, page)
		}
	}
	good := head + "x{a=\"b\\\"\\\\\"} 1\n# HELP y A thing.\n# TYPE y histogram\n" + `y_bucket{le="1"} 1` + "\n" + `y_bucket{le="+Inf"} 2` + "\ny_sum 3.5\ny_count 2\n"
	if page, err := parse(good); err != nil || len(page) != 2 || len(page[1].Samples) != 4 {
		t.Errorf("what is right is refused: %v %+v", err, page)
	}
}
