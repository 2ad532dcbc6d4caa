package stripesim

// Scopes of a connection.
const (
	readWrite = "read_write"
	readOnly  = "read_only"
)

// platform is an account's registration with Connect, for one mode.
type platform struct {
	ClientID  string   `json:"client_id"` // ca_…
	Account   string   `json:"account"`   // whose platform it is
	Live      bool     `json:"live"`
	Redirects []string `json:"redirects"` // where a browser can be sent back to
	Created   int64    `json:"created"`   // seconds
}

func (p *platform) key() string { return p.ClientID }
func (p *platform) born() int64 { return p.Created }

// authCode is what a browser brings back from the organizer's "Connect".
type authCode struct {
	Value    string `json:"code"` // ac_…
	ClientID string `json:"client_id"`
	Account  string `json:"account"` // that is to be connected
	Live     bool   `json:"live"`
	Scope    string `json:"scope"`
	Created  int64  `json:"created"` // seconds
	Used     bool   `json:"used,omitempty"`
}

func (c *authCode) key() string { return c.Value }
func (c *authCode) born() int64 { return c.Created }

// grant is a refresh token.
type grant struct {
	Token    string `json:"token"`    // rt_…
	Platform string `json:"platform"` // account that holds it
	Account  string `json:"account"`  // that it is for
	Live     bool   `json:"live"`
	Scope    string `json:"scope"`
	Code     string `json:"code"`    // that it was issued for
	Created  int64  `json:"created"` // seconds
	Revoked  bool   `json:"revoked,omitempty"`
}

func (g *grant) key() string { return g.Token }
func (g *grant) born() int64 { return g.Created }
