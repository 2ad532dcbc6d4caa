package paper

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/fontscan"
)

// SystemFonts are the built-in fonts and, for scripts they lack, those of this
// machine. The machine is looked through at the first such letter and not
// before; the list is kept in the folder, so that this takes long only once. A
// font that cannot be read is logged and passed over.
func SystemFonts(folder string, logger *slog.Logger) *Fonts {
	list := func() ([]fontscan.Footprint, error) {
		return fontscan.SystemFonts(scanLog{logger}, folder)
	}
	return newFonts(newMachine(list, logger).find)
}

// machine finds fonts on this machine.
type machine struct {
	list   func() ([]fontscan.Footprint, error)
	logger *slog.Logger

	mu     sync.Mutex
	listed bool
	known  []fontscan.Footprint
	read   map[fontscan.Location]*font.Font // nil for one that cannot be read
	found  map[wanted]*font.Font            // nil for what nothing has
}

type wanted struct {
	r    rune
	bold bool
}

func newMachine(list func() ([]fontscan.Footprint, error), logger *slog.Logger) *machine {
	return &machine{list: list, logger: logger, read: map[fontscan.Location]*font.Font{}, found: map[wanted]*font.Font{}}
}

func (m *machine) find(r rune, bold bool) *font.Font {
	m.mu.Lock()
	defer m.mu.Unlock()
	want := wanted{r, bold}
	if f, known := m.found[want]; known {
		return f
	}
	if !m.listed {
		m.listed = true
		known, err := m.list()
		if err != nil {
			m.logger.Warn("the machine's fonts cannot be listed; posters have the built-in ones", "error", err)
		}
		m.known = ranked(known)
	}
	m.found[want] = m.look(want)
	return m.found[want]
}

// look tries the fonts that say they have the rune: the wanted weight first.
func (m *machine) look(want wanted) *font.Font {
	for _, weight := range []bool{want.bold, !want.bold} {
		for _, known := range m.known {
			if heavy(known) != weight || !known.Runes.Contains(want.r) {
				continue
			}
			if f := m.load(known.Location); f != nil && draws(f, want.r) {
				return f
			}
		}
	}
	return nil
}

func (m *machine) load(at fontscan.Location) *font.Font {
	if f, known := m.read[at]; known {
		return f
	}
	f, err := readFont(at)
	if err != nil {
		m.logger.Debug("a font of this machine cannot be read", "file", at.File, "error", err)
	}
	m.read[at] = f
	return f
}

func readFont(at fontscan.Location) (*font.Font, error) {
	file, err := os.Open(at.File)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	loaders, err := opentype.NewLoaders(file)
	if err != nil {
		return nil, err
	}
	if int(at.Index) >= len(loaders) {
		return nil, fmt.Errorf("the collection has no font %d", at.Index)
	}
	return font.NewFont(loaders[at.Index])
}

// ranked leaves out slanted fonts and the one that has a box for everything, and
// puts the widest first, so that a text of one script gets one font; ties are
// broken by name, so that the same machine makes the same bytes.
func ranked(prints []fontscan.Footprint) []fontscan.Footprint {
	kept := slices.DeleteFunc(slices.Clone(prints), func(f fontscan.Footprint) bool {
		return f.Aspect.Style == font.StyleItalic || strings.Contains(f.Family, "lastresort")
	})
	width := make(map[fontscan.Location]int, len(kept))
	for _, f := range kept {
		width[f.Location] = f.Runes.Len()
	}
	slices.SortFunc(kept, func(a, b fontscan.Footprint) int {
		return cmp.Or(
			cmp.Compare(width[b.Location], width[a.Location]),
			cmp.Compare(a.Family, b.Family),
			cmp.Compare(a.Location.File, b.Location.File),
			cmp.Compare(a.Location.Index, b.Location.Index),
			cmp.Compare(a.Location.Instance, b.Location.Instance),
		)
	})
	return kept
}

func heavy(f fontscan.Footprint) bool { return f.Aspect.Weight >= font.WeightSemibold }

// scanLog tells the log what the scan remarks.
type scanLog struct{ logger *slog.Logger }

func (l scanLog) Printf(format string, args ...any) {
	l.logger.Debug("while looking for fonts", "remark", fmt.Sprintf(format, args...))
}
