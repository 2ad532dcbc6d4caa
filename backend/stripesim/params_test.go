package stripesim

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

// TestAcceptedParametersAreStripes: whatever the simulator takes, Stripe's
// document has, with the same bounds.
func TestAcceptedParametersAreStripes(t *testing.T) {
	for _, e := range endpoints() {
		t.Run(e.pattern, func(t *testing.T) {
			have := documented(t, e)
			for name, f := range e.accepted() {
				if have[name] == nil {
					t.Errorf("Stripe has no parameter %s here", name)
					continue
				}
				compareField(t, name, f, have[name])
			}
		})
	}
}

// documented are the parameters that Stripe's document has for an endpoint.
func documented(t *testing.T, e endpoint) map[string]*openapi3.Schema {
	t.Helper()
	method, path, _ := strings.Cut(e.pattern, " ")
	op := operation(method, path)
	if op == nil {
		t.Fatal("Stripe has no such operation")
	}
	out := map[string]*openapi3.Schema{}
	for _, p := range op.Parameters {
		if p.Value.In == "query" {
			out[p.Value.Name] = p.Value.Schema.Value
		}
	}
	if method == http.MethodPost {
		for name, p := range op.RequestBody.Value.Content["application/x-www-form-urlencoded"].Schema.Value.Properties {
			out[name] = p.Value
		}
	}
	return out
}

// compareField holds one accepted parameter against its schema.
func compareField(t *testing.T, name string, f field, schema *openapi3.Schema) {
	t.Helper()
	switch f.kind {
	case kindText:
		if s := withType(schema, "string"); s == nil {
			t.Errorf("%s is not text at Stripe", name)
		} else if s.MaxLength != nil && f.max != 0 && uint64(f.max) > *s.MaxLength {
			t.Errorf("%s takes %d characters, Stripe's document %d", name, f.max, *s.MaxLength)
		}
	case kindInteger, kindRange:
		if !hasType(schema, "integer") {
			t.Errorf("%s is not an integer at Stripe", name)
		}
	case kindDecimal:
		if !hasType(schema, "number") {
			t.Errorf("%s is not a number at Stripe", name)
		}
	case kindBoolean:
		if !hasType(schema, "boolean") {
			t.Errorf("%s is not a boolean at Stripe", name)
		}
	case kindChoice:
		s := withType(schema, "string")
		for _, c := range f.choices {
			if s == nil || len(s.Enum) > 0 && !slices.Contains(s.Enum, any(c)) {
				t.Errorf("Stripe has no %s=%s", name, c)
			}
		}
	case kindArray:
		s := withType(schema, "array")
		if s == nil {
			t.Errorf("%s is not an array at Stripe", name)
			return
		}
		compareField(t, name+"[]", *f.each, s.Items.Value)
	case kindHash:
		compareHash(t, name, f, withType(schema, "object"))
	case kindMetadata:
		if s := withType(schema, "object"); s == nil || s.AdditionalProperties.Schema == nil {
			t.Errorf("%s is not metadata at Stripe", name)
		}
	}
}

func compareHash(t *testing.T, name string, f field, s *openapi3.Schema) {
	t.Helper()
	if s == nil {
		t.Errorf("%s is not a hash at Stripe", name)
		return
	}
	for sub, g := range f.sub {
		p := s.Properties[sub]
		if p == nil {
			t.Errorf("Stripe has no %s[%s]", name, sub)
			continue
		}
		compareField(t, nested(name, sub), g, p.Value)
	}
	for _, sub := range s.Required {
		if g, ok := f.sub[sub]; ok && !g.required {
			t.Errorf("%s[%s] is required at Stripe", name, sub)
		}
	}
}

func hasType(s *openapi3.Schema, kind string) bool { return withType(s, kind) != nil }

func withType(s *openapi3.Schema, kind string) *openapi3.Schema {
	for _, a := range alternatives([]*openapi3.Schema{s}) {
		if a.Type.Is(kind) && (kind != "string" || len(a.Enum) != 1 || a.Enum[0] != "") {
			return a
		}
	}
	return nil
}

// TestDocumentedParametersLeftOut is the other direction: every parameter that
// Stripe documents and the simulator refuses is in this list, so that none is
// forgotten by accident.
func TestDocumentedParametersLeftOut(t *testing.T) {
	want := map[string][]string{
		"POST /v1/products":       {"default_price_data", "features", "package_dimensions"},
		"POST /v1/products/{id}":  {"features", "package_dimensions"},
		"POST /v1/prices/{price}": {"currency_options", "transfer_lookup_key"},
		"POST /v1/prices": {
			"billing_scheme", "currency_options", "custom_unit_amount", "recurring", "tiers", "tiers_mode", "transfer_lookup_key",
			"transform_quantity", "unit_amount_decimal",
		},
		"GET /v1/prices": {"recurring"},
		"POST /v1/checkout/sessions": {
			"after_expiration", "automatic_tax", "consent_collection", "customer", "customer_update",
			"discounts", "invoice_creation", "payment_method_collection", "payment_method_configuration", "payment_method_options",
			"phone_number_collection", "redirect_on_completion", "return_url", "setup_intent_data", "shipping_address_collection",
			"shipping_options", "subscription_data", "tax_id_collection",
		},
		"POST /v1/payment_intents": {
			"confirm", "confirmation_method", "customer", "error_on_requires_action", "mandate", "mandate_data", "off_session", "on_behalf_of",
			"payment_method", "payment_method_configuration", "payment_method_data", "payment_method_options", "radar_options", "return_url",
			"setup_future_usage", "shipping", "transfer_data", "transfer_group", "use_stripe_sdk",
		},
		"POST /v1/payment_intents/{intent}": {
			"customer", "payment_method", "payment_method_configuration", "payment_method_data", "payment_method_options", "setup_future_usage",
			"shipping", "transfer_data", "transfer_group",
		},
		"POST /v1/payment_intents/{intent}/confirm": {
			"capture_method", "error_on_requires_action", "mandate", "mandate_data", "off_session", "payment_method_data", "payment_method_options",
			"payment_method_types", "radar_options", "setup_future_usage", "shipping",
		},
		"POST /v1/refunds": {"currency", "customer", "instructions_email", "origin", "refund_application_fee", "reverse_transfer"},
		"POST /v1/payment_links": {
			"application_fee_percent", "automatic_tax", "consent_collection", "invoice_creation", "on_behalf_of", "payment_method_collection",
			"phone_number_collection", "shipping_address_collection", "shipping_options", "subscription_data", "tax_id_collection", "transfer_data",
		},
		"POST /v1/payment_links/{payment_link}": {
			"allow_promotion_codes", "automatic_tax", "billing_address_collection", "custom_fields", "customer_creation", "invoice_creation",
			"line_items", "payment_method_collection", "shipping_address_collection", "subscription_data",
		},
	}
	got := map[string][]string{}
	for _, e := range endpoints() {
		for name := range documented(t, e) {
			if _, ok := e.accepted()[name]; !ok {
				got[e.pattern] = append(got[e.pattern], name)
			}
		}
		slices.Sort(got[e.pattern])
		if got[e.pattern] == nil {
			delete(got, e.pattern)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
}

func TestCheckValues(t *testing.T) {
	want := fields{
		"name":  text(5).must(),
		"note":  text(0).clearable(),
		"size":  integer(1),
		"flag":  boolean(),
		"rate":  decimal(),
		"kind":  choice("a", "b"),
		"when":  timeRange(),
		"tags":  array(2, text(3)),
		"seats": array(0, hash(fields{"row": text(0).must(), "n": integer(0)})),
	}
	for _, c := range []struct{ form, message string }{
		{"name=x", ""},
		{"name=12345", ""},
		{"name=äöüßé", ""}, // characters, not bytes
		{"name=123456", "Invalid string: 123456; must be at most 5 characters"},
		{"", "Missing required param: name."},
		{"name=", "You passed an empty string for 'name'."},
		{"name=x&note=", ""},
		{"name[]=x", "Invalid name: must be a single value"},
		{"name=x&size=1", ""},
		{"name=x&size=0", "This value must be greater than or equal to 1."},
		{"name=x&size=1e3", "Invalid integer: 1e3"},
		{"name=x&size=99999999999999999999", "Invalid integer: 99999999999999999999"},
		{"name=x&flag=true", ""},
		{"name=x&flag=yes", "Invalid boolean: yes"},
		{"name=x&rate=7.25", ""},
		{"name=x&rate=7,25", "Invalid decimal: 7,25"},
		{"name=x&rate=NaN", "Invalid decimal: NaN"},
		{"name=x&kind=b", ""},
		{"name=x&kind=c", "Invalid kind: must be one of a, or b"},
		{"name=x&when=5", ""},
		{"name=x&when[gte]=5", ""},
		{"name=x&when[since]=5", "Received unknown parameter: when[since]"},
		{"name=x&when[gt]=soon", "Invalid integer: soon"},
		{"name=x&when=soon", "Invalid integer: soon"},
		{"name=x&tags[]=a&tags[]=b", ""},
		{"name=x&tags[]=a&tags[]=b&tags[]=c", "Array tags exceeded maximum 2 allowed elements."},
		{"name=x&tags[]=long", "Invalid string: long; must be at most 3 characters"},
		{"name=x&tags[][a]=b", "Invalid tags[0]: must be a single value"},
		{"name=x&seats[0][row]=A&seats[0][n]=3", ""},
		{"name=x&seats[0][n]=3", "Missing required param: seats[0][row]."},
		{"name=x&seats[0][row]=A&seats[0][colour]=red", "Received unknown parameter: seats[0][colour]"},
		{"name=x&seats[0]=A", "Invalid seats[0]: must be a hash"},
		{"other=1", "Received unknown parameter: other"},
	} {
		t.Run(c.form, func(t *testing.T) {
			f, err := parseForm(c.form)
			if err == nil {
				err = want.check(f)
			}
			got := ""
			if e := (*apiError)(nil); errors.As(err, &e) {
				got = e.Message
			}
			if c.message == "" && got != "" || !strings.HasPrefix(got, c.message) {
				t.Errorf("check says %q, want %q", got, c.message)
			}
		})
	}
}
