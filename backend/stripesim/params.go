package stripesim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// kind is what a parameter's value must be.
type kind int

const (
	kindText kind = iota
	kindInteger
	kindDecimal
	kindBoolean
	kindChoice
	kindHash
	kindArray
	kindMetadata
	kindRange // created: an integer, or a hash of gt, gte, lt, lte
)

// fields are the parameters accepted at one level of a request.
type fields map[string]field

// field is what one parameter may be.
type field struct {
	kind     kind
	max      int      // text: characters; array: elements; 0 is no bound
	min      int64    // integer: least value
	choices  []string // choice
	sub      fields   // hash
	each     *field   // array
	required bool
	clears   bool // "" unsets the value instead of being refused
}

func text(limit int) field            { return field{kind: kindText, max: limit} }
func integer(least int64) field       { return field{kind: kindInteger, min: least} }
func decimal() field                  { return field{kind: kindDecimal} }
func boolean() field                  { return field{kind: kindBoolean} }
func choice(of ...string) field       { return field{kind: kindChoice, choices: of} }
func hash(of fields) field            { return field{kind: kindHash, sub: of} }
func array(limit int, of field) field { return field{kind: kindArray, max: limit, each: &of} }
func metadata() field                 { return field{kind: kindMetadata, clears: true} }
func timeRange() field                { return field{kind: kindRange} }
func (want field) must() field        { want.required = true; return want }
func (want field) clearable() field   { want.clears = true; return want }

// Stripe's bounds on metadata. Source: docs.stripe.com/api/metadata.
const (
	maxMetadataKeys  = 50
	maxMetadataKey   = 40
	maxMetadataValue = 500
)

// check holds a request against what is accepted. The first fault is the
// error: first unknown parameters, then missing ones, then wrong values.
func (want fields) check(f *form) error {
	if err := want.checkKnown(f, ""); err != nil {
		return err
	}
	return want.checkValues(f, "")
}

func nested(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "[" + name + "]"
}

func (want fields) checkKnown(f *form, prefix string) error {
	for _, name := range f.order {
		full := nested(prefix, name)
		w, ok := want[name]
		if !ok {
			return badRequest("parameter_unknown", full, "Received unknown parameter: %s", full)
		}
		if err := w.checkKnown(f.children[name], full); err != nil {
			return err
		}
	}
	return nil
}

func (want field) checkKnown(f *form, full string) error {
	switch want.kind {
	case kindHash:
		return want.sub.checkKnown(f, full)
	case kindArray:
		for _, name := range f.order {
			if err := want.each.checkKnown(f.children[name], nested(full, name)); err != nil {
				return err
			}
		}
	case kindRange:
		return rangeFields().checkKnown(f, full)
	default: // single values and metadata have no names of ours in them
	}
	return nil
}

func (want fields) checkValues(f *form, prefix string) error {
	for _, name := range want.names() {
		if want[name].required && (f == nil || f.children[name] == nil) {
			full := nested(prefix, name)
			return badRequest("parameter_missing", full, "Missing required param: %s.", full)
		}
	}
	for _, name := range f.order {
		if err := want[name].checkValue(f.children[name], nested(prefix, name)); err != nil {
			return err
		}
	}
	return nil
}

func (want fields) names() []string {
	names := make([]string, 0, len(want))
	for name := range want {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (want field) checkValue(f *form, full string) error {
	if f.children == nil && f.value == "" {
		if want.clears {
			return nil
		}
		return badRequest("parameter_invalid_empty", full,
			"You passed an empty string for '%s'. We assume empty values are an attempt to unset a field; however '%s' cannot be unset. You should remove '%s' from your request or supply a non-empty value.", full, full, full)
	}
	nestedKind := want.kind == kindHash || want.kind == kindArray || want.kind == kindMetadata || want.kind == kindRange && f.children != nil
	if nestedKind != (f.children != nil) {
		return badRequest("", full, "Invalid %s: must be %s", full, want.describe())
	}
	switch want.kind {
	case kindText:
		return checkText(f.value, full, want.max)
	case kindInteger:
		return checkInteger(f.value, full, want.min)
	case kindDecimal:
		return checkDecimal(f.value, full)
	case kindBoolean:
		return checkBoolean(f.value, full)
	case kindChoice:
		if !slices.Contains(want.choices, f.value) {
			return badRequest("", full, "Invalid %s: must be one of %s", full, orList(want.choices))
		}
	case kindHash:
		return want.sub.checkValues(f, full)
	case kindArray:
		return want.checkArray(f, full)
	case kindMetadata:
		return checkMetadata(f, full)
	case kindRange:
		if f.children != nil {
			return rangeFields().checkValues(f, full)
		}
		return checkInteger(f.value, full, 0)
	}
	return nil
}

func (want field) describe() string {
	switch want.kind {
	case kindHash, kindMetadata:
		return "a hash"
	case kindArray:
		return "an array"
	default:
		return "a single value"
	}
}

func rangeFields() fields {
	return fields{"gt": integer(0), "gte": integer(0), "lt": integer(0), "lte": integer(0)}
}

func checkText(value, full string, limit int) error {
	if n := len([]rune(value)); limit > 0 && n > limit {
		return badRequest("", full, "Invalid string: %s; must be at most %d characters", shorten(value), limit)
	}
	return nil
}

// shorten shows the ends of a long value, as Stripe does.
func shorten(value string) string {
	r := []rune(value)
	if len(r) <= 20 {
		return value
	}
	return string(r[:5]) + "..." + string(r[len(r)-5:])
}

func checkInteger(value, full string, least int64) error {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return badRequest("parameter_invalid_integer", full, "Invalid integer: %s", value)
	}
	if n < least {
		return badRequest("parameter_invalid_integer", full, "This value must be greater than or equal to %d.", least)
	}
	return nil
}

func checkBoolean(value, full string) error {
	if !slices.Contains([]string{"true", "false", "1", "0"}, value) {
		return badRequest("", full, "Invalid boolean: %s", value)
	}
	return nil
}

func checkDecimal(value, full string) error {
	if _, err := strconv.ParseFloat(value, 64); err != nil || strings.Trim(value, "-.0123456789") != "" {
		return badRequest("", full, "Invalid decimal: %s", value)
	}
	return nil
}

func (want field) checkArray(f *form, full string) error {
	for _, name := range f.order {
		if _, err := strconv.ParseUint(name, 10, 31); err != nil {
			return badRequest("", full, "Invalid array: %s is not an index", nested(full, name))
		}
		if err := want.each.checkValue(f.children[name], nested(full, name)); err != nil {
			return err
		}
	}
	if want.max > 0 && len(f.order) > want.max {
		return badRequest("", full, "Array %s exceeded maximum %d allowed elements.", full, want.max)
	}
	return nil
}

func checkMetadata(f *form, full string) error {
	if len(f.order) > maxMetadataKeys {
		return badRequest("", full, "You can have at most %d metadata keys; you passed %d.", maxMetadataKeys, len(f.order))
	}
	for _, key := range f.order {
		switch value := f.children[key]; {
		case value.children != nil:
			return badRequest("", nested(full, key), "Metadata values must be strings, but for key '%s' you passed in a value of type hash.", key)
		case len([]rune(key)) > maxMetadataKey:
			return badRequest("", full, "Metadata keys can have at most %d characters; '%s' has more.", maxMetadataKey, shorten(key))
		case len([]rune(value.value)) > maxMetadataValue:
			return badRequest("", nested(full, key), "Metadata values can have up to %d characters, but you passed in a value that is %d characters. Invalid value: %s",
				maxMetadataValue, len([]rune(value.value)), shorten(value.value))
		}
	}
	return nil
}

func orList(choices []string) string {
	if len(choices) == 1 {
		return choices[0]
	}
	last := len(choices) - 1
	return fmt.Sprintf("%s, or %s", strings.Join(choices[:last], ", "), choices[last])
}
