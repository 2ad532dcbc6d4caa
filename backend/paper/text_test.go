package paper

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-text/typesetting/shaping"
)

func setterOf(t testing.TB, fonts *Fonts) *setter {
	t.Helper()
	s, err := fonts.setter()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDirection(t *testing.T) {
	for _, test := range []struct {
		text      string
		otherwise bool
		want      bool
	}{
		{"Hamlet", true, false},
		{"בובות", false, true},
		{"بستان", false, true},
		{"2026: בובות and puppets", false, true},
		{"20:00 – Puppets בובות", true, false},
		{"20:00", true, true},
		{"20:00", false, false},
		{"", true, true},
	} {
		if got := direction(test.text, test.otherwise); got != test.want {
			t.Errorf("%q, otherwise %v: from right to left is %v", test.text, test.otherwise, got)
		}
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"  The\tCherry\r\n Orchard ": "The Cherry Orchard",
		"a\x00b\x1bc":                "a b c",
		"bad \xff byte":              "bad \uFFFD byte",
		"\u00a0\u2003":               "",
		"e\u0301 👩‍👧":                "e\u0301 👩‍👧",
		strings.Repeat("ж", 5000):    strings.Repeat("ж", maxRunes),
	} {
		if got := plain(text); got != want {
			t.Errorf("%.40q becomes %.40q, want %.40q", text, got, want)
		}
	}
}

func TestEveryScriptIsDrawn(t *testing.T) {
	s := setterOf(t, NewFonts())
	for name, text := range scripts() {
		for _, bold := range []bool{false, true} {
			b := s.fit(text, 150, 50, style{bold: bold, largest: 10, least: 3, leading: 1.2}, false)
			drawn := b.outline(150, false)
			letters := utf8.RuneCountInString(strings.ReplaceAll(plain(text), " ", ""))
			if len(drawn.verbs) < letters {
				t.Errorf("%s: %d letters have %d steps of outline", name, letters, len(drawn.verbs))
			}
			if b.cut || b.width() > 150 || b.height() > 50 {
				t.Errorf("%s: %.1f × %.1f, cut %v", name, b.width(), b.height(), b.cut)
			}
			for _, at := range drawn.points {
				if math.IsNaN(at.x) || math.IsNaN(at.y) {
					t.Fatalf("%s: a point is nowhere", name)
				}
			}
		}
	}
}

func TestLettersJoinAndTurn(t *testing.T) {
	s := setterOf(t, NewFonts())
	st := style{largest: 10, least: 10, leading: 1.2}
	glyphs := func(text string) []shaping.Glyph {
		var out []shaping.Glyph
		for _, run := range s.fit(text, 500, 50, st, false).lines[0] {
			out = append(out, run.Glyphs...)
		}
		return out
	}
	alone, joined := glyphs("ب"), glyphs("ببب")
	if len(joined) != 3 || joined[1].GlyphID == alone[0].GlyphID {
		t.Error("Arabic letters stand alone")
	}
	if lam := glyphs("لا"); len(lam) != 1 {
		t.Errorf("lam and alef are %d glyphs, want their one ligature", len(lam))
	}
	// Of two Hebrew letters the first in reading is the last from the left.
	if two, first := glyphs("אב"), glyphs("א"); two[1].GlyphID != first[0].GlyphID {
		t.Error("Hebrew is set from left to right")
	}
	// In a Latin line the Hebrew words swap, and the figures after them stay behind.
	line := s.fit("A א ב B", 500, 50, st, false).lines[0]
	var seen []int
	for _, run := range line {
		for _, g := range run.Glyphs {
			seen = append(seen, g.TextIndex())
		}
	}
	want := []int{0, 1, 4, 3, 2, 5, 6}
	for i := range want {
		if len(seen) != len(want) || seen[i] != want[i] {
			t.Fatalf("letters are seen as %v, want %v", seen, want)
		}
	}
}

func TestFit(t *testing.T) {
	s := setterOf(t, NewFonts())
	st := style{largest: 20, least: 4, leading: 1.2}
	words := strings.Repeat("curtain ", 12)
	for _, test := range []struct {
		name, text  string
		w, h        float64
		lines       int // of the style
		size        func(float64) bool
		cut, broken bool
	}{
		{"what fits is as large as may be", "Hamlet", 150, 40, 0, func(v float64) bool { return v == 20 }, false, false},
		{"more is smaller", words, 150, 60, 0, func(v float64) bool { return v < 20 && v > 8 }, false, false},
		{"one line is smaller still", "The Cherry Orchard", 60, 60, 1, func(v float64) bool { return v < 8 }, false, false},
		{"a long word is broken before all is small", strings.Repeat("schiff", 6), 100, 60, 0, func(v float64) bool { return v > 8 }, false, true},
		{"too much is cut at the least size", strings.Repeat(words, 20), 60, 30, 0, func(v float64) bool { return v == 4 }, true, false},
		{"no room for a line makes one smaller than the least", "Hamlet", 60, 2, 0, func(v float64) bool { return v < 4 && v > 1 }, false, false},
	} {
		st.lines = test.lines
		b := s.fit(test.text, test.w, test.h, st, false)
		if !test.size(b.size) || b.cut != test.cut {
			t.Errorf("%s: at %.2f mm, cut %v", test.name, b.size, b.cut)
		}
		if b.width() > test.w+0.01 || b.height() > test.h+0.01 {
			t.Errorf("%s: %.1f × %.1f in %.1f × %.1f", test.name, b.width(), b.height(), test.w, test.h)
		}
		if test.lines > 0 && len(b.lines) > test.lines {
			t.Errorf("%s: %d lines", test.name, len(b.lines))
		}
		broken := false
		runes := []rune(plain(test.text))
		for i, line := range b.lines {
			end := 0
			for _, run := range line {
				end = max(end, run.Runes.Offset+run.Runes.Count)
			}
			if i < len(b.lines)-1 && end < len(runes) && runes[end-1] != ' ' {
				broken = true
			}
		}
		if broken != test.broken {
			t.Errorf("%s: a word is broken: %v", test.name, broken)
		}
	}
}

func TestWhatIsCutEndsInDots(t *testing.T) {
	s := setterOf(t, NewFonts())
	st := style{largest: 4, least: 4, lines: 1, leading: 1.2}
	dots := s.fit("…", 50, 10, st, false).lines[0][0].Glyphs[0].GlyphID
	for text, atEnd := range map[string]bool{"a long story that goes on and on and on": true, "סיפור ארוך שנמשך לאורך כל הלילה בלי סוף ובלי הפסקה": false} {
		b := s.fit(text, 30, 10, st, false)
		line := b.lines[0]
		last := line[len(line)-1].Glyphs
		found := last[len(last)-1].GlyphID == dots
		if !atEnd {
			found = line[0].Glyphs[0].GlyphID == dots
		}
		if !b.cut || !found {
			t.Errorf("%.10q is cut: %v, its dots where it ends: %v", text, b.cut, found)
		}
	}
}

func TestSpacesAtALineEndTakeNoRoom(t *testing.T) {
	s := setterOf(t, NewFonts())
	st := style{largest: 10, least: 10, leading: 1.2}
	alone := s.fit("A בב", 500, 20, st, false).width()
	broken := s.fit("A בב גגגגגגגגגגגגגגגגג", alone+20, 60, st, false)
	if got := advance(broken.lines[0]) * broken.size; len(broken.lines) < 2 || math.Abs(got-alone) > 0.01 {
		t.Errorf("the line is %.3f wide, without the space at its end %.3f", got, alone)
	}
}

func TestWhatNoFontHasIsABox(t *testing.T) {
	s := setterOf(t, NewFonts())
	b := s.fit("櫻", 50, 20, style{largest: 10, least: 10, leading: 1.2}, false)
	drawn := b.outline(50, false)
	// Two rectangles: the outer, and the hole turned the other way.
	if len(drawn.points) != 8 || area(drawn.points[:4])*area(drawn.points[4:]) >= 0 {
		t.Errorf("a letter that no font has is drawn with %d points", len(drawn.points))
	}
}

// area of a polygon: positive or negative by the way it turns.
func area(corners []point) float64 {
	sum := 0.0
	for i, a := range corners {
		b := corners[(i+1)%len(corners)]
		sum += a.x*b.y - b.x*a.y
	}
	return sum / 2
}

func FuzzPoster(f *testing.F) {
	for _, text := range scripts() {
		f.Add(text, false)
	}
	f.Add("\u202e\u2066\u2069a\xff\x00\u200d\ufe0f", true)
	f.Add("\u0301\u0e33\u094d", true)
	fonts := NewFonts()
	f.Fuzz(func(t *testing.T, text string, training bool) {
		p := Poster{EventName: text, Place: text, When: text, TicketName: text, Price: text, Description: text, URL: "https://buy.stripe.com/abc",
			Code: text, SayAtDesk: text, Training: training, Words: words(), Fonts: fonts}
		for _, size := range []Size{A4, A6} {
			sheet, err := p.page(size)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range sheet.shapes {
				for _, at := range s.outline.points {
					if math.IsNaN(at.x+at.y) || math.IsInf(at.x+at.y, 0) {
						t.Fatal("a point is nowhere")
					}
				}
			}
		}
	})
}
