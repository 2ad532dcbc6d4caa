package boxoffice

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestCodesListsEveryCode(t *testing.T) {
	codes := Codes()
	declared := constants(t, "error.go", "Code")
	for name, value := range declared {
		if !slices.Contains(codes, Code(value)) {
			t.Errorf("Codes lacks %s, so the API's schema does too", name)
		}
	}
	if len(codes) != len(declared) {
		t.Errorf("Codes lists %d codes of %d", len(codes), len(declared))
	}
	for _, c := range codes {
		if strings.Trim(string(c), "abcdefghijklmnopqrstuvwxyz_") != "" {
			t.Errorf("the code %q is not in snake case", c)
		}
	}
}

func TestErrorCode(t *testing.T) {
	full := &Error{Code: CodeDiskFull, Message: "The disk is full.", Cause: io.ErrShortWrite}
	for name, test := range map[string]struct {
		err  error
		want Code
	}{
		"none":            {nil, ""},
		"its own":         {full, CodeDiskFull},
		"wrapped":         {fmt.Errorf("at the till: %w", full), CodeDiskFull},
		"joined":          {errors.Join(io.EOF, full), CodeDiskFull},
		"not explained":   {io.EOF, CodeInternal},
		"an order's lack": {ErrUnknownOrder("K7QF3M"), CodeUnknownOrder},
	} {
		if got := ErrorCode(test.err); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestErrorTellsItsCauseToTheLog(t *testing.T) {
	err := &Error{Code: CodeDiskFull, Message: "The disk is full.", Cause: io.ErrShortWrite}
	if got, want := err.Error(), "disk_full: The disk is full. (short write)"; got != want {
		t.Errorf("with a cause: %q, want %q", got, want)
	}
	if !errors.Is(err, io.ErrShortWrite) {
		t.Error("the cause is not found in the error")
	}
	if got, want := (&Error{Code: CodeSoldOut, Message: "Sold out."}).Error(), "sold_out: Sold out."; got != want {
		t.Errorf("without a cause: %q, want %q", got, want)
	}
	unknown, ok := errors.AsType[*Error](ErrUnknownOrder("K7QF3M"))
	if !ok || !strings.Contains(unknown.Message, "K7QF3M") || unknown.Next == "" {
		t.Errorf("an unknown order is told as %+v", unknown)
	}
}
