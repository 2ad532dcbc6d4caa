package paper

import (
	"bytes"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func words() Words {
	return Words{
		Kind: "Tickets", Scan: "Scan to buy", Desk: "Say at the desk",
		Training: "TRAINING", TrainingNote: "Practice only: this code takes no money.",
	}
}

// orchard is a poster with everything on it.
func orchard() Poster {
	return Poster{
		EventName: "The Cherry Orchard", Place: "Kammerspiele, Neue Straße 12, Lübeck", When: "Friday 20 November, 19:30",
		TicketName: "Stalls, full price", Price: "€24.00",
		Description: "Seats are free to choose on the night. Doors open at 18:45; the bar is open in the interval.",
		URL:         "https://buy.stripe.com/8wM4iT0kR9kZ1u84gg", Code: "P7K2",
		SayAtDesk: "Show the confirmation on your phone, or say this code and your name.",
		Words:     words(), Made: time.Date(2026, 11, 1, 9, 30, 0, 0, time.UTC),
	}
}

// long is a poster whose every text is too long.
func long(text string) Poster {
	many := strings.Repeat(text, 200/len([]rune(text))+1)
	w := Words{Kind: many, Scan: many, Desk: many, Training: many, TrainingNote: many}
	return Poster{
		EventName: many, Place: many, When: many, TicketName: many, Price: many, Description: strings.Repeat(many, 10),
		URL: "https://buy.stripe.com/" + strings.Repeat("8wM4iT0kR9", 30), Code: many, SayAtDesk: many, Training: true, Words: w,
	}
}

// scripts are the ways to write that a name may come in.
func scripts() map[string]string {
	return map[string]string{
		"Latin": "Žižkovské léto ", "Cyrillic": "Вишнёвый сад ", "Greek": "Ο Βυσσινόκηπος ", "Arabic": "بستان الكرز ", "Hebrew": "גן הדובדבנים ",
		"CJK": "櫻桃園", "Devanagari": "चेरी का बाग ", "Thai": "สวนเชอร์รี่", "emoji": "🎭👩‍👩‍👧‍👦🇩🇪", "one word": "Donaudampfschifffahrtsgesellschaft",
		"both ways": "Tel Aviv תל אביב 2026 (בערב) ", "marks": "z̷̡̛̮͔̈́a̸̢͑l̵̙̇g̸̱̓o̶̼͝ ",
	}
}

func TestTheCodeOnThePageIsRead(t *testing.T) {
	training := orchard()
	training.Training = true
	leftward := orchard()
	leftward.EventName = "בובות"
	session := orchard()
	session.URL = "https://checkout.stripe.com/c/pay/cs_live_" + strings.Repeat("a1B2c3D4e5F6", 28)
	for name, p := range map[string]Poster{"poster": orchard(), "training": training, "right to left": leftward, "385 characters": session, "too long": long("Вишнёвый сад ")} {
		for _, size := range []Size{A4, A6} {
			t.Run(name+" "+string(size), func(t *testing.T) {
				t.Parallel()
				svg, err := p.SVG(size)
				if err != nil {
					t.Fatal(err)
				}
				pdf, err := p.PDF(size)
				if err != nil {
					t.Fatal(err)
				}
				scale := 560 / planFor(t, size).width
				for kind, page := range map[string]*page{"SVG": fromSVG(t, svg), "PDF": fromPDF(t, pdf)} {
					if got := scan(t, pngOf(t, picture(page, scale))); got != p.URL {
						t.Errorf("the %s sends the buyer to %q, want %q", kind, got, p.URL)
					}
				}
			})
		}
	}
}

func TestBothFilesAreTheSamePage(t *testing.T) {
	p := orchard()
	p.Training = true
	for size, want := range map[Size][2]float64{A4: {210, 297}, A6: {105, 148}} {
		svg, err := p.SVG(size)
		if err != nil {
			t.Fatal(err)
		}
		pdf, err := p.PDF(size)
		if err != nil {
			t.Fatal(err)
		}
		a, b := fromSVG(t, svg), fromPDF(t, pdf)
		if a.width != want[0] || a.height != want[1] {
			t.Errorf("%s is %v × %v mm in SVG", size, a.width, a.height)
		}
		if off := max(b.width-want[0], want[0]-b.width, b.height-want[1], want[1]-b.height); off > 0.01 {
			t.Errorf("%s is %v × %v mm in PDF", size, b.width, b.height)
		}
		if len(a.shapes) != len(b.shapes) {
			t.Fatalf("%s: %d shapes in SVG, %d in PDF", size, len(a.shapes), len(b.shapes))
		}
		for i := range a.shapes {
			if a.shapes[i].fill != b.shapes[i].fill || a.shapes[i].alpha != b.shapes[i].alpha {
				t.Errorf("%s: shape %d is %s at %v in SVG, %s at %v in PDF", size, i,
					a.shapes[i].fill.hex(), a.shapes[i].alpha, b.shapes[i].fill.hex(), b.shapes[i].alpha)
			}
		}
		if off := difference(picture(a, 4).Pix, picture(b, 4).Pix); off > 0.002 {
			t.Errorf("%s: SVG and PDF differ in %.2f %% of what is seen", size, off*100)
		}
	}
}

func TestThePDFHasTheSameCurves(t *testing.T) {
	var bowl path
	bowl.step(moveTo, point{10, 20})
	bowl.step(quadTo, point{40, 80}, point{90, 30})
	bowl.step(closed)
	file, err := (&page{width: 100, height: 100, shapes: []shape{{bowl, ink, 1}}}).pdf(time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	read := fromPDF(t, file).shapes[0]
	if diff := cmp.Diff([]verb{moveTo, cubeTo, closed}, read.outline.verbs); diff != "" {
		t.Fatal(diff)
	}
	// The controls of the same curve, two thirds of the way to its one control.
	for i, want := range []point{{10, 20}, {30, 60}, {56.667, 63.333}, {90, 30}} {
		if got := read.outline.points[i]; math.Abs(got.x-want.x) > 0.01 || math.Abs(got.y-want.y) > 0.01 {
			t.Errorf("point %d is at %.3f, %.3f, want %v", i, got.x, got.y, want)
		}
	}
}

// difference is the part of the pixels' parts that differ by more than a shade.
func difference(a, b []byte) float64 {
	if len(a) != len(b) {
		return 1
	}
	off := 0
	for i := range a {
		if max(a[i], b[i])-min(a[i], b[i]) > 24 {
			off++
		}
	}
	return float64(off) / float64(len(a))
}

func TestTheSamePosterMakesTheSameBytes(t *testing.T) {
	p := long("Ο κήπος בובות 😀 ")
	for _, file := range []func(Size) ([]byte, error){p.PDF, p.SVG} {
		first, err := file(A6)
		if err != nil {
			t.Fatal(err)
		}
		again, err := file(A6)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Error("the second poster is not the first")
		}
	}
}

func TestThePDFSaysWhenAndWhat(t *testing.T) {
	p := orchard()
	p.EventName = "Ж🎭"
	pdf, err := p.PDF(A6)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/CreationDate (D:20261101093000)", "/ModDate (D:20261101093000)", "/Producer (Willcall)", "/Title (\xfe\xff\x04\x16\xd8\x3c\xdf\xad)"} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("the PDF does not say %q", want)
		}
	}
	p.Made = time.Time{}
	if pdf, err = p.PDF(A6); err != nil || !bytes.Contains(pdf, []byte("(D:19700101000000)")) {
		t.Errorf("without a moment the PDF has another date than 1970-01-01: %v", err)
	}
}

func TestGoldenPoster(t *testing.T) {
	for name, p := range map[string]Poster{
		"short.svg": {EventName: "Hamlet & Co.", When: "20:00", TicketName: "Stalls", Price: "€24", URL: "https://buy.stripe.com/abc", Code: "P7K2", Words: Words{Scan: "Scan"}},
		"training.svg": {EventName: "בובות", When: "20:00", URL: "https://buy.stripe.com/abc", Training: true,
			Words: Words{Training: "תרגול", TrainingNote: "תרגול"}},
	} {
		got, err := p.SVG(A6)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s has changed; look at it, then run go test -update:\n%.2000s", name, diff)
		}
	}
}

func TestEverythingStaysOnThePage(t *testing.T) {
	for name, text := range scripts() {
		for _, size := range []Size{A4, A6} {
			sheet, err := long(text).page(size)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for i, s := range sheet.shapes {
				for _, at := range s.outline.points {
					// Not NaN either.
					if !(at.x >= 0 && at.x <= sheet.width && at.y >= 0 && at.y <= sheet.height) {
						t.Fatalf("%s, %s: shape %d (%s) leaves the page at %.2f, %.2f", name, size, i, s.fill.hex(), at.x, at.y)
					}
				}
			}
		}
	}
}

func TestTrainingIsUnmistakable(t *testing.T) {
	p := orchard()
	plain, err := p.page(A4)
	if err != nil {
		t.Fatal(err)
	}
	p.Training = true
	stamped, err := p.page(A4)
	if err != nil {
		t.Fatal(err)
	}
	amber := func(p *page) float64 {
		of := picture(p, 1)
		hits := 0
		for i := 0; i < len(of.Pix); i += 4 {
			if of.Pix[i] > 210 && of.Pix[i+1] > 140 && of.Pix[i+1] < 200 && of.Pix[i+2] < 100 {
				hits++
			}
		}
		return float64(hits) * 4 / float64(len(of.Pix))
	}
	if part := amber(plain); part != 0 {
		t.Errorf("%.1f %% of a real poster is the colour of training", part*100)
	}
	if part := amber(stamped); part < 0.18 {
		t.Errorf("%.1f %% of a training poster is the colour of training", part*100)
	}
	// In grey, too: the ribbon reaches from edge to edge and has words on it.
	var ribbon, stamp *shape
	for i := range stamped.shapes {
		if stamped.shapes[i].alpha < 1 {
			ribbon, stamp = &stamped.shapes[i], &stamped.shapes[i+1]
		}
	}
	if ribbon == nil {
		t.Fatal("a training poster has no ribbon")
	}
	left, right := reach(ribbon.outline)
	if left > 0 || right < stamped.width {
		t.Errorf("the ribbon reaches from %.1f to %.1f", left, right)
	}
	if left, right = reach(stamp.outline); right-left < stamped.width/2 || stamp.fill != ink {
		t.Errorf("the stamp's words reach from %.1f to %.1f in %s", left, right, stamp.fill.hex())
	}
}

// reach is where the outline begins and ends, from left to right.
func reach(p path) (left, right float64) {
	left, right = 1e9, -1e9
	for _, at := range p.points {
		left, right = min(left, at.x), max(right, at.x)
	}
	return left, right
}

func TestWhatCannotBeAPoster(t *testing.T) {
	for name, test := range map[string]struct {
		size  Size
		spoil func(*Poster)
		want  error
	}{
		"no such size":    {"A5", func(*Poster) {}, ErrSize},
		"no address":      {A4, func(p *Poster) { p.URL = " " }, ErrNoURL},
		"a long address":  {A4, func(p *Poster) { p.URL = strings.Repeat("x", 3000) }, ErrCodeText},
		"no stamp":        {A4, func(p *Poster) { p.Training, p.Words.Training = true, "\n" }, ErrNoStamp},
		"no note":         {A4, func(p *Poster) { p.Training, p.Words.TrainingNote = true, "" }, ErrNoStamp},
		"nothing is said": {A6, func(p *Poster) { *p = Poster{URL: p.URL} }, nil},
	} {
		p := orchard()
		test.spoil(&p)
		_, pdf := p.PDF(test.size)
		_, svg := p.SVG(test.size)
		if !errors.Is(pdf, test.want) || !errors.Is(svg, test.want) {
			t.Errorf("%s: PDF says %v, SVG %v, want %v", name, pdf, svg, test.want)
		}
	}
}

func planFor(t *testing.T, size Size) plan {
	t.Helper()
	p, err := planOf(size)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
