package paper

import (
	"bytes"
	"fmt"
	"sync"
	"unicode"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/go-text/typesetting/font"
)

// Fonts draw the letters of posters: DejaVu Sans Condensed, built in, and for
// what it lacks whatever finds another font. They may be used by many at once.
type Fonts struct {
	builtIn func() (builtIn, error)
	find    finder
}

// builtIn are the embedded fonts, read once.
type builtIn struct{ plain, bold *font.Font }

// finder looks for a font that has an outline of the rune, preferably bold or
// not. It answers nil when there is none.
type finder func(r rune, bold bool) *font.Font

// NewFonts has the built-in fonts alone: Latin, Greek, Cyrillic, Arabic, Hebrew,
// Armenian, Georgian, signs and some emoji. What they lack becomes a box.
func NewFonts() *Fonts { return newFonts(nil) }

func newFonts(find finder) *Fonts {
	return &Fonts{find: find, builtIn: sync.OnceValues(func() (builtIn, error) {
		plain, err := font.ParseTTF(bytes.NewReader(dejavusanscondensed.TTF))
		if err != nil {
			return builtIn{}, fmt.Errorf("reading the built-in font: %w", err)
		}
		bold, err := font.ParseTTF(bytes.NewReader(dejavusanscondensedbold.TTF))
		if err != nil {
			return builtIn{}, fmt.Errorf("reading the built-in bold font: %w", err)
		}
		return builtIn{plain.Font, bold.Font}, nil
	})}
}

// faces choose a font for each rune: the built-in one of the weight, the other
// built-in one, a found one. A box is drawn for what nothing has. They belong to
// one poster: a font may be shared, a face may not.
type faces struct {
	own   []*font.Face
	find  finder
	bold  bool
	found map[*font.Font]*font.Face
}

func newFaces(own builtIn, find finder, bold bool) *faces {
	first, second := own.plain, own.bold
	if bold {
		first, second = second, first
	}
	return &faces{own: []*font.Face{font.NewFace(first), font.NewFace(second)}, find: find, bold: bold, found: map[*font.Font]*font.Face{}}
}

// ResolveFace is how the shaper asks.
func (f *faces) ResolveFace(r rune) *font.Face {
	for _, face := range f.own {
		if _, has := face.NominalGlyph(r); has {
			return face
		}
	}
	if f.find == nil {
		return f.own[0]
	}
	other := f.find(r, f.bold)
	if other == nil {
		return f.own[0]
	}
	face := f.found[other]
	if face == nil {
		face = font.NewFace(other)
		f.found[other] = face
	}
	return face
}

// builtIn tells whether the face is one of the embedded two.
func (f *faces) builtIn(face *font.Face) bool { return face == f.own[0] || face == f.own[1] }

// draws tells whether the font has an outline of the rune: an emoji font that
// has only pictures cannot be printed as outlines.
func draws(f *font.Font, r rune) bool {
	face := font.NewFace(f)
	glyph, has := face.NominalGlyph(r)
	if !has {
		return false
	}
	outline, has := face.GlyphDataOutline(glyph)
	return has && (len(outline.Segments) > 0 || unicode.IsSpace(r))
}
