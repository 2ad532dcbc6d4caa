package backend

import (
	"bytes"
	"encoding/json"
	"io"

	"willcall/backend/api"
)

// WriteOpenAPI writes the API's document, indented: what the screens' client
// is generated from.
func WriteOpenAPI(out io.Writer) error {
	document, err := api.Document("1")
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, document, "", "  "); err != nil {
		return err
	}
	_, err = text.WriteTo(out)
	return err
}
