package window

import (
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"

	"willcall/backend/boxoffice"
)

//go:embed failure.html
var failurePage string

// Failure is an error as the person in front of Willcall is told of it.
type Failure struct {
	Message string // what happened, and what it means for the money
	Next    string // what to do about it
	Retry   string // where the window asks again; used by the page alone
}

// Explain makes a Failure of err. An error that nobody explained keeps its text: it comes from this machine (a flag, a
// folder, a port), never from Stripe, and without it nobody could help.
func Explain(err error) Failure {
	if e, ok := errors.AsType[*boxoffice.Error](err); ok {
		return Failure{Message: e.Message, Next: e.Next}
	}
	return Failure{
		Message: fmt.Sprintf("Willcall stopped on an error it has no words for: %v. What was sold is in the book, and nothing was charged because of this.", err),
		Next:    "Try again. If it happens again, keep the data folder as it is and send these words to whoever looks after this machine.",
	}
}

// PrintTo writes the failure for a terminal: what happened on one line, what to do on the next.
func (f Failure) PrintTo(w io.Writer) {
	fmt.Fprintf(w, "willcall: %s\n", f.Message)
	if f.Next != "" {
		fmt.Fprintf(w, "willcall: %s\n", f.Next)
	}
}

// render writes the failure as a page of its own, which needs nothing of the backend: there is none when it is shown.
func (f Failure) render(w io.Writer) error {
	page, err := template.New("failure").Parse(failurePage)
	if err != nil {
		return fmt.Errorf("the failure page is no template: %w", err)
	}
	return page.Execute(w, f)
}
