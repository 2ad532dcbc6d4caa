package stripesim

import "strings"

// access is who may do what, over all accounts. It is in the journal as
// everything else is, with the simulator's own secrets: play money's.
type access struct {
	keys        table[*apiKey]
	connections table[*connection]
	platforms   table[*platform]
	codes       table[*authCode]
	grants      table[*grant]
	webhooks    table[*webhook]
}

// accessChange is what one change does to access.
type accessChange struct {
	Keys        []*apiKey     `json:"keys,omitempty"`
	Connections []*connection `json:"connections,omitempty"`
	Platforms   []*platform   `json:"platforms,omitempty"`
	Codes       []*authCode   `json:"codes,omitempty"`
	Grants      []*grant      `json:"grants,omitempty"`
	Webhooks    []*webhook    `json:"webhooks,omitempty"`
	Charges     *bool         `json:"charges,omitempty"` // whether the account can take money from now on
}

// applyAccess makes the change part of the state; account's own in Charges.
func (s *Sim) applyAccess(account string, c *accessChange) {
	a := &s.access
	a.keys.putAll(c.Keys)
	a.connections.putAll(c.Connections)
	a.platforms.putAll(c.Platforms)
	a.codes.putAll(c.Codes)
	a.grants.putAll(c.Grants)
	a.webhooks.putAll(c.Webhooks)
	if c.Charges != nil {
		id := strings.TrimSuffix(account, liveMark)
		for _, live := range []bool{false, true} {
			s.accounts[bookName(id, live)].uncharged = !*c.Charges
		}
	}
}

// grantAccess commits a change to access that is the account's doing, or is done
// to it. The caller holds mu.
func (s *Sim) grantAccess(account string, c accessChange) error {
	return s.commit(&change{Account: account, Access: &c})
}
