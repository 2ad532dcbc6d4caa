package backend

import (
	"errors"
	"strconv"
	"time"

	"willcall/backend/api"
	"willcall/backend/boxoffice"
	"willcall/backend/secrets"
)

// access is the administrator's gate and the book's vault, for the screens.
type access struct {
	gate *secrets.Gate
	book *book
}

// Access implements api.AccessControl.
func (a *access) Access() (api.Access, error) {
	out := api.Access{PINSet: a.gate.IsSet(), Vault: api.Vault{Kind: api.VaultNone, State: api.VaultOpen}}
	if a.book.vault == nil {
		return out, nil
	}
	s := a.book.vault.State()
	out.Vault.Kind = api.VaultKind(s.Kind)
	switch {
	case s.New:
		out.Vault.State = api.VaultNew
	case s.Locked, s.Unusable:
		out.Vault.State = api.VaultLocked
	}
	return out, nil
}

// SetPIN implements api.AccessControl.
func (a *access) SetPIN(pin, current string) (api.Admin, error) {
	var err error
	if a.gate.IsSet() {
		err = a.gate.Change(current, pin)
	} else {
		err = a.gate.Set(pin)
	}
	if err != nil {
		return api.Admin{}, a.gateError(err)
	}
	return a.Unlock(pin)
}

// Unlock implements api.AccessControl.
func (a *access) Unlock(pin string) (api.Admin, error) {
	token, until, err := a.gate.Open(pin)
	return api.Admin{Token: token, Until: until}, a.gateError(err)
}

// Lock implements api.AccessControl.
func (a *access) Lock(token string) { a.gate.Close(token) }

// Admin implements api.AccessControl.
func (a *access) Admin(token string, needed bool) error {
	if !a.gate.IsSet() {
		if !needed {
			return nil
		}
		return a.gateError(secrets.ErrNoPIN)
	}
	return a.gateError(a.gate.Check(token))
}

// OpenVault implements api.AccessControl.
func (a *access) OpenVault(passphrase string) error { return a.book.unseal(passphrase) }

// gateError says for a person what the gate said.
func (a *access) gateError(err error) error {
	var wait *secrets.WaitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wait):
		seconds := max(1, int(wait.Until.Sub(a.book.now()).Round(time.Second)/time.Second))
		return &boxoffice.Error{
			Code: boxoffice.CodePinWait, Message: "Too many wrong PINs, so none is looked at for a while. Nothing was changed.",
			Next: "Wait, then try again.", Params: map[string]string{"seconds": strconv.Itoa(seconds)}, Cause: err,
		}
	case errors.Is(err, secrets.ErrWrongPIN):
		return &boxoffice.Error{Code: boxoffice.CodePinWrong, Message: "That is not the administrator's PIN. Nothing was changed.", Next: "Try again.", Cause: err}
	case errors.Is(err, secrets.ErrNoPIN):
		return &boxoffice.Error{Code: boxoffice.CodePinNeeded, Message: "Only the administrator may do this, and there is no PIN yet. Nothing was changed.", Next: "Set a PIN first.", Cause: err}
	case errors.Is(err, secrets.ErrNotOpen):
		return &boxoffice.Error{Code: boxoffice.CodePinNeeded, Message: "Only the administrator may do this. Nothing was changed.", Next: "Enter the PIN.", Cause: err}
	case errors.Is(err, secrets.ErrBadPIN):
		return &boxoffice.Error{Code: boxoffice.CodeBadPin, Message: "A PIN has from 4 to 12 digits. Nothing was changed.", Next: "Choose another one.", Cause: err}
	default:
		return err
	}
}

// vaultUnusable says for a person what the vault said.
func vaultUnusable(err error) error {
	e := &boxoffice.Error{Code: boxoffice.CodeVaultUnusable, Cause: err}
	switch {
	case errors.Is(err, secrets.ErrWrongPassphrase):
		e.Code, e.Message, e.Next = boxoffice.CodeBadPassphrase, "That is not the passphrase that the keys are sealed with. They stay sealed.", "Try again."
	case errors.Is(err, secrets.ErrWeakPassphrase):
		e.Code, e.Message, e.Next = boxoffice.CodeBadPassphrase, "The passphrase is too short: 8 characters are the least. Nothing was changed.", "Choose a longer one."
	case errors.Is(err, secrets.ErrDamaged):
		e.Message, e.Next = "The file of sealed keys (secrets.age) is damaged, and is left as it is. What is in the book is safe.", "Put it back from a copy of the data folder."
	default:
		e.Message, e.Next = "The place where the keys lie cannot be reached. What is in the book is safe.", "Unlock the system's keychain, or check the data folder, then try again."
	}
	return e
}
