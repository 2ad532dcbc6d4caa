//go:build !desktop && !bindings

package main

import (
	"context"

	"willcall/backend/config"
)

// startAbout says what the program does when nothing is asked for.
const startAbout = "serve the till to a browser, as serve does: this program was built without a window"

// start serves to browsers: a program without a window has nothing else to show.
func start(ctx context.Context, p process, cfg config.Config) error { return serve(ctx, p, cfg) }
