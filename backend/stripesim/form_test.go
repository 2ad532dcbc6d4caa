package stripesim

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plain turns a form into maps and strings.
func plain(f *form) any {
	if f.children == nil {
		return f.value
	}
	out := map[string]any{}
	for k, v := range f.children {
		out[k] = plain(v)
	}
	return out
}

type tree = map[string]any

func TestParseForm(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want any
	}{
		{"", tree{}},
		{"a=1", tree{"a": "1"}},
		{"a", tree{"a": ""}},
		{"a=1&a=2", tree{"a": "2"}},
		{"a=b%20c+d%26e", tree{"a": "b c d&e"}},
		{"a%5Bb%5D=1", tree{"a": tree{"b": "1"}}},
		{"a[b]=1&a[c]=2", tree{"a": tree{"b": "1", "c": "2"}}},
		{"a[0][b][c]=1", tree{"a": tree{"0": tree{"b": tree{"c": "1"}}}}},
		{"a[]=x&a[]=y", tree{"a": tree{"0": "x", "1": "y"}}},
		{"a[0]=x&a[]=y", tree{"a": tree{"0": "x", "1": "y"}}},
		{"a[][b]=1&a[][c]=2&a[][b]=3", tree{"a": tree{"0": tree{"b": "1", "c": "2"}, "1": tree{"b": "3"}}}},
		{"a[][]=1&a[][]=2", tree{"a": tree{"0": tree{"0": "1"}, "1": tree{"0": "2"}}}},
		{"a[b]=1=2", tree{"a": tree{"b": "1=2"}}},
		{"metadata[with space]=v", tree{"metadata": tree{"with space": "v"}}},
	} {
		f, err := parseForm(c.raw)
		if err != nil {
			t.Errorf("%s: %v", c.raw, err)
			continue
		}
		if diff := cmp.Diff(c.want, plain(f)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.raw, diff)
		}
	}
	for _, raw := range []string{"=1", "[a]=1", "a]=1", "a[=1", "a[b=1", "a[b]c=1", "a[b]]=1", "a[[b]]=1", "a=%f", "%=1", "a=1&a[b]=2", "a[b]=1&a=2", "a[b]=1&a[b][c]=2", "a[b][c]=1&a[b]=2"} {
		if f, err := parseForm(raw); err == nil {
			t.Errorf("%s was read as %v", raw, plain(f))
		}
	}
}

func TestFormReaders(t *testing.T) {
	f, err := parseForm("n=12&t=true&o=1&f=false&s=hi&e=&list[10]=k&list[2]=c&list[0]=a&m[a]=1&m[b]=")
	if err != nil {
		t.Fatal(err)
	}
	hi := "hi"
	for name, pair := range map[string][2]any{
		"number":             {f.number(5, "n"), int64(12)},
		"absent number":      {f.number(5, "x"), int64(5)},
		"text for a number":  {f.number(5, "s"), int64(5)},
		"true":               {f.flag(false, "t"), true},
		"1":                  {f.flag(false, "o"), true},
		"false":              {f.flag(true, "f"), false},
		"absent flag":        {f.flag(true, "x"), true},
		"text":               {f.text("s"), "hi"},
		"deep absent text":   {f.text("x", "y", "z"), ""},
		"below a value":      {f.has("s", "y"), false},
		"has empty":          {f.has("e"), true},
		"maybe":              {f.maybe("s"), &hi},
		"maybe empty":        {f.maybe("e"), (*string)(nil)},
		"in index order":     {f.texts("list"), []string{"a", "c", "k"}},
		"no list":            {f.texts("x"), []string{}},
		"metadata":           {f.metadata("m"), map[string]string{"a": "1"}},
		"no metadata":        {f.metadata("x"), map[string]string{}},
		"nil form":           {(*form)(nil).text("a"), ""},
		"nil form's flag":    {(*form)(nil).flag(true, "a"), true},
		"canonical":          {f.at("m").canonical(), "a=1&b="},
		"canonical of order": {must(parseForm("b[1]=x&a=y")).canonical(), must(parseForm("a=y&b[1]=x")).canonical()},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func must(f *form, err error) *form {
	if err != nil {
		panic(err)
	}
	return f
}

// FuzzParseForm: no input makes the parser panic, what it accepts it writes
// in a canonical form that it reads back as the same, and checking that
// against a table of parameters never panics either.
func FuzzParseForm(f *testing.F) {
	for _, seed := range []string{
		"", "a=1", "a[b]=c&a[d][0]=e", "a[]=1&a[]=2", "a[][b]=1&a[][b]=2", "%5B%5D=1", "a[b", "a=1&a[b]=2", "x=%zz", "&&&=&=", "a[]]=1",
		sale, sale + "&metadata[k]=v&expand[]=line_items", "created[gte]=1&types[]=a&limit=100", "line_items[first]=1", "a[0][]=1&a[][0]=2",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		tree, err := parseForm(raw)
		if err != nil {
			if e := (*apiError)(nil); !errors.As(err, &e) || e.Status != 400 {
				t.Fatalf("%q failed with %v", raw, err)
			}
			return
		}
		for _, e := range endpoints() {
			_ = e.accepted().check(tree) // any verdict will do
		}
		again, err := parseForm(tree.canonical())
		if err != nil {
			t.Fatalf("%q became %q, which cannot be read: %v", raw, tree.canonical(), err)
		}
		if diff := cmp.Diff(plain(tree), plain(again)); diff != "" {
			t.Fatalf("%q changed by writing it (-first +second):\n%s", raw, diff)
		}
	})
}

// TestParseFormAgreesWithNetURL: for names without brackets there is nothing
// of our own in it.
func TestParseFormAgreesWithNetURL(t *testing.T) {
	for _, raw := range []string{"a=1&b=2", "a=%C3%A9&b=+", "q=a%2Bb", "long=" + strings.Repeat("x", 1000)} {
		want, err := url.ParseQuery(raw)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parseForm(raw)
		if err != nil {
			t.Fatal(err)
		}
		for name := range want {
			if f.text(name) != want.Get(name) {
				t.Errorf("%s: %s is %q, want %q", raw, name, f.text(name), want.Get(name))
			}
		}
	}
}
