//go:build bindings || (desktop && !linux)

package main

// displayAnswers is always true: a desktop that is not Linux's has a display.
func displayAnswers() bool { return true }
