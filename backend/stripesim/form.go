package stripesim

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Bounds of a request that no honest client comes near.
const (
	maxBody   = 1 << 20
	maxParams = 10_000
	maxDepth  = 12
)

// form is a decoded body or query: a[b][0]=c is the value c at a, b, 0. A nil
// form is an absent parameter; reading it gives zero values.
type form struct {
	value    string
	children map[string]*form // nil for a value
	order    []string         // of children, as first seen
}

// parseForm reads application/x-www-form-urlencoded with Stripe's brackets.
// Empty brackets append: types[]=a&types[]=b; items[][x]=1&items[][x]=2 starts
// a new element when x comes again.
func parseForm(raw string) (*form, error) {
	root := &form{children: map[string]*form{}}
	count := 0
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		if count++; count > maxParams {
			return nil, badRequest("", "", "Too many parameters: a request can have at most %d.", maxParams)
		}
		name, value, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(name)
		value, errValue := url.QueryUnescape(value)
		if errName != nil || errValue != nil {
			return nil, badRequest("", "", "Invalid request: a parameter is not properly URL-encoded.")
		}
		path, ok := splitName(name)
		if !ok {
			return nil, badRequest("parameter_unknown", name, "Received unknown parameter: %s", name)
		}
		if !root.insert(path, value) {
			return nil, badRequest("", name, "Invalid request: %s is given twice, as a value and as a hash or array.", name)
		}
	}
	return root, nil
}

// splitName takes a[b][0] apart. It fails on unbalanced brackets and on names
// nested too deep.
func splitName(name string) ([]string, bool) {
	head, rest, nested := strings.Cut(name, "[")
	path := []string{head}
	if head == "" || strings.Contains(head, "]") {
		return nil, false
	}
	for nested {
		var key, tail string
		key, tail, nested = strings.Cut(rest, "]")
		if !nested || strings.Contains(key, "[") || len(path) == maxDepth {
			return nil, false
		}
		path = append(path, key)
		if tail == "" {
			return path, true
		}
		if !strings.HasPrefix(tail, "[") {
			return nil, false
		}
		rest = tail[1:]
	}
	return path, true
}

// insert puts value at path. It fails where a value and a hash meet.
func (f *form) insert(path []string, value string) bool {
	for _, key := range resolveAppends(f, path) {
		if f.children == nil {
			return false
		}
		next, ok := f.children[key]
		if !ok {
			next = &form{}
			f.children[key] = next
			f.order = append(f.order, key)
		}
		f = next
		if len(path) > 1 && f.children == nil {
			if ok {
				return false
			}
			f.children = map[string]*form{}
		}
		path = path[1:]
	}
	if f.children != nil {
		return false
	}
	f.value = value
	return true
}

// resolveAppends replaces empty brackets with the index they stand for.
func resolveAppends(f *form, path []string) []string {
	path = slices.Clone(path)
	for i, key := range path {
		if key == "" {
			path[i] = f.nextIndex(path[i+1:])
		}
		if f != nil {
			f = f.children[path[i]]
		}
	}
	return path
}

// nextIndex is the last element if it is a hash that still misses rest, else
// the one after it.
func (f *form) nextIndex(rest []string) string {
	if f == nil || len(f.order) == 0 {
		return "0"
	}
	last := len(f.order) - 1
	if len(rest) > 0 && rest[0] != "" {
		if e := f.children[strconv.Itoa(last)]; e != nil && e.children != nil && e.children[rest[0]] == nil {
			return strconv.Itoa(last)
		}
	}
	return strconv.Itoa(last + 1)
}

// at is the parameter at path, or nil.
func (f *form) at(path ...string) *form {
	for _, key := range path {
		if f == nil {
			return nil
		}
		f = f.children[key]
	}
	return f
}

// has tells whether the parameter was given.
func (f *form) has(path ...string) bool { return f.at(path...) != nil }

// text is the value at path, or "".
func (f *form) text(path ...string) string {
	if v := f.at(path...); v != nil {
		return v.value
	}
	return ""
}

// maybe is the value at path, or nil where it is absent or empty.
func (f *form) maybe(path ...string) *string {
	if v := f.text(path...); v != "" {
		return &v
	}
	return nil
}

// number is the checked integer at path, or fallback.
func (f *form) number(fallback int64, path ...string) int64 {
	if n, err := strconv.ParseInt(f.text(path...), 10, 64); err == nil {
		return n
	}
	return fallback
}

// flag is the checked boolean at path, or fallback.
func (f *form) flag(fallback bool, path ...string) bool {
	if v := f.at(path...); v != nil {
		return v.value == "true" || v.value == "1"
	}
	return fallback
}

// items are the elements of the array at path, in the order of their index.
func (f *form) items(path ...string) []*form {
	list := f.at(path...)
	if list == nil {
		return nil
	}
	keys := slices.Clone(list.order)
	slices.SortStableFunc(keys, func(a, b string) int {
		i, _ := strconv.Atoi(a)
		j, _ := strconv.Atoi(b)
		return i - j
	})
	out := make([]*form, len(keys))
	for i, k := range keys {
		out[i] = list.children[k]
	}
	return out
}

// texts are the values of the array at path; never nil.
func (f *form) texts(path ...string) []string {
	out := []string{}
	for _, v := range f.items(path...) {
		out = append(out, v.value)
	}
	return out
}

// metadata is the hash at path; never nil. Keys set to "" are left out.
func (f *form) metadata(path ...string) map[string]string {
	out := map[string]string{}
	if m := f.at(path...); m != nil {
		for k, v := range m.children {
			if v.value != "" {
				out[k] = v.value
			}
		}
	}
	return out
}

// canonical writes the form so that equal parameters give equal text, in
// whatever order they were sent.
func (f *form) canonical() string {
	out := url.Values{}
	f.flatten("", out)
	return out.Encode()
}

func (f *form) flatten(name string, out url.Values) {
	if f.children == nil {
		out.Add(name, f.value)
	}
	for key, child := range f.children {
		if name != "" {
			key = name + "[" + key + "]"
		}
		child.flatten(key, out)
	}
}
