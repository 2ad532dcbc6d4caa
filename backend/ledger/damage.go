package ledger

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"

	"willcall/backend/boxoffice"
)

// guard runs fn and turns what a damaged file does to bbolt (a panic of its
// own, a fault in the memory map) into CodeBookCorrupt. A panic that began in
// code of ours is a mistake of ours and goes on.
func guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if _, fault := p.(interface{ Addr() uintptr }); !fault && !panickedInEngine() {
			panic(p)
		}
		err = corrupt(fmt.Errorf("%v", p))
	}()
	return fn()
}

// panickedInEngine reports whether the panic that is being recovered from
// began in bbolt rather than in Willcall.
func panickedInEngine() bool {
	callers := make([]uintptr, 100)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	panicking := false
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic":
			panicking = true
		case panicking && strings.HasPrefix(f.Function, "go.etcd.io/bbolt"):
			return true
		case panicking && strings.HasPrefix(f.Function, "willcall/"), !more:
			return false
		}
	}
}

func openError(path string, err error) error {
	switch {
	case boxoffice.ErrorCode(err) == boxoffice.CodeBookCorrupt:
		return err
	case errors.Is(err, bolterrors.ErrTimeout):
		return &boxoffice.Error{
			Code:    boxoffice.CodeBookLocked,
			Message: "Willcall already runs with this book (" + path + "). Nothing was changed.",
			Next:    "Go to the window that is open, or close it and start again.",
			Cause:   err,
		}
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return corrupt(err)
	case strings.Contains(err.Error(), "file size too small"):
		return corrupt(err)
	case noRoom(err):
		return writeError(err)
	default:
		return &boxoffice.Error{
			Code:    boxoffice.CodeBookUnusable,
			Message: "The book (" + path + ") cannot be opened. Nothing was changed.",
			Next:    "Check that the folder exists and that you may write in it, or set WILLCALL_DATA to another one.",
			Cause:   err,
		}
	}
}

// writeError explains what the disk said to a write. Whatever else failed it
// was told by the caller's own function, which knows better.
func writeError(err error) error {
	_, told := errors.AsType[*boxoffice.Error](err)
	_, disk := errors.AsType[syscall.Errno](err)
	switch {
	case told || err == nil:
		return err
	case noRoom(err):
		return &boxoffice.Error{
			Code:    boxoffice.CodeDiskFull,
			Message: "The disk is full, so this was not written down and did not happen. What was in the book is safe.",
			Next:    "Free some space, then try again.",
			Cause:   err,
		}
	case disk:
		return &boxoffice.Error{
			Code:    boxoffice.CodeBookUnusable,
			Message: "The disk does not take what Willcall writes, so it is not sure that this was written down. What was in the book before is safe.",
			Next:    "Check the disk and restart Willcall, which looks at what is in the book and asks Stripe for the rest.",
			Cause:   err,
		}
	default:
		return err
	}
}

// noRoom reports whether the disk is full. bbolt keeps only the words of the
// system's error when a file cannot grow.
func noRoom(err error) bool {
	for _, full := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) || strings.Contains(err.Error(), "file resize error") && strings.HasSuffix(err.Error(), full.Error()) {
			return true
		}
	}
	return false
}

func corrupt(cause error) error {
	return &boxoffice.Error{
		Code:    boxoffice.CodeBookCorrupt,
		Message: "The book is damaged, so nothing more is built on it. Stripe still has every payment.",
		Next:    "Put back a copy of the data folder, or move it away to start a new book; keep the damaged one.",
		Cause:   cause,
	}
}
