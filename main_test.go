package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testProcess is a process with an environment of its own, in a temporary folder.
func testProcess(t *testing.T, env map[string]string) (p process, stdout, stderr *bytes.Buffer) {
	t.Helper()
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	return process{getenv: func(name string) string { return env[name] }, home: t.TempDir(), stdout: stdout, stderr: stderr}, stdout, stderr
}

func TestCommandLine(t *testing.T) {
	tests := []struct {
		name           string
		args           []string
		code           int
		stdout, stderr string // a part of each; "" for silence
	}{
		{"help", []string{"help"}, exitDone, "serve the till to a browser", ""},
		{"help as a flag", []string{"-h"}, exitDone, "serve the till to a browser", ""},
		{"help on a command", []string{"serve", "-help"}, exitDone, "WILLCALL_DATA", ""},
		{"version", []string{"version"}, exitDone, "willcall unversioned\n", ""},
		{"the document", []string{"openapi"}, exitDone, `"openapi":`, ""},
		{"an unknown command", []string{"sell"}, exitUsage, "", `There is no command "sell".`},
		{"an unknown flag", []string{"-port", "80"}, exitUsage, "", "-port"},
		{"an unknown flag of a command", []string{"verify", "-fast"}, exitUsage, "", "-fast"},
		{"too many words", []string{"verify", "now"}, exitUsage, "", `It is not clear what "now" is for.`},
		{"an address for everyone", []string{"serve", "-addr", "0.0.0.0:4380"}, exitFailed, "", "not an address of this machine alone"},
		{"no such thing as a port", []string{"-addr", "127.0.0.1:many"}, exitFailed, "", "127.0.0.1:many"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, stdout, stderr := testProcess(t, nil)
			if code := p.run(t.Context(), tt.args); code != tt.code {
				t.Errorf("ended with %d, want %d", code, tt.code)
			}
			for _, out := range []struct{ name, got, want string }{{"stdout", stdout.String(), tt.stdout}, {"stderr", stderr.String(), tt.stderr}} {
				if !strings.Contains(out.got, out.want) || (out.want == "") != (out.got == "") {
					t.Errorf("%s is %q, want %q in it", out.name, out.got, out.want)
				}
			}
		})
	}
}

func TestHelpListsEveryCommand(t *testing.T) {
	p, stdout, _ := testProcess(t, nil)
	p.help(stdout)
	for _, c := range commands() {
		if !strings.Contains(stdout.String(), "\n  "+c.name+" ") {
			t.Errorf("help does not list %s", c.name)
		}
	}
}

func TestFlagsOverrideTheEnvironment(t *testing.T) {
	p, _, _ := testProcess(t, map[string]string{"WILLCALL_DATA": "/from/env", "WILLCALL_ADDR": "127.0.0.1:1", "WILLCALL_LOG": "debug"})
	tests := []struct {
		name string
		args []string
		want map[string]string
	}{
		{"nothing said", nil, map[string]string{"WILLCALL_DATA": "/from/env", "WILLCALL_ADDR": "127.0.0.1:1", "WILLCALL_LOG": "debug"}},
		{"a folder", []string{"-data", "/from/flag"}, map[string]string{"WILLCALL_DATA": "/from/flag", "WILLCALL_ADDR": "127.0.0.1:1", "WILLCALL_LOG": "debug"}},
		{"both", []string{"-data=/from/flag", "-addr=127.0.0.1:2"}, map[string]string{"WILLCALL_DATA": "/from/flag", "WILLCALL_ADDR": "127.0.0.1:2", "WILLCALL_LOG": "debug"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			getenv, rest, err := p.settings(tt.args)
			if err != nil || len(rest) > 0 {
				t.Fatalf("left over %q, error %v", rest, err)
			}
			got := map[string]string{}
			for name := range tt.want {
				got[name] = getenv(name)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestServeUntilTold(t *testing.T) {
	p, _, stderr := testProcess(t, map[string]string{"WILLCALL_ADDR": "127.0.0.1:0"})
	reader, writer := io.Pipe()
	p.stdout = writer
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() {
		code <- p.run(ctx, []string{"serve"})
		writer.Close()
	}()

	out := bufio.NewReader(reader)
	line, err := out.ReadString('\n')
	if err != nil {
		t.Fatalf("%v; it says:\n%s", err, stderr)
	}
	url, found := strings.CutPrefix(strings.TrimSpace(line), "Willcall (training) is open at ")
	if !found {
		t.Fatalf("it prints %q, want its address", line)
	}
	res, err := http.Get(url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("it is %s", res.Status)
	}

	cancel()
	if _, err := io.Copy(io.Discard, out); err != nil {
		t.Error(err)
	}
	if got := <-code; got != exitDone {
		t.Errorf("ended with %d:\n%s", got, stderr)
	}
}

func TestServeSaysWhyItCannot(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	tests := []struct {
		name string
		env  map[string]string
		home string
		want string
	}{
		{"the address is taken", map[string]string{"WILLCALL_ADDR": taken.Addr().String()}, t.TempDir(), taken.Addr().String()},
		{"the data folder is a file", map[string]string{"WILLCALL_ADDR": "127.0.0.1:0", "WILLCALL_DATA": "/dev/null/data"}, t.TempDir(), "/dev/null/data"},
		{"there is no home", map[string]string{"WILLCALL_ADDR": "127.0.0.1:0"}, "", "WILLCALL_DATA"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, stdout, stderr := testProcess(t, tt.env)
			p.home = tt.home
			if code := p.run(t.Context(), []string{"serve"}); code != exitFailed {
				t.Errorf("ended with %d, want %d", code, exitFailed)
			}
			if stdout.Len() > 0 {
				t.Errorf("it says that it is open: %s", stdout)
			}
			if lines := strings.Count(stderr.String(), "\n"); lines < 2 || !strings.Contains(stderr.String(), tt.want) {
				t.Errorf("it should say what happened and what to do, with %q in it:\n%s", tt.want, stderr)
			}
		})
	}
}

func TestScreensAreInTheProgram(t *testing.T) {
	if _, err := screens.ReadDir("frontend/dist"); err != nil {
		t.Error(err)
	}
}
