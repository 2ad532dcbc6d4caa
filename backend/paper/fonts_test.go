package paper

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
)

// foreign is a font that has the built-in one's letter for each rune of another
// script.
func foreign(t testing.TB, letters map[rune]rune) *font.Font {
	t.Helper()
	face, err := font.ParseTTF(bytes.NewReader(dejavusanscondensed.TTF))
	if err != nil {
		t.Fatal(err)
	}
	face.Cmap = only{face.Cmap, letters}
	return face.Font
}

// only answers for its letters and no others.
type only struct {
	font.Cmap
	letters map[rune]rune
}

func (o only) Lookup(r rune) (font.GID, bool) {
	as, has := o.letters[r]
	if !has {
		return 0, false
	}
	return o.Cmap.Lookup(as)
}

func TestAFoundFontDrawsWhatTheBuiltInLacks(t *testing.T) {
	han := foreign(t, map[rune]rune{'櫻': 'H'})
	var asked []rune
	fonts := newFonts(func(r rune, _ bool) *font.Font {
		asked = append(asked, r)
		if r == '櫻' {
			return han
		}
		return nil
	})
	s := setterOf(t, fonts)
	st := style{largest: 10, least: 10, leading: 1.2}
	b := s.fit("Ж櫻桃", 100, 20, st, false)
	var ids []font.GID
	for _, run := range b.lines[0] {
		for _, g := range run.Glyphs {
			ids = append(ids, g.GlyphID)
		}
	}
	h := s.fit("H", 100, 20, st, false).lines[0][0].Glyphs[0].GlyphID
	if len(ids) != 3 || ids[0] == 0 || ids[1] != h || ids[2] != 0 {
		t.Errorf("glyphs %v: want a letter, the found font's %d, a box", ids, h)
	}
	for _, r := range asked {
		if r == 'Ж' {
			t.Error("the machine is asked for a letter that is built in")
		}
	}
}

func TestATallFontHasRoom(t *testing.T) {
	// As a found font the built-in one gets the room that its own tables ask for.
	tall := foreign(t, map[rune]rune{'櫻': 'H'})
	s := setterOf(t, newFonts(func(rune, bool) *font.Font { return tall }))
	st := style{largest: 10, least: 10, leading: 1.05}
	low, high := s.fit("H", 100, 50, st, false), s.fit("櫻", 100, 50, st, false)
	if low.rise != rise || low.step != st.leading || high.rise <= rise || high.step <= st.leading {
		t.Errorf("lines of the built-in font rise %.2f and step %.2f, of a taller one %.2f and %.2f", low.rise, low.step, high.rise, high.step)
	}
}

func TestAFontOfPicturesIsPassedOver(t *testing.T) {
	f := foreign(t, map[rune]rune{'櫻': 'H', '桃': ' ', '\u3000': ' '})
	for r, want := range map[rune]bool{'櫻': true, '桃': false, '\u3000': true, 'A': false} {
		if draws(f, r) != want {
			t.Errorf("it draws %q: %v", r, !want)
		}
	}
}

// shelf are fonts in files, as a scan would list them.
func shelf(t *testing.T) map[string]fontscan.Footprint {
	t.Helper()
	folder := t.TempDir()
	out := map[string]fontscan.Footprint{}
	for name, f := range map[string]struct {
		data   []byte
		weight font.Weight
		runes  string
	}{
		"plain":      {dejavusanscondensed.TTF, font.WeightNormal, "AB櫻"},
		"bold":       {dejavusanscondensedbold.TTF, font.WeightBold, "AB"},
		"broken":     {[]byte("no font"), font.WeightNormal, "ABC櫻"},
		"gone":       {nil, font.WeightNormal, "ABCD櫻"},
		"slanted":    {dejavusanscondensed.TTF, font.WeightNormal, "ABCDEFG"},
		"lastresort": {dejavusanscondensed.TTF, font.WeightNormal, "ABCDEFGH"},
	} {
		listed := fontscan.Footprint{Location: fontscan.Location{File: filepath.Join(folder, name)}, Family: name}
		listed.Aspect.Weight = f.weight
		listed.Aspect.Style = font.StyleNormal
		if name == "slanted" {
			listed.Aspect.Style = font.StyleItalic
		}
		for _, r := range f.runes {
			listed.Runes.Add(r)
		}
		if f.data != nil {
			if err := os.WriteFile(listed.Location.File, f.data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		out[name] = listed
	}
	return out
}

func TestTheMachinesFonts(t *testing.T) {
	files := shelf(t)
	lists := 0
	m := newMachine(func() ([]fontscan.Footprint, error) {
		lists++
		var out []fontscan.Footprint
		for _, f := range files {
			out = append(out, f)
		}
		return out, nil
	}, slog.New(slog.DiscardHandler))
	if lists != 0 {
		t.Error("the machine is looked through before anything is wanted")
	}
	for _, test := range []struct {
		name string
		r    rune
		bold bool
		want string
	}{
		{"the wanted weight", 'A', true, "bold"},
		{"the wanted weight, past files that are broken or gone", 'A', false, "plain"},
		{"neither slanted nor a box for everything", 'E', false, ""},
		{"a font that says it has a letter and has not", '櫻', false, ""},
		{"nothing has it", 'Z', true, ""},
	} {
		got := m.find(test.r, test.bold)
		if again := m.find(test.r, test.bold); again != got {
			t.Errorf("%s: another font the second time", test.name)
		}
		var want *font.Font
		if test.want != "" {
			want = m.read[files[test.want].Location]
		}
		if got != want || (test.want != "") != (got != nil) {
			t.Errorf("%s: not %q", test.name, test.want)
		}
	}
	if lists != 1 {
		t.Errorf("the machine is looked through %d times", lists)
	}
}

func TestAMachineWithoutFonts(t *testing.T) {
	var log bytes.Buffer
	lists := 0
	m := newMachine(func() ([]fontscan.Footprint, error) {
		lists++
		return nil, errors.New("no font folder")
	}, slog.New(slog.NewTextHandler(&log, nil)))
	for _, r := range "櫻桃園" {
		if m.find(r, false) != nil {
			t.Errorf("%q is found", r)
		}
	}
	if lists != 1 || bytes.Count(log.Bytes(), []byte("no font folder")) != 1 {
		t.Errorf("%d tries, and the log says: %s", lists, &log)
	}
}

func TestSystemFontsLookOnlyWhenTheyMust(t *testing.T) {
	folder := t.TempDir()
	p := orchard()
	p.Fonts = SystemFonts(folder, slog.New(slog.DiscardHandler))
	files := func() int {
		t.Helper()
		if _, err := p.SVG(A6); err != nil {
			t.Fatal(err)
		}
		list, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := files(); n != 0 {
		t.Errorf("a Latin poster looks through the machine: %d files", n)
	}
	p.EventName = "櫻桃園"
	if n := files(); n == 0 {
		t.Error("the list of the machine's fonts is not kept")
	}
}

func TestFontsServeManyAtOnce(t *testing.T) {
	han := foreign(t, map[rune]rune{'櫻': 'H'})
	m := sync.Mutex{}
	asked := 0
	p := orchard()
	p.EventName = "櫻 and בובות"
	p.Fonts = newFonts(func(rune, bool) *font.Font {
		m.Lock()
		defer m.Unlock()
		asked++
		return han
	})
	want, err := p.SVG(A6)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			got, err := p.SVG(A6)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("another poster: %v", err)
			}
		})
	}
	all.Wait()
	if asked == 0 {
		t.Error("nobody asked for the other font")
	}
}
