package stripeapi

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzScan holds the scanner against encoding/json: it takes what that takes
// and nothing else, and reads the same text.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, ` {"a": [1, -2.5e+7, "ä\u00e4\\\"", null, true, false, {"b": {}}]} `, `"\ud83c\udfad"`, `"\ud83c"`, "\"\xff\"", "\"\x01\"",
		`{"a" 1}`, `{"a": 1,}`, `[1,]`, `[1 2]`, `01`, `-`, `1.`, `1e`, `.5`, `+1`, `tru`, `nul`, `nulll`, `{"a": 1} x`, `{"object": "li`, `"\x"`, `"\u12g4"`, `{a: 1}`, ``, ` `, "\x00", "{}\x00", `"`, `"\`, `"\u1`, `0`, `-0`, `00`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		in := &scan{text: text}
		in.skip()
		sound, want := in.done(), json.Valid(text)
		if sound != want && strings.Count(string(text), "[")+strings.Count(string(text), "{") < maxDepth {
			t.Fatalf("%q: sound is %t, want %t", text, sound, want)
		}
		in = &scan{text: text}
		got := in.string()
		var read *string
		if json.Unmarshal(text, &read) == nil && read != nil && (got != *read || !in.done()) {
			t.Fatalf("%q is read as %q, want %q", text, got, *read)
		}
		in = &scan{text: text}
		fields := in.strings()
		var all map[string]string
		if err := json.Unmarshal(text, &all); err == nil && (!in.done() || !cmp.Equal(fields, all)) {
			t.Fatalf("%q has %v, want %v", text, fields, all)
		} else if err != nil && json.Valid(text) && in.done() && !strings.Contains(string(text), "null") {
			t.Fatalf("%q was taken for %v", text, fields)
		}
	})
}

// TestScan: what each method takes, and that anything else makes the whole bad.
func TestScan(t *testing.T) {
	type read func(*scan) any
	integer := func(in *scan) any { return in.integer() }
	decimal := func(in *scan) any { return in.decimal() }
	boolean := func(in *scan) any { return in.boolean() }
	text := func(in *scan) any { return in.string() }
	id := func(in *scan) any { return in.id() }
	hint := func(in *scan) any { return in.hint() }
	for _, c := range []struct {
		text string
		read read
		want any
		good bool
	}{
		{`12`, integer, int64(12), true},
		{`-9007199254740993`, integer, int64(-9007199254740993), true}, // a float has not so many digits
		{`null`, integer, int64(0), true},
		{`12.5`, integer, nil, false},
		{`1e3`, integer, nil, false},
		{`"12"`, integer, nil, false},
		{`9223372036854775808`, integer, nil, false},
		{`true`, integer, nil, false},
		{`1.0796`, decimal, "1.0796", true},
		{`null`, decimal, "", true},
		{`"1"`, decimal, nil, false},
		{`true`, boolean, true, true},
		{` false `, boolean, false, true},
		{`null`, boolean, false, true},
		{`1`, boolean, nil, false},
		{`truth`, boolean, nil, false},
		{`"a\u00e4\n"`, text, "aä\n", true},
		{`null`, text, "", true},
		{`7`, text, nil, false},
		{`"ch_1"`, id, "ch_1", true},
		{`{"object": "charge", "id": "ch_1", "refunds": {"id": "x"}}`, id, "ch_1", true},
		{`null`, id, "", true},
		{`[]`, id, nil, false},
		{`"ch_1"`, hint, "ch_1", true},
		{`{"id": [1, {}]}`, hint, "", true},
		{`7`, hint, "", true},
		{`{"id" 1}`, hint, nil, false},
		{`"ch_1" "ch_2"`, id, nil, false},
	} {
		in := &scan{text: []byte(c.text)}
		got := c.read(in)
		if good := in.done(); good != c.good || good && got != c.want {
			t.Errorf("%s is read as %v, sound %t; want %v, %t", c.text, got, good, c.want, c.good)
		}
	}
	deep := &scan{text: []byte(strings.Repeat("[", 1<<20))}
	if deep.skip(); deep.done() || !deep.bad {
		t.Error("a million brackets were taken")
	}
}
