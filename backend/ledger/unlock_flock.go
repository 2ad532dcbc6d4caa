//go:build linux || darwin

package ledger

import (
	"os"
	"syscall"
)

// unlock gives up bbolt's lock on the file. Closing the file alone does not:
// the memory map that a panic leaves behind keeps it open.
func unlock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
