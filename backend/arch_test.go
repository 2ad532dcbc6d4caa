package backend

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// doors says which package alone may import a third party, and why.
var doors = []struct{ module, door, why string }{
	{"go.etcd.io/bbolt", "willcall/backend/ledger", "another store can take bbolt's place"},
	{"github.com/stripe/stripe-go", "willcall/backend/stripeapi", "Stripe's types must not leak into the domain"},
	{"github.com/danielgtaylor/huma", "willcall/backend/api", "HTTP stops at the API"},
	{"github.com/zalando/go-keyring", "willcall/backend/secrets", "secrets have one place"},
	{"filippo.io/age", "willcall/backend/secrets", "secrets have one place"},
	{"golang.org/x/crypto", "willcall/backend/secrets", "secrets have one place"},
	{"codeberg.org/go-pdf/fpdf", "willcall/backend/paper", "what is printed is laid out in one place"},
	{"github.com/go-text/typesetting", "willcall/backend/paper", "letters are shaped in one place"},
	{"github.com/go-fonts/dejavu", "willcall/backend/paper", "letters are shaped in one place"},
	{"github.com/skip2/go-qrcode", "willcall/backend/paper", "codes are drawn in one place"},
	{"github.com/wailsapp/wails", "willcall", "the backend runs without a window"},
}

func TestImportsFollowTheTable(t *testing.T) {
	allowed := importTable(t)
	for pkg, imports := range listImports(t, "./...") {
		name := strings.TrimPrefix(pkg, "willcall/backend/")
		if pkg == "willcall/backend" || name == "bench" || name == "stripecheck" || name == "internal/testkit" {
			continue // they put the others together
		}
		may, ok := allowed[name]
		if !ok {
			t.Errorf("package %s is not in the table of doc.go", name)
		}
		delete(allowed, name)
		for _, imported := range imports {
			other, ours := strings.CutPrefix(imported, "willcall/backend/")
			if ours && !slices.Contains(may, other) {
				t.Errorf("%s imports %s, which the table of doc.go does not allow", name, other)
			}
		}
		for _, other := range may {
			if !slices.Contains(imports, "willcall/backend/"+other) {
				t.Errorf("the table of doc.go lets %s import %s, which it does not", name, other)
			}
		}
	}
	for name := range allowed {
		t.Errorf("the table of doc.go names %s, which is no package", name)
	}
}

func TestThirdPartiesHaveOneDoor(t *testing.T) {
	for pkg, imports := range listImports(t, "./...", "..") {
		for _, imported := range imports {
			for _, d := range doors {
				if (imported == d.module || strings.HasPrefix(imported, d.module+"/")) && pkg != d.door && pkg != "willcall/backend/bench" {
					t.Errorf("%s imports %s, but only %s may: %s", pkg, imported, d.door, d.why)
				}
			}
		}
	}
}

func TestTestkitIsForTests(t *testing.T) {
	for pkg, imports := range listImports(t, "./...", "..") {
		if slices.Contains(imports, "willcall/backend/internal/testkit") {
			t.Errorf("%s imports testkit outside its tests", pkg)
		}
	}
}

// The facts that say what became of a tender are made by reconcile, from
// objects that it fetched, and by nobody else.
func TestOutcomesAreWrittenByReconcileAlone(t *testing.T) {
	outcome := regexp.MustCompile(`boxoffice\.(Opened|Refused|Processing|Paid|Expired|Failed|DiscrepancyFound|OrderArrived|RefundRecorded|RefundRefused|DisputeRecorded|StatementRead)Fact\{`)
	made := 0
	for path, text := range sources(t) {
		if found := outcome.FindString(text); found == "" {
			continue
		}
		made++
		if dir := filepath.Dir(path); dir != "reconcile" && dir != "internal/testkit" {
			t.Errorf("%s makes an outcome, which is for reconcile alone", path)
		}
	}
	if made == 0 {
		t.Error("nobody makes outcomes: the test looks for the wrong thing")
	}
}

func TestMoneyIsWholeNumbers(t *testing.T) {
	float := regexp.MustCompile(`\bfloat(32|64)\b|\bbig\.Float\b|ParseFloat`)
	for path, text := range sources(t) {
		switch strings.Split(path, "/")[0] {
		case "money", "boxoffice", "ledger", "desk", "reconcile", "api":
			if float.MatchString(text) {
				t.Errorf("%s has a floating-point number", path)
			}
		}
	}
}

// What runs inside a transaction cannot reach a network: neither the book nor
// the domain knows one.
func TestTheBookKnowsNoNetwork(t *testing.T) {
	for pkg, imports := range listImports(t, "./ledger", "./boxoffice", "./money") {
		for _, imported := range imports {
			if imported == "net" || strings.HasPrefix(imported, "net/") {
				t.Errorf("%s imports %s", pkg, imported)
			}
		}
	}
}

func TestTheTestsThatDocNamesExist(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "# What always holds")
	named := regexp.MustCompile(`\b(Test|Fuzz)[A-Z]\w+`).FindAllString(list, -1)
	if len(named) < 10 {
		t.Fatalf("doc.go names only %d tests", len(named))
	}
	var tests strings.Builder
	err = filepath.WalkDir(".", func(path string, _ os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			var text []byte
			text, err = os.ReadFile(path)
			tests.Write(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range named {
		if !strings.Contains(tests.String(), "func "+name+"(") {
			t.Errorf("doc.go names %s, which is no test", name)
		}
	}
}

// sources reads the Go files of the backend that are no tests, by path.
func sources(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(".", func(path string, _ os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "node_modules") {
			var text []byte
			text, err = os.ReadFile(path)
			found[filepath.ToSlash(path)] = string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() || d.Name() == "node_modules" || d.Name() == "testdata" {
			if d != nil && d.IsDir() && err == nil {
				return filepath.SkipDir
			}
			return err
		}
		comments := packageComments(t, path)
		if len(comments) > 1 {
			t.Errorf("%s has %d package comments: %v", path, len(comments), comments)
		}
		if files, _ := filepath.Glob(filepath.Join(path, "*.go")); len(files) > 0 && len(comments) == 0 {
			t.Errorf("%s has no package comment", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// packageComments lists the files of a folder that carry a package comment.
func packageComments(t *testing.T, dir string) (files []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		var file *ast.File
		if file, err = parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.PackageClauseOnly); err != nil {
			t.Fatal(err)
		}
		if file.Doc != nil {
			files = append(files, name)
		}
	}
	return files
}

// importTable reads who may import whom from doc.go.
func importTable(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "# Who may import whom")
	table, _, _ = strings.Cut(table, "// # ")
	if !found {
		t.Fatal("doc.go has no table of imports")
	}
	allowed := map[string][]string{}
	for line := range strings.Lines(table) {
		row, ok := strings.CutPrefix(line, "//\t")
		if name, may, isRow := strings.Cut(row, ":"); ok && isRow {
			allowed[name] = strings.Fields(may)
		}
	}
	if len(allowed) < 5 {
		t.Fatalf("the table of doc.go has only %d rows", len(allowed))
	}
	return allowed
}

// listImports asks the go command which package imports what, tests left out.
func listImports(t *testing.T, patterns ...string) map[string][]string {
	t.Helper()
	args := append([]string{"list", "-f", `{{.ImportPath}} {{join .Imports " "}}`}, patterns...)
	out, err := exec.CommandContext(t.Context(), "go", args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	imports := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		imports[fields[0]] = fields[1:]
	}
	return imports
}
