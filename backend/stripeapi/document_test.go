package stripeapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stripe/stripe-mock/embedded"
)

// schema is as much of a schema of Stripe's OpenAPI document as requests need.
type schema struct {
	Type       string             `json:"type"`
	Enum       []string           `json:"enum"`
	MaxLength  int                `json:"maxLength"` // in characters; 0 is none
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Items      *schema            `json:"items"`
	AnyOf      []*schema          `json:"anyOf"`
	Additional json.RawMessage    `json:"additionalProperties"`
}

// documentedPaths are Stripe's own operations, by path and method in lower
// case, for the API version that is sent.
var documentedPaths = sync.OnceValue(func() map[string]map[string]json.RawMessage {
	var document struct {
		Info  struct{ Version string }
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(embedded.OpenAPISpec, &document); err != nil {
		panic(err)
	}
	if document.Info.Version != "2023-10-16" {
		panic("the document is of " + document.Info.Version)
	}
	return document.Paths
})

// documented is what the document lets a request to the path consist of.
func documented(t *testing.T, method, path string) *schema {
	t.Helper()
	for pattern, operations := range documentedPaths() {
		raw, ok := operations[strings.ToLower(method)]
		if !ok || !samePath(pattern, path) {
			continue
		}
		var operation struct {
			Parameters []struct {
				Name, In string
				Required bool
				Schema   *schema
			}
			RequestBody struct {
				Content map[string]struct{ Schema *schema }
			}
		}
		if err := json.Unmarshal(raw, &operation); err != nil {
			t.Fatal(err)
		}
		if method != http.MethodGet {
			return operation.RequestBody.Content["application/x-www-form-urlencoded"].Schema
		}
		query := &schema{Type: "object", Properties: map[string]*schema{}, Additional: json.RawMessage("false")}
		for _, p := range operation.Parameters {
			if p.In != "query" {
				continue
			}
			query.Properties[p.Name] = p.Schema
			if p.Required {
				query.Required = append(query.Required, p.Name)
			}
		}
		return query
	}
	t.Fatalf("Stripe's document has no %s %s", method, path)
	return nil
}

// samePath matches /v1/checkout/sessions/{session} with one of them.
func samePath(pattern, path string) bool {
	return slices.EqualFunc(strings.Split(pattern, "/"), strings.Split(path, "/"), func(want, have string) bool {
		return want == have || strings.HasPrefix(want, "{") && have != ""
	})
}

// value is a form's value, or the values under it: a[b][0]=c.
type value struct {
	text  string
	under map[string]*value
}

func readForm(form string) (*value, error) {
	pairs, err := url.ParseQuery(form)
	if err != nil {
		return nil, err
	}
	root := &value{}
	for name, texts := range pairs {
		if len(texts) != 1 {
			return nil, fmt.Errorf("%s is there %d times", name, len(texts))
		}
		at := root
		for part := range strings.SplitSeq(strings.ReplaceAll(name, "]", ""), "[") {
			if at.under == nil {
				at.under = map[string]*value{}
			}
			if at.under[part] == nil {
				at.under[part] = &value{}
			}
			at = at.under[part]
		}
		at.text = texts[0]
	}
	return root, nil
}

// check holds a value against its schema: names, types, enums, lengths.
func (s *schema) check(v *value, at string) error {
	switch {
	case len(s.AnyOf) > 0:
		var err error
		for _, one := range s.AnyOf {
			if err = one.check(v, at); err == nil {
				return nil
			}
		}
		return err
	case s.Type == "object":
		return s.checkObject(v, at)
	case s.Type == "array" && v.text != "":
		return fmt.Errorf("%s should be a list", at)
	case s.Type == "array":
		for i := range len(v.under) {
			item, ok := v.under[strconv.Itoa(i)]
			if !ok {
				return fmt.Errorf("%s has no element %d", at, i)
			}
			if err := s.Items.check(item, at+"["+strconv.Itoa(i)+"]"); err != nil {
				return err
			}
		}
		return nil
	case v.under != nil:
		return fmt.Errorf("%s should be one value", at)
	case s.Type == "integer":
		_, err := strconv.ParseInt(v.text, 10, 64)
		return err
	case s.Type == "number":
		_, err := strconv.ParseFloat(v.text, 64)
		return err
	case s.Type == "boolean" && v.text != "true" && v.text != "false":
		return fmt.Errorf("%s is %q", at, v.text)
	case s.MaxLength > 0 && utf8.RuneCountInString(v.text) > s.MaxLength:
		return fmt.Errorf("%s has %d characters, at most %d are allowed", at, utf8.RuneCountInString(v.text), s.MaxLength)
	case len(s.Enum) > 0 && !slices.Contains(s.Enum, v.text):
		return fmt.Errorf("%s is %q, and not one of %q", at, v.text, s.Enum)
	}
	return nil
}

func (s *schema) checkObject(v *value, at string) error {
	for _, name := range s.Required {
		if v.under[name] == nil {
			return fmt.Errorf("%s[%s] is missing", at, name)
		}
	}
	if len(s.Properties) == 0 {
		return checkMetadata(v, at)
	}
	for name, field := range v.under {
		known, ok := s.Properties[name]
		if !ok {
			return fmt.Errorf("%s[%s] is not in Stripe's document", at, name)
		}
		if err := known.check(field, at+"["+name+"]"); err != nil {
			return err
		}
	}
	return nil
}

// checkMetadata are bounds that the document leaves to docs.stripe.com/api/metadata.
func checkMetadata(v *value, at string) error {
	if len(v.under) > 50 {
		return fmt.Errorf("%s has %d keys", at, len(v.under))
	}
	for key, text := range v.under {
		if text.under != nil || utf8.RuneCountInString(key) > 40 || utf8.RuneCountInString(text.text) > 500 {
			return fmt.Errorf("%s[%s] is too long or nested", at, key)
		}
	}
	return nil
}

// beyond are rules of Stripe's that no schema has.
func beyond(v *value) error {
	if n := len(v.under["line_items"].list()); n > 100 {
		return fmt.Errorf("there are %d line items", n)
	}
	if n := len(v.under["types"].list()); n > 20 {
		return fmt.Errorf("there are %d types", n)
	}
	if limit := v.under["limit"]; limit != nil {
		if n, err := strconv.Atoi(limit.text); err != nil || n < 1 || n > 100 {
			return fmt.Errorf("the limit is %q", limit.text)
		}
	}
	return nil
}

func (v *value) list() map[string]*value {
	if v == nil {
		return nil
	}
	return v.under
}

// keeps holds a request against the whole of it.
func keeps(t *testing.T, method, path, form string) error {
	t.Helper()
	v, err := readForm(form)
	if err != nil {
		return err
	}
	if err := beyond(v); err != nil {
		return err
	}
	return documented(t, method, path).check(v, path)
}
