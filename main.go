// Willcall is a box office on one laptop. This package is its front door: it reads the command line, opens the backend
// (willcall/backend) with the screens that are built into the program, and shows them in a window or serves them to a
// browser. It must not know what an event, an order or an amount is.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"willcall/backend"
	"willcall/backend/config"
	"willcall/backend/window"
)

//go:embed all:frontend/dist
var screens embed.FS

// version is set by the build: -ldflags "-X main.version=…".
var version = "unversioned"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Where there is no home the data folder has to be named, and the configuration says so.
	home, _ := os.UserConfigDir()
	p := process{getenv: os.Getenv, home: home, stdout: os.Stdout, stderr: os.Stderr}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// What the program ends with.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// process is one run of the program: what it may read, and where it speaks.
type process struct {
	getenv func(string) string
	home   string // where the data folder goes by default; "" where there is no home
	stdout io.Writer
	stderr io.Writer

	// openBrowser shows an address in the system's browser; nil where the screens are in a browser already.
	openBrowser func(url string) bool
}

// command is one thing the program can be asked for by name.
type command struct {
	name  string
	about string
	do    func(ctx context.Context, p process, cfg config.Config) error
}

// commands are what help lists, in its order. The first is also what happens when nothing is asked for, unless the program
// was built with a window.
func commands() []command {
	return []command{
		{"serve", "serve the till to a browser on this machine", serve},
		{"sim", "run the simulated Stripe by itself", func(ctx context.Context, p process, cfg config.Config) error {
			return backend.Simulate(ctx, cfg, p.logger(cfg), p.stdout)
		}},
		{"verify", "check the book's chain of entries, and rebuild its state from them", func(ctx context.Context, p process, cfg config.Config) error {
			return backend.Verify(ctx, cfg, p.stdout)
		}},
		{"openapi", "print the API's OpenAPI document", func(_ context.Context, p process, _ config.Config) error {
			return backend.WriteOpenAPI(p.stdout)
		}},
		{"version", "print the version", func(_ context.Context, p process, _ config.Config) error {
			_, err := fmt.Fprintln(p.stdout, "willcall", version)
			return err
		}},
	}
}

// run does what the arguments ask for and returns what the program ends with.
func (p process) run(ctx context.Context, args []string) int {
	do := start
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		if args[0] == "help" {
			p.help(p.stdout)
			return exitDone
		}
		found := false
		for _, c := range commands() {
			if c.name == args[0] {
				do, found = c.do, true
			}
		}
		if !found {
			return p.misused("There is no command %q.", args[0])
		}
		args = args[1:]
	}

	settings, rest, err := p.settings(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		p.help(p.stdout)
		return exitDone
	case err != nil:
		return p.misused("%v.", err)
	case len(rest) > 0:
		return p.misused("It is not clear what %q is for.", strings.Join(rest, " "))
	}
	cfg, err := config.FromEnv(settings, p.home)
	if err == nil {
		err = do(ctx, p, cfg)
	}
	if err != nil {
		window.Explain(err).PrintTo(p.stderr)
		return exitFailed
	}
	return exitDone
}

// settings is the environment with what the flags say laid over it, and the arguments that are no flags.
func (p process) settings(args []string) (getenv func(string) string, rest []string, err error) {
	flags := flag.NewFlagSet("willcall", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	over := map[string]*string{
		"WILLCALL_DATA": flags.String("data", "", ""),
		"WILLCALL_ADDR": flags.String("addr", "", ""),
	}
	if err := flags.Parse(args); err != nil {
		return nil, nil, err
	}
	return func(name string) string {
		if value := over[name]; value != nil && *value != "" {
			return *value
		}
		return p.getenv(name)
	}, flags.Args(), nil
}

// help lists what the program can be asked for.
func (p process) help(w io.Writer) {
	fmt.Fprint(w, "Willcall, a box office on one laptop.\n\n  willcall [command] [-data folder] [-addr address]\n\n")
	fmt.Fprintf(w, "  %-9s %s\n", "", startAbout)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.about)
	}
	fmt.Fprintf(w, "  %-9s %s\n", "help", "print this")
	fmt.Fprintf(w, "\n  -data  the folder that the data is kept in, or WILLCALL_DATA\n  -addr  the till's address, or WILLCALL_ADDR; by default %s\n", config.DefaultAddr)
}

// misused tells that the command line makes no sense.
func (p process) misused(format string, args ...any) int {
	fmt.Fprintf(p.stderr, "willcall: "+format+"\nwillcall: willcall help lists what there is.\n", args...)
	return exitUsage
}

// open opens the backend with the screens.
func (p process) open(ctx context.Context, cfg config.Config) (*backend.Backend, error) {
	frontend, err := fs.Sub(screens, "frontend/dist")
	if err != nil {
		return nil, fmt.Errorf("the screens are not in the program: %w", err)
	}
	return backend.Open(ctx, cfg, backend.Options{Version: version, Screens: frontend, Log: p.logger(cfg), OpenBrowser: p.openBrowser})
}

// logger writes to the terminal what the configuration lets through.
func (p process) logger(cfg config.Config) *slog.Logger {
	return slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: cfg.LogLevel}))
}

// serve opens the till to browsers on this machine, says where, and returns when ctx ends.
func serve(ctx context.Context, p process, cfg config.Config) error {
	b, err := p.open(ctx, cfg)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Willcall (%s) is open at http://%s\nCtrl-C closes it.\n", b.Mode(), b.Addr())
	return errors.Join(b.Run(ctx), b.Close())
}
