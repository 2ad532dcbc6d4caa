package stripesim

import (
	"iter"
	"maps"
	"strings"
)

// page is the shape of Stripe's lists, newest first.
type page struct {
	Object  string `json:"object"`
	Data    []any  `json:"data"`
	HasMore bool   `json:"has_more"`
	URL     string `json:"url"`
}

// Bounds of a page. Source: docs.stripe.com/api/pagination.
const (
	defaultLimit = 10
	maxLimit     = 100
)

// listFields are the parameters that every list takes.
func listFields() fields {
	return fields{"ending_before": text(5000), "limit": integer(1), "starting_after": text(5000)}
}

// with is want and more; more wins.
func (want fields) with(more fields) fields {
	out := maps.Clone(want)
	maps.Copy(out, more)
	return out
}

// span is a range of seconds, both ends in it.
type span struct{ from, to int64 }

// created is the range of the parameter that all lists have.
func (t *tx) created() span {
	s := t.span("created")
	s.to = min(s.to, t.newest())
	return s
}

func (t *tx) span(name string) span {
	r := t.args.at(name)
	if r != nil && r.children == nil {
		exact := t.args.number(0, name)
		return span{exact, exact}
	}
	return span{
		from: max(r.number(0, "gte"), r.number(-1, "gt")+1),
		to:   min(r.number(never, "lte"), r.number(never, "lt")-1),
	}
}

func (s span) has(at int64) bool { return s.from <= at && at <= s.to }

// row is one candidate of a page. One that is not kept still serves as the id
// to start from, as at Stripe.
type row struct {
	id    string
	at    int64 // seconds
	kept  bool
	value any
}

// newestFirst are the objects of a table as candidates. What is newer than
// starting_after and created allow is not walked: a table can have hundreds of
// thousands.
func newestFirst[T resource](t *tx, from *table[T], keep func(T) bool) iter.Seq[row] {
	return func(yield func(row) bool) {
		next := len(from.order) - 1
		give := func(i int) bool {
			v := from.byID[from.order[i]]
			return yield(row{id: from.order[i], at: v.born(), kept: keep(v), value: v})
		}
		if after := t.args.text("starting_after"); after != "" {
			at, known := from.place(after)
			if !known || !give(at) {
				return
			}
			next = at - 1
		}
		if !t.args.has("ending_before") {
			next = min(next, from.until(t.created().to)-1)
		}
		for ; next >= 0; next-- {
			if !give(next) {
				return
			}
		}
	}
}

// list is the page that the request's limit, starting_after and ending_before
// cut from those objects of the table that keep accepts. Noun is for the error
// about an unknown id.
func list[T resource](t *tx, from *table[T], noun, url string, keep func(T) bool) (any, error) {
	return t.cut(newestFirst(t, from, keep), noun, url)
}

func (t *tx) cut(rows iter.Seq[row], noun, url string) (any, error) {
	limit := int(t.args.number(defaultLimit, "limit"))
	if limit > maxLimit {
		return nil, badRequest("parameter_invalid_integer", "limit", "This value must be less than or equal to %d (it currently is '%d').", maxLimit, limit)
	}
	after, before := t.args.text("starting_after"), t.args.text("ending_before")
	if after != "" && before != "" {
		return nil, badRequest("", "", "You cannot specify both starting_after and ending_before.")
	}
	out := &page{Object: "list", URL: url, Data: []any{}}
	var found bool
	if before != "" {
		if found = t.takeBefore(out, rows, before, limit); !found {
			return nil, missing(noun, before, "ending_before")
		}
		return out, nil
	}
	if found = t.takeAfter(out, rows, after, limit); !found {
		return nil, missing(noun, after, "starting_after")
	}
	return out, nil
}

// takeAfter fills the page with what follows the id after, or with the first
// of all if after is "". It returns whether the id was found.
func (t *tx) takeAfter(out *page, rows iter.Seq[row], after string, limit int) bool {
	found, oldest := after == "", t.created().from
	for r := range rows {
		switch {
		case !found:
			found = r.id == after
		case r.at < oldest:
			return true // and so are all that follow
		case !r.kept:
		case len(out.Data) == limit:
			out.HasMore = true
			return true
		default:
			out.Data = append(out.Data, t.view(r.value))
		}
	}
	return found
}

// takeBefore fills the page with the nearest that stand before the id.
func (t *tx) takeBefore(out *page, rows iter.Seq[row], before string, limit int) bool {
	var newer []row
	for r := range rows {
		if r.id == before {
			out.HasMore = len(newer) > limit
			for _, r := range newer[max(0, len(newer)-limit):] {
				out.Data = append(out.Data, t.view(r.value))
			}
			return true
		}
		if r.kept {
			newer = append(newer, r)
		}
	}
	return false
}

// matches tells whether an optional filter is absent or equal, without
// regard to case where Stripe has none (e-mail addresses).
func matches(filter *form, value *string) bool {
	return filter == nil || value != nil && strings.EqualFold(filter.value, *value)
}
