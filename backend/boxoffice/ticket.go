package boxoffice

import (
	"crypto/ed25519"
	"encoding/base32"
	"strings"
)

// Ticket is one admission.
type Ticket struct {
	ID            string `json:"id"`
	OrderID       string `json:"orderId"`
	PerformanceID string `json:"performanceId"`
	TicketTypeID  string `json:"ticketTypeId"`
	Name          string `json:"name"`
	Number        int    `json:"number"` // 1 to Of
	Of            int    `json:"of"`
	Void          bool   `json:"void,omitempty"` // it admits nobody any more
}

// ticketPrefix opens every ticket's code: a scanner at the door can tell a
// ticket from any other QR code, and a later format from this one.
const ticketPrefix = "WCT1."

// TicketCode is what a ticket's QR code says: its id and a signature that only
// the box office can make. A door needs the public key alone to tell a forged
// ticket, and no network. Letters, digits and a point keep the QR code in its
// compact alphanumeric form.
func TicketCode(key ed25519.PrivateKey, ticketID string) string {
	return codeOf(ticketID, ed25519.Sign(key, []byte(ticketPrefix+ticketID)))
}

func codeOf(ticketID string, signature []byte) string {
	return ticketPrefix + strings.ToUpper(ticketID) + "." + unpadded().EncodeToString(signature)
}

func unpadded() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

// ReadTicketCode returns the id of the ticket whose code this is, and false
// for anything that key did not sign. A ticket has one code, to the letter:
// base32 alone would skip line ends and the last letter's unused bits.
func ReadTicketCode(key ed25519.PublicKey, code string) (ticketID string, ok bool) {
	rest, ok := strings.CutPrefix(code, ticketPrefix)
	if !ok || len(key) != ed25519.PublicKeySize {
		return "", false
	}
	id, signed, _ := strings.Cut(rest, ".")
	id = strings.ToLower(id)
	signature, err := unpadded().DecodeString(signed)
	if err != nil || !ed25519.Verify(key, []byte(ticketPrefix+id), signature) || codeOf(id, signature) != code {
		return "", false
	}
	return id, true
}

// IssueTickets makes the admissions that an order buys, one for each seat.
// newID gives a fresh id each time.
func IssueTickets(o Order, newID func() string) []Ticket {
	tickets := make([]Ticket, 0, o.Seats())
	for _, l := range o.LineItems {
		for range l.Seats() {
			tickets = append(tickets, Ticket{
				ID: newID(), OrderID: o.ID, PerformanceID: l.PerformanceID, TicketTypeID: l.TicketTypeID,
				Name: l.Name, Number: len(tickets) + 1, Of: o.Seats(),
			})
		}
	}
	return tickets
}
