// Willcall is a box office on one laptop. This package is its front door: it reads the command line, opens the backend
// (willcall/backend) with the screens that are built into the program, and shows them in a window or serves them to a
// browser. It must not know what an event, an order or an amount is.
package main

import (
	"context"
	"embed"
	"os"
	"os/signal"
	"syscall"
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
