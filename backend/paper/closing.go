package paper

import (
	"fmt"
	"strings"
	"time"
)

// Closing is the close of a period or a payout on A4, to be signed and filed.
// Every word comes in as text; whatever is empty is left out.
type Closing struct {
	Title string   // "Close of 5 March 2026"
	Lines []string // under it: which book it is, the time, when it was made

	// Verdict is the one sentence that matters, "412 of 412 agree", and Advice
	// what follows from it. Agrees makes it look like good news.
	Verdict, Advice string
	Agrees          bool

	Tables []Table
	Sign   []string // who signs, each on a line of their own
	Page   string   // the word before a page's number: "Page"

	// Training stamps each page at its head and foot with Words.
	Training bool
	Words    Words
	Made     time.Time // as with a Poster
	Fonts    *Fonts    // as with a Poster
}

// Table is rows under a headline, which is repeated on each page.
type Table struct {
	Title   string
	Columns []Column
	Rows    [][]string // as many cells as there are columns
	Note    string     // under the last row
}

// Column is how the cells of a table stand.
type Column struct {
	Name   string
	Share  float64 // of the width, beside the others' shares
	Number bool    // at the end of the line, under each other
}

// PDF is the close as a PDF. The error is ErrNoStamp, or that a font cannot be
// read.
func (c Closing) PDF() ([]byte, error) {
	pages, _, err := c.pages()
	if err != nil {
		return nil, err
	}
	made := c.Made
	if made.IsZero() {
		made = time.Unix(0, 0)
	}
	return document(plain(c.Title), pages, made.UTC())
}

// said is a text and where it was set: for tests, since letters are outlines.
type said struct {
	page int
	text string
	at   box
	cut  bool
}

// pages lays the close out.
func (c Closing) pages() ([]*page, []said, error) {
	if c.Training && (plain(c.Words.Training) == "" || plain(c.Words.TrainingNote) == "") {
		return nil, nil, ErrNoStamp
	}
	fonts := c.Fonts
	if fonts == nil {
		fonts = NewFonts()
	}
	setter, err := fonts.setter()
	if err != nil {
		return nil, nil, fmt.Errorf("paper: %w", err)
	}
	l := &filed{Closing: c, setter: setter, styles: filedStyles(), toLeft: direction(c.Title, false)}
	l.draw()
	return l.sheets, l.said, nil
}

// filed puts a close on its pages.
type filed struct {
	Closing
	*setter
	styles filedText
	toLeft bool
	sheets []*page
	said   []said
	y      float64 // how far the page is full
}

// filedText is how the texts of a close are set.
type filedText struct{ title, line, verdict, advice, head, name, cell, note, foot, stamp style }

func filedStyles() filedText {
	return filedText{
		title:   style{bold: true, largest: 8, least: 3.4, lines: 3, leading: 1.15, fill: ink},
		line:    style{largest: 3.6, least: 2.4, lines: 3, leading: 1.3, fill: inkSoft},
		verdict: style{bold: true, largest: 6.5, least: 3, lines: 3, leading: 1.2, fill: ink},
		advice:  style{largest: 3.6, least: 2.4, lines: 6, leading: 1.3, fill: ink},
		head:    style{bold: true, largest: 4.6, least: 2.6, lines: 2, leading: 1.2, fill: ink},
		name:    style{bold: true, largest: 2.9, least: 1.8, lines: 2, leading: 1.2, fill: inkSoft},
		cell:    style{largest: 3, least: 1.8, lines: 4, leading: 1.25, fill: ink},
		note:    style{largest: 3, least: 2, lines: 4, leading: 1.3, fill: inkSoft},
		foot:    style{largest: 2.8, least: 1.8, lines: 1, leading: 1.2, fill: inkSoft},
		stamp:   style{bold: true, largest: 5, least: 2.4, lines: 1, leading: 1.2, fill: ink},
	}
}

// The page of a close, in millimetres: A4, its margins, and how high the bands
// at head and foot are in training.
const (
	filedWide, filedHigh = 210.0, 297.0
	filedEdge            = 18.0
	filedTop             = 20.0
	filedFoot            = 20.0
	filedBand            = 11.0
	filedGap             = 2.2 // around what stands in a row
	filedRule            = 0.25
	signHigh             = 20.0 // for each who signs
)

func (l *filed) draw() {
	l.turn()
	width := filedWide - 2*filedEdge
	l.down(l.Title, width, l.styles.title, 1)
	for _, text := range l.Lines {
		l.down(text, width, l.styles.line, 0.2)
	}
	l.y += 4
	l.verdict(width)
	for _, t := range l.Tables {
		l.table(t, width)
	}
	l.sign(width)
	for i := range l.sheets {
		l.ends(i)
	}
}

// turn begins a new page.
func (l *filed) turn() {
	p := &page{width: filedWide, height: filedHigh, title: plain(l.Title)}
	l.sheets, l.y = append(l.sheets, p), filedTop
	l.fill(box{0, 0, filedWide, filedHigh}, white)
	if l.Training {
		l.fill(box{0, 0, filedWide, filedBand}, training)
		l.fill(box{0, filedHigh - filedBand, filedWide, filedBand}, training)
	}
}

// ends puts on a finished page what stands on every one: which of how many it
// is, and in training the stamp.
func (l *filed) ends(i int) {
	all := l.sheets
	defer func() { l.sheets = all }()
	l.sheets = all[:i+1]
	foot := filedHigh - filedFoot + 3
	width := filedWide - 2*filedEdge
	if l.Page != "" {
		text := fmt.Sprintf("%s %d / %d", l.Page, i+1, len(all))
		l.set(text, box{filedEdge, foot, width, 6}, l.styles.foot, true)
	}
	if !l.Training {
		return
	}
	for _, y := range []float64{0, filedHigh - filedBand} {
		word := l.fit(l.Words.Training, width*0.4, filedBand-3, l.styles.stamp, l.toLeft)
		l.put(l.Words.Training, word, box{filedEdge, y + (filedBand-word.height())/2, width, 0}, false)
		note := l.fit(l.Words.TrainingNote, width*0.55, filedBand-3, l.styles.name, l.toLeft)
		note.fill = ink
		l.put(l.Words.TrainingNote, note, box{filedEdge, y + (filedBand-note.height())/2, width, 0}, true)
	}
}

// room turns the page unless so much is left of it, and reports whether it did.
func (l *filed) room(height float64) bool {
	if l.y+height <= filedHigh-filedFoot || l.y == filedTop {
		return false
	}
	l.turn()
	return true
}

// down sets a text across the page, and goes on under it.
func (l *filed) down(text string, width float64, st style, gap float64) {
	b := l.fit(text, width, 60, st, l.toLeft)
	if b.height() == 0 {
		return
	}
	l.room(b.height())
	l.put(text, b, box{filedEdge, l.y, width, 0}, false)
	l.y += b.height() + gap
}

// verdict is the box with what matters.
func (l *filed) verdict(width float64) {
	inner := width - 12
	verdict := l.fit(l.Verdict, inner, 40, l.styles.verdict, l.toLeft)
	advice := l.fit(l.Advice, inner, 40, l.styles.advice, l.toLeft)
	high := verdict.height() + advice.height()
	if high == 0 {
		return
	}
	high += 10
	l.room(high)
	fill := sunk
	if l.Agrees {
		fill = accentWash
	}
	var frame path
	frame.rounded(box{filedEdge, l.y, width, high}, 3)
	l.add(frame, fill)
	l.put(l.Verdict, verdict, box{filedEdge + 6, l.y + 4.5, inner, 0}, false)
	l.put(l.Advice, advice, box{filedEdge + 6, l.y + 5.5 + verdict.height(), inner, 0}, false)
	l.y += high + 6
}

// sign leaves a line for each who signs, all on one page.
func (l *filed) sign(width float64) {
	if len(l.Sign) == 0 {
		return
	}
	l.room(float64(len(l.Sign)) * signHigh)
	for _, who := range l.Sign {
		l.y += signHigh - 7
		l.fill(box{filedEdge, l.y, width * 0.6, filedRule}, ink)
		l.set(who, box{filedEdge, l.y + 1, width, 6}, l.styles.line, false)
		l.y += 7
	}
}

// set fits a text into the box and puts it there.
func (l *filed) set(text string, b box, st style, atEnd bool) {
	l.put(text, l.fit(text, b.w, b.h, st, l.toLeft), b, atEnd)
}

// put draws a text that was fitted, at the start of the box's line or at its end.
func (l *filed) put(text string, b *block, at box, atEnd bool) {
	if len(b.lines) == 0 {
		return
	}
	var out path
	out.add(b.outline(at.w, l.toLeft != atEnd), func(p point) point { return point{at.x + p.x, at.y + p.y} })
	l.add(out, b.fill)
	at.h = b.height()
	l.said = append(l.said, said{len(l.sheets), strings.TrimSpace(text), at, b.cut})
}

func (l *filed) add(outline path, fill colour) {
	if len(outline.verbs) > 0 {
		p := l.sheets[len(l.sheets)-1]
		p.shapes = append(p.shapes, shape{outline, fill, 1})
	}
}

func (l *filed) fill(b box, with colour) {
	var p path
	p.rect(b)
	l.add(p, with)
}
