package api

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"willcall/backend/boxoffice"
)

// document is the API's own description, checked against OpenAPI's rules.
func document(t *testing.T) *openapi3.T {
	t.Helper()
	text, err := Document("1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestDocument(t *testing.T) {
	doc := document(t)
	if doc.OpenAPI != "3.1.0" || doc.Info.Title != "Willcall" || doc.Info.Version != "1.2.3" {
		t.Errorf("it is %s, %+v", doc.OpenAPI, doc.Info)
	}
	var operations []string
	for _, path := range doc.Paths.Map() {
		for _, o := range path.Operations() {
			operations = append(operations, o.OperationID)
			if o.Summary == "" {
				t.Errorf("%s does not say what it is for", o.OperationID)
			}
			problem := o.Responses.Default()
			if problem == nil || problem.Value.Content.Get(problemType) == nil || problem.Value.Content.Get(problemType).Schema.Ref != "#/components/schemas/Problem" {
				t.Errorf("%s does not say that it can fail", o.OperationID)
			}
		}
	}
	slices.Sort(operations)
	if got := strings.Join(operations, " "); got != "access beginOAuth books cancel catalogue check checkPoster closePoster closing connection disconnect drill drills editEvent events importable keepLate lateMoney lock "+
		"mirrorEvent newEvent newPoster openBook openPage openVault order orders pasteOAuth payment payouts permissions platform poll posters quiet readStatement reconciliation refund refundLate seatLate sell "+
		"setMethods setPin setPlatform setWebhook showClosing showPoster status stream unlock useKey void" {
		t.Errorf("the operations are %s", got)
	}
	var codes []boxoffice.Code
	for _, v := range doc.Components.Schemas["Problem"].Value.Properties["code"].Value.Enum {
		codes = append(codes, boxoffice.Code(v.(string)))
	}
	if !slices.Equal(codes, boxoffice.Codes()) {
		t.Errorf("the document's codes are %q", codes)
	}
	for name, s := range doc.Components.Schemas {
		for property, p := range s.Value.Properties {
			if property == "$schema" {
				t.Errorf("%s has a $schema in its body", name)
			}
			if p.Ref == "" && p.Value.Type == nil && name != "ErrorDetail" { // whose value is what came, whatever it was
				t.Errorf("%s.%s has no type", name, property)
			}
		}
	}
}

// The document that is served is the document.
func TestDocumentIsServed(t *testing.T) {
	s := newScene(t)
	text, err := Document(s.opt.Version)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(s.get("/openapi.json", http.StatusOK)); got != strings.TrimSpace(string(text)) {
		t.Errorf("what is served differs:\n%s", got)
	}
}

// operation finds the row's operation in the document; nil when it is none of
// the API's.
func operation(doc *openapi3.T, r row) *openapi3.Operation {
	path, _, _ := strings.Cut(r.path, "?")
	method := r.method
	if method == "" {
		method = http.MethodGet
	}
	for template, item := range doc.Paths.Map() {
		pattern := regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(template), "[^/]+")
		if regexp.MustCompile("^" + pattern + "$").MatchString(path) {
			return item.GetOperation(method)
		}
	}
	return nil
}

// Every answer of the tables is what the document promises, field by field,
// and every operation has a row for what it does and one for how it fails.
func TestAnswersFitTheDocument(t *testing.T) {
	t.Parallel()
	doc := document(t)
	s := newScene(t)
	h := s.house()
	done := map[string]bool{}
	for _, r := range append(routes(), badRequests()...) {
		o := operation(doc, r)
		if o == nil {
			continue
		}
		done[o.OperationID] = true
		a := s.ask(r.request(s, h))
		response := o.Responses.Value(strconv.Itoa(a.status))
		if response == nil {
			response = o.Responses.Default()
		}
		media := response.Value.Content.Get(a.header.Get("Content-Type"))
		if media == nil {
			t.Errorf("%s: %d comes as %s, of which the document knows nothing", r.name, a.status, a.header.Get("Content-Type"))
			continue
		}
		var body any
		if err := json.Unmarshal([]byte(a.body), &body); err != nil {
			t.Errorf("%s: %v", r.name, err)
		}
		if err := media.Schema.Value.VisitJSON(body, openapi3.EnableJSONSchema2020(), openapi3.MultiErrors()); err != nil {
			t.Errorf("%s: %v\n%s", r.name, err, a.body)
		}
	}
	for _, path := range doc.Paths.Map() {
		for _, o := range path.Operations() {
			if !done[o.OperationID] && o.OperationID != "stream" && o.OperationID != "lock" { // which have tests of their own
				t.Errorf("no row asks for %s", o.OperationID)
			}
		}
	}
}

// The check above finds what does not fit.
func TestADocumentThatDoesNotFit(t *testing.T) {
	schema := document(t).Components.Schemas["Problem"].Value
	for name, text := range map[string]string{
		"a new field":    `{"title":"t","status":400,"code":"internal","detail":"d","next":"n","stack":"s"}`,
		"a missing one":  `{"title":"t","status":400,"code":"internal","detail":"d"}`,
		"a strange code": `{"title":"t","status":400,"code":"oops","detail":"d","next":"n"}`,
	} {
		var body any
		if err := json.Unmarshal([]byte(text), &body); err != nil {
			t.Fatal(err)
		}
		if schema.VisitJSON(body, openapi3.EnableJSONSchema2020()) == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
