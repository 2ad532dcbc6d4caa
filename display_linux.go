//go:build desktop && linux && !bindings

package main

// #cgo pkg-config: gtk+-3.0
// #include <gtk/gtk.h>
import "C"

import "os"

// displayAnswers tells whether GTK can open the display. Wails asks the same and panics where the answer is no.
func displayAnswers() bool {
	// Wails' own rule for the same call, which must not differ: X11 unless the session says otherwise.
	switch os.Getenv("XDG_SESSION_TYPE") {
	case "", "unspecified", "x11":
		if os.Getenv("GDK_BACKEND") == "" {
			_ = os.Setenv("GDK_BACKEND", "x11")
		}
	}
	return C.gtk_init_check(nil, nil) != 0
}
