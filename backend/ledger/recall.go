package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// recollection is a value that the transaction has read or written before,
// beside its text. A poster and its quotas are read and written again for each
// sale of a batch, and reading their JSON would cost as much as all the rest.
type recollection struct {
	text  []byte
	value any
}

// recall is getJSON for what is read often: while the text is the same, so is
// the value. What it points to is shared, and must not be altered.
func recall[T any](tx *Tx, k []byte) (v T, found bool, err error) {
	text := tx.get(k)
	if text == nil {
		return v, false, nil
	}
	if r, known := tx.recalled[string(k)]; known && bytes.Equal(r.text, text) {
		if v, known = r.value.(T); known {
			return v, true, nil
		}
	}
	if found, err = tx.getJSON(k, &v); err == nil {
		tx.memorize(k, bytes.Clone(text), v)
	}
	return v, found, err
}

// remember is putJSON for what is read often.
func remember[T any](tx *Tx, k []byte, v T) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("%q: %w", k, err)
	}
	tx.memorize(k, text, v)
	return tx.put(k, text)
}

func (tx *Tx) memorize(k, text []byte, value any) {
	if tx.recalled == nil {
		tx.recalled = map[string]recollection{}
	}
	tx.recalled[string(k)] = recollection{text, value}
}
