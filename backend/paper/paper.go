// Package paper makes what hangs on a wall and what lies in a file: posters whose
// QR code sells one ticket type, as PDF and as SVG, the code alone as PNG and as
// SVG, and the close of a period as PDF.
//
// # How a poster comes about
//
//	Poster → layout.go lays it out → a page: filled outlines, in millimetres → pdf.go or svg.go writes them
//
// A close goes the same way, from closing.go on as many pages as it needs.
//
// Both outputs are the same page, so what is proofed on the screen is what is
// printed. Letters are outlines too: text.go shapes them (ligatures, marks,
// right-to-left), breaks and shrinks them, and nothing depends on the fonts of
// the printer or of the browser. The same poster makes the same bytes.
//
// Paper knows no events, orders, money or Stripe. Every word, the price
// included, comes in as text; it knows no language and no time zone.
package paper

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Poster is one sheet that sells one ticket type. Every text may be of any
// length and script: it is wrapped, shrunk and in the end cut with "…". An
// empty text leaves its place empty; only URL is required.
type Poster struct {
	// EventName is the headline. The page reads in its direction: a name that
	// begins in Arabic or Hebrew turns the whole page.
	EventName string
	// Place and When are told in the event's own words and time zone.
	Place, When string
	// TicketName, Price and Description tell what is sold. Price carries its
	// currency.
	TicketName, Price, Description string
	// URL is what the QR code says and what stands under it.
	URL string
	// Code is the poster's short code, to be said at the desk.
	Code string
	// SayAtDesk is the sentence under Code: what a buyer does on arrival.
	SayAtDesk string
	// Training stamps the page across and colours its edges: it sells nothing.
	Training bool
	// Words are the poster's fixed words, in the event's language.
	Words Words
	// Made is the moment the PDF says it was made (UTC). The zero time is
	// written as 1970-01-01, so that nothing here reads a clock.
	Made time.Time
	// Fonts draw the letters. Nil has what is built in, and boxes for the rest.
	Fonts *Fonts
}

// Words are the fixed words of a poster. None is built in.
type Words struct {
	// Kind stands over the event's name: "Tickets".
	Kind string
	// Scan stands beside the code: "Scan to buy".
	Scan string
	// Desk stands over the short code: "Say at the desk".
	Desk string
	// Training is the stamp's word, and TrainingNote the sentence at the head
	// and foot of a training page. A training poster is not made without both.
	Training, TrainingNote string
}

// Size is a paper size of ISO 216, upright.
type Size string

// The sizes of a poster: A4 (210 × 297 mm) for a wall and A6 (105 × 148 mm) for
// a counter.
const (
	A4 Size = "A4"
	A6 Size = "A6"
)

// What cannot be made into a poster. The caller has the words for people.
var (
	ErrSize     = errors.New("paper: a poster is A4 or A6")
	ErrNoURL    = errors.New("paper: a poster without an address sells nothing")
	ErrNoStamp  = errors.New("paper: a training poster needs the words of its stamp")
	ErrCodeText = errors.New("paper: the text is empty or too long for a QR code")
	ErrPixels   = errors.New("paper: the picture is too small for the code's modules, or too large")
)

// PDF is the poster as a PDF of one page. The errors are ErrSize, ErrNoURL,
// ErrNoStamp and ErrCodeText.
func (p Poster) PDF(size Size) ([]byte, error) {
	sheet, err := p.page(size)
	if err != nil {
		return nil, err
	}
	made := p.Made
	if made.IsZero() {
		made = time.Unix(0, 0)
	}
	return sheet.pdf(made.UTC())
}

// SVG is the same page as a picture with the paper's size in millimetres. The
// errors are those of PDF.
func (p Poster) SVG(size Size) ([]byte, error) {
	sheet, err := p.page(size)
	if err != nil {
		return nil, err
	}
	return sheet.svg(), nil
}

// page checks the poster and lays it out.
func (p Poster) page(size Size) (*page, error) {
	plan, err := planOf(size)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(p.URL) == "" {
		return nil, ErrNoURL
	}
	if p.Training && (plain(p.Words.Training) == "" || plain(p.Words.TrainingNote) == "") {
		return nil, ErrNoStamp
	}
	code, err := modules(p.URL)
	if err != nil {
		return nil, err
	}
	fonts := p.Fonts
	if fonts == nil {
		fonts = NewFonts()
	}
	setter, err := fonts.setter()
	if err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	l := layout{Poster: p, plan: plan, setter: setter, toLeft: direction(p.EventName, false)}
	l.draw(code)
	return &page{width: plan.width, height: plan.height, title: plain(p.EventName), shapes: l.shapes}, nil
}
