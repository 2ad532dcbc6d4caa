package stripesim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stripe/stripe-mock/embedded"
)

// document is Stripe's own OpenAPI document of the API version 2023-10-16.
var document = sync.OnceValue(func() *openapi3.T {
	doc, err := openapi3.NewLoader().LoadFromData(embedded.OpenAPISpec)
	if err != nil {
		panic(err)
	}
	if doc.Info.Version != APIVersion {
		panic("the document is of " + doc.Info.Version)
	}
	return doc
})

// operation is the document's word on a request, or nil. A path is that of a
// pattern (/v1/charges/{charge}) or of a request (/v1/charges/ch_1).
func operation(method, path string) *openapi3.Operation {
	have := strings.Split(path, "/")
	for _, p := range paths() {
		matches := slices.EqualFunc(p.steps, have, func(want, have string) bool {
			return want == have || strings.HasPrefix(want, "{") && have != ""
		})
		if op := p.item.GetOperation(method); matches && op != nil {
			return op
		}
	}
	return nil
}

type documentedPath struct {
	steps []string
	item  *openapi3.PathItem
}

var paths = sync.OnceValue(func() []documentedPath {
	var out []documentedPath
	for path, item := range document().Paths.Map() {
		out = append(out, documentedPath{strings.Split(path, "/"), item})
	}
	return out
})

// conforming passes requests to next and fails the test for each answer of
// the API that Stripe's document would not allow. What a fault has broken on
// purpose is let through.
func conforming(t *testing.T, s *Sim) http.Handler {
	t.Helper()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		broken := slices.ContainsFunc(s.faults.all(), func(f Fault) bool {
			return f.matches(r) && slices.Contains([]string{FaultHTML, FaultPortal, FaultEmpty, FaultGarbage, FaultCut, FaultShort, Fault503}, f.Kind)
		})
		rec := httptest.NewRecorder()
		s.Handler().ServeHTTP(rec, r)
		if strings.HasPrefix(r.URL.Path, "/v1/") && !broken && r.Context().Err() == nil {
			if err := conforms(r.Method, r.URL.Path, rec.Code, rec.Body.Bytes()); err != nil {
				t.Errorf("%s %s answered %d, against Stripe's document: %v\n%s", r.Method, r.URL, rec.Code, err, rec.Body)
			}
		}
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
}

// conforms holds one answer against the document.
func conforms(method, path string, status int, body []byte) error {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	if status != http.StatusOK {
		return conformsTo(document().Components.Schemas["error"].Value, v)
	}
	op := operation(method, path)
	if op == nil {
		return fmt.Errorf("the document has no such operation")
	}
	if err := conformsTo(op.Responses.Value("200").Value.Content["application/json"].Schema.Value, v); err != nil {
		return err
	}
	return conformingPayloads(v)
}

// conformsTo validates v, and finds fields that the schema does not know.
func conformsTo(schema *openapi3.Schema, v any) error {
	if err := schema.VisitJSON(v); err != nil {
		return err
	}
	return undocumented([]*openapi3.Schema{schema}, v, "")
}

// conformingPayloads validates what events carry: the document leaves
// data.object open.
func conformingPayloads(v any) error {
	object, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	if data, ok := object["data"].([]any); ok {
		for _, element := range data {
			if err := conformingPayloads(element); err != nil {
				return err
			}
		}
	}
	if object["object"] != "event" {
		return nil
	}
	payload := object["data"].(map[string]any)["object"].(map[string]any)
	if object["api_version"] != APIVersion { // of which this document does not speak
		return nil
	}
	schema := document().Components.Schemas[payload["object"].(string)]
	if schema == nil {
		return fmt.Errorf("the event %v carries an unknown %v", object["type"], payload["object"])
	}
	if err := conformsTo(schema.Value, payload); err != nil {
		return fmt.Errorf("the event %v: %w", object["type"], err)
	}
	return nil
}

// undocumented finds a field of v that none of the schemas has.
func undocumented(schemas []*openapi3.Schema, v any, at string) error {
	schemas = alternatives(schemas)
	switch v := v.(type) {
	case []any:
		var items []*openapi3.Schema
		for _, s := range schemas {
			if s.Items != nil {
				items = append(items, s.Items.Value)
			}
		}
		for i, element := range v {
			if err := undocumented(items, element, fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	case map[string]any:
		for name, value := range v {
			fields, open := propertiesOf(schemas, name)
			if len(fields) == 0 && !open {
				return fmt.Errorf("%s.%s is not in the document", at, name)
			}
			if err := undocumented(fields, value, at+"."+name); err != nil && !open {
				return err
			}
		}
	}
	return nil
}

// propertiesOf are the schemas of a field; open tells that any field may be.
func propertiesOf(schemas []*openapi3.Schema, name string) (fields []*openapi3.Schema, open bool) {
	for _, s := range schemas {
		if p := s.Properties[name]; p != nil {
			fields = append(fields, p.Value)
		}
		free := s.AdditionalProperties.Schema != nil || s.AdditionalProperties.Has != nil && *s.AdditionalProperties.Has
		open = open || free || s.Type.Is("object") && len(s.Properties) == 0
	}
	return fields, open
}

// alternatives opens anyOf.
func alternatives(schemas []*openapi3.Schema) []*openapi3.Schema {
	var out []*openapi3.Schema
	for _, s := range schemas {
		out = append(out, s)
		for _, a := range s.AnyOf {
			out = append(out, alternatives([]*openapi3.Schema{a.Value})...)
		}
	}
	return out
}

// TestConformsRejectsWhatIsSpoilt is the control of all other tests: an answer
// with any one of these faults would fail them.
func TestConformsRejectsWhatIsSpoilt(t *testing.T) {
	b := newBox(t)
	session := b.openSession("")
	good := b.get("/v1/checkout/sessions/" + session + "?expand[]=line_items")
	b.buy(session, Payment{})
	events := b.get("/v1/events?limit=1")
	for name, spoil := range map[string]struct {
		path, old, new string
	}{
		"a state that does not exist":        {"/v1/checkout/sessions/x", `"status":"open"`, `"status":"opened"`},
		"an amount as text":                  {"/v1/checkout/sessions/x", `"amount_total":2400`, `"amount_total":"2400"`},
		"a required field left out":          {"/v1/checkout/sessions/x", `"expires_at":`, `"expires_on":`},
		"a null where there is none":         {"/v1/checkout/sessions/x", `"livemode":false`, `"livemode":null`},
		"a field that Stripe has not":        {"/v1/checkout/sessions/x", `"mode":`, `"paid_cash":1,"mode":`},
		"such a field in an expanded list":   {"/v1/checkout/sessions/x", `"quantity":2`, `"quantity":2,"seat":"A1"`},
		"a wrong payload in a list's event":  {"/v1/events", `"payment_status":"paid"`, `"payment_status":"settled"`},
		"an unknown field in such a payload": {"/v1/events", `"payment_status":"paid"`, `"payment_status":"paid","till":1`},
		"another object than was asked for":  {"/v1/balance", `"status":"open"`, `"status":"open"`},
	} {
		t.Run(name, func(t *testing.T) {
			body := good.body
			if spoil.path == "/v1/events" {
				body = events.body
			}
			if !bytes.Contains(body, []byte(spoil.old)) {
				t.Fatalf("the sound answer has no %s:\n%s", spoil.old, body)
			}
			if err := conforms("GET", spoil.path, 200, bytes.Replace(body, []byte(spoil.old), []byte(spoil.new), 1)); err == nil {
				t.Error("the spoilt answer was accepted")
			}
		})
	}
	if err := conforms("GET", "/v1/charges/ch_1", 404, []byte(`{"error":{"message":"no type"}}`)); err == nil {
		t.Error("an error without a type was accepted")
	}
	if err := conforms("GET", "/v1/nothing", 200, []byte(`{}`)); err == nil {
		t.Error("an operation that Stripe has not was accepted")
	}
}
