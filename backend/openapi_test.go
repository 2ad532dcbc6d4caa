package backend

import (
	"bytes"
	"errors"
	"os"
	"testing"
)

// The document that the screens' client was generated from is the API's.
func TestTheScreensKnowTheAPI(t *testing.T) {
	t.Parallel()
	var want bytes.Buffer
	if err := WriteOpenAPI(&want); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../frontend/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(want.Bytes())) {
		t.Error("frontend/openapi.json is not the API's document: run make generate, and commit what changes")
	}
}

func TestWriteOpenAPI(t *testing.T) {
	t.Parallel()
	var first, second bytes.Buffer
	if err := errors.Join(WriteOpenAPI(&first), WriteOpenAPI(&second)); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("written twice, it differs: %v", err)
	}
	if !bytes.HasPrefix(first.Bytes(), []byte("{\n  \"")) {
		t.Errorf("it is not indented: %.40s", first.Bytes())
	}
	if err := WriteOpenAPI(broken{}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("to nobody: %v", err)
	}
}
