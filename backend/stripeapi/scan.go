package stripeapi

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// scan reads an answer in one pass, straight into our own structs.
//
// A page of a hundred sessions is half a megabyte, of which a till needs one
// part in fifty. encoding/json goes over it five times and stripe-go's structs
// take memory for all of it: nearly all the time of catching up after an
// outage. What is not asked for is stepped over, but held to be sound JSON all
// the same: see FuzzScan.
//
// The rules of its methods: null is the zero value; any other thing than what
// was asked for makes the whole answer bad, and nothing is read after that.
type scan struct {
	text []byte
	at   int
	deep int
	bad  bool
}

// maxDepth is how far values may lie in each other; Stripe's lie in twelve.
const maxDepth = 500

// fail gives the answer up.
func (s *scan) fail() { s.bad, s.at = true, len(s.text) }

// done reports whether the whole was sound, with nothing behind it.
func (s *scan) done() bool { return s.peek() == 0 && s.at == len(s.text) && !s.bad }

// peek is the next byte that is no space; 0 at the end.
func (s *scan) peek() byte {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\n', '\t', '\r':
		default:
			return c
		}
	}
	return 0
}

// take steps over c if it is next.
func (s *scan) take(c byte) bool {
	if s.peek() != c || s.at == len(s.text) {
		return false
	}
	s.at++
	return true
}

// word steps over one of JSON's three.
func (s *scan) word(w string) bool {
	if end := s.at + len(w); end <= len(s.text) && string(s.text[s.at:end]) == w {
		s.at = end
		return true
	}
	return false
}

// null steps over it if it is next.
func (s *scan) null() bool { return s.peek() == 'n' && s.word("null") }

// object calls member for each, with its name as it is written; what member
// leaves unread is stepped over.
func (s *scan) object(member func(name []byte)) {
	if s.null() {
		return
	}
	if !s.take('{') {
		s.fail()
		return
	}
	s.inside('}', func() {
		name := s.raw()
		if !s.take(':') {
			s.fail()
			return
		}
		s.peek()
		at := s.at
		if member(name); s.at == at {
			s.skip()
		}
	})
}

// array calls element for each, which must read it.
func (s *scan) array(element func()) {
	if s.null() {
		return
	}
	if !s.take('[') {
		s.fail()
		return
	}
	s.inside(']', element)
}

// inside reads what commas part, up to the end.
func (s *scan) inside(end byte, one func()) {
	if s.deep++; s.deep > maxDepth {
		s.fail()
	}
	if s.take(end) {
		s.deep--
		return
	}
	for !s.bad {
		one()
		if s.take(',') {
			continue
		}
		if !s.take(end) {
			s.fail()
		}
		s.deep--
		return
	}
}

// skip steps over any value.
func (s *scan) skip() {
	switch c := s.peek(); {
	case c == '"':
		s.raw()
	case c == '{' && s.at < len(s.text):
		s.object(func([]byte) {})
	case c == '[':
		s.array(s.skip)
	case c == '-' || c >= '0' && c <= '9':
		s.digits()
	case c == 't' && s.word("true"), c == 'f' && s.word("false"), c == 'n' && s.word("null"):
	default:
		s.fail()
	}
}

// raw is what stands between the quotes of a string.
func (s *scan) raw() []byte {
	if !s.take('"') {
		s.fail()
		return nil
	}
	begin := s.at
	for i, text := s.at, s.text; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			s.at = i + 1
			return text[begin:i]
		case c == '\\':
			s.at = i
			s.escape()
			i = s.at - 1
		case c < ' ':
			i = len(text)
		}
	}
	s.fail()
	return nil
}

// escape steps over a backslash and what it stands before.
func (s *scan) escape() {
	s.at++
	if s.at == len(s.text) {
		return
	}
	c := s.text[s.at]
	s.at++
	switch {
	case strings.IndexByte(`"\/bfnrt`, c) >= 0:
	case c == 'u' && s.at+4 <= len(s.text) && hexadecimal(s.text[s.at:s.at+4]):
		s.at += 4
	default:
		s.fail()
	}
}

func hexadecimal(digits []byte) bool {
	for _, c := range digits {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// digits is a number as it is written.
func (s *scan) digits() []byte {
	s.peek()
	begin := s.at
	if s.at < len(s.text) && s.text[s.at] == '-' {
		s.at++
	}
	if first := s.at; s.some() && s.text[first] == '0' && s.at > first+1 {
		s.fail() // no number begins with a nought but nought
	}
	if s.at < len(s.text) && s.text[s.at] == '.' {
		s.at++
		s.some()
	}
	if s.at < len(s.text) && (s.text[s.at] == 'e' || s.text[s.at] == 'E') {
		s.at++
		if s.at < len(s.text) && (s.text[s.at] == '+' || s.text[s.at] == '-') {
			s.at++
		}
		s.some()
	}
	return s.text[begin:s.at]
}

// some steps over one digit or more.
func (s *scan) some() bool {
	begin := s.at
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	if s.at == begin {
		s.fail()
		return false
	}
	return true
}

// string is the text of a string.
func (s *scan) string() string {
	if s.null() {
		return ""
	}
	return viewed(s.raw())
}

// viewed is the text that is written so between quotes.
func viewed(raw []byte) string {
	text := string(raw)
	if strings.IndexByte(text, '\\') < 0 && utf8.ValidString(text) {
		return text
	}
	quoted := `"` + text + `"`
	if json.Unmarshal([]byte(quoted), &text) != nil {
		return "" // raw has held it to be sound
	}
	return text
}

// integer is a whole number: amounts and times are never anything else.
func (s *scan) integer() int64 {
	if s.null() {
		return 0
	}
	n, err := strconv.ParseInt(string(s.digits()), 10, 64)
	if err != nil {
		s.fail()
	}
	return n
}

// decimal is a number as it is written, such as a rate of exchange.
func (s *scan) decimal() string {
	if s.null() {
		return ""
	}
	return string(s.digits())
}

// boolean is true or false.
func (s *scan) boolean() bool {
	switch s.peek() {
	case 't':
		if s.word("true") {
			return true
		}
	case 'f':
		if s.word("false") {
			return false
		}
	case 'n':
		if s.word("null") {
			return false
		}
	}
	s.fail()
	return false
}

// strings are the members of an object of them, as metadata is.
func (s *scan) strings() map[string]string {
	if s.peek() != '{' {
		s.object(func([]byte) {}) // null, or bad
		return nil
	}
	all := map[string]string{}
	s.object(func(name []byte) { all[viewed(name)] = s.string() })
	return all
}

// id is whose object stands here, be it expanded or not.
func (s *scan) id() (id string) {
	if s.peek() == '"' {
		return s.string()
	}
	s.object(func(name []byte) {
		if string(name) == "id" {
			id = s.string()
		}
	})
	return id
}

// hint is the text here, if it is one: of a shape that is not known, whatever
// it is.
func (s *scan) hint() string {
	if s.peek() == '"' {
		return s.string()
	}
	s.skip()
	return ""
}
