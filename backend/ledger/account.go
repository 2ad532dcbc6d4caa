package ledger

import (
	"fmt"

	"willcall/backend/boxoffice"
)

// connected is the account as the state keeps it: it stays the book's when it
// is not connected any more.
type connected struct {
	Account   boxoffice.Account `json:"account"`
	Connected bool              `json:"connected"`
	Reason    string            `json:"reason,omitempty"` // why it is not
}

// Account is the Stripe account of the book, and whether it is connected; ok
// is false where the book never was.
func (tx *Tx) Account() (a boxoffice.Account, isConnected, ok bool, err error) {
	var c connected
	ok, err = tx.getJSON(key("a"), &c)
	return c.Account, c.Connected, ok, err
}

// Methods are the ways to pay that the account offers, by Stripe's names.
func (tx *Tx) Methods() (methods []string, err error) {
	_, err = tx.getJSON(key("am"), &methods)
	return methods, err
}

// connect makes the account the book's. Another one never takes its place; a
// key that may not ask whose it is leaves the name that is known.
func (tx *Tx) connect(a boxoffice.Account) error {
	var c connected
	if _, err := tx.getJSON(key("a"), &c); err != nil {
		return err
	}
	opened, begun, err := tx.Opened()
	switch known := c.Account.ID; {
	case err != nil:
		return err
	case known != "" && a.ID != "" && a.ID != known:
		return fmt.Errorf("account %q cannot take the place of %q", a.ID, known)
	case begun && a.Livemode != (opened.Mode == boxoffice.Live):
		return fmt.Errorf("an account with livemode %v does not fit a book of mode %s", a.Livemode, opened.Mode)
	case a.ID == "":
		a.ID = known
	}
	return tx.putJSON(key("a"), connected{Account: a, Connected: true})
}

// Delayed reports whether buyers may pay in ways that are decided days later.
func (tx *Tx) Delayed() (delayed bool, err error) {
	_, err = tx.getJSON(key("ad"), &delayed)
	return delayed, err
}

func (tx *Tx) disconnect(f boxoffice.AccountDisconnectedFact) error {
	var c connected
	found, err := tx.getJSON(key("a"), &c)
	if err == nil && (!found || f.AccountID != "" && f.AccountID != c.Account.ID) {
		err = fmt.Errorf("account %q is not the book's", f.AccountID)
	}
	if err != nil {
		return err
	}
	c.Connected, c.Reason = false, f.Reason
	return tx.putJSON(key("a"), c)
}

// KnownObject is something of this book's that Stripe has, by which a key can
// be told from another account's; false where there is nothing yet.
func (tx *Tx) KnownObject() (id string, ok bool, err error) {
	mirrors, err := tx.Mirrors()
	for _, m := range mirrors {
		if m.ProductID != "" {
			return m.ProductID, true, err
		}
	}
	if err != nil {
		return "", false, err
	}
	id, err = tx.NewestSession("")
	return id, id != "", err
}

// NewestSession is the newest code of the book but for one; "" where the last
// fifty orders have none.
func (tx *Tx) NewestSession(but string) (id string, err error) {
	orders, _, err := tx.Orders(OrderQuery{Limit: 50})
	for _, o := range orders {
		for _, t := range o.Tenders {
			if t.SessionID != "" && t.SessionID != but {
				return t.SessionID, err
			}
		}
	}
	return "", err
}
