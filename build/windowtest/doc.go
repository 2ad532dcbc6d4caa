// Package windowtest proves the desktop program as a person meets it: on a screen, with a keyboard. It starts the built
// program under a virtual display, sells a ticket in it by key strokes, reads the codes off the screen with a QR reader, and
// holds what it sees against the till's API and the simulator's.
//
// The tests need the built program (make window), Xvfb, xdotool, ImageMagick and zbarimg, so they run only with the build
// tag "window", as make test-window does. They leave their pictures in out/. They know nothing of the program's insides.
package windowtest
