package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const link = "https://buy.stripe.com/8wM4iT0kR9kZ1u84gg"

func TestQRPNG(t *testing.T) {
	for _, pixels := range []int{120, 512, 4096} {
		file, err := QRPNG(link, pixels)
		if err != nil {
			t.Fatal(err)
		}
		size, err := png.DecodeConfig(bytes.NewReader(file))
		if err != nil || size.Width != pixels || size.Height != pixels {
			t.Errorf("%d pixels: %d × %d, %v", pixels, size.Width, size.Height, err)
		}
		if pixels < 4096 {
			if got := scan(t, file); got != link {
				t.Errorf("%d pixels are read as %q", pixels, got)
			}
		}
	}
}

func TestQRSVG(t *testing.T) {
	text, err := QRSVG(link)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		ViewBox string `xml:"viewBox,attr"`
	}
	if err := xml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	wide := int(figure(t, strings.Fields(doc.ViewBox)[2]))
	p := &page{width: float64(wide), height: float64(wide)}
	var dark path
	for _, found := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(text, -1) {
		if found[3] != found[4] {
			t.Fatalf("a run goes %s and comes back %s", found[3], found[4])
		}
		dark.rect(box{figure(t, found[1]), figure(t, found[2]), figure(t, found[3]), 1})
	}
	p.shapes = []shape{{dark, black, 1}}
	drawn := picture(p, 8)
	if got := scan(t, pngOf(t, drawn)); got != link {
		t.Errorf("the picture is read as %q", got)
	}
	for _, at := range quietZone(wide * 8) {
		if drawn.RGBAAt(at.X, at.Y).R != 255 {
			t.Fatalf("the quiet zone is dark at %v", at)
		}
	}
	if rows, err := modules(link); err != nil || len(rows) != wide || !strings.Contains(text, `<path fill="#fff" d="M0 0h`+strconv.Itoa(wide)) {
		t.Errorf("the code has %d modules, the picture's white %d: %v", len(rows), wide, err)
	}
}

// quietZone are the pixels within four modules of eight pixels from the edge.
func quietZone(wide int) []image.Point {
	var out []image.Point
	for a := range wide {
		for b := range 32 {
			out = append(out, image.Pt(a, b), image.Pt(b, a), image.Pt(a, wide-1-b), image.Pt(wide-1-b, a))
		}
	}
	return out
}

func TestACodeStandsSomeStains(t *testing.T) {
	file, err := QRPNG(link, 400)
	if err != nil {
		t.Fatal(err)
	}
	clean, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	// A stain of an eighth of the width, in the middle: more than Low repairs.
	stained := image.NewGray(clean.Bounds())
	for y := range 400 {
		for x := range 400 {
			shade, _, _, _ := clean.At(x, y).RGBA()
			stained.Pix[y*400+x] = byte(shade >> 8)
			if max(x, y) < 238 && min(x, y) > 162 {
				stained.Pix[y*400+x] = 0
			}
		}
	}
	if got := scan(t, pngOf(t, stained)); got != link {
		t.Errorf("with a stain it is read as %q", got)
	}
}

// On a screen the code has fewer modules than on paper, which is what lets a
// phone read a long address from across the desk; and no code holds too much.
func TestScreenQR(t *testing.T) {
	long := link + strings.Repeat("kdUl9%2F", 35)
	screen, err := ScreenQR(long)
	if err != nil {
		t.Fatal(err)
	}
	printed, err := QRSVG(long)
	if err != nil {
		t.Fatal(err)
	}
	box := regexp.MustCompile(`viewBox="0 0 (\d+) `)
	if s, p := figure(t, box.FindStringSubmatch(screen)[1]), figure(t, box.FindStringSubmatch(printed)[1]); s >= p {
		t.Errorf("on a screen it is %v modules wide, on paper %v", s, p)
	}
	for _, text := range []string{"", strings.Repeat("x", 2954)} {
		if _, err := ScreenQR(text); !errors.Is(err, ErrCodeText) {
			t.Errorf("of %d characters: %v", len(text), err)
		}
	}
	const want = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 3" shape-rendering="crispEdges">` +
		`<path fill="#fff" d="M0 0h3v3H0z"/><path d="M0 0h2v1h-2zM2 1h1v1h-1z"/></svg>`
	if got := svgOf([][]bool{{true, true, false}, {false, false, true}, {false, false, false}}); got != want {
		t.Errorf("drawn by hand it is\n%s\nwant\n%s", got, want)
	}
}

func TestWhatNoCodeHolds(t *testing.T) {
	for name, test := range map[string]struct {
		text   string
		pixels int
		want   error
	}{
		"nothing":         {"", 200, ErrCodeText},
		"too long":        {strings.Repeat("x", 2332), 400, ErrCodeText},
		"as long as may":  {strings.Repeat("x", 2331), 400, nil},
		"too few pixels":  {link, 36, ErrPixels},
		"none":            {link, 0, ErrPixels},
		"less than none":  {link, -200, ErrPixels},
		"too many pixels": {link, 4097, ErrPixels},
	} {
		if _, err := QRPNG(test.text, test.pixels); !errors.Is(err, test.want) {
			t.Errorf("%s: the PNG says %v, want %v", name, err, test.want)
		}
		if _, err := QRSVG(test.text); errors.Is(test.want, ErrCodeText) != (err != nil) {
			t.Errorf("%s: the SVG says %v", name, err)
		}
	}
}
