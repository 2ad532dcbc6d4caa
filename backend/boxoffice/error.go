package boxoffice

import (
	"errors"
	"fmt"
)

// Code names a kind of failure for programs. The API sends it as it stands,
// and the screens' catalogue has words for each.
type Code string

// The codes, grouped by whose move it is.
const (
	CodeInvalid            Code = "invalid_request"
	CodeEmptyOrder         Code = "empty_order"
	CodeUnknownPerformance Code = "unknown_performance"
	CodeUnknownTicketType  Code = "unknown_ticket_type"
	CodeBadQuantity        Code = "bad_quantity"
	CodeMixedCurrency      Code = "mixed_currency"
	CodeAmountTooSmall     Code = "amount_too_small"
	CodeAmountTooLarge     Code = "amount_too_large"
	CodeBadEmail           Code = "bad_email"
	CodeSoldOut            Code = "sold_out"
	CodeUnknownOrder       Code = "unknown_order"
	CodeUnknownTicket      Code = "unknown_ticket"
	CodeTicketRefunded     Code = "ticket_refunded"
	CodeNotCancelable      Code = "not_cancelable"
	CodeNotRefundable      Code = "not_refundable"
	CodeRefundTooLarge     Code = "refund_too_large"
	CodeBadAmount          Code = "bad_amount"
	CodeMoneyMoved         Code = "money_moved"
	CodeWhoMissing         Code = "who_missing"
	CodeUnknownDiscrepancy Code = "unknown_discrepancy"
	CodeAlreadyResolved    Code = "already_resolved"
	CodeNotPossible        Code = "not_possible"
	CodeNoCode             Code = "no_code"
	CodeKeyMissing         Code = "idempotency_key_missing"
	CodeKeyMismatch        Code = "idempotency_mismatch"
	CodeStripeRefused      Code = "stripe_refused"
	CodeStripeKey          Code = "stripe_key"
	CodeStripePermission   Code = "stripe_permission"
	CodeStripeBusy         Code = "stripe_busy"
	CodeStripeUnreachable  Code = "stripe_unreachable"
	CodeNotConnected       Code = "not_connected"
	CodeBadKey             Code = "bad_key"
	CodeKeyPermissions     Code = "key_permissions"
	CodeOtherAccount       Code = "other_account"
	CodeWrongMode          Code = "wrong_mode"
	CodeOAuthState         Code = "oauth_state"
	CodeOAuthRefused       Code = "oauth_refused"
	CodeChargesDisabled    Code = "charges_disabled"
	CodeBadPlatform        Code = "bad_platform"
	CodeVaultLocked        Code = "vault_locked"
	CodeVaultUnusable      Code = "vault_unusable"
	CodeBadPassphrase      Code = "bad_passphrase"
	CodePinNeeded          Code = "pin_needed"
	CodePinWrong           Code = "pin_wrong"
	CodePinWait            Code = "pin_wait"
	CodeBadPin             Code = "bad_pin"
	CodeBadCatalogue       Code = "bad_catalogue"
	CodeUnknownEvent       Code = "unknown_event"
	CodeStaleEdit          Code = "stale_edit"
	CodeInUse              Code = "in_use"
	CodeNotOnSale          Code = "not_on_sale"
	CodeBadPrice           Code = "bad_price"
	CodeNotAtStripe        Code = "not_at_stripe"
	CodeUnknownPoster      Code = "unknown_poster"
	CodeBadPoster          Code = "bad_poster"
	CodeWebhookRefused     Code = "webhook_refused"
	CodeDrillRefused       Code = "drill_refused"
	CodeForeignOrigin      Code = "foreign_origin"
	CodeForeignHost        Code = "foreign_host"
	CodeNotFound           Code = "not_found"
	CodeDiskFull           Code = "disk_full"
	CodeBookCorrupt        Code = "book_corrupt"
	CodeBookLocked         Code = "book_locked"
	CodeBookUnusable       Code = "book_unusable"
	CodeTicketKey          Code = "ticket_key"
	CodeAddressTaken       Code = "address_taken"
	CodeInternal           Code = "internal"
)

// Codes lists every code, for the API's schema.
func Codes() []Code {
	return []Code{
		CodeInvalid, CodeEmptyOrder, CodeUnknownPerformance, CodeUnknownTicketType, CodeBadQuantity, CodeMixedCurrency,
		CodeAmountTooSmall, CodeAmountTooLarge, CodeBadEmail, CodeSoldOut, CodeUnknownOrder, CodeUnknownTicket, CodeTicketRefunded,
		CodeNotCancelable, CodeNotRefundable, CodeRefundTooLarge, CodeBadAmount, CodeMoneyMoved, CodeWhoMissing, CodeUnknownDiscrepancy,
		CodeAlreadyResolved, CodeNotPossible, CodeNoCode, CodeKeyMissing, CodeKeyMismatch, CodeStripeRefused, CodeStripeKey, CodeStripePermission, CodeStripeBusy,
		CodeStripeUnreachable, CodeNotConnected, CodeBadKey, CodeKeyPermissions, CodeOtherAccount, CodeWrongMode,
		CodeOAuthState, CodeOAuthRefused, CodeChargesDisabled, CodeBadPlatform, CodeVaultLocked, CodeVaultUnusable,
		CodeBadPassphrase, CodePinNeeded, CodePinWrong, CodePinWait, CodeBadPin, CodeBadCatalogue, CodeUnknownEvent,
		CodeStaleEdit, CodeInUse, CodeNotOnSale, CodeBadPrice, CodeNotAtStripe, CodeUnknownPoster, CodeBadPoster,
		CodeWebhookRefused, CodeDrillRefused, CodeForeignOrigin, CodeForeignHost, CodeNotFound, CodeDiskFull, CodeBookCorrupt, CodeBookLocked,
		CodeBookUnusable, CodeTicketKey, CodeAddressTaken, CodeInternal,
	}
}

// Error is a failure as a person is told of it: what happened and what it
// means for the money (Message), and what to do (Next). Cause is for the log
// alone; it is never shown, since it may hold what no screen should.
type Error struct {
	Code    Code
	Message string
	Next    string
	Params  map[string]string // what the message is about: "name", "available"
	Faults  []Fault           // each thing that is wrong with what was entered
	Cause   error
}

// Error is the message with its cause, for logs.
func (e *Error) Error() string {
	if e.Cause == nil {
		return string(e.Code) + ": " + e.Message
	}
	return fmt.Sprintf("%s: %s (%v)", e.Code, e.Message, e.Cause)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// ErrorCode is the code of err: "" for nil, CodeInternal for an error that
// nobody explained.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// ErrUnknownOrder says that the book has no order of this id or code.
func ErrUnknownOrder(id string) error {
	return &Error{
		Code:    CodeUnknownOrder,
		Message: "There is no order " + id + " in this book.",
		Next:    "Look the order up in Sales by its code, the buyer's e-mail or the card's last four digits.",
	}
}

// ErrUnknownDiscrepancy says that the book keeps no such money.
func ErrUnknownDiscrepancy() error {
	return &Error{Code: CodeUnknownDiscrepancy, Message: "The late-money desk has nothing of this name. Nothing was changed.", Next: "Reload the late-money desk."}
}

// ErrUnknownEvent says that the book has no such event.
func ErrUnknownEvent() error {
	return &Error{Code: CodeUnknownEvent, Message: "There is no such event in this book.", Next: "Reload the list of events."}
}

// ErrUnknownPoster says that the book has no such poster.
func ErrUnknownPoster() error {
	return &Error{Code: CodeUnknownPoster, Message: "There is no such poster in this book.", Next: "Reload the list of posters."}
}
