package api

import (
	"context"
	"net/url"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/money"
)

// office stands for all that is behind the API and is not the desk: the
// connection, the administrator, the vault, the books and the page for cards.
// It does as it is told, and remembers what it was asked.
type office struct {
	pin    bool             // the administrator has a PIN, and adminToken is good
	fails  map[string]error // by what is asked
	asked  []string
	secret []string // what it was given and must never be seen again
	state  Connection
	books  []Book
}

const adminToken = "adm-1"

func newOffice() *office {
	return &office{
		fails: map[string]error{},
		state: Connection{State: ConnectionReady, Via: boxoffice.ViaKey, AccountID: "acct_1", AccountName: "Playhouse", Warnings: []Trouble{}, Methods: []string{"card"}},
		books: []Book{{Name: BookTraining, Mode: boxoffice.Training, Open: true, Begun: true}, {Name: BookTest, Mode: boxoffice.Live}, {Name: BookLive, Mode: boxoffice.Live}},
	}
}

func (o *office) do(what string, secrets ...string) error {
	o.asked = append(o.asked, what)
	o.secret = append(o.secret, secrets...)
	return o.fails[what]
}

func (o *office) Connection() (Connection, error) { return o.state, o.fails["connection"] }

func (o *office) Permissions() ([]Permission, string) {
	return []Permission{{Name: "Checkout Sessions", Access: "write", Needed: true, For: "Codes"}}, "https://dashboard.example/keys"
}

func (o *office) UseKey(_ context.Context, key, publishable string) error {
	return o.do("key", key, publishable)
}

func (o *office) BeginOAuth(context.Context) (Consent, error) {
	return Consent{URL: "https://connect.stripe.com/oauth/authorize?state=s", ExpiresAt: time.Unix(1_772_712_000, 0).UTC()}, o.do("begin")
}

func (o *office) FinishOAuth(_ context.Context, q url.Values) error {
	return o.do("finish", q.Get("code"), q.Get("state"))
}

func (o *office) PasteOAuth(_ context.Context, address string) error { return o.do("paste", address) }

func (o *office) Disconnect(_ context.Context, force bool) error {
	if force {
		return o.do("force")
	}
	return o.do("disconnect")
}

func (o *office) Platform() (Platform, error) {
	return Platform{SecretKey: true, ClientID: true, Redirect: "http://127.0.0.1:4380/oauth/callback"}, o.fails["platform"]
}

func (o *office) SetPlatform(_ context.Context, k PlatformKeys) error {
	return o.do("set platform", k.SecretKey, k.PublishableKey, k.ClientID)
}

func (o *office) SetWebhook(secret string) error { return o.do("webhook", secret) }

func (o *office) Hint(_ []byte, signature string) error { return o.do("hint", signature) }

func (o *office) Access() (Access, error) {
	return Access{PINSet: o.pin, Vault: Vault{Kind: VaultFile, State: VaultOpen}}, o.fails["access"]
}

func (o *office) SetPIN(pin, current string) (Admin, error) {
	return Admin{Token: adminToken, Until: time.Unix(1_772_712_000, 0).UTC()}, o.do("set pin", pin, current)
}

func (o *office) Unlock(pin string) (Admin, error) {
	return Admin{Token: adminToken, Until: time.Unix(1_772_712_000, 0).UTC()}, o.do("unlock", pin)
}

func (o *office) Lock(token string) { _ = o.do("lock " + token) }

func (o *office) Admin(token string, needed bool) error {
	if token == adminToken || !o.pin && !needed {
		return nil
	}
	return &boxoffice.Error{Code: boxoffice.CodePinNeeded, Message: "Only the administrator may do this. Nothing was changed.", Next: "Enter the PIN."}
}

func (o *office) OpenVault(passphrase string) error { return o.do("vault", passphrase) }

func (o *office) Books() ([]Book, error) { return o.books, o.fails["books"] }

func (o *office) Open(_ context.Context, name BookName) error { return o.do("open " + string(name)) }

func (o *office) Page(orderID string) string { return "https://127.0.0.1:4382/pay.html#" + orderID }

func (o *office) Payment(_ context.Context, order boxoffice.Order, t boxoffice.Tender) (Payment, error) {
	return Payment{
		OrderCode: order.Code, Amount: money.New(t.Amount.Minor, t.Amount.Currency), State: t.State, Mode: boxoffice.Training,
		PublishableKey: "pk_test_1", ClientSecret: "pi_1_secret_2",
	}, o.do("payment " + order.ID)
}
