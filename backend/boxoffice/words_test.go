package boxoffice

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// scripts are texts that people give to shows: one rune of each is one
// character, however many bytes it has.
func scripts() map[string]string {
	return map[string]string{
		"Latin": "W", "accents": "ř", "Cyrillic": "Щ", "Arabic": "ش", "Hebrew": "ש", "Devanagari": "ह", "Chinese": "戲", "Korean": "극", "emoji": "🎭",
	}
}

// Lengths are of characters, not of bytes, and what is cut shows it.
func TestShorten(t *testing.T) {
	for name, letter := range scripts() {
		for _, test := range []struct {
			length, most int
			want         string
		}{
			{0, 5, ""}, {4, 5, strings.Repeat(letter, 4)}, {5, 5, strings.Repeat(letter, 5)}, {6, 5, strings.Repeat(letter, 4) + "…"}, {500, 1, "…"},
		} {
			if got := Shorten(strings.Repeat(letter, test.length), test.most); got != test.want || !utf8.ValidString(got) {
				t.Errorf("%s: %d cut to %d is %q", name, test.length, test.most, got)
			}
		}
	}
}

// The longest names that can be entered, in any script: a title keeps to 250
// characters and names both, where and when keep to 500 with nothing cut.
func TestWordsKeepTheirLimits(t *testing.T) {
	at := time.Date(2026, time.September, 30, 18, 0, 0, 0, time.UTC)
	for name, letter := range scripts() {
		long := strings.Repeat(letter, longestName)
		l := LineItem{EventName: long, Name: long, Place: long, StartsAt: at, TimeZone: "Europe/Vienna", Quantity: 100}
		title := l.Title()
		event, kind, ok := strings.Cut(title, " · ")
		if utf8.RuneCountInString(title) != longestTitle || !ok || utf8.RuneCountInString(event) != 122 || utf8.RuneCountInString(kind) != 125 {
			t.Errorf("%s: the title has %d characters: %q", name, utf8.RuneCountInString(title), title)
		}
		if want := long + ", Wed 30 Sep 2026, 20:00"; l.Where() != want {
			t.Errorf("%s: where is %q", name, l.Where())
		}
		if p := (Poster{Place: long, StartsAt: at, TimeZone: "Europe/Vienna"}); p.Where() != l.Where() || p.When() != "Wed 30 Sep 2026, 20:00" {
			t.Errorf("%s: a poster's are %q and %q", name, p.Where(), p.When())
		}
		l.Place = strings.Repeat(letter, 5000)
		if utf8.RuneCountInString(l.Where()) != longestDescription || !strings.HasSuffix(l.Where(), "…, Wed 30 Sep 2026, 20:00") {
			t.Errorf("%s: a place without end is %q", name, l.Where())
		}
		o := Order{Code: "K7QF3M", LineItems: []LineItem{l, l, l}}
		if words := o.Words(); utf8.RuneCountInString(words) != longestDescription || !strings.HasPrefix(words, "Willcall K7QF3M · 100 × "+letter) || !strings.HasSuffix(words, "…") {
			t.Errorf("%s: an order is %q", name, words)
		}
	}
	short := LineItem{EventName: "Hamlet", Name: "Adult", Quantity: 2}
	if got := (Order{Code: "K7QF3M", LineItems: []LineItem{short}}).Words(); got != "Willcall K7QF3M · 2 × Hamlet · Adult" {
		t.Errorf("an order is %q", got)
	}
	exact := LineItem{EventName: strings.Repeat("W", 242), Name: "Adult"}
	if got := exact.Title(); got != exact.EventName+" · Adult" {
		t.Errorf("a title of just 250 was cut: %q", got)
	}
}

// Stripe wants a letter in a descriptor, and leaves it 10 characters.
func TestDescriptor(t *testing.T) {
	for _, code := range []string{"K7QF3M", "234567", "23", "34567"} {
		got := Descriptor(code)
		if !strings.HasSuffix(got, " "+code) || len(got) > 10 || !strings.ContainsAny(got, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") || strings.ContainsAny(got, `<>\'"*`) {
			t.Errorf("the descriptor of %s is %q", code, got)
		}
	}
}
