package connect

import (
	"errors"

	"willcall/backend/boxoffice"
	"willcall/backend/secrets"
	"willcall/backend/stripeapi"
)

func failed(code boxoffice.Code, message, next string) *boxoffice.Error {
	return &boxoffice.Error{Code: code, Message: message, Next: next}
}

// vaultError is what a vault says, for a person; nil for nil.
func vaultError(err error) error {
	if err == nil {
		return nil
	}
	e := failed(boxoffice.CodeVaultUnusable, "Willcall's keys cannot be kept or read: the place for them refuses. Nothing was changed at Stripe, and no money moved.",
		"Unlock this computer's keychain or free some disk space, then try again.")
	switch {
	case errors.Is(err, errNewVault):
		e = failed(boxoffice.CodeVaultLocked, "There is no place for keys yet. Nothing was sent to Stripe.",
			"Choose a passphrase of at least eight characters: it seals the file that keys are kept in.")
	case errors.Is(err, secrets.ErrLocked):
		e = failed(boxoffice.CodeVaultLocked, "The keys are sealed, so Stripe cannot be asked. Cash and free tickets can be sold.", "Type the passphrase that seals them.")
	case errors.Is(err, secrets.ErrWrongPassphrase):
		e = failed(boxoffice.CodeBadPassphrase, "This is not the passphrase that seals the keys.", "Try again, with an eye on Caps Lock. Without it, the keys have to be entered again in a new folder.")
	case errors.Is(err, secrets.ErrWeakPassphrase):
		e = failed(boxoffice.CodeBadPassphrase, "The passphrase is too short: it takes at least eight characters.", "Choose a longer one; a few words are easy to remember.")
	case errors.Is(err, secrets.ErrDamaged):
		e = failed(boxoffice.CodeVaultUnusable, "The file of sealed keys, secrets.age, is damaged. It is left as it is; the book and its money are in another file.",
			"Put back a copy of secrets.age, or move it away and enter the keys again.")
	case errors.Is(err, secrets.ErrTooLong):
		e.Next = "Start Willcall with the keychain switched off, so that keys are kept in a sealed file."
	}
	e.Cause = err
	return e
}

// unanswered is a request that Stripe did not grant, where nothing more is
// known about why. A refused key is told by the caller.
func unanswered(err error) error {
	failure, ok := errors.AsType[*stripeapi.Error](err)
	if !ok {
		return err
	}
	e := failed(boxoffice.CodeStripeUnreachable, "Stripe cannot be reached, so this could not be checked. Nothing was changed.",
		"Check that this laptop is online (open any web page), then try again.")
	switch failure.Failure {
	case stripeapi.BadKey:
		e = failed(boxoffice.CodeBadKey, "Stripe does not accept this key: it is mistyped, expired or deleted. Nothing was changed.",
			"Copy the whole key from Stripe's Dashboard, under Developers, API keys.")
	case stripeapi.Forbidden, stripeapi.Refused, stripeapi.Missing:
		e = failed(boxoffice.CodeStripeRefused, "Stripe refused: "+failure.Message+" Nothing was changed.", "Try again; if it stays, look the key up in Stripe's Dashboard.")
	case stripeapi.Busy, stripeapi.Conflict:
		e = failed(boxoffice.CodeStripeBusy, "Stripe has more requests than it takes at the moment. Nothing was changed.", "Wait a few seconds, then try again.")
	case stripeapi.NotConnected:
		e = notConnected()
	default: // it did not reach Stripe, or not for certain
	}
	e.Cause = err
	return e
}

func notConnected() *boxoffice.Error {
	return failed(boxoffice.CodeNotConnected, "This book is not connected to a Stripe account.", "Connect it in Settings, under Stripe.")
}

func otherAccount() *boxoffice.Error {
	return failed(boxoffice.CodeOtherAccount,
		"This is another Stripe account than the one that this book sells on. A book has one account for ever, so that its money can be told apart. Nothing was changed.",
		"Use the book's own account, or open a new folder for the other one.")
}

// wrongMode says that what was entered is for the other kind of money.
func wrongMode(what string, bookLive bool) *boxoffice.Error {
	if bookLive {
		return failed(boxoffice.CodeWrongMode, what+" is of Stripe's test mode, and this book is for real money. Nothing was changed.",
			"Switch Stripe's Dashboard to live mode, and copy it there.")
	}
	return failed(boxoffice.CodeWrongMode, what+" is for real money, and this book is not. Nothing was changed.",
		"Switch Stripe's Dashboard to test mode and copy it there, or open the live book.")
}
