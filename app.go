//go:build desktop || bindings

package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	wailsruntime "github.com/wailsapp/wails/v2/pkg/runtime"

	"willcall/backend/config"
	"willcall/backend/window"
)

// startAbout says what the program does when nothing is asked for.
const startAbout = "open the till in a window, and serve it to browsers as well"

//go:embed build/appicon.png
var icon []byte

// start shows the till in a window of its own, and returns when that is closed. The till listens on its address just as
// without a window. Where no display answers it serves to browsers alone.
//
// Nothing is opened before wails.Run: Wails' own build runs the program up to there to learn its bindings, and a book that
// is locked or an address that is taken must find a window to say so in.
func start(ctx context.Context, p process, cfg config.Config) error {
	runtime.LockOSThread() // GTK wants every call from the thread that started it
	if !displayAnswers() {
		fmt.Fprintln(p.stderr, "No display answers, so Willcall serves to a browser instead of opening a window.")
		return serve(ctx, p, cfg)
	}
	var browse atomic.Pointer[func(url string)] // there is none before there is a window
	p.openBrowser = func(url string) bool {
		show := browse.Load()
		if show != nil {
			(*show)(url)
		}
		return show != nil
	}
	w := window.New(ctx, p.logger(cfg), func(ctx context.Context) (window.Program, error) {
		b, err := p.open(ctx, cfg)
		if err != nil {
			return nil, err // and not b: a nil *Backend would be a program
		}
		return b, nil
	})
	err := wails.Run(&options.App{
		Title:            "Willcall",
		Width:            1280,
		Height:           800,
		MinWidth:         390,
		MinHeight:        600,
		BackgroundColour: options.NewRGB(0xf3, 0xea, 0xda),
		AssetServer:      &assetserver.Options{Handler: w},
		OnStartup: func(ctx context.Context) {
			browse.Store(new(func(url string) { wailsruntime.BrowserOpenURL(ctx, url) }))
			w.OnStop(func() { wailsruntime.WindowReloadApp(ctx) })
		},
		Linux: &linux.Options{
			Icon:             icon,
			ProgramName:      "willcall",
			WebviewGpuPolicy: linux.WebviewGpuPolicyNever, // faulty graphics drivers would leave the window blank
		},
	})
	return errors.Join(err, w.Close())
}
