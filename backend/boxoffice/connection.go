package boxoffice

// Account is the Stripe account that a book sells on. A book has one, for
// ever: its money cannot be told from another account's otherwise.
type Account struct {
	ID       string `json:"id"`             // acct_…; "" where a restricted key may not ask for it
	Name     string `json:"name,omitempty"` // as the account calls itself
	Livemode bool   `json:"livemode"`
	Via      Via    `json:"via"`
	Country  string `json:"country,omitempty"`  // ISO 3166, two letters
	Currency string `json:"currency,omitempty"` // the account's default, in lower case
	Scope    string `json:"scope,omitempty"`    // of an OAuth grant: "read_write"
	Website  string `json:"website,omitempty"`  // the organizer's own, where buyers are sent after paying
}

// Via is the way in which a book was connected to its account.
type Via string

// The ways.
const (
	ViaSimulator Via = "simulator" // training: nothing to connect
	ViaKey       Via = "key"       // a restricted or secret key of the account's own
	ViaOAuth     Via = "oauth"     // a platform's key, by the organizer's consent
)

// Reasons why an account is not connected any more.
const (
	DisconnectedHere    = "disconnected" // by a person, at this till
	DisconnectedRevoked = "revoked"      // at Stripe: the platform was cut off
)

// AccountConnectedFact says on which account the book sells from now on.
type AccountConnectedFact struct {
	Account Account `json:"account"`
}

// AccountDisconnectedFact says that the book cannot sell by Stripe until it is
// connected again, to the same account.
type AccountDisconnectedFact struct {
	AccountID string `json:"accountId"`
	Reason    string `json:"reason"`
}

// MethodsOfferedFact keeps which ways to pay the account offers its buyers,
// by Stripe's names: "card", "paypal".
type MethodsOfferedFact struct {
	Methods []string `json:"methods"`
}

// MethodsChosenFact says whether buyers may also pay in ways that are decided
// days later, which hold their seats as long.
type MethodsChosenFact struct {
	Delayed bool `json:"delayed"`
}

// Kind names the fact.
func (AccountConnectedFact) Kind() Kind    { return KindAccountConnected }
func (AccountDisconnectedFact) Kind() Kind { return KindAccountDisconnected } //nolint:revive // as above
func (MethodsOfferedFact) Kind() Kind      { return KindMethodsOffered }      //nolint:revive // as above

// Kind names the fact.
func (MethodsChosenFact) Kind() Kind { return KindMethodsChosen }

// About is no order.
func (MethodsChosenFact) About() string { return "" }

// About is no order.
func (AccountConnectedFact) About() string { return "" }

// About is no order.
func (AccountDisconnectedFact) About() string { return "" }

// About is no order.
func (MethodsOfferedFact) About() string { return "" }
