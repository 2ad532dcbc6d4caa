package paper

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
)

// svg writes the page as a picture of the paper's size.
func (p *page) svg() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]smm" height="%[2]smm" viewBox="0 0 %[1]s %[2]s" role="img">`+"\n",
		number(p.width), number(p.height))
	out.WriteString("<title>")
	// A buffer takes every write.
	_ = xml.EscapeText(&out, []byte(p.title))
	out.WriteString("</title>\n")
	for _, s := range p.shapes {
		fmt.Fprintf(&out, `<path fill="%s"`, s.fill.hex())
		if s.alpha < 1 {
			fmt.Fprintf(&out, ` fill-opacity="%s"`, number(s.alpha))
		}
		out.WriteString(` d="`)
		for v, points := range s.outline.steps {
			out.WriteByte("MLQCZ"[v])
			for i, at := range points {
				if i > 0 {
					out.WriteByte(' ')
				}
				out.WriteString(number(at.x) + " " + number(at.y))
			}
		}
		out.WriteString("\"/>\n")
	}
	out.WriteString("</svg>\n")
	return out.Bytes()
}

// number has three places at most: a thousandth of a millimetre.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*1000)/1000+0, 'f', -1, 64)
}
