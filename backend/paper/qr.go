package paper

import (
	"fmt"
	"strings"

	"github.com/skip2/go-qrcode"
)

// maxPixels is the largest picture of a code: 4096 × 4096.
const maxPixels = 4096

// symbol makes the code with error correction Medium: paper is torn and stained.
func symbol(text string) (*qrcode.QRCode, error) { return symbolAt(qrcode.Medium, text) }

func symbolAt(level qrcode.RecoveryLevel, text string) (*qrcode.QRCode, error) {
	if text == "" {
		return nil, ErrCodeText
	}
	code, err := qrcode.New(text, level)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCodeText, err)
	}
	return code, nil
}

// modules are the code's rows, dark where true, with the quiet zone of
// four modules around them (ISO/IEC 18004).
func modules(text string) ([][]bool, error) {
	code, err := symbol(text)
	if err != nil {
		return nil, err
	}
	return code.Bitmap(), nil
}

// QRPNG is the code alone, black on white with its quiet zone, pixels wide and
// high. It fails with ErrCodeText for a text that no code holds, and with
// ErrPixels when a module would be less than a pixel or the picture too large
// (4096).
func QRPNG(text string, pixels int) ([]byte, error) {
	code, err := symbol(text)
	if err != nil {
		return nil, err
	}
	if pixels < len(code.Bitmap()) || pixels > maxPixels {
		return nil, ErrPixels
	}
	picture, err := code.PNG(pixels)
	if err != nil {
		return nil, fmt.Errorf("paper: drawing the code: %w", err)
	}
	return picture, nil
}

// QRSVG is the code alone as a picture without a size of its own: a unit of its
// viewBox is a module. It fails with ErrCodeText.
func QRSVG(text string) (string, error) {
	code, err := symbol(text)
	if err != nil {
		return "", err
	}
	return svgOf(code.Bitmap()), nil
}

// ScreenQR is QRSVG for a screen, which is not torn or stained: the least error
// correction makes the fewest modules, and so the largest. It fails with
// ErrCodeText.
func ScreenQR(text string) (string, error) {
	code, err := symbolAt(qrcode.Low, text)
	if err != nil {
		return "", err
	}
	return svgOf(code.Bitmap()), nil
}

// svgOf draws one path for all that is dark, so that it is sharp at any size.
func svgOf(rows [][]bool) string {
	var d strings.Builder
	for run := range runs(rows) {
		fmt.Fprintf(&d, "M%d %dh%dv1h-%dz", run.x, run.y, run.length, run.length)
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges">`+
		`<path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="%[2]s"/></svg>`, len(rows), d.String())
}

// run is a run of dark modules in a row.
type run struct{ x, y, length int }

// runs gives the dark of the rows, row by row.
func runs(rows [][]bool) func(yield func(run) bool) {
	return func(yield func(run) bool) {
		for y, row := range rows {
			for x := 0; x < len(row); x++ {
				from := x
				for x < len(row) && row[x] {
					x++
				}
				if x > from && !yield(run{from, y, x - from}) {
					return
				}
			}
		}
	}
}

// symbolPath is the code's dark, as large as the box with its quiet zone.
func symbolPath(rows [][]bool, b box) path {
	var p path
	module := b.w / float64(len(rows))
	for run := range runs(rows) {
		p.rect(box{b.x + float64(run.x)*module, b.y + float64(run.y)*module, float64(run.length) * module, module})
	}
	return p
}
