// Package scripts is empty but for the tests of the shell scripts beside it, which the Makefile runs. They are shell, and
// not Go, because they decide what is installed before anything is built; they must not know what Willcall does.
package scripts
