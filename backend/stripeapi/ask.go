package stripeapi

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/form"
)

// fetch asks for one object, which read reads from the answer; read reports
// whether it is the thing that was asked for. params must carry t's context.
//
// The request and a refusal are stripe-go's, the answer is ours: see scan.
func fetch[T any](c *Client, t *trip, method, path string, params stripe.ParamsContainer, read func(*scan) (T, bool)) (T, error) {
	query := &form.Values{}
	form.AppendTo(query, params)
	got, err := answer(c, t, method, path, query, params.GetParams(), read)
	toldBy(t, &got)
	return got, err
}

// toldBy notes on what Stripe told which request it was told by.
func toldBy(t *trip, told any) {
	if s, ok := told.(*Session); ok && s.ID != "" {
		s.RequestID = t.header.Get("Request-Id")
	}
}

// list asks for one page, of which read reads each element. More says that
// there is another, after the last one's id.
func list[T any](c *Client, t *trip, path string, params stripe.ListParamsContainer, read func(*scan) (T, bool)) (items []T, more bool, err error) {
	type found struct {
		items []T
		more  bool
	}
	query := &form.Values{}
	form.AppendTo(query, params)
	p, err := answer(c, t, http.MethodGet, path, query, params.GetListParams().ToParams(), func(in *scan) (found, bool) {
		items, more, sound := readPage(in, read)
		return found{items, more}, sound
	})
	for i := range p.items {
		toldBy(t, &p.items[i])
	}
	return p.items, p.more, err
}

// readPage reads a list, which names its elements and says whether there are
// more (docs.stripe.com/api/pagination). A page that has nothing and says that there is more
// cannot be read on from, and one element that is not what was asked for
// spoils it: to take either for the end would lose what comes after.
func readPage[T any](in *scan, read func(*scan) (T, bool)) (items []T, more, sound bool) {
	object, all, listed, told := "", true, false, false
	in.object(func(name []byte) {
		switch string(name) {
		case "object":
			object = in.string()
		case "has_more":
			told = in.peek() == 't' || in.peek() == 'f'
			more = in.boolean()
		case "data":
			listed = in.peek() == '['
			in.array(func() {
				one, ok := read(in)
				items, all = append(items, one), all && ok
			})
		}
	})
	return items, more, object == "list" && listed && told && all && (len(items) > 0 || !more)
}

// answer makes one request, and returns nothing but what was asked for.
func answer[T any](c *Client, t *trip, method, path string, query *form.Values, params *stripe.Params, read func(*scan) (T, bool)) (T, error) {
	var got T
	id := *c.identity.Load()
	if id.Key == "" {
		return got, notConnected()
	}
	if id.Account != "" {
		params.SetStripeAccount(id.Account)
	}
	body, err := c.backend.exchange(c.http, method, path, id.Key, query, params)
	sound := false
	if err == nil {
		in := &scan{text: body}
		got, sound = read(in)
		sound = sound && in.done()
	}
	if err = c.judged(t, err, func() bool { return sound }, id.Key); err != nil {
		var none T
		return none, err
	}
	return got, nil
}

// exchange is stripe-go's own call, less what it does to a good answer.
func (d discreet) exchange(line *http.Client, method, path, key string, query *form.Values, params *stripe.Params) ([]byte, error) {
	text := query.Encode()
	if method == http.MethodGet && text != "" {
		path += "?" + text
	}
	r, err := d.NewRequest(method, path, key, "application/x-www-form-urlencoded", params)
	if err != nil {
		return nil, err
	}
	if method != http.MethodGet {
		r.ContentLength = int64(len(text))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
		r.Body = io.NopCloser(strings.NewReader(text))
	}
	res, err := line.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var body bytes.Buffer
	if n := res.ContentLength; n > 0 && n <= maxAnswer {
		body.Grow(int(n) + bytes.MinRead)
	}
	if _, err = body.ReadFrom(res.Body); err != nil {
		return nil, err
	}
	if res.StatusCode >= http.StatusBadRequest {
		return nil, d.without(d.ResponseToError(res, body.Bytes()))
	}
	return body.Bytes(), nil
}
