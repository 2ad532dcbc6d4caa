package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"willcall/backend/boxoffice"
)

// Problem is the body of every answer that is an error (RFC 9457).
type Problem struct {
	Title  string              `json:"title" doc:"The HTTP status in words."`
	Status int                 `json:"status" doc:"The HTTP status."`
	Code   Code                `json:"code"`
	Detail string              `json:"detail" doc:"What happened and what it means for the money, in a sentence."`
	Next   string              `json:"next" doc:"What to do about it."`
	Params map[string]string   `json:"params,omitempty" doc:"What the detail is about, such as name and available."`
	Errors []*huma.ErrorDetail `json:"errors,omitempty" doc:"Which parts of the request are wrong."`
}

// Code is boxoffice's, with its values in the schema.
type Code boxoffice.Code

// Schema lists every code.
func (Code) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Description: "The kind of problem, for programs."}
	for _, c := range boxoffice.Codes() {
		s.Enum = append(s.Enum, string(c))
	}
	return s
}

// Error is the detail.
func (p *Problem) Error() string { return string(p.Code) + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of a problem (RFC 9457, section 6.1).
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// setConventions makes huma's own errors problems too, and its lists never
// null. They are settings of the whole program, which huma has no other place
// for.
var setConventions = sync.OnceFunc(func() { //nolint:gochecknoglobals // see above
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		p := &Problem{
			Title: http.StatusText(status), Status: status, Code: Code(boxoffice.CodeInvalid),
			Detail: "The request was not understood (" + message + "). Nothing was changed.",
			Next:   "Reload the till and try again.",
		}
		if status >= http.StatusInternalServerError {
			return problemOf(&boxoffice.Error{Code: boxoffice.CodeInternal})
		}
		for _, err := range errs {
			var detailed huma.ErrorDetailer
			if errors.As(err, &detailed) {
				d := detailed.ErrorDetail()
				// Without the value that came: it may be a key.
				p.Errors = append(p.Errors, &huma.ErrorDetail{Message: d.Message, Location: d.Location})
			} else if err != nil {
				p.Errors = append(p.Errors, &huma.ErrorDetail{Message: err.Error()})
			}
		}
		return p
	}
})

// statusOf is the one map from codes to HTTP.
func statusOf(c boxoffice.Code) int {
	switch c {
	case boxoffice.CodeInvalid, boxoffice.CodeKeyMissing:
		return http.StatusBadRequest
	case boxoffice.CodePinNeeded:
		return http.StatusUnauthorized
	case boxoffice.CodeForeignOrigin, boxoffice.CodeForeignHost, boxoffice.CodePinWrong, boxoffice.CodeBadPassphrase:
		return http.StatusForbidden
	case boxoffice.CodeUnknownOrder, boxoffice.CodeUnknownTicket, boxoffice.CodeNoCode, boxoffice.CodeNotFound,
		boxoffice.CodeUnknownEvent, boxoffice.CodeUnknownPoster, boxoffice.CodeUnknownDiscrepancy:
		return http.StatusNotFound
	case boxoffice.CodeSoldOut, boxoffice.CodeNotCancelable, boxoffice.CodeNotRefundable, boxoffice.CodeTicketRefunded, boxoffice.CodeMoneyMoved, boxoffice.CodeAlreadyResolved, boxoffice.CodeNotPossible,
		boxoffice.CodeKeyMismatch, boxoffice.CodeBookLocked,
		boxoffice.CodeNotConnected, boxoffice.CodeOtherAccount, boxoffice.CodeWrongMode, boxoffice.CodeStaleEdit, boxoffice.CodeInUse,
		boxoffice.CodeNotOnSale, boxoffice.CodeNotAtStripe, boxoffice.CodeChargesDisabled, boxoffice.CodeDrillRefused:
		return http.StatusConflict
	case boxoffice.CodeVaultLocked:
		return http.StatusLocked
	case boxoffice.CodePinWait:
		return http.StatusTooManyRequests
	case boxoffice.CodeWebhookRefused:
		return http.StatusBadRequest
	case boxoffice.CodeRefundTooLarge, boxoffice.CodeBadAmount, boxoffice.CodeWhoMissing,
		boxoffice.CodeEmptyOrder, boxoffice.CodeUnknownPerformance, boxoffice.CodeUnknownTicketType, boxoffice.CodeBadQuantity,
		boxoffice.CodeMixedCurrency, boxoffice.CodeAmountTooSmall, boxoffice.CodeAmountTooLarge, boxoffice.CodeBadEmail,
		boxoffice.CodeBadKey, boxoffice.CodeKeyPermissions, boxoffice.CodeOAuthState, boxoffice.CodeOAuthRefused, boxoffice.CodeBadPlatform,
		boxoffice.CodeBadPin, boxoffice.CodeBadCatalogue, boxoffice.CodeBadPrice, boxoffice.CodeBadPoster:
		return http.StatusUnprocessableEntity
	case boxoffice.CodeStripeRefused, boxoffice.CodeStripeKey, boxoffice.CodeStripePermission:
		return http.StatusBadGateway
	case boxoffice.CodeStripeBusy, boxoffice.CodeStripeUnreachable:
		return http.StatusServiceUnavailable
	case boxoffice.CodeDiskFull:
		return http.StatusInsufficientStorage
	default:
		return http.StatusInternalServerError
	}
}

func problemOf(e *boxoffice.Error) *Problem {
	status := statusOf(e.Code)
	p := &Problem{Title: http.StatusText(status), Status: status, Code: Code(e.Code), Detail: e.Message, Next: e.Next, Params: e.Params}
	for _, f := range e.Faults {
		p.Errors = append(p.Errors, &huma.ErrorDetail{Location: "body." + f.At, Message: f.Message})
	}
	if e.Code == boxoffice.CodeInternal {
		p.Detail = "Willcall made a mistake of its own. What is in the book is safe, and Stripe has every payment."
		p.Next = "Try again; if it stays, restart Willcall and report what is in its log."
	}
	return p
}

// problem turns err into what a handler returns: the reason for a person, the
// cause for the log alone. It returns nil for nil.
func (s *server) problem(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return s.problemFor(ctx, err)
}

// problemFor is problem for an error that there is.
func (s *server) problemFor(ctx context.Context, err error) *Problem {
	e, ok := errors.AsType[*boxoffice.Error](err)
	if !ok {
		e = &boxoffice.Error{Code: boxoffice.CodeInternal, Cause: err}
	}
	p := problemOf(e)
	level := slog.LevelInfo
	if p.Status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.Log.LogAttrs(ctx, level, "api: a problem", slog.String("code", string(e.Code)), slog.Any("error", err))
	return p
}

// writeProblem answers outside huma.
func writeProblem(w http.ResponseWriter, err error) {
	p, ok := errors.AsType[*Problem](err)
	if !ok {
		e, ok := errors.AsType[*boxoffice.Error](err)
		if !ok {
			e = &boxoffice.Error{Code: boxoffice.CodeInternal}
		}
		p = problemOf(e)
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a client that left needs no answer
}
