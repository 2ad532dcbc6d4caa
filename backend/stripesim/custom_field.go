package stripesim

import (
	"slices"
	"strconv"
	"strings"
)

// maxCustomFields is Stripe's bound.
// Source: docs.stripe.com/api/checkout/sessions/create#create_checkout_session-custom_fields.
const maxCustomFields = 3

// customField has the shape of a question of the merchant's own, of which
// exactly one of Dropdown, Numeric and Text is set.
type customField struct {
	Dropdown *dropdown   `json:"dropdown,omitempty"`
	Key      string      `json:"key"`
	Label    customLabel `json:"label"`
	Numeric  *typedText  `json:"numeric,omitempty"`
	Optional bool        `json:"optional"`
	Text     *typedText  `json:"text,omitempty"`
	Type     string      `json:"type"`
}

type customLabel struct {
	Custom string `json:"custom"`
	Type   string `json:"type"`
}

type dropdown struct {
	Options []option `json:"options"`
	Value   *string  `json:"value,omitempty"`
}

type option struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

type typedText struct {
	MaximumLength *int64  `json:"maximum_length"`
	MinimumLength *int64  `json:"minimum_length"`
	Value         *string `json:"value,omitempty"`
}

func customFieldFields() field {
	bounds := hash(fields{"maximum_length": integer(1), "minimum_length": integer(1)})
	return array(maxCustomFields, hash(fields{
		"dropdown": hash(fields{"options": array(200, hash(fields{"label": text(100).must(), "value": text(100).must()})).must()}),
		"key":      text(200).must(),
		"label":    hash(fields{"custom": text(50).must(), "type": choice("custom").must()}).must(),
		"numeric":  bounds,
		"optional": boolean(),
		"text":     bounds,
		"type":     choice("dropdown", "numeric", "text").must(),
	}))
}

// customFields are the request's questions; never nil.
func customFields(a *form) ([]customField, error) {
	out := []customField{}
	for i, f := range a.items("custom_fields") {
		at := "custom_fields[" + strconv.Itoa(i) + "]"
		c := customField{Key: f.text("key"), Type: f.text("type"), Optional: f.flag(false, "optional"), Label: customLabel{Custom: f.text("label", "custom"), Type: "custom"}}
		if strings.Trim(c.Key, alphabet) != "" {
			return nil, badRequest("", nested(at, "key"), "Invalid key: %s. It must be alphanumeric.", c.Key)
		}
		if slices.ContainsFunc(out, func(o customField) bool { return o.Key == c.Key }) {
			return nil, badRequest("", nested(at, "key"), "The key %s is used by more than one custom field.", c.Key)
		}
		for _, kind := range []string{"dropdown", "numeric", "text"} {
			if kind != c.Type && f.has(kind) {
				return nil, badRequest("", nested(at, kind), "You may only specify `%s` for a custom field of the type `%s`.", kind, kind)
			}
		}
		bounds := &typedText{MaximumLength: bound(f, c.Type, "maximum_length"), MinimumLength: bound(f, c.Type, "minimum_length")}
		switch c.Type {
		case "numeric":
			c.Numeric = bounds
		case "text":
			c.Text = bounds
		default:
			c.Dropdown = &dropdown{}
			for _, o := range f.items("dropdown", "options") {
				c.Dropdown.Options = append(c.Dropdown.Options, option{Label: o.text("label"), Value: o.text("value")})
			}
			if len(c.Dropdown.Options) == 0 {
				return nil, badRequest("parameter_missing", nested(at, "dropdown"), "Missing required param: %s.", nested(at, "dropdown"))
			}
		}
		out = append(out, c)
	}
	return out, nil
}

func bound(f *form, kind, name string) *int64 {
	if !f.has(kind, name) {
		return nil
	}
	return new(f.number(0, kind, name))
}

// answered puts the buyer's words into the questions, or tells what is wrong
// with them.
func answered(questions []customField, words map[string]string) ([]customField, *refusal) {
	out := slices.Clone(questions)
	for i := range out {
		q := &out[i]
		word := strings.TrimSpace(words[q.Key])
		wrong := &refusal{"custom_field_invalid", "", "Please check “" + q.Label.Custom + "”."}
		if word == "" {
			if !q.Optional {
				return nil, wrong
			}
			continue
		}
		switch {
		case q.Dropdown != nil:
			if !slices.ContainsFunc(q.Dropdown.Options, func(o option) bool { return o.Value == word }) {
				return nil, wrong
			}
			q.Dropdown = &dropdown{Options: q.Dropdown.Options, Value: &word}
		case q.Numeric != nil:
			if strings.Trim(word, "0123456789") != "" || !q.Numeric.fits(word) {
				return nil, wrong
			}
			q.Numeric = &typedText{q.Numeric.MaximumLength, q.Numeric.MinimumLength, &word}
		default:
			if !q.Text.fits(word) {
				return nil, wrong
			}
			q.Text = &typedText{q.Text.MaximumLength, q.Text.MinimumLength, &word}
		}
	}
	return out, nil
}

func (b *typedText) fits(word string) bool {
	n := int64(len([]rune(word)))
	return n <= 255 && (b.MaximumLength == nil || n <= *b.MaximumLength) && (b.MinimumLength == nil || n >= *b.MinimumLength)
}
