package backend

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"willcall/backend/boxoffice"
	"willcall/backend/ledger"
	"willcall/backend/secrets"
)

// ticketKeys keep the key that signs a book's tickets.
type ticketKeys interface {
	TicketKey() (ed25519.PrivateKey, error) // or secrets.ErrMissing
	NewTicketKey() (ed25519.PrivateKey, error)
}

// begin makes sure that the book is one of the mode, with its first entries,
// and returns the key that signs its tickets. A sample is something to sell.
func begin(book *ledger.Book, store ticketKeys, ids boxoffice.IDs, mode boxoffice.Mode, sample bool) (ed25519.PrivateKey, error) {
	var opened boxoffice.BookOpenedFact
	var known bool
	if err := book.View(func(tx *ledger.Tx) (err error) { opened, known, err = tx.Opened(); return err }); err != nil {
		return nil, err
	}
	if known {
		return goOn(opened, store, mode)
	}
	key, err := store.TicketKey()
	if errors.Is(err, secrets.ErrMissing) {
		key, err = store.NewTicketKey()
	}
	if err != nil {
		return nil, &boxoffice.Error{
			Code:    boxoffice.CodeTicketKey,
			Message: "The key that is to sign this book's tickets cannot be kept. The book was not begun.",
			Next:    "Free some space on the disk, and check that you may write in the data folder.",
			Cause:   err,
		}
	}
	return key, book.Update(func(tx *ledger.Tx) error {
		facts := []boxoffice.Fact{boxoffice.BookOpenedFact{BookID: ids.New("book"), Mode: mode, TicketKey: public(key)}}
		if sample {
			facts = append(facts, boxoffice.Sample(time.Now(), ids)...)
		}
		for _, f := range facts {
			if _, err := tx.Append(f); err != nil {
				return err
			}
		}
		return nil
	})
}

// goOn returns the ticket key of a book that was begun before.
func goOn(opened boxoffice.BookOpenedFact, store ticketKeys, mode boxoffice.Mode) (ed25519.PrivateKey, error) {
	if opened.Mode != mode {
		return nil, &boxoffice.Error{
			Code:    boxoffice.CodeBookUnusable,
			Message: "This book is for " + string(opened.Mode) + " and was opened for " + string(mode) + ". Nothing was changed.",
			Next:    "Put it back into the folder where it was.",
		}
	}
	key, err := store.TicketKey()
	if err == nil && !public(key).Equal(ed25519.PublicKey(opened.TicketKey)) {
		err = errors.New("the key is another book's")
	}
	if err != nil {
		return nil, &boxoffice.Error{
			Code:    boxoffice.CodeTicketKey,
			Message: "The key that signs this book's tickets is missing or damaged, so no tickets can be made. Nothing was changed.",
			Next:    "Put the file ticket.key or secrets.age back beside the book from a copy of the data folder.",
			Cause:   err,
		}
	}
	return key, nil
}

func public(key ed25519.PrivateKey) ed25519.PublicKey {
	return key.Public().(ed25519.PublicKey) //nolint:forcetypeassert // documented by ed25519
}

// sealedKeys keeps the ticket key in a vault.
type sealedKeys struct{ vault secrets.Vault }

const ticketKeyItem = "tickets.key"

// TicketKey reads the key.
func (s sealedKeys) TicketKey() (ed25519.PrivateKey, error) {
	text, err := s.vault.Get(ticketKeyItem)
	if err != nil {
		return nil, err
	}
	seed, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, errors.New("the ticket key in the vault is damaged") // without its content
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// NewTicketKey makes a key and keeps it.
func (s sealedKeys) NewTicketKey() (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return key, s.vault.Set(ticketKeyItem, base64.StdEncoding.EncodeToString(key.Seed()))
}
