package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Access is who may change how the till is connected, and whether its keys
// can be read.
type Access struct {
	PINSet bool  `json:"pinSet" doc:"The administrator has a PIN."`
	Vault  Vault `json:"vault"`
}

// Vault is where the keys lie.
type Vault struct {
	Kind  VaultKind  `json:"kind" enum:"keychain,file,none" doc:"The system's keychain, or a file sealed with a passphrase; training needs none."`
	State VaultState `json:"state" enum:"open,locked,new"`
}

// VaultKind is what keeps the keys.
type VaultKind string

// VaultState says whether they can be read.
type VaultState string

// The kinds of vault and their states.
const (
	VaultKeychain VaultKind = "keychain"
	VaultFile     VaultKind = "file"
	VaultNone     VaultKind = "none"

	VaultOpen   VaultState = "open"
	VaultLocked VaultState = "locked" // the passphrase opens it
	VaultNew    VaultState = "new"    // the first passphrase makes it
)

// Admin is the right to do what only the administrator may, for a while.
type Admin struct {
	Token string    `json:"token" doc:"To be sent as Willcall-Admin."`
	Until time.Time `json:"until" doc:"It ends then, or later if it is used."`
}

// AccessControl keeps the administrator's PIN and the vault. Its errors are
// *boxoffice.Error.
type AccessControl interface {
	Access() (Access, error)
	SetPIN(pin, current string) (Admin, error)
	Unlock(pin string) (Admin, error)
	Lock(token string)
	// Admin is nil where the token is the administrator's. Where there is no
	// PIN it is nil too, unless the PIN is needed.
	Admin(token string, needed bool) error
	OpenVault(passphrase string) error
}

type accessBody struct {
	Body Access
}

type adminBody struct {
	Body Admin
}

type pinInput struct {
	Body struct {
		PIN     string `json:"pin" doc:"4 to 12 digits."`
		Current string `json:"current,omitempty" doc:"The PIN that it takes the place of."`
	}
}

type unlockInput struct {
	Body struct {
		PIN string `json:"pin"`
	}
}

type passphraseInput struct {
	Body struct {
		Passphrase string `json:"passphrase" doc:"8 characters at the least."`
	}
}

// WithAdmin is the header of what only the administrator may. It is exported
// because huma reads no header of an embedded struct that is not.
type WithAdmin struct {
	Token string `header:"Willcall-Admin" doc:"Of the administrator, where a PIN is set."`
}

func (s *server) accessRoutes(api huma.API) {
	huma.Get(api, "/api/access", s.access, named("access", "Whether there is a PIN, and whether the keys can be read"))
	huma.Put(api, "/api/access/pin", s.setPIN, named("setPin", "Set the administrator's PIN, or another one"))
	huma.Post(api, "/api/access/unlock", s.unlock, named("unlock", "Become the administrator by the PIN"))
	huma.Post(api, "/api/access/lock", s.lock, named("lock", "Stop being the administrator"))
	huma.Post(api, "/api/access/vault", s.openVault, named("openVault", "Open the sealed file of keys, or make it"))
}

func (s *server) access(ctx context.Context, _ *struct{}) (*accessBody, error) {
	a, err := s.Access.Access()
	return &accessBody{a}, s.problem(ctx, err)
}

func (s *server) setPIN(ctx context.Context, in *pinInput) (*adminBody, error) {
	a, err := s.Access.SetPIN(in.Body.PIN, in.Body.Current)
	return &adminBody{a}, s.problem(ctx, err)
}

func (s *server) unlock(ctx context.Context, in *unlockInput) (*adminBody, error) {
	a, err := s.Access.Unlock(in.Body.PIN)
	return &adminBody{a}, s.problem(ctx, err)
}

func (s *server) lock(_ context.Context, in *WithAdmin) (*struct{}, error) {
	s.Access.Lock(in.Token)
	return nil, nil //nolint:nilnil // no body
}

func (s *server) openVault(ctx context.Context, in *passphraseInput) (*accessBody, error) {
	if err := s.Access.OpenVault(in.Body.Passphrase); err != nil {
		return nil, s.problem(ctx, err)
	}
	return s.access(ctx, nil)
}
