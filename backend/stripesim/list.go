package stripesim

import (
	"slices"
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
	out := fields{}
	for name, f := range want {
		out[name] = f
	}
	for name, f := range more {
		out[name] = f
	}
	return out
}

// within tells whether a time lies in the range of the parameter name.
func (t *tx) within(name string) func(int64) bool {
	r := t.args.at(name)
	if r != nil && r.children == nil {
		exact := t.args.number(0, name)
		return func(at int64) bool { return at == exact }
	}
	return func(at int64) bool {
		return (!r.has("gt") || at > r.number(0, "gt")) && (!r.has("gte") || at >= r.number(0, "gte")) &&
			(!r.has("lt") || at < r.number(0, "lt")) && (!r.has("lte") || at <= r.number(0, "lte"))
	}
}

// list is the page that the request's limit, starting_after and ending_before
// cut from those objects of the table that keep accepts, newest first. Noun is
// for the error about an unknown id.
func list[T resource](t *tx, from *table[T], noun, url string, keep func(T) bool) (any, error) {
	ids := slices.Clone(from.order)
	slices.Reverse(ids)
	rows := make([]T, len(ids))
	for i, id := range ids {
		rows[i] = from.byID[id]
	}
	return t.cut(toPageRows(rows, keep), noun, url)
}

// row is one candidate of a page; those that are not kept still serve as the
// id to start from, as at Stripe.
type row struct {
	id   string
	kept bool
	view func() any
}

func toPageRows[T resource](rows []T, keep func(T) bool) []row {
	out := make([]row, len(rows))
	for i, r := range rows {
		out[i] = row{id: r.key(), kept: keep(r), view: func() any { return r }}
	}
	return out
}

func (t *tx) cut(rows []row, noun, url string) (any, error) {
	limit := int(t.args.number(defaultLimit, "limit"))
	if limit > maxLimit {
		return nil, badRequest("parameter_invalid_integer", "limit", "This value must be less than or equal to %d (it currently is '%d').", maxLimit, limit)
	}
	after, before := t.args.text("starting_after"), t.args.text("ending_before")
	if after != "" && before != "" {
		return nil, badRequest("", "", "You cannot specify both starting_after and ending_before.")
	}
	out := &page{Object: "list", URL: url, Data: []any{}}
	if before != "" {
		at := position(rows, before)
		if at < 0 {
			return nil, missing(noun, before, "ending_before")
		}
		newer := slices.Clone(rows[:at])
		slices.Reverse(newer)
		out.HasMore = t.take(out, newer, limit)
		slices.Reverse(out.Data)
		return out, nil
	}
	if after != "" {
		at := position(rows, after)
		if at < 0 {
			return nil, missing(noun, after, "starting_after")
		}
		rows = rows[at+1:]
	}
	out.HasMore = t.take(out, rows, limit)
	return out, nil
}

func position(rows []row, id string) int {
	return slices.IndexFunc(rows, func(r row) bool { return r.id == id })
}

// take moves up to limit kept rows to the page and tells whether more follow.
func (t *tx) take(out *page, rows []row, limit int) (more bool) {
	for _, r := range rows {
		switch {
		case !r.kept:
		case len(out.Data) == limit:
			return true
		default:
			out.Data = append(out.Data, t.view(r.view()))
		}
	}
	return false
}

// matches tells whether an optional filter is absent or equal, without
// regard to case where Stripe has none (e-mail addresses).
func matches(filter *form, value *string) bool {
	return filter == nil || value != nil && strings.EqualFold(filter.value, *value)
}
