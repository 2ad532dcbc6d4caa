package boxoffice

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func span(from, to int) Span {
	return Span{From: noon.Add(time.Duration(from) * time.Second), To: noon.Add(time.Duration(to) * time.Second)}
}

func TestCover(t *testing.T) {
	for name, test := range map[string]struct {
		have []Span
		more Span
		want []Span
	}{
		"the first":             {nil, span(3, 5), []Span{span(3, 5)}},
		"before":                {[]Span{span(10, 20)}, span(3, 5), []Span{span(3, 5), span(10, 20)}},
		"after":                 {[]Span{span(10, 20)}, span(30, 40), []Span{span(10, 20), span(30, 40)}},
		"between":               {[]Span{span(1, 2), span(30, 40)}, span(10, 20), []Span{span(1, 2), span(10, 20), span(30, 40)}},
		"the next second":       {[]Span{span(1, 2)}, span(3, 4), []Span{span(1, 4)}},
		"the second before":     {[]Span{span(3, 4)}, span(1, 2), []Span{span(1, 4)}},
		"a second is missing":   {[]Span{span(1, 2)}, span(4, 5), []Span{span(1, 2), span(4, 5)}},
		"over two":              {[]Span{span(1, 5), span(10, 20), span(30, 40)}, span(4, 12), []Span{span(1, 20), span(30, 40)}},
		"over all":              {[]Span{span(1, 5), span(10, 20)}, span(0, 99), []Span{span(0, 99)}},
		"inside":                {[]Span{span(1, 50)}, span(4, 12), []Span{span(1, 50)}},
		"a moment":              {[]Span{span(1, 2)}, span(9, 9), []Span{span(1, 2), span(9, 9)}},
		"ends before it begins": {[]Span{span(1, 2)}, span(9, 8), []Span{span(1, 2)}},
	} {
		if diff := cmp.Diff(test.want, Cover(test.have, test.more)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestCoverIsAUnion holds the spans against the seconds that they cover, one by
// one.
func TestCoverIsAUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spans []Span
		covered := [60]bool{}
		for range rapid.IntRange(0, 12).Draw(t, "spans") {
			from := rapid.IntRange(0, 50).Draw(t, "from")
			to := from + rapid.IntRange(-2, 9).Draw(t, "long")
			for s := from; s <= to; s++ {
				covered[s] = true
			}
			spans = Cover(spans, span(from, to))
		}
		var want []Span
		for s, in := range covered {
			switch {
			case in && (s == 0 || !covered[s-1]):
				want = append(want, span(s, s))
			case in:
				want[len(want)-1].To = span(s, s).To
			}
		}
		if diff := cmp.Diff(want, spans); diff != "" {
			t.Fatalf("the spans are not what they cover (-seconds +spans):\n%s", diff)
		}
	})
}
