package scripts

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// machine is a folder of stand-ins for the tools that a script calls: what they answer is the test's to say, and what they
// are called with is written down in calls.
type machine struct {
	t     *testing.T
	bin   string
	calls string
}

// newMachine has the tools that every Debian has, and those given by name as the body of a shell script.
func newMachine(t *testing.T, tools map[string]string) *machine {
	t.Helper()
	m := &machine{t: t, bin: t.TempDir(), calls: filepath.Join(t.TempDir(), "calls")}
	for _, name := range []string{"bash", "env", "mktemp", "rm", "tail", "tee", "awk", "flock", "timeout", "cat"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatalf("this machine has no %s", name)
		}
		if err := os.Symlink(path, filepath.Join(m.bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, body := range tools {
		script := "#!/usr/bin/env bash\n" + body + "\n"
		if err := os.WriteFile(filepath.Join(m.bin, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// run runs a script on the machine and returns its exit code and all that it prints.
func (m *machine) run(env []string, script string, args ...string) (code int, output string) {
	m.t.Helper()
	cmd := exec.CommandContext(m.t.Context(), "./"+script, args...)
	cmd.Env = slices.Concat(env, []string{"PATH=" + m.bin, "CALLS=" + m.calls, "TMPDIR=" + m.t.TempDir()})
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), string(out)
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return 0, string(out)
}

// called is what the stand-ins were called with, a line each.
func (m *machine) called() []string {
	m.t.Helper()
	data, err := os.ReadFile(m.calls)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		m.t.Fatal(err)
	}
	if len(data) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

// Stand-ins: only make and bash are installed; apt-get writes down its verb and the packages.
const (
	asRoot   = `echo 0`
	asUser   = `echo 1000`
	dpkg     = `case ${!#} in make | bash) printf installed ;; *) exit 1 ;; esac`
	aptWorks = `a="$*"; case $a in *recommends*) echo "apt-get install ${a##*recommends }" ;; *) echo "apt-get update" ;; esac >>"$CALLS"`
	aptFails = aptWorks + "\necho E: no network; exit 100"
	aptStale = aptWorks + "\n" + `[[ $a == *update ]] || [ "$(cat "$CALLS" | wc -l)" -gt 1 ]`
	sudo     = `echo sudo >>"$CALLS"; exec "$@"`
)

func TestAptInstallsOnlyWhatIsMissing(t *testing.T) {
	tests := []struct {
		name     string
		tools    map[string]string
		packages []string
		code     int
		calls    []string
		says     string // a part of what it prints; "" for silence
	}{
		{"nothing missing", map[string]string{"dpkg-query": dpkg, "apt-get": aptWorks, "id": asUser},
			[]string{"make", "bash"}, 0, nil, ""},
		{"some missing, as root", map[string]string{"dpkg-query": dpkg, "apt-get": aptWorks, "id": asRoot},
			[]string{"make", "xvfb", "bash", "xdotool"}, 0, []string{"apt-get install xvfb xdotool"}, "installing for a try: xvfb xdotool"},
		{"some missing, with sudo", map[string]string{"dpkg-query": dpkg, "apt-get": aptWorks, "id": asUser, "sudo": sudo},
			[]string{"xvfb"}, 0, []string{"sudo", "apt-get install xvfb"}, "installed in"},
		{"package lists out of date", map[string]string{"dpkg-query": dpkg, "apt-get": aptStale, "id": asRoot, "wc": `n=0; while read -r; do n=$((n+1)); done; echo $n`},
			[]string{"xvfb"}, 0, []string{"apt-get install xvfb", "apt-get update", "apt-get install xvfb"}, "package lists first"},
		{"neither root nor sudo", map[string]string{"dpkg-query": dpkg, "apt-get": aptWorks, "id": asUser},
			[]string{"xvfb"}, 1, nil, "Only root can"},
		{"no Debian", map[string]string{"id": asRoot},
			[]string{"xvfb"}, 1, nil, "This is no Debian"},
		{"no network", map[string]string{"dpkg-query": dpkg, "apt-get": aptFails, "id": asRoot},
			[]string{"xvfb"}, 1, []string{"apt-get install xvfb", "apt-get update"}, "E: no network"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newMachine(t, tt.tools)
			code, output := m.run(nil, "apt.sh", append([]string{"a try"}, tt.packages...)...)
			if code != tt.code {
				t.Errorf("ended with %d, want %d", code, tt.code)
			}
			if diff := cmp.Diff(tt.calls, m.called()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if !strings.Contains(output, tt.says) || (tt.says == "") != (output == "") {
				t.Errorf("it prints %q, want %q in it", output, tt.says)
			}
		})
	}
}

func TestDisplayIsAskedForBeforeTheWindowIsBuilt(t *testing.T) {
	runtime := t.TempDir()
	wayland, err := net.Listen("unix", filepath.Join(runtime, "wayland-7"))
	if err != nil {
		t.Fatal(err)
	}
	defer wayland.Close()
	forwarded, number := listenAsX(t)
	defer forwarded.Close()
	tests := []struct {
		name string
		env  []string
		code int
	}{
		{"nothing set", nil, 1},
		{"a Wayland session", []string{"WAYLAND_DISPLAY=wayland-7", "XDG_RUNTIME_DIR=" + runtime}, 0},
		{"a Wayland session by its path", []string{"WAYLAND_DISPLAY=" + filepath.Join(runtime, "wayland-7")}, 0},
		{"a Wayland session that has ended", []string{"WAYLAND_DISPLAY=wayland-8", "XDG_RUNTIME_DIR=" + runtime}, 1},
		{"X over the network", []string{"DISPLAY=127.0.0.1:" + number + ".0"}, 0},
		{"X over the network, gone", []string{"DISPLAY=127.0.0.1:59535"}, 1},
		{"X here, gone", []string{"DISPLAY=:65000"}, 1},
		{"X here, gone, the old way of writing it", []string{"DISPLAY=unix:65000.0"}, 1},
		{"not a display", []string{"DISPLAY=yes; true"}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if code, output := newMachine(t, nil).run(tt.env, "display.sh"); code != tt.code || output != "" {
				t.Errorf("ended with %d and %q, want %d in silence", code, output, tt.code)
			}
		})
	}
}

// listenAsX listens where an X server of some number would, and returns that number.
func listenAsX(t *testing.T) (net.Listener, string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok || addr.Port < 6000 {
		t.Skipf("the system gave %v, which is no display's port", l.Addr())
	}
	return l, strconv.Itoa(addr.Port - 6000)
}

func TestStepPassesOnHowItEnded(t *testing.T) {
	tests := []struct {
		name    string
		command []string
		code    int
		says    string
	}{
		{"passed", []string{"bash", "-c", "echo working"}, 0, "==> A try: passed in 0 s"},
		{"failed", []string{"bash", "-c", "exit 3"}, 3, "==> A try: FAILED after 0 s (exit 3)"},
		{"not found", []string{"no-such-tool"}, 127, "FAILED"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, output := newMachine(t, nil).run(nil, "step.sh", append([]string{"A try"}, tt.command...)...)
			if code != tt.code || !strings.Contains(output, tt.says) {
				t.Errorf("ended with %d, want %d and %q in:\n%s", code, tt.code, tt.says, output)
			}
		})
	}
}

func TestGeneratedFilesAreHeldAgainstTheirSource(t *testing.T) {
	tests := []struct {
		name         string
		document     string // what the program prints
		kept, keptTS string // what is in the tree
		code         int
		says         string
	}{
		{name: "in step", document: "doc", kept: "doc", keptTS: "client of doc", says: "in step"},
		{name: "the document is old", document: "new", kept: "doc", keptTS: "client of doc", code: 1, says: "frontend/openapi.json is not what the program makes"},
		{name: "the client is old", document: "doc", kept: "doc", keptTS: "client of old", code: 1, says: "schema.d.ts is not what frontend/openapi.json makes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree := t.TempDir()
			files := map[string]string{
				"frontend/openapi.json":                         tt.kept,
				"frontend/src/api/schema.d.ts":                  tt.keptTS,
				"frontend/node_modules/.bin/openapi-typescript": "#!/usr/bin/env bash\nprintf 'client of %s' \"$(<\"$1\")\" >\"$3\"\n",
				"bin/willcall":                                  "#!/usr/bin/env bash\nprintf '%s' '" + tt.document + "'\n",
			}
			script, err := os.ReadFile("generated.sh")
			if err != nil {
				t.Fatal(err)
			}
			files["build/scripts/generated.sh"] = string(script)
			for name, content := range files {
				path := filepath.Join(tree, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.CommandContext(t.Context(), tree+"/build/scripts/generated.sh", tree+"/bin/willcall")
			out, err := cmd.CombinedOutput()
			if (err != nil) != (tt.code != 0) || !strings.Contains(string(out), tt.says) {
				t.Errorf("it ended with %v, want %q in:\n%s", err, tt.says, out)
			}
			for name, content := range files {
				if now, err := os.ReadFile(filepath.Join(tree, name)); err != nil || string(now) != content {
					t.Errorf("%s was touched (error %v)", name, err)
				}
			}
		})
	}
}
