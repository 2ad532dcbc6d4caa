package metrics

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// bounds are the upper ends of a histogram's buckets, in seconds: a commit takes
// about a millisecond, an answer of Stripe's a tenth of a second, and a request
// is given up after 20.
func bounds() []float64 {
	return []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20}
}

// vector is one metric, with a value for each set of labels that was seen.
type vector struct {
	about  Name
	values map[string]*value // by the labels as they are written: `method="GET",endpoint="/v1/events"`
}

// value is one number; of a histogram, all of its buckets.
type value struct {
	sum     float64
	buckets []uint64 // how many were in each, and beyond the last
}

// at is the value for the labels' values, which come in the order of
// Name.Labels.
func (v *vector) at(labels []string) *value {
	var written strings.Builder
	for i, l := range labels {
		if i > 0 {
			written.WriteByte(',')
		}
		written.WriteString(v.about.Labels[i] + `="` + escaped(l, true) + `"`)
	}
	found := v.values[written.String()]
	if found == nil {
		found = &value{}
		if v.about.Kind == histogram {
			found.buckets = make([]uint64, len(bounds())+1)
		}
		v.values[written.String()] = found
	}
	return found
}

func (v *value) observe(seconds float64) {
	v.sum += seconds
	at, _ := slices.BinarySearch(bounds(), seconds) // a bucket holds its upper end
	v.buckets[at]++
}

// write tells the metric. One without a value is told by its name alone, so
// that whoever looks for it knows that it exists.
func (v *vector) write(w io.Writer) error {
	var text strings.Builder
	text.WriteString("# HELP " + v.about.Name + " " + escaped(v.about.Help, false) + "\n")
	text.WriteString("# TYPE " + v.about.Name + " " + v.about.Kind + "\n")
	for _, labels := range slices.Sorted(maps.Keys(v.values)) {
		one := v.values[labels]
		if v.about.Kind != histogram {
			sample(&text, v.about.Name, labels, one.sum)
			continue
		}
		below := uint64(0)
		for i, n := range one.buckets {
			below += n
			end := "+Inf"
			if i < len(bounds()) {
				end = number(bounds()[i])
			}
			sample(&text, v.about.Name+"_bucket", joined(labels, `le="`+end+`"`), float64(below))
		}
		sample(&text, v.about.Name+"_sum", labels, one.sum)
		sample(&text, v.about.Name+"_count", labels, float64(below))
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func joined(labels, more string) string {
	if labels == "" {
		return more
	}
	return labels + "," + more
}

func sample(text *strings.Builder, name, labels string, n float64) {
	text.WriteString(name)
	if labels != "" {
		text.WriteString("{" + labels + "}")
	}
	text.WriteString(" " + number(n) + "\n")
}

func number(n float64) string { return strconv.FormatFloat(n, 'g', -1, 64) }

// escaped writes what would end a line or a label's value as the format has it.
func escaped(text string, quotes bool) string {
	text = strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(text)
	if quotes {
		text = strings.ReplaceAll(text, `"`, `\"`)
	}
	return text
}
