package paper

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// evening is a close with everything in it, and so many differences.
func evening(differences int) Closing {
	c := Closing{
		Title: "Close of 5 March 2026", Lines: []string{"Old Town Playhouse, training book, till-1", "5 March 2026, 00:00 to 23:59 (Europe/Vienna)"},
		Verdict: "412 of 412 agree", Advice: "This book, Stripe’s charges and Stripe’s balance tell the same.", Agrees: true,
		Tables: []Table{{
			Title: "What moved the balance",
			Columns: []Column{
				{Name: "Currency", Share: 2}, {Name: "Payments", Share: 2, Number: true}, {Name: "Gross", Share: 3, Number: true}, {Name: "Net", Share: 3, Number: true},
			},
			Rows: [][]string{{"EUR", "412", "9,888.00", "9,612.40"}, {"JPY", "3", "9000", "8676"}},
			Note: "Net is gross less fees, refunds and disputes.",
		}},
		Sign: []string{"Treasurer, date", "Witness, date"}, Page: "Page", Words: words(), Made: time.Date(2026, 3, 6, 8, 0, 0, 0, time.UTC),
	}
	if differences == 0 {
		return c
	}
	t := Table{Title: "Differences", Columns: []Column{{Name: "When", Share: 2}, {Name: "What", Share: 5}, {Name: "In the book", Share: 2, Number: true}}}
	for i := range differences {
		t.Rows = append(t.Rows, []string{fmt.Sprintf("5 March, 19:%02d", i), "Stripe took this payment, and this book does not have it. Look it up in Stripe’s Dashboard by its id.", "24.00 EUR"})
	}
	c.Verdict, c.Advice, c.Agrees = fmt.Sprint(differences, " differences"), "Each stands below, with what to do.", false
	c.Tables = append(c.Tables, t)
	return c
}

func lay(t *testing.T, c Closing) ([]*page, []said) {
	t.Helper()
	pages, said, err := c.pages()
	if err != nil {
		t.Fatal(err)
	}
	return pages, said
}

func TestGoldenClosing(t *testing.T) {
	t.Parallel()
	stamped := evening(30)
	stamped.Training = true
	for name, c := range map[string]Closing{"closing.txt": evening(0), "closing_training.txt": stamped} {
		var text strings.Builder
		_, said := lay(t, c)
		for _, s := range said {
			fmt.Fprintf(&text, "%d %6.1f %6.1f  %s\n", s.page, s.at.x, s.at.y, s.text)
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), text.String()); diff != "" {
			t.Errorf("%s has changed; look at it, then run go test -update:\n%.3000s", name, diff)
		}
	}
}

// Nothing leaves the page, nothing is cut, and nothing stands on another.
func TestAClosingHasRoomForAll(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Closing{"none": evening(0), "one": evening(1), "many": evening(90), "nothing at all": {}} {
		for _, training := range []bool{false, true} {
			c.Training, c.Words = training, words()
			pages, texts := lay(t, c)
			for n, p := range pages {
				for _, s := range p.shapes {
					for _, at := range s.outline.points {
						if !(at.x >= 0 && at.x <= p.width && at.y >= 0 && at.y <= p.height) {
							t.Fatalf("%s: something leaves page %d at %.1f, %.1f", name, n+1, at.x, at.y)
						}
					}
				}
			}
			for i, a := range texts {
				if a.cut {
					t.Errorf("%s: %q is cut", name, a.text)
				}
				if training && (a.at.y < filedBand != strings.HasPrefix(a.text, "TRAINING") && a.at.y < filedBand != strings.HasPrefix(a.text, "Practice")) && a.at.y < filedHigh-filedBand {
					t.Errorf("%s: %q stands in the band at %.1f", name, a.text, a.at.y)
				}
				for _, b := range texts[i+1:] {
					if a.page == b.page && a.at.x == b.at.x && a.at.y < b.at.y+b.at.h-0.01 && b.at.y < a.at.y+a.at.h-0.01 && len(a.text) > 16 && len(b.text) > 16 {
						t.Errorf("%s: %q stands on %q", name, a.text, b.text)
					}
				}
			}
		}
	}
}

// Who reads the last page sees how many there are; each has the columns' names,
// and none stands alone with its headline.
func TestALongClosing(t *testing.T) {
	t.Parallel()
	pages, texts := lay(t, evening(90))
	if len(pages) < 4 {
		t.Fatalf("90 differences stand on %d pages", len(pages))
	}
	count := func(page int, text string) (n int) {
		for _, s := range texts {
			if s.page == page && s.text == text {
				n++
			}
		}
		return n
	}
	rows := 0
	for i := range pages {
		n := i + 1
		if got := count(n, fmt.Sprintf("Page %d / %d", n, len(pages))); got != 1 {
			t.Errorf("page %d has its number %d times", n, got)
		}
		here := count(n, "24.00 EUR")
		if here > 0 && count(n, "In the book") != 1 {
			t.Errorf("page %d has %d rows and no names over them", n, here)
		}
		rows += here
	}
	if rows != 90 {
		t.Errorf("%d of 90 rows are there", rows)
	}
	last := len(pages)
	if count(last, "Treasurer, date") != 1 || count(last, "Witness, date") != 1 {
		t.Error("there is nowhere to sign")
	}
}

func TestNumbersStandUnderEachOther(t *testing.T) {
	t.Parallel()
	pages, _ := lay(t, Closing{Tables: []Table{{
		Columns: []Column{{Name: "Gross", Share: 1, Number: true}, {Name: "Kind", Share: 1}}, Rows: [][]string{{"1.00", "a"}, {"1234.00", "b"}},
	}}})
	// Names, numbers and kinds are the shapes that have letters: the two numbers
	// end at the same place, and begin at others.
	var left, right []float64
	for _, s := range pages[0].shapes {
		if l, r := reach(s.outline); s.fill == ink && r-l < 40 && r < filedWide/2-1 {
			left, right = append(left, l), append(right, r)
		}
	}
	if len(right) != 2 || right[0]-right[1] > 0.2 || right[1]-right[0] > 0.2 || left[0]-left[1] < 2 {
		t.Errorf("the numbers reach from %v to %v", left, right)
	}
}

func TestATrainingClosingIsStamped(t *testing.T) {
	t.Parallel()
	c := evening(30)
	plainPages, _ := lay(t, c)
	c.Training = true
	pages, texts := lay(t, c)
	for n, p := range pages {
		amber, stamps := 0.0, 0
		for _, s := range p.shapes {
			if left, right := reach(s.outline); s.fill == training && left == 0 && right == p.width {
				amber += filedBand
			}
		}
		for _, s := range texts {
			if s.page == n+1 && (s.text == "TRAINING" || strings.HasPrefix(s.text, "Practice only")) {
				stamps++
			}
		}
		if amber != 2*filedBand || stamps != 4 {
			t.Errorf("page %d has %.0f mm of the colour of training, and %d words of it", n+1, amber, stamps)
		}
	}
	for _, p := range plainPages {
		for _, s := range p.shapes {
			if s.fill == training {
				t.Fatal("a real close has the colour of training")
			}
		}
	}
	c.Words.Training = ""
	if _, err := c.PDF(); !errors.Is(err, ErrNoStamp) {
		t.Errorf("without the stamp's words: %v", err)
	}
}

func TestTheClosingsPDF(t *testing.T) {
	t.Parallel()
	c := evening(60)
	pages, _ := lay(t, c)
	file, err := c.PDF()
	if err != nil {
		t.Fatal(err)
	}
	again, err := evening(60).PDF()
	if err != nil || !bytes.Equal(file, again) {
		t.Errorf("the second is not the first: %v", err)
	}
	if got := bytes.Count(file, []byte("/Type /Page\n")); got != len(pages) || got < 2 {
		t.Errorf("%d pages are in the file, %d were laid out", got, len(pages))
	}
	if first := fromPDF(t, file); len(first.shapes) != len(pages[0].shapes) || difference(picture(first, 2).Pix, picture(pages[0], 2).Pix) > 0.002 {
		t.Error("the file's first page is another")
	}
	for _, want := range []string{"/CreationDate (D:20260306080000)", "/Title (" + textString("Close of 5 March 2026") + ")"} {
		if !bytes.Contains(file, []byte(want)) {
			t.Errorf("the PDF does not say %q", want)
		}
	}
	c.Made = time.Time{}
	if file, err = c.PDF(); err != nil || !bytes.Contains(file, []byte("(D:19700101000000)")) {
		t.Errorf("without a moment it has another date than 1970-01-01: %v", err)
	}
}

// A language that reads from right to left turns the page.
func TestAClosingFromRightToLeft(t *testing.T) {
	t.Parallel()
	c := evening(2)
	c.Title = "סגירה"
	_, texts := lay(t, c)
	places := map[string]float64{}
	for _, s := range texts {
		places[s.text] = s.at.x
	}
	if places["Currency"] < places["Gross"] || places["Gross"] < places["Net"] {
		t.Errorf("the columns stand at %v", places)
	}
}
