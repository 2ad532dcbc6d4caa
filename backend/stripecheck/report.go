package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"willcall/backend/stripeapi"
)

// check is one assumption and how it is tried.
type check struct {
	number string // "3.4": its group, and its place there
	words  string // the assumption, as a sentence that is true or false
	used   string // where Willcall would go wrong if it were false
	try    func(*line, context.Context) (saw string, err error)
}

// verdict is what became of an assumption.
type verdict string

const (
	held    verdict = "true"
	broken  verdict = "false"
	untried verdict = "not tried"
)

// denied says that the assumption is false, and how that was seen.
type denied struct{ saw string }

func (d *denied) Error() string { return d.saw }

func deny(format string, args ...any) error { return &denied{fmt.Sprintf(format, args...)} }

// skipped says why an assumption was not tried.
type skipped struct{ why string }

func (s *skipped) Error() string { return s.why }

func skip(format string, args ...any) error { return &skipped{fmt.Sprintf(format, args...)} }

// judge turns the end of a try into a verdict. Only an answer of Stripe's makes
// an assumption false; where the line failed nothing is known, which is no
// success either.
func judge(saw string, err error) (v verdict, seen string, failed bool) {
	if err == nil {
		return held, saw, false
	}
	if d, ok := errors.AsType[*denied](err); ok {
		return broken, d.saw, true
	}
	if s, ok := errors.AsType[*skipped](err); ok {
		return untried, s.why, false
	}
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if !ok {
		return untried, err.Error(), true
	}
	switch failure.Failure {
	case stripeapi.Refused, stripeapi.Missing, stripeapi.KeyReused:
		return broken, "Stripe refused: " + told(failure), true
	case stripeapi.Forbidden:
		return untried, "the key may not: " + told(failure), false
	default:
		return untried, "the line failed: " + told(failure), true
	}
}

// told is what is worth pasting of a failure.
func told(f *stripeapi.Error) string {
	parts := []string{string(f.Failure)}
	if f.Status != 0 {
		parts = append(parts, fmt.Sprint(f.Status))
	}
	for _, part := range []string{f.Code, f.Param} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ") + ": " + f.Message
}

// report prints the verdicts as they come, as a table in Markdown.
type report struct {
	out          io.Writer
	words, used  int // widths, in characters
	tally        map[verdict]int
	right        bool
	keys         *regexp.Regexp // what looks like one
	writeTrouble error
}

func newReport(out io.Writer, checks []check) *report {
	r := &report{out: out, tally: map[verdict]int{}, right: true, keys: regexp.MustCompile(`\b[a-z]{2}_(test|live)_[\w*]+`)}
	for _, c := range checks {
		r.words, r.used = max(r.words, utf8.RuneCountInString(c.words)), max(r.used, len(c.used))
	}
	return r
}

// say prints a paragraph.
func (r *report) say(format string, args ...any) {
	if _, err := fmt.Fprintf(r.out, format+"\n", args...); err != nil && r.writeTrouble == nil {
		r.writeTrouble = err
	}
}

func (r *report) head() {
	r.row("no.", "verdict", "assumption", "used in", "seen")
	r.say("|------|-----------|-%s-|-%s-|------|", strings.Repeat("-", r.words), strings.Repeat("-", r.used))
}

func (r *report) add(c check, saw string, err error) {
	v, seen, failed := judge(saw, err)
	r.tally[v]++
	r.right = r.right && !failed
	r.row(c.number, string(v), c.words, c.used, seen)
}

func (r *report) row(number, verdict, words, used, seen string) {
	seen = strings.ReplaceAll(strings.Join(strings.Fields(r.discreet(seen)), " "), "|", `\|`)
	r.say("| %-4s | %-9s | %-*s | %-*s | %s |", number, verdict, r.words, words, r.used, used, seen)
}

// discreet is the text without keys, even those of which Stripe shows only the
// end: the table is for pasting.
func (r *report) discreet(text string) string {
	return r.keys.ReplaceAllStringFunc(text, func(found string) string {
		if strings.HasPrefix(found, "cs_") {
			return found
		}
		return "[key]"
	})
}

// end sums up, and says what is left behind.
func (r *report) end(took time.Duration, left []string) {
	r.say("\n%d true, %d false, %d not tried, in %s.", r.tally[held], r.tally[broken], r.tally[untried], round(took))
	if len(left) == 0 {
		r.say("What was made has been closed, archived, expired or refunded.")
		return
	}
	r.right = false
	r.say("Left behind, to be cleared away by hand in the Dashboard (metadata %s):\n- %s", mark, r.discreet(strings.Join(left, "\n- ")))
}

// round is a time as it is worth saying.
func round(d time.Duration) time.Duration {
	if d >= time.Minute {
		return d.Round(time.Second)
	}
	return d.Round(time.Millisecond)
}
