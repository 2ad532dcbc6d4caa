package paper

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/bidi"
)

// maxRunes is how much of a text is looked at: more than any page holds.
const maxRunes = 4096

// em is the size at which text is shaped, once; outlines have no hints, so every
// size is this one, scaled.
const em = 256

// style is how a text is set. Sizes are of the em, in millimetres.
type style struct {
	bold           bool
	largest, least float64
	lines          int     // at most; 0: as many as fit
	leading        float64 // from line to line, in ems
	fill           colour
}

// block is a text set into lines: at a size, in millimetres.
type block struct {
	style
	lines  [][]shaping.Output // each from left to right
	toLeft bool
	size   float64
	rise   float64 // of the first line over its foot, in ems
	step   float64 // from line to line, in ems
	cut    bool    // not all of the text is there
}

// height of the block from the top of its first line to under its last.
func (b *block) height() float64 {
	if len(b.lines) == 0 {
		return 0
	}
	return b.size * (b.rise + float64(len(b.lines)-1)*b.step + sink)
}

// width of its widest line.
func (b *block) width() float64 {
	widest := 0.0
	for _, line := range b.lines {
		widest = max(widest, advance(line)*b.size)
	}
	return widest
}

// How far a line of the built-in fonts rises over its foot and sinks under it, in ems.
const rise, sink = 0.8, 0.25

// setter sets text. It belongs to one poster.
type setter struct {
	plain, bold *faces
	shaper      shaping.HarfbuzzShaper
	segmenter   shaping.Segmenter
	wrapper     shaping.LineWrapper
}

func (f *Fonts) setter() (*setter, error) {
	own, err := f.builtIn()
	if err != nil {
		return nil, err
	}
	return &setter{plain: newFaces(own, f.find, false), bold: newFaces(own, f.find, true)}, nil
}

// plain is the text on one line: without control characters, at most maxRunes.
func plain(text string) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	})
	runes := []rune(strings.Join(words, " "))
	return string(runes[:min(len(runes), maxRunes)])
}

// direction tells whether the text runs from right to left, by its first letter
// that has a direction (rule P2 of Unicode's annex 9).
func direction(text string, otherwise bool) bool {
	for _, r := range text {
		switch properties, _ := bidi.LookupRune(r); properties.Class() {
		case bidi.R, bidi.AL:
			return true
		case bidi.L:
			return false
		default:
		}
	}
	return otherwise
}

// fit sets the text into w × h as large as its style allows. First its words
// stay whole, down to a point where one long word would make all small; then
// words are broken; at the least size what is too much is cut with "…".
func (s *setter) fit(text string, w, h float64, st style, toLeft bool) *block {
	runes := []rune(plain(text))
	b := &block{style: st, toLeft: direction(string(runes), toLeft), rise: rise, step: st.leading}
	if len(runes) == 0 || w <= 0 || h <= 0 {
		return b
	}
	shaped := s.shape(runes, b)
	for _, config := range []shaping.WrapConfig{{BreakPolicy: shaping.Never}, {BreakPolicy: shaping.WhenNecessary}} {
		least := st.least
		if config.BreakPolicy == shaping.Never {
			least = max(least, st.largest*whole)
		}
		for b.size = st.largest; b.size > least; b.size *= smaller {
			if config.TruncateAfterLines = b.room(h); config.TruncateAfterLines == 0 {
				continue
			}
			if b.lines, b.cut = s.wrap(shaped, runes, b, w, config); !b.cut && b.width() <= w {
				return b
			}
		}
	}
	for b.size = st.least; b.room(h) == 0; {
		b.size *= smaller
	}
	dots := &block{style: b.style, toLeft: b.toLeft}
	config := shaping.WrapConfig{BreakPolicy: shaping.WhenNecessary, TruncateAfterLines: b.room(h), Truncator: s.shape([]rune("…"), dots)[0]}
	b.lines, b.cut = s.wrap(shaped, runes, b, w, config)
	return b
}

// smaller is a step down in size; whole is the part of the largest size under
// which words may be broken.
const smaller, whole = 0.93, 0.42

// room is how many lines fit into the height at the block's size.
func (b *block) room(h float64) int {
	room := int(math.Floor((h/b.size-b.rise-sink)/b.step+1e-9)) + 1
	if b.style.lines > 0 {
		room = min(room, b.style.lines)
	}
	return max(0, room)
}

// shape turns the runes into glyphs at the size em. A found font may stand
// higher than the built-in ones: then the block's lines do.
func (s *setter) shape(runes []rune, b *block) []shaping.Output {
	faces := s.plain
	if b.bold {
		faces = s.bold
	}
	inputs := s.segmenter.Split(shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: b.direction(), Size: fixed.I(em),
	}, faces)
	out := make([]shaping.Output, 0, len(inputs))
	for _, input := range inputs {
		run := s.shaper.Shape(input)
		if !faces.builtIn(run.Face) {
			b.rise = max(b.rise, min(1.2, float64(run.LineBounds.Ascent)/64/em))
			b.step = max(b.step, min(1.8, float64(run.LineBounds.Ascent-run.LineBounds.Descent)/64/em))
		}
		out = append(out, run)
	}
	return out
}

func (b *block) direction() di.Direction {
	if b.toLeft {
		return di.DirectionRTL
	}
	return di.DirectionLTR
}

// wrap breaks the shaped text into lines of at most w and puts the runs of each
// into the order in which they are seen.
func (s *setter) wrap(shaped []shaping.Output, runes []rune, b *block, w float64, config shaping.WrapConfig) ([][]shaping.Output, bool) {
	config.Direction = b.direction()
	// The wrapper writes into the glyphs it is given.
	own := slices.Clone(shaped)
	for i := range own {
		own[i].Glyphs = slices.Clone(own[i].Glyphs)
	}
	wrapped, lost := s.wrapper.WrapParagraphF(config, fixed.Int26_6(w/b.size*em*64), runes, shaping.NewSliceIterator(own))
	lines := make([][]shaping.Output, len(wrapped))
	for i, line := range wrapped {
		if lost == 0 || i < len(wrapped)-1 {
			trim(line, runes)
		}
		lines[i] = slices.SortedFunc(slices.Values(line), func(a, b shaping.Output) int { return cmp.Compare(a.VisualIndex, b.VisualIndex) })
	}
	return lines, lost > 0
}

// trim takes the width from the spaces that end the line in reading order. In a
// run against the line's direction they are seen in its middle, where the
// wrapper leaves them (rule L1 of Unicode's annex 9).
func trim(line shaping.Line, runes []rune) {
	end := 0
	for _, run := range line {
		end = max(end, run.Runes.Offset+run.Runes.Count)
	}
	for end > 0 && unicode.IsSpace(runes[end-1]) {
		end--
	}
	for i := range line {
		for j := range line[i].Glyphs {
			if line[i].Glyphs[j].TextIndex() >= end {
				line[i].Glyphs[j].Advance = 0
			}
		}
		line[i].RecomputeAdvance()
	}
}

// advance is how wide a line is, in ems.
func advance(line []shaping.Output) float64 {
	sum := 0.0
	for _, run := range line {
		sum += float64(run.Advance) / 64 / em
	}
	return sum
}

// outline is the block with its upper left corner at (0, 0), in a column as
// wide as w: lines stand at its right edge, or at its left one.
func (b *block) outline(w float64, right bool) path {
	var p path
	for i, line := range b.lines {
		pen := point{0, b.size * (b.rise + float64(i)*b.step)}
		if right {
			pen.x = w - advance(line)*b.size
		}
		for _, run := range line {
			for _, glyph := range run.Glyphs {
				unit := b.size / em / 64
				b.glyph(&p, run.Face, glyph, point{pen.x + float64(glyph.XOffset)*unit, pen.y - float64(glyph.YOffset)*unit})
				pen.x += float64(glyph.Advance) * unit
			}
		}
	}
	return p
}

// glyph draws one glyph with its origin at the point.
func (b *block) glyph(p *path, face *font.Face, glyph shaping.Glyph, at point) {
	if glyph.GlyphID == 0 {
		p.missing(at, float64(glyph.Advance)/em/64*b.size, b.size)
		return
	}
	outline, _ := face.GlyphDataOutline(glyph.GlyphID)
	scale := b.size / float64(face.Upem())
	on := func(q opentype.SegmentPoint) point {
		return point{at.x + float64(q.X)*scale, at.y - float64(q.Y)*scale}
	}
	for i, s := range outline.Segments {
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if i > 0 {
				p.step(closed)
			}
			p.step(moveTo, on(s.Args[0]))
		case opentype.SegmentOpLineTo:
			p.step(lineTo, on(s.Args[0]))
		case opentype.SegmentOpQuadTo:
			p.step(quadTo, on(s.Args[0]), on(s.Args[1]))
		case opentype.SegmentOpCubeTo:
			p.step(cubeTo, on(s.Args[0]), on(s.Args[1]), on(s.Args[2]))
		}
	}
	if len(outline.Segments) > 0 {
		p.step(closed)
	}
}

// missing is the box that stands for a letter no font has.
func (p *path) missing(at point, width, size float64) {
	outer := box{at.x + width*0.1, at.y - 0.72*size, width * 0.8, 0.72 * size}
	inner := outer.inset(min(outer.w, outer.h) * 0.14)
	p.rect(outer)
	// The other way round: a hole.
	p.polygon(point{inner.x, inner.y}, point{inner.x, inner.y + inner.h}, point{inner.x + inner.w, inner.y + inner.h}, point{inner.x + inner.w, inner.y})
}
