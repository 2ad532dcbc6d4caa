package stripesim

// webhook is an endpoint of a merchant's that is told of events.
type webhook struct {
	ID         string   `json:"id"`      // we_…
	Account    string   `json:"account"` // who registered it
	Live       bool     `json:"live"`
	URL        string   `json:"url"`
	Secret     string   `json:"secret"`      // whsec_…
	Events     []string `json:"events"`      // types; a type can end in *
	Connect    bool     `json:"connect"`     // told of connected accounts' events, not of its own
	APIVersion string   `json:"api_version"` // that its events carry
	Created    int64    `json:"created"`     // seconds
	Removed    bool     `json:"removed,omitempty"`
}

func (h *webhook) key() string { return h.ID }
func (h *webhook) born() int64 { return h.Created }
