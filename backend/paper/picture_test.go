package paper

import (
	"bytes"
	"compress/zlib"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/vector"
)

// picture draws shapes into pixels, so many to the millimetre.
func picture(p *page, scale float64) *image.RGBA {
	w, h := int(p.width*scale), int(p.height*scale)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	f := func(v float64) float32 { return float32(v * scale) }
	for _, s := range p.shapes {
		raster := vector.NewRasterizer(w, h)
		for v, to := range s.outline.steps {
			switch v {
			case moveTo:
				raster.MoveTo(f(to[0].x), f(to[0].y))
			case lineTo:
				raster.LineTo(f(to[0].x), f(to[0].y))
			case quadTo:
				raster.QuadTo(f(to[0].x), f(to[0].y), f(to[1].x), f(to[1].y))
			case cubeTo:
				raster.CubeTo(f(to[0].x), f(to[0].y), f(to[1].x), f(to[1].y), f(to[2].x), f(to[2].y))
			case closed:
				raster.ClosePath()
			}
		}
		r, g, b := s.fill.rgb()
		ink := image.NewUniform(color.NRGBA{uint8(r), uint8(g), uint8(b), uint8(s.alpha*255 + 0.5)})
		raster.Draw(out, out.Bounds(), ink, image.Point{})
	}
	return out
}

// pngOf is the picture as a file.
func pngOf(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// scan reads the one QR code in the picture, as a phone would.
func scan(t *testing.T, file []byte) string {
	t.Helper()
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		if os.Getenv("WILLCALL_REQUIRE_TOOLS") == "1" {
			t.Fatal("zbarimg is not installed: apt-get install zbar-tools")
		}
		t.Skip("zbarimg is not installed")
	}
	read := exec.CommandContext(t.Context(), reader, "--nodbus", "-q", "--raw", "-Sdisable", "-Sqr.enable", "png:-")
	read.Stdin = bytes.NewReader(file)
	text, err := read.Output()
	if err != nil {
		t.Fatalf("nothing can be read from the code: %v", err)
	}
	return strings.TrimSuffix(string(text), "\n")
}

// fromSVG reads back what svg wrote.
func fromSVG(t *testing.T, file []byte) *page {
	t.Helper()
	var doc struct {
		Width  string `xml:"width,attr"`
		Height string `xml:"height,attr"`
		Title  string `xml:"title"`
		Paths  []struct {
			Fill    string `xml:"fill,attr"`
			Opacity string `xml:"fill-opacity,attr"`
			D       string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(file, &doc); err != nil {
		t.Fatal(err)
	}
	p := &page{width: figure(t, strings.TrimSuffix(doc.Width, "mm")), height: figure(t, strings.TrimSuffix(doc.Height, "mm")), title: doc.Title}
	step := regexp.MustCompile(`([MLQCZ])([^MLQCZ]*)`)
	for _, drawn := range doc.Paths {
		fill, err := strconv.ParseUint(strings.TrimPrefix(drawn.Fill, "#"), 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		s := shape{fill: colour(fill), alpha: 1}
		if drawn.Opacity != "" {
			s.alpha = figure(t, drawn.Opacity)
		}
		for _, found := range step.FindAllStringSubmatch(drawn.D, -1) {
			s.outline.step(verb(strings.Index("MLQCZ", found[1])), pairs(t, strings.Fields(found[2]))...)
		}
		p.shapes = append(p.shapes, s)
	}
	return p
}

// fromPDF reads back the content of the one page that pdf wrote.
func fromPDF(t *testing.T, file []byte) *page {
	t.Helper()
	_, rest, _ := bytes.Cut(file, []byte("stream\n"))
	packed, err := zlib.NewReader(bytes.NewReader(rest))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(packed)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	box := regexp.MustCompile(`/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]`).FindSubmatch(file)
	if box == nil {
		t.Fatal("the PDF has no page")
	}
	const mm = 25.4 / 72
	p := &page{width: figure(t, string(box[1])) * mm, height: figure(t, string(box[2])) * mm}
	now := shape{alpha: 1}
	var operands []string
	for word := range strings.FieldsSeq(string(content)) {
		if n, state := strings.CutPrefix(word, "/GS"); state {
			now.alpha = opacity(t, file, n)
			continue
		}
		if _, err := strconv.ParseFloat(word, 64); err == nil {
			operands = append(operands, word)
			continue
		}
		switch word {
		case "m", "l", "c", "h":
			points := pairs(t, operands)
			for i, at := range points {
				points[i] = point{at.x * mm, p.height - at.y*mm}
			}
			now.outline.step(map[string]verb{"m": moveTo, "l": lineTo, "c": cubeTo, "h": closed}[word], points...)
		case "rg", "g":
			for len(operands) < 3 {
				operands = append(operands, operands[0])
			}
			now.fill = 0
			for _, part := range operands {
				now.fill = now.fill<<8 | colour(figure(t, part)*255+0.5)
			}
		case "f":
			p.shapes = append(p.shapes, now)
			now.outline = path{}
		}
		operands = nil
	}
	return p
}

// opacity finds the graphics state with the number.
func opacity(t *testing.T, file []byte, n string) float64 {
	t.Helper()
	at := regexp.MustCompile(`/GS` + n + ` (\d+) 0 R`).FindSubmatch(file)
	if at == nil {
		t.Fatalf("no graphics state %s", n)
	}
	state := regexp.MustCompile(`\n` + string(at[1]) + ` 0 obj\n[^>]*/ca ([\d.]+)`).FindSubmatch(file)
	if state == nil {
		t.Fatalf("graphics state %s has no opacity", n)
	}
	return figure(t, string(state[1]))
}

func pairs(t *testing.T, words []string) []point {
	t.Helper()
	if len(words)%2 != 0 {
		t.Fatalf("half a point: %v", words)
	}
	var out []point
	for i := 0; i < len(words); i += 2 {
		out = append(out, point{figure(t, words[i]), figure(t, words[i+1])})
	}
	return out
}

func figure(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
