package paper

import (
	"bytes"
	"fmt"
	"time"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
)

// pdf writes the page as a document of one page that says it was made then.
func (p *page) pdf(made time.Time) ([]byte, error) { return document(p.title, []*page{p}, made) }

// document writes pages of one size, of which there is at least one, as a
// document that says it was made then.
func document(title string, pages []*page, made time.Time) ([]byte, error) {
	size := fpdf.SizeType{Wd: pages[0].width, Ht: pages[0].height}
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: size})
	doc.SetCreationDate(made)
	doc.SetModificationDate(made)
	doc.SetCatalogSort(true)
	doc.SetProducer("Willcall", false)
	doc.SetTitle(textString(title), false)
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	for _, p := range pages {
		doc.AddPage()
		p.onto(doc)
	}
	var out bytes.Buffer
	if err := doc.Output(&out); err != nil {
		return nil, fmt.Errorf("paper: writing the PDF: %w", err)
	}
	return out.Bytes(), nil
}

// onto draws the page's shapes on the document's newest page.
func (p *page) onto(doc *fpdf.Fpdf) {
	for _, s := range p.shapes {
		doc.SetFillColor(s.fill.rgb())
		doc.SetAlpha(s.alpha, "Normal")
		at := point{}
		for v, to := range s.outline.steps {
			switch v {
			case moveTo:
				doc.MoveTo(to[0].x, to[0].y)
			case lineTo:
				doc.LineTo(to[0].x, to[0].y)
			case quadTo:
				// PDF has cubic curves alone: the same curve, one degree higher.
				doc.CurveBezierCubicTo(
					at.x+(to[0].x-at.x)*2/3, at.y+(to[0].y-at.y)*2/3,
					to[1].x+(to[0].x-to[1].x)*2/3, to[1].y+(to[0].y-to[1].y)*2/3,
					to[1].x, to[1].y)
			case cubeTo:
				doc.CurveBezierCubicTo(to[0].x, to[0].y, to[1].x, to[1].y, to[2].x, to[2].y)
			case closed:
				doc.ClosePath()
			}
			if len(to) > 0 {
				at = to[len(to)-1]
			}
		}
		doc.DrawPath("F")
	}
}

// textString is the text as a PDF wants it in its metadata: UTF-16, the higher
// byte first, after a mark. (fpdf's own conversion loses what needs two units.)
func textString(text string) string {
	out := []byte{0xfe, 0xff}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit>>8), byte(unit))
	}
	return string(out)
}
