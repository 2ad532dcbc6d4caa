package window

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"willcall/backend/boxoffice"
)

func TestFailurePrintsWhatHappenedAndWhatToDo(t *testing.T) {
	taken := &boxoffice.Error{Code: boxoffice.CodeAddressTaken, Message: "The address is taken.", Next: "Close the other one.", Cause: errors.New("bind")}
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"explained", taken, "willcall: The address is taken.\nwillcall: Close the other one.\n"},
		{"explained, deeper", fmt.Errorf("serve: %w", taken), "willcall: The address is taken.\nwillcall: Close the other one.\n"},
		{"explained, without a next step", &boxoffice.Error{Message: "Gone."}, "willcall: Gone.\n"},
		{"unexplained", errors.New("no such door"),
			"willcall: Willcall stopped on an error it has no words for: no such door. What was sold is in the book, and nothing was charged because of this.\n" +
				"willcall: Try again. If it happens again, keep the data folder as it is and send these words to whoever looks after this machine.\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			Explain(tt.err).PrintTo(&out)
			if diff := cmp.Diff(tt.want, out.String()); diff != "" {
				t.Errorf("printed (-want +got):\n%s", diff)
			}
		})
	}
}
